"""Indicator cards: what an indicator means, as reviewed TOML in ``indicators/``.

A card says in words and in conditions what is counted, so that a reader can check the one
against the other. An incomplete card is refused with a sentence that names file, card and key.

A file has ``pack``, ``title``, ``version``, a table ``[defaults]`` that fills keys in every
card, and a list ``[[indicator]]``. Kinds of card:

- ``count``: how many; no denominator.
- ``share``: those of the denominator who also meet the numerator's conditions.
- ``mean_change``, ``share_improved``: of paired scores on ``scale`` between two ``waves``.
- ``cost_per``: included costs per person of the denominator.
- ``printed_only``: a published claim without the numbers that would let anyone compute it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, get_args

from casewall.outcomes.extract import Contact, Role, Sex, Side, Wave

INDICATORS = Path(__file__).parent / "indicators"
KINDS = ("count", "share", "mean_change", "share_improved", "cost_per", "printed_only")
UNITS = ("person", "episode", "linked_case")
SOURCES = ("client", "partner", "worker", "police", "referrer", "accounts")
COUNTING_DATES = (
    "referred_on",
    "assessed_on",
    "suitable_on",
    "agreed_on",
    "started_on",
    "completed_on",
    "exited_on",
)
BREAKDOWNS = ("role", "sex", "route", "contact")
PRINTED_NUMBERS = ("exact", "rounded", "truncated", "denominator unstated")
PRINTED_WORDS = ("no denominator",)
LINKED = ("at_the_centre", "not_at_the_centre")

CONDITIONS: dict[str, tuple[str, ...] | None] = {
    "side": get_args(Side),
    "role": get_args(Role),
    "sex": get_args(Sex),
    "contact": get_args(Contact),
    "route": None,
    "stage": None,
    "exit_reason": None,
    "has": COUNTING_DATES,
    "linked": LINKED,
}
"""What a card may ask of a person, with the values it may name (None: any text).

``has`` asks that the dates are known; ``linked`` whether anyone of the other role who is at
the Centre is linked to the person.
"""

_SCALE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)?")

Where = tuple[tuple[str, tuple[str, ...]], ...]

_WORDS = ("id", "kind", "label", "why", "unit", "counting_date", "period", "source")
_MORE_WORDS = ("exclusions", "version")
_SCALED = ("mean_change", "share_improved")
_KNOWN = {*_WORDS, *_MORE_WORDS, "numerator", "denominator", "breakdowns", "note"} | {
    "printed",
    "missing",
    "scale",
    "waves",
}


class CardError(ValueError):
    """A card that cannot be used; says file, card and key."""


@dataclass(frozen=True, slots=True)
class Part:
    """A numerator or denominator: in words, and as conditions that must all hold."""

    says: str
    where: Where


@dataclass(frozen=True, slots=True)
class Printed:
    """What the paper printed: a value in the figure's unit, a count, and how it was made."""

    value: float | str | None
    count: int | None
    how: str


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator. ``missing`` says who of the denominator lacks the fact that is counted."""

    pack: str
    id: str
    kind: str
    label: str
    why: str
    numerator: Part
    denominator: Part | None
    unit: str
    counting_date: str
    period: str
    source: str
    exclusions: str
    breakdowns: tuple[str, ...]
    version: str
    missing: Where | None
    scale: str | None
    waves: tuple[str, str] | None
    printed: Printed | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Pack:
    """The cards of one file, in the order in which their figures are shown."""

    name: str
    title: str
    version: str
    cards: tuple[Card, ...]


def pack_names() -> tuple[str, ...]:
    """The packs that are shipped."""
    return tuple(sorted(path.stem for path in INDICATORS.glob("*.toml")))


@cache
def load_pack(name: str) -> Pack:
    """The shipped pack of that name. Raises CardError where there is none, or it is wrong."""
    if name not in pack_names():
        raise CardError(f"there is no pack called {name}; there are {', '.join(pack_names())}")
    return read_pack(INDICATORS / f"{name}.toml")


def read_pack(path: Path) -> Pack:
    """The pack in a file. Raises CardError with file, card and key."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise CardError(f"{path.name}: not readable as TOML: {problem}") from problem
    reader = _Reader(path.name, "the file")
    for key in ("pack", "title", "version"):
        reader.text(written, key)
    if written["pack"] != path.stem:
        reader.refuse("pack", f"{written['pack']!r} is not the name of the file")
    reader.only(written, {"pack", "title", "version", "defaults", "indicator"})
    listed = written.get("indicator")
    if not isinstance(listed, list) or not listed:
        reader.refuse("indicator", "there is no card")
    defaults = written.get("defaults", {})
    if not isinstance(defaults, dict) or not all(isinstance(card, dict) for card in listed):
        reader.refuse("indicator", "write cards as [[indicator]] and defaults as [defaults]")
    cards = tuple(
        _card(path.name, number, written["pack"], {**defaults, **card})
        for number, card in enumerate(listed, 1)
    )
    ids = [card.id for card in cards]
    for name in ids:
        if ids.count(name) > 1:
            reader.refuse("indicator", f"two cards have the id {name}")
    return Pack(written["pack"], written["title"], written["version"], cards)


