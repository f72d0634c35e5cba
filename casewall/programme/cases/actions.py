"""Every write to a client's case. Each is one transaction with an audit entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record, record_many
from casewall.audit.rows import locked
from casewall.programme.cases.models import (
    Assessment,
    Case,
    Client,
    ClientToken,
    ContactAttempt,
    DeclaredPartner,
    StageMove,
    Statement,
    Task,
)
from casewall.programme.cases.moves import tell
from casewall.programme.cases.reasons import (
    ExitReason,
    PauseReason,
    Reason,
    ReopenReason,
    UnsuitableReason,
)
from casewall.programme.cases.rules import (
    PAUSES,
    RETRY_DAYS,
    Contact,
    MoveKind,
    Outcome,
    Route,
    Stage,
    Suitability,
    contact_after,
    has_been_worked_on,
    may_correct,
    may_move,
    may_reopen,
    move_into,
    next_action,
    pause_fits,
    says_enough,
    stage_left,
    words,
)
from casewall.staff.models import Worker
from casewall.vault.blind import person_tokens
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Role, Side, Viewer

Referrers = Mapping[tuple[str, int], UUID]
"""E-mail address and compartment → the account of a referrer who may be given cases there."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Unsaved records of a new case: the client, how the client is found, the case, its start."""

    client: Client
    tokens: list[ClientToken]
    case: Case
    start: StageMove


def open_case(*, slots: Mapping[str, Any], service: str, compartment: int, prefix: str,
              by: Viewer) -> Case:
    """Make client and case from the fixed slots of a referral. The same referral makes one case."""
    with acting(by):
        opening = draft_case(slots=slots, service=service, compartment=compartment, prefix=prefix,
                             by=by, referrers=known_referrers([slots]))
        open_drafted(openings=[opening], by=by)
        return Case.objects.visible_to(by).get(referral_id=opening.case.referral_id)


def known_referrers(arrived: Iterable[Any]) -> Referrers:
    """The active accounts of referrers among the `referrer_email` slots of a batch, in one query.

    An address without an account is no error and is kept nowhere.
    """
    emails = {_referrer_email(slots) for slots in arrived} - {""}
    rows = Worker.objects.filter(email__in=emails, role=Role.REFERRER, is_active=True)
    return {(email, number): worker for email, number, worker in
            rows.values_list("email", "compartments__number", "id")}


def _referrer_email(slots: Any) -> str:
    stated = slots.get("referrer_email") if isinstance(slots, Mapping) else ""
    return stated.strip().lower() if isinstance(stated, str) else ""


def draft_case(*, slots: Mapping[str, Any], service: str, compartment: int, prefix: str,
               by: Viewer, referrers: Referrers | None = None) -> Opening:
    """Client and case from the fixed slots of a referral, not yet stored.

    `referrers` says whose account an address is (`known_referrers`): the case is that referrer's.
    Raises `KeyError` or `ValueError` where a slot is missing or cannot be read.
    """
    client = _client_from(slots, compartment)
    referred_on = date.fromisoformat(slots["received_on"])
    action, due = next_action(Stage.REFERRED, referred_on)
    case = Case(compartment=compartment, client=client, service=service,
                referral_id=UUID(str(slots["id"])), route=slots["route"],
                referrer_agency=slots.get("referrer_agency") or "",
                referrer_worker=(referrers or {}).get((_referrer_email(slots), compartment)),
                referred_on=referred_on, stage_on=referred_on, next_action=action,
                next_action_on=due, text_for_file=slots.get("text") or None)
    start = _move(case, "", Stage.REFERRED, referred_on, by, "", None)
    return Opening(client, _tokens_of(client, prefix), case, start)


