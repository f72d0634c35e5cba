"""Cross-tabulations under disclosure control: cells and margins, audited as one.

Every cell and every margin goes through the same rule as a single count, each on its own, so
that parts need not add up. A margin is then withheld wherever, with everything else that the
table shows, it would let somebody work out a hidden count exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casewall.outcomes.attack import Expression, Known, Range, plain_sum
from casewall.outcomes.suppress import Cell, ReleaseError

Key = tuple[str, ...]
Place = tuple[Key, Key]
"""A number of the table: the dimensions that it keeps, and its value on each of them."""

WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """What may leave the house. ``shown`` has the inner cells (under all dimensions) and the
    margins: a rounded count, "0–7", or "withheld"."""

    dimensions: Key
    shown: Mapping[Place, int | str]

    @property
    def withheld(self) -> list[Place]:
        """The margins that the audit took away."""
        return [place for place, text in self.shown.items() if text == WITHHELD]

    def hidden(self) -> list[Place]:
        """Every number that is shown as hidden."""
        return [place for place, text in self.shown.items() if text == Cell(0).shown]


def release_table(
    dimensions: Sequence[str], cells: Mapping[Key, int], margins: Sequence[Sequence[str]]
) -> ReleasedTable:
    """The table with these margins; each margin names the dimensions that it keeps (none: the
    total). Cells that are absent count as 0 where another cell has the same values.

    Raises ReleaseError for a margin of an unknown dimension, a cell that does not fit, or a
    table in which a hidden count could be worked out whatever is withheld.
    """
    whole = tuple(dimensions)
    exact = _exact(whole, cells, margins)
    withheld: set[Place] = set()
    while True:
        shown = {
            place: WITHHELD if place in withheld else Cell(count).shown
            for place, count in exact.items()
        }
        found = ReleasedTable(whole, shown)
        recovered = recover(found)
        if not recovered:
            return found
        before = len(withheld)
        for place in recovered:
            withheld |= _next_to_withhold(place, exact, withheld, whole)
        if len(withheld) == before:
            raise ReleaseError("The table cannot be released: a hidden count can be worked out.")


def recover(table: ReleasedTable, places: Sequence[Place] | None = None) -> dict[Place, int]:
    """The hidden numbers that follow from what the table shows, with what they are.

    ``places`` are those to attack; without it every hidden number, margins too.
    """
    known, at = as_known(table)
    wanted = table.hidden() if places is None else places
    of = {at[place]: place for place in wanted}
    return {of[expression]: count for expression, count in known.determined(of).items()}


def as_known(table: ReleasedTable) -> tuple[Known, dict[Place, Expression]]:
    """What an attacker knows, and what each number of the table is the sum of."""
    known, at = Known(), {}
    inner = [place for place in table.shown if place[0] == table.dimensions]
    for place in inner:
        at[place] = plain_sum([known.unknown(could_be(table.shown[place]))])
    parts: dict[Place, list[int]] = {}
    for kept in {place[0] for place in table.shown} - {table.dimensions}:
        for number, (_, key) in enumerate(inner):
            place = (kept, _project(key, table.dimensions, kept))
            parts.setdefault(place, []).append(number)
    for place, unknowns in parts.items():
        text = table.shown[place]
        at[place] = plain_sum(unknowns)
        if text != WITHHELD:
            known.sums.append((at[place], could_be(text)))
    return known, at


def could_be(shown: int | str) -> Range:
    """The counts that are shown in this way, by the rule that everybody may read."""
    if isinstance(shown, str):
        return Cell(0).could_be
    return Cell(shown).could_be


def _exact(
    whole: Key, cells: Mapping[Key, int], margins: Sequence[Sequence[str]]
) -> dict[Place, int]:
    for key in cells:
        if len(key) != len(whole):
            raise ReleaseError(f"The cell {key} does not have {len(whole)} values.")
    exact: dict[Place, int] = {(whole, key): count for key, count in cells.items()}
    for margin in margins:
        for dimension in margin:
            if dimension not in whole:
                raise ReleaseError(f"The table has no dimension “{dimension}”.")
        kept = tuple(dimension for dimension in whole if dimension in margin)
        for key, count in cells.items():
            place = (kept, _project(key, whole, kept))
            if kept != whole:
                exact[place] = exact.get(place, 0) + count
    return exact


def _project(key: Key, whole: Key, kept: Key) -> Key:
    return tuple(value for dimension, value in zip(whole, key, strict=True) if dimension in kept)


def _next_to_withhold(
    place: Place, exact: Mapping[Place, int], withheld: set[Place], whole: Key
) -> set[Place]:
    """The smallest margin, not yet withheld, that holds a recovered number: a shown one first,
    since it is shown margins that leave the hidden numbers under them no room."""
    over = [
        (Cell(count).hidden, count, margin)
        for margin, count in exact.items()
        if margin[0] != whole and margin not in withheld and _overlaps(place, margin)
    ]
    return {min(over)[2]} if over else set()


def _overlaps(place: Place, margin: Place) -> bool:
    """Whether some person can be in both."""
    own = dict(zip(*place, strict=True))
    return all(own.get(dimension, value) == value for dimension, value in zip(*margin, strict=True))
