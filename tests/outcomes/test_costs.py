"""Money over persons, in stated prices: the ledger, the denominators, contracts and headlines."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.outcomes.costs import (
    CostError,
    Denominators,
    Money,
    compare,
    cost_per_each,
    count_denominators,
    funded_in,
    of_lines,
    per_week,
)
from casewall.outcomes.tables import Contract, Cost
from tests.spec.cohort import client, partner

YEAR = (date(2014, 1, 1), date(2014, 12, 31))
WAGES = Cost(category="wages", amount=30_000_000, currency="EUR", price_year=2014, included=True)
TRAVEL = Cost(category="travel", amount=5_090_000, currency="EUR", price_year=2014, included=True)
RENT = Cost(category="rent", amount=4_000_000, currency="EUR", price_year=2014, included=False)


def contract(**more) -> Contract:
    whole = {"funder": "A borough", "first_on": YEAR[0], "last_on": YEAR[1],
             "amount": 8_000_000, "currency": "GBP", **more}  # fmt: skip
    return Contract(**whole)


def test_a_ledger_adds_up_what_is_included_and_says_what_is_not():
    ledger = of_lines([WAGES, TRAVEL, TRAVEL, RENT])
    assert ledger.total == Money.of("401800", "EUR", 2014)
    assert ledger.included == {"wages": 300_000, "travel": 101_800}
    assert ledger.excluded == {"rent": 40_000}
    assert ledger.says == "Includes travel and wages. Excludes rent. Prices of 2014."
    assert of_lines([WAGES]).says == "Includes wages. Prices of 2014."


def test_lines_of_two_currencies_or_years_are_not_added():
    for other in ({"currency": "DKK"}, {"price_year": 2015}):
        line = Cost(**{"category": "food", "amount": 1, "currency": "EUR", "price_year": 2014,
                       "included": True, **other})  # fmt: skip
        with pytest.raises(CostError, match="one currency and one price year"):
            of_lines([WAGES, line])


def test_a_line_without_a_price_year_gives_no_number():
    line = Cost(category="food", amount=1, currency="EUR", price_year=0, included=True)
    with pytest.raises(CostError, match="“food” has no price year"):
        of_lines([line])


def test_a_ledger_of_nothing_gives_no_number():
    with pytest.raises(CostError, match="No line of the ledger is included"):
        of_lines([RENT])


def test_all_four_denominators_stand_beside_the_cost():
    started = {"started_on": date(2014, 2, 1)}
    persons = [
        client("a", **started, completed_on=date(2014, 9, 1)),
        client("a", referred_on=date(2014, 6, 1), **started),
        client("b", **started, completed_on=date(2015, 1, 1)),
        client("c", contact="declined"),
        partner("p"),
        partner("q", contact="unsafe"),
        partner("r", referred_on=date(2013, 12, 31)),
    ]
    counted = count_denominators(persons, *YEAR)
    assert counted == Denominators(referred=5, started=2, completed=1, partners=1)
    rows = cost_per_each(Money.of("1000", "EUR", 2014), counted)
    assert [(row.of, row.persons, row.each.rounded()) for row in rows] == [
        ("person referred", 5, 200.0),
        ("client who started", 2, 500.0),
        ("client who completed", 1, 1000.0),
        ("partner supported", 1, 1000.0),
    ]


def test_a_cost_for_nobody_is_no_number():
    row = cost_per_each(Money.of("1000", "EUR", 2014), Denominators(1, 0, 0, 0))[1]
    assert (row.each, row.note) == (
        None, "There is no client who started, so there is no cost for each.",
    )  # fmt: skip


def test_the_danish_print_fits_two_denominators():
    """€1,100 a person is 350,900 over 319 and 431,200 over 392: it needs its denominator."""
    ledger = of_lines([WAGES, TRAVEL])
    [referred, started, *_] = cost_per_each(ledger.total, Denominators(392, 319, 1, 1))
    assert started.each.rounded() == 1100.0
    assert referred.each.rounded() == 895.15


def test_a_year_has_more_than_fifty_weeks():
    """£80,000 a year is £1,534 a week by days, £1,538 by 52 weeks, and never the £1,600 printed."""
    care = Money.of("80000", "GBP", 2014)
    assert per_week(care, *YEAR).rounded() == 1534.25
    assert per_week(care, date(2014, 1, 1), date(2014, 12, 30)).rounded() == 1538.46
    assert per_week(care, date(2014, 1, 1), date(2014, 12, 16)).rounded(0) == 1600


def test_a_reversed_period_is_refused():
    with pytest.raises(CostError, match="before it begins"):
        per_week(Money.of("1", "GBP", 2014), YEAR[1], YEAR[0])


def test_a_contract_pays_for_its_days_in_the_period():
    paid = funded_in(
        [
            contract(),
            contract(amount=365_00, first_on=date(2014, 12, 31), last_on=date(2015, 12, 30)),
            contract(funder="Another", last_on=date(2014, 1, 10)),
        ],
        date(2014, 12, 1), date(2015, 6, 30),
    )  # fmt: skip
    assert list(paid) == ["A borough"]
    assert paid["A borough"].amount == Fraction(80_000 * 31, 365) + 182


@pytest.mark.parametrize(
    "other", [{"currency": "EUR"}, {"first_on": date(2013, 1, 1), "last_on": YEAR[1]}]
)
def test_contracts_of_two_currencies_or_years_are_not_added(other):
    with pytest.raises(CostError, match="bring them to one first"):
        funded_in([contract(), contract(**other)], *YEAR)


@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=20))
def test_the_included_categories_add_up_to_the_total(amounts):
    lines = [Cost(category=f"c{n % 3}", amount=amount, currency="EUR", price_year=2014,
                  included=True) for n, amount in enumerate(amounts)]  # fmt: skip
    ledger = of_lines(lines)
    assert sum(ledger.included.values()) == ledger.total.amount == Fraction(sum(amounts), 100)


def test_the_home_office_parts_differ_from_their_headline_by_rounding():
    found = compare({"harm": "47.3", "output": "14.1", "services": "4.7"}, "66.2")
    assert (found.adds_up, found.is_rounding) == (False, True)
    assert found.says == (
        "The parts add up to 66.1, and 66.2 is printed: a difference that rounding can explain."
    )


def test_parts_that_do_not_add_up_are_said():
    assert compare({"a": "1", "b": "2"}, "3").says == "The parts add up: 1 + 2 = 3."
    few, many = compare({"a": "1", "b": "2"}, "10"), compare({"a": "9.5"}, "2.0")
    assert not few.is_rounding
    assert few.says.endswith("7 are missing, more than rounding explains.")
    assert many.says.endswith("7.5 are too many, more than rounding explains.")


@pytest.mark.parametrize("currency", ["eur", "EURO", "€", "E1R"])
def test_a_currency_is_a_code(currency):
    with pytest.raises(CostError, match="is not a currency"):
        Money.of("1", currency, 2014)


def test_money_says_its_currency_and_price_year():
    assert str(Money.of("1100.005", "EUR", 2014)) == "EUR 1,100.01 in prices of 2014"
    assert Money.of_hundredths(1, "EUR", 2014).amount == Fraction(1, 100)
    with pytest.raises(CostError, match="14 is not a price year"):
        Money.of("1", "EUR", 14)
