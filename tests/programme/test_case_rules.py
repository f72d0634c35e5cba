"""The rules of a case and of a register, as tables."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from casewall.programme.cases import rules
from casewall.programme.cases.rules import Contact, ExitReason, Outcome, Stage, Step
from casewall.programme.groups.rules import (
    Mark,
    dose,
    minutes_for,
    missed_in_a_row,
)
from casewall.wall.ids import id_of_form

ONE = UUID("00000000-0000-4000-8000-000000000001")
TWO = UUID("00000000-0000-4000-8000-000000000002")


def test_every_stage_can_be_reached_from_the_referral() -> None:
    reached, edge = {Stage.REFERRED}, [Stage.REFERRED]
    while edge:
        for to in rules.FOLLOWS[edge.pop()]:
            if to not in reached:
                reached.add(to)
                edge.append(to)
    assert reached == set(Stage)


@pytest.mark.parametrize(("now", "to", "reason", "sentence"), [
    (Stage.REFERRED, Stage.STARTED, None, "“referred” cannot become “started”; next can be"),
    (Stage.CLOSED, Stage.STARTED, None, "next can be: nothing"),
    (Stage.WAITING, Stage.EXITED, None, "An exit needs a reason"),
    (Stage.WAITING, Stage.STARTED, ExitReason.MOVED, "Only an exit has an exit reason"),
])
def test_a_move_that_the_table_does_not_allow_says_why(
        now: Stage, to: Stage, reason: ExitReason | None, sentence: str) -> None:
    decision = rules.may_move(now, to, reason)
    assert not decision
    assert sentence in decision.reason


def test_a_move_of_the_table_is_allowed() -> None:
    assert rules.may_move(Stage.WAITING, Stage.EXITED, ExitReason.MOVED)
    assert rules.may_move(Stage.WAITING, Stage.STARTED, None)


@pytest.mark.parametrize(("now", "outcome", "after"), [
    (Contact.NOT_TRIED, Outcome.NO_ANSWER, Contact.NOT_REACHED),
    (Contact.ENGAGED, Outcome.MESSAGE_LEFT, Contact.ENGAGED),
    (Contact.DECLINED, Outcome.NO_ANSWER, Contact.DECLINED),
    (Contact.DECLINED, Outcome.SPOKE, Contact.ENGAGED),
    (Contact.ENGAGED, Outcome.DECLINED, Contact.DECLINED),
])
def test_contact_status_after_one_more_attempt(now: Contact, outcome: Outcome, after: Contact
                                               ) -> None:
    assert rules.contact_after(now, outcome) is after


def test_every_open_stage_waits_for_something_and_no_closed_one_does() -> None:
    for stage in Stage:
        action, due = rules.next_action(stage, date(2026, 3, 3))
        assert (stage in rules.OPEN_STAGES) is bool(action) is (due is not None)
        assert not action or action in rules.NEXT_ACTION_WORDS


def test_work_has_begun_with_the_first_attempt_or_the_first_move() -> None:
    assert not rules.has_been_worked_on(Stage.REFERRED, Contact.NOT_TRIED)
    assert rules.has_been_worked_on(Stage.REFERRED, Contact.NOT_REACHED)
    assert rules.has_been_worked_on(Stage.CONTACTED, Contact.NOT_TRIED)


def test_what_is_recorded_elsewhere_is_not_a_move_by_hand() -> None:
    assert rules.moves_by_hand(Stage.CONTACTED) == ()
    assert rules.moves_by_hand(Stage.AGREEMENT_SIGNED) == (Stage.WAITING, Stage.STARTED)
    assert rules.moves_by_hand(Stage.COMPLETED) == (Stage.FOLLOW_UP, Stage.CLOSED)
    assert rules.moves_by_hand(Stage.ASSESSMENT_BOOKED) == (Stage.CONTACTED,)
    assert rules.moves_by_hand(Stage.DEFERRED) == ()


LEAVE = (Step.PAUSE, Step.EXIT)


@pytest.mark.parametrize(("stage", "steps"), [
    (Stage.REFERRED, (Step.CONTACT, Step.DECLARE, *LEAVE)),
    (Stage.CONTACTED, (Step.BOOK, Step.CONTACT, Step.DECLARE, *LEAVE, Step.CORRECT)),
    (Stage.ASSESSMENT_BOOKED,
     (Step.DECIDE, Step.CONTACT, Step.MOVE, Step.DECLARE, *LEAVE, Step.CORRECT)),
    (Stage.ASSESSED, (Step.DECIDE, Step.CONTACT, Step.DECLARE, *LEAVE, Step.CORRECT)),
    (Stage.SUITABLE, (Step.SIGN, Step.CONTACT, Step.DECLARE, *LEAVE, Step.CORRECT)),
    (Stage.WAITING, (Step.PLACE, Step.CONTACT, Step.MOVE, Step.DECLARE, *LEAVE, Step.CORRECT)),
    (Stage.STARTED, (Step.CONTACT, Step.MOVE, Step.PLACE, Step.DECLARE, *LEAVE, Step.CORRECT)),
    (Stage.COMPLETED, (Step.CONTACT, Step.MOVE, Step.DECLARE, Step.CORRECT)),
    (Stage.DEFERRED, (Step.RESUME, Step.CONTACT, Step.DECLARE, *LEAVE, Step.CORRECT)),
    (Stage.EXITED, (Step.CONTACT, Step.REOPEN, Step.CORRECT)),
    (Stage.WITHDRAWN, (Step.CONTACT, Step.REOPEN)),
])
def test_the_step_that_a_case_waits_for_comes_first(stage: Stage, steps: tuple[Step, ...]) -> None:
    assert rules.steps_open(stage) == steps


def test_every_step_needs_a_duty() -> None:
    assert set(rules.STEP_DUTY) == set(Step)


def test_a_form_names_one_record_of_its_owner() -> None:
    assert id_of_form(ONE, TWO) == id_of_form(ONE, TWO)
    assert id_of_form(ONE, TWO) != id_of_form(TWO, TWO)
    assert id_of_form(ONE, TWO) != id_of_form(ONE, ONE)


@pytest.mark.parametrize(("mark", "missed", "minutes"), [
    (Mark.ATTENDED, 0, 120), (Mark.LATE, 20, 100), (Mark.NOT_PARTICIPATING, 0, 120),
    (Mark.ABSENT_ACCEPTED, 0, 0), (Mark.ABSENT_NOT_ACCEPTED, 0, 0), (Mark.LEFT_EARLY, 120, 0),
])
def test_minutes_attended(mark: Mark, missed: int, minutes: int) -> None:
    assert minutes_for(mark, 120, missed) == minutes


def test_absences_in_a_row_are_counted_from_the_newest() -> None:
    missed, came = Mark.ABSENT_NOT_ACCEPTED, Mark.ATTENDED
    assert missed_in_a_row([missed, came, missed, missed]) == 2
    assert missed_in_a_row([missed, missed]) == 2
    assert missed_in_a_row([missed, came]) == 0
    assert missed_in_a_row([]) == 0


def test_dose_counts_sessions_and_hours_attended() -> None:
    assert dose([120, 0, 100]) == (2, pytest.approx(220 / 60))
