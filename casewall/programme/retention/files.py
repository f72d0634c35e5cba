"""What the programme's desk knows about its files: clients' cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from casewall.programme.cases.models import Assessment, Case
from casewall.programme.cases.rules import OPEN_STAGES
from casewall.programme.groups.models import Attendance
from casewall.programme.groups.rules import PRESENT
from casewall.programme.needs.models import DeclaredChild, FamilyStatement
from casewall.programme.notes.models import ProgrammeDraft
from casewall.programme.retention.desk import Desk, FileFacts
from casewall.programme.retention.models import Deletion, LegalHold, Remainder
from casewall.programme.retention.rules import Ended, Kind
from casewall.wall.sides import Side, Viewer


def _cases(viewer: Viewer) -> Any:
    """The cases that this viewer sees, with what the clock is read from: one query."""
    of_case = {"case": OuterRef("pk")}
    stated = FamilyStatement.objects.for_system("retention").filter(
        **of_case, of="children", answer="some")
    named = DeclaredChild.objects.for_system("retention").filter(**of_case)
    assessed = Assessment.objects.for_system("retention").filter(**of_case)
    came = Attendance.objects.for_system("retention").filter(**of_case)
    return Case.objects.visible_to(viewer).select_related("client").annotate(
        has_children=Exists(stated) | Exists(named),
        has_work=Exists(assessed) | Exists(came),
    )


def _facts(case: Any) -> FileFacts:
    on = None if case.is_open else case.stage_on
    return FileFacts(
        kind=Kind.CASE, id=case.pk, compartment=case.compartment, service=case.service,
        ended=Ended(on, children=case.has_children, worked=case.has_work),
        name=case.client.full_name or str(case.pk)[:8], page="case",
    )


def ended(viewer: Viewer) -> Iterable[FileFacts]:
    """The cases that have ended."""
    rows = _cases(viewer).exclude(stage__in=[stage.value for stage in OPEN_STAGES])
    return [_facts(case) for case in rows]


def one(kind: Kind, file: UUID, viewer: Viewer) -> FileFacts | None:
    """One case, open or not, where the viewer sees it."""
    case = _cases(viewer).filter(pk=file).first() if kind is Kind.CASE else None
    return _facts(case) if case is not None else None


def remainder(facts: FileFacts, viewer: Viewer) -> dict[str, Any]:
    """What stays of a case for figures: years, codes, counts."""
    present = Q(attendances__outcome__in=[mark.value for mark in PRESENT])
    case = Case.objects.visible_to(viewer).annotate(
        tried=Count("contactattempts", distinct=True),
        marks=Count("attendances", distinct=True),
        came=Count("attendances", filter=present, distinct=True),
    ).get(pk=facts.id)
    return {
        "referred_in": case.referred_on.year,
        "ended_in": facts.ended.on.year if facts.ended.on else None,
        "route": case.route, "outcome": case.stage, "reason": case.exit_reason,
        "contacts": case.tried, "meetings": case.marks, "attended": case.came,
        "children": facts.ended.children,
    }


DESK = Desk(
    side=Side.PROGRAMME, holds=LegalHold, deletions=Deletion, remainders=Remainder,
    drafts=ProgrammeDraft, kinds=(Kind.CASE,), ended=ended, one=one, remainder=remainder,
)
