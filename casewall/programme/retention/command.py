"""`casewall files-due`: in plain sentences, what waits for a decision on this side."""

from __future__ import annotations

from casewall.programme.retention.files import DESK
from casewall.programme.retention.saying import said
from casewall.wall.sides import Role


def due(arguments: list[str]) -> int:
    """The programme side's files."""
    print(said(DESK, Role.PROGRAMME_SYSTEM))
    return 0
