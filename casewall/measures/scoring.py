"""Scoring of answers: pure, versioned, and never inventing an answer.

Things that look alike on an empty line are kept apart: *prefer not to say* (asked, and answered
so), *not asked* (the worker left it out), *not applicable* (switched off by another answer, not
part of this time point, or answered by words that have no number, such as "no children"),
*missing* (asked, nothing written) and a number. Only numbers are scored. A missing answer is
never a zero.
"""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from casewall.measures.kinds import (
    PREFER_NOT_TO_SAY,
    WAVES,
    WITHOUT_TOTAL,
    AlertRule,
    Band,
    Condition,
    Cut,
    Definition,
    Item,
    Missing,
    Scorer,
)

NOT_ASKED = "not-asked"

_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
"""What is read as a number. Longer ones are mistakes, or meant to keep a computer busy."""

Number = int | Fraction
"""A number of an answer, and every sum of them: exact until the last step."""
Answers = Mapping[str, str | None]
"""Answer codes by linkId; a number is written as text. ``NOT_ASKED`` where it was not asked;
None, empty or absent: missing."""


class AnswerError(ValueError):
    """An answer that the definition does not know; says question and answer."""


class NoTotalError(ValueError):
    """A total was asked of answers or of a tool that have none; says why."""


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one filled-in measure; ``value`` is None with too few answers.

    ``answered`` counts numbers only; ``answered``, ``prefer_not_to_say``, ``not_asked``,
    ``not_applicable`` and ``missing`` add up to ``items``, the questions that can be scored.
    ``reason`` says why there is no value. ``parts`` are the subscales (for days: the
    substances); ``ratings`` the codes of a structured judgement. ``band`` is the code of the
    published range, ``clinical`` whether the published cut-off is reached; both None where that
    is unknown, or where they were published by sex and no sex was given. ``least`` is what a
    checklist with gaps adds up to at the least. ``prorated``: raised in proportion to all items.
    """

    value: float | None
    answered: int
    items: int
    prefer_not_to_say: int
    not_asked: int
    missing: int
    measure_version: str
    scorer_version: str
    not_applicable: int = 0
    parts: Mapping[str, float | None] = field(default_factory=dict)
    ratings: Mapping[str, str | None] = field(default_factory=dict)
    band: str | None = None
    clinical: bool | None = None
    reason: str = ""
    least: float | None = None
    prorated: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A checklist's result after a professional has looked: None where nothing is certain."""

    high: bool | None
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Sum:
    value: Number | None
    reason: str = ""
    prorated: bool = False


def score(
    definition: Definition, answers: Answers, *, sex: str | None = None, wave: str | None = None
) -> Score:
    """Value, parts, band and cut-off by the definition's scorer, reversed items turned.

    ``sex`` is used only where cut-offs were published by sex, and is never assumed. ``wave`` is
    the time point, for measures that ask different questions at different ones. Raises
    AnswerError for a question, an answer or a time point that the definition does not know.
    """
    check(definition, answers)
    if wave is not None and wave not in WAVES:
        raise AnswerError(f"{wave!r} is not one of {', '.join(WAVES)}")
    scorer = definition.scorer
    scored = [item for item in definition.items if item.scored]
    off = switched_off(definition, answers)
    standing = {i.link_id: _standing(i, answers, wave, i.link_id in off) for i in scored}
    numbers = _numbers(definition, scored, answers, off)
    found = _value(scorer, definition, numbers)
    counts = list(standing.values())
    low, high = _bounds(definition, numbers, found.value)
    value = None if found.value is None else float(found.value)
    return Score(
        value=value,
        answered=counts.count("answered"),
        items=len(scored),
        prefer_not_to_say=counts.count(PREFER_NOT_TO_SAY),
        not_asked=counts.count(NOT_ASKED),
        not_applicable=counts.count("not-applicable"),
        missing=counts.count("missing"),
        measure_version=definition.version,
        scorer_version=definition.scorer_version,
        parts=_parts(definition, numbers),
        ratings=_ratings(definition, answers),
        band=_band(scorer.bands, value, sex),
        clinical=_clinical(scorer.cuts, low, high, sex),
        reason=found.reason,
        least=low if scorer.kind == "count_yes" else None,
        prorated=found.prorated,
    )


