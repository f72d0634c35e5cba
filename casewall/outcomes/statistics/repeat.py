"""Repeat victimisation: a new incident within months of a time zero, beside an equal window before.

Windows are in days (365 twelfths to a month, half up), so that the one before and the one after are
of equal length. The day of time zero is in neither: an incident on it is as likely what led to the
referral as what followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from scipy import stats

from casewall.outcomes.intervals import CONFIDENCE, Interval, round_half_up
from casewall.outcomes.statistics.clock import ONE_DAY, Span, days_covered
from casewall.outcomes.statistics.paired import PairedShares, paired_shares
from casewall.outcomes.statistics.results import NoFigure, Result, Share, share_of, whole

Custody = Literal["stated", "not_at_risk"]
YEAR = 365.25

FULL_BEFORE = (
    "People are referred after incidents, so that the window before is full by the way they come: "
    "some fall would be seen without any programme."
)
ONE_SOURCE = "Only what {source} told; other sources may know of other incidents."


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What one source knows of one person: incidents, and the spans it was asked about.

    ``time_zero`` None: this person has no such day (did not start, say) and is not asked about.
    ``custody``: spans in which the one who used violence was in custody.
    """

    time_zero: date | None
    incidents: Sequence[date] = ()
    followed: Sequence[Span] = ()
    custody: Sequence[Span] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One window over all persons. ``share``: with an incident, of those followed throughout.

    - ``known``: persons not followed throughout of whom an incident is known all the same; they
      are in no share, and narrow ``bounds_with_known``.
    - ``incidents``, ``days`` and ``custody_days`` are of those followed; ``rate`` is incidents a
      year at risk (custody taken off) with its exact Poisson interval; None without days.
    """

    share: Share
    known: int
    bounds_with_known: Interval
    incidents: int
    days: int
    custody_days: int
    rate: float | None
    rate_interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat(Result):
    """Repeat victimisation as one source tells it. ``value`` is the share with a new incident.

    ``both`` compares the shares of those followed in both windows (McNemar); ``incidents_before``
    and ``incidents_after`` are theirs, and ``percent_change`` is None where there were none
    before. ``without_time_zero`` persons are in nothing.
    """

    source: str
    months: int
    after: Window
    before: Window
    both: PairedShares | None
    incidents_before: int
    incidents_after: int
    percent_change: float | None
    without_time_zero: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """One person in one window."""

    followed: bool
    incidents: int
    days: int
    custody: int


def repeat_victimisation(
    persons: Sequence[Watched],
    *,
    source: str,
    time_zero: str,
    months: int,
    custody: Custody = "stated",
) -> Repeat:
    """New incidents within so many months of time zero, against an equal window before.

    A person whom the source did not follow on every day at risk of a window is missing from it:
    silence is not safety. ``custody="stated"`` takes days of custody off the time at risk, and
    leaves out who had no other day; ``"not_at_risk"`` makes everybody with such days missing from
    that window. Raises NoFigure without a month,
    a source, or anybody with a time zero.
    """
    whole(months=months)
    if months == 0 or not source or not time_zero:
        raise NoFigure("Repeat victimisation needs a window in months, a source and a time zero.")
    eligible = [one for one in persons if one.time_zero is not None]
    if not eligible:
        raise NoFigure(f"Nobody has the time zero “{time_zero}”, so there is no window.")
    after = [_seen(one, _after(one, months), custody) for one in eligible]
    before = [_seen(one, _before(one, months), custody) for one in eligible]
    window = _window(after)
    pairs = [(first, second) for first, second in zip(before, after, strict=True)
             if first.followed and second.followed]
    was = sum(first.incidents for first, _ in pairs)
    now = sum(second.incidents for _, second in pairs)
    return Repeat(
        n=window.share.n, asked=len(eligible), value=window.share.value,
        interval=window.share.interval,
        method=f"share with a new incident within {months} months of {time_zero}, as told by "
               f"{source}, of those followed on every day of the window; Wilson's interval",
        parameters={"months": months, "days": days_of_window(months), "time zero": time_zero,
                    "source": source, "custody": custody, "confidence": CONFIDENCE,
                    "days in a year": YEAR},
        warnings=(ONE_SOURCE.format(source=source), FULL_BEFORE),
        source=source, months=months, after=window, before=_window(before),
        both=_both(pairs, len(eligible)), incidents_before=was, incidents_after=now,
        percent_change=100 * (now - was) / was if was else None,
        without_time_zero=len(persons) - len(eligible),
    )


def days_of_window(months: int) -> int:
    """The length of a window of so many months: 183 days for 6, 365 for 12, 730 for 24."""
    return int(round_half_up(Fraction(months * 365, 12)))


def _after(one: Watched, months: int) -> tuple[date, date]:
    zero = one.time_zero or date.min
    return zero + ONE_DAY, zero + timedelta(days_of_window(months))


def _before(one: Watched, months: int) -> tuple[date, date]:
    zero = one.time_zero or date.max
    return zero - timedelta(days_of_window(months)), zero - ONE_DAY


def _seen(one: Watched, window: tuple[date, date], custody: Custody) -> _Seen:
    first, last = window
    days = (last - first).days + 1
    inside = days_covered(one.custody, first, last)
    followed = inside < days and days_covered([*one.followed, *one.custody], first, last) == days
    if custody == "not_at_risk" and inside:
        followed = False
    return _Seen(followed, sum(first <= day <= last for day in one.incidents), days, inside)


def _window(seen: Sequence[_Seen]) -> Window:
    whole_time = [one for one in seen if one.followed]
    known = sum(1 for one in seen if not one.followed and one.incidents)
    events = sum(1 for one in whole_time if one.incidents)
    share = share_of(events, len(whole_time), len(seen), "share with at least one incident")
    incidents = sum(one.incidents for one in whole_time)
    days = sum(one.days for one in whole_time)
    custody = sum(one.custody for one in whole_time)
    rate, interval = rate_per_year(incidents, days - custody)
    return Window(share=share, known=known,
                  bounds_with_known=((events + known) / len(seen), share.bounds[1]),
                  incidents=incidents, days=days, custody_days=custody,
                  rate=rate, rate_interval=interval)


def rate_per_year(incidents: int, days: int) -> tuple[float | None, Interval | None]:
    """Incidents a year at risk, with the exact Poisson interval; None without a day at risk.

    Garwood, Biometrika 28 (1936) 437-442, from quantiles of chi-square. It takes incidents to
    come independently, which those within one household do not: read it as too narrow.
    """
    if days <= 0:
        return None, None
    tail, years = (1 - CONFIDENCE) / 2, days / YEAR
    low = stats.chi2.ppf(tail, 2 * incidents) / 2 if incidents else 0.0
    high = stats.chi2.isf(tail, 2 * incidents + 2) / 2
    return incidents / years, (float(low) / years, float(high) / years)


def _both(pairs: Sequence[tuple[_Seen, _Seen]], asked: int) -> PairedShares | None:
    if not pairs:
        return None
    return paired_shares([one.incidents > 0 for one, _ in pairs],
                         [two.incidents > 0 for _, two in pairs], asked=asked)
