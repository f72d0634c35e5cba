"""Invented cohorts made to match what five services printed.

Each holds the counts of its print wherever a cohort exists that can, and says in `MADE_UP` what
the print leaves out and is therefore made up. Nobody in them exists. They stand in for records
only where the figures say so.
"""

from collections.abc import Callable, Mapping

from casewall.outcomes.extract import Extract
from casewall.outcomes.matched import (
    dvip,
    impact_paper,
    intervention_centre,
    substance_pilot,
    wwp_model,
    your_choice,
)

SEED = 1
"""The seed of every cohort that is published. It moves days, never a printed count."""

_COHORTS: Mapping[str, Callable[[int], Extract]] = {
    "dvip": dvip.cohort,
    "intervention-centre": intervention_centre.cohort,
    "substance-pilot": substance_pilot.cohort,
    "wwp-model": wwp_model.cohort,
    "your-choice": your_choice.cohort,
    "impact": impact_paper.cohort,
    "substance-pilot, second reading": substance_pilot.second_reading,
}

MADE_UP: Mapping[str, str] = {
    "dvip": dvip.MADE_UP,
    "intervention-centre": intervention_centre.MADE_UP,
    "substance-pilot": substance_pilot.MADE_UP,
    "wwp-model": wwp_model.MADE_UP,
    "your-choice": your_choice.MADE_UP,
    "impact": impact_paper.MADE_UP,
}
"""What of each cohort is in no print."""

SERVICES = ("intervention-centre", "dvip", "your-choice", "substance-pilot", "wwp-model")
"""The services whose prints are matched. The cohort of ``impact`` is a published paper's."""

OTHER_READING = {
    ("substance-pilot", "over-30-hours-of-started"): "substance-pilot, second reading",
}
"""Rows that one cohort cannot give beside the others: pack and card, and their own cohort."""

GIVEN: Mapping[str, frozenset[str]] = {
    "intervention-centre": frozenset(
        {"referred", "declined-or-not-reached", "at-the-centre", "clients", "partners",
         "clients-men", "clients-women", "partners-men", "partners-women", "municipalities"}),
    "dvip": frozenset(
        {"men", "without-children", "with-children", "children", "children-per-father",
         "boroughs", "counties", "contract"}),
    "your-choice": frozenset({"funding"}),
    "substance-pilot": frozenset(
        {"men", "started", "over-30-hours-of-assessed", "over-30-hours-of-started",
         "partners-in-contact"}),
    "wwp-model": frozenset(),
}
"""The rows of each pack whose numbers of persons stand in the print. All others are made up."""


def matched(name: str, seed: int = SEED) -> Extract:
    """The cohort that matches a print. Raises LookupError for any other name."""
    if name not in _COHORTS:
        known = ", ".join(sorted(_COHORTS))
        raise LookupError(f"there is no matched cohort called {name}; there are {known}")
    return _COHORTS[name](seed)
