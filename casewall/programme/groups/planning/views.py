"""Pages of planning: a group with a preview of its days, its sessions, rooms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.cases.lists import names_of
from casewall.programme.cases.steps import form_page
from casewall.programme.groups.models import Group, Room, Session
from casewall.programme.groups.planning import actions, forms
from casewall.programme.groups.planning.closing import actions as closing
from casewall.programme.groups.planning.lists import (
    clash_sentence,
    clashes,
    ends_at,
    facilitation_of,
    leading,
    rooms_of,
)
from casewall.programme.groups.planning.rules import Days
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

SHOWN_AT_ONCE = 12
"""Days of a preview that are shown unfolded."""


def _planner(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not may_do(viewer.role, Duty.RUN_GROUP):
        raise PermissionDenied
    return viewer


@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Plan a group: what it delivers and when, then its days, then it is made."""
    viewer = _planner(request)
    form = forms.GroupForm(request.POST or None, viewer=viewer)
    preview: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            days = _checked(form, viewer)
            if form.has_shown(days) and "save" in request.POST:
                return _made(request, form, viewer)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            preview = _preview(form, days)
    return render(request, "programme/group_new.html", {
        "form": form, "preview": preview, "can_plan": bool(form.offered),
    }, status=422 if form.errors else 200)


def _checked(form: forms.GroupForm, viewer: Viewer) -> Days:
    """The days of the plan. Raises `Refused` where one cannot be, or room or worker is taken."""
    days = actions.days_planned(form.delivered, form.plan, viewer)
    taken = clashes(days.sessions, room=form.cleaned_data["room"],
                    workers=form.cleaned_data["facilitators"], viewer=viewer)
    if taken:
        raise Refused(clash_sentence(taken))
    return days


def _made(request: HttpRequest, form: forms.GroupForm, viewer: Viewer) -> HttpResponse:
    typed = form.cleaned_data
    made = actions.plan_from_template(
        template=form.delivered.version, component=form.delivered.component.id, plan=form.plan,
        facilitators=typed["facilitators"], room=typed["room"], form=typed["form_id"], by=viewer)
    messages.success(request, "The group has been planned.")
    return redirect("group", made.pk)


def _preview(form: forms.GroupForm, days: Days) -> dict[str, Any]:
    """What the planner sees of the days before anything is written."""
    sessions = days.sessions
    delivers = form.delivered
    return {
        "number": len(sessions), "first": sessions[0].held_on, "last": sessions[-1].held_on,
        "begins": sessions[0].begins_at, "ends": ends_at(sessions[0]),
        "hours": sum(one.minutes for one in sessions) / 60,
        "rounds": len(sessions) / len(delivers.steps),
        "columns": [("Session", "number"), "Day", "Time", "Subject"],
        "rows": [{"cells": [one.number, f"{one.held_on:%A %-d %B %Y}",
                            f"{one.begins_at:%H:%M} to {ends_at(one):%H:%M}", one.title or "–"]}
                 for one in sessions],
        "is_long": len(sessions) > SHOWN_AT_ONCE,
        "left_out": [f"{day:%A %-d %B %Y}: {reason}" for day, reason in days.left_out],
        "warnings": facilitation_of(delivers, form.cleaned_data["facilitators"]),
    }


def _answer(request: HttpRequest, form: Any, template: str, act: Any, saved: str, back: str,
            **more: Any) -> HttpResponse:
    """Show a form, or do what it asks and go back; a refusal stands on the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except StaleEdit as stale:
            form.add_error(None, str(stale))
            more["facts"] = more.pop("as_it_is")()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, saved)
            return redirect(back)
    return render(request, template, {"form": form, "back": back, **more},
                  status=422 if form.is_bound else 200)


def _group_for(request: HttpRequest, pk: UUID) -> tuple[Group, Viewer, str]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(
        Group.objects.visible_to(viewer).select_related("template", "room"), pk=pk)
    return found, _planner(request), reverse("group", args=[found.pk])


@form_page
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move one session to another day, time or room."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    session = get_object_or_404(Session.objects.visible_to(viewer).filter(
        group__isnull=False).select_related("group", "room"), pk=pk)
    _planner(request)
    form = forms.MoveForm(request.POST or None, session=session, viewer=viewer)

    def act(typed: dict[str, Any]) -> None:
        actions.move_session(
            session=session, held_on=typed["held_on"], begins_at=typed["begins_at"],
            room=typed["room"], version=typed["version"], by=viewer)

    def as_it_is() -> list[tuple[str, Any]]:
        form.show_again(session.version)
        room = session.room.name if session.room else "no room yet"
        return [("As it is saved now",
                 f"{session.held_on:%A %-d %B %Y}, {session.begins_at:%H:%M}, {room}")]

    return _answer(
        request, form, "programme/group_form.html", act, "The session has been moved.",
        reverse("group", args=[session.group_id]), as_it_is=as_it_is,
        heading=f"Move session {session.number} of {session.group.name}", button="Move the session",
        lead=f"It is planned for {session.held_on:%A %-d %B %Y}, {session.begins_at:%H:%M}.")


@form_page
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add one session to a group."""
    group, viewer, back = _group_for(request, pk)
    form = forms.SessionForm(request.POST or None, group=group, viewer=viewer)

    def act(typed: dict[str, Any]) -> None:
        actions.add_session(
            group=group, held_on=typed["held_on"], begins_at=typed["begins_at"],
            minutes=typed["minutes"], module=typed["module"], title=typed["title"],
            room=typed["room"], form=typed["form_id"], by=viewer)

    return _answer(request, form, "programme/group_form.html", act, "The session has been added.",
                   back, heading=f"Add a session to {group.name}", button="Add the session")


