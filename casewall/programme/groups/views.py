"""Pages of groups: the list, one group, and places in it. Planning has pages of its own."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.programme.cases.lists import language_name, names_of, said, stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Step
from casewall.programme.cases.steps import answer, case_for, form_page
from casewall.programme.groups import actions, forms
from casewall.programme.groups.lists import (
    Waiting,
    attended,
    facilitators_of,
    groups_seen,
    open_groups,
    places_of,
    waiting_for,
    with_marks,
)
from casewall.programme.groups.models import Group, GroupMember, Session
from casewall.programme.groups.planning.lists import deliverable_of, facilitation_of
from casewall.programme.groups.planning.rules import (
    APART,
    Entry,
    language_misfit,
    weekday_words,
    weekdays_in,
)
from casewall.programme.groups.rules import SessionState
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

_STATE_COLOURS = {"planned": "blue", "held": "green", "cancelled": "grey"}


def _require(viewer: Viewer, duty: Duty) -> None:
    if not may_do(viewer.role, duty):
        raise PermissionDenied


def meets(group: Group) -> str:
    """When a group meets, in words."""
    days = weekdays_in(group.weekdays) or (group.starts_on.weekday(),)
    return f"{weekday_words(days)}, {group.begins_at:%H:%M}"


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """The groups that this viewer runs or plans."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    ended = request.GET.get("show") == "ended"
    page = groups_seen(viewer, timezone.localdate(), ended=ended,
                       after=request.GET.get("after", ""))
    run_by = facilitators_of(page.groups, viewer)
    names = names_of(worker for workers in run_by.values() for worker in workers)
    rows = [{"cells": [group.name, meets(group),
                       f"{group.places} of {group.most}" if group.most else group.places,
                       group.next_session or "none planned",
                       ", ".join(names.get(worker, "") for worker in run_by.get(group.pk, []))
                       or "nobody yet"],
             "url": reverse("group", args=[group.pk])} for group in page.groups]
    address = reverse("groups")
    kept = {"show": "ended"} if ended else {}
    return render(request, "programme/groups.html", {
        "columns": ["Name", "Meets", ("Clients", "number"), ("Next session", "date"),
                    "Facilitators"],
        "rows": rows, "may_plan": bool(may_do(viewer.role, Duty.RUN_GROUP)),
        "lists": [{"label": "In progress", "url": address, "current": not ended},
                  {"label": "Ended", "url": f"{address}?show=ended", "current": ended}],
        "next": f"?{urlencode({**kept, 'after': page.after})}" if page.after else None,
        "first": f"{address}?{urlencode(kept)}" if request.GET.get("after") else None,
    })


NEWEST = 12
"""Registers that the page of a group shows; those before them are folded."""


@require_safe
def group(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One group: its sessions, its clients and how they attend, and who waits for a place."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(
        Group.objects.visible_to(viewer).select_related("room", "template"), pk=pk)
    places, dose = sorted(places_of(found, viewer), key=_by_name), attended(found, viewer)
    sessions = list(with_marks(Session.objects.visible_to(viewer).filter(group=found), viewer)
                    .select_related("room").order_by("held_on", "begins_at", "number"))
    run_by = facilitators_of([found], viewer).get(found.pk, [])
    plans, day = bool(may_do(viewer.role, Duty.RUN_GROUP)), timezone.localdate()
    record_many(by=viewer, verb="listed", things=[place.case for place in places])
    coming = [session for session in sessions if session.held_on > day]
    held = [_session_row(session) for session in sessions if session.held_on <= day][::-1]
    left = [place for place in places if place.left_on is not None and place.left_on < day]
    return render(request, "programme/group.html", {
        "group": found, "plans": plans, "facts": _facts(found, places, sessions, run_by, day),
        "warnings": facilitation_of(deliverable_of(found), run_by) if plans else (),
        "columns": ["Session", ("Held on", "date"), ("State", "tag"), "Marked"],
        "sessions": held[:NEWEST], "earlier": held[NEWEST:],
        "coming": [_coming_row(session, found) for session in coming],
        "actions": _next_register(sessions, day), "steps": _steps(found) if plans else [],
        "client_columns": ["Name", ("Stage", "tag"), "Place", ("Sessions", "number"),
                           ("Hours", "number"), ("To follow up", "tag")],
        "clients": [_place_row(place, dose.get(place.case_id)) for place in places
                    if place not in left],
        "left": [_left_row(place, dose.get(place.case_id)) for place in left],
        "left_columns": ["Name", ("Stage", "tag"), "Place", ("Sessions", "number"),
                         ("Hours", "number")],
        "taken": [(place.case.client.full_name, reverse("place_end", args=[place.pk]))
                  for place in places if plans and place.left_on is None],
        **(_waiting(request, found, sessions, viewer, day) if plans and found.is_open else {}),
    })


