"""Asking for, approving, refusing, releasing, reviewing and recalling disclosures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import locked
from casewall.safety.coordination.material import forget_openings, shared_with_opened
from casewall.safety.coordination.models import Approval, Disclosure, PartnerPermission
from casewall.safety.coordination.rules import (
    Ground,
    InDanger,
    Purpose,
    Review,
    State,
    is_approved,
    may_agree,
    may_approve,
    may_ask,
    may_name_another,
    may_release_at_once,
    may_review,
    next_release,
    review_due,
)
from casewall.safety.intake.outbox import send_later
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.services.load import zone_of
from casewall.staff.models import Compartment
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_to_send_down, new_id
from casewall.wall.sides import Role, Viewer


class SharedWords(Refused):
    """A text was stopped that shares words with partner material opened in the last 72 hours.

    `runs` are the shared parts, as they stand in the text.
    """

    def __init__(self, runs: tuple[str, ...]):
        quoted = "; ".join(f"“{run}”" for run in runs)
        super().__init__(
            "These words also stand in partner material that you opened in the last 72 hours: "
            f"{quoted}. Write them in other words, or let them pass with the partner's "
            "permission for exactly these words."
        )
        self.runs = runs


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the partner agreed to: exactly the words asked for, on this day.

    With `own_words` it was said to the partner that these are the partner's own words.
    """

    on: date
    own_words: bool = False


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
    agreed: Agreed | None = None,
    id: UUID | None = None,
) -> Disclosure:
    """Ask that the programme side be told something about a linked case.

    With `other_case_id` a placement constraint names the client who cannot be placed with this
    one; then nothing but the pair goes down, and the text is for the approvers only. `agreed`
    keeps the partner's permission for exactly these words; it belongs to the ground of consent.
    The same `id` twice is the same request. Raises `SharedWords` where the text repeats what
    the asker read of a partner and no permission for the own words was recorded.
    """
    require(by, Duty.REQUEST_DISCLOSURE)
    decision = may_ask(text, ground, override_reason, other_sources)
    if not decision:
        raise Refused(decision.reason)
    if agreed is not None and ground is not Ground.PARTNER_CONSENT:
        raise Refused("A day of agreement belongs to the ground that the partner agrees.")
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
    return keep_disclosure(disclosure=disclosure, agreed=agreed, by=by, verb="asked for", of=file)


def keep_disclosure(
    *, disclosure: Disclosure, agreed: Agreed | None, by: Viewer, verb: str, of: Any
) -> Disclosure:
    """Keep a new disclosure with the partner's permission, unless its words are stopped.

    `of` is the partner's file, or the child, from which it is asked for. Whoever makes one of a
    child has looked already whether the case belongs to the child.
    """
    at = disclosure.asked_at
    with acting(by):
        known = Disclosure.objects.visible_to(by).filter(pk=disclosure.pk).first()
        if known is not None and (known.file_id or known.child) != of.pk:
            raise Refused("This form was sent from another file. Load the page again.")
        if known is not None:
            return known
        if disclosure.file is not None:
            _fits(disclosure.file, disclosure.case_id, Purpose(disclosure.purpose),
                  disclosure.other_case_id, by)  # fmt: skip
        shared: tuple[str, ...] = ()
        # Of a pair no word goes down, so none can be the partner's.
        if not (disclosure.other_case_id or (agreed and agreed.own_words)):
            shared = shared_with_opened(text=disclosure.text, by=by, at=at)
        if not shared:
            disclosure.permission = _permit(disclosure, agreed, by) if agreed else None
            if disclosure.review:
                _release(disclosure, at)
            disclosure.save(force_insert=True)
            record(by=by, verb=verb, thing=disclosure)
            return disclosure
        record(by=by, verb="was stopped by shared words", thing=of)
    raise SharedWords(shared)


def _permit(disclosure: Disclosure, agreed: Agreed, by: Viewer) -> PartnerPermission:
    decision = may_agree(agreed.on, timezone.localdate(disclosure.asked_at))
    if not decision:
        raise Refused(decision.reason)
    permission = PartnerPermission(
        compartment=disclosure.compartment,
        file=disclosure.file,
        words=disclosure.text,
        purpose=disclosure.purpose,
        given_on=agreed.on,
        worker=by.worker,
    )
    permission.save(force_insert=True)
    record(by=by, verb="recorded the permission", thing=permission)
    return permission


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
            disclosure.release_at = next_release(at_the_service(disclosure, at))
            disclosure.save()
        record(by=by, verb="approved", thing=disclosure)
        return disclosure


def at_the_service(disclosure: Disclosure, at: datetime) -> datetime:
    """A moment by the clock of the service, whose hours of release they are."""
    if disclosure.file is not None:
        service = disclosure.file.service
    else:
        rows = Compartment.objects.filter(number=disclosure.compartment)
        service = rows.values_list("service_id", flat=True).first() or ""
    return timezone.localtime(at, zone_of(service))


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
    """Put every approved disclosure whose moment has come into the outbox; returns how many.

    What workers opened longer ago than the check of shared words looks back is forgotten too.
    """
    require(by, Duty.PULL)
    with acting(by):
        forget_openings(by=by, at=at)
        due = list(
            Disclosure.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(state=State.APPROVED, release_at__lte=at)
            .order_by("release_at", "id")
        )
        for disclosure in due:
            _release(disclosure, at)
            disclosure.save()
            record(by=by, verb="released", thing=disclosure)
        return len(due)


