"""The list of partner files, one file's page, and the small steps taken on it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.pages.parts import steps_by_part, with_due_words
from casewall.safety.partners.actions import (
    finish_task,
    reopen_file,
    reveal_details,
    take_file,
)
from casewall.safety.partners.forms import WHOSE, FilesFilter, RevealForm
from casewall.safety.partners.models import PartnerFile, PartnerTask
from casewall.safety.partners.page import (
    FileRecords,
    case_facts,
    channels,
    header,
    next_step,
    open_tasks,
    other_partners,
    timeline,
    with_names,
)
from casewall.safety.partners.parts import FILE, Part
from casewall.safety.partners.rules import CAVEAT, Contact, Purpose
from casewall.safety.partners.words import contact_in_words, contact_tag, in_words
from casewall.safety.reading import NOBODY, found, leaf, must, names_of, only
from casewall.safety.risk.models import DangerSignal
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

SEES_FILES = (Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER)
COLUMNS = ["Partner", ("Contact", "tag"), "Next step", ("Referred", "date"), "Worker"]


def file_seen(viewer: Viewer, pk: UUID) -> PartnerFile:
    """One file with its partner, or 404."""
    return found(PartnerFile.objects.visible_to(viewer).select_related("partner"), pk)


@require_safe
def partner_list(request: SignedInRequest) -> HttpResponse:
    """Partner files, newest referral first."""
    viewer = request.viewer
    only(viewer, *SEES_FILES)
    query = {k: v for k, v in request.GET.items() if v}
    rows = PartnerFile.objects.visible_to(viewer)
    if "closed" not in query:
        rows = rows.filter(closed_on=None, withdrawn_on=None)
    if query.get("whose") == "mine":
        rows = rows.filter(worker=viewer.worker)
    elif query.get("whose") == "unallocated":
        rows = rows.filter(worker=None)
    counts = dict(rows.values_list("contact").annotate(Count("id")).order_by())
    if query.get("contact") in list(Contact):
        rows = rows.filter(contact=query["contact"])
    page = leaf(rows.select_related("partner"), day="referred_on", query=query)
    names = names_of(file.worker for file in page.rows)
    record_many(by=viewer, verb="listed", things=page.rows)
    return render(
        request,
        "partners/list.html",
        {
            "filter": FilesFilter(request.GET, counts=counts),
            "chosen": _chosen(query),
            "page": page,
            "columns": COLUMNS,
            "rows": [_row(file, names) for file in page.rows],
        },
    )


def _row(file: PartnerFile, names: dict[UUID, str]) -> dict[str, Any]:
    worker = names.get(file.worker, NOBODY) if file.worker else NOBODY
    return {
        "url": reverse("partner", args=[file.pk]),
        "cells": [
            file.partner.full_name or "No name given",
            contact_tag(file.contact),
            next_step(file) or "nothing planned",
            file.referred_on,
            worker,
        ],
    }


def _chosen(query: dict[str, str]) -> list[tuple[str, str]]:
    """The filters in words, each with the address that takes it away."""
    words_of = {one.value: contact_in_words(one) for one in Contact}
    said = {"contact": words_of, "whose": dict(WHOSE), "closed": {}}
    chosen = []
    for key, words in said.items():
        if key in query:
            rest = "&".join(f"{k}={query[k]}" for k in said if k in query and k != key)
            text = words.get(query[key], "Closed too") if key == "closed" else words.get(query[key])
            if text:
                chosen.append((text, f"?{rest}"))
    return chosen


@require_safe
def partner_page(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One partner's file: what is safe now first, then what happened."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    record(by=viewer, verb="viewed", thing=file)
    return _partner_page(request, file)


def _partner_page(
    request: SignedInRequest, file: PartnerFile, status: int = 200, **more: Any
) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()
    today = timezone.localdate(now)
    records = FileRecords.of(file, viewer)
    plans = channels(records, now)
    may = {
        duty.name.lower(): bool(may_do(viewer.role, duty))
        for duty in (
            Duty.SUPPORT_PARTNER,
            Duty.SET_SAFE_CONTACT,
            Duty.RECORD_SCALES,
            Duty.LINK_FILES,
            Duty.REQUEST_DISCLOSURE,
        )
    }
    shown = header(records)
    added = _added(file, viewer, today, request.GET.get("show", ""))
    shown["flags"] += added.pop("flags")
    own = [] if added["section"] else timeline(records)
    return render(
        request,
        "partners/partner.html",
        {
            "file": file,
            "header": shown,
            "channels": plans,
            "may": may,
            "safe_now": [one for one in plans if one["safe"]],
            "tasks": open_tasks(records, today),
            "timeline": with_names([*own, *added.pop("entries")]),
            "cases": case_facts(records),
            "others": other_partners(records, viewer),
            "caveat": CAVEAT,
            "reveal": RevealForm(),
            **added,
            **more,
        },
        status=status,
    )


def _added(file: PartnerFile, viewer: Viewer, today: date, wanted: str) -> dict[str, Any]:
    """What other apps show on the page: all of it, or the section that is wanted."""
    parts = FILE.of()
    section = wanted if wanted in [part.key for part in parts if part.label] else ""
    # A part without a section of its own is asked every time that the file is opened.
    read = {
        part.key: part.read(file, viewer, today)
        for part in parts
        if section in ("", part.key) or not part.label
    }
    own = read.get(section)
    return {
        "section": section,
        "sections": _sections(file, section, parts),
        "waits_for": with_due_words(
            (row for one in read.values() for row in one.waits_for), today
        ),
        "more": steps_by_part(parts, read),
        "details": [row for one in read.values() for row in one.details],
        "flags": [flag for one in read.values() for flag in one.flags],
        "entries": [entry for one in read.values() for entry in one.entries],
        "part": own.template if own else "",
        **(own.in_section() if own else {}),
    }


def _sections(file: PartnerFile, current: str, parts: list[Part]) -> list[dict[str, Any]]:
    """The sections of a file as links. Safe contact stands above all of them."""
    address = reverse("partner", args=[file.pk])
    named = [("", "Everything"), *((part.key, part.label) for part in parts if part.label)]
    return [
        {
            "label": label,
            "url": address + (f"?show={key}" if key else ""),
            "current": key == current,
        }
        for key, label in named
    ]


@require_POST
def take(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Become the worker of a file that has none."""
    file = file_seen(request.viewer, pk)
    must(request.viewer, Duty.SUPPORT_PARTNER)
    try:
        take_file(file=file, by=request.viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "This file is yours.")
    return redirect("partner", pk)


