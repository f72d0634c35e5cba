"""The desk at which one side decides which of its files are kept and which are deleted.

Both sides do the same work on files of their own. A side makes one `Desk` of its tables and of
what it knows about its files; the acts and the pages are the same for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from casewall.programme.retention.rules import (
    Clock,
    Ended,
    Kind,
    Standing,
    due_on,
    standing_of,
)
from casewall.services.load import shipped
from casewall.services.schema import USUAL_RETENTION, ChildKeeping, Keeping
from casewall.wall.sides import Side, Viewer


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a desk must know about one file. `name` is "" for whoever may not see the file,
    and so is `page`, the name of the address of its page. `waiting` is what must be finished
    before it can be deleted, in sentences.

    `with_children` are the records of children that only this file has.
    """

    kind: Kind
    id: UUID
    compartment: int
    service: str
    ended: Ended
    name: str = ""
    page: str = ""
    waiting: tuple[str, ...] = ()
    with_children: tuple[UUID, ...] = ()

    @property
    def clock(self) -> Clock:
        return clock_of(self.service, self.kind)

    @property
    def due(self) -> date | None:
        return due_on(self.ended, self.clock)


@dataclass(frozen=True, slots=True)
class Desk:
    """One side's desk.

    `ended(viewer)` gives the facts of every file that has ended; `one(kind, id, viewer)` those of
    one file, open or not, or None. `remainder(facts, viewer)` gives the coded fields that stay for
    figures. `drafts` is the table of this side's drafts.
    """

    side: Side
    holds: Any
    deletions: Any
    remainders: Any
    drafts: Any
    kinds: tuple[Kind, ...]
    ended: Callable[[Viewer], Iterable[FileFacts]]
    one: Callable[[Kind, UUID, Viewer], FileFacts | None]
    remainder: Callable[[FileFacts, Viewer], Mapping[str, Any]]
    on_deleted: dict[str, Callable[..., None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One file on the list, with how it stands."""

    file: FileFacts
    standing: Standing
    due: date | None


def clock_of(service: str, kind: Kind) -> Clock:
    """The clock of a service for one kind of file; the usual one for a service that is not
    shipped here."""
    known = shipped().get(service)
    retention = known.retention if known is not None else USUAL_RETENTION
    keeping: Keeping | ChildKeeping = getattr(retention, kind.value)
    if isinstance(keeping, ChildKeeping):
        return Clock(keeping.years, keeping.authority, until_age=keeping.until_age)
    return Clock(
        keeping.years, keeping.authority, keeping.years_with_children, keeping.years_without_work
    )


def held_now(desk: Desk, viewer: Viewer) -> dict[UUID, Any]:
    """The holds that stand, by file."""
    rows = desk.holds.objects.visible_to(viewer).filter(lifted_at=None)
    return {row.file_id: row for row in rows}


def decided_now(desk: Desk, viewer: Viewer) -> dict[UUID, Any]:
    """The decisions that wait for a second person, by file."""
    rows = desk.deletions.objects.visible_to(viewer)
    return {row.file_id: row for row in waiting(rows)}


def waiting(rows: Any) -> Any:
    """Of the ledger those that are decided and not answered."""
    return rows.filter(done_at=None, refused_at=None)


def row_of(desk: Desk, file: FileFacts, viewer: Viewer, today: date) -> Row:
    """How one file stands."""
    held, decided = held_now(desk, viewer), decided_now(desk, viewer)
    return _row(file, held, decided, today)


def _row(
    file: FileFacts, held: Mapping[UUID, Any], decided: Mapping[UUID, Any], today: date
) -> Row:
    standing = standing_of(file.due, today, held=file.id in held, decided=file.id in decided)
    return Row(file, standing, file.due)


def due_rows(desk: Desk, viewer: Viewer, today: date) -> list[Row]:
    """The files whose years are over, held ones too, the longest overdue first."""
    held, decided = held_now(desk, viewer), decided_now(desk, viewer)
    rows = [_row(file, held, decided, today) for file in desk.ended(viewer)]
    over = [row for row in rows if row.due is not None and row.due <= today]
    return sorted(over, key=lambda row: (row.due, str(row.file.id)))
