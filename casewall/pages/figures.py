"""A figure in words: a percentage never stands without its numerator and denominator."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

COLUMNS = {
    "value": gettext_lazy("Value"),
    "out_of": gettext_lazy("n/N"),
    "interval": gettext_lazy("95% interval"),
    "printed": gettext_lazy("Printed"),
    "missing": gettext_lazy("Missing"),
    "response": gettext_lazy("Answered"),
    "bounds": gettext_lazy("If all or none of the silent"),
    "source": gettext_lazy("Who says so"),
    "note": gettext_lazy("Note"),
}
ALWAYS = ("value", "out_of", "interval")


def table(figures: Iterable[Mapping[str, Any]]) -> dict[str, list]:
    """The `heads` and `rows` of a table of figures. A column that is empty in every row is left
    out, except value, n/N and interval.
    """
    rows = [row(figure) for figure in figures]
    shown = [name for name in COLUMNS if name in ALWAYS or any(one[name] for one in rows)]
    return {
        "heads": [COLUMNS[name] for name in shown],
        "rows": [
            {
                "label": one["label"],
                "definition": one["definition"],
                "cells": [{"text": one[name], "is_note": name == "note"} for name in shown],
            }
            for one in rows
        ],
    }


def row(figure: Mapping[str, Any]) -> dict[str, str]:
    """One line of a table of figures.

    `figure` has the keys of a figure in JSON (label, numerator, denominator, value, unit,
    interval, missing, response_rate, source, bounds, suppressed, definition, printed, note); a
    key may be absent or None. Values in "%" are percentages, not shares.
    """
    return {
        "label": str(figure.get("label") or figure.get("id") or ""),
        "value": value_in_words(figure),
        "out_of": out_of(figure),
        "interval": span(figure.get("interval"), figure.get("unit")),
        "missing": _count(figure.get("missing")),
        "source": str(figure.get("source") or ""),
        "response": percent(figure.get("response_rate")),
        "bounds": span(figure.get("bounds"), figure.get("unit")),
        "printed": "" if figure.get("printed") is None else str(figure["printed"]),
        "definition": str(figure.get("definition") or ""),
        "note": str(figure.get("note") or ""),
    }


def value_in_words(figure: Mapping[str, Any]) -> str:
    if figure.get("suppressed"):
        return _("not shown: too few people")
    value = figure.get("value")
    if value is None:
        return _("no figure")
    return number(value, figure.get("unit"))


def out_of(figure: Mapping[str, Any]) -> str:
    """ "73/392", or a plain warning that there is no denominator."""
    if figure.get("suppressed"):
        return ""
    numerator, denominator = figure.get("numerator"), figure.get("denominator")
    if denominator is None:
        return _("no denominator")
    if numerator is None:
        return f"n = {_count(denominator)}"
    return f"{_count(numerator)}/{_count(denominator)}"


def span(ends: Any, unit: str | None) -> str:
    if not ends or ends[0] is None or ends[1] is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": number(ends[0], None), "high": number(ends[1], unit)}


def percent(share: float | None) -> str:
    return "" if share is None else number(share, "%")


def number(value: Any, unit: str | None) -> str:
    """At most one decimal; thousands apart; a percent sign clings, another unit does not."""
    if isinstance(value, str):
        return value
    text = f"{value:,.1f}".removesuffix(".0")
    if not unit:
        return text
    return f"{text}%" if unit == "%" else f"{text} {unit}"


def _count(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:,}"
