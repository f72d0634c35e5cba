"""What the ledger of deletions keeps of an identifier."""

from __future__ import annotations

from uuid import UUID

from casewall.vault.blind import blind
from casewall.wall.sides import Side


def hash_of(file: UUID, side: Side) -> UUID:
    """The keyed hash of a file's identifier: only the side itself can compare it."""
    return blind("deletion", str(file), side)
