"""Weeks in which the whole service holds no sessions."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from casewall.programme.groups.models import ClosedWeeks
from casewall.programme.groups.planning.actions import extend_group
from casewall.programme.groups.planning.closing.actions import (
    close_service,
    closed_for,
    meet_after_all,
    planned_within,
)
from casewall.programme.groups.planning.rules import Entry, days_between, may_close
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import TODAY, Browse, day_boxes
from tests.programme.groups.conftest import Planner

WEEK = timedelta(days=6)
FIRST = TODAY + timedelta(weeks=2)


def close(planner: Planner, first: date = FIRST, last: date | None = None, **more: object
          ) -> ClosedWeeks:
    values = {"compartment": planner.world.compartment(), "reason": "Winter holiday",
              "by": planner.by, **more}
    return close_service(first_on=first, last_on=last or first + WEEK, **values)


@pytest.mark.parametrize(("first", "last", "words"), [
    (FIRST, FIRST - timedelta(days=1), "The last day comes after the first"),
    (FIRST, FIRST + timedelta(days=121), "more than 120 days"),
    (TODAY - WEEK, TODAY - timedelta(days=1), "3 March 2036 has passed"),
    (FIRST - WEEK, FIRST, "closed from 18 March 2036 to 24 March 2036 already"),
    (FIRST + WEEK, FIRST + 2 * WEEK, "closed from 18 March 2036 to 24 March 2036 already"),
])
def test_days_that_cannot_be_closed_are_refused(first: date, last: date, words: str) -> None:
    decision = may_close(first, last, today=TODAY, known=[(FIRST, FIRST + WEEK)])
    assert not decision
    assert words in decision.reason


@pytest.mark.parametrize(("first", "last"), [
    (TODAY, TODAY), (TODAY - WEEK, TODAY), (FIRST - WEEK, FIRST - timedelta(days=1)),
    (FIRST + WEEK + timedelta(days=1), FIRST + WEEK + timedelta(days=121)),
])
def test_days_beside_those_that_are_closed_can_be_closed(first: date, last: date) -> None:
    assert may_close(first, last, today=TODAY, known=[(FIRST, FIRST + WEEK)])


def test_the_days_between_hold_both_ends() -> None:
    assert list(days_between(TODAY, TODAY + timedelta(days=2))) == [
        TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)]
    assert list(days_between(TODAY, TODAY)) == [TODAY]


def test_every_group_of_the_service_leaves_closed_weeks_out(planner: Planner) -> None:
    closed = close(planner)
    group = planner.group(closed={TODAY + timedelta(weeks=1): "Team day"})
    days = [session.held_on for session in planner.sessions(group)]
    assert days[:3] == [TODAY, TODAY + timedelta(weeks=3), TODAY + timedelta(weeks=4)]
    meet_after_all(closed=closed, by=planner.by)
    later = [one.held_on for one in planner.sessions(planner.group("Next", facilitators=[]))]
    assert later[:3] == [TODAY, TODAY + timedelta(weeks=1), TODAY + timedelta(weeks=2)]


def test_a_group_that_goes_on_leaves_them_out_too(planner: Planner) -> None:
    group = planner.group(entry=Entry.ROLLING, until=TODAY + timedelta(weeks=1))
    close(planner)
    extend_group(group=group, until=TODAY + timedelta(weeks=4), by=planner.by)
    assert [one.held_on for one in planner.sessions(group)] == [
        TODAY + timedelta(weeks=number) for number in (0, 1, 3, 4)]


def test_closing_asks_for_a_duty_a_reason_and_an_own_service(planner: Planner) -> None:
    for wrong, words in (
        ({"by": planner.world.staff[Role.FACILITATOR]}, "may not plan a group"),
        ({"reason": "  "}, "Say why"),
        ({"compartment": 999_999}, "another|not work"),
    ):
        with pytest.raises(Refused, match=words):
            close(planner, **wrong)
    with pytest.raises(Refused, match="may not plan a group"):
        meet_after_all(closed=close(planner), by=planner.world.staff[Role.ASSESSOR])
    closed = closed_for(service=SERVICE, by=planner.by)
    assert set(closed) == set(days_between(FIRST, FIRST + WEEK))
    assert closed_for(service="another-service", by=planner.by) == {}


def test_sent_twice_is_one_and_overlapping_days_are_refused(planner: Planner) -> None:
    form = uuid4()
    assert close(planner, form=form).pk == close(planner, form=form).pk
    with pytest.raises(Refused, match="already"):
        close(planner, FIRST + timedelta(days=3))
    [row] = planner.world.rows(ClosedWeeks)
    assert meet_after_all(closed=row, by=planner.by).taken_back_on == TODAY
    assert meet_after_all(closed=row, by=planner.by).taken_back_on == TODAY
    assert close(planner, FIRST + timedelta(days=3)).pk != row.pk


def test_what_was_planned_before_is_shown_to_be_moved(planner: Planner) -> None:
    group = planner.group()
    closed = close(planner)
    with acting(planner.by):
        [found] = planned_within(closed, planner.by)
    assert (found.held_on, found.group) == (FIRST, group)


# --- pages -------------------------------------------------------------------------------


@pytest.fixture
def manager(browse: Browse, planner: Planner) -> Client:
    return browse(Role.PROGRAMME_MANAGER)


def test_a_manager_closes_the_service_and_opens_it_again(manager: Client, planner: Planner
                                                         ) -> None:
    planner.group()
    assert "Closed weeks" in manager.get("/groups/").content.decode()
    assert "open all the time" in manager.get("/closed-weeks/").content.decode()
    sent = {"form_id": str(uuid4()), "reason": "Winter holiday",
            "compartment": str(planner.world.compartment()),
            **day_boxes("first_on", FIRST), **day_boxes("last_on", FIRST - WEEK)}
    wrong = manager.post("/closed-weeks/", sent)
    assert wrong.status_code == 422
    assert "the last comes after it" in wrong.content.decode()
    assert "Winter holiday" in wrong.content.decode()
    sent |= day_boxes("last_on", FIRST + WEEK)
    for _ in range(2):
        assert manager.post("/closed-weeks/", sent).headers["Location"] == "/closed-weeks/"
    page = manager.get("/closed-weeks/").content.decode()
    assert "Tuesday 18 March 2036" in page
    [row] = planner.world.rows(ClosedWeeks)
    one = manager.get(f"/closed-weeks/{row.pk}/").content.decode()
    assert "Tuesday group, session 3" in one
    assert manager.post(f"/closed-weeks/{row.pk}/").headers["Location"] == "/closed-weeks/"
    assert manager.get(f"/closed-weeks/{row.pk}/").status_code == 404


@pytest.mark.parametrize(("role", "status"), [
    (Role.FACILITATOR, 403), (Role.ASSESSOR, 403), (Role.REFERRER, 404)])
def test_nobody_else_closes_a_service(role: Role, status: int, planner: Planner, browse: Browse
                                      ) -> None:
    row, browser = close(planner), browse(role)
    for path in (f"/closed-weeks/{row.pk}/", "/closed-weeks/"):
        expected = status if str(row.pk) in path else 403
        assert browser.get(path).status_code == expected
        assert browser.post(path).status_code == expected
    assert planner.world.rows(ClosedWeeks)[0].taken_back_on is None
