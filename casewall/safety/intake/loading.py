"""Turning checked rows into records, a batch at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from casewall.audit.actions import record_many
from casewall.safety.intake.models import IntakeReferral, OutboxItem, ReferralFile
from casewall.safety.intake.outbox import draft
from casewall.safety.intake.parts import Checked, Circumstances, ClientPart, PartnerPart
from casewall.safety.intake.rules import client_slots, fingerprint
from casewall.safety.partners.actions import draft_file
from casewall.safety.partners.models import Partner, PartnerFile, PartnerToken
from casewall.services.schema import Service
from casewall.staff.actions import compartment_for
from casewall.vault.keys import keys_of
from casewall.wall.ids import id_to_send_down, new_id
from casewall.wall.sides import Side, Viewer


@dataclass(frozen=True, slots=True)
class Where:
    """The service that is referred to, and the compartments that records of it go to."""

    service: Service
    intake: int
    partners: int

    @classmethod
    def of(cls, service: Service) -> Where:
        """Compartments of a service; raises `LookupError` where it is not set up."""
        coordinating = [s.agency for s in service.staffing if s.role == "coordinator"]
        support = service.partner_support.agency
        return cls(
            service,
            compartment_for(
                side=Side.SAFETY,
                service=service.id,
                agency=coordinating[0] if coordinating else support,
            ),
            compartment_for(side=Side.SAFETY, service=service.id, agency=support),
        )


@dataclass(slots=True)
class Known:
    """Parties that were loaded before: fingerprint → what they became."""

    clients: dict[str, UUID] = field(default_factory=dict)
    partners: dict[str, UUID] = field(default_factory=dict)


@dataclass(slots=True)
class Records:
    """Unsaved records of a batch, saved together in the order in which they depend."""

    partners: list[Partner] = field(default_factory=list)
    tokens: list[PartnerToken] = field(default_factory=list)
    files: list[PartnerFile] = field(default_factory=list)
    referrals: list[IntakeReferral] = field(default_factory=list)
    items: list[OutboxItem] = field(default_factory=list)

    def save(self, by: Viewer) -> None:
        """Insert everything; the caller holds the transaction."""
        for model, rows in (
            (Partner, self.partners),
            (PartnerToken, self.tokens),
            (PartnerFile, self.files),
            (IntakeReferral, self.referrals),
            (OutboxItem, self.items),
        ):
            if rows:
                model.objects.for_system("intake").bulk_create(rows)
        record_many(by=by, verb="loaded", things=self.referrals)
        record_many(by=by, verb="opened", things=self.files)


def mark(part: ClientPart | PartnerPart) -> str:
    """The keyed fingerprint of a party, as it is stored."""
    return fingerprint(part, key=keys_of(Side.SAFETY).index[:32])


def known_among(checked: Iterable[Checked], service: str) -> Known:
    """Which parties of these rows were loaded before and not withdrawn."""
    rows = list(checked)
    clients = [mark(c.client) for c in rows if c.client]
    partners = [mark(c.partner) for c in rows if c.partner]
    loaded = IntakeReferral.objects.for_system("intake").filter(service=service, withdrawn_on=None)
    return Known(
        clients=dict(
            loaded.filter(client_fingerprint__in=clients).values_list(
                "client_fingerprint", "client_item"
            )
        ),
        partners=dict(
            loaded.filter(partner_fingerprint__in=partners).values_list(
                "partner_fingerprint", "partner_file_id"
            )
        ),
    )


def is_known(checked: Checked, known: Known) -> bool:
    """Whether every party of a row that can be loaded was loaded before."""
    parties = [(checked.client, known.clients), (checked.partner, known.partners)]
    present = [(part, marks) for part, marks in parties if part is not None]
    return bool(present) and all(mark(part) in marks for part, marks in present)


def add_referral(
    records: Records,
    checked: Checked,
    known: Known,
    where: Where,
    *,
    file: ReferralFile | None,
    at: datetime,
) -> IntakeReferral | None:
    """Draft the records of one row. A party that was loaded before is recognised, not repeated.

    Returns None where nothing of the row is new. The split happens here: what goes down is made
    from the client's part alone, with a random identifier that is drawn for client parts only.
    """
    client, partner = checked.client, checked.partner
    if (client is None and partner is None) or is_known(checked, known):
        return None
    shared = client or partner
    assert shared is not None  # noqa: S101  # for the type checker: one of them is there
    referral = IntakeReferral(
        id=new_id(),
        compartment=where.intake,
        file=file,
        row=checked.number or None,
        service=where.service.id,
        reference=shared.reference or None,
        route=shared.route,
        referrer=shared.referrer_agency or None,
        received_on=shared.received_on,
        circumstances=_told(checked.circumstances, partner),
        children=""
        if checked.circumstances.children is None
        else str(checked.circumstances.children),
    )
    if client is not None:
        _add_client(records, referral, client, known, where, at)
    if partner is not None:
        _add_partner(records, referral, partner, known, where)
    records.referrals.append(referral)
    return referral


def _add_client(
    records: Records,
    referral: IntakeReferral,
    client: ClientPart,
    known: Known,
    where: Where,
    at: datetime,
) -> None:
    print_ = mark(client)
    if print_ in known.clients:
        referral.client_item = known.clients[print_]
        return
    item = id_to_send_down()
    records.items.append(
        draft(
            item=item,
            kind="referral_part",
            compartment=where.intake,
            at=at,
            content={"service": where.service.id, "slots": client_slots(client, id=item)},
        )
    )
    referral.client_fingerprint, referral.client_item = print_, item
    known.clients[print_] = item


def _add_partner(
    records: Records, referral: IntakeReferral, partner: PartnerPart, known: Known, where: Where
) -> None:
    print_ = mark(partner)
    if print_ in known.partners:
        referral.partner_file_id = known.partners[print_]
        return
    person = asdict(partner.person)
    person["born_on"] = partner.person.born_on.isoformat() if partner.person.born_on else None
    person["relation"] = partner.relation
    if partner.safe_phone and not person["phone"]:
        person["phone"] = partner.safe_phone
    drafted = draft_file(
        part=person,
        service=where.service.id,
        route=partner.route,
        referred_on=partner.received_on,
        compartment=where.partners,
        prefix=where.service.phone_prefix,
        contact_due_days=where.service.clocks.first_contact_working_days,
        with_client=referral.client_item is not None,
    )
    drafted.file.note = _safety_note(partner)
    records.partners.append(drafted.partner)
    records.tokens += drafted.tokens
    records.files.append(drafted.file)
    referral.partner_fingerprint, referral.partner_file_id = print_, drafted.file.id
    known.partners[print_] = drafted.file.id


def _safety_note(partner: PartnerPart) -> str | None:
    """What the referrer said about reaching the partner. It confirms nothing as safe."""
    said = []
    if partner.safe_phone:
        said.append(f"The referrer gave {partner.safe_phone} as a safe phone.")
    if partner.safe_to_call != "unknown":
        said.append(f"Safe to call, as the referrer said: {partner.safe_to_call}.")
    if partner.safe_times:
        said.append(f"Safe times, as the referrer said: {partner.safe_times}.")
    if partner.shares_contact:
        said.append("The client has the same phone or e-mail: do not use it.")
    return " ".join(said) or None


def _told(circumstances: Circumstances, partner: PartnerPart | None) -> str | None:
    told: dict[str, Any] = {k: v for k, v in asdict(circumstances).items() if v}
    if not told:
        return None
    return json.dumps(told, ensure_ascii=False, default=str)
