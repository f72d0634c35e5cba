"""Every write to agreements, their texts and releases. Each is one transaction with an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.agreements.models import Agreement, AgreementText, Release
from casewall.programme.agreements.rules import (
    Ground,
    Purpose,
    Recipient,
    Scope,
    Signed,
    may_sign,
    may_withdraw,
    next_version,
    on_paper,
    release_fits,
)
from casewall.programme.cases.actions import move_case
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer


def sign_agreement(
    *,
    case: Case,
    signed_on: date,
    text_version: str,
    language: str,
    by: Viewer,
    signed: Signed | None = None,
    limits_explained: bool = True,
) -> Agreement:
    """Record the signed agreement, which must come before the start; the case moves with it.

    Without `signed` it is on paper and nobody said where. Raises `Refused` while the limits of
    confidentiality have not been explained, and where the stage does not allow it.
    """
    require(by, Duty.SIGN_AGREEMENT)
    signed = signed or on_paper()
    decision = may_sign(signed, limits_explained=limits_explained)
    if not decision:
        raise Refused(decision.reason)
    with acting(by):
        case = move_case(case=case, to=Stage.AGREEMENT_SIGNED, on=signed_on, by=by)
        agreement = Agreement(
            compartment=case.compartment,
            case=case,
            signed_on=signed_on,
            text_version=text_version,
            language=language,
            limits_explained=limits_explained,
            worker=by.worker,
            **_columns(signed),
        )
        agreement.save(force_insert=True)
        record(by=by, verb="signed with the client", thing=agreement)
        return agreement


def _columns(signed: Signed) -> dict[str, str | None]:
    return {
        "how": signed.how,
        "signature": signed.path or None,
        "typed_name": signed.name or None,
        "filed": signed.filed or None,
        "witness": signed.witness or None,
    }


def keep_text(
    *,
    service: str,
    language: str,
    compartment: int,
    title: str,
    body: str,
    seen: int,
    by: Viewer,
    reason: str = "",
) -> AgreementText:
    """Keep a new version of a service's text. Earlier versions stay, with all who signed them.

    `seen` is the newest version when the text was opened: raises `StaleEdit` where somebody has
    made another one since.
    """
    require(by, Duty.EDIT_TEXTS)
    with acting(by):
        versions = list(
            AgreementText.objects.visible_to(by)
            .filter(compartment=compartment, service=service, language=language)
            .values_list("version", flat=True)
        )
        number = next_version(versions)
        if seen != number - 1:
            raise StaleEdit(
                f"While this page was open somebody made version {number - 1} of the text. What "
                "you typed is below; nothing was saved."
            )
        text = AgreementText(
            compartment=compartment,
            service=service,
            language=language,
            version=number,
            title=title,
            body=body,
            reason=reason,
            made_at=timezone.now(),
            worker=by.worker,
        )
        text.save(force_insert=True)
        record(by=by, verb="made a version of", thing=text)
        return text


@dataclass(frozen=True, slots=True)
class Terms:
    """What a client lets the programme tell, to whom, why, and until when."""

    recipient: Recipient
    recipient_name: str
    purpose: Purpose
    scope: tuple[Scope, ...]
    ground: Ground
    starts_on: date
    expires_on: date | None = None
    details: str | None = None


def release(
    *, case: Case, terms: Terms, signed: Signed, by: Viewer, form: UUID | None = None
) -> Release:
    """Record a release that the client signed. The same `form` sent twice is one release.

    Raises `Refused` where it says nothing that may be told, or ends before it begins.
    """
    require(by, Duty.RELEASE)
    for decision in (
        release_fits(terms.starts_on, terms.expires_on, terms.scope),
        may_sign(signed, limits_explained=True),
    ):
        if not decision:
            raise Refused(decision.reason)
    with acting(by):
        own = id_of_form(case.pk, form) if form else new_id()
        known = Release.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        made = Release(
            id=own,
            compartment=case.compartment,
            case=case,
            recipient=terms.recipient,
            recipient_name=terms.recipient_name,
            purpose=terms.purpose,
            scope=" ".join(terms.scope),
            details=terms.details,
            ground=terms.ground,
            starts_on=terms.starts_on,
            expires_on=terms.expires_on,
            worker=by.worker,
            recorded_at=timezone.now(),
            **_columns(signed),
        )
        made.save(force_insert=True)
        record(by=by, verb="recorded", thing=made)
        return made


def withdraw_release(*, release: Release, on: date, by: Viewer, note: str | None = None) -> Release:
    """The client takes a release back from this day. The release stays on record."""
    require(by, Duty.RELEASE)
    with acting(by):
        found: Release = (
            Release.objects.visible_to(by).select_for_update(of=("self",)).get(pk=release.pk)
        )
        decision = may_withdraw(found.starts_on, found.withdrawn_on, on)
        if not decision:
            raise Refused(decision.reason)
        found.withdrawn_on, found.withdrawn_by = on, by.worker
        found.withdrawal_note = note
        found.version += 1
        found.save()
        record(by=by, verb="withdrew", thing=found)
        return found
