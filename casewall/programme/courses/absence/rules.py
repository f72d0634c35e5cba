"""The absence ladder: which of its steps the marks of a client have reached. Pure.

Source: field guide, section 3.12; the steps come from the programme template. What contacts the
client falls due a fixed interval after the register was saved. That interval is the template's
and the same for everybody, whatever else is on file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from casewall.programme.courses.rules import ActKind, ActState, Marked
from casewall.services.programmes import LadderStep, Template
from casewall.wall.decide import Decision

ACT_WORDS: dict[ActKind, str] = {
    ActKind.CALL: "Call the client",
    ActKind.LETTER: "Write to the client",
    ActKind.REFERRER_NOTICE: "Tell the referrer",
    ActKind.REVIEW: "Review the course",
}

ACT_STATE_WORDS: dict[ActState, tuple[str, str]] = {
    ActState.PROPOSED: ("Proposed", "blue"),
    ActState.ACCEPTED: ("Accepted", "teal"),
    ActState.DONE: ("Done", "green"),
    ActState.DISMISSED: ("Dismissed", "grey"),
    ActState.WITHDRAWN: ("Mark corrected", "grey"),
}

CONTACTS_CLIENT = frozenset({ActKind.CALL, ActKind.LETTER})
DECIDED = frozenset({ActState.ACCEPTED, ActState.DONE, ActState.DISMISSED})
OPEN = frozenset({ActState.PROPOSED, ActState.ACCEPTED})

NOTICE_DAYS = 7
"""Days within which the referrer is told where the template sets none: Washington WAC
388-60B-0425, seven days."""

REVIEW_DAYS = 7
"""Days within which a proposed review is held. Default of ours."""


@dataclass(slots=True)
class Window:
    """The sessions over which a step counts, and the one at which it was reached, if it was."""

    sessions: set[UUID] = field(default_factory=set)
    count: int = 0
    reached_at: UUID | None = None


_COUNTS: dict[str, Callable[[Marked], bool]] = {
    "unaccepted_in_a_row": lambda mark: mark.is_unaccepted,
    "unaccepted": lambda mark: mark.is_unaccepted,
    "absences": lambda mark: not mark.attended,
    "late": lambda mark: mark.attended and mark.late,
}


def windows(
    step: LadderStep, marks: Sequence[Marked], phase_of: Callable[[str], str]
) -> list[Window]:
    """The windows of a step over marks in the order of the sessions, cancelled ones left out.

    A row ends with any mark that is not an unaccepted absence; other counts run over the whole
    course or begin again with each phase, `phase_of` giving the phase of a module.
    """
    in_a_row = step.counting == "unaccepted_in_a_row"
    found: dict[tuple[int, str], Window] = {}
    row, last_phase = 0, ""
    for mark in marks:
        phase = phase_of(mark.module) if step.within == "phase" else ""
        counts = _COUNTS[step.counting](mark)
        if in_a_row and (not counts or phase != last_phase):
            row += 1
        last_phase = phase
        if in_a_row and not counts:
            continue
        window = found.setdefault((row, phase), Window())
        window.sessions.add(mark.session)
        if counts:
            window.count += 1
            if window.count == step.after:
                window.reached_at = mark.session
    return list(found.values())


@dataclass(frozen=True, slots=True)
class KnownAct:
    """An act that is stored already."""

    id: UUID
    session: UUID
    step: str
    kind: ActKind
    state: ActState


@dataclass(slots=True)
class Changes:
    """What a register changes about the acts of one course.

    `propose` holds (session, step, kind); the others hold identifiers of stored acts.
    """

    propose: list[tuple[UUID, str, ActKind]] = field(default_factory=list)
    propose_again: list[UUID] = field(default_factory=list)
    withdraw: list[UUID] = field(default_factory=list)


def changes(
    template: Template, marks: Sequence[Marked], known: Iterable[KnownAct], *, since: Sequence[UUID]
) -> Changes:
    """What the marks change about the acts of a course.

    `since` are the sessions at which something new can be proposed: the one whose register was
    saved and those after it. An act that somebody decided on stands, and answers its step for
    the whole window; a proposed one without ground any more is withdrawn.
    """
    known = list(known)
    wanted = _wanted(template, marks, known)
    stored = {(act.session, act.step, act.kind): act for act in known}
    new = [key for key in wanted if key not in stored and key[0] in since]
    return Changes(
        propose=new,
        propose_again=[
            stored[key].id
            for key in wanted
            if key in stored
            and stored[key].state is ActState.WITHDRAWN
            and key[0] in since
        ],
        withdraw=[
            act.id
            for key, act in stored.items()
            if act.state is ActState.PROPOSED and key not in wanted
        ],
    )


def _wanted(
    template: Template, marks: Sequence[Marked], known: Sequence[KnownAct]
) -> dict[tuple[UUID, str, ActKind], None]:
    """The acts that should be proposed, in the order of the ladder."""
    found: dict[tuple[UUID, str, ActKind], None] = {}
    for step in template.programme.ladder:
        decided = [a for a in known if a.step == step.id and a.state in DECIDED]
        for window in windows(step, marks, lambda module: phase_id(template, module)):
            if window.reached_at is None:
                continue
            answered = {a.kind for a in decided if a.session in window.sessions}
            for kind in map(ActKind, step.proposes):
                if kind not in answered:
                    found[window.reached_at, step.id, kind] = None
    return found


def phase_id(template: Template, module: str) -> str:
    """The phase of a module, or nothing where it has none."""
    phase = template.phase_of(module)
    return phase.id if phase else ""


def due_at(kind: ActKind, template: Template, saved_at: datetime) -> datetime:
    """When an act falls due after the register was saved.

    What contacts the client: after the fixed interval of the template, for everybody. A notice
    to the referrer: on the last day that the template allows, never within that interval.
    """
    interval = timedelta(hours=template.contact_delay_hours)
    match kind:
        case ActKind.CALL | ActKind.LETTER:
            return saved_at + interval
        case ActKind.REFERRER_NOTICE:
            days = next(
                (
                    notice.within_days
                    for notice in template.programme.notices
                    if notice.of == "absence"
                ),
                NOTICE_DAYS,
            )
            return saved_at + max(interval, timedelta(days=days))
        case ActKind.REVIEW:
            return saved_at + timedelta(days=REVIEW_DAYS)
    raise AssertionError("every kind of act has its case above")


def may_be_done(kind: ActKind, state: ActState, due: datetime, now: datetime) -> Decision:
    """Whether an act can be marked done, with a sentence."""
    if state not in OPEN:
        return Decision(False, f"This act is “{ACT_STATE_WORDS[state][0].lower()}” already.")
    if kind in CONTACTS_CLIENT and now < due:
        return Decision(
            False,
            f"“{ACT_WORDS[kind]}” falls due on {due:%-d %B %Y at %H:%M}, the same interval after "
            "every register; it can be marked as done from then on.",
        )
    return Decision(True, "The act can be marked as done.")
