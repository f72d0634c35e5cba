"""Numbers that are added up, counted once, divided, or set in order."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from casewall.outcomes import finish, finish_numbers
from casewall.outcomes.card import Card, Part
from casewall.outcomes.extract import Activity, Contract, Extract, Hearing, Person
from casewall.outcomes.figures import Figure
from casewall.outcomes.slow.people import (
    Identity,
    identity,
    is_empty,
    minutes_attended,
    of_denominator,
    of_part,
    one_row_a_person,
    within,
)

HEARD_BEFORE_DAYS = 365
WRONG_ORDER = "the second date is before the first"
NO_DATE = "a date is not known"


def total(card: Card, extract: Extract) -> Figure:
    """The sum over the rows of the numerator."""
    return finish_numbers.total(card, added_up(card, extract), is_empty(card, extract))


def ratio(card: Card, extract: Extract) -> Figure:
    """The sum, divided by the persons of the denominator whose number is known."""
    denominator = of_denominator(card, extract)
    unknown = sum(1 for person in denominator if not _is_known(card, person, extract))
    return finish_numbers.ratio(card, added_up(card, extract), len(denominator), unknown)


def distinct(card: Card, extract: Extract) -> Figure:
    """How many different ones there are; those of whom it is not known are missing."""
    found, missing = _different(card, extract)
    return finish_numbers.distinct(card, len(found), missing, is_empty(card, extract))


def added_up(card: Card, extract: Extract) -> finish_numbers.Sum:
    """The sum of what the card names, and of how many rows the number is not known."""
    what, _, sort = (card.of or "").partition(".")
    people = of_part(card, card.numerator, extract)
    match what:
        case "children" | "violence_months":
            numbers = [getattr(person, what) for person in people]
            known = [number for number in numbers if number is not None]
            return finish_numbers.Sum(sum(known), len(numbers) - len(known), len(known))
        case "hours" | "sessions":
            return _attended(what, one_row_a_person(people), extract)
        case "activity":
            return finish_numbers.Sum(
                sum(a.persons for a in extract.activities if a.kind == sort and _held(a, extract))
            )
        case "activity_days":
            return finish_numbers.Sum(
                sum(a.kind == sort and _held(a, extract) for a in extract.activities)
            )
        case "hearings":
            return finish_numbers.Sum(len(_hearings(card, card.numerator, sort, extract)))
        case "contract" | "cost":
            return finish_numbers.Sum(0, money=_money(card, what, extract))
    found, missing = _different(card, extract)
    return finish_numbers.Sum(len(found), missing)


def _is_known(card: Card, person: Person, extract: Extract) -> bool:
    if card.of in ("children", "violence_months"):
        return getattr(person, card.of) is not None
    if card.of in ("hours", "sessions"):
        return person.role == "client" and minutes_attended(extract) is not None
    return True


def _attended(what: str, people: list[Person], extract: Extract) -> finish_numbers.Sum:
    """Hours or sessions of clients, in all registers, whole hours at the end."""
    if minutes_attended(extract) is None:
        return finish_numbers.Sum(0, len(people), 0)
    clients = {person.key for person in people if person.role == "client"}
    marks = [mark for mark in extract.attendance if mark.client_key in clients]
    others = sum(1 for person in people if person.role != "client")
    if what == "sessions":
        attended = sum(mark.minutes_attended > 0 for mark in marks)
    else:
        attended = finish_numbers.whole_hours(sum(mark.minutes_attended for mark in marks))
    return finish_numbers.Sum(attended, others, len(clients))


def _different(card: Card, extract: Extract) -> tuple[set[object], int]:
    """The different ones, and how many rows do not say which they are."""
    people = of_part(card, card.numerator, extract)
    if card.of in ("funder", "contract_area"):
        column = "funder" if card.of == "funder" else "area"
        named = [getattr(one, column) for one in in_force(card, extract)]
    elif card.of == "area":
        named = [person.area for person in people]
    else:
        adults = {identity(person) for person in people}
        children = {
            ("child", child.child_key)
            for child in extract.children
            if (child.adult_role, child.adult_key) in adults
        }
        counted = {"person": adults, "child": children, "anybody": adults | children}
        return set(counted[card.of or "person"]), 0
    return {one for one in named if one is not None}, sum(one is None for one in named)


def _held(activity: Activity, extract: Extract) -> bool:
    return within(activity.held_on, extract)


def in_force(card: Card, extract: Extract) -> list[Contract]:
    """The contracts that overlap the period, of the funders that the card names (or of all)."""
    return [
        one
        for one in extract.contracts
        if one.first_on <= extract.period_to
        and one.last_on >= extract.period_from
        and (not card.funder or one.funder in card.funder)
    ]


def _money(card: Card, what: str, extract: Extract) -> Counter[str]:
    """Hundredths by currency: contracts in force, whole, or the included costs."""
    found: Counter[str] = Counter()
    if what == "contract":
        for contract in in_force(card, extract):
            found[contract.currency] += contract.amount
        return found
    for cost in extract.costs:
        if cost.included and (not card.category or cost.category in card.category):
            found[cost.currency] += cost.amount
    return found


def quotient(card: Card, extract: Extract) -> Figure:
    """Money divided by a number of the card."""
    money = None if card.of is None else _money(card, card.of, extract)
    days = (extract.period_to - extract.period_from).days + 1
    return finish_numbers.quotient(card, money, days)


def median_days(card: Card, extract: Extract) -> Figure:
    """The middle of the days between two dates of a person."""
    if card.dates is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs two dates")
    asked = of_denominator(card, extract)
    days = []
    because: Counter[str] = Counter()
    for person in asked:
        first, second = (getattr(person, name) for name in card.dates)
        if first is None or second is None:
            because[NO_DATE] += 1
        elif second < first:
            because[WRONG_ORDER] += 1
        else:
            days.append((second - first).days)
    return finish_numbers.median_days(card, days, len(asked), because)


def share_retained(card: Card, extract: Extract) -> Figure:
    """Treatments completed or going on, of those whose outcome is known."""
    clients = {p.key for p in of_denominator(card, extract) if p.role == "client"}
    outcomes = Counter(
        one.outcome
        for one in extract.treatments
        if one.kind == card.treatment and one.client_key in clients
    )
    unknown = outcomes["unknown"]
    because = {"outcome not known": unknown} if unknown else {}
    kept = outcomes["completed"] + outcomes["ongoing"]
    known = finish.Known(kept, outcomes.total() - unknown, outcomes.total(), because)
    return finish.answered(card, known)


def share_heard_again(card: Card, extract: Extract) -> Figure:
    """Hearings of somebody who had been heard there in the 365 days before."""
    if card.denominator is None or card.forum is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs a denominator and a forum")
    heard = _hearings(card, card.denominator, card.forum, extract)
    again = sum(1 for hearing in heard if _was_heard_before(hearing, extract.hearings))
    return finish.share(card, again, len(heard), None)


def _was_heard_before(hearing: Hearing, hearings: Iterable[Hearing]) -> bool:
    earliest = hearing.heard_on - timedelta(days=HEARD_BEFORE_DAYS)
    return any(
        (one.role, one.key, one.forum) == (hearing.role, hearing.key, hearing.forum)
        and earliest <= one.heard_on < hearing.heard_on
        for one in hearings
    )


def _hearings(card: Card, part: Part, forum: str, extract: Extract) -> list[Hearing]:
    """Hearings by a forum in the period: all of them, or those of people who meet the part's
    conditions where it has any."""
    people: set[Identity] = {identity(person) for person in of_part(card, part, extract)}
    return [
        one
        for one in extract.hearings
        if one.forum == forum
        and within(one.heard_on, extract)
        and (not part.where or (one.role, one.key) in people)
    ]
