"""A breakdown gives a figure for each value, or a sentence where it would tell of a person."""

from dataclasses import replace

import pytest

from casewall.analytics import duck
from casewall.analytics.warehouse import Warehouse
from casewall.outcomes.breakdown import NOT_PEOPLE, TO_COVER, TOO_FEW, broken_down
from casewall.outcomes.cards import CardError
from casewall.outcomes.reference import compute
from tests.spec.cohort import client, extract
from tests.spec.spec_tables import cases

CARDS = {case.card.kind: case.card for case in reversed(cases())}
BY = ("sex", "area", "has_children", "need")
COUNT = replace(CARDS["count"], breakdowns=BY)
SHARE = replace(CARDS["share"], breakdowns=BY, missing=None)


def people(**sizes):
    return extract(persons=[
        client(f"{sex}{n}", sex) for sex, size in sizes.items() for n in range(size)
    ])


def shown(cells):
    return {c.value: c.figure.numerator if c.figure else c.sentence for c in cells}


def test_each_value_has_its_figure_and_they_add_up():
    cells = broken_down(COUNT, people(male=9, female=3), "sex", for_release=False)
    assert shown(cells) == {"female": 3, "male": 9}


def test_not_known_is_a_value_of_its_own_and_a_person_may_have_several_needs():
    two = extract(persons=[client("a", needs="alcohol,drugs", children=1), client("b")])
    assert shown(broken_down(COUNT, two, "area", for_release=False)) == {"unknown": 2}
    by_need = shown(broken_down(COUNT, two, "need", for_release=False))
    assert by_need == {"alcohol": 1, "drugs": 1, "unknown": 1}
    children = shown(broken_down(COUNT, two, "has_children", for_release=False))
    assert children == {"unknown": 1, "yes": 1}


def test_for_release_a_group_of_seven_gets_a_sentence_and_the_next_smallest_covers_it():
    cells = broken_down(COUNT, people(male=30, female=7, other=12), "sex", for_release=True)
    assert shown(cells) == {"female": TOO_FEW, "male": 30, "other": TO_COVER}


def test_two_small_groups_cover_each_other():
    cells = broken_down(COUNT, people(male=30, female=7, other=2), "sex", for_release=True)
    assert shown(cells) == {"female": TOO_FEW, "male": 30, "other": TOO_FEW}


def test_one_small_group_alone_has_nothing_to_cover_it():
    cells = broken_down(COUNT, people(male=3), "sex", for_release=True)
    assert shown(cells) == {"male": TOO_FEW}


def test_eight_are_enough():
    cells = broken_down(COUNT, people(male=8), "sex", for_release=True)
    assert shown(cells) == {"male": 8}


def test_of_a_share_the_denominator_is_what_may_be_too_small():
    found = people(male=9, female=20)
    cells = broken_down(SHARE, found, "sex", for_release=True)
    assert {c.value: (c.figure.numerator, c.figure.denominator) for c in cells} == {
        "female": (0, 20), "male": (9, 9)}


def test_either_engine_breaks_down_alike():
    found = people(male=9, female=20)
    with Warehouse(found) as warehouse:
        quick = broken_down(SHARE, found, "sex", for_release=False,
                            compute=lambda card, _: duck.compute(card, warehouse))
    assert quick == broken_down(SHARE, found, "sex", for_release=False, compute=compute)


def test_a_breakdown_that_the_card_does_not_name_is_refused():
    with pytest.raises(CardError, match="card count has no breakdown by route; it has: sex, area"):
        broken_down(COUNT, people(male=1), "route", for_release=False)
    with pytest.raises(CardError, match="it has: none"):
        broken_down(CARDS["count"], people(male=1), "route", for_release=False)


def test_money_of_nobody_is_not_broken_down():
    card = replace(CARDS["quotient"], breakdowns=("sex",))
    [cell] = broken_down(card, people(male=9), "sex", for_release=True)
    assert (cell.figure, cell.sentence) == (None, NOT_PEOPLE)


def test_an_empty_period_has_no_groups():
    assert broken_down(COUNT, extract(), "sex", for_release=True) == []
