"""Hours attended, and all who started beside those who completed."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scipy import stats

from casewall.outcomes.statistics.attrition import BIASED
from casewall.outcomes.statistics.results import (
    NoFigure,
    Result,
    Share,
    Test,
    all_asked,
    numbers,
    same_length,
    share_of,
)

NOT_ASSIGNED = (
    "Nobody was assigned these hours: whoever is doing well may stay longer, and whoever is "
    "required to come comes longer. A rise with the hours is not what an hour does."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Persons with at least ``least`` hours and fewer than ``below`` (None: no upper end).

    ``share`` is the share improved of those whose outcome is known; None where the band is empty.
    """

    label: str
    least: float
    below: float | None
    persons: int
    share: Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose(Result):
    """Outcome by band of hours. ``value`` is the share improved of all with known hours.

    ``trend`` is the Cochran-Armitage test over the bands in order; None where it cannot be.
    ``hours_unknown`` persons are in no band.
    """

    bands: tuple[Band, ...]
    trend: Test | None
    hours_unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AllAndCompleters(Result):
    """All who started (``everybody``, whose share is ``value``) beside those who completed.

    ``inflation`` is how much larger the completers' share is, None where either has no answer.
    """

    everybody: Share
    completers: Share | None
    leavers: Share | None
    inflation: float | None


def dose_bands(
    hours: Sequence[float | None], improved: Sequence[bool | None], *, edges: Sequence[float]
) -> Dose:
    """The share improved by hours attended; ``edges`` are where one band ends and the next begins.

    ``edges=(12, 30)`` makes three bands: below 12, 12 to below 30, 30 and more. None in ``hours``
    or ``improved``: not known. Raises NoFigure for nobody, columns of different lengths, negative
    hours, no outcome at all, or edges that do not rise from above 0.
    """
    same_length(hours, improved, "Hours and outcomes")
    given = numbers(hours, "hours")
    if any(one is not None and one < 0 for one in given):
        raise NoFigure("Hours attended cannot be negative.")
    ends = [0.0, *(edge for edge in numbers(edges, "the edges") if edge is not None)]
    if len(ends) < 2 or any(one >= other for one, other in pairwise(ends)):
        raise NoFigure("The edges of the bands must rise, from above 0: for example 12, 30, 60.")
    pairs = [(one, two) for one, two in zip(given, improved, strict=True) if one is not None]
    if all(two is None for _, two in pairs):
        raise NoFigure("Nobody has both hours and an outcome.")
    limits: list[tuple[float, float | None]] = [*pairwise(ends), (ends[-1], None)]
    bands = tuple(_band(pairs, least, below) for least, below in limits)
    whole = _share([two for _, two in pairs], "share improved of all with known hours")
    return Dose(
        n=whole.n, asked=len(pairs), value=whole.value, interval=whole.interval,
        method="share improved in each band of hours; Wilson's intervals",
        parameters={f"edge {place}": edge for place, edge in enumerate(ends[1:], 1)},
        warnings=(NOT_ASSIGNED,), bands=bands, trend=_trend(bands),
        hours_unknown=len(given) - len(pairs),
    )


def _band(
    pairs: Sequence[tuple[float, bool | None]], least: float, below: float | None
) -> Band:
    inside = [two for one, two in pairs if one >= least and (below is None or one < below)]
    label = f"{least:g} hours and more" if below is None else f"{least:g} to below {below:g} hours"
    return Band(label=label, least=least, below=below, persons=len(inside),
                share=_share(inside, f"share improved, {label}") if inside else None)


def _share(improved: Sequence[bool | None], method: str) -> Share:
    answered = [one for one in improved if one is not None]
    return share_of(sum(map(bool, answered)), len(answered), len(improved), method)


def _trend(bands: Sequence[Band]) -> Test | None:
    """Armitage, Biometrics 11 (1955) 375-386, with 1, 2, 3, … for the bands."""
    rows = [(place, band.share.events, band.share.n) for place, band in enumerate(bands, 1)
            if band.share is not None and band.share.n]
    total, events = sum(n for _, _, n in rows), sum(a for _, a, _ in rows)
    if len(rows) < 2 or events in (0, total):
        return None
    rate = events / total
    lean = sum(place * (a - n * rate) for place, a, n in rows)
    spread = sum(place**2 * n for place, _, n in rows) - (
        sum(place * n for place, _, n in rows) ** 2 / total)
    statistic = lean**2 / (rate * (1 - rate) * spread)
    return Test(name="trend", statistic=statistic, degrees=1,
                p=float(stats.chi2.sf(statistic, 1)),
                method="Cochran-Armitage, the bands scored 1, 2, 3, … in order")


def all_and_completers(
    completed: Sequence[bool], improved: Sequence[bool | None], *, asked: int | None = None
) -> AllAndCompleters:
    """Everybody who started (or was assigned) beside those who completed.

    The first is the answer to "what becomes of the people who come to us"; the second leaves
    out those for whom it went worst. ``asked`` where more started than are listed. Raises
    NoFigure for nobody, or columns of different lengths.
    """
    same_length(completed, improved, "Completed and outcomes")
    count = all_asked(asked, len(completed))
    if count == 0:
        raise NoFigure("Nobody started, so that there is nothing to show of anybody.")
    known = [one for one in improved if one is not None]
    everybody = share_of(sum(map(bool, known)), len(known), count,
                         "share of all who started whose outcome is known")
    parts = {done: [two for one, two in zip(completed, improved, strict=True)
                    if bool(one) is done] for done in (True, False)}
    done, left = (_share(parts[one], f"share of those who {word}") if parts[one] else None
                  for one, word in ((True, "completed"), (False, "left early")))
    higher = (None if done is None or done.value is None or everybody.value is None
              else done.value - everybody.value)
    return AllAndCompleters(
        n=everybody.n, asked=count, value=everybody.value, interval=everybody.interval,
        method="intention to treat: all who started, whatever became of them; Wilson's interval",
        warnings=(BIASED,), everybody=everybody, completers=done, leavers=left, inflation=higher,
    )
