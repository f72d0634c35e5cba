"""What a card reads of an extract: tables and columns. Whatever else changes, its figure stays.

This is declared here from the card alone and checked against both engines by changing records.
"""

from casewall.outcomes.card import Card, Where
from casewall.outcomes.conditions import DATES, OWN_COLUMNS, RECORD_DATES
from casewall.outcomes.kinds import OF_NOBODY, rows_counted

Reads = dict[str, set[str]]
"""Columns by table."""

_HEARD = {"role", "key", "forum", "heard_on"}
_TOLD = {"key", "role", "source"}
_SCALE = {"key", "source", "scale", "wave", "score", "not_answered_reason"}
_ANSWER = {"key", "source", "measure", "item", "wave", "code", "about_key", "answered_on"}
_IN_WINDOWS: Reads = {
    "incidents": {*_TOLD, "happened_on"},
    "followed": {*_TOLD, "first_on", "last_on"},
    "custody": {"client_key", "first_on", "last_on"},
    "links": {"partner_key", "client_key"},
}

_BY_KIND: dict[str, Reads] = {
    "mean_change": {"scales": _SCALE},
    "share_improved": {"scales": _SCALE},
    "percent_change": {"scales": _SCALE},
    "share_answering": {"answers": {*_ANSWER, "not_answered_reason"}},
    "share_with_hours": {"attendance": {"client_key", "minutes_attended"}},
    "repeat": _IN_WINDOWS,
    "incident_change": _IN_WINDOWS,
    "share_retained": {"treatments": {"client_key", "kind", "outcome"}},
    "share_heard_again": {"hearings": _HEARD},
    "cost_per": {"costs": {"category", "amount", "currency", "price_year", "included"}},
}

_BY_SUBJECT: dict[str, Reads] = {
    "children": {"persons": {"children"}},
    "violence_months": {"persons": {"violence_months"}},
    "area": {"persons": {"area"}},
    "child": {"children": {"child_key", "adult_role", "adult_key"}},
    "anybody": {"children": {"child_key", "adult_role", "adult_key"}},
    "hours": {"attendance": {"client_key", "minutes_attended"}},
    "sessions": {"attendance": {"client_key", "minutes_attended"}},
    "activity": {"activities": {"kind", "held_on", "persons"}},
    "activity_days": {"activities": {"kind", "held_on"}},
    "hearings": {"hearings": _HEARD},
    "contract": {"contracts": {"first_on", "last_on", "amount", "currency"}},
    "contract_area": {"contracts": {"first_on", "last_on", "area"}},
    "funder": {"contracts": {"first_on", "last_on", "funder"}},
    "cost": {"costs": {"amount", "currency", "included"}},
}

_BY_ROWS: dict[str, Reads] = {
    "hearings": {"hearings": {"heard_on"}},
    "activities": {"activities": {"held_on"}},
    "contracts": {"contracts": {"first_on", "last_on"}},
    "costs": {"costs": {"included"}},
}

_BY_CONDITION: dict[str, Reads] = {
    "linked": {"links": {"partner_key", "client_key"}, "persons": {"contact"}},
    "linked_has": {"links": {"partner_key", "client_key"}},
    "has_children": {"persons": {"children"}},
    "need": {"persons": {"needs"}},
    "child_plan": {"children": {"adult_role", "adult_key", "plan"}},
    "heard": {"hearings": _HEARD},
    "hours_at_least": {"attendance": {"client_key", "minutes_attended"}},
    "hours_more_than": {"attendance": {"client_key", "minutes_attended"}},
    "dose": {"attendance": {"client_key", "minutes_attended"}},
}

_WITHOUT_PEOPLE = ("quotient", "printed_only")


def reads(card: Card) -> Reads:
    """The columns that the card's figure may depend on, by table."""
    found: Reads = {}
    subject = (card.of or "").partition(".")[0]
    _add(found, _BY_KIND.get(card.kind, {}))
    _add(found, _BY_SUBJECT.get(subject, {}))
    if card.kind in ("count", "total", "distinct"):
        _add(found, _BY_ROWS.get(rows_counted(card.of, card.counting_date), {}))
    if card.forms:
        _add(found, {"incidents": {"form"}})
    if card.category:
        _add(found, {"costs": {"category"}})
    if card.funder:
        _add(found, {"contracts": {"funder"}})
    if is_about_people(card):
        _add(found, {"persons": _columns_of_people(card)})
        for where in _parts(card):
            for name, values in where:
                _add(found, _of_condition(name, values))
    return found


def is_about_people(card: Card) -> bool:
    """Whether any person is behind the card's figure."""
    subject = (card.of or "").partition(".")[0]
    alone = card.kind in ("total", "distinct") and subject in OF_NOBODY
    return card.kind not in _WITHOUT_PEOPLE and not alone


def _columns_of_people(card: Card) -> set[str]:
    """Who somebody is, and by which referral; the latter only where a person counts once."""
    found = {"role", "key"}
    if card.unit != "episode":
        found |= {"contact", "referred_on"}
    if card.counting_date not in RECORD_DATES:
        found.add(card.counting_date)
    if card.time_zero:
        found.add(card.time_zero)
    return found | set(card.dates or ())


def _parts(card: Card) -> list[Where]:
    found = [card.numerator.where]
    if card.denominator:
        found.append(card.denominator.where)
    if card.missing:
        found.append(card.missing)
    return found


def _of_condition(name: str, values: tuple[str, ...]) -> Reads:
    if name in OWN_COLUMNS:
        return {"persons": {name}}
    found: Reads = {"persons": {value for value in values if value in DATES}}
    _add(found, _BY_CONDITION.get(name, {}))
    return found


def _add(found: Reads, more: Reads) -> None:
    for table, columns in more.items():
        found.setdefault(table, set()).update(columns)
