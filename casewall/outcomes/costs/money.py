"""An amount of money that says in which currency and in the prices of which year it is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from casewall.outcomes.intervals import round_half_up


class CostError(ValueError):
    """A cost that cannot be used or computed; says what is missing and where."""


@dataclass(frozen=True, slots=True)
class Money:
    """``amount`` in whole units of ``currency`` (an ISO code), in prices of ``price_year``.

    Exact: ``Money.of("1100", "EUR", 2014)``. Raises CostError for a currency that is no code or
    a year outside 1900 to 2100.
    """

    amount: Fraction
    currency: str
    price_year: int

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not (self.currency.isalpha() and self.currency.isupper()):
            raise CostError(f"“{self.currency}” is not a currency; write its code, such as EUR.")
        if not 1900 <= self.price_year <= 2100:
            raise CostError(f"{self.price_year} is not a price year.")

    @classmethod
    def of(cls, amount: str | int, currency: str, price_year: int) -> Money:
        """From a number as it was written, so that 0.1 stays 0.1."""
        return cls(Fraction(amount), currency, price_year)

    @classmethod
    def of_hundredths(cls, amount: int, currency: str, price_year: int) -> Money:
        """From hundredths, as the records and the extract keep money."""
        return cls(Fraction(amount, 100), currency, price_year)

    def rounded(self, places: int = 2) -> float:
        """The amount as it is shown."""
        return round_half_up(self.amount, places)

    def __str__(self) -> str:
        return f"{self.currency} {self.rounded():,.2f} in prices of {self.price_year}"
