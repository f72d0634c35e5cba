"""Whom a card counts, in SQL: the period, one row a person, and the conditions."""

# ruff: noqa: S608 - values are always marks; the names in the text are of this package.

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from casewall.analytics.warehouse import Warehouse
from casewall.outcomes.card import Card, Part, Where
from casewall.outcomes.conditions import OWN_COLUMNS, RECORD_DATES, UNKNOWN
from casewall.outcomes.kinds import rows_counted


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL, and the values of its marks in their order."""

    text: str
    values: tuple[Any, ...] = ()


def put_people(warehouse: Warehouse, table: str, card: Card, part: Part) -> int:
    """Put the referrals that a part counts into a table of that name; returns how many."""
    wanted = conditions(part.where, warehouse)
    period = period_of(card, warehouse)
    one = (
        ""
        if card.unit == "episode"
        else "qualify row_number() over "
        "(partition by role, key order by furthest desc, referred_on desc) = 1"
    )
    warehouse.do(
        f"create or replace temp table {table} as select p.* from "
        f"(select * from referrals where {period.text} {one}) p where {wanted.text}",
        [*period.values, *wanted.values],
    )
    return how_many(warehouse, table)


def put_denominator(warehouse: Warehouse, card: Card) -> int:
    """Put those whom the card divides by into the table ``asked``; returns how many.

    Raises ValueError for a card without a denominator.
    """
    if card.denominator is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs a denominator")
    return put_people(warehouse, "asked", card, card.denominator)


def how_many(warehouse: Warehouse, table: str, where: Sql | None = None) -> int:
    """The rows of such a table, or those of them that meet a condition."""
    meeting = where or Sql("true")
    found: int = warehouse.one(
        f"select count(*) from {table} p where {meeting.text}",
        *meeting.values,
    )
    return found


def period_of(card: Card, warehouse: Warehouse) -> Sql:
    """That the card's date lies in the period; all where it is no date of a person."""
    if card.counting_date in RECORD_DATES:
        return Sql("true")
    return within(card.counting_date, warehouse)


def within(column: str, warehouse: Warehouse) -> Sql:
    """That a column is known and lies in the period, both ends included."""
    extract = warehouse.extract
    return Sql(
        f"coalesce({column} between ? and ?, false)", (extract.period_from, extract.period_to)
    )


def in_force(warehouse: Warehouse, card: Card) -> Sql:
    """That a contract overlaps the period and is of the funders that the card names."""
    extract = warehouse.extract
    funders = one_of("funder", card.funder) if card.funder else Sql("true")
    return Sql(
        f"first_on <= ? and last_on >= ? and {funders.text}",
        (extract.period_to, extract.period_from, *funders.values),
    )


def is_empty(warehouse: Warehouse, card: Card) -> bool:
    """Whether nothing that the card could count lies in the period."""
    table = rows_counted(card.of, card.counting_date)
    match table:
        case "hearings":
            where = within("heard_on", warehouse)
        case "activities":
            where = within("held_on", warehouse)
        case "contracts":
            extract = warehouse.extract
            where = Sql("first_on <= ? and last_on >= ?", (extract.period_to, extract.period_from))
        case "costs":
            where = Sql("included")
        case _:
            where = period_of(card, warehouse)
    return how_many(warehouse, table, where) == 0


def one_of(column: str, values: tuple[str, ...]) -> Sql:
    """That a column is one of the values."""
    return Sql(f"{column} in ({', '.join('?' * len(values))})", values)


def conditions(where: Where, warehouse: Warehouse) -> Sql:
    """All conditions of a part together, over a row called p; never null."""
    parts = [_condition(name, values, warehouse) for name, values in where]
    text = " and ".join(f"coalesce({part.text}, false)" for part in parts)
    return Sql(text or "true", tuple(value for part in parts for value in part.values))


def _condition(name: str, values: tuple[str, ...], warehouse: Warehouse) -> Sql:
    if name in OWN_COLUMNS:
        return one_of(f"coalesce(p.{name}, '{UNKNOWN}')", values)
    match name:
        case "has":
            return Sql(" and ".join(f"p.{day} is not null" for day in values))
        case "lacks":
            return Sql(" and ".join(f"p.{day} is null" for day in values))
        case "linked":
            found = "exists (from at_the_centre a where a.role = p.role and a.key = p.key)"
            return one_of(
                f"case when {found} then 'at_the_centre' else 'not_at_the_centre' end", values
            )
        case "linked_has":
            return _linked_has(values)
        case "has_children":
            return one_of(
                f"case when p.children is null then '{UNKNOWN}' when p.children > 0 then 'yes' "
                "else 'no' end",
                values,
            )
        case "need":
            named = one_of("n.need", values)
            return Sql(
                "exists (from unnest(string_split("
                f"coalesce(p.needs, '{UNKNOWN}'), ',')) as n(need) where {named.text})",
                named.values,
            )
        case "child_plan":
            plan = one_of(f"coalesce(c.plan, '{UNKNOWN}')", values)
            return Sql(
                "exists (from children c where c.adult_role = p.role and c.adult_key = p.key "
                f"and {plan.text})",
                plan.values,
            )
        case "heard":
            forum, period = one_of("h.forum", values), within("h.heard_on", warehouse)
            return Sql(
                "exists (from hearings h where h.role = p.role and h.key = p.key "
                f"and {forum.text} and {period.text})",
                (*forum.values, *period.values),
            )
    return _attended(name, values)


def _linked_has(days: tuple[str, ...]) -> Sql:
    known = " and ".join(f"o.{day} is not null" for day in days)
    return Sql(
        "exists (from linked l join persons o on o.role = l.other_role and o.key = l.other_key "
        f"where l.role = p.role and l.key = p.key and {known})"
    )


def _attended(name: str, values: tuple[str, ...]) -> Sql:
    """Conditions on hours, in whole minutes; false of everybody where there is no register."""
    match name:
        case "hours_at_least":
            wanted = Sql("attended >= ?", (least_minutes(values[0], more_than=False),))
        case "hours_more_than":
            wanted = Sql("attended >= ?", (least_minutes(values[0], more_than=True),))
        case "dose":
            bands = [band.partition("-") for band in values]
            wanted = Sql(
                " or ".join("(attended >= ? and attended < ?)" for _ in bands),
                tuple(
                    minutes
                    for low, _, high in bands
                    for minutes in (60 * int(low), 60 * int(high) if high else 2**62)
                ),
            )
        case _:
            raise ValueError(f"there is no condition called {name}")
    return Sql(
        "p.role = 'client' and exists (from attendance) and exists (from (select coalesce("
        "(select m.attended from minutes m where m.client_key = p.key), 0) as attended) "
        f"where {wanted.text})",
        wanted.values,
    )


def least_minutes(hours: str, *, more_than: bool) -> int:
    """The least whole minutes that are at least, or more than, so many hours."""
    exact = 60 * Fraction(hours)
    return floor(exact) + 1 if more_than else ceil(exact)
