"""What a deletion asks of what has left: it is to come back, and somebody tells the recipient."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from casewall.safety.sharing.actions.exports import take_back
from casewall.safety.sharing.models import Export
from casewall.staff.models import system_viewer
from casewall.wall.context import acting
from casewall.wall.sides import Role, Viewer

BATCH = 500
BECAUSE = "The file that this is about was deleted."


def recall_deleted(kind: str, file_id: UUID, rows: set[UUID], by: Viewer, at: datetime) -> None:
    """Recall every export of a record that is gone. Fits `retention.telling.on_deleted`."""
    system, gone = system_viewer(Role.SAFETY_SYSTEM), sorted({*rows, file_id}, key=str)
    with acting(system):
        for start in range(0, len(gone), BATCH):
            left = Export.objects.visible_to(system).filter(
                thing__in=gone[start : start + BATCH], recalled_on=None
            )
            for row in left:
                take_back(row=row, reason=BECAUSE, by=system)
