"""What is shown of meetings: on a partner's file, on Today, and on a meeting's own page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from casewall.safety.children.models import Child
from casewall.safety.coordination.material import texts_below
from casewall.safety.meetings.models import (
    AgendaItem,
    Extract,
    Meeting,
    MeetingAction,
    Minutes,
    OfAMeeting,
)
from casewall.safety.meetings.rules import For, State
from casewall.safety.meetings.words import reason_tags, words_of
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.pulled.models import PulledCase
from casewall.safety.reading import names_of
from casewall.safety.visibility import EVERYTHING
from casewall.staff.models import Worker
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

MOST = 50
NAMELESS = "No name given"


def day_of(meeting: Meeting) -> date:
    """The day of a meeting, by the clock of the site."""
    return timezone.localdate(meeting.held_at)


def title_of(meeting: Meeting) -> str:
    """A meeting as one line."""
    return f"Meeting of {timezone.localtime(meeting.held_at):%-d %B %Y, %H:%M}"


def subjects(items: Iterable[AgendaItem], viewer: Viewer) -> dict[UUID, tuple[str, str]]:
    """What each item is about, as (name, address): one query. Items come with their files."""
    rows = list(items)
    cases = PulledCase.objects.visible_to(viewer).in_bulk(
        [item.case_id for item in rows if item.case_id]
    )
    found = {}
    for item in rows:
        if item.file is not None:
            name = item.file.partner.full_name or NAMELESS
            found[item.pk] = (name, reverse("partner", args=[item.file_id]))
        else:
            case = cases.get(item.case_id)
            url = reverse("client-risk", args=[case.pk]) if case else ""
            found[item.pk] = (f"{case.name} (client, no partner's file)" if case else NAMELESS, url)
    return found


def owner_words(action: Any, names: dict[UUID, str]) -> str:
    """Who is to do something: a worker's name, or the agency as it was written."""
    return names.get(action.owner, "") if action.owner else action.agency or ""


def action_rows(actions: Iterable[Any], today: date, page: str) -> list[dict[str, Any]]:
    """Actions as rows of a table: what, who, by when, what came of it. One query for the names."""
    rows = list(actions)
    names = names_of(row.owner for row in rows)
    return [
        {
            "cells": [
                row.what,
                owner_words(row, names),
                row.due_on,
                _state(row, today),
                row.outcome or "",
            ],
            "url": "" if row.done_on else reverse(page, args=[row.pk]),
        }
        for row in rows
    ]


ACTION_COLUMNS = ["What", "Who", ("Due", "date"), ("State", "tag"), "What came of it"]


def _state(row: Any, today: date) -> tuple[str, str]:
    if row.dropped:
        return "Dropped", "grey"
    if row.done_on:
        return f"Done, {row.done_on:%-d %B %Y}", "green"
    return ("Overdue", "red") if row.due_on < today else ("Open", "blue")


def meetings_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """The meetings at which a file was spoken of: three queries, two more for the section."""
    items = list(
        AgendaItem.objects.visible_to(viewer)
        .filter(file=file)
        .select_related("meeting")
        .order_by("-meeting__held_at", "id")
    )
    actions = list(
        MeetingAction.objects.visible_to(viewer).filter(item__file=file).order_by("due_on", "id")
    )
    extracts = list(
        Extract.objects.visible_to(viewer)
        .filter(item__file=file)
        .order_by("-written_at", "id")
    )
    may = bool(may_do(viewer.role, Duty.JOINT_RISK))
    steps = [("Put on the agenda of a meeting", reverse("agenda-add", args=[file.pk]))]
    return Shown(
        entries=[_entry(item) for item in items if item.decided_at],
        waits_for=[
            {
                "what": f"Action of a meeting: {row.what}",
                "due": row.due_on,
                "url": reverse("meeting-action", args=[row.pk]),
            }
            for row in actions
            if row.done_on is None
        ],
        steps=steps if may else [],
        template="meetings/section.html",
        context=lambda: {
            "spoken_of": [_panel(item, extracts) for item in items],
            "action_columns": ACTION_COLUMNS,
            "actions": action_rows(actions, today, "meeting-action"),
            "meeting_steps": steps if may else [],
        },
    )


def _entry(item: AgendaItem) -> dict[str, Any]:
    return {
        "title": f"Case meeting: {words_of(type(item.codes[0]), item.codes[0]).lower()}",
        "when": timezone.localtime(item.decided_at),
        "by": item.worker,
        "text": item.decision or "",
        "label": ("Meeting", "teal"),
        "url": reverse("agenda-item", args=[item.pk]),
    }


def _panel(item: AgendaItem, extracts: list[Extract]) -> dict[str, Any]:
    return {
        "title": title_of(item.meeting),
        "url": reverse("agenda-item", args=[item.pk]),
        "tags": reason_tags(item.reasons),
        "off": item.off_because if item.is_off else "",
        "decision": item.decision,
        "extracts": [
            one.text for one in extracts if one.item_id == item.pk and one.whom == For.PARTNER
        ],
    }


