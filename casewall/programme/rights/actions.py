"""Every write about clients' requests, restrictions, complaints and breaches on this side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import changed, locked
from casewall.programme.cases.models import Case
from casewall.programme.rights.collecting import collected_of
from casewall.programme.rights.fits import (
    acknowledge,
    answer_fits,
    breach_fits,
    complaint_fits,
    put_answer,
)
from casewall.programme.rights.models import (
    AccessItem,
    AccessRequest,
    BreachReport,
    Complaint,
    PersonStatement,
    Restriction,
)
from casewall.programme.rights.rules import (
    About,
    Affected,
    Because,
    Decided,
    From,
    How,
    Identity,
    Mishap,
    Outcome,
    Right,
    State,
    may_collect,
    may_decide,
    request_fits,
)
from casewall.staff.models import system_viewer
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Role, Viewer

WORDLESS = "Say it in words: this stays with the record."


def take_request(
    *,
    case: Case,
    right: Right,
    received_on: date,
    how: How,
    identity: Identity,
    identity_on: date | None,
    language: str,
    by: Viewer,
    asks: str | None = None,
    form: UUID | None = None,
) -> AccessRequest:
    """Write down what a client asks about the own record. The same form twice is one request.

    Raises `Refused` where it is not whole.
    """
    require(by, Duty.TAKE_REQUEST)
    demand(request_fits(received_on, identity, identity_on, timezone.localdate()))
    with acting(by):
        case = Case.objects.visible_to(by).get(pk=case.pk)
        own = id_of_form(case.pk, form, "rights request")
        known: AccessRequest | None = AccessRequest.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = AccessRequest(
            id=own, compartment=case.compartment, case=case, asked_for=right,
            received_on=received_on, how=how, identity=identity, identity_on=identity_on,
            asks=(asks or "").strip() or None, language=language, worker=by.worker,
            recorded_at=timezone.now(),
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="took in a rights request in", thing=case)
        return row


def prove_identity(
    *, request: AccessRequest, identity: Identity, on: date, version: int, by: Viewer
) -> AccessRequest:
    """Say how it was made sure that the person who asks is the client: the clock begins."""
    require(by, Duty.TAKE_REQUEST)
    with acting(by):
        row = locked(request, by, version)
        _still(row, State.TAKEN)
        demand(request_fits(row.received_on, identity, on, timezone.localdate()))
        row.identity, row.identity_on = identity, on
        return changed(row, "checked the identity for", by)


def collect(*, request: AccessRequest, version: int, by: Viewer) -> AccessRequest:
    """Copy every record about the client for the review, whoever wrote it.

    The system account reads, so that what is collected does not depend on who took the request
    in. Collected twice is refused: the review stands on one moment. What is unfinished, and seen
    by its writer only, is not yet part of the record.
    """
    require(by, Duty.TAKE_REQUEST)
    with acting(by):
        row = locked(request, by, version)
        demand(may_collect(Right(row.asked_for), State(row.state), row.identity_on))
        client = Case.objects.visible_to(by).select_related("client").get(pk=row.case_id).client
        items = _copied(row, client)
        row.state, row.collected_at, row.items = State.COLLECTED, timezone.now(), items
        return changed(row, "collected the file for", by)


def _copied(row: AccessRequest, client: Any) -> int:
    system = system_viewer(Role.PROGRAMME_SYSTEM)
    with acting(system):
        made = [
            AccessItem(
                id=uuid5(row.pk, f"{one.kind} {one.record.pk}"), compartment=row.compartment,
                case_id=row.case_id, request=row, kind=one.kind, record_id=one.record.pk,
                source=one.source, about_others=one.about_others, written_on=one.written_on,
                content=one.content,
            )
            for one in collected_of(client, system)
        ]  # fmt: skip
        for item in made:
            item.save(force_insert=True)
        record(by=system, verb="collected records for", thing=row)
    return len(made)


def withdraw_request(*, request: AccessRequest, version: int, by: Viewer) -> AccessRequest:
    """Say that the person no longer asks. What was collected stays with the review."""
    require(by, Duty.TAKE_REQUEST)
    with acting(by):
        row = locked(request, by, version)
        if row.state not in (State.TAKEN, State.COLLECTED):
            raise Refused("The request has been decided, or it has ended.")
        row.state = State.WITHDRAWN
        return changed(row, "withdrew", by)


def add_statement(
    *, request: AccessRequest, about: str, text: str, by: Viewer, form: UUID | None = None
) -> PersonStatement:
    """Keep what the client says of the own record, word for word, beside it."""
    require(by, Duty.TAKE_REQUEST)
    if not about.strip() or not text.strip():
        raise Refused("Write what the statement is about, and the person's own words.")
    with acting(by):
        row = AccessRequest.objects.visible_to(by).get(pk=request.pk)
        own = id_of_form(row.pk, form, "statement")
        known: PersonStatement | None = (
            PersonStatement.objects.visible_to(by).filter(pk=own).first()
        )
        if known is not None:
            return known
        made = PersonStatement(
            id=own, compartment=row.compartment, case_id=row.case_id, request=row,
            about=about.strip(), text=text.strip(), stated_on=timezone.localdate(),
            worker=by.worker, recorded_at=timezone.now(),
        )  # fmt: skip
        made.save(force_insert=True)
        record(by=by, verb="added the person's statement to", thing=row)
        return made


def decide_request(
    *, request: AccessRequest, decision: Decided, reason: str, version: int, by: Viewer
) -> AccessRequest:
    """Decide a request for a correction, a restriction, an objection or a deletion, with reason.

    A deletion that is granted is carried out by the retention pages: two people, and no hold.
    """
    require(by, Duty.ERASE)
    if not reason.strip():
        raise Refused("Say why you decide so: the person is told.")
    with acting(by):
        row = locked(request, by, version)
        demand(may_decide(Right(row.asked_for), State(row.state)))
        if row.identity_on is None:
            raise Refused("Check first that the person who asks is the person recorded.")
        row.decision, row.decision_reason = decision, reason.strip()
        row.decided_on, row.decided_by = timezone.localdate(), by.worker
        row.state = State.DECIDED
        return changed(row, "decided", by)


def restrict(
    *,
    case: Case,
    because: Because,
    by: Viewer,
    request: AccessRequest | None = None,
) -> Restriction:
    """Restrict the file of a case from today: it is kept and read, not sent and not exported."""
    require(by, Duty.TAKE_REQUEST)
    with acting(by):
        case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case.pk)
        known: Restriction | None = (
            Restriction.objects.visible_to(by).filter(case=case, ended_on=None).first()
        )
        if known is not None:
            return known
        row = Restriction(
            compartment=case.compartment, case=case, request=request, because=because,
            from_on=timezone.localdate(), worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="restricted", thing=case)
        return row


def lift_restriction(
    *, restriction: Restriction, reason: str, version: int, by: Viewer
) -> Restriction:
    """End a restriction; the person is told before (GDPR, article 18.3)."""
    require(by, Duty.HOLD_RECORDS)
    if not reason.strip():
        raise Refused("Say why the restriction ends, and that the person was told.")
    with acting(by):
        row = locked(restriction, by, version)
        if row.ended_on is not None:
            raise Refused("This restriction has ended already.")
        row.ended_on, row.ended_by = timezone.localdate(), by.worker
        row.ended_because = reason.strip()
        return changed(row, "lifted", by)


def restricted(case: Case | UUID, by: Viewer) -> bool:
    """Whether the file of a case is restricted: then nothing of it is sent or exported."""
    wanted = case.pk if isinstance(case, Case) else case
    return bool(restricted_among([wanted], by))


def restricted_among(cases: Iterable[UUID], by: Viewer) -> set[UUID]:
    """Those of the cases whose file is restricted, in one query."""
    rows = Restriction.objects.visible_to(by).filter(case_id__in=list(cases), ended_on=None)
    return set(rows.values_list("case_id", flat=True))


def demand_unrestricted(case: Case, by: Viewer) -> None:
    """Raise `Refused` where the file of a case is restricted."""
    if restricted(case, by):
        raise Refused(
            "This file is restricted: it is kept and can be read, but nothing of it is sent or "
            "printed until the restriction is lifted."
        )


def record_complaint(
    *,
    about: About,
    came_from: From,
    what: str,
    received_on: date,
    by: Viewer,
    case: Case | None = None,
    form: UUID | None = None,
) -> Complaint:
    """Write a complaint down. The same form twice is one complaint."""
    require(by, Duty.COMPLAINTS)
    complaint_fits(what, received_on)
    with acting(by):
        own = id_of_form(by.worker, form, "complaint")
        known: Complaint | None = Complaint.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = Complaint(
            id=own, case=case, about=about, came_from=came_from, what=what.strip(),
            compartment=case.compartment if case else min(by.compartments),
            received_on=received_on, worker=by.worker, recorded_at=timezone.now(),
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="recorded", thing=row)
        return row


def acknowledge_complaint(*, complaint: Complaint, version: int, by: Viewer) -> Complaint:
    """Say that whoever complains was told that it arrived, and by when it is answered."""
    require(by, Duty.COMPLAINTS)
    with acting(by):
        row = locked(complaint, by, version)
        acknowledge(row, by)
        return changed(row, "acknowledged", by)


def answer_complaint(
    *,
    complaint: Complaint,
    outcome: Outcome,
    answer: str,
    learning: str,
    version: int,
    by: Viewer,
) -> Complaint:
    """Answer a complaint: what came of it, what was written, and what is learned from it.

    A complaint about a worker is answered by a manager.
    """
    require(by, Duty.COMPLAINTS)
    answer_fits(outcome, answer, learning)
    with acting(by):
        row = locked(complaint, by, version)
        put_answer(row, outcome, answer, learning, by)
        return changed(row, "answered", by)


def report_breach(
    *,
    mishap: Mishap,
    near_miss: bool,
    what: str,
    found_at: datetime,
    affected: Affected,
    by: Viewer,
    happened_on: date | None = None,
    form: UUID | None = None,
) -> BreachReport:
    """Report a breach or a near miss at once; the data protection officer is told at the next pull.

    The same form twice is one report.
    """
    require(by, Duty.REPORT_BREACH)
    breach_fits(what, found_at, happened_on)
    with acting(by):
        own = id_of_form(by.worker, form, "breach")
        known: BreachReport | None = BreachReport.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = BreachReport(
            id=own, compartment=min(by.compartments), service=min(by.services), mishap=mishap,
            near_miss=near_miss, what=what.strip(), happened_on=happened_on, found_at=found_at,
            clients=affected.clients, partners=affected.partners, children=affected.children,
            workers=affected.workers, reported_by=by.worker, reported_at=timezone.now(),
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="reported", thing=row)
        return row



def _still(row: AccessRequest, state: State) -> None:
    if row.state != state:
        raise Refused("The request has been collected or decided, or it has ended.")
