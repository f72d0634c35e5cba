"""Definitions of questionnaires: FHIR R4 ``Questionnaire`` files, each with a scoring file.

``definitions/<name>.json`` says what is asked, in which languages; ``<name>.scoring.json`` how
answers become a score. A published version is never edited, only succeeded by another one.
Anything that does not fit is refused with a sentence that names file and key.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

DEFINITIONS = Path(__file__).parent / "definitions"
PREFER_NOT_TO_SAY = "prefer-not-to-say"

_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
_ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


class DefinitionError(ValueError):
    """A definition that cannot be used; says file and key."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: its code, its texts by language, and its number where it has one."""

    code: str
    texts: Mapping[str, str]
    number: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """One question: its texts by language, its answers, and whether its numbers are turned."""

    link_id: str
    texts: Mapping[str, str]
    options: tuple[Option, ...]
    reversed: bool


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An answer that asks for a worker today, whatever the score."""

    link_id: str
    at_least: int
    task: str


@dataclass(frozen=True, slots=True)
class Translation:
    """Whose words a language has, since when, and whether anybody has validated them.

    Words that change have a new version of the translation; the measure's own version says what
    is asked and stays.
    """

    translator: str
    dated: date
    version: str
    validated: bool


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of one measure.

    Numbers of answers run from ``lowest`` to ``highest``; the score from ``score_from`` to
    ``score_to``, and is given only from ``minimum_answered`` answers on. ``recall`` is the time
    that the questions ask about; ``introductions`` say so, by language.
    """

    name: str
    version: str
    scorer_version: str
    titles: Mapping[str, str]
    introductions: Mapping[str, str]
    items: tuple[Item, ...]
    answered_by: str
    recall: str
    languages: tuple[str, ...]
    translations: Mapping[str, Translation]
    licence: str
    wording: str
    lowest: int
    highest: int
    minimum_answered: int
    score_from: int
    score_to: int
    higher_is: str
    alerts: tuple[AlertRule, ...]

    @property
    def link_ids(self) -> tuple[str, ...]:
        return tuple(item.link_id for item in self.items)


def names() -> tuple[str, ...]:
    """The measures that are shipped."""
    paths = DEFINITIONS.glob("*.scoring.json")
    return tuple(sorted(path.name.removesuffix(".scoring.json") for path in paths))


@cache
def load(name: str) -> Definition:
    """The shipped measure of that name. Raises DefinitionError."""
    if name not in names():
        raise DefinitionError(f"there is no measure called {name}; there are {', '.join(names())}")
    return read(DEFINITIONS, name)


def read(folder: Path, name: str) -> Definition:
    """The measure ``name`` from a folder with its two files. Raises DefinitionError."""
    asked = _Reader(f"{name}.json", _written(folder / f"{name}.json"))
    scored = _Reader(f"{name}.scoring.json", _written(folder / f"{name}.scoring.json"))
    if asked.text("resourceType") != "Questionnaire":
        asked.refuse("resourceType", "only a Questionnaire is read")
    if asked.text("id") != name:
        asked.refuse("id", f"{asked.text('id')!r} is not the name of the file")
    if scored.text("measure") != name:
        scored.refuse("measure", f"{scored.text('measure')!r} is not the name of the file")
    if scored.text("version") != asked.text("version"):
        scored.refuse("version", "the two files are not of the same version")
    languages = tuple(scored.texts("languages"))
    items = _items(asked, scored, languages)
    definition = Definition(
        name=name,
        version=asked.text("version"),
        scorer_version=scored.text("scorer_version"),
        titles=_texts(asked, asked.written, "title", languages),
        introductions=_introduction(asked, languages),
        items=items,
        answered_by=scored.one_of("answered_by", ("partner", "client")),
        recall=scored.text("recall"),
        languages=languages,
        translations=_translations(scored, languages),
        licence=scored.text("licence"),
        wording=scored.text("wording"),
        lowest=scored.number("lowest"),
        highest=scored.number("highest"),
        minimum_answered=scored.number("minimum_answered"),
        score_from=scored.number("score_from"),
        score_to=scored.number("score_to"),
        higher_is=scored.one_of("higher_is", ("better", "worse")),
        alerts=_alerts(scored, items),
    )
    _check_numbers(scored, definition)
    return definition


def _written(path: Path) -> dict[str, Any]:
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise DefinitionError(f"{path.name}: the file is missing") from problem
    except ValueError as problem:
        raise DefinitionError(f"{path.name}: not readable as JSON: {problem}") from problem
    if not isinstance(written, dict):
        raise DefinitionError(f"{path.name}: an object is needed")
    return written


def _items(asked: "_Reader", scored: "_Reader", languages: tuple[str, ...]) -> tuple[Item, ...]:
    turned = scored.texts("reversed")
    items = []
    for number, written in enumerate(asked.objects(asked.written, "item"), 1):
        if written.get("type") == "display":
            continue
        where = f"item {number}"
        if written.get("type") != "choice":
            asked.refuse(f"{where}, type", "only choice and display are read")
        link_id = written.get("linkId")
        if not isinstance(link_id, str) or not link_id:
            asked.refuse(f"{where}, linkId", "a text is needed")
        options = tuple(
            _option(asked, f"{where}, answerOption {place}", option, languages)
            for place, option in enumerate(asked.objects(written, "answerOption", where), 1)
        )
        texts = _texts(asked, written, "text", languages, where)
        items.append(Item(link_id, texts, options, link_id in turned))
    found = [item.link_id for item in items]
    if len(set(found)) != len(found) or not found:
        asked.refuse("item", "every question needs a linkId of its own, and there must be one")
    for link_id in turned:
        if link_id not in found:
            scored.refuse("reversed", f"there is no question {link_id}")
    return tuple(items)


