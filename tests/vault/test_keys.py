"""Which process holds which key, and blind indexes that match across ways to write a name."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings
from django.test import override_settings

from casewall.vault.blind import blind, person_tokens
from casewall.vault.keys import KeyNotHeld, keys_of
from casewall.wall.sides import Side


def test_a_key_that_is_not_held_is_named_by_its_side() -> None:
    with override_settings(CASEWALL_FIELD_KEYS={"programme": (bytes(64), bytes(32))}):
        assert keys_of(Side.PROGRAMME).field == bytes(64)
        with pytest.raises(KeyNotHeld, match="the keys of the safety side"):
            keys_of(Side.SAFETY)
        with pytest.raises(KeyNotHeld):
            blind("name", "opdigtet", Side.SAFETY)


def test_a_key_is_never_printed() -> None:
    keys = keys_of(Side.SAFETY)
    assert repr(keys) == "SideKeys()"
    assert (len(keys.field), len(keys.index)) == (64, 32)


def test_the_two_sides_have_different_keys() -> None:
    programme, safety = (settings.CASEWALL_FIELD_KEYS[side.value] for side in Side)
    assert not set(programme) & set(safety)


def test_a_token_depends_on_kind_value_and_side() -> None:
    tokens = {blind(kind, value, side) for kind in ("name", "phone")
              for value in ("opdigtet", "+4520000001") for side in Side}
    assert len(tokens) == 8
    assert blind("name", "opdigtet", Side.SAFETY) == blind("name", "opdigtet", Side.SAFETY)


def test_a_person_is_found_by_each_name_phone_and_birthday_however_written() -> None:
    one = person_tokens(Side.SAFETY, names=["Åse Sørensen"], phones=["20 00 00 01"],
                        born_on=date(1988, 5, 17))
    other = person_tokens(Side.SAFETY, names=["SOERENSEN, aase"], phones=["+45 2000-0001"],
                          born_on=date(1988, 5, 17), prefix="+46")
    assert one == other
    assert sorted(one.values()) == ["born", "name", "name", "phone"]


def test_nothing_is_indexed_of_nothing() -> None:
    assert person_tokens(Side.SAFETY) == {}
    assert person_tokens(Side.SAFETY, names=["", "–"], phones=["", "call the library"]) == {}
    assert person_tokens(Side.SAFETY, names=[None], phones=[None]) == {}  # type: ignore[list-item]
