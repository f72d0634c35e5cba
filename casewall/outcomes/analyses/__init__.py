"""Analyses that stand beside the figures of a pack, for whoever works with the records.

Each is a table with its question, its denominators and its warnings. They are computed from exact
records and hold small numbers: none of them belongs in a release.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casewall.outcomes.analyses.beside import others
from casewall.outcomes.analyses.lost import attrition, dose, everybody
from casewall.outcomes.analyses.money import SavingPlan, read_savings, saved
from casewall.outcomes.analyses.scores import change, reliable
from casewall.outcomes.analyses.time import sooner
from casewall.outcomes.analyses.told import Analysis, as_told
from casewall.outcomes.extract import Extract
from casewall.outcomes.statistics.comparators import Comparator

__all__ = ["Analysis", "SavingPlan", "analyses_of", "read_savings"]

ALWAYS = (change, reliable, attrition, everybody, dose, sooner)


def analyses_of(extract: Extract, *, comparators: Sequence[Comparator] = (),
                savings: Sequence[SavingPlan] = ()) -> list[dict[str, Any]]:
    """Every analysis of the extract as plain data, in the order of the page.

    An analysis that the records cannot answer stands with a sentence in place of numbers.
    """
    found = [analyse(extract) for analyse in ALWAYS]
    if comparators:
        found.append(others(extract, comparators))
    found += [saved(extract, plan) for plan in savings]
    return [as_told(one) for one in found]
