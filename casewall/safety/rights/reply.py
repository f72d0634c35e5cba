"""The reply: built up from what two people allowed, in standing words, set as a PDF.

It depends on nothing else: not on the number of records that are withheld, not on when it was
made, not on whether there is a partner's file. So it is the same in every byte in both worlds.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from casewall.programme.reports.paper import set_on_paper
from casewall.programme.reports.word import Block, Told

WORDING = Path(__file__).parent / "wording.toml"
MONTHS = {
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "en": "January February March April May June July August September October November December",
}


@dataclass(frozen=True, slots=True, order=True)
class Allowed:
    """A record, or an extract of one, that two people decided to give."""

    written_on: str
    kind: str
    content: str
    extract: str = ""


@cache
def wording(language: str) -> dict[str, Any]:
    """The standing words of a language; English where there are none."""
    held = tomllib.loads(WORDING.read_text(encoding="utf-8"))
    found: dict[str, Any] = held.get(language, held["en"])
    return found


def languages() -> tuple[str, ...]:
    """The languages in which there are standing words."""
    return tuple(tomllib.loads(WORDING.read_text(encoding="utf-8")))


def day_in_words(day: date, language: str) -> str:
    """A day in the words of a language."""
    month = MONTHS.get(language, MONTHS["en"]).split()[day.month - 1]
    return f"{day.day}. {month} {day.year}" if language == "da" else f"{day.day} {month} {day.year}"


def told(
    allowed: Iterable[Allowed], *, name: str, language: str, received_on: date, release_on: date
) -> Told:
    """Everything that the reply says. The records come by their day, then by what they say."""
    words = wording(language)
    received, released = (day_in_words(day, language) for day in (received_on, release_on))
    blocks = [
        Block("heading", words["title"], 1),
        Block("paragraph", words["asked"].format(received=received, released=released)),
        Block("paragraph", words["standing"]),
        Block("heading", words["recipients_heading"], 2),
        *(Block("item", line) for line in words["recipients"]),
        Block("heading", words["purposes_heading"], 2),
        Block("paragraph", words["purposes"]),
        Block("heading", words["rights_heading"], 2),
        *(Block("item", line) for line in words["rights"]),
        Block("heading", words["records_heading"], 2),
    ]
    records = sorted(allowed)
    if not records:
        blocks.append(Block("paragraph", words["nothing"]))
    for one in records:
        blocks += _record(one, words, language)
    return Told((), tuple(blocks), (words["copy_for"].format(name=name), released))


def _record(one: Allowed, words: dict[str, Any], language: str) -> list[Block]:
    day = (
        day_in_words(date.fromisoformat(one.written_on), language)
        if one.written_on
        else words["no_day"]
    )
    blocks = [Block("heading", f"{one.kind}, {day}", 3)]
    if one.extract:
        return [*blocks, Block("paragraph", f"{words['extract']}: {one.extract}")]
    held = json.loads(one.content)
    lines = [f"{label}: {text}" for label, text in [*held["facts"], *held["texts"]]]
    return [*blocks, Block("paragraph", "\n".join(lines))] if lines else blocks


def as_pdf(document: Told, *, agency: str, language: str) -> bytes:
    """The reply as a PDF without a date of making. Raises `Refused` where no font has a letter."""
    known = language if language in languages() else "en"
    return set_on_paper(document, title=wording(known)["title"], agency=agency, language=known)
