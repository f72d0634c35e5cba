"""Leaving before completion, at every stage and for a coded reason; coming back; going elsewhere.

Everybody here is invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta

import pytest

from casewall.programme.cases import actions as on_cases
from casewall.programme.cases.models import StageMove
from casewall.programme.cases.national import WITHDRAWALS
from casewall.programme.cases.reasons import (
    ExitReason,
    PauseReason,
    ReopenReason,
    UnsuitableReason,
)
from casewall.programme.cases.rules import UNDER_WAY, Stage, Suitability
from casewall.programme.courses.models import Act
from casewall.programme.courses.rules import CourseState
from casewall.programme.groups.models import GroupMember
from casewall.programme.groups.rules import Mark
from casewall.programme.registers.actions import record_register
from casewall.wall.decide import Refused
from tests.story.conftest import Tell
from tests.story.walk import Walk

MONDAY = 0
REFERRED_ON = date(2036, 8, 4)
STARTS_ON = date(2036, 9, 1)


@pytest.fixture
def noa(tell: Tell) -> Walk:
    """Somebody whom the police have just referred to the Danish service."""
    found = tell("intervention-centre", "counselling-course", "Noa", REFERRED_ON)
    found.is_referred(route="police", by="Fjordby police", language="da")
    return found


def goes_as_far_as(walk: Walk, stage: Stage) -> Walk:
    """Bring somebody who was referred to a stage under way, by what is done there."""
    for _ in _way(walk):
        if walk.stage is stage:
            return walk
    raise AssertionError(f"The way does not come to “{stage}”.")


def _way(walk: Walk) -> Iterator[str]:
    """Every step on the way, one at a time."""
    yield "referred"
    walk.later(days=1).is_reached()
    yield "contacted"
    walk.later(days=1).gets_an_appointment(days=3)
    yield "booked"
    walk.later(days=3).moves(Stage.ASSESSED)
    yield "assessed"
    walk.is_asked_about_eligibility()
    walk.later(days=1).is_found(Suitability.SUITABLE)
    yield "suitable"
    walk.later(days=2).signs_the_agreement("da")
    yield "signed"
    walk.later(days=1).waits_for_a_place()
    yield "waiting"
    walk.group_is_planned(
        "counselling-group",
        starts_on=STARTS_ON,
        at=time(18),
        weekdays=(MONDAY,),
        until=STARTS_ON + timedelta(weeks=19),
        language="da",
    )
    walk.joins(STARTS_ON)
    walk.attends(1)
    yield "started"
    walk.attends_the_rest()
    yield "minimum dose"


LEAVING: dict[Stage, ExitReason] = {
    Stage.REFERRED: ExitReason.NOT_REACHED,
    Stage.CONTACTED: ExitReason.DECLINED,
    Stage.ASSESSMENT_BOOKED: ExitReason.INELIGIBLE,
    Stage.ASSESSED: ExitReason.ALREADY_COMPLETED,
    Stage.SUITABLE: ExitReason.MOVED,
    Stage.AGREEMENT_SIGNED: ExitReason.WITHDREW,
    Stage.WAITING: ExitReason.NO_PLACE,
    Stage.STARTED: ExitReason.REMOVED_ATTENDANCE,
    Stage.MINIMUM_DOSE: ExitReason.NEW_VIOLENCE,
}


@pytest.mark.parametrize("stage", UNDER_WAY)
def test_somebody_leaves_at_each_stage_with_a_coded_reason(stage: Stage, noa: Walk) -> None:
    goes_as_far_as(noa, stage)
    has_begun = stage in (Stage.STARTED, Stage.MINIMUM_DOSE)

    # No exit without a reason, and none that is a reason to wait.
    with pytest.raises(Refused, match="needs a reason"):
        noa.moves(Stage.EXITED)
    with pytest.raises(Refused):
        noa.moves(Stage.EXITED, reason=PauseReason.NOT_READY)
    assert noa.stage is stage

    noa.later(days=1).leaves(LEAVING[stage])
    assert (noa.stage, noa.now.exit_reason) == (Stage.EXITED, LEAVING[stage])
    assert (noa.now.next_action, noa.now.next_action_on) == ("", None)
    [move] = noa.rows(StageMove, case=noa.case, went_to=Stage.EXITED)
    assert (move.came_from, move.reason, move.moved_on) == (stage, LEAVING[stage], noa.today)

    # Whoever had begun a course has left it on that day; nobody else had one.
    courses = [(noa.course.state, noa.course.ended_on)] if has_begun else []
    assert courses == ([(CourseState.ENDED, noa.today)] if has_begun else [])

    # What has ended is not moved on, only reopened.
    with pytest.raises(Refused, match="next can be: nothing"):
        noa.moves(Stage.CONTACTED)


def test_the_stories_of_leaving_know_every_stage_under_way() -> None:
    assert set(LEAVING) == set(UNDER_WAY)
    assert len(set(LEAVING.values())) == len(LEAVING)


PAUSES = {
    Stage.DEFERRED: (PauseReason.HEALTH, ExitReason.HEALTH),
    Stage.SUSPENDED: (PauseReason.NEW_ALLEGATION, ExitReason.CUSTODY),
    Stage.RETURNED: (PauseReason.CANNOT_CONTINUE, ExitReason.ORDER_REVOKED),
}


@pytest.mark.parametrize("pause", PAUSES)
def test_somebody_leaves_while_the_case_waits(pause: Stage, noa: Walk) -> None:
    waits_because, leaves_because = PAUSES[pause]
    goes_as_far_as(noa, Stage.STARTED)
    until = noa.today + timedelta(days=30)
    noa.later(days=1).pauses(pause, waits_because, until=until)
    assert (noa.stage, noa.now.next_action_on) == (pause, until)
    assert noa.course.ended_on is None
    noa.later(days=7).leaves(leaves_because)
    assert (noa.stage, noa.now.exit_reason) == (Stage.EXITED, leaves_because)
    assert (noa.course.state, noa.course.ended_on) == (CourseState.ENDED, noa.today)


def test_the_thirteen_national_reasons_are_thirteen_of_ours(tell: Tell) -> None:
    """Each closes a case at the same stage and is kept as its own code."""
    kept = {}
    for national, reason in WITHDRAWALS.items():
        some = tell("intervention-centre", "counselling-course", f"Client {national}", REFERRED_ON)
        some.is_referred(route="police")
        if reason is ExitReason.OTHER:
            with pytest.raises(Refused, match="needs a note that says which"):
                some.leaves(reason)
        some.leaves(reason, note="The order was made by mistake.")
        kept[national] = some.now.exit_reason
    assert kept == {code: str(reason) for code, reason in WITHDRAWALS.items()}
    assert len(set(kept.values())) == 13


def test_a_refusal_at_the_assessment_is_an_exit(noa: Walk) -> None:
    goes_as_far_as(noa, Stage.ASSESSMENT_BOOKED)
    noa.later(days=3).is_asked_about_eligibility()
    with pytest.raises(Refused, match="at least one reason"):
        noa.is_found(Suitability.NOT_SUITABLE)
    decided = noa.is_found(Suitability.NOT_SUITABLE, reasons=(UnsuitableReason.DENIES,))
    assert decided.reasons == "denies"
    assert (noa.stage, noa.now.exit_reason) == (Stage.EXITED, ExitReason.UNSUITABLE)
    assert noa.stages[-2:] == ["assessed", "exited"]

    # Three weeks later it is another talk: taken up where it ended, and decided anew.
    noa.later(days=21)
    with pytest.raises(Refused, match="cannot become “started” again"):
        noa.is_taken_up_again(Stage.STARTED, ReopenReason.CHANGED)
    noa.is_taken_up_again(Stage.ASSESSED, ReopenReason.CHANGED)
    again = noa.is_found(Suitability.SUITABLE)
    assert (again.version, again.replaces_id) == (2, decided.pk)
    assert (noa.stage, noa.now.exit_reason) == (Stage.SUITABLE, "")


def test_somebody_who_was_never_tried_is_withdrawn_where_the_referral_came_from(
    noa: Walk,
) -> None:
    """A referral that nobody has worked on just goes; afterwards a person must decide."""

    def take_back() -> str:
        return on_cases.withdraw_case(
            referral=noa.case.referral_id, on=noa.today, by=noa.office.system
        )

    assert take_back() == "withdrawn"
    assert (noa.stage, noa.now.exit_reason) == (Stage.WITHDRAWN, "")
    assert take_back() == "known"
    noa.later(days=2).is_taken_up_again(Stage.REFERRED, ReopenReason.ON_APPEAL)
    noa.is_reached()
    assert take_back() == "task"
    assert noa.stage is Stage.CONTACTED
    noa.leaves(ExitReason.REFERRAL_TAKEN_BACK)
    assert noa.now.exit_reason == "referral_taken_back"


def test_somebody_who_was_removed_comes_back_to_the_same_course(noa: Walk) -> None:
    goes_as_far_as(noa, Stage.STARTED)
    noa.attends(1)
    assert noa.stays_away() != {}
    assert noa.stays_away() != {}
    noa.later(days=1).leaves(ExitReason.REMOVED_ATTENDANCE)
    left_on = noa.today
    assert states(noa.rows(Act, case=noa.case)) == {"withdrawn"}
    assert noa.course.ended_on == left_on

    # Only whoever signs off may take the case up again, where it stopped, and not before it ended.
    with pytest.raises(Refused, match="may not reopen"):
        on_cases.reopen_case(
            case=noa.case,
            to=Stage.STARTED,
            on=noa.today,
            reason=ReopenReason.CAME_BACK,
            by=noa.assessor,
        )
    with pytest.raises(Refused, match="cannot become “minimum dose” again"):
        noa.is_taken_up_again(Stage.MINIMUM_DOSE, ReopenReason.CAME_BACK)
    noa.later(days=-1)
    with pytest.raises(Refused, match="cannot be reopened before that"):
        noa.is_taken_up_again(Stage.STARTED, ReopenReason.CAME_BACK)

    noa.later(days=3).is_taken_up_again(Stage.STARTED, ReopenReason.CAME_BACK)
    assert (noa.stage, noa.now.exit_reason) == (Stage.STARTED, "")
    assert noa.stages[-3:] == ["started", "exited", "started"]
    [back] = noa.rows(StageMove, case=noa.case, kind="reopening")
    assert (back.reason, back.came_from) == ("came_back", "exited")
    assert (noa.course.state, noa.course.ended_on) == (CourseState.RUNNING, None)

    # The hours from before still count, and the rest makes a completion of it.
    noa.attends_the_rest()
    noa.comes_out_as_told()
    noa.later(days=1).completes()
    assert noa.stages[-3:] == ["started", "minimum_dose", "completed"]


def states(acts: Iterable[Act]) -> set[str]:
    return {act.state for act in acts}


def test_somebody_goes_to_another_service(noa: Walk) -> None:
    goes_as_far_as(noa, Stage.STARTED)
    noa.attends(2)
    with pytest.raises(Refused, match="needs the agency or service"):
        noa.leaves(ExitReason.TRANSFERRED)
    noa.later(days=1).leaves(ExitReason.TRANSFERRED, to_whom="A service in another town")
    assert (noa.stage, noa.now.exit_reason) == (Stage.EXITED, "transferred")
    [move] = noa.rows(StageMove, case=noa.case, went_to=Stage.EXITED)
    assert move.to_whom == "A service in another town"

    # Nobody is expected any more: the place in the group and the course ended with it.
    assert noa.course.state == CourseState.ENDED
    after = noa.coming[0].session
    with pytest.raises(Refused, match="not in the group on that day"):
        record_register(session=after, marks={noa.case.pk: (Mark.ATTENDED, 0)}, by=noa.facilitator)
    assert len(noa.rows(GroupMember, case=noa.case)) == 1

    # The other service sends the case back, and it goes on here.
    noa.later(days=20).is_taken_up_again(Stage.STARTED, ReopenReason.RETURNED_BY_SERVICE)
    assert noa.course.state == CourseState.RUNNING
    assert noa.now.exit_reason == ""


def test_a_transfer_at_the_assessment_says_to_whom(noa: Walk) -> None:
    goes_as_far_as(noa, Stage.ASSESSMENT_BOOKED)
    noa.later(days=3).is_asked_about_eligibility()
    with pytest.raises(Refused, match="to which agency or service"):
        noa.is_found(Suitability.PASSED_ON)
    noa.is_found(Suitability.PASSED_ON, passed_to="The day programme")
    assert (noa.stage, noa.now.exit_reason) == (Stage.EXITED, "transferred")
    [move] = noa.rows(StageMove, case=noa.case, went_to=Stage.EXITED)
    assert (move.came_from, move.to_whom) == ("assessed", "The day programme")
