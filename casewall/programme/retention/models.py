"""Holds and deletions of clients' cases, and the figures that stay of them."""

from __future__ import annotations

from casewall.programme.retention.records import DeletionFacts, HoldFacts, RemainderFacts
from casewall.wall.sides import Side


class LegalHold(HoldFacts):
    """That a client's case is kept back from deletion."""

    SIDE = Side.PROGRAMME


class Deletion(DeletionFacts):
    """One decision to delete a client's case, and that it was done."""

    SIDE = Side.PROGRAMME


class Remainder(RemainderFacts):
    """The coded figures of a deleted case, under a number that leads nowhere."""

    SIDE = Side.PROGRAMME
    APP_MAY = ("SELECT", "INSERT")
