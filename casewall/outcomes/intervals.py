"""Intervals, bounds and rounding. Pure Python, so that every engine finishes figures alike."""

import math
from collections.abc import Sequence
from fractions import Fraction
from statistics import NormalDist, fmean, stdev

Interval = tuple[float, float]

CONFIDENCE = 0.95
"""Every interval in Casewall is a 95% interval."""

_TINY = 1e-300
_CLOSE = 1e-15


def round_half_up(value: Fraction | float, places: int = 0) -> float:
    """Round as people do at school: a half goes away from zero.

    Floats are read as their shortest decimal writing (2.675 is 2.675), because that is what
    a reader sees; fractions are exact. Returns a float also for ``places=0``.
    """
    exact = _exactly(value)
    scale = 10**places
    whole = math.floor(abs(exact) * scale + Fraction(1, 2))
    return float(Fraction(whole, scale) * (-1 if exact < 0 else 1))


def truncate(value: Fraction | float, places: int = 0) -> float:
    """Cut decimals off, towards zero: how some published percentages were made."""
    scale = 10**places
    return float(Fraction(math.trunc(_exactly(value) * scale), scale))


def percent(numerator: int, denominator: int) -> Fraction | None:
    """The exact percentage, or None where the denominator is zero: nobody is not 0%."""
    if denominator == 0:
        return None
    return Fraction(100 * numerator, denominator)


def wilson(numerator: int, denominator: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Wilson's score interval for one proportion, as proportions between 0 and 1.

    Formula: Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
    Medicine 17 (1998) 857-872, method 3 (without continuity correction). None where the
    denominator is zero. Raises ValueError where the numerator is outside 0..denominator.
    """
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is not a proportion")
    if denominator == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = numerator / denominator
    middle = 2 * numerator + z * z
    reach = z * math.sqrt(z * z + 4 * numerator * (1 - share))
    width = 2 * (denominator + z * z)
    # At the ends the formula gives exactly 0 and 1; arithmetic in floats misses them by a hair.
    low = 0.0 if numerator == 0 else (middle - reach) / width
    high = 1.0 if numerator == denominator else (middle + reach) / width
    return low, high


def mean_change(changes: Sequence[float]) -> tuple[float | None, Interval | None]:
    """Mean of paired changes and its interval by Student's t with n - 1 degrees of freedom.

    The mean is None without a pair; the interval is None with fewer than two pairs, where
    nothing is known about the spread.
    """
    if not changes:
        return None, None
    mean = fmean(changes)
    if len(changes) < 2:
        return mean, None
    error = stdev(changes) / math.sqrt(len(changes))
    reach = t_quantile((1 + CONFIDENCE) / 2, len(changes) - 1) * error
    return mean, (mean - reach, mean + reach)


def ratio_change(
    pairs: Sequence[tuple[float, float]],
) -> tuple[Fraction | None, Interval | None]:
    """The change of a sum, as a share of the earlier sum, over pairs of (earlier, later).

    Interval by the delta method (Cochran, Sampling Techniques, 3rd edition, 6.4): the ratio is
    treated as a straight line near its value, with Student's t and n - 1 degrees of freedom.
    No change where the earlier sum is 0, since nothing can be a share of nothing; no interval
    with fewer than two pairs.
    """
    exact = [(Fraction(first), Fraction(second)) for first, second in pairs]
    earlier = sum((first for first, _ in exact), Fraction(0))
    if earlier == 0:
        return None, None
    ratio = sum((second for _, second in exact), Fraction(0)) / earlier
    n = len(exact)
    if n < 2:
        return ratio - 1, None
    spread = sum((second - ratio * first) ** 2 for first, second in exact) / (n - 1)
    error = math.sqrt(spread * n) / float(earlier)
    reach = t_quantile((1 + CONFIDENCE) / 2, n - 1) * error
    middle = float(ratio - 1)
    return ratio - 1, (middle - reach, middle + reach)


def median(numbers: Sequence[int]) -> tuple[Fraction | None, Interval | None]:
    """The middle of whole numbers and its interval, which assumes nothing of how they lie.

    The interval runs between two of the numbers themselves, chosen by the binomial distribution
    with probability 1/2 so that it holds the median at least 95 times in 100 (Conover, Practical
    Nonparametric Statistics, 3rd edition, 3.2). With fewer than 6 numbers there is none.
    """
    ordered, n = sorted(numbers), len(numbers)
    if not n:
        return None, None
    middle = Fraction(ordered[(n - 1) // 2] + ordered[n // 2], 2)
    tail, rank = 0, 0
    while 40 * (tail + math.comb(n, rank)) <= 2**n:  # 1 in 40 on either side
        tail += math.comb(n, rank)
        rank += 1
    if rank == 0:
        return middle, None
    return middle, (float(ordered[rank - 1]), float(ordered[n - rank]))


def silent_bounds(improved: int, answered: int, asked: int) -> Interval | None:
    """The share improved among all who were asked, if none or if all of the silent improved.

    Proportions between 0 and 1; None where nobody was asked. Silence is never read as safety:
    the truth about everybody asked lies between the two, whatever the silent would have said.
    Raises ValueError unless improved <= answered <= asked.
    """
    if not 0 <= improved <= answered <= asked:
        raise ValueError(f"{improved} improved of {answered} answered of {asked} asked")
    if asked == 0:
        return None
    return improved / asked, (improved + asked - answered) / asked


def t_quantile(probability: float, degrees: int) -> float:
    """The value that Student's t with that many degrees of freedom falls below so often.

    Found by bisection on the cumulative distribution, itself a regularised incomplete beta
    function. Raises ValueError for a probability outside 0..1 or fewer than 1 degree.
    """
    if not 0 < probability < 1:
        raise ValueError(f"a probability lies between 0 and 1, not {probability}")
    if degrees < 1:
        raise ValueError(f"Student's t needs at least 1 degree of freedom, not {degrees}")
    if probability < 0.5:
        return -t_quantile(1 - probability, degrees)
    low, high = 0.0, 1.0
    while t_below(high, degrees) < probability:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if t_below(middle, degrees) < probability else (low, middle)
    return (low + high) / 2


def t_below(value: float, degrees: int) -> float:
    """The probability that Student's t with that many degrees of freedom is below the value."""
    tail = incomplete_beta(degrees / 2, 0.5, degrees / (degrees + value * value)) / 2
    return 1 - tail if value >= 0 else tail


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for a, b > 0 and 0 <= x <= 1.

    Evaluated by its continued fraction (Abramowitz and Stegun 26.5.8); on the side where that
    converges slowly, through I_x(a, b) = 1 - I_(1-x)(b, a).
    """
    if x in (0, 1):
        return float(x)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    return front / (a * _beta_fraction(a, b, x))


def _beta_fraction(a: float, b: float, x: float) -> float:
    """1 + d1/(1 + d2/(1 + ...)) of A&S 26.5.8, from the front (the modified Lentz way)."""
    value, upper, lower = 1.0, 1.0, 0.0
    step, growth = 0, 0.0
    while abs(growth - 1) > _CLOSE:
        step += 1
        half = step // 2
        if step % 2:
            term = -(a + half) * (a + b + half) * x / ((a + step - 1) * (a + step))
        else:
            term = half * (b - half) * x / ((a + step - 1) * (a + step))
        lower = 1 / _away_from_zero(1 + term * lower)
        upper = _away_from_zero(1 + term / upper)
        growth = upper * lower
        value *= growth
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _exactly(value: Fraction | float) -> Fraction:
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
