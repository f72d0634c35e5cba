"""What other apps of this side take from the flow views at the end of every pull.

They lie above the pull and cannot be imported by it. Like the pull they read each view whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from casewall.services.schema import Service
from casewall.wall.sides import Viewer

Where = Mapping[UUID, tuple[int, str]]
"""Case → compartment of this side, service."""
Taker = Callable[[Viewer, Mapping[str, Service], Where, datetime], int]
"""The system account, the services, the cases and the moment → how much was new."""

_TAKERS: dict[str, Taker] = {}


def at_every_pull(key: str, taker: Taker) -> None:
    """Say what is taken at the end of every pull; the same key again replaces it."""
    _TAKERS[key] = taker


def take_all(by: Viewer, services: Mapping[str, Service], where: Where, at: datetime) -> int:
    """Let everybody take what is new; returns how much it was."""
    return sum(_TAKERS[key](by, services, where, at) for key in sorted(_TAKERS))
