"""The statuses and reasons of a national programme, and which of ours they are.

The probation service of England and Wales keeps a referral to an accredited programme in eleven
statuses, before which it awaits assessment, and closes it for one of thirteen reasons. Every
status is a stage of ours, or a stage with a reason; every move between two statuses is a way in
our table of stages (shown by a test for all 32). Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from casewall.programme.cases.reasons import ExitReason, PauseReason
from casewall.programme.cases.rules import Stage


@dataclass(frozen=True, slots=True)
class Status:
    """A national status: the stages that it stands for, in their order, or a pause for a reason.

    Without `reasons` any reason of that pause that no other status names.
    """

    name: str
    stages: tuple[Stage, ...]
    reasons: tuple[PauseReason, ...] = ()


STATUSES: tuple[Status, ...] = (
    Status("Awaiting assessment", (Stage.CONTACTED, Stage.ASSESSMENT_BOOKED, Stage.ASSESSED)),
    Status("Awaiting allocation", (Stage.SUITABLE, Stage.AGREEMENT_SIGNED)),
    Status("Scheduled", (Stage.WAITING,)),
    Status("On programme", (Stage.STARTED, Stage.MINIMUM_DOSE)),
    Status("Programme complete", (Stage.COMPLETED, Stage.FOLLOW_UP, Stage.CLOSED)),
    Status("Suitable but not ready", (Stage.DEFERRED,), (PauseReason.NOT_READY,)),
    Status("Deprioritised", (Stage.DEFERRED,), (PauseReason.NOT_A_PRIORITY,)),
    Status("Deferred", (Stage.DEFERRED,)),
    Status("Breach (non-attendance)", (Stage.SUSPENDED,), (PauseReason.NOT_ATTENDING,)),
    Status("Recall", (Stage.SUSPENDED,), (PauseReason.RECALL, PauseReason.CUSTODY)),
    Status("Return to court", (Stage.RETURNED,)),
    Status("Withdrawn", (Stage.EXITED, Stage.WITHDRAWN)),
)

WITHDRAWALS: dict[str, ExitReason] = {
    "INE": ExitReason.INELIGIBLE,
    "MIS": ExitReason.MISTAKEN,
    "NOT": ExitReason.NOT_TAKING_PART,
    "NEE": ExitReason.NEEDS_MET_ELSEWHERE,
    "MOV": ExitReason.MOVED,
    "WOR": ExitReason.WORK_OR_CARE,
    "USE": ExitReason.DECEASED,
    "ACQ": ExitReason.ACQUITTED,
    "RET": ExitReason.CUSTODY,
    "SER": ExitReason.ORDER_REVOKED,
    "SEE": ExitReason.ORDER_EXPIRED,
    "EAR": ExitReason.ALREADY_COMPLETED,
    "ANO": ExitReason.OTHER,
}
"""The code of each national withdrawal reason, and our exit reason."""


def status_of(stage: Stage, reason: str = "") -> str | None:
    """The national status of a case at a stage, where it waits with its reason.

    None for a referral that nobody has answered yet, and for a suspension for a reason that the
    national list does not have.
    """
    general = None
    for status in STATUSES:
        if stage not in status.stages:
            continue
        if reason in status.reasons:
            return status.name
        if not status.reasons:
            general = status.name
    return general
