"""The only thing that the front door does: put something sealed into an inbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections

from casewall.frontdoor.rules import entry_id
from casewall.vault.boxes import seal
from casewall.wall.sides import Side


class OutOfReach(RuntimeError):
    """The inbox could not be reached; nothing was stored."""


def leave(*, side: Side, content: Mapping[str, Any], form: UUID) -> None:
    """Seal a form to a side and append it to that side's inbox; the same form twice is one entry.

    Returns nothing, since nothing comes back. Raises `OutOfReach`.
    """
    entry = entry_id(settings.SECRET_KEY, side.value, form, content)
    sealed = seal(dict(content), settings.CASEWALL_SEAL_PUBLIC[side.value])
    try:
        with connections[f"{side.value}_door"].cursor() as cursor:
            cursor.execute("select app.door_append(%s, %s)", [entry, sealed])
    except DatabaseError as problem:
        # The driver's words could repeat what was sent.
        raise OutOfReach(f"The {side} inbox could not be reached.") from problem
