"""Exclusions from clients, and cases opened out of turn, on the programme side."""

from __future__ import annotations

from casewall.programme.access.records import KeptAway, OpenedOutOfTurn
from casewall.wall.sides import Side


class Exclusion(KeptAway):
    """That a worker of this side is kept away from a client, in all of the client's cases."""

    SIDE = Side.PROGRAMME


class OutOfTurn(OpenedOutOfTurn):
    """That a worker of this side opened a case that is not own work, why, and the review of it."""

    SIDE = Side.PROGRAMME
