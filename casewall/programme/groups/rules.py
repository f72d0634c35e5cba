"""Rules of groups and the register. Source: field guide, section 3.12."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from casewall.wall.decide import Decision


class Mark(StrEnum):
    """One client's mark in a register. *Attended* and *acceptable* are two axes."""

    ATTENDED = "attended"
    LATE = "late"
    LEFT_EARLY = "left_early"
    NOT_PARTICIPATING = "not_participating"
    ABSENT_ACCEPTED = "absent_accepted"
    ABSENT_NOT_ACCEPTED = "absent_not_accepted"


class SessionKind(StrEnum):
    """What kind of meeting a session is."""

    GROUP = "group"
    ONE_TO_ONE = "one_to_one"
    CATCH_UP = "catch_up"


class SessionState(StrEnum):
    """What became of a planned session. A cancelled one is nobody's absence."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Meeting(Protocol):
    """Anything with a day, a beginning in local time and a length in minutes."""

    @property
    def held_on(self) -> date: ...

    @property
    def begins_at(self) -> time: ...

    @property
    def minutes(self) -> int: ...


def overlaps(one: Meeting, other: Meeting) -> bool:
    """Whether two meetings share any minute; one that begins as the other ends does not.

    Both are times on the clock of one service, so that a change of the clocks moves both.
    """
    begin = datetime.combine(one.held_on, one.begins_at)
    other_begin = datetime.combine(other.held_on, other.begins_at)
    return (
        begin < other_begin + timedelta(minutes=other.minutes)
        and other_begin < begin + timedelta(minutes=one.minutes)
    )


PRESENT = frozenset({Mark.ATTENDED, Mark.LATE, Mark.LEFT_EARLY, Mark.NOT_PARTICIPATING})

COMPLIED = frozenset({Mark.ATTENDED, Mark.LATE, Mark.LEFT_EARLY, Mark.ABSENT_ACCEPTED})

PARTLY = frozenset({Mark.LATE, Mark.LEFT_EARLY, Mark.NOT_PARTICIPATING})
"""Marks that can go with minutes late and minutes left early."""

USUAL_MINUTES = 10
"""Minutes that “late” or “left early” stands for where nobody wrote them down."""


class CancelReason(StrEnum):
    """Why a session did not take place. None of them is a client's absence."""

    WORKER_AWAY = "worker_away"
    TOO_FEW = "too_few"
    NO_ROOM = "no_room"
    CLOSED = "closed"
    EMERGENCY = "emergency"
    RESCHEDULED = "rescheduled"
    OTHER = "other"


class Homework(StrEnum):
    """What became of the task that was set the time before."""

    NONE_SET = "none_set"
    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"


PARTICIPATION = {
    0: "No part at all",
    1: "Little, when asked",
    2: "Some, when asked",
    3: "Took part unasked",
    4: "Took part and helped others",
}
"""How much somebody took part, in words, by its number."""


class VisitPurpose(StrEnum):
    """Why somebody who is neither client nor facilitator sat in on a session."""

    INTERPRETER = "interpreter"
    OBSERVER = "observer"
    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    OTHER = "other"


