"""The rules of partner support, row by row."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from casewall.safety.partners.rules import (
    CAVEAT,
    Appointment,
    Channel,
    Contact,
    DueWave,
    Outcome,
    Wave,
    add_working_days,
    contact_after,
    may_use,
    next_contact_on,
    next_review,
    waves_due,
)

DAY = date(2026, 3, 10)


@pytest.mark.parametrize("now", list(Contact))
@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (Outcome.SPOKE, Contact.ENGAGED),
        (Outcome.DECLINED, Contact.DECLINED),
        (Outcome.UNSAFE_TO_CONTACT, Contact.UNSAFE),
    ],
)
def test_a_word_or_a_judgement_always_counts(
    now: Contact, outcome: Outcome, after: Contact
) -> None:
    assert contact_after(now, outcome) is after


@pytest.mark.parametrize("now", list(Contact))
def test_a_failed_attempt_changes_only_what_was_never_tried(now: Contact) -> None:
    after = contact_after(now, Outcome.NO_ANSWER)
    assert after is (Contact.NOT_REACHED if now is Contact.NOT_TRIED else now)


@pytest.mark.parametrize("contact", list(Contact))
def test_somebody_tries_again_only_where_nothing_speaks_against_it(contact: Contact) -> None:
    tries = contact in (Contact.NOT_TRIED, Contact.NOT_REACHED)
    assert next_contact_on(contact, DAY) == (DAY + timedelta(days=2) if tries else None)


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        (0, date(2026, 3, 6)),
        (1, date(2026, 3, 9)),
        (5, date(2026, 3, 13)),
        (6, date(2026, 3, 16)),
    ],
)
def test_working_days_leave_the_weekend_out(days: int, ends: date) -> None:
    assert add_working_days(date(2026, 3, 6), days) == ends


def test_a_confirmation_is_asked_about_again_after_four_weeks_or_as_planned_if_later() -> None:
    assert next_review(DAY, None) == date(2026, 4, 7)
    assert next_review(DAY, DAY) == date(2026, 4, 7)
    assert next_review(DAY, date(2026, 6, 1)) == date(2026, 6, 1)


USES = [
    ({"is_safe": None}, "In person is not confirmed safe."),
    ({"is_safe": False}, "In person is not confirmed safe."),
    ({"confirmed_on": None}, "In person: nobody has confirmed that it is safe."),
    (
        {"review_on": DAY - timedelta(days=1)},
        "In person was confirmed on 1 March 2026, and its review on 9 March 2026 is overdue.",
    ),
    ({"review_on": DAY}, ""),
    ({"from_time": time(9), "to_time": time(12)}, ""),
    ({"from_time": time(10, 30), "to_time": time(10, 30)}, ""),
    ({"from_time": time(11), "to_time": time(12)}, "In person is safe only from 11:00 to 12:00."),
    ({"from_time": time(9), "to_time": time(10)}, "In person is safe only from 09:00 to 10:00."),
    ({"from_time": time(11), "to_time": None}, ""),
    ({}, ""),
]


@pytest.mark.parametrize(("changed", "reason"), USES)
def test_a_channel_is_used_only_as_confirmed(changed: dict, reason: str) -> None:
    plan = {
        "is_safe": True,
        "confirmed_on": date(2026, 3, 1),
        "review_on": None,
        "from_time": None,
        "to_time": None,
        **changed,
    }
    decision = may_use(Channel.IN_PERSON, today=DAY, now=time(10, 30), **plan)
    assert decision.allowed is (reason == "")
    assert decision.reason == (reason or "In person is confirmed safe for this hour.")


SCHEDULE = [
    Appointment(Wave.BEFORE, "partner_first_contact", 0, 30),
    Appointment(Wave.AFTER, "partner_support_ended", 0, 30),
    Appointment(Wave.FOLLOW_UP, "partner_support_ended", 180, 60),
]


def test_what_has_not_happened_makes_nothing_due() -> None:
    assert waves_due(SCHEDULE, {}, [], DAY) == ()
    assert waves_due(SCHEDULE, {"partner_first_contact": None}, [], DAY) == ()


def test_a_wave_is_due_from_its_day_on_and_stays_due_after_its_window() -> None:
    events = {"partner_first_contact": DAY}
    due = (DueWave(Wave.BEFORE, DAY, DAY + timedelta(days=30)),)
    assert waves_due(SCHEDULE, events, [], DAY - timedelta(days=1)) == ()
    assert waves_due(SCHEDULE, events, [], DAY) == due
    assert waves_due(SCHEDULE, events, [], DAY + timedelta(days=400)) == due


def test_a_wave_that_was_asked_is_not_asked_again() -> None:
    events = {"partner_first_contact": DAY, "partner_support_ended": DAY}
    due = waves_due(SCHEDULE, events, [Wave.BEFORE], DAY + timedelta(days=180))
    assert [one.wave for one in due] == [Wave.AFTER, Wave.FOLLOW_UP]


def test_the_caveat_promises_nothing() -> None:
    assert "nothing about your safety" in CAVEAT
    assert "guarantees nothing" in CAVEAT
