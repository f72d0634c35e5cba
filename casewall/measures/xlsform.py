"""An XLSForm as a FHIR R4 ``Questionnaire``.

pyxform reads the workbook and checks it; this module turns what it found into our questions.
Read are notes, groups, select_one, integer, decimal and text, each with translations, a
``relevant`` condition and bounds of a number as a ``constraint``. The number of an answer stands
in a column ``score`` of the choices. Calculations are left out: scores stand in the scoring file.
Everything else is refused with the number of its row, because a questionnaire that silently
lost a part would not be the instrument any more.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from casewall.measures.reader import DefinitionError
from casewall.measures.xpath import NotReadError, bounds, relevant

_SPACE = "http://hl7.org/fhir/StructureDefinition/"
_TYPES = {"select one": "choice", "integer": "integer", "decimal": "decimal", "text": "text"}
_SILENT = ("calculate", "start", "end", "today", "deviceid", "audit")
"""Rows that ask nobody anything."""
_LANGUAGE = re.compile(r".*\(([a-z]{2,3})\)|([a-z]{2,3})")
_FIRST_ROW = 2
"""Row 1 of a sheet holds the names of the columns."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The form that is read: its file, its language, the row of each name in the sheet survey, and
    in the sheet choices that of each answer with its score."""

    file: str
    language: str
    rows: Mapping[str, int]
    choices: Mapping[str, str]
    scores: Mapping[tuple[str, str], int]

    def refuse(self, name: str, problem: str) -> NoReturn:
        where = f"survey, row {self.rows[name]}" if name in self.rows else "survey"
        raise DefinitionError(f"{self.file}, {where}: {problem}")


def questionnaire(path: Path, licence: str) -> dict[str, Any]:
    """The questionnaire that a workbook asks, under this licence. Raises DefinitionError."""
    form, rows, scores = _read(path)
    language = _code_of(path.name, form.get("default_language", "default"))
    children = form.get("children", [])
    types = {str(c.get("name")): str(c.get("type")) for c in _all(children)}
    sheet = _Sheet(path.name, language, rows, types, scores)
    languages = _languages(sheet, children)
    version = str(form.get("version") or "")
    if not version:
        raise DefinitionError(f"{path.name}, settings: a version is needed")
    title = dict.fromkeys(languages, str(form["title"]))
    return {
        "resourceType": "Questionnaire",
        "id": str(form["id_string"]),
        "url": f"urn:casewall:measure:{form['id_string']}",
        "version": version,
        **_written("title", title, language),
        "status": "active",
        "language": language,
        "subjectType": ["Patient"],
        "copyright": licence,
        "item": [item for child in children for item in _item(sheet, child)],
    }


def _read(
    path: Path,
) -> tuple[dict[str, Any], dict[str, int], dict[tuple[str, str], int]]:
    try:
        book = get_xlsform(str(path))
        rows = {
            str(row["name"]): number
            for number, row in enumerate(book.survey, _FIRST_ROW)
            if row.get("name")
        }
        scores = {
            (str(row.get("name")), str(row.get("score"))): number
            for number, row in enumerate(book.choices or (), _FIRST_ROW)
        }
        convert(str(path), validate=False)
        form = workbook_to_json(workbook_dict=book, warnings=[])
    except (PyXFormError, ValueError, KeyError, OSError) as problem:
        raise DefinitionError(f"{path.name}: not readable as an XLSForm: {problem}") from problem
    return form, rows, scores


def _all(children: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for child in children:
        yield child
        yield from _all(child.get("children", []))


def _code_of(file: str, written: str) -> str:
    if written == "default":
        raise DefinitionError(
            f"{file}, settings: default_language is needed with its code, such as English (en)"
        )
    found = _LANGUAGE.fullmatch(written)
    if found is None:
        raise DefinitionError(
            f"{file}: the language {written!r} is needed with its code, such as English (en)"
        )
    return found[1] or found[2]


def _languages(sheet: _Sheet, children: list[dict[str, Any]]) -> list[str]:
    found = [sheet.language]
    for child in _all(children):
        label = child.get("label")
        for written in label if isinstance(label, dict) else ():
            code = _code_of(sheet.file, written)
            if code not in found:
                found.append(code)
    return found


def _item(sheet: _Sheet, child: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The item of one row; none for rows that ask nothing."""
    name, kind = str(child.get("name", "")), str(child.get("type", ""))
    if kind in _SILENT or name == "meta":
        return []
    bind = child.get("bind", {})
    for key in ("hint", "guidance_hint", "default", "choice_filter", "media", "trigger"):
        if child.get(key):
            sheet.refuse(name, f"{key} is not read")
    if bind.get("calculate"):
        sheet.refuse(name, "a calculation in a question is not read")
    item: dict[str, Any] = {"linkId": name, **_label(sheet, child)}
    if kind == "note":
        return [{**item, "type": "display"}]
    if kind == "group":
        if bind.get("relevant"):
            sheet.refuse(name, "a condition of a whole group is not read; write it at each row")
        inside = [one for row in child.get("children", []) for one in _item(sheet, row)]
        # A group without a heading only arranges a screen.
        return [{**item, "type": "group", "item": inside}] if "text" in item else inside
    if kind not in _TYPES:
        sheet.refuse(name, f"the type {kind!r} is not read")
    item |= {"type": _TYPES[kind], "required": bind.get("required") == "yes"}
    item |= _bounded(sheet, name, kind, bind.get("constraint", ""))
    item |= _relevant(sheet, name, bind.get("relevant", ""))
    if kind == "select one":
        item["answerOption"] = [_option(sheet, one) for one in child["choices"]]
    return [item]


