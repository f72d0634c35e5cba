"""Writing to the audit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.models import Entry
from casewall.wall.sides import Viewer


def record(
    *,
    by: Viewer,
    verb: str,
    thing: Any = None,
    kind: str = "",
    purpose: str = "",
    object_id: UUID | None = None,
) -> None:
    """Note that `by` did `verb` to `thing` (a saved record), in the current transaction."""
    entry = _entry(by, verb, thing, kind, purpose, object_id)
    entry.save(force_insert=True, using=by.side.value)


def record_many(*, by: Viewer, verb: str, things: Iterable[Any], purpose: str = "") -> None:
    """The same for a list that was shown: one insert for all of it."""
    entries = [_entry(by, verb, thing, "", purpose, None) for thing in things]
    if entries:
        Entry.objects.using(by.side.value).bulk_create(entries)


def _entry(
    by: Viewer, verb: str, thing: Any, kind: str, purpose: str, object_id: UUID | None
) -> Entry:
    return Entry(
        at=timezone.now(),
        worker=by.worker,
        role=by.role.value,
        verb=verb,
        kind=kind or (thing._meta.model_name if thing is not None else ""),
        object_id=object_id or (thing.pk if thing is not None else None),
        purpose=purpose,
    )
