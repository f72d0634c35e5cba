"""The days that a schedule counts from, by the moves of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from casewall.programme.cases.rules import Stage
from casewall.programme.measuring.rules import events_of

FIRST, BEGAN, DONE, LATER = (date(2026, 1, n) for n in (1, 5, 20, 25))


@dataclass(frozen=True)
class Moved:
    went_to: str
    moved_on: date


def test_a_client_who_never_started_has_no_end() -> None:
    assert events_of(FIRST, Stage.EXITED, [Moved(Stage.EXITED, DONE)]) == {
        "referred": FIRST, "started": None, "ended": None
    }  # fmt: skip


def test_the_end_is_the_first_day_of_completion_or_of_leaving() -> None:
    moves = [Moved(Stage.STARTED, BEGAN), Moved(Stage.COMPLETED, DONE), Moved(Stage.CLOSED, LATER)]
    assert events_of(FIRST, Stage.CLOSED, moves)["ended"] == DONE
    early = [Moved(Stage.EXITED, FIRST), Moved(Stage.STARTED, BEGAN)]
    assert events_of(FIRST, Stage.EXITED, early)["ended"] is None
    assert events_of(FIRST, Stage.STARTED, moves)["ended"] is None