def total(
    definition: Definition, answers: Answers, *, sex: str | None = None, wave: str | None = None
) -> float:
    """The one number of the measure. Raises NoTotalError where there is none, saying why."""
    found = score(definition, answers, sex=sex, wave=wave)
    if found.value is None:
        raise NoTotalError(f"{definition.titles[definition.languages[0]]}: {found.reason}")
    return found.value


def coded(definition: Definition, answers: Answers) -> dict[str, str]:
    """The codes of the answers that figures count one by one; empty where they count none.

    Codes only: words and numbers that somebody wrote are not among them.
    """
    if not definition.counted:
        return {}
    chosen = {item.link_id for item in definition.items if item.options}
    return {
        link_id: code
        for link_id, code in sorted(answers.items())
        if link_id in chosen and code and code != NOT_ASKED
    }


def derived(
    definition: Definition, answers: Answers, *, sex: str, wave: str | None
) -> dict[str, Any]:
    """What a record keeps beside raw answers, by column: score, parts, codes, band and versions.

    `sex` is as recorded: a band that was published by sex needs one that is known. Raises
    AnswerError.
    """
    found = score(
        definition, answers, sex=sex if sex in ("male", "female") else None, wave=wave
    )
    return {
        "score": found.value,
        "parts": dict(found.parts),
        "coded": coded(definition, answers),
        "band": found.band or "",
        "answered_items": found.answered,
        "items": found.items,
        "measure_version": found.measure_version,
        "scorer_version": found.scorer_version,
    }


def raised_alerts(definition: Definition, answers: Answers) -> tuple[AlertRule, ...]:
    """The alerts that these answers raise, before any arithmetic. Raises AnswerError."""
    return _raised(definition, definition.alerts, answers)


def escalations(definition: Definition, answers: Answers) -> tuple[AlertRule, ...]:
    """Answers that call for more than the score says, but not today. Raises AnswerError."""
    return _raised(definition, definition.escalations, answers)


def check(definition: Definition, answers: Answers) -> None:
    """Raises AnswerError unless every question and answer is known to the definition."""
    items = {item.link_id: item for item in definition.items}
    for link_id, code in answers.items():
        if link_id not in items:
            raise AnswerError(f"{definition.name} has no question {link_id}")
        if code not in (None, "", NOT_ASKED, PREFER_NOT_TO_SAY):
            _check_answer(items[link_id], code)


def applies(definition: Definition, item: Item, answers: Answers, wave: str | None = None) -> bool:
    """Whether the question is to be shown, given the answers before it and the time point."""
    if wave is not None and item.waves and wave not in item.waves:
        return False
    off = switched_off(definition, answers)
    return _switched_on(item, answers, off) is True


def switched_off(definition: Definition, answers: Answers) -> frozenset[str]:
    """The questions that other answers switch off for certain.

    Where the deciding answer is missing nobody knows, so that the question counts as missing.
    """
    off: set[str] = set()
    for item in definition.items:
        if _switched_on(item, answers, off) is False:
            off.add(item.link_id)
    return frozenset(off)


def band_words(definition: Definition, band: str | None, language: str = "en") -> str:
    """The name of a band, in English where the language has none; empty without a band."""
    for one in definition.scorer.bands:
        if one.code == band:
            return one.texts.get(language, one.texts["en"])
    return ""


def judged(
    definition: Definition, found: Score, *, high: bool | None = None, reason: str = ""
) -> Judged:
    """A checklist's result with a professional's judgement, which may raise and never lower.

    Raises AnswerError where the tool has no such rule, and for a judgement without a reason.
    """
    if definition.scorer.judgement != "upward":
        raise AnswerError(f"{definition.name} says nothing about overriding it by judgement")
    if found.clinical:
        said = "Judgement may raise this result and never lower it." if high is False else ""
        return Judged(True, "threshold", said)
    if not high:
        return Judged(found.clinical, "threshold" if found.clinical is False else "")
    if not reason.strip():
        raise AnswerError("A judgement above the threshold needs its reason in words.")
    return Judged(True, "judgement", reason.strip())


