"""Pages of one-to-one sessions and catch-ups: each begins from the page of a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.cases.lists import stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.steps import case_with, form_page
from casewall.programme.groups.models import Session
from casewall.programme.groups.planning.lists import rooms_of
from casewall.programme.groups.rules import SessionState
from casewall.programme.registers.alone import actions, forms
from casewall.programme.registers.lists import (
    missed_sessions,
    one_to_one_components,
    open_templates,
)
from casewall.programme.registers.views.marking import back_of, session_for
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

AHEAD = timedelta(weeks=10)
"""How far ahead a session is offered to sit in on."""


def _back(case: Case) -> str:
    return reverse("case", args=[case.pk]) + "?show=sessions"


def _step(request: HttpRequest, case: Case, form: Any, **more: Any) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    record(by=viewer, verb="read", thing=case)
    return render(
        request,
        "programme/step.html",
        {
            "case": case,
            "form": form,
            "stage": stage_tag(case.stage),
            "case_url": _back(case),
            **more,
        },
        status=422 if form.is_bound else 200,
    )


@form_page
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan a one-to-one session, ordinary or to make up for one that was missed."""
    case = case_with(request, pk, Duty.HOLD_SESSION)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    components = one_to_one_components(case, open_templates(case.pk, viewer))
    missed = missed_sessions(case, viewer, timezone.localdate())
    form = forms.PlanSessionForm(
        request.POST if request.method == "POST" else None,
        case=case,
        components=components,
        missed=missed,
        rooms=rooms_of(viewer),
        workers=forms.possible_workers(viewer),
        initial={
            "worker": str(viewer.worker),
            "makes_up_for": request.GET.get("missed", ""),
            "component": components[0].id if len(components) == 1 else "",
        },
    )
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.plan_session(
                case=case,
                component=typed["component"],
                held_on=typed["held_on"],
                begins_at=typed["begins_at"],
                minutes=typed["minutes"],
                room=typed["room"],
                worker=UUID(typed["worker"]),
                makes_up_for=typed["makes_up_for"],
                form=typed["form_id"],
                by=viewer,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The session has been planned.")
            return redirect(_back(case))
    return _step(
        request,
        case,
        form,
        heading="Plan a one-to-one session",
        button="Plan",
        lead=""
        if components
        else "This service has no one-to-one work in its definition, so none can be planned.",
    )


@form_page
def sit_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the client sit in on another group's session."""
    case = case_with(request, pk, Duty.RUN_GROUP)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    missed = missed_sessions(case, viewer, timezone.localdate())
    form = forms.SitInForm(
        request.POST if request.method == "POST" else None,
        case=case,
        missed=missed,
        hosts=_hosts(case, viewer),
        initial={"missed": request.GET.get("missed", "")},
    )
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.sit_in(
                case=case,
                host=form.hosts[typed["host"]],
                missed=form.missed[typed["missed"]],
                by=viewer,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The client sits in on that day and stands in its register.")
            return redirect(_back(case))
    return _step(
        request,
        case,
        form,
        heading="Catch up in another group",
        button="Let sit in",
        lead="" if missed else "This client has missed nothing that is not made up for.",
    )


def _hosts(case: Case, viewer: Viewer) -> list[Session]:
    """Planned sessions of the service's groups in the coming weeks, but for the client's own."""
    today = timezone.localdate()
    own = case.groupmembers.visible_to(viewer).filter(left_on=None).values("group")
    rows = (
        Session.objects.visible_to(viewer)
        .filter(
            group__service=case.service,
            state=SessionState.PLANNED,
            held_on__range=(today, today + AHEAD),
        )
        .exclude(group__in=own)
    )
    return list(rows.select_related("group").order_by("held_on", "begins_at", "id"))


@form_page
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan a one-to-one session for another time, room or worker."""
    session = session_for(request, pk)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if session.case is None or session.state != SessionState.PLANNED:
        messages.warning(request, "Only a planned one-to-one session can be moved.")
        return redirect(back_of(session))
    form = forms.MoveSessionForm(
        request.POST if request.method == "POST" else None,
        rooms=rooms_of(viewer),
        workers=forms.possible_workers(viewer),
        initial={
            "held_on": session.held_on,
            "begins_at": session.begins_at,
            "room": str(session.room_id or ""),
            "worker": str(session.worker),
            "version": session.version,
        },
    )
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.move_session(
                session=session,
                held_on=typed["held_on"],
                begins_at=typed["begins_at"],
                room=typed["room"],
                worker=UUID(typed["worker"]),
                version=typed["version"],
                by=viewer,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.data = {**form.data.dict(), "version": str(session.version)}
        else:
            messages.success(request, "The session has been moved.")
            return redirect(back_of(session))
    return _step(request, session.case, form, heading="Move a one-to-one session", button="Move")
