"""Whether any cohort can give what was printed.

A percentage of persons is a whole number over a whole number, so most percentages are not
possible for a given number of persons, and some are possible for very few. From a print and the
rule by which it was made, these functions find the numerators that fit, the smallest number of
persons that can give it, or that nobody can. Arithmetic is exact; halves round up, as in
``intervals``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from casewall.outcomes.intervals import round_half_up, truncate

Made = Literal["exact", "rounded", "truncated"]
"""How a printed number was made from the counted one."""

MOST_TRIED = 10_000
"""The largest number of persons that a search goes up to."""


class NotAPrint(ValueError):
    """A printed number of which nothing can be asked; says why."""


@dataclass(frozen=True, slots=True)
class Print:
    """One printed percentage, with the decimals that the paper gives."""

    percent: float
    made: Made = "rounded"
    places: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100:
            raise NotAPrint(f"{self.percent:g}% is not a share of persons: it is outside 0 to 100")
        if round_half_up(self.percent, self.places) != self.percent:
            raise NotAPrint(f"{self.percent:g}% has more decimals than the {self.places} stated")


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something is possible, and the sentence that says so.

    ``persons`` is the number of persons asked about, or the smallest that works; ``counts`` the
    numerators that fit it, print by print, each as its least and most.
    """

    possible: bool
    says: str
    persons: int | None = None
    counts: tuple[tuple[int, int], ...] = ()


def numerators(print_: Print, persons: int) -> range:
    """The counts out of so many persons that print as that; empty where none does.

    Raises NotAPrint for fewer than one person.
    """
    if persons < 1:
        raise NotAPrint("a share of nobody is no percentage")
    least, below = _span(print_)
    first = ceil(least * persons / 100)
    if print_.made == "exact":
        last = floor(least * persons / 100)
    else:
        last = ceil(below * persons / 100) - 1
    return range(first, min(last, persons) + 1)


def smallest(prints: Sequence[Print], *, most: int = MOST_TRIED) -> int | None:
    """The smallest number of persons of whom every one of the prints can hold at once."""
    return next((n for n in range(1, most + 1) if all(numerators(p, n) for p in prints)), None)


def share_is_possible(print_: Print, persons: int | None = None) -> Answer:
    """Whether a printed percentage can be of so many persons, or of any number of them."""
    shown = _shown(print_)
    if persons is None:
        least = smallest([print_])
        if least is None:
            return Answer(False, f"No number of persons up to {MOST_TRIED:,} gives {shown}.")
        fits = numerators(print_, least)
        return Answer(
            True,
            f"Without n; {shown} is first possible at {_one_of(fits)} of {least}.",
            least,
            ((fits[0], fits[-1]),),
        )
    fits = numerators(print_, persons)
    if fits:
        of = f"{_one_of(fits)} of {persons}"
        return Answer(True, f"{shown} is {of}.", persons, ((fits[0], fits[-1]),))
    return Answer(False, _why_not(print_, persons), persons)


def parts_are_possible(prints: Sequence[Print], persons: int) -> Answer:
    """Whether so many persons can be split into parts that print as these, with nobody over.

    The parts are of one whole and shut each other out: men and women, say. Every count between
    the least and the most fits its print, so the parts fit where the persons lie between the
    sums.
    """
    spans = [numerators(print_, persons) for print_ in prints]
    for print_, span in zip(prints, spans, strict=True):
        if not span:
            return Answer(False, _why_not(print_, persons), persons)
    least, most = sum(span[0] for span in spans), sum(span[-1] for span in spans)
    named = ", ".join(_shown(print_) for print_ in prints)
    if least <= persons <= most:
        return Answer(
            True,
            f"{persons} persons can be split into {named}.",
            persons,
            tuple((span[0], span[-1]) for span in spans),
        )
    short = f"at most {most}" if most < persons else f"at least {least}"
    return Answer(
        False,
        f"Impossible: parts that print as {named} hold {short} of {persons} persons.",
        persons,
    )


