"""Answers stacked to a whole: how many chose which answer."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import escape

from casewall.pages.charts.marks import (
    GROUND,
    INK,
    LINE,
    OWN_MARK,
    SERIES_COLOURS,
    SOFT_INK,
    TEXT,
    Drawing,
    drawing,
    line_mark,
    num,
    placed,
    rect,
    share,
    text_at,
    wrapped,
)

_TEAL, _RUST, _PLUM, _SEA = SERIES_COLOURS
_WORDS_FROM = 13.0
"""A part of so many percent of the width has room for its number."""

# Fill, and where it is not even, the strokes of its pattern: apart in print and without colour.
_FILLS = (
    (_TEAL, ""),
    ("#dcebea", f'<path d="M0 8L8 0" stroke="{_TEAL}" stroke-width="2"/>'),
    ("#ffffff", f'<circle cx="4" cy="4" r="1.2" fill="{SOFT_INK}"/>'),
    ("#f7e3da", f'<path d="M0 0L8 8" stroke="{_RUST}" stroke-width="2"/>'),
    (_RUST, ""),
    ("#efe6f5", f'<path d="M0 4H8" stroke="{_PLUM}" stroke-width="2"/>'),
    ("#e1ecf3", f'<path d="M4 0V8" stroke="{_SEA}" stroke-width="2"/>'),
)
MOST = len(_FILLS)


class Stack(NamedTuple):
    """How many gave each answer, in the order of the answers; None where it may not be shown."""

    label: str
    counts: Sequence[int] | None
    note: str = ""


def stacked_chart(
    *, title: str, description: str, answers: Sequence[str], stacks: Sequence[Stack]
) -> Drawing:
    """A bar of full width for each question or group, parted by its answers.

    Raises ValueError for more answers than patterns, or a stack with another number of counts.
    """
    if not 0 < len(answers) <= MOST:
        raise ValueError(f"between 1 and {MOST} answers can be told apart, not {len(answers)}")
    parts = [_patterns()]
    down = 4.0
    for stack in stacks:
        if stack.counts is not None and len(stack.counts) != len(answers):
            raise ValueError(
                f"{stack.label}: {len(stack.counts)} counts for {len(answers)} answers")
        for text in wrapped(stack.label):
            parts.append(text_at(0, down + 15, text, weight=700))
            down += LINE
        said = "not shown" if stack.counts is None else f"n = {sum(stack.counts):,}"
        for text in wrapped(f"{said}, {stack.note}" if stack.note else said):
            parts.append(text_at(0, down + 14, text, fill=SOFT_INK))
            down += LINE
        parts += _stack(stack, down + 3)
        down += 44
    for order, answer in enumerate(answers):
        for turn, text in enumerate(wrapped(answer, 34)):
            parts.append(placed(0, down, (_swatch(order) if turn == 0 else "") + _said(text)))
            down += 24 if turn == 0 else LINE
    columns = ("", *answers, "n", "Note")
    rows = tuple((stack.label, *_cells(stack, len(answers)), stack.note) for stack in stacks)
    return drawing(title, description, parts, down + 6, columns, rows)


def _cells(stack: Stack, width: int) -> list[str]:
    if stack.counts is None:
        return ["not shown"] * width + [""]
    whole = sum(stack.counts)
    return [f"{count:,} ({share(count, whole)})" if whole else "0" for count in stack.counts] + [
        f"{whole:,}"]


def _stack(stack: Stack, down: float) -> list[str]:
    parts = [rect(0, down, 100, 26, GROUND)]
    if stack.counts is None:
        return [*parts, line_mark(0, down + 13, 100, down + 13, SOFT_INK, dash="3 5")]
    whole, across = sum(stack.counts), 0.0
    for order, count in enumerate(stack.counts):
        wide = 100 * count / whole if whole else 0.0
        if count:
            parts.append(rect(across, down, wide, 26, _fill(order), edge="#ffffff", corner=0))
        if wide >= _WORDS_FROM:
            parts.append(placed(across + wide / 2, down + 13, _number(count, order)))
        across += wide
    return parts


def _number(count: int, order: int) -> str:
    """White on a full colour; dark on a white plate over a pattern."""
    full = not _FILLS[order][1]
    said = f"{count:,}"
    half = 5 * len(said) + 5
    white = f'<rect x="-{half}" y="-10" width="{2 * half}" height="20" fill="#ffffff"/>'
    plate = "" if full else white
    return (f'{plate}<text y="5" font-size="{TEXT}" font-weight="700" text-anchor="middle"'
            f' fill="{"#ffffff" if full else INK}">{said}</text>')


def _fill(order: int) -> str:
    fill, strokes = _FILLS[order]
    return f"url(#chart-{OWN_MARK}-p{order})" if strokes else fill


def _swatch(order: int) -> str:
    return (f'<rect x="0" y="2" width="30" height="18" fill="{_fill(order)}" stroke="{SOFT_INK}"'
            f' stroke-width="{num(1)}"/>')


def _said(text: str) -> str:
    return f'<text x="42" y="17" font-size="{TEXT}" fill="{INK}">{escape(text)}</text>'


def _patterns() -> str:
    made = [
        f'<pattern id="chart-{OWN_MARK}-p{order}" width="8" height="8"'
        f' patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="{fill}"/>{strokes}'
        "</pattern>"
        for order, (fill, strokes) in enumerate(_FILLS)
        if strokes
    ]
    return f"<defs>{''.join(made)}</defs>"