@form_page
def further(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan an open group further."""
    group, viewer, back = _group_for(request, pk)
    form = forms.FurtherForm(request.POST or None)
    last = Session.objects.visible_to(viewer).filter(group=group).order_by("held_on").last()

    def act(typed: dict[str, Any]) -> None:
        actions.extend_group(group=group, until=typed["until"], closed=typed["closed"], by=viewer)

    return _answer(
        request, form, "programme/group_form.html", act, "The group has been planned further.",
        back, heading=f"Plan {group.name} further", button="Plan further",
        lead=f"Its last session is on {last.held_on:%A %-d %B %Y}. The schedule goes on where it "
             "stands then." if last else "")


@form_page
def facilitators(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say who runs a group from now on."""
    group, viewer, back = _group_for(request, pk)
    now = leading(group, viewer)
    form = forms.FacilitatorsForm(
        request.POST or None, viewer=viewer,
        initial={"facilitators": [str(worker) for worker in now], "version": group.version})

    def act(typed: dict[str, Any]) -> None:
        actions.change_facilitators(
            group=group, workers=typed["facilitators"], on=timezone.localdate(), by=viewer,
            version=typed["version"])

    def as_it_is() -> list[tuple[str, Any]]:
        form.show_again(group.version)
        names = names_of(now)
        return [("Runs it now", ", ".join(names.get(one, "") for one in now) or "nobody yet")]

    return _answer(
        request, form, "programme/group_form.html", act, "The facilitators have been saved.", back,
        heading=f"Who runs {group.name}", button="Save", as_it_is=as_it_is,
        lead="Who runs it no more does not see its clients any longer, but those of other own "
             "groups and cases.")


@form_page
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a group."""
    group, viewer, back = _group_for(request, pk)
    form = forms.EndForm(request.POST or None)

    def act(typed: dict[str, Any]) -> None:
        actions.end_group(group=group, on=typed["on"], by=viewer)

    return _answer(
        request, form, "programme/group_form.html", act, "The group has ended.", back,
        heading=f"End {group.name}", button="End the group", warning=True,
        lead="Every place in it ends on that day, and sessions planned for later are cancelled. "
             "The cases go on.")


@form_page
def rooms(request: HttpRequest) -> HttpResponse:
    """The rooms in use, and a form for one more."""
    viewer = _planner(request)
    form = forms.RoomForm(request.POST or None, viewer=viewer)

    def act(typed: dict[str, Any]) -> None:
        actions.add_room(name=typed["name"], building=typed["building"], chairs=typed["chairs"],
                         compartment=typed["compartment"], by=viewer)

    known = rooms_of(viewer)
    record(by=viewer, verb="listed", kind="room")
    return _answer(
        request, form, "programme/rooms.html", act, "The room has been added.", reverse("rooms"),
        columns=["Room", "Building", ("Chairs", "number")], groups_url=reverse("groups"),
        rows=[{"cells": [room.name, room.building or "not stated",
                         room.chairs if room.chairs else "not stated"],
               "url": reverse("room_close", args=[room.pk])} for room in known])


@form_page
def closed(request: HttpRequest) -> HttpResponse:
    """The weeks in which the service holds no sessions, and a form for more."""
    viewer = _planner(request)
    form = forms.ClosedForm(request.POST or None, viewer=viewer)

    def act(typed: dict[str, Any]) -> None:
        closing.close_service(
            compartment=typed["compartment"], first_on=typed["first_on"],
            last_on=typed["last_on"], reason=typed["reason"], form=typed["form_id"], by=viewer)

    known = list(closing.closed_weeks(viewer, since=timezone.localdate()))
    record(by=viewer, verb="listed", kind="closed weeks")
    return _answer(
        request, form, "programme/closed.html", act, "The weeks are closed.", reverse("closed"),
        columns=["First day", "Last day", "Why"], groups_url=reverse("groups"),
        rows=[{"cells": [f"{one.first_on:%A %-d %B %Y}", f"{one.last_on:%A %-d %B %Y}",
                         one.reason], "url": reverse("closed_weeks", args=[one.pk])}
              for one in known])


@form_page
def closed_weeks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Closed weeks, what was planned in them before, and a button to meet after all."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = get_object_or_404(closing.closed_weeks(viewer), pk=pk)
    _planner(request)
    if request.method == "POST":
        closing.meet_after_all(closed=row, by=viewer)
        messages.success(request, "The service meets on these days again. Groups that were planned "
                                  "around them stay as they are.")
        return redirect("closed")
    sessions = closing.planned_within(row, viewer)
    record(by=viewer, verb="read", thing=row)
    return render(request, "programme/closed_weeks.html", {
        "closed": row, "back": reverse("closed"), "columns": ["Session", "Day", "Time"],
        "rows": [{"cells": [f"{one.group}, session {one.number}",
                            f"{one.held_on:%A %-d %B %Y}", f"{one.begins_at:%H:%M}"],
                  "url": reverse("session_move", args=[one.pk])} for one in sessions]})


@form_page
def close_room(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a room out of use."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    room = get_object_or_404(Room.objects.visible_to(viewer).filter(closed_on=None), pk=pk)
    _planner(request)
    form = forms.CloseForm(request.POST or None)

    def act(typed: dict[str, Any]) -> None:
        actions.close_room(room=room, on=typed["on"], by=viewer)

    return _answer(
        request, form, "programme/group_form.html", act, "The room is out of use.",
        reverse("rooms"), heading=f"Take {room.name} out of use", button="Take out of use",
        lead="What was planned in it stays written down. A room of the same name can be added "
             "again.")
