"""A report of new violence: whose consent, on what ground otherwise, and who hears of it first.

A partner who tells of new violence is asked before an authority hears of it. Without consent an
authority is told only on a recorded legal ground, and only after somebody has tried to tell the
partner first. Sources: field guide, section 3.6 and requirements 28, 50 and 51. What each law
obliges to is for the service's own lawyers; the list of grounds, the days and that an attempt is
enough where the partner cannot be reached are defaults of ours. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casewall.programme.incidents.rules import Sign, Source, is_re_offence
from casewall.wall.decide import Decision


class Suffered(StrEnum):
    """Who suffered an incident."""

    PARTNER = "partner"
    CHILD = "child"
    BOTH = "both"


class Consent(StrEnum):
    """What the partner said to telling an authority. *Not asked yet* is never *no*."""

    NOT_ASKED = "not_asked"
    YES = "yes"
    NO = "no"


class Ground(StrEnum):
    """On what legal ground an authority is told without consent."""

    LIFE_IN_DANGER = "life_in_danger"
    CHILD_IN_DANGER = "child_in_danger"
    COURT_ORDER = "court_order"
    LAW_REQUIRES = "law_requires"


class Reached(StrEnum):
    """What came of an attempt to tell the partner that an authority will be, or was, told."""

    TOLD = "told"
    NOT_REACHED = "not_reached"
    NOT_SAFE = "not_safe"


class Authority(StrEnum):
    """What kind of authority was told."""

    POLICE = "police"
    SOCIAL_CARE = "social_care"
    COURT = "court"
    PROBATION = "probation"
    HEALTH = "health"
    OTHER = "other"


class EndedBecause(StrEnum):
    """Why nothing more is done about a report. *Taken back* is written by a correction only."""

    PARTNER_SAID_NO = "partner_said_no"
    KNOWN_ALREADY = "known_already"
    NO_DUTY = "no_duty"
    CANNOT_BE_TOLD = "cannot_be_told"
    TAKEN_BACK = "taken_back"


ENDED_BY_HAND = tuple(one for one in EndedBecause if one is not EndedBecause.TAKEN_BACK)


class Step(StrEnum):
    """What has to be done next about a report of new violence."""

    ASK = "ask"
    DECIDE = "decide"
    TRY = "try"
    TELL = "tell"
    TELL_AFTERWARDS = "tell_afterwards"
    DONE = "done"


DAYS: dict[Step, int] = {
    Step.ASK: 1,
    Step.DECIDE: 1,
    Step.TRY: 0,
    Step.TELL: 0,
    Step.TELL_AFTERWARDS: 1,
}
"""Calendar days for each step, where there is no sign of danger; with one, each is for today."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a report of new violence stands.

    `tries` are the attempts to tell the partner, in any order; `told` says that an authority has
    been told, `ended` that nothing more is to be done.
    """

    consent: Consent = Consent.NOT_ASKED
    ground: Ground | None = None
    tries: Sequence[Reached] = ()
    told: bool = False
    ended: bool = False


def opens_report(source: Source, signs: Iterable[Sign], happened_on: date, known_on: date) -> bool:
    """Whether an incident begins a report of itself: new violence, or a sign of danger.

    New is what happened on or after the day on which the file was opened (`known_on`). What the
    police told us they know already; a worker may begin a report by hand.
    """
    if source is Source.POLICE:
        return False
    return is_re_offence(happened_on, known_on) or bool(list(signs))


def may_tell(at: Standing) -> Decision:
    """Whether an authority may be told now, with the sentence that the worker reads."""
    if at.ended:
        return Decision(False, "Nothing more was to be done about this report. Begin it anew.")
    if at.consent is Consent.YES:
        return Decision(True, "The partner consents to it.")
    if at.ground is None:
        return Decision(
            False,
            "The partner has not consented. Ask first; without consent, record the legal ground "
            "and the reason before any authority is told.",
        )
    if not at.tries:
        return Decision(
            False, "Try to tell the partner first, and write the attempt down; then tell."
        )
    return Decision(True, "There is a legal ground, and somebody tried to tell the partner first.")


def may_record_ground(at: Standing, reason: str) -> Decision:
    """Whether a legal ground can be recorded: only where it is needed, and with its reason."""
    if at.consent is Consent.YES:
        return Decision(False, "The partner consents, so that no other ground is needed.")
    if not reason.strip():
        return Decision(False, "Say in words why this ground holds in this case.")
    return Decision(True, "The ground has its reason.")


def may_end(at: Standing, because: EndedBecause) -> Decision:
    """Whether a report can be ended for this reason."""
    if because is EndedBecause.TAKEN_BACK:
        return Decision(False, "An incident is taken back by correcting it.")
    if because is EndedBecause.PARTNER_SAID_NO and at.consent is not Consent.NO:
        return Decision(False, "The partner has not said no: write down what was answered first.")
    if because is EndedBecause.CANNOT_BE_TOLD and not (at.told and at.tries):
        return Decision(
            False,
            "That the partner cannot be told ends a report only after an authority was told and "
            "somebody tried to tell the partner.",
        )
    return Decision(True, "The report can end.")


def next_step(at: Standing) -> Step:
    """What has to be done next."""
    if at.ended:
        return Step.DONE
    partner_knows = at.consent is Consent.YES or Reached.TOLD in at.tries
    if at.told:
        return Step.DONE if partner_knows else Step.TELL_AFTERWARDS
    if may_tell(at):
        return Step.TELL
    if at.ground is not None:
        return Step.TRY
    return Step.DECIDE if at.consent is Consent.NO else Step.ASK


def step_due(step: Step, danger: bool, today: date) -> date | None:
    """By when a step is due, counted from the day on which it became the next one."""
    if step is Step.DONE:
        return None
    return today if danger else today + timedelta(days=DAYS[step])


def danger_words(signs: Iterable[str]) -> str:
    """What a task about danger says: the signs and no other word of what was told."""
    return "In an incident: " + "; ".join(sign.lower() for sign in signs) + "."
