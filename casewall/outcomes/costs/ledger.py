"""The ledger, the four denominators, and what a funder pays for a period.

A cost per person without its denominator is no figure: the same ledger gives one number per
person referred and another per person who completed. All four are computed and shown together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from casewall.outcomes.costs.money import CostError, Money
from casewall.outcomes.tables import AT_THE_CENTRE, Contract, Cost, Person

DAYS_IN_WEEK = 7


@dataclass(frozen=True, slots=True)
class Ledger:
    """Included and excluded money by category. All included lines have one currency and one
    price year; ``total`` is their sum."""

    included: Mapping[str, Fraction]
    excluded: Mapping[str, Fraction]
    total: Money

    @property
    def says(self) -> str:
        """What the total counts and what it leaves out, for a note beside a figure."""
        counted = f"Includes {_listed(self.included)}."
        left = f" Excludes {_listed(self.excluded)}." if self.excluded else ""
        return f"{counted}{left} Prices of {self.total.price_year}."


def of_lines(lines: Sequence[Cost]) -> Ledger:
    """The ledger of these lines.

    Raises CostError where nothing is included, and where included lines are in several
    currencies or price years: they must be brought to one, in a stated order, before they add up.
    """
    counted = [line for line in lines if line.included]
    if not counted:
        raise CostError("No line of the ledger is included, so there is no cost to divide.")
    for line in counted:
        if line.price_year == 0:
            raise CostError(f"The line “{line.category}” has no price year, so it cannot be added.")
    kinds = sorted({(line.currency, line.price_year) for line in counted})
    if len(kinds) > 1:
        said = ", ".join(f"{currency} of {year}" for currency, year in kinds)
        raise CostError(
            f"The included lines are in {said}. Bring them to one currency and one price year, "
            "and say in which order."
        )
    [(currency, year)] = kinds
    included = _by_category(counted)
    total = Money(sum(included.values(), Fraction(0)), currency, year)
    return Ledger(included, _by_category(line for line in lines if not line.included), total)


def _by_category(lines: Iterable[Cost]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for line in lines:
        found[line.category] = found.get(line.category, Fraction(0)) + Fraction(line.amount, 100)
    return found


def _listed(categories: Iterable[str]) -> str:
    *most, last = sorted(categories)
    return f"{', '.join(most)} and {last}" if most else last


@dataclass(frozen=True, slots=True)
class Denominators:
    """Persons, each once: referred (clients and partners), clients who started, clients who
    completed, and partners at the Centre."""

    referred: int
    started: int
    completed: int
    partners: int


def count_denominators(
    persons: Iterable[Person], period_from: date, period_to: date
) -> Denominators:
    """Count each by its own day in the period, both ends included; partners by their referral."""

    def within(day: date | None) -> bool:
        return day is not None and period_from <= day <= period_to

    def once(meets: Callable[[Person], bool]) -> int:
        return len({(one.role, one.key) for one in everybody if meets(one)})

    everybody = list(persons)
    return Denominators(
        referred=once(lambda one: within(one.referred_on)),
        started=once(lambda one: one.role == "client" and within(one.started_on)),
        completed=once(lambda one: one.role == "client" and within(one.completed_on)),
        partners=once(
            lambda one: (
                one.role == "partner" and one.contact == AT_THE_CENTRE and within(one.referred_on)
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class PerPerson:
    """Money per person of one denominator; no ``each`` where nobody is in it."""

    of: str
    persons: int
    each: Money | None
    note: str | None


_DENOMINATORS = {
    "referred": "person referred",
    "started": "client who started",
    "completed": "client who completed",
    "partners": "partner supported",
}


def cost_per_each(total: Money, denominators: Denominators) -> tuple[PerPerson, ...]:
    """The total over each of the four denominators, in their order, none left out."""
    found = []
    for name, says in _DENOMINATORS.items():
        persons = getattr(denominators, name)
        each = None
        if persons:
            each = Money(total.amount / persons, total.currency, total.price_year)
        note = None if persons else f"There is no {says}, so there is no cost for each."
        found.append(PerPerson(says, persons, each, note))
    return tuple(found)


def per_week(total: Money, first: date, last: date) -> Money:
    """Money per week of a period, both days included; a week is seven days, not 1/50 of a year.

    Raises CostError where the period is reversed.
    """
    return Money(total.amount * DAYS_IN_WEEK / _days(first, last), total.currency, total.price_year)


def funded_in(contracts: Iterable[Contract], first: date, last: date) -> dict[str, Money]:
    """What contracts pay for the days from ``first`` to ``last``, by funder, evenly over the days
    of each contract, in prices of the year in which that contract begins.

    Raises CostError where one funder's contracts are in two currencies or begin in two years.
    """
    _days(first, last)
    found: dict[str, Money] = {}
    for one in contracts:
        begins, ends = max(one.first_on, first), min(one.last_on, last)
        if begins > ends:
            continue
        share = Fraction(_days(begins, ends), _days(one.first_on, one.last_on))
        part = Money(Fraction(one.amount, 100) * share, one.currency, one.first_on.year)
        known = found.get(one.funder)
        if known and (known.currency, known.price_year) != (part.currency, part.price_year):
            raise CostError(
                f"The contracts of {one.funder} are in {known.currency} of {known.price_year} "
                f"and {part.currency} of {part.price_year}; bring them to one first."
            )
        more = known.amount if known else Fraction(0)
        found[one.funder] = Money(more + part.amount, part.currency, part.price_year)
    return found


def _days(first: date, last: date) -> int:
    if last < first:
        raise CostError(f"The period ends on {last}, before it begins on {first}.")
    return (last - first).days + 1
