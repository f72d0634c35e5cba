"""What a worker of this side is asked to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from casewall.audit.actions import record
from casewall.safety.partners.danger import (
    DANGER,
    Danger,
    HeardBy,
    Raised,
    in_order,
    tell,
    tell_done,
)
from casewall.safety.partners.models import PartnerFile, PartnerTask
from casewall.wall.context import acting
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer


def add_task(
    *,
    file: PartnerFile,
    kind: str,
    due_on: date,
    by: Viewer,
    note: str | None = None,
    case_id: UUID | None = None,
) -> PartnerTask:
    """Ask a worker of this side to do something."""
    with acting(by):
        task = PartnerTask(
            id=new_id(),
            compartment=file.compartment,
            file=file,
            kind=kind,
            due_on=due_on,
            note=note,
            case_id=case_id,
        )
        task.save(force_insert=True)
        record(by=by, verb=f"made the task {kind} for", thing=file)
        return task


def raise_danger(
    *,
    file: PartnerFile,
    heard_by: HeardBy,
    source_id: UUID,
    signs: Iterable[Danger],
    words: str,
    on: date,
    by: Viewer,
) -> PartnerTask:
    """Make a sign of danger a task of the file for `on`, and tell whoever keeps the joint risk.

    A part of the act that keeps the answer, the note or the incident, in its transaction.
    """
    with acting(by):
        task = add_task(file=file, kind=DANGER, due_on=on, note=words, by=by)
        raised = Raised(
            compartment=file.compartment,
            heard_by=heard_by,
            source_id=source_id,
            signs=in_order(signs),
            words=words,
            on=on,
            file_id=file.pk,
            task_id=task.pk,
        )
        tell(raised, by)
        return task


def finish_task(*, task: PartnerTask, on: date, by: Viewer) -> PartnerTask:
    """Mark a task done; done twice is done once."""
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        task = PartnerTask.objects.visible_to(by).select_for_update(of=("self",)).get(pk=task.pk)
        if task.done_on is None:
            task.done_on, task.done_by = on, by.worker
            task.save()
            record(by=by, verb="finished", thing=task)
            if task.kind == DANGER:
                tell_done(task.pk, by)
        return task
