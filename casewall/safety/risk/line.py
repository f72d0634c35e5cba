"""The line above every page of a case on this side: joint level, last review, orders, flags.

It stands above the pages of a partner's file, of a child and of a disclosure, whichever app
shows them. Nothing of it is ever asked for on the programme side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from casewall.programme.incidents.rules import ENDS_ON_A_DAY, Kind
from casewall.programme.incidents.words import words_of
from casewall.safety.children.models import Child, ChildAdult
from casewall.safety.coordination.models import Disclosure
from casewall.safety.incidents.models import FileProceeding
from casewall.safety.partners.models import FileLink, OfAFile, PartnerFile
from casewall.safety.pulled.models import PulledProceeding
from casewall.safety.risk.models import DangerSignal, JointRisk
from casewall.safety.risk.rules import late_words, level_order
from casewall.safety.risk.words import day, level_tag
from casewall.wall.sides import Role, Side, Viewer

Flag = tuple[str, str]
Flags = Callable[[list[UUID], Viewer, date], list[Flag]]

_FLAGS: dict[str, Flags] = {}


def add_flags(key: str, read: Flags) -> None:
    """Say what else stands in the line: (words, colour) for these files, in one query."""
    _FLAGS[key] = read


def line_above(context: Any) -> str:
    """The line as markup for the page of this context; empty where the page is about no case."""
    request = context.get("request")
    viewer = getattr(request, "viewer", None)
    if viewer is None or viewer.side is not Side.SAFETY:
        return ""
    files, children = _about(context)
    if not files and not children:
        return ""
    shown = read_line(files, children, viewer, timezone.localdate())
    return render_to_string("joint/line.html", shown) if shown else ""


def _about(context: Any) -> tuple[list[UUID], list[UUID]]:
    """The files and children that a page is about, by what stands in its context."""
    for name in ("file", "one", "row", "child", "support", "assessment", "risk"):
        thing = context.get(name)
        if isinstance(thing, PartnerFile):
            return [thing.pk], []
        if isinstance(thing, (OfAFile, Disclosure)):
            return [thing.file_id] if thing.file_id else [], []
        if isinstance(thing, Child):
            return [], [thing.pk]
        child = getattr(thing, "child_id", None)
        if isinstance(child, UUID):
            return [], [child]
    return [], []


def read_line(
    files: list[UUID], children: list[UUID], viewer: Viewer, today: date
) -> dict[str, Any] | None:
    """What the line shows, or None where this viewer sees no picture. Five queries, six for a
    child, and one for each app that has flags."""
    if children:
        links = ChildAdult.objects.visible_to(viewer).filter(
            child_id__in=children, ended_on=None, file_id__isnull=False
        )
        files = list(links.values_list("file_id", flat=True).distinct())
    risks = list(
        JointRisk.objects.visible_to(viewer).filter(file_id__in=files).order_by("begun_on", "id")
    )
    signals = _signals(files, children, viewer)
    if not risks and not signals:
        return None
    worst = max(risks, key=lambda one: level_order(one.level), default=None)
    due = min(risks, key=lambda one: one.review_on, default=None)
    url = ""
    if viewer.role is not Role.CHILDRENS_WORKER and files:
        url = reverse("joint-risk", args=[files[0]])
    return {
        "level": level_tag(worst.level if worst else ""),
        "reviewed": (
            f"last review {day(worst.reviewed_on)}"
            if worst and worst.reviewed_on
            else "never reviewed"
        ),
        "due": late_words(due.review_on, today) if due else "",
        "late": bool(due and due.review_on <= today),
        "flags": [
            *([(_signal_words(signals), "red")] if signals else []),
            *_orders(files, risks, viewer, today),
            *(flag for key in sorted(_FLAGS) for flag in _FLAGS[key](files, viewer, today)),
        ],
        "url": url,
        "signals_url": reverse("danger-signals") if signals else "",
    }


def _signals(files: list[UUID], children: list[UUID], viewer: Viewer) -> int:
    if not children:
        linked = ChildAdult.objects.visible_to(viewer).filter(file__in=files, ended_on=None)
        about = Q(file__in=files) | Q(child__in=linked.values("child_id"))
    else:
        about = Q(file__in=files) | Q(child__in=children)
    rows = DangerSignal.objects.visible_to(viewer).filter(about, acknowledged_at=None)
    count: int = rows.count()
    return count


def _signal_words(signals: int) -> str:
    if signals == 1:
        return "A sign of danger that nobody has acted on"
    return f"{signals} signs of danger that nobody has acted on"


def _orders(
    files: list[UUID], risks: Iterable[JointRisk], viewer: Viewer, today: date
) -> list[Flag]:
    """Orders and bail that hold today, of either side; each kind and day once."""
    holds = Q(until_on__gte=today) | Q(until_on=None)
    kinds = [kind.value for kind in ENDS_ON_A_DAY]
    cases = {risk.case_id for risk in risks if risk.case_id}
    if viewer.role is not Role.CHILDRENS_WORKER:
        links = FileLink.objects.visible_to(viewer).filter(file__in=files, ended_on=None)
        cases |= set(links.values_list("case_id", flat=True))
    found: set[tuple[str, date | None]] = set()
    for model, which in (
        (FileProceeding, {"file__in": files}),
        (PulledProceeding, {"case_id__in": cases}),
    ):
        rows: Any = model
        rows = rows.objects.visible_to(viewer).filter(holds, kind__in=kinds, ended_on=None, **which)
        found.update(rows.values_list("kind", "until_on"))
    ordered = sorted(found, key=lambda one: (one[1] or date.max, one[0]))
    return [
        (
            f"{words_of(Kind, kind)} until {day(until)}" if until else words_of(Kind, kind),
            "purple",
        )
        for kind, until in ordered
    ]
