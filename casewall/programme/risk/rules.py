"""Risk that a client poses: who was asked, what was rated, what was judged, and when to look again.

Structured professional judgement: every factor has a rating with its reason, and the level is a
person's own judgement with its reasoning. Ratings are words, not numbers; nothing here adds them
up. Sources: field guide, sections 3.2, 3.7 and 5.3 and requirements 24 to 30. The list of factors
and the periods are defaults of ours, in our own words. Pure.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casewall.wall.decide import Decision


class Level(StrEnum):
    """How likely and how grave further violence is judged to be."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


class State(StrEnum):
    """How far a version of an assessment has come. A newer signed one supersedes a signed one."""

    DRAFT = "draft"
    WAITING = "waiting"
    SIGNED = "signed"
    SUPERSEDED = "superseded"


OPEN = (State.DRAFT, State.WAITING)
"""A case has one assessment in these states at most."""


class Source(StrEnum):
    """From whom the programme side can know of risk. A partner is none of them, ever."""

    CLIENT = "client"
    REFERRER = "referrer"
    POLICE = "police"
    PREVIOUS_PROGRAMME = "previous_programme"
    SOCIAL_CARE = "social_care"
    COURT_PAPERS = "court_papers"
    HEALTH = "health"


class Had(StrEnum):
    """Whether a source was had. One of which nothing was said has not been asked."""

    HAD = "had"
    ASKED = "asked"
    NOT_AVAILABLE = "not_available"


class How(StrEnum):
    """How something came from a source."""

    INTERVIEW = "interview"
    PHONE = "phone"
    MEETING = "meeting"
    DOCUMENT = "document"


class Section(StrEnum):
    """The parts of an assessment, in the order in which they are written."""

    VIOLENCE = "violence"
    SUBSTANCES = "substances"
    ATTITUDES = "attitudes"
    CHILDREN = "children"
    STRENGTHS = "strengths"


class Rating(StrEnum):
    """How a factor stands. Words on purpose: they have no order that could be added up."""

    ABSENT = "absent"
    POSSIBLE = "possible"
    PRESENT = "present"
    OMITTED = "omitted"


class Factor(StrEnum):
    """What is looked at in every assessment."""

    PHYSICAL = "physical"
    SEXUAL = "sexual"
    CONTROL = "control"
    STALKING = "stalking"
    THREAT_TO_KILL = "threat_to_kill"
    STRANGULATION = "strangulation"
    WEAPON = "weapon"
    ESCALATION = "escalation"
    BREACHES = "breaches"
    OTHER_VIOLENCE = "other_violence"
    ALCOHOL = "alcohol"
    DRUGS = "drugs"
    MENTAL_HEALTH = "mental_health"
    SUICIDALITY = "suicidality"
    STRAIN = "strain"
    DENIAL = "denial"
    BLAME = "blame"
    BELIEFS = "beliefs"
    JEALOUSY = "jealousy"
    UNWILLING = "unwilling"
    CHILD_HURT = "child_hurt"
    CHILD_SEES = "child_sees"
    CHILD_USED = "child_used"
    CONTACT_DISPUTE = "contact_dispute"
    RESPONSIBILITY = "responsibility"
    WANTS_CHANGE = "wants_change"
    SUPPORT = "support"
    STABLE_LIFE = "stable_life"
    OTHER_HELP = "other_help"


