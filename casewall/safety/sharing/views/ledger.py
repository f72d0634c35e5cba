"""The ledger: everything that left this side, and its recall."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from casewall.audit.actions import record
from casewall.outcomes.suppress import ReleaseError
from casewall.safety.costs.kept import releases_of
from casewall.safety.reading import found, leaf, must, names_of
from casewall.safety.sharing import actions, forms
from casewall.safety.sharing.models import Export
from casewall.safety.sharing.reading import homes
from casewall.safety.sharing.rules import Exported
from casewall.safety.sharing.views.steps import answer, form_page, posted, viewer_of
from casewall.safety.sharing.words import words_of
from casewall.wall.duties import Duty

COLUMNS = ["What", "To whom", ("File", "text"), ("Left", "date"), ("State", "tag")]
PAGE_OF = {Exported.REPORT: "safety-report", Exported.CASE_STUDY: "study"}


def _tag(row: Export) -> tuple[str, str]:
    if row.recalled_on is None:
        return "Out", "green"
    return ("Recalled", "grey") if row.told_on else ("Recalled, tell them", "red")


@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """Everything that left this side, the latest first."""
    viewer = viewer_of(request)
    must(viewer, Duty.CHECK_REPORT)
    query = {key: value for key, value in request.GET.items() if value}
    rows = Export.objects.visible_to(viewer).defer("recalled_because", "told_whom")
    if query.get("which") in ("recalled", "untold"):
        rows = rows.filter(recalled_on__isnull=False)
    if query.get("which") == "untold":
        rows = rows.filter(told_on=None)
    page = leaf(rows, day="made_on", query=query)
    record(by=viewer, verb="listed", kind="export")
    return render(request, "sharing/exports.html", {
        "filter": forms.WhichFilter(request.GET), "columns": COLUMNS, "page": page,
        "chosen": [("Recalled", "?")] if query.get("which") else [],
        "rows": [
            {"url": reverse("export", args=[row.pk]),
             "cells": [row.name or words_of(Exported, row.kind), row.recipient,
                       row.ending.upper() or "–", row.made_on, _tag(row)]}
            for row in page.rows
        ],
    })  # fmt: skip


def _seen(request: HttpRequest, pk: UUID) -> Export:
    must(viewer_of(request), Duty.CHECK_REPORT)
    row: Export = found(Export.objects.visible_to(viewer_of(request)), pk)
    return row


@require_safe
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One thing that left."""
    row = _seen(request, pk)
    record(by=viewer_of(request), verb="viewed", thing=row)
    names = names_of([row.worker, row.recalled_by])
    facts: list[tuple[str, Any]] = [
        ("What", row.name or words_of(Exported, row.kind)),
        ("To whom", row.recipient),
        ("File", row.ending.upper() or "none"),
        ("Digest of the file (SHA-256)", row.digest or "none"),
        ("Left", row.made_on),
        ("By", names.get(row.worker)),
    ]
    if row.recalled_on:
        facts += [("Recalled", row.recalled_on), ("Why", row.recalled_because),
                  ("By", names.get(row.recalled_by)), ("Recipient told", row.told_on or "not yet"),
                  ("Who was told", row.told_whom or "–")]  # fmt: skip
    return render(request, "sharing/export.html", {
        "export": row, "facts": facts, "tag": _tag(row), "thing_url": _thing_url(row),
        "may_tell": row.recalled_on is not None and row.told_on is None,
    })  # fmt: skip


def _thing_url(row: Export) -> str:
    try:
        return reverse(PAGE_OF[Exported(row.kind)], args=[row.thing])
    except (KeyError, NoReverseMatch):
        return ""


def _below(request: HttpRequest, row: Export, form: Any, heading: str, button: str, saved: str,
           act: Any) -> HttpResponse:  # fmt: skip
    return answer(
        request, form, lambda: act(form.cleaned_data), thing=row, row=row, heading=heading,
        button=button, saved=saved, back=reverse("export", args=[row.pk]),
        back_words="Back to the ledger", who=words_of(Exported, row.kind),
    )  # fmt: skip


@form_page
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Recall something that left."""
    row = _seen(request, pk)
    form = forms.RecallForm(posted(request), initial={"version": row.version})
    return _below(
        request, row, form, "Recall something that left", "Recall",
        "It is recalled. Tell the recipient now, and write down whom you told.",
        lambda typed: actions.recall_export(export=row, reason=typed["reason"],
                                            version=typed["version"], by=viewer_of(request)),
    )  # fmt: skip


@form_page
def told(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down who was told of a recall."""
    row = _seen(request, pk)
    form = forms.ToldForm(posted(request))
    return _below(
        request, row, form, "Tell the recipient of the recall", "Save", "It has been saved.",
        lambda typed: actions.tell_of_export(export=row, whom=typed["whom"], on=typed["on"],
                                             by=viewer_of(request)),
    )  # fmt: skip


@form_page
def given(
    request: HttpRequest, service: str, pack: str, quarter: str, version: int
) -> HttpResponse:
    """Write down to whom a kept release of figures was given."""
    viewer = viewer_of(request)
    must(viewer, Duty.RELEASE_FIGURES)
    try:
        kept = releases_of(viewer)
    except ReleaseError:
        raise Http404 from None
    wanted = (service, pack, quarter, version)
    one = next((r for r in kept if (r.service, r.pack, r.quarter, r.version) == wanted), None)
    place = homes(viewer).get(service)
    if one is None or place is None:
        raise Http404
    form = forms.GivenForm(posted(request))

    def act() -> Export:
        typed = form.cleaned_data
        return actions.record_given(
            name=f"{pack} {quarter}, version {version}", digest=one.sha256, compartment=place[0],
            recipient=typed["recipient"], on=typed["on"], form=typed["form_id"], by=viewer,
        )  # fmt: skip

    return answer(
        request, form, act, thing=None, heading="Record to whom a release was given",
        button="Save", saved="It stands in the ledger of what left.",
        back=reverse("release", args=wanted), back_words="Back to the release", who=one.title,
    )  # fmt: skip