def _facts(found: Group, places: list[Any], sessions: list[Any], run_by: list[UUID], day: date
           ) -> list[tuple[str, Any]]:
    names = names_of(run_by)
    taken = sum(place.left_on is None or place.left_on >= day for place in places)
    size = f"{taken} of {found.most}" if found.most else str(taken)
    if found.least and taken < found.least:
        size += f", fewer than {found.least}"
    facts = [("Meets", f"{meets(found)}, {found.minutes} minutes"),
             ("Room", found.room.name if found.room else None),
             ("Facilitators", ", ".join(names.get(w, "") for w in run_by) or "nobody yet"),
             ("Places taken", size), ("Sessions", len(sessions))]
    if found.template is not None:
        facts += [("Programme", f"{found.template.name}, version {found.template.version}"),
                  ("Who may join", "At any time" if found.entry == Entry.ROLLING
                   else "Until the first session")]
    if found.language:
        facts.append(("Language", language_name(found.language)))
    return facts if found.is_open else [*facts, ("State", "Ended")]


def _steps(found: Group) -> list[tuple[str, str]]:
    """What a planner may do with a group, as links."""
    if not found.is_open:
        return []
    goes_on = found.template_id is not None and found.entry == Entry.ROLLING
    return [*([("Plan further", reverse("group_further", args=[found.pk]))] if goes_on else []),
            ("Add a session", reverse("group_add", args=[found.pk])),
            ("Change the facilitators", reverse("group_facilitators", args=[found.pk])),
            ("End the group", reverse("group_end", args=[found.pk]))]


def _waiting(request: HttpRequest, found: Group, sessions: list[Any], viewer: Viewer, day: date
             ) -> dict[str, Any]:
    """Who waits for a place in this group, each with a button that gives it."""
    shows_all = "waiting" in request.GET
    waiting, number = waiting_for(found, viewer, day, **({"most": None} if shows_all else {}))
    record_many(by=viewer, verb="listed", things=[row.case for row in waiting])
    held_on = [one.held_on for one in sessions if one.state != SessionState.CANCELLED]
    from_day = next((one for one in held_on if one > day), day)
    return {
        "waiting": [_waiting_row(row, found) for row in waiting], "waiting_number": number,
        "waiting_more": number - len(waiting), "form_id": new_id(),
        "from_day": from_day,
        "is_late": found.entry == Entry.CLOSED and bool(held_on) and held_on[0] < from_day,
    }


def _waiting_row(row: Waiting, found: Group) -> dict[str, Any]:
    tag = {True: ("Fits", "green"), False: ("Does not fit", "orange"),
           None: ("Not asked", "grey")}[row.fits]
    address = reverse("case_place", args=[row.case.pk])
    return {"name": row.case.client.full_name, "case_url": reverse("case", args=[row.case.pk]),
            "since": row.since, "can_come": row.can_come, "language": row.language or "not stated",
            "tag": tag, "notes": row.notes, "is_apart": APART in row.notes,
            "place_url": reverse("group_place", args=[found.pk, row.case.pk]),
            "form_url": f"{address}?group={found.pk}",
            "ask_url": reverse("case_availability", args=[row.case.pk])}


def _session_row(session: Any) -> dict[str, Any]:
    is_cancelled = session.state == SessionState.CANCELLED
    return {"cells": [_session_words(session), session.held_on,
                      (said(session.state), _STATE_COLOURS[session.state]),
                      "–" if is_cancelled else f"{session.marked} of {session.expected}"],
            "url": reverse("register", args=[session.pk])}


def _session_words(session: Any) -> str:
    return f"Session {session.number}" + (f": {session.title}" if session.title else "")


def _coming_row(session: Any, found: Group) -> dict[str, Any]:
    """A session to come; where it differs from the group's usual time or room, that is said."""
    room = session.room.name if session.room_id != found.room_id and session.room else ""
    clock = f"{session.begins_at:%H:%M}" if session.begins_at != found.begins_at else ""
    is_planned = session.state == SessionState.PLANNED
    return {"words": _session_words(session), "held_on": session.held_on,
            "other": ", ".join(filter(None, [clock, room])),
            "tag": (said(session.state), _STATE_COLOURS[session.state]),
            "url": reverse("register", args=[session.pk]),
            "move_url": reverse("session_move", args=[session.pk]) if is_planned else ""}


