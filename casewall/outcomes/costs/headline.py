"""Whether the parts that somebody published add up to the headline beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Headline:
    """The sum of the parts against the headline. ``slack`` is how far rounding of every part
    and of the headline could have moved the two apart."""

    parts: Fraction
    headline: Fraction
    slack: Fraction
    says: str

    @property
    def adds_up(self) -> bool:
        """Whether the two are equal as they were printed."""
        return self.parts == self.headline

    @property
    def is_rounding(self) -> bool:
        """Whether rounding alone can explain the difference."""
        return abs(self.parts - self.headline) <= self.slack


def compare(parts: Mapping[str, str], headline: str) -> Headline:
    """Numbers as they were printed ("47.3"), so that the last digit says how they were rounded."""
    total = sum((Fraction(part) for part in parts.values()), Fraction(0))
    slack = sum((_half_a_digit(part) for part in parts.values()), _half_a_digit(headline))
    said = Fraction(headline)
    added = " + ".join(parts.values())
    if total == said:
        says = f"The parts add up: {added} = {headline}."
    elif abs(total - said) <= slack:
        says = (
            f"The parts add up to {_plain(total)}, and {headline} is printed: a difference that "
            "rounding can explain."
        )
    else:
        wrong = "are missing" if total < said else "are too many"
        says = (
            f"The parts add up to {_plain(total)}, and {headline} is printed: "
            f"{_plain(abs(total - said))} {wrong}, more than rounding explains."
        )
    return Headline(total, said, slack, says)


def _half_a_digit(printed: str) -> Fraction:
    _, _, decimals = printed.partition(".")
    return Fraction(1, 2 * 10 ** len(decimals))


def _plain(number: Fraction) -> str:
    return f"{float(number):,.6f}".rstrip("0").rstrip(".")
