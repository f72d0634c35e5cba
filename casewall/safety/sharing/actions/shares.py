"""Sharing with an agency: written down, recalled, and its messages acknowledged.

Nothing is sent from here. A worker posts, calls or writes, and writes it down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, locked
from casewall.safety.children.models import Child
from casewall.safety.partners.models import PartnerFile
from casewall.safety.sharing.actions.keeping import own_id, subject_of
from casewall.safety.sharing.models import (
    AgencyContact,
    AgencyMessage,
    ExternalAgency,
    SafetyReport,
    Share,
    SharingAgreement,
)
from casewall.safety.sharing.parties import Recipient, demand_no_party
from casewall.safety.sharing.rules import (
    ANSWER_DAYS,
    Basis,
    Condition,
    Planned,
    ReportState,
    Route,
    ShareFor,
    Standing,
    Term,
    may_recall,
    may_share,
    standing_on,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a share is: to whom, what, why, on what basis, until when."""

    person: str
    purpose: ShareFor
    basis: Basis
    consented: bool
    shared_on: date
    expires_on: date
    what: str = ""
    condition: Condition | None = None
    consent_on: date | None = None
    without_because: str = ""
    document: SafetyReport | None = None


def agreements_of(agency: ExternalAgency, by: Viewer) -> list[SharingAgreement]:
    """The agreements with an agency, the one that lasts longest first."""
    rows = SharingAgreement.objects.visible_to(by).filter(agency=agency)
    return list(rows.order_by("-last_on", "id"))


def term_of(row: SharingAgreement) -> Term:
    """The days on which an agreement holds; ended by hand, it holds until that day."""
    return Term(row.first_on, min(row.last_on, row.ended_on or row.last_on))


def share(
    *,
    agency: ExternalAgency,
    terms: Terms,
    by: Viewer,
    file: PartnerFile | None = None,
    child: Child | None = None,
    form: UUID | None = None,
) -> Share:
    """Keep that something was shared with an agency about a partner's file or a child.

    Raises `Refused` without a basis that holds, where the agreement with the agency has ended,
    and where the recipient is a client or a partner. The same form twice is one share.
    """
    require(by, Duty.SHARE)
    with acting(by):
        file, child, compartment = subject_of(file, child, by)
        own = own_id(file or child, form, "share")
        known = known_row(Share, own, by)
        if known is not None:
            return known
        agency = locked(agency, by)
        agreement = _checked(agency, terms, by)
        _document_fits(terms.document, file, child)
        row = Share(
            id=own, compartment=compartment, file=file, child=child, worker=by.worker,
            agency=agency, agreement=agreement, person=terms.person.strip(),
            purpose=terms.purpose, what=terms.what.strip(),
            document=terms.document.pk if terms.document else None, basis=terms.basis,
            condition=terms.condition or "", consented=terms.consented,
            consent_on=terms.consent_on if terms.consented else None,
            without_because=None if terms.consented else terms.without_because.strip(),
            shared_on=terms.shared_on, expires_on=terms.expires_on,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="shared with an agency", thing=file or child)
        return row


def _checked(agency: ExternalAgency, terms: Terms, by: Viewer) -> SharingAgreement | None:
    """The agreement that holds, where there is one. Raises `Refused` where it may not be shared."""
    if agency.retired_on is not None:
        raise Refused("This agency is not in the directory any more. Choose another.")
    agreements = agreements_of(agency, by)
    standing = standing_on(map(term_of, agreements), terms.shared_on)
    plan = Planned(
        basis=terms.basis, consented=terms.consented, without_because=terms.without_because,
        recipient=terms.person, what=terms.what, has_document=terms.document is not None,
        shared_on=terms.shared_on, expires_on=terms.expires_on, standing=standing,
        agency=agency.name,
    )  # fmt: skip
    demand(may_share(plan, timezone.localdate()))
    demand_no_party(Recipient((terms.person, agency.name)), by)
    holding = [
        one for one in agreements
        if standing_on([term_of(one)], terms.shared_on) is Standing.HOLDS
    ]  # fmt: skip
    same = [one for one in holding if one.basis == terms.basis]
    return next(iter(same or holding), None)


