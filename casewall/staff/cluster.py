"""The functions of the cluster that know more than the site's own role may touch.

The site may add to the audit and not read it, and may not change who is a member of what: row
policies believe that. Functions of the cluster do it, and they ask the signed context who is
looking (`casewall/wall/inner_doors.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connections

from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True)
class Look:
    """What one worker did to one thing on one day (UTC): the verb, how often, when last."""

    thing: UUID
    worker: UUID
    role: str
    verb: str
    day: date
    times: int
    last_at: datetime


def looks_at(*, things: Iterable[UUID] | None, since: datetime, by: Viewer) -> list[Look]:
    """What the audit says of these things, or of every file (None), the newest first.

    Nothing for whoever has not the duty to review access: the database decides that by itself.
    """
    wanted = None if things is None else list(things)
    rows = _ask(by, "select * from app.audit_looks(%s, %s) order by last_at desc, verb",
                [wanted, since])  # fmt: skip
    return [Look(*row) for row in rows]


def keep_account(
    *, worker: UUID, email: str, name: str, role: str, agency: str, active: bool,
    until: date | None, compartments: Iterable[int], by: Viewer,
) -> None:
    """Make or change an account of this site; only its administrator is let.

    Raises `django.db.Error` for anybody else.
    """
    _ask(by, "select app.keep_account(%s, %s, %s, %s, %s, %s, %s, %s)",
         [worker, email, name, role, agency, active, until, list(compartments)])  # fmt: skip


def bind_account(*, worker: UUID, issuer: str, subject: str, by: Viewer) -> None:
    """Bind an account to a subject of an issuer; "" ends it. Only an administrator is let.

    Raises `django.db.Error` for anybody else.
    """
    _ask(by, "select app.bind_account(%s, %s, %s)", [worker, issuer, subject])


def _ask(by: Viewer, statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connections[by.side.value].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
