"""A table of figures as a tagged PDF (PDF/UA-1): figures, charts, definitions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from casewall.outcomes.cards import Pack
from casewall.outcomes.figures import Figure
from casewall.outcomes.suppress import Released
from casewall.pages.charts import Drawing, standalone
from casewall.reporting.drawings import Told, all_drawings
from casewall.reporting.render import ABSENT, About, Table, as_html_context
from casewall.vault.clean import proved

HERE = Path(__file__).parent
PAPER = HERE / "figures.typ"
FONTS = HERE.parent / "programme" / "reports" / "fonts"
"""The fonts that every PDF of ours is set in."""

WIDTHS = {"printed": 2.8, "computed": 2.8, "interval": 2.6, "bounds": 2.6}
"""Centimetres of the columns whose texts would otherwise take the room of the labels."""

DRAWN_WIDE = 720
"""Pixels that a chart is drawn in, so that its words are near the size of the text on paper."""
WIDEST, TALLEST = 17.0, 21.5
"""Centimetres that a chart may take on a page."""


class CannotSet(ValueError):
    """The table cannot be set as a PDF; says why."""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=[str(FONTS)])


def as_pdf(table: Table, *, pack: Pack, title: str, about: About | None = None,
           release: bool = False, flows: Iterable[Told] = (), series: Iterable[Told] = (),
           analyses: Sequence[Told] = ()) -> bytes:
    """The PDF; arguments as those of `page.as_html`.

    Raises `ReleaseError` as the other ways of writing a table do, `CannotDraw`, and `CannotSet`
    where no font has a letter of the text.
    """
    given = told(table, pack=pack, title=title, about=about, release=release, flows=flows,
                 series=series, analyses=analyses)
    try:
        made: bytes = typst.compile(
            PAPER,
            root=HERE,
            font_paths=_fonts(),
            sys_inputs={"told": json.dumps(given, ensure_ascii=False)},
            format="pdf",
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as problem:
        raise CannotSet(f"The PDF cannot be made: {problem.message}") from problem
    return proved(made, "pdf")


def told(table: Table, *, pack: Pack, title: str, about: About | None = None,
         release: bool = False, flows: Iterable[Told] = (), series: Iterable[Told] = (),
         analyses: Sequence[Told] = ()) -> dict[str, Any]:
    """All that the paper says, as plain data: nothing in it is ever markup."""
    context = as_html_context(table, title=title, about=about, release=release)
    figures: Sequence[Figure] = table.figures if isinstance(table, Released) else table
    used = [column for column in context["columns"][1:]
            if column["key"] in ("computed", "n_of_n", "source")
            or any(row[column["key"]] != ABSENT for row in context["rows"])]
    drawn = all_drawings(figures, pack, flows, series)
    return {
        "title": title,
        "released": context["released"],
        "rule": context["rule"],
        "about": [list(line) for line in context["about"]],
        "columns": [[column["heading"], WIDTHS.get(column["key"])] for column in used],
        "rows": [{"label": row["label"], "note": row["note"], "definition": row["definition"],
                  "cells": [row[column["key"]] for column in used]} for row in context["rows"]],
        "charts": [_chart(drawing) for drawing in drawn],
        "analyses": list(analyses),
    }


def _chart(drawing: Drawing) -> dict[str, Any]:
    wide = min(WIDEST, TALLEST * DRAWN_WIDE / drawing.height)
    return {
        "title": drawing.title,
        "description": drawing.description,
        "svg": standalone(drawing, DRAWN_WIDE),
        "wide": round(wide, 2),
        "columns": list(drawing.columns),
        "rows": [list(row) for row in drawing.rows],
    }
