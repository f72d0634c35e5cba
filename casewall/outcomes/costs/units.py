"""Unit costs: what one of something costs, and everything that must be known to use that.

A number that somebody printed is no unit cost until it says in the prices of which year it is,
for which place it holds, who bears it (``perspective``) and where it was printed. An entry that
lacks one of them is refused by name, and gives no number.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from casewall.outcomes.costs.money import CostError, Money
from casewall.outcomes.costs.prices import PRICES

PERSPECTIVES = ("public purse", "society", "person", "service")
_NEEDED = ("says", "amount", "currency", "per", "price_year", "geography", "perspective", "source")
_IN_WORDS = {
    "says": "a sentence on what it is",
    "amount": "an amount",
    "currency": "a currency",
    "per": "what it is one of",
    "price_year": "a price year",
    "geography": "a geography",
    "perspective": "a perspective (who bears the cost)",
    "source": "a source",
}


@dataclass(frozen=True, slots=True)
class UnitCost:
    """The cost of one ``per``. ``caveat`` says what the number must not be taken for."""

    id: str
    says: str
    cost: Money
    per: str
    geography: str
    perspective: str
    source: str
    caveat: str | None


def read_unit_costs(text: str, name: str) -> dict[str, UnitCost]:
    """The unit costs of a TOML text, by id. Raises CostError naming file, entry and key."""
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise CostError(f"{name} cannot be read: {problem}.") from problem
    entries = whole.pop("unit", {})
    for strange in whole:
        raise CostError(f"{name}: there is no key “{strange}” here; entries stand under [unit].")
    return {key: _entry(name, key, entry) for key, entry in entries.items()}


@cache
def shipped_unit_costs() -> Mapping[str, UnitCost]:
    """The unit costs that ship with Casewall."""
    path: Path = PRICES / "unit_costs.toml"
    return read_unit_costs(path.read_text(encoding="utf-8"), path.name)


def _entry(name: str, at: str, entry: Mapping[str, Any]) -> UnitCost:
    for strange in sorted(set(entry) - {*_NEEDED, "caveat"}):
        raise CostError(f"{name}, {at}: there is no key “{strange}”.")
    for key in _NEEDED:
        if entry.get(key) in (None, ""):
            raise CostError(f"{name}, {at}: {_IN_WORDS[key]} is missing, so it is not used.")
    if not isinstance(entry["amount"], str):
        raise CostError(f'{name}, {at}: write the amount as a text, such as "34015".')
    if entry["perspective"] not in PERSPECTIVES:
        known = ", ".join(PERSPECTIVES)
        raise CostError(f"{name}, {at}: “{entry['perspective']}” is no perspective; {known} are.")
    if type(entry["price_year"]) is not int:
        raise CostError(f"{name}, {at}: the price year is a year, such as 2017.")
    try:
        cost = Money.of(entry["amount"], entry["currency"], entry["price_year"])
    except CostError as problem:
        raise CostError(f"{name}, {at}: {problem}") from problem
    except ValueError:
        raise CostError(f"{name}, {at}: “{entry['amount']}” is not an amount.") from None
    words = {key: entry[key] for key in ("says", "per", "geography", "perspective", "source")}
    return UnitCost(id=at, cost=cost, caveat=entry.get("caveat"), **words)
