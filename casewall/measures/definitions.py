"""Definitions of measures: FHIR R4 ``Questionnaire`` files, each with a scoring file beside it.

``definitions/<name>.json`` says what is asked, in which languages; ``<name>.scoring.json`` how
answers become a score. A published version is never edited, only succeeded by another one.
Anything that does not fit is refused with a sentence that names file and key.

Beside the shipped measures stand those that a site has loaded because it holds their licence
(`casewall.measures.loading`): ``<folder>/<name>/<version>/`` with the same two files. A loaded
version goes before the shipped one of the same name.
"""

import json
import os
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from casewall.measures.kinds import (
    PREFER_NOT_TO_SAY,
    WAVES,
    AlertRule,
    Definition,
    Group,
    Item,
    Option,
    Translation,
)
from casewall.measures.questions import Wanted, asked_in
from casewall.measures.reader import DefinitionError, Reader
from casewall.measures.scorers import alerts_in, scorer_in

__all__ = [
    "DEFINITIONS",
    "PREFER_NOT_TO_SAY",
    "AlertRule",
    "Definition",
    "DefinitionError",
    "Group",
    "Item",
    "Option",
    "Translation",
    "load",
    "loaded_folder",
    "names",
    "names_for",
    "read",
    "scales_of",
    "shipped",
    "versions",
]

DEFINITIONS = Path(__file__).parent / "definitions"
_VAR = Path(__file__).resolve().parents[2] / "var"
ANSWERERS = ("partner", "client", "referrer", "worker", "child")
NAME = re.compile(r"[a-z][a-z0-9-]{1,39}")
"""What a measure may be called. The name is also the name of its files."""
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){0,2}")


