"""When a text about somebody may be published."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.sharing.studies.rules import (
    LEAST_POSSIBLE,
    AgeBand,
    Given,
    Place,
    Rare,
    Study,
    StudyState,
    band_of,
    may_publish,
    must_recall,
    reasons_against,
)

TODAY = date(2026, 11, 2)
DAY = timedelta(days=1)
HOLDS = Given(TODAY, TODAY)


def study(**changed: Any) -> Study:
    return Study(**{
        "persons": 1, "consents": [HOLDS], "possible": LEAST_POSSIBLE, "place": Place.COUNTRY,
        "changed": "The age, the work and the number of children.", **changed,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"consents": []}, "0 of 1 persons"),
        ({"persons": 2}, "1 of 2 persons"),
        ({"persons": 0, "consents": []}, "0 of 1 persons"),
        ({"possible": LEAST_POSSIBLE - 1}, "make the age or the place wider"),
        ({"rare": frozenset({Rare.TWINS}), "place": Place.REGION}, "A rare fact with a place"),
        ({"rare": frozenset({Rare.TWINS, Rare.NEWS})}, "Two rare facts"),
        ({"told_in_order": True, "place": Place.TOWN}, "One family's story"),
        ({"changed": " "}, "what was changed"),
    ],
)
def test_each_reason_against_is_said(changed: dict[str, Any], says: str) -> None:
    found = reasons_against(study(**changed), TODAY)
    assert len(found) == 1
    assert says in found[0]
    assert says in may_publish(study(**changed), False, TODAY).reason


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"place": Place.TOWN},
        {"told_in_order": True, "place": Place.REGION},
        {"rare": frozenset({Rare.DEATH})},
    ],
)
def test_a_text_that_points_to_nobody_may_be_published(changed: dict[str, Any]) -> None:
    assert may_publish(study(**changed), False, TODAY)
    assert "somebody else" in may_publish(study(**changed), True, TODAY).reason


def test_a_consent_holds_until_its_last_day_or_until_it_is_taken_back() -> None:
    consent = Given(TODAY, TODAY + DAY)
    assert [consent.holds(TODAY + n * DAY) for n in (-1, 0, 1, 2)] == [False, True, True, False]
    assert not Given(TODAY, TODAY + DAY, TODAY).holds(TODAY)
    assert Given(TODAY, TODAY + DAY, TODAY + DAY).holds(TODAY)


def test_a_published_text_is_taken_back_when_a_consent_is_gone() -> None:
    for state in StudyState:
        assert must_recall(state, 1, [], TODAY) is (state is StudyState.PUBLISHED)
    assert not must_recall(StudyState.PUBLISHED, 1, [HOLDS], TODAY)
    assert must_recall(StudyState.PUBLISHED, 1, [HOLDS], TODAY + DAY)


@given(st.dates(date(1930, 1, 1), TODAY))
def test_every_day_of_birth_has_its_band(born: date) -> None:
    years = (TODAY - born).days / 365.2425
    band = band_of(born, TODAY)
    lower = {AgeBand.UNDER_18: 0, AgeBand.FROM_18: 18, AgeBand.FROM_30: 30, AgeBand.FROM_45: 45,
             AgeBand.FROM_60: 60}[band]  # fmt: skip
    assert years > lower - 0.01


def test_a_birthday_counts_from_its_day() -> None:
    assert band_of(date(2008, 11, 2), TODAY) is AgeBand.FROM_18
    assert band_of(date(2008, 11, 3), TODAY) is AgeBand.UNDER_18
