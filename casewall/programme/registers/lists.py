"""Who stands in a register, what was missed and made up, and what waits. Constant queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from casewall.programme.cases.models import Case
from casewall.programme.courses.models import Course
from casewall.programme.groups.actions import members_on
from casewall.programme.groups.models import Attendance, GroupMember, Session
from casewall.programme.groups.planning.lists import ends_at
from casewall.programme.groups.rules import Line, Mark, Meeting, SessionState, overlaps
from casewall.services.kinds import Component
from casewall.services.load import shipped
from casewall.services.programmes import AttendanceCode, Template
from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True)
class Person:
    """One client in a register: the place (none in a one-to-one session) and the mark so far.

    `missed`: the session that a guest makes up for, where the viewer sees it.
    """

    case: Case
    place: GroupMember | None
    mark: Attendance | None
    missed: Session | None = None

    @property
    def is_guest(self) -> bool:
        """Whether the client sits in to make up for a session that was missed elsewhere."""
        return self.place is not None and self.place.makes_up_for_id is not None


def line_of(mark: Attendance | None) -> Line | None:
    """The stored mark as a line of the register."""
    if mark is None:
        return None
    return Line(Mark(mark.outcome), mark.minutes_late, mark.minutes_early, mark.reason)


def people_of(session: Session, viewer: Viewer) -> list[Person]:
    """Everybody in the register of a session, by name: places of that day, guests, and whoever
    is marked though the place has ended since. The database sees no name to sort by."""
    marks = {
        mark.case_id: mark
        for mark in Attendance.objects.visible_to(viewer)
        .filter(session=session)
        .select_related("case__client")
    }
    found: dict[UUID, Person] = {}
    if session.group_id is None:
        case = Case.objects.visible_to(viewer).select_related("client").get(pk=session.case_id)
        found[case.pk] = Person(case, None, marks.get(case.pk))
    else:
        for place in members_on(session.group, session.held_on, viewer):
            known = found.get(place.case_id)
            if known is None or known.is_guest:
                found[place.case_id] = Person(place.case, place, marks.get(place.case_id))
        found |= _with_missed([one for one in found.values() if one.is_guest], viewer)
    for key, mark in marks.items():
        found.setdefault(key, Person(mark.case, None, mark))
    return sorted(
        found.values(), key=lambda one: (one.case.client.full_name.casefold(), str(one.case.pk))
    )


def _with_missed(guests: list[Person], viewer: Viewer) -> dict[UUID, Person]:
    missed = {one.place.makes_up_for_id for one in guests if one.place is not None}
    rows = Session.objects.visible_to(viewer).filter(pk__in=missed).select_related("group")
    known = {row.pk: row for row in rows} if missed else {}
    return {
        one.case.pk: replace(one, missed=known.get(one.place.makes_up_for_id))
        for one in guests
        if one.place is not None
    }


def open_templates(case_id: UUID, viewer: Viewer) -> list[Template]:
    """The programme templates of the courses that a case is on, the newest first."""
    rows = Course.objects.visible_to(viewer).filter(case=case_id, ended_on=None)
    return [
        course.template.template
        for course in rows.select_related("template").order_by("-began_on", "-id")
    ]


def template_of_session(session: Session, viewer: Viewer) -> Template | None:
    """The template that a session follows: its group's, or that of a course of its client."""
    if session.group_id is not None:
        version = session.group.template
        return version.template if version is not None else None
    return next(
        (
            one
            for one in open_templates(session.case_id, viewer)
            if session.component in one.programme.components
        ),
        None,
    )


def codes_of(session: Session, viewer: Viewer) -> tuple[AttendanceCode, ...]:
    """The codes of attendance that the session's template knows; mostly none."""
    template = template_of_session(session, viewer)
    return template.programme.attendance_codes if template is not None else ()


def one_to_one_components(case: Case, templates: Iterable[Template]) -> list[Component]:
    """What can be done one-to-one with this client: of the courses, else of the whole service."""
    found = {
        part.id: part
        for template in templates
        for part in template.components
        if _is_one_to_one(part)
    }
    service = shipped().get(case.service)
    if not found and service is not None:
        found = {
            part.id: part
            for part in service.components
            if _is_one_to_one(part) and part.kind not in ("assessment", "partner_support")
        }
    return list(found.values())


