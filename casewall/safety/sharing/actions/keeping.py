"""What the writes of this app share: once, under a lock, and never over somebody's words."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from casewall.safety.children.actions.keeping import locked_child
from casewall.safety.children.models import Child
from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.actions.keeping import locked_file
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

Row = TypeVar("Row", bound=Any)


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
