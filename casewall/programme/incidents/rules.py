"""Incidents and proceedings as codes: forms of violence, how grave, who says so, what courts did.

Sources: the Istanbul Convention (chapter V, articles 33 to 40) for the forms of violence, with
economic violence and coercive control apart; field guide, sections 3.6 and 3.7 and requirements
3, 28, 51, 62 and 76. The words of the severities and the periods are defaults of ours. Both
sides use these codes; each keeps its own records. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from casewall.wall.decide import Decision


class Form(StrEnum):
    """A form of violence. One incident may have several."""

    PHYSICAL = "physical"
    SEXUAL = "sexual"
    PSYCHOLOGICAL = "psychological"
    ECONOMIC = "economic"
    CONTROL = "control"
    THREATS = "threats"
    STALKING = "stalking"


class Severity(IntEnum):
    """How grave an incident was for whoever suffered it. Rated by a worker; not summed."""

    SLIGHT = 1
    MODERATE = 2
    SERIOUS = 3
    LIFE_THREATENING = 4


class Sign(StrEnum):
    """What signals danger to life, however grave the rest was. Each one raises a task at once."""

    STRANGULATION = "strangulation"
    WEAPON = "weapon"
    THREAT_TO_KILL = "threat_to_kill"
    CHILD_HURT = "child_hurt"


class Source(StrEnum):
    """Who says so. What a partner says is known on the safety side only."""

    CLIENT = "client"
    PARTNER = "partner"
    POLICE = "police"
    WORKER = "worker"
    REFERRER = "referrer"
    AGENCY = "agency"


PROGRAMME_SOURCES = (Source.CLIENT, Source.POLICE, Source.WORKER, Source.REFERRER)
"""From whom the programme side can know of an incident. Never a partner."""

SAFETY_SOURCES = (Source.PARTNER, Source.POLICE, Source.WORKER, Source.REFERRER, Source.AGENCY)


class Kind(StrEnum):
    """What the police or a court began."""

    CALL_OUT = "call_out"
    CHARGE = "charge"
    BAIL = "bail"
    PROTECTIVE_ORDER = "protective_order"
    FAMILY_COURT = "family_court"
    CRIMINAL = "criminal"


ENDS_ON_A_DAY = frozenset({Kind.BAIL, Kind.PROTECTIVE_ORDER})
"""What holds until a day that is known beforehand, so that its end is announced."""


class Ended(StrEnum):
    """How a proceeding ended."""

    NO_ACTION = "no_action"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    LIFTED = "lifted"
    REPLACED = "replaced"
    SETTLED = "settled"
    ORDERED = "ordered"
    REFUSED = "refused"
    ACQUITTED = "acquitted"
    CONVICTED = "convicted"
    NOT_KNOWN = "not_known"


class DayOutcome(StrEnum):
    """What came of a day in court."""

    HELD = "held"
    DECIDED = "decided"
    ADJOURNED = "adjourned"
    CALLED_OFF = "called_off"
    NOT_KNOWN = "not_known"


class Custody(StrEnum):
    """Why somebody was locked up."""

    ARREST = "arrest"
    REMAND = "remand"
    SENTENCE = "sentence"
    OTHER = "other"


class Follows(StrEnum):
    """What a manager decided after an incident. *Taken back* is written by a correction only."""

    NOT_RE_OFFENCE = "not_re_offence"
    GO_ON = "go_on"
    GO_ON_WITH_CONDITIONS = "go_on_with_conditions"
    ASSESS_AGAIN = "assess_again"
    SUSPEND = "suspend"
    END = "end"
    TAKEN_BACK = "taken_back"


DECIDED_BY_HAND = tuple(one for one in Follows if one is not Follows.TAKEN_BACK)

REVIEW_DAYS = 3
"""Calendar days in which a manager decides what follows from new violence. Default of ours; a
sign of danger is looked at on the same day."""

AHEAD_DAYS = 14
"""How long before a hearing, or before the end of an order, it is announced. Default of ours."""

OLDEST = date(1950, 1, 1)
"""An earlier day than this is taken for a slip of the pen."""

NEEDED_FORMS: dict[Sign, frozenset[Form]] = {
    Sign.STRANGULATION: frozenset({Form.PHYSICAL}),
    Sign.THREAT_TO_KILL: frozenset({Form.THREATS}),
}
"""A sign belongs to one of these forms."""

_FORM_SAID = {
    Sign.STRANGULATION: "Strangulation is physical violence: choose that form too.",
    Sign.THREAT_TO_KILL: "A threat to kill is a threat: choose that form too.",
}


def is_whole(
    forms: Iterable[Form], signs: Iterable[Sign], happened_on: date, told_on: date, today: date
) -> Decision:
    """Whether an incident can be written down as it stands."""
    chosen = set(forms)
    if not chosen:
        return Decision(False, "Choose at least one form of violence.")
    for sign in signs:
        if sign in NEEDED_FORMS and not chosen & NEEDED_FORMS[sign]:
            return Decision(False, _FORM_SAID[sign])
    if told_on > today:
        return Decision(False, f"It was told on a day that has not come yet: {_day(told_on)}.")
    if happened_on > told_on:
        return Decision(
            False,
            f"It was told on {_day(told_on)}; it cannot have happened after that, on "
            f"{_day(happened_on)}.",
        )
    if happened_on < OLDEST:
        return Decision(False, f"{_day(happened_on)} is too long ago: look at the year again.")
    return Decision(True, "The incident is whole.")


def is_re_offence(happened_on: date, counted_from: date) -> bool:
    """Whether an incident counts as new violence: any form, on or after the counting date.

    The counting date is the day of the referral. An incident that is told late counts by the day
    on which it happened. Definition of ours for requirement 62.
    """
    return happened_on >= counted_from


def review_due(signs: Sequence[Sign], re_offence: bool, on: date) -> date | None:
    """By when somebody decides what follows; None where nothing asks for a decision."""
    if signs:
        return on
    return on + timedelta(days=REVIEW_DAYS) if re_offence else None


def may_decide(follows: Follows, reason: str) -> Decision:
    """Whether a decision about an incident can be kept: each one has its reason in words."""
    if follows is Follows.TAKEN_BACK:
        return Decision(False, "An incident is taken back by correcting it, not by a decision.")
    if not reason.strip():
        return Decision(False, "Say in words why you decide so.")
    return Decision(True, "The decision has its reason.")


def proceeding_fits(kind: Kind, began_on: date, until_on: date | None, today: date) -> Decision:
    """Whether the days of a proceeding go together. Only what has begun is written down."""
    if began_on > today:
        return Decision(False, f"{_day(began_on)} has not come yet: write down what has begun.")
    if began_on < OLDEST:
        return Decision(False, f"{_day(began_on)} is too long ago: look at the year again.")
    if until_on is not None and until_on < began_on:
        return Decision(False, "It cannot hold until a day before it began.")
    if until_on is not None and kind not in ENDS_ON_A_DAY:
        return Decision(False, "Only bail and a protective order hold until a day: leave it empty.")
    return Decision(True, "The days go together.")


def ends_well(
    began_on: date, ended_on: date | None, ended_how: Ended | None, today: date
) -> Decision:
    """Whether the end of a proceeding can be kept: the day and how, both or neither."""
    if (ended_on is None) != (ended_how is None):
        return Decision(False, "An end has a day and says how it ended: write both, or neither.")
    if ended_on is None:
        return Decision(True, "It goes on.")
    if ended_on < began_on:
        return Decision(False, "It cannot have ended before it began.")
    if ended_on > today:
        return Decision(False, f"{_day(ended_on)} has not come yet.")
    return Decision(True, "It has ended.")


def outcome_fits(held_on: date, outcome: DayOutcome, today: date) -> Decision:
    """Whether a day in court can have this outcome: only *called off* is known before the day."""
    if held_on > today and outcome is not DayOutcome.CALLED_OFF:
        return Decision(
            False, f"The hearing is on {_day(held_on)}, which has not come yet: before that it "
            "can only be called off.")
    return Decision(True, "The outcome fits the day.")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from the first to the last, both counted; no last day: it goes on."""

    first_on: date
    last_on: date | None = None


