"""Releases: a quarter's figures, frozen, kept with whose records they are made of, and audited.

A figure that moves by one between two releases tells about the one. So figures leave the house
only as a whole quarter, from one frozen extract; a figure of which fewer than ten people differ
from any earlier release is held back; and what all releases of a pack tell together is attacked
before a new one joins them. Files are added and never changed: a correction is a new version.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

from casewall.outcomes.attack import Expression, Known
from casewall.outcomes.cards import Card
from casewall.outcomes.crosstabs import could_be
from casewall.outcomes.extract import Extract
from casewall.outcomes.figures import Figure
from casewall.outcomes.suppress import HIDDEN_TO, ReleaseError

LEAST_NEW = 10
"""The fewest people by whom a release, and a figure of it, may differ from an earlier one."""
HELD_BACK = "Held back: fewer than 10 people differ from an earlier release."
TELLS = "Held back: with other figures it would tell a hidden count."
PARTS = ("numerator", "denominator", "missing")
LEDGER = "ledger.jsonl"
RECORDS = ".records.json"

Members = Mapping[str, Mapping[str, frozenset[str]]]
"""Figure → numerator, denominator or missing → who is in it, as "client:…" and "partner:…"."""


class Counted(Protocol):
    """What the audit sees of a figure: shown counts, None where a part does not apply."""

    @property
    def id(self) -> str: ...

    @property
    def numerator(self) -> Any: ...

    @property
    def denominator(self) -> Any: ...

    @property
    def missing(self) -> Any: ...


_QUARTER = re.compile(r"(\d{4})Q([1-4])")


def quarter_days(quarter: str) -> tuple[date, date]:
    """The first and the last day of a quarter, written as 2026Q3: three months, never four.

    Raises ReleaseError for anything else.
    """
    found = _QUARTER.fullmatch(quarter)
    if not found or not 1900 <= int(found[1]) <= 2999:
        raise ReleaseError(f"“{quarter}” is not a quarter; write it as 2026Q3.")
    year, first_month = int(found[1]), 3 * int(found[2]) - 2
    after = date(year + first_month // 10, (first_month + 2) % 12 + 1, 1)
    return date(year, first_month, 1), after - timedelta(days=1)


def records_of(
    cards: Sequence[Card], extract: Extract, compute: Callable[[Card, Extract], Figure]
) -> dict[str, dict[str, frozenset[str]]]:
    """Whose records each figure is made of.

    A person belongs to a part of a figure if the figure over that person's rows alone (with those
    who are linked, where the card asks about links) has another number there than the figure over
    nobody. That holds for every kind of card, because every part adds up over persons, and it
    cannot drift from how the figure is computed.
    """
    nobody = {card.id: compute(card, replace(extract, persons=())) for card in cards}
    found: dict[str, dict[str, set[str]]] = {
        card.id: {part: set() for part in PARTS} for card in cards
    }
    for (role, key), alone, linked in _each_alone(extract):
        for card in cards:
            if _cannot_be_of(card, role):
                continue
            figure = compute(card, linked if _asks_for_links(card) else alone)
            for part in PARTS:
                if getattr(figure, part) != getattr(nobody[card.id], part):
                    found[card.id][part].add(f"{role}:{key}")
    return {
        figure: {part: frozenset(who) for part, who in parts.items()}
        for figure, parts in found.items()
    }


def _each_alone(extract: Extract) -> Iterator[tuple[tuple[str, str], Extract, Extract]]:
    """Each person's rows, and the same with the referrals of those who are linked.

    Of a partner's rows is the custody of linked clients, which takes off the time at risk.
    """
    rows: dict[str, dict[str, list[Any]]] = {table: {} for table in _OF_PERSONS}
    for table, held in rows.items():
        for row in getattr(extract, table):
            for key in {getattr(row, name, None) for name in _KEYS}:
                if key is not None:
                    held.setdefault(key, []).append(row)
    persons: dict[tuple[str, str], list[Any]] = {}
    for one in extract.persons:
        persons.setdefault((one.role, one.key), []).append(one)
    for who, own in sorted(persons.items()):
        of_this: dict[str, Any] = {
            table: tuple(held.get(who[1], ())) for table, held in rows.items()
        }
        others = [
            ("partner", link.partner_key) if who[0] == "client" else ("client", link.client_key)
            for link in of_this["links"]
            if (link.client_key if who[0] == "client" else link.partner_key) == who[1]
        ]
        if who[0] == "partner":
            of_this["custody"] = tuple(
                row for _, key in dict.fromkeys(others) for row in rows["custody"].get(key, ())
            )
        alone = replace(extract, persons=tuple(own), **of_this)
        beside = [row for other in dict.fromkeys(others) for row in persons.get(other, ())]
        yield who, alone, replace(alone, persons=(*own, *beside))


_OF_PERSONS = (
    "links",
    "children",
    "scales",
    "answers",
    "incidents",
    "followed",
    "custody",
    "attendance",
    "treatments",
    "hearings",
)
_KEYS = ("key", "client_key", "partner_key", "adult_key", "about_key")


def _asks_for_links(card: Card) -> bool:
    parts = [
        card.numerator.where,
        card.denominator.where if card.denominator else (),
        card.missing or (),
    ]
    return any(name.startswith("linked") for where in parts for name, _ in where)


def _cannot_be_of(card: Card, role: str) -> bool:
    """Whether a card asks for the other role: who is merely linked is not of the figure."""
    whole = card.denominator or card.numerator
    asked = dict(whole.where).get("role")
    return asked is not None and role not in asked


@dataclass(frozen=True, slots=True)
class Release:
    """One kept release. ``figures`` is the released table as JSON dicts; ``members`` is empty
    unless the release was read with its records. ``flows`` are the released diagrams, and
    ``boxes`` their numbers as figures have them, so that one audit sees both."""

    pack: str
    service: str
    quarter: str
    version: int
    title: str
    period_from: date
    period_to: date
    as_of: date
    invented: bool
    rule: str
    figures: tuple[dict[str, Any], ...]
    held_back: tuple[str, ...]
    revisions: tuple[str, ...]
    members: Members
    identifiers: Mapping[str, tuple[str, ...]]
    sha256: str
    flows: tuple[dict[str, Any], ...] = ()
    boxes: tuple[dict[str, Any], ...] = ()

    def shown(self, figure: str, part: str) -> int | str | None:
        """A part of a figure, or the number of a box, as it was released; None where it was not."""
        for row in (*self.figures, *self.boxes):
            if row["id"] == figure:
                found: int | str | None = row[part]
                return found
        return None

    @property
    def of_figures(self) -> Members:
        """The members of the figures, without those of boxes."""
        return {row["id"]: self.members[row["id"]] for row in self.figures
                if row["id"] in self.members}

    @property
    def people(self) -> frozenset[str]:
        """Everybody in any figure."""
        return frozenset().union(
            *(who for parts in self.members.values() for who in parts.values())
        )


@dataclass(frozen=True, slots=True)
class Audit:
    """Which figures of a new release must be held back, and why, in a sentence each."""

    held_back: Mapping[str, str]


def audit(
    figures: Sequence[Figure],
    members: Members,
    earlier: Sequence[Release],
    *,
    revises: Release | None = None,
) -> Audit:
    """What may leave with what has left already.

    ``figures`` are released ones; ``revises`` is the version that this one corrects. Raises
    ReleaseError where the release as a whole would be about fewer than ten people, or no figure
    is left.
    """
    _enough_people(members, earlier, revises)
    held = {
        figure.id: HELD_BACK for figure in figures if isolates(figure.id, members, earlier)
    }
    while True:
        told = told_by(figures, members, earlier, held)
        if not told:
            break
        held.update(dict.fromkeys(told, TELLS))
    with_people = [one.id for one in figures if any(members[one.id].values())]
    if with_people and all(one in held for one in with_people):
        raise ReleaseError(
            "No figure can be released: of each, fewer than ten people differ from an earlier "
            "release, or it would tell a hidden count."
        )
    return Audit(held)


def _enough_people(members: Members, earlier: Sequence[Release], revises: Release | None) -> None:
    everybody = frozenset().union(*(who for parts in members.values() for who in parts.values()))
    if revises is not None:
        before = revises.of_figures
        if _same(members, before):
            return
        differ = {
            who
            for figure, parts in members.items()
            for part in PARTS
            for who in parts[part] ^ before.get(figure, {}).get(part, frozenset())
        }
        if len(differ) < LEAST_NEW:
            raise ReleaseError(
                f"The records of fewer than ten people have changed since version "
                f"{revises.version} of {revises.quarter}, so that a new version would show whose. "
                "Release them with the next quarter."
            )
        return
    known = frozenset().union(*(one.people for one in earlier))
    if len(everybody - known) < LEAST_NEW:
        since = " since the last release" if earlier else ""
        raise ReleaseError(f"Fewer than ten people are new{since}, so nothing is released yet.")


def _same(one: Members, other: Members) -> bool:
    return all(
        one.get(figure, {}).get(part, frozenset()) == other.get(figure, {}).get(part, frozenset())
        for figure in {*one, *other}
        for part in PARTS
    )


def isolates(figure: str, members: Members, earlier: Sequence[Release]) -> bool:
    """Whether a figure, or a box, beside an earlier one of itself would be about a few people."""
    return any(
        _isolates(members[figure][part], known.members.get(figure, {}).get(part))
        for known in earlier
        for part in PARTS
    )


def _isolates(new: frozenset[str], old: frozenset[str] | None) -> bool:
    """Whether a difference of the two would be about fewer than ten people; not where both are
    hidden whatever they are."""
    if old is None or max(len(new), len(old)) <= HIDDEN_TO:
        return False
    return 0 < len(new ^ old) < LEAST_NEW


def told_by(
    figures: Sequence[Counted],
    members: Members,
    earlier: Sequence[Release],
    held: Mapping[str, str],
) -> set[str]:
    """The figures to hold back since, with all that was released, a hidden count follows.

    Each group of people is one unknown; groups that are the same, lie within each other or make
    up a third are taken to be known as such, which is more than a reader knows.
    """
    shown: dict[frozenset[str], list[int | str]] = {}
    new: dict[frozenset[str], set[str]] = {}
    for figure in figures:
        for part in PARTS if figure.id not in held else ():
            count, who = getattr(figure, part), members[figure.id][part]
            if who and _is_count(count):
                shown.setdefault(who, []).append(count)
                new.setdefault(who, set()).add(figure.id)
    for known in earlier:
        for figure_id, parts in known.members.items():
            for part, who in parts.items():
                count = known.shown(figure_id, part)
                if who and count is not None and _is_count(count):
                    shown.setdefault(who, []).append(count)
    recovered = _recovered(shown)
    return {
        figure
        for who in recovered
        for other, of in new.items()
        if other & who
        for figure in of
        if other == who or other <= who or who <= other
    }


def _is_count(count: Any) -> bool:
    return isinstance(count, str) or (type(count) is int and count % 5 == 0)


def _recovered(shown: Mapping[frozenset[str], Sequence[int | str]]) -> list[frozenset[str]]:
    known = Known()
    at = {}
    for who, counts in shown.items():
        ranges = [could_be(count) for count in counts]
        least, most = max(low for low, _ in ranges), min(high for _, high in ranges)
        if least <= most:  # sums of several things of one person are no counts of people
            at[who] = known.unknown((least, most))
    groups = sorted(at, key=len)
    for number, small in enumerate(groups):
        for large in groups[number + 1 :]:
            if small < large:
                rest = at.get(large - small)
                pair = ((at[large], 1), (at[small], -1))
                if rest is None:
                    known.sums.append((pair, (0, known.ranges[at[large]][1])))
                else:
                    known.sums.append(((*pair, (rest, -1)), (0, 0)))
    hidden: dict[Expression, frozenset[str]] = {
        ((at[who], 1),): who
        for who in groups
        if any(isinstance(count, str) for count in shown[who])
    }
    try:
        return [hidden[one] for one in known.determined(hidden)]
    except ReleaseError:
        return []  # counts of several things a person contradict each other: nothing follows


def revisions(figures: Sequence[Figure], before: Release) -> tuple[str, ...]:
    """What a new version says otherwise than the one before, in a sentence each."""
    said = []
    known = {row["id"]: row for row in before.figures}
    for figure in figures:
        old = known.pop(figure.id, None)
        if old is None:
            said.append(f"{figure.label}: new in this version.")
        elif _words(old) != _words(vars_of(figure)):
            said.append(f"{figure.label}: was {_words(old)}, is {_words(vars_of(figure))}.")
    said += [f"{row['label']}: no longer in it." for row in known.values()]
    return tuple(said)


def vars_of(figure: Figure) -> dict[str, Any]:
    """The parts of a figure that a revision compares."""
    return {key: getattr(figure, key) for key in ("numerator", "denominator", "value", "unit")}


def _words(row: Mapping[str, Any]) -> str:
    numerator, denominator, value = row["numerator"], row["denominator"], row["value"]
    if numerator is None and denominator is None and value is None:
        return "not shown"
    of = "" if denominator is None else f" of {denominator}"
    bare = "not shown" if numerator is None else str(numerator)
    return f"{bare}{of}" + ("" if value is None else f" ({value:g} {row['unit']})")


def place_of(folder: Path, service: str, pack: str) -> Path:
    """Where the releases of a pack are kept."""
    return folder / "releases" / service / pack


def kept_releases(folder: Path, service: str, pack: str) -> list[Release]:
    """The releases of a pack with their records, in the order in which they were made.

    Raises ReleaseError where a file is missing or is not the one that was kept.
    """
    place = place_of(folder, service, pack)
    ledger = place / LEDGER
    if not ledger.exists():
        return []
    found = []
    for line in ledger.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        path = place / entry["path"]
        found.append(read_release(path, entry["sha256"], entry["records_sha256"]))
    return found


def every_release(folder: Path) -> list[Release]:
    """All releases of all services and packs."""
    ledgers = sorted((folder / "releases").glob(f"*/*/{LEDGER}"))
    return [
        one
        for ledger in ledgers
        for one in kept_releases(folder, ledger.parent.parent.name, ledger.parent.name)
    ]


def read_release(path: Path, sha256: str, records_sha256: str) -> Release:
    """One release with its records. Raises ReleaseError where a file was changed or is gone."""
    written = _unchanged(path, sha256)
    records = _unchanged(records_path(path), records_sha256)
    days: dict[str, Any] = {
        key: date.fromisoformat(written[key]) for key in ("period_from", "period_to", "as_of")
    }
    words = {
        key: written[key]
        for key in ("pack", "service", "quarter", "version", "title", "invented", "rule")
    }
    return Release(
        **words,
        **days,
        figures=tuple(written["figures"]),
        held_back=tuple(written["held_back"]),
        revisions=tuple(written["revisions"]),
        members={
            figure: {part: frozenset(who) for part, who in parts.items()}
            for figure, parts in records["members"].items()
        },
        identifiers={who: tuple(ids) for who, ids in records["identifiers"].items()},
        sha256=sha256,
        flows=tuple(written.get("flows", ())),
        boxes=tuple(written.get("boxes", ())),
    )


def records_path(path: Path) -> Path:
    """The file beside a release that says whose records its figures are made of."""
    return path.with_name(path.name.removesuffix(".json") + RECORDS)


def _unchanged(path: Path, sha256: str) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise ReleaseError(
            f"The kept release {path.name} cannot be read: {problem.strerror}."
        ) from problem
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ReleaseError(f"{path.parent.name}/{path.name} is not the file that was kept.")
    found: dict[str, Any] = json.loads(content)
    return found
