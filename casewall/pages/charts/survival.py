"""Survival curves: the share that is still free of an event, as time goes on."""

from collections.abc import Sequence
from typing import NamedTuple

from casewall.pages.charts.marks import (
    DASHES,
    LINE,
    RULE,
    SERIES_COLOURS,
    SOFT_INK,
    Drawing,
    amount,
    drawing,
    interval_words,
    key,
    line_mark,
    text_at,
    wrapped,
)
from casewall.pages.charts.marks import rect as band
from casewall.pages.charts.waves import grid

LEFT, RIGHT = 14.0, 97.0
TOP, BOTTOM = 14, 234


class Step(NamedTuple):
    """From this time on, the share (in percent) is so high; with its 95% interval."""

    time: float
    share: float
    low: float | None = None
    high: float | None = None


class Curve(NamedTuple):
    """One group. `steps` begin at time 0 with 100 and never rise; `at_risk` is how many are still
    followed at each tick (the text that hides it, where it is hidden); `until` is the last time
    at which anybody was followed."""

    label: str
    steps: Sequence[Step]
    at_risk: Sequence[int | str]
    until: float


class Tick(NamedTuple):
    time: float
    label: str


def survival_chart(
    *, title: str, description: str, curves: Sequence[Curve], ticks: Sequence[Tick]
) -> Drawing:
    """Steps with the band of their interval, and under the axis the numbers still followed.

    The axis ends at the last tick. Raises ValueError for a curve that rises, begins elsewhere than
    at 0, lies outside 0 to 100 or lacks a number for a tick, for more than four curves, and
    without two ticks.
    """
    _check(curves, ticks)
    end = ticks[-1].time
    parts = grid(0, 100, "%", TOP, BOTTOM)
    for tick in ticks:
        across = _across(tick.time, end)
        parts.append(line_mark(across, BOTTOM, across, BOTTOM + 6, SOFT_INK))
        parts.append(text_at(across, BOTTOM + 22, tick.label, anchor="middle"))
    for order, curve in enumerate(curves):
        parts += _band(curve, order, end)
    for order, curve in enumerate(curves):
        parts += _steps(curve, order, end)
    down = BOTTOM + 34.0
    for order, curve in enumerate(curves):
        lines = wrapped(curve.label, 30)
        for turn, text in enumerate(lines):
            down += 24 if turn == 0 else LINE
            parts += key(text, order, down) if turn == 0 else [text_at(0, down, text, inset=46)]
        down += LINE + 4
        for tick, count in zip(ticks, curve.at_risk, strict=True):
            said = count if isinstance(count, str) else f"{count:,}"
            parts.append(text_at(_across(tick.time, end), down, said, anchor="middle",
                                 fill=SOFT_INK))
        down += 6
        parts.append(line_mark(0, down, 100, down, RULE))
    parts.append(text_at(0, down + LINE, "Numbers: still followed", fill=SOFT_INK))
    rows = tuple(_row(curve, tick, count) for curve in curves
                 for tick, count in zip(ticks, curve.at_risk, strict=True))
    columns = ("", "Time", "Without the event", "95% interval", "Still followed")
    return drawing(title, description, parts, down + LINE + 10, columns, rows)


def _row(curve: Curve, tick: Tick, count: int | str) -> tuple[str, ...]:
    said = count if isinstance(count, str) else f"{count:,}"
    here = at(curve, tick.time)
    if here is None:
        return curve.label, tick.label, "nobody followed so long", "", said
    return (curve.label, tick.label, amount(here.share, "%"),
            interval_words(here.low, here.high, "%"), said)


def at(curve: Curve, time: float) -> Step | None:
    """The step that holds at a time; None after the last day on which anybody was followed."""
    if time > curve.until:
        return None
    return [step for step in curve.steps if step.time <= time][-1]


def _check(curves: Sequence[Curve], ticks: Sequence[Tick]) -> None:
    if len(ticks) < 2 or ticks[0].time != 0:
        raise ValueError("the axis of a survival chart begins at 0 and needs a second tick")
    if len(curves) > len(SERIES_COLOURS):
        raise ValueError(
            f"{len(curves)} curves cannot be told apart; at most {len(SERIES_COLOURS)}")
    for curve in curves:
        if len(curve.at_risk) != len(ticks):
            raise ValueError(f"{curve.label}: {len(curve.at_risk)} numbers for {len(ticks)} ticks")
        if not curve.steps or curve.steps[0].time != 0:
            raise ValueError(f"{curve.label}: the curve does not begin at 0")
        last = 100.0
        for step in curve.steps:
            if not 0 <= step.share <= last:
                raise ValueError(f"{curve.label}: {step.share} does not follow {last}")
            last = step.share


def _across(time: float, end: float) -> float:
    return LEFT + (RIGHT - LEFT) * min(time, end) / end


def _height(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * share / 100


def _spans(curve: Curve, end: float) -> list[tuple[Step, float, float]]:
    """Each step with the place where it begins and the one where it ends."""
    until = min(curve.until, end)
    times = [*(step.time for step in curve.steps[1:]), until]
    return [(step, _across(step.time, end), _across(min(time, until), end))
            for step, time in zip(curve.steps, times, strict=True) if step.time <= until]


def _band(curve: Curve, order: int, end: float) -> list[str]:
    return [
        band(left, _height(step.high), right - left, _height(step.low) - _height(step.high),
             SERIES_COLOURS[order], opacity=0.14, corner=0)
        for step, left, right in _spans(curve, end)
        if step.low is not None and step.high is not None and right > left
    ]


def _steps(curve: Curve, order: int, end: float) -> list[str]:
    colour, dash = SERIES_COLOURS[order], DASHES[order]
    parts, before = [], None
    for step, left, right in _spans(curve, end):
        down = _height(step.share)
        if before is not None:
            parts.append(line_mark(left, before, left, down, colour, 3))
        parts.append(line_mark(left, down, right, down, colour, 3, dash))
        before = down
    return parts
