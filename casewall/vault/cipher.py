"""Encryption of single values, bound to the place where they stand.

AES-256-SIV (RFC 5297) through the `cryptography` library. It needs no nonce, so no random
number can be repeated by mistake, and it authenticates table, column and row, so that a value
cannot be copied into another row or column. Equal text in one and the same place gives equal
bytes, which tells only that a value was written again.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_VERSION = b"\x01"


class Unreadable(ValueError):
    """The bytes were not written at this place with this key."""


@lru_cache(maxsize=16)
def _siv(key: bytes) -> AESSIV:
    return AESSIV(key)


def lock(text: str, *, key: bytes, place: str) -> bytes:
    """Encrypt `text` for `place` (for example `table.column:row`)."""
    return _siv(key).encrypt(_VERSION + text.encode("utf-8"), [place.encode("utf-8")])


def unlock(sealed: bytes, *, key: bytes, place: str) -> str:
    """Decrypt what `lock` made for the same place; raises `Unreadable` otherwise."""
    try:
        clear = _siv(key).decrypt(bytes(sealed), [place.encode("utf-8")])
    except InvalidTag:
        raise Unreadable(f"The value at {place} cannot be read with this key.") from None
    return clear[1:].decode("utf-8")
