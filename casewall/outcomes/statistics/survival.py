"""Time to the first incident: Kaplan-Meier's curve and the log-rank test, with censoring.

A person of whom nothing is known after a day is censored there: in the number at risk until then,
and out of it after. Computed by lifelines.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from scipy import stats

from casewall.outcomes.intervals import CONFIDENCE, Interval
from casewall.outcomes.statistics.clock import Spell
from casewall.outcomes.statistics.results import (
    NOT_A_CAUSE,
    NoFigure,
    Result,
    Test,
    all_asked,
    numbers,
)

_SAME = 1e-12

CENSORED_ALIKE = (
    "The curve takes those lost from sight to be like those still watched. Where people are lost "
    "because of violence, it looks too good."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The curve from one time on: ``free`` is the share without an incident until then.

    ``at_risk`` is how many were still watched just before; ``interval`` is None before the first
    incident, where nothing is known of the spread, and where the curve has come to nothing.
    """

    time: float
    at_risk: int
    events: int
    censored: int
    free: float
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve(Result):
    """A Kaplan-Meier curve. ``value`` is the median time (None: half were never reached).

    ``interval`` is the median's; either end may be None where the band does not cross one half,
    and then it stands in ``median_low`` and ``median_high`` alone. ``custody`` is the time that
    was taken off the clock.
    """

    group: str
    source: str
    unit: str
    events: int
    custody: float
    steps: tuple[Step, ...]
    median_low: float | None
    median_high: float | None

    def at(self, time: float) -> Step:
        """The step that holds at a time. Raises NoFigure before 0 or after the last one."""
        if not 0 <= time <= self.steps[-1].time:
            raise NoFigure(
                f"The curve runs from 0 to {self.steps[-1].time:g} {self.unit}; at {time:g} "
                "nobody was watched."
            )
        return [step for step in self.steps if step.time <= time][-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank(Result):
    """The log-rank test of two or more groups. ``value`` is chi-square, and has no interval.

    ``observed`` and ``expected`` are incidents by group: expected if no group differed.
    """

    test: Test
    observed: dict[str, int]
    expected: dict[str, float]


def kaplan_meier(
    spells: Sequence[Spell], *, source: str, unit: str = "days", group: str = "all",
    asked: int | None = None,
) -> Curve:
    """The share still without an incident, by time, with log-log intervals.

    S(t) is the product of (1 - events ÷ at risk); its variance is Greenwood's, taken through
    log(-log S) so that no interval leaves 0..1 (Kalbfleisch and Prentice 1980). ``asked`` are
    all who should have been watched. Raises NoFigure without a spell or a source, or for times
    below 0.
    """
    checked(spells)
    if not source:
        raise NoFigure("A survival curve needs its source: who tells of the incidents.")
    everybody = all_asked(asked, len(spells))
    fitter = KaplanMeierFitter(alpha=1 - CONFIDENCE)
    fitter.fit([one.time for one in spells], [one.event for one in spells])
    steps = _steps(fitter)
    low = _half([(step.time, step.interval[0]) for step in steps if step.interval])
    high = _half([(step.time, step.interval[1]) for step in steps if step.interval])
    median = _half([(step.time, step.free) for step in steps])
    return Curve(
        n=len(spells), asked=everybody, value=median, method=
        "Kaplan-Meier; Greenwood's variance on the log-log scale; the median is the first time "
        "at which at most half are without an incident",
        interval=(low, high) if low is not None and high is not None else None,
        parameters={"confidence": CONFIDENCE, "unit": unit, "source": source},
        warnings=_warnings(len(spells), everybody), group=group, source=source, unit=unit,
        events=sum(1 for one in spells if one.event), custody=sum(one.custody for one in spells),
        steps=steps, median_low=low, median_high=high,
    )


def checked(spells: Sequence[Spell]) -> None:
    """Refuse no spells, and times that are not finite numbers of 0 or more."""
    if not spells:
        raise NoFigure("Nobody was watched, so there is no time to an incident.")
    numbers([one.time for one in spells], "the times")
    for place, one in enumerate(spells, 1):
        if one.time < 0:
            raise NoFigure(f"Spell {place} has the time {one.time:g}: time cannot be negative.")


def _warnings(n: int, asked: int) -> tuple[str, ...]:
    lost = f"{asked - n} of {asked} were never watched and are in no step."
    return (*((lost,) if asked > n else ()), CENSORED_ALIKE)


def _steps(fitter: KaplanMeierFitter) -> tuple[Step, ...]:
    table, free = fitter.event_table, fitter.survival_function_.iloc[:, 0]
    band = fitter.confidence_interval_
    steps = []
    for time in table.index:
        row, share = table.loc[time], float(free.loc[time])
        low, high = (float(end) for end in band.loc[time])
        told = 0 < share < 1 and math.isfinite(low) and math.isfinite(high)
        steps.append(Step(
            time=float(time), at_risk=int(row["at_risk"]), events=int(row["observed"]),
            censored=int(row["censored"]), free=share, interval=(low, high) if told else None,
        ))
    return tuple(steps)


def _half(points: Sequence[tuple[float, float]]) -> float | None:
    """Where a falling curve reaches one half; the middle of the stretch where it runs along it."""
    for place, (time, share) in enumerate(points):
        if abs(share - 0.5) <= _SAME:
            below = [later for later, value in points[place:] if value < 0.5 - _SAME]
            return (time + below[0]) / 2 if below else time
        if share < 0.5:
            return time
    return None


def log_rank(spells: Sequence[Spell]) -> LogRank:
    """Whether groups differ in the time to an incident, over the whole of the curves.

    Mantel, Cancer Chemotherapy Reports 50 (1966) 163-170, every time weighing alike. Raises
    NoFigure for fewer than two groups, no incident at all, or none while two were watched.
    """
    checked(spells)
    groups = sorted({one.group for one in spells})
    if len(groups) < 2:
        raise NoFigure(f"The log-rank test compares groups; there is only “{groups[0]}”.")
    events = sum(1 for one in spells if one.event)
    if events == 0:
        raise NoFigure("Nobody had an incident, so that no group can be seen to differ.")
    found = multivariate_logrank_test(
        [one.time for one in spells], [one.group for one in spells], [one.event for one in spells]
    )
    expected = {group: _expected(spells, group) for group in groups}
    # As in R: a group of which nobody was left when incidents happened compares with nothing.
    degrees = sum(1 for value in expected.values() if value > 0) - 1
    if degrees < 1:
        raise NoFigure("No two groups were both still watched when an incident happened.")
    statistic = float(found.test_statistic)
    return LogRank(
        n=len(spells), asked=len(spells), value=statistic, interval=None,
        method="log-rank test, all times weighing alike",
        parameters={"groups": len(groups), "incidents": events},
        warnings=(CENSORED_ALIKE, NOT_A_CAUSE),
        test=Test(name="log-rank", statistic=statistic, degrees=degrees,
                  p=float(stats.chi2.sf(statistic, degrees)),
                  method="chi-square of observed against expected incidents"),
        observed={group: sum(1 for one in spells if one.group == group and one.event)
                  for group in groups},
        expected=expected,
    )


def _expected(spells: Sequence[Spell], group: str) -> float:
    """The incidents that a group would have, were they dealt out by the numbers at risk."""
    total = 0.0
    for time in {one.time for one in spells if one.event}:
        at_risk = [one for one in spells if one.time >= time]
        events = sum(1 for one in at_risk if one.event and one.time == time)
        total += events * sum(1 for one in at_risk if one.group == group) / len(at_risk)
    return total

