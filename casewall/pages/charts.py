"""Charts as SVG, drawn here and nowhere else.

Across, everything is placed in percent of the width; down, in pixels; there is no viewBox. So a
chart fits any screen while its words keep their size. A content policy without inline styles
holds for SVG too: presentation attributes and classes only. What a colour says is said again by a
dash, a marker or a word. Every chart carries the table of its numbers, so the two cannot differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString

INK = "#20252b"
SOFT_INK = "#4d555f"
RULE = "#d8d1c4"
GROUND = "#f3efe8"
# Dark, and apart from each other in lightness too, for eyes and printers without colour.
SERIES_COLOURS = ("#0f4f52", "#a4451b", "#5b3a78", "#17506b")
DASHES = ("", "7 4", "2 4", "10 3 2 3")
TEXT = 16
LINE = 20
LETTERS_PER_LINE = 38
NOT_SHOWN = "not shown"


class Bar(NamedTuple):
    """A share or an amount. A value of None is drawn as "not shown" (suppressed, or no figure)."""

    label: str
    value: float | None
    numerator: int | str | None = None
    denominator: int | str | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""


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


class Stage(NamedTuple):
    """How many came this far; None when the number may not be shown."""

    label: str
    count: int | None  # type: ignore[assignment]  # a tuple counts too
    note: str = ""


@dataclass(frozen=True)
class Drawing:
    """A chart and its numbers: `columns` and `rows` (of strings) say what `svg` shows."""

    svg: SafeString
    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    height: int


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
            parts.append(_text(0, down + 15, text, weight=700))
            down += LINE
        parts.append(_text(0, down + 14, _bar_words(bar, unit), fill=SOFT_INK))
        down += LINE + 3
        parts += _bar_marks(bar, top, down)
        down += 34
    rows = tuple(
        (
            bar.label,
            amount(bar.value, unit),
            _counts(bar),
            _interval(bar.low, bar.high, unit),
            bar.note,
        )
        for bar in bars
    )
    columns = ("", "Value", "n/N", "95% interval", "Note")
    return _drawing(title, description, parts, down, columns, rows)


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
    parts = _grid(minimum, maximum, unit, top, bottom)
    places = [14 + 76 * (i + 0.5) / len(waves) for i in range(len(waves))]
    for place, wave in zip(places, waves, strict=True):
        for turn, text in enumerate(wrapped(wave, 16)):
            parts.append(_text(place, bottom + 22 + turn * LINE, text, anchor="middle"))
    for order, one in enumerate(series):
        parts += _line(one, order, len(series), places, (minimum, maximum), (top, bottom), unit)
    tall = max(len(wrapped(wave, 16)) for wave in waves)
    down = bottom + 10 + LINE * tall
    for order, one in enumerate(series):
        down += 24
        parts += _key(one.label, order, down)
    rows = tuple(
        (
            one.label,
            wave,
            amount(point.value if point else None, unit),
            _interval(point.low, point.high, unit) if point else "",
            "" if point is None or point.n is None else str(point.n),
        )
        for one in series
        for wave, point in zip(waves, one.points, strict=True)
    )
    columns = ("", "When", "Value", "95% interval", "Answered")
    return _drawing(title, description, parts, down + 14, columns, rows)


def flow_chart(*, title: str, description: str, stages: Sequence[Stage]) -> Drawing:
    """How many reach each stage, as centred bars with shares of the first and of the one before.

    Raises ValueError for a negative count, or one that is larger than the first.
    """
    first = stages[0].count if stages else None
    parts, rows, down, before = [], [], 4, None
    for stage in stages:
        if stage.count is not None and (stage.count < 0 or (first and stage.count > first)):
            raise ValueError(f"{stage.label}: {stage.count} cannot be a part of {first}")
        of_first, of_before = _share(stage.count, first), _share(stage.count, before)
        for text in wrapped(stage.label):
            parts.append(_text(0, down + 15, text, weight=700))
            down += LINE
        counted = NOT_SHOWN if stage.count is None else f"{stage.count:,}"
        said = counted + (f", {of_first} of the first" if of_first and before is not None else "")
        parts.append(_text(0, down + 14, said, fill=SOFT_INK))
        down += LINE + 3
        parts.append(_rect(0, down, 100, 18, GROUND))
        if stage.count is None:
            parts.append(_line_mark(0, down + 9, 100, down + 9, SOFT_INK, dash="3 5"))
        elif first:
            wide = 100 * stage.count / first
            parts.append(_rect(50 - wide / 2, down, wide, 18, SERIES_COLOURS[0]))
        down += 32
        rows.append((stage.label, counted, of_first, of_before, stage.note))
        before = stage.count
    columns = ("Stage", "People", "Of the first", "Of the one before", "Note")
    return _drawing(title, description, parts, down, columns, tuple(rows))


def standalone(drawing: Drawing, width: int = 640) -> str:
    """The chart as the text of an SVG file of a fixed width in pixels, for a printed report."""
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}"'
    return str(drawing.svg).replace('<svg width="100%"', opening, 1)


def wrapped(text: str, letters: int = LETTERS_PER_LINE) -> list[str]:
    """A label as lines of at most so many letters; a longer word keeps its line to itself."""
    lines: list[str] = []
    for word in str(text).split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def amount(value: float | None, unit: str) -> str:
    """A value with at most one decimal and its unit; None is said in words."""
    if value is None:
        return NOT_SHOWN
    text = f"{value:,.1f}".removesuffix(".0")
    return f"{text}%" if unit == "%" else f"{text} {unit}".strip()


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
    counts = _counts(bar)
    return f"{words} ({counts})" if counts else words


def _counts(bar: Bar) -> str:
    if bar.value is None:
        return ""
    if bar.denominator is None:
        return "no denominator" if bar.numerator is None else f"n = {bar.numerator}"
    return (
        f"n = {bar.denominator}"
        if bar.numerator is None
        else (f"{bar.numerator}/{bar.denominator}")
    )


def _interval(low: float | None, high: float | None, unit: str) -> str:
    if low is None or high is None:
        return ""
    return f"{amount(low, '')} to {amount(high, unit)}"


def _bar_marks(bar: Bar, top: float, down: int) -> list[str]:
    marks = [_rect(0, down, 100, 18, GROUND)]
    if bar.value is None:
        return [*marks, _line_mark(0, down + 9, 100, down + 9, SOFT_INK, dash="3 5")]
    marks.append(_rect(0, down, 100 * bar.value / top, 18, SERIES_COLOURS[0]))
    if bar.low is not None and bar.high is not None:
        left, right = 100 * bar.low / top, 100 * bar.high / top
        # White under ink, so that the whisker shows on the bar and beyond it.
        for colour, width in (("#ffffff", 5), (INK, 2)):
            marks.append(_line_mark(left, down + 9, right, down + 9, colour, width))
            marks.append(_line_mark(left, down + 4, left, down + 14, colour, width))
            marks.append(_line_mark(right, down + 4, right, down + 14, colour, width))
    return marks


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


def _grid(minimum: float, maximum: float, unit: str, top: int, bottom: int) -> list[str]:
    parts = []
    for step in range(5):
        down = bottom - (bottom - top) * step / 4
        value = minimum + (maximum - minimum) * step / 4
        parts.append(_line_mark(14, down, 100, down, RULE))
        parts.append(_text(12, down + 5, amount(value, unit), fill=SOFT_INK, anchor="end"))
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
            parts.append(_line_mark(*last, across, down, colour, 3, DASHES[order]))
        if point.low is not None and point.high is not None:
            parts.append(
                _line_mark(across, height(point.low), across, height(point.high), colour, 2)
            )
            for end in (point.low, point.high):
                parts.append(_cap(across, height(end), colour))
        last = (across, down)
    for place, point in zip(places, one.points, strict=True):
        if point is not None:
            across, down = place + aside, height(point.value)
            parts.append(_marker(order, across, down, colour))
            if count == 1:
                parts.append(_beside(across, down, amount(point.value, unit), colour))
    return parts


def _key(label: str, order: int, down: float) -> list[str]:
    colour = SERIES_COLOURS[order]
    return [
        f'<svg x="0" y="{_n(down - 6)}" overflow="visible">'
        f'<line x1="0" x2="36" y1="0" y2="0" stroke="{colour}" stroke-width="3"'
        + (f' stroke-dasharray="{DASHES[order]}"' if DASHES[order] else "")
        + f'/><g transform="translate(18 0)">{_shape(order, colour)}</g>'
        f'<text x="46" y="5" font-size="{TEXT}" fill="{INK}">{escape(label)}</text></svg>'
    ]


def _share(count: int | None, whole: int | None) -> str:
    return "" if count is None or not whole else amount(100 * count / whole, "%")


def _shape(order: int, colour: str) -> str:
    shapes = (
        '<circle r="6"',
        '<rect x="-6" y="-6" width="12" height="12"',
        '<path d="M0 -8 7.500 6H-7.500z"',
        '<path d="M0 -8 8 0 0 8 -8 0z"',
    )
    return f'{shapes[order]} fill="{colour}" stroke="#ffffff" stroke-width="1.500"/>'


def _marker(order: int, across: float, down: float, colour: str) -> str:
    return f'<svg x="{_n(across)}%" y="{_n(down)}" overflow="visible">{_shape(order, colour)}</svg>'


def _cap(across: float, down: float, colour: str) -> str:
    return (
        f'<svg x="{_n(across)}%" y="{_n(down)}" overflow="visible">'
        f'<line x1="-5" x2="5" y1="0" y2="0" stroke="{colour}" stroke-width="2"/></svg>'
    )


def _beside(across: float, down: float, text: str, colour: str) -> str:
    return (
        f'<svg x="{_n(across)}%" y="{_n(down)}" overflow="visible"><text x="11" y="5"'
        f' font-size="{TEXT}" font-weight="700" fill="{colour}">{escape(text)}</text></svg>'
    )


def _text(
    across: float,
    down: float,
    text: str,
    *,
    fill: str = INK,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{_n(across)}%" y="{_n(down)}" font-size="{TEXT}" font-weight="{weight}"'
        f' fill="{fill}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _rect(across: float, down: float, wide: float, high: float, fill: str) -> str:
    return (
        f'<rect x="{_n(across)}%" y="{_n(down)}" width="{_n(wide)}%" height="{_n(high)}"'
        f' rx="3" fill="{fill}"/>'
    )


def _line_mark(
    x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1, dash: str = ""
) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{_n(x1)}%" y1="{_n(y1)}" x2="{_n(x2)}%" y2="{_n(y2)}"'
        f' stroke="{colour}" stroke-width="{_n(width)}"{dashes}/>'
    )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _drawing(
    title: str,
    description: str,
    parts: Sequence[str],
    height: float,
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
) -> Drawing:
    inside = "".join(parts)
    # Two charts on a page must not share an id; the same chart must not change its own.
    mark = sha256(f"{title}|{description}|{inside}".encode()).hexdigest()[:10]
    svg = (
        f'<svg width="100%" height="{_n(height)}" class="cw-chart" role="img" direction="ltr"'
        f' font-family="Atkinson Hyperlegible Next, Noto Sans, Arial, sans-serif"'
        f' aria-labelledby="chart-{mark}-t chart-{mark}-d">'
        f'<title id="chart-{mark}-t">{escape(title)}</title>'
        f'<desc id="chart-{mark}-d">{escape(description)}</desc>{inside}</svg>'
    )
    # Every label went through `escape`; what is left are our own tags and numbers.
    return Drawing(SafeString(svg), title, description, columns, rows, round(height))
