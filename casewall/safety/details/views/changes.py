"""Asking for a change of contact details, confirming it with the partner, checking it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from casewall.audit.actions import record
from casewall.safety.details import actions
from casewall.safety.details.forms import WAYS, ChangeForm, ConfirmForm, VersionForm
from casewall.safety.details.models import DetailChange
from casewall.safety.details.reading import NAMES, STATES
from casewall.safety.details.rules import OPEN, Detail, Source, State, Way, may_check
from casewall.safety.partners.actions import reveal_details
from casewall.safety.partners.rules import Purpose
from casewall.safety.partners.views.files import file_seen
from casewall.safety.reading import found, must, names_of
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask for a change."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.CHANGE_DETAILS)
    form = ChangeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            asked = actions.ask_change(
                file=file,
                detail=Detail(given["detail"]),
                value=given["value"],
                source=Source(given["source"]),
                reason=given["reason"] or None,
                at=timezone.now(),
                id=given["form_id"],
                by=viewer,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Nothing has changed yet. Confirm it with the partner now.")
            return redirect("detail-change", pk, asked.pk)
    record(by=viewer, verb="viewed", thing=file)
    return render(
        request,
        "details/change.html",
        {"file": file, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def one_change(request: SignedInRequest, pk: UUID, change: UUID) -> HttpResponse:
    """One change: the partner's word is recorded here. Old and new are shown, and that is kept."""
    viewer = request.viewer
    must(viewer, Duty.CHANGE_DETAILS)
    one = _seen(viewer, pk, change)
    typed = request.POST if request.method == "POST" else None
    form = ConfirmForm(typed, initial={"version": one.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.confirm_change(
                change=one,
                way=Way(given["way"]),
                code_word_given=given["code_word_given"],
                version=given["version"],
                at=timezone.now(),
                by=viewer,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            one = _seen(viewer, pk, change)
        else:
            messages.success(request, "Confirmed. A second worker has to check it now.")
            return redirect("detail-change", pk, change)
    return _change_page(request, one, form, status=422 if form.is_bound else 200)


def _seen(viewer: Viewer, pk: UUID, change: UUID) -> DetailChange:
    rows = DetailChange.objects.visible_to(viewer).select_related("file__partner")
    one: DetailChange = found(rows.filter(file_id=pk), change)
    return one


def _change_page(
    request: SignedInRequest, one: DetailChange, form: ConfirmForm, status: int
) -> HttpResponse:
    viewer = request.viewer
    is_open = one.state in OPEN
    rows: list[tuple[str, Any]] = []
    if is_open:
        held = reveal_details(file=one.file, purpose=Purpose.TO_CORRECT_THEM, by=viewer)
        rows = [
            ("As it stands", getattr(held, one.detail) or "none"),
            ("New", one.new_value or "none: the old one is taken away"),
        ]
    else:
        record(by=viewer, verb="viewed", thing=one.file)
    names = names_of([one.asked_by, one.confirmed_by, one.ended_by])
    rows += [
        ("Asked for by", names.get(one.asked_by)),
        ("Note", one.reason or "none"),
    ]
    if one.confirmed_by:
        rows += [
            ("Confirmed by", names.get(one.confirmed_by)),
            ("How", dict(WAYS)[one.way]),
        ]
    check = may_check(viewer.worker, asked_by=one.asked_by, confirmed_by=one.confirmed_by)
    return render(
        request,
        "details/one_change.html",
        {
            "file": one.file,
            "one": one,
            "name": NAMES[Detail(one.detail)],
            "tag": STATES[State(one.state)],
            "rows": rows,
            "form": form if one.state == State.ASKED else None,
            "may_check": one.state == State.CONFIRMED and check.allowed,
            "wait": check.reason if one.state == State.CONFIRMED and not check else "",
            "is_open": is_open,
        },
        status=status,
    )


def _press(
    request: SignedInRequest,
    pk: UUID,
    change: UUID,
    act: Callable[..., DetailChange],
    said: str,
) -> HttpResponse:
    viewer = request.viewer
    must(viewer, Duty.CHANGE_DETAILS)
    one = _seen(viewer, pk, change)
    form = VersionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "This page was out of date. Look at the change again.")
        return redirect("detail-change", pk, change)
    try:
        act(change=one, version=form.cleaned_data["version"], at=timezone.now(), by=viewer)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("detail-change", pk, change)
    messages.success(request, said)
    return redirect(f"{reverse('partner', args=[pk])}?show=details")


@require_POST
def check(request: SignedInRequest, pk: UUID, change: UUID) -> HttpResponse:
    """The second check, which makes the change."""
    return _press(
        request,
        pk,
        change,
        actions.check_change,
        "Changed. What waited for the old one was taken back, and no way of contact that it "
        "belonged to is confirmed safe any more: ask the partner.",
    )


@require_POST
def drop(request: SignedInRequest, pk: UUID, change: UUID) -> HttpResponse:
    """Drop a change; nothing has changed."""
    return _press(request, pk, change, actions.drop_change, "Dropped. Nothing has changed.")
