"""Kept releases and the records behind their figures. Whoever may not release sees none of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casewall.audit.actions import record, record_many
from casewall.outcomes.releases import Release
from casewall.outcomes.suppress import ReleaseError
from casewall.pages.charts.told import flow_drawing
from casewall.safety.costs.kept import Found, behind, releases_of
from casewall.safety.reading import must
from casewall.services.load import shipped
from casewall.staff.requests import SignedInRequest
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

COLUMNS = [
    "Pack",
    "Quarter",
    ("Version", "number"),
    "Service",
    ("As of", "date"),
    ("Held back", "number"),
    ("Revisions", "number"),
]
CASE_COLUMNS = ["Client", ("Referred", "date"), "Stage"]
FILE_COLUMNS = ["Partner", ("Referred", "date"), "Contact"]
FIGURE_COLUMNS = ["Figure", "n/N", "Value", "Note"]


@require_safe
def releases(request: SignedInRequest) -> HttpResponse:
    """Every kept release of the viewer's services, with what each version says otherwise."""
    viewer = request.viewer
    must(viewer, Duty.RELEASE_FIGURES)
    problem, found = "", []
    try:
        found = releases_of(viewer)
    except ReleaseError as wrong:
        problem = f"{wrong} Tell whoever keeps the machines; a kept release never changes."
    record(by=viewer, verb="listed", kind="release")
    return render(request, "costs/releases.html", {
        "columns": COLUMNS,
        "problem": problem,
        "rows": [{"url": reverse("release", args=_name(one)), "cells": [
            one.title, one.quarter, one.version, _service(one), one.as_of, len(one.held_back),
            len(one.revisions)]} for one in found],
    })  # fmt: skip


@require_safe
def release(
    request: SignedInRequest, service: str, pack: str, quarter: str, version: int
) -> HttpResponse:
    """One release as it left the house; each figure leads to its records."""
    one = _found(request.viewer, service, pack, quarter, version)
    record(by=request.viewer, verb="viewed", kind="release")
    return render(request, "costs/release.html", {
        "release": one,
        "service": _service(one),
        "given_url": reverse("release-given", args=_name(one)),
        "columns": FIGURE_COLUMNS,
        "rows": [_figure(one, row) for row in one.figures],
        "drawings": [flow_drawing(flow) for flow in one.flows],
    })  # fmt: skip


@require_safe
def figure(
    request: SignedInRequest, service: str, pack: str, quarter: str, version: int, figure: str
) -> HttpResponse:
    """The cases and files behind one figure."""
    viewer = request.viewer
    one = _found(viewer, service, pack, quarter, version)
    row = next((row for row in one.figures if row["id"] == figure), None)
    if row is None or figure not in one.members:
        raise Http404
    parts = behind(one, figure, viewer)
    record(by=viewer, verb="viewed", kind="release", purpose=figure)
    record_many(
        by=viewer,
        verb="listed",
        things=[thing for part in parts for thing in (*part.cases, *part.files)],
    )
    return render(request, "costs/figure.html", {
        "release": one,
        "row": row,
        "back": reverse("release", args=_name(one)),
        "shown": _shown(row),
            "case_columns": CASE_COLUMNS,
            "file_columns": FILE_COLUMNS,
        "parts": [{"found": part, "cases": _cases(part), "files": _files(part)}
                  for part in parts],
    })  # fmt: skip


def _found(viewer: Viewer, service: str, pack: str, quarter: str, version: int) -> Release:
    must(viewer, Duty.RELEASE_FIGURES)
    try:
        known = releases_of(viewer)
    except ReleaseError:
        raise Http404 from None
    for one in known:
        if _name(one) == [service, pack, quarter, version]:
            return one
    raise Http404


def _name(one: Release) -> list[Any]:
    return [one.service, one.pack, one.quarter, one.version]


def _service(one: Release) -> str:
    known = shipped()
    return known[one.service].name if one.service in known else one.service


def _figure(one: Release, row: dict[str, Any]) -> dict[str, Any]:
    url = reverse("release-figure", args=[*_name(one), row["id"]])
    value = "not shown" if row["value"] is None else f"{row['value']:g} {row['unit']}"
    return {
        "url": url if row["id"] in one.members else "",
        "cells": [row["label"], _shown(row), value, row["note"] or ""],
    }


def _shown(row: dict[str, Any]) -> str:
    numerator, denominator = row["numerator"], row["denominator"]
    if numerator is None and denominator is None:
        return "not shown"
    bare = "not shown" if numerator is None else str(numerator)
    return bare if denominator is None else f"{bare} of {denominator}"


def _cases(part: Found) -> list[dict[str, Any]]:
    return [
        {"cells": [case.name or "No name given", case.referred_on, case.stage.replace("_", " ")]}
        for case in part.cases
    ]


def _files(part: Found) -> list[dict[str, Any]]:
    return [{"url": reverse("partner", args=[file.pk]), "cells": [
        file.partner.full_name or "No name given", file.referred_on,
        file.contact.replace("_", " ")]} for file in part.files]  # fmt: skip
