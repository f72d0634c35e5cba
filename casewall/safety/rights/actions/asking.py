"""What persons ask: taken in, made sure of, extended, decided; statements and restrictions."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import changed, locked
from casewall.programme.rights.rules import (
    Because,
    Decided,
    Extension,
    How,
    Identity,
    Right,
    may_extend,
    request_fits,
    starts_on,
)
from casewall.safety.children.models import Child
from casewall.safety.partners.models import PartnerFile
from casewall.safety.rights.gathering import gather_own
from casewall.safety.rights.models import FileRestriction, FileStatement, RightsCase
from casewall.safety.rights.rules import Person, State
from casewall.staff.models import system_viewer
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Role, Viewer


def take_request(
    *,
    right: Right,
    received_on: date,
    how: How,
    identity: Identity,
    identity_on: date | None,
    language: str,
    by: Viewer,
    file: PartnerFile | None = None,
    child: Child | None = None,
    worker_name: str = "",
    speaks: str | None = None,
    is_client: bool = False,
    asks: str | None = None,
    form: UUID | None = None,
) -> RightsCase:
    """Write down what a partner, a child's representative or a worker asks about the own record.

    Clients ask on the programme side. The same form twice is one request. Raises `Refused` where
    it is not whole, or where somebody asks for a child and nobody says who.
    """
    require(by, Duty.TAKE_REQUEST)
    demand(request_fits(received_on, identity, identity_on, timezone.localdate()))
    if child is not None and not (speaks or "").strip():
        raise Refused("Say who speaks for the child.")
    if file is None and child is None and not worker_name.strip():
        raise Refused("Say who asks.")
    with acting(by):
        owner = file or child
        own = id_of_form(owner.pk if owner else by.worker, form, "rights request")
        known: RightsCase | None = RightsCase.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = RightsCase(
            id=own, person=_person(file, child), file=file, child=child,
            compartment=owner.compartment if owner else min(by.compartments),
            service=owner.service if owner else min(by.services),
            name=_name(file, child, worker_name), speaks=(speaks or "").strip() or None,
            is_client=is_client, asked_for=right, received_on=received_on, how=how,
            identity=identity, identity_on=identity_on, asks=(asks or "").strip() or None,
            language=language, worker=by.worker, recorded_at=timezone.now(),
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="took in a rights request in", thing=owner or row)
        return row


def _person(file: PartnerFile | None, child: Child | None) -> Person:
    if file is not None:
        return Person.PARTNER
    return Person.CHILD if child is not None else Person.WORKER


def _name(file: PartnerFile | None, child: Child | None, worker: str) -> str:
    if file is not None:
        return file.partner.full_name or "No name given"
    return (child.full_name or "No name given") if child is not None else worker.strip()


def prove_identity(
    *, request: RightsCase, identity: Identity, on: date, version: int, by: Viewer
) -> RightsCase:
    """Say how it was made sure who asks: the clock begins. A client's is kept on the other side."""
    require(by, Duty.TAKE_REQUEST)
    with acting(by):
        row: RightsCase = locked(request, by, version)
        _ours(row)
        demand(request_fits(row.received_on, identity, on, timezone.localdate()))
        row.identity, row.identity_on = identity, on
        return changed(row, "checked the identity for", by)


def _ours(row: RightsCase) -> None:
    if row.person == Person.CLIENT:
        raise Refused("This is written down on the programme side, where the client asked.")
    if row.state != State.OPEN:
        raise Refused("This request has ended.")


def gather(*, request: RightsCase, version: int, by: Viewer) -> RightsCase:
    """Gather the own file of a partner or a child for the review, once."""
    require(by, Duty.HANDLE_REQUEST)
    with acting(by):
        row: RightsCase = locked(request, by, version)
        _ours(row)
        if row.asked_for != Right.ACCESS:
            raise Refused("The file is gathered for a request for a copy only.")
        if row.identity_on is None:
            raise Refused("Make sure first who asks, and say how.")
        if row.gathered_at is not None:
            raise Refused("The file was gathered already.")
        system = system_viewer(Role.SAFETY_SYSTEM)
        with acting(system):
            gather_own(row, system)
            record(by=system, verb="gathered records for", thing=row)
        row.gathered_at = timezone.now()
        return changed(row, "gathered the file for", by)


