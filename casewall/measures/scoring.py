"""Scoring of answers: pure, versioned, and never inventing an answer.

Four things look alike on an empty line and are kept apart: *prefer not to say* (asked, and
answered so), *not asked* (the worker left it out), *missing* (asked, nothing written) and a
number. Only numbers are scored. A missing answer is never a zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from casewall.measures.definitions import PREFER_NOT_TO_SAY, AlertRule, Definition

NOT_ASKED = "not-asked"

Answers = Mapping[str, str | None]
"""Answer codes by linkId. ``NOT_ASKED`` where it was not asked; None or absent: missing."""


class AnswerError(ValueError):
    """An answer that the definition does not know; says question and answer."""


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one filled-in measure; ``value`` is None with too few answers.

    ``answered`` counts numbers only; ``answered``, ``prefer_not_to_say``, ``not_asked`` and
    ``missing`` add up to ``items``.
    """

    value: float | None
    answered: int
    items: int
    prefer_not_to_say: int
    not_asked: int
    missing: int
    measure_version: str
    scorer_version: str


def score(definition: Definition, answers: Answers) -> Score:
    """The mean of the answered items, reversed items turned, stretched to the score's range.

    Raises AnswerError for a question or an answer that the definition does not know.
    """
    check(definition, answers)
    numbers = []
    for item in definition.items:
        number = _number(definition, item.link_id, answers)
        if number is not None:
            turned = definition.lowest + definition.highest - number
            numbers.append(turned if item.reversed else number)
    given = [answers.get(link_id) for link_id in definition.link_ids]
    return Score(
        value=_stretched(definition, numbers),
        answered=len(numbers),
        items=len(definition.items),
        prefer_not_to_say=given.count(PREFER_NOT_TO_SAY),
        not_asked=given.count(NOT_ASKED),
        missing=given.count(None),
        measure_version=definition.version,
        scorer_version=definition.scorer_version,
    )


def raised_alerts(definition: Definition, answers: Answers) -> tuple[AlertRule, ...]:
    """The alerts that these answers raise, before any arithmetic. Raises AnswerError."""
    check(definition, answers)
    raised = []
    for alert in definition.alerts:
        number = _number(definition, alert.link_id, answers)
        if number is not None and number >= alert.at_least:
            raised.append(alert)
    return tuple(raised)


def check(definition: Definition, answers: Answers) -> None:
    """Raises AnswerError unless every question and answer is known to the definition."""
    codes = {item.link_id: [option.code for option in item.options] for item in definition.items}
    for link_id, code in answers.items():
        if link_id not in codes:
            raise AnswerError(f"{definition.name} has no question {link_id}")
        if code not in (None, NOT_ASKED, *codes[link_id]):
            raise AnswerError(
                f"{link_id}: {code!r} is not one of {', '.join(codes[link_id])}, {NOT_ASKED}"
            )


def _number(definition: Definition, link_id: str, answers: Answers) -> int | None:
    """The number of the answer as given, before any turning; None where there is none."""
    for item in definition.items:
        for option in item.options:
            if item.link_id == link_id and option.code == answers.get(link_id):
                return option.number
    return None


def _stretched(definition: Definition, numbers: list[int]) -> float | None:
    if len(numbers) < definition.minimum_answered:
        return None
    mean = Fraction(sum(numbers), len(numbers))
    share = (mean - definition.lowest) / (definition.highest - definition.lowest)
    return float(definition.score_from + share * (definition.score_to - definition.score_from))
