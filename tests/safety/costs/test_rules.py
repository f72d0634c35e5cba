"""What a line of the ledger must say, from a form or from a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.costs.rules import contract_fits, cost_fits, hundredths, line_of
from tests.safety.costs.conftest import contract, line

CELLS = {
    "category": "Rent", "amount": "12,500.00", "currency": "eur", "price_year": "2014",
    "included": "Yes", "first_on": "2014-01-01", "last_on": "2014-12-31T00:00:00",
    "source": "Invented accounts",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("1250", 125_000), ("1,250.00", 125_000), ("1 250.5", 125_050), ("0.01", 1),
     ("12,50", None), ("1.250,00", None), ("-5", None), ("1e9", None), ("", None),
     ("£5", None), ("99999999999999", None)],
)  # fmt: skip
def test_an_amount_is_read_to_the_hundredth_or_not_at_all(typed, amount):
    assert hundredths(typed) == amount


@given(st.integers(0, 10**12))
def test_an_amount_is_read_as_it_is_written(amount):
    assert hundredths(f"{amount // 100:,}.{amount % 100:02}") == amount


def test_a_whole_row_is_a_line():
    assert line_of(CELLS) == line()
    assert line_of({**CELLS, "note": " A note "}).note == "A note"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"amount": "much"}, "amount: “much” is not an amount such as 1250.00."),
        ({"price_year": ""}, "price year: “” is not a year, so the amount cannot be used."),
        ({"price_year": "14"}, "Say in prices of which year the amount is"),
        ({"included": "maybe"}, "included: “maybe” is neither yes nor no."),
        ({"first_on": "1/1/2014"}, "first day: “1/1/2014” is not a day written as 2024-01-31."),
        ({"last_on": ""}, "last day: “” is not a day"),
        ({"last_on": "2013-12-31"}, "The last day is before the first day."),
        ({"category": "yachts"}, "“yachts” is no category. There are: "),
        ({"currency": "euro"}, "“EURO” is no currency"),
        ({"source": " "}, "Say where the amount comes from"),
        ({"amount": "0"}, "must be more than nothing"),
    ],
)
def test_a_row_that_does_not_fit_says_what_to_mend(changed, sentence):
    assert sentence in line_of({**CELLS, **changed})


def test_a_line_and_a_contract_can_be_kept():
    assert cost_fits(line())
    assert contract_fits(contract())
    assert contract_fits(contract(persons=20))
    assert contract_fits(contract(funder=" ")).reason == "Say who pays."
    assert "at least one person" in contract_fits(contract(persons=0)).reason
