"""Our people beside published aggregates of other people."""

from __future__ import annotations

from collections.abc import Sequence

from casewall.outcomes.analyses.told import Analysis, ends, number, p_value, said
from casewall.outcomes.extract import Extract, Wave
from casewall.outcomes.series.words import ORDER
from casewall.outcomes.statistics.comparators import (
    Beside,
    Comparator,
    beside,
    danish_comparison,
)
from casewall.outcomes.statistics.means import MeanDifference
from casewall.outcomes.statistics.records import cohort, scores
from casewall.outcomes.statistics.two_by_two import TwoByTwo

IN_WORK = frozenset({"employed", "self_employed", "part_time"})
"""Codes of employment that mean being in work."""

OF_CLIENTS, OF_PARTNERS = "client", "partner"


def others(extract: Extract, comparators: Sequence[Comparator]) -> Analysis:
    """Clients, and partners apart from them, beside every comparator.

    The measure of a comparator is ``client.<what>`` or ``partner.<what>``, where *what* is
    ``violence_months``, ``needs``, ``employed``, ``need.<code>``, or a scale at a time point,
    ``<scale>@<time point>``.
    """
    found = [one for who in (OF_CLIENTS, OF_PARTNERS)
             for one in _of(extract, who, comparators)]
    strange = [one for one in comparators
               if one.measure.partition(".")[0] not in (OF_CLIENTS, OF_PARTNERS)]
    warnings = [f"“{one.name}”: the measure “{one.measure}” must begin with client. or partner."
                for one in strange]
    rows = []
    for one in found:
        if one.compared is None:
            warnings.append(f"“{one.comparator.name}”, {one.comparator.measure}: {one.refused}")
            continue
        rows.append((one.comparator.measure, one.comparator.name, *_cells(one.compared)))
        warnings += one.compared.warnings
    return Analysis(
        id="others", heading="Beside other people",
        says="Published aggregates of other populations. They differ from our people in why and "
             "how they came; a difference is no effect of the programme.",
        columns=("Measure", "Others", "Ours", "Theirs", "Difference", "95% interval", "p"),
        rows=tuple(rows), warnings=said(warnings))


def _of(extract: Extract, who: str, comparators: Sequence[Comparator]) -> tuple[Beside, ...]:
    """What is compared of one role; the comparators are named without their first word."""
    theirs = [_bare(one) for one in comparators if one.measure.startswith(f"{who}.")]
    if not theirs:
        return ()
    persons = cohort(extract, "partner" if who == OF_PARTNERS else "client")
    named = f"our {who}s"
    at_time = [one for one in theirs if "@" in one.measure]
    own = {}
    for one in at_time:
        scale, _, wave = one.measure.partition("@")
        if wave in ORDER:
            point: Wave = ORDER[ORDER.index(wave)]
            own[one.measure] = scores(extract, persons, source=who, scale=scale, wave=point)
    others_ = [one for one in theirs if one not in at_time]
    return (*danish_comparison(persons, others_, employed=IN_WORK, ours=named),
            *beside(own, at_time, ours=named))


def _bare(one: Comparator) -> Comparator:
    return Comparator(name=one.name, measure=one.measure.partition(".")[2],
                      population=one.population, source=one.source, n=one.n, mean=one.mean,
                      sd=one.sd, count=one.count)


def _cells(compared: MeanDifference | TwoByTwo) -> tuple[str, str, str, str, str]:
    """Ours, theirs, the difference with its interval, and p."""
    if isinstance(compared, MeanDifference):
        return (f"{number(compared.first.mean)} (n {compared.first.n})",
                f"{number(compared.second.mean)} (n {compared.second.n})",
                number(compared.value), ends(compared.interval), p_value(compared.test))
    ours, theirs = (f"{arm.events}/{arm.n}" for arm in (compared.first, compared.second))
    difference = compared.risk_difference
    points = None if difference.value is None else 100 * difference.value
    return (ours, theirs, f"{number(points)} points", ends(difference.interval, times=100),
            p_value(compared.fisher))
