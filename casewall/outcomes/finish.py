"""From counts to figures. Every engine counts in its own way and finishes here, alike.

Percentages and points are given to one decimal, money to two, a half rounded up; numerator and
denominator stand beside them for whoever wants more. A zero denominator gives no value and a
note, never 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from casewall.outcomes.cards import Card, Printed
from casewall.outcomes.figures import COUNTED, NOBODY, PERCENT, POINTS, STATEMENT, Figure
from casewall.outcomes.intervals import (
    Interval,
    mean_change,
    percent,
    round_half_up,
    silent_bounds,
    truncate,
    wilson,
)

DECIMALS = 1
MONEY_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Pairs:
    """Paired scores of everybody asked: one change (later minus earlier) per person who answered
    both times, the number asked, and why the others are silent, where that is known."""

    changes: Sequence[float]
    asked: int
    silent_because: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Money by category in hundredths, split by whether the figure counts it.

    ``kinds`` holds each currency and price year among the included lines.
    """

    included: Mapping[str, int]
    excluded: Sequence[str]
    kinds: Sequence[tuple[str, int]]


def count(card: Card, numerator: int) -> Figure:
    """How many there are."""
    return _figure(card, COUNTED[card.unit], numerator=numerator, value=float(numerator))


def share(card: Card, numerator: int, denominator: int, missing: int | None) -> Figure:
    """A percentage with Wilson's interval.

    ``missing`` is None where the card's fact is known of everybody by its nature; else the
    figure carries the bounds that hold if none, or all, of the missing had the fact.
    """
    value = percent(numerator, denominator)
    unknown = (
        None if missing is None else silent_bounds(numerator, denominator - missing, denominator)
    )
    return _figure(
        card,
        PERCENT,
        numerator=numerator,
        denominator=denominator,
        value=_rounded(value),
        interval=_in_percent(wilson(numerator, denominator)),
        missing=missing or 0,
        bounds=_in_percent(unknown),
        notes=[NOBODY] if value is None else [],
    )


def change(card: Card, pairs: Pairs) -> Figure:
    """The mean change on a scale. Numerator: persons with both scores; denominator: asked."""
    mean, interval = mean_change(pairs.changes)
    paired = len(pairs.changes)
    notes = _silence(pairs)
    if mean is None:
        notes.insert(0, "Nobody answered both times, so there is no mean.")
    elif interval is None:
        notes.insert(0, "One pair says nothing about the spread, so there is no interval.")
    return _figure(
        card,
        POINTS,
        numerator=paired,
        denominator=pairs.asked,
        value=_rounded(mean),
        interval=None
        if interval is None
        else (round_half_up(interval[0], DECIMALS), round_half_up(interval[1], DECIMALS)),
        missing=pairs.asked - paired,
        response_rate=_rounded(percent(paired, pairs.asked)),
        notes=notes,
    )


def improved(card: Card, pairs: Pairs) -> Figure:
    """The share whose score rose, of those with both scores; bounds over everybody asked."""
    paired = len(pairs.changes)
    rose = sum(1 for difference in pairs.changes if difference > 0)
    notes = _silence(pairs)
    if paired == 0:
        notes.insert(0, "Nobody answered both times, so there is no share.")
    return _figure(
        card,
        PERCENT,
        numerator=rose,
        denominator=paired,
        value=_rounded(percent(rose, paired)),
        interval=_in_percent(wilson(rose, paired)),
        missing=pairs.asked - paired,
        response_rate=_rounded(percent(paired, pairs.asked)),
        bounds=_in_percent(silent_bounds(rose, paired, pairs.asked)),
        notes=notes,
    )


