"""Before and after: the published, the laws, and what is refused."""

import numpy
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from casewall.outcomes.statistics.paired import (
    effect_from_t,
    eta_squared_from_t,
    paired_change,
    paired_shares,
    signed_ranks,
)
from casewall.outcomes.statistics.results import NoFigure
from tests.outcomes.statistics.beside_r import column, five, real_file, rows
from tests.outcomes.statistics.test_two_by_two import published

SCORES = st.integers(0, 60)
PAIRS = st.lists(st.tuples(SCORES, SCORES), min_size=3, max_size=30)
FACTS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


def test_jarwson_recomputed_from_the_printed_t() -> None:
    entry = published("B20")
    tests = entry["numbers"]["tests"]
    for test, eta, d_z in zip(tests, entry["recomputed"]["eta2"], entry["recomputed"]["d_z"],
                              strict=True):
        assert eta_squared_from_t(t=test["t"], degrees=test["df"]) == pytest.approx(eta, abs=6e-4)
        assert eta == pytest.approx(test["eta2"], abs=6e-3)
        effect = effect_from_t(t=test["t"], pairs=entry["n"])
        assert effect.value == pytest.approx(d_z, abs=6e-4)
        assert effect.interval[0] < d_z < effect.interval[1]


def test_btheb_has_fewer_pairs_at_every_visit_and_says_how_many() -> None:
    table = rows(real_file("outcomes/btheb_bdi_prepost.csv"))
    pairs = []
    for visit in ("2m", "4m", "6m", "8m"):
        found = paired_change(column(table, "bdi.pre"), column(table, f"bdi.{visit}"))
        assert found.asked == 100
        assert found.missing == 100 - found.n
        assert found.warnings[0].startswith(f"{found.missing} of 100 have no pair")
        assert found.interval[1] < 0  # depression fell in those who came back
        pairs.append(found.n)
    assert pairs == [97, 73, 58, 52]


def test_o_brien_and_kaiser_rose_and_stayed() -> None:
    table = rows(real_file("outcomes/obrien_kaiser_pre_post_fup.csv"))
    after = paired_change(five(table, "pre"), five(table, "post"))
    later = paired_change(five(table, "pre"), five(table, "fup"))
    assert (after.n, later.n, after.missing) == (16, 16, 0)
    assert after.value == pytest.approx(later.value - 0.75, abs=0.5)
    assert 0 < after.value < later.value
    assert later.t_test.p < 0.01


@given(pairs=PAIRS)
@settings(max_examples=40, deadline=None)
def test_turning_time_round_turns_the_change_round(pairs: list[tuple[int, int]]) -> None:
    before, after = [one for one, _ in pairs], [two for _, two in pairs]
    assume(len({two - one for one, two in pairs}) > 1)
    there, back = paired_change(before, after), paired_change(after, before)
    assert there.value == pytest.approx(-back.value)
    assert there.t_test.p == pytest.approx(back.t_test.p)
    assert there.wilcoxon.p == pytest.approx(back.wilcoxon.p)
    assert there.effect.value == pytest.approx(-back.effect.value)
    assert there.effect.interval == pytest.approx(
        (-back.effect.interval[1], -back.effect.interval[0]), abs=1e-7)
    assert there.interval[0] <= there.value <= there.interval[1]
    assert there.effect.interval[0] <= there.effect.value <= there.effect.interval[1]
    # The interval of d leaves 0 out exactly where the t test does at 5%.
    assume(abs(there.t_test.p - 0.05) > 1e-6)
    assert (there.t_test.p < 0.05) is not (
        there.effect.interval[0] <= 0 <= there.effect.interval[1])


