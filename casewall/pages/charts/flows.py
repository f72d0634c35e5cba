"""How many came how far: bars for stages, and boxes with those who were lost on the way."""

from collections.abc import Sequence
from typing import NamedTuple

from casewall.pages.charts.marks import (
    GROUND,
    INK,
    LINE,
    NOT_SHOWN,
    RULE,
    SERIES_COLOURS,
    SOFT_INK,
    Drawing,
    drawing,
    line_mark,
    placed,
    rect,
    share,
    text_at,
    wrapped,
)

STEM = 6.0
"""Where the way from box to box runs, in percent of the width."""
INSET = 12
BOX_LETTERS = 32


class Stage(NamedTuple):
    """How many came this far; None when the number may not be shown."""

    label: str
    count: int | None  # type: ignore[assignment]  # a tuple counts too
    note: str = ""


def flow_chart(*, title: str, description: str, stages: Sequence[Stage]) -> Drawing:
    """How many reach each stage, as centred bars with shares of the first and of the one before.

    Raises ValueError for a negative count, or one that is larger than the first.
    """
    first = stages[0].count if stages else None
    parts, rows, down, before = [], [], 4, None
    for stage in stages:
        if stage.count is not None and (stage.count < 0 or (first and stage.count > first)):
            raise ValueError(f"{stage.label}: {stage.count} cannot be a part of {first}")
        of_first, of_before = share(stage.count, first), share(stage.count, before)
        for text in wrapped(stage.label):
            parts.append(text_at(0, down + 15, text, weight=700))
            down += LINE
        counted = NOT_SHOWN if stage.count is None else f"{stage.count:,}"
        said = counted + (f", {of_first} of the first" if of_first and before is not None else "")
        parts.append(text_at(0, down + 14, said, fill=SOFT_INK))
        down += LINE + 3
        parts.append(rect(0, down, 100, 18, GROUND))
        if stage.count is None:
            parts.append(line_mark(0, down + 9, 100, down + 9, SOFT_INK, dash="3 5"))
        elif first:
            wide = 100 * stage.count / first
            parts.append(rect(50 - wide / 2, down, wide, 18, SERIES_COLOURS[0]))
        down += 32
        rows.append((stage.label, counted, of_first, of_before, stage.note))
        before = stage.count
    columns = ("Stage", "People", "Of the first", "Of the one before", "Note")
    return drawing(title, description, parts, down, columns, tuple(rows))


Counted = int | str
"""A number of persons, or the text that stands for one that may not be shown."""


class Box(NamedTuple):
    """A step of a flow diagram, and who was lost before the next: pairs of reason and number."""

    label: str
    persons: Counted
    lost: Sequence[tuple[str, Counted]] = ()
    note: str = ""


class Moment(NamedTuple):
    """What became of everybody at a time point: answered, asked in vain (why), not asked."""

    label: str
    answered: Counted
    silent: Sequence[tuple[str, Counted]]
    not_asked: Counted


def flow_diagram(
    *, title: str, description: str, boxes: Sequence[Box], moments: Sequence[Moment] = ()
) -> Drawing:
    """Boxes from top to bottom, those lost between two of them aside with the reasons, and under
    them how many of the first box answered at each time point.

    One column, so that it can be read on a phone. Raises ValueError without a box.
    """
    if not boxes:
        raise ValueError("a flow diagram needs at least one box")
    parts: list[str] = []
    down = 2.0
    for number, box in enumerate(boxes):
        parts_here, down = _box(box, down)
        parts += parts_here
        if number < len(boxes) - 1:
            parts_here, down = _way_on(box, down)
            parts += parts_here
    for moment in moments:
        parts_here, down = _moment(moment, down + 18)
        parts += parts_here
    columns = ("", "People", "Lost, or without an answer", "Why", "Note")
    rows = [
        (box.label, _said(box.persons), _total(box.lost), _reasons(box.lost), box.note)
        for box in boxes
    ]
    rows += [
        (
            f"Answered: {moment.label}",
            _said(moment.answered),
            _total(moment.silent) or "0",
            _reasons(moment.silent),
            f"Not asked: {_said(moment.not_asked)}",
        )
        for moment in moments
    ]
    return drawing(title, description, parts, down + 4, columns, tuple(rows))


