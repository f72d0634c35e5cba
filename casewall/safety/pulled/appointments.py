"""When and where clients are expected, copied for every case, whether or not it is linked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from casewall.safety.pulled.models import (
    FlowPlace,
    FlowRoom,
    FlowSession,
    FlowSuitability,
    PulledAppointment,
)
from casewall.services.schema import Service
from casewall.wall.sides import Viewer

BATCH = 1000
ASSESSMENT_MINUTES = 60
"""How long an assessment is taken to last: the programme books only its beginning."""
CANCELLED = "cancelled"

Cases = Mapping[UUID, tuple[int, str]]
"""Case → compartment of this side, service."""

_AFTERWARDS: dict[str, Callable[[Viewer, datetime], int]] = {}


def add_afterwards(key: str, act: Callable[[Viewer, datetime], int]) -> None:
    """Do something after each copy, in the same transaction; the same key again replaces it."""
    _AFTERWARDS[key] = act


@dataclass(frozen=True, slots=True)
class _Expected:
    case_id: UUID
    session_id: UUID
    version: int
    kind: str
    starts_at: datetime
    minutes: int
    building: str

    @property
    def id(self) -> UUID:
        return uuid5(self.session_id, str(self.case_id))


def copy_appointments(
    *, by: Viewer, services: Mapping[str, Service], where: Cases, at: datetime
) -> int:
    """Make the copies equal to what the programme plans from yesterday on; returns the changes.

    The views are asked for all cases, by the clock alone, so that the programme cluster sees the
    same queries whatever is known here. What was cancelled, decided or is over vanishes.
    """
    since = at.date() - timedelta(days=1)
    wanted = {
        one.id: one for one in (*_sessions(where, services, since), *_assessments(where, since))
    }
    rows = PulledAppointment.objects.for_system("pull")
    kept = {row.id: row for row in rows}
    gone = [key for key in kept if key not in wanted]
    rows.filter(id__in=gone).delete()
    changed = [
        _row(one, where[one.case_id][0], at)
        for key, one in wanted.items()
        if key not in kept or _said(kept[key]) != _said(one)
    ]
    fields = [f.name for f in PulledAppointment._meta.local_fields if f.name != "id"]
    rows.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=fields,
    )
    moved = sum(act(by, at) for _, act in sorted(_AFTERWARDS.items()))
    return len(gone) + len(changed) + moved


def _said(one: Any) -> tuple[Any, ...]:
    return one.kind, one.starts_at, one.minutes, one.building


def _row(one: _Expected, compartment: int, at: datetime) -> PulledAppointment:
    return PulledAppointment(
        id=one.id,
        compartment=compartment,
        source_version=one.version,
        as_of=at,
        case_id=one.case_id,
        session_id=one.session_id,
        kind=one.kind,
        starts_at=one.starts_at,
        minutes=one.minutes,
        building=one.building,
    )


def _sessions(where: Cases, services: Mapping[str, Service], since: date) -> Iterator[_Expected]:
    """Sessions of groups for all who have a place on that day, and one-to-one sessions."""
    places: dict[UUID, list[Any]] = {}
    for place in FlowPlace.objects.for_system("pull"):
        places.setdefault(place.group_id, []).append(place)
    buildings = dict(FlowRoom.objects.for_system("pull").values_list("id", "building"))
    for one in FlowSession.objects.for_system("pull").filter(held_on__gte=since):
        if one.state == CANCELLED:
            continue
        cases = {one.case_id} if one.case_id else set()
        cases |= {
            place.case_id
            for place in places.get(one.group_id, ())
            if place.joined_on <= one.held_on <= (place.left_on or one.held_on)
        }
        for case_id in sorted(cases & where.keys()):
            zone = ZoneInfo(services[where[case_id][1]].time_zone)
            yield _Expected(
                case_id=case_id,
                session_id=one.id,
                version=one.version,
                kind=one.kind,
                starts_at=datetime.combine(one.held_on, one.begins_at, zone),
                minutes=one.minutes,
                building=buildings.get(one.room_id, ""),
            )


def _assessments(where: Cases, since: date) -> Iterator[_Expected]:
    """Assessments that are booked and not decided; the programme does not say where."""
    for one in FlowSuitability.objects.for_system("pull").filter(booked_for__date__gte=since):
        if one.case_id in where and not one.decision:
            yield _Expected(
                case_id=one.case_id,
                session_id=one.id,
                version=one.version,
                kind="assessment",
                starts_at=one.booked_for,
                minutes=ASSESSMENT_MINUTES,
                building="",
            )
