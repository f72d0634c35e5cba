"""Who reads why somebody went on although the gate had stopped it."""

from __future__ import annotations

from typing import Any

from casewall.staff.models import Worker
from casewall.wall.sides import Role, Viewer


def to_read(rows: Any, viewer: Viewer) -> Any:
    """Those of the overrides that this supervisor reads: of a coordinator, the managers' own."""
    if viewer.role is not Role.COORDINATOR:
        return rows
    managers = Worker.objects.filter(role=Role.SAFETY_MANAGER)
    return rows.filter(worker__in=list(managers.values_list("pk", flat=True)))
