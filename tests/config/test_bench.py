"""What the measurement compares and how it decides which rounds count. Never a time."""

from __future__ import annotations

import json

import pytest

from casewall.config.bench import bench, table
from casewall.config.bench.command import measure
from casewall.config.bench.rounds import MOST_ATTEMPTS, compare, is_calm, turned

PAGES = {"list", "own list", "case", "search, name", "search, phone", "register"}


# --- the protocol --------------------------------------------------------------------------------


def told(*canaries):
    """A canary that takes these times, one after another."""
    rest = iter(canaries)
    return lambda: {"select": next(rest)}


def test_the_order_of_variants_turns_from_round_to_round():
    assert [turned("abc", n) for n in range(4)] == [
        ["a", "b", "c"],
        ["a", "c", "b"],
        ["c", "a", "b"],
        ["c", "b", "a"],
    ]


def test_a_round_with_a_slow_canary_is_thrown_away_and_repeated():
    times = iter([5.0, 99.0, 7.0])
    took = compare({"page": lambda: next(times)}, told(1, 1.2, 1, 1.6, 1.1, 1), 2, {})
    assert took.times == {"page": [5.0, 7.0]}
    assert (took.rounds, took.discarded) == (2, 1)


def test_a_quicker_canary_later_on_throws_earlier_rounds_away():
    times = iter([5.0, 6.0, 7.0])
    took = compare({"page": lambda: next(times)}, told(2, 2, 1, 1, 1, 1), 2, {})
    assert took.times == {"page": [6.0, 7.0]}


def test_the_least_canary_of_earlier_pages_counts():
    least = {"select": 1.0}
    took = compare({"page": lambda: 5.0}, told(2, 2, 1, 1), 1, least)
    assert (took.rounds, took.discarded) == (1, 1)
    assert least == {"select": 1.0}


def test_on_a_machine_that_is_never_calm_the_calmest_rounds_are_kept_and_it_is_said():
    canaries = [9.0, 9.0, 2.0, 2.0, *[5.0] * (2 * MOST_ATTEMPTS - 4)]
    times = iter(range(MOST_ATTEMPTS))
    took = compare({"page": lambda: float(next(times))}, told(*canaries), 1, {"select": 1.0})
    assert took.times == {"page": [1.0]}
    assert (took.rounds, took.discarded) == (1, MOST_ATTEMPTS)


def test_a_ratio_is_of_medians_and_of_minima():
    one, other = iter([4.0, 8.0, 6.0]), iter([2.0, 4.0, 2.0])
    took = compare({"a": lambda: next(one), "b": lambda: next(other)}, told(*[1] * 6), 3, {})
    assert took.ratio("a", "b") == (3.0, 2.0)


def test_every_canary_must_be_calm():
    least = {"select": 1.0, "empty page": 4.0}
    assert is_calm({"select": 1.5, "empty page": 6.0}, least)
    assert not is_calm({"select": 1.0, "empty page": 6.1}, least)


def test_no_rounds_are_refused():
    with pytest.raises(ValueError, match="at least one round"):
        compare({}, told(), 0, {})


# --- the whole, small ----------------------------------------------------------------------------


@pytest.mark.clusters
@pytest.mark.slow
def test_every_page_sends_as_many_statements_for_many_people_as_for_few():
    result = measure([30, 60], rounds=1, rows=0, openings=1)
    assert set(result["pages"]) == PAGES
    for page in result["pages"].values():
        asked, shown = page["queries"], page["bytes"]
        assert asked["30"] == asked["60"] == asked["encryption off"]
        # Without the wall the database is not told who is looking: one statement less.
        assert asked["wall off"] == asked["60"] - 1
        assert shown["wall off"] == shown["encryption off"] == shown["60"]
        assert set(page["ms"]) == {"30", "60", "wall off", "encryption off", "floor 30", "floor 60"}
        assert page["rounds"] == 1
        assert all(page["work_ms"][name] > 0 for name in ("30", "60", "wall off"))
    # Two names of each row, and no value that the page does not show.
    decrypted = {name: page["decrypted"] for name, page in result["pages"].items()}
    assert (decrypted["list"], decrypted["own list"], decrypted["register"]) == (50, 24, 24)
    assert result["referrals"] == []
    printed = table.whole(result)
    assert "| register | " in printed
    assert "60 ÷ 30 people" in printed


@pytest.mark.clusters
@pytest.mark.slow
def test_a_referral_file_is_loaded_taken_in_and_pulled(tmp_path, capsys):
    written = tmp_path / "bench.json"
    assert bench(["--people", "30", "--rounds", "1", "--rows", "40", "-o", str(written)]) == 0
    steps = {step["step"]: step for step in json.loads(written.read_text())["referrals"]}
    assert steps["arrivals"]["said"] == "40 arrivals taken in."
    assert "40 cases pulled" in steps["pull"]["said"]
    assert all(step["peak_bytes"] > 0 for step in steps.values())
    assert "| arrivals | 40 | " in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--rounds", "0"], ["--rows", "-1"]])
def test_numbers_that_make_no_sense_are_refused_with_a_sentence(words, capsys):
    assert bench(words) == 1
    assert "Rounds must be 1 or more" in capsys.readouterr().err


@pytest.mark.parametrize("people", ["5", "1000,5", "many", "1000,", "-40"])
def test_too_few_people_are_refused(people, capsys):
    with pytest.raises(SystemExit):
        bench([f"--people={people}"])
    assert "30 or more" in capsys.readouterr().err
