"""When a file is due for deletion, and what may be decided about it.

Pure, and the same for both sides; each side asks with facts of its own records only, so that no
date of one file can be read from the other. A file that is open is never due, and a hold stops
the clock from being acted on, not from running.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """A kind of file that has a clock of its own."""

    CASE = "case"
    PARTNER_FILE = "partner_file"
    CHILD = "child"


class Ground(StrEnum):
    """Why a file is deleted. A closed list: the ledger holds no words about a person."""

    DUE = "due"
    REQUEST = "request"
    ERROR = "error"


class HoldReason(StrEnum):
    """Why a file is kept although it may be due."""

    PROCEEDINGS = "proceedings"
    COMPLAINT = "complaint"
    REQUEST = "request"
    INQUIRY = "inquiry"
    RISK = "risk"
    OTHER = "other"


class Standing(StrEnum):
    """How a file stands towards its deletion."""

    OPEN = "open"
    KEPT = "kept"
    DUE = "due"
    HELD = "held"
    DECIDED = "decided"


GROUND_WORDS = {
    Ground.DUE: "It is due: the years for which it is kept are over",
    Ground.REQUEST: "The person has asked for erasure, and the request was granted",
    Ground.ERROR: "It should never have been made (a duplicate, another person, a test)",
}
HOLD_WORDS = {
    HoldReason.PROCEEDINGS: "Court proceedings, or a claim that may come",
    HoldReason.COMPLAINT: "A complaint that is not answered yet",
    HoldReason.REQUEST: "A request of the person about the own record",
    HoldReason.INQUIRY: "An inquiry or a review, for example after a death",
    HoldReason.RISK: "Somebody may still be in danger",
    HoldReason.OTHER: "Another reason",
}
KIND_WORDS = {
    Kind.CASE: "A client's case",
    Kind.PARTNER_FILE: "A partner's file",
    Kind.CHILD: "A child's record",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """How many years after its end a file is kept, and on whose authority.

    `until_age` is the age in years that the person must have reached as well.
    """

    years: int
    authority: str
    years_with_children: int | None = None
    years_without_work: int | None = None
    until_age: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What the clock is read from. `on` is None while the file is open.

    `children`: children are recorded in it; `worked`: more came of it than a referral.
    `born_on` is asked for only where the clock has an age.
    """

    on: date | None
    children: bool = False
    worked: bool = True
    born_on: date | None = None


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March, never a day too early."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def years_kept(ended: Ended, clock: Clock) -> int:
    """How many years this file is kept. Children come before the lack of work: longer is safer."""
    if ended.children and clock.years_with_children is not None:
        return clock.years_with_children
    if not ended.worked and clock.years_without_work is not None:
        return clock.years_without_work
    return clock.years


def due_on(ended: Ended, clock: Clock) -> date | None:
    """The day from which a file may be deleted; None while it is open.

    Where an age is asked for and the birthday is unknown, the years are counted from a birth on
    the day on which the record ended: nobody is thought to be older than is known.
    """
    if ended.on is None:
        return None
    due = years_later(ended.on, years_kept(ended, clock))
    if clock.until_age is not None:
        due = max(due, years_later(ended.born_on or ended.on, clock.until_age))
    return due


def standing_of(due: date | None, today: date, *, held: bool, decided: bool) -> Standing:
    """How a file stands. What is decided and not yet approved comes first, then a hold."""
    if decided:
        return Standing.DECIDED
    if held:
        return Standing.HELD
    if due is None:
        return Standing.OPEN
    return Standing.DUE if due <= today else Standing.KEPT


def why_words(ended: Ended, clock: Clock) -> str:
    """The clock in a sentence."""
    years = years_kept(ended, clock)
    because = ""
    if ended.children and clock.years_with_children is not None:
        because = ", since children are recorded in it"
    elif not ended.worked and clock.years_without_work is not None:
        because = ", since nothing came of the referral"
    age = f", and until the age of {clock.until_age}" if clock.until_age is not None else ""
    return f"It is kept for {years} year{'' if years == 1 else 's'} after its end{because}{age}."


def why_not_now(
    ground: Ground, standing: Standing, *, waiting: Iterable[str] = ()
) -> str | None:
    """Why nobody may decide to delete this file now, as a sentence; None where one may.

    An open file is deleted only where it should never have been made or the person has asked: a
    clock never ends work. `waiting` is what must be finished first.
    """
    if standing is Standing.DECIDED:
        return "It has been decided already, and a second person has not answered yet."
    if standing is Standing.HELD:
        return "The file is held. Lift the hold first, if its reason is gone."
    if ground is Ground.DUE and standing is not Standing.DUE:
        return "The file is not due for deletion yet."
    if ground is Ground.REQUEST and standing is Standing.OPEN:
        return "The file is open. Close it first: work goes on in it."
    for what in waiting:
        return what
    return None


def why_not_approve(*, decided_by: object, by: object, held: bool) -> str | None:
    """Why this person may not approve a deletion, as a sentence; None where the person may."""
    if by == decided_by:
        return "Another person approves it: two people decide each deletion."
    if held:
        return "The file has been put on hold since. Lift the hold first."
    return None


def keeps_figures(ground: Ground) -> bool:
    """Whether coded figures stay by default. They do where the years are over: then the law lets
    statistics stay that name nobody. Whoever asked for erasure, or was recorded by mistake, is
    not counted on afterwards."""
    return ground is Ground.DUE