def _option(
    asked: "_Reader", where: str, written: Mapping[str, Any], languages: tuple[str, ...]
) -> Option:
    coding = written.get("valueCoding")
    if not isinstance(coding, dict) or not isinstance(coding.get("code"), str):
        asked.refuse(f"{where}, valueCoding", "a coding with a code is needed")
    numbers = [
        extension.get("valueDecimal")
        for extension in asked.objects(coding, "extension", where, optional=True)
        if extension.get("url") == _ORDINAL
    ]
    number = numbers[0] if numbers else None
    if number is None and coding["code"] != PREFER_NOT_TO_SAY:
        asked.refuse(f"{where}, extension", "an answer without a number must be prefer-not-to-say")
    if type(number) not in (int, type(None)):
        asked.refuse(f"{where}, extension", f"{number!r} is not a whole number")
    return Option(coding["code"], _texts(asked, coding, "display", languages, where), number)


def _texts(
    asked: "_Reader",
    written: Mapping[str, Any],
    key: str,
    languages: tuple[str, ...],
    where: str = "",
) -> dict[str, str]:
    """A text and its translations, by language; each language of the measure must be there."""
    found = {asked.text("language"): written.get(key)}
    [beside] = asked.objects({key: [written.get(f"_{key}", {})]}, key, where)
    for extension in asked.objects(beside, "extension", where, optional=True):
        if extension.get("url") == _TRANSLATION:
            parts = asked.objects(extension, "extension", where)
            language = next((p["valueCode"] for p in parts if "valueCode" in p), None)
            text = next((p["valueString"] for p in parts if "valueString" in p), None)
            found[str(language)] = text
    texts = {language: found.get(language) for language in languages}
    for language, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            place = f"{where}, {key}" if where else key
            asked.refuse(place, f"there is no text in the language {language}")
    return {language: str(text) for language, text in texts.items()}


def _introduction(asked: "_Reader", languages: tuple[str, ...]) -> dict[str, str]:
    items = asked.objects(asked.written, "item")
    shown = [number for number, item in enumerate(items, 1) if item.get("type") == "display"]
    if not shown:
        asked.refuse("item", "a display item must tell the recall window")
    return _texts(asked, items[shown[0] - 1], "text", languages, f"item {shown[0]}")


def _translations(scored: "_Reader", languages: tuple[str, ...]) -> dict[str, Translation]:
    """Translator, day and version of each language of the measure."""
    found = scored.written.get("translations")
    if not isinstance(found, dict) or set(found) != set(languages):
        scored.refuse("translations", "each language of the measure is needed, and no other")
    return {language: _translation(scored, language, found[language]) for language in languages}


def _translation(scored: "_Reader", language: str, written: Any) -> Translation:
    place = f"translations {language}, "
    reader = _Reader(scored.file, written if isinstance(written, dict) else {}, place)
    day = reader.text("dated")
    try:
        dated = date.fromisoformat(day)
    except ValueError:
        reader.refuse("dated", "a day is needed, such as 2026-11-23")
    if type(reader.written.get("validated")) is not bool:
        reader.refuse("validated", "true or false is needed")
    return Translation(
        reader.text("translator"), dated, reader.text("version"), reader.written["validated"]
    )


def _alerts(scored: "_Reader", items: tuple[Item, ...]) -> tuple[AlertRule, ...]:
    known = [item.link_id for item in items]
    alerts = []
    for number, written in enumerate(scored.objects(scored.written, "alerts"), 1):
        reader = _Reader(scored.file, written, f"alerts {number}, ")
        if reader.text("item") not in known:
            reader.refuse("item", f"there is no question {written['item']}")
        alerts.append(AlertRule(written["item"], reader.number("at_least"), reader.text("task")))
    return tuple(alerts)


def _check_numbers(scored: "_Reader", definition: Definition) -> None:
    if definition.lowest >= definition.highest:
        scored.refuse("highest", "it must be above lowest")
    if definition.score_from >= definition.score_to:
        scored.refuse("score_to", "it must be above score_from")
    if not 1 <= definition.minimum_answered <= len(definition.items):
        scored.refuse("minimum_answered", f"it must be from 1 to {len(definition.items)}")
    wanted = set(range(definition.lowest, definition.highest + 1))
    for item in definition.items:
        given = [option.number for option in item.options if option.number is not None]
        if set(given) != wanted or len(given) != len(wanted):
            scored.refuse("lowest", f"the numbers of {item.link_id} do not run from it to highest")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads keys of one file and refuses what is wrong, saying where it stands."""

    file: str
    written: Mapping[str, Any]
    place: str = ""

    def refuse(self, key: str, problem: str) -> NoReturn:
        raise DefinitionError(f"{self.file}, {self.place}{key}: {problem}")

    def text(self, key: str) -> str:
        found = self.written.get(key)
        if not isinstance(found, str) or not found.strip():
            self.refuse(key, "a text is needed")
        return found

    def number(self, key: str) -> int:
        found = self.written.get(key)
        if type(found) is not int:
            self.refuse(key, "a whole number is needed")
        return found

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        found = self.text(key)
        if found not in known:
            self.refuse(key, f"{found!r} is not one of {', '.join(known)}")
        return found

    def texts(self, key: str) -> list[str]:
        found = self.written.get(key)
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            self.refuse(key, "a list of texts is needed")
        return found

    def objects(
        self, written: Mapping[str, Any], key: str, where: str = "", *, optional: bool = False
    ) -> list[dict[str, Any]]:
        found = written.get(key, [] if optional else None)
        if not isinstance(found, list) or not all(isinstance(part, dict) for part in found):
            self.refuse(f"{where}, {key}" if where else key, "a list of objects is needed")
        return found
