"""Disclosures: the list, two approvers, refusing, recalling, reviewing, and how many there were."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.coordination.actions import (
    approve,
    at_the_service,
    recall,
    refuse,
    review_release,
    revoke_permission,
)
from casewall.safety.coordination.forms import (
    EMERGENCIES,
    GROUNDS,
    IN_DANGER,
    PERIODS,
    PURPOSES,
    STATES_SHOWN,
    DisclosuresFilter,
    PeriodFilter,
    RefuseForm,
    ReviewForm,
)
from casewall.safety.coordination.material import opened
from casewall.safety.coordination.models import Approval, Disclosure, PartnerPermission
from casewall.safety.coordination.reading import reviews_waiting
from casewall.safety.coordination.rules import (
    Review,
    State,
    counted,
    is_late,
    may_approve,
    may_review,
)
from casewall.safety.partners.page import STATES
from casewall.safety.partners.views.files import SEES_FILES
from casewall.safety.partners.words import in_words
from casewall.safety.pulled.models import PulledCase
from casewall.safety.reading import found, leaf, must, names_of, only
from casewall.staff.requests import SignedInRequest
from casewall.staff.step_up import fresh_for_button
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

COLUMNS = ["Purpose", ("State", "tag"), "Asked by", ("Asked", "date"), ("Release", "date")]
REVIEW_COLUMNS = ["Purpose", ("Review", "tag"), "Released by", ("Released", "date"), "Due by"]
COUNT_COLUMNS = ["What", "How many", "Of how many"]
WORDS = ("text", "override_reason", "refusal", "danger", "review_note")
REVIEWS = {
    Review.WAITING: ("To be reviewed", "red"),
    Review.UPHELD: ("Upheld", "green"),
    Review.RECALLED: ("Not upheld", "orange"),
}


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """Disclosures of one state or of all, newest first; above all, what waits for somebody."""
    viewer = request.viewer
    only(viewer, *SEES_FILES)
    query = {key: value for key, value in request.GET.items() if value}
    every = Disclosure.objects.visible_to(viewer)
    counts = dict(every.values_list("state").annotate(Count("id")).order_by())
    counts[EMERGENCIES] = every.exclude(review="").count()
    rows = every.defer(*WORDS)
    state = query.get("state", "")
    chosen = {**dict(STATES_SHOWN), EMERGENCIES: "Released in an emergency"}.get(state, "")
    waiting: list[Disclosure] = []
    if not chosen:
        waiting = list(rows.filter(state=State.ASKED).order_by("asked_at", "id"))
        rows = rows.exclude(state=State.ASKED)
    elif state == EMERGENCIES:
        rows = rows.exclude(review="")
    else:
        rows = rows.filter(state=state)
    page = leaf(rows.annotate(asked_on=TruncDate("asked_at")), day="asked_on", query=query)
    reviews = [] if chosen else reviews_waiting(viewer)
    names = names_of(one.asked_by for one in (*reviews, *waiting, *page.rows))
    record_many(by=viewer, verb="listed", things=[*waiting, *page.rows])
    return render(
        request,
        "coordination/disclosures.html",
        {
            "filter": DisclosuresFilter(request.GET, counts=counts),
            "chosen": [(chosen, "?")] if chosen else [],
            "columns": COLUMNS,
            "waiting": [_row(one, names) for one in waiting],
            "page": page,
            "rows": [_row(one, names) for one in page.rows],
            "review_columns": REVIEW_COLUMNS,
            "reviews": [_review_row(one, names) for one in reviews],
            "counts": viewer.role is Role.SAFETY_MANAGER,
        },
    )


def _review_row(one: Disclosure, names: dict[UUID, str]) -> dict[str, Any]:
    late = is_late(one.course, timezone.now())
    return {
        "url": reverse("disclosure", args=[one.pk]),
        "cells": [
            in_words(one.purpose),
            ("Late", "red") if late else ("To be reviewed", "orange"),
            names.get(one.asked_by, ""),
            one.asked_at,
            f"{timezone.localtime(one.review_due_at):%-d %B %Y, %H:%M}",
        ],
    }


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


def _seen(viewer: Viewer, pk: UUID) -> Disclosure:
    only(viewer, *SEES_FILES)
    return found(Disclosure.objects.visible_to(viewer), pk)


@require_safe
def disclosure(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One disclosure: exactly the words that cross, who approved, what can be done."""
    one = _seen(request.viewer, pk)
    record(by=request.viewer, verb="viewed", thing=one)
    opened(by=request.viewer, thing=one, at=timezone.now())
    return _page(request, one)


