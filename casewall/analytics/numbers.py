"""Numbers that are added up, counted once, divided or set in order, in SQL."""

# ruff: noqa: S608 - values are always marks; the names in the text are of this package.

from casewall.analytics.people import (
    Sql,
    how_many,
    in_force,
    is_empty,
    one_of,
    put_denominator,
    put_people,
    within,
)
from casewall.analytics.warehouse import Warehouse
from casewall.outcomes import finish, finish_numbers
from casewall.outcomes.card import Card, Part
from casewall.outcomes.figures import Figure
from casewall.outcomes.finish_numbers import Sum
from casewall.outcomes.slow.numbers import HEARD_BEFORE_DAYS, NO_DATE, WRONG_ORDER

_NAMES = {
    "child": "select c.child_key from children c "
    "where exists (from counted p where p.role = c.adult_role and p.key = c.adult_key)",
    "area": "select area from counted",
    "person": "select role || ' ' || key from counted",
}
_NAMES["anybody"] = (
    f"{_NAMES['person']} union all "
    "select 'child ' || named.child_key from "
    f"({_NAMES['child']}) as named"
)


def total(warehouse: Warehouse, card: Card) -> Figure:
    """The sum over the rows of the numerator."""
    return finish_numbers.total(card, added_up(warehouse, card), is_empty(warehouse, card))


def ratio(warehouse: Warehouse, card: Card) -> Figure:
    """The sum, divided by the persons of the denominator whose number is known."""
    persons = put_denominator(warehouse, card)
    unknown = Sql("false")
    if card.of in ("children", "violence_months"):
        unknown = Sql(f"p.{card.of} is null")
    elif card.of in ("hours", "sessions"):
        unknown = Sql("p.role <> 'client' or not exists (from attendance)")
    missing = how_many(warehouse, "asked", unknown)
    return finish_numbers.ratio(card, added_up(warehouse, card), persons, missing)


def distinct(warehouse: Warehouse, card: Card) -> Figure:
    """How many different ones there are; those of whom it is not known are missing."""
    added = _different(warehouse, card)
    return finish_numbers.distinct(card, added.amount, added.missing, is_empty(warehouse, card))


def added_up(warehouse: Warehouse, card: Card) -> Sum:
    """The sum of what the card names, and of how many rows the number is not known."""
    what, _, sort = (card.of or "").partition(".")
    put_people(warehouse, "counted", card, card.numerator)
    match what:
        case "children" | "violence_months":
            added = _sum(warehouse, f"select {what} as amount from counted")
            known = how_many(warehouse, "counted") - added.missing
            return Sum(added.amount, added.missing, known)
        case "hours" | "sessions":
            return _attended(warehouse, what)
        case "activity" | "activity_days":
            period = within("held_on", warehouse)
            amount = "persons" if what == "activity" else "1"
            return _sum(
                warehouse,
                f"select {amount} as amount from activities where kind = ? and {period.text}",
                sort,
                *period.values,
            )
        case "hearings":
            put_hearings(warehouse, card, card.numerator, sort)
            return Sum(how_many(warehouse, "heard"))
        case "contract" | "cost":
            return Sum(0, money=money(warehouse, card, what))
    return _different(warehouse, card)


def _sum(warehouse: Warehouse, rows: str, *values: object) -> Sum:
    [[amount, missing]] = warehouse.rows(
        "select coalesce(sum(amount), 0)::bigint, count(*) filter (where amount is null) "
        f"from ({rows})",
        *values,
    )
    return Sum(amount, missing)


def _attended(warehouse: Warehouse, what: str) -> Sum:
    people = "(select distinct role, key from counted)"
    if how_many(warehouse, "attendance") == 0:
        return Sum(0, how_many(warehouse, people), 0)
    [[minutes, sessions]] = warehouse.rows(
        "select coalesce(sum(minutes_attended), 0)::bigint, "
        "count(*) filter (where minutes_attended > 0) from attendance a "
        "where exists (from counted p where p.role = 'client' and p.key = a.client_key)"
    )
    others = how_many(warehouse, people, Sql("p.role <> 'client'"))
    clients = how_many(warehouse, people) - others
    attended = sessions if what == "sessions" else finish_numbers.whole_hours(minutes)
    return Sum(attended, others, clients)


