"""Pages of referrers' messages: the list, one message with the case that it names, what is done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.intake.messages import settle
from casewall.safety.intake.models import MessageState, ReferrerMessage
from casewall.safety.messages.actions import case_meant, files_of, tell_partner_workers
from casewall.safety.partners.words import in_words
from casewall.safety.reading import found, leaf, must, names_of
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

STATES = {
    MessageState.NEW: ("New", "blue"),
    MessageState.KEPT: ("Kept here", "grey"),
    MessageState.PASSED: ("Disclosure asked for", "green"),
}
COLUMNS = ["From", "Reference", ("Received", "date"), ("State", "tag")]
NEW_SHOWN = 10
"""New messages on the first page; the list holds the rest."""


def state_tag(message: ReferrerMessage) -> tuple[str, str]:
    """What came of a message, as a tag."""
    return STATES[MessageState(message.state)]


def new_messages(viewer: Viewer) -> list[dict[str, Any]]:
    """For the first page: messages that nobody has settled, the oldest first."""
    rows = list(
        ReferrerMessage.objects.visible_to(viewer)
        .filter(state=MessageState.NEW)
        .defer("text")
        .order_by("received_at", "id")[:NEW_SHOWN]
    )
    record_many(by=viewer, verb="listed", things=rows)
    return [
        {
            "due": timezone.localdate(row.received_at),
            "what": "Message about the referral",
            "who": row.reference,
            "note": f"From {row.sender_name}",
            "url": reverse("referrer-message", args=[row.pk]),
        }
        for row in rows
    ]


@require_safe
def messages_list(request: SignedInRequest) -> HttpResponse:
    """Every message of referrers, newest first."""
    viewer = request.viewer
    must(viewer, Duty.INTAKE)
    page = leaf(
        ReferrerMessage.objects.visible_to(viewer).defer("text"),
        day="received_on",
        query={k: v for k, v in request.GET.items() if v},
    )
    record_many(by=viewer, verb="listed", things=page.rows)
    rows = [
        {
            "url": reverse("referrer-message", args=[row.pk]),
            "cells": [row.sender_name, row.reference, row.received_at, state_tag(row)],
        }
        for row in page.rows
    ]
    return render(request, "intake/messages.html", {"page": page, "columns": COLUMNS, "rows": rows})


def _seen(request: SignedInRequest, pk: UUID) -> ReferrerMessage:
    must(request.viewer, Duty.INTAKE)
    message: ReferrerMessage = found(ReferrerMessage.objects.visible_to(request.viewer), pk)
    return message


@require_safe
def message(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One message, the case that its reference names, and what can be done with it."""
    viewer, one = request.viewer, _seen(request, pk)
    case = case_meant(one, viewer)
    files = files_of(case, viewer) if case else []
    record(by=viewer, verb="viewed", thing=one)
    if case is not None:
        record(by=viewer, verb="viewed", thing=case)
    settled = names_of([one.settled_by]).get(one.settled_by, "") if one.settled_by else ""
    asks = bool(may_do(viewer.role, Duty.REQUEST_DISCLOSURE))
    return render(
        request,
        "intake/message.html",
        {
            "one": one,
            "state": state_tag(one),
            "facts": [
                ("From", one.sender_name),
                ("Work e-mail", one.sender_email),
                ("Reference given", one.reference),
                ("Received", one.received_at),
                ("The client may read it", "yes" if one.may_read else "the sender did not say so"),
                *([("Settled by", settled), ("Settled", one.settled_at)] if one.settled_at else []),
                *([("Partner workers told", one.told_at)] if one.told_at else []),
            ],
            "case": case,
            "case_facts": _case_facts(case),
            "files": [
                {
                    "name": file.partner.full_name,
                    "url": reverse("partner", args=[file.pk]),
                    "ask": f"{reverse('ask-disclosure', args=[file.pk])}?message={one.pk}",
                }
                for file in files
            ],
            "may_keep": one.state == MessageState.NEW,
            "may_ask": asks and one.state != MessageState.PASSED,
            "may_tell": bool(files) and one.told_at is None,
        },
    )


def _case_facts(case: Any) -> list[tuple[str, Any]]:
    if case is None:
        return []
    return [
        ("Client", case.name),
        ("Stage", in_words(case.stage)),
        ("Referred on", case.referred_on),
        ("Route", in_words(case.route)),
    ]


@require_POST
def keep(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The message stays on this side."""
    one = _seen(request, pk)
    try:
        settle(message=one, state=MessageState.KEPT, by=request.viewer, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Kept here. Nothing of it goes down.")
    return redirect("referrer-message", pk)


@require_POST
def tell(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Give the workers of the partners of this case a task with the words."""
    one = _seen(request, pk)
    try:
        told = tell_partner_workers(
            message=one, by=request.viewer, on=timezone.localdate(), at=timezone.now()
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if told:
            messages.success(
                request,
                f"The message is a task in {told} partner file{'s' if told > 1 else ''}.",
            )
    return redirect("referrer-message", pk)
