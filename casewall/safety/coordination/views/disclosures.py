"""Disclosures: asking, two approvers, refusing, recalling."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.coordination.actions import approve, ask, recall, refuse
from casewall.safety.coordination.forms import GROUNDS, PURPOSES, AskForm, RefuseForm
from casewall.safety.coordination.models import Approval, Disclosure
from casewall.safety.coordination.rules import Ground, Purpose, State, may_approve
from casewall.safety.intake.messages import asked_from, settle, words_to_edit
from casewall.safety.intake.models import MessageState
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.partners.page import STATES
from casewall.safety.partners.views.files import SEES_FILES, file_seen
from casewall.safety.partners.words import in_words
from casewall.safety.pulled.models import PulledCase
from casewall.safety.reading import found, must, names_of, only
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Role, Viewer

DECIDED_SHOWN = 25
COLUMNS = ["Purpose", ("State", "tag"), "Asked by", ("Asked", "date"), ("Release", "date")]


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for approvers, the oldest first; below it the latest decisions."""
    viewer = request.viewer
    only(viewer, *SEES_FILES)
    rows = Disclosure.objects.visible_to(viewer).defer("text", "override_reason", "refusal")
    waiting = list(rows.filter(state=State.ASKED).order_by("asked_at", "id"))
    decided = list(rows.exclude(state=State.ASKED).order_by("-asked_at", "id")[:DECIDED_SHOWN])
    names = names_of(one.asked_by for one in (*waiting, *decided))
    record_many(by=viewer, verb="listed", things=[*waiting, *decided])
    return render(
        request,
        "coordination/disclosures.html",
        {
            "columns": COLUMNS,
            "waiting": [_row(one, names) for one in waiting],
            "decided": [_row(one, names) for one in decided],
        },
    )


def _row(one: Disclosure, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "url": reverse("disclosure", args=[one.pk]),
        "cells": [
            in_words(one.purpose),
            (in_words(one.state), STATES[one.state]),
            names.get(one.asked_by, ""),
            one.asked_at,
            one.release_at or "not set",
        ],
    }


