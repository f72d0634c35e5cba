"""Connections of one database role each, as an attacker with that role's password would have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from casewall.config.clusters import role_url
from casewall.wall.context import signed_context
from casewall.wall.sides import Side, Viewer

DENIED = "42501"  # insufficient_privilege; row policies refuse with it as well
ROLES = {Side.PROGRAMME: ("APP", "FLOW", "BRIDGE", "DOOR", "REPORT"),
         Side.SAFETY: ("APP", "DOOR", "REPORT")}
"""The roles whose passwords a process of the product holds; the owner's is for migrations only."""
EVERY_ROLE = [(side, word) for side in Side for word in ROLES[side]]


@contextmanager
def role(var: Path, side: Side, word: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of this role; nothing that it does is kept."""
    with psycopg.connect(role_url(side.value, word, var)) as connection:
        yield connection
        connection.rollback()


def look_as(connection: psycopg.Connection[Any], viewer: Viewer) -> None:
    """Sign the context of the transaction as a site does for a request of this viewer."""
    word = signed_context(viewer, settings.CASEWALL_CONTEXT_KEYS[viewer.side.value])
    connection.execute("select set_config('app.ctx', %s, true)", [word])


def refused(connection: psycopg.Connection[Any], statement: str, *values: Any) -> str:
    """The SQL state with which the server refuses a statement; "" where it does not."""
    try:
        with connection.transaction():
            connection.execute(statement, values or None)
    except psycopg.Error as error:
        return error.sqlstate or "unknown"
    return ""
