"""The joint picture of risk: levels, when it is looked at again, what makes that due at once.

A level is judged by people who look at every source together; nothing here adds ratings up.
Source: field guide, section 3.7 and requirements 24, 27 and 29; the days, the words of the levels
and that a review may not lie further than three months ahead are defaults of ours. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from casewall.programme.incidents.rules import AHEAD_DAYS, ENDS_ON_A_DAY
from casewall.safety.partners.danger import Danger
from casewall.safety.pulled.rules import DROPPED_OUT, is_absence, own_is_raised
from casewall.safety.support.rules import add_months
from casewall.wall.decide import Decision


class Level(StrEnum):
    """How dangerous the client is to this partner and these children, as judged together."""

    STANDARD = "standard"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


LEVELS: dict[Level, tuple[str, str]] = {
    Level.STANDARD: ("Standard", "What is known now does not point to serious harm."),
    Level.MEDIUM: (
        "Medium",
        "There are signs of serious harm. It is not likely unless something changes.",
    ),
    Level.HIGH: (
        "High",
        "Serious harm is likely, and could happen at any time.",
    ),
    Level.VERY_HIGH: (
        "Very high",
        "Serious harm is expected soon: somebody acts today.",
    ),
}
"""The word of each level and what it means; the word alone is what may be disclosed."""


class Occasion(StrEnum):
    """Why the picture was looked at."""

    INTAKE = "intake"
    MEETING = "meeting"
    THREE_MONTHS = "three_months"
    TRIGGER = "trigger"


class Trigger(StrEnum):
    """What makes a review due at once."""

    SEPARATION = "separation"
    PREGNANCY = "pregnancy"
    NEW_PARTNER = "new_partner"
    COURT_DATE = "court_date"
    DISCLOSURE = "disclosure"
    MISSED_SESSIONS = "missed_sessions"
    ORDER = "order"
    RELAPSE = "relapse"
    SUICIDALITY = "suicidality"
    STRANGULATION = "strangulation"
    STALKING = "stalking"
    DANGER = "danger"
    LEVEL_RAISED = "level_raised"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """One trigger: in words, where the records tell of it (empty: a worker enters it), by whom
    it is asked for."""

    trigger: Trigger
    words: str
    found_in: str
    authority: str


_GUIDE = "Field guide, section 3.7; Welsh standards: review on trigger"
_OURS = "Default of ours, after field guide, sections 3.5 and 3.6"
TRIGGERS: tuple[TriggerRule, ...] = (
    TriggerRule(Trigger.SEPARATION, "Separation", "The day on which it ended", _GUIDE),
    TriggerRule(Trigger.PREGNANCY, "Pregnancy", "A child who is not born yet", _GUIDE),
    TriggerRule(Trigger.NEW_PARTNER, "A new partner", "A new partner stated in the case", _GUIDE),
    TriggerRule(
        Trigger.COURT_DATE,
        "A day in court or of contact",
        f"A hearing within {AHEAD_DAYS} days",
        _GUIDE,
    ),
    TriggerRule(
        Trigger.DISCLOSURE,
        "A disclosure: new violence was told, or words went down to the programme",
        "An incident of either side; a disclosure that was released",
        _GUIDE,
    ),
    TriggerRule(
        Trigger.MISSED_SESSIONS,
        "Two sessions missed in a row",
        "The registers of the programme",
        _GUIDE,
    ),
    TriggerRule(
        Trigger.ORDER,
        "An order or bail began, or ended",
        "Proceedings of either side",
        _GUIDE,
    ),
    TriggerRule(Trigger.RELAPSE, "A relapse into alcohol or drugs", "", _GUIDE),
    TriggerRule(Trigger.SUICIDALITY, "Suicidality, of whoever it is", "A sign of danger", _GUIDE),
    TriggerRule(
        Trigger.STRANGULATION, "Strangulation", "A sign of danger; incidents of either side", _GUIDE
    ),
    TriggerRule(Trigger.STALKING, "Stalking", "A sign of danger; incidents of either side", _GUIDE),
    TriggerRule(Trigger.DANGER, "Another sign of danger", "A sign of danger", _OURS),
    TriggerRule(
        Trigger.LEVEL_RAISED,
        "The programme's own assessment says more than before",
        "Signed assessments of the programme",
        _OURS,
    ),
    TriggerRule(
        Trigger.LEFT,
        "The client dropped out or was removed",
        "Where the case stands on the programme",
        _OURS,
    ),
)
"""Every trigger, each once, with its authority."""

WORDS_OF_TRIGGER: dict[str, str] = {one.trigger.value: one.words for one in TRIGGERS}

INTAKE_DAYS = 14
"""Calendar days from the link, or the referral, to the first review. Default of ours."""
MONTHS = 3
"""Months until the next review at the latest."""
FACTS_OF_DAYS = 180
"""How far back records are searched for triggers. Default of ours."""
IN_A_ROW = 2


def level_order(level: str) -> int:
    """The levels as numbers to sort by, never to add up: 0 where nobody has judged."""
    return list(Level).index(Level(level)) + 1 if level else 0


def first_review_by(known_on: date) -> date:
    """The day by which a new case is looked at together."""
    return known_on + timedelta(days=INTAKE_DAYS)


def next_review(reviewed_on: date, wanted: date | None) -> date:
    """The day of the next review: as wanted, or three months on. See `may_review_on`."""
    return wanted or add_months(reviewed_on, MONTHS)


def may_review_on(reviewed_on: date, wanted: date | None) -> Decision:
    """Whether the next review can be on this day."""
    if wanted is None:
        return Decision(True, "Three months on.")
    latest = add_months(reviewed_on, MONTHS)
    if wanted <= reviewed_on:
        return Decision(False, "The next review lies after this one.")
    if wanted > latest:
        return Decision(
            False,
            f"At least every {MONTHS} months: the next review is by {latest:%-d %B %Y} at the "
            "latest.",
        )
    return Decision(True, "The day is within three months.")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a review says: the level before it (empty: none) and now, and the words for it."""

    before: str
    level: Level
    reasons: str
    plan: str
    changed: str
    open_signals: int = 0


