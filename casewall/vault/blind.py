"""Blind indexes: finding a person without storing what the person is called.

A token is HMAC-SHA256 of a kind and a normalised value under the side's index key, cut to 128
bits and kept as a UUID, whose comparison PostgreSQL can use under a row policy.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from casewall.vault.keys import keys_of
from casewall.vault.names import birth_key, phone_key, tokens
from casewall.wall.sides import Side


def blind(kind: str, value: str, side: Side) -> UUID:
    """The token of one normalised value."""
    mac = hmac.new(keys_of(side).index, f"{kind}:{value}".encode(), hashlib.sha256)
    return UUID(bytes=mac.digest()[:16])


def person_tokens(
    side: Side,
    *,
    names: Iterable[str] = (),
    phones: Iterable[str] = (),
    born_on: date | None = None,
    prefix: str = "+45",
) -> dict[UUID, str]:
    """Every token under which a person is to be found, with its kind."""
    found: dict[UUID, str] = {}
    for name in names:
        for token in tokens(name or ""):
            found[blind("name", token, side)] = "name"
    for phone in phones:
        key = phone_key(phone or "", prefix)
        if key:
            found[blind("phone", key, side)] = "phone"
    if born_on is not None:
        found[blind("born", birth_key(born_on), side)] = "born"
    return found
