"""A pack as one HTML file: table, charts and style sheet in it, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.template.loader import render_to_string

from casewall.outcomes.cards import Pack
from casewall.outcomes.suppress import Released
from casewall.reporting.drawings import Told, all_drawings, charts
from casewall.reporting.render import ABSENT, About, Table, as_html_context
from casewall.vault.clean import proved

__all__ = ["as_html", "charts"]


def as_html(table: Table, *, pack: Pack, title: str, about: About | None = None,
            release: bool = False, flows: Iterable[Told] = (), series: Iterable[Told] = (),
            analyses: Sequence[Told] = ()) -> str:
    """The whole page. `flows` and `series` as `drawings.flows_of` and `series.series_of` give
    them; for a release they must have been made with ``release=True``. Raises `ReleaseError` as
    the other ways of writing a table do, and `CannotDraw`."""
    context = as_html_context(table, title=title, about=about, release=release)
    figures = table.figures if isinstance(table, Released) else table
    rows = [{**row, "cells": [_cell(row, column) for column in context["columns"][1:]]}
            for row in context["rows"]]
    drawn = all_drawings(figures, pack, flows, series)
    page = render_to_string("reporting/pack.html", {
        **context, "rows": rows, "charts": drawn, "analyses": analyses})
    return proved(page.encode(), "html").decode()


def _cell(row: Mapping[str, str], column: Mapping[str, str]) -> dict[str, object]:
    text = row[column["key"]]
    return {**column, "text": text, "is_absent": text == ABSENT}
