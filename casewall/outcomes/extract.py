"""The pseudonymised extract of one service: what every engine computes from.

It holds no name, no contact detail and no free text about a person. Keys are pseudonyms that
mean nothing outside one extract. ``to_rows`` and ``from_rows`` are the only way in and out of
files; ``from_rows`` refuses what does not fit, naming table, row and column.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from casewall.outcomes.tables import (
    AT_THE_CENTRE,
    TABLES,
    Activity,
    Answer,
    Attendance,
    ChildLink,
    Contact,
    Contract,
    Cost,
    Custody,
    Followed,
    Hearing,
    Incident,
    Link,
    Person,
    Role,
    ScaleScore,
    Sex,
    Side,
    Treatment,
    Wave,
)

__all__ = [
    "AT_THE_CENTRE",
    "FURTHEST_LAST",
    "TABLES",
    "Activity",
    "Answer",
    "Attendance",
    "ChildLink",
    "Contact",
    "Contract",
    "Cost",
    "Custody",
    "Extract",
    "ExtractError",
    "Followed",
    "Hearing",
    "Incident",
    "Link",
    "Person",
    "Role",
    "ScaleScore",
    "Sex",
    "Side",
    "Treatment",
    "Wave",
    "from_rows",
    "to_rows",
]

FURTHEST_LAST = get_args(Contact)
"""Contact outcomes from the least to the furthest contact."""


class ExtractError(ValueError):
    """A row that does not fit the extract; says table, row (counted from 1) and column."""


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
    children: tuple[ChildLink, ...] = ()
    scales: tuple[ScaleScore, ...] = ()
    answers: tuple[Answer, ...] = ()
    incidents: tuple[Incident, ...] = ()
    followed: tuple[Followed, ...] = ()
    custody: tuple[Custody, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    activities: tuple[Activity, ...] = ()
    contracts: tuple[Contract, ...] = ()
    costs: tuple[Cost, ...] = ()
    invented: bool = False

    def __post_init__(self) -> None:
        _check_whole(self)


_ONCE: dict[str, tuple[str, ...]] = {
    "persons": ("role", "key", "referred_on"),
    "links": ("partner_key", "client_key"),
    "children": ("child_key", "adult_role", "adult_key"),
    "scales": ("source", "key", "scale", "wave"),
    "answers": ("source", "key", "measure", "item", "wave"),
    "hearings": ("role", "key", "forum", "heard_on"),
    "incidents": (),
    "followed": (),
}
"""What makes a row of a table one and the same record; nothing where alike rows may be two."""

_NEVER_DOWN = {
    "persons": "a partner is never on the programme side",
    "scales": "a partner's answer is never on the programme side",
    "answers": "a partner's answer is never on the programme side",
    "incidents": "what a partner suffered or told is never on the programme side",
    "followed": "what a partner suffered or told is never on the programme side",
}

_HEADING = ("service", "as_of", "period_from", "period_to", "invented")

Rows = dict[str, list[dict[str, Any]]]


def to_rows(extract: Extract) -> Rows:
    """Plain dict lists by table name: those of ``TABLES`` and the one-row table "extract"."""
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
        problem, found[name] = _value(kind, row[name])
        if problem:
            raise ExtractError(f"{table} row {number}, {name}: {problem}")
    return found


def _value(kind: Any, raw: Any) -> tuple[str, Any]:
    """A problem ("" if none) and the value in its proper type."""
    optional = get_origin(kind) is UnionType
    wanted = get_args(kind)[0] if optional else kind
    if raw is None:
        return ("" if optional else "a value is needed"), None
    if get_origin(wanted) is Literal:
        known = get_args(wanted)
        return ("" if raw in known else f"{raw!r} is not one of {', '.join(known)}"), raw
    if wanted is date:
        return _day(raw)
    if wanted is float:
        fits = type(raw) in (int, float) and 0 <= raw <= 100
        return ("" if fits else f"{raw!r} is not a score from 0 to 100"), raw
    if type(raw) is not wanted or raw == "" or (wanted is int and raw < 0):
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
    for table, identity in _ONCE.items():
        for number, row in enumerate(getattr(extract, table), 1):
            where = f"{table} row {number}"
            if "partner" in _whose(row) and getattr(row, "side", "safety") == "programme":
                raise ExtractError(f"{where}, side: {_NEVER_DOWN[table]}")
            if identity:
                _only_once(seen, where, (table, *(getattr(row, name) for name in identity)))


def _whose(row: Any) -> tuple[str, ...]:
    """Whose fact a row is, and who told it."""
    return getattr(row, "role", ""), getattr(row, "source", "")


def _only_once(seen: set[Any], where: str, identity: tuple[Any, ...]) -> None:
    if identity in seen:
        raise ExtractError(f"{where}: the same record stands twice")
    seen.add(identity)
