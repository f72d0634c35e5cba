"""Signs of danger: the list, one sign and what was done about it, raising one by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.coordination.material import opened
from casewall.safety.incidents.views.steps import answer, file_with, form_page, viewer_of
from casewall.safety.partners.danger import DANGERS, in_order, in_words
from casewall.safety.reading import found, must, names_of
from casewall.safety.risk import actions, forms
from casewall.safety.risk.models import DangerSignal
from casewall.safety.risk.reading import about
from casewall.safety.risk.words import HEARD_BY
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

COLUMNS = ["About", "Sign of danger", ("Raised", "date"), ("State", "tag")]
MOST = 100


@require_safe
def signals(request: HttpRequest) -> HttpResponse:
    """Signs of danger, those that nobody has acted on first."""
    viewer = viewer_of(request)
    must(viewer, Duty.RECORD_SUFFERED)
    rows = list(
        DangerSignal.objects.visible_to(viewer)
        .select_related("file__partner", "child")
        .defer("words", "done")
        .order_by(F("acknowledged_at").desc(nulls_first=True), "-raised_at", "id")[:MOST]
    )
    record_many(by=viewer, verb="listed", things=rows)
    return render(
        request,
        "joint/signals.html",
        {
            "columns": COLUMNS,
            "rows": [
                {
                    "url": reverse("danger-signal", args=[row.pk]),
                    "cells": [
                        about(row),
                        in_words(in_order(row.signs.split(","))),
                        row.raised_on,
                        ("Acted on", "green")
                        if row.acknowledged_at
                        else ("Nobody has acted on it", "red"),
                    ],
                }
                for row in rows
            ],
        },
    )


@form_page
def signal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One sign of danger: where it came from, and what was done."""
    viewer = viewer_of(request)
    must(viewer, Duty.RECORD_SUFFERED)
    rows = DangerSignal.objects.visible_to(viewer)
    row: DangerSignal = found(rows.select_related("file__partner", "child"), pk)
    form = forms.DoneForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.acknowledge(signal=row, done=form.cleaned_data["done"], by=viewer)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "What was done has been saved.")
            return redirect("danger-signal", row.pk)
    record(by=viewer, verb="viewed", thing=row)
    if not form.is_bound:
        opened(by=viewer, thing=row.file or row.child, at=timezone.now())
    return render(
        request,
        "joint/signal.html",
        {
            "one": row,
            "file": row.file,
            "child": row.child,
            "who": about(row),
            "form": form,
            "facts": _facts(row, viewer),
            "signs": [DANGERS[sign] for sign in in_order(row.signs.split(","))],
            "settled": bool(row.acknowledged_at and row.done),
            "back": _place(row, viewer),
        },
        status=422 if form.is_bound else 200,
    )


def _place(row: DangerSignal, viewer: Viewer) -> str:
    if row.file_id:
        return reverse("partner", args=[row.file_id])
    return reverse("child", args=[row.child_id])


def _facts(row: DangerSignal, viewer: Viewer) -> list[tuple[str, Any]]:
    # Who wrote it could tell a partner's worker of a file that is not theirs.
    hides = viewer.role is Role.PARTNER_WORKER and row.child_id is not None
    workers = [row.worker, row.acknowledged_by]
    names = names_of([one for one in workers if not hides or one == viewer.worker])
    facts: list[tuple[str, Any]] = [
        ("Came in by", HEARD_BY[row.heard_by]),
        ("In words", row.words),
        ("Raised", row.raised_at),
    ]
    if row.worker in names:
        facts.append(("Raised by", names[row.worker]))
    if row.acknowledged_at is not None:
        facts += [
            ("Acted on", row.acknowledged_at),
            ("By", names.get(row.acknowledged_by, "") if row.acknowledged_by else ""),
            ("What was done", row.done or "nothing written yet"),
        ]
    return facts


@form_page
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Raise signs of danger that a worker saw or heard, without another record."""
    viewer = viewer_of(request)
    file = file_with(request, pk, Duty.RECORD_SUFFERED)
    form = forms.SignsForm(request.POST or None)

    def act() -> None:
        actions.raise_by_hand(
            file=file,
            signs=form.cleaned_data["signs"],
            form=form.cleaned_data["form_id"],
            by=viewer,
        )

    tells = may_do(viewer.role, Duty.JOINT_RISK)
    return answer(
        request,
        file,
        form,
        act,
        heading="Raise a sign of danger",
        button="Raise it now",
        saved="It stands first on the day of the file's worker and of coordination.",
        back=reverse("joint-risk" if tells else "partner", args=[file.pk]),
        lead="Call the police first where somebody may be hurt now.",
    )
