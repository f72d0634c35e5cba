"""Pages of groups: the list, one group, planning, places, and the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.audit.actions import record, record_many
from casewall.programme.cases.actions import StaleEdit
from casewall.programme.cases.lists import names_of, said, stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage, Step
from casewall.programme.cases.steps import answer, case_for, form_page
from casewall.programme.groups import actions, forms
from casewall.programme.groups.lists import (
    attended,
    facilitators_of,
    groups_seen,
    places_of,
    with_marks,
)
from casewall.programme.groups.models import Attendance, Group, GroupMember, Session
from casewall.programme.groups.rules import Mark, SessionState
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

_STATE_COLOURS = {"planned": "blue", "held": "green", "cancelled": "grey"}
READY = (Stage.AGREEMENT_SIGNED, Stage.WAITING)
"""Stages at which a client waits for a place."""


def _require(viewer: Viewer, duty: Duty) -> None:
    if not may_do(viewer.role, duty):
        raise PermissionDenied


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """The groups that this viewer runs or plans."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = groups_seen(viewer, timezone.localdate())
    run_by = facilitators_of(found, viewer)
    names = names_of(worker for workers in run_by.values() for worker in workers)
    rows = [{"cells": [group.name, f"{group.starts_on:%A}s, {group.begins_at:%H:%M}",
                       group.places, group.next_session or "none planned",
                       ", ".join(names.get(worker, "") for worker in run_by.get(group.pk, []))],
             "url": reverse("group", args=[group.pk])} for group in found]
    return render(request, "programme/groups.html", {
        "columns": ["Name", "Meets", ("Clients", "number"), ("Next session", "date"),
                    "Facilitators"],
        "rows": rows, "may_plan": bool(may_do(viewer.role, Duty.RUN_GROUP)),
    })


