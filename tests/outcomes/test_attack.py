"""What an attacker who knows the rule can work out: from tables, and from the Finnish one."""

import csv
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.outcomes import crosstabs
from casewall.outcomes.attack import Known, _Attack, plain_sum
from casewall.outcomes.crosstabs import WITHHELD, ReleasedTable, recover, release_table
from casewall.outcomes.suppress import HIDDEN, Cell, ReleaseError

FINLAND = (Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "dv"
           / "finland_11ch_dv_victims_2019.csv")  # fmt: skip
needs_finland = pytest.mark.skipif(not FINLAND.is_file(), reason="the shared data is not here")
WHOLE = ("row", "column")
LINES = [["row"], ["column"], []]


def unaudited(dimensions, cells, margins) -> ReleasedTable:
    """The table as the rule alone would show it, with nothing withheld."""
    exact = crosstabs._exact(tuple(dimensions), cells, margins)
    return ReleasedTable(tuple(dimensions), {at: Cell(n).shown for at, n in exact.items()})


def table(*rows) -> dict:
    return {(f"r{r}", f"c{c}"): n for r, row in enumerate(rows) for c, n in enumerate(row)}


def tables():
    counts = st.lists(st.lists(st.integers(0, 20), min_size=2, max_size=2), min_size=2, max_size=3)
    return counts.map(lambda rows: table(*rows))


# Four shown cells of 8 look like 10 each, and their 32 like 30: nobody is left for the fifth.
TIGHT = table([8, 8, 8, 8, 0])


def test_the_rule_alone_can_give_a_hidden_count_away():
    found = recover(unaudited(WHOLE, TIGHT, [["row"]]))
    assert found == {(WHOLE, ("r0", "c4")): 0}


def test_a_release_withholds_the_margin_that_would_give_it_away():
    found = release_table(WHOLE, TIGHT, [["row"]])
    assert found.withheld == [(("row",), ("r0",))]
    assert found.shown[("row",), ("r0",)] == WITHHELD
    assert recover(found) == {}


def test_margins_are_rounded_on_their_own():
    found = release_table(WHOLE, table([3, 12], [9, 40]), LINES)
    assert found.shown == {
        (WHOLE, ("r0", "c0")): HIDDEN, (WHOLE, ("r0", "c1")): 10,
        (WHOLE, ("r1", "c0")): 10, (WHOLE, ("r1", "c1")): 40,
        (("row",), ("r0",)): 15, (("row",), ("r1",)): 50,
        (("column",), ("c0",)): 10, (("column",), ("c1",)): 50,
        ((), ()): 65,
    }  # fmt: skip
    assert found.hidden() == [(WHOLE, ("r0", "c0"))]


def test_a_margin_of_all_dimensions_is_the_table_itself():
    cells = table([3, 12])
    assert release_table(WHOLE, cells, [WHOLE]) == release_table(WHOLE, cells, [])