FACTORS: dict[Section, tuple[Factor, ...]] = {
    Section.VIOLENCE: (
        Factor.THREAT_TO_KILL, Factor.STRANGULATION, Factor.WEAPON, Factor.STALKING,
        Factor.PHYSICAL, Factor.SEXUAL, Factor.CONTROL, Factor.ESCALATION, Factor.BREACHES,
        Factor.OTHER_VIOLENCE,
    ),
    Section.SUBSTANCES: (
        Factor.SUICIDALITY, Factor.ALCOHOL, Factor.DRUGS, Factor.MENTAL_HEALTH, Factor.STRAIN,
    ),
    Section.ATTITUDES: (
        Factor.DENIAL, Factor.BLAME, Factor.BELIEFS, Factor.JEALOUSY, Factor.UNWILLING,
    ),
    Section.CHILDREN: (
        Factor.CHILD_HURT, Factor.CHILD_SEES, Factor.CHILD_USED, Factor.CONTACT_DISPUTE,
    ),
    Section.STRENGTHS: (
        Factor.RESPONSIBILITY, Factor.WANTS_CHANGE, Factor.SUPPORT, Factor.STABLE_LIFE,
        Factor.OTHER_HELP,
    ),
}  # fmt: skip
"""Each factor stands in one part; what signals danger to life stands first."""

DANGER = (
    Factor.THREAT_TO_KILL, Factor.STRANGULATION, Factor.WEAPON, Factor.SUICIDALITY,
    Factor.STALKING, Factor.CHILD_HURT,
)  # fmt: skip
"""What raises a task on the day on which it is written down, before anything is judged."""

SIGNALS = (Rating.POSSIBLE, Rating.PRESENT)
"""Ratings of a factor of danger that raise its task. *Possible* is enough."""

REVIEW_MONTHS = 3
"""Calendar months after which a signed assessment is looked at again (field guide, 3.7)."""

TRIGGER_DAYS = 7
"""Calendar days in which an assessment is looked at again after something new. Default of ours."""

INTAKE_DAYS = 28
"""Calendar days after the referral by which the first assessment is signed. Default of ours."""

MISSED_SESSIONS = 2
"""So many sessions missed without an accepted reason since the signature ask for a review."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of one source: whether it was had, since when, and why not."""

    had: Had
    on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rated:
    """The rating of one factor; one that was left out says why."""

    rating: Rating
    reason: str = ""


def source_fits(said: Said, today: date) -> Decision:
    """Whether what is said of a source is whole."""
    if said.had is Had.NOT_AVAILABLE:
        if not said.reason.strip():
            return Decision(False, "Say why this source cannot be had.")
        return Decision(True, "The reason is given.")
    if said.on is None:
        return Decision(False, "Say on which day it was had, or asked for.")
    if said.on > today:
        return Decision(False, f"{_day(said.on)} has not come yet.")
    return Decision(True, "The day is given.")


def rating_fits(rated: Rated) -> Decision:
    """Whether a rating is whole: leaving a factor out needs a reason."""
    if rated.rating is Rating.OMITTED and not rated.reason.strip():
        return Decision(False, "Say why this is left out.")
    return Decision(True, "The rating is whole.")


def evidence_fits(text: str, held_on: date, today: date) -> Decision:
    """Whether something from a source can be written down."""
    if held_on > today:
        return Decision(False, f"{_day(held_on)} has not come yet.")
    if not text.strip():
        return Decision(False, "Write down what the source says.")
    return Decision(True, "It says what, and since when.")


def missing(sources: Mapping[Source, Said]) -> tuple[Source, ...]:
    """The sources that were not had: not asked, still waited for, or not to be had."""
    return tuple(
        one for one in Source if one not in sources or sources[one].had is not Had.HAD
    )


def signalled(ratings: Mapping[Factor, Rated]) -> frozenset[Factor]:
    """The factors of danger that these ratings raise."""
    return frozenset(
        one for one in DANGER if one in ratings and ratings[one].rating in SIGNALS
    )


def newly_signalled(
    before: Mapping[Factor, Rated], after: Mapping[Factor, Rated]
) -> tuple[Factor, ...]:
    """What these ratings raise that the earlier ones had not raised, in the order of the list."""
    fresh = signalled(after) - signalled(before)
    return tuple(one for one in DANGER if one in fresh)


