"""Exclusions from partners, children and pulled cases, and files opened out of turn."""

from __future__ import annotations

from casewall.programme.access.records import KeptAway, OpenedOutOfTurn
from casewall.wall.sides import Side


class Exclusion(KeptAway):
    """That a worker of this side is kept away from a partner, a child or a client's facts."""

    SIDE = Side.SAFETY


class OutOfTurn(OpenedOutOfTurn):
    """That a worker of this side opened a file that is not own work, why, and the review of it."""

    SIDE = Side.SAFETY
