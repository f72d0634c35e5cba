"""The rules of support: each sentence, and the laws that hold for every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.support.rules import (
    FURTHEST_REVIEW_DAYS,
    Area,
    Came,
    Doer,
    EndReason,
    Handing,
    HelpOutcome,
    Hope,
    Interpreting,
    Level,
    Marked,
    SessionKind,
    Topic,
    add_months,
    is_exact,
    may_begin,
    may_extend,
    may_hand_over,
    may_interpret,
    may_review_on,
    minutes_in_words,
    planned_end,
    ratio_in_words,
)
from casewall.safety.support.words import link_words, worded, words_of
from casewall.wall.decide import Decision

DAY = date(2036, 3, 11)
DAYS = st.dates(date(1990, 1, 1), date(2150, 1, 1))
YES, NO = Decision(True, "Letter is confirmed safe."), Decision(False, "Letter is not safe.")


def test_a_year_of_support_ends_on_the_same_day_and_a_short_month_on_its_last() -> None:
    assert planned_end(DAY, 12) == date(2037, 3, 11)
    assert planned_end(date(2036, 8, 31), 6) == date(2037, 2, 28)
    assert planned_end(date(2036, 2, 29), 12) == date(2037, 2, 28)


def test_support_without_a_length_never_ends_by_itself() -> None:
    assert planned_end(DAY, None) is None


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_more_months_never_end_earlier(day: date, few: int, more: int) -> None:
    assert add_months(day, few) <= add_months(day, few + more)
    assert add_months(day, 0) == day
    assert add_months(day, few).day <= day.day


def test_support_is_extended_only_to_a_later_day_within_a_year() -> None:
    assert may_extend(DAY, DAY + timedelta(days=1))
    assert "already" in may_extend(DAY, DAY).reason
    assert "year again" in may_extend(DAY, DAY + timedelta(days=367)).reason
    assert "nothing to extend" in may_extend(None, DAY).reason


def test_a_new_period_begins_after_an_earlier_one() -> None:
    assert may_begin(DAY, None)
    assert may_begin(DAY, DAY)
    assert "cannot begin" in may_begin(DAY, DAY + timedelta(days=1)).reason


@given(DAYS, st.integers(-900, 900))
def test_a_review_lies_after_the_writing_and_within_a_year(day: date, days: int) -> None:
    decision = may_review_on(day, day + timedelta(days=days))
    assert bool(decision) is (1 <= days <= FURTHEST_REVIEW_DAYS)
    assert decision.reason


def test_nobody_but_an_agency_s_interpreter_interprets() -> None:
    allowed = [who for who in Interpreting if may_interpret(who)]
    assert allowed == [Interpreting.AGENCY]
    assert "relative of the client" in may_interpret(Interpreting.CLIENTS_RELATIVE).reason
    assert "child must never" in may_interpret(Interpreting.CHILD).reason
    for who in (Interpreting.FAMILY, Interpreting.FRIEND):
        assert "Family and friends" in may_interpret(who).reason


@given(st.sampled_from(list(Handing)), st.booleans(), st.sampled_from([None, YES, NO]))
def test_a_safety_plan_travels_only_by_a_way_that_is_confirmed_safe(
    how: Handing, unsafe: bool, channel: Decision | None
) -> None:
    decision = may_hand_over(how, contact_is_unsafe=unsafe, channel=channel)
    travels = how in (Handing.LETTER, Handing.EMAIL)
    assert bool(decision) is (not travels or (not unsafe and channel is YES))
    assert decision.reason


@pytest.mark.parametrize(
    "text", ["", "everything", "All my information", "Whatever is needed about me", "1234"]
)
def test_a_permission_for_everything_is_none(text: str) -> None:
    assert not is_exact(text)


@pytest.mark.parametrize(
    "text", ["That I moved on 3 March", "Skolens navn", "أنني انتقلت إلى بيت آخر"]
)
def test_a_permission_that_names_something_is_one(text: str) -> None:
    assert is_exact(text)


@pytest.mark.parametrize(
    ("minutes", "words"), [(90, "1 h 30 min"), (60, "1 h"), (45, "45 min"), (0, "0 min")]
)
def test_minutes_are_read_as_hours(minutes: int, words: str) -> None:
    assert minutes_in_words(minutes) == words


def test_a_ratio_shows_both_of_its_numbers_and_none_without_a_denominator() -> None:
    assert ratio_in_words(3, 4, "") == "0.75 for each client (3 ÷ 4)"
    assert ratio_in_words(2.55, 1, " h").startswith("2.55 h for each client (2.5 h ÷ 1)")
    assert ratio_in_words(2, 0, " h") == "2 h for 0 clients: no ratio"


def test_every_code_has_words_without_an_underscore() -> None:
    for kind in (
        Area, Came, Doer, EndReason, Handing, HelpOutcome, Hope, Interpreting, Level, Marked,
        SessionKind, Topic,
    ):  # fmt: skip
        for code, text in worded(kind):
            assert text
            assert "_" not in text
            assert words_of(kind, code) == text
    assert link_words("substance") == "Alcohol or drugs"
    assert link_words("social") == "Social"


def test_no_kind_of_session_is_for_couples_and_no_end_is_the_client_s() -> None:
    said = " ".join([*SessionKind, *Topic, *Marked]).lower()
    for word in ("couple", "joint", "mediation", "therapy", "reconcil"):
        assert word not in said
    for reason in EndReason:
        assert "client" not in words_of(EndReason, reason).lower()
        assert "programme" not in words_of(EndReason, reason).lower()
