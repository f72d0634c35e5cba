"""Indicator cards: what an indicator means, as reviewed TOML in ``indicators/``.

A card says in words and in conditions what is counted, so that a reader can check the one
against the other. An incomplete card is refused with a sentence that names file, card and key.

A file has ``pack``, ``title``, ``version``, a table ``[defaults]`` that fills keys in every
card, and a list ``[[indicator]]``. What each kind of card works out stands in ``kinds``.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from casewall.outcomes.card import Card, CardError, Pack, Part, Printed, Where
from casewall.outcomes.card_reader import READ_KEY, Reader
from casewall.outcomes.conditions import COUNTING_DATES, SOURCES, UNITS
from casewall.outcomes.kinds import AMOUNTS, DISTINCT, KINDS, OF_NOBODY, OWN_KEYS, TOTALS, WEEKS
from casewall.outcomes.tables import Witness

__all__ = [
    "Card",
    "CardError",
    "Pack",
    "Part",
    "Printed",
    "Where",
    "card_of",
    "load_pack",
    "pack_names",
    "read_pack",
]

INDICATORS = Path(__file__).parent / "indicators"

_WORDS = ("id", "kind", "label", "why", "unit", "counting_date", "period", "source")
_MORE_WORDS = ("exclusions", "version")
_SCALED = ("mean_change", "share_improved", "percent_change")
_KNOWN = {*_WORDS, *_MORE_WORDS, *OWN_KEYS, "numerator", "denominator", "breakdowns"} | {
    "note",
    "printed",
}


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
    reader = Reader(path.name, "the file")
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


def card_of(file: str, pack: str, written: Mapping[str, Any]) -> Card:
    """One card by itself, as a table of keys. Raises CardError with file, card and key."""
    return _card(file, 1, pack, written)


def _card(file: str, number: int, pack: str, written: Mapping[str, Any]) -> Card:
    named = written.get("id")
    reader = Reader(file, f"card {named}" if isinstance(named, str) else f"card {number}")
    reader.only(written, _KNOWN)
    words = {key: reader.text(written, key) for key in (*_WORDS, *_MORE_WORDS)}
    reader.one_of("kind", words["kind"], tuple(KINDS))
    reader.one_of("unit", words["unit"], UNITS)
    reader.one_of("counting_date", words["counting_date"], COUNTING_DATES)
    reader.one_of("source", words["source"], SOURCES)
    printed = reader.printed(written)
    if words["kind"] == "printed_only" and printed is None:
        reader.refuse("printed", "the key is missing")
    own = _own_keys(reader, words, written)
    numerator = reader.part(written, "numerator")
    if numerator.where and not _is_conditioned(words["kind"], own.get("of")):
        reader.refuse("numerator", f"a card of kind {words['kind']} has no conditions in it")
    keys: dict[str, Any] = {"missing": None, **words, **own}
    return Card(
        pack=pack,
        **keys,
        numerator=numerator,
        denominator=_denominator(reader, words["kind"], written),
        breakdowns=reader.breakdowns(written),
        printed=printed,
        note=reader.text(written, "note") if "note" in written else None,
    )


def _is_conditioned(kind: str, of: str | None) -> bool:
    """Whether the numerator's conditions are asked at all: none is written to no effect."""
    of_nobody = (of or "").partition(".")[0] in OF_NOBODY
    return kind in ("count", "share", "total", "distinct", "ratio") and not of_nobody


def _denominator(reader: Reader, kind: str, written: Mapping[str, Any]) -> Part | None:
    if KINDS[kind].divided:
        return reader.part(written, "denominator")
    if "denominator" in written:
        reader.refuse("denominator", f"a card of kind {kind} has none")
    return None


def _own_keys(
    reader: Reader, words: Mapping[str, str], written: Mapping[str, Any]
) -> dict[str, Any]:
    """The keys of this kind of card, each read; those of other kinds are refused."""
    kind = KINDS[words["kind"]]
    for key in sorted(OWN_KEYS):
        if key in written and key not in (*kind.needs, *kind.may):
            reader.refuse(key, f"a card of kind {words['kind']} has none")
    _one_source(reader, words["kind"], words["source"])
    for key in kind.needs:
        if key not in written and key != "waves":
            reader.refuse(key, "the key is missing")
    own = {key: READ_KEY[key](reader, key, written.get(key)) for key in kind.needs}
    own |= {key: READ_KEY[key](reader, key, written[key]) for key in kind.may if key in written}
    _together(reader, words, own)
    return own


def _one_source(reader: Reader, kind: str, source: str) -> None:
    """Refuses a source that cannot answer or tell: each tells its own, and none are pooled."""
    if kind in _SCALED and source not in ("partner", "client"):
        reader.refuse("source", "a scale is answered by the partner or by the client, not pooled")
    if kind == "share_answering" and source not in ("partner", "client", "referrer"):
        reader.refuse("source", "a question is answered by a partner, a client or a referrer")
    if kind in ("repeat", "incident_change") and source not in get_args(Witness):
        reader.refuse("source", f"incidents are told by one of {', '.join(get_args(Witness))}")


def _together(reader: Reader, words: Mapping[str, str], own: Mapping[str, Any]) -> None:
    """Refuses keys that are right alone and wrong beside each other."""
    kind, of = words["kind"], own.get("of")
    if kind == "quotient":
        if ("amount" in own) == ("of" in own):
            reader.refuse("amount", "either the amount that was printed, or `of` the records")
        if of is not None and of not in AMOUNTS:
            reader.refuse("of", f"{of!r} is not one of {', '.join(AMOUNTS)}")
        if of is None and own["by"] == WEEKS:
            reader.refuse("by", "a printed amount is divided by a number; its period is not ours")
        wanted = "print" if of is None else "accounts"
        if words["source"] != wanted:
            reader.refuse("source", f"the source of this quotient is {wanted}")
        if of is not None and not own["gives"].startswith("per "):
            reader.refuse("gives", "write “per week”; the currency comes from the records")
    if kind == "total" and of in DISTINCT and of not in TOTALS:
        reader.refuse("of", f"{of!r} is counted by a card of kind distinct")
    if kind == "distinct" and of not in DISTINCT:
        reader.refuse("of", f"{of!r} is not one of {', '.join(DISTINCT)}")
    if kind == "ratio" and of in ("contract", "cost", "area", "contract_area", "funder"):
        reader.refuse("of", f"{of!r} is nothing that a person has")