def open_drafted(*, openings: Iterable[Opening], by: Viewer) -> int:
    """Store drafted cases, an insert for each kind of record; returns how many were new.

    A referral that has its case already, or comes twice, makes no second one.
    """
    require(by, Duty.APPLY_ARRIVALS)
    with acting(by):
        wanted = {opening.case.referral_id: opening for opening in reversed(list(openings))}
        known = set(Case.objects.visible_to(by).filter(referral_id__in=list(wanted)).values_list(
            "referral_id", flat=True))
        new = [wanted[key] for key in reversed(wanted) if key not in known]
        Client.objects.visible_to(by).bulk_create(opening.client for opening in new)
        ClientToken.objects.for_system("tokens").bulk_create(
            token for opening in new for token in opening.tokens)
        Case.objects.visible_to(by).bulk_create(opening.case for opening in new)
        StageMove.objects.visible_to(by).bulk_create(opening.start for opening in new)
        record_many(by=by, verb="opened", things=[opening.case for opening in new])
        return len(new)


def _client_from(slots: Mapping[str, Any], compartment: int) -> Client:
    return Client(
        compartment=compartment, given_name=slots.get("given_name") or "",
        family_name=slots.get("family_name") or "", born_on=slots.get("born_on") or None,
        sex=slots.get("sex") or "unknown", phone=slots.get("phone") or None,
        email=slots.get("email") or None, address=slots.get("address") or None,
        language=slots.get("language") or "")


def _tokens_of(client: Client, prefix: str) -> list[ClientToken]:
    """The blind index of a client's name, phone and date of birth."""
    born = date.fromisoformat(client.born_on) if client.born_on else None
    found = person_tokens(Side.PROGRAMME, names=[client.given_name, client.family_name],
                          phones=[client.phone or ""], born_on=born, prefix=prefix)
    return [ClientToken(compartment=client.compartment, client=client, token=token, kind=kind)
            for token, kind in found.items()]


def _move(case: Case, came_from: str, went_to: Stage, on: date, by: Viewer, reason: str,
          note: str | None, **more: Any) -> StageMove:
    return StageMove(compartment=case.compartment, case=case, came_from=came_from,
                     went_to=went_to, moved_on=on, recorded_at=timezone.now(), worker=by.worker,
                     reason=reason, note=note or None, **more)


def move_case(*, case: Case, to: Stage, on: date, by: Viewer, reason: Reason | None = None,
              note: str | None = None, until: date | None = None, to_whom: str | None = None
              ) -> Case:
    """Move a case to another stage. Raises `Refused` where the table of stages does not allow it.

    The day may lie in the past (late entry), never before the stage it leaves. `until` is the day
    on which a case that waits is looked at again, `to_whom` the agency of a transfer.
    """
    require(by, Duty.APPLY_ARRIVALS if to is Stage.WITHDRAWN else Duty.MOVE_CASE)
    with acting(by):
        case = locked(case, by)
        now = Stage(case.stage)
        left = stage_left(_moves(case, by), now) if now in PAUSES else None
        for decision in (may_move(now, to, reason, left=left), pause_fits(to, on, until),
                         says_enough(reason, to_whom, note)):
            if not decision:
                raise Refused(decision.reason)
        if on < case.stage_on:
            raise Refused(f"The case became “{words(case.stage)}” on "
                          f"{case.stage_on:%-d %B %Y}; a move cannot be dated before that.")
        move = _move(case, case.stage, to, on, by, reason or "", note, until=until,
                     to_whom=to_whom or None)
        return _moved(case, move, by, f"moved to {to}")


def _moves(case: Case, by: Viewer) -> list[StageMove]:
    """Every move of a case; who may move it sees them all."""
    return list(StageMove.objects.visible_to(by).filter(case=case))


def _moved(case: Case, move: StageMove, by: Viewer, verb: str, since: date | None = None) -> Case:
    """Store a move and where the case now stands, and tell whoever listens."""
    move.save(force_insert=True)
    to = Stage(move.went_to)
    case.stage, case.stage_on = to, since or move.moved_on
    case.exit_reason = move.reason if to is Stage.EXITED else ""
    case.next_action, case.next_action_on = next_action(to, move.moved_on, move.until)
    case.version += 1
    case.save()
    record(by=by, verb=verb, thing=case)
    tell(case, move, by)
    return case


