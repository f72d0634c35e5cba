"""Two groups and a yes or no: ratios, differences and tests of a two-by-two table."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from scipy import stats
from scipy.stats import contingency

from casewall.outcomes.intervals import CONFIDENCE, Interval, wilson
from casewall.outcomes.statistics.results import (
    NOT_A_CAUSE,
    Estimate,
    NoFigure,
    Result,
    Test,
    whole,
)

Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
"""The point of the normal curve beyond which 2.5% lie: about 1.96."""

SMALL_EXPECTED = 5
"""Below this expected count in a cell the chi-square test is not to be trusted (Cochran 1954)."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One group: how many had the event, of how many whose answer is known.

    ``asked`` is everybody in the group (None: the same as ``n``).
    """

    label: str
    events: int
    n: int | None
    asked: int | None = None

    def checked(self) -> tuple[int, int, int]:
        """Events, n, asked. Raises NoFigure with a sentence where they cannot be."""
        if self.n is None:
            raise NoFigure(
                f"“{self.label}” is given without its n (how many it is of): nothing is compared."
            )
        asked = self.n if self.asked is None else self.asked
        whole(**{f"{self.label}: events": self.events, f"{self.label}: n": self.n,
                 f"{self.label}: asked": asked})
        if self.n == 0:
            raise NoFigure(f"Nobody in “{self.label}” has a known answer: nothing is compared.")
        if not self.events <= self.n <= asked:
            raise NoFigure(
                f"“{self.label}”: {self.events} of {self.n}, of {asked} asked, cannot be."
            )
        return self.events, self.n, asked


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoByTwo(Result):
    """Two groups compared. ``value`` is the risk difference, first less second (-1 to 1).

    - ``risks``: the share with the event in each group, with Wilson's interval.
    - ``odds_ratio``: cross-product ratio, Woolf's interval. ``odds_ratio_exact``: the conditional
      maximum-likelihood ratio with the interval that belongs to Fisher's test.
    - ``risk_ratio``: share ÷ share, Katz's interval.
    - ``risk_difference``: Newcombe's interval. ``risk_difference_wald``: the plain one, which
      many prints use.
    - ``cohens_h``: difference of the arcsine-transformed shares; 0.2 is small, 0.8 large.
    """

    first: Arm
    second: Arm
    risks: tuple[Estimate, Estimate]
    odds_ratio: Estimate
    odds_ratio_exact: Estimate
    risk_ratio: Estimate
    risk_difference: Estimate
    risk_difference_wald: Estimate
    cohens_h: Estimate
    chi_square: Test
    chi_square_yates: Test
    fisher: Test


def compare(first: Arm, second: Arm) -> TwoByTwo:
    """Compare two groups by everything that a two-by-two table can say.

    Raises NoFigure where a group has nobody, has no n, or has more events than persons.
    Zero cells are not filled with halves: what they make impossible is None, with a note.
    """
    events_1, n_1, asked_1 = first.checked()
    events_2, n_2, asked_2 = second.checked()
    cells = (events_1, n_1 - events_1, events_2, n_2 - events_2)
    newcombe = _risk_difference(events_1, n_1, events_2, n_2)
    warnings = [NOT_A_CAUSE]
    warnings += _small(cells, n_1, n_2)
    return TwoByTwo(
        n=n_1 + n_2, asked=asked_1 + asked_2, value=newcombe.value, interval=newcombe.interval,
        method=newcombe.method,
        parameters={"confidence": CONFIDENCE, "z": Z, "continuity correction of Yates": 0.5},
        warnings=tuple(warnings),
        first=first, second=second,
        risks=(_risk(first.label, events_1, n_1), _risk(second.label, events_2, n_2)),
        odds_ratio=_odds_ratio(cells), odds_ratio_exact=_exact_odds_ratio(cells),
        risk_ratio=_risk_ratio(events_1, n_1, events_2, n_2),
        risk_difference=newcombe,
        risk_difference_wald=_wald_difference(events_1, n_1, events_2, n_2),
        cohens_h=_cohens_h(events_1, n_1, events_2, n_2),
        chi_square=_chi_square(cells, corrected=False),
        chi_square_yates=_chi_square(cells, corrected=True),
        fisher=_fisher(cells),
    )


def _risk(label: str, events: int, n: int) -> Estimate:
    return Estimate(name=f"share: {label}", value=events / n, interval=wilson(events, n),
                    method="share with Wilson's interval")


def _small(cells: tuple[int, int, int, int], n_1: int, n_2: int) -> list[str]:
    """The warning that chi-square is not to be trusted, where it is not."""
    total = n_1 + n_2
    events, rest = cells[0] + cells[2], cells[1] + cells[3]
    least = min(n * margin / total for n in (n_1, n_2) for margin in (events, rest))
    if least >= SMALL_EXPECTED:
        return []
    return [f"The smallest expected count is {least:.1f}, below {SMALL_EXPECTED}: "
            "read Fisher's exact test, not chi-square."]


def _odds_ratio(cells: tuple[int, int, int, int]) -> Estimate:
    """Woolf, Annals of Human Genetics 19 (1955) 251-253: ln OR ± z √(1/a + 1/b + 1/c + 1/d)."""
    a, b, c, d = cells
    name, method = "odds ratio", "cross-product ratio; Woolf's interval on the log scale"
    if 0 not in cells:
        value = a * d / (b * c)
        reach = Z * math.sqrt(sum(1 / cell for cell in cells))
        return Estimate(name=name, value=value, method=method, interval=_around(value, reach))
    note = ("A cell of the table is zero, so that this interval cannot be given; "
            "the exact interval and Fisher's test stand.")
    if b * c:
        return Estimate(name=name, value=0.0, interval=None, method=method, note=note)
    note = note.replace("this interval", "neither the ratio nor this interval")
    return Estimate(name=name, value=None, interval=None, method=method, note=note)


def _exact_odds_ratio(cells: tuple[int, int, int, int]) -> Estimate:
    """Conditional on both margins (noncentral hypergeometric), as in R's fisher.test."""
    a, b, c, d = cells
    name = "exact odds ratio"
    method = "conditional maximum likelihood; exact interval by inverting Fisher's test"
    if 0 in (a + c, b + d):
        return Estimate(name=name, value=None, interval=None, method=method, note=_same(a + c))
    found = contingency.odds_ratio([[a, b], [c, d]], kind="conditional")
    low, high = found.confidence_interval(CONFIDENCE)
    if math.isinf(found.statistic):
        return Estimate(name=name, value=None, interval=None, method=method,
                        note=f"A zero cell: the ratio has no upper end; it is above {low:.3g}.")
    return Estimate(name=name, value=float(found.statistic), method=method,
                    interval=(float(low), float(high)))


