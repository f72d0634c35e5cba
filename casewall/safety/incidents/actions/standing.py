"""Where a report stands, and how its next step is kept on it."""

from __future__ import annotations

from typing import Any, TypeVar

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import locked, put
from casewall.safety.incidents.models import AuthorityTold, TryToTell, ViolenceReport
from casewall.safety.incidents.rules import (
    Consent,
    Ground,
    Reached,
    Standing,
    next_step,
    step_due,
)
from casewall.wall.context import acting
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer

Row = TypeVar("Row", bound=Any)


def standing_of(report: ViolenceReport, by: Viewer) -> Standing:
    """Where a report stands now: two queries."""
    tries = TryToTell.objects.visible_to(by).filter(report=report).order_by("tried_at", "id")
    return Standing(
        consent=Consent(report.consent),
        ground=Ground(report.ground) if report.ground else None,
        tries=tuple(Reached(code) for code in tries.values_list("outcome", flat=True)),
        told=AuthorityTold.objects.visible_to(by).filter(report=report).exists(),
        ended=report.ended_on is not None,
    )


def move_on(*, report: ViolenceReport, by: Viewer, again: bool = False) -> None:
    """Keep the next step and its day. A step that stays keeps its day, unless tried `again`.

    A part of an act, inside its transaction.
    """
    require(by, Duty.RECORD_SUFFERED)
    step = next_step(standing_of(report, by))
    if step != report.step or report.due_on is None or again:
        report.due_on = step_due(step, report.danger, timezone.localdate())
    report.step = step
    report.version += 1
    report.save()


def changed(*, row: Row, version: int, by: Viewer, verb: str, **now: Any) -> Row:
    """Change a record past `version`; what already is so is not changed twice."""
    require(by, Duty.RECORD_SUFFERED)
    with acting(by):
        row = locked(row, by)
        if put(row, version, now):
            record(by=by, verb=verb, kind="partnerfile", object_id=row.file_id)
        return row
