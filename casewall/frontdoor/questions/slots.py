"""All that the front door reads: a content-free slot, by five functions of the safety cluster.

A slot says which form, which language and which page comes next. It is found by the fingerprint
of a code, or by that of the one visit that the code has opened. What is not there, was finished,
has ended or was closed cannot be told apart, here or in the database.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections

from casewall.frontdoor.actions import OutOfReach
from casewall.frontdoor.rules import entry_id
from casewall.vault.boxes import seal
from casewall.vault.codes import fingerprint, visit_hash
from casewall.wall.sides import Side

ALIAS = "safety_door"


@dataclass(frozen=True, slots=True)
class Visit:
    """An open form: its number (known to the safety side), the measures, language, next page."""

    number: UUID
    form: str
    language: str
    next_page: int


def open_visit(code: str, entrance: str) -> str | None:
    """Open the form of a code and return the new visit's token, or None. An earlier visit ends.

    `entrance` is the page on which the code was typed. Raises `OutOfReach`.
    """
    token = secrets.token_urlsafe(32)
    code_hash = fingerprint(code, door_key=settings.CASEWALL_SEAL_PUBLIC[Side.SAFETY])
    rows = _ask(
        "select number from app.slot_open(%s, %s, %s)",
        [code_hash, visit_hash(token), visit_hash(entrance)],
    )
    return token if rows else None


def read_visit(token: str) -> Visit | None:
    """The form that this visit has open, or None. Raises `OutOfReach`."""
    if not token:
        return None
    rows = _ask(
        "select number, form, language, next_page from app.slot_read(%s)", [visit_hash(token)]
    )
    return Visit(*rows[0]) if rows else None


def step(token: str, visit: Visit, content: Mapping[str, Any] | None, *, finished: bool) -> bool:
    """Go on to the next page and, in the same act, put what was answered into the inbox.

    False where this page was sent before, or the visit is over: then nothing was put in. Raises
    `OutOfReach`: then nothing was put in either.
    """
    entry, sealed = None, None
    if content is not None:
        told = dict(content)
        entry = entry_id(settings.SECRET_KEY, Side.SAFETY.value, visit.number, told)
        sealed = seal(told, settings.CASEWALL_SEAL_PUBLIC[Side.SAFETY])
    rows = _ask(
        "select app.slot_step(%s, %s, %s, %s, %s)",
        [visit_hash(token), visit.next_page, entry, sealed, finished],
    )
    return bool(rows[0][0])


def leave_visit(token: str) -> None:
    """End a visit. The code can open its form again while it is valid. Raises `OutOfReach`."""
    if token:
        _ask("select app.slot_leave(%s)", [visit_hash(token)])


def was_passed(entrance: str) -> bool:
    """Whether a code was accepted on this page before. Raises `OutOfReach`."""
    return bool(_ask("select app.slot_passed(%s)", [visit_hash(entrance)])[0][0])


def _ask(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
    except DatabaseError as problem:
        # The driver's words could repeat what was sent.
        raise OutOfReach("The safety inbox could not be reached.") from problem
