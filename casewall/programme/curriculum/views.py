"""Programme templates: the list, and one version with what changed since the one before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.curriculum.rules import differences, hours_words
from casewall.programme.curriculum.words import (
    criteria_rows,
    facts_of,
    ladder_rows,
    level_rows,
    notice_rows,
    schedule_rows,
    sources_of,
)
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

COLUMNS = [
    "Programme",
    ("Version", "number"),
    "Service",
    ("State", "tag"),
    ("Hours", "number"),
    ("Sessions", "number"),
    ("Installed", "date"),
]


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """Every version of every programme template, those in use first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = TemplateVersion.objects.visible_to(viewer).order_by("service", "name", "-version")
    found = sorted(rows, key=lambda row: row.retired_on is not None)
    return render(
        request,
        "programme/templates.html",
        {"columns": COLUMNS, "rows": [_row(version) for version in found], "also": _also(viewer)},
    )


ALSO: tuple[tuple[str, str, Duty], ...] = (
    ("Agreement texts", "agreement_texts", Duty.EDIT_TEXTS),
    ("Templates of letters", "letter_templates", Duty.EDIT_TEXTS),
    ("Rooms", "rooms", Duty.RUN_GROUP),
)
"""Other pages on what a service is set up with, and the duty that each needs."""


def _also(viewer: Viewer) -> list[tuple[str, str]]:
    return [(label, reverse(name)) for label, name, duty in ALSO if may_do(viewer.role, duty)]


def _row(version: TemplateVersion) -> dict[str, Any]:
    template = version.template
    return {
        "cells": [
            version.name,
            version.version,
            version.service,
            ("Retired", "grey") if version.retired_on else ("In use", "green"),
            hours_words(template.hours),
            len(template.programme.schedule),
            version.installed_at.date(),
        ],
        "url": reverse("template", args=[version.pk]),
    }


@require_safe
def template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One version: its schedule, ladder, criteria and notices, each with its authority."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    version = get_object_or_404(TemplateVersion.objects.visible_to(viewer), pk=pk)
    others = TemplateVersion.objects.visible_to(viewer).filter(
        compartment=version.compartment, service=version.service, code=version.code
    )
    others = list(others.exclude(pk=version.pk).order_by("-version"))
    before = next((one for one in others if one.version < version.version), None)
    return render(
        request,
        "programme/template.html",
        {
            "version": version,
            "state": ("Retired", "grey") if version.retired_on else ("In use", "green"),
            "facts": facts_of(version.template, version.retired_on),
            "schedule": schedule_rows(version.template),
            "schedule_columns": [
                "Session",
                ("Number", "number"),
                "Component",
                "Module",
                "Phase",
                ("Minutes", "number"),
            ],
            "levels": level_rows(version.template),
            "level_columns": [
                "Level",
                ("Months", "number"),
                ("Sessions", "number"),
                "Hours at the least",
                "Authority",
            ],
            "ladder": ladder_rows(version.template),
            "ladder_columns": ["When", "Proposes", "Authority"],
            "criteria": criteria_rows(version.template),
            "notices": notice_rows(version.template),
            "notice_columns": ["The referrer is told of", "Within", "Authority"],
            "sources": sources_of(version.template),
            "before": before,
            "changes": differences(before.template, version.template) if before else (),
            "others": others,
        },
    )
