"""From counts to figures. Every engine counts in its own way and finishes here, alike.

Percentages and points are given to one decimal, money to two, a half rounded up; numerator and
denominator stand beside them for whoever wants more. A zero denominator gives no value and a
note, never 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from casewall.outcomes import at_risk
from casewall.outcomes.card import Card, Printed
from casewall.outcomes.figures import (
    COUNTED,
    EMPTY,
    NOBODY,
    NOT_KNOWN,
    PERCENT,
    POINTS,
    STATEMENT,
    Figure,
)
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
    """Paired scores of everybody asked: (earlier, later) for each person who answered both
    times, the number asked, and why the others are silent, where that is known."""

    scores: Sequence[tuple[float, float]]
    asked: int
    silent_because: Mapping[str, int]

    @property
    def changes(self) -> list[float]:
        """Later minus earlier, one for each pair."""
        return [second - first for first, second in self.scores]


@dataclass(frozen=True, slots=True)
class Known:
    """A share of those of whom the fact is known, ``known`` of all ``eligible``.

    ``because`` counts the others by the reason; ``told`` is how many of these others have the
    fact all the same as far as anything is known of them. They are in no share.
    """

    numerator: int
    known: int
    eligible: int
    because: Mapping[str, int]
    told: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """Money by category in hundredths, split by whether the figure counts it.

    ``kinds`` holds each currency and price year among the included lines.
    """

    included: Mapping[str, int]
    excluded: Sequence[str]
    kinds: Sequence[tuple[str, int]]


def count(card: Card, numerator: int, is_empty: bool = False) -> Figure:
    """How many there are; no value where the whole period is empty."""
    return figure_of(
        card,
        COUNTED[card.unit],
        numerator=numerator,
        value=None if is_empty else float(numerator),
        notes=[EMPTY] if is_empty else [],
    )


def share(card: Card, numerator: int, denominator: int, missing: int | None) -> Figure:
    """A percentage with Wilson's interval.

    ``missing`` is None where the card's fact is known of everybody by its nature; else the
    figure carries the bounds that hold if none, or all, of the missing had the fact. Where it is
    known of nobody there is no percentage: 0% would say that nobody had it.
    """
    known = denominator - (missing or 0)
    value = percent(numerator, denominator if known else 0)
    unknown = (
        None if missing is None else silent_bounds(numerator, denominator - missing, denominator)
    )
    return figure_of(
        card,
        PERCENT,
        numerator=numerator,
        denominator=denominator,
        value=rounded(value),
        interval=in_percent(wilson(numerator, denominator if known else 0)),
        missing=missing or 0,
        bounds=in_percent(unknown),
        notes=[] if value is not None else [NOT_KNOWN if denominator else NOBODY],
    )


def repeated(card: Card, known: Known, away: Sequence[int]) -> Figure:
    """The share with an incident; ``away`` is the days in custody of each who is counted."""
    said = [at_risk.said(sum(1 for days in away if days), sum(away))] if away else []
    return answered(card, known, said)


def answered(card: Card, known: Known, more: Sequence[str] = ()) -> Figure:
    """A share of those of whom the fact is known, with the bounds over everybody eligible."""
    others = known.eligible - known.known
    notes = because("Not known of", known.because)
    if known.told:
        notes.append(f"Of these others, {known.told} are known to have it all the same.")
    notes += more
    if known.known == 0:
        notes.insert(0, NOBODY if known.eligible == 0 else NOT_KNOWN)
    return figure_of(
        card,
        PERCENT,
        numerator=known.numerator,
        denominator=known.known,
        value=rounded(percent(known.numerator, known.known)),
        interval=in_percent(wilson(known.numerator, known.known)),
        missing=others,
        response_rate=rounded(percent(known.known, known.eligible)),
        bounds=in_percent(silent_bounds(known.numerator, known.known, known.eligible)),
        notes=notes,
    )


def change(card: Card, pairs: Pairs) -> Figure:
    """The mean change on a scale. Numerator: persons with both scores; denominator: asked."""
    mean, interval = mean_change(pairs.changes)
    paired = len(pairs.changes)
    notes = because("Without both answers", pairs.silent_because)
    if mean is None:
        notes.insert(0, "Nobody answered both times, so there is no mean.")
    elif interval is None:
        notes.insert(0, "One pair says nothing about the spread, so there is no interval.")
    return figure_of(
        card,
        POINTS,
        numerator=paired,
        denominator=pairs.asked,
        value=rounded(mean),
        interval=None
        if interval is None
        else (round_half_up(interval[0], DECIMALS), round_half_up(interval[1], DECIMALS)),
        missing=pairs.asked - paired,
        response_rate=rounded(percent(paired, pairs.asked)),
        notes=notes,
    )


def improved(card: Card, pairs: Pairs) -> Figure:
    """The share whose score got better, of those with both scores; bounds over everybody asked.

    Better is higher, unless the card says lower."""
    paired = len(pairs.changes)
    sign = -1 if card.better == "lower" else 1
    rose = sum(1 for difference in pairs.changes if sign * difference > 0)
    notes = because("Without both answers", pairs.silent_because)
    if paired == 0:
        notes.insert(0, "Nobody answered both times, so there is no share.")
    return figure_of(
        card,
        PERCENT,
        numerator=rose,
        denominator=paired,
        value=rounded(percent(rose, paired)),
        interval=in_percent(wilson(rose, paired)),
        missing=pairs.asked - paired,
        response_rate=rounded(percent(paired, pairs.asked)),
        bounds=in_percent(silent_bounds(rose, paired, pairs.asked)),
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
        return figure_of(card, "per person", denominator=persons, notes=[f"{why}."])
    [(currency, year)] = ledger.kinds
    total = Fraction(sum(ledger.included.values()), 100)
    notes = [f"Includes {', '.join(sorted(ledger.included))}."]
    if ledger.excluded:
        notes.append(f"Excludes {', '.join(sorted(set(ledger.excluded)))}.")
    notes.append(f"Prices of {year}.")
    if persons == 0:
        notes.append(NOBODY)
    return figure_of(
        card,
        f"{currency} per person",
        numerator=float(total),
        denominator=persons,
        value=round_half_up(total / persons, MONEY_DECIMALS) if persons else None,
        notes=notes,
    )


def printed_only(card: Card) -> Figure:
    """A published claim that cannot be computed, marked and not repeated as a result."""
    return figure_of(card, STATEMENT, notes=["Figure without denominator."])


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


def figure_of(
    card: Card,
    unit: str,
    *,
    numerator: int | float | None = None,
    denominator: int | float | None = None,
    value: float | None = None,
    interval: Interval | None = None,
    missing: int | None = None,
    response_rate: float | None = None,
    bounds: Interval | None = None,
    notes: Sequence[str] = (),
) -> Figure:
    """The figure of a card, with its definition and what was printed beside it."""
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


def rounded(value: Fraction | float | None) -> float | None:
    """To the decimals that percentages and points are given in."""
    return None if value is None else round_half_up(value, DECIMALS)


def in_percent(interval: Interval | None) -> Interval | None:
    """An interval of shares, in percent and rounded."""
    if interval is None:
        return None
    low, high = interval
    return round_half_up(100 * low, DECIMALS), round_half_up(100 * high, DECIMALS)


def because(said: str, reasons: Mapping[str, int]) -> list[str]:
    """A sentence that counts the reasons, by the alphabet; none where there are none."""
    if not reasons:
        return []
    return [f"{said}: " + ", ".join(f"{why} {n}" for why, n in sorted(reasons.items())) + "."]
