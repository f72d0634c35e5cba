"""Phrases that blame a victim or shame a client: pointed out while a note is written.

Never blocked: the worker reads why, and saves the note as it is or in other words. A form takes
part by inheriting from `WordingForm`:

    class NoteForm(WordingForm):
        watched = ("text",)

    if form.is_bound and form.is_valid() and not form.asks_about_wording(): …save…

and its template puts `{% include "pages/parts/wording.html" %}` above the boxes. The script that
this loads says the same while one types; without it, the first answer to the form does.

The phrases are in `wording.toml`, by language. Source of the practice: WWP EN's good-practice
list for victim safety (accountability without victim blaming); the wordings are ours.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django import forms

_LIST = Path(__file__).with_suffix(".toml")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
WHO = "{who}"


@dataclass(frozen=True, slots=True)
class PointedOut:
    """A phrase as it stands in the text, what speaks against it, and other words."""

    phrase: str
    why: str
    instead: str


@dataclass(frozen=True, slots=True)
class _Looked:
    words: tuple[str, ...]
    longer: bool
    why: str
    instead: str


@cache
def lists() -> dict[str, Any]:
    """The phrases by language, as they are written down."""
    return tomllib.loads(_LIST.read_text(encoding="utf-8"))


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'")


def _key(phrase: str) -> str:
    """A phrase without capitals and marks: the same words are the same phrase."""
    return " ".join(_plain(word) for word in _WORD.findall(phrase))


def _spoken(phrase: str, who: list[str]) -> Iterator[str]:
    if WHO not in phrase:
        yield phrase
    for name in who if WHO in phrase else ():
        yield phrase.replace(WHO, name)


@cache
def _looked_for(language: str) -> dict[str, list[_Looked]]:
    """What is looked for, by its first word; the longest phrases first."""
    found: dict[str, list[_Looked]] = {}
    one = lists()[language]
    for entry in one["entries"]:
        for phrase in entry["phrases"]:
            for spoken in _spoken(phrase, one["who"]):
                words = tuple(_plain(word) for word in _WORD.findall(spoken))
                looked = _Looked(words, spoken.endswith("*"), entry["why"], entry["instead"])
                # A lone word with a star is found under the beginning that it shares.
                key = "*" if looked.longer and len(words) == 1 else words[0]
                found.setdefault(key, []).append(looked)
    for same in found.values():
        same.sort(key=lambda looked: -len(looked.words))
    return found


def pointed_out(text: str, language: str = "") -> list[PointedOut]:
    """The phrases of the list that stand in `text`, in their order, none of them twice.

    `language` is a code such as `en`; without one, or with one that has no list, all lists are
    looked at, since workers write in more than one language. Capitals, line breaks and marks
    between the words make no difference.
    """
    languages = [language] if language in lists() else list(lists())
    marks = list(_WORD.finditer(text))
    words = [_plain(mark.group()) for mark in marks]
    found: dict[str, PointedOut] = {}
    at = 0
    while at < len(words):
        looked = _first_at(words, at, languages)
        if looked is not None:
            last = at + len(looked.words) - 1
            phrase = " ".join(text[marks[at].start() : marks[last].end()].split())
            key = " ".join(words[at : last + 1])
            found.setdefault(key, PointedOut(phrase, looked.why, looked.instead))
            at = last
        at += 1
    return list(found.values())


def _first_at(words: list[str], at: int, languages: list[str]) -> _Looked | None:
    """The longest phrase that begins at this word, if any."""
    for language in languages:
        by_first = _looked_for(language)
        for looked in (*by_first.get(words[at], ()), *by_first.get("*", ())):
            if _stands_at(looked, words, at):
                return looked
    return None


def _stands_at(looked: _Looked, words: list[str], at: int) -> bool:
    run = words[at : at + len(looked.words)]
    if len(run) < len(looked.words) or tuple(run[:-1]) != looked.words[:-1]:
        return False
    last = looked.words[-1]
    return run[-1].startswith(last) if looked.longer else run[-1] == last


class WordingForm(forms.Form):
    """A form whose prose is looked at once before it is saved.

    `watched` names the boxes. The form stays valid: a phrase is no mistake.
    """

    watched: tuple[str, ...] = ()

    seen_wording = forms.CharField(
        required=False, widget=forms.HiddenInput, label="Wording that was pointed out"
    )

    wording: list[PointedOut]
    """What the notice of this page shows."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.wording = []
        for name in self.watched:
            self.fields[name].widget.attrs["data-casewall-wording"] = ""

    def asks_about_wording(self) -> bool:
        """True where a valid form holds phrases that the worker was not shown yet.

        The page is then shown again with everything typed, and what it sends next is saved.
        """
        typed = [str(self.cleaned_data.get(name) or "") for name in self.watched]
        found = {_key(one.phrase): one for text in typed for one in pointed_out(text)}
        if set(found) <= set(self.cleaned_data["seen_wording"].split("|")):
            return False
        self.wording = list(found.values())
        self.data = self.data.copy()
        self.data[self.add_prefix("seen_wording")] = "|".join(found)
        return True

    @staticmethod
    def wording_lists() -> str:
        """The lists, for the script that points out while one types."""
        return json.dumps(list(lists().values()), ensure_ascii=False)
