"""One spelling for all the ways to write a name, a phone and a date of birth."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.vault.names import birth_key, phone_key, plain, tokens


@pytest.mark.parametrize(
    ("spellings", "expected"),
    [
        (("Sørensen", "SØRENSEN", "Soerensen", "Sorensen"), ("sorensen",)),
        (("Åse", "Aase", "Ase", "A\u030ase"), ("ase",)),
        (("Kjær", "Kjaer", "KJÆR"), ("kjaer",)),
        (("Weiß", "Weiss", "WEISS"), ("weiss",)),
        (("Jönsson", "Joensson", "Jonsson"), ("jonsson",)),
        (("O'Brien", "O’Brien", "o brien"), ("o", "brien")),
        (("Al-Ṣāliḥ", "al salih"), ("al", "salih")),
        (("Łukasz", "LUKASZ"), ("lukasz",)),
        (("Ðorður", "dordur"), ("dordur",)),
        (("İsmail", "ismail", "ısmail"), ("ismail",)),
        (("أحمد", "احمد", "إحمد", "ٱحمد", "أَحْمَد", "أحـــمد"), ("احمد",)),
        (("فاطمة", "فاطمه"), ("فاطمه",)),
        (("ليلى", "ليلي", "لیلی"), ("ليلي",)),
        (("عبد الله", "عبد\u200f الله\u200e"), ("عبد", "الله")),
        (("Anne-Marie", "anne marie", "Anne\u2011Marie"), ("anne", "marie")),
        (("ＢＯ", "Bo"), ("bo",)),
        (("", " - ", "'"), ()),
    ],
)
def test_all_spellings_of_a_name_give_the_same_tokens(spellings, expected):
    assert {tokens(spelling) for spelling in spellings} == {expected}


def test_names_that_differ_in_a_letter_stay_apart():
    assert tokens("Hansen") != tokens("Jansen")
    assert tokens("حسن") != tokens("حسين")


@given(st.text(max_size=60))
def test_tokens_of_tokens_are_the_same_tokens(name):
    once = tokens(name)
    assert tokens(" ".join(once)) == once


def test_digits_of_other_scripts_become_plain_digits():
    assert plain("٠١٢٣٤٥٦٧٨٩ ۴") == "0123456789 4"


@pytest.mark.parametrize(
    ("written", "prefix", "expected"),
    [
        ("12 34 56 78", "+45", "+4512345678"),
        ("+45 12345678", "+45", "+4512345678"),
        ("0045 12-34-56-78", "+46", "+4512345678"),
        ("07700 900123", "+44", "+447700900123"),
        ("+44 (0)7700 900123", "+45", "+447700900123"),
        ("(07700) 900123", "+44", "+447700900123"),
        ("06 1234567", "+39", "+39061234567"),
        ("٠٧٧٠٠ ٩٠٠١٢٣", "+44", "+447700900123"),
        ("12.34.56", "+45", "+45123456"),
        ("12/345678", "+45", "+4512345678"),
        ("12345", "+45", ""),
        ("1234567890123456", "+45", ""),
        ("123456/654321", "+45", ""),
        ("12345678 (mor)", "+45", ""),
        ("12+345678", "+45", ""),
        ("", "+45", ""),
        ("+", "+45", ""),
    ],
)
def test_a_phone_becomes_digits_or_nothing(written, prefix, expected):
    assert phone_key(written, prefix) == expected


@given(st.text(max_size=40))
def test_a_phone_key_is_empty_or_a_number_that_keys_to_itself(written):
    key = phone_key(written, "+45")
    assert key == "" or (key[1:].isdigit() and 7 <= len(key) <= 16)
    assert phone_key(key, "+46") == key


def test_a_birth_key_is_year_first():
    assert birth_key(date(1980, 3, 4)) == "1980-03-04"
