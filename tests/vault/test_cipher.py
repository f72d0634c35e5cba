"""What is encrypted is readable with one key, in one place, and unchanged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey

from casewall.vault.boxes import open_box, seal
from casewall.vault.cipher import Unreadable, lock, unlock

KEY, OTHER = bytes(range(64)), bytes(64)
PLACE = "programme_cases_client.family_name:7"


@given(text=st.text(max_size=200), place=st.text(min_size=1, max_size=60))
def test_text_comes_back_as_it_was(text: str, place: str) -> None:
    sealed = lock(text, key=KEY, place=place)
    assert unlock(sealed, key=KEY, place=place) == text
    assert unlock(memoryview(sealed), key=KEY, place=place) == text  # type: ignore[arg-type]


def test_a_megabyte_and_every_script_come_back() -> None:
    for text in ("ش" * 500_000, "Sørensen", "الصالح", "\u202eabc", "", "\0"):
        assert unlock(lock(text, key=KEY, place=PLACE), key=KEY, place=PLACE) == text


@pytest.mark.parametrize(("key", "place"), [
    (OTHER, PLACE), (KEY, PLACE + "1"), (KEY, PLACE.replace("family", "given")),
    (KEY, PLACE.replace("client", "case"))])
def test_another_key_table_column_or_row_reads_nothing(key: bytes, place: str) -> None:
    with pytest.raises(Unreadable, match="cannot be read with this key"):
        unlock(lock("Opdigtet", key=KEY, place=PLACE), key=key, place=place)


@given(at=st.integers(min_value=0, max_value=16 + 8), bit=st.integers(min_value=0, max_value=7))
def test_a_changed_bit_is_noticed(at: int, bit: int) -> None:
    sealed = bytearray(lock("Opdigtet", key=KEY, place=PLACE))
    sealed[at] ^= 1 << bit
    with pytest.raises(Unreadable):
        unlock(bytes(sealed), key=KEY, place=PLACE)


def test_the_bytes_hold_nothing_of_the_text_and_differ_by_row() -> None:
    one, other = (lock("Opdigtet", key=KEY, place=f"t.c:{row}") for row in (1, 2))
    assert b"Opdigtet" not in one
    assert one != other
    assert lock("Opdigtet", key=KEY, place="t.c:1") == one


SECRET = PrivateKey(bytes(range(32)))
PUBLIC = bytes(SECRET.public_key)


def test_a_box_is_opened_by_the_side_it_is_sealed_to_only() -> None:
    content = {"name": "Opdigtet", "age": 40, "text": "søster\nإبن"}
    box = seal(content, PUBLIC)
    assert open_box(box, bytes(SECRET)) == content
    assert open_box(memoryview(box), bytes(SECRET)) == content  # type: ignore[arg-type]
    assert b"Opdigtet" not in box
    assert seal(content, PUBLIC) != box, "two equal forms must not look equal"
    for wrong, key in ((box, bytes(32)), (box[:-1] + b"x", bytes(SECRET)), (b"", bytes(SECRET))):
        with pytest.raises(Unreadable, match="cannot be opened"):
            open_box(wrong, key)