def _card(file: str, number: int, pack: str, written: Mapping[str, Any]) -> Card:
    named = written.get("id")
    reader = _Reader(file, f"card {named}" if isinstance(named, str) else f"card {number}")
    reader.only(written, _KNOWN)
    words = {key: reader.text(written, key) for key in (*_WORDS, *_MORE_WORDS)}
    reader.one_of("kind", words["kind"], KINDS)
    reader.one_of("unit", words["unit"], UNITS)
    reader.one_of("counting_date", words["counting_date"], COUNTING_DATES)
    reader.one_of("source", words["source"], SOURCES)
    printed = reader.printed(written)
    if words["kind"] == "printed_only" and printed is None:
        reader.refuse("printed", "the key is missing")
    return Card(
        pack=pack,
        **words,
        numerator=reader.part(written, "numerator"),
        denominator=_denominator(reader, words["kind"], written),
        breakdowns=reader.breakdowns(written),
        missing=reader.where("missing", written["missing"]) if "missing" in written else None,
        scale=_scale(reader, words, written),
        waves=_waves(reader, words["kind"], written),
        printed=printed,
        note=reader.text(written, "note") if "note" in written else None,
    )


def _denominator(reader: "_Reader", kind: str, written: Mapping[str, Any]) -> Part | None:
    if kind not in ("count", "printed_only"):
        return reader.part(written, "denominator")
    if "denominator" in written:
        reader.refuse("denominator", f"a card of kind {kind} has none")
    return None


def _scale(reader: "_Reader", words: Mapping[str, str], written: Mapping[str, Any]) -> str | None:
    if words["kind"] not in _SCALED:
        reader.refuse_if_present("scale", words["kind"], written)
        return None
    if words["source"] not in ("partner", "client"):
        reader.refuse("source", "a scale is answered by the partner or by the client, not pooled")
    named = reader.text(written, "scale")
    if not _SCALE.fullmatch(named):
        reader.refuse("scale", f"{named!r} is not the name of a measure, or measure.part of it")
    return named


def _waves(reader: "_Reader", kind: str, written: Mapping[str, Any]) -> tuple[str, str] | None:
    if kind not in _SCALED:
        reader.refuse_if_present("waves", kind, written)
        return None
    waves = written.get("waves")
    if not isinstance(waves, list) or len(waves) != 2 or waves[0] == waves[1]:
        reader.refuse("waves", "two different waves are needed")
    for wave in waves:
        reader.one_of("waves", wave, get_args(Wave))
    return waves[0], waves[1]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads keys of one card and refuses what is wrong, saying where it stands."""

    file: str
    card: str

    def refuse(self, key: str, problem: str) -> NoReturn:
        raise CardError(f"{self.file}, {self.card}, {key}: {problem}")

    def refuse_if_present(self, key: str, kind: str, written: Mapping[str, Any]) -> None:
        if key in written:
            self.refuse(key, f"a card of kind {kind} has none")

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

    def one_of(self, key: str, found: Any, known: tuple[str, ...]) -> None:
        if found not in known:
            self.refuse(key, f"{found!r} is not one of {', '.join(known)}")

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
            for value in values:
                known = CONDITIONS[name]
                if known is not None:
                    self.one_of(key, value, known)
        return tuple((name, tuple(values)) for name, values in written.items())

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
