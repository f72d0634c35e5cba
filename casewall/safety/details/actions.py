"""Every write to a partner's contact details after the file was opened.

No import, no synchronisation and no statement of anybody calls these: a second referral, or what
a client declares, leaves the details byte for byte as they are.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import locked
from casewall.safety.details.models import DetailChange, FormerDetail
from casewall.safety.details.rules import (
    CHANNELS_OF,
    OPEN,
    Detail,
    Source,
    State,
    Way,
    fits,
    may_check,
    may_confirm,
)
from casewall.safety.partners.actions import add_task, channel_decision, index_partner
from casewall.safety.partners.models import Partner, PartnerFile, SafeContact
from casewall.safety.partners.rules import Channel
from casewall.safety.sending.actions import recall_waiting
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.decide import Decision, Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

ASK_AGAIN = "ask_whether_the_new_way_is_safe"


def _locked_change(change: DetailChange, version: int, by: Viewer) -> DetailChange:
    now: DetailChange = (
        DetailChange.objects.visible_to(by).select_for_update(of=("self",)).get(pk=change.pk)
    )
    if now.version != version:
        raise StaleEdit("Somebody else has gone on with this change meanwhile. Look at it again.")
    return now


def ask_change(
    *,
    file: PartnerFile,
    detail: Detail,
    value: str,
    source: Source,
    at: datetime,
    by: Viewer,
    reason: str | None = None,
    id: UUID | None = None,
) -> DetailChange:
    """Ask for a contact detail to be changed; an empty value takes it away.

    Nothing changes yet. One change of a detail at a time; the same `id` twice is once.
    """
    require(by, Duty.CHANGE_DETAILS)
    value = " ".join(value.split()) if detail is not Detail.ADDRESS else value.strip()
    decision = fits(detail, value)
    if not decision:
        raise Refused(decision.reason)
    with acting(by):
        file = locked(file, by)
        known: DetailChange | None = DetailChange.objects.visible_to(by).filter(pk=id).first()
        if known is not None and known.file_id != file.pk:
            raise Refused("This form was sent from another file. Load the page again.")
        if known is not None:
            return known
        waiting = DetailChange.objects.visible_to(by).filter(
            file=file, detail=detail, state__in=OPEN
        )
        if waiting.exists():
            raise Refused("A change of this waits already. Finish it, or drop it, first.")
        partner = Partner.objects.visible_to(by).get(pk=file.partner_id)
        if (getattr(partner, detail.value) or "") == value:
            raise Refused("This is what the file holds already; there is nothing to change.")
        change = DetailChange(
            id=id or new_id(),
            compartment=file.compartment,
            file=file,
            detail=detail,
            new_value=value or None,
            source=source,
            reason=reason or None,
            asked_at=at,
            asked_by=by.worker,
        )
        change.save(force_insert=True)
        record(by=by, verb="asked to change a detail of", thing=file, purpose=detail.value)
        return change


def confirm_change(
    *,
    change: DetailChange,
    way: Way,
    code_word_given: bool,
    version: int,
    at: datetime,
    by: Viewer,
) -> DetailChange:
    """The partner has confirmed the change. Raises `Refused` where that is not certain enough."""
    require(by, Duty.CHANGE_DETAILS)
    with acting(by):
        change = _locked_change(change, version, by)
        if change.state != State.ASKED:
            raise Refused("This change was confirmed, done or dropped before.")
        file = locked(change.file, by)
        partner = Partner.objects.visible_to(by).get(pk=file.partner_id)
        decision = may_confirm(
            way,
            channel=_channel(file, way, at, by),
            code_word_agreed=_has_code_word(file, by),
            code_word_given=code_word_given,
            replaces=bool(getattr(partner, change.detail)),
        )
        if not decision:
            raise Refused(decision.reason)
        change.state, change.way, change.code_word_given = State.CONFIRMED, way, code_word_given
        change.confirmed_at, change.confirmed_by = at, by.worker
        change.version += 1
        change.save()
        record(by=by, verb="confirmed a change of a detail of", thing=file, purpose=way.value)
        return change


def _channel(file: PartnerFile, way: Way, at: datetime, by: Viewer) -> Decision:
    if way in (Way.IN_PERSON, Way.RANG_US):
        return Decision(True, "")
    return channel_decision(file=file, channel=Channel(way.value), at=at, by=by)


def _has_code_word(file: PartnerFile, by: Viewer) -> bool:
    plans = SafeContact.objects.visible_to(by).filter(file=file)
    return any(plan.code_word for plan in plans)


def check_change(*, change: DetailChange, version: int, at: datetime, by: Viewer) -> DetailChange:
    """The second pair of eyes: the change is made now, all of it or nothing.

    The old detail is kept with its day; what waits for it is recalled; the channels that it
    belonged to are not confirmed any more; a task asks the partner about the new one.
    """
    require(by, Duty.CHANGE_DETAILS)
    with acting(by):
        change = _locked_change(change, version, by)
        if change.state != State.CONFIRMED:
            raise Refused("Only a change that the partner has confirmed can be checked.")
        decision = may_check(by.worker, asked_by=change.asked_by, confirmed_by=change.confirmed_by)
        if not decision:
            raise Refused(decision.reason)
        file = locked(change.file, by)
        _supersede(change, file, at, by)
        for one in PartnerFile.objects.visible_to(by).filter(partner_id=file.partner_id):
            channels = CHANNELS_OF[Detail(change.detail)]
            recall_waiting(file=one, channels=channels, at=at, by=by)
            _forget_safety(one, channels, by)
        _end(change, State.DONE, at, by)
        record(by=by, verb="changed a detail of", thing=file, purpose=change.detail)
        if change.new_value:
            add_task(file=file, kind=ASK_AGAIN, due_on=timezone.localdate(at), by=by)
        return change


def _supersede(change: DetailChange, file: PartnerFile, at: datetime, by: Viewer) -> None:
    partner = Partner.objects.visible_to(by).select_for_update(of=("self",)).get(pk=file.partner_id)
    old = getattr(partner, change.detail)
    if old:
        FormerDetail(
            id=new_id(),
            compartment=file.compartment,
            file=file,
            detail=change.detail,
            value=old,
            held_until=at,
            change=change,
        ).save(force_insert=True)
    setattr(partner, change.detail, change.new_value)
    partner.version += 1
    partner.save()
    if change.detail == Detail.PHONE:
        service = shipped().get(file.service)
        index_partner(partner=partner, prefix=service.phone_prefix if service else "+45")


def _forget_safety(file: PartnerFile, channels: tuple[Channel, ...], by: Viewer) -> None:
    plans = (
        SafeContact.objects.visible_to(by)
        .select_for_update(of=("self",))
        .filter(file=file, channel__in=channels)
    )
    for plan in plans:
        plan.is_safe, plan.confirmed_on, plan.review_on = False, None, None
        plan.voicemail = plan.calendar = False
        plan.worker, plan.version = by.worker, plan.version + 1
        plan.save()


def _end(change: DetailChange, state: State, at: datetime, by: Viewer) -> None:
    change.state, change.ended_at, change.ended_by = state, at, by.worker
    change.version += 1
    change.save()


def drop_change(*, change: DetailChange, version: int, at: datetime, by: Viewer) -> DetailChange:
    """Drop a change that was not right; nothing about the partner has changed. Twice is once."""
    require(by, Duty.CHANGE_DETAILS)
    with acting(by):
        now: DetailChange = DetailChange.objects.visible_to(by).get(pk=change.pk)
        if now.state == State.DROPPED:
            return now
        change = _locked_change(change, version, by)
        if change.state not in OPEN:
            raise Refused("This change has been made; ask for another one.")
        _end(change, State.DROPPED, at, by)
        record(by=by, verb="dropped a change of a detail of", thing=change.file)
        return change
