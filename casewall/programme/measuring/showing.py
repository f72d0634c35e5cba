"""What pages of both sides show of questionnaires alike: charts, lists and completeness.

It reads no record and knows no person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from casewall.measures.definitions import Definition, DefinitionError
from casewall.measures.definitions import load as load_measure
from casewall.measures.over_time import TimeRow, title_of
from casewall.measures.schedule import (
    STATE_COLOURS,
    STATE_WORDS,
    WAVE_CHOICES,
    WAVE_WORDS,
    Expected,
    Responses,
    State,
    Wave,
    by_wave,
    responses,
)
from casewall.pages.charts import Drawing, Point, Series, wave_chart
from casewall.services.load import shipped

STATES = (State.LATE, State.DUE, State.PASSED, State.SILENT)
COLUMNS = [
    "Name",
    "Questionnaire",
    "Time",
    ("State", "tag"),
    ("Due", "date"),
    ("By", "date"),
]


def title(measure: str) -> str:
    """The English title of a measure, or its name where it is not on this machine any more."""
    try:
        return title_of(load_measure(measure))
    except DefinitionError:
        return measure


SHORT = {
    Wave.FIRST_CONTACT: "T0",
    Wave.BEFORE: "T1",
    Wave.MIDDLE: "T2",
    Wave.AFTER: "T3",
    Wave.FOLLOW_UP: "T4",
    Wave.MONTHS_6: "6 mo.",
    Wave.MONTHS_12: "12 mo.",
}
"""The time points where many stand side by side."""

MOST_WORDS = 3
"""So many time points keep their words below a chart, also on a telephone."""

TIME_COLUMNS = ["Time", ("State", "tag"), "Answer", "Due"]


def course_chart(definition: Definition, stored: Mapping[Wave, Any]) -> Drawing | None:
    """The scores from the first time that has one to the last; None with fewer than two."""
    scored = [wave for wave in Wave if wave in stored and stored[wave].score is not None]
    low, high = definition.score_from, definition.score_to
    if len(scored) < 2 or low is None or high is None:
        return None
    every = list(Wave)
    between = every[every.index(scored[0]) : every.index(scored[-1]) + 1]
    shown = [wave for wave in between if wave in stored]
    names = SHORT if len(shown) > MOST_WORDS else WAVE_WORDS
    said = ", ".join(f"{SHORT[wave]} is {WAVE_WORDS[wave].lower()}" for wave in shown)
    better = {"better": "Higher is better.", "worse": "Higher is worse."}
    return wave_chart(
        title=f"{title_of(definition)} over time",
        description=f"Scores from {low} to {high}. {better.get(definition.higher_is, '')} A gap "
        f"means that a time has no score.{f' {said}.' if names is SHORT else ''}",
        waves=[names[wave] for wave in shown],
        series=[Series(title_of(definition), [_point(stored[wave]) for wave in shown])],
        minimum=low,
        maximum=high,
    )


def time_cells(row: TimeRow, how: str, dangers: Iterable[str], url: str) -> dict[str, Any]:
    """One time point of one measure as a row of its table (`TIME_COLUMNS`)."""
    parts = ", ".join(f"{name} {value}" for name, value in row.parts)
    said = [
        *(f"Danger: {danger}" for danger in dangers),
        row.said,
        row.band,
        parts,
        how,
        row.note,
    ]
    text = " ".join(_sentence(one) for one in said if one)
    return {"cells": [row.when, row.tag, text or "–", row.due], "url": url}


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}" + ("" if text.endswith((".", "?")) else ".")


def _point(row: Any) -> Point | None:
    if row is None or row.score is None:
        return None
    return Point(row.score, n=f"{row.answered_items} of {row.items}")


def is_wanted(point: Expected, asked: Mapping[str, str]) -> bool:
    """Whether a point is in the list that was asked for: what to ask now, unless it says."""
    if asked["wave"] and point.wave != asked["wave"]:
        return False
    if asked["state"]:
        return point.state == asked["state"] and point.state in STATES
    return point.state in (State.DUE, State.LATE)


def in_order(point: Expected) -> tuple[int, date, str]:
    """What can still be asked first, the earliest first."""
    return STATES.index(point.state), point.due_on or date.max, point.measure


def listed(name: str, point: Expected, url: str) -> dict[str, Any]:
    """One time point of one person as a row of the list (`COLUMNS`)."""
    return {
        "cells": [
            name,
            title(point.measure),
            WAVE_WORDS[point.wave],
            (STATE_WORDS[point.state], STATE_COLOURS[point.state]),
            point.due_on or "–",
            point.until or "–",
        ],
        "url": url,
    }


def filters(asked: Mapping[str, str], services: Iterable[str]) -> list[dict[str, Any]]:
    """Three rows of links: by service (where there are several), by time, by state."""
    definitions = shipped()
    named = [(code, definitions[code].name if code in definitions else code) for code in services]
    states = [("", "To ask now"), *((one.value, STATE_WORDS[one]) for one in STATES)]
    groups = [
        ("Time", "wave", [("", "All times"), *WAVE_CHOICES]),
        ("State", "state", states),
    ]
    if len(named) > 1:
        groups.insert(0, ("Service", "service", [("", "All services"), *named]))
    return [
        {
            "label": label,
            "links": [
                {
                    "label": words,
                    "url": "?" + urlencode({**{k: v for k, v in asked.items() if v}, key: value}),
                    "current": asked[key] == value,
                }
                for value, words in choices
            ],
        }
        for label, key, choices in groups
    ]


def completeness(every: Iterable[Expected], reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    """For each questionnaire and time: answered of due, in the window, silent, still open."""
    lists: dict[str, list[Expected]] = {}
    for one in every:
        lists.setdefault(one.measure, []).append(one)
    return [
        {
            "title": title(measure),
            "total": share(responses(points)),
            "rows": [
                (WAVE_WORDS[wave], share(found), found, silence_words(found, reasons))
                for wave, found in by_wave(points)
                if found.due
            ],
        }
        for measure, points in lists.items()
        if responses(points).due
    ]


def share(found: Responses) -> str:
    """“12 of 20 (60%)”; of fewer than ten no percentage, which would say more than is known."""
    if found.rate is None:
        return "nothing was due"
    counted = f"{found.answered} of {found.due}"
    return f"{counted} ({found.rate:.0%})" if found.due >= 10 else counted


def silence_words(found: Responses, reasons: Mapping[str, str]) -> str:
    """Why there is silence, with how many."""
    said = [f"{reasons.get(code, code).lower()} {n}" for code, n in found.silent]
    return ", ".join(said) or "–"


def outdated(scorers: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """Measures with scores of another scorer than today's: name, title and how many.

    `scorers` are measure and scorer version of each answer.
    """
    counted: dict[str, int] = {}
    for measure, version in scorers:
        try:
            if load_measure(measure).scorer_version != version:
                counted[measure] = counted.get(measure, 0) + 1
        except DefinitionError:
            continue
    return [(measure, title(measure), n) for measure, n in sorted(counted.items())]