def cost(card: Card, ledger: Ledger, persons: int) -> Figure:
    """Included money per person. What it includes and excludes is part of the figure."""
    if len(ledger.kinds) != 1:
        why = (
            "No cost is recorded as included"
            if not ledger.kinds
            else "Costs in several currencies or price years are not added up: "
            + ", ".join(f"{currency} {year}" for currency, year in sorted(ledger.kinds))
        )
        return _figure(card, "per person", denominator=persons, notes=[f"{why}."])
    [(currency, year)] = ledger.kinds
    total = Fraction(sum(ledger.included.values()), 100)
    notes = [f"Includes {', '.join(sorted(ledger.included))}."]
    if ledger.excluded:
        notes.append(f"Excludes {', '.join(sorted(set(ledger.excluded)))}.")
    notes.append(f"Prices of {year}.")
    if persons == 0:
        notes.append(NOBODY)
    return _figure(
        card,
        f"{currency} per person",
        numerator=float(total),
        denominator=persons,
        value=round_half_up(total / persons, MONEY_DECIMALS) if persons else None,
        notes=notes,
    )


def printed_only(card: Card) -> Figure:
    """A published claim that cannot be computed, marked and not repeated as a result."""
    return _figure(card, STATEMENT, notes=["Figure without denominator."])


def define(card: Card) -> str:
    """The card in one paragraph, to stand beside the figure wherever it is shown."""
    against = f" Of: {card.denominator.says}" if card.denominator else ""
    return (
        f"{card.numerator.says}{against} Counted: {COUNTED[card.unit]}, by {card.counting_date}. "
        f"{card.period} Excluded: {card.exclusions} (card version {card.version})"
    )


def beside_print(printed: Printed, numerator: object, value: float | None) -> str:
    """How the printed numbers stand to the computed ones, in a sentence."""
    said = []
    if printed.count is not None:
        agrees = numerator == printed.count
        said.append(
            f"Printed as a count: {printed.count:,}{'' if agrees else '; these records differ'}."
        )
    if isinstance(printed.value, str):
        said.append(f"Printed “{printed.value}”, {printed.how}.")
    elif printed.value is not None and printed.how == "denominator unstated":
        said.append(f"Printed {printed.value:,}, denominator unstated.")
    elif printed.value is not None:
        said.append(_beside_number(printed.value, printed.how, value))
    return " ".join(said)


def _beside_number(printed: float, how: str, value: float | None) -> str:
    if value is None:
        return f"Printed {printed:,}, {how}; these records give no value."
    made = {"exact": value, "rounded": round_half_up(value), "truncated": truncate(value)}[how]
    if made != printed:
        return f"Printed {printed:,}, {how}; these records give {value:g}."
    rounds_to = round_half_up(value)
    cut = how == "truncated" and rounds_to != printed
    otherwise = f"; {value:g} rounds to {rounds_to:g}" if cut else ""
    return f"Printed {printed:,}, {how}{otherwise}."


def _figure(
    card: Card,
    unit: str,
    *,
    numerator: int | float | None = None,
    denominator: int | None = None,
    value: float | None = None,
    interval: Interval | None = None,
    missing: int | None = None,
    response_rate: float | None = None,
    bounds: Interval | None = None,
    notes: Sequence[str] = (),
) -> Figure:
    said = [*notes]
    printed = None
    if card.printed:
        said.append(beside_print(card.printed, numerator, value))
        printed = card.printed.count if card.printed.value is None else card.printed.value
    if card.note:
        said.append(card.note)
    return Figure(
        pack=card.pack,
        id=card.id,
        label=card.label,
        numerator=numerator,
        denominator=denominator,
        value=value,
        unit=unit,
        interval=interval,
        missing=missing,
        response_rate=response_rate,
        source=card.source,
        bounds=bounds,
        suppressed=False,
        definition=define(card),
        printed=printed,
        note=" ".join(said) or None,
    )


def _rounded(value: Fraction | float | None) -> float | None:
    return None if value is None else round_half_up(value, DECIMALS)


def _in_percent(interval: Interval | None) -> Interval | None:
    if interval is None:
        return None
    low, high = interval
    return round_half_up(100 * low, DECIMALS), round_half_up(100 * high, DECIMALS)


def _silence(pairs: Pairs) -> list[str]:
    if not pairs.silent_because:
        return []
    reasons = ", ".join(f"{reason} {n}" for reason, n in sorted(pairs.silent_because.items()))
    return [f"Without both answers: {reasons}."]
