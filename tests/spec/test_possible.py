"""Whether any cohort can give what was printed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.outcomes.intervals import round_half_up, truncate
from casewall.outcomes.possible import (
    NotAPrint,
    Print,
    amount_over,
    made_how,
    numerators,
    parts_are_possible,
    readings,
    set_is_possible,
    share_is_possible,
    smallest,
)

MADE = {"rounded": round_half_up, "truncated": truncate}


@given(st.integers(0, 100), st.integers(1, 300), st.sampled_from(["rounded", "truncated"]))
def test_the_numerators_are_those_that_print_as_it_and_no_others(percent, persons, made):
    found = numerators(Print(percent, made), persons)
    wanted = [k for k in range(persons + 1) if MADE[made](Fraction(100 * k, persons)) == percent]
    assert list(found) == wanted


@given(st.integers(0, 1000), st.integers(1, 300))
def test_decimals_are_rounded_in_their_own_place(tenths, persons):
    print_ = Print(tenths / 10, places=1)
    wanted = [k for k in range(persons + 1)
              if round_half_up(Fraction(100 * k, persons), 1) == tenths / 10]
    assert list(numerators(print_, persons)) == wanted


@given(st.integers(0, 50), st.integers(1, 50))
def test_what_a_cohort_gives_is_possible_of_it(count, persons):
    count = min(count, persons)
    exact = Fraction(100 * count, persons)
    for made, rule in MADE.items():
        assert count in numerators(Print(rule(exact), made), persons)


@pytest.mark.parametrize(("percent", "persons", "wanted"), [
    (50, 4, [2]), (50, 3, []), (0, 7, [0]), (100, 7, [7])])
def test_an_exact_print_fits_a_whole_count_only(percent, persons, wanted):
    assert list(numerators(Print(percent, "exact"), persons)) == wanted


def test_eighteen_percent_of_392_is_possible_only_where_73_is_cut_off():
    assert 73 not in numerators(Print(18), 392)
    assert 73 in numerators(Print(18, "truncated"), 392)
    assert made_how(73, 392, 18) == "truncated"
    assert made_how(73, 392, 19) == "rounded"
    assert made_how(73, 392, 20) is None
    assert made_how(40, 400, 10) == "exact"


def test_95_percent_is_first_possible_at_18_of_19_and_90_at_9_of_10():
    answer = share_is_possible(Print(95))
    assert (answer.possible, answer.persons, answer.counts) == (True, 19, ((18, 18),))
    assert answer.says == "Without n; 95% is first possible at 18 of 19."
    assert list(numerators(Print(95), 20)) == [19]
    assert share_is_possible(Print(90)).says == "Without n; 90% is first possible at 9 of 10."
    assert smallest([Print(95), Print(90)]) == 20


def test_a_share_that_no_count_gives_is_impossible():
    answer = share_is_possible(Print(95), 10)
    assert not answer.possible
    assert answer.says == (
        "Impossible: no count out of 10 prints 95%; the nearest, 10, is 100%.")
    assert share_is_possible(Print(77), 30).says == "77% is 23 of 30."
    assert share_is_possible(Print(18), 392).says == "18% is 69 to 72 of 392."
    assert not share_is_possible(Print(95, "exact"), 19).possible


def test_a_set_that_no_cohort_can_produce_is_said_to_be_impossible():
    answer = set_is_possible([Print(87), Print(77), Print(52)], 30)
    assert not answer.possible
    assert "Impossible: no count out of 30 prints 52%" in answer.says
    possible = set_is_possible([Print(87), Print(77), Print(53)], 30)
    assert (possible.possible, possible.counts) == (True, ((26, 26), (23, 23), (16, 16)))
    assert set_is_possible([Print(65), Print(69)]).persons == 26
    assert set_is_possible([Print(78), Print(89)]).counts == ((7, 7), (8, 8))


def test_a_print_that_no_number_of_persons_gives_is_said_so():
    # One in ten million needs ten million persons, more than are tried.
    strange = Print(0.00001, "exact", places=5)
    assert smallest([strange]) is None
    assert share_is_possible(strange).says == (
        "No number of persons up to 10,000 gives 1e-05% (exact).")
    assert not set_is_possible([strange, Print(50)]).possible


def test_parts_of_one_whole_leave_nobody_over():
    answer = parts_are_possible([Print(87), Print(13)], 107)
    assert (answer.possible, answer.counts) == (True, ((93, 93), (14, 14)))
    short = parts_are_possible([Print(50), Print(40)], 20)
    assert short.says == (
        "Impossible: parts that print as 50%, 40% hold at most 18 of 20 persons.")
    over = parts_are_possible([Print(60), Print(60)], 20)
    assert "hold at least 24 of 20 persons" in over.says
    assert "prints 13%" in parts_are_possible([Print(87), Print(13)], 9).says or \
        "prints 87%" in parts_are_possible([Print(87), Print(13)], 9).says


def test_two_readings_of_one_percentage_are_named():
    assert readings(77, [(23, 30), (20, 26)]).says == (
        "23/30 (76.7%) and 20/26 (76.9%) both print 77%: the print leaves it open.")
    assert readings(53, [(16, 30), (16, 26)]).says == "Only 16/30 (53.3%) prints 53%."
    assert readings(50, [(1, 2), (2, 4), (3, 6)]).says.endswith(
        "all print 50%: the print leaves it open.")
    assert not readings(99, [(1, 2)]).possible


def test_a_week_in_care_works_at_fifty_weeks_only():
    answer = amount_over(80_000, 52, 1600, "weeks")
    assert (answer.possible, answer.says) == (
        False, "80,000 over 52 weeks is 1,538; the printed 1,600 works only at 50 weeks.")
    assert amount_over(40_000, 35, 1143, "families").possible
    assert amount_over(100, 3, 30, "weeks").says.endswith("works only at 3.3 weeks.")


@pytest.mark.parametrize("ask", [
    lambda: Print(101), lambda: Print(-1), lambda: Print(18.6), lambda: numerators(Print(1), 0),
    lambda: made_how(0, 0, 0), lambda: amount_over(1, 0, 1, "weeks"),
    lambda: amount_over(1, 1, 0, "weeks")])
def test_what_is_no_print_is_refused_in_a_sentence(ask):
    with pytest.raises(NotAPrint, match=" "):
        ask()