def reopen_case(*, case: Case, to: Stage, on: date, reason: ReopenReason, by: Viewer,
                note: str | None = None) -> Case:
    """Take up a case that has ended. Raises `Refused` where it cannot be taken up at this stage."""
    require(by, Duty.REOPEN)
    with acting(by):
        case = locked(case, by)
        now = Stage(case.stage)
        decision = may_reopen(now, to, stage_left(_moves(case, by), now))
        if not decision:
            raise Refused(decision.reason)
        if on < case.stage_on:
            raise Refused(f"The case ended on {case.stage_on:%-d %B %Y}; it cannot be reopened "
                          "before that.")
        move = _move(case, case.stage, to, on, by, reason, note, kind=MoveKind.REOPENING)
        return _moved(case, move, by, f"reopened to {to}")


def correct_move(*, case: Case, on: date, note: str, by: Viewer) -> Case:
    """Put the last move right: the case stands where it stood, and both moves stay on record.

    The note says what was wrong. Records that the wrong move came with (an assessment, an
    agreement) stay as well.
    """
    require(by, Duty.MOVE_CASE)
    with acting(by):
        case = locked(case, by)
        moves = _moves(case, by)
        wrong = move_into(moves, case.stage)
        decision = may_correct(Stage(case.stage), wrong, note)
        if wrong is None or not decision:
            raise Refused(decision.reason)
        before = move_into(moves, wrong.came_from, {wrong.pk})
        move = _move(case, case.stage, Stage(wrong.came_from), on, by,
                     before.reason if before else "", note, kind=MoveKind.CORRECTION,
                     corrects=wrong, until=before.until if before else None)
        return _moved(case, move, by, "corrected a move of",
                      since=before.moved_on if before else case.referred_on)


def record_contact(*, case: Case, tried_at: datetime, route: Route, outcome: Outcome, by: Viewer,
                   note: str | None = None, form: UUID | None = None) -> ContactAttempt:
    """Log one attempt to reach the client; the contact status and the next action follow.

    The same `form` sent twice is one attempt: the second call returns the first one's record.
    """
    require(by, Duty.RECORD_CONTACT)
    with acting(by):
        case = locked(case, by)
        own = id_of_form(case.pk, form) if form else new_id()
        known = ContactAttempt.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        attempt = ContactAttempt(id=own, compartment=case.compartment, case=case,
                                 tried_at=tried_at, route=route, outcome=outcome,
                                 worker=by.worker, note=note)
        attempt.save(force_insert=True)
        case.contact = contact_after(Contact(case.contact), outcome)
        on = timezone.localdate(tried_at)
        case.last_contact_on = max(filter(None, [case.last_contact_on, on]))
        if Stage(case.stage) is Stage.REFERRED:
            case.next_action = "contact_again"
            case.next_action_on = on + timedelta(days=RETRY_DAYS)
        case.version += 1
        case.save()
        record(by=by, verb="recorded contact with", thing=case)
        if outcome is Outcome.SPOKE and Stage(case.stage) is Stage.REFERRED:
            move_case(case=case, to=Stage.CONTACTED, on=max(on, case.stage_on), by=by)
        return attempt


def book_assessment(*, case: Case, booked_for: datetime, on: date, by: Viewer,
                    note: str | None = None) -> Assessment:
    """Book the assessment and move the case."""
    require(by, Duty.ASSESS)
    with acting(by):
        case = move_case(case=case, to=Stage.ASSESSMENT_BOOKED, on=on, by=by)
        assessment = Assessment(compartment=case.compartment, case=case, booked_for=booked_for,
                                worker=by.worker, note=note)
        assessment.save(force_insert=True)
        case.next_action_on = timezone.localdate(booked_for)
        case.save()
        return assessment