def _case_choices(file: PartnerFile, viewer: Viewer) -> list[tuple[str, str]]:
    linked = FileLink.objects.visible_to(viewer).filter(file=file, ended_on=None)
    cases = PulledCase.objects.visible_to(viewer).filter(id__in=linked.values("case_id"))
    return [
        (str(case.pk), f"{case.name}, referred {case.referred_on:%-d %B %Y}")
        for case in cases.order_by("-referred_on", "id")
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask that the programme side be told something about a linked case."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.REQUEST_DISCLOSURE)
    cases = _case_choices(file, viewer)
    message = asked_from(request.GET.get("message", ""), viewer)
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        initial = {"other_sources": 0, **words_to_edit(message)}
        return _ask_page(request, file, AskForm(cases=cases, initial=initial))
    form = AskForm(request.POST, cases=cases)
    if not form.is_valid():
        return _ask_page(request, file, form, status=422)
    given = form.cleaned_data
    try:
        ask(
            file=file,
            case_id=given["case_id"],
            purpose=Purpose(given["purpose"]),
            text=given["text"],
            ground=Ground(given["ground"]),
            by=viewer,
            at=timezone.now(),
            override_reason=given["override_reason"],
            other_sources=given["other_sources"],
            other_case_id=_other_case(given["other"], given["case_id"]),
            id=given["form_id"],
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _ask_page(request, file, form, status=422)
    if message is not None:
        settle(message=message, state=MessageState.PASSED, by=viewer, at=timezone.now())
    messages.success(request, "It has been put to the approvers. Nothing has crossed yet.")
    return redirect("partner", pk)


def _other_case(reference: str, case_id: UUID) -> UUID | None:
    """The case whose identifier begins so, of the same service. Raises `Refused` for none or two.

    Whoever asks may not see that case; nothing of it is shown.
    """
    reference = reference.strip().lower()
    if not reference:
        return None
    rows = PulledCase.objects.for_system("placement")
    service = rows.filter(pk=case_id).values_list("service", flat=True).first()
    try:
        first, last = (UUID(reference + end * 24) for end in "0f")
    except ValueError:
        raise Refused(
            f"“{reference}” is not the reference of a case: it has eight characters, 0–9 and a–f."
        ) from None
    found_ids = list(
        rows.filter(service=service, id__gte=first, id__lte=last).values_list("id", flat=True)[:2]
    )
    if len(found_ids) != 1:
        raise Refused(f"No case of this service has the reference “{reference}”.")
    return found_ids[0]


def _ask_page(
    request: HttpRequest, file: PartnerFile, form: AskForm, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "coordination/ask.html",
        {"file": file, "form": form, "has_cases": bool(form.fields["case_id"].choices)},
        status=status,
    )


def _seen(viewer: Viewer, pk: UUID) -> Disclosure:
    only(viewer, *SEES_FILES)
    return found(Disclosure.objects.visible_to(viewer), pk)


@require_safe
def disclosure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One disclosure: exactly the words that cross, who approved, what can be done."""
    one = _seen(request.viewer, pk)
    record(by=request.viewer, verb="viewed", thing=one)
    return _page(request, one, RefuseForm())


def _page(
    request: HttpRequest, one: Disclosure, form: RefuseForm, status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    given = list(Approval.objects.visible_to(viewer).filter(disclosure=one).order_by("given_at"))
    case = PulledCase.objects.visible_to(viewer).filter(pk=one.case_id).first()
    names = names_of([one.asked_by, *(a.worker for a in given)])
    decision = may_approve(
        viewer.role, viewer.worker, one.asked_by, tuple((a.worker, Role(a.role)) for a in given)
    )
    rows = [
        ("Purpose", dict(PURPOSES)[one.purpose]),
        ("About", case.name if case else "a case that you do not work with"),
        ("Ground", dict(GROUNDS)[one.ground]),
        ("Reason for the override", one.override_reason or "none"),
        ("Other possible sources", str(one.other_sources)),
        ("Asked by", names.get(one.asked_by, "")),
        ("Asked", one.asked_at),
        (
            "Approved by",
            "\n".join(f"{names.get(a.worker, '')}, {in_words(a.role).lower()}" for a in given)
            or "nobody yet",
        ),
        ("Release", one.release_at or "not set"),
    ]
    if one.other_case_id:
        rows.insert(2, ("Not together with", f"the case {one.other_case_id.hex[:8]}"))
    if one.refusal:
        rows.append(("Refused because", one.refusal))
    return render(
        request,
        "coordination/disclosure.html",
        {
            "one": one,
            "rows": rows,
            "state": (in_words(one.state), STATES[one.state]),
            "asked": one.state == State.ASKED,
            "released": one.state == State.RELEASED,
            "decision": decision,
            "form": form,
            "points": _points(one),
            "recall_points": [
                f"These words are taken back: “{one.text}”",
                "The programme side keeps the day on which something was told.",
            ],
        },
        status=status,
    )


def _points(one: Disclosure) -> list[str]:
    """What an approver must know before saying yes."""
    return [
        "Only the pair crosses: these two cannot be placed together."
        if one.other_case_id
        else f"These words cross, and nothing else: “{one.text}”",
        "They cannot be taken out of anyone's memory: a recall removes the text only.",
        "The second approval sets the release to the next fixed hour.",
    ]


@require_POST
def approve_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add this worker's approval."""
    one = _seen(request.viewer, pk)
    try:
        after = approve(disclosure=one, by=request.viewer, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        done = after.state == State.APPROVED
        messages.success(
            request,
            "Approved. It is released at the next fixed hour."
            if done
            else "Your approval counts. One more is needed.",
        )
    return redirect("disclosure", pk)


@require_POST
def refuse_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Refuse, with a reason for whoever asked."""
    one = _seen(request.viewer, pk)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, one, form, status=422)
    try:
        refuse(disclosure=one, reason=form.cleaned_data["reason"], by=request.viewer)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, one, form, status=422)
    messages.success(request, "Refused. Nothing of it goes down.")
    return redirect("disclosure", pk)


@require_POST
def recall_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back what was released."""
    one = _seen(request.viewer, pk)
    try:
        recall(disclosure=one, by=request.viewer, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Recalled. The programme side keeps the day, not the words.")
    return redirect("disclosure", pk)