@require_POST
def reopen(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take up support again for a partner who has come back."""
    file = file_seen(request.viewer, pk)
    must(request.viewer, Duty.SUPPORT_PARTNER)
    try:
        reopen_file(file=file, on=timezone.localdate(), by=request.viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The file is open again.")
    return redirect("partner", pk)


@require_POST
def finish(request: SignedInRequest, pk: UUID, task: UUID) -> HttpResponse:
    """Mark a task of a file done."""
    file = file_seen(request.viewer, pk)
    must(request.viewer, Duty.SUPPORT_PARTNER)
    one = found(PartnerTask.objects.visible_to(request.viewer).filter(file=file), task)
    signal = DangerSignal.objects.visible_to(request.viewer).filter(task=one).first()
    if signal is not None and signal.acknowledged_at is None:
        messages.warning(request, "Say what was done about it; then the task is done.")
        return redirect("danger-signal", signal.pk)
    finish_task(task=one, on=timezone.localdate(), by=request.viewer)
    messages.success(request, "The task is done.")
    return redirect("partner", pk)


@require_POST
def reveal(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Show contact details once, on this answer only, and keep for what purpose."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.SUPPORT_PARTNER)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _partner_page(request, file, status=422, reveal=form, form=form)
    purpose = Purpose(form.cleaned_data["purpose"])
    details = reveal_details(file=file, purpose=purpose, by=viewer)
    plans = channels(FileRecords.of(file, viewer), timezone.now())
    return render(
        request,
        "partners/revealed.html",
        {"file": file, "details": details, "channels": plans, "purpose": in_words(purpose)},
    )