@dataclass(frozen=True, slots=True)
class Terms:
    """What goes with a decision: why, on what conditions, until when, or to whom."""

    reasons: tuple[UnsuitableReason, ...] = ()
    conditions: str | None = None
    review_on: date | None = None
    deferred_because: PauseReason = PauseReason.NOT_READY
    passed_to: str | None = None
    decided_on: date | None = None
    check_version: int | None = None


def decide_suitability(*, assessment: Assessment, held_on: date, decision: Suitability, by: Viewer,
                       note: str | None = None, terms: Terms = Terms()) -> Assessment:
    """Record that the assessment was held and what was decided; the case moves with it.

    *Not suitable* and *passed on* are exits, *deferred* waits until `terms.review_on`. A case
    that stands at *assessed* again is decided anew: the first decision stays, replaced.
    The safety side sees every decision with the next pull, as it sees every stage.
    """
    require(by, Duty.ASSESS)
    with acting(by):
        case = Case.objects.visible_to(by).get(pk=assessment.case_id)
        assessment = _to_decide(assessment, by)
        decided_on = terms.decided_on or held_on
        assessment.held_on, assessment.decided_on, assessment.decision = (
            held_on, decided_on, decision)
        assessment.reasons = " ".join(terms.reasons)
        assessment.conditions, assessment.passed_to = terms.conditions, terms.passed_to
        assessment.review_on, assessment.check_version = terms.review_on, terms.check_version
        if note:
            assessment.note = note
        assessment.save()
        if Stage(case.stage) is not Stage.ASSESSED:
            case = move_case(case=case, to=Stage.ASSESSED, on=held_on, by=by)
        _follow(case, decision, decided_on, terms, by)
        return assessment


def _to_decide(assessment: Assessment, by: Viewer) -> Assessment:
    """The stored assessment, locked; where it has been decided, a new one that replaces it."""
    found: Assessment = Assessment.objects.visible_to(by).select_for_update(
        of=("self",)).get(pk=assessment.pk)
    if not found.decision:
        return found
    if Assessment.objects.visible_to(by).filter(replaces=found).exists():
        raise Refused("A later decision has replaced this one.")
    return Assessment(compartment=found.compartment, case=found.case, booked_for=found.booked_for,
                      worker=by.worker, replaces=found, version=found.version + 1)


def _follow(case: Case, decision: Suitability, on: date, terms: Terms, by: Viewer) -> None:
    """Move a case as the decision on suitability says."""
    match decision:
        case Suitability.SUITABLE | Suitability.SUITABLE_WITH_CONDITIONS:
            move_case(case=case, to=Stage.SUITABLE, on=on, by=by)
        case Suitability.DEFERRED:
            move_case(case=case, to=Stage.DEFERRED, on=on, by=by, until=terms.review_on,
                      reason=terms.deferred_because)
        case Suitability.PASSED_ON:
            move_case(case=case, to=Stage.EXITED, on=on, by=by, to_whom=terms.passed_to,
                      reason=ExitReason.TRANSFERRED)
        case Suitability.NOT_SUITABLE:
            move_case(case=case, to=Stage.EXITED, on=on, by=by, reason=ExitReason.UNSUITABLE)


def declare_partner(*, case: Case, name: str | None, relation: str, contact_details: str | None,
                    stated_by: str, stated_on: date, by: Viewer, form: UUID | None = None
                    ) -> DeclaredPartner:
    """Keep a partner as stated by the client or a referrer. Nothing is looked up or compared.

    The same `form` sent twice is one declaration.
    """
    require(by, Duty.RECORD_CONTACT)
    with acting(by):
        case = locked(case, by)
        own = id_of_form(case.pk, form) if form else new_id()
        known = DeclaredPartner.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        declared = DeclaredPartner(
            id=own, compartment=case.compartment, case=case, name=name, relation=relation,
            contact_details=contact_details, stated_by=stated_by, stated_on=stated_on)
        declared.save(force_insert=True)
        record(by=by, verb="kept a declaration in", thing=case)
        return declared


