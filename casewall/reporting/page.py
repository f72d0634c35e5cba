"""A pack as one HTML file: table, charts and style sheet in it, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from django.template.loader import render_to_string

from casewall.outcomes.cards import Pack
from casewall.outcomes.figures import PERCENT, Figure
from casewall.outcomes.suppress import Released
from casewall.pages.charts import Bar, Drawing, bar_chart
from casewall.reporting.render import ABSENT, About, Table, as_html_context

INTERVAL = "Whiskers are 95% intervals."


def as_html(table: Table, *, pack: Pack, title: str, about: About | None = None,
            release: bool = False) -> str:
    """The whole page. Raises `ReleaseError` as the other ways of writing a table do."""
    context = as_html_context(table, title=title, about=about, release=release)
    figures = table.figures if isinstance(table, Released) else table
    rows = [{**row, "cells": [_cell(row, column) for column in context["columns"][1:]]}
            for row in context["rows"]]
    return render_to_string("reporting/pack.html",
                            {**context, "rows": rows, "charts": charts(figures, pack)})


def _cell(row: Mapping[str, str], column: Mapping[str, str]) -> dict[str, object]:
    text = row[column["key"]]
    return {**column, "text": text, "is_absent": text == ABSENT}


def charts(figures: Sequence[Figure], pack: Pack) -> list[Drawing]:
    """A bar chart for every two or more neighbouring shares of one and the same denominator."""
    of = {(card.pack, card.id): card.denominator.says if card.denominator else ""
          for card in pack.cards}
    drawn = []
    for says, group in groupby(figures, key=lambda f: of[f.pack, f.id]):
        shares = [figure for figure in group if figure.unit == PERCENT]
        if says and len(shares) > 1:
            drawn.append(_chart(says, shares))
    return drawn


def _chart(says: str, shares: Sequence[Figure]) -> Drawing:
    return bar_chart(title=f"Of all: {says[0].lower()}{says[1:].rstrip('.')}",
                     description=f"Shares of one denominator: {says} {INTERVAL}",
                     bars=[_bar(figure) for figure in shares], maximum=100)


def _bar(figure: Figure) -> Bar:
    low, high = figure.interval or (None, None)
    return Bar(figure.label, figure.value, _count(figure.numerator), figure.denominator, low, high,
               "" if figure.printed is None else f"Printed: {figure.printed}")


def _count(numerator: float | str | None) -> int | str | None:
    return int(numerator) if isinstance(numerator, float) else numerator
