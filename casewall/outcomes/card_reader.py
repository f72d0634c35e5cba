"""Reading the keys of a card: each is checked by itself, and refused by file, card and key."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from casewall.outcomes.card import CardError, Part, Printed, Where
from casewall.outcomes.conditions import (
    BREAKDOWNS,
    CONDITIONS,
    DATES,
    PRINTED_NUMBERS,
    PRINTED_WORDS,
)
from casewall.outcomes.kinds import (
    BETTER,
    DISTINCT,
    FORMS,
    FORUMS,
    TOTALS,
    TOTALS_OF,
    WAVES,
    WEEKS,
    WINDOW_DAYS,
)

_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)?")
_BAND = re.compile(r"\d+-(\d+)?")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_FORMED = {
    "hours_at_least": (_NUMBER, "a number of hours"),
    "hours_more_than": (_NUMBER, "a number of hours"),
    "dose": (_BAND, 'a band of hours, written "10-30" or "30-"'),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads keys of one card and refuses what is wrong, saying where it stands."""

    file: str
    card: str

    def refuse(self, key: str, problem: str) -> NoReturn:
        raise CardError(f"{self.file}, {self.card}, {key}: {problem}")

    def only(self, written: Mapping[str, Any], known: set[str]) -> None:
        for key in written:
            if key not in known:
                self.refuse(key, "there is no such key")

    def text(self, written: Mapping[str, Any], key: str) -> str:
        if key not in written:
            self.refuse(key, "the key is missing")
        if not isinstance(written[key], str) or not written[key].strip():
            self.refuse(key, "a text is needed")
        return str(written[key])

    def one_of(self, key: str, found: Any, known: tuple[Any, ...]) -> None:
        if isinstance(found, bool) or found not in known:
            self.refuse(key, f"{found!r} is not one of {', '.join(map(str, known))}")

    def part(self, written: Mapping[str, Any], key: str) -> Part:
        if key not in written:
            self.refuse(key, "the key is missing")
        part = written[key]
        if not isinstance(part, dict):
            self.refuse(key, "a table with says and where is needed")
        self.only(part, {"says", "where"})
        return Part(self.text(part, "says"), self.where(key, part.get("where", {})))

    def where(self, key: str, written: Any) -> Where:
        if not isinstance(written, dict):
            self.refuse(key, "conditions are written as { name = [values] }")
        for name, values in written.items():
            if name not in CONDITIONS:
                self.refuse(key, f"there is no condition called {name}")
            if not isinstance(values, list) or not values:
                self.refuse(key, f"{name} needs a list of values")
            self.values(key, name, values)
        return tuple((name, tuple(values)) for name, values in written.items())

    def values(self, key: str, name: str, values: list[Any]) -> None:
        known = CONDITIONS[name]
        for value in values:
            if known is not None:
                self.one_of(key, value, known)
            elif not isinstance(value, str) or not value.strip():
                self.refuse(key, f"{name} needs a list of values, each a text")
            elif name in _FORMED and not _FORMED[name][0].fullmatch(value):
                self.refuse(key, f"{value!r} is not {_FORMED[name][1]}")
        if name.startswith("hours_") and len(values) != 1:
            self.refuse(key, f"{name} needs exactly one number")

    def breakdowns(self, written: Mapping[str, Any]) -> tuple[str, ...]:
        found = written.get("breakdowns")
        if not isinstance(found, list):
            self.refuse("breakdowns", "a list is needed; it may be empty")
        for name in found:
            self.one_of("breakdowns", name, BREAKDOWNS)
        return tuple(found)

    def printed(self, written: Mapping[str, Any]) -> Printed | None:
        if "printed" not in written:
            return None
        printed = written["printed"]
        if not isinstance(printed, dict) or not {"value", "count"} & set(printed):
            self.refuse("printed", "a table with how and a value or a count is needed")
        self.only(printed, {"value", "count", "how"})
        value, count, how = printed.get("value"), printed.get("count"), self.text(printed, "how")
        if type(value) not in (int, float, str, type(None)) or type(count) not in (int, type(None)):
            self.refuse("printed", "the value is a number or a text, the count a whole number")
        self.one_of("printed", how, PRINTED_WORDS if isinstance(value, str) else PRINTED_NUMBERS)
        return Printed(value, count, how)


