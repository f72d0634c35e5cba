"""Intervals, bounds and rounding, against printed tables and against what must always hold."""

import statistics
from fractions import Fraction
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.outcomes import intervals

# Newcombe 1998, table I, method 3: n, N, lower, upper
NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
# Upper 2.5% and 0.5% points of Student's t, as every printed table has them.
STUDENT = [
    (1, 12.706, 63.657),
    (2, 4.303, 9.925),
    (3, 3.182, 5.841),
    (5, 2.571, 4.032),
    (10, 2.228, 3.169),
    (30, 2.042, 2.750),
    (60, 2.000, 2.660),
    (120, 1.980, 2.617),
]
counts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("numerator", "denominator", "low", "high"), NEWCOMBE)
def test_wilson_gives_the_intervals_of_newcombes_table(numerator, denominator, low, high):
    found = intervals.wilson(numerator, denominator)
    assert found == pytest.approx((low, high), abs=0.00005)


def test_wilson_of_the_published_cohort():
    low, high = intervals.wilson(73, 392)
    assert (round(100 * low, 1), round(100 * high, 1)) == (15.1, 22.8)


def test_wilson_of_nobody_is_no_interval():
    assert intervals.wilson(0, 0) is None


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 5), (6, 5)])
def test_wilson_refuses_what_is_no_proportion(numerator, denominator):
    with pytest.raises(ValueError, match="is not a proportion"):
        intervals.wilson(numerator, denominator)


@given(counts)
def test_wilson_holds_the_share_and_stays_between_nothing_and_all(pair):
    numerator, denominator = pair
    low, high = intervals.wilson(numerator, denominator)
    assert 0 <= low <= numerator / denominator <= high <= 1
    assert low < high


@given(counts)
def test_wilson_of_the_others_is_the_mirror_image(pair):
    numerator, denominator = pair
    low, high = intervals.wilson(numerator, denominator)
    mirrored = intervals.wilson(denominator - numerator, denominator)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(counts)
def test_wilson_ends_are_where_the_score_test_just_rejects(pair):
    numerator, denominator = pair
    z = NormalDist().inv_cdf(0.975)
    for end in intervals.wilson(numerator, denominator):
        if 0 < end < 1:
            distance = abs(numerator / denominator - end)
            assert distance == pytest.approx(z * (end * (1 - end) / denominator) ** 0.5, rel=1e-6)


@pytest.mark.parametrize(("degrees", "at_95", "at_99"), STUDENT)
def test_students_t_as_printed_in_tables(degrees, at_95, at_99):
    assert intervals.t_quantile(0.975, degrees) == pytest.approx(at_95, abs=0.0006)
    assert intervals.t_quantile(0.995, degrees) == pytest.approx(at_99, abs=0.0006)


def test_students_t_with_many_degrees_is_normal():
    assert intervals.t_quantile(0.975, 2_000_000) == pytest.approx(1.959964, abs=1e-5)


@settings(deadline=None)
@given(st.floats(0.001, 0.999), st.integers(1, 300))
def test_students_t_quantile_undoes_its_distribution(probability, degrees):
    value = intervals.t_quantile(probability, degrees)
    assert intervals.t_below(value, degrees) == pytest.approx(probability, abs=1e-9)


@pytest.mark.parametrize("probability", [0, 1, -0.2, 1.5])
def test_students_t_refuses_a_probability_outside_its_range(probability):
    with pytest.raises(ValueError, match="between 0 and 1"):
        intervals.t_quantile(probability, 5)


def test_students_t_refuses_to_work_without_freedom():
    with pytest.raises(ValueError, match="at least 1 degree"):
        intervals.t_quantile(0.9, 0)


# I_x(1, b) = 1 - (1 - x)^b and I_x(a, 1) = x^a are known in closed form.
@given(st.floats(0, 1), st.floats(0.5, 50))
def test_incomplete_beta_where_it_is_known_in_closed_form(x, shape):
    assert intervals.incomplete_beta(1, shape, x) == pytest.approx(1 - (1 - x) ** shape, abs=1e-10)
    assert intervals.incomplete_beta(shape, 1, x) == pytest.approx(x**shape, abs=1e-10)


def test_the_mean_change_of_a_worked_example():
    # Differences 2, 4, 6: mean 4, sd 2, t(2) = 4.303, so 4 plus or minus 4.303 x 2 / sqrt 3.
    mean, interval = intervals.mean_change([2, 4, 6])
    assert mean == 4
    assert interval == pytest.approx((-0.968, 8.968), abs=0.001)


def test_one_pair_has_a_mean_but_no_interval_and_no_pair_has_neither():
    assert intervals.mean_change([3.0]) == (3.0, None)
    assert intervals.mean_change([]) == (None, None)


def test_bounds_take_the_silent_for_all_or_none_improved():
    assert intervals.silent_bounds(54, 90, 212) == (54 / 212, 176 / 212)
    assert intervals.silent_bounds(0, 0, 10) == (0.0, 1.0)
    assert intervals.silent_bounds(3, 10, 10) == (0.3, 0.3)
    assert intervals.silent_bounds(0, 0, 0) is None


