"""How an action of this app takes a record that may have changed, and saves it."""

from __future__ import annotations

from typing import Any

from casewall.audit.actions import record
from casewall.safety.partners.actions import StaleEdit
from casewall.wall.sides import Viewer

CHANGED = (
    "Somebody else changed this while the page was open. What you typed is below and nothing was "
    "overwritten: look at both before you save."
)


def locked(model: Any, row: Any, version: int, by: Viewer) -> Any:
    """The record as it is stored now, held. Raises `StaleEdit` where it has changed."""
    now = model.objects.visible_to(by).select_for_update(of=("self",)).get(pk=row.pk)
    if now.version != version:
        raise StaleEdit(CHANGED)
    return now


def changed(*, row: Any, verb: str, by: Viewer) -> Any:
    """Save a record with the next version, and keep who did it."""
    row.version += 1
    row.save(force_update=True)
    record(by=by, verb=verb, thing=row)
    return row
