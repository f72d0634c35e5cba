"""The words round the questions, by language, each with its translator, day and version.

The questions themselves come from the measures. A language is one file in `texts/`; every file
has the same words, and a test holds them to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Texts:
    """All words in one language, whose they are, since when, and whether they were validated."""

    language: str
    direction: str
    translator: str
    dated: date
    version: str
    validated: bool
    words: Mapping[str, Any]


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def texts_in(language: str) -> Texts:
    """The words in a language. Raises KeyError where there are none."""
    if language not in languages():
        raise KeyError(language)
    written = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return Texts(
        language=written["language"],
        direction=written["direction"],
        translator=written["translator"],
        dated=date.fromisoformat(written["dated"]),
        version=written["version"],
        validated=written["validated"],
        words=MappingProxyType(written["words"]),
    )
