"""What planning reads: what else happens at a time, who leads, which rooms there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from casewall.programme.cases.lists import names_of
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups.models import Group, GroupFacilitator, Room, Session
from casewall.programme.groups.planning.rules import Step, facilitation
from casewall.programme.groups.rules import Meeting, SessionState, overlaps
from casewall.services.kinds import Component
from casewall.staff.models import Membership, Worker
from casewall.wall.sides import Role, Viewer

MOST_NAMED = 3
"""Clashes that are named; of the others the number is said."""


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A component of an installed template that a group can deliver."""

    version: TemplateVersion
    component: Component

    @property
    def key(self) -> str:
        """The value of a choice in a form."""
        return f"{self.version.pk}/{self.component.id}"

    @property
    def steps(self) -> tuple[Step, ...]:
        """The schedule of the component; sessions without a subject where none is written down."""
        template = self.version.template
        planned = template.sessions_of(self.component.id)
        if planned:
            return tuple(Step(one.module, one.title, template.minutes_of(one)) for one in planned)
        if self.component.minutes is None:
            return ()
        return (Step("", "", self.component.minutes),) * (self.component.sessions or 1)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it is delivered, as the template states them."""
        return tuple(self.component.languages or self.version.template.programme.languages)


def deliverables(viewer: Viewer) -> list[Deliverable]:
    """What this viewer may plan a group for: components held in groups, of templates in use."""
    rows = TemplateVersion.objects.visible_to(viewer).filter(retired_on=None)
    newest: dict[tuple[int, str, str], TemplateVersion] = {}
    for row in rows.order_by("name", "version", "id"):
        newest[row.compartment, row.service, row.code] = row
    return [
        Deliverable(row, component)
        for row in newest.values()
        for component in row.template.components
        if "group" in component.delivered
        or (not component.delivered and component.kind not in ("one_to_one", "assessment"))
    ]


def deliverable_of(group: Group) -> Deliverable | None:
    """What a group delivers, by the template version that it was planned with."""
    if group.template is None:
        return None
    try:
        component = group.template.template.component(group.component)
    except KeyError:
        return None
    return Deliverable(group.template, component)


def leading(group: Group, viewer: Viewer) -> list[UUID]:
    """The workers who run a group now."""
    rows = GroupFacilitator.objects.visible_to(viewer).filter(
        group=group, left_on=None).order_by("worker")
    return list(rows.values_list("worker", flat=True))


def possible_facilitators(viewer: Viewer) -> list[tuple[str, str]]:
    """Workers who may run a group in the viewer's compartments."""
    members = Membership.objects.filter(compartment__in=viewer.compartments)
    rows = Worker.objects.filter(
        id__in=members.values("worker"),
        is_active=True,
        role__in=[Role.FACILITATOR, Role.PROGRAMME_MANAGER],
    )
    return [(str(key), name) for key, name in rows.order_by("name", "id").values_list("id", "name")]


def facilitation_of(delivers: Deliverable | None, workers: Collection[UUID]) -> tuple[str, ...]:
    """Warnings about these facilitators, against the manual of what the group delivers."""
    sexes = list(Worker.objects.filter(id__in=workers).values_list("sex", flat=True))
    return facilitation(
        needed=delivers.component.facilitators if delivers else None,
        mixed_wanted=bool(delivers and delivers.component.mixed_facilitators_wanted),
        sexes=sexes,
    )


def rooms_of(viewer: Viewer) -> list[Room]:
    """The rooms in use."""
    return list(Room.objects.visible_to(viewer).filter(closed_on=None).order_by("name", "id"))


def clashes(
    meetings: Sequence[Meeting],
    *,
    room: Room | None,
    workers: Iterable[UUID],
    viewer: Viewer,
    besides: UUID | None = None,
) -> list[str]:
    """What else happens in this room, or to these workers, during these meetings: a sentence each.

    `besides` is a session that does not count: the one that is being moved. Three queries at
    most, for any number of meetings.
    """
    asked = set(workers)
    days = {one.held_on + timedelta(days=n) for one in meetings for n in (-1, 0, 1)}
    led = GroupFacilitator.objects.for_system("overlaps").filter(
        worker__in=asked, left_on=None)
    rows = Session.objects.for_system("overlaps").filter(held_on__in=days).filter(
        Q(room=room, room__isnull=False)
        | Q(worker__in=asked)
        | Q(worker=None, group_id__in=led.values("group_id")))
    rows = rows.exclude(state=SessionState.CANCELLED).exclude(pk=besides)
    by_day: dict[date, list[Any]] = {}
    for row in rows.select_related("group").order_by("held_on", "begins_at", "id"):
        for n in (-1, 0, 1):
            by_day.setdefault(row.held_on + timedelta(days=n), []).append(row)
    met = {row.pk: row for one in meetings for row in by_day.get(one.held_on, [])
           if overlaps(one, row)}
    return _said(list(met.values()), room, asked, led) if met else []


def _said(rows: list[Any], room: Room | None, asked: set[UUID], led: Any) -> list[str]:
    leading: dict[UUID, list[UUID]] = {}
    for group, worker in led.order_by("worker").values_list("group_id", "worker"):
        leading.setdefault(group, []).append(worker)
    names = names_of(asked)
    found = []
    for row in rows:
        busy = [row.worker] if row.worker else leading.get(row.group_id, [])
        what = f"“{row.group.name}”, session {row.number}" if row.group else "a one-to-one session"
        when = f"on {row.held_on:%-d %B %Y} from {row.begins_at:%H:%M} to {ends_at(row):%H:%M}"
        if room is not None and row.room_id == room.pk:
            found.append(f"{room.name} is taken {when}: {what}.")
        found += [f"{names.get(worker, 'A facilitator')} is busy {when}: {what}."
                  for worker in busy if worker in asked]
    return found


def ends_at(meeting: Meeting) -> time:
    """When a meeting ends, on the clock on the wall."""
    begins = datetime.combine(meeting.held_on, meeting.begins_at)
    return (begins + timedelta(minutes=meeting.minutes)).time()


def clash_sentence(found: Sequence[str]) -> str:
    """Some clashes as one sentence for the person who plans."""
    more = len(found) - MOST_NAMED
    return " ".join(found[:MOST_NAMED]) + (f" And {more} more." if more > 0 else "")
