"""What a worker of this side is asked to do."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from casewall.audit.actions import record
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


def finish_task(*, task: PartnerTask, on: date, by: Viewer) -> PartnerTask:
    """Mark a task done; done twice is done once."""
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        task = PartnerTask.objects.visible_to(by).select_for_update(of=("self",)).get(pk=task.pk)
        if task.done_on is None:
            task.done_on, task.done_by = on, by.worker
            task.save()
            record(by=by, verb="finished", thing=task)
        return task