class Code(Protocol):
    """A code of attendance, as a template lists it: the two axes and its words."""

    @property
    def code(self) -> str: ...

    @property
    def attended(self) -> bool: ...

    @property
    def complied(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Line:
    """What a register says of one client: the mark, minutes missed at either end, the reason.

    Somebody may be late and leave early. `None` minutes: nobody wrote them down. `reason` is a
    code of the template, empty where the template has none or nobody chose one.
    """

    mark: Mark
    late: int | None = None
    early: int | None = None
    reason: str = ""

    @property
    def missed(self) -> int:
        """Minutes missed at both ends."""
        return (self.late or 0) + (self.early or 0)

    @property
    def axes(self) -> tuple[bool, bool]:
        """Whether the client attended, and whether the client complied."""
        return self.mark in PRESENT, self.mark in COMPLIED


def settled(line: Line, planned: int, codes: Sequence[Code] = ()) -> Line:
    """The line as it is kept: minutes that nobody wrote down, and a reason that can only be one.

    “Late” and “left early” without minutes stand for `USUAL_MINUTES`, or for half of a session
    that is shorter than twice that. Other minutes left empty are none.
    """
    usual = min(USUAL_MINUTES, planned // 2)
    late, early, reason = line.late, line.early, line.reason
    if late is None:
        late = usual if line.mark is Mark.LATE else 0
    if early is None:
        early = usual if line.mark is Mark.LEFT_EARLY else 0
    agreeing = codes_for(line.mark, codes)
    if not reason and len(agreeing) == 1:
        reason = agreeing[0].code
    return Line(line.mark, late, early, reason)


def codes_for(mark: Mark, codes: Sequence[Code]) -> list[Code]:
    """The codes that agree with a mark on both axes, in the order of the template."""
    axes = mark in PRESENT, mark in COMPLIED
    return [code for code in codes if (code.attended, code.complied) == axes]


def minutes_for(mark: Mark, planned: int, missed: int = 0) -> int:
    """Minutes attended for a mark: none when absent, the planned ones less those missed else."""
    if mark not in PRESENT:
        return 0
    return max(0, planned - missed)


def may_keep(state: SessionState, line: Line, planned: int, codes: Sequence[Code] = ()
             ) -> Decision:
    """Whether a line makes sense for a session of `planned` minutes, with a sentence."""
    if state is SessionState.CANCELLED:
        return Decision(False, "This session was cancelled, so nobody is absent from it.")
    if (line.late or 0) < 0 or (line.early or 0) < 0:
        return Decision(False, "Minutes below 0 would make the attendance longer than the session, "
                               f"which took {planned} minutes.")
    if line.missed and line.mark not in PARTLY:
        return Decision(False, "Minutes go with “late”, “left early” and “not participating” only.")
    if line.missed > planned:
        return Decision(False, f"{line.missed} minutes missed are more than the session had: it "
                               f"took {planned} minutes.")
    if line.missed and line.missed == planned:
        return Decision(False, f"Whoever missed all {planned} minutes was absent: mark it so.")
    return _may_give(line, codes)


def _may_give(line: Line, codes: Sequence[Code]) -> Decision:
    """Whether the reason is one of the template's codes and agrees with the mark."""
    if not line.reason:
        return Decision(True, "The mark fits the session.")
    known = {code.code: code for code in codes}
    if line.reason not in known:
        return Decision(False, f"“{line.reason}” is not a reason of this programme.")
    code = known[line.reason]
    if (code.attended, code.complied) != line.axes:
        return Decision(False, f"The reason {code.code} says {_axes_words(code)}; the mark says "
                               "something else.")
    return Decision(True, "The mark and the reason fit the session.")


def _axes_words(code: Code) -> str:
    return (f"“{'attended' if code.attended else 'absent'}, "
            f"{'accepted' if code.complied else 'not accepted'}”")


class Merge(StrEnum):
    """What is to become of a text or mark that two people may have changed at once."""

    MINE = "mine"
    THEIRS = "theirs"
    CLASH = "clash"


def merge(shown: object, mine: object, theirs: object) -> Merge:
    """Whose version stands, where `mine` was typed over what was `shown` and `theirs` is stored.

    What only one of the two changed is kept; what both changed to the same is no clash.
    """
    if mine in (shown, theirs):
        return Merge.THEIRS
    if theirs == shown:
        return Merge.MINE
    return Merge.CLASH


def may_catch_up(missed_on: date, catch_up_on: date, attended: bool, made_up: bool) -> Decision:
    """Whether a session can be made up for on a day: it was missed, once, and lies before."""
    if attended:
        return Decision(False, "The client attended that session, so there is nothing to make up.")
    if made_up:
        return Decision(False, "That session is made up for already.")
    if catch_up_on < missed_on:
        return Decision(False, f"The session of {missed_on:%-d %B %Y} cannot be made up for before "
                               "it was missed.")
    return Decision(True, "The session can be made up for.")


def missed_in_a_row(marks: Sequence[Mark]) -> int:
    """How many of the latest marks, newest last, are absences that were not accepted."""
    run = 0
    for mark in reversed(marks):
        if mark is not Mark.ABSENT_NOT_ACCEPTED:
            break
        run += 1
    return run


def dose(minutes: Iterable[int]) -> tuple[int, float]:
    """Sessions attended and hours attended, from the minutes attended of each session."""
    attended = [m for m in minutes if m > 0]
    return len(attended), sum(attended) / 60
