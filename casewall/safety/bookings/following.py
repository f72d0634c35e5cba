"""Records of other parts that follow an appointment: the meeting of a support group keeps step."""

from __future__ import annotations

from collections.abc import Callable

from casewall.safety.bookings.models import Booking
from casewall.wall.sides import Viewer

Follower = Callable[..., None]
"""Takes `booking` and `by`: an appointment as it stands after it was moved or has ended, inside
the same transaction."""

_FOLLOWERS: dict[str, Follower] = {}


def follow_by(name: str, act: Follower) -> None:
    """Say what follows appointments; said again under one name, it replaces the first."""
    _FOLLOWERS[name] = act


def tell_followers(booking: Booking, by: Viewer) -> None:
    """Let the records that follow an appointment keep step with it."""
    for act in _FOLLOWERS.values():
        act(booking=booking, by=by)