def lacking(
    sources: Mapping[Source, Said],
    ratings: Mapping[Factor, Rated],
    texts: Mapping[Section, str],
    level: Level | None,
    reasoning: str,
    recommendations: str,
) -> list[str]:
    """What an assessment lacks before it can be sent to be signed, as sentences."""
    said = []
    if not any(one.had is Had.HAD for one in sources.values()):
        said.append("No source has been had: an assessment rests on one at least.")
    silent = [one for one in Source if one not in sources]
    if silent:
        said.append(f"Sources: {len(silent)} of {len(Source)} have nothing said of them.")
    for section, factors in FACTORS.items():
        unrated = [one for one in factors if one not in ratings]
        if unrated:
            said.append(
                f"{SECTION_WORDS[section]}: {len(unrated)} of {len(factors)} factors are not rated."
            )
        if not texts.get(section, "").strip():
            said.append(f"{SECTION_WORDS[section]}: nothing has been written.")
    if level is None:
        said.append("No level has been judged.")
    if not reasoning.strip():
        said.append("The level has no reasoning.")
    if not recommendations.strip():
        said.append("There is no recommendation on how the risk is managed.")
    return said


def may_send(state: State, lacks: list[str]) -> Decision:
    """Whether an assessment may be sent to be signed."""
    if state is not State.DRAFT:
        return Decision(False, "It has been sent to be signed already.")
    if lacks:
        return Decision(False, "It cannot be sent yet. " + " ".join(lacks))
    return Decision(True, "It can be sent.")


def may_sign(state: State, wrote: bool) -> Decision:
    """Whether somebody may sign: it waits for it, and somebody else wrote all of it."""
    if state is not State.WAITING:
        return Decision(False, "This assessment does not wait for a signature.")
    if wrote:
        return Decision(False, "You wrote in this assessment, so somebody else must sign it.")
    return Decision(True, "It can be signed.")


def may_return(state: State, note: str) -> Decision:
    """Whether an assessment goes back to its writer: with a word on what must change."""
    if state is not State.WAITING:
        return Decision(False, "This assessment does not wait for a signature.")
    if not note.strip():
        return Decision(False, "Say what must change, so that the writer knows.")
    return Decision(True, "It can be returned.")


def months_later(day: date, months: int) -> date:
    """The same day some months later; the last day of a month that is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def next_review(signed_on: date) -> date:
    """When an assessment that was signed on this day is looked at again at the latest."""
    return months_later(signed_on, REVIEW_MONTHS)


class Trigger(StrEnum):
    """What asks for a review before its day."""

    INCIDENT = "incident"
    MISSED_SESSIONS = "missed_sessions"
    PROCEEDING = "proceeding"


def triggers(
    incidents: Iterable[date], missed: Iterable[date], proceedings: Iterable[date]
) -> dict[Trigger, date]:
    """What has asked for a review, each since its first day.

    The days are those since the signature: on which incidents were written down, sessions were
    missed without an accepted reason, and proceedings were told of.
    """
    found: dict[Trigger, date] = {}
    absences = sorted(missed)[:MISSED_SESSIONS]
    for trigger, days in (
        (Trigger.INCIDENT, sorted(incidents)),
        (Trigger.MISSED_SESSIONS, absences[-1:] if len(absences) == MISSED_SESSIONS else []),
        (Trigger.PROCEEDING, sorted(proceedings)),
    ):
        if days:
            found[trigger] = days[0]
    return found


def review_due(review_on: date, triggered: Mapping[Trigger, date]) -> date:
    """By when an assessment is looked at again: at its day, or a week after a trigger."""
    week = timedelta(days=TRIGGER_DAYS)
    return min([review_on, *(day + week for day in triggered.values())])


def intake_due(referred_on: date) -> date:
    """By when the first assessment of a case is signed."""
    return referred_on + timedelta(days=INTAKE_DAYS)


SECTION_WORDS: dict[Section, str] = {
    Section.VIOLENCE: "History of violence",
    Section.SUBSTANCES: "Substances, health and strain",
    Section.ATTITUDES: "Attitudes and denial",
    Section.CHILDREN: "Children",
    Section.STRENGTHS: "Strengths",
}


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
