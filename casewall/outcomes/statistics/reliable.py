"""Reliable and clinically significant change, person by person.

Jacobson and Truax, Journal of Consulting and Clinical Psychology 59 (1991) 12-19.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from casewall.outcomes.intervals import Interval
from casewall.outcomes.statistics.results import (
    NoFigure,
    Parameter,
    Result,
    Share,
    all_asked,
    numbers,
    same_length,
    share_of,
)

SIGNIFICANT = 1.96
"""A change of more than this many standard errors of difference is not measurement error."""

Class = Literal["recovered", "improved", "unchanged", "deteriorated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """How change on one scale is judged. Give ``threshold``, or ``sd`` and ``reliability``.

    - ``higher_is_better``: the direction of the scale.
    - ``threshold``: a published reliable change in points; a change of at least that counts.
    - ``sd``, ``reliability``: of the population named by ``source``; a change of more than
      1.96 × sd × √2 × √(1 - reliability) counts.
    - ``unwell_from``: the cut-off; a score there or beyond, on the worse side, is "unwell".
    """

    scale: str
    higher_is_better: bool
    source: str
    threshold: float | None = None
    sd: float | None = None
    reliability: float | None = None
    unwell_from: float | None = None

    def reliably(self) -> float:
        """The change in points that is needed. Raises NoFigure where it cannot be known."""
        if self.threshold is not None:
            numbers([self.threshold], f"the threshold of {self.scale}")
            if self.threshold <= 0:
                raise NoFigure(f"{self.scale}: a reliable change is more than 0 points.")
            return float(self.threshold)
        if self.sd is None or self.reliability is None:
            raise NoFigure(
                f"{self.scale}: reliable change needs a published threshold, or a standard "
                "deviation and a reliability. Neither is given."
            )
        numbers([self.sd, self.reliability], f"the parameters of {self.scale}")
        if self.sd <= 0:
            raise NoFigure(f"{self.scale}: a standard deviation of {self.sd:g} is no spread.")
        if not 0 <= self.reliability < 1:
            raise NoFigure(
                f"{self.scale}: a reliability lies from 0 to below 1, not {self.reliability:g}."
            )
        return SIGNIFICANT * self.sd * math.sqrt(2) * math.sqrt(1 - self.reliability)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChange(Result):
    """Persons by class. ``value`` is the share reliably improved (recovered included).

    ``classes`` has one entry for each listed person, None without both answers. ``improvement``
    and ``deterioration`` carry their bounds over everybody asked.
    """

    recovered: int
    improved: int
    unchanged: int
    deteriorated: int
    classes: tuple[Class | None, ...]
    improvement: Share
    deterioration: Share

    @property
    def bounds(self) -> Interval:
        """The share improved among all asked, if none or all of the silent had improved."""
        return self.improvement.bounds


def reliable_change(
    before: Sequence[float | None],
    after: Sequence[float | None],
    *,
    criterion: Criterion,
    asked: int | None = None,
) -> ReliableChange:
    """Class each person as recovered, improved, unchanged or deteriorated.

    Recovered: reliably improved, unwell before and not unwell after (only with a cut-off).
    Improved: reliably improved without that. Raises NoFigure for columns of different lengths,
    nobody with both answers, or a criterion that cannot be computed.
    """
    same_length(before, after, "Before and after")
    needed = criterion.reliably()
    everybody = all_asked(asked, len(before))
    pairs = zip(numbers(before, "before"), numbers(after, "after"), strict=True)
    classes = tuple(
        None if one is None or two is None else class_of(one, two, criterion)
        for one, two in pairs
    )
    n = sum(1 for one in classes if one is not None)
    if n == 0:
        raise NoFigure(f"{criterion.scale}: nobody of {everybody} asked has both answers.")
    better = classes.count("recovered") + classes.count("improved")
    method = f"share of those with both answers on {criterion.scale}; Wilson's interval"
    improvement = share_of(better, n, everybody, method)
    chosen: dict[str, Parameter] = {
        "scale": criterion.scale, "higher is better": criterion.higher_is_better,
        "reliable change in points": needed, "published threshold": criterion.threshold,
        "standard deviation": criterion.sd, "reliability": criterion.reliability,
        "unwell from": criterion.unwell_from, "source": criterion.source,
    }
    return ReliableChange(
        n=n, asked=everybody, value=improvement.value, interval=improvement.interval,
        method=f"Jacobson and Truax, reliable change; {method}", parameters=chosen,
        recovered=classes.count("recovered"), improved=classes.count("improved"),
        unchanged=classes.count("unchanged"), deteriorated=classes.count("deteriorated"),
        classes=classes, improvement=improvement,
        deterioration=share_of(classes.count("deteriorated"), n, everybody, method),
        warnings=() if criterion.unwell_from is not None else
        ("No cut-off is given, so that nobody can be classed as recovered.",),
    )


def class_of(before: float, after: float, criterion: Criterion) -> Class:
    """The class of one person's change."""
    needed = criterion.reliably()
    gain = after - before if criterion.higher_is_better else before - after
    # Points are read to nine decimals: 0.3 - 0.1 is a change of 0.2 to people, if not to floats.
    gain, needed = round(gain, 9), round(needed, 9)
    published = criterion.threshold is not None

    def beyond(change: float) -> bool:
        return change >= needed if published else change > needed

    if beyond(-gain):
        return "deteriorated"
    if not beyond(gain):
        return "unchanged"
    crossed = _unwell(before, criterion) and not _unwell(after, criterion)
    return "recovered" if crossed else "improved"


def _unwell(score: float, criterion: Criterion) -> bool:
    if criterion.unwell_from is None:
        return False
    if criterion.higher_is_better:
        return score <= criterion.unwell_from
    return score >= criterion.unwell_from


def cut_off_between(*, mean_unwell: float, sd_unwell: float, mean_well: float,
                    sd_well: float) -> float:
    """Jacobson and Truax's criterion c: the point as many deviations from either population.

    c = (sd_well × mean_unwell + sd_unwell × mean_well) ÷ (sd_well + sd_unwell). Raises NoFigure
    where a deviation is not above 0 or the means do not differ.
    """
    numbers([mean_unwell, sd_unwell, mean_well, sd_well], "the two populations")
    if sd_unwell <= 0 or sd_well <= 0:
        raise NoFigure("A cut-off between two populations needs the spread of both.")
    if mean_unwell == mean_well:
        raise NoFigure("The two populations have one mean: no cut-off divides them.")
    return (sd_well * mean_unwell + sd_unwell * mean_well) / (sd_well + sd_unwell)
