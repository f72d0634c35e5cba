"""Whom a card counts: the referrals in the period, one row a person, and the conditions."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from casewall.outcomes.card import Card, Part, Where
from casewall.outcomes.conditions import OWN_COLUMNS, RECORD_DATES, UNKNOWN
from casewall.outcomes.extract import AT_THE_CENTRE, FURTHEST_LAST, Extract, Person
from casewall.outcomes.kinds import rows_counted

Identity = tuple[str, str]
"""Role and key: who a person is within one extract."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands about people in the other tables of an extract.

    - ``at_the_centre``: everyone to whom somebody of the other role is linked who is there.
    - ``linked``: the referrals of everyone who is linked to a person.
    - ``plans``: the child-protection plans of a person's children; None: not known.
    - ``minutes``: minutes attended by client; None where there is no register at all.
    - ``heard``: by which meetings a person was heard in the period.
    """

    at_the_centre: set[Identity]
    linked: dict[Identity, list[Person]]
    plans: dict[Identity, list[str | None]]
    minutes: Counter[str] | None
    heard: dict[Identity, set[str]]


def of_part(card: Card, part: Part, extract: Extract) -> list[Person]:
    """The referrals in the period that meet a part's conditions; one per person where the card
    counts persons (or linked cases, which are counted by their client)."""
    rows = in_period(card, extract)
    if card.unit != "episode":
        rows = one_row_a_person(rows)
    around = look_around(extract)
    return [person for person in rows if meets(person, part.where, around)]


def of_denominator(card: Card, extract: Extract) -> list[Person]:
    """The referrals that the card divides by. Raises ValueError for a card without them."""
    if card.denominator is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs a denominator")
    return of_part(card, card.denominator, extract)


def in_period(card: Card, extract: Extract) -> list[Person]:
    """The referrals whose counting date is known and lies in the period, both ends included.

    All of them where the card counts by the date of another record than the referral.
    """
    if card.counting_date in RECORD_DATES:
        return list(extract.persons)
    found = []
    for person in extract.persons:
        day = getattr(person, card.counting_date)
        if day is not None and within(day, extract):
            found.append(person)
    return found


def within(day: date, extract: Extract) -> bool:
    """Whether a day lies in the extract's period, both ends included."""
    return extract.period_from <= day <= extract.period_to


def is_empty(card: Card, extract: Extract) -> bool:
    """Whether nothing that the card could count lies in the period."""
    match rows_counted(card.of, card.counting_date):
        case "hearings":
            return not any(within(one.heard_on, extract) for one in extract.hearings)
        case "activities":
            return not any(within(one.held_on, extract) for one in extract.activities)
        case "contracts":
            return not any(
                one.first_on <= extract.period_to and one.last_on >= extract.period_from
                for one in extract.contracts
            )
        case "costs":
            return not any(one.included for one in extract.costs)
    return not in_period(card, extract)


def one_row_a_person(rows: list[Person]) -> list[Person]:
    """A person who was referred more than once counts once: by the referral with the furthest
    contact and, of these, the latest."""
    best: dict[Identity, Person] = {}
    for person in rows:
        who = identity(person)
        if who not in best or _standing(person) > _standing(best[who]):
            best[who] = person
    return list(best.values())


def identity(person: Person) -> Identity:
    """Who a person is within one extract."""
    return person.role, person.key


def _standing(person: Person) -> tuple[int, date]:
    return FURTHEST_LAST.index(person.contact), person.referred_on


def look_around(extract: Extract) -> Around:
    """What the other tables say of people, whenever these were referred."""
    referrals: dict[Identity, list[Person]] = {}
    for person in extract.persons:
        referrals.setdefault(identity(person), []).append(person)
    linked: dict[Identity, list[Person]] = {}
    for link in extract.links:
        partner, client = ("partner", link.partner_key), ("client", link.client_key)
        linked.setdefault(client, []).extend(referrals.get(partner, []))
        linked.setdefault(partner, []).extend(referrals.get(client, []))
    at_the_centre = {
        who for who, others in linked.items() if any(o.contact == AT_THE_CENTRE for o in others)
    }
    plans: dict[Identity, list[str | None]] = {}
    for child in extract.children:
        plans.setdefault((child.adult_role, child.adult_key), []).append(child.plan)
    heard: dict[Identity, set[str]] = {}
    for hearing in extract.hearings:
        if within(hearing.heard_on, extract):
            heard.setdefault((hearing.role, hearing.key), set()).add(hearing.forum)
    return Around(at_the_centre, linked, plans, minutes_attended(extract), heard)


def minutes_attended(extract: Extract) -> Counter[str] | None:
    """Minutes by client, over all registers; None where the extract holds no register: then
    nobody's hours are known."""
    if not extract.attendance:
        return None
    minutes: Counter[str] = Counter()
    for mark in extract.attendance:
        minutes[mark.client_key] += mark.minutes_attended
    return minutes


def meets(person: Person, where: Where, around: Around) -> bool:
    """Whether all conditions hold; ``around`` as ``look_around`` gives it."""
    return all(_meets_one(person, name, values, around) for name, values in where)


def _meets_one(person: Person, name: str, values: tuple[str, ...], around: Around) -> bool:
    who = identity(person)
    if name in OWN_COLUMNS:
        return (getattr(person, name) or UNKNOWN) in values
    match name:
        case "has":
            return all(getattr(person, day) is not None for day in values)
        case "lacks":
            return all(getattr(person, day) is None for day in values)
        case "linked":
            is_linked = who in around.at_the_centre
            return ("at_the_centre" if is_linked else "not_at_the_centre") in values
        case "linked_has":
            others = around.linked.get(who, [])
            return any(all(getattr(o, day) is not None for day in values) for o in others)
        case "has_children":
            return has_children(person) in values
        case "need":
            named = [UNKNOWN] if person.needs is None else person.needs.split(",")
            return any(need in values for need in named)
        case "child_plan":
            return any((plan or UNKNOWN) in values for plan in around.plans.get(who, []))
        case "heard":
            return any(forum in values for forum in around.heard.get(who, set()))
    return _attended(person, name, values, around)


def has_children(person: Person) -> str:
    """Yes, no, or unknown: nobody stated how many children there are."""
    if person.children is None:
        return UNKNOWN
    return "yes" if person.children > 0 else "no"


def _attended(person: Person, name: str, values: tuple[str, ...], around: Around) -> bool:
    """Conditions on hours. Only clients have registers; without one nothing is known."""
    if person.role != "client" or around.minutes is None:
        return False
    hours = Fraction(around.minutes[person.key], 60)
    match name:
        case "hours_at_least":
            return hours >= Fraction(values[0])
        case "hours_more_than":
            return hours > Fraction(values[0])
        case "dose":
            return any(in_band(hours, band) for band in values)
    raise ValueError(f"there is no condition called {name}")


def in_band(hours: Fraction, band: str) -> bool:
    """Whether hours lie in a band: "10-30" is 10 and more and under 30, "30-" 30 and more."""
    low, _, high = band.partition("-")
    return int(low) <= hours and (not high or hours < int(high))