def _risk_ratio(events_1: int, n_1: int, events_2: int, n_2: int) -> Estimate:
    """Katz and others, Biometrics 34 (1978) 469-474: ln RR ± z √(1/a - 1/n1 + 1/c - 1/n2)."""
    name, method = "risk ratio", "share ÷ share; Katz's interval on the log scale"
    if events_2 == 0:
        return Estimate(name=name, value=None, interval=None, method=method,
                        note="Nobody in the second group had it: a ratio to zero is not a number.")
    value = (events_1 / n_1) / (events_2 / n_2)
    if events_1 == 0:
        return Estimate(name=name, value=value, interval=None, method=method,
                        note="Nobody in the first group had it: this interval cannot be given.")
    reach = Z * math.sqrt(1 / events_1 - 1 / n_1 + 1 / events_2 - 1 / n_2)
    return Estimate(name=name, value=value, method=method, interval=_around(value, reach))


def _around(ratio: float, reach: float) -> Interval:
    return ratio * math.exp(-reach), ratio * math.exp(reach)


def _risk_difference(events_1: int, n_1: int, events_2: int, n_2: int) -> Estimate:
    """Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10 (from Wilson's intervals)."""
    share_1, share_2 = events_1 / n_1, events_2 / n_2
    low_1, high_1 = wilson(events_1, n_1) or (0.0, 1.0)
    low_2, high_2 = wilson(events_2, n_2) or (0.0, 1.0)
    value = share_1 - share_2
    down = math.hypot(share_1 - low_1, high_2 - share_2)
    up = math.hypot(high_1 - share_1, share_2 - low_2)
    return Estimate(name="risk difference", value=value, interval=(value - down, value + up),
                    method="share less share; Newcombe's interval from two Wilson intervals")


def _wald_difference(events_1: int, n_1: int, events_2: int, n_2: int) -> Estimate:
    share_1, share_2 = events_1 / n_1, events_2 / n_2
    value = share_1 - share_2
    reach = Z * math.sqrt(share_1 * (1 - share_1) / n_1 + share_2 * (1 - share_2) / n_2)
    note = None if reach else "Both shares are 0 or 1: a width of nothing is not to be believed."
    return Estimate(name="risk difference", value=value, note=note,
                    interval=(value - reach, value + reach) if reach else None,
                    method="share less share; the plain (Wald) interval")


def _cohens_h(events_1: int, n_1: int, events_2: int, n_2: int) -> Estimate:
    """Cohen, Statistical Power Analysis (1988), chapter 6: 2 asin √p1 - 2 asin √p2.

    The arcsine makes the variance 1/n whatever the share, hence the interval.
    """
    value = 2 * (math.asin(math.sqrt(events_1 / n_1)) - math.asin(math.sqrt(events_2 / n_2)))
    reach = Z * math.sqrt(1 / n_1 + 1 / n_2)
    return Estimate(name="Cohen's h", value=value, interval=(value - reach, value + reach),
                    method="difference of arcsine-transformed shares; variance 1/n1 + 1/n2")


def _chi_square(cells: tuple[int, int, int, int], corrected: bool) -> Test:
    a, b, c, d = cells
    name = "chi-square with Yates's correction" if corrected else "chi-square"
    method = "Pearson's chi-square" + (", each deviation less one half" if corrected else "")
    if 0 in (a + c, b + d):
        return Test(name=name, statistic=None, degrees=1, p=None, method=method, note=_same(a + c))
    found = stats.chi2_contingency([[a, b], [c, d]], correction=corrected)
    return Test(name=name, statistic=float(found.statistic), degrees=1, p=float(found.pvalue),
                method=method)


def _fisher(cells: tuple[int, int, int, int]) -> Test:
    a, b, c, d = cells
    note = _same(a + c) if 0 in (a + c, b + d) else None
    p = 1.0 if note else float(stats.fisher_exact([[a, b], [c, d]]).pvalue)
    return Test(name="Fisher's exact test", statistic=None, degrees=None, p=p, note=note,
                method="all tables with these margins that are no likelier than the one seen")


def _same(events: int) -> str:
    """Why a table with an empty margin tells nothing of a difference."""
    said = "Everybody" if events else "Nobody"
    return f"{said} in both groups had it, so that the table tells of no difference."
