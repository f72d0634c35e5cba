"""What a pulled change means for the partner's worker, row by row."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.pulled.rules import (
    AT_ONCE,
    BY_THE_HOUR,
    DROPPED_OUT,
    Stated,
    Way,
    contact_begins,
    is_absence,
    midpoint,
    notice_for,
    notice_of_course,
    notice_of_decision,
    notice_of_mark,
    number_in_words,
    same_person,
    to_contact,
)
from casewall.services.schema import STAGES


@pytest.mark.parametrize(
    ("before", "after", "reason", "task"),
    [
        (None, "referred", "", None),
        (None, "suitable", "", "tell_accepted"),
        ("suitable", "suitable", "", None),
        ("agreement_signed", "started", "", "tell_started"),
        ("minimum_dose", "completed", "", "tell_completed"),
        ("started", "exited", "moved", "tell_left"),
        ("started", "exited", "withdrew", "tell_dropped_out"),
        ("minimum_dose", "exited", "new_violence", "tell_dropped_out"),
        ("assessed", "waiting", "", "tell_accepted"),
        ("assessed", "minimum_dose", "", "tell_started"),
        ("started", "closed", "", "tell_completed"),
        ("completed", "follow_up", "", None),
        ("started", "waiting", "", None),
        ("started", "suspended", "", "tell_suspended"),
        ("suspended", "started", "", "tell_reopened"),
        ("suspended", "returned", "", "tell_returned"),
        ("deferred", "suitable", "", "tell_accepted"),
        ("assessed", "deferred", "", "tell_deferred"),
        ("deferred", "exited", "moved", "tell_left"),
        ("assessed", "exited", "unsuitable", None),
        ("referred", "withdrawn", "", "tell_withdrawn"),
        ("exited", "contacted", "", "tell_reopened"),
        ("closed", "started", "", "tell_reopened"),
        ("exited", "closed", "", None),
    ],
)
def test_a_move_of_a_linked_case(
    before: str | None, after: str, reason: str, task: str | None
) -> None:
    assert notice_for(before, after, reason) == task


@pytest.mark.parametrize(
    ("decision", "task"),
    [
        ("", None),
        ("suitable", None),
        ("suitable_with_conditions", None),
        ("not_suitable", "tell_refused"),
        ("passed_on", "tell_passed_on"),
        ("deferred", "tell_deferred"),
    ],
)
def test_a_decision_that_is_not_an_acceptance_is_told(decision: str, task: str | None) -> None:
    assert notice_of_decision(decision) == task


def test_what_raises_risk_is_told_at_once_and_an_absence_within_hours() -> None:
    assert {
        "tell_refused",
        "tell_safeguarding",
        "tell_dropped_out",
        "tell_suspended",
        "tell_mark_corrected",
        "tell_danger",
    } == AT_ONCE
    assert {"tell_absent", "tell_incident", "tell_risk"} == BY_THE_HOUR
    assert is_absence("absent_not_accepted")
    assert not is_absence("absent_accepted")
    assert "unsuitable" not in DROPPED_OUT


@given(first=st.sampled_from(STAGES), steps=st.lists(st.sampled_from(STAGES), max_size=6))
def test_a_pull_that_runs_late_tells_as_much_as_the_last_of_many_pulls(
    first: str, steps: list[str]
) -> None:
    order = sorted({first, *steps}, key=STAGES.index)
    each = [notice_for(a, b) for a, b in pairwise(order)]
    told = [notice for notice in each if notice]
    assert notice_for(order[0], order[-1]) == (told[-1] if told else None)


@pytest.mark.parametrize(
    ("before", "after", "task"),
    [
        (None, "absent_not_accepted", "tell_absent"),
        ("attended", "absent_not_accepted", "tell_absent"),
        ("absent_not_accepted", "attended", "tell_mark_corrected"),
        ("absent_not_accepted", "absent_accepted", "tell_mark_corrected"),
        (None, "attended", None),
        ("late", "attended", None),
    ],
)
def test_a_mark_and_its_correction(before: str | None, after: str, task: str | None) -> None:
    assert notice_of_mark(before, after) == task


@pytest.mark.parametrize(
    ("before", "after", "task"),
    [
        (None, Way("waiting"), None),
        (None, Way("on_break"), "tell_break"),
        (Way("running"), Way("on_break"), "tell_break"),
        (Way("on_break"), Way("on_break"), None),
        (Way("on_break"), Way("running"), "tell_back"),
        (Way("on_break"), Way("ended"), None),
        (Way("running", "short"), Way("running", "long"), "tell_level"),
        (Way("running"), Way("running", "long"), None),
        (Way("running", "short"), Way("completed", "short"), None),
    ],
)
def test_a_break_its_end_and_another_level(
    before: Way | None, after: Way, task: str | None
) -> None:
    assert notice_of_course(before, after) == task


DAY = date(2026, 3, 2)


@given(days=st.integers(1, 800))
def test_the_midpoint_lies_half_of_the_way(days: int) -> None:
    half = midpoint(Way("running", "", DAY, DAY + timedelta(days=days)))
    assert half == DAY + timedelta(days=days // 2)


@pytest.mark.parametrize(
    "way",
    [
        Way("waiting"),
        Way("running", "", DAY),
        Way("running", "", None, DAY),
        Way("running", "", DAY, DAY),
        Way("ended", "", DAY, DAY + timedelta(days=9), DAY),
    ],
)
def test_no_midpoint_without_both_ends_or_after_the_end(way: Way) -> None:
    assert midpoint(way) is None


ACCEPTED = date(2026, 4, 7)
STAGED = date(2026, 4, 9)


@pytest.mark.parametrize(
    ("trigger", "stage", "accepted", "begins"),
    [
        ("referred", "referred", None, DAY),
        ("referred", "exited", None, DAY),
        ("referred", "withdrawn", None, None),
        ("assessed_suitable", "assessed", None, None),
        ("assessed_suitable", "exited", None, None),
        ("assessed_suitable", "suitable", None, STAGED),
        ("assessed_suitable", "started", ACCEPTED, ACCEPTED),
        ("assessed_suitable", "suspended", ACCEPTED, ACCEPTED),
        ("assessed_suitable", "withdrawn", ACCEPTED, None),
    ],
)
def test_the_trigger_of_the_service_starts_the_clock(
    trigger: str, stage: str, accepted: date | None, begins: date | None
) -> None:
    assert (
        contact_begins(trigger, stage=stage, stage_on=STAGED, referred_on=DAY, accepted_on=accepted)
        == begins
    )


def said(number: int, person: str, relation: str = "former", day: int = 0) -> Stated:
    return Stated(UUID(int=number), person, relation, DAY + timedelta(days=day))


def test_each_person_is_contacted_once_from_the_first_statement() -> None:
    stated = [said(3, "a", day=9), said(1, "a"), said(2, "b", "current", 4)]
    assert to_contact(stated, "every_partner") == [stated[1], stated[2]]
    assert to_contact([], "every_partner") == []


def test_current_partners_or_else_the_latest() -> None:
    former, current, new = said(1, "a"), said(2, "b", "current", 1), said(3, "c", "new", 2)
    assert to_contact([former, current, new], "current_or_latest") == [current, new]
    assert to_contact([former, said(4, "d", "unknown", 5)], "current_or_latest") == [
        said(4, "d", "unknown", 5)
    ]
    over = said(5, "b", "former", 9)
    assert to_contact([former, current, over], "current_or_latest") == [current]
    assert to_contact([], "current_or_latest") == []


@given(
    st.lists(
        st.builds(
            said,
            st.integers(1, 50),
            st.sampled_from("abcd"),
            st.sampled_from(["current", "former", "new", "unknown"]),
            st.integers(0, 30),
        ),
        unique_by=lambda one: one.id,
    )
)
def test_nobody_is_contacted_twice_and_somebody_always_is(stated: list[Stated]) -> None:
    everybody = to_contact(stated, "every_partner")
    some = to_contact(stated, "current_or_latest")
    assert {one.person for one in everybody} == {one.person for one in stated}
    assert len({one.person for one in everybody}) == len(everybody)
    assert set(some) <= set(everybody)
    assert bool(some) is bool(stated)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("mette hansen", "hansen mette", True),
        ("mette hansen", "mette kirstine hansen", True),
        ("mette", "mette", True),
        ("mette", "mette hansen", False),
        ("mette hansen", "mette olsen", False),
        ("", "mette", False),
        ("", "", False),
    ],
)
def test_a_given_name_alone_is_never_the_same_person(one: str, other: str, same: bool) -> None:
    assert same_person(one.split(), other.split()) is same
    assert same_person(other.split(), one.split()) is same


@pytest.mark.parametrize(
    ("answer", "number", "words"),
    [
        ("none", None, "none"),
        ("not_said", None, "not said"),
        ("some", 2, "2"),
        ("some", None, "some, number not said"),
    ],
)
def test_not_said_stays_apart_from_none(answer: str, number: int | None, words: str) -> None:
    assert number_in_words(answer, number) == words
