"""What is said about a definition: a sentence, at the place to look first."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from casewall.services.positions import KeyPath


class Remark(NamedTuple):
    """Something that two places of a definition disagree on, at the place to look first."""

    path: KeyPath
    sentence: str


def repeated(path: KeyPath, names: Iterable[str], noun: str) -> Iterator[Remark]:
    """A remark at each name of a list that stands in it for a second time."""
    seen: dict[str, int] = {}
    for at, name in enumerate(names):
        if name in seen:
            first = seen[name] + 1
            yield Remark((*path, at), f"the {noun} “{name}” is already used by number {first}")
        else:
            seen[name] = at
