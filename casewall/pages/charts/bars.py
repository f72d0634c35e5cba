"""Horizontal bars: shares and amounts."""

from collections.abc import Sequence
from typing import NamedTuple

from casewall.pages.charts.marks import (
    GROUND,
    INK,
    LINE,
    SERIES_COLOURS,
    SOFT_INK,
    Drawing,
    amount,
    drawing,
    interval_words,
    line_mark,
    rect,
    text_at,
    wrapped,
)


class Bar(NamedTuple):
    """A share or an amount. A value of None is drawn as "not shown" (suppressed, or no figure)."""

    label: str
    value: float | None
    numerator: int | str | None = None
    denominator: int | str | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""


def bar_chart(
    *,
    title: str,
    description: str,
    bars: Sequence[Bar],
    unit: str = "%",
    maximum: float | None = None,
) -> Drawing:
    """Horizontal bars, each under its label, with value, n/N and a whisker for the interval.

    `maximum` is the right-hand end of the scale: 100 for percentages, otherwise the largest value
    or upper end. Raises ValueError for a negative value or one beyond `maximum`.
    """
    top = _scale_end(bars, unit, maximum)
    parts, down = [], 4
    for bar in bars:
        lines = wrapped(bar.label)
        for text in lines:
            parts.append(text_at(0, down + 15, text, weight=700))
            down += LINE
        parts.append(text_at(0, down + 14, _bar_words(bar, unit), fill=SOFT_INK))
        down += LINE + 3
        parts += _bar_marks(bar, top, down)
        down += 34
    rows = tuple(
        (
            bar.label,
            amount(bar.value, unit),
            _counts(bar, unit),
            interval_words(bar.low, bar.high, unit),
            bar.note,
        )
        for bar in bars
    )
    columns = ("", "Value", "n/N", "95% interval", "Note")
    return drawing(title, description, parts, down, columns, rows)


def _scale_end(bars: Sequence[Bar], unit: str, maximum: float | None) -> float:
    values = [v for bar in bars for v in (bar.value, bar.low, bar.high) if v is not None]
    top = maximum if maximum is not None else (100.0 if unit == "%" else max(values, default=1.0))
    for bar in bars:
        for value in (bar.value, bar.low, bar.high):
            if value is not None and not 0 <= value <= top:
                raise ValueError(f"{bar.label}: {value} is outside the scale 0 to {top}")
    return top or 1.0


def _bar_words(bar: Bar, unit: str) -> str:
    words = amount(bar.value, unit)
    counts = _counts(bar, unit)
    return f"{words} ({counts})" if counts else words


def _counts(bar: Bar, unit: str) -> str:
    """n/N. A percentage without them says so; an amount, as of money, needs none."""
    if bar.value is None:
        return ""
    if bar.denominator is None and bar.numerator is None:
        return "no denominator" if unit == "%" else ""
    if bar.denominator is None:
        return f"n = {bar.numerator}"
    return (
        f"n = {bar.denominator}"
        if bar.numerator is None
        else (f"{bar.numerator}/{bar.denominator}")
    )


def _bar_marks(bar: Bar, top: float, down: int) -> list[str]:
    marks = [rect(0, down, 100, 18, GROUND)]
    if bar.value is None:
        return [*marks, line_mark(0, down + 9, 100, down + 9, SOFT_INK, dash="3 5")]
    marks.append(rect(0, down, 100 * bar.value / top, 18, SERIES_COLOURS[0]))
    if bar.low is not None and bar.high is not None:
        left, right = 100 * bar.low / top, 100 * bar.high / top
        # White under ink, so that the whisker shows on the bar and beyond it.
        for colour, width in (("#ffffff", 5), (INK, 2)):
            marks.append(line_mark(left, down + 9, right, down + 9, colour, width))
            marks.append(line_mark(left, down + 4, left, down + 14, colour, width))
            marks.append(line_mark(right, down + 4, right, down + 14, colour, width))
    return marks
