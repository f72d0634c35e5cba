"""The quick engine gives the same figures as the reference, whoever the people are."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewall.analytics import duck
from casewall.analytics.warehouse import Warehouse
from casewall.outcomes import reference
from casewall.outcomes.cards import load_pack, pack_names
from casewall.outcomes.extract import Attendance
from casewall.outcomes.matched import matched
from tests.spec.cohort import client, extract, partner, published_cohort
from tests.spec.random_records import full_extracts
from tests.spec.spec_tables import cases

SPEC = [case.card for case in cases()]
SHIPPED = [card for name in pack_names() for card in load_pack(name).cards]
ALL = SPEC + SHIPPED


def differing(cards, extract):
    """The cards on which the engines differ."""
    quick = duck.compute_all(tuple(cards), extract)
    return [
        (card.pack, card.id, figure, slow)
        for card, figure in zip(cards, quick, strict=True)
        if figure != (slow := reference.compute(card, extract))
    ]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(full_extracts(ALL), st.sets(st.sampled_from(range(len(ALL))), min_size=40, max_size=60))
def test_the_engines_agree_on_people_at_random(people, chosen):
    assert differing([ALL[n] for n in sorted(chosen)], people) == []


@pytest.mark.parametrize("name", ["dvip", "your-choice", "substance-pilot", "wwp-model"])
def test_the_engines_agree_on_the_cohorts_made_to_match_the_prints(name):
    assert differing(load_pack(name).cards, matched(name)) == []


def test_a_shipped_pack_comes_out_alike_and_in_the_order_of_its_cards():
    people = published_cohort()
    quick = duck.compute_pack("intervention-centre", people)
    assert quick == reference.pack("intervention-centre", people)


def test_an_empty_extract_gives_no_number_but_a_sentence_on_both():
    assert differing(SHIPPED[::7], extract()) == []


BROKEN = [
    ("share", "denominator", None, "needs a denominator"),
    ("mean_change", "waves", None, "needs two waves"),
    ("share_with_hours", "hours", None, "needs hours"),
    ("repeat", "months", None, "needs months"),
    ("median_days", "dates", None, "needs two dates"),
    ("share_heard_again", "forum", None, "needs a denominator and a forum"),
    ("quotient", "by", None, "needs by and gives"),
    ("quotient", "amount", None, "needs an amount"),
    ("count", "kind", "guess", "no kind of card called guess"),
]


@pytest.mark.parametrize(("kind", "key", "value", "sentence"), BROKEN)
def test_a_card_made_by_hand_that_is_not_whole_is_refused_by_both(kind, key, value, sentence):
    card = next(card for card in SPEC if card.kind == kind)
    broken = replace(card, **{key: value})
    people = extract(persons=[client("c1"), partner("p1", started_on=date(2014, 2, 1))])
    with pytest.raises(ValueError, match=sentence):
        reference.compute(broken, people)
    with Warehouse(people) as warehouse, pytest.raises(ValueError, match=sentence):
        duck.compute(broken, warehouse)


def test_a_condition_that_does_not_exist_is_refused_by_both():
    card = next(card for card in SPEC if card.kind == "count")
    part = replace(card.numerator, where=(("shoe_size", ("44",)),))
    broken = replace(card, numerator=part)
    attended = Attendance(
        client_key="c1", session_on=date(2014, 2, 1), status="attended", minutes_planned=120,
        minutes_attended=120,
    )
    people = extract(persons=[client("c1")], attendance=[attended])
    with Warehouse(people) as warehouse, pytest.raises(ValueError, match="shoe_size"):
        duck.compute(broken, warehouse)
    with pytest.raises(ValueError, match="shoe_size"):
        reference.compute(broken, people)
