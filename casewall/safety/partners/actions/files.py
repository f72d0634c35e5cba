"""Opening, taking, closing and undoing a partner's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from casewall.audit.actions import record
from casewall.safety.partners.actions.tasks import add_task
from casewall.safety.partners.clocks import (
    contacts_when_suitable,
    first_contact_by,
    working_days_after,
)
from casewall.safety.partners.models import Partner, PartnerFile, PartnerToken
from casewall.safety.partners.rules import WAITS, Contact, Learned
from casewall.services.load import shipped
from casewall.staff.actions import compartment_for
from casewall.vault.blind import person_tokens
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Side, Viewer


@dataclass(frozen=True, slots=True)
class Drafted:
    """A partner, the file and the blind index entries, not saved yet."""

    partner: Partner
    file: PartnerFile
    tokens: list[PartnerToken]


def draft_file(
    *,
    part: Mapping[str, Any],
    service: str,
    route: str,
    referred_on: date,
    compartment: int,
    prefix: str,
    contact_due_days: int,
    with_client: bool = False,
) -> Drafted:
    """The records of a partner whom a referral names, ready to be saved.

    `with_client`: the referral names the client too. Where the service contacts partners of
    clients found suitable, the clock of the first contact then begins with that decision.
    """
    waits = with_client and contacts_when_suitable(service)
    due = None if waits else working_days_after(referred_on, contact_due_days, shipped()[service])
    partner = Partner(
        id=new_id(),
        compartment=compartment,
        given_name=part.get("given_name") or "",
        family_name=part.get("family_name") or "",
        born_on=part.get("born_on") or None,
        sex=part.get("sex") or "unknown",
        phone=part.get("phone") or None,
        email=part.get("email") or None,
        address=part.get("address") or None,
        language=part.get("language") or "",
    )
    file = PartnerFile(
        id=new_id(),
        compartment=compartment,
        partner=partner,
        service=service,
        route=route,
        referred_on=referred_on,
        relation=part.get("relation") or "unknown",
        learned=part.get("learned") or "",
        contact_by=due,
        next_action=WAITS if waits else "contact",
        next_action_on=due,
    )
    return Drafted(partner, file, _tokens_of(partner, prefix))


def open_file(
    *,
    part: Mapping[str, Any],
    service: str,
    route: str,
    referred_on: date,
    compartment: int,
    prefix: str,
    contact_due_days: int,
    by: Viewer,
) -> PartnerFile:
    """Open a file for a partner whom a referral names. It needs no matching client."""
    require(by, Duty.INTAKE)
    drafted = draft_file(
        part=part,
        service=service,
        route=route,
        referred_on=referred_on,
        compartment=compartment,
        prefix=prefix,
        contact_due_days=contact_due_days,
    )
    return _saved(drafted, by)


def _saved(drafted: Drafted, by: Viewer) -> PartnerFile:
    with acting(by):
        drafted.partner.save(force_insert=True)
        PartnerToken.objects.for_system("tokens").bulk_create(drafted.tokens)
        drafted.file.save(force_insert=True)
        record(by=by, verb="opened", thing=drafted.file)
        return drafted.file


ROUTE_OF = {Learned.OWN_CALL: "self", Learned.OTHER_AGENCY: "other_agency"}
"""How somebody became known, as a route of referral; the others are no referral."""


def open_by_hand(
    *,
    part: Mapping[str, Any],
    service: str,
    learned: Learned,
    on: date,
    by: Viewer,
    contact_by: date | None = None,
    id: UUID | None = None,
) -> PartnerFile:
    """Open a file for a partner whom no referral names, for example after a call.

    Whoever works with partners becomes the worker of the file; coordination opens it for anybody
    to take. `contact_by` is the day of a clock that has begun already; else it begins `on`. The
    same `id` twice is the same file. Raises `Refused` without a name, or where the viewer does
    not work for this service.
    """
    if not may_do(by.role, Duty.INTAKE):
        require(by, Duty.SUPPORT_PARTNER)
    if not (part.get("given_name") or part.get("family_name")):
        raise Refused("Write at least one name. A name to call the partner by is enough.")
    place = _place(service, by)
    with acting(by):
        known = PartnerFile.objects.visible_to(by).filter(pk=id).first() if id else None
        if known is not None:
            return known
        drafted = draft_file(
            part={**part, "learned": learned},
            service=service,
            route=ROUTE_OF.get(learned, "other_agency"),
            referred_on=on,
            compartment=place,
            prefix=shipped()[service].phone_prefix,
            contact_due_days=0,
        )
        file = drafted.file
        file.id = id or file.id
        file.contact_by = file.next_action_on = contact_by or first_contact_by(on, service)
        if not may_do(by.role, Duty.INTAKE):
            file.worker = by.worker
        return _saved(drafted, by)


def _place(service: str, by: Viewer) -> int:
    """The compartment of partners' files of a service, if the viewer works in it."""
    known = shipped().get(service)
    if known is None:
        raise Refused("Choose a service from the list.")
    place = compartment_for(side=Side.SAFETY, service=service, agency=known.partner_support.agency)
    if place not in by.compartments:
        raise Refused(f"You do not work with partners of {known.name}.")
    return place