def _is_one_to_one(part: Component) -> bool:
    return part.kind == "one_to_one" or "one_to_one" in part.delivered


def _made_up(viewer: Viewer) -> Any:
    return Attendance.objects.visible_to(viewer).filter(
        case=OuterRef("case"), makes_up_for=OuterRef("session"), attended=True
    )


def missed_sessions(case: Case, viewer: Viewer, today: date) -> list[Any]:
    """Marks of sessions that a client missed and has not made up for, the newest first.

    Each has `is_planned`: a catch-up for it is planned and still to come, or not marked yet.
    """
    alone = Session.objects.visible_to(viewer).filter(
        case=case, makes_up_for=OuterRef("session"), state=SessionState.PLANNED
    )
    places = GroupMember.objects.visible_to(viewer).filter(
        case=case, makes_up_for=OuterRef("session"), joined_on__gte=today
    )
    rows = Attendance.objects.visible_to(viewer).filter(
        ~Exists(_made_up(viewer)), case=case, attended=False
    )
    rows = rows.annotate(is_planned=Exists(alone) | Exists(places))
    return list(rows.select_related("session__group").order_by("-session__held_on", "-id"))


def made_up_sessions(cases: Iterable[UUID], viewer: Viewer) -> set[tuple[UUID, UUID]]:
    """(case, missed session) for every absence that these clients have made up for."""
    rows = Attendance.objects.visible_to(viewer).filter(
        case__in=list(cases), attended=True, makes_up_for__isnull=False
    )
    return set(rows.values_list("case_id", "makes_up_for_id"))


def sessions_alone(case: Case, viewer: Viewer) -> list[Any]:
    """One-to-one sessions and catch-ups of a case, the newest first, with the client's mark."""
    rows = (
        Session.objects.visible_to(viewer)
        .filter(case=case)
        .select_related("room", "makes_up_for__group")
    )
    marks = Attendance.objects.visible_to(viewer).filter(session=OuterRef("pk"))
    rows = rows.annotate(
        outcome=marks.values("outcome")[:1], attended_minutes=marks.values("minutes_attended")[:1]
    )
    return list(rows.order_by("-held_on", "-begins_at", "-id"))


def own_sessions(viewer: Viewer, last: date) -> list[Any]:
    """The viewer's one-to-one sessions until a day that are planned and not marked."""
    rows = Session.objects.visible_to(viewer).filter(
        worker=viewer.worker, case__isnull=False, held_on__lte=last, state=SessionState.PLANNED
    )
    return list(rows.select_related("case__client").order_by("held_on", "begins_at", "id"))


def client_clashes(
    meeting: Meeting, case: UUID, viewer: Viewer, besides: UUID | None = None
) -> list[str]:
    """What else this client is expected at during a meeting: a sentence each, in two queries."""
    places = list(GroupMember.objects.visible_to(viewer).filter(case=case))
    near = (meeting.held_on - timedelta(days=1), meeting.held_on + timedelta(days=1))
    rows = (
        Session.objects.visible_to(viewer)
        .filter(
            Q(case=case) | Q(group__in=[place.group_id for place in places]), held_on__range=near
        )
        .exclude(state=SessionState.CANCELLED)
        .exclude(pk=besides)
    )
    rows = rows.select_related("group").order_by("held_on", "begins_at", "id")
    return [
        f"The client is expected {when_words(row)}: {session_name(row)}."
        for row in rows
        if overlaps(meeting, row)
        and (row.case_id == case or any(_covers(place, row) for place in places))
    ]


def _covers(place: GroupMember, session: Session) -> bool:
    return (
        place.group_id == session.group_id
        and place.joined_on <= session.held_on
        and (place.left_on is None or session.held_on <= place.left_on)
    )


def when_words(meeting: Meeting) -> str:
    """The day and the hours of a meeting, in words."""
    return (
        f"on {meeting.held_on:%-d %B %Y} from {meeting.begins_at:%H:%M} to {ends_at(meeting):%H:%M}"
    )


def session_name(session: Session) -> str:
    """What a sentence calls a session. Names no client: the reader may not see whose it is."""
    if session.group_id is None:
        return "a one-to-one session"
    return f"“{session.group.name}”, session {session.number}"
