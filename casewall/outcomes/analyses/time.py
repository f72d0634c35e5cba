"""What goes with an earlier new incident: Cox's model of facts known at the referral."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from casewall.outcomes.analyses.told import ABSENT, Analysis, ends, number, said
from casewall.outcomes.extract import Extract, Person
from casewall.outcomes.series.incidents import followed_spells
from casewall.outcomes.series.words import SOURCES, WHO, people
from casewall.outcomes.statistics.cox import Term, cox
from casewall.outcomes.statistics.results import NoFigure

KNOWN_OF = 0.5
"""A fact that is known of fewer than half of the people followed is left out, and named."""
WILD = 1e4
"""A ratio beyond this, or below one over it, is a fit that runs away and no finding."""
LONG = 24
"""Months of violence from which it counts as long."""

Facts = dict[str, list[float | None]]


def sooner(extract: Extract) -> Analysis:
    """A model for each role and each source that followed anybody from the referral."""
    rows: list[tuple[str, ...]] = []
    warnings: list[str] = []
    for role in ("partner", "client"):
        persons = people(extract, role)
        for source in SOURCES:
            pairs = followed_spells(extract, persons, role, source)
            if not pairs:
                continue
            label = f"{WHO[source]} about the {role}"
            facts, left = _facts(extract, [person for person, _ in pairs], role, source)
            warnings += [f"{label}: {sentence}" for sentence in left]
            try:
                model = cox([spell for _, spell in pairs], facts)
            except NoFigure as refused:
                warnings.append(f"{label}: {refused}")
                continue
            of = f"{model.events} incidents, {model.n} of {model.asked} people"
            for term in model.terms:
                rows.append((f"{label}: {term.name}", of, *_term(term)))
                warnings.append(f"{label}: {term.constancy_said}" if _settled(term) else
                                f"{label}: “{term.name}” divides the incidents too cleanly for a "
                                "ratio; more people must be followed.")
            warnings += model.warnings
    return Analysis(
        id="sooner", heading="What goes with an earlier new incident",
        says="Cox's model of facts that were known at the referral; days in custody are off the "
             "clock, and whoever is no longer followed is out from that day. A ratio above 1: "
             "incidents come sooner.",
        columns=("Source and fact", "Of", "Hazard ratio", "95% interval", "p"),
        rows=tuple(rows),
        warnings=said(warnings or ["No source followed anybody from the referral."]))


def _settled(term: Term) -> bool:
    """Whether the fit found an end: all incidents on one side of a fact have none."""
    return 1 / WILD < term.ratio < WILD


def _term(term: Term) -> tuple[str, str, str]:
    if not _settled(term):
        return (ABSENT, ABSENT, ABSENT)
    p = "below 0.001" if term.p < 0.001 else f"{term.p:.3f}"
    return (number(term.ratio, 2), ends(term.interval, 2), p)


def _facts(extract: Extract, persons: list[Person], role: str, source: str
           ) -> tuple[Facts, list[str]]:
    """The facts as columns of 1 and 0, and a sentence for each that is left out."""
    earlier: Mapping[str, list[float | None]] = {
        "an incident before the referral": _before(extract, persons, role, source),
        "children in the family": [None if one.children is None else float(one.children > 0)
                                   for one in persons],
        "violence for two years or more": [
            None if one.violence_months is None else float(one.violence_months >= LONG)
            for one in persons],
    }
    kept: Facts = {}
    left = []
    for name, column in earlier.items():
        known = [value for value in column if value is not None]
        if len(known) < KNOWN_OF * len(column):
            left.append(f"“{name}” is known of {len(known)} of {len(column)} and left out.")
        elif len(set(known)) == 1:
            left.append(f"“{name}” is the same for all and left out.")
        else:
            kept[name] = column
    return kept, left


def _before(extract: Extract, persons: list[Person], role: str, source: str
            ) -> list[float | None]:
    days: dict[str, list[date]] = {}
    for row in extract.incidents:
        if (row.role, row.source) == (role, source):
            days.setdefault(row.key, []).append(row.happened_on)
    return [float(any(day <= one.referred_on for day in days.get(one.key, [])))
            for one in persons]
