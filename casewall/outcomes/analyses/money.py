"""What may have been saved: a range, with every assumption that it rests on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewall.outcomes.analyses.told import Analysis
from casewall.outcomes.costs.ledger import Denominators, count_denominators, of_lines
from casewall.outcomes.costs.money import CostError, Money
from casewall.outcomes.costs.prices import uprate
from casewall.outcomes.costs.scenarios import Assumption, Saving, Scenario
from casewall.outcomes.costs.units import shipped_unit_costs
from casewall.outcomes.extract import Extract

PERSONS = ("referred", "started", "completed", "partners")
KEYS = ("says", "persons", "years", "assumption")
_ENDS = ("low", "central", "high", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingPlan:
    """A scenario as it is written in a file: whom it is about, over how many years, and rows.

    ``persons`` names one of the four denominators of a cost. A unit cost is named by the id of a
    shipped one (``unit``), or given as the other rows are, in prices of the ledger.
    """

    id: str
    says: str
    persons: str
    years: int
    rows: Mapping[str, Mapping[str, Any]]


def read_savings(text: str, name: str) -> tuple[SavingPlan, ...]:
    """The scenarios of a TOML text, each under ``[scenario.<id>]``.

    Raises CostError naming file, scenario and key.
    """
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise CostError(f"{name} cannot be read: {problem}.") from problem
    entries = whole.pop("scenario", None)
    if whole or not isinstance(entries, dict) or not entries:
        raise CostError(f"{name}: scenarios are expected under [scenario.<id>], nothing else.")
    return tuple(_plan(f"{name}, scenario {key}", key, entry) for key, entry in entries.items())


def _plan(where: str, key: str, entry: Any) -> SavingPlan:
    if not isinstance(entry, dict):
        raise CostError(f"{where}: keys are expected here.")
    for strange in set(entry) - set(KEYS):
        raise CostError(f"{where}: there is no key “{strange}”; known are {', '.join(KEYS)}.")
    persons, years, rows = entry.get("persons"), entry.get("years"), entry.get("assumption")
    if persons not in PERSONS:
        raise CostError(f"{where}, persons: one of {', '.join(PERSONS)} is needed.")
    if not isinstance(years, int) or isinstance(years, bool) or years < 1:
        raise CostError(f"{where}, years: a whole number from 1 on is needed.")
    if not isinstance(rows, dict):
        raise CostError(f"{where}, assumption: the rows are missing.")
    for row, values in rows.items():
        _check_row(f"{where}, assumption {row}", values)
    return SavingPlan(id=key, says=str(entry.get("says") or key), persons=persons, years=years,
                      rows=rows)


def _check_row(where: str, values: Any) -> None:
    if not isinstance(values, dict):
        raise CostError(f"{where}: low, central, high and source are expected.")
    known = ("unit", *_ENDS)
    for strange in set(values) - set(known):
        raise CostError(f"{where}: there is no key “{strange}”; known are {', '.join(known)}.")
    needed = () if "unit" in values else _ENDS
    for key, value in values.items():
        if not isinstance(value, str):
            raise CostError(f"{where}, {key}: write it between quotes, so that it stays exact.")
    for key in needed:
        if not values.get(key, "").strip():
            raise CostError(f"{where}, {key}: it is missing.")


def saved(extract: Extract, plan: SavingPlan) -> Analysis:
    """The scenario over this extract's own costs and people; refused in a sentence, never half."""
    heading = f"What may have been saved: {plan.says}"
    columns = ("Assumption", "Careful end", "Middle", "Hopeful end", "Where it comes from")
    said = ("A saving is never one number: the careful end takes every assumption at its careful "
            "end, the hopeful one at its hopeful end. Nothing here was measured but what was "
            "spent and on how many.")
    try:
        saving = _saving(extract, plan)
    except CostError as refused:
        return Analysis(id=f"saved-{plan.id}", heading=heading, says=said, columns=columns,
                        rows=(), warnings=(str(refused),))
    rows: list[tuple[str, ...]] = [
        (f"{one.name.replace('_', ' ').capitalize()}: {one.means}", f"{float(one.low):,g}",
         f"{float(one.central):,g}", f"{float(one.high):,g}", one.source)
        for one in saving.assumptions]
    rows += [("Saved", str(saving.careful), str(saving.central), str(saving.hopeful),
              f"{saving.persons} persons ({plan.persons}), {saving.years} years"),
             ("Saved for each unit of money spent",
              *(f"{float(one):.2f}" for one in saving.returned), f"Spent: {saving.spent}")]
    return Analysis(id=f"saved-{plan.id}", heading=heading, says=said, columns=columns,
                    rows=tuple(rows), warnings=(saving.says, *_caveats(plan)))


def _saving(extract: Extract, plan: SavingPlan) -> Saving:
    spent = of_lines(extract.costs).total
    persons = count_denominators(extract.persons, extract.period_from, extract.period_to)
    return Scenario(persons=_count(persons, plan), years=plan.years, spent=spent,
                    assumptions=[_row(name, values, spent)
                                 for name, values in plan.rows.items()]).saving()


def _count(persons: Denominators, plan: SavingPlan) -> int:
    return int(getattr(persons, plan.persons))


def _row(name: str, values: Mapping[str, str], spent: Money) -> Assumption:
    if "unit" not in values:
        try:
            return Assumption.of(name, *(values[key] for key in _ENDS))
        except CostError:
            raise
        except (ValueError, ZeroDivisionError):
            raise CostError(f"{name}: low, central and high must be numbers.") from None
    known = shipped_unit_costs()
    unit = known.get(values["unit"])
    if unit is None:
        raise CostError(f"{name}: there is no unit cost “{values['unit']}”; known are "
                        f"{', '.join(sorted(known))}.")
    if unit.cost.currency != spent.currency:
        raise CostError(f"{name}: the unit cost is in {unit.cost.currency} and the ledger in "
                        f"{spent.currency}; give it in the ledger's currency, with how.")
    brought = uprate(unit.cost, spent.price_year).amount
    return Assumption(name, brought, brought, brought,
                      f"{unit.source}; brought to prices of {spent.price_year}")


def _caveats(plan: SavingPlan) -> list[str]:
    known = shipped_unit_costs()
    named = [known[row["unit"]] for row in plan.rows.values() if row.get("unit") in known]
    return [unit.caveat for unit in named if unit.caveat]
