"""A referral file between trial and loading: encrypted, for its worker, for half an hour."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from django.core.cache import cache

from casewall.vault.cipher import lock, unlock
from casewall.vault.keys import keys_of
from casewall.wall.ids import new_id
from casewall.wall.sides import Side, Viewer

SECONDS = 30 * 60


@dataclass(frozen=True, slots=True)
class Held:
    """An uploaded file with what its worker said about it."""

    name: str
    service: str
    content: str
    date_order: str = ""
    columns: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, content: bytes, *, name: str, service: str, date_order: str) -> Held:
        return cls(name, service, base64.b64encode(content).decode("ascii"), date_order)

    def understood(self, columns: Mapping[str, str], date_order: str) -> Held:
        """The same file with more said about its columns."""
        return replace(
            self, columns={**self.columns, **columns}, date_order=date_order or self.date_order
        )

    @contextmanager
    def as_path(self) -> Iterator[Path]:
        """The content as a file that is gone when the block ends."""
        with NamedTemporaryFile(prefix="referrals-") as file:
            file.write(base64.b64decode(self.content))
            file.flush()
            yield Path(file.name)


def hold(held: Held, by: Viewer) -> UUID:
    """Keep a file for its worker; returns the key under which it waits."""
    key = new_id()
    sealed = lock(json.dumps(asdict(held)), key=keys_of(Side.SAFETY).field, place=_place(key, by))
    cache.set(_name(key), sealed, timeout=SECONDS)
    return key


def look_at(key: UUID, by: Viewer) -> Held | None:
    """The file that waits under this key, or None: it ended, was loaded, or is another's."""
    sealed = cache.get(_name(key))
    if sealed is None:
        return None
    try:
        text = unlock(sealed, key=keys_of(Side.SAFETY).field, place=_place(key, by))
    except ValueError:
        return None
    return Held(**json.loads(text))


def take(key: UUID, by: Viewer) -> Held | None:
    """The same, once: of two that ask at one moment only one gets it."""
    held = look_at(key, by)
    return held if held is not None and cache.delete(_name(key)) else None


def _name(key: UUID) -> str:
    return f"referral-file:{key}"


def _place(key: UUID, by: Viewer) -> str:
    return f"held:{key}:{by.worker}"
