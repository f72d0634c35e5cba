"""Lists of courses and of acts on absence, each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from casewall.programme.courses.models import Act, CompletionReview, Course, CourseChange, FollowUp
from casewall.programme.courses.reading import Progress, progress_of
from casewall.programme.courses.rules import (
    MET_WORDS,
    ActKind,
    ActState,
    ChangeKind,
    CourseState,
    Met,
)
from casewall.programme.curriculum.models import TemplateVersion, template_in
from casewall.services.programmes import Template
from casewall.wall.sides import Viewer

PAGE = 25
"""Rows on one page of a list."""

OPEN_ACTS = (ActState.PROPOSED, ActState.ACCEPTED)
_WITH_CLIENT = ("case__client", "session", "course")


def open_acts(viewer: Viewer) -> Any:
    """Acts that are proposed or accepted, with case, client, session and course, by due time."""
    rows = Act.objects.visible_to(viewer).filter(state__in=OPEN_ACTS)
    return rows.select_related(*_WITH_CLIENT).order_by("due_at", "id")


def acts_waiting(viewer: Viewer, kind: ActKind) -> list[Act]:
    """Accepted acts of one kind that are not done yet, the earliest first.

    What contacts the client goes out from `due_at` on, never before.
    """
    rows = Act.objects.visible_to(viewer).filter(state=ActState.ACCEPTED, kind=kind)
    return list(rows.select_related(*_WITH_CLIENT).order_by("due_at", "id"))


def templates_by_id(ids: set[UUID], viewer: Viewer) -> dict[UUID, Template]:
    """The templates with these identifiers that the viewer sees."""
    rows = TemplateVersion.objects.visible_to(viewer).filter(id__in=ids)
    return {pk: template_in(content) for pk, content in rows.values_list("id", "content")}


@dataclass(frozen=True, slots=True)
class ActsPage:
    """Some open acts with their templates, and where the next page begins."""

    acts: list[Act]
    templates: dict[UUID, Template]
    after: str


def page_of_acts(rows: Any, viewer: Viewer, *, after: str = "", size: int = PAGE) -> ActsPage:
    """One page of open acts from a place (`due time_identifier`) rather than from a number."""
    place = _place(after)
    if place is not None:
        moment, last = place
        rows = rows.filter(Q(due_at__gt=moment) | Q(due_at=moment, id__gt=last))
    found = list(rows[: size + 1])
    acts = found[:size]
    following = f"{acts[-1].due_at.isoformat()}_{acts[-1].pk}" if len(found) > size else ""
    return ActsPage(acts, templates_by_id({a.course.template_id for a in acts}, viewer), following)


def _place(text: str) -> tuple[datetime, UUID] | None:
    moment, _, last = text.partition("_")
    try:
        found = datetime.fromisoformat(moment), UUID(last)
    except ValueError:
        return None
    return found if found[0].tzinfo else None


@dataclass(frozen=True, slots=True)
class CoursesPage:
    """Some courses with their progress, and where the next page begins."""

    courses: list[Course]
    progress: dict[UUID, Progress]
    after: str


def page_of_courses(viewer: Viewer, *, after: str = "", size: int = PAGE) -> CoursesPage:
    """One page of the open courses, by identifier: its order says nothing and never shifts."""
    rows = Course.objects.visible_to(viewer).filter(ended_on=None)
    rows = rows.select_related("case__client").order_by("id")
    try:
        rows = rows.filter(id__gt=UUID(after))
    except ValueError:
        pass
    found = list(rows[: size + 1])
    courses = found[:size]
    return CoursesPage(
        courses, progress_of(courses, viewer), str(courses[-1].pk) if len(found) > size else ""
    )


def reviews_to_sign(viewer: Viewer) -> Any:
    """Reviews that wait for their sign-off by somebody else than this viewer."""
    rows = CompletionReview.objects.visible_to(viewer).filter(signed_at=None, returned_at=None)
    rows = rows.exclude(worker=viewer.worker).select_related("case__client", "course__template")
    return rows.order_by("held_on", "id")


def follow_ups_open(viewer: Viewer) -> Any:
    """Follow-up talks that nobody has recorded, with case and client, the earliest first."""
    rows = FollowUp.objects.visible_to(viewer).filter(held_on=None)
    return rows.select_related("case__client").order_by("due_on", "id")


def breaks_running(viewer: Viewer) -> Any:
    """Approved breaks of courses that stand on a break, by their last day."""
    rows = CourseChange.objects.visible_to(viewer).filter(
        kind=ChangeKind.BREAK, course__state=CourseState.ON_BREAK, course__ended_on=None
    )
    return rows.select_related("case__client").order_by("until_on", "id")


def ratings_in_words(template: Template, ratings: Sequence[Any]) -> list[tuple[str, str, str]]:
    """Ratings as (criterion, how far it is met, evidence), in the order of the template."""
    rated = {row.criterion: row for row in ratings}
    return [
        (
            criterion.text,
            MET_WORDS[Met(rated[criterion.id].met)],
            rated[criterion.id].evidence or "",
        )
        for criterion in template.programme.completion.criteria
        if criterion.id in rated
    ]