def span_fits(span: Span, today: date) -> Decision:
    """Whether a span of days that somebody writes down lies behind us."""
    if span.first_on > today or (span.last_on is not None and span.last_on > today):
        return Decision(False, "These days have not come yet: write down what has been.")
    if span.first_on < OLDEST:
        return Decision(False, f"{_day(span.first_on)} is too long ago: look at the year again.")
    if span.last_on is not None and span.last_on < span.first_on:
        return Decision(False, "The last day cannot lie before the first.")
    return Decision(True, "The days go together.")


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same days as spans that neither overlap nor touch, the earliest first."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.first_on, one.last_on or date.max)):
        before = found[-1] if found else None
        if before is None or (
            before.last_on is not None and span.first_on > before.last_on + timedelta(days=1)
        ):
            found.append(span)
        elif before.last_on is not None:
            last = None if span.last_on is None else max(before.last_on, span.last_on)
            found[-1] = Span(before.first_on, last)
    return found


def days_within(spans: Iterable[Span], first: date, last: date) -> int:
    """How many days from `first` to `last`, both counted, lie in one of the spans."""
    days = 0
    for span in merged(spans):
        begins, ends = max(span.first_on, first), min(span.last_on or last, last)
        days += max(0, (ends - begins).days + 1)
    return days


def days_at_risk(in_custody: Iterable[Span], first: date, last: date) -> int:
    """How many days of a window somebody was at liberty and could have used violence."""
    if last < first:
        return 0
    return (last - first).days + 1 - days_within(in_custody, first, last)


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
