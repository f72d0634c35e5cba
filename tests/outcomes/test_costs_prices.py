"""Other years and currencies, in a stated order; unit costs; savings with every assumption."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.outcomes.costs import (
    Assumption,
    CostError,
    Money,
    Scenario,
    Step,
    bring,
    convert,
    prices,
    read_unit_costs,
    shipped_unit_costs,
    uprate,
)

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "costs"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
DANISH = Money.of("1100", "EUR", 2014)
SPENT = Money.of("100000", "GBP", 2023)


def test_the_order_of_converting_and_bringing_to_a_year_matters_and_is_said():
    """€1,100 of 2014 in pounds of 2023: £1,147 or £1,204."""
    first = bring(DANISH, [Step("convert", "GBP"), Step("uprate", 2023)])
    second = bring(DANISH, [Step("uprate", 2023), Step("convert", "GBP")])
    assert (first.money.rounded(), second.money.rounded()) == (1146.75, 1203.83)
    assert {one.money.currency for one in (first, second)} == {"GBP"}
    assert first.steps[0].startswith("Converted at 0.806120 GBP for one EUR, the rate of 2014")
    assert first.steps[1].startswith("Brought from prices of 2014 to prices of 2023 with GBR")
    assert second.steps[0].startswith("Brought from prices of 2014 to prices of 2023 with EMU")
    assert "0.869787 GBP for one EUR, the rate of 2023" in second.says


def test_the_prices_of_another_country_can_be_named():
    danish = bring(DANISH, [Step("uprate", 2023, "DNK")])
    assert danish.money != bring(DANISH, [Step("uprate", 2023)]).money
    assert "with DNK" in danish.says
    assert uprate(DANISH, 2023, "DNK") == danish.money


def test_nothing_changes_within_one_year_and_currency():
    assert bring(DANISH, []).money == DANISH
    assert uprate(DANISH, 2014) == convert(DANISH, "EUR") == DANISH
    nothing = bring(Money.of("0", "EUR", 2014), [Step("convert", "GBP")])
    assert nothing.money.amount == 0


@given(st.integers(1999, 2023), st.integers(1999, 2023), st.sampled_from(["DKK", "GBP", "SEK"]))
def test_there_and_back_is_where_one_was(first, last, currency):
    money = Money.of("1234.56", currency, first)
    assert uprate(uprate(money, last), first) == money
    assert convert(convert(money, "EUR"), currency) == money


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda: uprate(DANISH, 2023, "ATL"), "no price index for “ATL”"),
        (lambda: uprate(DANISH, 2090), "has no year 2024; it runs from 1998 to 2023"),
        (lambda: uprate(Money.of("1", "USD", 2014), 2023), "Say whose prices a sum in USD"),
        (lambda: convert(DANISH, "XYZ"), "no exchange rate for XYZ"),
        (lambda: convert(Money.of("1", "EUR", 1990), "GBP"), "no exchange rate of 1990"),
        (lambda: bring(DANISH, [Step("guess", 2023)]), "“guess” is no step"),
    ],
)
def test_what_cannot_be_brought_there_gives_a_sentence_and_no_number(act, sentence):
    with pytest.raises(CostError, match=sentence):
        act()


def test_a_price_index_with_a_gap_is_refused(monkeypatch, tmp_path):
    (tmp_path / "gdp_deflator.csv").write_text(
        "country,year,change_percent\nDNK,2001,1\nDNK,2003,1\n"
    )
    monkeypatch.setattr(prices, "PRICES", tmp_path)
    prices.deflators.cache_clear()
    try:
        with pytest.raises(CostError, match="index of DNK has a gap"):
            prices.deflators()
    finally:
        prices.deflators.cache_clear()


@needs_shared
def test_the_shipped_series_are_those_of_their_sources():
    with (SHARED / "worldbank_gdp_deflator_selected.csv").open(newline="") as stream:
        theirs = {(r["Country Code"], int(r["Year"])): float(r["Inflation"])
                  for r in csv.DictReader(stream)}  # fmt: skip
    for country, years in prices.deflators().items():
        for year, change in years.items():
            assert float(change) == pytest.approx(theirs[country, year], abs=1e-6)
    with (SHARED / "ecb_annual_average_eur_rates.csv").open(newline="") as stream:
        rates = {int(r["year"]): r for r in csv.DictReader(stream)}
    for year, known in prices.euro_rates().items():
        assert all(float(rates[year][code]) == float(rate) for code, rate in known.items())


@needs_shared
def test_the_shipped_unit_costs_are_those_of_their_sources():
    import json

    with (SHARED / "unit_costs.json").open() as stream:
        theirs = {one["id"]: one for one in json.load(stream)["items"]}
    ours = shipped_unit_costs()
    for ident, key, field in [
        ("HO2019_per_victim", "domestic-abuse-victim", "value"),
        ("HO2019_police", "domestic-abuse-police", "unit_cost"),
        ("HO2019_cjs", "domestic-abuse-criminal-courts", "unit_cost"),
        ("HO2019_civil", "domestic-abuse-civil-courts", "unit_cost"),
        ("GM_UCD_social_worker", "childrens-social-worker-hour", "value"),
    ]:
        assert ours[key].cost.amount == theirs[ident][field]
        assert theirs[ident]["verification"].startswith("read in the source")


ENTRY = """[unit.care]
says = "A year in care"
amount = "40000"
currency = "GBP"
per = "year"
price_year = 2011
geography = "London"
perspective = "public purse"
source = "A leaflet"
"""


def test_a_unit_cost_carries_what_it_needs():
    [(key, found)] = read_unit_costs(ENTRY, "x.toml").items()
    assert (key, found.id, found.cost) == ("care", "care", Money.of("40000", "GBP", 2011))
    assert found.caveat is None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("price_year = 2011\n", "x.toml, care: a price year is missing, so it is not used"),
        ('geography = "London"\n', "a geography is missing"),
        ('perspective = "public purse"\n', "a perspective .* is missing"),
        ('source = "A leaflet"\n', "a source is missing"),
    ],
)
def test_a_unit_cost_without_its_price_year_or_place_is_refused(line, sentence):
    assert line in ENTRY
    with pytest.raises(CostError, match=sentence):
        read_unit_costs(ENTRY.replace(line, ""), "x.toml")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"40000"', "40000", "write the amount as a text"),
        ('"40000"', '"much"', "“much” is not an amount"),
        ('"GBP"', '"pounds"', "“pounds” is not a currency"),
        ("2011", '"2011/12"', "the price year is a year"),
        ('"public purse"', '"the man"', "“the man” is no perspective"),
        ("says", "tells", "there is no key “tells”"),
        ("[unit.care]", "[cost.care]", "no key “cost” here"),
        ("[unit.care]", "[unit.care", "x.toml cannot be read"),
    ],
)
def test_a_unit_cost_that_does_not_fit_is_refused_with_where_and_what(old, new, sentence):
    with pytest.raises(CostError, match=sentence):
        read_unit_costs(ENTRY.replace(old, new, 1), "x.toml")


ROWS = {
    "expected": ("1", "2", "3"),
    "effect": ("0.1", "0.2", "0.3"),
    "attribution": ("0.5", "0.6", "0.7"),
    "deadweight": ("0.1", "0.2", "0.3"),
    "drop_off": ("0", "0.5", "1"),
    "unit_cost": ("1000", "2000", "3000"),
}


def rows(**changed) -> list[Assumption]:
    return [Assumption.of(name, *values, source="Invented")
            for name, values in {**ROWS, **changed}.items() if values]  # fmt: skip


def test_a_saving_is_a_range_and_carries_every_assumption():
    found = Scenario(persons=10, years=2, spent=SPENT, assumptions=rows()).saving()
    # careful: 10 x 1 x 0.1 x 0.5 x (1 - 0.3) x (1 + 0) x 1000
    assert found.careful.amount == 350
    assert found.central.amount == 10 * 2 * Fraction("0.2") * Fraction("0.6") * Fraction(
        "0.8"
    ) * Fraction("1.5") * 2000
    assert found.hopeful.amount == 10 * 3 * Fraction("0.3") * Fraction("0.7") * Fraction(
        "0.9"
    ) * 2 * 3000
    assert [row.name for row in found.assumptions] == list(ROWS)
    assert all(row.means and row.source for row in found.assumptions)
    assert found.says == (
        "If the assumptions hold, each GBP spent on 10 persons saved between 0.00 and 0.34 "
        "(0.06 in the middle) over 2 years, in prices of 2023."
    )
    once = Scenario(persons=10, years=1, spent=SPENT, assumptions=rows()).saving()
    assert "over 1 year," in once.says


@given(st.integers(1, 50), st.integers(1, 5))
def test_the_careful_end_is_never_above_the_hopeful_one(persons, years):
    found = Scenario(persons=persons, years=years, spent=SPENT, assumptions=rows()).saving()
    assert found.careful.amount <= found.central.amount <= found.hopeful.amount


@pytest.mark.parametrize("name", list(ROWS))
def test_without_one_assumption_there_is_no_saving(name):
    with pytest.raises(CostError, match=f"does not say {name}"):
        Scenario(persons=1, years=1, spent=SPENT, assumptions=rows(**{name: None})).saving()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("luck", "1", "1", "1", "x"), "“luck” is no assumption"),
        (("effect", "0.3", "0.2", "0.4", "x"), "do not rise from low to high"),
        (("effect", "0.3", "0.4", "1.2", "x"), "lies outside"),
        (("expected", "-1", "0", "1", "x"), "lies outside"),
        (("effect", "0.1", "0.2", "0.3", " "), "say where the assumption comes from"),
    ],
)
def test_an_assumption_that_does_not_hold_is_refused(row, sentence):
    with pytest.raises(CostError, match=sentence):
        Assumption.of(*row)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"persons": 0}, "at least one person"),
        ({"years": 0}, "at least one person and one year"),
        ({"spent": Money.of("0", "GBP", 2023)}, "Without what was spent"),
        ({"assumptions": [*rows(), rows()[0]]}, "expected is assumed twice"),
    ],
)
def test_a_scenario_that_makes_no_sense_gives_no_number(changed, sentence):
    whole = {"persons": 1, "years": 1, "spent": SPENT, "assumptions": rows(), **changed}
    with pytest.raises(CostError, match=sentence):
        Scenario(**whole).saving()
