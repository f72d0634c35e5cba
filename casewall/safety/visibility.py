"""Who on the safety side sees which partner files and which pulled facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from casewall.wall.sides import Role, Side, Viewer

EVERYTHING = frozenset({Role.COORDINATOR, Role.SAFETY_MANAGER, Role.SAFETY_SYSTEM})
"""Roles that see the whole safety side of their compartments."""


def in_compartments(rows: Any, viewer: Viewer) -> Any:
    """Rows of the viewer's compartments, for those who see the whole safety side of a service."""
    if viewer.side is not Side.SAFETY or viewer.role not in EVERYTHING:
        return rows.none()
    return rows.filter(compartment__in=viewer.compartments)


def own_files(rows: Any, viewer: Viewer, path: str = "") -> Any:
    """Rows of partner files (reached by `path`): own ones for a partner worker, and unallocated
    ones, since somebody must take the call, and ones opened out of turn; all of the service for
    coordination."""
    if viewer.side is not Side.SAFETY:
        return rows.none()
    rows = rows.filter(compartment__in=viewer.compartments)
    if viewer.role in EVERYTHING:
        return rows
    if viewer.role is Role.PARTNER_WORKER:
        return rows.filter(
            Q(**{f"{path}worker": viewer.worker})
            | Q(**{f"{path}worker__isnull": True})
            | out_of_turn(viewer, f"{path}id")
        )
    return rows.none()


def out_of_turn(viewer: Viewer, path: str) -> Q:
    """Rows (by the identifier at `path`) opened with a reason, for a few hours; none mostly."""
    return Q(**{f"{path}__in": viewer.out_of_turn}) if viewer.out_of_turn else Q()


CasesOfChildren = Callable[[Viewer], Any]
"""A children's worker → the identifiers of the cases of the clients in own children's lives."""

_BY_CHILDREN: list[CasesOfChildren] = []


def link_children_by(cases: CasesOfChildren) -> None:
    """Say how a children's worker's children lead to cases; said again, it replaces the first.

    The records of children lie above the pulled facts and cannot be imported by them.
    """
    _BY_CHILDREN[:] = [cases]


def cases_of_children(viewer: Viewer) -> Any:
    """The cases of the clients in own children's lives, as a subquery; none until somebody says."""
    return _BY_CHILDREN[0](viewer) if _BY_CHILDREN else []