def may_judge(said: Judged) -> Decision:
    """Whether a review can be kept: reasons always, a plan from *high* on, and care going down."""
    if not said.reasons.strip():
        return Decision(False, "Write down why the level is what it is, source by source.")
    if level_order(said.level) >= level_order(Level.HIGH) and not said.plan.strip():
        return Decision(False, "From “high” on there is a plan: write what is done and by whom.")
    if said.before and level_order(said.level) < level_order(said.before):
        if not said.changed.strip():
            return Decision(False, "The level goes down: write what has changed.")
        if said.open_signals:
            return Decision(
                False,
                "A sign of danger waits for somebody to act on it. Say first what was done about "
                "it; then the level can go down.",
            )
    return Decision(True, "The judgement has its reasons.")


class SourceOf(StrEnum):
    """Where the picture has its facts from."""

    CLIENT = "client"
    PARTNER = "partner"
    CHILDREN = "children"
    POLICE = "police"
    COURTS = "courts"
    ATTENDANCE = "attendance"
    REFERRER = "referrer"
    PREVIOUS_PROGRAMME = "previous_programme"
    SOCIAL_CARE = "social_care"


SOURCES: dict[SourceOf, str] = {
    SourceOf.CLIENT: "The client, as the programme assessed",
    SourceOf.PARTNER: "The partner's own account",
    SourceOf.CHILDREN: "The children",
    SourceOf.POLICE: "The police",
    SourceOf.COURTS: "Courts and orders",
    SourceOf.ATTENDANCE: "The registers of the programme",
    SourceOf.REFERRER: "The referrer",
    SourceOf.PREVIOUS_PROGRAMME: "An earlier programme",
    SourceOf.SOCIAL_CARE: "Social care",
}


def missing(had: Collection[str]) -> tuple[SourceOf, ...]:
    """The sources that a picture does not have. A missing source is never a good sign."""
    return tuple(source for source in SourceOf if source.value not in had)


class Of(StrEnum):
    """A kind of fact in which a trigger can be found."""

    RELATION_ENDED = "relation_ended"
    UNBORN_CHILD = "unborn_child"
    NEW_PARTNER = "new_partner"
    COURT_DAY = "court_day"
    DISCLOSED = "disclosed"
    MARK = "mark"
    PROCEEDING_BEGAN = "proceeding_began"
    PROCEEDING_ENDED = "proceeding_ended"
    INCIDENT = "incident"
    SIGNAL = "signal"
    OWN_LEVEL = "own_level"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a record says. `on` is the day on which it was known, of a court day the
    day itself; `codes` are the codes that count: signs, forms, the outcome of a mark, a level."""

    of: Of
    id: UUID
    on: date
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A trigger as found in a record: `on` the day that it is about, `fact` the record."""

    on: date
    trigger: Trigger
    fact: UUID

    def id_for(self, risk: UUID) -> UUID:
        """The identifier of it in one picture: the same record triggers once."""
        return uuid5(risk, f"{self.trigger}:{self.fact}")


