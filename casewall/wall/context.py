"""Acting as somebody: one transaction, on one side, with a signed word for the database.

The database decides by itself which rows a worker may touch (`grants.py`). It believes only a
context that is signed with the side's key, so that even injected SQL cannot name another
worker; and the context is local to the transaction, so that a pooled connection forgets it.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connections, transaction

from casewall.wall.sides import Side, Viewer

CONTEXT_SECONDS = 900
"""How long a signed context is believed. A request or a job is done long before."""

_side: ContextVar[Side | None] = ContextVar("side", default=None)


class NoSide(RuntimeError):
    """A shared table was asked for in a process that serves both sides, without saying which."""


def current_side() -> Side:
    """The side whose shared tables (workers, sessions, audit) are meant.

    A site process has one side. Where both sides are at hand (migrations, tests, invented
    people) it is the side of the innermost `on_side` or `acting`.
    """
    side = _side.get() or settings.CASEWALL_SIDE
    if side is None:
        raise NoSide("Say which side is meant, with on_side(side) or acting(viewer).")
    return Side(side)


@contextmanager
def on_side(side: Side) -> Iterator[None]:
    """Mean this side's shared tables inside the block."""
    token = _side.set(side)
    try:
        yield
    finally:
        _side.reset(token)


def signed_context(viewer: Viewer, key: bytes, now: float | None = None) -> str:
    """`worker.expiry.signature`, which `app.worker()` in the database verifies (HMAC-SHA256)."""
    expiry = int(time.time() if now is None else now) + CONTEXT_SECONDS
    text = f"{viewer.worker}.{expiry}"
    return f"{text}.{hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}"


_SAY = (
    "with before as materialized (select current_setting('app.ctx', true) as word) "
    "select word, set_config('app.ctx', %s, true) from before"
)


@contextmanager
def acting(viewer: Viewer, *, durable: bool = False) -> Iterator[None]:
    """One transaction in which the database knows who is looking.

    Nested use joins the outer transaction through a savepoint. After the block the outer viewer
    is the one who looks again, or nobody, if the outer transaction named nobody.
    """
    alias = viewer.side.value
    connection = connections[alias]
    nested = connection.in_atomic_block
    with on_side(viewer.side), transaction.atomic(using=alias, durable=durable):
        with connection.cursor() as cursor:
            cursor.execute(_SAY, [signed_context(viewer, settings.CASEWALL_CONTEXT_KEYS[alias])])
            before = cursor.fetchone()[0] or ""
        yield
        # A savepoint that is released keeps the setting; one that is rolled back undoes it.
        if nested and not connection.needs_rollback and not before.startswith(f"{viewer.worker}."):
            with connection.cursor() as cursor:
                cursor.execute("select set_config('app.ctx', %s, true)", [before])
