"""Case notes: what they are about, who may change which, and when a text is locked."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from casewall.wall.decide import Decision


class NoteKind(StrEnum):
    """How the contact came about, or that there was none."""

    PHONE = "phone"
    MEETING = "meeting"
    VIDEO = "video"
    MESSAGE = "message"
    VISIT = "visit"
    AGENCY = "agency"
    WORK = "work"


KIND_WORDS: dict[NoteKind, str] = {
    NoteKind.PHONE: "Phone call",
    NoteKind.MEETING: "Meeting",
    NoteKind.VIDEO: "Video call",
    NoteKind.MESSAGE: "Text, e-mail or letter",
    NoteKind.VISIT: "Home visit",
    NoteKind.AGENCY: "Contact with another agency",
    NoteKind.WORK: "Work without contact",
}

CONTACT_KINDS = frozenset(
    {NoteKind.PHONE, NoteKind.MEETING, NoteKind.VIDEO, NoteKind.MESSAGE, NoteKind.VISIT}
)
"""Kinds that are contact with the client."""


class NoteState(StrEnum):
    """Where a note stands. Only its writer sees one that is unfinished."""

    UNFINISHED = "draft"
    WRITTEN = "written"
    RETURNED = "returned"
    APPROVED = "approved"


STATE_WORDS: dict[NoteState, tuple[str, str]] = {
    NoteState.UNFINISHED: ("Unfinished, only you see it", "grey"),
    NoteState.WRITTEN: ("Waits for approval", "blue"),
    NoteState.RETURNED: ("Returned to the writer", "orange"),
    NoteState.APPROVED: ("Approved and locked", "green"),
}
"""A state in words, with the colour of its tag."""

MOST_MINUTES = 720
"""The longest contact that is believed: what is longer is most often a mistyped number."""
FURTHEST = timedelta(days=366)
"""How far ahead a follow-up can lie: what lies further is most often a mistyped year."""


def may_be_dated(happened_on: date, referred_on: date, today: date) -> Decision:
    """Whether a note may be about this day. A note may be written late, never ahead."""
    if happened_on > today:
        return Decision(False, f"{happened_on:%-d %B %Y} has not come yet.")
    if happened_on < referred_on:
        return Decision(
            False,
            f"The case was referred on {referred_on:%-d %B %Y}; a note cannot be about a day "
            "before that.",
        )
    return Decision(True, "The day lies between the referral and today.")


def may_follow_up(on: date, today: date) -> Decision:
    """Whether a follow-up may be due on this day."""
    if on < today:
        return Decision(False, f"{on:%-d %B %Y} has passed: a follow-up lies ahead.")
    if on > today + FURTHEST:
        return Decision(False, f"{on:%-d %B %Y} is more than a year away: look at the year.")
    return Decision(True, "The day lies within a year.")


def may_change(state: NoteState, is_writer: bool) -> Decision:
    """Whether the text itself may still be changed; an earlier text is kept beside it."""
    if state is NoteState.APPROVED:
        return Decision(False, "An approved note is locked. Write a correction beside it.")
    if not is_writer:
        return Decision(False, "Only its writer changes a note that is not approved yet.")
    return Decision(True, "The writer may change a note until it is approved.")


def may_correct(state: NoteState) -> Decision:
    """Whether a correction may be written beside the text."""
    if state is not NoteState.APPROVED:
        return Decision(
            False, "This note is not approved yet: its writer can still change the text itself."
        )
    return Decision(True, "A correction stands beside the locked text.")


def may_decide(state: NoteState, is_writer: bool) -> Decision:
    """Whether a supervisor may approve or return the note now."""
    if is_writer:
        return Decision(False, "Somebody else approves a note than the person who wrote it.")
    if state is not NoteState.WRITTEN:
        words = STATE_WORDS[state][0].lower()
        return Decision(False, f"This note does not wait for approval: it is “{words}”.")
    return Decision(True, "The note waits for approval.")


def days_late(happened_on: date, written_on: date) -> int:
    """Days between what happened and the day on which the note was written; 0 on the same day."""
    return (written_on - happened_on).days
