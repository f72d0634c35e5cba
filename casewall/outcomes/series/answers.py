"""Answers to single questions, stacked to a whole."""

from __future__ import annotations

from typing import Any

from casewall.outcomes.extract import Answer, Extract
from casewall.outcomes.series.words import (
    ORDER,
    WHO,
    Series,
    in_order,
    plain,
    shown,
    wave_words,
)
from casewall.outcomes.suppress import LEAST_FOR_PERCENT, Cell

MOST_ANSWERS = 7
NOT_AN_ANSWER = ("prefer-not-to-say", "not-asked", None)
SAYS = (
    "Each bar is everybody who answered the question at its last time point. Those who were asked "
    "and did not answer are in no part; they stand in words beside it."
)

Rows = list[Answer]


def answers(extract: Extract, *, release: bool) -> list[Series]:
    """A chart for each measure, source and set of answers; questions with more answers than can
    be told apart are left out."""
    by_item: dict[tuple[str, str, str], Rows] = {}
    for row in extract.answers:
        by_item.setdefault((row.measure, row.source, row.item), []).append(row)
    charts: dict[tuple[str, str, tuple[str, ...]], list[dict[str, Any]]] = {}
    for (measure, source, item), rows in sorted(by_item.items()):
        last = max((row.wave for row in rows if row.code not in NOT_AN_ANSWER),
                   key=ORDER.index, default=None)
        if last is None:
            continue
        here = [row for row in rows if row.wave == last]
        codes = tuple(in_order({row.code for row in here if row.code not in NOT_AN_ANSWER}))
        if len(codes) <= MOST_ANSWERS:
            charts.setdefault((measure, source, _family(codes)), []).append(
                _row(measure, item, here, release=release))
    return [_chart(*named, rows, list(charts)) for named, rows in charts.items()]


def _family(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The whole set of answers to which these belong, so that like questions share a chart."""
    for family in _FAMILIES:
        if set(codes) <= set(family):
            return family
    return codes


_FAMILIES = (
    ("yes", "no"),
    ("yes", "no", "no-children"),
    ("strongly-agree", "agree", "neither", "disagree", "strongly-disagree"),
    ("never", "once", "sometimes", "often", "daily"),
    ("0", "1", "2", "3", "4"),
)


def _row(measure: str, item: str, rows: Rows, *, release: bool) -> dict[str, Any]:
    codes = [row.code for row in rows if row.code not in NOT_AN_ANSWER]
    silent = len(rows) - len(codes)
    name = item.removeprefix(f"{measure}-")
    label = f"Question {name}" if name.isdigit() else plain(name)
    note = f"{wave_words(rows[0].wave)}; {shown(silent, release=release)} asked in vain"
    return {"label": label, "codes": codes, "note": note, "release": release}


def _chart(measure: str, source: str, codes: tuple[str, ...], rows: list[dict[str, Any]],
           charts: list[tuple[str, str, tuple[str, ...]]]) -> Series:
    title = f"{plain(measure)}: what the {WHO[source].lower()}s answered"
    alike = [one for one in charts if one[:2] == (measure, source)]
    if len(alike) > 1:
        title += f" ({', '.join(plain(code).lower() for code in codes)})"
    return {
        "kind": "stacked",
        "title": title,
        "description": SAYS,
        "answers": [plain(code) for code in codes],
        "rows": [{"label": row["label"], "note": row["note"],
                  "counts": _counts(row["codes"], codes, release=row["release"])}
                 for row in rows],
    }


def _counts(given: list[str], codes: tuple[str, ...], *, release: bool) -> list[int] | None:
    """The counts; in a release None where the group, or any part of it, is too small."""
    counts = [given.count(code) for code in codes]
    if not release:
        return counts
    cells = [Cell(count) for count in counts]
    if len(given) < LEAST_FOR_PERCENT or any(cell.hidden for cell in cells):
        return None
    return [cell.rounded for cell in cells]
