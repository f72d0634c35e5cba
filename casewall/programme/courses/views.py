"""Reading pages: the open courses, and the acts on absence that wait."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.audit.actions import record_many
from casewall.programme.courses.lists import (
    ActsPage,
    CoursesPage,
    open_acts,
    page_of_acts,
    page_of_courses,
)
from casewall.programme.courses.models import Course
from casewall.programme.courses.rules import STATE_WORDS, ActState, CourseState, plain
from casewall.programme.courses.words import act_rows, course_section_url
from casewall.programme.groups.models import Session
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

COLUMNS = [
    "Client",
    "Programme",
    ("State", "tag"),
    ("Hours", "text"),
    ("Sessions", "text"),
    "Modules still needed",
    ("Due to end", "date"),
]


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """The open courses that this viewer sees, with what was attended."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page = page_of_courses(viewer, after=request.GET.get("after", ""))
    record_many(by=viewer, verb="listed", things=page.courses)
    return render(
        request,
        "programme/courses.html",
        {
            "columns": COLUMNS,
            "rows": _course_rows(page),
            "next": "?" + urlencode({"after": page.after}) if page.after else None,
            "first": reverse("courses") if request.GET.get("after") else None,
        },
    )


def _course_rows(page: CoursesPage) -> list[dict[str, Any]]:
    return [
        {"cells": _cells(course, page), "url": course_section_url(course.case_id)}
        for course in page.courses
        if course.pk in page.progress
    ]


def _cells(course: Course, page: CoursesPage) -> list[Any]:
    progress = page.progress[course.pk]
    return [
        course.case.client.full_name,
        progress.template.programme.name,
        STATE_WORDS[CourseState(course.state)],
        f"{plain(progress.attended.hours)} of {plain(progress.planned_hours)}",
        f"{progress.attended.sessions} of {progress.planned_sessions}",
        str(len(progress.missing)) if progress.missing else "none",
        course.ends_by or "–",
    ]


@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """Acts on absence that are proposed or accepted, by client; of one register where it says."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = open_acts(viewer)
    session = _session(request, viewer)
    if session is not None:
        rows = rows.filter(session=session)
    page = page_of_acts(rows, viewer, after=request.GET.get("after", ""))
    record_many(by=viewer, verb="listed", things=page.acts)
    kept = {"session": str(session.pk)} if session else {}
    address = reverse("acts")
    return render(
        request,
        "programme/acts.html",
        {
            "session": session,
            "clients": _by_client(page),
            "all_url": address,
            "acts_may": bool(may_do(viewer.role, Duty.ACT_ON_ABSENCE)),
            "proposed": sum(act.state == ActState.PROPOSED for act in page.acts),
            "first": address + "?" + urlencode(kept) if request.GET.get("after") else None,
            "next": "?" + urlencode({**kept, "after": page.after}) if page.after else None,
        },
    )


def _session(request: HttpRequest, viewer: Viewer) -> Session | None:
    wanted = request.GET.get("session", "")
    if not wanted:
        return None
    rows = Session.objects.visible_to(viewer).select_related("group")
    try:
        found: Session = get_object_or_404(rows, pk=UUID(wanted))
    except ValueError:
        return None
    return found


def _by_client(page: ActsPage) -> list[dict[str, Any]]:
    """The acts of a page by client, in the order of what is due first."""
    clients: dict[UUID, dict[str, Any]] = {}
    today = timezone.localdate()
    for act in page.acts:
        client = clients.setdefault(
            act.case_id,
            {
                "name": act.case.client.full_name,
                "url": course_section_url(act.case_id),
                "accept": reverse("acts_accept", args=[act.case_id]),
                "acts": [],
                "proposed": 0,
            },
        )
        client["acts"] += act_rows([act], page.templates, today)
        client["proposed"] += act.state == ActState.PROPOSED
    return list(clients.values())
