"""Change between two time points, by who says so: never two sources in one line."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from django.utils.html import escape

from casewall.pages.charts.marks import (
    GROUND,
    INK,
    LINE,
    RULE,
    SERIES_COLOURS,
    SOFT_INK,
    TEXT,
    Drawing,
    amount,
    drawing,
    interval_words,
    line_mark,
    marker,
    placed,
    rect,
    shape,
    text_at,
    wrapped,
)
from casewall.pages.charts.waves import Point


class Change(NamedTuple):
    """The means of one scale at two time points, of the same people, as one source tells them.
    A point of None may not be shown. `change` is later minus earlier, with its 95% interval."""

    label: str
    who: str
    first: Point | None
    second: Point | None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    counted: str = ""


def change_chart(
    *,
    title: str,
    description: str,
    first: str,
    second: str,
    changes: Sequence[Change],
    minimum: float = 0,
    maximum: float = 100,
) -> Drawing:
    """A track for each source under each scale: from an open mark to a full one.

    Raises ValueError for an empty scale, a value outside it, or more than four sources.
    """
    whose = _whose(changes, minimum, maximum)
    parts: list[str] = []
    down = 4.0
    for label, group in groupby(changes, key=lambda one: one.label):
        for text in wrapped(label):
            parts.append(text_at(0, down + 15, text, weight=700))
            down += LINE
        for one in group:
            for text in wrapped(_words(one), 40):
                parts.append(text_at(0, down + 14, text, fill=SOFT_INK))
                down += LINE
            parts += _track(one, whose.index(one.who), down + 4, (minimum, maximum))
            down += 34
        down += 8
    for turn in range(5):
        value = minimum + (maximum - minimum) * turn / 4
        anchor = "start" if turn == 0 else "end" if turn == 4 else "middle"
        parts.append(text_at(25 * turn, down + 12, amount(value, ""), fill=SOFT_INK,
                             anchor=anchor))
    down += 22
    for order, who in enumerate(whose):
        down += 22
        parts.append(_legend(who, order, down, first, second))
    columns = ("", "Who says so", first, second, "Change", "95% interval", "Counted")
    rows = tuple(
        (one.label, one.who, amount(one.first.value if one.first else None, ""),
         amount(one.second.value if one.second else None, ""), _signed(one.change),
         interval_words(one.low, one.high, ""), one.counted)
        for one in changes
    )
    return drawing(title, description, parts, down + 14, columns, rows)


def _whose(changes: Sequence[Change], minimum: float, maximum: float) -> list[str]:
    if not minimum < maximum:
        raise ValueError(f"a scale from {minimum} to {maximum} is empty")
    for one in changes:
        for point in (one.first, one.second):
            for value in () if point is None else (point.value, point.low, point.high):
                if value is not None and not minimum <= value <= maximum:
                    raise ValueError(
                        f"{one.label}: {value} is outside the scale {minimum} to {maximum}")
    whose = list(dict.fromkeys(one.who for one in changes))
    if len(whose) > len(SERIES_COLOURS):
        raise ValueError(f"{len(whose)} sources cannot be told apart")
    return whose


def _words(one: Change) -> str:
    counted = f" ({one.counted})" if one.counted else ""
    if one.first is None or one.second is None:
        return f"{one.who}: not shown{counted}"
    return (f"{one.who}: {amount(one.first.value, '')} → {amount(one.second.value, '')}, "
            f"change {_signed(one.change)}{counted}")


def _signed(value: float | None) -> str:
    if value is None:
        return amount(None, "")
    said = amount(abs(value), "")
    return said if said == "0" else f"{'−' if value < 0 else '+'}{said}"


def _track(one: Change, order: int, down: float, scale: tuple[float, float]) -> list[str]:
    colour = SERIES_COLOURS[order]
    parts = [rect(0, down + 4, 100, 10, GROUND)]
    parts += [line_mark(25 * turn, down + 4, 25 * turn, down + 14, RULE) for turn in (1, 2, 3)]
    if one.first is None or one.second is None:
        return [*parts, line_mark(0, down + 9, 100, down + 9, SOFT_INK, dash="3 5")]

    def across(value: float) -> float:
        return 100 * (value - scale[0]) / (scale[1] - scale[0])

    for point in (one.first, one.second):
        if point.low is not None and point.high is not None:
            parts.append(line_mark(across(point.low), down + 9, across(point.high), down + 9,
                                   colour, 1))
            parts += [_end(across(end), down + 9, colour) for end in (point.low, point.high)]
    parts.append(line_mark(across(one.first.value), down + 9, across(one.second.value), down + 9,
                           colour, 4))
    parts.append(placed(across(one.first.value), down + 9, _open(colour)))
    parts.append(marker(order, across(one.second.value), down + 9, colour))
    return parts


def _open(colour: str) -> str:
    return f'<circle r="6" fill="#ffffff" stroke="{colour}" stroke-width="3"/>'


def _end(across: float, down: float, colour: str) -> str:
    return placed(across, down, f'<line x1="0" x2="0" y1="-5" y2="5" stroke="{colour}"/>')


def _legend(who: str, order: int, down: float, first: str, second: str) -> str:
    colour = SERIES_COLOURS[order]
    return placed(0, down - 6, (
        f'<line x1="8" x2="36" y1="0" y2="0" stroke="{colour}" stroke-width="4"/>'
        f'<g transform="translate(8 0)">{_open(colour)}</g>'
        f'<g transform="translate(36 0)">{shape(order, colour)}</g>'
        f'<text x="50" y="5" font-size="{TEXT}" fill="{INK}">'
        f'{escape(f"{who}: {first} → {second}")}</text>'))
