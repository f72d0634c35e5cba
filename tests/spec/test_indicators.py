"""Small tables, rows in and figure out: they are also the published meaning of the cards."""

from dataclasses import replace
from datetime import date

import pytest

from casewall.outcomes.cards import Printed, load_pack
from casewall.outcomes.extract import Link
from casewall.outcomes.finish import beside_print
from casewall.outcomes.reference import compute
from tests.spec.cohort import client, cost, extract, partner, score

CARDS = {card.id: card for card in load_pack("intervention-centre").cards}


def of(name, **tables):
    return compute(CARDS[name], extract(**tables))


# Five people, one of each contact outcome, and a sixth whom the period does not hold.
FIVE = [
    client("a", contact="engaged"),
    client("b", contact="declined"),
    partner("c", contact="not_reached"),
    partner("d", contact="unsafe"),
    partner("e", contact="not_tried"),
    partner("f", contact="engaged", referred_on=date(2012, 12, 31)),
]


@pytest.mark.parametrize(
    ("name", "n"),
    [
        ("declined-or-not-reached", 2),
        ("declined", 1),
        ("not-reached", 1),
        ("unsafe", 1),
        ("not-tried", 1),
        ("at-the-centre", 1),
    ],
)
def test_the_five_outcomes_of_contact_are_counted_apart(name, n):
    figure = of(name, persons=FIVE)
    assert (figure.numerator, figure.denominator) == (n, 5)


@pytest.mark.parametrize(
    ("day", "counted"),
    [
        (date(2012, 12, 31), 0),
        (date(2013, 1, 1), 1),
        (date(2015, 4, 30), 1),
        (date(2015, 5, 1), 0),
    ],
)
def test_both_ends_of_the_period_count(day, counted):
    assert of("referred", persons=[client("a", referred_on=day)]).numerator == counted


def test_a_person_referred_twice_counts_once_by_the_furthest_contact():
    twice = [
        client("a", contact="engaged", referred_on=date(2013, 2, 1)),
        client("a", contact="not_reached", referred_on=date(2014, 2, 1)),
    ]
    figure = of("at-the-centre", persons=twice)
    assert (figure.numerator, figure.denominator) == (1, 1)
    episodes = compute(replace(CARDS["at-the-centre"], unit="episode"), extract(persons=twice))
    assert (episodes.numerator, episodes.denominator) == (1, 2)


def test_of_two_equal_contacts_the_later_referral_speaks():
    twice = [
        client("a", sex="other", referred_on=date(2014, 2, 1)),
        client("a", sex="unknown", referred_on=date(2013, 2, 1)),
    ]
    assert of("clients-other", persons=twice).numerator == 1


def test_a_client_and_a_partner_with_one_key_are_two_people():
    assert of("referred", persons=[client("a"), partner("a")]).numerator == 2


def test_a_sex_that_is_not_known_is_missing_and_widens_the_bounds():
    people = [client("a", "male"), client("b", "female"), client("c", "unknown")]
    figure = of("clients-men", persons=people)
    assert (figure.numerator, figure.denominator, figure.missing) == (1, 3, 1)
    assert figure.value == 33.3
    assert figure.bounds == (33.3, 66.7)


def test_links_count_only_to_people_who_are_at_the_centre():
    people = [
        client("c1"),
        client("c2", contact="declined"),
        client("c3"),
        partner("p1"),
        partner("p2"),
        partner("p3", contact="unsafe"),
    ]
    links = [("p1", "c1"), ("p2", "c2"), ("p3", "c3"), ("p9", "c9")]
    tables = {
        "persons": people,
        "links": [Link(partner_key=p, client_key=c) for p, c in links],
    }
    assert of("linked-cases", **tables).numerator == 1
    without_client = of("partners-without-client", **tables)
    assert (without_client.numerator, without_client.denominator) == (1, 2)
    without_partner = of("clients-without-partner", **tables)
    assert (without_partner.numerator, without_partner.denominator) == (1, 2)


def test_two_partners_of_one_client_are_one_linked_case():
    tables = {
        "persons": [client("c1"), partner("p1"), partner("p2")],
        "links": [Link(partner_key=p, client_key="c1") for p in ("p1", "p2")],
    }
    assert of("linked-cases", **tables).numerator == 1
    assert of("partners-without-client", **tables).numerator == 0


FOUR = [partner(f"p{n}") for n in range(4)]
ANSWERS = [
    score("p0", "safety", "before", 25.0),
    score("p0", "safety", "after", 75.0),
    score("p1", "safety", "before", 50.0),
    score("p1", "safety", "after", 50.0),
    score("p2", "safety", "before", 50.0),
    score("p2", "safety", "after", None, not_answered_reason="unsafe to ask"),
]


