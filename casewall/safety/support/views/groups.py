"""Pages of the support groups: who is in them, when they meet, who came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.drafts.forms import forget, restore
from casewall.safety.bookings.actions import Taken
from casewall.safety.bookings.reading import rooms_in_use, where_in_words
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.views.files import SEES_FILES
from casewall.safety.reading import found, must, only
from casewall.safety.support import actions
from casewall.safety.support.forms import work as forms
from casewall.safety.support.models import (
    GroupAttendance,
    GroupMeeting,
    GroupPlace,
    SupportGroup,
)
from casewall.safety.support.rules import Marked, Topic, minutes_in_words
from casewall.safety.support.views.below import form_page
from casewall.safety.support.words import worded, words_of
from casewall.services.load import shipped
from casewall.staff.models import Compartment
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

MOST = 100
GROUPS = ["Group", ("Begins", "date"), ("Members that you see", "number"), "Next meeting"]
MEETINGS = ["Meeting", ("Length", "number"), "Where", "About", ("Came", "number")]


def _group(request: SignedInRequest, pk: UUID, duty: Duty | None = Duty.SUPPORT_PARTNER) -> Any:
    only(request.viewer, *SEES_FILES)
    group = found(SupportGroup.objects.visible_to(request.viewer), pk)
    if duty is not None:
        must(request.viewer, duty)
    return group


@require_safe
def groups(request: SignedInRequest) -> HttpResponse:
    """The support groups of the viewer's services."""
    viewer: Viewer = request.viewer
    only(viewer, *SEES_FILES)
    rows = list(
        SupportGroup.objects.visible_to(viewer)
        .annotate(
            next=Min(
                "meetings__begins_at",
                filter=Q(meetings__begins_at__gte=timezone.now(), meetings__cancelled=False),
            )
        )
        .order_by("closed_on", "-begins_on", "id")[:MOST]
    )
    places = GroupPlace.objects.visible_to(viewer).filter(left_on=None)
    members = dict(places.values_list("group").annotate(Count("id")).order_by())
    record_many(by=viewer, verb="listed", things=rows)
    shown = [
        {
            "cells": [
                row.name,
                row.begins_on,
                str(members.get(row.pk, 0)),
                _next_meeting(row),
            ],
            "url": reverse("support-group", args=[row.pk]),
        }
        for row in rows
    ]
    works = bool(may_do(viewer.role, Duty.SUPPORT_PARTNER))
    context = {"columns": GROUPS, "rows": shown, "works": works}
    return render(request, "support/groups.html", context)


def _next_meeting(row: Any) -> str:
    if row.closed_on:
        return f"ended {row.closed_on:%-d %B %Y}"
    return f"{timezone.localtime(row.next):%-d %B %Y, %H:%M}" if row.next else "none planned"