def _check_answer(item: Item, code: str) -> None:
    if item.kind in ("integer", "decimal"):
        number = _read_number(item, code)
        low, high = item.at_least, item.at_most
        if (low is not None and number < low) or (high is not None and number > high):
            raise AnswerError(f"{item.link_id}: {code} is not from {low} to {high}")
    elif item.kind != "text":
        codes = [option.code for option in item.options]
        if code not in codes:
            raise AnswerError(
                f"{item.link_id}: {code!r} is not one of {', '.join(codes)}, {NOT_ASKED}"
            )


def _read_number(item: Item, code: str) -> Fraction:
    kinds = {"integer": "a whole number", "decimal": "a number"}
    number = _written_number(code)
    if number is None or (item.kind == "integer" and "." in code):
        raise AnswerError(f"{item.link_id}: {code!r} is not {kinds[item.kind]}")
    return number


def _written_number(text: str) -> Fraction | None:
    """The number that a text is, or None. Exponents and fractions are not read."""
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def _standing(item: Item, answers: Answers, wave: str | None, off: bool) -> str:
    code = answers.get(item.link_id)
    if code in (NOT_ASKED, PREFER_NOT_TO_SAY):
        return str(code)
    if code:
        return "not-applicable" if _number(item, code) is None else "answered"
    outside = wave is not None and bool(item.waves) and wave not in item.waves
    return "not-applicable" if off or outside else "missing"


def _number(item: Item, code: str | None) -> Number | None:
    """The number of an answer as given, before any turning; None where there is none."""
    if not code or code in (NOT_ASKED, PREFER_NOT_TO_SAY) or item.kind == "text":
        return None
    if item.kind in ("integer", "decimal"):
        return _read_number(item, code)
    return next((option.number for option in item.options if option.code == code), None)


def _numbers(
    definition: Definition,
    scored: Iterable[Item],
    answers: Answers,
    off: frozenset[str],
) -> dict[str, Number | None]:
    """Numbers by question, turned where the item is reversed.

    A question that another answer switched off has the number that the publisher gives it. It
    must have been left empty: what somebody did answer is counted as answered.
    """
    published = definition.scorer.off_number
    found: dict[str, Number | None] = {}
    for item in scored:
        number = _number(item, answers.get(item.link_id))
        if number is not None and item.reversed and item.span is not None:
            number = sum(item.span) - number
        if item.link_id in off and not answers.get(item.link_id) and published is not None:
            number = published
        found[item.link_id] = number
    return found


def _value(scorer: Scorer, definition: Definition, numbers: Mapping[str, Number | None]) -> _Sum:
    if scorer.kind in WITHOUT_TOTAL:
        return _Sum(None, WITHOUT_TOTAL[scorer.kind])
    if scorer.kind == "sum_of_subscales":
        parts = [
            _combined(sub.method, sub.missing, _items(definition, sub.items), numbers, sub)
            for sub in scorer.subscales
        ]
        absent = next((part for part in parts if part.value is None), None)
        if absent is not None:
            return _Sum(None, absent.reason)
        values = [part.value for part in parts if part.value is not None]
        return _Sum(sum(values), "", any(part.prorated for part in parts))
    items = _items(definition, scorer.items)
    return _combined(scorer.kind, scorer.missing, items, numbers, scorer)


def _combined(
    method: str,
    missing: Missing,
    items: list[Item],
    numbers: Mapping[str, Number | None],
    ranged: object,
) -> _Sum:
    """One number from the numbers of some questions, or the sentence why there is none."""
    given = [(item, number) for item in items if (number := numbers[item.link_id]) is not None]
    if len(given) < missing.minimum:
        return _Sum(None, _too_few(len(given), len(items), missing.minimum))
    if method == "mean_stretched":
        low, high = ranged.lowest, ranged.highest  # type: ignore[attr-defined]
        shares = [_share(item, number) for item, number in given]
        return _Sum(low + Fraction(sum(shares)) / len(shares) * (high - low))
    summed = sum(number for _, number in given)
    if len(given) == len(items):
        return _Sum(summed)
    return _Sum(Fraction(summed) * len(items) / len(given), "", True)


