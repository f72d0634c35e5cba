"""The facts of a service since a day that bring a case on an agenda.

Read with the eyes of whoever builds the agenda, in a fixed number of queries. Facts of the
programme are pulled copies; nothing is asked of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from casewall.programme.incidents.shown import newest
from casewall.safety.children.models import ChildAdult
from casewall.safety.incidents.models import ChildIncident, SufferedIncident
from casewall.safety.meetings.models import MeetingAction
from casewall.safety.meetings.rules import (
    COMPLETED,
    EXIT_STAGES,
    About,
    Fact,
    Reason,
    second_missed,
)
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.pulled.models import PulledAttendance, PulledCase
from casewall.safety.support.models import SafetyPlan, SupportPlan
from casewall.wall.sides import Viewer

BEFORE = timedelta(days=120)
"""How far back marks are read to see whether an absence follows another one."""


Facts = Callable[[Viewer, str, date, date], Iterable[Fact]]
"""Who builds, the service, from which day, today → facts of another app."""

_ADDED: dict[str, Facts] = {}


def add_facts(key: str, read: Facts) -> None:
    """Say what else brings a case on an agenda; the same key again replaces it.

    What another app reads for its pages cannot be imported here, below the acts.
    """
    _ADDED[key] = read


def facts_since(viewer: Viewer, service: str, since: date, today: date) -> list[Fact]:
    """Everything that has happened from `since` on, up to today, and what is overdue today.

    The day itself counts: what happened on the day of the last meeting, after it, is not lost.
    """
    reads = (
        _referrals, _violence, _children_hurt, _cases, _missed, _reviews, _actions,
        *_ADDED.values(),
    )  # fmt: skip
    return [fact for read in reads for fact in read(viewer, service, since, today)]


def files_by_case(viewer: Viewer, service: str) -> Mapping[UUID, Sequence[UUID]]:
    """The open files of a service that are linked to each case."""
    links = FileLink.objects.visible_to(viewer).filter(
        ended_on=None, file__service=service, file__withdrawn_on=None
    )
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for case, file in links.order_by("linked_on", "id").values_list("case_id", "file_id"):
        found[case].append(file)
    return found


def _referrals(viewer: Viewer, service: str, since: date, today: date) -> Iterator[Fact]:
    new = PartnerFile.objects.visible_to(viewer).filter(
        service=service, withdrawn_on=None, referred_on__gte=since, referred_on__lte=today
    )
    for file, on in new.values_list("id", "referred_on"):
        yield Fact(About(file=file), Reason.NEW_REFERRAL, on)


def _violence(viewer: Viewer, service: str, since: date, today: date) -> Iterator[Fact]:
    """What was written down since the last meeting, however long ago it happened."""
    rows = SufferedIncident.objects.visible_to(viewer).filter(
        file__service=service, file__withdrawn_on=None, recorded_at__date__gte=since
    )
    for row in newest(rows.defer("what")):
        if not row.taken_back:
            reason = Reason.DANGER if row.signs else Reason.VIOLENCE
            yield Fact(About(file=row.file_id), reason, row.happened_on)


def _children_hurt(viewer: Viewer, service: str, since: date, today: date) -> Iterator[Fact]:
    rows = ChildIncident.objects.visible_to(viewer).filter(
        child__service=service, recorded_at__date__gte=since
    )
    hurt = {row.child_id: row for row in newest(rows.defer("what")) if not row.taken_back}
    links = ChildAdult.objects.visible_to(viewer).filter(
        child_id__in=hurt, file__isnull=False, ended_on=None
    )
    for child, file in links.values_list("child_id", "file_id"):
        row = hurt[child]
        reason = Reason.DANGER if row.signs else Reason.VIOLENCE
        yield Fact(About(file=file), reason, row.happened_on)


def _cases(viewer: Viewer, service: str, since: date, today: date) -> Iterator[Fact]:
    rows = PulledCase.objects.visible_to(viewer).filter(service=service)
    for case, on in rows.filter(referred_on__gte=since, referred_on__lte=today).values_list(
        "id", "referred_on"
    ):
        yield Fact(About(case=case), Reason.NEW_REFERRAL, on)
    moved = rows.filter(stage_on__gte=since, stage__in=[*EXIT_STAGES, COMPLETED])
    for case, stage, on in moved.values_list("id", "stage", "stage_on"):
        yield Fact(About(case=case), Reason.COMPLETION if stage == COMPLETED else Reason.EXIT, on)


def _missed(viewer: Viewer, service: str, since: date, today: date) -> Iterator[Fact]:
    cases = PulledCase.objects.visible_to(viewer).filter(service=service)
    rows = PulledAttendance.objects.visible_to(viewer).filter(
        case_id__in=cases.values("id"), held_on__gt=since - BEFORE, held_on__lte=today
    )
    marks: dict[UUID, list[tuple[date, str]]] = defaultdict(list)
    for case, on, mark in rows.values_list("case_id", "held_on", "outcome"):
        marks[case].append((on, mark))
    for case, known in marks.items():
        day = second_missed(known, since)
        if day is not None:
            yield Fact(About(case=case), Reason.TWO_MISSED, day)


def _reviews(viewer: Viewer, service: str, since: date, today: date) -> Iterator[Fact]:
    """Plans of open files whose newest version should have been looked at before today."""
    for model in (SafetyPlan, SupportPlan):
        rows = model.objects.visible_to(viewer).filter(
            file__service=service, file__closed_on=None, file__withdrawn_on=None
        )
        last = rows.order_by("file_id", "-number").distinct("file_id")
        for file, on in last.values_list("file_id", "review_on"):
            if on is not None and on < today:
                yield Fact(About(file=file), Reason.REVIEW_OVERDUE, on)


def _actions(viewer: Viewer, service: str, since: date, today: date) -> Iterator[Fact]:
    rows = MeetingAction.objects.visible_to(viewer).filter(
        meeting__service=service, done_on=None, due_on__lt=today
    )
    for file, case, on in rows.values_list("item__file_id", "item__case_id", "due_on"):
        yield Fact(About(file=file, case=case), Reason.ACTION_OVERDUE, on)
