"""Reaching a partner: what is safe, what was tried, what was told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.partners.actions.files import locked_file
from casewall.safety.partners.actions.tasks import raise_danger
from casewall.safety.partners.danger import Danger, HeardBy
from casewall.safety.partners.danger import in_words as danger_words
from casewall.safety.partners.models import (
    Partner,
    PartnerContact,
    PartnerFile,
    Reveal,
    SafeContact,
    ThingTold,
)
from casewall.safety.partners.rules import (
    AGAIN,
    TOLD_VERSION,
    Channel,
    Contact,
    Days,
    Outcome,
    Purpose,
    SafeFor,
    Told,
    contact_after,
    may_use,
    next_review,
    return_fits,
    step_after,
    telling_fits,
)
from casewall.wall.context import acting
from casewall.wall.decide import Decision, Refused, StaleEdit
from casewall.wall.duties import Duty, may_do, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer


def channel_decision(*, file: PartnerFile, channel: Channel, at: datetime, by: Viewer) -> Decision:
    """Whether this channel may be used at this moment, by the plan as it stands."""
    plan = SafeContact.objects.visible_to(by).filter(file=file, channel=channel).first()
    return decide(plan, channel, at)


def decide(plan: SafeContact | None, channel: Channel, at: datetime) -> Decision:
    """Whether a plan lets its channel be used at this moment; without a plan it does not."""
    plan = plan or SafeContact(channel=channel)
    local = timezone.localtime(at)
    return may_use(
        channel,
        is_safe=plan.is_safe,
        confirmed_on=plan.confirmed_on,
        review_on=plan.review_on,
        from_time=plan.from_time,
        to_time=plan.to_time,
        today=local.date(),
        now=local.time(),
        days=Days(plan.days),
    )


@dataclass(frozen=True, slots=True)
class Details:
    """How a partner can be reached. Shown once, on one answer; None where not known."""

    phone: str | None
    email: str | None
    address: str | None


def reveal_details(*, file: PartnerFile, purpose: Purpose, by: Viewer) -> Details:
    """A partner's phone, e-mail and address, for a purpose that the audit keeps."""
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        partner = Partner.objects.visible_to(by).get(pk=file.partner_id)
        Reveal(
            compartment=file.compartment,
            file=file,
            looked_at=timezone.now(),
            purpose=purpose,
            worker=by.worker,
        ).save(force_insert=True)
        record(by=by, verb="revealed contact details of", thing=file, purpose=purpose.value)
        return Details(partner.phone, partner.email, partner.address)


def record_contact(
    *,
    file: PartnerFile,
    tried_at: datetime,
    channel: Channel,
    outcome: Outcome,
    by: Viewer,
    still_safe: bool | None = None,
    return_on: date | None = None,
    told: Collection[Told] = (),
    note: str | None = None,
    id: UUID | None = None,
    signs: Collection[Danger] = (),
) -> PartnerContact:
    """Log one attempt. “Still safe?” confirms the channel's plan, or takes its safety away.

    An attempt that happened is kept whether or not its channel was confirmed safe, and says which.
    `return_on` is the day on which a partner who declines for now may be asked again; `told` what
    she or he was told; `signs` are signs of danger that were heard: a task for today at once.
    The same `id` twice is the same attempt.
    """
    require(by, Duty.SUPPORT_PARTNER)
    on = timezone.localdate(tried_at)
    _refuse_unless_fits(outcome, on, return_on, told)
    with acting(by):
        file = locked_file(file, by)
        known = _known(id, file, by)
        if known is not None:
            return known
        attempt = PartnerContact(
            id=id or new_id(),
            compartment=file.compartment,
            file=file,
            tried_at=tried_at,
            channel=channel,
            outcome=outcome,
            confirmed_safe=channel_decision(file=file, channel=channel, at=tried_at, by=by).allowed,
            still_safe=still_safe,
            worker=by.worker,
            note=note,
        )
        attempt.save(force_insert=True)
        _raise(file, attempt, signs, by)
        _move_on(file, outcome, on, return_on)
        if still_safe is not None:
            _confirm(file, channel, still_safe, on, by)
        for item in told:
            _keep_told(file, item, on, by, attempt)
        record(by=by, verb="recorded contact with", thing=file)
        return attempt


def _known(id: UUID | None, file: PartnerFile, by: Viewer) -> PartnerContact | None:
    """The attempt that this form made already. Raises `Refused` for one of another file."""
    known: PartnerContact | None = PartnerContact.objects.visible_to(by).filter(pk=id).first()
    if known is not None and known.file_id != file.pk:
        raise Refused("This form was sent from another file. Load the page again.")
    return known


def _raise(
    file: PartnerFile, attempt: PartnerContact, signs: Collection[Danger], by: Viewer
) -> None:
    if signs:
        raise_danger(
            file=file,
            heard_by=HeardBy.CONTACT,
            source_id=attempt.pk,
            signs=signs,
            words=f"In a contact: {danger_words(signs).lower()}.",
            on=timezone.localdate(),
            by=by,
        )


def _refuse_unless_fits(
    outcome: Outcome, on: date, return_on: date | None, told: Collection[Told]
) -> None:
    fits = return_fits(outcome, on, return_on)
    if fits and told:
        fits = telling_fits(told, outcome)
    if not fits:
        raise Refused(fits.reason)


def count_unanswered(*, file: PartnerFile, on: date, by: Viewer) -> PartnerFile:
    """Something went out to a partner and has had no answer by itself: an attempt, like a call
    that nobody took. What went out is kept by whoever sent it."""
    if not may_do(by.role, Duty.SEND_MESSAGE):
        require(by, Duty.SEND_DUE)
    with acting(by):
        file = locked_file(file, by)
        _move_on(file, Outcome.NO_ANSWER, on, None)
        record(by=by, verb="counted an attempt to reach", thing=file)
        return file


