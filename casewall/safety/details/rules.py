"""Changing how a partner can be found: asked, confirmed with the partner, checked by a second pair
of eyes. Sources: field guide, 3.5 and 3.17 (a council posted a new address to the old home; safe
addresses told to the alleged abuser); requirements 5, 8 and 9.
"""

from __future__ import annotations

import re
from enum import StrEnum
from uuid import UUID

from casewall.safety.partners.rules import Channel
from casewall.wall.decide import Decision


class Detail(StrEnum):
    """A contact detail that changes only by the workflow."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


CHANNELS_OF: dict[Detail, tuple[Channel, ...]] = {
    Detail.PHONE: (Channel.CALL, Channel.TEXT),
    Detail.EMAIL: (Channel.EMAIL,),
    Detail.ADDRESS: (Channel.LETTER, Channel.IN_PERSON),
}
"""The channels whose safety was confirmed for the old detail, and says nothing of the new one."""


class Source(StrEnum):
    """Who said so. A client's statement is none: it never changes how a partner is found."""

    PARTNER = "partner"
    OTHER_AGENCY = "other_agency"
    MISTAKE = "mistake"


class Way(StrEnum):
    """How the change was confirmed with the partner: over the way of contact as it stood before."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"
    IN_PERSON = "in_person"
    RANG_US = "rang_us"


class State(StrEnum):
    """Where a change stands. Nothing about the partner changes before *done*."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DONE = "done"
    DROPPED = "dropped"


OPEN = (State.ASKED, State.CONFIRMED)

_PHONE = re.compile(r"\+?[0-9][0-9 ]{3,18}[0-9]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def fits(detail: Detail, value: str) -> Decision:
    """Whether this can be a phone number, an e-mail address or an address; empty takes it away."""
    if not value:
        return Decision(True, "It will be taken away.")
    if detail is Detail.PHONE and not _PHONE.fullmatch(value):
        return Decision(False, "Write a phone number with digits only, such as +45 22 33 44 55.")
    if detail is Detail.EMAIL and not _EMAIL.fullmatch(value):
        return Decision(False, "Write an e-mail address such as name@example.invalid.")
    return Decision(True, "It can be one.")


def may_confirm(
    way: Way, *, channel: Decision, code_word_agreed: bool, code_word_given: bool, replaces: bool
) -> Decision:
    """Whether it is certain enough that the partner, and nobody else, confirmed the change.

    In person is enough. Another way of contact must be confirmed safe as it stood before. Anybody
    can ring us and say to be the partner, so a call to us needs the agreed code word, unless
    there was nothing to replace. Where a code word is agreed it must have been given.
    """
    if way is Way.IN_PERSON:
        return Decision(True, "The partner was there in person.")
    if code_word_agreed and not code_word_given:
        return Decision(
            False, "A code word is agreed with this partner. Without it nobody knows who answered."
        )
    if way is Way.RANG_US:
        if code_word_agreed or not replaces:
            return Decision(True, "The partner rang us.")
        return Decision(
            False,
            "Anybody can ring and say to be the partner. No code word is agreed, so confirm it in "
            "person or over a way of contact that is confirmed safe.",
        )
    if not channel:
        return Decision(False, f"{channel.reason} Confirm it over a way of contact that is.")
    return Decision(True, "Confirmed over a safe way of contact.")


def may_check(by: UUID, *, asked_by: UUID, confirmed_by: UUID | None) -> Decision:
    """Whether this worker may be the second pair of eyes: nobody who asked or confirmed."""
    if by in (asked_by, confirmed_by):
        return Decision(
            False, "Somebody else has to check a change that you asked for or confirmed."
        )
    return Decision(True, "A second worker checks it.")
