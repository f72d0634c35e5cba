"""Help elsewhere with a partner's consent, and what a partner permits to be told."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from casewall.audit.actions import record
from casewall.audit.rows import locked
from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.actions.keeping import kept, locked_file, not_ahead
from casewall.safety.support.models import OnwardReferral, Permission
from casewall.safety.support.rules import ASK_AGAIN_DAYS, OPEN_HELP, HelpOutcome, is_exact
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer


def kinds_of_help(service: str) -> list[str]:
    """The kinds of help elsewhere that a service's definition has for partners."""
    definition = shipped().get(service)
    links = definition.onward_links if definition else ()
    return list(dict.fromkeys(link.kind for link in links if "partner" in link.parties))


def refer_on(
    *,
    file: PartnerFile,
    kind: str,
    agency: str,
    made_on: date,
    consent_on: date | None,
    by: Viewer,
    note: str | None = None,
    form: UUID | None = None,
) -> OnwardReferral:
    """Refer a partner to help elsewhere. Raises `Refused` without the partner's consent, and for
    a kind that the service's definition does not have for partners."""
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(made_on)
    if kind not in kinds_of_help(file.service):
        raise Refused("This service refers partners to no help of this kind.")
    if consent_on is None:
        raise Refused("A partner is referred to help elsewhere only with the partner's consent.")
    if consent_on > made_on:
        raise Refused("The partner's consent must come before the referral.")
    return kept(
        model=OnwardReferral,
        file=file,
        form=form,
        by=by,
        verb="referred on",
        kind=kind,
        agency=agency,
        made_on=made_on,
        consent_on=consent_on,
        ask_on=made_on + timedelta(days=ASK_AGAIN_DAYS),
        note=note,
    )


def settle_referral(
    *,
    referral: OnwardReferral,
    outcome: HelpOutcome,
    on: date,
    version: int,
    by: Viewer,
    note: str | None = None,
) -> OnwardReferral:
    """Record what came of help elsewhere. What may still change is asked for again."""
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(on)
    if on < referral.made_on:
        raise Refused(
            f"The referral was made on {referral.made_on:%-d %B %Y}; its outcome cannot be dated "
            "before that."
        )
    with acting(by):
        locked_file(referral.file, by)
        row = locked(referral, by)
        if row.version == version + 1 and (row.outcome, row.outcome_on) == (outcome, on):
            return row
        if row.version != version:
            raise StaleEdit(
                "Somebody else recorded an outcome while this page was open. It is shown as it "
                "stands now; look at both before you save."
            )
        row.outcome, row.outcome_on = outcome, on
        row.ask_on = on + timedelta(days=ASK_AGAIN_DAYS) if outcome in OPEN_HELP else None
        row.note = "\n".join(filter(None, [row.note, note])) or None
        row.version += 1
        row.save()
        record(by=by, verb="settled a referral of", kind="partnerfile", object_id=row.file_id)
        return row


def give_permission(
    *,
    file: PartnerFile,
    information: str,
    to_whom: str,
    purpose: str,
    in_writing: bool,
    given_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> Permission:
    """Keep what exactly a partner permits to be told, to whom and why.

    Requirement 34 (WA-0330). Raises `Refused` for a permission that names no information.
    """
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(given_on)
    demand(is_exact(information))
    if not to_whom.strip() or not purpose.strip():
        raise Refused("Write to whom it may be told, and what for.")
    return kept(
        model=Permission,
        file=file,
        form=form,
        by=by,
        verb="kept a permission in",
        information=information,
        to_whom=to_whom,
        purpose=purpose,
        in_writing=in_writing,
        given_on=given_on,
    )


def revoke_permission(*, permission: Permission, on: date, by: Viewer) -> Permission:
    """The partner takes a permission back. Taken back twice is taken back once."""
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(on)
    if on < permission.given_on:
        raise Refused(
            f"The permission was given on {permission.given_on:%-d %B %Y}; it cannot have been "
            "taken back before that."
        )
    with acting(by):
        locked_file(permission.file, by)
        row = locked(permission, by)
        if row.revoked_on is None:
            row.revoked_on, row.version = on, row.version + 1
            row.save()
            record(by=by, verb="revoked a permission of", kind="partnerfile", object_id=row.file_id)
        return row
