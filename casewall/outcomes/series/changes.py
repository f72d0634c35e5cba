"""Scores over time, by who answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casewall.outcomes.extract import Extract, ScaleScore
from casewall.outcomes.intervals import Interval, mean_change, round_half_up
from casewall.outcomes.series.words import (
    ORDER,
    WHO,
    Series,
    one_decimal,
    scale_words,
    shown,
    wave_words,
)
from casewall.outcomes.suppress import LEAST_FOR_MEAN

Scores = Mapping[tuple[str, str], ScaleScore]
"""The scores of one scale as one source gives them, by person and time point."""

TOPS = (4.0, 20.0, 28.0, 100.0)
"""Where the scales of the shipped measures end."""
MOST_LINES = 4

PAIRED = (
    "Means of those who answered both times, with their 95% interval. Client and partner stand "
    "apart, each in their own words; silence is neither better nor worse."
)
EACH_TIME = (
    "Means of those who answered at each time, with their 95% interval. Not the same people answer "
    "every time, so that a line may rise or fall because others fell silent."
)


def changes(extract: Extract, *, release: bool) -> list[Series]:
    """A chart for each later time point that somebody answered who had also answered before."""
    found = _scores(extract)
    made = []
    for later in ORDER[ORDER.index("before") + 1:]:
        by_top: dict[float, list[dict[str, Any]]] = {}
        for (scale, source), scores in found.items():
            row = _row(scale, source, scores, ("before", later), release=release)
            if row is not None:
                by_top.setdefault(_top(found, scale), []).append(row)
        made += [_chart(later, top, rows) for top, rows in sorted(by_top.items(), reverse=True)]
    return made


def over_time(extract: Extract, *, release: bool) -> list[Series]:
    """Lines over the time points, for scales that were answered at three or more of them."""
    found = _scores(extract)
    by_name: dict[str, list[tuple[str, str]]] = {}
    for scale, source in found:
        by_name.setdefault(scale_words(scale), []).append((scale, source))
    made = []
    for name, lines in by_name.items():
        waves = [wave for wave in ORDER
                 if any(_level(found[line], wave, release=release) for line in lines)]
        if len(waves) < 3:
            continue
        made.append({
            "kind": "waves", "title": f"{name} over time", "description": EACH_TIME,
            "waves": [wave_words(wave) for wave in waves], "minimum": 0,
            "maximum": max(_top(found, scale) for scale, _ in lines),
            "lines": [
                {"label": WHO[source],
                 "points": [_level(found[scale, source], wave, release=release)
                            for wave in waves]}
                for scale, source in lines[:MOST_LINES]],
        })
    return made


def _scores(extract: Extract) -> dict[tuple[str, str], Scores]:
    """By scale and source, scales in the order of their words and the client first."""
    found: dict[tuple[str, str], dict[tuple[str, str], ScaleScore]] = {}
    for row in extract.scales:
        found.setdefault((row.scale, row.source), {})[row.key, row.wave] = row
    names = list(WHO)
    return dict(sorted(found.items(), key=lambda one: (
        scale_words(one[0][0]), names.index(one[0][1]), one[0][0])))


def _top(found: Mapping[tuple[str, str], Scores], scale: str) -> float:
    """The end of the axis: the shortest of the usual scales on which every score lies."""
    name = scale_words(scale)
    highest = max((row.score or 0 for (other, _), scores in found.items()
                   if scale_words(other) == name for row in scores.values()), default=0)
    return next(top for top in TOPS if highest <= top)


def _row(scale: str, source: str, scores: Scores, waves: tuple[str, str], *, release: bool
         ) -> dict[str, Any] | None:
    asked = {key for key, wave in scores if wave in waves}
    pairs = list(_pairs(scores, asked, waves))
    if not pairs:
        return None
    counted = f"{shown(len(pairs), release=release)} of {shown(len(asked), release=release)} asked"
    row: dict[str, Any] = {"label": scale_words(scale), "who": WHO[source], "first": None,
                           "second": None, "change": None, "low": None, "high": None,
                           "counted": counted}
    if release and len(pairs) < LEAST_FOR_MEAN:
        return row
    mean, interval = mean_change([second - first for first, second in pairs])
    places = 0 if release else 1
    row["first"] = _mean([first for first, _ in pairs], release=release)
    row["second"] = _mean([second for _, second in pairs], release=release)
    row["change"] = None if mean is None else round_half_up(mean, places)
    if interval is not None:
        row["low"], row["high"] = (round_half_up(end, places) for end in interval)
    return row


def _pairs(scores: Scores, asked: set[str], waves: tuple[str, str]
           ) -> Iterator[tuple[float, float]]:
    for key in sorted(asked):
        first, second = (scores.get((key, wave)) for wave in waves)
        if first and second and first.score is not None and second.score is not None:
            yield first.score, second.score


def _level(scores: Scores, wave: str, *, release: bool) -> dict[str, Any] | None:
    values = [row.score for (_, when), row in sorted(scores.items())
              if when == wave and row.score is not None]
    if not values or (release and len(values) < LEAST_FOR_MEAN):
        return None
    return _mean(values, release=release)


def _mean(values: Sequence[float], *, release: bool) -> dict[str, Any]:
    mean, interval = mean_change(values)
    places = 0 if release else 1
    low, high = _within(interval) or (None, None)
    return {"value": round_half_up(mean or 0.0, places), "n": shown(len(values), release=release),
            "low": None if low is None else round_half_up(low, places),
            "high": None if high is None else round_half_up(high, places)}


def _within(interval: Interval | None) -> Interval | None:
    """An interval for a mean cannot leave the scale, though the formula does not know that."""
    return None if interval is None else (max(interval[0], 0.0), min(interval[1], 100.0))


def _chart(later: str, top: float, rows: list[dict[str, Any]]) -> Series:
    title = f"Change from before to {wave_words(later)[:1].lower()}{wave_words(later)[1:]}"
    for row in rows:
        for point in (row["first"], row["second"]):
            if point and point["high"] is not None:
                point["high"] = min(point["high"], one_decimal(top))
    return {"kind": "change", "title": f"{title}, scales of 0 to {top:g}", "description": PAIRED,
            "first": "Before", "second": wave_words(later), "minimum": 0, "maximum": top,
            "rows": rows}
