"""Backups: whoever makes one can close it and not open it again.

A stream is encrypted with a key of its own (XChaCha20-Poly1305 in libsodium's `secretstream`,
which notices a piece that is missing, repeated, changed or cut off), and that key lies in front
of it in a sealed box for the holder of the side's backup secret. The name of the side and of the
part are authenticated with every piece, so that no part can stand in for another.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from casewall.vault.cipher import Unreadable

_stream = "crypto_secretstream_xchacha20poly1305_"
HEADER_BYTES, LAST, MORE, init_pull, init_push, new_key, new_state, pull, push = (
    getattr(bindings, _stream + name)
    for name in ("HEADERBYTES", "TAG_FINAL", "TAG_MESSAGE", "init_pull", "init_push", "keygen",
                 "state", "pull", "push")
)  # fmt: skip

MARK = b"casewall backup 1\n"
PIECE = 1 << 20
"""Bytes of clear text in one piece."""
_OVERHEAD = 17
_KEY = 32 + 48
"""A key of 32 bytes in a sealed box."""


def close_stream(clear: BinaryIO, closed: BinaryIO, public: bytes, *, what: str) -> None:
    """Encrypt everything that `clear` gives, for the holder of the secret of `public`.

    `what` names side and part, for example `safety database`.
    """
    key, state = new_key(), new_state()
    closed.write(MARK + SealedBox(PublicKey(public)).encrypt(key) + init_push(state, key))
    ahead = clear.read(PIECE)
    while True:
        piece, ahead = ahead, clear.read(PIECE)
        tag = MORE if ahead else LAST
        sealed = push(state, piece, what.encode(), tag)
        closed.write(len(sealed).to_bytes(4) + sealed)
        if tag == LAST:
            return


def opened_stream(closed: BinaryIO, secret: bytes, *, what: str) -> Iterator[bytes]:
    """The clear pieces of what `close_stream` made.

    Raises `Unreadable` where the key does not fit, or where anything was changed or cut off. What
    came before must not be used then.
    """
    if closed.read(len(MARK)) != MARK:
        raise Unreadable(f"This is no {what} of a backup.")
    try:
        key = SealedBox(PrivateKey(secret)).decrypt(closed.read(_KEY))
        state = new_state()
        init_pull(state, closed.read(HEADER_BYTES), key)
        tag = MORE
        while tag != LAST:
            size = int.from_bytes(closed.read(4))
            if not _OVERHEAD <= size <= PIECE + _OVERHEAD:
                raise Unreadable(f"The {what} is cut off or was changed.")
            piece, tag = pull(state, closed.read(size), what.encode())
            yield piece
        if closed.read(1):
            raise Unreadable(f"Something was added to the {what}.")
    except (CryptoError, RuntimeError, ValueError) as problem:
        if isinstance(problem, Unreadable):
            raise
        raise Unreadable(
            f"The {what} cannot be opened: this key is another one, or the file was changed."
        ) from None


def close_bytes(clear: bytes, public: bytes, *, what: str) -> bytes:
    """The same for what fits into memory."""
    closed = io.BytesIO()
    close_stream(io.BytesIO(clear), closed, public, what=what)
    return closed.getvalue()


def open_bytes(closed: bytes, secret: bytes, *, what: str) -> bytes:
    """The clear bytes of what `close_bytes` made; raises `Unreadable`."""
    return b"".join(opened_stream(io.BytesIO(closed), secret, what=what))