def _next_register(sessions: list[Any], day: date) -> list[tuple[str, str]]:
    """The button for the earliest register that waits to be marked."""
    due = [session for session in sessions
           if session.held_on <= day and session.state == SessionState.PLANNED]
    return [(f"Mark the register of session {due[0].number}",
             reverse("register", args=[due[0].pk]))] if due else []


def _place_row(place: GroupMember, dose: tuple[int, float, int] | None) -> dict[str, Any]:
    sessions, hours, missed = dose or (0, 0.0, 0)
    until = f" to {place.left_on:%-d %B %Y}" if place.left_on else ""
    follow_up = f"{missed} missed in a row" if missed > 1 else "Missed the last one"
    return {"cells": [place.case.client.full_name, stage_tag(place.case.stage),
                      f"from {place.joined_on:%-d %B %Y}{until}", sessions, f"{hours:.1f}",
                      (follow_up, "orange") if missed else ("Nothing", "grey")],
            "url": reverse("case", args=[place.case_id])}


def _left_row(place: GroupMember, dose: tuple[int, float, int] | None) -> dict[str, Any]:
    """Whoever has left is not followed up here."""
    row = _place_row(place, dose)
    return {**row, "cells": row["cells"][:-1]}


@form_page
def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the client of a case a place in a group."""
    case = case_for(request, pk, Step.PLACE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    choices = open_groups(case, viewer)
    words = [(group, _choice_words(group)) for group in choices]
    chosen_first = choices[0].pk if len(choices) == 1 else request.GET.get("group", "")
    form = forms.PlaceForm(request.POST or None, case=case, groups=words,
                           initial={"group": chosen_first})

    def act(typed: dict[str, Any]) -> None:
        chosen = next(group for group in choices if str(group.pk) == typed["group"])
        actions.place_in_group(
            group=chosen, case=case, joined_on=typed["joined_on"], form=typed["form_id"],
            late_because=typed["late_because"], by=viewer)
        _warn_of_language(request, chosen, case)

    return answer(request, case, Step.PLACE, form, act, heading="Place in a group",
                  button="Place in this group", saved="The client has a place in the group.",
                  lead="" if choices else "No group of this service is open: plan one first.")


def _choice_words(group: Any) -> str:
    taken = f"{group.places} of {group.most}" if group.most else str(group.places)
    return f"{group.name} ({meets(group)}; places taken: {taken})"


def _warn_of_language(request: HttpRequest, group: Group, case: Case) -> None:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    stated = actions.availability_of(case, viewer)
    code = (stated.language if stated else "") or case.client.language
    warning = language_misfit(language_name(group.language) if group.language else "",
                              language_name(code) if code else "")
    if warning:
        messages.warning(request, warning)


@require_POST
def place_now(request: HttpRequest, pk: UUID, case_pk: UUID) -> HttpResponse:
    """Give somebody who waits a place, from the next session on; back to the group."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(Group.objects.visible_to(viewer), pk=pk)
    case = get_object_or_404(Case.objects.visible_to(viewer).select_related("client"), pk=case_pk)
    _require(viewer, Duty.RUN_GROUP)
    try:
        joined_on, form = date.fromisoformat(request.POST["from"]), UUID(request.POST["form_id"])
    except (KeyError, ValueError):
        # Not a form of ours; the one of the case asks for everything.
        return redirect(f"{reverse('case_place', args=[case.pk])}?group={found.pk}")
    try:
        actions.place_in_group(group=found, case=case, joined_on=joined_on, form=form, by=viewer)
    except Refused as refusal:
        messages.error(request, f"{case.client.full_name}: {refusal}")
    else:
        messages.success(request, f"{case.client.full_name} has a place in the group.")
        _warn_of_language(request, found, case)
    return redirect("group", found.pk)


@form_page
def end_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a client's place in a group; the case itself goes on."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    member = get_object_or_404(GroupMember.objects.visible_to(viewer).select_related(
        "case__client", "group"), pk=pk)
    _require(viewer, Duty.RUN_GROUP)
    form = forms.EndPlaceForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        actions.leave_group(member=member, on=form.cleaned_data["on"], by=viewer)
        messages.success(request, "The place has ended.")
        return redirect("group", member.group_id)
    record(by=viewer, verb="read", thing=member.case)
    return render(request, "programme/place_end.html", {
        "form": form, "member": member, "group_url": reverse("group", args=[member.group_id]),
    }, status=422 if form.is_bound else 200)


def _by_name(place: GroupMember) -> tuple[bool, str, UUID]:
    """Sorts places by name, those that have ended last; the database sees no name to sort by."""
    return place.left_on is not None, place.case.client.full_name.casefold(), place.pk
