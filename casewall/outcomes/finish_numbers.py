"""From counts to figures, for what is added up, divided or set in order; as ``finish`` does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from casewall.outcomes import at_risk
from casewall.outcomes.card import Card
from casewall.outcomes.figures import (
    DAYS,
    EMPTY,
    INCIDENT_CHANGE,
    NOBODY,
    NOT_KNOWN,
    PERCENT_CHANGE,
    Figure,
)
from casewall.outcomes.finish import (
    MONEY_DECIMALS,
    Pairs,
    because,
    figure_of,
    in_percent,
    rounded,
)
from casewall.outcomes.intervals import (
    median,
    percent,
    ratio_change,
    round_half_up,
)
from casewall.outcomes.kinds import WEEKS, unit_of_total

DAYS_IN_WEEK = 7
RATIO_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Sum:
    """What was added up, how many rows do not say how much, and money by currency.

    ``known`` is how many rows do say; None where every row says by its nature.
    """

    amount: int
    missing: int = 0
    known: int | None = None
    money: Mapping[str, int] = field(default_factory=dict)


def whole_hours(minutes: int) -> int:
    """Minutes as whole hours, half an hour rounded up."""
    return int(round_half_up(Fraction(minutes, 60)))


def total(card: Card, added: Sum, is_empty: bool) -> Figure:
    """A sum. Whoever's number is not known adds nothing, which the note says."""
    unit = unit_of_total(card.of or "")
    if unit == "money":
        return _money(card, added.money, is_empty)
    notes = [EMPTY] if is_empty else []
    nobody_knows = added.known == 0 and added.missing > 0
    if nobody_knows:
        notes.append(f"The number is not known of any of {added.missing}; that is not 0.")
    elif added.missing:
        notes.append(f"The number is not known of {added.missing}; the sum is a least.")
    return figure_of(
        card,
        unit,
        numerator=added.amount,
        value=None if is_empty or nobody_knows else float(added.amount),
        missing=added.missing,
        notes=notes,
    )


def _money(card: Card, money: Mapping[str, int], is_empty: bool) -> Figure:
    if len(money) != 1:
        why = EMPTY if is_empty else _not_one_currency(money)
        return figure_of(card, "money", notes=[why])
    [(currency, hundredths)] = money.items()
    amount = float(Fraction(hundredths, 100))
    return figure_of(card, currency, numerator=amount, value=amount)


def _not_one_currency(money: Mapping[str, int]) -> str:
    if not money:
        return "No such amount is recorded, so there is no number."
    return f"Amounts in several currencies are not added up: {', '.join(sorted(money))}."


def distinct(card: Card, found: int, missing: int, is_empty: bool) -> Figure:
    """How many different ones there are."""
    notes = [EMPTY] if is_empty else []
    if missing:
        notes.append(f"Not known of {missing}.")
    return figure_of(
        card,
        unit_of_total(card.of or ""),
        numerator=found,
        value=None if is_empty else float(found),
        missing=missing,
        notes=notes,
    )


def ratio(card: Card, added: Sum, persons: int, unknown: int) -> Figure:
    """A sum per person, of the persons whose number is known."""
    known = persons - unknown
    notes = because("Not known of", {"persons": unknown} if unknown else {})
    if known == 0:
        notes.insert(0, NOBODY if persons == 0 else NOT_KNOWN)
    return figure_of(
        card,
        f"{unit_of_total(card.of or '')} per person",
        numerator=added.amount,
        denominator=known,
        value=round_half_up(Fraction(added.amount, known), RATIO_DECIMALS) if known else None,
        missing=unknown,
        notes=notes,
    )


def percent_change(card: Card, pairs: Pairs) -> Figure:
    """The change of a mean in percent of the earlier mean, with the interval of a ratio."""
    change, interval = ratio_change(pairs.scores)
    paired = len(pairs.scores)
    notes = because("Without both answers", pairs.silent_because)
    if paired == 0:
        notes.insert(0, "Nobody answered both times, so there is no change.")
    elif change is None:
        notes.insert(0, "The earlier mean is 0, and nothing can be a percentage of nothing.")
    elif interval is None:
        notes.insert(0, "One pair says nothing about the spread, so there is no interval.")
    return figure_of(
        card,
        PERCENT_CHANGE,
        numerator=paired,
        denominator=pairs.asked,
        value=None if change is None else rounded(100 * change),
        interval=in_percent(interval),
        missing=pairs.asked - paired,
        response_rate=rounded(percent(paired, pairs.asked)),
        notes=notes,
    )


def incident_change(
    card: Card,
    pairs: Sequence[tuple[int, int]],
    away: Sequence[int],
    eligible: int,
    unknown: Mapping[str, int],
) -> Figure:
    """Incidents after against before, in percent; ``pairs`` of (before, after) per person.

    ``away`` is the days in custody of each person, of the window before and of that after in
    turns: where they differ, so does the time in which anything could happen.
    """
    change, interval = ratio_change(pairs)
    before, after = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    notes = because("Not known of", unknown)
    if not pairs:
        notes.insert(0, NOBODY if eligible == 0 else NOT_KNOWN)
    else:
        notes.insert(0, f"Incidents of {len(pairs)}, in two windows of equal length.")
        days_before, days_after = sum(away[::2]), sum(away[1::2])
        notes.append(
            f"Of these days, {days_before} before and {days_after} after were in custody."
            if days_before or days_after
            else at_risk.NO_CUSTODY
        )
    if pairs and change is None:
        notes.insert(0, "There was no incident before, so there is no percentage.")
    return figure_of(
        card,
        INCIDENT_CHANGE,
        numerator=after,
        denominator=before,
        value=None if change is None else rounded(100 * change),
        interval=in_percent(interval),
        missing=eligible - len(pairs),
        response_rate=rounded(percent(len(pairs), eligible)),
        notes=notes,
    )


def median_days(card: Card, days: Sequence[int], asked: int, unknown: Mapping[str, int]) -> Figure:
    """The middle of the days, with its interval from the binomial."""
    middle, interval = median(days)
    notes = because("Left out", unknown)
    if middle is None:
        notes.insert(0, NOBODY if asked == 0 else NOT_KNOWN)
    elif interval is None:
        notes.insert(0, "Fewer than 6 say too little for an interval.")
    return figure_of(
        card,
        DAYS,
        numerator=len(days),
        denominator=asked,
        value=rounded(middle),
        interval=interval,
        missing=asked - len(days),
        notes=notes,
    )


def quotient(card: Card, money: Mapping[str, int] | None, days: int) -> Figure:
    """Money divided by a number of the card, or by the weeks of a period of so many ``days``;
    ``money`` in hundredths by currency, or None where the card gives the amount itself."""
    if card.by is None or card.gives is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs by and gives")
    by = Fraction(days, DAYS_IN_WEEK) if card.by == WEEKS else Fraction(repr(card.by))
    shown = round_half_up(by, MONEY_DECIMALS) if isinstance(card.by, str) else card.by
    if money is None:
        if card.amount is None:
            raise ValueError(f"{card.id}: a card of kind {card.kind} needs an amount")
        amount, unit = Fraction(repr(card.amount)), card.gives
    elif len(money) != 1:
        return figure_of(card, card.gives, denominator=shown, notes=[_not_one_currency(money)])
    else:
        [(currency, hundredths)] = money.items()
        amount, unit = Fraction(hundredths, 100), f"{currency} {card.gives}"
    return figure_of(
        card,
        unit,
        numerator=float(amount),
        denominator=shown,
        value=round_half_up(amount / by, MONEY_DECIMALS),
    )
