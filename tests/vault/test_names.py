"""Search keys: all the ways to write one name, one number, one day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.vault.names import birth_key, phone_key, plain, tokens


@pytest.mark.parametrize(("spellings", "key"), [
    (["Sørensen", "SØRENSEN", "Soerensen", "Sorensen", "SO\u0308RENSEN"], ("sorensen",)),
    (["Åse", "Aase", "Ase", "A\u030ase"], ("ase",)),
    (["Kærgård", "Kaergaard"], ("kaergard",)),
    (["Al-Ṣāliḥ", "al salih", "AL SALIH"], ("al", "salih")),
    (["فاطمة", "فاطمه", "فَاطِمَة", "فاطـمة"], ("فاطمه",)),
    (["یحیی", "يحيى"], ("يحيي",)),
    (["O'Neill", "O’Neill", "O Neill"], ("o", "neill")),
    (["Łukasz", "lukasz"], ("lukasz",)),
    (["Þór", "Thor"], ("thor",)),
    (["Jo\u200dse\u202c"], ("jose",)),
    (["Straße", "STRASSE"], ("strasse",)),
    (["", "  ", "-", "…"], ()),
    (["Room ٢٣", "ROOM 23"], ("room", "23")),
])
def test_all_ways_to_write_a_name_meet(spellings: list[str], key: tuple[str, ...]) -> None:
    assert {tokens(spelling) for spelling in spellings} == {key}


@given(st.text(max_size=40))
def test_a_key_of_a_key_is_itself(name: str) -> None:
    once = tokens(name)
    assert tokens(" ".join(once)) == once
    assert plain(plain(name)) == plain(name)


@pytest.mark.parametrize(("text", "prefix", "key"), [
    ("20 00 00 01", "+45", "+4520000001"),
    ("+45 20000001", "+47", "+4520000001"),
    ("0045 20-00.00/01", "+47", "+4520000001"),
    ("(020) 123 456", "+44", "+4420123456"),
    ("+44 (0)20 7946 0000", "+45", "+442079460000"),
    ("06 1234567", "+39", "+39061234567"),
    ("٢٠ ٠٠ ٠٠ ٠١", "+45", "+4520000001"),
    ("20‐00‑00–01", "+45", "+4520000001"),
    ("12345", "+45", ""),
    ("+45123", "+45", ""),
    ("123456789012345", "+45", ""),
    ("20000001/20000002", "+45", ""),
    ("call 20000001", "+45", ""),
    ("", "+45", ""),
])
def test_a_phone_number_has_one_key_or_none(text: str, prefix: str, key: str) -> None:
    assert phone_key(text, prefix) == key


def test_a_birthday_is_written_year_first() -> None:
    assert birth_key(date(1988, 5, 7)) == "1988-05-07"
