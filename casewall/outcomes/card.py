"""What an indicator card holds, once it has been read."""

from dataclasses import dataclass
from typing import Literal

Where = tuple[tuple[str, tuple[str, ...]], ...]


class CardError(ValueError):
    """A card that cannot be used; says file, card and key."""


@dataclass(frozen=True, slots=True)
class Part:
    """A numerator or denominator: in words, and as conditions that must all hold."""

    says: str
    where: Where


@dataclass(frozen=True, slots=True)
class Printed:
    """What the paper printed: a value in the figure's unit, a count, and how it was made."""

    value: float | str | None
    count: int | None
    how: str


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator. ``missing`` says who of the denominator lacks the fact that is counted.

    The keys from ``scale`` on belong to some kinds only and are None (or False) in the others.
    """

    pack: str
    id: str
    kind: str
    label: str
    why: str
    numerator: Part
    denominator: Part | None
    unit: str
    counting_date: str
    period: str
    source: str
    exclusions: str
    breakdowns: tuple[str, ...]
    version: str
    missing: Where | None
    printed: Printed | None
    note: str | None
    scale: str | None = None
    waves: tuple[str, str] | None = None
    better: str = "higher"
    measure: str | None = None
    item: str | None = None
    wave: str | None = None
    codes: tuple[str, ...] = ()
    silent_codes: tuple[str, ...] = ()
    hours: float | None = None
    more_than: bool = False
    months: int | None = None
    time_zero: str | None = None
    before: bool = False
    forms: tuple[str, ...] = ()
    treatment: str | None = None
    dates: tuple[str, str] | None = None
    forum: str | None = None
    of: str | None = None
    amount: float | None = None
    by: float | Literal["weeks"] | None = None
    gives: str | None = None
    funder: tuple[str, ...] = ()
    category: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """The cards of one file, in the order in which their figures are shown."""

    name: str
    title: str
    version: str
    cards: tuple[Card, ...]
