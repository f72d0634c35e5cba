"""The rules of a case: its stages and what may follow what. Source: field guide, section 3.3."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from casewall.wall.decide import Decision
from casewall.wall.duties import Duty


class Stage(StrEnum):
    """Where a case stands."""

    REFERRED = "referred"
    CONTACTED = "contacted"
    ASSESSMENT_BOOKED = "assessment_booked"
    ASSESSED = "assessed"
    SUITABLE = "suitable"
    AGREEMENT_SIGNED = "agreement_signed"
    WAITING = "waiting"
    STARTED = "started"
    MINIMUM_DOSE = "minimum_dose"
    COMPLETED = "completed"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    EXITED = "exited"
    WITHDRAWN = "withdrawn"


class ExitReason(StrEnum):
    """Why a case left before completion. *Declined* and *not reached* are never one thing."""

    DECLINED = "declined"
    NOT_REACHED = "not_reached"
    UNSUITABLE = "unsuitable"
    WITHDREW = "withdrew"
    REMOVED_ATTENDANCE = "removed_attendance"
    REMOVED_CONDUCT = "removed_conduct"
    NEW_VIOLENCE = "new_violence"
    CUSTODY = "custody"
    MOVED = "moved"
    DECEASED = "deceased"
    TRANSFERRED = "transferred"


class Contact(StrEnum):
    """What came of trying to reach the client."""

    NOT_TRIED = "not_tried"
    NOT_REACHED = "not_reached"
    DECLINED = "declined"
    ENGAGED = "engaged"


class Outcome(StrEnum):
    """What came of one attempt at contact."""

    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    DECLINED = "declined"
    SPOKE = "spoke"


class Route(StrEnum):
    """How contact was tried."""

    PHONE = "phone"
    LETTER = "letter"
    TEXT = "text"
    EMAIL = "email"
    VISIT = "visit"
    OFFICE = "office"


class Suitability(StrEnum):
    """The decision of an assessment."""

    SUITABLE = "suitable"
    NOT_SUITABLE = "not_suitable"


FOLLOWS: dict[Stage, tuple[Stage, ...]] = {
    Stage.REFERRED: (Stage.CONTACTED, Stage.EXITED, Stage.WITHDRAWN),
    Stage.CONTACTED: (Stage.ASSESSMENT_BOOKED, Stage.EXITED),
    Stage.ASSESSMENT_BOOKED: (Stage.ASSESSED, Stage.EXITED),
    Stage.ASSESSED: (Stage.SUITABLE, Stage.EXITED),
    Stage.SUITABLE: (Stage.AGREEMENT_SIGNED, Stage.EXITED),
    Stage.AGREEMENT_SIGNED: (Stage.WAITING, Stage.STARTED, Stage.EXITED),
    Stage.WAITING: (Stage.STARTED, Stage.EXITED),
    Stage.STARTED: (Stage.MINIMUM_DOSE, Stage.COMPLETED, Stage.EXITED),
    Stage.MINIMUM_DOSE: (Stage.COMPLETED, Stage.EXITED),
    Stage.COMPLETED: (Stage.FOLLOW_UP, Stage.CLOSED),
    Stage.FOLLOW_UP: (Stage.CLOSED,),
    Stage.CLOSED: (),
    Stage.EXITED: (),
    Stage.WITHDRAWN: (),
}
"""Allowed transitions. A case is reopened by a new referral."""

OPEN_STAGES = frozenset(set(Stage) - {Stage.CLOSED, Stage.EXITED, Stage.WITHDRAWN})

NEXT_ACTION: dict[Stage, tuple[str, int] | None] = {
    Stage.REFERRED: ("contact", 2),
    Stage.CONTACTED: ("book_assessment", 5),
    Stage.ASSESSMENT_BOOKED: ("hold_assessment", 10),
    Stage.ASSESSED: ("decide_suitability", 5),
    Stage.SUITABLE: ("sign_agreement", 7),
    Stage.AGREEMENT_SIGNED: ("place_in_group", 7),
    Stage.WAITING: ("place_in_group", 14),
    Stage.STARTED: ("review", 90),
    Stage.MINIMUM_DOSE: ("review_completion", 14),
    Stage.COMPLETED: ("book_follow_up", 180),
    Stage.FOLLOW_UP: ("close", 30),
    Stage.CLOSED: None,
    Stage.EXITED: None,
    Stage.WITHDRAWN: None,
}
"""What a case needs next, and within how many calendar days of the move (defaults of ours)."""

NEXT_ACTION_WORDS: dict[str, str] = {
    "contact": "Make first contact",
    "contact_again": "Try to reach again",
    "book_assessment": "Book the assessment",
    "hold_assessment": "Hold the assessment",
    "decide_suitability": "Decide on suitability",
    "sign_agreement": "Go through the agreement",
    "place_in_group": "Place in a group",
    "first_session": "First session with the group",
    "review": "Review the work",
    "review_completion": "Decide on completion",
    "book_follow_up": "Book the follow-up",
    "close": "Close the case",
}

EXIT_WORDS: dict[ExitReason, str] = {
    ExitReason.DECLINED: "Declined",
    ExitReason.NOT_REACHED: "Not reached",
    ExitReason.UNSUITABLE: "Not suitable",
    ExitReason.WITHDREW: "Withdrew",
    ExitReason.REMOVED_ATTENDANCE: "Removed for attendance",
    ExitReason.REMOVED_CONDUCT: "Removed for conduct",
    ExitReason.NEW_VIOLENCE: "New violence",
    ExitReason.CUSTODY: "In custody",
    ExitReason.MOVED: "Moved away",
    ExitReason.DECEASED: "Died",
    ExitReason.TRANSFERRED: "Transferred to another service",
}

OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.NO_ANSWER: "No answer",
    Outcome.MESSAGE_LEFT: "Message left",
    Outcome.DECLINED: "Reached, and declined",
    Outcome.SPOKE: "Spoke with the client",
}

ROUTE_WORDS: dict[Route, str] = {
    Route.PHONE: "Phone",
    Route.LETTER: "Letter",
    Route.TEXT: "Text message",
    Route.EMAIL: "E-mail",
    Route.VISIT: "Visit",
    Route.OFFICE: "In the office",
}

TASK_WORDS: dict[str, str] = {
    "referral_withdrawn": "The referral was taken back after work had begun: decide what follows",
}
"""Tasks in words; a kind that is not listed is shown as its code reads."""

PURPOSE_WORDS: dict[str, str] = {
    "statement": "Statement",
    "risk_level": "Risk level",
    "placement": "Placement",
    "meeting_action": "Action from a case meeting",
    "safeguarding": "Safeguarding",
}
"""What a statement that arrived is for, in words."""

RETRY_DAYS = 3
"""Calendar days after an attempt that reached nobody. Default of ours."""


def may_move(now: Stage, to: Stage, reason: ExitReason | None) -> Decision:
    """Whether a case may go from one stage to another, with a sentence for the worker."""
    if to not in FOLLOWS[now]:
        allowed = ", ".join(words(stage) for stage in FOLLOWS[now]) or "nothing"
        return Decision(False, f"A case that is “{words(now)}” cannot become “{words(to)}”; "
                               f"next can be: {allowed}.")
    if to is Stage.EXITED and reason is None:
        return Decision(False, "An exit needs a reason.")
    if to is not Stage.EXITED and reason is not None:
        return Decision(False, "Only an exit has an exit reason.")
    return Decision(True, f"“{words(to)}” may follow “{words(now)}”.")


def words(code: str) -> str:
    """A code as people read it."""
    return str(code).replace("_", " ")


def contact_after(now: Contact, outcome: Outcome) -> Contact:
    """The contact status after one more attempt.

    A client who has engaged stays engaged; a decline stands until somebody is spoken to again.
    """
    match outcome:
        case Outcome.SPOKE:
            return Contact.ENGAGED
        case Outcome.DECLINED:
            return Contact.DECLINED
        case Outcome.NO_ANSWER | Outcome.MESSAGE_LEFT:
            return Contact.NOT_REACHED if now is Contact.NOT_TRIED else now
    raise AssertionError("every outcome has its case above")


def next_action(stage: Stage, on: date) -> tuple[str, date | None]:
    """What a case needs next after a move on this day, and by when; `("", None)` when closed."""
    due = NEXT_ACTION[stage]
    if due is None:
        return "", None
    return due[0], on + timedelta(days=due[1])


def has_been_worked_on(stage: Stage, contact: Contact) -> bool:
    """Whether anybody has begun work, so that a withdrawal must become a task."""
    return stage is not Stage.REFERRED or contact is not Contact.NOT_TRIED


class Step(StrEnum):
    """What a worker can do with a case, each through a form of its own."""

    CONTACT = "contact"
    BOOK = "book"
    DECIDE = "decide"
    SIGN = "sign"
    PLACE = "place"
    MOVE = "move"
    DECLARE = "declare"
    EXIT = "exit"


STEP_DUTY: dict[Step, Duty] = {
    Step.CONTACT: Duty.RECORD_CONTACT,
    Step.BOOK: Duty.ASSESS,
    Step.DECIDE: Duty.ASSESS,
    Step.SIGN: Duty.SIGN_AGREEMENT,
    Step.PLACE: Duty.RUN_GROUP,
    Step.MOVE: Duty.MOVE_CASE,
    Step.DECLARE: Duty.RECORD_CONTACT,
    Step.EXIT: Duty.MOVE_CASE,
}
"""The duty that each step needs."""

_STEP_AT: dict[Stage, Step] = {
    Stage.CONTACTED: Step.BOOK,
    Stage.ASSESSMENT_BOOKED: Step.DECIDE,
    Stage.SUITABLE: Step.SIGN,
    Stage.AGREEMENT_SIGNED: Step.PLACE,
    Stage.WAITING: Step.PLACE,
}

_PLACE_AS_WELL = frozenset({Stage.STARTED, Stage.MINIMUM_DOSE})

_BY_ANOTHER_FORM = frozenset({Stage.CONTACTED, Stage.ASSESSMENT_BOOKED, Stage.ASSESSED,
                              Stage.AGREEMENT_SIGNED, Stage.EXITED, Stage.WITHDRAWN})


def moves_by_hand(stage: Stage) -> tuple[Stage, ...]:
    """The stages to which a worker may move a case without a record of what brought it there.

    An assessment, an agreement and a first contact are recorded, and the case moves with them.
    """
    return tuple(to for to in FOLLOWS[stage] if to not in _BY_ANOTHER_FORM)


def steps_open(stage: Stage) -> tuple[Step, ...]:
    """What can be done with a case at this stage, the step that it waits for first.

    A contact can be recorded at any stage: somebody whose case is closed may still call.
    """
    waits_for = [_STEP_AT[stage]] if stage in _STEP_AT else []
    steps = [*waits_for, Step.CONTACT]
    if moves_by_hand(stage):
        steps.append(Step.MOVE)
    if stage in _PLACE_AS_WELL:
        steps.append(Step.PLACE)
    if stage in OPEN_STAGES:
        steps.append(Step.DECLARE)
    if Stage.EXITED in FOLLOWS[stage]:
        steps.append(Step.EXIT)
    return tuple(steps)


def id_of_form(owner: UUID, form: UUID) -> UUID:
    """The identifier of the record that a form makes, so that sending it twice makes one.

    Bound to its owner (the case, the worker): a form's number sent elsewhere meets no record.
    """
    return uuid5(owner, str(form))


def drawing(follows: dict[Stage, tuple[Stage, ...]] = FOLLOWS) -> str:
    """The transitions as a Mermaid diagram for the documentation."""
    lines = ["stateDiagram-v2", "    [*] --> referred"]
    for stage, nexts in follows.items():
        lines += [f"    {stage} --> {to}" for to in nexts]
    lines += [f"    {stage} --> [*]" for stage in _ends(follows)]
    return "\n".join(lines) + "\n"


def _ends(follows: dict[Stage, tuple[Stage, ...]]) -> Iterable[Stage]:
    return (stage for stage, nexts in follows.items() if not nexts)
