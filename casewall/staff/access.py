"""What a worker is kept away from, and what was opened for a few hours, loaded with the viewer.

The records are of a side, above this floor; each side says here how they are looked up. It costs
one query for whoever is kept away from nobody and has nothing opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from casewall.wall.sides import Side, Viewer


@dataclass(frozen=True, slots=True)
class Access:
    """Identifiers that a viewer's rows must not name, and files that are opened out of turn."""

    excluded: frozenset[UUID] = frozenset()
    out_of_turn: frozenset[UUID] = frozenset()


LookUp = Callable[[Viewer], Access]
"""Asked inside `acting(viewer)`, on the viewer's own side."""

_OF_SIDE: dict[Side, LookUp] = {}


def look_up_by(side: Side, look_up: LookUp) -> None:
    """Say how a side looks up exclusions and openings; said again, it replaces the first."""
    _OF_SIDE[side] = look_up


def with_access(viewer: Viewer) -> Viewer:
    """The viewer with exclusions and openings as they are now. Use inside `acting(viewer)`."""
    look_up = _OF_SIDE.get(viewer.side)
    if look_up is None or viewer.is_system:
        return viewer
    found = look_up(viewer)
    return replace(viewer, excluded=found.excluded, out_of_turn=found.out_of_turn - found.excluded)
