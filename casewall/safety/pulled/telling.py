"""Notices: what a pull learned about a client becomes an item on the partner worker's day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from casewall.safety.partners.clocks import working_days_after
from casewall.safety.partners.models import FileLink, PartnerFile, PartnerTask
from casewall.safety.pulled.models import PulledCourse
from casewall.safety.pulled.rules import AT_ONCE, BY_THE_HOUR, Way, midpoint
from casewall.services.schema import Service

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a linked partner is told. The same `occasion` is told once.

    `about_on` is the day that it is about, `fact_id` the pulled record that says it.
    """

    case_id: UUID
    kind: str
    occasion: str
    about_on: date | None = None
    fact_id: UUID | None = None

    def id_for(self, file: UUID) -> UUID:
        """The identifier of its task in a file: equal for the same occasion, pull after pull."""
        return uuid5(file, f"{self.case_id}:{self.kind}:{self.occasion}")


def way_of(course: Any) -> Way:
    """A course, or its copy, as the rules take it."""
    return Way(course.state, course.level, course.began_on, course.ends_by, course.ended_on)


def midpoints(today: date) -> list[Notice]:
    """Courses of linked cases that have passed their midpoint, however late the pull comes."""
    linked = FileLink.objects.for_system("pull").filter(ended_on=None).values("case_id")
    courses = PulledCourse.objects.for_system("pull").filter(
        case_id__in=linked, ended_on=None, began_on__lt=today
    )
    found = []
    for course in courses:
        day = midpoint(way_of(course))
        if day is not None and day <= today:
            found.append(Notice(course.case_id, "tell_midpoint", str(course.id), day, course.id))
    return found


def make_tasks(notices: Iterable[Notice], *, services: Mapping[str, Service], at: datetime) -> int:
    """Give linked, open files the notices that they do not have yet; returns how many were new.

    Nothing else in a file changes by what the client does.
    """
    wanted = list(notices)
    files = _open_files({one.case_id for one in wanted})
    drafted = {
        task.id: task
        for one in wanted
        for file in files[one.case_id]
        if file.service in services
        for task in [_task(one, file, services[file.service], at)]
    }
    known: set[UUID] = set()
    rows, ids = PartnerTask.objects.for_system("pull"), list(drafted)
    for start in range(0, len(ids), BATCH):
        known.update(rows.filter(id__in=ids[start : start + BATCH]).values_list("id", flat=True))
    new = [task for key, task in drafted.items() if key not in known]
    rows.bulk_create(new, batch_size=BATCH)
    return len(new)


def _open_files(cases: set[UUID]) -> dict[UUID, list[PartnerFile]]:
    found: dict[UUID, list[PartnerFile]] = defaultdict(list)
    links = FileLink.objects.for_system("pull").filter(case_id__in=cases, ended_on=None)
    for link in links.select_related("file"):
        if link.file.is_open:
            found[link.case_id].append(link.file)
    return found


def _task(notice: Notice, file: PartnerFile, service: Service, at: datetime) -> PartnerTask:
    today, due_at = timezone.localdate(at), None
    if notice.kind in BY_THE_HOUR:
        due_at = at + timedelta(hours=service.clocks.absence_notice_hours)
        due_on = timezone.localdate(due_at)
    elif notice.kind in AT_ONCE:
        due_on = today
    else:
        days = service.clocks.decision_notice_working_days
        due_on = working_days_after(today, days, service)
    return PartnerTask(
        id=notice.id_for(file.pk),
        compartment=file.compartment,
        file=file,
        case_id=notice.case_id,
        fact_id=notice.fact_id,
        kind=notice.kind,
        due_on=due_on,
        due_at=due_at,
        about_on=notice.about_on,
        as_of=at,
    )
