"""Lists of groups, sessions and places, each in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from casewall.programme.groups.actions import ENDED
from casewall.programme.groups.models import (
    Attendance,
    Group,
    GroupFacilitator,
    GroupMember,
    Session,
)
from casewall.programme.groups.rules import Mark, SessionState, dose, missed_in_a_row
from casewall.wall.sides import Viewer

LOOK_BACK = timedelta(weeks=8)
"""How far back a held session with unmarked clients is still asked for."""


def _number(rows: Any, by: str) -> Any:
    counted = rows.order_by().values(by).annotate(number=Count("id")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def with_marks(sessions: Any, viewer: Viewer) -> Any:
    """Sessions with `marked` and `expected`: clients marked, and clients who had a place then."""
    places = GroupMember.objects.visible_to(viewer).filter(
        group=OuterRef("group"), joined_on__lte=OuterRef("held_on"))
    places = places.exclude(left_on__lt=OuterRef("held_on")).exclude(
        case__stage__in=ENDED, case__stage_on__lt=OuterRef("held_on"))
    marks = Attendance.objects.visible_to(viewer).filter(session=OuterRef("pk"))
    return sessions.annotate(marked=_number(marks, "session"), expected=_number(places, "group"))


def registers_due(viewer: Viewer, day: date) -> list[Any]:
    """Sessions up to this day whose register is not marked, or not for everybody."""
    rows = Session.objects.visible_to(viewer).filter(held_on__lte=day)
    rows = rows.exclude(state=SessionState.CANCELLED).select_related("group")
    rows = with_marks(rows, viewer).filter(
        Q(state=SessionState.PLANNED)
        | Q(held_on__gte=day - LOOK_BACK, marked__lt=F("expected")))
    return list(rows.order_by("held_on", "id"))


def sessions_between(viewer: Viewer, first: date, last: date) -> list[Any]:
    """Planned sessions from one day to another."""
    rows = Session.objects.visible_to(viewer).filter(
        held_on__gte=first, held_on__lte=last, state=SessionState.PLANNED)
    return list(rows.select_related("group").order_by("held_on", "id"))


def groups_seen(viewer: Viewer, day: date) -> list[Any]:
    """The groups of this viewer with `places` taken and the day of the `next_session`."""
    places = GroupMember.objects.visible_to(viewer).filter(group=OuterRef("pk"), left_on=None)
    places = places.exclude(case__stage__in=ENDED)
    coming = Session.objects.visible_to(viewer).filter(
        group=OuterRef("pk"), held_on__gte=day, state=SessionState.PLANNED).order_by("held_on")
    rows = Group.objects.visible_to(viewer).annotate(
        places=_number(places, "group"), next_session=Subquery(coming.values("held_on")[:1]))
    return list(rows.order_by("-is_open", "name", "id"))


def facilitators_of(groups: list[Group], viewer: Viewer) -> dict[UUID, list[UUID]]:
    """The workers who run each of these groups."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = GroupFacilitator.objects.visible_to(viewer).filter(group__in=groups)
    for group, worker in rows.order_by("worker").values_list("group_id", "worker"):
        found[group].append(worker)
    return found


def places_of(group: Group, viewer: Viewer) -> list[Any]:
    """Every place that a group has had, with case and client."""
    rows = GroupMember.objects.visible_to(viewer).filter(group=group)
    return list(rows.select_related("case__client").order_by("joined_on", "id"))


def attended(group: Group, viewer: Viewer) -> dict[UUID, tuple[int, float, int]]:
    """Per case: sessions attended, hours attended, and absences not accepted in a row."""
    marks: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    rows = Attendance.objects.visible_to(viewer).filter(session__group=group)
    rows = rows.order_by("session__held_on", "session__number")
    for case, outcome, minutes in rows.values_list("case_id", "outcome", "minutes_attended"):
        marks[case].append((outcome, minutes))
    return {case: (*dose(minutes for _, minutes in row),
                   missed_in_a_row([Mark(outcome) for outcome, _ in row]))
            for case, row in marks.items()}
