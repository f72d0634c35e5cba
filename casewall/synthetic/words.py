"""The word lists of `words.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def words() -> dict[str, dict[str, list[str]]]:
    """Lists of words, by what they are for and by language (or place in the word)."""
    read = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
    return {
        use: {name: text.split() for name, text in lists.items()} for use, lists in read.items()
    }


HOUSES = ("Mill House", "Harbour House")
"""Invented houses in which the rooms of invented agencies are."""


def building_of(room: str) -> str:
    """The invented house of a room, always the same one for the same name."""
    return HOUSES[sum(map(ord, room)) % len(HOUSES)]