def _release(disclosure: Disclosure, at: datetime) -> None:
    """Give the words to the bridge. The item looks the same on every path to this place."""
    disclosure.item, disclosure.state = id_to_send_down(), State.RELEASED
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


def release_at_once(
    *,
    file: PartnerFile,
    case_id: UUID,
    purpose: Purpose,
    text: str,
    in_danger: InDanger,
    danger: str,
    by: Viewer,
    at: datetime,
    agreed: Agreed | None = None,
    id: UUID | None = None,
) -> Disclosure:
    """Release without approvers because somebody is in danger; another worker reviews it.

    It goes with the next round of the bridge instead of at a fixed hour. That this tells the
    programme side when it happened is the accepted cost; the item itself carries no mark, and
    source protection is asked of the reviewer instead. Words that repeat what was read of a
    partner are stopped here too: saying it in other words takes a minute. The same `id` twice
    is one release.
    """
    require(by, Duty.EMERGENCY)
    decision = may_release_at_once(text, danger)
    if not decision:
        raise Refused(decision.reason)
    disclosure = Disclosure(
        id=id or new_id(),
        compartment=file.compartment,
        file=file,
        case_id=case_id,
        purpose=purpose,
        text=text.strip(),
        ground=Ground.PARTNER_CONSENT if agreed else Ground.RECORDED_OVERRIDE,
        override_reason=None if agreed else danger.strip(),
        in_danger=in_danger,
        danger=danger.strip(),
        asked_by=by.worker,
        asked_at=at,
        release_at=at,
        review=Review.WAITING,
        review_due_at=review_due(at),
    )
    return keep_disclosure(disclosure=disclosure, agreed=agreed, by=by,
                           verb="released in an emergency", of=file)


def review_release(
    *, disclosure: Disclosure, uphold: bool, note: str, by: Viewer, at: datetime
) -> Disclosure:
    """Say whether it was right to release at once. Where it was not, the words are recalled."""
    require(by, Duty.REVIEW_EMERGENCY)
    if not note.strip():
        raise Refused("Write what you found: whoever released it learns from it.")
    with acting(by):
        found = locked(disclosure, by)
        decision = may_review(by.worker, found.asked_by, found.course.review)
        if not decision:
            raise Refused(decision.reason)
        found.review = Review.UPHELD if uphold else Review.RECALLED
        found.reviewed_by, found.reviewed_at, found.review_note = by.worker, at, note.strip()
        if not uphold and State(found.state) is State.RELEASED:
            _take_back(found, at)
        found.save()
        record(by=by, verb=f"reviewed: {found.review}", thing=found)
        return found


def recall(*, disclosure: Disclosure, by: Viewer, at: datetime) -> Disclosure:
    """Take back what was told. The programme keeps the day of it, not the text."""
    require(by, Duty.APPROVE_DISCLOSURE)
    with acting(by):
        found = locked(disclosure, by)
        if State(found.state) is not State.RELEASED:
            raise Refused(f"Only a released disclosure can be recalled; this one is {found.state}.")
        _take_back(found, at)
        found.save()
        record(by=by, verb="recalled", thing=found)
        return found


def _take_back(disclosure: Disclosure, at: datetime) -> None:
    disclosure.state = State.RECALLED
    send_later(
        item=id_to_send_down(),
        kind="recall",
        compartment=disclosure.compartment,
        content={"disclosure": str(disclosure.item)},
        at=at,
    )


def revoke_permission(*, disclosure: Disclosure, by: Viewer, at: datetime) -> Disclosure:
    """The partner takes the permission back: what has not crossed never does, the rest is recalled.

    One sentence of the partner is enough, so whoever may ask for a disclosure may record it.
    """
    require(by, Duty.REQUEST_DISCLOSURE)
    with acting(by):
        found = locked(disclosure, by)
        seen = PartnerPermission.objects.visible_to(by).filter(pk=found.permission_id)
        permission = seen.first()
        if permission is None:
            raise Refused("You see no permission of the partner with this disclosure.")
        if permission.revoked_on is None:
            permission.revoked_on = timezone.localdate(at)
            permission.revoked_by = by.worker
            permission.save()
            record(by=by, verb="recorded that permission was taken back", thing=permission)
            _without_permission(found, at)
            found.save()
        return found


def _without_permission(disclosure: Disclosure, at: datetime) -> None:
    match State(disclosure.state):
        case State.ASKED | State.APPROVED:
            disclosure.state, disclosure.release_at = State.REFUSED, None
            disclosure.refusal = "The partner took the permission back."
        case State.RELEASED:
            _take_back(disclosure, at)
        case _:
            pass
