"""One analysis as a table with its sentences: the shape in which every page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from casewall.outcomes.intervals import Interval
from casewall.outcomes.statistics.results import Result, Share, Test

ABSENT = "–"
"""Stands where there is no number; the sentences below the table say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A question put to the records, and its answer.

    ``says`` is the question and how it is answered. ``rows`` are texts, one for each of
    ``columns``. ``warnings`` must stand beside the table wherever it is shown; where the question
    cannot be answered there is no row, and a warning says why.
    """

    id: str
    heading: str
    says: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.id}: {len(row)} cells under {len(self.columns)} columns.")


def as_told(analysis: Analysis) -> dict[str, Any]:
    """The analysis as plain data, ready for JSON."""
    return asdict(analysis)


def number(value: float | None, places: int = 1) -> str:
    """A number with so many places, or the sign for none."""
    return ABSENT if value is None else f"{value:.{places}f}"


def ends(interval: Interval | None, places: int = 1, times: float = 1) -> str:
    """An interval as “1.2 to 3.4”."""
    if interval is None:
        return ABSENT
    return f"{times * interval[0]:.{places}f} to {times * interval[1]:.{places}f}"


def p_value(test: Test | None) -> str:
    """The p value of a test, never as a bare zero."""
    if test is None or test.p is None:
        return ABSENT
    return "below 0.001" if test.p < 0.001 else f"{test.p:.3f}"


def counted(share: Share | None) -> tuple[str, str, str, str]:
    """A share as n/N, percent, 95% interval, and the bounds over everybody who was asked."""
    if share is None:
        return (ABSENT,) * 4
    percent = ABSENT if share.value is None else f"{100 * share.value:.1f}%"
    return (f"{share.events}/{share.n}", percent, ends(share.interval, times=100),
            ends(share.bounds, times=100))


def answered(result: Result) -> str:
    """How many have an answer, of how many asked."""
    return f"{result.n} of {result.asked}"


def said(sentences: Iterable[str], *more: Sequence[str]) -> tuple[str, ...]:
    """Sentences once each, in the order in which they come."""
    return tuple(dict.fromkeys([*sentences, *(one for several in more for one in several)]))
