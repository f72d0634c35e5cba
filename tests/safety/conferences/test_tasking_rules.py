"""The score of a tasking meeting and the way of a nomination, over every branch."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casewall.safety.conferences.tasking import (
    Discharge,
    Harm,
    State,
    Tactic,
    Trend,
    harm_fits,
    is_serial,
    may_decide,
    may_discharge,
    may_work,
    most_points,
    open_tactics,
    points,
    review_on,
    score,
    trend,
)
from casewall.services.load import shipped
from casewall.services.schema import Matac, Points

DAY = date(2036, 3, 11)
FOUND = shipped()["your-choice"].matac
assert FOUND is not None
TABLE: Matac = FOUND

harms = st.builds(
    Harm, st.one_of(st.none(), st.dates(date(2034, 1, 1), DAY)), st.integers(0, 40),
    st.integers(0, 4), st.integers(0, 6),
)  # fmt: skip


@given(harms)
def test_a_score_lies_between_nothing_and_the_most_and_is_the_sum_of_its_factors(
    harm: Harm,
) -> None:
    found = score(harm, TABLE, DAY)
    assert 0 <= found.total <= most_points(TABLE)
    parts = (found.recency, found.frequency, found.gravity, found.victims)
    assert found.total == sum(parts)
    assert found.version == TABLE.scores_version


@given(harms, st.integers(1, 3))
def test_more_harm_never_scores_less(harm: Harm, more: int) -> None:
    base = score(harm, TABLE, DAY).total
    graver = min(4, harm.gravest + more)
    assert score(Harm(harm.last_on, harm.incidents + more, harm.gravest, harm.victims), TABLE,
                 DAY).total >= base  # fmt: skip
    assert score(Harm(harm.last_on, harm.incidents, graver, harm.victims), TABLE, DAY).total >= base
    assert score(Harm(harm.last_on, harm.incidents, harm.gravest, harm.victims + more), TABLE,
                 DAY).total >= base  # fmt: skip
    later = DAY + timedelta(days=90 * more)
    assert score(harm, TABLE, later).total <= base


@pytest.mark.parametrize(
    ("number", "found"), [(0, 0), (1, 3), (2, 3), (3, 6), (5, 6), (6, 10), (99, 10)]
)
def test_points_are_those_of_the_highest_row_that_is_reached(number: int, found: int) -> None:
    assert points(TABLE.frequency, number) == found


def test_a_table_begins_at_nothing_and_rises() -> None:
    whole = TABLE.model_dump()
    for wrong in (
        [Points(at_least=1, points=2)],
        [Points(at_least=0, points=2), Points(at_least=0, points=3)],
        [Points(at_least=0, points=0), Points(at_least=5, points=2), Points(at_least=3, points=3)],
    ):
        with pytest.raises(ValidationError, match="must begin with"):
            Matac(**{**whole, "gravity": tuple(wrong)})


def test_without_a_known_incident_recency_gives_nothing() -> None:
    assert score(Harm(None, 0, 0, 0), TABLE, DAY).total == 0
    assert score(Harm(DAY, 1, 0, 1), TABLE, DAY).recency == 10


def test_facts_of_a_score_go_together() -> None:
    assert harm_fits(Harm(DAY, 1, 2, 1), DAY)
    assert "not come" in harm_fits(Harm(DAY + timedelta(days=1), 1, 2, 1), DAY).reason
    assert "day of the last" in harm_fits(Harm(None, 1, 2, 1), DAY).reason
    assert "Gravity" in harm_fits(Harm(DAY, 1, 5, 1), DAY).reason
    assert harm_fits(Harm(None, 0, 0, 0), DAY)


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([], Trend.FIRST),
        ([(30, "a")], Trend.FIRST),
        ([(30, "a"), (20, "a")], Trend.FELL),
        ([(30, "a"), (30, "a")], Trend.SAME),
        ([(30, "a"), (10, "a"), (31, "a")], Trend.ROSE),
        ([(30, "a"), (10, "b")], Trend.NOT_COMPARABLE),
        ([(30, "a"), (10, "b"), (9, "b")], Trend.FELL),
    ],
)
def test_scores_are_compared_within_one_version_only(
    scores: list[tuple[int, str]], said: Trend
) -> None:
    assert trend(scores) is said


def test_serial_needs_victims_incidents_and_age() -> None:
    assert is_serial(2, 2, 16) is True
    assert is_serial(2, 2, 15) is False
    assert is_serial(2, 2, None) is None
    assert is_serial(1, 9, 40) is False
    assert is_serial(3, 1, 40) is False


def test_the_way_of_a_nomination() -> None:
    assert review_on(DAY, TABLE) == DAY + timedelta(days=28)
    for state in State:
        assert bool(may_decide(state, "why")) is (state is State.NOMINATED)
        assert not may_decide(state, " ")
        assert bool(may_work(state)) is (state is State.ACCEPTED)
    for state, because, now, note in product(State, Discharge, Trend, ("", "why")):
        wanted = state is State.ACCEPTED and bool(note)
        if because is Discharge.SCORE_FELL:
            wanted = wanted and now is Trend.FELL
        assert bool(may_discharge(state, because, now, note)) is wanted


def test_open_tactics_stand_in_order_and_once() -> None:
    used = [(Tactic.ENFORCEMENT, None), (Tactic.SUPPORT, None), (Tactic.SUPPORT, None),
            (Tactic.DIVERSION, DAY)]  # fmt: skip
    assert open_tactics(used) == [Tactic.SUPPORT, Tactic.ENFORCEMENT]
