"""The 32 moves between the statuses of a national programme, each as a way through our stages."""

from __future__ import annotations

import pytest

from casewall.programme.cases.national import STATUSES, WITHDRAWALS, status_of
from casewall.programme.cases.reasons import ExitReason, PauseReason, Reason
from casewall.programme.cases.rules import (
    FOLLOWS,
    PAUSE_REASONS,
    PAUSES,
    UNDER_WAY,
    Stage,
    may_move,
)

# From each status, those that may follow it: a fact of the national system, in our order.
NATIONAL: dict[str, tuple[str, ...]] = {
    "Awaiting assessment": ("Awaiting allocation", "Suitable but not ready", "Deprioritised",
                            "Recall", "Return to court"),
    "Awaiting allocation": ("Scheduled", "Deprioritised", "Recall", "Return to court"),
    "Scheduled": ("On programme", "Deprioritised", "Recall", "Return to court"),
    "On programme": ("Programme complete", "Breach (non-attendance)", "Recall", "Return to court"),
    "Return to court": ("Deferred", "Withdrawn"),
    "Suitable but not ready": ("Awaiting assessment", "Deprioritised", "Recall",
                               "Return to court"),
    "Deprioritised": ("Awaiting assessment", "Recall", "Return to court"),
    "Breach (non-attendance)": ("Awaiting assessment", "Withdrawn"),
    "Recall": ("Awaiting assessment", "Withdrawn"),
    "Deferred": ("Awaiting assessment", "Return to court"),
}
MOVES = [(came_from, to) for came_from, several in NATIONAL.items() for to in several]
BY_NAME = {status.name: status for status in STATUSES}


def reason_for(status: str, stage: Stage) -> Reason | None:
    """A reason with which a stage of ours is that national status."""
    if stage is Stage.EXITED:
        return ExitReason.ORDER_REVOKED
    if stage in PAUSES:
        return next(one for one in PAUSE_REASONS[stage] if status_of(stage, one) == status)
    return None


def leads(came_from: str, to: str, left: Stage) -> bool:
    """Whether our moves lead from one status to the other through the stages of the two alone."""
    ours, theirs = BY_NAME[came_from].stages, BY_NAME[to].stages
    seen: set[Stage] = set()
    edge = [ours[0]]
    while edge:
        now = edge.pop()
        seen.add(now)
        known = left if now in PAUSES else None
        for one in FOLLOWS[now]:
            if one in theirs and may_move(now, one, reason_for(to, one), left=known):
                return True
            if one in ours and one not in seen and one not in PAUSES:
                edge.append(one)
    return False


def test_there_are_thirty_two_moves() -> None:
    assert len(MOVES) == 32
    assert {name for move in MOVES for name in move} == set(BY_NAME)


@pytest.mark.parametrize(("came_from", "to"), MOVES)
def test_each_national_move_is_a_way_through_our_stages(came_from: str, to: str) -> None:
    """Whatever stage under way a case that waits had left, after somebody spoke with the client."""
    for left in UNDER_WAY[1:]:
        assert leads(came_from, to, left), left


@pytest.mark.parametrize(("came_from", "to"), [
    ("Awaiting assessment", "On programme"), ("Programme complete", "On programme"),
    ("Withdrawn", "Scheduled"), ("Awaiting allocation", "Programme complete"),
])
def test_what_is_no_national_move_is_no_way_of_ours(came_from: str, to: str) -> None:
    assert not leads(came_from, to, Stage.WAITING)


@pytest.mark.parametrize(("stage", "reason", "status"), [
    (Stage.REFERRED, "", None),
    (Stage.CONTACTED, "", "Awaiting assessment"),
    (Stage.WAITING, "", "Scheduled"),
    (Stage.DEFERRED, PauseReason.NOT_READY, "Suitable but not ready"),
    (Stage.DEFERRED, PauseReason.NOT_A_PRIORITY, "Deprioritised"),
    (Stage.DEFERRED, PauseReason.HEALTH, "Deferred"),
    (Stage.SUSPENDED, PauseReason.RECALL, "Recall"),
    (Stage.SUSPENDED, PauseReason.NOT_ATTENDING, "Breach (non-attendance)"),
    (Stage.SUSPENDED, PauseReason.NEW_ALLEGATION, None),
    (Stage.RETURNED, PauseReason.CANNOT_CONTINUE, "Return to court"),
    (Stage.CLOSED, "", "Programme complete"),
    (Stage.WITHDRAWN, "", "Withdrawn"),
])
def test_what_the_national_list_calls_a_stage(stage: Stage, reason: str, status: str | None
                                              ) -> None:
    assert status_of(stage, reason) == status


def test_every_national_reason_is_an_exit_reason_of_its_own() -> None:
    assert len(WITHDRAWALS) == 13 == len(set(WITHDRAWALS.values()))