@pytest.mark.parametrize("counts", [(-1, 2, 3), (3, 2, 3), (1, 4, 3)])
def test_bounds_refuse_counts_that_contradict_each_other(counts):
    with pytest.raises(ValueError, match="improved of"):
        intervals.silent_bounds(*counts)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50), st.data())
def test_whatever_the_silent_would_have_said_lies_within_the_bounds(rose, fell, silent, draw):
    answered = rose + fell
    low, high = intervals.silent_bounds(rose, answered, answered + silent)
    truth = (rose + draw.draw(st.integers(0, silent))) / (answered + silent)
    assert low <= truth <= high


# value, places, rounded, truncated
ROUNDING = [
    (18.5, 0, 19, 18),
    (18.622, 0, 19, 18),
    (2.675, 2, 2.68, 2.67),
    (0.5, 0, 1, 0),
    (-0.5, 0, -1, 0),
    (-2.35, 1, -2.4, -2.3),
    (Fraction(7300, 392), 1, 18.6, 18.6),
    (Fraction(1, 8), 2, 0.13, 0.12),
    (1e-9, 1, 0, 0),
]


@pytest.mark.parametrize(("value", "places", "rounded", "truncated"), ROUNDING)
def test_a_half_goes_away_from_zero_and_truncation_towards_it(value, places, rounded, truncated):
    assert intervals.round_half_up(value, places) == rounded
    assert intervals.truncate(value, places) == truncated


@given(st.fractions(-1000, 1000), st.integers(0, 3))
def test_rounding_moves_a_value_by_half_a_unit_at_most(value, places):
    rounded = intervals.round_half_up(value, places)
    assert abs(Fraction(str(rounded)) - value) <= Fraction(1, 2 * 10**places)


def test_the_percentage_of_nobody_is_not_zero():
    assert intervals.percent(0, 0) is None
    assert intervals.percent(0, 5) == 0
    assert intervals.percent(1, 3) == Fraction(100, 3)


# Changes of a sum, and medians -------------------------------------------------------------------

pairs = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=30)


def test_the_change_of_a_sum_and_its_interval_by_hand():
    # Sums 30 and 18; residuals 10 - 12 = -2 and 8 - 6 = 2; 12.706 x sqrt(8 x 2) / 30 = 1.694.
    change, (low, high) = intervals.ratio_change([(20, 10), (10, 8)])
    assert change == Fraction(-2, 5)
    assert (low, high) == pytest.approx((-2.0941, 1.2941), abs=1e-4)


def test_nothing_can_change_in_percent_of_nothing():
    assert intervals.ratio_change([]) == (None, None)
    assert intervals.ratio_change([(0, 3), (0, 0)]) == (None, None)


def test_one_pair_has_a_change_without_an_interval():
    assert intervals.ratio_change([(10, 5)]) == (Fraction(-1, 2), None)


@given(pairs)
def test_the_interval_of_a_change_holds_the_change_and_order_and_scale_do_not_matter(found):
    change, interval = intervals.ratio_change(found)
    if change is None:
        assert sum(first for first, _ in found) == 0
        return
    assert interval[0] <= float(change) <= interval[1]
    assert intervals.ratio_change(found[::-1]) == (change, interval)
    again, wider = intervals.ratio_change([(4 * first, 4 * second) for first, second in found])
    assert again == change
    assert wider == pytest.approx(interval)


@given(st.lists(st.integers(1, 30), min_size=2, max_size=20), st.sampled_from([0, 1, 2, 3]))
def test_where_everybody_changes_alike_the_interval_is_a_point(firsts, times):
    change, interval = intervals.ratio_change([(one, times * one) for one in firsts])
    assert change == times - 1
    assert interval == pytest.approx((times - 1, times - 1))


# n, and which of the ordered numbers the interval runs between (Conover, table A3, p = 0.5)
RANKS = [(6, 1, 6), (8, 1, 8), (9, 2, 8), (10, 2, 9), (12, 3, 10), (20, 6, 15), (30, 10, 21)]


@pytest.mark.parametrize(("n", "low", "high"), RANKS)
def test_the_interval_of_a_median_runs_between_two_of_the_numbers(n, low, high):
    middle, interval = intervals.median(range(1, n + 1))
    assert middle == Fraction(n + 1, 2)
    assert interval == (low, high)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_fewer_than_six_have_a_median_without_an_interval(n):
    assert intervals.median([7] * n) == (7, None)


def test_nobody_has_no_median():
    assert intervals.median([]) == (None, None)


@given(st.lists(st.integers(-100, 1000), min_size=1, max_size=60))
def test_a_median_is_the_one_of_the_library_and_lies_in_its_interval(numbers):
    middle, interval = intervals.median(numbers)
    assert middle == statistics.median(Fraction(one) for one in numbers)
    assert interval is None or interval[0] <= middle <= interval[1]
