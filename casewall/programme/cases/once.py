"""Rows of a case that several parts of one page show: read once for the page.

Each part of the page of a case reads what it shows, and can be asked alone. What several of them
show (moves, contacts, places, acts, incidents) they read by the same function, through `once`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from casewall.programme.cases.models import Case
from casewall.wall.sides import Viewer

Row = TypeVar("Row")
Reader = Callable[[Case, Viewer], list[Row]]
"""Reads all rows of one kind of a case that a viewer sees."""

_KEPT = "_rows_of_one_page"


def one_page(case: Case) -> None:
    """From now on this record, as it is in memory, keeps what `once` reads of it.

    For a page that shows a case to one viewer and changes nothing.
    """
    setattr(case, _KEPT, {})


def once(read: Reader[Row], case: Case, viewer: Viewer) -> list[Row]:
    """What `read` finds; on a page that has asked it of this case before, without a query."""
    kept = getattr(case, _KEPT, None)
    if kept is None:
        return read(case, viewer)
    key = (read, viewer)
    if key not in kept:
        kept[key] = read(case, viewer)
    return list(kept[key])


def moves_of(case: Case, viewer: Viewer) -> list[Any]:
    """The moves of a case, in no order."""
    return list(case.stagemoves.visible_to(viewer))


def attempts_of(case: Case, viewer: Viewer) -> list[Any]:
    """The contacts of a case, the latest first."""
    return list(case.contactattempts.visible_to(viewer).order_by("-tried_at", "id"))


def places_of(case: Case, viewer: Viewer) -> list[Any]:
    """The places in groups, each with its group, the one joined last first."""
    rows = case.groupmembers.visible_to(viewer).select_related("group")
    return list(rows.order_by("-joined_on", "id"))


def marks_of(case: Case, viewer: Viewer) -> list[Any]:
    """The marks in registers, each with its session and group, the newest session first."""
    rows = case.attendances.visible_to(viewer).select_related("session__group")
    return list(rows.order_by("-session__held_on", "-session__number"))
