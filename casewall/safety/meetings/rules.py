"""Case meetings: what comes on the agenda and in which order, who may close, what an extract holds.

Sources: field guide, sections 3.6 and 3.8 and requirement 46. That two absences in a row count
as two missed sessions wherever they lie, and the order of the reasons, are defaults of ours. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from casewall.wall.decide import Decision


class Kind(StrEnum):
    """What kind of meeting it is."""

    REGULAR = "regular"
    HIGH_RISK = "high_risk"
    CLOSURE = "closure"


class State(StrEnum):
    """Where a meeting stands. A closed one is never changed."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"


class Presence(StrEnum):
    """Whether somebody was there."""

    PRESENT = "present"
    APOLOGIES = "apologies"
    NOT_THERE = "not_there"


class Reason(StrEnum):
    """Why something is on the agenda, the most dangerous first: this order is the agenda's."""

    DANGER = "danger"
    RISK_CHANGED = "risk_changed"
    VIOLENCE = "violence"
    EXIT = "exit"
    NEW_REFERRAL = "new_referral"
    TWO_MISSED = "two_missed"
    REVIEW_OVERDUE = "review_overdue"
    ACTION_OVERDUE = "action_overdue"
    COMPLETION = "completion"
    BY_HAND = "by_hand"


ORDER = {reason: place for place, reason in enumerate(Reason)}

LEVELS = ("very_high", "high", "medium", "low", "standard")
"""Levels of risk, the gravest first; an unknown one stands after them, never as low."""

MISSED = "absent_not_accepted"
"""The mark of a register that counts as missed."""

EXIT_STAGES = frozenset({"exited", "withdrawn", "suspended", "returned"})
"""Stages of a case that raise risk when they are reached. Source: field guide, section 3.5."""

COMPLETED = "completed"


class For(StrEnum):
    """Whose file an extract is for."""

    PARTNER = "partner"
    CHILD = "child"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class About:
    """What an item is about: a partner's file, or a client's case without one."""

    file: UUID | None = None
    case: UUID | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that brings a case on the agenda: what, when; for risk also the level now."""

    about: About
    reason: Reason
    on: date
    level: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an agenda: why, with the latest day of each reason, the gravest reason first."""

    about: About
    reasons: tuple[tuple[Reason, date], ...]
    level: str = ""


def agenda(facts: Iterable[Fact], files_of: Mapping[UUID, Sequence[UUID]]) -> list[Line]:
    """The agenda built from facts since the last meeting, the most dangerous first.

    A fact about a case belongs to every partner's file that is linked to it (`files_of`); a case
    without a file has a line of its own, so that nobody is forgotten because a link is missing.
    """
    reasons: dict[About, dict[Reason, date]] = {}
    levels: dict[About, str] = {}
    for fact in facts:
        for about in _spread(fact.about, files_of):
            days = reasons.setdefault(about, {})
            days[fact.reason] = max(days.get(fact.reason, fact.on), fact.on)
            levels[about] = _graver(levels.get(about, ""), fact.level)
    lines = [
        Line(about, tuple(sorted(days.items(), key=lambda one: ORDER[one[0]])), levels[about])
        for about, days in reasons.items()
    ]
    return sorted(lines, key=place_of)


def _spread(about: About, files_of: Mapping[UUID, Sequence[UUID]]) -> list[About]:
    if about.file is not None or about.case is None:
        return [about]
    return [About(file=file) for file in files_of.get(about.case, ())] or [about]


def _graver(one: str, other: str) -> str:
    return min(one, other, key=_rank)


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def place_of(line: Line) -> tuple[int, int, int, date, str]:
    """Where a line stands: by its gravest reason, the level of risk, how many reasons, the day."""
    worst, day = line.reasons[0]
    return (
        ORDER[worst], _rank(line.level), -len(line.reasons), day,
        str(line.about.file or line.about.case),
    )  # fmt: skip


