"""The engine: the figures of a pack by SQL, the same as the reference gives."""

from collections.abc import Callable

from casewall.analytics import answers, incidents, numbers
from casewall.analytics.people import (
    Sql,
    conditions,
    how_many,
    is_empty,
    least_minutes,
    put_denominator,
    put_people,
)
from casewall.analytics.warehouse import Warehouse
from casewall.outcomes import finish, finish_numbers
from casewall.outcomes.card import Card
from casewall.outcomes.cards import load_pack
from casewall.outcomes.extract import Extract
from casewall.outcomes.figures import Figure
from casewall.outcomes.reference import NO_REGISTER


def compute_pack(name: str, extract: Extract) -> list[Figure]:
    """Every figure of a shipped pack, in the order of its cards. Raises CardError."""
    return compute_all(load_pack(name).cards, extract)


def compute_all(cards: tuple[Card, ...], extract: Extract) -> list[Figure]:
    """A figure for each card, from one loading of the extract."""
    with Warehouse(extract) as warehouse:
        return [compute(card, warehouse) for card in cards]


def compute(card: Card, warehouse: Warehouse) -> Figure:
    """One figure. Raises ValueError for a card that was made by hand and is not whole."""
    if card.kind not in _KINDS:
        raise ValueError(f"{card.id}: there is no kind of card called {card.kind}")
    return _KINDS[card.kind](warehouse, card)


def _count(warehouse: Warehouse, card: Card) -> Figure:
    counted = put_people(warehouse, "counted", card, card.numerator)
    return finish.count(card, counted, is_empty(warehouse, card))


def _share(warehouse: Warehouse, card: Card) -> Figure:
    denominator = put_denominator(warehouse, card)
    wanted = conditions(card.numerator.where, warehouse)
    if card.missing is None:
        return finish.share(card, how_many(warehouse, "asked", wanted), denominator, None)
    lacking = conditions(card.missing, warehouse)
    missing = how_many(warehouse, "asked", lacking)
    known = Sql(f"not ({lacking.text}) and {wanted.text}", (*lacking.values, *wanted.values))
    return finish.share(card, how_many(warehouse, "asked", known), denominator, missing)


def _share_with_hours(warehouse: Warehouse, card: Card) -> Figure:
    if card.hours is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs hours")
    put_denominator(warehouse, card)
    clients = how_many(warehouse, "asked", Sql("p.role = 'client'"))
    if how_many(warehouse, "attendance") == 0:
        because = {NO_REGISTER: clients} if clients else {}
        return finish.answered(card, finish.Known(0, 0, clients, because))
    enough = Sql(
        "p.role = 'client' and coalesce("
        "(select m.attended from minutes m where m.client_key = p.key), 0) >= ?",
        (least_minutes(repr(card.hours), more_than=card.more_than),),
    )
    return finish.share(card, how_many(warehouse, "asked", enough), clients, None)


def _cost_per(warehouse: Warehouse, card: Card) -> Figure:
    persons = put_denominator(warehouse, card)
    included = warehouse.rows(
        "select category, sum(amount)::bigint from costs where included group by category"
    )
    excluded = warehouse.rows(
        "select distinct category from costs where not included order by category"
    )
    kinds = warehouse.rows("select distinct currency, price_year from costs where included")
    ledger = finish.Ledger(
        dict(included),
        [category for (category,) in excluded],
        sorted((currency, year) for currency, year in kinds),
    )
    return finish.cost(card, ledger, persons)


_KINDS: dict[str, Callable[[Warehouse, Card], Figure]] = {
    "count": _count,
    "share": _share,
    "mean_change": lambda w, card: finish.change(card, answers.pairs(w, card)),
    "share_improved": lambda w, card: finish.improved(card, answers.pairs(w, card)),
    "percent_change": lambda w, card: finish_numbers.percent_change(card, answers.pairs(w, card)),
    "share_answering": answers.share_answering,
    "share_with_hours": _share_with_hours,
    "repeat": incidents.repeat,
    "incident_change": incidents.incident_change,
    "cost_per": _cost_per,
    "total": numbers.total,
    "distinct": numbers.distinct,
    "ratio": numbers.ratio,
    "quotient": numbers.quotient,
    "median_days": numbers.median_days,
    "share_retained": numbers.share_retained,
    "share_heard_again": numbers.share_heard_again,
    "printed_only": lambda _, card: finish.printed_only(card),
}
