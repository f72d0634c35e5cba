"""The pages on which an agency keeps its letterhead and its own Word templates."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.audit.actions import record
from casewall.programme.cases.lists import language_name
from casewall.programme.cases.steps import form_page
from casewall.programme.reports import actions, forms
from casewall.programme.reports.checking import LARGEST
from casewall.programme.reports.models import Letterhead, LetterTemplate
from casewall.programme.reports.rendering import TYPES, own_template, template_for
from casewall.programme.reports.rules import (
    FIELD_WORDS,
    KIND_WORDS,
    LISTS,
    Kind,
    parts_of,
    trial_facts,
)
from casewall.programme.reports.texts import LANGUAGES
from casewall.programme.reports.word import fill, told_by
from casewall.programme.reports.words import title_of
from casewall.services.load import shipped
from casewall.staff.models import Compartment
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer


def _editor(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not may_do(viewer.role, Duty.EDIT_TEXTS):
        raise PermissionDenied
    return viewer


def _compartments(viewer: Viewer) -> list[Compartment]:
    """The services of the viewer's agency, each with its own texts."""
    return list(
        Compartment.objects.select_related("agency", "service")
        .filter(number__in=viewer.compartments, sensitivity=Compartment.STANDARD)
        .order_by("number")
    )


def _languages(compartment: Compartment) -> list[str]:
    service = shipped().get(compartment.service_id)
    return list(dict.fromkeys([*(service.languages if service else ()), *LANGUAGES]))


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """Every kind of document with its templates, for each service of the agency."""
    viewer = _editor(request)
    own: dict[tuple[int, str, str], LetterTemplate] = {
        (row.compartment, row.kind, row.language): row
        for row in LetterTemplate.objects.visible_to(viewer)
        .filter(retired_at=None)
        .defer("content")
    }
    heads = {row.compartment: row.text for row in Letterhead.objects.visible_to(viewer)}
    services = []
    for one in _compartments(viewer):
        rows = [
            {
                "cells": [
                    KIND_WORDS[kind],
                    language_name(language),
                    _which(own.get((one.number, kind, language)), language),
                ],
                "url": reverse("letter_template", args=[one.number, kind, language]),
            }
            for language in _languages(one)
            for kind in Kind
        ]
        services.append(
            {
                "name": f"{one.service.name}: {one.agency.name}",
                "rows": rows,
                "letterhead": heads.get(one.number, ""),
                "url": reverse("letterhead", args=[one.number]),
            }
        )
    return render(
        request,
        "programme/reports/templates.html",
        {"services": services, "columns": ["Document", "Language", ("Template", "tag")]},
    )


def _which(own: LetterTemplate | None, language: str) -> tuple[str, str]:
    if own is not None:
        return "The agency's own", "green"
    return ("Casewall's", "blue") if language in LANGUAGES else ("None yet", "grey")


def _place(viewer: Viewer, compartment: int, kind: str, language: str) -> tuple[Compartment, Kind]:
    """The service and the kind that an address means; `Http404` where there is none."""
    one = next((row for row in _compartments(viewer) if row.number == compartment), None)
    if one is None or kind not in set(Kind) or language not in _languages(one):
        raise Http404
    return one, Kind(kind)


@form_page
def template(request: HttpRequest, compartment: int, kind: str, language: str) -> HttpResponse:
    """One template: what it says with trial facts, and the form to upload another."""
    viewer = _editor(request)
    one, wanted = _place(viewer, compartment, kind, language)
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    here = reverse("letter_template", args=[one.number, wanted, language])
    if request.method == "POST" and request.POST.get("act") == "retire":
        actions.retire_template(compartment=one.number, kind=wanted, language=language, by=viewer)
        messages.success(request, "Documents are written with Casewall's own template again.")
        return redirect(here)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["upload"]
        try:
            actions.keep_template(
                compartment=one.number,
                kind=wanted,
                language=language,
                file_name=upload.name,
                content=upload.read(LARGEST + 1),
                by=viewer,
            )
        except Refused as refusal:
            form.add_error("upload", str(refusal))
        else:
            messages.success(request, "The template is kept. Below is a trial of it.")
            return redirect(here)
    own = own_template(one.number, wanted, language, viewer)
    has_any = own is not None or language in LANGUAGES
    return render(
        request,
        "programme/reports/template.html",
        {
            "form": form,
            "own": own,
            "kind_words": KIND_WORDS[wanted],
            "language_words": language_name(language),
            "service": one.service.name,
            "trial": _trial(one.number, wanted, language, viewer) if has_any else None,
            "file_url": reverse("letter_template_file", args=[one.number, wanted, language]),
            "fields": _fields(),
            "back": reverse("letter_templates"),
        },
        status=422 if form.is_bound else 200,
    )


def _trial(compartment: int, kind: Kind, language: str, viewer: Viewer) -> Any:
    content = template_for(compartment, kind, language, viewer)
    return told_by(
        fill(content, trial_facts(), title=title_of(kind, language), made_at=timezone.now())
    )


def _fields() -> list[tuple[str, str]]:
    """Every field as it is typed into Word, and what it holds."""
    rows = []
    for name, text in FIELD_WORDS.items():
        if name in LISTS:
            parts = " ".join(f"{{{{ row.{part} }}}}" for part in sorted(parts_of(name)))
            rows.append((f"{{%p for row in {name} %}} {parts} {{%p endfor %}}", text))
        else:
            rows.append((f"{{{{ {name} }}}}", text))
    return rows


@require_safe
def download(request: HttpRequest, compartment: int, kind: str, language: str) -> HttpResponse:
    """The template that is used now, to be changed in Word and uploaded again."""
    viewer = _editor(request)
    one, wanted = _place(viewer, compartment, kind, language)
    own = own_template(one.number, wanted, language, viewer)
    if own is None and language not in LANGUAGES:
        raise Http404
    content = (
        base64.b64decode(own.content) if own else template_for(one.number, wanted, language, viewer)
    )
    record(by=viewer, verb="downloaded", thing=own, kind="" if own else "lettertemplate")
    name = f"{wanted.replace('_', '-')}-{language}.docx"
    return HttpResponse(
        content,
        content_type=TYPES["docx"],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@form_page
def letterhead(request: HttpRequest, compartment: int) -> HttpResponse:
    """The lines at the head of the documents of one service."""
    viewer = _editor(request)
    one = next((row for row in _compartments(viewer) if row.number == compartment), None)
    if one is None:
        raise Http404
    kept = Letterhead.objects.visible_to(viewer).filter(compartment=one.number).first()
    form = forms.LetterheadForm(
        request.POST or None,
        initial={
            "version": kept.version if kept else 0,
            "text": kept.text if kept else one.agency.name,
        },
    )
    theirs = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_letterhead(
                compartment=one.number,
                text=form.cleaned_data["text"],
                version=form.cleaned_data["version"],
                by=viewer,
            )
        except StaleEdit as stale:
            theirs = kept.text if kept else ""
            form.data = {**request.POST.dict(), "version": str(kept.version if kept else 0)}
            form.add_error(None, str(stale))
        else:
            messages.success(request, "The letterhead has been saved.")
            return redirect("letter_templates")
    return render(
        request,
        "programme/reports/letterhead.html",
        {
            "form": form,
            "service": one.service.name,
            "theirs": theirs,
            "back": reverse("letter_templates"),
        },
        status=422 if form.is_bound else 200,
    )
