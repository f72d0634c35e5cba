"""What of support waits for a worker today, in a fixed number of queries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from casewall.safety.support.models import (
    OnwardReferral,
    PlanStep,
    SafetyPlan,
    SupportPeriod,
    SupportPlan,
)
from casewall.safety.support.rules import END_NEAR_DAYS
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

MOST = 50
Items = list[dict[str, Any]]


def today_items(viewer: Viewer, today: date, last: date) -> Items:
    """Ends that come near, overdue reviews, steps and questions until `last`: five queries."""
    if not may_do(viewer.role, Duty.SUPPORT_PARTNER):
        return []
    return [
        *_ends(viewer, last),
        *_reviews(SafetyPlan, viewer, last, "safety plan", "safety-plan"),
        *_reviews(SupportPlan, viewer, last, "support plan", "support-plan"),
        *_steps(viewer, last),
        *_referrals(viewer, last),
    ]


def _of_open_files(model: Any, viewer: Viewer, day: str, **wanted: Any) -> Any:
    """Records of open files, the earliest by `day` first."""
    return (
        model.objects.visible_to(viewer)
        .filter(file__closed_on=None, file__withdrawn_on=None, **wanted)
        .select_related("file__partner")
        .order_by(day, "id")[:MOST]
    )


def _item(row: Any, due: date, what: str, url: str, tag: tuple[str, str]) -> dict[str, Any]:
    return {"due": due, "what": what, "who": row.file.partner.full_name, "url": url, "tag": tag}


def _ends(viewer: Viewer, last: date) -> Items:
    near = timedelta(days=END_NEAR_DAYS)
    rows = _of_open_files(
        SupportPeriod, viewer, "planned_end", ended_on=None, planned_end__lte=last + near
    )
    return [
        _item(
            row,
            row.planned_end - near,
            f"Support ends on {row.planned_end:%-d %B %Y}: extend it, or prepare the end:",
            reverse("support-extend", args=[row.pk]),
            ("Support", "blue"),
        )
        for row in rows
    ]


def _reviews(model: Any, viewer: Viewer, last: date, what: str, name: str) -> Items:
    newer = model.objects.visible_to(viewer).filter(
        file=OuterRef("file"), number__gt=OuterRef("number")
    )
    rows = (
        model.objects.visible_to(viewer)
        .filter(~Exists(newer), file__closed_on=None, file__withdrawn_on=None, review_on__lte=last)
        .select_related("file__partner")
        .order_by("review_on", "id")[:MOST]
    )
    return [
        _item(
            row,
            row.review_on,
            f"Look at the {what} again:",
            reverse(name, args=[row.file_id]),
            (what.capitalize(), "teal"),
        )
        for row in rows
    ]


def _steps(viewer: Viewer, last: date) -> Items:
    rows = _of_open_files(
        PlanStep, viewer, "due_on", done_on=None, dropped_on=None, due_on__lte=last
    )
    return [
        _item(
            row,
            row.due_on,
            "A step of the support plan:",
            reverse("partner", args=[row.file_id]) + "?show=support",
            ("Support plan", "teal"),
        )
        for row in rows
    ]


def _referrals(viewer: Viewer, last: date) -> Items:
    rows = _of_open_files(OnwardReferral, viewer, "ask_on", ask_on__lte=last)
    return [
        _item(
            row,
            row.ask_on,
            "Ask what came of a referral elsewhere:",
            reverse("support-referral-settle", args=[row.pk]),
            ("Elsewhere", "teal"),
        )
        for row in rows
    ]
