"""What a page of questions is and what was answered on it. Pure: no Django, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewall.measures.definitions import Definition, Item
from casewall.measures.scoring import raised_alerts

SKIPPED = "skip"
"""What the choice “Skip this question” sends. It is kept as missing, never as an answer."""
MINUTES_BEFORE = 2
"""Minutes for reading what stands before the first question; a page of questions takes one."""


def measures_of(form: str) -> tuple[str, ...]:
    """The measures that a slot names, one for each page of questions."""
    return tuple(form.split("+"))


def minutes_for(pages: int) -> int:
    """How long it takes, in minutes."""
    return MINUTES_BEFORE + pages


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen."""

    code: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a page shows it; `wrong` where what was sent is none of its answers."""

    name: str
    text: str
    choices: tuple[Choice, ...]
    wrong: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """What was sent of one page: answers by question, None where skipped or left alone."""

    answers: Mapping[str, str | None]
    chosen: Mapping[str, str]
    wrong: frozenset[str]


def filled(definition: Definition, sent: Mapping[str, str]) -> Filled:
    """Read a page that was sent. Nothing has to be answered; only unknown answers are wrong."""
    chosen, answers, wrong = {}, {}, set()
    for item in definition.items:
        code = sent.get(item.link_id, "")
        known = {option.code for option in item.options}
        answers[item.link_id] = code if code in known else None
        if code in known or code == SKIPPED:
            chosen[item.link_id] = code
        elif code:
            wrong.add(item.link_id)
    return Filled(answers, chosen, frozenset(wrong))


def questions(
    definition: Definition, language: str, skip: str, page: Filled | None = None
) -> tuple[Question, ...]:
    """The questions of a page in a language, with what was chosen before."""
    page = page or Filled({}, {}, frozenset())
    return tuple(_question(item, language, skip, page) for item in definition.items)


def _question(item: Item, language: str, skip: str, page: Filled) -> Question:
    chosen = page.chosen.get(item.link_id, "")
    texts = [(option.code, option.texts[language]) for option in item.options]
    choices = [Choice(code, text, code == chosen) for code, text in [*texts, (SKIPPED, skip)]]
    wrong = item.link_id in page.wrong
    return Question(item.link_id, item.texts[language], tuple(choices), wrong)


def dangers(
    definition: Definition, language: str, answers: Mapping[str, str | None]
) -> list[tuple[str, str]]:
    """Question and answer, in a language, of everything that will be told to the worker."""
    named = {alert.link_id for alert in raised_alerts(definition, answers)}
    found = []
    for item in definition.items:
        if item.link_id in named:
            texts = {option.code: option.texts[language] for option in item.options}
            found.append((item.texts[language], texts[str(answers[item.link_id])]))
    return found


def content(
    *, slot: str, page: int, answers: Mapping[str, str | None], answered_at: str
) -> dict[str, Any]:
    """What is sealed to the safety side. It names nobody: the slot leads to the file there."""
    return {
        "asked": {
            "slot": slot,
            "page": page,
            "answers": dict(answers),
            "answered_at": answered_at,
        }
    }