def _page(
    request: SignedInRequest,
    one: Disclosure,
    form: RefuseForm | ReviewForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    given = list(Approval.objects.visible_to(viewer).filter(disclosure=one).order_by("given_at"))
    case = PulledCase.objects.visible_to(viewer).filter(pk=one.case_id).first()
    names = names_of([one.asked_by, one.reviewed_by, *(a.worker for a in given)])
    permission = PartnerPermission.objects.visible_to(viewer).filter(pk=one.permission_id).first()
    decision = may_approve(
        viewer.role, viewer.worker, one.asked_by, tuple((a.worker, Role(a.role)) for a in given)
    )
    return render(
        request,
        "coordination/disclosure.html",
        {
            "one": one,
            "rows": [
                *_asked_rows(one, case, names),
                *_permission_rows(permission),
                *([] if one.review else _approval_rows(one, given, names)),
                *_emergency_rows(one, names),
                ("Released" if one.course.crossed else "Release", _release_in_words(one)),
                *([("Refused because", one.refusal)] if one.refusal else []),
            ],
            "state": (in_words(one.state), STATES[one.state]),
            "asked": one.state == State.ASKED,
            "released": one.state == State.RELEASED,
            "decision": decision,
            "form": form,
            "refuse": form if isinstance(form, RefuseForm) else RefuseForm(),
            "review": form if isinstance(form, ReviewForm) else ReviewForm(),
            "to_review": one.review == Review.WAITING,
            "may_review": _review_decision(one, viewer),
            "may_revoke": _may_revoke(one, permission, viewer),
            "may_recall": bool(may_do(viewer.role, Duty.APPROVE_DISCLOSURE)),
            "points": _points(one),
            "recall_points": [
                f"These words are taken back: “{one.text}”",
                "The programme side keeps the day on which something was told.",
            ],
        },
        status=status,
    )


def _asked_rows(
    one: Disclosure, case: PulledCase | None, names: dict[UUID, str]
) -> list[tuple[str, Any]]:
    rows = [
        ("Purpose", dict(PURPOSES)[one.purpose]),
        ("About", case.name if case else "a case that you do not work with"),
    ]
    if one.other_case_id:
        rows.append(("Not together with", f"the case {one.other_case_id.hex[:8]}"))
    who = ("Released by" if one.review else "Asked by", names.get(one.asked_by, ""))
    rows.append(("Ground", dict(GROUNDS)[one.ground]))
    if one.review:
        return [*rows, who]
    return [
        *rows,
        ("Reason for the override", one.override_reason or "none"),
        ("Other possible sources", str(one.other_sources)),
        who,
        ("Asked", one.asked_at),
    ]


def _permission_rows(permission: PartnerPermission | None) -> list[tuple[str, Any]]:
    if permission is None:
        return []
    rows = [("The partner agreed to exactly these words", permission.given_on)]
    if permission.revoked_on:
        rows.append(("The partner took the permission back", permission.revoked_on))
    return rows


def _approval_rows(
    one: Disclosure, given: list[Approval], names: dict[UUID, str]
) -> list[tuple[str, Any]]:
    said = [f"{names.get(a.worker, '')}, {in_words(a.role).lower()}" for a in given]
    return [("Approved by", "\n".join(said) or "nobody yet")]


def _emergency_rows(one: Disclosure, names: dict[UUID, str]) -> list[tuple[str, Any]]:
    if not one.review:
        return []
    rows = [
        ("In danger", dict(IN_DANGER)[one.in_danger]),
        ("What the danger is", one.danger),
        ("Review", REVIEWS[Review(one.review)][0]),
        ("To be reviewed by", one.review_due_at),
    ]
    if one.reviewed_at:
        late = " (late)" if is_late(one.course, timezone.now()) else ""
        rows += [
            ("Reviewed by", names.get(one.reviewed_by, "") + late),
            ("Reviewed", one.reviewed_at),
            ("What the reviewer found", one.review_note),
        ]
    return rows


def _release_in_words(one: Disclosure) -> str:
    """The moment of release by the clock of the service, whose fixed hours they are."""
    if one.release_at is None:
        return "not set"
    return f"{at_the_service(one, one.release_at):%-d %B %Y, %H:%M}"


def _review_decision(one: Disclosure, viewer: Viewer) -> Any:
    decision = may_do(viewer.role, Duty.REVIEW_EMERGENCY)
    return decision and may_review(viewer.worker, one.asked_by, one.course.review)


def _may_revoke(one: Disclosure, permission: PartnerPermission | None, viewer: Viewer) -> bool:
    return (
        permission is not None
        and permission.revoked_on is None
        and one.state in (State.ASKED, State.APPROVED, State.RELEASED)
        and bool(may_do(viewer.role, Duty.REQUEST_DISCLOSURE))
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
@fresh_for_button("disclosure")
def approve_one(request: SignedInRequest, pk: UUID) -> HttpResponse:
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
def refuse_one(request: SignedInRequest, pk: UUID) -> HttpResponse:
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
def review_one(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Look again at what was released in an emergency."""
    one = _seen(request.viewer, pk)
    must(request.viewer, Duty.REVIEW_EMERGENCY)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _page(request, one, form, status=422)
    given, uphold = form.cleaned_data, form.cleaned_data["upheld"] == "yes"
    try:
        review_release(
            disclosure=one,
            uphold=uphold,
            note=given["note"],
            by=request.viewer,
            at=timezone.now(),
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, one, form, status=422)
    messages.success(
        request, "Reviewed and upheld." if uphold else "Reviewed. The words are taken back."
    )
    return redirect("disclosure", pk)


@require_POST
def revoke_one(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The partner takes the permission back."""
    one = _seen(request.viewer, pk)
    try:
        after = revoke_permission(disclosure=one, by=request.viewer, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        crossed = after.state == State.RECALLED
        messages.success(
            request,
            "The permission is taken back, and so are the words on the programme side."
            if crossed
            else "The permission is taken back. Nothing of it goes down.",
        )
    return redirect("disclosure", pk)


@require_POST
def recall_one(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take back what was released."""
    one = _seen(request.viewer, pk)
    try:
        recall(disclosure=one, by=request.viewer, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Recalled. The programme side keeps the day, not the words.")
    return redirect("disclosure", pk)


@require_safe
def disclosure_counts(request: SignedInRequest) -> HttpResponse:
    """How many disclosures were asked for and what became of them, with denominators."""
    viewer = request.viewer
    only(viewer, Role.SAFETY_MANAGER)
    now, query = timezone.now(), request.GET.get("days", "")
    rows = Disclosure.objects.visible_to(viewer)
    period = dict(PERIODS).get(query, "")
    if query and period:
        rows = rows.filter(asked_at__gt=now - timedelta(days=int(query)))
    fields = ("id", "state", "review", "review_due_at", "reviewed_at")
    courses = [one.course for one in rows.only(*fields)]
    record(by=viewer, verb="viewed", kind="counts of disclosures")
    return render(
        request,
        "coordination/counts.html",
        {
            "filter": PeriodFilter(request.GET),
            "chosen": [(period, "?")] if query and period else [],
            "columns": COUNT_COLUMNS,
            "rows": [
                {"cells": [what, number, f"{of} {among}"]}
                for what, number, of, among in counted(courses, now)
            ],
        },
    )
