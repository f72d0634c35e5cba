"""How long a session lasts that nobody uses, and how long one lasts at all.

The server decides; pages warn before (`casewall/pages/static/casewall/stay.js`). Times are kept in
the session itself, in seconds since 1970. They are written when a worker signs in, and later only
once in a sixtieth of the limit, so that most pages cost no write: a session may end that much
earlier than the limit says, never later.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

USED, BEGUN = "used_at", "begun_at"
PARTS = 60
LONGEST_WARNING = 120
"""Seconds. Long enough to come back from the next room (WCAG 2.2, 2.2.1 asks for 20)."""


def idle_limit() -> int:
    """Seconds after which an unused session ends (`CASEWALL_IDLE_SECONDS`, 30 minutes)."""
    return int(getattr(settings, "CASEWALL_IDLE_SECONDS", 1800))


def warning() -> int:
    """How many seconds before the end a page warns."""
    return min(LONGEST_WARNING, idle_limit() // 2)


def left_after_use() -> int:
    """Seconds that a session has at least when a page was just used."""
    return idle_limit() - max(1, idle_limit() // PARTS)


def seconds_left(
    *, now: float, used: float | None, begun: float | None, idle: int, longest: int
) -> int:
    """Whole seconds until a session ends, 0 when it has.

    It ends `idle` seconds after it was `used` last, and `longest` seconds after it was `begun`,
    whatever comes first. A session without a time counts as begun and used now.
    """
    ends = min(now if used is None else used, now) + idle
    ends = min(ends, min(now if begun is None else begun, now) + longest)
    return max(0, int(ends - now))


def left_of(session: SessionBase) -> int:
    """Whole seconds until this session ends; 0 when it has."""
    return seconds_left(
        now=time.time(),
        used=session.get(USED),
        begun=session.get(BEGUN),
        idle=idle_limit(),
        longest=settings.SESSION_COOKIE_AGE,
    )


def begin(sender: Any, request: Any, **more: Any) -> None:
    """Start both clocks: somebody has signed in."""
    request.session[BEGUN] = request.session[USED] = time.time()


def renew(session: SessionBase) -> None:
    """Note that the session is used now, unless that was noted a moment ago."""
    now = time.time()
    if BEGUN not in session:
        session[BEGUN] = now
    used = session.get(USED)
    if used is None or not 0 <= now - used < max(1, idle_limit() // PARTS):
        session[USED] = now