@pytest.mark.parametrize(
    ("cells", "margins", "sentence"),
    [
        ({("r0",): 3}, [], "does not have 2 values"),
        (table([3]), [["colour"]], "no dimension “colour”"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(cells, margins, sentence):
    with pytest.raises(ReleaseError, match=sentence):
        release_table(WHOLE, cells, margins)


def test_a_table_that_tells_whatever_is_withheld_is_not_released(monkeypatch):
    place = (WHOLE, ("r0", "c0"))
    monkeypatch.setattr(crosstabs, "recover", lambda released: {place: 3})
    with pytest.raises(ReleaseError, match="a hidden count can be worked out"):
        release_table(WHOLE, table([3, 12]), LINES)


@settings(max_examples=15, deadline=None)
@given(tables())
def test_no_hidden_count_of_a_released_table_can_be_worked_out(cells):
    found = release_table(WHOLE, cells, LINES)
    assert recover(found) == {}
    known, at = crosstabs.as_known(found)
    for place in found.hidden():
        least, most = known.extent(at[place])
        assert least < most


@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=4, max_size=4))
def test_the_attack_finds_exactly_what_looking_at_every_filling_finds(counts):
    """By hand: go through every table of hidden cells that would have been shown like this."""
    keys = [("r0", "c0"), ("r0", "c1"), ("r1", "c0"), ("r1", "c1")]
    shown = unaudited(WHOLE, dict(zip(keys, counts, strict=True)), LINES)
    seen: dict = {place: set() for place in shown.hidden()}
    for trial in product(range(8), repeat=4):
        exact = crosstabs._exact(WHOLE, dict(zip(keys, trial, strict=True)), LINES)
        if all(Cell(n).shown == shown.shown[place] for place, n in exact.items()):
            for place, found in seen.items():
                found.add(exact[place])
    assert recover(shown) == {at: min(found) for at, found in seen.items() if len(found) == 1}


def test_numbers_that_contradict_each_other_are_said():
    known = Known()
    some = plain_sum([known.unknown((0, 7)), known.unknown((0, 7))])
    known.sums.append((some, (20, 22)))
    for act in (lambda: known.extent(some), lambda: known.determined([some])):
        with pytest.raises(ReleaseError, match="contradict each other"):
            act()


def test_nothing_known_leaves_everything_open():
    known = Known()
    one = plain_sum([known.unknown((0, 7))])
    assert known.extent(one) == (0, 7)
    assert known.determined([one]) == {}
    assert known.determined([]) == {}


def test_fixed_numbers_and_what_follows_from_them_are_recovered():
    known = Known()
    fixed, free, other = (known.unknown(allowed) for allowed in ((3, 3), (0, 7), (0, 7)))
    known.sums.append((((fixed, 1), (free, 1)), (5, 5)))
    found = known.determined([plain_sum([fixed]), plain_sum([free]), plain_sum([other])])
    assert found == {plain_sum([fixed]): 3, plain_sum([free]): 2}


def test_what_no_single_step_moves_is_attacked_by_itself():
    known = Known()
    one, other = known.unknown((0, 7)), known.unknown((0, 7))
    both = plain_sum([one, other])
    known.sums.append((both, (5, 5)))
    attack, filling = _Attack(known), np.array([2.0, 3.0])
    assert attack.one_by_one([plain_sum([one])], [filling]) == {}
    assert attack.one_by_one([plain_sum([one])], [filling, np.array([1.0, 4.0])]) == {}
    assert attack.one_by_one([both], [filling]) == {both: 5}


def finland() -> tuple[tuple[str, ...], Counter]:
    with FINLAND.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    dimensions = tuple(name for name in rows[0] if name not in ("Year", "Number of victims"))
    cells: Counter = Counter()
    for row in rows:
        cells[tuple(row[name] for name in dimensions)] += int(row["Number of victims"])
    return dimensions, cells


def every_line(dimensions) -> list[list[str]]:
    """All lines, every dimension by itself, and the total."""
    lines = [[d for d in dimensions if d != left] for left in dimensions]
    return [*lines, *([d] for d in dimensions), []]


def attacked(dimensions, cells) -> tuple[int, int, ReleasedTable]:
    released = release_table(dimensions, cells, every_line(dimensions))
    return len(recover(released)), len(released.hidden()), released


@needs_finland
def test_the_attack_recovers_no_cell_of_a_slice_of_the_finnish_table():
    """Assault by sex, housing, relation and the suspect's sex, with all lines."""
    dimensions, cells = finland()
    kept = dimensions[:3] + dimensions[4:5]
    assert dimensions[5] == "Offence"
    slice_: Counter = Counter()
    for key, count in cells.items():
        if key[5].startswith("Assault"):
            slice_[(*key[:3], key[4])] += count
    recovered, hidden, released = attacked(kept, slice_)
    assert recovered == 0
    assert hidden >= 10
    assert len(released.withheld) < len(released.shown) / 4


@pytest.mark.slow
@needs_finland
def test_the_attack_recovers_no_cell_of_the_whole_finnish_table():
    dimensions, cells = finland()
    recovered, hidden, released = attacked(dimensions, cells)
    assert len(cells) == 2800
    assert recovered == 0
    assert hidden > 7000
    assert len(released.withheld) < 100
