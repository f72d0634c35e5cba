"""The latest report that the reporting process has written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from casewall.audit.actions import record
from casewall.pages.charts import Bar, Drawing, bar_chart
from casewall.safety.partners.views.files import SEES_FILES
from casewall.safety.reading import only
from casewall.wall.sides import Role

READERS = (Role.COORDINATOR, Role.SAFETY_MANAGER, Role.EVALUATOR, Role.DATA_PROTECTION_OFFICER)
REPORT = "intervention-centre.json"


class ReportUnreadable(ValueError):
    """The file is there but is not a report; says what is wrong."""


def latest_report() -> dict[str, Any] | None:
    """The report as written, or None while there is none. Raises `ReportUnreadable`."""
    folder = getattr(settings, "CASEWALL_REPORTS_DIR", None)
    if not folder:
        return None
    try:
        written = json.loads((Path(folder) / REPORT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as wrong:
        raise ReportUnreadable("The latest report cannot be read. Make it anew.") from wrong
    if not isinstance(written, dict) or not isinstance(written.get("figures"), list):
        raise ReportUnreadable("The latest report has no list of figures. Make it anew.")
    return written


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures with their denominators, and the percentages drawn."""
    only(request.viewer, *READERS)
    problem, report = "", None
    try:
        report = latest_report()
    except ReportUnreadable as wrong:
        problem = str(wrong)
    record(by=request.viewer, verb="viewed", kind="report")
    report = _for_reader(report, request.viewer.role)
    rows = [as_shown(row) for row in report["figures"]] if report else []
    return render(
        request,
        "coordination/figures.html",
        {
            "report": report,
            "rows": rows,
            "problem": problem,
            "drawing": drawn(rows),
            "about": _about(report),
            "searches": request.viewer.role in SEES_FILES,
        },
    )


def _for_reader(report: dict[str, Any] | None, role: Role) -> dict[str, Any] | None:
    """An evaluator has releases only; whoever works with the files sees the exact figures."""
    if report is None or role is not Role.EVALUATOR:
        return report
    released = report.get("released")
    if not isinstance(released, dict) or not isinstance(released.get("figures"), list):
        return {**report, "figures": []}
    return {**report, **released}


def _about(report: dict[str, Any] | None) -> list[tuple[str, str]]:
    """What the report says about itself (service, period, made when), in its own words."""
    about = (report or {}).get("about")
    if not isinstance(about, dict):
        return []
    return [
        (str(key).replace("_", " ").capitalize(), str(value))
        for key, value in about.items()
        if value
    ]


def as_shown(row: dict[str, Any]) -> dict[str, Any]:
    """A figure of the report in the words of the pages: “%” for percent, and *suppressed* only
    where the value itself was withheld."""
    unit = {"percent": "%", "statement": None}.get(row.get("unit") or "", row.get("unit"))
    withheld = bool(row.get("suppressed")) and isinstance(row.get("numerator"), str)
    return {**row, "unit": unit, "suppressed": withheld}


def drawn(rows: list[dict[str, Any]]) -> Drawing | None:
    """The percentages as bars, withheld ones as “not shown”; None where there are none."""
    bars = [_bar(row) for row in rows if row["unit"] == "%"]
    if not bars:
        return None
    return bar_chart(
        title="Percentages, with 95% intervals",
        bars=bars,
        maximum=100,
        description="Each bar is one percentage of the table, with its numerator, "
        "denominator and 95% interval.",
    )


def _bar(row: dict[str, Any]) -> Bar:
    label = str(row.get("label") or row.get("id"))
    if row["suppressed"] or row.get("value") is None:
        return Bar(label, None)
    low, high = row.get("interval") or (None, None)
    return Bar(label, row["value"], row.get("numerator"), row.get("denominator"), low, high)
