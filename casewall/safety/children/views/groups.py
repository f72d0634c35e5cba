"""Groups of children and young adults: places and sessions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.children import actions, forms
from casewall.safety.children.models import (
    ChildAttendance,
    ChildGroup,
    ChildSession,
    ChildSupport,
    GroupChild,
)
from casewall.safety.children.planned import meetings_to_come
from casewall.safety.children.reading import named
from casewall.safety.children.rules import Came, Work
from casewall.safety.children.views.steps import Typed, answer, form_page, homes, posted
from casewall.safety.reading import found, leaf, must, names_of
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer


def _group(request: HttpRequest, pk: UUID) -> ChildGroup:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.SUPPORT_CHILD)
    group: ChildGroup = found(ChildGroup.objects.visible_to(viewer), pk)
    return group


def _places(group: ChildGroup, viewer: Viewer) -> list[GroupChild]:
    rows = GroupChild.objects.visible_to(viewer).filter(group=group, left_on=None)
    return list(rows.select_related("support__child").order_by("joined_on", "id"))


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """Groups of the viewer's service, or own ones."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.SUPPORT_CHILD)
    query = {k: v for k, v in request.GET.items() if v}
    page = leaf(ChildGroup.objects.visible_to(viewer), day="begins_on", query=query)
    names = names_of(group.worker for group in page.rows)
    record_many(by=viewer, verb="listed", things=page.rows)
    return render(
        request,
        "children/groups.html",
        {
            "page": page,
            "columns": ["Group", ("Began", "date"), "Worker"],
            "rows": [
                {
                    "url": reverse("child-group", args=[group.pk]),
                    "cells": [group.name, group.begins_on, names.get(group.worker, "")],
                }
                for group in page.rows
            ],
            "opens": bool(homes(viewer)),
        },
    )


@form_page
def new_group(request: HttpRequest) -> HttpResponse:
    """Open a group."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.SUPPORT_CHILD)
    places = homes(viewer)
    form = forms.GroupForm(
        posted(request), services=[(code, name) for code, (_, name) in places.items()]
    )

    def act(typed: Typed) -> None:
        number, _ = places[typed["service"]]
        actions.open_group(
            name=typed["name"],
            service=typed["service"],
            compartment=number,
            begins_on=typed["begins_on"],
            form=typed["form_id"],
            by=viewer,
        )

    return answer(
        request,
        form,
        act,
        thing=None,
        heading="Open a group",
        button="Open the group",
        saved="The group is open.",
        back=reverse("child-groups"),
        back_words="Back to groups",
        lead="" if places else "None of your services works with groups of children.",
    )


@require_safe
def group_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One group: who has a place, and what was held."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    group = _group(request, pk)
    record(by=viewer, verb="viewed", thing=group)
    places = _places(group, viewer)
    sessions = list(
        ChildSession.objects.visible_to(viewer).filter(group=group).order_by("-held_on", "id")[:50]
    )
    came: dict[UUID, int] = {}
    of_all: dict[UUID, int] = {}
    rows = ChildAttendance.objects.visible_to(viewer).filter(
        session_id__in=[one.pk for one in sessions]
    )
    for session, mark in rows.values_list("session_id", "came"):
        of_all[session] = of_all.get(session, 0) + 1
        came[session] = came.get(session, 0) + (mark == Came.ATTENDED)
    return render(
        request,
        "children/group.html",
        {
            "group": group,
            "worker": names_of([group.worker]).get(group.worker, ""),
            "places": [(place, named(place.support.child)) for place in places],
            "meetings": meetings_to_come(group.pk, viewer),
            "sessions": [
                {
                    "title": f"{came.get(one.pk, 0)} of {of_all.get(one.pk, 0)} came, "
                    f"{one.minutes} minutes",
                    "when": one.held_on,
                    "by": "",
                    "text": one.note or "",
                }
                for one in sessions
            ],
        },
    )


@form_page
def join(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a child a place."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    group = _group(request, pk)
    taken = [place.support_id for place in _places(group, viewer)]
    supports = {
        str(one.pk): one
        for one in ChildSupport.objects.visible_to(viewer)
        .filter(
            service=group.service,
            compartment=group.compartment,
            began_on__isnull=False,
            ended_on=None,
        )
        .exclude(pk__in=taken)
        .select_related("child")
        .order_by("began_on", "id")[:100]
    }
    form = forms.JoinForm(
        posted(request), children=[(pk, named(one.child)) for pk, one in supports.items()]
    )
    return _in_group(
        request,
        group,
        form,
        lambda typed: actions.join_group(
            group=group, support=supports[typed["support"]], on=typed["on"], by=viewer
        ),
        heading="Give a child a place",
        button="Give the place",
        saved="The child has a place.",
        lead="" if supports else "No child with whom work has begun is without a place.",
    )


@form_page
def group_session(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a session of a group, and who came."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    group = _group(request, pk)
    places = [(place, named(place.support.child)) for place in _places(group, viewer)]
    form = forms.GroupSessionForm(posted(request), places=places)
    return _in_group(
        request,
        group,
        form,
        lambda typed: actions.hold_session(
            kind=Work.GROUP,
            group=group,
            held_on=typed["held_on"],
            minutes=typed["minutes"],
            came=form.came(),
            note=typed["note"] or None,
            form=typed["form_id"],
            by=viewer,
        ),
        heading="Record a session of the group",
        button="Save the session",
        saved="The session has been recorded.",
        lead="" if places else "No child has a place in this group yet.",
    )


def _in_group(
    request: HttpRequest, group: ChildGroup, form: Any, act: Any, **more: Any
) -> HttpResponse:
    return answer(
        request,
        form,
        act,
        thing=group,
        back=reverse("child-group", args=[group.pk]),
        back_words="Back to the group",
        who=group.name,
        **more,
    )


@require_POST
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a child's place in a group."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.SUPPORT_CHILD)
    place = found(GroupChild.objects.visible_to(viewer), pk)
    actions.leave_group(place=place, on=timezone.localdate(), by=viewer)
    messages.success(request, "The place has ended.")
    return redirect("child-group", place.group_id)
