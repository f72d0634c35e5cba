"""The outcomes page: the reports that the reporting process has written, drawn and in full."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from casewall.audit.actions import record
from casewall.pages.charts import Bar, Drawing, bar_chart
from casewall.pages.charts.told import (
    CannotDraw,
    cost_drawings,
    flow_drawing,
    series_drawing,
)
from casewall.safety.partners.views.files import SEES_FILES
from casewall.safety.reading import only
from casewall.staff.models import Compartment
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Role, Viewer

READERS = (Role.COORDINATOR, Role.SAFETY_MANAGER, Role.EVALUATOR, Role.DATA_PROTECTION_OFFICER)
FIRST = "intervention-centre"
"""The pack that is shown where none is asked for and it is there."""

ABOUT_PACK = ("pack", "title", "service", "service_code")
"""What of a report is no figure, so that it may stand beside released ones too."""

MORE_PAGES = (
    ("measures-due", "Measures due, and how complete they are", Duty.RECORD_SCALES),
    ("releases", "Releases that were kept, and their records", Duty.RELEASE_FIGURES),
    ("costs", "Costs and contracts", Duty.KEEP_COSTS),
)
"""Pages that belong to the figures, by name, with the duty that they are for; a name that is not
there is left out."""

UNITS = {"percent": "%", "statement": None, "percent change": "% change",
         "percent change of incidents": "% change"}
"""Units of a report in the words of the pages, where they differ."""

SECTIONS = (
    ("flow", "How far people came"),
    ("change", "Change, by who says so"),
    ("incidents", "Without a new incident"),
    ("answers", "What was answered"),
    ("amounts", "Hours and costs"),
    ("shares", "Shares"),
)
SECTION_OF = {"change": "change", "waves": "change", "survival": "incidents",
              "stacked": "answers", "bars": "amounts"}
"""The section in which a series of each kind stands."""


class ReportUnreadable(ValueError):
    """The file is there but is not a report; says what is wrong."""


@dataclass(frozen=True, slots=True)
class Section:
    """Charts under one heading."""

    key: str
    heading: str
    drawings: tuple[Drawing, ...]


def reports_on_file() -> dict[str, Path]:
    """The reports that the reporting process has left, by the name of their pack."""
    folder = getattr(settings, "CASEWALL_REPORTS_DIR", None)
    if not folder:
        return {}
    return {path.stem: path for path in sorted(Path(folder).glob("*.json"))}


def read_report(path: Path) -> dict[str, Any]:
    """A report as written. Raises `ReportUnreadable`."""
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise ReportUnreadable("The latest report cannot be read. Make it anew.") from wrong
    if not isinstance(written, dict) or not isinstance(written.get("figures"), list):
        raise ReportUnreadable("The latest report has no list of figures. Make it anew.")
    return written


@require_safe
def figures(request: SignedInRequest) -> HttpResponse:
    """The outcomes of a pack: charts to look at, and every figure with its denominator."""
    only(request.viewer, *READERS)
    reports, broken = _readable(request.viewer)
    name = request.GET.get("pack") or _first([*reports, *broken])
    if name is not None and name not in reports and name not in broken:
        raise Http404
    record(by=request.viewer, verb="viewed", kind="report")
    report = for_reader(reports[name], request.viewer.role) if name in reports else None
    rows = [as_shown(row) for row in report["figures"]] if report else []
    sections, undrawn = _sections(report, rows)
    return render(
        request,
        "coordination/figures.html",
        {
            "report": report,
            "packs": _choices(reports, name),
            "rows": rows,
            "problem": broken.get(name or "", ""),
            "sections": sections,
            "undrawn": undrawn,
            "analyses": _analyses(report),
            "about": _about(report),
            "more": _more(request.viewer),
            "searches": request.viewer.role in SEES_FILES,
        },
    )


def _readable(viewer: Viewer) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The reports of the viewer's services by pack, and why others cannot be read.

    An evaluator belongs to no service, and is shown of any what has been released.
    """
    theirs = set(Compartment.objects.filter(number__in=viewer.compartments)
                 .values_list("service_id", flat=True))
    reports: dict[str, dict[str, Any]] = {}
    broken: dict[str, str] = {}
    for name, path in reports_on_file().items():
        try:
            report = read_report(path)
        except ReportUnreadable as wrong:
            broken[name] = str(wrong)
            continue
        released_only = viewer.role is Role.EVALUATOR
        if released_only or report.get("service_code") in (None, *theirs):
            reports[name] = report
    return reports, broken


