"""The list of meetings, one meeting at a glance, its print view, and what is done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record_many
from casewall.safety.meetings import actions, forms
from casewall.safety.meetings.models import (
    WORKERS,
    AgendaItem,
    Attendee,
    Extract,
    Meeting,
    MeetingAction,
)
from casewall.safety.meetings.reading import (
    ACTION_COLUMNS,
    action_rows,
    minutes_of,
    owner_words,
    subjects,
    title_of,
)
from casewall.safety.meetings.rules import For, Kind, Presence, State
from casewall.safety.meetings.views.steps import answer, form_page, looked_at, viewer_of
from casewall.safety.meetings.words import STATE_COLOURS, reason_tags, words_of
from casewall.safety.partners.models import PartnerFile
from casewall.safety.reading import found, leaf, must, names_of, only
from casewall.safety.visibility import EVERYTHING
from casewall.services.load import shipped
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

COLUMNS = [("When", "text"), "Kind", ("State", "tag"), ("Items", "number"), "Service"]
SEES_MEETINGS = (*EVERYTHING, *WORKERS)


def services_of(viewer: Viewer) -> list[tuple[str, str]]:
    """The services in which a viewer works, as choices."""
    known = shipped()
    return [(code, known[code].name) for code in sorted(viewer.services) if code in known]


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """Meetings, the latest first; for a worker with own items and own actions only."""
    viewer = viewer_of(request)
    only(viewer, *SEES_MEETINGS)
    page = leaf(
        Meeting.objects.visible_to(viewer).annotate(held_on=TruncDate("held_at")),
        day="held_on", query={k: v for k, v in request.GET.items() if v},
    )  # fmt: skip
    counts: dict[UUID, int] = {}
    items = AgendaItem.objects.visible_to(viewer).filter(meeting__in=page.rows, is_off=False)
    for meeting in items.values_list("meeting_id", flat=True):
        counts[meeting] = counts.get(meeting, 0) + 1
    own = MeetingAction.objects.visible_to(viewer).filter(done_on=None)
    if viewer.role in WORKERS:
        own = own.filter(owner=viewer.worker)
    extracts = Extract.objects.visible_to(viewer).filter(whom=For.CHILD)
    record_many(by=viewer, verb="listed", things=page.rows)
    return render(
        request,
        "meetings/list.html",
        {
            "may_plan": bool(may_do(viewer.role, Duty.HOLD_MEETING)),
            "columns": COLUMNS,
            "page": page,
            "rows": [_row(one, counts.get(one.pk, 0)) for one in page.rows],
            "action_columns": ACTION_COLUMNS,
            "actions": action_rows(
                own.order_by("due_on", "id")[:50], timezone.localdate(), "meeting-action"
            ),
            "own_only": viewer.role in WORKERS,
            "child_extracts": list(
                extracts.select_related("child").order_by("-written_at", "id")[:50]
            )
            if viewer.role not in EVERYTHING
            else [],
        },
    )


def _row(meeting: Meeting, items: int) -> dict[str, Any]:
    known = shipped()
    return {
        "url": reverse("meeting", args=[meeting.pk]),
        "cells": [
            f"{timezone.localtime(meeting.held_at):%-d %B %Y, %H:%M}",
            words_of(Kind, meeting.kind),
            (words_of(State, meeting.state), STATE_COLOURS[meeting.state]),
            items,
            known[meeting.service].name if meeting.service in known else meeting.service,
        ],
    }


@form_page
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a meeting; its agenda is built at once."""
    viewer = viewer_of(request)
    must(viewer, Duty.HOLD_MEETING)
    form = forms.PlanForm(request.POST or None, services=services_of(viewer))

    def act() -> str:
        typed = form.cleaned_data
        made = actions.plan_meeting(
            service=typed["service"], kind=Kind(typed["kind"]), held_at=typed["moment"],
            by=viewer, form=typed["form_id"],
        )  # fmt: skip
        return reverse("meeting", args=[made.pk])

    return answer(
        request, form, act, heading="Plan a case meeting", button="Plan the meeting",
        saved="The meeting is planned, and its agenda is built from what the records hold.",
        back=reverse("meetings"), back_words="Back to meetings",
    )  # fmt: skip


def meeting_seen(request: HttpRequest, pk: UUID, duty: Duty | None = None) -> Meeting:
    """A meeting, where this viewer sees it and has the duty; 404 otherwise."""
    meeting: Meeting = found(Meeting.objects.visible_to(viewer_of(request)), pk)
    if duty is not None:
        must(viewer_of(request), duty)
    return meeting


@require_safe
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One meeting at a glance: the agenda, the most dangerous first, with decisions."""
    one = meeting_seen(request, pk)
    looked_at(request, one, one)
    return render(request, "meetings/meeting.html", meeting_context(one, viewer_of(request)))


@require_safe
def printed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The minutes to print: for those who may read all of them."""
    viewer = viewer_of(request)
    one = meeting_seen(request, pk, Duty.HOLD_MEETING)
    looked_at(request, one, one)
    context = meeting_context(one, viewer)
    return render(request, "meetings/print.html", {**context, "printed_at": timezone.localtime()})


