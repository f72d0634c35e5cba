"""Who may change which note, and when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from casewall.programme.notes.rules import (
    CONTACT_KINDS,
    FURTHEST,
    KIND_WORDS,
    STATE_WORDS,
    NoteKind,
    NoteState,
    days_late,
    may_be_dated,
    may_change,
    may_correct,
    may_decide,
    may_follow_up,
)

TODAY = date(2036, 3, 4)


def test_every_kind_and_every_state_has_words() -> None:
    assert set(KIND_WORDS) == set(NoteKind)
    assert set(STATE_WORDS) == set(NoteState)
    assert set(NoteKind) - {NoteKind.AGENCY, NoteKind.WORK} == CONTACT_KINDS


@pytest.mark.parametrize(
    ("day", "allowed", "says"),
    [
        (TODAY, True, "between"),
        (date(2036, 1, 10), True, "between"),
        (date(2036, 1, 9), False, "referred on 10 January 2036"),
        (TODAY + timedelta(days=1), False, "5 March 2036 has not come yet"),
    ],
)
def test_a_note_may_be_about_a_day_from_the_referral_to_today(
    day: date, allowed: bool, says: str
) -> None:
    decision = may_be_dated(day, date(2036, 1, 10), TODAY)
    assert (decision.allowed, says in decision.reason) == (allowed, True)


@pytest.mark.parametrize(
    ("day", "allowed", "says"),
    [
        (TODAY, True, "within"),
        (TODAY + FURTHEST, True, "within"),
        (TODAY + FURTHEST + timedelta(days=1), False, "look at the year"),
        (TODAY - timedelta(days=1), False, "3 March 2036 has passed"),
    ],
)
def test_a_follow_up_lies_within_a_year(day: date, allowed: bool, says: str) -> None:
    decision = may_follow_up(day, TODAY)
    assert (decision.allowed, says in decision.reason) == (allowed, True)


@pytest.mark.parametrize(
    ("state", "writer_changes", "other_changes", "correct", "writer_decides", "other_decides"),
    [
        (NoteState.UNFINISHED, True, False, False, False, False),
        (NoteState.WRITTEN, True, False, False, False, True),
        (NoteState.RETURNED, True, False, False, False, False),
        (NoteState.APPROVED, False, False, True, False, False),
    ],
)
def test_what_may_be_done_with_a_note(
    state: NoteState,
    writer_changes: bool,
    other_changes: bool,
    correct: bool,
    writer_decides: bool,
    other_decides: bool,
) -> None:
    found = [
        may_change(state, True),
        may_change(state, False),
        may_correct(state),
        may_decide(state, True),
        may_decide(state, False),
    ]
    wanted = [writer_changes, other_changes, correct, writer_decides, other_decides]
    assert [decision.allowed for decision in found] == wanted
    assert all(decision.reason.endswith(".") for decision in found)


def test_a_note_is_late_by_the_days_between_what_happened_and_writing() -> None:
    assert days_late(date(2036, 3, 1), TODAY) == 3
    assert days_late(TODAY, TODAY) == 0