@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Plan a group with one session a week."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    _require(viewer, Duty.RUN_GROUP)
    form = forms.GroupForm(request.POST or None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = actions.plan_group(
                name=typed["name"], service=typed["service"], component=typed["component"],
                starts_on=typed["starts_on"], begins_at=typed["begins_at"],
                minutes=typed["minutes"], sessions=typed["sessions"], room=typed["room"],
                facilitators=[UUID(worker) for worker in typed["facilitators"]],
                compartment=typed["compartment"], form=typed["form_id"], by=viewer)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The group has been planned.")
            return redirect("group", made.pk)
    return render(request, "programme/group_new.html", {"form": form},
                  status=422 if form.is_bound else 200)


@require_safe
def group(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One group: its sessions, its clients and how they attend."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(Group.objects.visible_to(viewer), pk=pk)
    places, dose = sorted(places_of(found, viewer), key=_by_name), attended(found, viewer)
    sessions = list(with_marks(Session.objects.visible_to(viewer).filter(group=found), viewer)
                    .order_by("number"))
    run_by = facilitators_of([found], viewer).get(found.pk, [])
    names = names_of(run_by)
    plans, day = bool(may_do(viewer.role, Duty.RUN_GROUP)), timezone.localdate()
    record_many(by=viewer, verb="listed", things=[place.case for place in places])
    placed = GroupMember.objects.visible_to(viewer).filter(left_on=None).values("case")
    waiting = Case.objects.visible_to(viewer).filter(
        service=found.service, stage__in=READY).exclude(id__in=placed).select_related(
        "client").order_by("stage_on", "id") if plans else []
    return render(request, "programme/group.html", {
        "group": found, "plans": plans,
        "facts": [("Meets", f"{found.starts_on:%A}s, {found.begins_at:%H:%M}, "
                            f"{found.minutes} minutes"),
                  ("Room", found.room or None),
                  ("Facilitators", ", ".join(names.get(w, "") for w in run_by)),
                  ("Sessions", len(sessions))],
        "columns": ["Session", ("Held on", "date"), ("State", "tag"), "Marked"],
        "sessions": [_session_row(session) for session in sessions if session.held_on <= day][::-1],
        "coming": [_session_row(session) for session in sessions if session.held_on > day],
        "actions": _next_register(sessions, day),
        "client_columns": ["Name", ("Stage", "tag"), "Place", ("Sessions", "number"),
                           ("Hours", "number"), ("To follow up", "tag")],
        "clients": [_place_row(place, dose.get(place.case_id)) for place in places],
        "taken": [(place.case.client.full_name, reverse("place_end", args=[place.pk]))
                  for place in places if plans and place.left_on is None],
        "waiting": [{"name": case.client.full_name, "since": case.stage_on,
                     "url": f"{reverse('case_place', args=[case.pk])}?group={found.pk}"}
                    for case in waiting],
    })


def _session_row(session: Any) -> dict[str, Any]:
    is_cancelled = session.state == SessionState.CANCELLED
    return {"cells": [f"Session {session.number}", session.held_on,
                      (said(session.state), _STATE_COLOURS[session.state]),
                      "–" if is_cancelled else f"{session.marked} of {session.expected}"],
            "url": reverse("register", args=[session.pk])}


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


@form_page
def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the client of a case a place in a group."""
    case = case_for(request, pk, Step.PLACE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    choices = list(Group.objects.visible_to(viewer).filter(
        service=case.service, is_open=True).order_by("name", "id"))
    chosen_first = choices[0].pk if len(choices) == 1 else request.GET.get("group", "")
    form = forms.PlaceForm(request.POST or None, case=case, groups=choices,
                           initial={"group": chosen_first})

    def act(typed: dict[str, Any]) -> None:
        chosen = next(group for group in choices if str(group.pk) == typed["group"])
        actions.place_in_group(group=chosen, case=case, joined_on=typed["joined_on"], by=viewer)

    return answer(request, case, Step.PLACE, form, act, heading="Place in a group",
                  button="Place in this group", saved="The client has a place in the group.",
                  lead="" if choices else "No group of this service is open: plan one first.")


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


@form_page
def register(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The register of one session: everybody's mark on one page."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    session = get_object_or_404(Session.objects.visible_to(viewer).select_related("group"), pk=pk)
    _require(viewer, Duty.RECORD_ATTENDANCE)
    typed = _with_the_rest(request.POST) if request.method == "POST" else None
    form = _register_form(session, viewer, typed)
    if typed is not None and form.is_valid():
        try:
            _not_before(session)
            actions.record_register(session=session, marks=form.cleaned_data["marks"], by=viewer,
                                    version=form.cleaned_data["version"])
        except StaleEdit as stale:
            form = _both_texts(session, viewer, typed, form, str(stale))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, form)
    record_many(by=viewer, verb="listed", things=[member.case for member in form.members])
    return render(request, "programme/register.html", {
        "session": session, "form": form, "rows": form.rows(), "usual": Mark.ATTENDED.value,
        "is_cancelled": session.state == SessionState.CANCELLED,
        "is_ahead": session.held_on > timezone.localdate(),
        "may_cancel": session.state == SessionState.PLANNED,
        "group_url": reverse("group", args=[session.group_id]),
    }, status=422 if form.is_bound else 200)


def _by_name(place: GroupMember) -> tuple[bool, str, UUID]:
    """Sorts places by name, those that have ended last; the database sees no name to sort by."""
    return place.left_on is not None, place.case.client.full_name.casefold(), place.pk


def _register_form(session: Session, viewer: Viewer, typed: Any = None) -> forms.RegisterForm:
    members = sorted(actions.members_on(session.group, session.held_on, viewer), key=_by_name)
    marks = {mark.case_id: mark for mark in Attendance.objects.visible_to(viewer).filter(
        session=session)}
    return forms.RegisterForm(typed, session=session, members=members, marks=marks)


def _with_the_rest(posted: Any) -> dict[str, str]:
    """What was posted; "all attended" without a script marks whoever is not marked yet."""
    typed: dict[str, str] = posted.dict()
    if typed.get("all"):
        for name in [n for n in typed if n.startswith("missed-")]:
            typed.setdefault(name.replace("missed-", "outcome-"), typed["all"])
    return typed


def _not_before(session: Session) -> None:
    if session.held_on > timezone.localdate():
        raise Refused(f"This session is on {session.held_on:%-d %B %Y}; its register can be "
                      "marked from that day.")


def _both_texts(session: Session, viewer: Viewer, typed: Mapping[str, str],
                mine: forms.RegisterForm, sentence: str) -> forms.RegisterForm:
    """The form with what this worker typed, and beside it what somebody else saved meanwhile."""
    session.refresh_from_db(from_queryset=Session.objects.visible_to(viewer))
    fresh = _register_form(session, viewer)
    filled = {f"outcome-{key}": mark.outcome for key, mark in fresh.marks.items()}
    form = _register_form(session, viewer, {**filled, **typed, "version": str(session.version)})
    names = names_of(mark.worker for mark in fresh.marks.values())
    for key, mark in fresh.marks.items():
        if mine.cleaned_data["marks"].get(key, ("", 0))[0] != mark.outcome:
            form.theirs[key] = (f"{names.get(mark.worker, 'Somebody')} saved: "
                                f"{forms.mark_words(mark, session.minutes)}")
    form.add_error(None, sentence)
    return form


def _saved(request: HttpRequest, form: forms.RegisterForm) -> HttpResponse:
    marked = {*form.marks, *form.cleaned_data["marks"]}
    left = sum(member.case_id not in marked for member in form.members)
    if left:
        messages.warning(request, f"Saved. {left} of {len(form.members)} are not marked yet.")
        return redirect("register", form.session.pk)
    messages.success(request, f"The register of session {form.session.number} has been saved.")
    return redirect("group", form.session.group_id)


@form_page
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a session does not take place: nobody is absent from it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    session = get_object_or_404(Session.objects.visible_to(viewer).select_related("group"), pk=pk)
    _require(viewer, Duty.RECORD_ATTENDANCE)
    problem = ""
    if request.method == "POST":
        try:
            actions.cancel_session(session=session, by=viewer)
        except Refused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, f"Session {session.number} is cancelled.")
            return redirect("group", session.group_id)
    return render(request, "programme/session_cancel.html", {
        "session": session, "problem": problem,
        "heading": f"Cancel session {session.number} of {session.group.name}?",
        "points": [f"It was planned for {session.held_on:%-d %B %Y}.",
                   "Nobody counts as absent from it.",
                   "A cancelled session cannot be marked afterwards."],
        "action": reverse("session_cancel", args=[session.pk]),
        "back": reverse("register", args=[session.pk]),
    }, status=422 if problem else 200)
