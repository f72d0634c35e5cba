"""What other pages show of disclosures, in a fixed number of queries."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from casewall.safety.coordination.material import opened
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import Review
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

MOST = 25


def note_opening(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """Shows nothing: that the file was opened is noted for the check of shared words."""
    opened(by=viewer, thing=file, at=timezone.now())
    return Shown()


def reviews_waiting(viewer: Viewer) -> list[Disclosure]:
    """Emergency releases that another worker is to review, the earliest due first. One query."""
    if not may_do(viewer.role, Duty.REVIEW_EMERGENCY):
        return []
    return list(
        Disclosure.objects.visible_to(viewer)
        .filter(review=Review.WAITING)
        .defer("text", "override_reason", "refusal", "danger", "review_note")
        .order_by("review_due_at", "id")[:MOST]
    )


def today_reviews(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Items of the first page: they stand there from the release on, not from the due day.

    `first` asks the page to put an item before everything else.
    """
    return [
        {
            "due": min(timezone.localdate(one.review_due_at), last),
            "what": "Review a release in an emergency",
            "note": _until(one),
            "url": reverse("disclosure", args=[one.pk]),
            "tag": ("Emergency", "red"),
            "first": True,
        }
        for one in reviews_waiting(viewer)
        if one.asked_by != viewer.worker
    ]


def _until(one: Disclosure) -> str:
    until = timezone.localtime(one.review_due_at)
    late = "It is late: it was due by" if until < timezone.now() else "Due by"
    return f"{late} {until:%-d %B %Y, %H:%M}"
