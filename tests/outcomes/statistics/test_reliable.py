"""Reliable and clinically significant change, worked out by hand and by its laws."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.outcomes.statistics.reliable import (
    Criterion,
    class_of,
    cut_off_between,
    reliable_change,
)
from casewall.outcomes.statistics.results import NoFigure

PHQ = Criterion(scale="PHQ-9", higher_is_better=False, threshold=6, unwell_from=10,
                source="talking-therapies manual")
SAFETY = Criterion(scale="safety", higher_is_better=True, sd=20, reliability=0.84,
                   unwell_from=40, source="an invented norm")
SCORES = st.lists(st.tuples(st.integers(0, 27), st.integers(0, 27)), min_size=1, max_size=30)


@pytest.mark.parametrize(("before", "after", "said"), [
    (18, 9, "recovered"),
    (18, 12, "improved"),  # six points, and still a case
    (18, 13, "unchanged"),  # five points
    (9, 3, "improved"),  # was no case before
    (10, 10, "unchanged"),
    (6, 12, "deteriorated"),
    (6, 11, "unchanged"),
])
def test_lower_is_better_with_a_published_threshold(before: int, after: int, said: str) -> None:
    assert class_of(before, after, PHQ) == said


def test_the_computed_change_is_that_of_jacobson_and_truax() -> None:
    assert SAFETY.reliably() == pytest.approx(1.96 * 20 * 2**0.5 * 0.4)
    assert SAFETY.reliably() == pytest.approx(22.17, abs=0.01)
    assert class_of(40, 63, SAFETY) == "recovered"
    assert class_of(41, 64, SAFETY) == "improved"
    assert class_of(40, 62, SAFETY) == "unchanged"
    assert class_of(80, 50, SAFETY) == "deteriorated"


def test_a_change_of_exactly_the_limit_counts_if_published_and_not_if_computed() -> None:
    tenth = Criterion(scale="s", higher_is_better=True, threshold=0.2, source="s")
    assert class_of(0.1, 0.3, tenth) == "improved"  # floats would say 0.19999999999999998
    computed = Criterion(scale="s", higher_is_better=True, sd=1, reliability=0, source="s")
    limit = computed.reliably()
    assert class_of(0, limit, computed) == "unchanged"
    assert class_of(0, limit + 0.001, computed) == "improved"


def test_persons_are_counted_with_their_bounds_and_the_parameters_shown() -> None:
    found = reliable_change([18, 18, 18, 6, 12, None], [9, 12, 13, 12, None, 5],
                            criterion=PHQ, asked=8)
    assert (found.recovered, found.improved, found.unchanged, found.deteriorated) == (1, 1, 1, 1)
    assert (found.n, found.asked, found.missing) == (4, 8, 4)
    assert found.value == 0.5
    assert found.bounds == (2 / 8, 6 / 8)
    assert found.deterioration.bounds == (1 / 8, 5 / 8)
    assert found.classes[-2:] == (None, None)
    assert found.parameters["published threshold"] == 6
    assert found.parameters["unwell from"] == 10
    assert found.parameters["source"] == "talking-therapies manual"
    assert found.warnings == ()


def test_without_a_cut_off_nobody_recovers_and_that_is_said() -> None:
    open_end = Criterion(scale="s", higher_is_better=False, threshold=6, source="s")
    found = reliable_change([18, 20], [1, 19], criterion=open_end)
    assert (found.recovered, found.improved) == (0, 1)
    assert "No cut-off" in found.warnings[0]


@given(pairs=SCORES)
@settings(max_examples=40, deadline=None)
def test_time_turned_round_makes_the_better_worse(pairs: list[tuple[int, int]]) -> None:
    before, after = [one for one, _ in pairs], [two for _, two in pairs]
    there = reliable_change(before, after, criterion=PHQ)
    back = reliable_change(after, before, criterion=PHQ)
    assert there.recovered + there.improved == back.deteriorated
    assert there.unchanged == back.unchanged
    assert there.recovered + there.improved + there.unchanged + there.deteriorated == there.n
    assert there.bounds[0] <= there.value <= there.bounds[1]
    assert there.interval[0] <= there.value <= there.interval[1]


@pytest.mark.parametrize(("parameters", "said"), [
    ({}, "needs a published threshold"),
    ({"sd": 5}, "needs a published threshold"),
    ({"reliability": 0.8}, "needs a published threshold"),
    ({"threshold": 0}, "more than 0 points"),
    ({"threshold": float("nan")}, "threshold of s is nan"),
    ({"sd": 0, "reliability": 0.8}, "no spread"),
    ({"sd": 5, "reliability": 1}, "from 0 to below 1"),
    ({"sd": 5, "reliability": -0.1}, "from 0 to below 1"),
])
def test_a_criterion_that_cannot_be_computed_is_a_sentence(parameters: dict, said: str) -> None:
    criterion = Criterion(scale="s", higher_is_better=True, source="s", **parameters)
    with pytest.raises(NoFigure, match=said):
        reliable_change([1], [2], criterion=criterion)


def test_nobody_with_both_answers_is_a_sentence() -> None:
    with pytest.raises(NoFigure, match="PHQ-9: nobody of 2 asked"):
        reliable_change([1, None], [None, 2], criterion=PHQ)
    with pytest.raises(NoFigure, match="nobody of 0 asked"):
        reliable_change([], [], criterion=PHQ)


def test_the_cut_off_lies_as_many_deviations_from_either_population() -> None:
    cut = cut_off_between(mean_unwell=20, sd_unwell=6, mean_well=8, sd_well=2)
    assert cut == pytest.approx(11)
    assert (20 - cut) / 6 == pytest.approx((cut - 8) / 2)
    with pytest.raises(NoFigure, match="spread of both"):
        cut_off_between(mean_unwell=20, sd_unwell=0, mean_well=8, sd_well=2)
    with pytest.raises(NoFigure, match="spread of both"):
        cut_off_between(mean_unwell=20, sd_unwell=1, mean_well=8, sd_well=-2)
    with pytest.raises(NoFigure, match="one mean"):
        cut_off_between(mean_unwell=8, sd_unwell=1, mean_well=8, sd_well=2)