def meeting_context(one: Meeting, viewer: Viewer) -> dict[str, Any]:
    """What the page of a meeting shows, in a fixed number of queries."""
    items = list(
        AgendaItem.objects.visible_to(viewer)
        .filter(meeting=one)
        .select_related("file__partner")
        .order_by("place", "id")
    )
    todo = list(
        MeetingAction.objects.visible_to(viewer).filter(meeting=one).order_by("due_on", "id")
    )
    attendees = list(Attendee.objects.visible_to(viewer).filter(meeting=one).order_by("id"))
    known, names = subjects(items, viewer), names_of(row.owner for row in todo)
    holds = bool(may_do(viewer.role, Duty.HOLD_MEETING))
    shown = [_item(item, known[item.pk], todo, names) for item in items]
    decided = [item for item in items if item.decided_at and not item.is_off]
    return {
        "one": one,
        "title": title_of(one),
        "kind": words_of(Kind, one.kind),
        "state": (words_of(State, one.state), STATE_COLOURS[one.state]),
        "items": [row for row in shown if not row["off"]],
        "taken_off": [row for row in shown if row["off"]],
        "decided": len(decided),
        "attendees": attendees,
        "presences": [
            (words_of(Presence, code), [one for one in attendees if one.presence == code])
            for code in Presence
            if any(one.presence == code for one in attendees)
        ],
        "minutes": minutes_of(one, viewer),
        "holds": holds,
        "is_open": one.is_open,
        "own_actions": action_rows(
            [row for row in todo if row.owner == viewer.worker],
            timezone.localdate(), "meeting-action",
        ),
        "action_columns": ACTION_COLUMNS,
    }  # fmt: skip


def _item(
    item: AgendaItem, about: tuple[str, str], todo: list[MeetingAction], names: dict[UUID, str]
) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "item": item,
        "name": about[0],
        "url": reverse("agenda-item", args=[item.pk]),
        "tags": reason_tags(item.reasons),
        "level": item.level.replace("_", " "),
        "off": item.is_off,
        "actions": [
            {
                "what": row.what,
                "who": owner_words(row, names),
                "due": row.due_on,
                "done": row.done_on,
                "outcome": row.outcome,
                "late": row.done_on is None and row.due_on < today,
                "url": reverse("meeting-action", args=[row.pk]),
            }
            for row in todo
            if row.item_id == item.pk
        ],
    }


def _post(request: HttpRequest, pk: UUID, act: Any, saved: str) -> HttpResponse:
    one = meeting_seen(request, pk, Duty.HOLD_MEETING)
    try:
        act(meeting=one, by=viewer_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, saved)
    return redirect("meeting", pk)


@require_POST
def build(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Build the agenda again from what the records hold now."""
    return _post(request, pk, actions.build_agenda, "The agenda holds what is known now.")


@require_POST
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The meeting begins."""
    return _post(request, pk, actions.begin, "The meeting has begun.")


@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The minutes are closed."""
    return _post(request, pk, actions.close, "The minutes are closed. Actions go on.")


@form_page
def attendance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down who was there."""
    one = meeting_seen(request, pk, Duty.HOLD_MEETING)
    form = forms.AttendeeForm(request.POST or None)

    def act() -> str:
        typed = form.cleaned_data
        actions.record_attendance(
            meeting=one, name=typed["name"], agency=typed["agency"],
            presence=Presence(typed["presence"]), by=viewer_of(request), form=typed["form_id"],
        )  # fmt: skip
        return reverse("meeting", args=[pk]) + "#who"

    return answer(
        request, form, act, heading="Who was there?", button="Save", saved="Saved.",
        back=reverse("meeting", args=[pk]), of=one, lead=title_of(one),
    )  # fmt: skip


@require_POST
def presence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct whether somebody was there."""
    viewer = viewer_of(request)
    row = found(Attendee.objects.visible_to(viewer), pk)
    must(viewer, Duty.HOLD_MEETING)
    code = request.POST.get("presence", "")
    if code not in list(Presence):
        messages.error(request, "Choose whether this person was there.")
        return redirect("meeting", row.meeting_id)
    try:
        actions.change_presence(attendee=row, presence=Presence(code), by=viewer)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("meeting", row.meeting_id)


@form_page
def minutes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was said beside the items."""
    one = meeting_seen(request, pk, Duty.HOLD_MEETING)
    last = minutes_of(one, viewer_of(request))
    first = {"text": last.text if last else "", "version": last.number if last else 0}
    form = forms.MinutesForm(request.POST or None, initial=first)

    def act() -> None:
        typed = form.cleaned_data
        actions.keep_minutes(
            meeting=one, text=typed["text"], number=typed["version"], by=viewer_of(request)
        )

    return answer(
        request, form, act, heading="What was said beside the items", button="Save",
        saved="Saved as a new version; the earlier ones stay.",
        back=reverse("meeting", args=[pk]), of=one, material=one, lead=title_of(one),
        draft=f"Minutes: {title_of(one)}",
    )  # fmt: skip


@form_page
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a partner's file on the agenda of a meeting to come."""
    viewer = viewer_of(request)
    file = found(PartnerFile.objects.visible_to(viewer).select_related("partner"), pk)
    must(viewer, Duty.JOINT_RISK)
    coming = Meeting.objects.visible_to(viewer).filter(
        service=file.service, compartment=file.compartment
    )
    open_ones = list(coming.exclude(state=State.CLOSED).order_by("held_at", "id"))
    choices = [(str(one.pk), title_of(one)) for one in open_ones]
    form = forms.AddItemForm(request.POST or None, meetings=choices)

    def act() -> str:
        typed = form.cleaned_data
        chosen = {str(one.pk): one for one in open_ones}[typed["meeting"]]
        made = actions.add_item(meeting=chosen, file=file, why=typed["why"], by=viewer)
        return reverse("agenda-item", args=[made.pk])

    return answer(
        request, form, act, heading="Put on the agenda of a meeting", button="Put on the agenda",
        saved="It is on the agenda.", back=f"{reverse('partner', args=[pk])}?show=meetings",
        back_words="Back to the file", of=file, material=file, name=file.partner.full_name,
        draft=f"For a meeting: {file.partner.full_name}",
        lead="" if choices else "No meeting is planned. Coordination plans one.",
        without_form=not choices,
    )  # fmt: skip
