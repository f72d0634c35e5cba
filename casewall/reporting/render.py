"""A table of figures as text, JSON, CSV, and as the structure that a page is made of.

Every way shows what a figure must carry. With ``release=True`` only a table that has passed
disclosure control is accepted; any other is marked as internal, so that a copy on somebody's
desk still says what it is.
"""

import csv
import io
import json
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from casewall.outcomes.figures import (
    INCIDENT_CHANGE,
    KEYS,
    PERCENT,
    PERCENT_CHANGE,
    STATEMENT,
    Figure,
    as_dict,
)
from casewall.outcomes.suppress import Released, ReleaseError
from casewall.vault.clean import neutralise, proved

INTERNAL = "Internal: not under disclosure control, not for release."
ABSENT = "–"

Table = Released | Sequence[Figure]
About = Mapping[str, str]
"""Lines that stand under the title: service, period, as-of date and the like."""

COLUMNS = (
    ("label", "Figure"),
    ("printed", "Printed"),
    ("computed", "Computed"),
    ("interval", "95% interval"),
    ("n_of_n", "n/N"),
    ("missing", "Missing"),
    ("response_rate", "Response"),
    ("bounds", "Bounds"),
    ("source", "Source"),
)
"""Key and heading of each column of a rendered table."""

_SPREAD = {"interval": ("interval_low", "interval_high"), "bounds": ("bounds_low", "bounds_high")}


def as_text(
    table: Table, *, title: str, about: About | None = None, release: bool = False, width: int = 100
) -> str:
    """For a terminal or a plain e-mail. Raises ReleaseError, see ``release``."""
    figures, rule = opened(table, release)
    lines = [title, "=" * len(title)]
    lines += [f"{name}: {value}" for name, value in (about or {}).items()]
    lines += [*textwrap.wrap(rule, width), ""]
    for figure in figures:
        row = _row(figure)
        lines += textwrap.wrap(row["label"], width)
        facts = [
            f"{heading} {row[key]}"
            for key, heading in COLUMNS[1:]
            if row[key] != ABSENT or key == "n_of_n"
        ]
        lines += textwrap.wrap("; ".join(facts), width, initial_indent="  ", subsequent_indent="  ")
        if figure.note:
            lines += textwrap.wrap(
                figure.note, width, initial_indent="  Note: ", subsequent_indent="  "
            )
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def as_json(table: Table, *, title: str, about: About | None = None, release: bool = False) -> str:
    """``{"title", "about", "released", "rule", "figures": [...]}``; every key of a figure is
    there, null where it does not apply. Raises ReleaseError, see ``release``."""
    figures, rule = opened(table, release)
    whole = {
        "title": title,
        "about": dict(about or {}),
        "released": isinstance(table, Released),
        "rule": rule,
        "figures": [as_dict(figure) for figure in figures],
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def as_csv(table: Table, *, release: bool = False) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets read the letters right; one row a
    figure, intervals and bounds in two columns each, empty where a key does not apply.

    Texts that a spreadsheet would calculate are neutralised; numbers are numbers, also below
    zero. Raises ReleaseError, see ``release``.
    """
    figures, rule = opened(table, release)
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([name for key in KEYS for name in _SPREAD.get(key, (key,))] + ["rule"])
    for figure in figures:
        cells: list[object] = []
        for key in KEYS:
            value = getattr(figure, key)
            cells += value or (None, None) if key in _SPREAD else [value]
        writer.writerow([_cell(cell) for cell in [*cells, rule]])
    return proved(b"\xef\xbb\xbf" + written.getvalue().encode("utf-8"), "csv")


def as_html_context(
    table: Table, *, title: str, about: About | None = None, release: bool = False
) -> dict[str, Any]:
    """What a template needs: title, about lines, rule, columns and rows of ready texts. Each row
    also has id, definition, note and suppressed. Raises ReleaseError, see ``release``."""
    figures, rule = opened(table, release)
    return {
        "title": title,
        "about": list((about or {}).items()),
        "released": isinstance(table, Released),
        "rule": rule,
        "columns": [{"key": key, "heading": heading} for key, heading in COLUMNS],
        "rows": [_row(figure) for figure in figures],
    }


def opened(table: Table, release: bool) -> tuple[Sequence[Figure], str]:
    """The figures and the sentence on how they may be used."""
    if isinstance(table, Released):
        return table.figures, table.rule
    if release:
        raise ReleaseError("only a table that has passed disclosure control is released")
    return table, INTERNAL


def _cell(value: object) -> object:
    return neutralise(value) if isinstance(value, str) else value


def _row(figure: Figure) -> dict[str, Any]:
    return {
        "id": figure.id,
        "label": figure.label,
        "printed": _written(figure.printed),
        "computed": _computed(figure),
        "interval": _pair(figure.interval),
        "n_of_n": _n_of_n(figure),
        "missing": _written(figure.missing),
        "response_rate": _percent(figure.response_rate),
        "bounds": _pair(figure.bounds),
        "source": figure.source,
        "definition": figure.definition,
        "note": figure.note or "",
        "suppressed": figure.suppressed,
    }


def _computed(figure: Figure) -> str:
    if figure.unit == STATEMENT:
        return "figure without denominator"
    if figure.value is None:
        return ABSENT
    if figure.unit == PERCENT:
        return _percent(figure.value)
    if figure.unit in (PERCENT_CHANGE, INCIDENT_CHANGE):
        return signed_percent(figure.value)
    return f"{_written(figure.value)} {figure.unit}"


def _n_of_n(figure: Figure) -> str:
    if figure.numerator is None and figure.denominator is None:
        return ABSENT
    if figure.denominator is None:
        return _written(figure.numerator)
    return f"{_written(figure.numerator)}/{_written(figure.denominator)}"


def signed_percent(value: float) -> str:
    """A change in percent with its sign: +40%, −29%."""
    if value == 0:
        return "0%"
    return f"{'−' if value < 0 else '+'}{_written(abs(value))}%"


def _percent(value: float | None) -> str:
    return ABSENT if value is None else f"{_written(value)}%"


def _pair(pair: tuple[float, float] | None) -> str:
    return ABSENT if pair is None else f"{_written(pair[0])} to {_written(pair[1])}"


def _written(value: float | str | None) -> str:
    """Numbers with thousands apart and no more decimals than they have."""
    if value is None:
        return ABSENT
    if isinstance(value, str):
        return value
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def analyses_as_text(analyses: Sequence[Mapping[str, Any]], width: int = 100) -> str:
    """The analyses under the figures, for a terminal: each row as its label and its cells."""
    lines: list[str] = []
    for told in analyses:
        lines += ["", told["heading"], "-" * len(told["heading"]),
                  *textwrap.wrap(told["says"], width)]
        for label, *cells in told["rows"]:
            named = zip(told["columns"][1:], cells, strict=True)
            lines.append(label)
            lines += textwrap.wrap("; ".join(f"{head} {cell}" for head, cell in named), width,
                                   initial_indent="    ", subsequent_indent="    ")
        for sentence in told["warnings"]:
            lines += textwrap.wrap(sentence, width, initial_indent="! ", subsequent_indent="  ")
    return "\n".join(lines) + "\n" if lines else ""
