"""Pages about what a partner or a child suffered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record
from casewall.programme.incidents.rules import Form, Source
from casewall.programme.incidents.shown import (
    earlier_versions,
    incident_facts,
    severity_words,
    when_words,
)
from casewall.programme.incidents.words import listed
from casewall.programme.incidents.words import words_of as said
from casewall.safety.children.models import Child
from casewall.safety.coordination.material import opened
from casewall.safety.incidents import actions, forms
from casewall.safety.incidents.models import ChildIncident, SufferedIncident, ViolenceReport
from casewall.safety.incidents.reading import report_state
from casewall.safety.incidents.rules import Suffered
from casewall.safety.incidents.views.steps import (
    answer,
    checked,
    file_with,
    form_page,
    looked_at,
    row_with,
    section_of,
    viewer_of,
)
from casewall.safety.incidents.words import words_of
from casewall.safety.reading import found, must, names_of
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.ids import id_of_form

WITH_WORDING = "suffered/step.html"
CHILD_COLUMNS = ["What", "When", "How grave", "Source", "In words"]


@form_page
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write an incident down in a partner's file."""
    file = file_with(request, pk)
    form = forms.SufferedForm(request.POST or None)

    def act() -> None:
        checked(form)
        actions.record_suffered(file=file, by=viewer_of(request), **form.row())

    return answer(
        request, file, form, act, template=WITH_WORDING,
        heading="Record an incident", button="Save incident",
        saved="The incident has been saved. A sign of danger is a task for today; new violence "
        "begins a report, whose next step is below.",
        lead="No authority is told by saving this.",
    )  # fmt: skip


@require_safe
def incident(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One incident with its report and its earlier versions."""
    viewer = viewer_of(request)
    rows = SufferedIncident.objects.visible_to(viewer)
    row = found(rows.select_related("file__partner"), pk)
    all_rows = list(rows.filter(file=row.file))
    newer = next((one for one in all_rows if one.corrects_id == row.pk), None)
    report = ViolenceReport.objects.visible_to(viewer).filter(incident=row).first()
    names = names_of([row.worker])
    may = bool(may_do(viewer.role, Duty.RECORD_SUFFERED)) and not newer and not row.taken_back
    looked_at(request, row.file)
    return render(
        request,
        "suffered/incident.html",
        {
            "file": row.file,
            "row": row,
            "back": section_of(row.file),
            "facts": _facts(row, names.get(row.worker)),
            "report": report,
            "report_state": report_state(report) if report else "",
            "newer": reverse("suffered", args=[newer.pk]) if newer else "",
            "earlier": [
                (when_words(one), _facts(one, None)) for one in earlier_versions(row, all_rows)
            ],
            "may_correct": may,
        },
    )


def _facts(row: SufferedIncident, by: str | None) -> list[tuple[str, Any]]:
    facts = [("Who suffered it", words_of(Suffered, row.suffered_by)), *incident_facts(row)]
    return [*facts, ("Written down by", by)] if by else facts


@form_page
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct an incident: the wrong version stays readable."""
    row = row_with(request, SufferedIncident, pk)
    form = forms.SufferedForm(
        request.POST or None, initial=forms.SufferedForm.shown_first(row)
    )

    def act() -> None:
        checked(form)
        actions.record_suffered(file=row.file, corrects=row, by=viewer_of(request), **form.row())

    return answer(
        request, row.file, form, act, template=WITH_WORDING,
        heading="Correct an incident", button="Save correction",
        saved="The correction has been saved. The earlier version stays readable.",
    )  # fmt: skip


@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark an incident as written down by mistake. Pressed twice, it is one correction."""
    row = row_with(request, SufferedIncident, pk)
    try:
        made = actions.take_back(
            incident=row, form=id_of_form(row.pk, row.pk), by=viewer_of(request)
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("suffered", pk)
    messages.success(
        request, "The incident is marked as written down by mistake. It stays readable."
    )
    return redirect("suffered", made.pk)


@require_POST
def begin_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the report of an incident by hand."""
    row = row_with(request, SufferedIncident, pk)
    try:
        report = actions.begin_report(incident=row, by=viewer_of(request))
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("suffered", pk)
    return redirect("violence-report", report.pk)


@form_page
def asked(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down the days about which a source was asked."""
    file = file_with(request, pk)
    form = forms.FileAskedForm(request.POST or None)

    def act() -> None:
        typed = form.cleaned_data
        actions.record_asked(
            file=file, source=Source(typed["source"]), first_on=typed["first_on"],
            last_on=typed["last_on"], form=typed["form_id"], by=viewer_of(request),
        )  # fmt: skip

    return answer(
        request, file, form, act,
        heading="Record that a source was asked", button="Save", saved="The days have been saved.",
        lead="Write down about which days somebody was asked for violence, whatever the answer. "
        "Silence is never counted as safety.",
    )  # fmt: skip


@form_page
def of_child(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a child suffered, as those who work with the child wrote it, with a form below."""
    viewer = viewer_of(request)
    child = found(Child.objects.visible_to(viewer), pk)
    must(viewer, Duty.RECORD_SUFFERED)
    form = forms.ChildIncidentForm(request.POST or None)
    if form.is_bound and form.is_valid() and not form.asks_about_wording():
        try:
            actions.record_child_incident(child=child, by=viewer, **form.row())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The incident has been saved.")
            return redirect("child-incidents", child.pk)
    record(by=viewer, verb="viewed", thing=child)
    if not form.is_bound:
        opened(by=viewer, thing=child, at=timezone.now())
    rows = ChildIncident.objects.visible_to(viewer).filter(child=child).order_by("-happened_on")
    return render(
        request,
        "suffered/child.html",
        {
            "child": child,
            "form": form,
            "columns": CHILD_COLUMNS,
            "danger": any(row.signs for row in rows),
            "rows": [
                {
                    "cells": [
                        listed(Form, row.forms),
                        when_words(row),
                        severity_words(row),
                        said(Source, row.source),
                        row.what or "–",
                    ]
                }
                for row in rows
            ],
        },
        status=422 if form.is_bound else 200,
    )
