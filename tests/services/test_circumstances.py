"""Circumstances by which figures are broken down: closed lists, and what can be stated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from casewall.services.circumstance_rules import (
    AGE_WORDS,
    EMPLOYMENT_WORDS,
    OUTSIDE,
    AgeBand,
    Employment,
    age_band,
    areas_of,
    in_words,
    may_state,
    months_in_words,
)
from casewall.services.load import shipped

DAY = date(2026, 3, 27)
RIGHT: dict[str, Any] = {"area": "hejlskov", "employment": "employed", "months": 30,
                         "areas": ("hejlskov", OUTSIDE), "on": DAY, "today": DAY}  # fmt: skip


@pytest.mark.parametrize(("born", "band"), [
    (date(2008, 3, 28), AgeBand.UNDER_18),
    (date(2008, 3, 27), AgeBand.FROM_18),
    (date(2001, 3, 28), AgeBand.FROM_18),
    (date(2001, 3, 27), AgeBand.FROM_25),
    (date(1991, 3, 27), AgeBand.FROM_35),
    (date(1981, 3, 27), AgeBand.FROM_45),
    (date(1971, 3, 27), AgeBand.FROM_55),
    (date(1961, 3, 28), AgeBand.FROM_55),
    (date(1961, 3, 27), AgeBand.FROM_65),
])  # fmt: skip
def test_an_age_is_counted_in_whole_years(born: date, band: AgeBand) -> None:
    assert age_band(born, DAY) is band


def test_somebody_born_on_the_29th_of_february_is_a_year_older_on_the_1st_of_march() -> None:
    assert age_band(date(2008, 2, 29), date(2026, 2, 28)) is AgeBand.UNDER_18
    assert age_band(date(2008, 2, 29), date(2026, 3, 1)) is AgeBand.FROM_18


@pytest.mark.parametrize(("wrong", "says"), [
    ({"on": date(2026, 3, 28)}, "28 March 2026 has not come yet"),
    ({"area": "", "employment": "", "months": None}, "nothing to save"),
    ({"area": "atlantis"}, "no such area"),
    ({"months": -1}, "not from 0 to 960"),
    ({"months": 961}, "961 months"),
])  # fmt: skip
def test_what_cannot_be_stated_gets_a_sentence(wrong: dict[str, Any], says: str) -> None:
    assert may_state(**RIGHT)
    decision = may_state(**{**RIGHT, **wrong})
    assert not decision
    assert says in decision.reason


@pytest.mark.parametrize("alone", [{"area": "hejlskov"}, {"employment": "not_known"},
                                   {"months": 0}])  # fmt: skip
def test_one_answer_is_enough(alone: dict[str, Any]) -> None:
    assert may_state(**{**RIGHT, "area": "", "employment": "", "months": None, **alone})


def test_every_service_has_areas_and_a_word_for_outside_of_them() -> None:
    for service in shipped().values():
        areas = areas_of(service)
        assert list(areas)[-1] == OUTSIDE
        assert len(areas) == len(service.areas.places) + 1
    assert list(areas_of(None)) == [OUTSIDE]


@dataclass
class Said:
    area: str = ""
    employment: str = ""
    age_band: str = ""
    stated_on: date = DAY


def test_codes_are_read_as_words_and_what_was_not_said_is_a_dash() -> None:
    areas = {"hejlskov": "Hejlskov"}
    assert in_words(Said(), areas) == ("–", "–", "–")
    assert in_words(Said("hejlskov", "sick", "65-over"), areas) == (
        "Hejlskov", "Off work through illness", "65 and over")  # fmt: skip
    assert in_words(Said("given-up"), areas)[0] == "given-up"
    assert set(EMPLOYMENT_WORDS) == set(Employment)
    assert set(AGE_WORDS) == set(AgeBand)


@pytest.mark.parametrize(("months", "words"), [
    (None, "–"), (0, "under a month"), (1, "1 month"), (12, "1 year"),
    (30, "2 years and 6 months"), (13, "1 year and 1 month"),
])  # fmt: skip
def test_a_duration_is_read_in_years_and_months(months: int | None, words: str) -> None:
    assert months_in_words(months) == words
