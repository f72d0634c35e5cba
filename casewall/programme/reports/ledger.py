"""The ledger of documents that went out, and the recall of one."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from casewall.audit.actions import record
from casewall.pages.dates import DayMonthYearField
from casewall.programme.reports.lists import name_of
from casewall.programme.reports.models import Document
from casewall.programme.reports.recalls import tell_recipient
from casewall.programme.reports.rules import TO_THE_CLIENT, State
from casewall.programme.reports.views import found
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

MOST = 100
COLUMNS = ["Document", "To", ("Went out", "date"), ("State", "tag"), ("Recalled", "date"),
           ("Recipient told", "date")]  # fmt: skip
TEXTS = ("facts", "entries", "checked_text", "returned_note", "withdrawn_note")


class ToldForm(forms.Form):
    """Who was told of a recall."""

    whom = forms.CharField(label="Who was told?", max_length=200)
    on = DayMonthYearField(label="When?", initial=timezone.localdate)


def went_out(viewer: Viewer) -> Any:
    """Documents that were issued, whatever became of them, the latest first."""
    rows = Document.objects.visible_to(viewer).filter(issued_on__isnull=False)
    return rows.select_related("told").defer(*TEXTS).order_by("-issued_on", "-id")


def _untold(row: Document) -> bool:
    return row.state == State.WITHDRAWN and not hasattr(row, "told")


@require_safe
def out(request: HttpRequest) -> HttpResponse:
    """Every document that went out, with those that were recalled."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not may_do(viewer.role, Duty.ISSUE_DOCUMENT):
        raise Http404
    rows = list(went_out(viewer)[:MOST])
    record(by=viewer, verb="listed", kind="document")
    return render(request, "programme/reports/out.html", {
        "columns": COLUMNS, "most": MOST, "rows": [_row(row) for row in rows],
    })  # fmt: skip


def _row(row: Document) -> dict[str, Any]:
    tag = ("Out", "green")
    if row.state == State.WITHDRAWN:
        tag = ("Recalled, tell them", "red") if _untold(row) else ("Recalled", "grey")
    told = row.told.told_on if hasattr(row, "told") else None
    return {
        "url": reverse("document_told" if _untold(row) else "document", args=[row.pk]),
        "cells": [name_of(row), row.recipient, row.issued_on, tag, row.withdrawn_on or "–",
                  told or "–"],
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def told(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down who was told that a document is recalled."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    document = found(request, pk)
    recalled = document.issued_on is not None and document.state == State.WITHDRAWN
    if not may_do(viewer.role, Duty.ISSUE_DOCUMENT) or not recalled:
        raise Http404
    form = ToldForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            tell_recipient(document=document, whom=form.cleaned_data["whom"],
                           on=form.cleaned_data["on"], by=viewer)  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It has been saved.")
            return redirect("documents_out")
    record(by=viewer, verb="viewed", thing=document)
    return render(
        request, "programme/reports/recall_told.html",
        {"form": form, "document": document, "name": name_of(document)},
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def recalls_today(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Documents to somebody outside that were recalled and whose recipient knows nothing of it."""
    if not may_do(viewer.role, Duty.ISSUE_DOCUMENT):
        return []
    rows = went_out(viewer).filter(state=State.WITHDRAWN, told=None).exclude(kind__in=TO_THE_CLIENT)
    return [
        {
            "due": row.withdrawn_on,
            "what": f"Tell the recipient that this is recalled: {name_of(row)}",
            "who": row.recipient,
            "url": reverse("document_told", args=[row.pk]),
            "tag": ("Recall", "red"),
        }
        for row in rows[:MOST]
    ]
