"""Disclosure control: what a table must lose before it may leave the house.

The rule works on whole tables, never on single counts, because a small cell can be recovered
from its neighbours by subtraction:

- a count of 0 to 7 is shown as "0–7", zero included; every other count is rounded to the
  nearest 5, margins on their own, so that parts need not add up to their total;
- percentages, bounds and response rates are worked out again from the rounded counts, as whole
  numbers, and only where the denominator is at least 30;
- what partners answered is withheld altogether from a group under 30, because a share near all
  or nothing would tell everyone's answer;
- means need at least 10 pairs and are given in whole points;
- changes in percent need 30 pairs, or 30 incidents before; a middle of days needs 10 persons, and
  its interval, whose ends are the days of single persons, 30;
- money per person is divided again by the rounded denominator, or it would give that away; money
  that is divided by no persons, and the arithmetic of a print, pass as they are;
- notes that were made from exact counts are dropped.

It is the rule of the national hospital statistics of England (1–7 hidden, the rest to 5) with
zeros hidden too: knowing that nobody answered is also knowledge about a partner.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from casewall.outcomes.extract import Extract
from casewall.outcomes.figures import (
    COUNTED,
    DAYS,
    INCIDENT_CHANGE,
    NOBODY,
    PERCENT,
    PERCENT_CHANGE,
    POINTS,
    STATEMENT,
    Figure,
    is_arithmetic,
)
from casewall.outcomes.intervals import Interval, round_half_up, wilson

HIDDEN_TO = 7
HIDDEN = f"0–{HIDDEN_TO}"
ROUND_TO = 5
LEAST_FOR_PERCENT = 30
LEAST_FOR_MEAN = 10

RULE = (
    f"Counts of {HIDDEN} are hidden, others rounded to {ROUND_TO}; percentages only of "
    f"{LEAST_FOR_PERCENT} or more; means only of {LEAST_FOR_MEAN} or more."
)
INVENTED_RULE = "Every person in this table is invented; it is not suppressed."

_MONEY = re.compile(r"([A-Z]{3} )?per person")
_RATIO = re.compile(r"[a-z ]+ per person")
_NO_AMOUNT = re.compile(r"money|per (?!person$).+")  # no currency, since no amount
_SEAL = object()


class ReleaseError(ValueError):
    """A table that may not be released; says why."""


@dataclass(frozen=True, slots=True, init=False)
class Released:
    """A table that may leave the house. Only ``suppress``, ``hold_back`` and
    ``publish_invented`` make one."""

    figures: tuple[Figure, ...]
    rule: str

    def __init__(self, figures: tuple[Figure, ...], rule: str, *, seal: object = None) -> None:
        if seal is not _SEAL:
            raise ReleaseError("a table is released by suppress(), not by hand")
        object.__setattr__(self, "figures", figures)
        object.__setattr__(self, "rule", rule)


def suppress(figures: Sequence[Figure]) -> Released:
    """The whole table under disclosure control.

    Raises ReleaseError where a figure has been suppressed before (rounding twice would mislead)
    or a unit is not known, since a rule cannot be chosen for it.
    """
    return Released(tuple(_suppressed(figure) for figure in figures), RULE, seal=_SEAL)


def hold_back(table: Released, why: Mapping[str, str]) -> Released:
    """The table with the numbers of some figures (by id) taken out, each with a sentence."""
    rows = tuple(
        replace(
            figure,
            numerator=None,
            denominator=None,
            value=None,
            interval=None,
            missing=None,
            response_rate=None,
            bounds=None,
            note=why[figure.id],
        )
        if figure.id in why
        else figure
        for figure in table.figures
    )
    return Released(rows, table.rule, seal=_SEAL)


def publish_invented(figures: Sequence[Figure], extracts: Sequence[Extract]) -> Released:
    """The table as it is, for the published figures computed from invented people.

    ``extracts`` are those that the figures were computed from. Raises ReleaseError unless there
    is one and every one says that its people are invented.
    """
    if not extracts:
        raise ReleaseError("without its extract nobody can say that the people are invented")
    for extract in extracts:
        if extract.invented is not True:
            raise ReleaseError(
                f"the people of {extract.service} are not invented; suppress the table"
            )
    return Released(tuple(figures), INVENTED_RULE, seal=_SEAL)


@dataclass(frozen=True, slots=True)
class Cell:
    """A count on its way out. ``least`` and ``most`` are what a reader may take it for: the
    rounded count, or 0 and 7 where it is hidden. Raises ValueError below 0."""

    exact: int

    def __post_init__(self) -> None:
        if self.exact < 0:
            raise ValueError(f"{self.exact} is not a count")

    @property
    def hidden(self) -> bool:
        return self.exact <= HIDDEN_TO

    @property
    def rounded(self) -> int:
        return int(round_half_up(Fraction(self.exact, ROUND_TO))) * ROUND_TO

    @property
    def least(self) -> int:
        return 0 if self.hidden else self.rounded

    @property
    def most(self) -> int:
        return HIDDEN_TO if self.hidden else self.rounded

    @property
    def could_be(self) -> tuple[int, int]:
        """The least and the most count that is shown as this one is."""
        if self.hidden:
            return 0, HIDDEN_TO
        half = ROUND_TO // 2
        return max(HIDDEN_TO + 1, self.rounded - half), self.rounded + half

    @property
    def shown(self) -> int | str:
        return HIDDEN if self.hidden else self.rounded


def _suppressed(figure: Figure) -> Figure:
    if figure.suppressed:
        raise ReleaseError(f"{figure.id} has been suppressed before")
    if figure.unit == STATEMENT or _NO_AMOUNT.fullmatch(figure.unit) or is_arithmetic(figure):
        return replace(figure, suppressed=True)
    bare = replace(
        figure,
        numerator=None,
        denominator=None,
        value=None,
        interval=None,
        missing=None if figure.missing is None else _cell(figure, "missing").shown,
        response_rate=None,
        bounds=None,
        suppressed=True,
        note=None,
    )
    return _rule(figure)(figure, bare)


def _rule(figure: Figure) -> Callable[[Figure, Figure], Figure]:
    if figure.unit in COUNTED.values():
        return _count
    if _MONEY.fullmatch(figure.unit):
        return _money
    if _RATIO.fullmatch(figure.unit):
        return _ratio
    if figure.unit not in _RULES:
        raise ReleaseError(f"{figure.id}: there is no rule for the unit {figure.unit!r}")
    return _RULES[figure.unit]


def _count(figure: Figure, bare: Figure) -> Figure:
    numerator = _cell(figure, "numerator")
    value = None if numerator.hidden else float(numerator.rounded)
    return replace(bare, numerator=numerator.shown, value=value)


def _share(figure: Figure, bare: Figure) -> Figure:
    numerator, denominator = _cell(figure, "numerator"), _cell(figure, "denominator")
    silent = _cell(figure, "missing").most
    bare = replace(bare, denominator=denominator.shown)
    asked = denominator.rounded
    if figure.response_rate is not None:
        # The silent stand beside the denominator: it holds only those who answered.
        asked = denominator.most + silent
        bare = replace(bare, response_rate=_rate(denominator, asked))
    small = denominator.exact < LEAST_FOR_PERCENT
    if small and figure.source == "partner":
        return bare
    bare = replace(bare, numerator=numerator.shown)
    if small:
        return bare
    if figure.bounds is not None:
        most = min(asked, numerator.most + silent)
        bare = replace(bare, bounds=_whole((numerator.least / asked, most / asked)))
    shares = wilson(numerator.least, denominator.rounded)
    if numerator.hidden or shares is None:
        return bare
    return replace(
        bare,
        value=round_half_up(Fraction(100 * numerator.rounded, denominator.rounded)),
        interval=_whole(shares),
    )


def _mean(figure: Figure, bare: Figure, least: int = LEAST_FOR_MEAN) -> Figure:
    paired, asked = _cell(figure, "numerator"), _cell(figure, "denominator")
    bare = replace(
        bare,
        numerator=paired.shown,
        denominator=asked.shown,
        response_rate=_rate(paired, asked.rounded),
    )
    if paired.exact < least or figure.value is None or figure.interval is None:
        return bare
    low, high = figure.interval
    return replace(
        bare,
        value=round_half_up(figure.value),
        interval=(round_half_up(low), round_half_up(high)),
    )


def _change(figure: Figure, bare: Figure) -> Figure:
    return _mean(figure, bare, LEAST_FOR_PERCENT)


def _incidents(figure: Figure, bare: Figure) -> Figure:
    """Worked out again from the rounded numbers of incidents; no interval, which is of persons."""
    after, before = _cell(figure, "numerator"), _cell(figure, "denominator")
    bare = replace(bare, numerator=after.shown, denominator=before.shown)
    if after.hidden or before.exact < LEAST_FOR_PERCENT:
        return bare
    change = Fraction(100 * (after.rounded - before.rounded), before.rounded)
    return replace(bare, value=round_half_up(change))


def _ratio(figure: Figure, bare: Figure) -> Figure:
    added, persons = _cell(figure, "numerator"), _cell(figure, "denominator")
    bare = replace(bare, numerator=added.shown, denominator=persons.shown)
    if added.hidden or persons.exact < LEAST_FOR_PERCENT:
        return bare
    return replace(bare, value=round_half_up(Fraction(added.rounded, persons.rounded), 1))


def _days(figure: Figure, bare: Figure) -> Figure:
    known, asked = _cell(figure, "numerator"), _cell(figure, "denominator")
    bare = replace(bare, numerator=known.shown, denominator=asked.shown)
    if known.exact < LEAST_FOR_MEAN or figure.value is None:
        return bare
    bare = replace(bare, value=round_half_up(figure.value))
    if known.exact < LEAST_FOR_PERCENT or figure.interval is None:
        return bare
    low, high = figure.interval
    return replace(bare, interval=(round_half_up(low), round_half_up(high)))


def _money(figure: Figure, bare: Figure) -> Figure:
    """What the cost includes and excludes stays; that nobody is in the denominator does not."""
    persons = _cell(figure, "denominator")
    said = (figure.note or "").replace(NOBODY, "").split()
    bare = replace(
        bare,
        numerator=figure.numerator,
        denominator=persons.shown,
        note=" ".join(said) or None,
    )
    if figure.numerator is None or persons.hidden:
        return bare
    return replace(bare, value=round_half_up(Fraction(str(figure.numerator)) / persons.rounded))


_RULES = {
    PERCENT: _share,
    POINTS: _mean,
    PERCENT_CHANGE: _change,
    INCIDENT_CHANGE: _incidents,
    DAYS: _days,
}


def _cell(figure: Figure, key: str) -> Cell:
    count = getattr(figure, key)
    if type(count) is not int:
        raise ReleaseError(f"{figure.id}: its {key} is {count!r}, where a count is needed")
    return Cell(count)


def _rate(answered: Cell, asked: int) -> float | None:
    """The response rate in whole percent; None where it would tell a hidden count."""
    if answered.hidden or asked < LEAST_FOR_PERCENT:
        return None
    return round_half_up(Fraction(100 * answered.rounded, asked))


def _whole(shares: Interval) -> Interval:
    return round_half_up(100 * shares[0]), round_half_up(100 * shares[1])