def _document_fits(
    report: SafetyReport | None, file: PartnerFile | None, child: Child | None
) -> None:
    if report is None:
        return
    if report.state != ReportState.RELEASED:
        raise Refused("Only a report that was checked and released can be shared.")
    if (report.file_id, report.child_id) != (file and file.pk, child and child.pk):
        raise Refused("This report is about somebody else.")


def recall_share(*, share: Share, reason: str, version: int, by: Viewer) -> Share:
    """Take a share back. It stays on the list; telling the recipient becomes a task."""
    require(by, Duty.SHARE)
    with acting(by):
        row = locked(share, by)
        if row.recalled_on is not None and row.recalled_because == reason.strip():
            return row
        row = locked(share, by, version)
        demand(may_recall(row.recalled_on, reason))
        row.recalled_on, row.recalled_because = timezone.localdate(), reason.strip()
        row.version += 1
        row.save()
        record(by=by, verb="recalled", thing=row)
        return row


def tell_of_recall(*, share: Share, whom: str, on: date, by: Viewer) -> Share:
    """Keep who at the agency was told of a recall, and when. The first telling stands."""
    require(by, Duty.SHARE)
    if not whom.strip():
        raise Refused("Write who at the agency was told.")
    with acting(by):
        row = locked(share, by)
        if row.recalled_on is None:
            raise Refused("This share has not been recalled.")
        if row.told_on is None:
            _not_ahead(on)
            row.told_on, row.told_whom = on, whom.strip()
            row.version += 1
            row.save()
            record(by=by, verb="told an agency of a recall", thing=row)
        return row


def send_message(
    *,
    share: Share,
    route: Route,
    words: str,
    sent_on: date,
    by: Viewer,
    contact: AgencyContact | None = None,
    form: UUID | None = None,
) -> AgencyMessage:
    """Keep that a message went to the agency of a share; its receipt is asked for in a week.

    Raises `Refused` for a share that has run out or was recalled, and for another agency's office.
    """
    require(by, Duty.SHARE)
    _not_ahead(sent_on)
    if not words.strip():
        raise Refused("Write what the message says.")
    with acting(by):
        own = own_id(share, form, "message")
        known = known_row(AgencyMessage, own, by)
        if known is not None:
            return known
        row = locked(share, by)
        if row.recalled_on is not None:
            raise Refused("This share was recalled: nothing more goes out under it.")
        if sent_on > row.expires_on or sent_on < row.shared_on:
            raise Refused("The share does not hold on that day. Make a new one.")
        if contact is not None and contact.agency_id != row.agency_id:
            raise Refused("This office belongs to another agency.")
        made = AgencyMessage(
            id=own, compartment=row.compartment, file_id=row.file_id, child_id=row.child_id,
            worker=by.worker, share=row, contact=contact, route=route, words=words.strip(),
            sent_on=sent_on, ask_on=sent_on + timedelta(days=ANSWER_DAYS),
        )  # fmt: skip
        made.save(force_insert=True)
        record(by=by, verb="wrote to an agency under", thing=row)
        return made


def acknowledge(
    *, message: AgencyMessage, whom: str, on: date, by: Viewer, receipt: str = ""
) -> AgencyMessage:
    """Keep who at the agency acknowledged a message, and when. The first receipt stands."""
    require(by, Duty.SHARE)
    _not_ahead(on)
    if not whom.strip():
        raise Refused("Write who at the agency acknowledged it.")
    with acting(by):
        row = locked(message, by)
        if row.acknowledged_on is None:
            if on < row.sent_on:
                raise Refused("It cannot be acknowledged before it was sent.")
            row.acknowledged_on, row.acknowledged_by = on, whom.strip()
            row.receipt, row.kept_by = receipt.strip() or None, by.worker
            row.ask_on = None
            row.version += 1
            row.save()
            record(by=by, verb="kept a receipt of", thing=row)
        return row


def _not_ahead(day: date) -> None:
    if day > timezone.localdate():
        raise Refused(f"{day:%-d %B %Y} has not come yet.")