def _first(names: list[str]) -> str | None:
    return FIRST if FIRST in names else next(iter(names), None)


def _choices(reports: Mapping[str, Mapping[str, Any]], shown: str | None) -> list[dict[str, Any]]:
    """A link for each pack; none where there is nothing to choose."""
    if len(reports) < 2:
        return []
    titles = [report.get("title") for report in reports.values()]
    return [{"url": f"{reverse('figures')}?pack={name}", "current": name == shown,
             "label": _titled(name, report, titles)} for name, report in reports.items()]


def _titled(name: str, report: Mapping[str, Any], titles: list[Any]) -> str:
    title = report.get("title") or name
    twice = titles.count(report.get("title")) > 1
    return f"{title} ({report.get('service') or name})" if twice else str(title)


def for_reader(report: dict[str, Any], role: Role) -> dict[str, Any]:
    """An evaluator has releases only; whoever works with the files sees the exact figures.

    Of the exact report nothing but its name goes with a release: a key that is added to reports
    later must not reach an evaluator by being forgotten here.
    """
    if role is not Role.EVALUATOR:
        return report
    bare = {key: report[key] for key in ABOUT_PACK if key in report}
    released = report.get("released")
    if not isinstance(released, dict) or not isinstance(released.get("figures"), list):
        return {**bare, "figures": []}
    return {**bare, **released}


def _sections(report: Mapping[str, Any] | None, rows: list[dict[str, Any]]
              ) -> tuple[list[Section], list[str]]:
    """The charts under their headings, and a sentence for each that could not be drawn."""
    if report is None:
        return [], []
    found: dict[str, list[Drawing]] = {key: [] for key, _ in SECTIONS}
    undrawn: list[str] = []

    def add(key: str, draw: Callable[[Any], Iterable[Drawing]], told: Any) -> None:
        try:
            found[key] += draw(told)
        except CannotDraw as wrong:
            undrawn.append(f"A chart is left out: {wrong}. Make the report anew.")

    for flow in _listed(report, "flows"):
        add("flow", lambda told: [flow_drawing(told)], flow)
    for series in _listed(report, "series"):
        kind = series.get("kind") if isinstance(series, dict) else None
        add(SECTION_OF.get(str(kind), "amounts"), lambda told: [series_drawing(told)], series)
    add("amounts", cost_drawings, rows)
    add("shares", drawn, rows)
    return [Section(key, heading, tuple(found[key])) for key, heading in SECTIONS
            if found[key]], undrawn


def _analyses(report: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The analyses of an exact report; a release never has any (`for_reader`)."""
    return [told for told in _listed(report or {}, "analyses")
            if isinstance(told, dict) and {"heading", "says", "columns", "rows"} <= set(told)]


def _listed(report: Mapping[str, Any], key: str) -> list[Any]:
    listed = report.get(key)
    return listed if isinstance(listed, list) else []


def _more(viewer: Viewer) -> list[dict[str, str]]:
    pages = []
    for name, label, duty in MORE_PAGES:
        try:
            require(viewer, duty)
            pages.append({"url": reverse(name), "label": label})
        except (NoReverseMatch, Refused):
            continue
    return pages


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
    unit = UNITS.get(row.get("unit") or "", row.get("unit"))
    withheld = bool(row.get("suppressed")) and isinstance(row.get("numerator"), str)
    return {**row, "unit": unit, "suppressed": withheld}


def drawn(rows: list[dict[str, Any]]) -> list[Drawing]:
    """The percentages as bars, withheld ones as “not shown”; nothing where there are none. Raises
    `CannotDraw` for one that is no percentage."""
    bars = [_bar(row) for row in rows if row["unit"] == "%"]
    if not bars:
        return []
    try:
        return [bar_chart(
            title="Percentages, with 95% intervals",
            bars=bars,
            maximum=100,
            description="Each bar is one percentage of the table, with its numerator, "
            "denominator and 95% interval.",
        )]
    except (TypeError, ValueError) as problem:
        raise CannotDraw(f"the percentages cannot be drawn: {problem}") from problem


def _bar(row: dict[str, Any]) -> Bar:
    label = str(row.get("label") or row.get("id"))
    if row["suppressed"] or row.get("value") is None:
        return Bar(label, None)
    low, high = row.get("interval") or (None, None)
    return Bar(label, row["value"], row.get("numerator"), row.get("denominator"), low, high)
