"""The questions of a measure, read from a FHIR R4 ``Questionnaire``.

Read are items of the types group, display, choice, boolean, integer, decimal, string and text,
with answers written out (``answerOption``), numbers as ``ordinalValue``, translations and
``enableWhen``. A question that is only a sum of others (read-only, or with a calculated
expression) is left out: scores are never answers. Everything else is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casewall.measures.kinds import PREFER_NOT_TO_SAY, Condition, Group, Item, Option
from casewall.measures.reader import Reader

_TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
_SPACE = "http://hl7.org/fhir/StructureDefinition/"
_ORDINAL = (f"{_SPACE}ordinalValue", f"{_SPACE}itemWeight")
_LEAST, _MOST = f"{_SPACE}minValue", f"{_SPACE}maxValue"
_CALCULATED = "sdc-questionnaire-calculatedExpression"
_KINDS = {
    "choice": "choice",
    "boolean": "yes_no",
    "integer": "integer",
    "decimal": "decimal",
    "string": "text",
    "text": "text",
}
_YES_NO = {
    "en": ("Yes", "No"),
    "da": ("Ja", "Nej"),
    "ar": ("نعم", "لا"),
}
_OPERATORS = ("exists", "=", "!=", ">", "<", ">=", "<=")
_COMPARED = ("answerBoolean", "answerInteger", "answerDecimal", "answerString", "answerCoding")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the file of questions gives: titles, introductions, groups and items."""

    titles: Mapping[str, str]
    introductions: Mapping[str, str]
    groups: tuple[Group, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the scoring file says about the questions.

    ``structure``: texts of questions and answers may be absent. ``numberless`` are the codes of
    answers that need no number, ``unscored`` the questions that need none.
    """

    languages: tuple[str, ...]
    structure: bool
    reversed: frozenset[str]
    numberless: frozenset[str]
    unscored: frozenset[str]
    waves: Mapping[str, tuple[str, ...]]


def asked_in(asked: Reader, wanted: Wanted) -> Asked:
    """Everything that the questionnaire asks. Raises DefinitionError."""
    rows = list(_walked(asked, asked.objects(asked.written, "item"), "", ""))
    groups: list[Group] = []
    items: list[Item] = []
    for where, group, written in rows:
        kind = written.get("type")
        if kind == "group":
            texts = texts_of(asked, written, "text", wanted.languages, where)
            groups.append(Group(str(written.get("linkId")), texts))
        elif kind != "display" and not _calculated(asked, written, where):
            items.append(_item(asked, written, where, group, wanted, len(items) + 1))
    found = [item.link_id for item in items]
    if len(set(found)) != len(found) or not found:
        asked.refuse("item", "every question needs a linkId of its own, and there must be one")
    _check_conditions(asked, items)
    return Asked(
        titles=texts_of(asked, asked.written, "title", wanted.languages),
        introductions=_introduction(asked, rows, wanted.languages),
        groups=tuple(groups),
        items=tuple(items),
    )


def _walked(
    asked: Reader, written: list[dict[str, Any]], place: str, group: str
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every item with where it stands and its group, groups before what is in them."""
    for number, item in enumerate(written, 1):
        where = f"{place}item {number}"
        yield where, group, item
        inside = asked.objects(item, "item", where, optional=True)
        if inside and item.get("type") != "group":
            asked.refuse(f"{where}, item", "only a group may hold further items")
        if item.get("type") == "group" and group:
            asked.refuse(f"{where}, type", "a group within a group is not read")
        yield from _walked(asked, inside, f"{where}, ", str(item.get("linkId", "")))


def _calculated(asked: Reader, written: Mapping[str, Any], where: str) -> bool:
    extensions = asked.objects(written, "extension", where, optional=True)
    urls = [str(extension.get("url", "")) for extension in extensions]
    return written.get("readOnly") is True or any(url.endswith(_CALCULATED) for url in urls)


def _item(
    asked: Reader, written: Mapping[str, Any], where: str, group: str, wanted: Wanted, number: int
) -> Item:
    if written.get("type") not in _KINDS:
        read = ", ".join((*_KINDS, "group"))
        asked.refuse(f"{where}, type", f"only {read} and display are read")
    link_id = written.get("linkId")
    if not isinstance(link_id, str) or not link_id:
        asked.refuse(f"{where}, linkId", "a text is needed")
    if written.get("repeats") is True:
        asked.refuse(f"{where}, repeats", "a question with several answers is not read")
    kind = _KINDS[str(written["type"])]
    scored = kind != "text" and link_id not in wanted.unscored
    return Item(
        link_id=link_id,
        texts=_unless_structure(asked, written, "text", wanted, where),
        options=_options(asked, written, where, kind, wanted, scored),
        reversed=link_id in wanted.reversed,
        kind=kind,  # type: ignore[arg-type]
        number=number,
        group=group,
        at_least=_bound(asked, written, _LEAST, where),
        at_most=_bound(asked, written, _MOST, where),
        scored=scored,
        conditions=_conditions(asked, written, where),
        any_condition=written.get("enableBehavior") == "any",
        waves=wanted.waves.get(link_id, ()),
    )


def _options(
    asked: Reader,
    written: Mapping[str, Any],
    where: str,
    kind: str,
    wanted: Wanted,
    scored: bool,
) -> tuple[Option, ...]:
    if kind == "yes_no":
        return _yes_and_no(asked, where, wanted.languages)
    if kind != "choice":
        return ()
    if written.get("answerValueSet") is not None:
        asked.refuse(f"{where}, answerValueSet", "the answers must be written out as answerOption")
    options = tuple(
        _option(asked, f"{where}, answerOption {place}", option, wanted, scored)
        for place, option in enumerate(asked.objects(written, "answerOption", where), 1)
    )
    codes = [option.code for option in options]
    if len(set(codes)) != len(codes):
        asked.refuse(f"{where}, answerOption", "two answers have the same code")
    return options


def _yes_and_no(asked: Reader, where: str, languages: tuple[str, ...]) -> tuple[Option, ...]:
    for language in languages:
        if language not in _YES_NO:
            problem = f"yes and no are not known in the language {language}: write a choice"
            asked.refuse(f"{where}, type", problem)
    return tuple(
        Option(code, {language: _YES_NO[language][place] for language in languages}, number)
        for place, (code, number) in enumerate((("yes", 1), ("no", 0)))
    )


def _option(
    asked: Reader, where: str, written: Mapping[str, Any], wanted: Wanted, scored: bool
) -> Option:
    coding = written.get("valueCoding")
    if not isinstance(coding, dict) or not isinstance(coding.get("code"), str):
        asked.refuse(f"{where}, valueCoding", "a coding with a code is needed")
    extensions = [
        *asked.objects(coding, "extension", where, optional=True),
        *asked.objects(written, "extension", where, optional=True),
    ]
    numbers = [e.get("valueDecimal") for e in extensions if e.get("url") in _ORDINAL]
    number = numbers[0] if numbers else None
    code = coding["code"]
    if number is None and scored and code not in (PREFER_NOT_TO_SAY, *wanted.numberless):
        asked.refuse(
            f"{where}, extension",
            "an answer without a number must be prefer-not-to-say or stand in without_number",
        )
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if type(number) not in (int, type(None)):
        asked.refuse(f"{where}, extension", f"{number!r} is not a whole number")
    return Option(code, _unless_structure(asked, coding, "display", wanted, where), number)


def _bound(asked: Reader, written: Mapping[str, Any], url: str, where: str) -> int | None:
    for extension in asked.objects(written, "extension", where, optional=True):
        if extension.get("url") == url:
            bound = extension.get("valueInteger")
            if type(bound) is not int:
                asked.refuse(f"{where}, extension", "a bound must be a valueInteger")
            return bound
    return None


def _conditions(asked: Reader, written: Mapping[str, Any], where: str) -> tuple[Condition, ...]:
    found = []
    for place, one in enumerate(asked.objects(written, "enableWhen", where, optional=True), 1):
        spot = f"{where}, enableWhen {place}"
        values = [one[key] for key in _COMPARED if key in one]
        if one.get("operator") not in _OPERATORS or len(values) != 1:
            asked.refuse(spot, "a known operator and one answer to compare with are needed")
        value = values[0]["code"] if isinstance(values[0], dict) else values[0]
        if one["operator"] == "exists":
            written_value = str(value).lower()
        elif type(value) is bool:
            written_value = "yes" if value else "no"
        else:
            written_value = str(value)
        found.append(Condition(str(one.get("question")), str(one["operator"]), written_value))
    return tuple(found)


def _check_conditions(asked: Reader, items: list[Item]) -> None:
    """A question may depend only on questions before it, or nobody could answer in order."""
    before: set[str] = set()
    for item in items:
        for condition in item.conditions:
            if condition.link_id not in before:
                problem = f"{item.link_id} depends on {condition.link_id}, which is not before it"
                asked.refuse("item, enableWhen", problem)
        before.add(item.link_id)


def texts_of(
    asked: Reader,
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


def _unless_structure(
    asked: Reader, written: Mapping[str, Any], key: str, wanted: Wanted, where: str
) -> dict[str, str]:
    if wanted.structure and key not in written:
        return {}
    return texts_of(asked, written, key, wanted.languages, where)


def _introduction(
    asked: Reader,
    rows: list[tuple[str, str, dict[str, Any]]],
    languages: tuple[str, ...],
) -> dict[str, str]:
    shown = [(where, written) for where, _, written in rows if written.get("type") == "display"]
    if not shown:
        asked.refuse("item", "a display item must tell the recall window")
    where, written = shown[0]
    return texts_of(asked, written, "text", languages, where)
