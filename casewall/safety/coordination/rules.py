"""Rules of disclosure. Source: the design, section 2; security guide, section 2.3."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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


class InDanger(StrEnum):
    """Who is in danger where something is released at once."""

    PARTNER = "partner"
    CHILD = "child"
    CLIENT = "client"
    WORKER = "worker"
    SOMEBODY_ELSE = "somebody_else"


class Review(StrEnum):
    """What came of looking again at a disclosure that was released at once."""

    WAITING = "waiting"
    UPHELD = "upheld"
    RECALLED = "recalled"


REVIEW_HOURS = 48
"""Within so many hours another worker looks again at what was released in an emergency."""

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


def may_release_at_once(text: str, danger: str) -> Decision:
    """Whether something may be released without approvers, because somebody is in danger.

    What it costs is accepted here: a release at once tells the programme side when it happened.
    Nothing else tells; what crosses looks like any other disclosure.
    """
    if not danger.strip():
        return Decision(False, "Write what the danger is and why it cannot wait for approvers.")
    if not text.strip():
        return Decision(False, "Write what the programme side is to know.")
    if len(text) > MAXIMUM_CHARACTERS:
        return Decision(False, f"Keep to {MAXIMUM_CHARACTERS} characters; this has {len(text)}.")
    return Decision(True, "It is released at once and reviewed by another worker.")


def review_due(released_at: datetime) -> datetime:
    """The moment until which an emergency release is to be reviewed."""
    return released_at + timedelta(hours=REVIEW_HOURS)


def may_review(reviewer: object, released_by: object, review: Review | None) -> Decision:
    """Whether this worker may review an emergency release. `review` is None for no emergency."""
    if review is None:
        return Decision(False, "Only what was released in an emergency is reviewed.")
    if review is not Review.WAITING:
        return Decision(False, "This release has been reviewed already.")
    if reviewer == released_by:
        return Decision(False, "Whoever released it cannot review it: another worker does.")
    return Decision(True, "Your review counts.")


def may_agree(agreed_on: date, today: date) -> Decision:
    """Whether the partner's permission can be of this day."""
    if agreed_on > today:
        return Decision(False, "The day on which the partner agreed cannot be in the future.")
    return Decision(True, "The partner agreed to exactly these words.")


def next_release(now: datetime) -> datetime:
    """The next fixed moment of release after `now`, in the time zone of `now`."""
    for days in (0, 1):
        day = (now + timedelta(days=days)).date()
        for hour in RELEASE_HOURS:
            moment = datetime.combine(day, time(hour), tzinfo=now.tzinfo)
            if moment > now:
                return moment
    raise AssertionError("a day has a fixed hour of release")


@dataclass(frozen=True, slots=True)
class Course:
    """What became of one disclosure. `review` is None where two approvers decide."""

    state: State
    review: Review | None = None
    review_due_at: datetime | None = None
    reviewed_at: datetime | None = None

    @property
    def crossed(self) -> bool:
        """Whether it was released, recalled since or not."""
        return self.state in (State.RELEASED, State.RECALLED)


def is_late(course: Course, now: datetime) -> bool:
    """Whether an emergency release was reviewed after its moment, or has not been by now."""
    if course.review_due_at is None:
        return False
    return (course.reviewed_at or now) > course.review_due_at


def counted(courses: Iterable[Course], now: datetime) -> tuple[tuple[str, int, int, str], ...]:
    """(what, n, of how many, of what) over disclosures: each number with its denominator."""
    rows = tuple(courses)
    asked = [row for row in rows if row.review is None]
    emergencies = [row for row in rows if row.review is not None]
    crossed = [row for row in rows if row.crossed]
    late = [row for row in emergencies if is_late(row, now)]
    due = [row for row in emergencies if row.reviewed_at is not None or is_late(row, now)]

    def of(state: State, among: list[Course]) -> int:
        return sum(row.state is state for row in among)

    approved = [row for row in asked if row.state is State.APPROVED or row.crossed]
    decided = len(approved) + of(State.REFUSED, asked)
    return (
        ("Asked for", len(asked), len(rows), "disclosures"),
        ("Waiting for approvers", of(State.ASKED, asked), len(asked), "asked for"),
        ("Approved", len(approved), decided, "decided"),
        ("Refused", of(State.REFUSED, asked), decided, "decided"),
        ("Released", len(crossed), len(rows), "disclosures"),
        ("Recalled", of(State.RECALLED, crossed), len(crossed), "released"),
        ("Released at once, in an emergency", len(emergencies), len(crossed), "released"),
        ("Emergency reviewed in time", len(due) - len(late), len(due), "due for review"),
        ("Emergency reviewed late, or not yet and late", len(late), len(due), "due for review"),
    )