_SIMPLE: dict[Of, Trigger] = {
    Of.RELATION_ENDED: Trigger.SEPARATION,
    Of.UNBORN_CHILD: Trigger.PREGNANCY,
    Of.NEW_PARTNER: Trigger.NEW_PARTNER,
    Of.DISCLOSED: Trigger.DISCLOSURE,
}
_OF_A_SIGN: dict[str, Trigger] = {
    Danger.STRANGULATION: Trigger.STRANGULATION,
    Danger.SUICIDALITY: Trigger.SUICIDALITY,
    Danger.STALKING: Trigger.STALKING,
}


def triggers_of(facts: Iterable[Fact], since: date, today: date) -> list[Found]:
    """The triggers in these facts, those known before `since` left out, the earliest first."""
    known = list(facts)
    found: set[Found] = set()
    for fact in known:
        if fact.of is Of.COURT_DAY:
            if today <= fact.on <= today + timedelta(days=AHEAD_DAYS):
                found.add(Found(fact.on, Trigger.COURT_DATE, fact.id))
        elif since <= fact.on <= today:
            found.update(Found(fact.on, trigger, fact.id) for trigger in _in_one(fact))
    found.update(one for one in _missed(known) if one.on >= since)
    found.update(one for one in _raised(known) if one.on >= since)
    return sorted(found)


def _in_one(fact: Fact) -> set[Trigger]:
    """What a single fact triggers, whatever else is known."""
    if fact.of in _SIMPLE:
        return {_SIMPLE[fact.of]}
    if fact.of in (Of.PROCEEDING_BEGAN, Of.PROCEEDING_ENDED):
        return {Trigger.ORDER} if set(fact.codes) & set(ENDS_ON_A_DAY) else set()
    if fact.of is Of.EXIT:
        return {Trigger.LEFT} if set(fact.codes) & DROPPED_OUT else set()
    if fact.of is Of.SIGNAL:
        return {_OF_A_SIGN.get(code, Trigger.DANGER) for code in fact.codes}
    if fact.of is Of.INCIDENT:
        return {Trigger.DISCLOSURE} | {
            trigger for code, trigger in _OF_A_SIGN.items() if code in fact.codes
        }
    return set()


def _missed(facts: Sequence[Fact]) -> list[Found]:
    """The marks with which so many sessions in a row were missed without an accepted reason."""
    marks = sorted((f for f in facts if f.of is Of.MARK), key=lambda f: (f.on, str(f.id)))
    found, row = [], 0
    for mark in marks:
        row = row + 1 if any(is_absence(code) for code in mark.codes) else 0
        if row >= IN_A_ROW:
            found.append(Found(mark.on, Trigger.MISSED_SESSIONS, mark.id))
    return found


def _raised(facts: Sequence[Fact]) -> list[Found]:
    """The signed assessments whose level is above the one before."""
    levels = sorted((f for f in facts if f.of is Of.OWN_LEVEL), key=lambda f: (f.on, str(f.id)))
    found, before = [], ""
    for one in levels:
        (after,) = one.codes
        if own_is_raised(before, after):
            found.append(Found(one.on, Trigger.LEVEL_RAISED, one.id))
        before = after
    return found


def late_words(review_on: date, today: date) -> str:
    """When the next review is, in words, so that nobody has to count."""
    days = (today - review_on).days
    if days > 1:
        return f"review {days} days late"
    if days == 1:
        return "review 1 day late"
    if days == 0:
        return "review due today"
    return f"next review {review_on:%-d %B %Y}"


def trend(marks: Sequence[bool], of: int = 4) -> str:
    """How somebody attends, in words. `marks` say from the earliest on whether somebody came."""
    if not marks:
        return "No session has been marked yet."
    last, before = marks[-of:], marks[-2 * of : -of]
    said = f"Came to {sum(last)} of the last {len(last)}"
    if not before:
        return f"{said}."
    now, then = sum(last) * len(before), sum(before) * len(last)
    word = "less than" if now < then else "more than" if now > then else "as"
    return f"{said}, {word} before: {sum(before)} of {len(before)}."


def may_act(what: str, has_owner: bool, due_on: date, today: date) -> Decision:
    """Whether an action of the plan can be kept: what, by whom, by when."""
    if not what.strip():
        return Decision(False, "Write what is to be done.")
    if not has_owner:
        return Decision(False, "Say who does it: a worker, or another agency.")
    if due_on < today:
        return Decision(False, f"{due_on:%-d %B %Y} is over: write a day that lies ahead.")
    return Decision(True, "It has a doer and a day.")


def may_settle(outcome: str) -> Decision:
    """Whether what came of an action, or what was done about a sign of danger, is said."""
    if not outcome.strip():
        return Decision(False, "Write what was done, or why nothing could be done.")
    return Decision(True, "It is said.")