def _option(sheet: _Sheet, choice: Mapping[str, Any]) -> dict[str, Any]:
    coding: dict[str, Any] = {"code": str(choice["name"])}
    coding |= _written("display", _by_language(sheet, choice.get("label")), sheet.language)
    score = str(choice.get("score", ""))
    if score:
        if not re.fullmatch(r"-?\d+(\.0+)?", score):
            at = sheet.scores.get((coding["code"], score))
            where = f"choices, row {at}" if at else "choices"
            problem = f"the score {score!r} of the answer {coding['code']} is no whole number"
            raise DefinitionError(f"{sheet.file}, {where}: {problem}")
        number = int(float(score))
        coding["extension"] = [{"url": f"{_SPACE}ordinalValue", "valueDecimal": number}]
    return {"valueCoding": coding}


def _bounded(sheet: _Sheet, name: str, kind: str, constraint: str) -> dict[str, Any]:
    if not constraint:
        return {}
    if kind != "integer":
        sheet.refuse(name, "a constraint is read for whole numbers only")
    try:
        low, high = bounds(constraint)
    except NotReadError as problem:
        sheet.refuse(name, f"constraint: {problem}")
    pairs = (("minValue", low), ("maxValue", high))
    written = [{"url": _SPACE + k, "valueInteger": v} for k, v in pairs if v is not None]
    return {"extension": written}


def _relevant(sheet: _Sheet, name: str, expression: str) -> dict[str, Any]:
    if not expression:
        return {}
    try:
        found = relevant(expression)
    except NotReadError as problem:
        sheet.refuse(name, f"relevant: {problem}")
    written = []
    for one in found.comparisons:
        kind = sheet.choices.get(one.name, "")
        if one.operator == "exists":
            answer: dict[str, Any] = {"answerBoolean": one.value == "true"}
        elif kind == "select one":
            answer = {"answerCoding": {"code": one.value}}
        elif kind == "integer" and re.fullmatch(r"-?\d+", one.value):
            answer = {"answerInteger": int(one.value)}
        else:
            answer = {"answerString": one.value}
        written.append({"question": one.name, "operator": one.operator, **answer})
    together = {"enableBehavior": "any" if found.any_of else "all"} if len(written) > 1 else {}
    return {"enableWhen": written, **together}


def _label(sheet: _Sheet, child: Mapping[str, Any]) -> dict[str, Any]:
    return _written("text", _by_language(sheet, child.get("label")), sheet.language)


def _by_language(sheet: _Sheet, label: object) -> dict[str, str]:
    if isinstance(label, dict):
        return {_code_of(sheet.file, written): str(text) for written, text in label.items()}
    return {} if label is None else {sheet.language: str(label)}


def _written(key: str, texts: Mapping[str, str], language: str) -> dict[str, Any]:
    """A text as FHIR writes it: in the form's language, with its translations beside it."""
    if language not in texts:
        return {}
    others = [
        {
            "url": f"{_SPACE}translation",
            "extension": [
                {"url": "lang", "valueCode": code},
                {"url": "content", "valueString": text},
            ],
        }
        for code, text in texts.items()
        if code != language
    ]
    beside = {f"_{key}": {"extension": others}} if others else {}
    return {key: texts[language], **beside}
