"""Means, attrition, dose, trial, retention: real data, hand-made cases, laws, refusals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.outcomes.statistics.attrition import (
    BIASED,
    SILENT,
    carried_forward_error,
    completers_against_dropouts,
    mean_bounds,
    mean_of_completers_against_dropouts,
    responders,
    silent_partners,
)
from casewall.outcomes.statistics.dose import NOT_ASSIGNED, all_and_completers, dose_bands
from casewall.outcomes.statistics.means import Group, difference, group_of, percent_lower
from casewall.outcomes.statistics.paired import paired_change
from casewall.outcomes.statistics.results import NoFigure, share_of
from casewall.outcomes.statistics.retention import retained, retained_beside
from casewall.outcomes.statistics.trial import AS_GIVEN, adherence, by_assignment
from casewall.outcomes.statistics.two_by_two import Arm
from tests.outcomes.statistics.beside_r import SHARED, column, minneapolis, real_file, rows
from tests.outcomes.statistics.test_two_by_two import published

ANSWERS = st.lists(st.tuples(st.booleans(), st.none() | st.booleans()), min_size=1, max_size=40)

# --- means ---------------------------------------------------------------------------------------


def test_a_mean_is_compared_with_a_mean_and_turned_round() -> None:
    one, other = Group("a", 40, 12.0, 4.0, 50), Group("b", 30, 10.0, 5.0)
    there, back = difference(one, other), difference(other, one)
    assert (there.value, there.n, there.missing) == (2, 70, 10)
    assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]))
    assert there.interval[0] < 2 < there.interval[1]
    assert there.standardised == pytest.approx(2 / (20.5**0.5))
    assert there.test.p == back.test.p


@pytest.mark.parametrize(("group", "said"), [
    (Group("b", None, 3, 1), "without its n"),
    (Group("b", 9, 3, None), "without its standard deviation"),
    (Group("b", None, None, None), "n .how many it is of. and mean and standard deviation"),
    (Group("b", 1, 3, 1), "at least two"),
    (Group("b", 9, 3, -1), "not below 0"),
    (Group("b", 9, float("nan"), 1), "Value 1 of “b” is nan"),
    (Group("b", 9, 3, 1, 5), "9 persons of 5 asked"),
    (Group("b", 9.5, 3, 1), "whole number"),
])
def test_a_group_that_cannot_be_compared_is_a_sentence(group: Group, said: str) -> None:
    with pytest.raises(NoFigure, match=said):
        difference(Group("a", 5, 3, 1), group)


def test_no_spread_and_too_few_are_sentences() -> None:
    with pytest.raises(NoFigure, match="without spread"):
        difference(Group("a", 5, 3, 0), Group("b", 5, 4, 0))
    with pytest.raises(NoFigure, match="“a” has 1 known values"):
        group_of("a", [3, None])


def test_cara_twenty_seven_percent_is_within_its_rounding() -> None:
    numbers, answers = published("B02")["numbers"], published("B02")["recomputed"]
    first, second = numbers["chi_days_workshop"], numbers["chi_days_control"]
    found = percent_lower(first, second, rounded_to=0.1)
    assert found.value == pytest.approx(answers["relative_reduction_pct"], abs=5e-3)
    assert found.bounds == pytest.approx(answers["bounds_from_rounded_inputs"], abs=5e-3)
    assert found.other_way == pytest.approx(answers["inverse_pct_more"], abs=5e-2)
    assert found.bounds[0] < numbers["percent_lower_printed"] < found.bounds[1]
    with pytest.raises(NoFigure, match="without its standard deviation"):
        difference(Group("workshop", numbers["n_workshop"], first, None),
                   Group("control", numbers["n_control"], second, None))


def test_a_print_leaves_open_what_its_rounding_leaves_open() -> None:
    found = percent_lower(9.0, 12.0, rounded_to=1)
    assert found.value == 25
    assert found.bounds == pytest.approx((100 * (1 - 9.5 / 11.5), 100 * (1 - 8.5 / 12.5)))
    assert found.other_way == pytest.approx(100 / 3)


@pytest.mark.parametrize("means", [(0, 3), (0.05, 3), (3, 0.04), (-1, 3)])
def test_a_percentage_of_nothing_is_a_sentence(means: tuple[float, float]) -> None:
    with pytest.raises(NoFigure, match="may be 0"):
        percent_lower(*means, rounded_to=0.1)


# --- attrition -----------------------------------------------------------------------------------


def test_btheb_loses_half_and_carrying_forward_is_biased() -> None:
    table = rows(real_file("outcomes/btheb_bdi_prepost.csv"))
    before, month_2, month_8 = (column(table, f"bdi.{one}") for one in ("pre", "2m", "8m"))
    visits = {one: [row[f"bdi.{one}"] != "" for row in table] for one in ("2m", "4m", "6m", "8m")}
    points = responders(before, visits)
    assert [point.response.events for point in points] == [97, 73, 58, 52]
    assert points[0].baseline.standardised == pytest.approx(-0.478, abs=1e-3)
    assert "makes them alike" not in points[0].baseline.warnings[0]
    error = carried_forward_error(month_2, month_8)
    assert (error.n, error.invented) == (52, 45)
    assert error.interval[0] > 0  # those who came back had improved since: carrying hides it
    assert "invents answers" in error.warnings[0]
    # What carrying would have said, made here alone: a smaller fall than that of those seen.
    last = [next((row[f"bdi.{one}"] for one in ("8m", "6m", "4m", "2m", "pre")
                  if row[f"bdi.{one}"]), "") for row in table]
    carried = paired_change(before, [float(score) for score in last])
    seen = paired_change(before, month_8)
    assert (carried.n, seen.n, seen.missing) == (100, 52, 48)
    assert seen.value < carried.value < 0
    bounds = mean_bounds(month_8, lowest=0, highest=63)
    assert (bounds.n, bounds.asked) == (52, 100)
    assert bounds.bounds[0] < bounds.value < bounds.bounds[1]
    assert bounds.bounds[1] - bounds.bounds[0] == pytest.approx(63 * 0.48)


def test_a_time_point_where_all_or_none_or_one_answered_has_a_note_and_no_comparison() -> None:
    everybody, nobody, all_but_one = responders(
        [3, 4, 5, None], {"T1": [True] * 4, "T2": [False] * 4, "T3": [True, True, True, False]})
    assert (everybody.baseline, nobody.baseline, all_but_one.baseline) == (None, None, None)
    assert everybody.note == "Everybody answered at T1: nobody was lost."
    assert nobody.note == "Nobody answered at T2: there is no one to compare with."
    assert "0 known values" in all_but_one.note
    assert all_but_one.response.value == 0.75


def test_carrying_forward_is_wrong_where_people_go_on_changing() -> None:
    found = carried_forward_error([20, 18, 16, None, 30], [12, 10, 12, 9, None])
    assert (found.value, found.n, found.asked, found.missing) == (20 / 3, 3, 5, 2)
    assert found.invented == 1
    assert "no result made this way" in found.warnings[0]
    assert found.interval[0] < found.value < found.interval[1]
    still = carried_forward_error([5, 6, 7], [5, 6, 7])
    assert (still.value, still.interval) == (0, (0, 0))


def test_the_silent_move_a_mean_within_its_bounds() -> None:
    found = mean_bounds([10, 20, None, None], lowest=0, highest=63)
    assert (found.value, found.missing, found.bounds) == (15, 2, (7.5, 39))
    assert found.warnings == (SILENT,)
    with pytest.raises(NoFigure, match="3 of 2 answered of 5 asked"):
        silent_partners(3, 2, 5)
    with pytest.raises(NoFigure, match="Nobody was asked"):
        silent_partners(0, 0, 0)
    assert silent_partners(0, 0, 4).value is None


def test_nobody_and_columns_of_other_lengths_are_sentences() -> None:
    with pytest.raises(NoFigure, match="Nobody was asked"):
        responders([], {"T1": []})
    with pytest.raises(NoFigure, match="2 values beside 1"):
        responders([1, 2], {"T1": [True]})
    with pytest.raises(NoFigure, match="1 persons have both values"):
        carried_forward_error([1, 2], [1, None])


def test_completers_against_drop_outs_carries_its_warning_in_front() -> None:
    shares = completers_against_dropouts(Arm("completers", 3, 30), Arm("drop-outs", 12, 25))
    means = mean_of_completers_against_dropouts(Group("c", 30, 5, 2), Group("d", 25, 8, 2))
    assert shares.warnings[0] == means.warnings[0] == BIASED
    assert shares.value < 0


@given(improved=st.integers(0, 30), rest=st.integers(0, 30), silent=st.integers(0, 30))
@settings(max_examples=40, deadline=None)
def test_bounds_hold_the_share_whatever_the_silent_would_say(
    improved: int, rest: int, silent: int
) -> None:
    answered, asked = improved + rest, improved + rest + silent
    if not asked:
        with pytest.raises(NoFigure, match="Nobody was asked"):
            silent_partners(improved, answered, asked)
        return
    found = silent_partners(improved, answered, asked)
    assert found.warnings == (SILENT,)
    for more in range(silent + 1):
        assert found.bounds[0] <= (improved + more) / asked <= found.bounds[1]
    if answered:
        assert found.bounds[0] <= found.value <= found.bounds[1]
        assert found.interval[0] <= found.value <= found.interval[1]
    else:
        assert (found.value, found.interval, found.bounds) == (None, None, (0, 1))


def test_shares_that_cannot_be_are_sentences() -> None:
    with pytest.raises(NoFigure, match="3 of 2 answered of 5 asked"):
        share_of(3, 2, 5, "")
    with pytest.raises(NoFigure, match="“events” must be a whole number"):
        share_of(-1, 2, 5, "")


def test_a_pilot_and_a_study_get_the_share_that_answered() -> None:
    numbers, answers = published("B22")["numbers"], published("B22")["recomputed"]
    for group, key in (("men", "follow_up_men"), ("partners", "follow_up_partners")):
        answered, asked, _ = numbers[key]
        found = silent_partners(answered, answered, asked)
        assert 100 * answered / asked == pytest.approx(answers[group], abs=5e-3)
        assert found.bounds == (answered / asked, 1)


@pytest.mark.parametrize(("scores", "chosen", "said"), [
    ([None, None], {}, "None of 2 asked"), ([], {}, "None of 0 asked"),
    ([5, 70], {}, "70 is outside the scale, 0 to 63"),
    ([5], {"lowest": 63}, "no length"), ([5, 6], {"asked": 1}, "more than the 1"),
])
def test_a_mean_without_bounds_is_a_sentence(scores: list, chosen: dict, said: str) -> None:
    with pytest.raises(NoFigure, match=said):
        mean_bounds(scores, **{"lowest": 0, "highest": 63, **chosen})


def test_a_mean_of_all_has_bounds_that_meet() -> None:
    found = mean_bounds([2, 4], lowest=0, highest=10)
    assert found.bounds == (3, 3)
    assert found.warnings == ()


# --- dose ----------------------------------------------------------------------------------------


def test_bands_hold_everybody_with_hours_once_and_warn() -> None:
    hours = [0, 11.9, 12, 29, 30, 60, None, 12]
    improved = [False, True, True, None, True, True, True, False]
    found = dose_bands(hours, improved, edges=(12, 30))
    assert [band.label for band in found.bands] == [
        "0 to below 12 hours", "12 to below 30 hours", "30 hours and more"]
    assert [band.persons for band in found.bands] == [2, 3, 2]
    assert [(band.share.events, band.share.n) for band in found.bands] == [(1, 2), (1, 2), (2, 2)]
    assert (found.n, found.asked, found.hours_unknown) == (6, 7, 1)
    assert found.warnings == (NOT_ASSIGNED,)
    assert found.parameters == {"edge 1": 12, "edge 2": 30}


def test_an_empty_band_has_no_share_and_one_band_no_trend() -> None:
    found = dose_bands([40, 50], [True, False], edges=(12,))
    assert (found.bands[0].persons, found.bands[0].share, found.trend) == (0, None, None)
    assert dose_bands([5, 50], [True, True], edges=(12,)).trend is None
    unknown = dose_bands([5, 50, 6], [True, None, False], edges=(12,))
    assert (unknown.bands[1].share.value, unknown.trend) == (None, None)


@pytest.mark.parametrize(("hours", "improved", "edges", "said"), [
    ([], [], (12,), "Nobody has both"),
    ([5], [None], (12,), "Nobody has both"),
    ([None], [True], (12,), "Nobody has both"),
    ([-1], [True], (12,), "cannot be negative"),
    ([1, 2], [True], (12,), "2 values beside 1"),
    ([1], [True], (), "must rise"),
    ([1], [True], (0, 12), "must rise"),
    ([1], [True], (30, 12), "must rise"),
])
def test_a_dose_that_cannot_be_is_a_sentence(
    hours: list, improved: list, edges: tuple, said: str
) -> None:
    with pytest.raises(NoFigure, match=said):
        dose_bands(hours, improved, edges=edges)


def test_all_who_started_stand_beside_completers() -> None:
    found = all_and_completers([True, True, True, False, False, False],
                               [True, True, None, True, False, None], asked=8)
    assert (found.n, found.asked, found.value) == (4, 8, 0.75)
    assert found.everybody.bounds == (3 / 8, 7 / 8)
    assert (found.completers.value, found.completers.missing) == (1, 1)
    assert found.leavers.value == 0.5
    assert found.inflation == 0.25
    assert found.warnings == (BIASED,)


@given(people=ANSWERS)
@settings(max_examples=40, deadline=None)
def test_completers_and_leavers_make_everybody(people: list) -> None:
    found = all_and_completers([one for one, _ in people], [two for _, two in people])
    parts = [part for part in (found.completers, found.leavers) if part]
    assert sum(part.events for part in parts) == found.everybody.events
    assert sum(part.asked for part in parts) == found.asked
    if found.inflation is not None:
        assert found.completers.value - found.value == found.inflation


def test_nobody_started_is_a_sentence() -> None:
    with pytest.raises(NoFigure, match="Nobody started"):
        all_and_completers([], [])
    with pytest.raises(NoFigure, match="1 values beside 0"):
        all_and_completers([True], [])


# --- trial ---------------------------------------------------------------------------------------


def test_minneapolis_was_not_delivered_as_assigned() -> None:
    real_file("dv/mdve_minneapolis.csv")
    found = adherence(*minneapolis(SHARED / "outcomes"))
    assert {arm: (share.events, share.n) for arm, share in found.arms.items()} == {
        "1.0": (91, 93), "2.0": (84, 110), "3.0": (83, 127)}
    assert (found.n, found.missing) == (330, 0)
    assert found.value == pytest.approx(258 / 330)
    assert found.table["3.0"] == {"1.0": 26, "2.0": 5, "3.0": 83, "4.0": 13}
    # Of those given one of the three: as the textbooks have it.
    assigned, delivered = minneapolis(SHARED / "outcomes")
    three = adherence(assigned, [None if one == "4.0" else one for one in delivered])
    assert (three.n, three.missing) == (314, 16)
    assert round(100 * three.arms["1.0"].value) == 99


def test_unknown_deliveries_are_missing() -> None:
    found = adherence(["a", "a", "b"], ["a", None, "a"])
    assert (found.n, found.missing, found.value) == (2, 1, 0.5)
    assert found.table == {"a": {"a": 1}, "b": {"a": 1}}


def test_people_are_compared_where_they_were_assigned() -> None:
    assigned = ["a"] * 10 + ["b"] * 10
    delivered = ["a"] * 8 + ["b"] * 12
    outcome = [False] * 8 + [True, None] + [True] * 5 + [False] * 4 + [None]
    found = by_assignment(assigned, outcome, first="a", second="b", delivered=delivered)
    assert (found.as_assigned.first.n, found.as_assigned.first.asked) == (9, 10)
    assert found.value == pytest.approx(1 / 9 - 5 / 9)
    assert found.bounds == (1 / 10 - 6 / 10, 2 / 10 - 5 / 10)
    assert found.bounds[0] <= found.value <= found.bounds[1]
    assert found.as_given.first.n == 8
    assert found.as_given.warnings[0] == AS_GIVEN
    assert by_assignment(assigned, outcome, first="a", second="b").as_given is None


@pytest.mark.parametrize(("assigned", "outcome", "said"), [
    ([], [], "Nobody was assigned"),
    (["a"], [True, False], "1 values beside 2"),
    (["a", "b"], [True, None], "Nobody in “b” has a known answer"),
    (["a", "a"], [True, False], "Nobody in “b”"),
])
def test_a_trial_without_an_arm_is_a_sentence(assigned: list, outcome: list, said: str) -> None:
    with pytest.raises(NoFigure, match=said):
        by_assignment(assigned, outcome, first="a", second="b")


# --- retention -----------------------------------------------------------------------------------


def test_retention_counts_the_ongoing_and_leaves_the_unknown_open() -> None:
    found = retained(["completed"] * 6 + ["ongoing"] * 2 + ["left"] * 2 + ["unknown"] * 5)
    assert (found.n, found.asked, found.value) == (10, 15, 0.8)
    assert found.share.bounds == (8 / 15, 13 / 15)
    assert "some of them will yet be left" in found.warnings[0]
    assert retained(["left", "completed"]).warnings == ()


@pytest.mark.parametrize(("kept", "comparison", "said"), [
    (190, Arm("others", 180, 200), "does not agree with these numbers"),
    (60, Arm("others", 180, 200), "Fewer of the programme's clients stayed"),
])
def test_did_not_impinge_needs_the_whole_interval(kept: int, comparison: Arm, said: str) -> None:
    found = retained_beside(["completed"] * kept + ["left"] * (200 - kept), comparison, margin=0.1)
    assert said in found.said
    assert found.parameters == {"margin": 0.1}


def test_too_few_cannot_show_that_nothing_changed() -> None:
    found = retained_beside(["completed"] * 7 + ["left"] * 3, Arm("others", 7, 10), margin=0.1)
    assert found.value == pytest.approx(0)
    assert "cannot be told from so few" in found.said


@pytest.mark.parametrize(("outcomes", "comparison", "margin", "said"), [
    ([], Arm("others", 1, 2), 0.1, "Nobody was in the other treatment"),
    (["stopped"], Arm("others", 1, 2), 0.1, "“stopped” is not an outcome"),
    (["left"], Arm("others", 1, None), 0.1, "without its n"),
    (["unknown"], Arm("others", 1, 2), 0.1, "Nobody in “in the programme”"),
    (["left"], Arm("others", 1, 2), 0, "margin is a share"),
])
def test_retention_that_cannot_be_is_a_sentence(
    outcomes: list, comparison: Arm, margin: float, said: str
) -> None:
    with pytest.raises(NoFigure, match=said):
        retained_beside(outcomes, comparison, margin=margin)
