"""A report: a table with all that stands around it, in each of its forms."""

from __future__ import annotations

import json
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from casewall.outcomes.cards import Pack
from casewall.outcomes.matched.doubts import Doubt
from casewall.outcomes.suppress import Released
from casewall.reporting.document import as_pdf
from casewall.reporting.page import as_html
from casewall.reporting.render import Table, analyses_as_text, as_csv, as_json, as_text
from casewall.reporting.sheet import as_xlsx

FORMATS = ("text", "json", "csv", "xlsx", "html", "pdf")
DRAWN = ("html", "pdf")
"""The formats that hold diagrams and charts."""
BINARY = ("xlsx", "pdf")
"""The formats that no terminal can show."""
DOUBTS = "Prints that are inconsistent, or leave out what a check needs"


@dataclass(frozen=True, slots=True)
class Report:
    """A table with its title, its cards and the lines that stand above it.

    ``flows`` and ``series`` are what diagrams and charts are drawn from; ``analyses`` stand
    beside the figures and are in no release; ``doubts`` are the prints that do not agree with
    themselves.
    """

    pack: Pack
    title: str
    about: Mapping[str, str]
    table: Table
    flows: Sequence[Mapping[str, Any]] = ()
    series: Sequence[Mapping[str, Any]] = ()
    analyses: Sequence[Mapping[str, Any]] = ()
    doubts: Sequence[Doubt] = ()


def as_bytes(report: Report, form: str) -> bytes:
    """The report as one of `FORMATS`. Raises `CannotSet` and `CannotDraw` for a page that
    cannot be drawn."""
    release = isinstance(report.table, Released)
    if form == "csv":
        return as_csv(report.table, release=release)
    if form == "json":
        return _json(report, release).encode()
    if form == "text":
        text = as_text(report.table, title=report.title, about=report.about, release=release)
        return (text + analyses_as_text(report.analyses) + _listed(report.doubts)).encode()
    about = {**report.about, **{f"Print {number}": _doubt(doubt)
                                for number, doubt in enumerate(report.doubts, 1)}}
    whole: dict[str, Any] = {
        "pack": report.pack, "title": report.title, "about": about, "release": release}
    if form == "xlsx":
        return as_xlsx(report.table, analyses=report.analyses, **whole)
    drawn = {"flows": report.flows, "series": report.series, "analyses": report.analyses}
    if form == "pdf":
        return as_pdf(report.table, **whole, **drawn)
    return as_html(report.table, **whole, **drawn).encode()


def _json(report: Report, release: bool) -> str:
    """The table's own JSON, with ``analyses`` and the doubts as ``inconsistent`` where there are
    any."""
    written = as_json(report.table, title=report.title, about=report.about, release=release)
    more: dict[str, Any] = {}
    if report.analyses:
        more["analyses"] = list(report.analyses)
    if report.doubts:
        more["inconsistent"] = [asdict(doubt) for doubt in report.doubts]
    if not more:
        return written
    whole = {**json.loads(written), **more}
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _doubt(doubt: Doubt) -> str:
    return f"{doubt.pack}, {', '.join(doubt.rows)}: {doubt.says}"


def _listed(doubts: Sequence[Doubt], width: int = 100) -> str:
    """The prints that are inconsistent, to stand under a table."""
    if not doubts:
        return ""
    lines = ["", DOUBTS, "-" * len(DOUBTS)]
    for doubt in doubts:
        lines += textwrap.wrap(_doubt(doubt), width, initial_indent="- ", subsequent_indent="  ")
    return "\n".join(lines) + "\n"


def write_whole(path: Path, written: bytes) -> None:
    """Put a file in its place whole, for its owner's eyes only; a reader never sees half of it."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-",
                                     delete=False) as beside:
        kept = Path(beside.name)
        try:
            beside.write(written)
            beside.flush()
            kept.replace(path)
        except BaseException:
            kept.unlink(missing_ok=True)
            raise
