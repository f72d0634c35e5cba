"""Reads keys of a written definition and refuses what is wrong, saying where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn


class DefinitionError(ValueError):
    """A definition that cannot be used; says file and key."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One object of one file. ``place`` is where in the file it stands."""

    file: str
    written: Mapping[str, Any]
    place: str = ""

    def refuse(self, key: str, problem: str) -> NoReturn:
        raise DefinitionError(f"{self.file}, {self.place}{key}: {problem}")

    def has(self, key: str) -> bool:
        return self.written.get(key) is not None

    def text(self, key: str) -> str:
        found = self.written.get(key)
        if not isinstance(found, str) or not found.strip():
            self.refuse(key, "a text is needed")
        return found

    def number(self, key: str) -> int:
        found = self.written.get(key)
        if type(found) is not int:
            self.refuse(key, "a whole number is needed")
        return found

    def number_or_none(self, key: str) -> int | None:
        return self.number(key) if self.has(key) else None

    def quantity(self, key: str) -> float:
        """A number above zero, whole or not."""
        found = self.written.get(key)
        if not isinstance(found, (int, float)) or isinstance(found, bool) or found <= 0:
            self.refuse(key, "a number above zero is needed")
        return float(found)

    def truth(self, key: str) -> bool:
        """True or false; false where nothing is written."""
        found = self.written.get(key, False)
        if type(found) is not bool:
            self.refuse(key, "true or false is needed")
        return found

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        found = self.text(key)
        if found not in known:
            self.refuse(key, f"{found!r} is not one of {', '.join(known)}")
        return found

    def texts(self, key: str) -> list[str]:
        found = self.written.get(key)
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            self.refuse(key, "a list of texts is needed")
        return found

    def objects(
        self, written: Mapping[str, Any], key: str, where: str = "", *, optional: bool = False
    ) -> list[dict[str, Any]]:
        found = written.get(key, [] if optional else None)
        if not isinstance(found, list) or not all(isinstance(part, dict) for part in found):
            self.refuse(f"{where}, {key}" if where else key, "a list of objects is needed")
        return found

    def inner(self, key: str, written: Any = None) -> "Reader":
        """The object under a key. An absent one reads as empty, so that its keys are refused."""
        found = self.written.get(key) if written is None else written
        place = f"{self.place}{key}, "
        return Reader(self.file, found if isinstance(found, dict) else {}, place)

    def each(self, key: str, *, optional: bool = True) -> "list[Reader]":
        """The objects of a list, each with its place counted from 1."""
        found = self.objects(self.written, key, optional=optional)
        return [
            Reader(self.file, part, f"{self.place}{key} {number}, ")
            for number, part in enumerate(found, 1)
        ]

    def words(self, key: str) -> dict[str, str]:
        """A text in each of some languages; English must be among them."""
        found = self.written.get(key)
        written = found if isinstance(found, dict) else {}
        if "en" not in written or not all(
            isinstance(text, str) and text.strip() for text in written.values()
        ):
            self.refuse(key, 'texts by language are needed, such as {"en": "moderate"}')
        return written
