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


def id_of_form(owner: uuid.UUID, form: uuid.UUID | None, part: str = "") -> uuid.UUID:
    """The identifier of the record that a form makes, so that sending it twice makes one.

    Bound to its owner (the case, the file, the worker): a form's number sent elsewhere meets no
    record. `part` tells what one form makes of one owner apart. Without a form it is a new one.
    """
    if form is None:
        return new_id()
    return uuid.uuid5(owner, f"{form} {part}" if part else str(form))


def draw_from(*, own: Callable[[], uuid.UUID], down: Callable[[], uuid.UUID]) -> None:
    """Use other sources: repeatable ones, where two worlds are compared byte by byte."""
    _sources["own"] = own
    _sources["down"] = down
