"""The directory of agencies: kept, agreed with, retired. Nothing of it is deleted."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, locked
from casewall.safety.sharing.models import AgencyContact, ExternalAgency, SharingAgreement
from casewall.safety.sharing.parties import Recipient, demand_no_party
from casewall.safety.sharing.rules import AgencyKind, Basis, Term, may_agree
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer


def keep_agency(
    *,
    service: str,
    compartment: int,
    name: str,
    kind: AgencyKind,
    by: Viewer,
    area: str = "",
    note: str = "",
    agency: ExternalAgency | None = None,
    version: int | None = None,
    form: UUID | None = None,
) -> ExternalAgency:
    """Write an agency into the directory, or correct what is written of `agency`.

    Raises `Refused` where the name is that of somebody whom the service works with.
    """
    require(by, Duty.KEEP_AGENCIES)
    if not name.strip():
        raise Refused("Write the name of the agency.")
    with acting(by):
        demand_no_party(Recipient((name,)), by)
        if agency is None:
            own = id_of_form(by.worker, form, "agency")
            known = known_row(ExternalAgency, own, by)
            if known is not None:
                return known
            row = ExternalAgency(id=own, compartment=compartment, service=service, version=0)
        else:
            row = locked(agency, by, version)
        row.name, row.kind, row.area = name.strip(), kind, area.strip()
        row.note, row.worker = note.strip(), by.worker
        row.version += 1
        row.save(force_insert=agency is None)
        record(by=by, verb="kept", thing=row)
        return row


def retire_agency(*, agency: ExternalAgency, by: Viewer) -> ExternalAgency:
    """Nothing more is shared with an agency. What was shared stays on the list."""
    require(by, Duty.KEEP_AGENCIES)
    with acting(by):
        row = locked(agency, by)
        if row.retired_on is None:
            row.retired_on = timezone.localdate()
            row.version += 1
            row.save()
            record(by=by, verb="retired", thing=row)
        return row


def add_contact(
    *,
    agency: ExternalAgency,
    name: str,
    by: Viewer,
    role: str = "",
    phone: str = "",
    email: str = "",
    address: str = "",
    form: UUID | None = None,
) -> AgencyContact:
    """Add a way to reach an agency. Raises `Refused` for a client's or a partner's own."""
    require(by, Duty.KEEP_AGENCIES)
    if not name.strip():
        raise Refused("Write the name of the office or the person.")
    if not any(one.strip() for one in (phone, email, address)):
        raise Refused("Write a phone number, an e-mail address or a postal address.")
    with acting(by):
        agency = locked(agency, by)
        own = id_of_form(agency.pk, form, "contact")
        known = known_row(AgencyContact, own, by)
        if known is not None:
            return known
        demand_no_party(Recipient((name,), (phone,), (email,)), by)
        row = AgencyContact(
            id=own, compartment=agency.compartment, agency=agency, name=name.strip(),
            role=role.strip(), phone=phone.strip() or None, email=email.strip() or None,
            address=address.strip() or None, worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="added a contact of", thing=agency)
        return row


def end_contact(*, contact: AgencyContact, by: Viewer) -> AgencyContact:
    """A way to reach an agency is used no longer."""
    require(by, Duty.KEEP_AGENCIES)
    with acting(by):
        row = locked(contact, by)
        if row.ended_on is None:
            row.ended_on = timezone.localdate()
            row.save()
            record(by=by, verb="ended a contact of", kind="externalagency",
                   object_id=row.agency_id)  # fmt: skip
        return row


def agree(
    *,
    agency: ExternalAgency,
    what: str,
    basis: Basis,
    first_on: date,
    last_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> SharingAgreement:
    """Keep an agreement on sharing. A renewal is another one; the old one stays."""
    require(by, Duty.KEEP_AGENCIES)
    demand(may_agree(Term(first_on, last_on), what, timezone.localdate()))
    with acting(by):
        agency = locked(agency, by)
        own = id_of_form(agency.pk, form, "agreement")
        known = known_row(SharingAgreement, own, by)
        if known is not None:
            return known
        row = SharingAgreement(
            id=own, compartment=agency.compartment, agency=agency, what=what.strip(), basis=basis,
            first_on=first_on, last_on=last_on, worker=by.worker,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="kept an agreement with", thing=agency)
        return row


def end_agreement(*, agreement: SharingAgreement, by: Viewer) -> SharingAgreement:
    """An agreement holds until today and no longer; its renewal is not asked for any more."""
    require(by, Duty.KEEP_AGENCIES)
    with acting(by):
        row = locked(agreement, by)
        if row.ended_on is None:
            row.ended_on = timezone.localdate()
            row.save()
            record(by=by, verb="ended an agreement with", kind="externalagency",
                   object_id=row.agency_id)  # fmt: skip
        return row
