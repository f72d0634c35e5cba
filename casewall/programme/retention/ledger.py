"""The ledger of deletions beside the database, so that a restored backup never rolls it back.

Every deletion that was carried out adds one line to `deletions.jsonl` in the side's own folder:
the row of the ledger, without a name, signed with the side's key. A restore reads the newest of
all that it finds, deletes again what the lines say, and only then is anything served.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from casewall.vault.blind import blind
from casewall.wall.sides import Side

FILE = "deletions.jsonl"
COLUMNS = ("id", "compartment", "service", "kind", "file_hash", "ground", "keeps_figures",
           "due_on", "decided_by", "decided_at", "approved_by", "approved_at", "done_at",
           "with_file")


def ledger_file(side: Side, var: Path | None = None) -> Path | None:
    """Where a side keeps the ledger beside its database; None where no folder was given."""
    folder = var or (Path(os.environ["CASEWALL_VAR"]) if "CASEWALL_VAR" in os.environ else None)
    return folder / "site" / side.value / FILE if folder is not None else None


def line_of(row: Any, side: Side) -> str:
    """One carried-out deletion as a signed line."""
    values = {name: _plain(getattr(row, name)) for name in COLUMNS}
    return json.dumps({**values, "signed": str(_signature(values, side))}, sort_keys=True)


def read_lines(lines: Iterable[str], side: Side) -> list[dict[str, Any]]:
    """The deletions of signed lines, each once.

    Raises `ValueError` with the number of a line that was changed: a forged one would delete.
    """
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            signed = values.pop("signed")
            right = set(values) == set(COLUMNS) and signed == str(_signature(values, side))
        except (ValueError, KeyError, AttributeError, TypeError):
            right = False
        if not right:
            raise ValueError(f"Line {number} of the ledger of deletions was changed or is cut off.")
        found[values["id"]] = values
    return list(found.values())


def write_later(side: Side, row: Any) -> None:
    """Add the line once the transaction of the deletion is through."""
    path = ledger_file(side)
    if path is not None:
        line = line_of(row, side)
        transaction.on_commit(lambda: _append(path, line), using=side.value)


def _append(path: Path, line: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with os.fdopen(os.open(path, flags, 0o600), "a", encoding="utf-8") as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def _signature(values: dict[str, Any], side: Side) -> UUID:
    return blind("ledger", json.dumps(values, sort_keys=True), side)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def moment(text: str) -> datetime:
    """A moment of a line."""
    return datetime.fromisoformat(text)