def _box(box: Box, down: float) -> tuple[list[str], float]:
    lines = wrapped(box.label, BOX_LETTERS)
    notes = wrapped(box.note, BOX_LETTERS) if box.note else []
    high = LINE * (len(lines) + 1 + len(notes)) + 16
    parts = [rect(0, down, 86, high, "#ffffff", edge=SERIES_COLOURS[0])]
    at = down + 6 + LINE - 4
    for text in lines:
        parts.append(text_at(0, at, text, weight=700, inset=INSET))
        at += LINE
    parts.append(text_at(0, at, f"n = {_said(box.persons)}", inset=INSET))
    for text in notes:
        at += LINE
        parts.append(text_at(0, at, text, fill=SOFT_INK, inset=INSET))
    return parts, down + high


def _way_on(box: Box, down: float) -> tuple[list[str], float]:
    """The stem to the next box, and beside it the box of those who were lost."""
    parts: list[str] = []
    end = down + 30.0
    if box.lost:
        total = _total(box.lost)
        said = [f"Lost here: {total}" if total and len(box.lost) > 1 else "Lost here"]
        said += [line for reason, count in box.lost
                 for line in wrapped(f"{_said(count)} {reason}", BOX_LETTERS - 2)]
        high = LINE * len(said) + 14
        top = down + 12
        parts.append(line_mark(STEM, top + high / 2, 14, top + high / 2, SOFT_INK, 2))
        parts.append(rect(14, top, 86, high, GROUND, edge=RULE))
        for turn, text in enumerate(said):
            parts.append(text_at(14, top + 6 + LINE * (turn + 1) - 4, text, inset=INSET,
                                 fill=INK if turn == 0 else SOFT_INK,
                                 weight=700 if turn == 0 else 400))
        end = top + high + 14
    parts.append(line_mark(STEM, down, STEM, end, SOFT_INK, 2))
    parts.append(placed(STEM, end, f'<path d="M-6 -9h12L0 0z" fill="{SOFT_INK}"/>'))
    return parts, end


def _moment(moment: Moment, down: float) -> tuple[list[str], float]:
    parts = []
    for text in wrapped(moment.label, BOX_LETTERS):
        parts.append(text_at(0, down + 15, text, weight=700))
        down += LINE
    silent = _total(moment.silent)
    said = f"{_said(moment.answered)} answered, "
    said += f"{silent} asked in vain, " if silent else "" if moment.silent else "0 asked in vain, "
    for text in wrapped(said + f"{_said(moment.not_asked)} not asked", BOX_LETTERS + 6):
        parts.append(text_at(0, down + 14, text, fill=SOFT_INK))
        down += LINE
    down += 3
    parts.append(rect(0, down, 100, 18, GROUND))
    numbers = [moment.answered, *(count for _, count in moment.silent), moment.not_asked]
    if any(isinstance(one, str) for one in numbers):
        parts.append(line_mark(0, down + 9, 100, down + 9, SOFT_INK, dash="3 5"))
    else:
        parts += _answer_bar([int(one) for one in numbers], down)
    down += 24
    for reason, count in moment.silent:
        for text in wrapped(f"{_said(count)} {reason}", BOX_LETTERS + 6):
            parts.append(text_at(0, down + 14, text, fill=SOFT_INK))
            down += LINE
    return parts, down


def _answer_bar(numbers: list[int], down: float) -> list[str]:
    """Full: answered; a line through the middle: asked in vain; empty: not asked."""
    whole = sum(numbers)
    if not whole:
        return []
    answered = 100 * numbers[0] / whole
    asked = answered + 100 * sum(numbers[1:-1]) / whole
    parts = [rect(0, down, answered, 18, SERIES_COLOURS[0])]
    if asked > answered:
        parts.append(line_mark(answered, down + 9, asked, down + 9, SERIES_COLOURS[1], 6, "6 3"))
    return parts


def _said(count: Counted) -> str:
    return count if isinstance(count, str) else f"{count:,}"


def _total(lost: Sequence[tuple[str, Counted]]) -> str:
    """The sum; nothing where one of the numbers is hidden, or there is none."""
    if not lost or any(isinstance(count, str) for _, count in lost):
        return lost[0][1] if len(lost) == 1 else ""  # type: ignore[return-value]
    return _said(sum(int(count) for _, count in lost))


def _reasons(lost: Sequence[tuple[str, Counted]]) -> str:
    return "; ".join(f"{reason} {_said(count)}" for reason, count in lost)
