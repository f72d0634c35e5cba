"""Telling others of this side that a file was deleted, in the transaction that deletes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from casewall.programme.retention.files import DESK
from casewall.wall.sides import Viewer

Told = Callable[[str, UUID, set[UUID], Viewer, datetime], None]
"""Kind of file, its identifier, the identifiers of all rows that are gone, who approved, when."""


def on_deleted(key: str, told: Told) -> None:
    """Say who is told of each deletion; the same key again replaces the first.

    What it raises stops the deletion.
    """
    DESK.on_deleted[key] = told