def _share(item: Item, number: Number) -> Fraction:
    """Where a number lies between the lowest and the highest of its question, from 0 to 1."""
    low, high = cast(tuple[int, int], item.span)
    return Fraction(number - low, high - low)


def _too_few(given: int, of: int, minimum: int) -> str:
    if minimum == of:
        return f"No score: {given} of {of} questions have a number, and every one is needed."
    return f"No score: {given} of {of} questions have a number, and at least {minimum} are needed."


def _items(definition: Definition, link_ids: Iterable[str]) -> list[Item]:
    by_id = {item.link_id: item for item in definition.items}
    return [by_id[link_id] for link_id in link_ids]


def _parts(definition: Definition, numbers: Mapping[str, Number | None]) -> dict[str, float | None]:
    scorer = definition.scorer
    if scorer.kind == "days":
        days = {item.removeprefix(f"{definition.name}-"): numbers[item] for item in scorer.items}
        return {name: None if found is None else float(found) for name, found in days.items()}
    found = {}
    for sub in scorer.subscales:
        part = _combined(sub.method, sub.missing, _items(definition, sub.items), numbers, sub)
        found[sub.code] = None if part.value is None else float(part.value)
    return found


def _ratings(definition: Definition, answers: Answers) -> dict[str, str | None]:
    if definition.scorer.kind != "ratings":
        return {}
    return {item.link_id: answers.get(item.link_id) or None for item in definition.items}


def _bounds(
    definition: Definition, numbers: Mapping[str, Number | None], value: Number | None
) -> tuple[float | None, float | None]:
    """Between what the value lies: itself; for a checklist with gaps all no and all yes."""
    if value is not None:
        return float(value), float(value)
    if definition.scorer.kind != "count_yes":
        return None, None
    given = [numbers[link_id] for link_id in definition.scorer.items]
    yes = float(sum(number for number in given if number is not None))
    return yes, yes + given.count(None)


def _band(bands: Iterable[Band], value: float | None, sex: str | None) -> str | None:
    """The band of a value; a prorated value between two bands is in the lower one."""
    if value is None:
        return None
    for band in bands:
        if band.sex in (None, sex) and band.lowest <= value < band.highest + 1:
            return band.code
    return None


def _clinical(
    cuts: Iterable[Cut], low: float | None, high: float | None, sex: str | None
) -> bool | None:
    if low is None or high is None:
        return None
    return next((cut.reached(low, high) for cut in cuts if cut.sex in (None, sex)), None)


def _raised(
    definition: Definition, rules: Iterable[AlertRule], answers: Answers
) -> tuple[AlertRule, ...]:
    check(definition, answers)
    items = {item.link_id: item for item in definition.items}
    raised = []
    for rule in rules:
        number = _number(items[rule.link_id], answers.get(rule.link_id))
        if number is not None and number >= rule.at_least:
            raised.append(rule)
    return tuple(raised)


def _switched_on(item: Item, answers: Answers, off: Set[str]) -> bool | None:
    """Whether the conditions of a question hold; None where that hangs on a missing answer."""
    held = [_holds(condition, answers, off) for condition in item.conditions]
    if not held or (item.any_condition and True in held):
        return True
    if False in held and not (item.any_condition and None in held):
        return False
    return None if None in held else True


def _holds(condition: Condition, answers: Answers, off: Set[str]) -> bool | None:
    """Whether one condition holds. A question that is switched off meets none."""
    given = answers.get(condition.link_id)
    known = bool(given) and given not in (NOT_ASKED, PREFER_NOT_TO_SAY)
    if condition.operator == "exists":
        return known == (condition.value == "true")
    if not known or given is None:
        return False if condition.link_id in off else None
    left, right = _written_number(given), _written_number(condition.value)
    if left is None or right is None:
        same = given == condition.value
        return {"=": same, "!=": not same}.get(condition.operator, False)
    compared = {
        "=": left == right,
        "!=": left != right,
        ">": left > right,
        "<": left < right,
        ">=": left >= right,
        "<=": left <= right,
    }
    return compared[condition.operator]
