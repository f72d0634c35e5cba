"""The reference: every indicator in the slowest and most obvious way.

Other engines must give the same figures. Nothing here is clever, and nothing is cached: it is
meant to be read beside a card and believed. The families of kinds stand in ``slow``.
"""

from collections import Counter
from fractions import Fraction

from casewall.outcomes import finish, finish_numbers
from casewall.outcomes.cards import Card, load_pack
from casewall.outcomes.extract import Extract
from casewall.outcomes.figures import Figure
from casewall.outcomes.slow import answers, incidents, numbers
from casewall.outcomes.slow.people import (
    is_empty,
    look_around,
    meets,
    minutes_attended,
    of_denominator,
    of_part,
)

NO_REGISTER = "no register is in the records"


def pack(name: str, extract: Extract) -> list[Figure]:
    """Every figure of a shipped pack, in the order of its cards. Raises CardError."""
    return [compute(card, extract) for card in load_pack(name).cards]


def compute(card: Card, extract: Extract) -> Figure:
    """One figure. Raises CardError for a pack that does not load, nothing else."""
    match card.kind:
        case "count":
            counted = len(of_part(card, card.numerator, extract))
            return finish.count(card, counted, is_empty(card, extract))
        case "share":
            return _share(card, extract)
        case "mean_change":
            return finish.change(card, answers.pairs(card, extract))
        case "share_improved":
            return finish.improved(card, answers.pairs(card, extract))
        case "percent_change":
            return finish_numbers.percent_change(card, answers.pairs(card, extract))
        case "share_answering":
            return answers.share_answering(card, extract)
        case "share_with_hours":
            return _share_with_hours(card, extract)
        case "repeat":
            return incidents.repeat(card, extract)
        case "incident_change":
            return incidents.incident_change(card, extract)
        case "cost_per":
            return finish.cost(card, _ledger(extract), len(of_denominator(card, extract)))
        case "printed_only":
            return finish.printed_only(card)
    return _compute_number(card, extract)


def _compute_number(card: Card, extract: Extract) -> Figure:
    match card.kind:
        case "total":
            return numbers.total(card, extract)
        case "distinct":
            return numbers.distinct(card, extract)
        case "ratio":
            return numbers.ratio(card, extract)
        case "quotient":
            return numbers.quotient(card, extract)
        case "median_days":
            return numbers.median_days(card, extract)
        case "share_retained":
            return numbers.share_retained(card, extract)
        case "share_heard_again":
            return numbers.share_heard_again(card, extract)
    raise ValueError(f"{card.id}: there is no kind of card called {card.kind}")


def _share(card: Card, extract: Extract) -> Figure:
    denominator = of_denominator(card, extract)
    around = look_around(extract)
    if card.missing is None:
        numerator = [p for p in denominator if meets(p, card.numerator.where, around)]
        return finish.share(card, len(numerator), len(denominator), None)
    missing = [p for p in denominator if meets(p, card.missing, around)]
    # Whoever lacks the fact cannot have it, whatever else the numerator asks.
    known = [p for p in denominator if not meets(p, card.missing, around)]
    numerator = [p for p in known if meets(p, card.numerator.where, around)]
    return finish.share(card, len(numerator), len(denominator), len(missing))


def _share_with_hours(card: Card, extract: Extract) -> Figure:
    """Only clients have registers: a client of whom no attendance is noted attended none."""
    if card.hours is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs hours")
    eligible = [p for p in of_denominator(card, extract) if p.role == "client"]
    minutes = minutes_attended(extract)
    if minutes is None:
        why = {NO_REGISTER: len(eligible)} if eligible else {}
        return finish.answered(card, finish.Known(0, 0, len(eligible), why))
    wanted = 60 * Fraction(repr(card.hours))
    enough = 0
    for person in eligible:
        attended = minutes[person.key]
        enough += attended > wanted if card.more_than else attended >= wanted
    return finish.share(card, enough, len(eligible), None)


def _ledger(extract: Extract) -> finish.Ledger:
    included: Counter[str] = Counter()
    for cost in extract.costs:
        if cost.included:
            included[cost.category] += cost.amount
    excluded = {cost.category for cost in extract.costs if not cost.included}
    kinds = {(cost.currency, cost.price_year) for cost in extract.costs if cost.included}
    return finish.Ledger(included, sorted(excluded), sorted(kinds))
