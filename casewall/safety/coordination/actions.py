"""Asking for, approving, refusing, releasing and recalling disclosures."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.coordination.models import Approval, Disclosure
from casewall.safety.coordination.rules import (
    Ground,
    Purpose,
    State,
    is_approved,
    may_approve,
    may_ask,
    may_name_another,
    next_release,
)
from casewall.safety.intake.outbox import send_later
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_to_send_down, new_id
from casewall.wall.sides import Role, Viewer


def ask(
    *,
    file: PartnerFile,
    case_id: UUID,
    purpose: Purpose,
    text: str,
    ground: Ground,
    by: Viewer,
    at: datetime,
    override_reason: str = "",
    other_sources: int = 0,
    other_case_id: UUID | None = None,
    id: UUID | None = None,
) -> Disclosure:
    """Ask that the programme side be told something about a linked case.

    With `other_case_id` a placement constraint names the client who cannot be placed with this
    one; then nothing but the pair goes down, and the text is for the approvers only. The same
    `id` twice is the same request.
    """
    require(by, Duty.REQUEST_DISCLOSURE)
    decision = may_ask(text, ground, override_reason, other_sources)
    if not decision:
        raise Refused(decision.reason)
    with acting(by):
        known = Disclosure.objects.visible_to(by).filter(pk=id).first()
        if known is not None and known.file_id != file.pk:
            raise Refused("This form was sent from another file. Load the page again.")
        if known is not None:
            return known
        _fits(file, case_id, purpose, other_case_id, by)
        disclosure = Disclosure(
            id=id or new_id(),
            compartment=file.compartment,
            file=file,
            case_id=case_id,
            other_case_id=other_case_id,
            purpose=purpose,
            text=text.strip(),
            ground=ground,
            override_reason=override_reason or None,
            other_sources=other_sources,
            asked_by=by.worker,
            asked_at=at,
        )
        disclosure.save(force_insert=True)
        record(by=by, verb="asked for", thing=disclosure)
        return disclosure


def _fits(
    file: PartnerFile, case_id: UUID, purpose: Purpose, other_case_id: UUID | None, by: Viewer
) -> None:
    """Raise `Refused` where the file has no such case, or names another one without a purpose."""
    links = FileLink.objects.visible_to(by).filter(file=file, case_id=case_id, ended_on=None)
    if not links.exists():
        raise Refused("This partner's file is not linked to that case.")
    decision = may_name_another(purpose, case_id, other_case_id)
    if not decision:
        raise Refused(decision.reason)


def _open(disclosure: Disclosure, by: Viewer) -> Disclosure:
    found = Disclosure.objects.visible_to(by).select_for_update(of=("self",)).get(pk=disclosure.pk)
    if State(found.state) is not State.ASKED:
        raise Refused(f"This disclosure is {found.state} already.")
    return found


def approve(*, disclosure: Disclosure, by: Viewer, at: datetime) -> Disclosure:
    """Add an approval. The second, with one from partner support, sets the moment of release."""
    require(by, Duty.APPROVE_DISCLOSURE)
    with acting(by):
        disclosure = _open(disclosure, by)
        given = tuple(
            (a.worker, Role(a.role))
            for a in Approval.objects.visible_to(by).filter(disclosure=disclosure)
        )
        decision = may_approve(by.role, by.worker, disclosure.asked_by, given)
        if not decision:
            raise Refused(decision.reason)
        Approval(
            compartment=disclosure.compartment,
            disclosure=disclosure,
            worker=by.worker,
            role=by.role,
            given_at=at,
        ).save(force_insert=True)
        if is_approved((*(role for _, role in given), by.role)):
            disclosure.state = State.APPROVED
            disclosure.release_at = next_release(timezone.localtime(at))
            disclosure.save()
        record(by=by, verb="approved", thing=disclosure)
        return disclosure


def refuse(*, disclosure: Disclosure, reason: str, by: Viewer) -> Disclosure:
    """Refuse a disclosure. Nothing of it, not even that it was asked for, goes down."""
    require(by, Duty.APPROVE_DISCLOSURE)
    if not reason.strip():
        raise Refused("Say why, so that whoever asked can act on it.")
    with acting(by):
        disclosure = _open(disclosure, by)
        disclosure.state, disclosure.refusal = State.REFUSED, reason.strip()
        disclosure.save()
        record(by=by, verb="refused", thing=disclosure)
        return disclosure


def release_due(*, by: Viewer, at: datetime) -> int:
    """Put every approved disclosure whose moment has come into the outbox; returns how many."""
    require(by, Duty.PULL)
    with acting(by):
        due = (
            Disclosure.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(state=State.APPROVED, release_at__lte=at)
            .order_by("release_at", "id")
        )
        released = 0
        for disclosure in due:
            disclosure.item, disclosure.state = id_to_send_down(), State.RELEASED
            disclosure.save()
            send_later(
                item=disclosure.item,
                kind="disclosure",
                compartment=disclosure.compartment,
                content={
                    "case": str(disclosure.case_id),
                    "purpose": disclosure.purpose,
                    "text": "" if disclosure.other_case_id else disclosure.text,
                    "other": str(disclosure.other_case_id or ""),
                },
                at=at,
            )
            record(by=by, verb="released", thing=disclosure)
            released += 1
        return released


def recall(*, disclosure: Disclosure, by: Viewer, at: datetime) -> Disclosure:
    """Take back what was told. The programme keeps the day of it, not the text."""
    require(by, Duty.APPROVE_DISCLOSURE)
    with acting(by):
        found = (
            Disclosure.objects.visible_to(by).select_for_update(of=("self",)).get(pk=disclosure.pk)
        )
        if State(found.state) is not State.RELEASED:
            raise Refused(f"Only a released disclosure can be recalled; this one is {found.state}.")
        found.state = State.RECALLED
        found.save()
        send_later(
            item=id_to_send_down(),
            kind="recall",
            compartment=found.compartment,
            content={"disclosure": str(found.item)},
            at=at,
        )
        record(by=by, verb="recalled", thing=found)
        return found
