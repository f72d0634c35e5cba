"""One person's answers to a measure over the time points, in words. Pure.

A score stands with the number of answers that it rests on; silence with its reason. A change is
said with the parameters that it is judged by, or is not judged. It says nothing about what
caused it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from casewall.measures.definitions import Definition
from casewall.measures.schedule import (
    STATE_COLOURS,
    STATE_WORDS,
    WAVE_WORDS,
    Expected,
    Kept,
    State,
    Wave,
)
from casewall.measures.scoring import band_words


class AnswerRow(Protocol):
    """What is needed of a stored answer, on either side."""

    measure: str
    wave: str
    answered_on: date | None
    score: float | None
    parts: Mapping[str, float | None]
    band: str
    answered_items: int
    items: int
    not_answered: str


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One time point of one measure as a page shows it."""

    wave: Wave
    when: str
    due: str
    state: State
    tag: tuple[str, str]
    said: str
    band: str
    parts: tuple[tuple[str, str], ...]
    note: str


class Verdict(StrEnum):
    """What a change of one person's score says."""

    BETTER = "better"
    WORSE = "worse"
    WITHIN_NOISE = "within_noise"


def title_of(definition: Definition, language: str = "en") -> str:
    """The title in a language, or in the first one that the measure has."""
    return definition.titles.get(language) or next(iter(definition.titles.values()))


def kept_of(rows: Iterable[AnswerRow]) -> dict[Wave, Kept]:
    """What is kept of each time point, from the stored rows of one measure."""
    return {Wave(row.wave): Kept(row.answered_on, row.not_answered) for row in rows}


def score_words(definition: Definition, row: AnswerRow) -> str:
    """A score with the number of answers that it rests on; without one, how many there are."""
    count = f"{row.answered_items} of {row.items}"
    if row.score is None:
        if definition.score_to is None:
            return f"{count} answered; this measure has no total"
        return f"No score: {count} questions answered"
    return f"{number(row.score)} of {number(definition.score_to)} ({count} answered)"


def number(value: float | None) -> str:
    """A number with at most one decimal."""
    return "?" if value is None else f"{value:.1f}".removesuffix(".0")


def time_rows(
    definition: Definition,
    every: Sequence[Expected],
    rows: Iterable[AnswerRow],
    reasons: Mapping[str, str],
) -> tuple[TimeRow, ...]:
    """The time points of the schedule, and those that were answered outside it, in their order.

    `reasons` are the words of the codes of silence.
    """
    stored = {Wave(row.wave): row for row in rows}
    planned = {one.wave: one for one in every}
    waves = [wave for wave in Wave if wave in stored or wave in planned]
    return tuple(
        _time_row(definition, wave, planned.get(wave), stored.get(wave), reasons) for wave in waves
    )


def _time_row(
    definition: Definition,
    wave: Wave,
    planned: Expected | None,
    row: AnswerRow | None,
    reasons: Mapping[str, str],
) -> TimeRow:
    state = planned.state if planned else _state_of(row)
    said, band = "", ""
    parts: tuple[tuple[str, str], ...] = ()
    if row is not None and row.answered_on is not None:
        said = score_words(definition, row)
        band = band_words(definition, row.band) if row.band else ""
        parts = parts_in_words(definition, row.parts)
    else:
        reason = row.not_answered if row is not None else planned.reason if planned else ""
        said = reasons.get(reason, reason)
    note = ""
    if planned and planned.in_window is False:
        note = "answered after the window"
    return TimeRow(
        wave=wave,
        when=WAVE_WORDS[wave],
        due=_due_words(planned),
        state=state,
        tag=(STATE_WORDS[state], STATE_COLOURS[state]),
        said=said,
        band=band,
        parts=parts,
        note=note,
    )


def _state_of(row: AnswerRow | None) -> State:
    return State.ANSWERED if row is not None and row.answered_on else State.SILENT


def _due_words(planned: Expected | None) -> str:
    if planned is None:
        return "not in the schedule"
    if planned.due_on is None or planned.until is None:
        return "no day yet"
    return f"{planned.due_on:%-d %B %Y}, by {planned.until:%-d %B %Y}"


def parts_in_words(
    definition: Definition, parts: Mapping[str, float | None]
) -> tuple[tuple[str, str], ...]:
    """The parts of a score by their names; a part without enough answers is said to have none."""
    short = f"{definition.name}."
    return tuple(
        (
            name.removeprefix(short).replace("_", " ").replace("-", " "),
            "no figure" if value is None else number(value),
        )
        for name, value in parts.items()
    )


def verdict(first: float, last: float, least: float, higher_is: str) -> Verdict:
    """Whether a change is at least as large as the least reliable one, and in which direction.

    `higher_is` is better or worse. Source: Jacobson and Truax 1991.
    """
    change = last - first
    if abs(change) < least:
        return Verdict.WITHIN_NOISE
    return Verdict.BETTER if (change > 0) is (higher_is == "better") else Verdict.WORSE


_VERDICTS = {
    Verdict.BETTER: "more than the measure's own inaccuracy, for the better",
    Verdict.WORSE: "more than the measure's own inaccuracy, for the worse",
    Verdict.WITHIN_NOISE: "within the measure's own inaccuracy, so it may be chance",
}


def change_words(definition: Definition, rows: Iterable[AnswerRow]) -> tuple[str, ...]:
    """The change from the first score to the last one, and by what it is judged.

    Empty with fewer than two scores. A measure without published parameters is not judged.
    """
    scores: dict[Wave, float] = {}
    for row in rows:
        if row.score is not None:
            scores[Wave(row.wave)] = row.score
    waves = [wave for wave in Wave if wave in scores]
    if len(waves) < 2:
        return ()
    first, last = scores[waves[0]], scores[waves[-1]]
    moved = last - first
    sign = "+" if moved > 0 else "−" if moved < 0 else "±"
    said = (
        f"From “{WAVE_WORDS[waves[0]]}” to “{WAVE_WORDS[waves[-1]]}” the score went from "
        f"{number(first)} to {number(last)} ({sign}{number(abs(moved))})."
    )
    return (said, _judged(definition, first, last), "A change does not say what caused it.")


def _judged(definition: Definition, first: float, last: float) -> str:
    change = definition.change
    if change is None or definition.higher_is == "neither":
        return (
            "There are no published parameters for this measure, so it cannot be said whether "
            "this is more than chance."
        )
    found = _VERDICTS[verdict(first, last, change.least, definition.higher_is)]
    if change.sd is None:
        by = f"published threshold {number(change.least)} points"
    else:
        by = (
            f"least reliable change {number(change.least)} points = 1.96 × √2 × standard "
            f"deviation {change.sd} × √(1 − reliability {change.reliability})"
        )
    return f"This is {found} ({by}; {change.source.rstrip('.')})."
