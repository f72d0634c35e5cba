"""Before and after: change of the same people, and change that is more than measurement error."""

from __future__ import annotations

from casewall.outcomes.analyses.scales import UNASKED, Asked, scales_asked
from casewall.outcomes.analyses.told import (
    Analysis,
    answered,
    counted,
    ends,
    number,
    p_value,
    said,
)
from casewall.outcomes.extract import Extract
from casewall.outcomes.statistics.paired import PairedChange
from casewall.outcomes.statistics.records import change_on_scale, reliable_on_scale
from casewall.outcomes.statistics.results import NOT_A_CAUSE, NoFigure

BETTER = {"better": "Higher is better", "worse": "Lower is better", "neither": "Not rated"}


def change(extract: Extract) -> Analysis:
    """Paired change on every scale that was answered before and after, by who answered."""
    rows: list[tuple[str, ...]] = []
    warnings: list[str] = []
    for one in scales_asked(extract):
        try:
            found = change_on_scale(extract, one.persons, source=one.source, scale=one.scale)
        except NoFigure as refused:
            warnings.append(f"{one.label}: {refused}")
            continue
        rows.append(_change(one, found))
        warnings += found.warnings
    warnings = [NOT_A_CAUSE, *warnings] if rows or warnings else [UNASKED]
    return Analysis(
        id="change", heading="Change of those who answered before and after",
        says="Pairs only: nobody's silence is filled in. The t test asks about the mean, "
             "Wilcoxon's about the order of the changes; both give how often chance alone would "
             "bring as much. The effect is the change in standard deviations of the first scores.",
        columns=("Scale, by who answered", "Read", "Pairs of asked", "Before", "After", "Change",
                 "95% interval", "p (t)", "p (Wilcoxon)", "Effect"),
        rows=tuple(rows), warnings=said(warnings))


def _change(one: Asked, found: PairedChange) -> tuple[str, ...]:
    return (one.label, BETTER[one.higher_is], answered(found), number(found.mean_before),
            number(found.mean_after), number(found.value), ends(found.interval),
            p_value(found.t_test), p_value(found.wilcoxon), number(found.effect.value, 2))


def reliable(extract: Extract) -> Analysis:
    """Persons who changed by more than measurement error, where a measure says how much that is."""
    rows, warnings = [], []
    for one in scales_asked(extract):
        if one.criterion is None:
            continue
        try:
            found = reliable_on_scale(extract, one.persons, source=one.source,
                                      criterion=one.criterion)
        except NoFigure as refused:
            warnings.append(f"{one.label}: {refused}")
            continue
        _, percent, interval, bounds = counted(found.improvement)
        rows.append((one.label, number(one.criterion.reliably()), answered(found),
                     str(found.recovered), str(found.improved), str(found.unchanged),
                     str(found.deteriorated), percent, interval, bounds))
        warnings += [*found.warnings, f"{one.label}: {one.criterion.source}."]
    if not rows and not warnings:
        warnings.append("No measure with a published reliable change was answered.")
    return Analysis(
        id="reliable", heading="Reliable and clinically significant change",
        says="After Jacobson and Truax (1991), person by person: recovered is a reliable "
             "improvement that also crosses the measure's cut-off.",
        columns=("Scale, by who answered", "Points needed", "Pairs of asked", "Recovered",
                 "Improved", "Unchanged", "Worse", "Improved in all", "95% interval",
                 "If all silent were worse or better"),
        rows=tuple(rows), warnings=said(warnings))