def loaded_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where a site keeps the measures that it has loaded."""
    if chosen := environ.get("CASEWALL_MEASURES_DIR"):
        return Path(chosen)
    return Path(environ.get("CASEWALL_VAR") or _VAR) / "measures"


def names(folder: Path | None = None) -> tuple[str, ...]:
    """The measures that are shipped or loaded."""
    return tuple(sorted({*shipped(), *_loaded(folder or loaded_folder())}))


def names_for(who: str, folder: Path | None = None) -> tuple[str, ...]:
    """The measures that this kind of person (one of ANSWERERS) may answer."""
    found = names(folder)
    return tuple(name for name in found if who in load(name, folder=folder).answerers)


def scales_of(who: str, folder: Path | None = None) -> tuple[str, ...]:
    """The measures that only this kind of person answers and that give one score of 0 to 100."""
    found = []
    for name in names_for(who, folder):
        one = load(name, folder=folder)
        hundred = (one.score_from, one.score_to) == (0, 100)
        if one.answerers == (who,) and hundred and one.has_text:
            found.append(name)
    return tuple(found)


def versions(name: str, folder: Path | None = None) -> tuple[str, ...]:
    """The versions of a measure that are here, the one that `load` gives first."""
    found = [path.name for path in _folders(folder or loaded_folder(), name)]
    if name in shipped():
        ours = _read_once(DEFINITIONS, name).version
        found += [ours] if ours not in found else []
    return tuple(found)


def load(name: str, version: str | None = None, folder: Path | None = None) -> Definition:
    """The measure of that name: the newest loaded version, else the shipped one.

    With a version exactly that one, so that old answers can be read as they were asked. Raises
    DefinitionError.
    """
    here = folder or loaded_folder()
    loaded = {path.name: path for path in _folders(here, name)}
    ours = _read_once(DEFINITIONS, name) if name in shipped() else None
    if not loaded and ours is None:
        known = ", ".join(names(here))
        raise DefinitionError(f"there is no measure called {name}; there are {known}")
    wanted = version or next(iter(loaded), None)
    if wanted in loaded:
        return _read_once(loaded[wanted], name)
    if ours is None or wanted not in (None, ours.version):
        there = ", ".join(versions(name, here))
        raise DefinitionError(f"{name} has no version {wanted}; there are {there}")
    return ours


@cache
def shipped() -> frozenset[str]:
    """The names of the measures that are shipped."""
    paths = DEFINITIONS.glob("*.scoring.json")
    return frozenset(path.name.removesuffix(".scoring.json") for path in paths)


def _loaded(folder: Path) -> frozenset[str]:
    if not folder.is_dir():
        return frozenset()
    return frozenset(path.name for path in folder.iterdir() if _folders(folder, path.name))


def _folders(folder: Path, name: str) -> list[Path]:
    """The folders of the versions of one loaded measure, the newest first."""
    if not NAME.fullmatch(name) or not (of := folder / name).is_dir():
        return []
    found = [path for path in of.iterdir() if path.is_dir() and _VERSION.fullmatch(path.name)]
    return sorted(found, key=lambda path: version_order(path.name), reverse=True)


def version_order(version: str) -> tuple[int, ...]:
    """How versions are ordered: number by number."""
    return tuple(int(part) for part in version.split("."))


@cache
def _read_once(folder: Path, name: str) -> Definition:
    return read(folder, name)


def read(folder: Path, name: str) -> Definition:
    """The measure ``name`` from a folder with its two files. Raises DefinitionError."""
    questions = written_in(folder / f"{name}.json")
    return built(name, questions, written_in(folder / f"{name}.scoring.json"))


def built(
    name: str,
    questions: Mapping[str, Any],
    scoring: Mapping[str, Any],
    files: tuple[str, str] | None = None,
) -> Definition:
    """The measure that two objects describe, as they stand in its two files.

    ``files`` are what refusals call them. Raises DefinitionError.
    """
    first, second = files or (f"{name}.json", f"{name}.scoring.json")
    asked, scored = Reader(first, questions), Reader(second, scoring)
    _check_heads(asked, scored, name)
    languages = tuple(scored.texts("languages"))
    wanted = _wanted(scored, languages)
    found = asked_in(asked, wanted)
    _check_names(scored, wanted, {item.link_id for item in found.items})
    return Definition(
        name=name,
        version=asked.text("version"),
        scorer_version=scored.text("scorer_version"),
        titles=found.titles,
        introductions=found.introductions,
        items=found.items,
        groups=found.groups,
        answerers=_answerers(scored),
        recall=scored.text("recall"),
        languages=languages,
        translations=_translations(scored, languages),
        licence=scored.text("licence"),
        wording=scored.text("wording"),
        acknowledgement=asked.text("copyright"),
        scorer=scorer_in(scored, found.items),
        alerts=alerts_in(scored, "alerts", found.items),
        escalations=alerts_in(scored, "escalations", found.items),
        structure=wanted.structure,
        counted=scored.truth("counted"),
    )


def written_in(path: Path) -> dict[str, Any]:
    """The object in a JSON file. Raises DefinitionError."""
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise DefinitionError(f"{path.name}: the file is missing") from problem
    except ValueError as problem:
        raise DefinitionError(f"{path.name}: not readable as JSON: {problem}") from problem
    if not isinstance(written, dict):
        raise DefinitionError(f"{path.name}: an object is needed")
    return written


def _check_heads(asked: Reader, scored: Reader, name: str) -> None:
    if asked.text("resourceType") != "Questionnaire":
        asked.refuse("resourceType", "only a Questionnaire is read")
    if asked.text("id") != name:
        asked.refuse("id", f"{asked.text('id')!r} is not the name of the file")
    if scored.text("measure") != name:
        scored.refuse("measure", f"{scored.text('measure')!r} is not the name of the file")
    if not _VERSION.fullmatch(asked.text("version")):
        asked.refuse("version", "numbers with points between them are needed, such as 1.0.0")
    if scored.text("version") != asked.text("version"):
        scored.refuse("version", "the two files are not of the same version")


def _wanted(scored: Reader, languages: tuple[str, ...]) -> Wanted:
    def named(key: str) -> frozenset[str]:
        return frozenset(scored.texts(key)) if scored.has(key) else frozenset()

    return Wanted(
        languages=languages,
        structure=scored.truth("structure_only"),
        reversed=named("reversed"),
        numberless=named("without_number"),
        unscored=named("not_scored"),
        waves=_waves(scored),
    )


def _waves(scored: Reader) -> dict[str, tuple[str, ...]]:
    if not scored.has("asked_at"):
        return {}
    reader = scored.inner("asked_at")
    found = {}
    for link_id in reader.written:
        for wave in reader.texts(link_id):
            if wave not in WAVES:
                reader.refuse(link_id, f"{wave!r} is not one of {', '.join(WAVES)}")
        found[link_id] = tuple(reader.texts(link_id))
    return found


def _check_names(scored: Reader, wanted: Wanted, known: set[str]) -> None:
    named = {
        "reversed": wanted.reversed,
        "not_scored": wanted.unscored,
        "asked_at": wanted.waves,
    }
    for key, link_ids in named.items():
        for link_id in sorted(link_ids):
            if link_id not in known:
                scored.refuse(key, f"there is no question {link_id}")


def _answerers(scored: Reader) -> tuple[str, ...]:
    """Who may answer: one kind of person, or a list with the first one first."""
    if not isinstance(scored.written.get("answered_by"), list):
        return (scored.one_of("answered_by", ANSWERERS),)
    found = scored.texts("answered_by")
    for one in found:
        if one not in ANSWERERS:
            scored.refuse("answered_by", f"{one!r} is not one of {', '.join(ANSWERERS)}")
    if not found:
        scored.refuse("answered_by", f"one of {', '.join(ANSWERERS)} is needed")
    return tuple(found)


def _translations(scored: Reader, languages: tuple[str, ...]) -> dict[str, Translation]:
    """Translator, day and version of each language of the measure."""
    found = scored.written.get("translations")
    if not languages or not isinstance(found, dict) or set(found) != set(languages):
        scored.refuse("translations", "each language of the measure is needed, and no other")
    return {language: _translation(scored, language, found[language]) for language in languages}


def _translation(scored: Reader, language: str, written: Any) -> Translation:
    place = f"translations {language}, "
    reader = Reader(scored.file, written if isinstance(written, dict) else {}, place)
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
