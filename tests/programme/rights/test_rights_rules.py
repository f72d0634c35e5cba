"""Clocks of requests, complaints and breaches: every branch, and the law of the fixed day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.programme.rights.rules import (
    LEAST_DAYS,
    RELEASE_WEEKDAYS,
    Affected,
    Identity,
    Right,
    State,
    answer_due,
    complaint_due,
    may_collect,
    may_decide,
    may_extend,
    months_after,
    release_day,
    request_fits,
    starts_on,
)

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
TODAY = date(2036, 3, 4)


@given(DAYS)
def test_every_reply_leaves_on_a_release_day_within_the_month(start: date) -> None:
    day = release_day(start)
    assert day.weekday() in RELEASE_WEEKDAYS
    assert start + timedelta(days=LEAST_DAYS) <= day <= answer_due(start)
    later = release_day(start, extended=True)
    assert day < later <= answer_due(start, extended=True)
    assert later.weekday() in RELEASE_WEEKDAYS


@given(DAYS)
def test_the_later_the_receipt_the_later_the_reply(start: date) -> None:
    assert release_day(start) <= release_day(start + timedelta(days=1))


@pytest.mark.parametrize(("day", "months", "expected"), [
    (date(2036, 1, 31), 1, date(2036, 2, 29)), (date(2035, 1, 31), 1, date(2035, 2, 28)),
    (date(2035, 12, 15), 1, date(2036, 1, 15)), (date(2035, 11, 30), 3, date(2036, 2, 29)),
])
def test_months_end_where_the_month_ends(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_the_clock_starts_with_the_later_of_receipt_and_identity() -> None:
    assert starts_on(TODAY, None) is None
    assert starts_on(TODAY, TODAY - timedelta(days=3)) == TODAY
    assert starts_on(TODAY, TODAY + timedelta(days=3)) == TODAY + timedelta(days=3)


def test_the_time_is_extended_within_the_first_month_only() -> None:
    assert may_extend(TODAY, date(2036, 4, 4))
    assert not may_extend(TODAY, date(2036, 4, 5))


@pytest.mark.parametrize(("received", "identity", "on", "fits"), [
    (0, Identity.KNOWN, 0, True), (1, Identity.KNOWN, 0, False), (0, Identity.KNOWN, 1, False),
    (0, Identity.KNOWN, None, False), (0, Identity.NOT_YET, None, True),
    (0, Identity.NOT_YET, 0, False),
])
def test_a_request_is_whole_or_is_refused(
        received: int, identity: Identity, on: int | None, fits: bool) -> None:
    day = None if on is None else TODAY + timedelta(days=on)
    assert bool(request_fits(TODAY + timedelta(days=received), identity, day, TODAY)) is fits


def test_what_is_collected_and_what_is_decided_for_every_right_and_state() -> None:
    for right, state, known in product(Right, State, (TODAY, None)):
        access = right is Right.ACCESS
        assert bool(may_collect(right, state, known)) is (
            access and state is State.TAKEN and known is not None)
        assert bool(may_decide(right, state)) is (not access and state is State.TAKEN)


def test_a_complaint_waits_for_an_acknowledgement_and_then_for_an_answer() -> None:
    assert complaint_due(TODAY, False, False) == TODAY + timedelta(days=3)
    assert complaint_due(TODAY, True, False) == TODAY + timedelta(days=28)
    assert complaint_due(TODAY, True, True) is None


def test_numbers_in_words() -> None:
    assert Affected().in_words() == "not known yet"
    assert Affected(clients=2, children=0).in_words() == "2 clients, 0 children"
