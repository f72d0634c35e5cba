"""Lines over waves of questions."""

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
    beside,
    cap,
    drawing,
    interval_words,
    key,
    line_mark,
    marker,
    text_at,
    wrapped,
)


class Point(NamedTuple):
    """A mean or a share at one wave, with its 95% interval and the number who answered."""

    value: float
    low: float | None = None
    high: float | None = None
    n: int | str | None = None


class Series(NamedTuple):
    """One line over the waves; a wave that was not asked is None and breaks the line."""

    label: str
    points: Sequence[Point | None]


def wave_chart(
    *,
    title: str,
    description: str,
    waves: Sequence[str],
    series: Sequence[Series],
    minimum: float,
    maximum: float,
    unit: str = "",
) -> Drawing:
    """Lines over waves (before, after, at follow-up), each point with its 95% interval.

    Raises ValueError when a series has another number of points than there are waves, when the
    scale is empty, when a point lies outside it, or for more than four series.
    """
    _check_waves(waves, series, minimum, maximum)
    top, bottom = 14, 234
    parts = grid(minimum, maximum, unit, top, bottom)
    places = [14 + 76 * (i + 0.5) / len(waves) for i in range(len(waves))]
    for place, wave in zip(places, waves, strict=True):
        for turn, text in enumerate(wrapped(wave, 16)):
            parts.append(text_at(place, bottom + 22 + turn * LINE, text, anchor="middle"))
    for order, one in enumerate(series):
        parts += _line(one, order, len(series), places, (minimum, maximum), (top, bottom), unit)
    tall = max(len(wrapped(wave, 16)) for wave in waves)
    down = bottom + 10 + LINE * tall
    for order, one in enumerate(series):
        down += 24
        parts += key(one.label, order, down)
    rows = tuple(
        (
            one.label,
            wave,
            amount(point.value if point else None, unit),
            interval_words(point.low, point.high, unit) if point else "",
            "" if point is None or point.n is None else str(point.n),
        )
        for one in series
        for wave, point in zip(waves, one.points, strict=True)
    )
    columns = ("", "When", "Value", "95% interval", "Answered")
    return drawing(title, description, parts, down + 14, columns, rows)


def _check_waves(
    waves: Sequence[str], series: Sequence[Series], minimum: float, maximum: float
) -> None:
    if not minimum < maximum:
        raise ValueError(f"a scale from {minimum} to {maximum} is empty")
    if not waves:
        raise ValueError("a chart over waves needs at least one wave")
    if len(series) > len(SERIES_COLOURS):
        raise ValueError(f"{len(series)} lines cannot be told apart; at most {len(SERIES_COLOURS)}")
    for one in series:
        if len(one.points) != len(waves):
            raise ValueError(f"{one.label}: {len(one.points)} points for {len(waves)} waves")
        for point in one.points:
            for value in () if point is None else (point.value, point.low, point.high):
                if value is not None and not minimum <= value <= maximum:
                    raise ValueError(
                        f"{one.label}: {value} is outside the scale {minimum} to {maximum}"
                    )


def grid(minimum: float, maximum: float, unit: str, top: int, bottom: int) -> list[str]:
    parts = []
    for step in range(5):
        down = bottom - (bottom - top) * step / 4
        value = minimum + (maximum - minimum) * step / 4
        parts.append(line_mark(14, down, 100, down, RULE))
        parts.append(text_at(12, down + 5, amount(value, unit), fill=SOFT_INK, anchor="end"))
    return parts


def _line(
    one: Series,
    order: int,
    count: int,
    places: Sequence[float],
    scale: tuple[float, float],
    frame: tuple[int, int],
    unit: str,
) -> list[str]:
    low_end, high_end = scale
    top, bottom = frame
    colour = SERIES_COLOURS[order]
    # Series stand side by side, so that intervals do not cover each other.
    aside = (order - (count - 1) / 2) * 3.2

    def height(value: float) -> float:
        return bottom - (bottom - top) * (value - low_end) / (high_end - low_end)

    parts, last = [], None
    for place, point in zip(places, one.points, strict=True):
        if point is None:
            last = None
            continue
        across, down = place + aside, height(point.value)
        if last is not None:
            parts.append(line_mark(*last, across, down, colour, 3, DASHES[order]))
        if point.low is not None and point.high is not None:
            parts.append(
                line_mark(across, height(point.low), across, height(point.high), colour, 2)
            )
            for end in (point.low, point.high):
                parts.append(cap(across, height(end), colour))
        last = (across, down)
    for place, point in zip(places, one.points, strict=True):
        if point is not None:
            across, down = place + aside, height(point.value)
            parts.append(marker(order, across, down, colour))
            if count == 1:
                parts.append(beside(across, down, amount(point.value, unit), colour))
    return parts
