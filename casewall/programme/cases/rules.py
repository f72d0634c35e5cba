"""The rules of a case: its stages and what may follow what. Source: field guide, section 3.3.

Why a case leaves, waits or is taken up again stands in `reasons.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from casewall.programme.cases.reasons import NEEDS_A_NOTE, PAUSE_WORDS, PauseReason, Reason
from casewall.programme.cases.reasons import ExitReason as ExitReason
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
    DEFERRED = "deferred"
    SUSPENDED = "suspended"
    RETURNED = "returned"
    CLOSED = "closed"
    EXITED = "exited"
    WITHDRAWN = "withdrawn"


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
    """The decision of an assessment. Source: field guide, section 3.2."""

    SUITABLE = "suitable"
    SUITABLE_WITH_CONDITIONS = "suitable_with_conditions"
    NOT_SUITABLE = "not_suitable"
    DEFERRED = "deferred"
    PASSED_ON = "passed_on"


class MoveKind(StrEnum):
    """What a move is: a step of the work, a case taken up again, or a wrong move put right."""

    MOVE = "move"
    REOPENING = "reopening"
    CORRECTION = "correction"


PAUSES = (Stage.DEFERRED, Stage.SUSPENDED, Stage.RETURNED)
"""The case waits: until a day, while something is looked into, or with whoever referred it."""

_LEAVES = (*PAUSES, Stage.EXITED)

FOLLOWS: dict[Stage, tuple[Stage, ...]] = {
    Stage.REFERRED: (Stage.CONTACTED, *_LEAVES, Stage.WITHDRAWN),
    Stage.CONTACTED: (Stage.ASSESSMENT_BOOKED, *_LEAVES),
    Stage.ASSESSMENT_BOOKED: (Stage.ASSESSED, Stage.CONTACTED, *_LEAVES),
    Stage.ASSESSED: (Stage.SUITABLE, *_LEAVES),
    Stage.SUITABLE: (Stage.AGREEMENT_SIGNED, *_LEAVES),
    Stage.AGREEMENT_SIGNED: (Stage.WAITING, Stage.STARTED, *_LEAVES),
    Stage.WAITING: (Stage.STARTED, *_LEAVES),
    Stage.STARTED: (Stage.MINIMUM_DOSE, Stage.COMPLETED, *_LEAVES),
    Stage.MINIMUM_DOSE: (Stage.COMPLETED, *_LEAVES),
    Stage.COMPLETED: (Stage.FOLLOW_UP, Stage.CLOSED),
    Stage.FOLLOW_UP: (Stage.CLOSED,),
    **{
        pause: (
            Stage.REFERRED, Stage.CONTACTED, Stage.ASSESSED, Stage.SUITABLE,
            Stage.AGREEMENT_SIGNED, Stage.WAITING, Stage.STARTED, Stage.MINIMUM_DOSE,
            *((Stage.DEFERRED,) if pause is Stage.DEFERRED else ()),
            *(other for other in PAUSES if other is not pause), Stage.EXITED,
        )
        for pause in PAUSES
    },
    Stage.CLOSED: (),
    Stage.EXITED: (),
    Stage.WITHDRAWN: (),
}
"""Allowed moves. From a pause the case goes on where it stopped or is assessed anew: `goes_on_to`.

