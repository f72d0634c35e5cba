"""Neutral messages, as data: they say whom to call back, and nothing of who we are or why.

Pure: reads the package's own text files and no record. Nobody can write a text of their own into
a message: a text can be read over a shoulder, on a locked screen or by somebody who pretends.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "texts"
LANGUAGES = ("en", "da", "ar")

TEMPLATES: dict[str, str] = {
    "please_call": "Ask for a call back",
    "will_call": "Say that a call will come",
    "new_time": "Say that there is a new time",
}
"""Every message that can be sent, with what it does in the worker's words."""

WITHOUT_NUMBER = frozenset({"will_call"})
"""Templates that name no number to call back."""

LETTER_FILE = "letter.pdf"
ENTRY_FILE = "reminder.ics"
"""File names that a partner, or somebody beside her or him, may see."""

_LEFT_TO_RIGHT = "\u200e"
"""Keeps the plus sign of a number in front of it within a text that runs from right to left."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The messages of one language, with who wrote them, when, and which version this is."""

    language: str
    name: str
    direction: str
    written_by: str
    written_on: date
    version: str
    subject: str
    entry: str
    letter_greeting: str
    messages: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it is sent. `subject` is seen for an e-mail only; `entry` in a calendar."""

    subject: str
    entry: str
    body: str


@cache
def texts_in(language: str) -> Texts:
    """The messages of a language. Raises `KeyError` for one that has none."""
    if language not in LANGUAGES:
        raise KeyError(language)
    read = tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf-8"))
    messages = {code: read.pop(code) for code in TEMPLATES}
    return Texts(**read, messages=messages)


def rendered(
    template: str, language: str, *, number: str = "", call_as: str = "", code_word: str = ""
) -> Rendered:
    """A message filled in. The code word, where one is agreed, is the first thing to be read."""
    texts = texts_in(language)
    wording = texts.messages[template]["with_name" if call_as else "without_name"]
    shown = f"{_LEFT_TO_RIGHT}{number}{_LEFT_TO_RIGHT}" if texts.direction == "rtl" else number
    body = wording.replace("{number}", shown).replace("{name}", call_as)
    return Rendered(texts.subject, texts.entry, f"{code_word}\n{body}" if code_word else body)


@cache
def revealing_words() -> dict[str, tuple[str, ...]]:
    """The words that would tell somebody else what this is about, by language."""
    read = tomllib.loads((HERE / "revealing.toml").read_text(encoding="utf-8"))
    return {language: tuple(words) for language, words in read.items()}


def revealing(text: str, own_names: Iterable[str] = ()) -> str | None:
    """The first revealing word in a text, or None.

    `own_names` are the names of our services and agencies: each of their words of five letters
    or more counts too.
    """
    plain = unicodedata.normalize("NFC", text).casefold()
    beginnings = tuple(
        word.casefold() for language in ("en", "da") for word in revealing_words()[language]
    )
    names = {word.casefold() for name in own_names for word in re.findall(r"[^\W\d_]{5,}", name)}
    for word in re.findall(r"[^\W\d_]+", plain):
        if word in names or word.startswith(beginnings):
            return word
    return next((word for word in revealing_words()["ar"] if word in plain), None)


_NUMBER = re.compile(r"\+?[0-9][0-9 ]{3,18}[0-9]")


def is_number(text: str) -> bool:
    """Whether a text is a phone number and nothing else, so that nothing can be written into it."""
    return _NUMBER.fullmatch(text) is not None