@given(pairs=PAIRS, silent=st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_those_without_a_pair_are_counted_and_change_nothing(
    pairs: list[tuple[int, int]], silent: int
) -> None:
    before, after = [one for one, _ in pairs], [two for _, two in pairs]
    assume(len({two - one for one, two in pairs}) > 1)
    alone = paired_change(before, after)
    more = paired_change([*before, *[30] * silent], [*after, *[None] * silent])
    assert more.value == alone.value
    assert more.t_test == alone.t_test
    assert (more.missing, more.n) == (silent, alone.n)
    assert paired_change(before, after, asked=len(pairs) + silent).missing == silent


def test_a_column_of_numbers_from_elsewhere_is_a_column_of_numbers() -> None:
    plain = paired_change([20, 18, 16, 25], [12, 17, 16, 20])
    assert paired_change(numpy.array([20, 18, 16, 25]), numpy.array([12.0, 17, 16, 20])) == plain
    assert plain.effect.interval[0] < plain.effect.value < 0


def test_exact_ranks_without_ties_and_an_approximation_with() -> None:
    assert "exact" in signed_ranks([1, 2, -3, 4.5, 6]).method
    tied = signed_ranks([1, 1, -3, 4, 0])
    assert "approximation" in tied.method
    assert tied.note == "1 without change are left out."
    assert "approximation" in signed_ranks([n + 0.5 for n in range(50)]).method
    with pytest.raises(NoFigure, match="Nobody changed"):
        signed_ranks([0, 0])


@pytest.mark.parametrize(("before", "after", "said"), [
    ([], [], "Nobody of 0"),
    ([4], [6], "One person of 1"),
    ([4, 5], [6, None], "One person of 2"),
    ([1, 2, 3], [2, 3, 4], "All 3 changes are 1: without spread"),
    ([1, 2, 3], [1, 2, 3], "All 3 changes are 0"),
    ([0.1, 0.2, 0.3], [0.2, 0.3, 0.4], "All 3 changes are 0.1"),
    ([1, 2, 3], [2, 3], "3 values beside 2"),
    ([1, float("nan"), 3], [2, 3, 4], "Value 2 of before is nan"),
    ([1, 2, 3], [2, float("inf"), 4], "Value 2 of after is inf"),
    ([1, "2", 3], [2, 3, 4], "not a number"),
    ([1, True, 3], [2, 3, 4], "not a number"),
])
def test_what_has_no_answer_is_a_sentence(before: list, after: list, said: str) -> None:
    with pytest.raises(NoFigure, match=said):
        paired_change(before, after)


def test_fewer_asked_than_listed_cannot_be() -> None:
    with pytest.raises(NoFigure, match="3 persons are listed, more than the 2"):
        paired_change([1, 2, 3], [2, 3, 5], asked=2)


def test_an_effect_needs_two_pairs_a_number_and_an_end() -> None:
    with pytest.raises(NoFigure, match="at least two pairs"):
        effect_from_t(t=2, pairs=1)
    with pytest.raises(NoFigure, match="leave a missing value out"):
        effect_from_t(t=float("nan"), pairs=10)
    beyond = effect_from_t(t=1e9, pairs=4)
    assert (beyond.value, beyond.interval) == (5e8, None)
    assert "beyond 1000" in beyond.note
    low, high = effect_from_t(t=-1000, pairs=2).interval
    assert low < -1000 / 2**0.5 < high
    with pytest.raises(NoFigure, match="degrees of freedom"):
        eta_squared_from_t(t=2, degrees=0)


@pytest.mark.parametrize("pairs", [2, 3, 20, 1000])
@pytest.mark.parametrize("t", [0, 0.5, 1, 5, 40, 999])
def test_an_effect_lies_in_its_interval_and_turns_round_with_t(t: float, pairs: int) -> None:
    there, back = effect_from_t(t=t, pairs=pairs), effect_from_t(t=-t, pairs=pairs)
    low, high = there.interval
    assert low < there.value < high
    assert back.interval == pytest.approx((-high, -low))


def test_the_share_of_variance_that_is_of_time() -> None:
    assert eta_squared_from_t(t=2, degrees=4) == 0.5
    assert eta_squared_from_t(t=-2, degrees=4) == 0.5


@given(pairs=FACTS)
@settings(max_examples=40, deadline=None)
def test_shares_turn_round_with_time(pairs: list[tuple[bool, bool]]) -> None:
    before, after = [one for one, _ in pairs], [two for _, two in pairs]
    there, back = paired_shares(before, after), paired_shares(after, before)
    assert there.value == pytest.approx(-back.value)
    assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]))
    assert there.interval[0] - 1e-12 <= there.value <= there.interval[1] + 1e-12
    assert there.exact.p == pytest.approx(back.exact.p)
    assert there.chi_square.statistic == back.chi_square.statistic
    assert there.yes_after - there.yes_before == there.gained - there.lost


def test_nobody_changed_is_said_and_gives_no_chi_square() -> None:
    found = paired_shares([True, False, None], [True, False, True])
    assert (found.gained, found.lost, found.missing) == (0, 0, 1)
    assert found.exact.p == 1
    assert found.chi_square.statistic is None
    assert "Nobody changed" in found.chi_square_corrected.note


def test_shares_without_a_pair_are_a_sentence() -> None:
    with pytest.raises(NoFigure, match="Nobody of 2 asked"):
        paired_shares([True, None], [None, False])
    with pytest.raises(NoFigure, match="1 values beside 2"):
        paired_shares([True], [True, False])
