"""The pseudonymised extract of one service: what every engine computes from.

It holds no name, no contact detail and no free text about a person. Keys are pseudonyms that
mean nothing outside one extract. ``to_rows`` and ``from_rows`` are the only way in and out of
files; ``from_rows`` refuses what does not fit, naming table, row and column.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal, get_args

Side = Literal["programme", "safety"]
Role = Literal["client", "partner"]
Sex = Literal["male", "female", "other", "unknown"]
Contact = Literal["not_tried", "not_reached", "unsafe", "declined", "engaged"]
Source = Literal["partner", "client"]
Scale = Literal["freedom", "safety", "empowerment"]
Wave = Literal["before", "after", "follow_up"]

AT_THE_CENTRE: Contact = "engaged"
"""A person is "at the Centre" (seen) when contact led to engagement with the service."""

FURTHEST_LAST = get_args(Contact)
"""Contact outcomes from the least to the furthest contact."""


class ExtractError(ValueError):
    """A row that does not fit the extract; says table, row (counted from 1) and column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One referral of one person. A fact that is not known is None or "unknown", never a zero.

    A partner exists on the safety side only. ``key`` is stable within the extract, so that a
    person who was referred twice has two rows with one key.
    """

    key: str
    side: Side
    role: Role
    sex: Sex
    service: str
    route: str
    referred_on: date
    contact: Contact
    stage: str | None = None
    assessed_on: date | None = None
    suitable_on: date | None = None
    agreed_on: date | None = None
    started_on: date | None = None
    completed_on: date | None = None
    exited_on: date | None = None
    exit_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A partner and a client who belong to one case. Known on the safety side only."""

    partner_key: str
    client_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleScore:
    """One person's score on one scale at one wave: 0–100, higher is better; None if unanswered.

    ``source`` is who answered, ``side`` where the answer is held. ``not_answered_reason`` says
    why a score is absent where that is known (for example "unsafe to ask").
    """

    key: str
    side: Side
    source: Source
    scale: Scale
    wave: Wave
    score: float | None
    answered: int
    items: int
    answered_on: date | None = None
    not_answered_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One client's mark in one session's register; durations in minutes."""

    client_key: str
    session_on: date
    status: str
    minutes_planned: int
    minutes_attended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One line of the cost ledger: ``amount`` in hundredths of ``currency``, in prices of
    ``price_year``; ``included`` says whether the cost figures count it."""

    category: str
    amount: int
    currency: str
    price_year: int
    included: bool
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One service as it stood on ``as_of``; the period's first and last day both count.

    ``invented`` is true only where every person in it was made up; nothing else may be
    published without disclosure control.
    """

    service: str
    as_of: date
    period_from: date
    period_to: date
    persons: tuple[Person, ...] = ()
    links: tuple[Link, ...] = ()
    scales: tuple[ScaleScore, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    costs: tuple[Cost, ...] = ()
    invented: bool = False

    def __post_init__(self) -> None:
        _check_whole(self)


TABLES: dict[str, type] = {
    "persons": Person,
    "links": Link,
    "scales": ScaleScore,
    "attendance": Attendance,
    "costs": Cost,
}
_CHOICES = {
    "side": get_args(Side),
    "role": get_args(Role),
    "sex": get_args(Sex),
    "contact": get_args(Contact),
    "source": get_args(Source),
    "scale": get_args(Scale),
    "wave": get_args(Wave),
}
_HEADING = ("service", "as_of", "period_from", "period_to", "invented")

Rows = dict[str, list[dict[str, Any]]]


def to_rows(extract: Extract) -> Rows:
    """Plain dict lists by table name: the five of ``TABLES`` and the one-row table "extract"."""
    rows: Rows = {"extract": [{name: getattr(extract, name) for name in _HEADING}]}
    for table, row_type in TABLES.items():
        names = [field.name for field in fields(row_type)]
        rows[table] = [
            {name: getattr(row, name) for name in names} for row in getattr(extract, table)
        ]
    return rows


def from_rows(rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> Extract:
    """The extract of such lists. Dates may be dates or ISO texts; an absent table is empty.

    Raises ExtractError for an unknown table or column, a value that is missing or of the
    wrong kind, a choice that does not exist, or rows that contradict each other.
    """
    strange = sorted(set(rows) - set(TABLES) - {"extract"})
    if strange:
        raise ExtractError(f"there is no table called {strange[0]}")
    heading = list(rows.get("extract", ()))
    if len(heading) != 1:
        raise ExtractError(f"the table extract has {len(heading)} rows and needs exactly one")
    types = {field.name: field.type for field in fields(Extract) if field.name in _HEADING}
    found = _read("extract", 1, heading[0], types, {"invented"})
    for table, row_type in TABLES.items():
        found[table] = tuple(
            _row(table, number, row_type, row) for number, row in enumerate(rows.get(table, ()), 1)
        )
    return Extract(**found)


def _row(table: str, number: int, row_type: type, row: Mapping[str, Any]) -> Any:
    columns = fields(row_type)
    optional = {field.name for field in columns if field.default is None}
    types = {field.name: field.type for field in columns}
    return row_type(**_read(table, number, row, types, optional))


def _read(
    table: str, number: int, row: Mapping[str, Any], types: Mapping[str, Any], optional: set[str]
) -> dict[str, Any]:
    found = {}
    for name in row:
        if name not in types:
            raise ExtractError(f"{table} row {number}: there is no column called {name}")
    for name, kind in types.items():
        if name not in row:
            if name in optional:
                continue
            raise ExtractError(f"{table} row {number}, {name}: the column is missing")
        problem, found[name] = _value(name, kind, row[name])
        if problem:
            raise ExtractError(f"{table} row {number}, {name}: {problem}")
    return found


def _value(name: str, kind: Any, raw: Any) -> tuple[str, Any]:
    """A problem ("" if none) and the value in its proper type."""
    accepted = get_args(kind) if type(None) in get_args(kind) else (kind,)
    if raw is None:
        return ("" if type(None) in accepted else "a value is needed"), None
    if name in _CHOICES:
        known = raw in _CHOICES[name]
        return ("" if known else f"{raw!r} is not one of {', '.join(_CHOICES[name])}"), raw
    if date in accepted:
        return _day(raw)
    if float in accepted:
        fits = type(raw) in (int, float) and 0 <= raw <= 100
        return ("" if fits else f"{raw!r} is not a score from 0 to 100"), raw
    wanted = accepted[0]
    if type(raw) is not wanted:
        return f"{raw!r} is not {_IN_WORDS[wanted]}", raw
    if raw == "" or (wanted is int and raw < 0):
        return f"{raw!r} is not {_IN_WORDS[wanted]}", raw
    return "", raw


_IN_WORDS = {str: "a text", int: "a whole number from 0", bool: "true or false"}


def _day(raw: Any) -> tuple[str, Any]:
    if isinstance(raw, datetime):
        return f"{raw!r} has a time; a day is wanted", raw
    if isinstance(raw, date):
        return "", raw
    try:
        return "", date.fromisoformat(raw)
    except (TypeError, ValueError):
        return f"{raw!r} is not a day written as 2014-01-31", raw


def _check_whole(extract: Extract) -> None:
    if extract.period_from > extract.period_to:
        raise ExtractError("the period ends before it begins")
    seen: set[Any] = set()
    for number, person in enumerate(extract.persons, 1):
        if person.role == "partner" and person.side == "programme":
            raise ExtractError(
                f"persons row {number}, side: a partner is never on the programme side"
            )
        _only_once(seen, f"persons row {number}", (person.role, person.key, person.referred_on))
    for number, link in enumerate(extract.links, 1):
        _only_once(seen, f"links row {number}", ("link", link.partner_key, link.client_key))
    for number, score in enumerate(extract.scales, 1):
        if score.source == "partner" and score.side == "programme":
            raise ExtractError(
                f"scales row {number}, side: a partner's answer is never on the programme side"
            )
        asked = (score.source, score.key, score.scale, score.wave)
        _only_once(seen, f"scales row {number}", asked)


def _only_once(seen: set[Any], where: str, identity: tuple[Any, ...]) -> None:
    if identity in seen:
        raise ExtractError(f"{where}: the same record stands twice")
    seen.add(identity)