def _scale(reader: Reader, key: str, found: Any) -> str:
    if not isinstance(found, str) or not _NAME.fullmatch(found):
        reader.refuse(key, f"{found!r} is not the name of a measure, or measure.part of it")
    return found


def _waves(reader: Reader, key: str, found: Any) -> tuple[str, str]:
    if not isinstance(found, list) or len(found) != 2 or found[0] == found[1]:
        reader.refuse(key, "two different waves are needed")
    for wave in found:
        reader.one_of(key, wave, WAVES)
    return found[0], found[1]


def _dates(reader: Reader, key: str, found: Any) -> tuple[str, str]:
    if not isinstance(found, list) or len(found) != 2 or found[0] == found[1]:
        reader.refuse(key, "two different dates of a person are needed")
    for day in found:
        reader.one_of(key, day, DATES)
    return found[0], found[1]


def _of(reader: Reader, key: str, found: Any) -> str:
    known = (*TOTALS, *DISTINCT, *(f"{sort}.<sort>" for sort in TOTALS_OF))
    if isinstance(found, str):
        sort, point, name = found.partition(".")
        named = bool(point and _NAME.fullmatch(name.replace("_", "-")) and sort in TOTALS_OF)
        if found in TOTALS or found in DISTINCT or named:
            return found
    return reader.refuse(key, f"{found!r} is not one of {', '.join(dict.fromkeys(known))}")


def _number(reader: Reader, key: str, found: Any) -> float:
    if type(found) not in (int, float) or not 0 < found < float("inf"):
        reader.refuse(key, "a number above 0 is needed")
    return found


def _divisor(reader: Reader, key: str, found: Any) -> float | str:
    """A number above 0, or the weeks of the period."""
    return WEEKS if found == WEEKS else _number(reader, key, found)


def _truth(reader: Reader, key: str, found: Any) -> bool:
    if not isinstance(found, bool):
        reader.refuse(key, "true or false is needed")
    return found


def _texts(reader: Reader, key: str, found: Any) -> tuple[str, ...]:
    if (
        not isinstance(found, list)
        or not found
        or not all(isinstance(one, str) and one.strip() for one in found)
    ):
        reader.refuse(key, "a list of texts is needed")
    return tuple(found)


def _text(reader: Reader, key: str, found: Any) -> str:
    return reader.text({key: found}, key)


def _choice(known: tuple[Any, ...]) -> Any:
    def read(reader: Reader, key: str, found: Any) -> Any:
        reader.one_of(key, found, known)
        return found

    return read


def _choices(known: tuple[str, ...]) -> Any:
    def read(reader: Reader, key: str, found: Any) -> tuple[str, ...]:
        listed = _texts(reader, key, found)
        for one in listed:
            reader.one_of(key, one, known)
        return listed

    return read


READ_KEY: dict[str, Any] = {
    "missing": lambda reader, key, found: reader.where(key, found),
    "scale": _scale,
    "waves": _waves,
    "better": _choice(BETTER),
    "measure": _scale,
    "item": _scale,
    "wave": _choice(WAVES),
    "codes": _texts,
    "silent_codes": _texts,
    "hours": _number,
    "more_than": _truth,
    "months": _choice(tuple(WINDOW_DAYS)),
    "time_zero": _choice(DATES),
    "before": _truth,
    "forms": _choices(FORMS),
    "treatment": _text,
    "dates": _dates,
    "forum": _choice(FORUMS),
    "of": _of,
    "amount": _number,
    "by": _divisor,
    "gives": _text,
    "funder": _texts,
    "category": _texts,
}
"""How each key is read; every one refuses what it cannot use."""