A deferral may follow a deferral: another day, another reason.
"""

UNDER_WAY = tuple(stage for stage in Stage if set(_LEAVES) <= set(FOLLOWS[stage])
                  and stage not in PAUSES)
"""The stages from the referral to the minimum dose: a case can leave or wait at each of them."""

ENDS = frozenset({Stage.CLOSED, Stage.EXITED, Stage.WITHDRAWN})
OPEN_STAGES = frozenset(set(Stage) - ENDS)

_GOES_ON = frozenset({Stage.ASSESSED, Stage.SUITABLE, Stage.AGREEMENT_SIGNED, Stage.WAITING,
                      Stage.STARTED, Stage.MINIMUM_DOSE})
"""Stages at which a case can be taken up where it stopped; before them somebody calls again."""

PAUSE_REASONS: dict[Stage, tuple[PauseReason, ...]] = {
    Stage.DEFERRED: (
        PauseReason.NOT_READY, PauseReason.NOT_A_PRIORITY, PauseReason.SUBSTANCE_USE,
        PauseReason.HEALTH, PauseReason.PROCEEDINGS, PauseReason.WORK_OR_CARE,
        PauseReason.NO_PLACE, PauseReason.CUSTODY, PauseReason.OTHER),
    Stage.SUSPENDED: (
        PauseReason.NOT_ATTENDING, PauseReason.CONDUCT, PauseReason.NEW_ALLEGATION,
        PauseReason.RECALL, PauseReason.CUSTODY, PauseReason.OTHER),
    Stage.RETURNED: (
        PauseReason.INCOMPLETE_REFERRAL, PauseReason.NOT_SUITABLE_HERE,
        PauseReason.CANNOT_CONTINUE, PauseReason.OTHER),
}
"""Why a case may wait, by the kind of waiting."""

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
    Stage.DEFERRED: ("review_deferral", 28),
    Stage.SUSPENDED: ("review_suspension", 14),
    Stage.RETURNED: ("ask_referrer", 28),
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
    "review_deferral": "Look again at the deferral",
    "review_suspension": "Decide how the case goes on",
    "ask_referrer": "Ask the referrer what was decided",
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
    "follow_up": "Follow up a note",
    "answer_signals_danger": "An answer signals danger: read it today",
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


def may_move(now: Stage, to: Stage, reason: Reason | None = None, *,
             left: Stage | None = None) -> Decision:
    """Whether a case may go from one stage to another, with a sentence for the worker.

    `left` is the stage that a case which waits has left; None where it is not known, and then
    the table alone decides.
    """
    nexts = [to for to in FOLLOWS[now] if now not in PAUSES or left is None or to in _LEAVES
             or to in goes_on_to(left)]
    if to not in nexts:
        allowed = ", ".join(map(words, nexts)) or "nothing"
        return Decision(False, f"A case that is “{words(now)}” cannot become “{words(to)}”; "
                               f"next can be: {allowed}.")
    wrong = _wrong_reason(to, reason)
    return Decision(not wrong, wrong or f"“{words(to)}” may follow “{words(now)}”.")


def _wrong_reason(to: Stage, reason: Reason | None) -> str:
    """Why a reason does not go with a stage, as a sentence; empty where it does."""
    if to is Stage.EXITED:
        return "" if isinstance(reason, ExitReason) else "An exit needs a reason."
    if to in PAUSES:
        allowed = "; ".join(PAUSE_WORDS[one].lower() for one in PAUSE_REASONS[to])
        fits = isinstance(reason, PauseReason) and reason in PAUSE_REASONS[to]
        return "" if fits else f"“{words(to)}” needs one of these reasons: {allowed}."
    if reason is not None:
        return "Only an exit has an exit reason, and only a pause that of a pause."
    return ""


def goes_on_to(left: Stage) -> tuple[Stage, ...]:
    """Where a case that waits can go on, by the stage that it left.

    Where it stopped, or back to where the next assessment is booked. A referral that was never
    answered is a referral again.
    """
    if left is Stage.REFERRED:
        return (Stage.REFERRED,)
    return (left, Stage.CONTACTED) if left in _GOES_ON else (Stage.CONTACTED,)


def reopens_to(now: Stage, left: Stage) -> tuple[Stage, ...]:
    """Where a case that has ended can be taken up again, by its end and the stage before it."""
    match now:
        case Stage.EXITED:
            return goes_on_to(left)
        case Stage.CLOSED:
            return (Stage.FOLLOW_UP, Stage.CONTACTED)
        case Stage.WITHDRAWN:
            return (Stage.REFERRED,)
        case _:
            return ()


def may_reopen(now: Stage, to: Stage, left: Stage) -> Decision:
    """Whether a case that has ended may be taken up again at this stage."""
    targets = reopens_to(now, left)
    if to in targets:
        return Decision(True, f"A case that is “{words(now)}” may become “{words(to)}” again.")
    if not targets:
        return Decision(False, f"A case that is “{words(now)}” has not ended.")
    return Decision(False, f"A case that is “{words(now)}” cannot become “{words(to)}” again; it "
                           f"can become: {', '.join(map(words, targets))}.")


class Moved(Protocol):
    """A move as it is kept: where from, where to, of what kind, and when it was written down."""

    id: UUID
    came_from: str
    went_to: str
    kind: str
    corrects_id: UUID | None
    recorded_at: datetime


M = TypeVar("M", bound=Moved)


def standing(moves: Collection[M]) -> list[M]:
    """The moves that hold: neither corrected nor corrections, the newest first."""
    corrected = {move.corrects_id for move in moves if move.corrects_id}
    held = [move for move in moves
            if move.id not in corrected and move.kind != MoveKind.CORRECTION]
    return sorted(held, key=lambda move: move.recorded_at, reverse=True)


def move_into(moves: Collection[M], stage: str, but: Collection[UUID] = ()) -> M | None:
    """The newest move that holds and brought the case to this stage, none of `but`."""
    found = (move for move in standing(moves) if move.went_to == stage and move.id not in but)
    return next(found, None)


def stage_left(moves: Collection[M], now: Stage) -> Stage:
    """The stage under way that a case was at before it began to wait, or ended."""
    seen: set[UUID] = set()
    stage: str = now
    while stage in PAUSES or stage in ENDS:
        move = move_into(moves, stage, seen)
        if move is None:
            return Stage.REFERRED
        seen.add(move.id)
        stage = move.came_from
    return Stage(stage)


def may_correct(now: Stage, move: Moved | None, note: str) -> Decision:
    """Whether the move that brought a case to its stage can be put right by a correcting one."""
    if move is None or not move.came_from:
        return Decision(False, f"No move brought this case to “{words(now)}”, so there is none to "
                               "correct.")
    if now is Stage.WITHDRAWN:
        return Decision(False, "The referral was taken back where it came from. A case that was "
                               "withdrawn is reopened, not corrected.")
    if not note.strip():
        return Decision(False, "A correction needs a note: what was wrong.")
    return Decision(True, f"The case can be “{words(move.came_from)}” again.")


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


def next_action(stage: Stage, on: date, until: date | None = None) -> tuple[str, date | None]:
    """What a case needs next after a move on this day, and by when; `("", None)` when closed.

    A case that waits until a day is looked at on that day.
    """
    due = NEXT_ACTION[stage]
    if due is None:
        return "", None
    return due[0], until or on + timedelta(days=due[1])


def pause_fits(to: Stage, on: date, until: date | None) -> Decision:
    """Whether a pause has the day that it needs: a deferral one, the others may have one."""
    if to is Stage.DEFERRED and until is None:
        return Decision(False, "A deferral needs the day on which the case is looked at again.")
    if until is not None and to not in PAUSES:
        return Decision(False, f"“{words(to)}” has no day until which the case waits.")
    if until is not None and until <= on:
        return Decision(False, f"The case waits from {on:%-d %B %Y}; the day on which it is looked "
                               "at again must come after that.")
    return Decision(True, "The day fits.")


def says_enough(reason: Reason | None, to_whom: str | None, note: str | None) -> Decision:
    """Whether a transfer says to whom, and “another reason” which one."""
    if reason is ExitReason.TRANSFERRED and not to_whom:
        return Decision(False, "A transfer needs the agency or service to which it goes.")
    if reason in NEEDS_A_NOTE and not note:
        return Decision(False, "“Another reason” needs a note that says which.")
    return Decision(True, "The reason says enough.")


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
    PAUSE = "pause"
    RESUME = "resume"
    DECLARE = "declare"
    EXIT = "exit"
    REOPEN = "reopen"
    CORRECT = "correct"


STEP_DUTY: dict[Step, Duty] = {
    Step.CONTACT: Duty.RECORD_CONTACT,
    Step.BOOK: Duty.ASSESS,
    Step.DECIDE: Duty.ASSESS,
    Step.SIGN: Duty.SIGN_AGREEMENT,
    Step.PLACE: Duty.RUN_GROUP,
    Step.MOVE: Duty.MOVE_CASE,
    Step.DECLARE: Duty.RECORD_CONTACT,
    Step.EXIT: Duty.MOVE_CASE,
    Step.PAUSE: Duty.MOVE_CASE,
    Step.RESUME: Duty.MOVE_CASE,
    Step.REOPEN: Duty.REOPEN,
    Step.CORRECT: Duty.MOVE_CASE,
}
"""The duty that each step needs."""

_STEP_AT: dict[Stage, Step] = {
    Stage.CONTACTED: Step.BOOK,
    Stage.ASSESSMENT_BOOKED: Step.DECIDE,
    Stage.ASSESSED: Step.DECIDE,
    Stage.SUITABLE: Step.SIGN,
    Stage.AGREEMENT_SIGNED: Step.PLACE,
    Stage.WAITING: Step.PLACE,
    Stage.DEFERRED: Step.RESUME,
    Stage.SUSPENDED: Step.RESUME,
    Stage.RETURNED: Step.RESUME,
}

_PLACE_AS_WELL = frozenset({Stage.STARTED, Stage.MINIMUM_DOSE})

_BY_ANOTHER_FORM = frozenset({Stage.CONTACTED, Stage.ASSESSMENT_BOOKED, Stage.ASSESSED,
                              Stage.SUITABLE, Stage.AGREEMENT_SIGNED, *_LEAVES,
                              Stage.WITHDRAWN})

_MISSED = (Stage.ASSESSMENT_BOOKED, Stage.CONTACTED)
"""The client did not come to the assessment: the next step is to book another time."""


def moves_by_hand(stage: Stage) -> tuple[Stage, ...]:
    """The stages to which a worker may move a case without a record of what brought it there.

    A contact, an assessment and an agreement are recorded, and the case moves with them. Waiting,
    going on and leaving have forms of their own.
    """
    if stage in PAUSES:
        return ()
    return tuple(to for to in FOLLOWS[stage]
                 if to not in _BY_ANOTHER_FORM or (stage, to) == _MISSED)


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
    if stage in PAUSES or stage in UNDER_WAY:
        steps += [Step.PAUSE, Step.EXIT]
    if stage in ENDS:
        steps.append(Step.REOPEN)
    if stage not in (Stage.REFERRED, Stage.WITHDRAWN):
        steps.append(Step.CORRECT)
    return tuple(steps)