def second_missed(marks: Iterable[tuple[date, str]], since: date) -> date | None:
    """The day of the second missed session, from `since` on; None where there is none.

    `marks` are a client's marks as (day, mark). Two absences since the last meeting count, and
    two in a row of which the later one lies on its day or after it.
    """
    before: str = ""
    missed_since = 0
    for day, mark in sorted(marks):
        if mark == MISSED and day >= since:
            missed_since += 1
            if missed_since == 2 or before == MISSED:
                return day
        before = mark
    return None


def may_plan(held_at: datetime, now: datetime) -> Decision:
    """Whether a meeting can be planned for this moment."""
    if held_at < now:
        return Decision(False, "That time has passed: plan a meeting for a time to come.")
    return Decision(True, "The meeting can be planned.")


def may_open(state: State, held_at: datetime, now: datetime) -> Decision:
    """Whether a meeting can begin: on its day, and once."""
    if state is not State.PLANNED:
        return Decision(False, "This meeting has begun already.")
    if held_at.date() > now.date():
        return Decision(False, f"The meeting is on {held_at:%-d %B %Y}, which has not come yet.")
    return Decision(True, "The meeting can begin.")


def may_close(state: State, undecided: int, present: int) -> Decision:
    """Whether the minutes can be closed: everybody decided about, and somebody there."""
    if state is State.CLOSED:
        return Decision(False, "This meeting is closed already.")
    if state is State.PLANNED:
        return Decision(False, "This meeting has not begun.")
    if undecided:
        items = "one item has" if undecided == 1 else f"{undecided} items have"
        return Decision(False, f"{items.capitalize()} no decision yet. Decide, or take it off.")
    if not present:
        return Decision(False, "Write down who was there before the minutes are closed.")
    return Decision(True, "Every item has its decision.")


def may_change(state: State) -> Decision:
    """Whether the minutes can still be written in."""
    if state is State.CLOSED:
        return Decision(False, "This meeting is closed: its minutes stay as they are.")
    return Decision(True, "The meeting is open.")


def may_add_or_take_off(state: State, reason: str) -> Decision:
    """Whether an item can be put on the agenda, or taken off it, by hand."""
    if not may_change(state):
        return may_change(state)
    if not reason.strip():
        return Decision(False, "Say in words why.")
    return Decision(True, "The change has its reason.")


def owner_fits(worker: UUID | None, agency: str) -> Decision:
    """Whether an action has one owner: a worker of this side, or an agency by name."""
    if worker is None and not agency.strip():
        return Decision(False, "Say who does it: a worker, or an agency by its name.")
    if worker is not None and agency.strip():
        return Decision(False, "Choose a worker or write an agency, not both.")
    return Decision(True, "The action has its owner.")


def may_finish(owner: UUID | None, by: UUID, keeps: bool) -> Decision:
    """Whether somebody may say that an action is done: its owner, or whoever keeps the meeting."""
    if keeps or owner == by:
        return Decision(True, "The action can be ended.")
    return Decision(False, "Only its owner, or who keeps the meeting, says what came of it.")


def names_in(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The words of these names that stand in the text, whatever their capitals.

    Parts of two letters or less are passed over: they are words by themselves.
    """
    said = {word.casefold() for word in re.findall(r"\w+", text)}
    parts = dict.fromkeys(part for name in names for part in re.findall(r"\w+", name))
    return tuple(part for part in parts if len(part) > 2 and part.casefold() in said)


def extract_fits(whom: For, text: str, names: Iterable[str]) -> Decision:
    """Whether an extract can be kept. One for the client's file names no partner and no child.

    `names` are those of the partner and the children of the file. The client may read his file;
    what may stand in it besides is decided by the approvers of a disclosure.
    """
    if not text.strip():
        return Decision(False, "Write what is to be kept for this file.")
    found = names_in(text, names) if whom is For.CLIENT else ()
    if found:
        said = ", ".join(f"“{name}”" for name in found)
        return Decision(
            False,
            f"An extract for the client's file says nothing of a partner or a child: take out "
            f"{said}.",
        )
    return Decision(True, "The extract can be kept.")
