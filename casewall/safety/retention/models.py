"""Holds and deletions of partners' files and children's records, and figures that stay of them."""

from __future__ import annotations

from casewall.programme.retention.records import DeletionFacts, HoldFacts, RemainderFacts
from casewall.safety.retention.flows import FlowDeletion
from casewall.wall.sides import Side

__all__ = ["Deletion", "FlowDeletion", "LegalHold", "Remainder"]


class LegalHold(HoldFacts):
    """That a partner's file or a child's record is kept back from deletion."""

    SIDE = Side.SAFETY


class Deletion(DeletionFacts):
    """One decision to delete a partner's file or a child's record, and that it was done."""

    SIDE = Side.SAFETY


class Remainder(RemainderFacts):
    """The coded figures of a deleted file, under a number that leads nowhere."""

    SIDE = Side.SAFETY
    APP_MAY = ("SELECT", "INSERT")
