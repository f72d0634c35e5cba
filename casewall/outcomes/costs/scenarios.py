"""What a programme may have saved, with every assumption in sight.

A saving is the product of things that nobody knows exactly: how often the outcome happens
without the programme, how much less often with it, how much of that the programme did, how much
would have come without it, how fast it wears off, and what one outcome costs. Each is a row with
a low, a central and a high value and its source. The result is a range: all assumptions at their
careful ends, all in the middle, all at their hopeful ends. It is never one number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from casewall.outcomes.costs.money import CostError, Money

SHARES = ("effect", "attribution", "deadweight", "drop_off")
NEEDED = ("expected", *SHARES, "unit_cost")
"""The assumptions that a scenario must state."""
LOWERS = ("deadweight", "drop_off")
"""Assumptions of which more means less saving."""

_MEANS = {
    "expected": "outcomes a person and year without the programme",
    "effect": "the share of them that does not happen with it",
    "attribution": "the share of the effect that is this programme's own",
    "deadweight": "the share of the effect that would have come without any programme",
    "drop_off": "the share of the effect that is lost from each year to the next",
    "unit_cost": "what one outcome costs",
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One row: ``low`` ≤ ``central`` ≤ ``high`` as plain numbers, and where they come from."""

    name: str
    low: Fraction
    central: Fraction
    high: Fraction
    source: str

    @classmethod
    def of(cls, name: str, low: str, central: str, high: str, source: str) -> Assumption:
        """From numbers as they were written. Raises CostError where the row does not hold."""
        row = cls(name, Fraction(low), Fraction(central), Fraction(high), source)
        row.check()
        return row

    @property
    def means(self) -> str:
        """What the assumption says, in words."""
        return _MEANS[self.name]

    def check(self) -> None:
        """Raise CostError unless the row can be used."""
        if self.name not in NEEDED:
            raise CostError(f"“{self.name}” is no assumption; there are {', '.join(NEEDED)}.")
        if not self.low <= self.central <= self.high:
            raise CostError(f"{self.name}: its values do not rise from low to high.")
        if self.low < 0 or (self.name in SHARES and self.high > 1):
            raise CostError(f"{self.name}: a value lies outside what it can be.")
        if not self.source.strip():
            raise CostError(f"{self.name}: say where the assumption comes from.")


@dataclass(frozen=True, slots=True)
class Saving:
    """Savings and what each unit of money spent gave back, careful, central and hopeful.

    ``assumptions`` are all rows that went into it: a saving is shown with them or not at all.
    """

    careful: Money
    central: Money
    hopeful: Money
    spent: Money
    assumptions: tuple[Assumption, ...]
    persons: int
    years: int

    @property
    def returned(self) -> tuple[Fraction, Fraction, Fraction]:
        """Saved for each unit of money spent: careful, central, hopeful."""
        careful, central, hopeful = (
            one.amount / self.spent.amount for one in (self.careful, self.central, self.hopeful)
        )
        return careful, central, hopeful

    @property
    def says(self) -> str:
        """The range in one sentence; it says first that it is an assumption."""
        low, middle, high = (float(one) for one in self.returned)
        return (
            f"If the assumptions hold, each {self.spent.currency} spent on {self.persons} persons "
            f"saved between {low:.2f} and {high:.2f} ({middle:.2f} in the middle) over "
            f"{self.years} {'year' if self.years == 1 else 'years'}, in prices of "
            f"{self.spent.price_year}."
        )


@dataclass(frozen=True, slots=True)
class Scenario:
    """Assumptions for a number of persons over whole years; ``spent`` is the programme's cost.

    The unit cost is in the currency and price year of ``spent``: bring it there first.
    """

    persons: int
    years: int
    spent: Money
    assumptions: Sequence[Assumption]

    def saving(self) -> Saving:
        """The range. Raises CostError, naming the assumption, where one is missing or doubled."""
        rows = self._rows()
        careful, central, hopeful = (self._saved(rows, end) for end in (-1, 0, 1))
        return Saving(
            careful, central, hopeful, self.spent, tuple(self.assumptions), self.persons, self.years
        )

    def _rows(self) -> dict[str, Assumption]:
        if self.persons < 1 or self.years < 1:
            raise CostError("A scenario needs at least one person and one year.")
        if self.spent.amount <= 0:
            raise CostError("Without what was spent, nothing can be set against it.")
        rows: dict[str, Assumption] = {}
        for row in self.assumptions:
            row.check()
            if row.name in rows:
                raise CostError(f"{row.name} is assumed twice.")
            rows[row.name] = row
        for name in NEEDED:
            if name not in rows:
                raise CostError(
                    f"The scenario does not say {name} ({_MEANS[name]}), so there is no saving."
                )
        return rows

    def _saved(self, rows: dict[str, Assumption], end: int) -> Money:
        def at(name: str) -> Fraction:
            row = rows[name]
            towards = -end if name in LOWERS else end
            return (row.low, row.central, row.high)[towards + 1]

        lasting = sum(((1 - at("drop_off")) ** year for year in range(self.years)), Fraction(0))
        each = at("expected") * at("effect") * at("attribution") * (1 - at("deadweight")) * lasting
        amount = self.persons * each * at("unit_cost")
        return Money(amount, self.spent.currency, self.spent.price_year)
