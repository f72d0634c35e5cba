"""Rows that are written many at a time, in the order in which they depend on each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from casewall.audit.actions import record_many
from casewall.wall.sides import Viewer

BATCH = 1000


class Rows:
    """Collects rows of some models, new and changed ones, and what the audit is to say."""

    def __init__(self, models: Iterable[Any]) -> None:
        self._rows: dict[Any, dict[Any, Any]] = {model: {} for model in models}
        self._said: dict[tuple[Viewer, str], list[Any]] = {}

    def keep(self, row: Any) -> Any:
        """Write this row as it stands when all rows are written."""
        self._rows[type(row)][row.pk] = row
        return row

    def say(self, by: Viewer, verb: str, thing: Any) -> None:
        """Put a line into the audit."""
        self._said.setdefault((by, verb), []).append(thing)

    def write(self) -> None:
        """Write everything; the caller holds the transaction."""
        for model, rows in self._rows.items():
            self._write(model, list(rows.values()))
            rows.clear()
        for (by, verb), things in self._said.items():
            record_many(by=by, verb=verb, things=things)
        self._said.clear()

    @staticmethod
    def _write(model: Any, rows: list[Any]) -> None:
        into = model.objects.for_system("synthetic")
        if "UPDATE" not in model.APP_MAY:
            into.bulk_create(rows, batch_size=BATCH)
            return
        fields = [f.name for f in model._meta.local_fields if f.name != "id"]
        into.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=fields,
        )