def test_a_mean_change_rests_on_pairs_and_shows_who_is_silent():
    figure = of("safety-after-change", persons=FOUR, scales=ANSWERS)
    assert (figure.numerator, figure.denominator, figure.missing) == (2, 4, 2)
    assert (figure.value, figure.response_rate) == (25.0, 50.0)
    # Differences 50 and 0: sd 35.36, t(1) = 12.706.
    assert figure.interval == (-292.7, 342.7)
    assert "no record 1, unsafe to ask 1" in figure.note


def test_the_share_improved_has_bounds_over_everybody_asked():
    figure = of("safety-after-improved", persons=FOUR, scales=ANSWERS)
    assert (figure.numerator, figure.denominator, figure.value) == (1, 2, 50.0)
    assert figure.bounds == (25.0, 75.0)


def test_silence_everywhere_gives_no_value_and_bounds_from_nothing_to_all():
    change = of("safety-follow-up-change", persons=FOUR, scales=ANSWERS)
    assert (change.value, change.interval, change.response_rate) == (None, None, 0.0)
    assert change.note.startswith("Nobody answered both times")
    improved = of("safety-follow-up-improved", persons=FOUR, scales=ANSWERS)
    assert (improved.value, improved.bounds) == (None, (0.0, 100.0))


def test_one_pair_has_no_interval():
    figure = of("safety-after-change", persons=FOUR[:1], scales=ANSWERS)
    assert (figure.value, figure.interval) == (50.0, None)
    assert figure.note.startswith("One pair says nothing about the spread")


def test_a_missing_first_answer_is_given_its_reason_before_the_second():
    scales = [
        score("p0", "safety", "before", None, not_answered_reason="declined"),
        score("p0", "safety", "after", None, not_answered_reason="unsafe to ask"),
        score("p1", "safety", "before", None),
        score("p1", "safety", "after", 50.0),
        score("p2", "safety", "after", 50.0),
    ]
    figure = of("safety-after-change", persons=FOUR[:3], scales=scales)
    assert "Without both answers: declined 1, no record 2." in figure.note


def test_answers_of_clients_and_of_partners_who_are_not_there_are_left_out():
    scales = [
        score("c0", "safety", "before", 0.0, source="client", side="programme"),
        score("c0", "safety", "after", 100.0, source="client", side="programme"),
        score("p0", "safety", "before", 0.0),
        score("p0", "safety", "after", 100.0),
    ]
    people = [client("c0"), partner("p0", contact="declined"), partner("p1")]
    figure = of("safety-after-change", persons=people, scales=scales)
    assert (figure.numerator, figure.denominator) == (0, 1)


def test_costs_in_two_currencies_or_years_are_not_added():
    people = [client("a")]
    for other in (cost("rent", 100, currency="DKK"), cost("rent", 100, price_year=2013)):
        figure = of("cost-per-referred", persons=people, costs=[cost("wages", 100), other])
        assert (figure.numerator, figure.value, figure.denominator) == (None, None, 1)
        assert "are not added up" in figure.note


def test_without_an_included_cost_there_is_no_cost_rather_than_zero():
    figure = of("cost-per-referred", persons=[client("a")], costs=[cost("rent", 100, False)])
    assert (figure.numerator, figure.value) == (None, None)
    assert "No cost is recorded as included." in figure.note


def test_money_is_exact_and_rounded_half_up_at_the_end():
    people = [client(f"c{n}") for n in range(3)]
    costs = [cost("wages", 50), cost("wages", 50), cost("travel", 1)]
    figure = of("cost-per-referred", persons=people, costs=costs)
    assert (figure.numerator, figure.value, figure.unit) == (1.01, 0.34, "EUR per person")
    assert "Includes travel, wages. Prices of 2014." in figure.note


# printed, computed numerator and value, what is said
BESIDE = [
    (
        Printed(18, 73, "truncated"),
        73,
        18.6,
        "Printed as a count: 73. Printed 18, truncated; 18.6 rounds to 19.",
    ),
    (Printed(18, 73, "truncated"), 70, 17.9, "these records differ. Printed 18, truncated; these"),
    (Printed(87, None, "rounded"), 93, 86.9, "Printed 87, rounded."),
    (Printed(87, None, "rounded"), 93, 86.4, "Printed 87, rounded; these records give 86.4."),
    (Printed(2.5, None, "exact"), 1, 2.5, "Printed 2.5, exact."),
    (Printed(19, None, "rounded"), 0, None, "Printed 19, rounded; these records give no value."),
    (Printed(1100, None, "denominator unstated"), 1.0, 9.0, "Printed 1,100, denominator unstated."),
    (Printed("better", None, "no denominator"), None, None, "Printed “better”, no denominator."),
    (Printed(None, 5, "exact"), 5, 1.0, "Printed as a count: 5."),
]


@pytest.mark.parametrize(("printed", "numerator", "value", "said"), BESIDE)
def test_what_was_printed_stands_beside_what_the_records_give(printed, numerator, value, said):
    assert said in beside_print(printed, numerator, value)
