"""Rules of groups and the register. Source: field guide, section 3.12."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from casewall.wall.decide import Decision


class Mark(StrEnum):
    """One client's mark in a register. *Attended* and *acceptable* are two axes."""

    ATTENDED = "attended"
    LATE = "late"
    LEFT_EARLY = "left_early"
    NOT_PARTICIPATING = "not_participating"
    ABSENT_ACCEPTED = "absent_accepted"
    ABSENT_NOT_ACCEPTED = "absent_not_accepted"


class SessionState(StrEnum):
    """What became of a planned session. A cancelled one is nobody's absence."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


PRESENT = frozenset({Mark.ATTENDED, Mark.LATE, Mark.LEFT_EARLY, Mark.NOT_PARTICIPATING})


def minutes_for(mark: Mark, planned: int, missed: int = 0) -> int:
    """Minutes attended for a mark: none when absent, the planned ones less those missed else."""
    if mark not in PRESENT:
        return 0
    return max(0, planned - missed)


def may_mark(state: SessionState, mark: Mark, missed: int, planned: int) -> Decision:
    """Whether a mark makes sense for a session, with a sentence."""
    if state is SessionState.CANCELLED:
        return Decision(False, "This session was cancelled, so nobody is absent from it.")
    if missed < 0 or missed > planned:
        return Decision(False, f"Minutes missed must be between 0 and {planned}.")
    if missed and mark not in (Mark.LATE, Mark.LEFT_EARLY):
        return Decision(False, "Minutes missed go with “late” or “left early” only.")
    return Decision(True, "The mark fits the session.")


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
