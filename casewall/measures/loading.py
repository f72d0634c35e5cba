"""Measures that a site loads itself, because it holds their licence.

A file of questions (FHIR R4 ``Questionnaire`` as JSON, or an XLSForm workbook) and a scoring
file are checked whole before anything is kept. What is kept is never edited: the same version
may come again only if it is the same, and another wording is another version.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile, is_zipfile

from casewall.measures.definitions import DEFINITIONS, NAME, built, names, read, written_in
from casewall.measures.kinds import Definition, Item
from casewall.measures.reader import DefinitionError

LARGEST = 2_000_000
"""Bytes. No questionnaire is larger; a larger file is something else."""
_UNPACKED = 40_000_000
"""Bytes of a workbook when unpacked."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A measure that is kept now, where, and whether it was new."""

    definition: Definition
    folder: Path
    new: bool


def scoring_beside(path: Path) -> Path:
    """The scoring file that belongs to a file of questions where none is named."""
    return path.with_name(f"{path.stem}.scoring.json")


def checked(path: Path, scoring: Path | None = None) -> Definition:
    """The measure in two files, checked as it would be loaded. Raises DefinitionError."""
    return _checked(path, scoring or scoring_beside(path))[0]


def load_into(folder: Path, path: Path, scoring: Path | None = None) -> Loaded:
    """Check two files and keep them in the folder of the site. Raises DefinitionError."""
    beside = scoring or scoring_beside(path)
    definition, questions, scored = _checked(path, beside)
    name, version = definition.name, definition.version
    place = folder / name / version
    if place.exists():
        kept = written_in(place / f"{name}.json"), written_in(place / f"{name}.scoring.json")
        if kept == (questions, scored):
            return Loaded(definition, place, new=False)
        raise DefinitionError(
            f"{path.name}, version: {name} {version} is loaded already and reads differently; "
            "a published version is never edited, so give this one another version"
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".loading-") as made:
        written = Path(made) / "whole"
        written.mkdir()
        for suffix, content in (("", questions), (".scoring", scored)):
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            (written / f"{name}{suffix}.json").write_text(text, encoding="utf-8")
        written.rename(place)
    return Loaded(definition, place, new=True)


def copy_out(name: str, to: Path) -> tuple[Path, Path]:
    """Write the two files of a shipped measure into a folder, to fill in or to learn from.

    Nothing is overwritten. Raises DefinitionError.
    """
    if not (DEFINITIONS / f"{name}.scoring.json").exists() or not NAME.fullmatch(name):
        raise DefinitionError(f"{name} is not shipped; there are {', '.join(names())}")
    places = to / f"{name}.json", to / f"{name}.scoring.json"
    for place in places:
        if place.exists():
            raise DefinitionError(f"{place.name}: there is a file of that name in {to} already")
    to.mkdir(parents=True, exist_ok=True)
    for place in places:
        place.write_bytes((DEFINITIONS / place.name).read_bytes())
    return places


def _checked(path: Path, scoring: Path) -> tuple[Definition, dict[str, Any], dict[str, Any]]:
    for file in (path, scoring):
        if file.exists() and file.stat().st_size > LARGEST:
            raise DefinitionError(f"{file.name}: larger than {LARGEST:,} bytes")
    scored = written_in(scoring)
    licence = scored.get("licence")
    if not isinstance(licence, str) or not licence.strip():
        raise DefinitionError(
            f"{scoring.name}, licence: a text is needed: whose the instrument is, and what "
            "allows this service to use it"
        )
    questions = _questions(path, licence)
    name = questions.get("id")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise DefinitionError(
            f"{path.name}, id: {name!r} is no name: small letters, digits and hyphens are "
            "needed, at most 40"
        )
    definition = built(name, questions, scored, (path.name, scoring.name))
    _check_against_shipped(path.name, definition)
    return definition, questions, scored


def _questions(path: Path, licence: str) -> dict[str, Any]:
    if path.suffix.lower() != ".xlsx":
        return written_in(path)
    if not path.exists():
        raise DefinitionError(f"{path.name}: the file is missing")
    if not is_zipfile(path):
        raise DefinitionError(f"{path.name}: not readable as a workbook")
    with ZipFile(path) as workbook:
        unpacked = sum(part.file_size for part in workbook.infolist())
    if unpacked > _UNPACKED:
        raise DefinitionError(f"{path.name}: unpacked it is larger than {_UNPACKED:,} bytes")
    # The library that reads workbooks is slow to import and needed for them alone.
    from casewall.measures.xlsform import questionnaire

    return questionnaire(path, licence)


def _check_against_shipped(file: str, definition: Definition) -> None:
    """A shipped measure keeps its name; one without wording takes the licensee's, and no more."""
    if not (DEFINITIONS / f"{definition.name}.scoring.json").exists():
        return
    shipped = read(DEFINITIONS, definition.name)
    if not shipped.structure:
        raise DefinitionError(
            f"{file}, id: {definition.name} is shipped with its wording; a version of your own "
            "needs another name"
        )
    if shipped.version == definition.version:
        raise DefinitionError(f"{file}, version: {shipped.version} is the shipped structure")
    theirs, ours = _shape(definition.items), _shape(shipped.items)
    for link_id, shape in ours.items():
        if theirs.get(link_id) != shape:
            raise DefinitionError(
                f"{file}, {link_id}: its answers, its numbers or its turning differ from the "
                f"shipped structure of {definition.name}"
            )
    if list(theirs) != list(ours):
        raise DefinitionError(f"{file}, item: there are more questions than in {shipped.name}")


def _shape(items: tuple[Item, ...]) -> Mapping[str, object]:
    return {
        item.link_id: (
            item.kind,
            item.reversed,
            item.at_least,
            item.at_most,
            tuple((option.code, option.number) for option in item.options),
        )
        for item in items
    }
