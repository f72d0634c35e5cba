"""Before and after, of the same persons: paired tests and an effect size."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from scipy import optimize, stats

from casewall.outcomes.intervals import CONFIDENCE, Interval, mean_change, wilson
from casewall.outcomes.statistics.results import (
    NOT_A_CAUSE,
    Estimate,
    NoFigure,
    Result,
    Test,
    all_asked,
    numbers,
    same_length,
    whole,
)

_TAIL = (1 - CONFIDENCE) / 2
LARGEST_T = 1000
"""Above this the noncentral t is no longer computed to all digits; no study is near it."""

NOT_ALL = "{missing} of {asked} have no pair of answers and are in no number of this result."


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedChange(Result):
    """Change from before to after; ``value`` is the mean change, in points of the scale.

    ``effect`` is Cohen's d_z: mean change ÷ standard deviation of the changes, with an interval
    from the noncentral t. ``effect_average`` is d_av: mean change ÷ mean of the two standard
    deviations, nearer to the d of two groups; it has no interval here.
    """

    mean_before: float
    mean_after: float
    sd_before: float
    sd_after: float
    sd_change: float
    t_test: Test
    wilcoxon: Test
    effect: Estimate
    effect_average: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedShares(Result):
    """Yes or no before and after; ``value`` is the share after less the share before.

    ``gained``: no before, yes after; ``lost``: yes before, no after. McNemar's tests look at
    these two alone, since the others say nothing of change.
    """

    yes_before: int
    yes_after: int
    gained: int
    lost: int
    exact: Test
    chi_square: Test
    chi_square_corrected: Test


def paired_change(
    before: Sequence[float | None],
    after: Sequence[float | None],
    *,
    asked: int | None = None,
) -> PairedChange:
    """Paired t, Wilcoxon's signed ranks and Cohen's d of those with both answers.

    One place of each sequence is one person; None where there is no answer. ``asked`` is
    everybody who should have been measured, if that is more than are listed. Raises NoFigure for
    columns of different lengths, fewer than two pairs, or changes that are all equal.
    """
    pairs = _pairs(before, after)
    everybody = all_asked(asked, len(before))
    if len(pairs) < 2:
        raise NoFigure(
            f"{_counted(len(pairs))} of {everybody} asked with both answers: "
            "the spread of change cannot be known from fewer than two."
        )
    first, second = [one for one, _ in pairs], [two for _, two in pairs]
    changes = [two - one for one, two in pairs]
    spread = stdev(changes)
    if spread <= 1e-12 * max(map(abs, (*first, *second, 1e-300))):
        raise NoFigure(
            f"All {len(pairs)} changes are {changes[0]:g}: without spread there is no test, "
            "no interval and no effect size."
        )
    mean, interval = mean_change(changes)
    return PairedChange(
        n=len(pairs), asked=everybody, value=mean, interval=interval,
        method="mean of paired changes (after less before); Student's t with n - 1 degrees",
        parameters={"confidence": CONFIDENCE, "degrees of freedom": len(pairs) - 1},
        warnings=_warnings(len(pairs), everybody),
        mean_before=fmean(first), mean_after=fmean(second),
        sd_before=stdev(first), sd_after=stdev(second), sd_change=spread,
        t_test=_t_test(changes), wilcoxon=signed_ranks(changes),
        effect=effect_from_t(t=_t_of(changes), pairs=len(pairs)),
        effect_average=_average_effect(changes, stdev(first), stdev(second)),
    )


def _pairs(
    before: Sequence[float | None], after: Sequence[float | None]
) -> list[tuple[float, float]]:
    same_length(before, after, "Before and after")
    both = zip(numbers(before, "before"), numbers(after, "after"), strict=True)
    return [(one, two) for one, two in both if one is not None and two is not None]


def _counted(pairs: int) -> str:
    return {0: "Nobody", 1: "One person"}.get(pairs, f"{pairs} persons")


def _warnings(pairs: int, asked: int) -> tuple[str, ...]:
    silent = [NOT_ALL.format(missing=asked - pairs, asked=asked)] if asked > pairs else []
    return (*silent, "There is no comparison group: time alone may have done this.", NOT_A_CAUSE)


def _t_of(changes: Sequence[float]) -> float:
    return fmean(changes) / (stdev(changes) / math.sqrt(len(changes)))


def _t_test(changes: Sequence[float]) -> Test:
    found = stats.ttest_1samp(changes, 0.0)
    return Test(name="paired t", statistic=float(found.statistic), degrees=len(changes) - 1,
                p=float(found.pvalue), method="Student's t of the paired changes against 0")


def signed_ranks(changes: Sequence[float]) -> Test:
    """Wilcoxon's signed-rank test; the statistic is the sum of the ranks of positive changes.

    Changes of zero are left out and said. Up to 49 changes without ties or zeros: exact; else the
    normal approximation with a correction for ties and for continuity. Raises NoFigure where
    every change is zero.
    """
    moved = [change for change in changes if change]
    if not moved:
        raise NoFigure("Nobody changed at all: there is nothing to rank.")
    zeros = len(changes) - len(moved)
    tied = len({abs(change) for change in moved}) < len(moved)
    exact = len(moved) < 50 and not zeros and not tied
    found = stats.wilcoxon(moved, correction=not exact, method="exact" if exact else "approx")
    ranks = stats.rankdata([abs(change) for change in moved])
    positive = sum(float(rank) for rank, one in zip(ranks, moved, strict=True) if one > 0)
    how = "exact" if exact else "normal approximation, corrected for ties and continuity"
    return Test(name="Wilcoxon signed ranks", statistic=positive, degrees=None,
                p=min(1.0, float(found.pvalue)), method=f"signed ranks, {how}",
                note=f"{zeros} without change are left out." if zeros else None)


def effect_from_t(*, t: float, pairs: int) -> Estimate:
    """Cohen's d_z and its exact interval from a paired t: also for a printed t with its n.

    d_z = t ÷ √n. The interval holds the d whose noncentral t distribution has the t seen at its
    2.5% or 97.5% point (Cumming and Finch, Educational and Psychological Measurement 61 (2001)
    532-574). Raises NoFigure for fewer than two pairs.
    """
    whole(pairs=pairs)
    if pairs < 2:
        raise NoFigure("An effect size of paired changes needs at least two pairs.")
    (statistic,) = numbers([t], "t")
    seen, root = statistic or 0.0, math.sqrt(pairs)
    method = "mean change ÷ standard deviation of the changes; interval from the noncentral t"
    if abs(seen) > LARGEST_T:
        return Estimate(name="Cohen's d_z", value=seen / root, interval=None, method=method,
                        note=f"t is beyond {LARGEST_T}: hardly anybody differs from the others.")
    low, high = (_ncp(abs(seen), pairs - 1, below) / root for below in (1 - _TAIL, _TAIL))
    if seen < 0:
        low, high = -high, -low
    return Estimate(name="Cohen's d_z", value=seen / root, interval=(low, high), method=method)


def eta_squared_from_t(*, t: float, degrees: int) -> float:
    """The share of the variance of a paired comparison that is of time: t² ÷ (t² + df)."""
    whole(degrees=degrees)
    if degrees == 0:
        raise NoFigure("A t without degrees of freedom explains nothing.")
    return t * t / (t * t + degrees)


def _ncp(t: float, degrees: int, below: float) -> float:
    """The noncentrality with which a noncentral t falls below t (0 or more) so often."""

    def miss(centre: float) -> float:
        found = float(stats.nct.cdf(t, degrees, centre))
        if math.isnan(found):  # SciPy gives up in the far tails, where it is 0 or 1
            found = float(centre < t)
        return found - below

    reach = 1.0
    while miss(t - reach) < 0 or miss(t + reach) > 0:
        reach *= 2
    return float(optimize.brentq(miss, t - reach, t + reach, xtol=1e-12, rtol=1e-14))


def _average_effect(changes: Sequence[float], sd_before: float, sd_after: float) -> Estimate:
    average = (sd_before + sd_after) / 2
    return Estimate(name="Cohen's d_av", value=fmean(changes) / average, interval=None,
                    method="mean change ÷ mean of the two standard deviations",
                    note="No interval is given for this one; read d_z.")


def paired_shares(
    before: Sequence[bool | None], after: Sequence[bool | None], *, asked: int | None = None
) -> PairedShares:
    """Yes or no of the same persons before and after: McNemar's tests and the difference.

    Difference with Newcombe's interval for paired shares (Statistics in Medicine 17 (1998)
    2635-2650, method 10). Where nobody changed there is no chi-square, and that is said. Raises
    NoFigure for columns of different lengths or nobody with both answers.
    """
    same_length(before, after, "Before and after")
    everybody = all_asked(asked, len(before))
    both = [(one, two) for one, two in zip(before, after, strict=True)
            if one is not None and two is not None]
    if not both:
        raise NoFigure(f"Nobody of {everybody} asked has both answers.")
    gained = sum(1 for one, two in both if not one and two)
    lost = sum(1 for one, two in both if one and not two)
    stayed = sum(1 for one, two in both if one and two)
    yes_before, yes_after, n = stayed + lost, stayed + gained, len(both)
    return PairedShares(
        n=n, asked=everybody, value=(gained - lost) / n,
        interval=_paired_interval(stayed, gained, lost, n),
        method="share after less share before; Newcombe's interval for paired shares",
        parameters={"confidence": CONFIDENCE}, warnings=_warnings(n, everybody),
        yes_before=yes_before, yes_after=yes_after, gained=gained, lost=lost,
        exact=_exact_mcnemar(gained, lost),
        chi_square=_mcnemar(gained, lost, correction=0),
        chi_square_corrected=_mcnemar(gained, lost, correction=1),
    )


def _exact_mcnemar(gained: int, lost: int) -> Test:
    if gained + lost == 0:
        return Test(name="McNemar, exact", statistic=None, degrees=None, p=1.0,
                    method="binomial test of the changed", note="Nobody changed.")
    found = stats.binomtest(gained, gained + lost, 0.5)
    return Test(name="McNemar, exact", statistic=None, degrees=None, p=float(found.pvalue),
                method="binomial test that as many gained as lost, of those who changed")


def _mcnemar(gained: int, lost: int, correction: int) -> Test:
    """(|b - c| - correction)² ÷ (b + c), McNemar 1947; the correction is Edwards's of 1948.

    As in R, the correction is left out where b = c, so that it never makes a difference of none.
    """
    name = "McNemar, chi-square" + (" with continuity correction" if correction else "")
    if gained + lost == 0:
        return Test(name=name, statistic=None, degrees=1, p=None, method="(b - c)² ÷ (b + c)",
                    note="Nobody changed, so there is no chi-square.")
    statistic = max(0, abs(gained - lost) - correction) ** 2 / (gained + lost)
    return Test(name=name, statistic=statistic, degrees=1, p=float(stats.chi2.sf(statistic, 1)),
                method=f"(|b - c| - {correction})² ÷ (b + c)")


def _paired_interval(stayed: int, gained: int, lost: int, n: int) -> Interval:
    """Wilson's intervals of both shares, joined through their correlation phi."""
    never = n - stayed - gained - lost
    before, after = (stayed + lost) / n, (stayed + gained) / n
    low_b, high_b = wilson(stayed + lost, n) or (0.0, 1.0)
    low_a, high_a = wilson(stayed + gained, n) or (0.0, 1.0)
    margins = (stayed + lost) * (gained + never) * (stayed + gained) * (lost + never)
    cross = float(stayed * never - gained * lost)
    if cross > 0:  # Newcombe's correction for continuity, of positive correlation alone
        cross = max(0.0, cross - n / 2)
    phi = cross / math.sqrt(margins) if margins else 0.0
    down = _joined(after - low_a, high_b - before, phi)
    up = _joined(high_a - after, before - low_b, phi)
    return after - before - down, after - before + up


def _joined(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))