def _tokens_of(partner: Partner, prefix: str) -> list[PartnerToken]:
    born = date.fromisoformat(partner.born_on) if partner.born_on else None
    found = person_tokens(
        Side.SAFETY,
        names=[partner.given_name, partner.family_name],
        phones=[partner.phone or ""],
        born_on=born,
        prefix=prefix,
    )
    return [
        PartnerToken(
            id=new_id(), compartment=partner.compartment, partner=partner, token=token, kind=kind
        )
        for token, kind in found.items()
    ]


def index_partner(*, partner: Partner, prefix: str) -> None:
    """Make the blind index of a partner equal to the partner's name, phone and birth date."""
    PartnerToken.objects.for_system("tokens").filter(partner=partner).delete()
    PartnerToken.objects.for_system("tokens").bulk_create(_tokens_of(partner, prefix))


def locked_file(file: PartnerFile, by: Viewer) -> PartnerFile:
    """The file as it stands now, held for this transaction."""
    return PartnerFile.objects.visible_to(by).select_for_update(of=("self",)).get(pk=file.pk)


def take_file(*, file: PartnerFile, by: Viewer) -> PartnerFile:
    """Become the worker of a file that has none."""
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        file = locked_file(file, by)
        if file.worker is not None and file.worker != by.worker:
            raise Refused("This file has a worker already.")
        file.worker = by.worker
        file.version += 1
        file.save()
        record(by=by, verb="took", thing=file)
        return file


def close_file(*, file: PartnerFile, on: date, by: Viewer) -> PartnerFile:
    """End support on a day. The door stays open: a contact can still be recorded afterwards.

    Closed twice is closed once. Raises `Refused` for a day before the last contact.
    """
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        file = locked_file(file, by)
        if file.closed_on is not None:
            return file
        if file.last_contact_on is not None and on < file.last_contact_on:
            raise Refused(
                f"The last contact was on {file.last_contact_on:%-d %B %Y}; support "
                "cannot have ended before that."
            )
        file.closed_on, file.next_action, file.next_action_on = on, "", None
        file.version += 1
        file.save()
        record(by=by, verb="closed", thing=file)
        return file


def reopen_file(*, file: PartnerFile, on: date, by: Viewer) -> PartnerFile:
    """Take up support again for a partner who has come back. Opened twice is opened once.

    Raises `Refused` for a day before the end of support, or where the referral was withdrawn.
    """
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        file = locked_file(file, by)
        if file.withdrawn_on is not None:
            raise Refused("The referral was withdrawn; open a new file instead.")
        if file.closed_on is None:
            return file
        if on < file.closed_on:
            raise Refused(f"Support ended on {file.closed_on:%-d %B %Y}, after this day.")
        file.closed_on, file.reopened_on = None, on
        file.next_action, file.next_action_on = "contact", on
        file.version += 1
        file.save()
        record(by=by, verb="reopened", thing=file)
        return file


def withdraw_file(*, file: PartnerFile, on: date, by: Viewer) -> str:
    """A referral was undone: an untouched file is withdrawn, one with work becomes a task."""
    require(by, Duty.UNDO_INTAKE)
    with acting(by):
        file = locked_file(file, by)
        if file.withdrawn_on is not None:
            return "known"
        if Contact(file.contact) is not Contact.NOT_TRIED or file.worker is not None:
            add_task(file=file, kind="referral_withdrawn", due_on=on, by=by)
            return "task"
        file.withdrawn_on, file.next_action, file.next_action_on = on, "", None
        file.version += 1
        file.save()
        record(by=by, verb="withdrew", thing=file)
        return "withdrawn"
