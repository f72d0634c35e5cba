"""Lists of groups, sessions and places, each in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, DateField, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from casewall.programme.cases.lists import language_name
from casewall.programme.cases.models import Case, StageMove
from casewall.programme.cases.rules import Stage
from casewall.programme.groups.actions import ENDED, taken_from
from casewall.programme.groups.models import (
    Attendance,
    Availability,
    Group,
    GroupFacilitator,
    GroupMember,
    NonAssociation,
    Session,
)
from casewall.programme.groups.planning.rules import (
    APART,
    Wishes,
    language_misfit,
    misfits,
    weekday_words,
    weekdays_in,
)
from casewall.programme.groups.rules import Mark, SessionState, dose, missed_in_a_row
from casewall.wall.sides import Viewer

READY = (Stage.AGREEMENT_SIGNED, Stage.WAITING)
"""Stages at which a client waits for a place."""
PAGE = 50
"""Groups on one page of the list."""
MOST_WAITING = 25
"""Clients who wait, shown at once; the rest on demand."""

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


@dataclass(frozen=True, slots=True)
class GroupPage:
    """Some groups of the list, by name, and the group after which the next page begins."""

    groups: list[Any]
    after: str


def groups_seen(viewer: Viewer, day: date, *, ended: bool = False, after: str = "") -> GroupPage:
    """Groups of this viewer with `places` taken and the day of the `next_session`.

    `after` is the end of the page before: name and identifier, as `GroupPage.after` gives it.
    """
    places = GroupMember.objects.visible_to(viewer).filter(group=OuterRef("pk"), left_on=None)
    places = places.exclude(case__stage__in=ENDED)
    coming = Session.objects.visible_to(viewer).filter(
        group=OuterRef("pk"), held_on__gte=day, state=SessionState.PLANNED).order_by("held_on")
    rows = Group.objects.visible_to(viewer).filter(is_open=not ended)
    last = _place_in_list(after)
    if last is not None:
        rows = rows.filter(Q(name__gt=last[0]) | Q(name=last[0], id__gt=last[1]))
    rows = rows.annotate(
        places=_number(places, "group"), next_session=Subquery(coming.values("held_on")[:1]))
    found = list(rows.order_by("name", "id")[: PAGE + 1])
    shown = found[:PAGE]
    return GroupPage(shown, f"{shown[-1].pk}_{shown[-1].name}" if len(found) > PAGE else "")


def open_groups(case: Case, viewer: Viewer) -> list[Any]:
    """The groups in which a client could be given a place, with `places` taken in each."""
    places = GroupMember.objects.visible_to(viewer).filter(group=OuterRef("pk"), left_on=None)
    places = places.exclude(case__stage__in=ENDED)
    rows = Group.objects.visible_to(viewer).filter(
        service=case.service, compartment=case.compartment, is_open=True)
    return list(rows.annotate(places=_number(places, "group")).order_by("name", "id"))


def _place_in_list(text: str) -> tuple[str, UUID] | None:
    key, _, name = text.partition("_")
    try:
        return name, UUID(key)
    except ValueError:
        return None


def facilitators_of(groups: list[Group], viewer: Viewer) -> dict[UUID, list[UUID]]:
    """The workers who run each of these groups."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = GroupFacilitator.objects.visible_to(viewer).filter(
        group__in=groups, left_on=None)
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


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for a place: since when, when to come, and what does not fit.

    `fits` is `None` where nobody has asked when the client can come.
    """

    case: Any
    since: date
    can_come: str
    language: str
    fits: bool | None
    notes: tuple[str, ...]


def waiting_for(group: Group, viewer: Viewer, day: date, *, most: int | None = MOST_WAITING
                ) -> tuple[list[Waiting], int]:
    """Who waits for a place in a group, longest first, and how many they are altogether.

    Clients of the same service and agency who have signed the agreement and have no place in a
    group that delivers the same component. Five queries for any number of them.
    """
    placed = GroupMember.objects.visible_to(viewer).filter(
        left_on=None, group__component=group.component, group__is_open=True)
    signed = StageMove.objects.visible_to(viewer).filter(
        case=OuterRef("pk"), went_to__in=READY).order_by("moved_on").values("moved_on")[:1]
    rows = Case.objects.visible_to(viewer).filter(
        service=group.service, compartment=group.compartment, stage__in=READY)
    rows = rows.exclude(id__in=placed.values("case")).annotate(
        since=Coalesce(Subquery(signed, output_field=DateField()), F("stage_on")))
    number = rows.count()
    cases = list(rows.select_related("client").order_by("since", "id")[:most])
    said = {row.case_id: row for row in Availability.objects.visible_to(viewer).filter(
        case__in=cases).order_by("stated_on", "-id")}
    apart = _kept_from_members(group, viewer, day)
    return [_waiting(case, said.get(case.pk), group, case.pk in apart) for case in cases], number


def _kept_from_members(group: Group, viewer: Viewer, day: date) -> set[UUID]:
    """The cases that cannot be placed together with somebody who has a place in this group."""
    places = taken_from(group, day, viewer).values("case")
    pairs = NonAssociation.objects.visible_to(viewer).filter(ended_on=None)
    one = pairs.filter(other__in=places).values_list("one_id", flat=True)
    return set(one.union(pairs.filter(one__in=places).values_list("other_id", flat=True)))


def _waiting(case: Any, said: Availability | None, group: Group, is_apart: bool) -> Waiting:
    code = (said.language if said else "") or case.client.language
    notes = misfits(wishes_of(said), weekdays=weekdays_in(group.weekdays),
                    begins_at=group.begins_at, minutes=group.minutes)
    other = language_misfit(language_name(group.language) if group.language else "",
                            language_name(code) if code else "")
    notes = (*((APART,) if is_apart else ()), *notes, *((other,) if other else ()))
    return Waiting(case, case.since, can_come_words(said), language_name(code) if code else "",
                   not notes if said or notes else None, notes)


def wishes_of(said: Availability | None) -> Wishes | None:
    """What was said about when to come, for the rules; `None` where nobody has asked."""
    if said is None:
        return None
    return Wishes(frozenset(weekdays_in(said.weekdays)), said.earliest, said.latest)


def can_come_words(said: Availability | None) -> str:
    """When a client can come, in words."""
    if said is None:
        return "Not asked yet"
    days = weekday_words(weekdays_in(said.weekdays)) or "Any day"
    if said.earliest and said.latest:
        return f"{days}, {said.earliest:%H:%M} to {said.latest:%H:%M}"
    if said.earliest:
        return f"{days}, from {said.earliest:%H:%M}"
    return f"{days}, until {said.latest:%H:%M}" if said.latest else days


def kept_apart(case: Case, viewer: Viewer) -> list[tuple[Any, Any]]:
    """The pairs of a case that hold, each with the other case and its client, newest first.

    Each other case once: the row that can be ended here, where there is one.
    """
    pairs = NonAssociation.objects.visible_to(viewer).filter(
        Q(one=case) | Q(other=case), ended_on=None).select_related("one__client", "other__client")
    found: dict[UUID, tuple[Any, Any]] = {}
    for pair in pairs.order_by("-made_on", "id"):
        other = pair.other if pair.one_id == case.pk else pair.one
        if other.pk not in found or pair.item is None:
            found[other.pk] = (pair, other)
    return list(found.values())


def shared_groups(case: Case, others: list[UUID], viewer: Viewer, day: date
                  ) -> dict[UUID, list[str]]:
    """Groups in which a case and each of these others have a place now or later, by name."""
    rows = GroupMember.objects.visible_to(viewer).filter(
        case_id__in=[case.pk, *others], group__is_open=True)
    rows = rows.exclude(left_on__lt=day).exclude(case__stage__in=ENDED)
    own: set[UUID] = set()
    theirs: list[tuple[UUID, UUID, str]] = []
    for whose, group, name in rows.order_by("group__name").values_list(
            "case_id", "group_id", "group__name"):
        if whose == case.pk:
            own.add(group)
        else:
            theirs.append((whose, group, name))
    found: dict[UUID, list[str]] = defaultdict(list)
    for whose, group, name in theirs:
        if group in own:
            found[whose].append(name)
    return found
