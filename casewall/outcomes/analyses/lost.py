"""Who is lost, what an hour goes with, and everybody who started beside those who completed."""

from __future__ import annotations

from casewall.outcomes.analyses.scales import UNASKED, scales_asked
from casewall.outcomes.analyses.told import (
    ABSENT,
    Analysis,
    counted,
    ends,
    number,
    p_value,
    said,
)
from casewall.outcomes.extract import Extract
from casewall.outcomes.series.words import ORDER, wave_words
from casewall.outcomes.statistics.attrition import TimePoint
from casewall.outcomes.statistics.records import (
    all_and_completers_on_scale,
    dose_on_scale,
    responders_on_scale,
)
from casewall.outcomes.statistics.results import NoFigure

EDGES = (10, 30, 60)
"""Hours at which one band of the dose ends and the next begins."""

LATER = tuple(ORDER[ORDER.index("before") + 1:])


def attrition(extract: Extract) -> Analysis:
    """How those who answered later stood at the start, beside those who fell silent."""
    rows, warnings = [], []
    for one in scales_asked(extract):
        waves = [wave for wave in LATER if any(
            (row.source, row.scale, row.wave) == (one.source, one.scale, wave)
            for row in extract.scales)]
        try:
            points = responders_on_scale(extract, one.persons, source=one.source,
                                         scale=one.scale, waves=waves)
        except NoFigure as refused:
            warnings.append(f"{one.label}: {refused}")
            continue
        for point in points:
            rows.append((f"{one.label}, {_when(point.wave)}", *_point(point)))
            warnings += [point.note] if point.note else []
            warnings += point.baseline.warnings if point.baseline else ()
    return Analysis(
        id="attrition", heading="Who was lost, and how they stood at the start",
        says="First scores of those who answered at a later time less first scores of those who "
             "did not. A difference says that the silent are other people than the answers tell "
             "of.",
        columns=("Scale and time", "Answered", "Response", "First score, answered",
                 "First score, silent", "Difference", "95% interval"),
        rows=tuple(rows), warnings=said(warnings or [UNASKED]))


def _when(wave: str) -> str:
    words = wave_words(wave)
    return words[:1].lower() + words[1:]


def _point(point: TimePoint) -> tuple[str, ...]:
    of, percent, _, _ = counted(point.response)
    compared = point.baseline
    if compared is None:
        return (of, percent, ABSENT, ABSENT, ABSENT, ABSENT)
    return (of, percent, number(compared.first.mean), number(compared.second.mean),
            number(compared.value), ends(compared.interval))


def dose(extract: Extract) -> Analysis:
    """The share improved in each band of hours attended, as clients and as partners tell it."""
    rows, warnings = [], []
    for one in scales_asked(extract, of=("client",)):
        if one.higher_is == "neither":
            continue
        try:
            found = dose_on_scale(extract, one.persons, source=one.source, scale=one.scale,
                                  higher_is_better=one.higher_is_better, edges=EDGES)
        except NoFigure as refused:
            warnings.append(f"{one.label}: {refused}")
            continue
        for band in found.bands:
            rows.append((f"{one.label}, {band.label}", str(band.persons), *counted(band.share),
                         p_value(found.trend)))
        warnings += found.warnings
    return Analysis(
        id="dose", heading="Improved, by hours attended",
        says="Improved at all from before to after, of those who answered both times.",
        columns=("Scale and hours", "Clients", "Improved", "Percent", "95% interval",
                 "If none or all of the silent had", "p (trend)"),
        rows=tuple(rows), warnings=said(warnings or [UNASKED]))


def everybody(extract: Extract) -> Analysis:
    """All who started beside those who completed and those who left early."""
    rows, warnings = [], []
    for one in scales_asked(extract, of=("client",)):
        if one.higher_is == "neither":
            continue
        try:
            found = all_and_completers_on_scale(
                extract, one.persons, source=one.source, scale=one.scale,
                higher_is_better=one.higher_is_better)
        except NoFigure as refused:
            warnings.append(f"{one.label}: {refused}")
            continue
        for who, share in (("all who started", found.everybody),
                           ("completed", found.completers), ("left early", found.leavers)):
            asked = ABSENT if share is None else str(share.asked)
            rows.append((f"{one.label}, {who}", asked, *counted(share)))
        warnings += found.warnings
    return Analysis(
        id="everybody", heading="All who started beside those who completed",
        says="The first line of each scale is the one to quote: it leaves nobody out for whom it "
             "went badly.",
        columns=("Scale and who", "Clients", "Improved", "Percent", "95% interval",
                 "If none or all of the silent had"),
        rows=tuple(rows), warnings=said(warnings or [UNASKED]))
