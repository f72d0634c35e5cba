"""What a line of the ledger and a contract must say before they are kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import get_args

from casewall.services.schema import CostCategory
from casewall.wall.decide import Decision

CATEGORIES = get_args(CostCategory)
EARLIEST, LATEST = 1990, 2100
MOST = 10**13
"""Hundredths; more is a slip of the keyboard."""
HEADERS = {
    "category": "category",
    "amount": "amount",
    "currency": "currency",
    "price year": "price_year",
    "included": "included",
    "first day": "first_on",
    "last day": "last_on",
    "source": "source",
    "note": "note",
}
"""The columns of a file of ledger lines; “note” may be absent."""

_AMOUNT = re.compile(r"\d+(\.\d{1,2})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_YES = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class CostEntry:
    """One line as a worker states it; ``amount`` in hundredths of ``currency``."""

    category: str
    amount: int
    currency: str
    price_year: int
    included: bool
    first_on: date
    last_on: date
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ContractEntry:
    """One contract as a worker states it; ``persons`` is how many it is for, if it says."""

    funder: str
    amount: int
    currency: str
    first_on: date
    last_on: date
    source: str
    area: str = ""
    persons: int | None = None


def hundredths(text: str) -> int | None:
    """An amount as it was typed, in hundredths; None where it is no amount. Thousands may be
    apart by spaces or commas, and the decimals come after a point."""
    bare = re.sub(r"(?<=\d)[ ,\u00a0](?=\d{3}(\D|$))", "", text.strip())
    if not _AMOUNT.fullmatch(bare):
        return None
    found = int(Fraction(bare) * 100)
    return found if found <= MOST else None


def cost_fits(entry: CostEntry) -> Decision:
    """Whether a line can be kept."""
    if entry.category not in CATEGORIES:
        return Decision(False, f"“{entry.category}” is no category. There are: {_known()}.")
    if not EARLIEST <= entry.price_year <= LATEST:
        return Decision(False, "Say in prices of which year the amount is, such as 2024.")
    return _fits(entry)


def contract_fits(entry: ContractEntry) -> Decision:
    """Whether a contract can be kept."""
    if not entry.funder.strip():
        return Decision(False, "Say who pays.")
    if entry.persons is not None and entry.persons < 1:
        return Decision(False, "A contract is for at least one person, or leave the number out.")
    return _fits(entry)


def _fits(entry: CostEntry | ContractEntry) -> Decision:
    if not 0 < entry.amount <= MOST:
        return Decision(False, "The amount must be more than nothing, such as 1250.00.")
    if not _CURRENCY.fullmatch(entry.currency):
        return Decision(False, f"“{entry.currency}” is no currency. Write its code, such as EUR.")
    if entry.last_on < entry.first_on:
        return Decision(False, "The last day is before the first day.")
    if not entry.source.strip():
        return Decision(False, "Say where the amount comes from, such as the accounts of 2024.")
    return Decision(True, "It can be kept.")


def _known() -> str:
    return ", ".join(one.replace("_", " ") for one in CATEGORIES)


def line_of(cells: Mapping[str, str]) -> CostEntry | str:
    """A row of a file, by the names of `HEADERS`; or a sentence naming the column to mend."""
    amount = hundredths(cells["amount"])
    if amount is None:
        return f"amount: “{cells['amount']}” is not an amount such as 1250.00."
    year = cells["price_year"].strip()
    if not year.isdecimal():
        return f"price year: “{year}” is not a year, so the amount cannot be used."
    included = _YES.get(cells["included"].strip().lower())
    if included is None:
        return f"included: “{cells['included']}” is neither yes nor no."
    days = []
    for name, header in (("first_on", "first day"), ("last_on", "last day")):
        try:
            days.append(date.fromisoformat(cells[name].strip()[:10]))
        except ValueError:
            return f"{header}: “{cells[name]}” is not a day written as 2024-01-31."
    entry = CostEntry(
        category=cells["category"].strip().lower().replace(" ", "_"),
        amount=amount,
        currency=cells["currency"].strip().upper(),
        price_year=int(year),
        included=included,
        first_on=days[0],
        last_on=days[1],
        source=cells["source"].strip(),
        note=cells.get("note", "").strip(),
    )
    decision = cost_fits(entry)
    return entry if decision else decision.reason
