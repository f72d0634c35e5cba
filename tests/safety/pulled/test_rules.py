"""What a pulled change means for the partner's worker, row by row."""

from __future__ import annotations

import pytest

from casewall.safety.pulled.rules import (
    AT_ONCE,
    is_absence,
    notice_for,
    notice_of_decision,
    number_in_words,
)


@pytest.mark.parametrize(
    ("before", "after", "reason", "task"),
    [
        (None, "referred", "", None),
        (None, "suitable", "", "tell_accepted"),
        ("suitable", "suitable", "", None),
        ("agreement_signed", "started", "", "tell_started"),
        ("minimum_dose", "completed", "", "tell_completed"),
        ("started", "exited", "withdrew", "tell_left"),
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


def test_a_refusal_and_an_absence_are_told_at_once() -> None:
    assert {"tell_absent", "tell_refused", "tell_safeguarding"} == AT_ONCE
    assert is_absence("absent_not_accepted")
    assert not is_absence("absent_accepted")


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
