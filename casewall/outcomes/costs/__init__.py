"""What a service costs, for whom, in which prices, and what it may have saved.

Money is exact here (fractions), never a float, and always says its currency and its price year.
"""

from casewall.outcomes.costs.headline import Headline, compare
from casewall.outcomes.costs.ledger import (
    Denominators,
    Ledger,
    PerPerson,
    cost_per_each,
    count_denominators,
    funded_in,
    of_lines,
    per_week,
)
from casewall.outcomes.costs.money import CostError, Money
from casewall.outcomes.costs.prices import Brought, Step, bring, convert, uprate
from casewall.outcomes.costs.scenarios import Assumption, Saving, Scenario
from casewall.outcomes.costs.units import UnitCost, read_unit_costs, shipped_unit_costs

__all__ = [
    "Assumption",
    "Brought",
    "CostError",
    "Denominators",
    "Headline",
    "Ledger",
    "Money",
    "PerPerson",
    "Saving",
    "Scenario",
    "Step",
    "UnitCost",
    "bring",
    "compare",
    "convert",
    "cost_per_each",
    "count_denominators",
    "funded_in",
    "of_lines",
    "per_week",
    "read_unit_costs",
    "shipped_unit_costs",
    "uprate",
]
