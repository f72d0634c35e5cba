"""Sealed boxes: the front door can put something in, only one side can take it out.

X25519 sealed boxes of PyNaCl. The front door holds public keys only.
"""

from __future__ import annotations

import json
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from casewall.vault.cipher import Unreadable


def seal(content: dict[str, Any], public_key: bytes) -> bytes:
    """Seal a JSON object to the holder of the private key."""
    clear = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    return SealedBox(PublicKey(public_key)).encrypt(clear)


def open_box(sealed: bytes, private_key: bytes) -> dict[str, Any]:
    """Open what `seal` made; raises `Unreadable` where the key does not fit."""
    try:
        clear = SealedBox(PrivateKey(private_key)).decrypt(bytes(sealed))
    except CryptoError:
        raise Unreadable("The sealed entry cannot be opened with this key.") from None
    content: dict[str, Any] = json.loads(clear)
    return content
