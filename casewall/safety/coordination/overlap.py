"""Which words of a text also stand, in a row, in partner material. Pure: no Django, no clock.

Source: security guide, section 2.3 (bridge staff). What counts is the order of the words; case,
accents and punctuation are folded, so that a copied sentence is found however it was retyped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LEAST = 5
"""As many words in a row make a quotation; four happen by themselves (“did not come to”)."""

_LETTERS = {
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ł": "l",
    "œ": "oe",
    "æ": "ae",
    "þ": "th",
}
"""Letters that have no accent to take away but are retyped without their stroke or ligature."""

_WITHIN_A_WORD = frozenset("'’ʼ‘`´ـ")
"""Apostrophes, and the Arabic stretcher: “don't” and “dont” are one word."""


class _Fold(dict[int, str]):
    """What each character becomes; worked out once for each character that occurs."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code)).casefold()
        kept = "".join(_LETTERS.get(one, one) for one in plain if one.isalnum())
        if chr(code) in _WITHIN_A_WORD or unicodedata.category(chr(code)) in ("Mn", "Cf"):
            kept = ""
        elif not kept:
            kept = " "
        self[code] = kept
        return kept


_FOLD = _Fold()


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return text.translate(_FOLD).split()


def as_written(text: str) -> list[tuple[str, str]]:
    """(folded, as written) for each word of a text, in order."""
    apart = "".join(" " if one.translate(_FOLD) == " " else one for one in text).split()
    pairs = [(one.translate(_FOLD), one) for one in apart]
    return [pair for pair in pairs if pair[0]]


def shared_runs(text: str, material: Iterable[str], least: int = LEAST) -> tuple[str, ...]:
    """The parts of `text`, as written, that share at least `least` words in a row with material.

    Each text of `material` stands for itself: words of two of them never join into one run.
    Parts of `text` that touch or overlap are given as one.
    """
    words = as_written(text)
    places: dict[tuple[str, ...], list[int]] = {}
    for start in range(len(words) - least + 1):
        gram = tuple(folded for folded, _ in words[start : start + least])
        places.setdefault(gram, []).append(start)
    if not places:
        return ()
    found: set[int] = set()
    for one in material:
        known = words_of(one)
        rows = zip(*(known[shift:] for shift in range(least)), strict=False)
        found.update(start for gram in places.keys() & set(rows) for start in places[gram])
    return _joined(words, sorted(found), least)


def _joined(words: list[tuple[str, str]], starts: list[int], least: int) -> tuple[str, ...]:
    """The written words of every stretch that the found places cover."""
    stretches: list[list[int]] = []
    for start in starts:
        if stretches and start <= stretches[-1][1]:
            stretches[-1][1] = start + least
        else:
            stretches.append([start, start + least])
    return tuple(" ".join(written for _, written in words[a:b]) for a, b in stretches)
