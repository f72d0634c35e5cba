"""Cox's proportional hazards: several facts at once, and the time to the first incident.

Computed by lifelines, whose way with tied times is Efron's; the result says so.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy
import pandas
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError, ConvergenceWarning
from lifelines.statistics import proportional_hazard_test
from scipy import stats

from casewall.outcomes.intervals import CONFIDENCE, Interval
from casewall.outcomes.statistics.clock import Spell
from casewall.outcomes.statistics.results import (
    NOT_A_CAUSE,
    NoFigure,
    Result,
    Test,
    numbers,
    same_length,
)
from casewall.outcomes.statistics.survival import CENSORED_ALIKE, checked

EVENTS_EACH = 10
"""Fewer incidents than this for each fact make a model unsteady (Peduzzi and others 1995)."""
PLAIN = 0.05
_STEPS = {"precision": 1e-18, "r_precision": 0.0, "max_steps": 500}
"""Until the coefficients stand still to nine digits; left alone, lifelines stops a little earlier
than R would and its z differs in the sixth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One fact of the model. ``ratio`` is the hazard ratio for one unit more, others held alike.

    Above 1: incidents come sooner. ``coefficient`` is its logarithm. ``constancy`` tests whether
    the ratio is the same early and late, which the model takes for granted; ``constancy_said``
    says it in words.
    """

    name: str
    coefficient: float
    error: float
    ratio: float
    interval: Interval
    z: float
    p: float
    constancy: Test
    constancy_said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoxModel(Result):
    """A Cox model. ``value`` is its concordance: how often the one at higher risk fell first.

    0.5 is guessing. It has no interval here; each term has its own.
    """

    events: int
    ties: str
    terms: tuple[Term, ...]
    log_likelihood: float
    likelihood_ratio: Test


def cox(spells: Sequence[Spell], facts: Mapping[str, Sequence[float | None]]) -> CoxModel:
    """Fit Cox's model; ``facts`` has a column of numbers for each name (yes is 1, no is 0).

    Persons without one of the facts are left out and counted as missing. Raises NoFigure for no
    facts, columns of other lengths, no incident, a fact that is the same for all, facts that
    repeat each other, or a fit that does not settle.
    """
    checked(spells)
    if not facts:
        raise NoFigure("A Cox model needs at least one fact to compare people by.")
    columns = {}
    for name, values in facts.items():
        same_length(values, spells, f"“{name}” and the spells")
        columns[name] = numbers(values, f"“{name}”")
    whole_rows = [place for place in range(len(spells))
                  if all(column[place] is not None for column in columns.values())]
    kept = [spells[place] for place in whole_rows]
    rows = pandas.DataFrame(
        {name: [column[place] for place in whole_rows] for name, column in columns.items()},
        dtype=float,
    )
    _fit_to_fit(rows, kept)
    fitter = _fitted(rows, kept)
    events = sum(1 for one in kept if one.event)
    ratio = 2 * float(fitter.log_likelihood_ - fitter._ll_null_)
    return CoxModel(
        n=len(kept), asked=len(spells), value=float(fitter.concordance_index_), interval=None,
        method="Cox's proportional hazards, partial likelihood; tied times after Efron",
        parameters={"ties": "Efron", "confidence": CONFIDENCE, "facts": len(columns)},
        warnings=_warnings(events, len(columns), len(spells) - len(kept)),
        events=events, ties="Efron", terms=_terms(fitter, rows, kept),
        log_likelihood=float(fitter.log_likelihood_),
        likelihood_ratio=Test(
            name="likelihood ratio", statistic=ratio, degrees=len(columns),
            p=float(stats.chi2.sf(ratio, len(columns))),
            method="twice the gain in log partial likelihood over no facts at all",
        ),
    )


def _fit_to_fit(rows: pandas.DataFrame, spells: Sequence[Spell]) -> None:
    if not spells:
        raise NoFigure("Nobody has all the facts of the model.")
    if not any(one.event for one in spells):
        raise NoFigure("Nobody with all the facts had an incident: there is nothing to explain.")
    for name in rows:
        if rows[name].nunique() == 1:
            raise NoFigure(f"“{name}” is the same for everybody, so that it explains nothing.")
    standard = (rows - rows.mean()) / rows.std()
    if numpy.linalg.matrix_rank(standard.to_numpy(), tol=1e-8) < rows.shape[1]:
        raise NoFigure("Some facts repeat each other exactly; leave one of them out.")


def _fitted(rows: pandas.DataFrame, spells: Sequence[Spell]) -> CoxPHFitter:
    fitter = CoxPHFitter(alpha=1 - CONFIDENCE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            fitter.fit(_with_times(rows, spells), "_time", "_event", fit_options=_STEPS)
    except (ConvergenceError, ConvergenceWarning) as trouble:
        raise NoFigure(
            "The model does not settle: some fact divides those with and without an incident "
            "completely, or there are too few incidents."
        ) from trouble
    return fitter


def _with_times(rows: pandas.DataFrame, spells: Sequence[Spell]) -> pandas.DataFrame:
    return rows.assign(_time=[one.time for one in spells], _event=[one.event for one in spells])


def _terms(
    fitter: CoxPHFitter, rows: pandas.DataFrame, spells: Sequence[Spell]
) -> tuple[Term, ...]:
    constancy = proportional_hazard_test(
        fitter, _with_times(rows, spells), time_transform="identity"
    )
    terms = []
    for name in rows:
        line = fitter.summary.loc[name]
        found = constancy.summary.loc[name]
        test = Test(
            name="proportional hazards", statistic=float(found["test_statistic"]), degrees=1,
            p=float(found["p"]),
            method="Grambsch and Therneau 1994: scaled Schoenfeld residuals against time",
        )
        terms.append(Term(
            name=name, coefficient=float(line["coef"]), error=float(line["se(coef)"]),
            ratio=math.exp(line["coef"]), z=float(line["z"]), p=float(line["p"]),
            interval=(float(line["exp(coef) lower 95%"]), float(line["exp(coef) upper 95%"])),
            constancy=test, constancy_said=_said(name, float(found["p"])),
        ))
    return tuple(terms)


def _said(name: str, p: float) -> str:
    if p < PLAIN:
        return (f"The ratio of “{name}” does not look the same early and late (p = {p:.3f}): one "
                "number for the whole time misleads; show the curves.")
    return (f"Nothing speaks against one ratio of “{name}” for the whole time (p = {p:.2f}); with "
            "few incidents that is weak comfort.")


def _warnings(events: int, facts: int, left_out: int) -> tuple[str, ...]:
    found = []
    if events < EVENTS_EACH * facts:
        found.append(f"{events} incidents for {facts} facts are fewer than {EVENTS_EACH} each: "
                     "the ratios are unsteady.")
    if left_out:
        found.append(f"{left_out} persons lack a fact and are left out.")
    return (*found, CENSORED_ALIKE, NOT_A_CAUSE)
