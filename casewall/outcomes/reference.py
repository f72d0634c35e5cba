"""The reference: every indicator in the slowest and most obvious way.

Other engines must give the same figures. Nothing here is clever, and nothing is cached: it is
meant to be read beside a card and believed.
"""

from collections import Counter

from casewall.outcomes import finish
from casewall.outcomes.cards import Card, Part, Where, load_pack
from casewall.outcomes.extract import (
    AT_THE_CENTRE,
    FURTHEST_LAST,
    Extract,
    Person,
    ScaleScore,
)
from casewall.outcomes.figures import Figure

Identity = tuple[str, str]
"""Role and key: who a person is within one extract."""

NO_RECORD = "no record"
"""Why a person is silent where nobody wrote down why."""


def pack(name: str, extract: Extract) -> list[Figure]:
    """Every figure of a shipped pack, in the order of its cards. Raises CardError."""
    return [compute(card, extract) for card in load_pack(name).cards]


def compute(card: Card, extract: Extract) -> Figure:
    """One figure. Raises CardError for a pack that does not load, nothing else."""
    match card.kind:
        case "count":
            return finish.count(card, len(of_part(card, card.numerator, extract)))
        case "share":
            return _share(card, extract)
        case "mean_change":
            return finish.change(card, _pairs(card, extract))
        case "share_improved":
            return finish.improved(card, _pairs(card, extract))
        case "cost_per":
            return finish.cost(card, _ledger(extract), len(_denominator(card, extract)))
        case "printed_only":
            return finish.printed_only(card)
    raise ValueError(f"{card.id}: there is no kind of card called {card.kind}")


def of_part(card: Card, part: Part, extract: Extract) -> list[Person]:
    """The referrals in the period that meet a part's conditions; one per person where the card
    counts persons (or linked cases, which are counted by their client)."""
    rows = in_period(card, extract)
    if card.unit != "episode":
        rows = one_row_a_person(rows)
    linked = linked_at_the_centre(extract)
    return [person for person in rows if meets(person, part.where, linked)]


def in_period(card: Card, extract: Extract) -> list[Person]:
    """The referrals whose counting date is known and lies in the period, both ends included."""
    found = []
    for person in extract.persons:
        day = getattr(person, card.counting_date)
        if day is not None and extract.period_from <= day <= extract.period_to:
            found.append(person)
    return found


def one_row_a_person(rows: list[Person]) -> list[Person]:
    """A person who was referred more than once counts once: by the referral with the furthest
    contact and, of these, the latest."""
    best: dict[Identity, Person] = {}
    for person in rows:
        identity = (person.role, person.key)
        if identity not in best or _standing(person) > _standing(best[identity]):
            best[identity] = person
    return list(best.values())


def meets(person: Person, where: Where, linked: set[Identity]) -> bool:
    """Whether all conditions hold; ``linked`` as ``linked_at_the_centre`` gives it."""
    return all(_meets_one(person, name, values, linked) for name, values in where)


def linked_at_the_centre(extract: Extract) -> set[Identity]:
    """Everyone to whom somebody of the other role is linked who is at the Centre, whenever that
    other person was referred."""
    seen = {(p.role, p.key) for p in extract.persons if p.contact == AT_THE_CENTRE}
    found: set[Identity] = set()
    for link in extract.links:
        if ("partner", link.partner_key) in seen:
            found.add(("client", link.client_key))
        if ("client", link.client_key) in seen:
            found.add(("partner", link.partner_key))
    return found


def _meets_one(person: Person, name: str, values: tuple[str, ...], linked: set[Identity]) -> bool:
    if name == "has":
        return all(getattr(person, day) is not None for day in values)
    if name == "linked":
        is_linked = (person.role, person.key) in linked
        return ("at_the_centre" if is_linked else "not_at_the_centre") in values
    return getattr(person, name) in values


def _standing(person: Person) -> tuple[int, object]:
    return FURTHEST_LAST.index(person.contact), person.referred_on


def _denominator(card: Card, extract: Extract) -> list[Person]:
    if card.denominator is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs a denominator")
    return of_part(card, card.denominator, extract)


def _share(card: Card, extract: Extract) -> Figure:
    denominator = _denominator(card, extract)
    linked = linked_at_the_centre(extract)
    if card.missing is None:
        numerator = [p for p in denominator if meets(p, card.numerator.where, linked)]
        return finish.share(card, len(numerator), len(denominator), None)
    missing = [p for p in denominator if meets(p, card.missing, linked)]
    # Whoever lacks the fact cannot have it, whatever else the numerator asks.
    known = [p for p in denominator if not meets(p, card.missing, linked)]
    numerator = [p for p in known if meets(p, card.numerator.where, linked)]
    return finish.share(card, len(numerator), len(denominator), len(missing))


def _pairs(card: Card, extract: Extract) -> finish.Pairs:
    """Changes of those asked who answered both waves. Only answers of the card's source count."""
    if card.waves is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs two waves")
    scores: dict[tuple[str, str], ScaleScore] = {
        (score.key, score.wave): score
        for score in extract.scales
        if score.source == card.source and score.scale == card.scale
    }
    changes = []
    silent: Counter[str] = Counter()
    asked = _denominator(card, extract)
    for person in asked:
        first, second = (scores.get((person.key, wave)) for wave in card.waves)
        if first and second and first.score is not None and second.score is not None:
            changes.append(second.score - first.score)
        else:
            silent[_why_silent(first, second)] += 1
    return finish.Pairs(changes, len(asked), silent)


def _why_silent(first: ScaleScore | None, second: ScaleScore | None) -> str:
    """The reason given at the first wave that was not answered."""
    unanswered = first if first is None or first.score is None else second
    if unanswered is None:
        return NO_RECORD
    return unanswered.not_answered_reason or NO_RECORD


def _ledger(extract: Extract) -> finish.Ledger:
    included: Counter[str] = Counter()
    for cost in extract.costs:
        if cost.included:
            included[cost.category] += cost.amount
    excluded = {cost.category for cost in extract.costs if not cost.included}
    kinds = {(cost.currency, cost.price_year) for cost in extract.costs if cost.included}
    return finish.Ledger(included, sorted(excluded), sorted(kinds))