def set_is_possible(prints: Sequence[Print], persons: int | None = None) -> Answer:
    """Whether all the prints can be of one and the same number of persons, known or not."""
    named = ", ".join(_shown(print_) for print_ in prints)
    if persons is None:
        least = smallest(prints)
        if least is None:
            return Answer(
                False, f"No number of persons up to {MOST_TRIED:,} gives all of {named} at once."
            )
        spans = tuple(numerators(print_, least) for print_ in prints)
        return Answer(
            True,
            f"Without n; {named} are first possible together at {least} persons.",
            least,
            tuple((span[0], span[-1]) for span in spans),
        )
    found = [share_is_possible(print_, persons) for print_ in prints]
    says = " ".join(answer.says for answer in found)
    if not all(answer.possible for answer in found):
        return Answer(False, says, persons)
    return Answer(True, says, persons, tuple(answer.counts[0] for answer in found))


def made_how(numerator: int, denominator: int, percent: float, places: int = 0) -> Made | None:
    """The rule by which a printed percentage comes out of the counts; None where none does.

    Where several do, the strictest is named: exact, then rounded, then truncated.
    """
    if denominator < 1:
        raise NotAPrint("a share of nobody is no percentage")
    exact = Fraction(100 * numerator, denominator)
    if exact == Fraction(repr(float(percent))):
        return "exact"
    if round_half_up(exact, places) == percent:
        return "rounded"
    return "truncated" if truncate(exact, places) == percent else None


def readings(percent: float, counts: Sequence[tuple[int, int]]) -> Answer:
    """Which of several counts "k of n" give the printed percentage; more than one is a doubt."""
    fits = [(k, n) for k, n in counts if made_how(k, n, percent) in ("exact", "rounded")]
    said = " and ".join(f"{k}/{n} ({_decimal(Fraction(100 * k, n))}%)" for k, n in fits)
    if len(fits) > 1:
        how_many = "both" if len(fits) == 2 else "all"
        return Answer(True, f"{said} {how_many} print {percent:g}%: the print leaves it open.")
    if fits:
        return Answer(True, f"Only {said} prints {percent:g}%.", fits[0][1])
    return Answer(False, f"None of the counts prints {percent:g}%.")


def amount_over(amount: Fraction | int, number: int, printed: int, noun: str) -> Answer:
    """Whether an amount over a number gives the printed quotient, in whole units of money; if
    not, which number would."""
    if number < 1 or printed < 1:
        raise NotAPrint(f"an amount is divided by at least one of {noun}, into at least 1")
    given = Fraction(amount) / number
    sum_ = f"{_money(amount)} over {number} {noun} is {_money(given)}"
    if round_half_up(given) == printed:
        return Answer(True, f"{sum_}, as printed.")
    works = Fraction(amount) / printed
    at = f"{works.numerator}" if works.denominator == 1 else f"{_decimal(works)}"
    return Answer(False, f"{sum_}; the printed {printed:,} works only at {at} {noun}.")


def _span(print_: Print) -> tuple[Fraction, Fraction]:
    """From which percentage on, and below which, a share prints as that."""
    step = Fraction(1, 10**print_.places)
    value = Fraction(repr(float(print_.percent)))
    if print_.made == "rounded":
        return max(value - step / 2, Fraction(0)), value + step / 2
    return value, value + step


def _why_not(print_: Print, persons: int) -> str:
    nearest = round_half_up(Fraction(repr(float(print_.percent))) * persons / 100)
    count = int(min(nearest, persons))
    near = _decimal(Fraction(100 * count, persons))
    return (
        f"Impossible: no count out of {persons} prints {_shown(print_)}; "
        f"the nearest, {count}, is {near}%."
    )


def _shown(print_: Print) -> str:
    how = "" if print_.made == "rounded" else f" ({print_.made})"
    return f"{print_.percent:g}%{how}"


def _one_of(fits: range) -> str:
    return f"{fits[0]}" if len(fits) == 1 else f"{fits[0]} to {fits[-1]}"


def _decimal(value: Fraction) -> str:
    return f"{round_half_up(value, 1):g}"


def _money(amount: Fraction | int) -> str:
    return f"{round_half_up(Fraction(amount)):,.0f}"
