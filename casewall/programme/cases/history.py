"""What is shown of one case: who it is about, and everything that happened, as a timeline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from casewall.programme.cases.lists import language_name, said, stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.once import attempts_of, marks_of, moves_of, once, places_of
from casewall.programme.cases.reasons import EXIT_WORDS, REASON_WORDS, UNSUITABLE_WORDS, ExitReason
from casewall.programme.cases.rules import (
    OPEN_STAGES,
    OUTCOME_WORDS,
    PAUSES,
    PURPOSE_WORDS,
    ROUTE_WORDS,
    Contact,
    MoveKind,
    Outcome,
    Route,
    Stage,
    move_into,
    standing,
    words,
)
from casewall.wall.sides import Role, Viewer

_MARK_COLOURS = {"attended": "green", "absent_not_accepted": "orange"}
_STATED_BY = {"client": "the client", "referrer": "the referrer"}
CONTACT_FLAGS = {Contact.NOT_TRIED: ("Not contacted yet", "blue"),
                 Contact.NOT_REACHED: ("Not reached yet", "orange"),
                 Contact.DECLINED: ("Declined when last asked", "orange")}


class History:
    """The records of one case that a viewer sees, each kind read once."""

    def __init__(self, case: Case, viewer: Viewer):
        """Read everything now, so that a page has the same number of queries for every case."""
        self.case, self.viewer = case, viewer
        self.moves = sorted(once(moves_of, case, viewer), key=_lately, reverse=True)
        self.attempts = once(attempts_of, case, viewer)
        self.assessments = list(case.assessments.visible_to(viewer).order_by("-booked_for", "id"))
        self.agreements = list(case.agreements.visible_to(viewer).order_by("-signed_on", "id"))
        self.marks = once(marks_of, case, viewer)
        self.declared = list(case.declaredpartners.visible_to(viewer).order_by("-stated_on", "id"))
        self.statements = list(case.statements.visible_to(viewer).order_by("-arrived_on", "id"))
        self.tasks = list(case.tasks.visible_to(viewer).filter(done_on=None).order_by("due_on"))
        self.places = once(places_of, case, viewer)

    def entries(self, kinds: Iterable[str]) -> list[dict[str, Any]]:
        """The entries of these kinds for the timeline; `by` is the identifier of the worker."""
        return [entry for kind in kinds for entry in getattr(self, f"_{kind}")()]

    def _stages(self) -> list[dict[str, Any]]:
        """The moves, without those that an assessment or an agreement beside them tells better."""
        told: set[Stage] = set()
        if any(assessment.decision for assessment in self.assessments):
            told |= {Stage.ASSESSED, Stage.SUITABLE}
        if self.agreements:
            told.add(Stage.AGREEMENT_SIGNED)
        corrected = {move.corrects_id for move in self.moves}
        return [self._stage(move, move.pk in corrected) for move in self.moves
                if move.kind != MoveKind.MOVE or move.pk in corrected or move.went_to not in told]

    def _stage(self, move: Any, is_wrong: bool) -> dict[str, Any]:
        shows_notes = self.viewer.role is not Role.REFERRER
        title = {MoveKind.REOPENING: f"Reopened: {words(move.went_to)}",
                 MoveKind.CORRECTION: f"Corrected: {words(move.went_to)} again"}.get(
            MoveKind(move.kind), said(move.went_to))
        # What a correction was put back to was told when the case first came there.
        reason = "" if move.kind == MoveKind.CORRECTION else move.reason
        until = f"Until {move.until:%-d %B %Y}" if move.until else ""
        return {"title": title, "when": move.moved_on, "by": move.worker,
                "text": _lines(REASON_WORDS.get(reason, ""), until,
                               *((f"To {move.to_whom}" if move.to_whom else "", move.note)
                                 if shows_notes else ())),
                "label": ("Corrected later", "grey") if is_wrong else ("Stage", "blue")}

    def _contacts(self) -> list[dict[str, Any]]:
        return [
            {"title": f"{ROUTE_WORDS[Route(attempt.route)]}: "
                      + OUTCOME_WORDS[Outcome(attempt.outcome)].lower(),
             "when": attempt.tried_at, "by": attempt.worker, "text": attempt.note or "",
             "label": ("Contact", "teal" if attempt.outcome == Outcome.SPOKE else "grey")}
            for attempt in self.attempts
        ]

    def _assessments(self) -> list[dict[str, Any]]:
        replaced = {assessment.replaces_id for assessment in self.assessments}
        entries = [
            {"title": f"Assessment held: {words(assessment.decision)}",
             "when": assessment.held_on, "by": assessment.worker,
             "text": _decided(assessment),
             "label": ("Replaced later", "grey") if assessment.pk in replaced
             else ("Assessment", "purple")}
            if assessment.held_on else
            {"title": "Assessment booked for this time", "when": assessment.booked_for,
             "by": assessment.worker, "text": assessment.note or "",
             "label": ("Assessment", "teal")}
            for assessment in self.assessments
        ]
        return entries + [
            {"title": "Agreement signed", "when": agreement.signed_on,
             "by": agreement.worker, "label": ("Agreement", "purple"),
             "text": f"Text version {agreement.text_version}, "
                     f"in {language_name(agreement.language)}"}
            for agreement in self.agreements
        ]

    def _attendance(self) -> list[dict[str, Any]]:
        return [
            {"title": f"Session {mark.session.number}, "
                      + (mark.session.group.name if mark.session.group else "one-to-one"),
             "when": mark.session.held_on, "text": "",
             "label": (said(mark.outcome), mark_colour(mark.outcome))}
            for mark in self.marks
        ]

    def _statements(self) -> list[dict[str, Any]]:
        return [
            {"title": PURPOSE_WORDS.get(row.purpose, said(row.purpose)), "when": row.arrived_on,
             "text": "Taken back on " + f"{row.recalled_on:%-d %B %Y}." if row.recalled_on
             else row.text, "label": ("Statement", "grey" if row.recalled_on else "yellow")}
            for row in self.statements
        ]


def _lately(move: Any) -> tuple[Any, ...]:
    # Two moves of one day and moment (assessed, suitable) stand in the order of the stages.
    return move.moved_on, move.recorded_at, list(Stage).index(Stage(move.went_to))


def mark_colour(mark: str) -> str:
    """The colour of a mark in a register."""
    return _MARK_COLOURS.get(mark, "grey" if mark.startswith("absent") else "yellow")


def stated_by_words(code: str) -> str:
    """Who made a statement about a partner."""
    return _STATED_BY.get(code, words(code))


def _decided(assessment: Any) -> str:
    """What went with a decision: reasons, conditions, when it is looked at again, to whom."""
    reasons = ", ".join(UNSUITABLE_WORDS[code] for code in assessment.reasons.split())
    return _lines(
        reasons, f"On condition: {assessment.conditions}" if assessment.conditions else "",
        f"Looked at again on {assessment.review_on:%-d %B %Y}" if assessment.review_on else "",
        f"Passed on to {assessment.passed_to}" if assessment.passed_to else "", assessment.note)


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def facts(case: Case, history: History) -> list[tuple[str, Any]]:
    """The facts in the header of a case, as they were recorded."""
    client = case.client
    level = next((row for row in history.statements
                  if row.purpose == "risk_level" and row.recalled_on is None), None)
    rows: list[tuple[str, Any]] = [
        ("Sex, as recorded", None if client.sex == "unknown" else said(client.sex)),
        ("Year of birth", client.born_on[:4] if client.born_on else None),
        ("Route", said(case.route)),
        ("Referred by", case.referrer_agency or None),
    ]
    if level is not None:
        rows.append((f"Risk level, told on {level.arrived_on:%-d %B %Y}", level.text))
    return rows


def flags(case: Case, history: History, today: date) -> list[tuple[str, str]]:
    """What somebody who opens the case must know at once."""
    found = [stage_tag(case.stage)]
    if case.exit_reason:
        found.append((EXIT_WORDS[ExitReason(case.exit_reason)], "grey"))
    if case.stage in PAUSES:
        found += _waiting(case, history)
    if case.is_open and history.viewer.role is not Role.REFERRER:
        if Contact(case.contact) in CONTACT_FLAGS:
            found.append(CONTACT_FLAGS[Contact(case.contact)])
        if case.next_action_on and case.next_action_on < today:
            found.append(("Next action is late", "red"))
    standing = [row for row in history.statements if row.recalled_on is None]
    if standing:
        found.append((f"Statement of {standing[0].arrived_on:%-d %B %Y}", "orange"))
    return found


def _waiting(case: Case, history: History) -> list[tuple[str, str]]:
    """Why a case waits, and until when."""
    move = move_into(history.moves, case.stage)
    if move is None:
        return []
    until = f", until {move.until:%-d %B %Y}" if move.until else ""
    return [(REASON_WORDS.get(move.reason, said(case.stage)) + until, "yellow")]


def dates(case: Case, history: History) -> list[tuple[str, date | None]]:
    """The days that matter: referral, suitability, agreement, start and the end where there is one.
    """
    held = standing(history.moves)
    on = {move.went_to: move.moved_on for move in held}
    if case.is_open:
        on = {stage: day for stage, day in on.items() if Stage(stage) in OPEN_STAGES}
    rows: list[tuple[str, date | None]] = [
        ("Referred", case.referred_on),
        ("Assessed", on.get(Stage.ASSESSED)),
        ("Agreement", on.get(Stage.AGREEMENT_SIGNED)),
        ("Started", on.get(Stage.STARTED)),
    ]
    ends = [stage for stage in (Stage.COMPLETED, Stage.EXITED, Stage.CLOSED, Stage.WITHDRAWN)
            if stage in on]
    return rows + [(said(stage), on[stage]) for stage in ends]


