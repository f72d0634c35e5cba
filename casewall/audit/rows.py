"""How a record that may have changed is found, held, changed and saved: the same on both sides."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from casewall.audit.actions import record
from casewall.wall.decide import StaleEdit
from casewall.wall.sides import Viewer

Row = TypeVar("Row", bound=Any)


def known_row(model: type[Row], own: UUID, by: Viewer) -> Row | None:
    """The record that the same form made before, if it did."""
    found: Row | None = model.objects.visible_to(by).filter(pk=own).first()
    return found


def locked(row: Row, by: Viewer, version: int | None = None) -> Row:
    """The record as it stands now, held until the end of the transaction.

    Raises `StaleEdit` where it is another version than the one that was shown.
    """
    found: Row = type(row).objects.visible_to(by).select_for_update(of=("self",)).get(pk=row.pk)
    if version is not None:
        unchanged(found, version)
    return found


def unchanged(row: Any, version: int) -> None:
    """Raise `StaleEdit` where somebody changed the record since `version` was shown."""
    if row.version != version:
        raise StaleEdit


def changed(row: Row, verb: str, by: Viewer) -> Row:
    """Save a held record with the next version, and keep who did it."""
    row.version += 1
    row.save(force_update=True)
    record(by=by, verb=verb, thing=row)
    return row


def put(row: Any, version: int, now: dict[str, Any]) -> bool:
    """Put new values into a held record and save it with the next version.

    False, with nothing saved, where they are there already: the same form was sent twice. Raises
    `StaleEdit` where somebody else changed the record since `version` was shown.
    """
    if row.version == version + 1 and all(getattr(row, name) == now[name] for name in now):
        return False
    unchanged(row, version)
    for name, value in now.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    return True