def _different(warehouse: Warehouse, card: Card) -> Sum:
    if card.of in ("funder", "contract_area"):
        column = "funder" if card.of == "funder" else "area"
        force = in_force(warehouse, card)
        query = Sql(f"select {column} from contracts where {force.text}", force.values)
    else:
        put_people(warehouse, "counted", card, card.numerator)
        query = Sql(_NAMES[card.of or "person"])
    [[found, missing]] = warehouse.rows(
        "select count(distinct name), count(*) filter (where name is null) "
        f"from ({query.text}) as named(name)",
        *query.values,
    )
    return Sum(found, missing)


def money(warehouse: Warehouse, card: Card, what: str) -> dict[str, int]:
    """Hundredths by currency: contracts in force, whole, or the included costs."""
    if what == "contract":
        table, which = "contracts", in_force(warehouse, card)
    else:
        named = one_of("category", card.category) if card.category else Sql("true")
        table, which = "costs", Sql(f"included and {named.text}", named.values)
    rows = warehouse.rows(
        f"select currency, sum(amount)::bigint from {table} where {which.text} group by currency",
        *which.values,
    )
    return dict(rows)


def quotient(warehouse: Warehouse, card: Card) -> Figure:
    """Money divided by a number of the card."""
    found = None if card.of is None else money(warehouse, card, card.of)
    extract = warehouse.extract
    days = (extract.period_to - extract.period_from).days + 1
    return finish_numbers.quotient(card, found, days)


def median_days(warehouse: Warehouse, card: Card) -> Figure:
    """The middle of the days between two dates of a person."""
    if card.dates is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs two dates")
    asked = put_denominator(warehouse, card)
    first, second = card.dates
    [[days, unknown, wrong]] = warehouse.rows(
        f"select list({second} - {first}) filter (where {second} >= {first}), "
        f"count(*) filter (where {first} is null or {second} is null), "
        f"count(*) filter (where {second} < {first}) from asked"
    )
    because = {NO_DATE: unknown} if unknown else {}
    because |= {WRONG_ORDER: wrong} if wrong else {}
    return finish_numbers.median_days(card, days or [], asked, because)


def share_retained(warehouse: Warehouse, card: Card) -> Figure:
    """Treatments completed or going on, of those whose outcome is known."""
    put_denominator(warehouse, card)
    [[every, unknown, kept]] = warehouse.rows(
        "select count(*), count(*) filter (where outcome = 'unknown'), "
        "count(*) filter (where outcome in ('completed', 'ongoing')) from treatments t "
        "where kind = ? "
        "and exists (from asked p where p.role = 'client' and p.key = t.client_key)",
        card.treatment,
    )
    because = {"outcome not known": unknown} if unknown else {}
    return finish.answered(card, finish.Known(kept, every - unknown, every, because))


def share_heard_again(warehouse: Warehouse, card: Card) -> Figure:
    """Hearings of somebody who had been heard there in the 365 days before."""
    if card.denominator is None or card.forum is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs a denominator and a forum")
    put_hearings(warehouse, card, card.denominator, card.forum)
    again = Sql(
        "exists (from hearings h where h.role = p.role and h.key = p.key and h.forum = p.forum "
        "and h.heard_on between p.heard_on - ?::int and p.heard_on - 1)",
        (HEARD_BEFORE_DAYS,),
    )
    counted = how_many(warehouse, "heard", again)
    return finish.share(card, counted, how_many(warehouse, "heard"), None)


def put_hearings(warehouse: Warehouse, card: Card, part: Part, forum: str) -> None:
    """Put the hearings by a forum in the period into the table ``heard``: all, or those of the
    people who meet the part's conditions where it has any."""
    put_people(warehouse, "hearers", card, part)
    period = within("heard_on", warehouse)
    whose = "exists (from hearers p where p.role = h.role and p.key = h.key)"
    warehouse.do(
        "create or replace temp table heard as select h.* from hearings h "
        f"where forum = ? and {period.text} and {whose if part.where else 'true'}",
        [forum, *period.values],
    )
