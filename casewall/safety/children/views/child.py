"""One child's page, and the small steps taken on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record
from casewall.pages.templatetags.casewall import due_in_words
from casewall.safety.children import actions
from casewall.safety.children.models import Child, ChildSupport
from casewall.safety.children.page import (
    ChildRecords,
    about,
    adults,
    goals,
    header,
    steps,
    timeline,
)
from casewall.safety.children.reading import referral_row
from casewall.safety.children.views.lists import SEES_CHILDREN
from casewall.safety.children.views.telling import asked_rows
from casewall.safety.coordination.material import opened
from casewall.safety.meetings.reading import extracts_of_child
from casewall.safety.partners.page import with_names
from casewall.safety.partners.rules import CAVEAT
from casewall.safety.reading import found, must, only
from casewall.safety.sharing.reading import shared_of_child
from casewall.services.load import shipped
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer


@require_safe
def child_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who the child is to whom, which plan holds, and the work with the child."""
    viewer = request.viewer  # type: ignore[attr-defined]
    only(viewer, *SEES_CHILDREN)
    child = found(Child.objects.visible_to(viewer).select_related("same_as"), pk)
    record(by=viewer, verb="viewed", thing=child)
    opened(by=viewer, thing=child, at=timezone.now())
    today = timezone.localdate()
    records = ChildRecords.of(child, viewer)
    support = records.support
    definition = shipped().get(child.service)
    is_open = support is not None and support.ended_on is None
    return render(
        request,
        "children/child.html",
        {
            "child": child,
            "header": header(records, today),
            "about": about(records),
            "adults": adults(records, viewer, today),
            "waits_for": [
                {"row": row, "due_words": due_in_words(row.ask_on, today)}
                for row in records.referrals if row.ask_on
            ],
            "referral_columns": [
                "To",
                "About",
                "Threshold",
                ("Referred on", "date"),
                "Outcome",
            ],
            "referral_rows": [referral_row(row, on_own_page=True) for row in records.referrals],
            "timeline": with_names(timeline(records, viewer)),
            "goals": goals(records),
            "places": [place for place in records.places if place.left_on is None],
            "support": support,
            "is_open": is_open,
            "steps": steps(records, viewer),
            "may_refer": bool(may_do(viewer.role, Duty.REFER_CHILD)),
            "may_support": bool(may_do(viewer.role, Duty.SUPPORT_CHILD)),
            "may_ask": bool(not is_open and definition and definition.children
                            and may_do(viewer.role, Duty.RECORD_CHILD)),
            # That there is another record tells of another file: coordination alone sees it.
            "same_as": _same_as(child, viewer),
            "caveat": CAVEAT,
            **_told(child, viewer),
            **shared_of_child(child, viewer, today),
        },
    )


def _told(child: Child, viewer: Viewer) -> dict[str, Any]:
    """What the programme was to be told of a child, and what meetings kept for the child."""
    return {
        "told_columns": ["What was asked for", ("State", "tag"), ("Asked", "date")],
        "told_rows": asked_rows(child, viewer),
        "extracts": extracts_of_child(child, viewer),
    }


def _same_as(child: Child, viewer: object) -> Child | None:
    if child.same_as_id is None:
        return None
    must_see = Child.objects.visible_to(viewer)
    other: Child | None = must_see.filter(pk=child.same_as_id).first()
    return other


@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the children's service to work with a child."""
    viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.RECORD_CHILD)
    child = found(Child.objects.visible_to(viewer), pk)
    try:
        actions.ask_support(child=child, on=timezone.localdate(), by=viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The children's service has been asked to work with the child.")
    return redirect("child", pk)


@require_POST
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Become the worker of a child who waits."""
    viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.SUPPORT_CHILD)
    support = found(ChildSupport.objects.visible_to(viewer), pk)
    if support.ended_on is not None:
        raise Http404
    try:
        actions.take_child(support=support, by=viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "You are this child's worker now.")
    return redirect("child", support.child_id)
