"""Reading the marks and breaks of courses, in one query each however many courses there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from casewall.programme.cases.models import Case
from casewall.programme.courses.models import Act, Course, CourseChange
from casewall.programme.courses.rules import (
    Attended,
    ChangeKind,
    Least,
    Marked,
    Span,
    attended_of,
    breaks_of,
    dose_is_met,
    least_dose,
    missing_modules,
    planned_hours,
    planned_sessions,
)
from casewall.programme.curriculum.models import TemplateVersion, template_in
from casewall.programme.groups.models import Attendance
from casewall.programme.groups.rules import SessionState
from casewall.services.programmes import Module, Template
from casewall.wall.sides import Viewer

COLUMNS = (
    "case_id",
    "session_id",
    "attended",
    "complied",
    "minutes_attended",
    "minutes_late",
    "makes_up_for_id",
    "makes_up_for__module",
    "makes_up_for__delivered",
    "session__held_on",
    "session__component",
    "session__module",
    "session__delivered",
    "session__makes_up_for_id",
    "session__makes_up_for__module",
    "session__makes_up_for__delivered",
    "session__group__template__code",
)

MODULES = (
    "session__delivered",
    "session__module",
    "makes_up_for__delivered",
    "makes_up_for__module",
    "session__makes_up_for__delivered",
    "session__makes_up_for__module",
)
"""Where the module of a mark stands: what was delivered, what was planned, then what was missed."""


def acts_of(case: Case, viewer: Viewer) -> list[Act]:
    """The acts of a case on absence, each with its session, the one proposed last first."""
    rows = Act.objects.visible_to(viewer).filter(case=case).select_related("session")
    return list(rows.order_by("-proposed_at", "kind"))


def templates_of(courses: Iterable[Course], viewer: Viewer) -> dict[UUID, Template]:
    """The template of each of these courses that the viewer sees, in one query."""
    courses = list(courses)
    rows = TemplateVersion.objects.visible_to(viewer).filter(
        id__in={course.template_id for course in courses}
    )
    known = {pk: template_in(content) for pk, content in rows.values_list("id", "content")}
    return {c.pk: known[c.template_id] for c in courses if c.template_id in known}


def marks_of(
    courses: Sequence[Course], templates: dict[UUID, Template], viewer: Viewer
) -> dict[UUID, list[Marked]]:
    """The marks that count for each course, in the order of the sessions, in one query.

    A session counts for a course when its group delivers the same programme, or, without such a
    group, when its component belongs to the programme. Cancelled sessions are left out.
    """
    rows = Attendance.objects.visible_to(viewer).filter(case__in={c.case_id for c in courses})
    rows = rows.exclude(session__state=SessionState.CANCELLED)
    rows = rows.order_by("session__held_on", "session__begins_at", "session_id")
    by_case: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.values(*COLUMNS):
        by_case[row["case_id"]].append(row)
    return {
        course.pk: _marked(course, templates[course.pk], by_case[course.case_id])
        for course in courses
        if course.pk in templates
    }


def _marked(course: Course, template: Template, rows: list[dict[str, Any]]) -> list[Marked]:
    own = [row for row in rows if _counts_for(course, template, row)]
    made_up = {
        row["makes_up_for_id"] or row["session__makes_up_for_id"] for row in own if row["attended"]
    }
    return [
        Marked(
            session=row["session_id"],
            held_on=row["session__held_on"],
            attended=row["attended"],
            complied=row["complied"],
            minutes=row["minutes_attended"],
            late=row["minutes_late"] > 0,
            module=next(filter(None, (row[column] for column in MODULES)), ""),
            made_up=row["session_id"] in made_up,
        )
        for row in own
    ]


def _counts_for(course: Course, template: Template, row: dict[str, Any]) -> bool:
    day = row["session__held_on"]
    if course.counts_from and day < course.counts_from:
        return False
    if course.ended_on and day > course.ended_on:
        return False
    programme = row["session__group__template__code"]
    if programme:
        return bool(programme == template.id)
    return row["session__component"] in template.programme.components


def breaks_by_course(courses: Iterable[Course], viewer: Viewer) -> dict[UUID, tuple[Span, ...]]:
    """The breaks of each course as they were taken, in one query."""
    rows = CourseChange.objects.visible_to(viewer).filter(
        course__in=[course.pk for course in courses],
        kind__in=(ChangeKind.BREAK, ChangeKind.RESUMED),
    )
    return breaks_among(rows.order_by("from_on", "id"))


def breaks_among(changes: Iterable[CourseChange]) -> dict[UUID, tuple[Span, ...]]:
    """The breaks as they were taken, by course, among changes that were read already."""
    approved: dict[UUID, list[Span]] = defaultdict(list)
    resumed: dict[UUID, list[date]] = defaultdict(list)
    for row in changes:
        if row.kind == ChangeKind.BREAK and row.until_on:
            approved[row.course_id].append(Span(row.from_on, row.until_on))
        elif row.kind == ChangeKind.RESUMED:
            resumed[row.course_id].append(row.from_on)
    return {course: breaks_of(spans, resumed[course]) for course, spans in approved.items()}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a client has come in a course."""

    template: Template
    marks: tuple[Marked, ...]
    attended: Attended
    least: Least
    planned_sessions: int
    planned_hours: Any
    dose_met: bool
    missing: tuple[Module, ...]


def progress_in(course: Course, template: Template, marks: Sequence[Marked]) -> Progress:
    """How far a client has come, from the marks that count for the course."""
    attended, least = attended_of(marks), least_dose(template, course.level)
    return Progress(
        template=template,
        marks=tuple(marks),
        attended=attended,
        least=least,
        planned_sessions=planned_sessions(template, course.level),
        planned_hours=planned_hours(template, course.level),
        dose_met=dose_is_met(attended, least),
        missing=missing_modules(template, marks),
    )


def progress_of(courses: Sequence[Course], viewer: Viewer) -> dict[UUID, Progress]:
    """How far each client has come, by course: two queries for any number of courses."""
    templates = templates_of(courses, viewer)
    marks = marks_of(courses, templates, viewer)
    return {
        course.pk: progress_in(course, templates[course.pk], marks[course.pk])
        for course in courses
        if course.pk in templates
    }
