"""What contact details add to a partner's file and to the first page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from casewall.safety.details.models import DetailChange, FormerDetail
from casewall.safety.details.rules import OPEN, Detail, State
from casewall.safety.partners.models import PartnerFile, Reveal
from casewall.safety.partners.parts import Shown
from casewall.safety.partners.words import in_words
from casewall.safety.reading import names_of
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

SHOWN = 25
NAMES: dict[Detail, str] = {
    Detail.PHONE: "phone number",
    Detail.EMAIL: "e-mail address",
    Detail.ADDRESS: "address",
}
STATES: dict[State, tuple[str, str]] = {
    State.ASKED: ("Waits for the partner's word", "yellow"),
    State.CONFIRMED: ("Waits for a second check", "yellow"),
    State.DONE: ("Changed", "green"),
    State.DROPPED: ("Dropped", "grey"),
}


def details_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """The changes of contact details of a file; who looked at them, for the safety manager."""
    may_change = bool(may_do(viewer.role, Duty.CHANGE_DETAILS))
    changes = list(
        DetailChange.objects.visible_to(viewer)
        .filter(file=file)
        .defer("new_value", "reason")
        .order_by("-asked_at")
    )
    change = ("Change phone, e-mail or address", reverse("change-details", args=[file.pk]))
    return Shown(
        entries=list(_entries(changes)),
        waits_for=list(_waiting(changes, viewer, today)) if may_change else [],
        steps=[change] if may_change else [],
        template="details/section.html",
        context=lambda: {
            "changes": _rows(changes, may_change),
            "former": _former(file, viewer),
            "looks": _looks(file, viewer),
            "sees_looks": viewer.role is Role.SAFETY_MANAGER,
            "change_url": change[1] if may_change else "",
        },
    )


def _url(change: DetailChange) -> str:
    return reverse("detail-change", args=[change.file_id, change.pk])


def _title(change: DetailChange) -> str:
    return f"Change of the {NAMES[Detail(change.detail)]}"


def _entries(changes: Iterable[DetailChange]) -> Iterable[dict[str, Any]]:
    for one in changes:
        yield {
            "title": _title(one),
            "when": one.ended_at or one.confirmed_at or one.asked_at,
            "by": one.ended_by or one.confirmed_by or one.asked_by,
            "text": "",
            "label": STATES[State(one.state)],
        }


def _waiting(
    changes: Iterable[DetailChange], viewer: Viewer, today: date
) -> Iterable[dict[str, Any]]:
    for one in changes:
        what = next_step(one, viewer)
        if what:
            yield {"what": what, "due": timezone.localdate(one.asked_at), "url": _url(one)}


def next_step(change: DetailChange, viewer: Viewer) -> str:
    """What a change waits for from this viewer; empty where it waits for somebody else."""
    name = NAMES[Detail(change.detail)]
    if change.state == State.ASKED:
        return f"Confirm with the partner: a new {name}"
    if change.state == State.CONFIRMED and viewer.worker not in (
        change.asked_by,
        change.confirmed_by,
    ):
        return f"Second check: a new {name}"
    return ""


def _rows(changes: list[DetailChange], may_change: bool) -> list[dict[str, Any]]:
    names = names_of(
        worker
        for one in changes[:SHOWN]
        for worker in (one.asked_by, one.confirmed_by, one.ended_by)
    )
    return [
        {
            "what": _title(one),
            "tag": STATES[State(one.state)],
            "steps": [
                (said, names.get(worker, ""), at)
                for said, worker, at in (
                    ("Asked for", one.asked_by, one.asked_at),
                    ("Confirmed with the partner", one.confirmed_by, one.confirmed_at),
                    (
                        "Checked" if one.state == State.DONE else "Dropped",
                        one.ended_by,
                        one.ended_at,
                    ),
                )
                if at is not None
            ],
            "url": _url(one) if may_change and one.state in OPEN else "",
        }
        for one in changes[:SHOWN]
    ]


def _former(file: PartnerFile, viewer: Viewer) -> list[str]:
    """Which details are kept as former ones, by their days; never what they were."""
    rows = FormerDetail.objects.visible_to(viewer).filter(file=file).defer("value")
    return [
        f"{NAMES[Detail(one.detail)].capitalize()}, until "
        f"{timezone.localtime(one.held_until):%-d %B %Y}"
        for one in rows.order_by("-held_until")[:SHOWN]
    ]


def _looks(file: PartnerFile, viewer: Viewer) -> list[dict[str, Any]]:
    """Who looked at the details, when and what for: for the safety manager only."""
    if viewer.role is not Role.SAFETY_MANAGER:
        return []
    rows = list(Reveal.objects.visible_to(viewer).filter(file=file).order_by("-looked_at")[:SHOWN])
    names = names_of(one.worker for one in rows)
    return [
        {
            "who": names.get(one.worker, ""),
            "when": one.looked_at,
            "purpose": in_words(one.purpose),
        }
        for one in rows
    ]


def details_today(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Changes that wait for this viewer's part: the partner's word, or a second check."""
    if not may_do(viewer.role, Duty.CHANGE_DETAILS):
        return []
    rows = (
        DetailChange.objects.visible_to(viewer)
        .select_related("file__partner")
        .filter(state__in=OPEN)
        .defer("new_value", "reason")
        .order_by("asked_at")[:SHOWN]
    )
    return [
        {
            "due": timezone.localdate(one.asked_at),
            "what": what,
            "who": one.file.partner.full_name,
            "url": _url(one),
        }
        for one in rows
        if (what := next_step(one, viewer))
    ]