def name_referrer(*, case: Case, referrer: UUID | None, seen: UUID | None, by: Viewer) -> Case:
    """Say whose referral a case is: an active account of a referrer, or nobody's.

    `seen` is whose it was on the page that was answered; where it is another's by now, nothing
    is overwritten. The same answer twice is one.
    """
    require(by, Duty.NAME_REFERRER)
    with acting(by):
        case = locked(case, by)
        if case.referrer_worker == referrer:
            return case
        if case.referrer_worker != seen:
            raise StaleEdit("Somebody else said meanwhile whose referral this is. It stands above.")
        if referrer is not None and not Worker.objects.filter(
                pk=referrer, role=Role.REFERRER, is_active=True,
                compartments__number=case.compartment).exists():
            raise Refused("That account is not one of a referrer to this service.")
        case.referrer_worker = referrer
        case.version += 1
        case.save()
        record(by=by, verb="said whose referral is", thing=case)
        return case


def withdraw_case(*, referral: UUID, on: date, by: Viewer) -> str:
    """A referral was withdrawn: an untouched case is withdrawn, one with work becomes a task.

    Returns what happened, as a code: `withdrawn`, `task`, `known` or `unknown`.
    """
    require(by, Duty.APPLY_ARRIVALS)
    with acting(by):
        case = Case.objects.visible_to(by).filter(referral_id=referral).first()
        if case is None:
            return "unknown"
        if Stage(case.stage) is Stage.WITHDRAWN:
            return "known"
        if has_been_worked_on(Stage(case.stage), Contact(case.contact)):
            add_task(case=case, kind="referral_withdrawn", due_on=on + timedelta(days=7), by=by)
            return "task"
        move_case(case=case, to=Stage.WITHDRAWN, on=max(on, case.stage_on), by=by)
        return "withdrawn"


def add_task(*, case: Case, kind: str, due_on: date, by: Viewer) -> Task:
    """Ask a person to decide something about a case."""
    with acting(by):
        task = Task(compartment=case.compartment, case=case, kind=kind, due_on=due_on)
        task.save(force_insert=True)
        record(by=by, verb=f"made the task {kind} for", thing=case)
        return task


def finish_task(*, task: Task, on: date, by: Viewer) -> Task:
    """Mark a task done; done twice is done once."""
    require(by, Duty.RECORD_CONTACT)
    with acting(by):
        task = Task.objects.visible_to(by).select_for_update(of=("self",)).get(pk=task.pk)
        if task.done_on is None:
            task.done_on, task.done_by = on, by.worker
            task.save()
            record(by=by, verb="finished", thing=task)
        return task


def keep_statement(*, case: Case, item: UUID, purpose: str, text: str, on: date, by: Viewer
                   ) -> Statement:
    """Keep what an approved disclosure said. The same disclosure is kept once."""
    require(by, Duty.APPLY_ARRIVALS)
    with acting(by):
        known = Statement.objects.visible_to(by).filter(pk=item).first()
        if known is not None:
            return known
        statement = Statement(id=item, compartment=case.compartment, case=case,
                              purpose=purpose, text=text, arrived_on=on)
        statement.save(force_insert=True)
        record(by=by, verb="kept", thing=statement)
        return statement


def recall_statement(*, item: UUID, on: date, by: Viewer) -> str:
    """Take a statement's text away again; that there was one stays, dated."""
    require(by, Duty.APPLY_ARRIVALS)
    with acting(by):
        statement = Statement.objects.visible_to(by).filter(pk=item).first()
        if statement is None:
            return "unknown"
        if statement.recalled_on is None:
            statement.recalled_on, statement.text = on, ""
            statement.save()
            record(by=by, verb="recalled", thing=statement)
        return "recalled"
