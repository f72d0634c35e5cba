"""Random identifiers.

Identifiers are random on purpose: an ordered one tells when a record was made and how many lie
between two of them. Those that go down to the programme side have a source of their own, so
that how many records the safety side makes cannot be read from them either.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

_sources: dict[str, Callable[[], uuid.UUID]] = {"own": uuid.uuid4, "down": uuid.uuid4}


def new_id() -> uuid.UUID:
    """A random identifier for a record of the side that makes it."""
    return _sources["own"]()


def id_to_send_down() -> uuid.UUID:
    """A random identifier for something that the bridge will carry to the programme side."""
    return _sources["down"]()


def draw_from(*, own: Callable[[], uuid.UUID], down: Callable[[], uuid.UUID]) -> None:
    """Use other sources: repeatable ones, where two worlds are compared byte by byte."""
    _sources["own"] = own
    _sources["down"] = down
