"""Words and roundings that the series share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, get_args

from casewall.outcomes.extract import Extract, Person, Role, Wave
from casewall.outcomes.flow import WAVES
from casewall.outcomes.intervals import Interval, round_half_up
from casewall.outcomes.slow.people import one_row_a_person
from casewall.outcomes.suppress import Cell

Series = dict[str, Any]
"""One chart as plain data."""

ORDER: tuple[Wave, ...] = get_args(Wave)
"""The time points in their order."""

WHO: Mapping[str, str] = {
    "client": "Client",
    "partner": "Partner",
    "referrer": "Referrer",
    "worker": "Worker",
    "police": "Police",
}
SOURCES = tuple(WHO)

DOMAINS: Mapping[str, str] = {
    "abuse-used": "abuse",
    "abuse-experienced": "abuse",
    "impact-client": "impact",
    "impact-partner": "impact",
}
"""Measures whose client and partner versions ask about the same things, by the name of both."""


def wave_words(wave: str) -> str:
    """A time point in words."""
    return WAVES[wave]


def scale_words(scale: str) -> str:
    """A scale in words: “abuse-experienced.violence” is “Abuse: violence”."""
    measure, _, part = scale.partition(".")
    name = plain(DOMAINS.get(measure, measure))
    return f"{name}: {plain(part).lower()}" if part else name


def plain(code: str) -> str:
    """A code as words, with a capital letter."""
    words = code.replace("-", " ").replace("_", " ").strip()
    return f"{words[:1].upper()}{words[1:]}"


def people(extract: Extract, role: Role) -> list[Person]:
    """The persons of a role who were referred in the period, each once."""
    return one_row_a_person([
        person for person in extract.persons
        if person.role == role and extract.period_from <= person.referred_on <= extract.period_to
    ])


def shown(count: int, *, release: bool) -> int | str:
    """A count, or what of it may be released."""
    return Cell(count).shown if release else count


def one_decimal(value: float) -> float:
    return round_half_up(value, 1)


def in_percent(interval: Interval, *, release: bool) -> Interval:
    places = 0 if release else 1
    low, high = (round_half_up(100 * end, places) for end in interval)
    return low, high


def percent_of(numerator: int, denominator: int, *, release: bool) -> float:
    return round_half_up(Fraction(100 * numerator, denominator), 0 if release else 1)


def in_order(codes: Iterable[str]) -> list[str]:
    """Answers in the order in which people read them, other codes by the alphabet after them."""
    known = {code: place for place, code in enumerate(_KNOWN)}
    return sorted(codes, key=lambda code: (code.isdigit(), known.get(code, len(known)),
                                           int(code) if code.isdigit() else 0, code))


_KNOWN = (
    "yes", "no",
    "strongly-agree", "agree", "neither", "disagree", "strongly-disagree",
    "very-useful", "useful", "little", "not-at-all",
    "never", "once", "sometimes", "often", "daily", "always",
    "slight", "moderate", "serious", "very-serious",
    "no-children", "no-report", "not-known",
)
