"""Every write to a client's case. Each is one transaction with an audit entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record, record_many
from casewall.programme.cases.models import (
    Agreement,
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
from casewall.programme.cases.rules import (
    RETRY_DAYS,
    Contact,
    ExitReason,
    Outcome,
    Route,
    Stage,
    Suitability,
    contact_after,
    has_been_worked_on,
    id_of_form,
    may_move,
    next_action,
)
from casewall.vault.blind import person_tokens
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Side, Viewer


class StaleEdit(Refused):
    """Somebody else changed the record meanwhile; nothing was overwritten."""


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
                             by=by)
        open_drafted(openings=[opening], by=by)
        return Case.objects.visible_to(by).get(referral_id=opening.case.referral_id)


def draft_case(*, slots: Mapping[str, Any], service: str, compartment: int, prefix: str,
               by: Viewer) -> Opening:
    """Client and case from the fixed slots of a referral, not yet stored.

    Raises `KeyError` or `ValueError` where a slot is missing or cannot be read.
    """
    client = _client_from(slots, compartment)
    referred_on = date.fromisoformat(slots["received_on"])
    action, due = next_action(Stage.REFERRED, referred_on)
    case = Case(compartment=compartment, client=client, service=service,
                referral_id=UUID(str(slots["id"])), route=slots["route"],
                referrer_agency=slots.get("referrer_agency") or "",
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


def _locked(case: Case, by: Viewer) -> Case:
    """The case as it stands now, locked until the transaction ends."""
    return Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case.pk)


def _move(case: Case, came_from: str, went_to: Stage, on: date, by: Viewer, reason: str,
          note: str | None) -> StageMove:
    return StageMove(compartment=case.compartment, case=case, came_from=came_from,
                     went_to=went_to, moved_on=on, recorded_at=timezone.now(), worker=by.worker,
                     reason=reason, note=note)


def move_case(*, case: Case, to: Stage, on: date, by: Viewer, reason: ExitReason | None = None,
              note: str | None = None) -> Case:
    """Move a case to another stage. Raises `Refused` where the table of stages does not allow it.

    The day may lie in the past (late entry), never before the stage it leaves.
    """
    require(by, Duty.APPLY_ARRIVALS if to is Stage.WITHDRAWN else Duty.MOVE_CASE)
    with acting(by):
        case = _locked(case, by)
        decision = may_move(Stage(case.stage), to, reason)
        if not decision:
            raise Refused(decision.reason)
        if on < case.stage_on:
            raise Refused(f"The case became “{case.stage.replace('_', ' ')}” on "
                          f"{case.stage_on:%-d %B %Y}; a move cannot be dated before that.")
        _move(case, case.stage, to, on, by, reason or "", note).save(force_insert=True)
        case.stage, case.stage_on = to, on
        case.exit_reason = reason or ""
        case.next_action, case.next_action_on = next_action(to, on)
        case.version += 1
        case.save()
        record(by=by, verb=f"moved to {to}", thing=case)
        return case


def record_contact(*, case: Case, tried_at: datetime, route: Route, outcome: Outcome, by: Viewer,
                   note: str | None = None, form: UUID | None = None) -> ContactAttempt:
    """Log one attempt to reach the client; the contact status and the next action follow.

    The same `form` sent twice is one attempt: the second call returns the first one's record.
    """
    require(by, Duty.RECORD_CONTACT)
    with acting(by):
        case = _locked(case, by)
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


def decide_suitability(*, assessment: Assessment, held_on: date, decision: Suitability, by: Viewer,
                       note: str | None = None) -> Assessment:
    """Record that the assessment was held and what was decided.

    *Not suitable* is an exit; the safety side sees it with the next pull, as it sees every stage.
    """
    require(by, Duty.ASSESS)
    with acting(by):
        assessment = Assessment.objects.visible_to(by).select_for_update(
            of=("self",)).get(pk=assessment.pk)
        case = Case.objects.visible_to(by).get(pk=assessment.case_id)
        assessment.held_on, assessment.decision = held_on, decision
        if note:
            assessment.note = note
        assessment.save()
        case = move_case(case=case, to=Stage.ASSESSED, on=held_on, by=by)
        if decision is Suitability.SUITABLE:
            move_case(case=case, to=Stage.SUITABLE, on=held_on, by=by)
        else:
            move_case(case=case, to=Stage.EXITED, on=held_on, by=by,
                      reason=ExitReason.UNSUITABLE)
        return assessment


def sign_agreement(*, case: Case, signed_on: date, text_version: str, language: str, by: Viewer
                   ) -> Agreement:
    """Record the signed agreement, which must come before the start."""
    require(by, Duty.SIGN_AGREEMENT)
    with acting(by):
        case = move_case(case=case, to=Stage.AGREEMENT_SIGNED, on=signed_on, by=by)
        agreement = Agreement(compartment=case.compartment, case=case, signed_on=signed_on,
                              text_version=text_version, language=language, worker=by.worker)
        agreement.save(force_insert=True)
        return agreement


def declare_partner(*, case: Case, name: str | None, relation: str, contact_details: str | None,
                    stated_by: str, stated_on: date, by: Viewer, form: UUID | None = None
                    ) -> DeclaredPartner:
    """Keep a partner as stated by the client or a referrer. Nothing is looked up or compared.

    The same `form` sent twice is one declaration.
    """
    require(by, Duty.RECORD_CONTACT)
    with acting(by):
        case = _locked(case, by)
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
