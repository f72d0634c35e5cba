"""What the pages about access need of a side; each side fills one in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from casewall.programme.access.actions import File
from casewall.programme.access.records import KeptAway, OpenedOutOfTurn
from casewall.programme.access.rules import Known
from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose records, and how files of this side are found.

    `found(viewer, kind, id)` is a file that the viewer sees, or None; `seen(viewer, ids)` those of
    the given ones that the viewer sees; `named(viewer, ids)` the names of people, as far as the
    viewer sees them; `known(viewer)` every file of the viewer's compartments;
    `sought(viewer, text)` files that may be opened out of turn, seen or not, and a sentence where
    the question is unclear. `of` says whose files they are.
    """

    exclusions: type[KeptAway]
    openings: type[OpenedOutOfTurn]
    kinds: tuple[str, ...]
    found: Callable[[Viewer, str, UUID], File | None]
    seen: Callable[[Viewer, Iterable[UUID]], Mapping[UUID, File]]
    named: Callable[[Viewer, Iterable[UUID]], Mapping[UUID, str]]
    known: Callable[[Viewer], Mapping[UUID, Known]]
    sought: Callable[[Viewer, str], tuple[list[File], str]]
    of: str
    hint: str