def _move_on(file: PartnerFile, outcome: Outcome, on: date, return_on: date | None) -> None:
    """Where contact stands after an attempt, and what is to be done next."""
    is_silent = outcome is Outcome.NO_ANSWER
    file.contact = contact_after(Contact(file.contact), outcome)
    file.last_contact_on = max(filter(None, [file.last_contact_on, on]))
    file.next_action, file.next_action_on = step_after(
        Contact(file.contact),
        on,
        return_on=return_on,
        planned=file.next_action_on if is_silent and file.next_action == AGAIN else None,
        unanswered=is_silent and file.next_action == "contact",
    )
    file.version += 1
    file.save()


def _keep_told(
    file: PartnerFile, item: Told, on: date, by: Viewer, attempt: PartnerContact | None
) -> None:
    ThingTold(
        id=new_id(),
        compartment=file.compartment,
        file=file,
        item=item,
        told_on=on,
        list_version=TOLD_VERSION,
        contact=attempt,
        worker=by.worker,
    ).save(force_insert=True)


def tell(*, file: PartnerFile, items: Collection[Told], on: date, by: Viewer) -> list[Told]:
    """Keep what a partner was told outside a recorded contact, for example with a leaflet.

    What was kept for that day by the same worker is not kept twice; returns what was new. Raises
    `Refused` where the caveat is missing or nothing was told.
    """
    require(by, Duty.SUPPORT_PARTNER)
    decision = telling_fits(items)
    if not decision:
        raise Refused(decision.reason)
    with acting(by):
        file = locked_file(file, by)
        known = set(
            ThingTold.objects.visible_to(by)
            .filter(file=file, told_on=on, worker=by.worker)
            .values_list("item", flat=True)
        )
        new = [item for item in Told if item in items and item not in known]
        for item in new:
            _keep_told(file, item, on, by, None)
        record(by=by, verb="kept what was told to", thing=file)
        return new


def _confirm(file: PartnerFile, channel: Channel, still_safe: bool, on: date, by: Viewer) -> None:
    plan = SafeContact.objects.visible_to(by).filter(file=file, channel=channel).first()
    if plan is None:
        if not still_safe:
            return
        plan = SafeContact(compartment=file.compartment, file=file, channel=channel, version=0)
    plan.is_safe = still_safe
    if still_safe:
        plan.confirmed_on = max(filter(None, [plan.confirmed_on, on]))
        plan.review_on = next_review(plan.confirmed_on, plan.review_on)
    plan.worker, plan.version = by.worker, plan.version + 1
    plan.save()


def _refuse_nonsense(
    channel: Channel,
    is_safe: bool,
    confirmed_on: date | None,
    review_on: date | None,
    hours: tuple[time | None, time | None],
    days: Days,
) -> None:
    from_time, to_time = hours
    if is_safe and confirmed_on is None:
        raise Refused("Say on which day it was confirmed that this is safe.")
    if (from_time is None) != (to_time is None):
        raise Refused("Safe hours need both a beginning and an end.")
    if from_time is not None and to_time is not None and from_time >= to_time:
        raise Refused("Safe hours must end after they begin.")
    if review_on is not None and confirmed_on is not None and review_on <= confirmed_on:
        raise Refused("The review must come after the day of the confirmation.")
    if channel is Channel.LETTER and (from_time is not None or days is not Days.EVERY_DAY):
        raise Refused("The post keeps no hours and no days: leave them open for letters.")


def _plan_to_change(file: PartnerFile, channel: Channel, by: Viewer) -> SafeContact:
    plan: SafeContact | None = (
        SafeContact.objects.visible_to(by)
        .select_for_update(of=("self",))
        .filter(file=file, channel=channel)
        .first()
    )
    return plan or SafeContact(compartment=file.compartment, file=file, channel=channel, version=0)


def set_safe_contact(
    *,
    file: PartnerFile,
    channel: Channel,
    is_safe: bool,
    confirmed_on: date | None,
    review_on: date | None,
    by: Viewer,
    from_time: time | None = None,
    to_time: time | None = None,
    voicemail: bool = False,
    calendar: bool = False,
    days: Days = Days.EVERY_DAY,
    safe_for: SafeFor = SafeFor.PARTNER_ONLY,
    call_as: str | None = None,
    code_word: str | None = None,
    note: str | None = None,
    version: int | None = None,
) -> SafeContact:
    """Say how one channel may be used. Raises `StaleEdit` if it changed since `version`.

    A safe channel always has a day on which it is asked about again; without one it is the usual.
    """
    require(by, Duty.SET_SAFE_CONTACT)
    _refuse_nonsense(channel, is_safe, confirmed_on, review_on, (from_time, to_time), days)
    if is_safe and confirmed_on is not None:
        review_on = review_on or next_review(confirmed_on, None)
    with acting(by):
        file = locked_file(file, by)
        plan = _plan_to_change(file, channel, by)
        if version is not None and version != plan.version:
            raise StaleEdit(
                "Somebody else changed this plan while you had it open. Your text is "
                "below; look at both before you save."
            )
        plan.is_safe, plan.confirmed_on, plan.review_on = is_safe, confirmed_on, review_on
        plan.from_time, plan.to_time, plan.days = from_time, to_time, days
        plan.voicemail, plan.calendar, plan.safe_for = voicemail, calendar, safe_for
        plan.call_as, plan.code_word, plan.note = call_as, code_word, note
        plan.worker, plan.version = by.worker, plan.version + 1
        plan.save()
        record(by=by, verb="set safe contact of", thing=file)
        return plan
