"""MATAC: who is nominated, how harm is scored, what is done, when it is looked at, how it ends.

Sources: field guide, section 3.9 and requirement 49; the points come from the service's
definition with their version. A score is a help to order cases, never a measure of a person. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casewall.services.schema import Matac, Points
from casewall.wall.decide import Decision


class State(StrEnum):
    """Where a nomination stands."""

    NOMINATED = "nominated"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    DISCHARGED = "discharged"


class Tactic(StrEnum):
    """What agencies do about somebody who causes harm."""

    SUPPORT = "support"
    PREVENTION = "prevention"
    DIVERSION = "diversion"
    DISRUPTION = "disruption"
    ENFORCEMENT = "enforcement"


class Discharge(StrEnum):
    """Why a nomination ends."""

    SCORE_FELL = "score_fell"
    NO_INCIDENT = "no_incident"
    IN_CUSTODY = "in_custody"
    MOVED_AWAY = "moved_away"
    MANAGED_ELSEWHERE = "managed_elsewhere"
    DIED = "died"
    OTHER = "other"


class Trend(StrEnum):
    """What two scores of the same version say."""

    FIRST = "first"
    FELL = "fell"
    SAME = "same"
    ROSE = "rose"
    NOT_COMPARABLE = "not_comparable"


FACTORS = ("recency", "frequency", "gravity", "victims")


@dataclass(frozen=True, slots=True)
class Harm:
    """The facts of a score: the last incident, how many in the period, the gravest, how many
    different victims. No last incident: none is known."""

    last_on: date | None
    incidents: int
    gravest: int
    victims: int


@dataclass(frozen=True, slots=True)
class Scored:
    """The points of each factor and their sum, by one version of the table."""

    recency: int
    frequency: int
    gravity: int
    victims: int
    version: str

    @property
    def total(self) -> int:
        return self.recency + self.frequency + self.gravity + self.victims


def points(scale: Sequence[Points], number: int) -> int:
    """The points of the highest row that the number reaches."""
    return [row.points for row in scale if row.at_least <= number][-1]


def most_points(table: Matac) -> int:
    """The highest score that the table can give."""
    scales = (table.recency, table.frequency, table.gravity, table.victims)
    return sum(max(row.points for row in scale) for scale in scales)


def score(harm: Harm, table: Matac, on: date) -> Scored:
    """The score on a day. Without a known incident recency gives no points."""
    days = None if harm.last_on is None else (on - harm.last_on).days
    return Scored(
        recency=0 if days is None else points(table.recency, days),
        frequency=points(table.frequency, harm.incidents),
        gravity=points(table.gravity, harm.gravest),
        victims=points(table.victims, harm.victims),
        version=table.scores_version,
    )


def harm_fits(harm: Harm, on: date) -> Decision:
    """Whether the facts of a score go together."""
    if harm.last_on is not None and harm.last_on > on:
        return Decision(False, f"{harm.last_on:%-d %B %Y} has not come yet.")
    if harm.last_on is None and harm.incidents:
        return Decision(False, "There were incidents: write the day of the last one.")
    if not 0 <= harm.gravest <= 4:
        return Decision(False, "Gravity goes from 0, not rated, to 4, life-threatening.")
    return Decision(True, "The facts go together.")


def trend(scores: Sequence[tuple[int, str]]) -> Trend:
    """What the last of these (total, version) says against the first of the same version."""
    if len(scores) < 2:
        return Trend.FIRST
    total, version = scores[-1]
    same = [earlier for earlier, of in scores[:-1] if of == version]
    if not same:
        return Trend.NOT_COMPARABLE
    if total == same[0]:
        return Trend.SAME
    return Trend.FELL if total < same[0] else Trend.ROSE


def is_serial(victims: int, incidents: int, age: int | None) -> bool | None:
    """Whether somebody counts as serial: two or more victims, more than one incident, 16 or older.

    None where the age is not known and everything else fits. Source: field guide, section 3.9.
    """
    if victims < 2 or incidents < 2:
        return False
    return None if age is None else age >= 16


def review_on(today: date, table: Matac) -> date:
    """The day of the next review."""
    return today + timedelta(days=table.review_days)


def may_decide(state: State, reason: str) -> Decision:
    """Whether a nomination can be accepted or not accepted now."""
    if state is not State.NOMINATED:
        return Decision(False, "This nomination has been decided already.")
    if not reason.strip():
        return Decision(False, "Say in words why.")
    return Decision(True, "The decision has its reason.")


def may_work(state: State) -> Decision:
    """Whether tactics, actions and reviews can be written down."""
    if state is State.ACCEPTED:
        return Decision(True, "The nomination is open.")
    return Decision(False, "Only an accepted nomination is worked on.")


def may_discharge(state: State, because: Discharge, now: Trend, note: str) -> Decision:
    """Whether a nomination can end for this reason. That the score fell must be in the scores."""
    if not may_work(state):
        return may_work(state)
    if because is Discharge.SCORE_FELL and now is not Trend.FELL:
        return Decision(
            False, "The scores do not fall: score again, or choose another reason for the end."
        )
    if not note.strip():
        return Decision(False, "Say in words why it ends.")
    return Decision(True, "The nomination can end.")


def open_tactics(tactics: Iterable[tuple[Tactic, date | None]]) -> list[Tactic]:
    """The tactics that are in use, in the order of the list."""
    used = {tactic for tactic, ended in tactics if ended is None}
    return [tactic for tactic in Tactic if tactic in used]
