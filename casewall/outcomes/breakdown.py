"""A figure for each value of a breakdown, or a sentence where it would tell of a person."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from casewall.outcomes.card import Card, CardError, Part
from casewall.outcomes.conditions import UNKNOWN
from casewall.outcomes.extract import Extract, Person
from casewall.outcomes.figures import Figure
from casewall.outcomes.reads import is_about_people
from casewall.outcomes.reference import compute as by_reference
from casewall.outcomes.slow.people import has_children, in_period, of_part
from casewall.outcomes.suppress import HIDDEN_TO

TOO_FEW = f"No number: with {HIDDEN_TO} persons or fewer, the figure could tell of one of them."
TO_COVER = "No number: with it, one that is left out could be worked out by subtraction."
NOT_PEOPLE = "No number: nothing in this figure is about a person who could be of a group."


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a breakdown: its figure, or the sentence that stands in its place."""

    value: str
    figure: Figure | None
    sentence: str


def broken_down(
    card: Card,
    extract: Extract,
    by: str,
    *,
    for_release: bool,
    compute: Callable[[Card, Extract], Figure] = by_reference,
) -> list[Cell]:
    """A cell for each value that occurs in the period, in the order of the alphabet.

    For release, a cell of 0 to 7 persons gets a sentence and no number; and where that leaves
    out a single cell, the next smallest is left out too, since the sum would give it away. What
    is shown still has to pass ``suppress``. ``compute`` is the engine. Raises CardError for a
    breakdown that the card does not name.
    """
    if by not in card.breakdowns:
        named = ", ".join(card.breakdowns) or "none"
        raise CardError(f"card {card.id} has no breakdown by {by}; it has: {named}")
    if not is_about_people(card):
        return [Cell("", None, NOT_PEOPLE)]
    values = sorted({value for person in in_period(card, extract) for value in of(person, by)})
    cards = {value: narrowed(card, by, value) for value in values}
    hidden = _hidden(cards, extract) if for_release else {}
    return [
        Cell(value, None, hidden[value])
        if value in hidden
        else Cell(value, compute(cards[value], extract), "")
        for value in values
    ]


def of(person: Person, by: str) -> list[str]:
    """The values of a breakdown that a person has: one, or several needs."""
    if by == "has_children":
        return [has_children(person)]
    if by == "need":
        return [UNKNOWN] if person.needs is None else person.needs.split(",")
    return [getattr(person, by) or UNKNOWN]


def narrowed(card: Card, by: str, value: str) -> Card:
    """The same card about those persons alone who have the value."""
    more = ((by, (value,)),)
    return replace(
        card,
        numerator=Part(card.numerator.says, card.numerator.where + more),
        denominator=card.denominator and Part(card.denominator.says, card.denominator.where + more),
    )


def _hidden(cards: dict[str, Card], extract: Extract) -> dict[str, str]:
    """The values that get no number, each with the sentence that says why."""
    sizes = {
        value: len(of_part(card, card.denominator or card.numerator, extract))
        for value, card in cards.items()
    }
    hidden = {value: TOO_FEW for value, size in sizes.items() if size <= HIDDEN_TO}
    shown = [value for value in sizes if value not in hidden]
    if len(hidden) == 1 and shown:
        hidden[min(shown, key=lambda value: (sizes[value], value))] = TO_COVER
    return hidden
