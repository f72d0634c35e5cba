"""The facts of both sides in which triggers are looked for: read at once for many pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from casewall.programme.incidents.words import split
from casewall.safety.children.models import ChildAdult
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import State
from casewall.safety.incidents.models import FileCourtDay, FileProceeding, SufferedIncident
from casewall.safety.partners.models import FileLink
from casewall.safety.pulled.models import (
    PulledAttendance,
    PulledCase,
    PulledDeclaration,
    PulledIncident,
    PulledProceeding,
    PulledRisk,
)
from casewall.safety.risk.models import DangerSignal, JointRisk
from casewall.safety.risk.rules import FACTS_OF_DAYS, Fact, Of
from casewall.wall.sides import Viewer


@dataclass(slots=True)
class Facts:
    """Facts by partner's file and by case."""

    of_file: dict[UUID, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    of_case: dict[UUID, list[Fact]] = field(default_factory=lambda: defaultdict(list))

    def about(self, risk: JointRisk) -> list[Fact]:
        """Those of one picture."""
        own = self.of_file.get(risk.file_id, [])
        return [*own, *(self.of_case.get(risk.case_id, []) if risk.case_id else [])]


def facts_of(risks: Sequence[JointRisk], by: Viewer, today: date) -> Facts:
    """The facts of these pictures of the last months: as many queries for one as for all."""
    files = {risk.file_id for risk in risks}
    cases = {risk.case_id for risk in risks if risk.case_id}
    since = today - timedelta(days=FACTS_OF_DAYS)
    found = Facts()
    for key, fact in _of_files(files, by, since, today):
        found.of_file[key].append(fact)
    for key, fact in _of_cases(cases, by, since):
        found.of_case[key].append(fact)
    return found


Keyed = Iterator[tuple[UUID, Fact]]


def _seen(model: Any, by: Viewer, **which: Any) -> Any:
    return model.objects.visible_to(by).filter(**which)


def _of_files(files: set[UUID], by: Viewer, since: date, today: date) -> Keyed:
    for row in _seen(FileLink, by, file__in=files, until_on__gte=since).only("file", "until_on"):
        yield row.file_id, Fact(Of.RELATION_ENDED, row.pk, row.until_on)
    midnight = timezone.make_aware(datetime.combine(since, time()))
    told = _seen(Disclosure, by, file__in=files, state=State.RELEASED, release_at__gte=midnight)
    for row in told.only("file", "release_at"):
        yield row.file_id, Fact(Of.DISCLOSED, row.pk, timezone.localdate(row.release_at))
    days = _seen(FileCourtDay, by, file__in=files, outcome="", held_on__gte=today)
    for row in days.only("file", "held_on"):
        yield row.file_id, Fact(Of.COURT_DAY, row.pk, row.held_on)
    for row in _seen(FileProceeding, by, file__in=files).defer("court", "conditions"):
        yield from ((row.file_id, fact) for fact in _proceeding(row, row.stated_on))
    happened = _seen(SufferedIncident, by, file__in=files, told_on__gte=since)
    for fact_of, row in _incidents(happened.defer("what")):
        yield row.file_id, fact_of
    yield from _children(files, by, since)


def _children(files: set[UUID], by: Viewer, since: date) -> Keyed:
    """Unborn children, and signs of danger of a file and of its children: two queries."""
    of_child: dict[UUID, list[UUID]] = defaultdict(list)
    links = _seen(ChildAdult, by, file__in=files, ended_on=None).select_related("child")
    for link in links.order_by("id"):
        of_child[link.child_id].append(link.file_id)
        if link.child.due_on and link.child.recorded_on >= since:
            yield link.file_id, Fact(Of.UNBORN_CHILD, link.child_id, link.child.recorded_on)
    for row in _seen(DangerSignal, by, raised_on__gte=since).defer("words", "done"):
        fact = Fact(Of.SIGNAL, row.pk, row.raised_on, tuple(split(row.signs)))
        if row.file_id in files:
            yield row.file_id, fact
        for file in of_child.get(row.child_id, []):
            yield file, fact


def _of_cases(cases: set[UUID], by: Viewer, since: date) -> Keyed:
    def of(model: Any, **which: Any) -> Any:
        return _seen(model, by, case_id__in=cases, **which)

    for row in of(PulledDeclaration, relation="new", stated_on__gte=since).only(
        "case_id", "stated_on"
    ):
        yield row.case_id, Fact(Of.NEW_PARTNER, row.pk, row.stated_on)
    for mark in of(PulledAttendance, held_on__gte=since):
        yield mark.case_id, Fact(Of.MARK, mark.pk, mark.held_on, (mark.outcome,))
    for row in of(PulledProceeding):
        # A pulled proceeding says when it began, not when anybody wrote it down.
        yield from ((row.case_id, fact) for fact in _proceeding(row, row.began_on))
    for fact_of, row in _incidents(of(PulledIncident, told_on__gte=since)):
        yield row.case_id, fact_of
    signed = of(PulledRisk, signed_on__isnull=False).exclude(level="")
    for row in signed.order_by("source_version"):
        yield row.case_id, Fact(Of.OWN_LEVEL, row.pk, row.signed_on, (row.level,))
    left = _seen(PulledCase, by, id__in=cases, stage_on__gte=since).exclude(exit_reason="")
    for row in left.only("stage_on", "exit_reason"):
        own = uuid5(row.pk, f"{row.exit_reason}:{row.stage_on}")
        yield row.pk, Fact(Of.EXIT, own, row.stage_on, (row.exit_reason,))


def _proceeding(row: Any, known_on: date) -> Iterator[Fact]:
    yield Fact(Of.PROCEEDING_BEGAN, row.pk, known_on, (row.kind,))
    if row.ended_on:
        own = uuid5(row.pk, "ended")
        yield Fact(Of.PROCEEDING_ENDED, own, row.ended_on, (row.kind,))


def _incidents(rows: Iterable[Any]) -> Iterator[tuple[Fact, Any]]:
    """Incidents as they stand; what was taken back or corrected says nothing."""
    known = list(rows)
    corrected = {row.corrects_id for row in known if row.corrects_id}
    for row in known:
        if row.pk not in corrected and not row.taken_back:
            codes = (*split(row.signs), *split(row.forms))
            yield Fact(Of.INCIDENT, row.pk, row.told_on, codes), row