def extracts_of_child(child: Child, viewer: Viewer) -> list[dict[str, Any]]:
    """What was kept for a child's file, the latest meeting first: one query.

    A children's worker reads the extract and nothing else of the meeting: no link leads there.
    """
    rows = (
        Extract.objects.visible_to(viewer)
        .filter(child=child, whom=For.CHILD)
        .select_related("meeting")
        .order_by("-meeting__held_at", "-written_at", "id")
    )
    leads_there = bool(may_do(viewer.role, Duty.HOLD_MEETING))
    return [
        {
            "title": title_of(row.meeting),
            "text": row.text,
            "url": reverse("meeting", args=[row.meeting_id]) if leads_there else "",
        }
        for row in rows
    ]


def texts_of_child(child: Child, viewer: Viewer) -> Iterable[str | None]:
    """What of meetings stands on the page of a child."""
    rows = Extract.objects.visible_to(viewer).filter(child=child, whom=For.CHILD)
    yield from (row.text for row in rows)


def today_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Actions that are due, own ones first to come; for coordination also meetings. Two queries.

    Coordination sees what agencies were to do, and what is overdue of anybody.
    """
    items = [_action_item(row) for row in _due(viewer, today, last)]
    if not may_do(viewer.role, Duty.HOLD_MEETING):
        return items
    meetings = Meeting.objects.visible_to(viewer).filter(
        ~Q(state=State.CLOSED), held_at__date__lte=last
    )
    for meeting in meetings.order_by("held_at", "id")[:MOST]:
        begun = meeting.state == State.HELD or day_of(meeting) < today
        items.append(
            {
                "due": day_of(meeting),
                "what": "Decide about every item and close the minutes:"
                if begun
                else "Hold the case meeting:",
                "who": title_of(meeting),
                "url": reverse("meeting", args=[meeting.pk]),
                "tag": ("Meeting", "teal"),
            }
        )
    return items


def _due(viewer: Viewer, today: date, last: date) -> Iterable[MeetingAction]:
    rows = MeetingAction.objects.visible_to(viewer).filter(done_on=None, due_on__lte=last)
    if viewer.role in EVERYTHING:
        rows = rows.filter(Q(owner=viewer.worker) | Q(owner=None) | Q(due_on__lt=today))
    else:
        rows = rows.filter(owner=viewer.worker)
    found: Iterable[MeetingAction] = rows.order_by("due_on", "id")[:MOST]
    return found


def _action_item(row: MeetingAction) -> dict[str, Any]:
    return {
        "due": row.due_on,
        "what": "Action of a case meeting:",
        "who": row.what,
        "note": row.agency or "",
        "url": reverse("meeting-action", args=[row.pk]),
        "tag": ("Action", "teal"),
    }


def workers_of(compartment: int) -> list[tuple[str, str]]:
    """The workers of this side who can be given an action, as choices."""
    roles = [Role.PARTNER_WORKER, Role.CHILDRENS_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER]
    rows = Worker.objects.filter(is_active=True, compartments=compartment, role__in=roles)
    return [(str(pk), name) for pk, name in rows.order_by("name", "id").values_list("id", "name")]


def texts_of_meeting(meeting: Meeting, viewer: Viewer) -> Iterable[str | None]:
    """What somebody may have read who opened a meeting: its items, actions and minutes.

    The extracts for clients are left out: they were written to cross.
    """
    yield from _texts(OfAMeeting, "meeting", meeting, viewer)


def texts_of_file(file: PartnerFile, viewer: Viewer) -> Iterable[str | None]:
    """What of meetings stands on the page of a partner's file."""
    for item in AgendaItem.objects.visible_to(viewer).filter(file=file):
        yield from (item.why, item.off_because, item.discussion, item.decision)
    rows = Extract.objects.visible_to(viewer).filter(item__file=file, whom=For.PARTNER)
    yield from (row.text for row in rows)
    for action in MeetingAction.objects.visible_to(viewer).filter(item__file=file):
        yield from (action.what, action.outcome)


def _texts(kind: Any, path: str, thing: Any, viewer: Viewer) -> Iterable[str | None]:
    own = set(
        Extract.objects.visible_to(viewer)
        .filter(meeting=thing, whom=For.CLIENT)
        .values_list("text", flat=True)
    )
    yield from (text for text in texts_below(kind, path, thing, viewer) if text not in own)



def minutes_of(meeting: Meeting, viewer: Viewer) -> Minutes | None:
    """The newest version of what was said beside the items."""
    rows = Minutes.objects.visible_to(viewer).filter(meeting=meeting)
    found: Minutes | None = rows.order_by("-number").first()
    return found
