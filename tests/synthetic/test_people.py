"""Invented persons look like persons and like nobody who exists."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from casewall.synthetic.canary import FIELDS, Canaries, canaries, words_of
from casewall.synthetic.families import families
from casewall.synthetic.lands import LANDS
from casewall.synthetic.people import People, family_names
from casewall.vault.names import phone_key

DAY = date(2020, 6, 1)


def test_there_are_more_than_ten_thousand_family_names() -> None:
    assert sum(family_names().values()) > 10_000


def test_every_person_is_an_adult_on_the_day() -> None:
    people = People(Random("a"))
    for _ in range(500):
        born = people.person(sex="female", on=DAY).born_on
        assert born is not None
        assert 18 <= (DAY - born).days / 365.25 <= 80


@pytest.mark.parametrize(("country", "prefix", "begins"), [
    ("GB", "+44", "+447700900"), ("DE", "+49", "+493023125"),
])
def test_numbers_are_from_the_range_that_regulators_keep_for_drama(
    country: str, prefix: str, begins: str
) -> None:
    numbers = [LANDS[country].phone(n) for n in range(1000)]
    assert len(set(numbers)) == len(numbers)
    assert all(phone_key(number, prefix).startswith(begins) for number in numbers)


def test_phone_numbers_are_danish_in_form_and_given_once() -> None:
    numbers = [LANDS["DK"].phone(n) for n in range(20_000)]
    assert len(set(numbers)) == len(numbers)
    assert all(phone_key(number, "+45").startswith("+4510") for number in numbers)
    assert all(len(phone_key(number, "+45")) == 11 for number in numbers)


def test_people_without_birth_date_and_phone_have_names_of_their_own() -> None:
    people = People(Random("b"))
    made = [people.person(sex="male", on=DAY, known=(0.0, 0.0), tongue="ar") for _ in range(400)]
    assert len({person.full_name for person in made}) == len(made)


def test_families_have_homonyms_shared_phones_and_missing_dates() -> None:
    made = families(
        "c", people=3000, first=date(2018, 1, 1), last=DAY, inventor=People(Random("c"))
    )
    clients = [f.client.person for f in made if f.client]
    pairs = [(f.client.person, p.person) for f in made if f.client for p in f.partners]
    names = [c.full_name for c in clients]
    assert len(set(names)) < len(names)
    assert any(c.phone and c.phone == p.phone for c, p in pairs)
    assert 0.2 < sum(p.born_on is None for _, p in pairs) / len(pairs) < 0.6
    assert all(c.born_on or c.phone for c in clients)
    assert {len(f.partners) for f in made} == {0, 1, 2}
    assert any(f.client is None for f in made)


def test_families_hold_exactly_the_persons_asked_for() -> None:
    for wanted in (1, 2, 3, 50, 333):
        made = families("d", people=wanted, first=DAY, last=DAY, inventor=People(Random("d")))
        assert sum(len(f.partners) + (f.client is not None) for f in made) == wanted


def test_every_field_has_a_canary_word_of_its_own_and_every_seed_other_ones() -> None:
    assert len(set(words_of("one").values())) == len(FIELDS)
    assert canaries("one") == frozenset(words_of("one").values())
    assert canaries("one") != canaries("two")


def test_a_canary_tells_field_and_record() -> None:
    of = Canaries("one")
    assert of.of(FIELDS[0], [1]) == of.of(FIELDS[0], [1])
    assert of.of(FIELDS[0], [1]) != of.of(FIELDS[0], [2])
    assert of.of(FIELDS[1], [1]).startswith(f"{words_of('one')[FIELDS[1]]}-")
    assert "invented" in of.note(FIELDS[0], "Quiet week.", [1])


def test_no_canary_word_is_part_of_an_invented_name() -> None:
    people = People(Random("e"))
    names = " ".join(people.person(sex="female", on=DAY).full_name for _ in range(3000)).lower()
    assert not [word for word in canaries("casewall") if word in names]
