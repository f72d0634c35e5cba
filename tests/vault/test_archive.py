"""O3: what a backup is worth to whoever holds another key, or has changed a byte of it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey

from casewall.vault import archive
from casewall.vault.archive import close_bytes, open_bytes
from casewall.vault.cipher import Unreadable

KEY, OTHER = PrivateKey.generate(), PrivateKey.generate()
PUBLIC, SECRET = bytes(KEY.public_key), bytes(KEY)
WHAT = "safety database"


@given(st.binary(max_size=200), st.integers(1, 64))
@settings(max_examples=60, deadline=None)
def test_whatever_is_closed_opens_again_in_pieces_of_any_size(clear: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as change:
        change.setattr(archive, "PIECE", size)
        assert open_bytes(close_bytes(clear, PUBLIC, what=WHAT), SECRET, what=WHAT) == clear


def test_the_same_bytes_are_never_closed_alike() -> None:
    assert close_bytes(b"x", PUBLIC, what=WHAT) != close_bytes(b"x", PUBLIC, what=WHAT)


def test_the_other_side_s_key_opens_nothing() -> None:
    closed = close_bytes(b"where she lives", PUBLIC, what=WHAT)
    assert b"lives" not in closed
    with pytest.raises(Unreadable, match="another one"):
        open_bytes(closed, bytes(OTHER), what=WHAT)


def test_one_part_cannot_stand_in_for_another() -> None:
    closed = close_bytes(b"text", PUBLIC, what="safety ledger")
    with pytest.raises(Unreadable):
        open_bytes(closed, SECRET, what=WHAT)


def test_every_changed_byte_and_every_missing_end_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "PIECE", 8)
    closed = close_bytes(b"three pieces of text", PUBLIC, what=WHAT)
    for place in range(len(closed)):
        wrong = bytearray(closed)
        wrong[place] ^= 1
        with pytest.raises(Unreadable):
            open_bytes(bytes(wrong), SECRET, what=WHAT)
        with pytest.raises(Unreadable):
            open_bytes(closed[:place], SECRET, what=WHAT)
    with pytest.raises(Unreadable, match="added"):
        open_bytes(closed + b"x", SECRET, what=WHAT)


def test_a_stream_is_not_read_whole_into_memory() -> None:
    pieces = archive.opened_stream(
        io.BytesIO(close_bytes(b"a" * (archive.PIECE + 5), PUBLIC, what=WHAT)), SECRET, what=WHAT
    )
    assert [len(piece) for piece in pieces] == [archive.PIECE, 5]
