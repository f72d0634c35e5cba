"""Bringing money to another year and another currency, in an order that is stated.

The order matters. Converting at the rate of the old year and then following the prices of the
new country gives another sum than following the old country's prices and converting at the rate
of the new year. Neither is wrong, so that a result always says which way it was made.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

from casewall.outcomes.costs.money import CostError, Money

PRICES = Path(__file__).parent.parent / "prices"
DEFLATOR_SOURCE = "World Bank, deflator of the gross domestic product, calendar years"
RATE_SOURCE = "European Central Bank, mean reference rate of the calendar year"

COUNTRY_OF = {"DKK": "DNK", "EUR": "EMU", "GBP": "GBR", "NOK": "NOR", "SEK": "SWE"}
"""Whose prices a sum of this currency follows where nobody says another country."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: to a currency (``convert``), or to a price year (``uprate``).

    ``country`` says whose prices are followed; without it those of the currency.
    """

    act: str
    to: str | int
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """A sum that was brought somewhere, and each step in words, in the order of the steps."""

    money: Money
    steps: tuple[str, ...]

    @property
    def says(self) -> str:
        """The way in one sentence each, for a note beside the figure."""
        return " ".join(self.steps)


def bring(money: Money, steps: Sequence[Step]) -> Brought:
    """Take the steps in their order. Raises CostError where an index or a rate is not shipped."""
    said = []
    for step in steps:
        before = money
        if step.act == "convert":
            money = convert(money, str(step.to))
            rate = money.amount / before.amount if before.amount else Fraction(0)
            said.append(
                f"Converted at {float(rate):.6f} {money.currency} for one {before.currency}, the "
                f"rate of {money.price_year} ({RATE_SOURCE})."
            )
        elif step.act == "uprate":
            country = step.country or _country(money.currency)
            money = uprate(money, int(step.to), country)
            factor = growth(country, before.price_year, money.price_year)
            said.append(
                f"Brought from prices of {before.price_year} to prices of {money.price_year} "
                f"with {country}, times {float(factor):.6f} ({DEFLATOR_SOURCE})."
            )
        else:
            raise CostError(f"“{step.act}” is no step; there are convert and uprate.")
    return Brought(money, tuple(said))


def convert(money: Money, currency: str) -> Money:
    """The sum in another currency at the rate of its own price year; the price year stays.

    Raises CostError where there is no rate of that year.
    """
    rate = _per_euro(currency, money.price_year) / _per_euro(money.currency, money.price_year)
    return Money(money.amount * rate, currency, money.price_year)


def uprate(money: Money, year: int, country: str | None = None) -> Money:
    """The sum in prices of another year; the currency stays. Works backwards too.

    Raises CostError where the country's index does not reach from one year to the other.
    """
    factor = growth(country or _country(money.currency), money.price_year, year)
    return Money(money.amount * factor, money.currency, year)


def growth(country: str, first: int, last: int) -> Fraction:
    """How many times the prices of ``first`` those of ``last`` were. 1 for the same year."""
    changes = deflators().get(country)
    if changes is None:
        known = ", ".join(sorted(deflators()))
        raise CostError(f"There is no price index for “{country}”. There are: {known}.")
    early, late = sorted((first, last))
    factor = Fraction(1)
    for year in range(early + 1, late + 1):
        if year not in changes:
            raise CostError(
                f"The price index of {country} has no year {year}; it runs from "
                f"{min(changes) - 1} to {max(changes)}."
            )
        factor *= 1 + changes[year] / 100
    return factor if first <= last else 1 / factor


def _country(currency: str) -> str:
    try:
        return COUNTRY_OF[currency]
    except KeyError:
        raise CostError(
            f"Say whose prices a sum in {currency} follows: no country is known for it."
        ) from None


def _per_euro(currency: str, year: int) -> Fraction:
    if currency == "EUR":
        return Fraction(1)
    rates = euro_rates()
    if year not in rates:
        raise CostError(
            f"There is no exchange rate of {year}; the rates run from {min(rates)} to {max(rates)}."
        )
    if currency not in rates[year]:
        known = ", ".join(["EUR", *sorted(rates[year])])
        raise CostError(f"There is no exchange rate for {currency}. There are: {known}.")
    return rates[year][currency]


@cache
def deflators() -> Mapping[str, Mapping[int, Fraction]]:
    """Country → year → change of prices against the year before, in percent."""
    found: dict[str, dict[int, Fraction]] = {}
    for row in _rows("gdp_deflator.csv"):
        found.setdefault(row["country"], {})[int(row["year"])] = Fraction(row["change_percent"])
    for country, years in found.items():
        if any(later != year + 1 for year, later in pairwise(sorted(years))):
            raise CostError(f"The price index of {country} has a gap.")
    return found


@cache
def euro_rates() -> Mapping[int, Mapping[str, Fraction]]:
    """Year → currency → units for one euro."""
    return {
        int(row["year"]): {code: Fraction(row[code]) for code in row if code != "year"}
        for row in _rows("rates_per_euro.csv")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (PRICES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
