"""What the writes of this app share: once, under a lock, and never over somebody's words."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from casewall.safety.children.actions.keeping import locked_child
from casewall.safety.children.models import Child
from casewall.safety.partners.actions import StaleEdit
from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.actions.keeping import locked_file
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

Row = TypeVar("Row", bound=Any)

CHANGED = (
    "Somebody else changed this while you had it open. Nothing was overwritten: look at what is "
    "saved now before you save again."
)


def known_row(model: type[Row], own: UUID, by: Viewer) -> Row | None:
    """The record that the same form made before, if it did."""
    found: Row | None = model.objects.visible_to(by).filter(pk=own).first()
    return found


def locked(row: Row, by: Viewer, version: int | None = None) -> Row:
    """The record as it stands now, locked. Raises `StaleEdit` where it is another version."""
    rows = type(row).objects.visible_to(by).select_for_update(of=("self",))
    found: Row = rows.get(pk=row.pk)
    if version is not None and found.version != version:
        raise StaleEdit(CHANGED)
    return found


def subject_of(
    file: PartnerFile | None, child: Child | None, by: Viewer
) -> tuple[PartnerFile | None, Child | None, int]:
    """The file and the child that something is about, locked, and where a record of it lies.

    Raises `Refused` where the referral of the file was withdrawn.
    """
    file = locked_file(file, by) if file is not None else None
    child = locked_child(child, by) if child is not None else None
    owner: Any = file or child
    return file, child, owner.compartment


def own_id(owner: Any, form: UUID | None, part: str) -> UUID:
    """The identifier of what a form makes of its owner, so that sending it twice makes one."""
    return id_of_form(owner.pk, form, part)
