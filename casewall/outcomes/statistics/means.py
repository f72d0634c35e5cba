"""Two groups and a score: the difference of means, with Welch's interval and test."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from scipy import stats

from casewall.outcomes.intervals import CONFIDENCE, Interval
from casewall.outcomes.statistics.results import (
    NOT_A_CAUSE,
    NoFigure,
    Result,
    Test,
    known,
    numbers,
    whole,
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group as a paper prints it: n, mean and standard deviation. ``asked``: None is n."""

    label: str
    n: int | None
    mean: float | None
    sd: float | None
    asked: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanDifference(Result):
    """``value`` is the mean of the first group less that of the second, in points.

    ``standardised`` is that difference ÷ the root of the mean of the two variances: below 0.1
    the groups are alike in this, from 0.2 on they are not.
    """

    first: Group
    second: Group
    standardised: float
    test: Test


def group_of(label: str, scores: Sequence[float | None]) -> Group:
    """A group from its scores; None is a person without one. Raises NoFigure for fewer than 2."""
    found = known(scores, label)
    if len(found) < 2:
        raise NoFigure(
            f"“{label}” has {len(found)} known values; a mean with its spread needs at least two."
        )
    return Group(label, len(found), fmean(found), stdev(found), len(scores))


def difference(first: Group, second: Group, *, warnings: tuple[str, ...] = ()) -> MeanDifference:
    """Compare two means that may spread differently (Welch, Biometrika 34 (1947) 28-35).

    Raises NoFigure where a group lacks its n, mean or standard deviation, has fewer than two
    persons, or where neither group has any spread.
    """
    n_1, mean_1, sd_1, asked_1 = _checked(first)
    n_2, mean_2, sd_2, asked_2 = _checked(second)
    part_1, part_2 = sd_1**2 / n_1, sd_2**2 / n_2
    if part_1 + part_2 == 0:
        raise NoFigure(
            f"Nobody in “{first.label}” or “{second.label}” differs from the others of the group: "
            "without spread there is no test and no interval."
        )
    error = math.sqrt(part_1 + part_2)
    degrees = (part_1 + part_2) ** 2 / (part_1**2 / (n_1 - 1) + part_2**2 / (n_2 - 1))
    value = mean_1 - mean_2
    return MeanDifference(
        n=n_1 + n_2, asked=asked_1 + asked_2, value=value,
        interval=_interval(value, error, degrees),
        method="mean less mean; Welch's t, which does not take the spreads to be equal",
        parameters={"confidence": CONFIDENCE, "degrees of freedom": degrees},
        warnings=(*warnings, NOT_A_CAUSE), first=first, second=second,
        standardised=value / math.sqrt((sd_1**2 + sd_2**2) / 2),
        test=Test(name="Welch's t", statistic=value / error, degrees=degrees,
                  p=float(2 * stats.t.sf(abs(value / error), degrees)),
                  method="two-sided, unequal variances"),
    )


def _interval(value: float, error: float, degrees: float) -> Interval:
    reach = float(stats.t.isf((1 - CONFIDENCE) / 2, degrees)) * error
    return value - reach, value + reach


def _checked(group: Group) -> tuple[int, float, float, int]:
    if group.n is None or group.mean is None or group.sd is None:
        lacking = [name for name, part in (("n (how many it is of)", group.n),
                                           ("mean", group.mean),
                                           ("standard deviation", group.sd)) if part is None]
        raise NoFigure(f"“{group.label}” is given without its {' and '.join(lacking)}: "
                       "nothing is compared.")
    asked = group.n if group.asked is None else group.asked
    whole(**{f"{group.label}: n": group.n, f"{group.label}: asked": asked})
    numbers([group.mean, group.sd], f"“{group.label}”")
    if group.n < 2:
        raise NoFigure(f"“{group.label}” has {group.n} persons; its spread needs at least two.")
    if asked < group.n:
        raise NoFigure(f"“{group.label}”: {group.n} persons of {asked} asked cannot be.")
    if group.sd < 0:
        raise NoFigure(f"“{group.label}”: a standard deviation is not below 0.")
    return group.n, group.mean, group.sd, asked


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentLower:
    """How much lower one printed mean is than another, in percent of the other.

    ``bounds`` are what the rounding of the two prints leaves open: no confidence interval.
    ``other_way`` is how much higher the second is in percent of the first: one comparison, two
    numbers, and prints choose.
    """

    value: float
    bounds: Interval
    other_way: float
    method: str


def percent_lower(first: float, second: float, *, rounded_to: float) -> PercentLower:
    """The relative reduction from two printed means, each rounded to ``rounded_to`` (0.1, say).

    Raises NoFigure unless both are above half of that: a percentage of nothing is none.
    """
    numbers([first, second, rounded_to], "the two means and their rounding")
    half = rounded_to / 2
    if half < 0 or first <= half or second <= half:
        raise NoFigure("A percentage of a mean that may be 0 says nothing.")
    return PercentLower(
        value=100 * (1 - first / second),
        bounds=(100 * (1 - (first + half) / (second - half)),
                100 * (1 - (first - half) / (second + half))),
        other_way=100 * (second / first - 1),
        method="100 × (1 - first ÷ second); bounds from the rounding of both",
    )
