"""What every chart is made of: marks, words and the finished drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

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
OWN_MARK = "\x00"
"""Stands in a chart's parts for the mark that makes its ids its own."""


@dataclass(frozen=True)
class Drawing:
    """A chart and its numbers: `columns` and `rows` (of strings) say what `svg` shows."""

    svg: SafeString
    title: str
    description: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    height: int


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


def interval_words(low: float | None, high: float | None, unit: str) -> str:
    if low is None or high is None:
        return ""
    return f"{amount(low, '')} to {amount(high, unit)}"


def share(count: int | None, whole: int | None) -> str:
    return "" if count is None or not whole else amount(100 * count / whole, "%")


def key(label: str, order: int, down: float) -> list[str]:
    colour = SERIES_COLOURS[order]
    return [
        f'<svg x="0" y="{num(down - 6)}" overflow="visible">'
        f'<line x1="0" x2="36" y1="0" y2="0" stroke="{colour}" stroke-width="3"'
        + (f' stroke-dasharray="{DASHES[order]}"' if DASHES[order] else "")
        + f'/><g transform="translate(18 0)">{shape(order, colour)}</g>'
        f'<text x="46" y="5" font-size="{TEXT}" fill="{INK}">{escape(label)}</text></svg>'
    ]


def shape(order: int, colour: str) -> str:
    shapes = (
        '<circle r="6"',
        '<rect x="-6" y="-6" width="12" height="12"',
        '<path d="M0 -8 7.500 6H-7.500z"',
        '<path d="M0 -8 8 0 0 8 -8 0z"',
    )
    return f'{shapes[order]} fill="{colour}" stroke="#ffffff" stroke-width="1.500"/>'


def marker(order: int, across: float, down: float, colour: str) -> str:
    return placed(across, down, shape(order, colour))


def cap(across: float, down: float, colour: str) -> str:
    return (
        f'<svg x="{num(across)}%" y="{num(down)}" overflow="visible">'
        f'<line x1="-5" x2="5" y1="0" y2="0" stroke="{colour}" stroke-width="2"/></svg>'
    )


def beside(across: float, down: float, text: str, colour: str) -> str:
    return (
        f'<svg x="{num(across)}%" y="{num(down)}" overflow="visible"><text x="11" y="5"'
        f' font-size="{TEXT}" font-weight="700" fill="{colour}">{escape(text)}</text></svg>'
    )


def text_at(
    across: float,
    down: float,
    text: str,
    *,
    fill: str = INK,
    weight: int = 400,
    anchor: str = "start",
    inset: float = 0,
) -> str:
    aside = f' dx="{num(inset)}"' if inset else ""
    return (
        f'<text x="{num(across)}%" y="{num(down)}"{aside} font-size="{TEXT}"'
        f' font-weight="{weight}" fill="{fill}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def rect(
    across: float,
    down: float,
    wide: float,
    high: float,
    fill: str,
    *,
    edge: str = "",
    opacity: float = 1,
    corner: float = 3,
) -> str:
    more = f' stroke="{edge}"' if edge else ""
    more += f' fill-opacity="{num(opacity)}"' if opacity < 1 else ""
    more += f' rx="{num(corner)}"' if corner else ""
    return (
        f'<rect x="{num(across)}%" y="{num(down)}" width="{num(wide)}%" height="{num(high)}"'
        f'{more} fill="{fill}"/>'
    )


def placed(across: float, down: float, inside: str) -> str:
    """Marks in pixels around a place that is given in percent of the width."""
    return f'<svg x="{num(across)}%" y="{num(down)}" overflow="visible">{inside}</svg>'


def line_mark(
    x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1, dash: str = ""
) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{num(x1)}%" y1="{num(y1)}" x2="{num(x2)}%" y2="{num(y2)}"'
        f' stroke="{colour}" stroke-width="{num(width)}"{dashes}/>'
    )


def num(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def drawing(
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
    inside = inside.replace(OWN_MARK, mark)
    svg = (
        f'<svg width="100%" height="{num(height)}" class="cw-chart" role="img" direction="ltr"'
        f' font-family="Atkinson Hyperlegible Next, Noto Sans, Arial, sans-serif"'
        f' aria-labelledby="chart-{mark}-t chart-{mark}-d">'
        f'<title id="chart-{mark}-t">{escape(title)}</title>'
        f'<desc id="chart-{mark}-d">{escape(description)}</desc>{inside}</svg>'
    )
    # Every label went through `escape`; what is left are our own tags and numbers.
    return Drawing(SafeString(svg), title, description, columns, rows, round(height))