@require_safe
def group(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One group: the members whose files the viewer sees, and its meetings."""
    viewer: Viewer = request.viewer
    row = _group(request, pk, None)
    places = list(
        GroupPlace.objects.visible_to(viewer)
        .filter(group=row)
        .select_related("file__partner")
        .order_by("left_on", "joined_on", "id")
    )
    meetings = list(
        GroupMeeting.objects.visible_to(viewer)
        .filter(group=row)
        .select_related("booking__room")
        .order_by("-begins_at")[:MOST]
    )
    marks: dict[UUID, list[str]] = {}
    for meeting, marked in (
        GroupAttendance.objects.visible_to(viewer)
        .filter(meeting__group=row)
        .values_list("meeting_id", "marked")
    ):
        marks.setdefault(meeting, []).append(marked)
    record(by=viewer, verb="viewed", thing=row)
    works = bool(may_do(viewer.role, Duty.SUPPORT_PARTNER))
    return render(
        request,
        "support/group.html",
        {
            "group": row,
            "works": works,
            "places": places,
            "columns": MEETINGS,
            "meetings": [_meeting_row(one, marks.get(one.pk, []), works) for one in meetings],
        },
    )


def _meeting_row(row: GroupMeeting, marks: list[str], works: bool) -> dict[str, Any]:
    came = len([mark for mark in marks if mark in (Marked.CAME, Marked.PART)])
    if row.cancelled:
        said = "cancelled"
    else:
        said = f"{came} of {len(marks)} marked" if marks else "not marked yet"
    return {
        "cells": [
            f"{timezone.localtime(row.begins_at):%-d %B %Y, %H:%M}",
            minutes_in_words(row.minutes),
            where_in_words(row.booking) if row.booking else "not said",
            words_of(Topic, row.topic) if row.topic else "not said",
            said,
        ],
        "url": reverse("support-meeting", args=[row.pk]) if works else "",
    }


def _places_for(viewer: Viewer) -> list[tuple[int, str]]:
    """The viewer's own compartments in words."""
    services = shipped()
    rows = Compartment.objects.filter(number__in=viewer.compartments).select_related("agency")
    return [
        (
            row.number,
            f"{services[row.service_id].name if row.service_id in services else row.service_id}, "
            f"{row.agency.name}",
        )
        for row in rows.order_by("number")
    ]


def _below(
    request: SignedInRequest,
    group: Any,
    form: Any,
    act: Callable[[], Any],
    heading: str,
    button: str,
    saved: str,
    **more: Any,
) -> HttpResponse:
    """Show a form below a group, or act and go back to it."""
    back = reverse("support-group", args=[group.pk]) if group else reverse("support-groups")
    if group is not None:
        restore(request, form, heading, of=group, title=f"{heading}: {group.name}")
    if form.is_bound and form.is_valid():
        try:
            made = act()
        except Taken as taken:
            form.add_error(None, f"{taken} {_free_words(taken)}".strip())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            forget(form)
            messages.success(request, saved)
            return redirect("support-group", made.pk) if group is None else redirect(back)
    context = {"form": form, "heading": heading, "button": button, "back": back, **more}
    return render(request, "support/step.html", context, status=422 if form.is_bound else 200)


def _free_words(taken: Taken) -> str:
    """The next free hours, as a sentence."""
    hours = [f"{timezone.localtime(one):%-d %B %Y, %H:%M}" for one in taken.free]
    return f"Free: {'; '.join(hours)}." if hours else ""


@form_page
def new(request: SignedInRequest) -> HttpResponse:
    """Open a support group."""
    viewer: Viewer = request.viewer
    only(viewer, *SEES_FILES)
    must(viewer, Duty.SUPPORT_PARTNER)
    places = _places_for(viewer)
    form = forms.GroupForm(request.POST or None, places=places)

    def act() -> SupportGroup:
        given = form.cleaned_data
        own = Compartment.objects.get(number=given["compartment"])
        return actions.open_group(
            name=given["name"],
            service=own.service_id,
            compartment=own.number,
            begins_on=given["begins_on"],
            form=given["form_id"],
            by=viewer,
        )

    return _below(
        request, None, form, act, "Open a support group", "Open the group",
        "The group has been opened.",
    )  # fmt: skip


@form_page
def meeting(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Plan a meeting."""
    row = _group(request, pk)
    rooms = rooms_in_use(request.viewer, [row.compartment])
    form = forms.MeetingForm(request.POST or None, rooms=rooms)

    def act() -> GroupMeeting:
        given = form.cleaned_data
        return actions.plan_meeting(
            group=row,
            begins_at=form.begins_at(),
            minutes=given["minutes"],
            topic=Topic(given["topic"]) if given["topic"] else None,
            slot=form.slot(),
            by=request.viewer,
        )

    return _below(
        request, row, form, act, "Plan a meeting", "Save meeting", "The meeting has been saved."
    )


@form_page
def member(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A partner joins the group."""
    row = _group(request, pk)
    viewer: Viewer = request.viewer
    files = (
        PartnerFile.objects.visible_to(viewer)
        .filter(compartment=row.compartment, closed_on=None, withdrawn_on=None)
        .exclude(
            pk__in=GroupPlace.objects.visible_to(viewer)
            .filter(group=row, left_on=None)
            .values("file_id")
        )
        .select_related("partner")
    )
    named = sorted(((str(f.pk), f.partner.full_name) for f in files), key=lambda one: one[1])
    form = forms.MemberForm(request.POST or None, files=named)

    def act() -> GroupPlace:
        given = form.cleaned_data
        return actions.add_member(
            group=row,
            file=found(PartnerFile.objects.visible_to(viewer), UUID(given["file"])),
            on=given["on"],
            by=viewer,
        )

    return _below(
        request, row, form, act, "A partner joins the group", "Save", "The partner has a place.",
        lead="Only partners whose files you see are listed; colleagues add their own.",
    )  # fmt: skip


@form_page
def leave(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A partner leaves a group."""
    rows = GroupPlace.objects.visible_to(request.viewer)
    place = found(rows.select_related("group", "file__partner"), pk)
    must(request.viewer, Duty.SUPPORT_PARTNER)
    form = forms.LeaveForm(request.POST or None)
    return _below(
        request, place.group, form,
        lambda: actions.leave_group(place=place, on=form.cleaned_data["on"], by=request.viewer),
        "A partner leaves the group", "Save", "The place has ended.",
        facts=[("Partner", place.file.partner.full_name), ("Joined", place.joined_on)],
    )  # fmt: skip


@form_page
def close(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A group ends."""
    row = _group(request, pk)
    form = forms.LeaveForm(request.POST or None)
    return _below(
        request, row, form,
        lambda: actions.close_group(group=row, on=form.cleaned_data["on"], by=request.viewer),
        "The group ends", "End the group", "The group has ended.",
    )  # fmt: skip


def _meeting(request: SignedInRequest, pk: UUID) -> GroupMeeting:
    only(request.viewer, *SEES_FILES)
    rows = GroupMeeting.objects.visible_to(request.viewer).select_related("group")
    row: GroupMeeting = found(rows, pk)
    must(request.viewer, Duty.SUPPORT_PARTNER)
    return row


@form_page
def register(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Who came to a meeting, one row for each member whose file the viewer sees."""
    viewer: Viewer = request.viewer
    row = _meeting(request, pk)
    places = list(actions.places_on(row, viewer).select_related("file__partner"))
    attendance = GroupAttendance.objects.visible_to(viewer).filter(meeting=row)
    stored = {one.file_id: one for one in attendance}
    sent = {place.file_id: request.POST.get(f"outcome-{place.file_id}", "") for place in places}
    error = ""
    if request.method == "POST":
        usual = request.POST.get("all", "")
        marks = {file: value or usual for file, value in sent.items()}
        try:
            actions.mark_meeting(
                meeting=row,
                marks={f: Marked(value) for f, value in marks.items() if value in list(Marked)},
                seen={f: int(request.POST.get(f"seen-{f}") or 0) for f in sent},
                by=viewer,
            )
        except (Refused, ValueError) as wrong:
            error = str(wrong) if isinstance(wrong, Refused) else "Load this page again."
        else:
            messages.success(request, "The register has been saved.")
            return redirect("support-group", row.group_id)
    record(by=viewer, verb="viewed", thing=row)
    people = [_person(place, stored.get(place.file_id), sent[place.file_id]) for place in places]
    context = {
        "meeting": row,
        "people": sorted(people, key=lambda one: one["name"]),
        "outcomes": worded(Marked),
        "seen": [(f"seen-{file}", one.version) for file, one in stored.items()],
        "error": error,
        "to_come": row.begins_at > timezone.now(),
        "back": reverse("support-group", args=[row.group_id]),
    }
    return render(request, "support/register.html", context, status=422 if error else 200)


def _person(place: GroupPlace, stored: GroupAttendance | None, sent: str) -> dict[str, Any]:
    now = stored.marked if stored else ""
    differs = sent and now and sent != now
    return {
        "key": str(place.file_id),
        "name": place.file.partner.full_name,
        "value": sent or now,
        "note": f"Saved now: {words_of(Marked, now).lower()}" if differs else "",
        "url": reverse("partner", args=[place.file_id]),
    }


@require_POST
def cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A meeting does not take place."""
    row = _meeting(request, pk)
    try:
        actions.cancel_meeting(meeting=row, by=request.viewer)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The meeting has been cancelled.")
    return redirect("support-group", row.group_id)
