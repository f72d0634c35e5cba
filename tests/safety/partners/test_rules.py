"""The rules of partner support, row by row."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.programme.groups.planning.days_off import days_off
from casewall.safety.partners.rules import (
    AGAIN,
    CAVEAT,
    DAYS_IN_WORDS,
    TOLD_VERSION,
    Attempt,
    Channel,
    Contact,
    Days,
    Effort,
    Outcome,
    Told,
    add_working_days,
    contact_after,
    effort,
    may_use,
    next_contact_on,
    next_review,
    relation_fits,
    return_fits,
    step_after,
    telling_fits,
)
from casewall.safety.partners.words import TOLD, contact_in_words, contact_tag, effort_in_words

DAY = date(2026, 3, 10)


@pytest.mark.parametrize("now", list(Contact))
@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (Outcome.SPOKE, Contact.ENGAGED),
        (Outcome.DECLINED, Contact.DECLINED),
        (Outcome.MAY_RETURN, Contact.MAY_RETURN),
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


def test_public_holidays_are_no_working_days() -> None:
    off = days_off("DK")
    assert add_working_days(date(2026, 4, 1), 1, off) == date(2026, 4, 7)
    assert add_working_days(date(2026, 4, 1), 1) == date(2026, 4, 2)


@settings(deadline=None)
@given(start=st.dates(date(2020, 1, 1), date(2040, 1, 1)), days=st.integers(0, 30))
def test_a_clock_ends_on_a_working_day_and_a_holiday_never_makes_it_shorter(
    start: date, days: int
) -> None:
    off = days_off("DK")
    end = add_working_days(start, days, off)
    assert end >= add_working_days(start, days)
    assert days == 0 or (end.weekday() < 5 and not off(end))


@pytest.mark.parametrize(
    ("contact", "return_on", "planned", "step"),
    [
        (Contact.NOT_REACHED, None, None, ("contact", DAY + timedelta(days=2))),
        (Contact.DECLINED, None, None, ("", None)),
        (Contact.UNSAFE, None, None, ("", None)),
        (Contact.ENGAGED, None, None, ("", None)),
        (Contact.MAY_RETURN, None, None, ("", None)),
        (Contact.MAY_RETURN, DAY + timedelta(days=30), None, (AGAIN, DAY + timedelta(days=30))),
        (Contact.MAY_RETURN, None, DAY + timedelta(days=9), (AGAIN, DAY + timedelta(days=9))),
        (Contact.MAY_RETURN, None, DAY, (AGAIN, DAY + timedelta(days=2))),
    ],
)
def test_what_is_next_after_an_attempt(
    contact: Contact, return_on: date | None, planned: date | None, step: tuple[str, date | None]
) -> None:
    assert step_after(contact, DAY, return_on=return_on, planned=planned) == step


@pytest.mark.parametrize("contact", list(Contact))
def test_a_contact_that_was_asked_for_is_tried_again_unless_it_is_unsafe(contact: Contact) -> None:
    again = step_after(contact, DAY, unanswered=True)
    if contact is Contact.MAY_RETURN:
        assert again == ("", None)  # the partner names the day
    elif contact is Contact.UNSAFE:
        assert again == ("", None)
    else:
        assert again == ("contact", DAY + timedelta(days=2))


@pytest.mark.parametrize(
    ("outcome", "return_on", "fits"),
    [
        (Outcome.SPOKE, None, True),
        (Outcome.MAY_RETURN, DAY + timedelta(days=1), True),
        (Outcome.MAY_RETURN, DAY, False),
        (Outcome.DECLINED, DAY + timedelta(days=1), False),
    ],
)
def test_a_day_to_ask_again_goes_with_may_return(
    outcome: Outcome, return_on: date | None, fits: bool
) -> None:
    decision = return_fits(outcome, DAY, return_on)
    assert decision.allowed is fits
    assert decision.reason


@pytest.mark.parametrize(
    ("items", "outcome", "fits"),
    [
        ([], None, False),
        ([Told.NO_GUARANTEE], None, True),
        ([Told.ATTENDANCE], None, False),
        ([Told.NO_GUARANTEE, Told.ATTENDANCE], Outcome.SPOKE, True),
        ([Told.NO_GUARANTEE], Outcome.DECLINED, True),
        ([Told.NO_GUARANTEE], Outcome.MAY_RETURN, True),
        ([Told.NO_GUARANTEE], Outcome.NO_ANSWER, False),
        ([Told.NO_GUARANTEE], Outcome.UNSAFE_TO_CONTACT, False),
    ],
)
def test_nothing_is_told_without_the_caveat_or_to_nobody(
    items: list[Told], outcome: Outcome | None, fits: bool
) -> None:
    assert telling_fits(items, outcome).allowed is fits


@pytest.mark.parametrize(
    ("since", "until", "fits"),
    [
        (None, None, True),
        (DAY, None, True),
        (DAY, DAY, True),
        (DAY, DAY - timedelta(days=1), False),
        (DAY + timedelta(days=1), None, False),
        (None, DAY + timedelta(days=1), False),
    ],
)
def test_the_days_of_a_relationship(since: date | None, until: date | None, fits: bool) -> None:
    assert relation_fits(since, until, DAY).allowed is fits


def tried(*outcomes: Outcome, first: date = DAY) -> list[Attempt]:
    ways = [Channel.CALL, Channel.TEXT, Channel.CALL]
    return [
        Attempt(first + timedelta(days=n), ways[n % 3], outcome)
        for n, outcome in enumerate(outcomes)
    ]


def test_effort_is_proven_where_nobody_is_reached() -> None:
    nobody = tried(Outcome.NO_ANSWER, Outcome.NO_ANSWER, Outcome.UNSAFE_TO_CONTACT)
    shown = effort(reversed(nobody), DAY, DAY + timedelta(days=9))
    assert shown == Effort(
        3,
        ((Channel.CALL, 2), (Channel.TEXT, 1)),
        DAY,
        DAY + timedelta(days=2),
        None,
        DAY,
        True,
    )
    assert effort_in_words(shown) == (
        "3 attempts to reach the partner, from 10 March 2026 to 12 March 2026: call 2, text 1. "
        "The first was within the clock of the service, which ended on 10 March 2026. "
        "The partner has not been reached."
    )


@pytest.mark.parametrize(
    ("attempts", "by", "today", "in_time", "words"),
    [
        ([], None, DAY, None, "The clock of the service has not begun."),
        ([], DAY, DAY, None, "The clock of the service ends on 10 March 2026."),
        ([], DAY, DAY + timedelta(days=1), False, "The clock of the service ended on"),
        (tried(Outcome.SPOKE), DAY - timedelta(days=1), DAY, False, "after the clock"),
        (tried(Outcome.DECLINED), None, DAY, None, "The partner answered first on 10 March 2026."),
        (tried(Outcome.SPOKE), DAY, DAY, True, "1 attempt to reach the partner, on 10 March 2026"),
    ],
)
def test_the_clock_is_kept_or_not_in_words(
    attempts: list[Attempt], by: date | None, today: date, in_time: bool | None, words: str
) -> None:
    shown = effort(attempts, by, today)
    assert shown.in_time is in_time
    assert words in effort_in_words(shown)


def test_each_contact_status_has_words_of_its_own() -> None:
    assert len({contact_in_words(one) for one in Contact}) == len(Contact)
    assert len({contact_tag(one) for one in Contact}) == len(Contact)
    assert set(TOLD) == set(Told)
    assert TOLD_VERSION == 1


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
    ({"days": Days.WORKING_DAYS}, ""),
    (
        {"days": Days.WEEKENDS},
        f"In person is safe only on {DAYS_IN_WORDS[Days.WEEKENDS]}.",
    ),
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


def test_the_caveat_promises_nothing() -> None:
    assert "nothing about your safety" in CAVEAT
    assert "guarantees nothing" in CAVEAT