def extend(*, request: RightsCase, because: Extension, version: int, by: Viewer) -> RightsCase:
    """Extend the answer by two months. What a partner's file holds is never a reason."""
    require(by, Duty.HANDLE_REQUEST)
    with acting(by):
        row: RightsCase = locked(request, by, version)
        start = starts_on(row.received_on, row.identity_on)
        if row.state != State.OPEN or start is None:
            raise Refused("Only an open request of a person who is known can be extended.")
        if row.extended_on is not None:
            raise Refused("This request was extended already.")
        demand(may_extend(start, timezone.localdate()))
        row.extended_because, row.extended_on = because, timezone.localdate()
        return changed(row, "extended", by)


def decide_request(
    *, request: RightsCase, decision: Decided, reason: str, version: int, by: Viewer
) -> RightsCase:
    """Decide a request of this side that is not for a copy: correction, objection, deletion ….

    A deletion that is granted is carried out by the retention pages: two people, and no hold.
    """
    require(by, Duty.HANDLE_REQUEST)
    if not reason.strip():
        raise Refused("Say why you decide so: the person is told.")
    with acting(by):
        row: RightsCase = locked(request, by, version)
        _ours(row)
        if row.asked_for == Right.ACCESS:
            raise Refused("A request for a copy is answered record by record.")
        if row.identity_on is None:
            raise Refused("Make sure first who asks, and say how.")
        row.decision, row.decision_reason = decision, reason.strip()
        row.decided_on, row.decided_by = timezone.localdate(), by.worker
        row.state = State.DECIDED
        return changed(row, "decided", by)


def add_statement(
    *, file: PartnerFile, about: str, text: str, by: Viewer, form: UUID | None = None
) -> FileStatement:
    """Keep what a partner says of the own record, word for word, beside it."""
    require(by, Duty.TAKE_REQUEST)
    if not about.strip() or not text.strip():
        raise Refused("Write what the statement is about, and the person's own words.")
    with acting(by):
        file = PartnerFile.objects.visible_to(by).get(pk=file.pk)
        own = id_of_form(file.pk, form, "statement")
        known: FileStatement | None = FileStatement.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = FileStatement(
            id=own, compartment=file.compartment, file=file, about=about.strip(),
            text=text.strip(), stated_on=timezone.localdate(), worker=by.worker,
            recorded_at=timezone.now(),
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="added the person's statement to", thing=file)
        return row


def restrict(*, file: PartnerFile, because: Because, by: Viewer) -> FileRestriction:
    """Restrict a partner's file from today: it is kept and read, not sent and not exported."""
    require(by, Duty.TAKE_REQUEST)
    with acting(by):
        file = PartnerFile.objects.visible_to(by).select_for_update(of=("self",)).get(pk=file.pk)
        rows = FileRestriction.objects.visible_to(by)
        known: FileRestriction | None = rows.filter(file=file, ended_on=None).first()
        if known is not None:
            return known
        row = FileRestriction(
            compartment=file.compartment, file=file, because=because,
            from_on=timezone.localdate(), worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="restricted", thing=file)
        return row


def lift_restriction(
    *, restriction: FileRestriction, reason: str, version: int, by: Viewer
) -> FileRestriction:
    """End a restriction; the person is told before."""
    require(by, Duty.HOLD_RECORDS)
    if not reason.strip():
        raise Refused("Say why the restriction ends, and that the person was told.")
    with acting(by):
        row: FileRestriction = locked(restriction, by, version)
        if row.ended_on is not None:
            raise Refused("This restriction has ended already.")
        row.ended_on, row.ended_by = timezone.localdate(), by.worker
        row.ended_because = reason.strip()
        return changed(row, "lifted", by)
