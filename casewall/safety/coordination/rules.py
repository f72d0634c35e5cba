"""Rules of disclosure. Source: the design, section 2; security guide, section 2.3."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum

from casewall.wall.decide import Decision
from casewall.wall.sides import Role


class Purpose(StrEnum):
    """The closed list of purposes for which something may be told to the programme side."""

    STATEMENT = "statement"
    RISK_LEVEL = "risk_level"
    PLACEMENT = "placement"
    MEETING_ACTION = "meeting_action"
    SAFEGUARDING = "safeguarding"


class State(StrEnum):
    """Where a disclosure stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    RELEASED = "released"
    RECALLED = "recalled"


class Ground(StrEnum):
    """On whose decision it rests."""

    PARTNER_CONSENT = "partner_consent"
    RECORDED_OVERRIDE = "recorded_override"


RELEASE_HOURS = (9, 15)
"""The fixed hours of release. A release at the triggering moment would tell when it happened."""

MAXIMUM_CHARACTERS = 500
"""Minimum text: what needs more is a conversation."""

PARTNER_SUPPORT = frozenset({Role.PARTNER_WORKER})


def may_ask(text: str, ground: Ground, override_reason: str, other_sources: int) -> Decision:
    """Whether a disclosure may be asked for, with a sentence.

    `other_sources` is how many sources besides the partner could have produced the fact.
    """
    if not text.strip():
        return Decision(False, "Write what the programme side is to know.")
    if len(text) > MAXIMUM_CHARACTERS:
        return Decision(False, f"Keep to {MAXIMUM_CHARACTERS} characters; this has {len(text)}.")
    if ground is Ground.RECORDED_OVERRIDE and not override_reason.strip():
        return Decision(False, "An override of the partner's wish needs its reason.")
    if other_sources < 2 and ground is not Ground.PARTNER_CONSENT:
        return Decision(
            False,
            "Fewer than two other sources could have produced this: the partner "
            "would be recognised as its source.",
        )
    return Decision(True, "It can be put to two approvers.")


def may_name_another(purpose: Purpose, case: object, other: object | None) -> Decision:
    """Whether a disclosure about a case may name another client's case."""
    if other is None:
        return Decision(True, "It names no other client.")
    if purpose is not Purpose.PLACEMENT:
        return Decision(False, "Only a placement constraint names another client.")
    if other == case:
        return Decision(False, "The other client is the client of this case: name another one.")
    return Decision(True, "The two cannot be placed together.")


def may_approve(
    role: Role, approver: object, asker: object, earlier: tuple[tuple[object, Role], ...]
) -> Decision:
    """Whether this worker may add an approval. `earlier` holds (worker, role) of approvals."""
    if approver == asker:
        return Decision(False, "Whoever asks for a disclosure cannot approve it.")
    if any(approver == worker for worker, _ in earlier):
        return Decision(False, "You have approved this already.")
    roles = [r for _, r in earlier] + [role]
    if len(roles) >= 2 and not PARTNER_SUPPORT.intersection(roles):
        return Decision(False, "One of the two approvers must be from partner support.")
    return Decision(True, "Your approval counts.")


def is_approved(roles: tuple[Role, ...]) -> bool:
    """Two approvals, one of them from partner support."""
    return len(roles) >= 2 and bool(PARTNER_SUPPORT.intersection(roles))


def next_release(now: datetime) -> datetime:
    """The next fixed moment of release after `now`, in the time zone of `now`."""
    for days in (0, 1):
        day = (now + timedelta(days=days)).date()
        for hour in RELEASE_HOURS:
            moment = datetime.combine(day, time(hour), tzinfo=now.tzinfo)
            if moment > now:
                return moment
    raise AssertionError("a day has a fixed hour of release")
