"""When a file is due, and what may be decided: every branch, and the laws."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.programme.retention.rules import (
    Clock,
    Ended,
    Ground,
    Standing,
    due_on,
    keeps_figures,
    standing_of,
    why_not_approve,
    why_not_now,
    why_words,
    years_kept,
    years_later,
)

CLOCK = Clock(7, "invented", years_with_children=10, years_without_work=2)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(("children", "worked", "years"), [
    (False, True, 7), (True, True, 10), (True, False, 10), (False, False, 2),
])
def test_children_make_the_years_longer_and_a_referral_without_work_shorter(
    children: bool, worked: bool, years: int
) -> None:
    ended = Ended(date(2026, 3, 2), children=children, worked=worked)
    assert years_kept(ended, CLOCK) == years
    assert due_on(ended, CLOCK) == date(2026 + years, 3, 2)
    assert f"{years} years" in why_words(ended, CLOCK)


def test_without_other_years_the_usual_ones_hold_for_all() -> None:
    clock = Clock(1, "invented")
    for children, worked in product((False, True), repeat=2):
        ended = Ended(date(2026, 3, 2), children=children, worked=worked)
        assert years_kept(ended, clock) == 1
        assert why_words(ended, clock) == "It is kept for 1 year after its end."


def test_the_words_say_why() -> None:
    assert "since children are recorded in it" in why_words(Ended(None, children=True), CLOCK)
    assert "nothing came of the referral" in why_words(Ended(None, worked=False), CLOCK)
    assert "until the age of 25" in why_words(Ended(None), Clock(7, "invented", until_age=25))


def test_a_leap_day_is_never_due_a_day_too_early() -> None:
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert years_later(date(2024, 2, 29), 7) == date(2031, 3, 1)


@given(DAYS, st.booleans(), st.booleans())
def test_what_is_open_is_never_due_and_what_ended_later_is_never_due_earlier(
    day: date, children: bool, worked: bool
) -> None:
    assert due_on(Ended(None, children, worked), CLOCK) is None
    due = due_on(Ended(day, children, worked), CLOCK)
    later = due_on(Ended(day.replace(year=day.year + 1, day=1), children, worked), CLOCK)
    assert due is not None
    assert later is not None
    assert due > day
    assert later > due.replace(day=1)


@given(DAYS, st.one_of(st.none(), DAYS))
def test_a_record_of_a_child_is_kept_to_the_age_and_longer_where_the_birthday_is_unknown(
    ended_on: date, born_on: date | None
) -> None:
    clock = Clock(3, "invented", until_age=25)
    due = due_on(Ended(ended_on, born_on=born_on), clock)
    assert due is not None
    assert due >= years_later(ended_on, 3)
    assert due >= years_later(born_on or ended_on, 25)


@pytest.mark.parametrize(("due", "held", "decided", "stands"), [
    (None, False, False, Standing.OPEN), (date(2026, 1, 2), False, False, Standing.KEPT),
    (date(2026, 1, 1), False, False, Standing.DUE), (date(2025, 1, 1), True, False, Standing.HELD),
    (None, True, False, Standing.HELD), (date(2025, 1, 1), True, True, Standing.DECIDED),
    (None, False, True, Standing.DECIDED),
])
def test_how_a_file_stands(
    due: date | None, held: bool, decided: bool, stands: Standing
) -> None:
    assert standing_of(due, date(2026, 1, 1), held=held, decided=decided) is stands


MAY = {(Ground.DUE, Standing.DUE), (Ground.REQUEST, Standing.KEPT), (Ground.REQUEST, Standing.DUE),
       (Ground.ERROR, Standing.OPEN), (Ground.ERROR, Standing.KEPT), (Ground.ERROR, Standing.DUE)}


@pytest.mark.parametrize(("ground", "standing"), list(product(Ground, Standing)))
def test_on_which_ground_a_file_may_be_deleted(ground: Ground, standing: Standing) -> None:
    assert (why_not_now(ground, standing) is None) == ((ground, standing) in MAY)


def test_what_must_be_finished_first_is_said() -> None:
    assert why_not_now(Ground.DUE, Standing.DUE, waiting=["A disclosure waits."]) == \
        "A disclosure waits."


def test_two_people_decide_and_a_hold_that_came_since_stops_it() -> None:
    assert why_not_approve(decided_by="a", by="b", held=False) is None
    assert "Another person" in (why_not_approve(decided_by="a", by="a", held=False) or "")
    assert "on hold" in (why_not_approve(decided_by="a", by="b", held=True) or "")


def test_figures_stay_only_where_the_years_are_over() -> None:
    assert {ground for ground in Ground if keeps_figures(ground)} == {Ground.DUE}
