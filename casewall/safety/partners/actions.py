"""Every write to a partner's file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.measures.definitions import load as load_measure
from casewall.measures.scoring import raised_alerts, score
from casewall.safety.partners.models import (
    FileLink,
    Partner,
    PartnerContact,
    PartnerFile,
    PartnerTask,
    PartnerToken,
    SafeContact,
    ScaleAnswer,
)
from casewall.safety.partners.rules import (
    Channel,
    Contact,
    NotAnswered,
    Outcome,
    Purpose,
    Wave,
    add_working_days,
    contact_after,
    may_use,
    next_contact_on,
    next_review,
)
from casewall.vault.blind import person_tokens
from casewall.wall.context import acting
from casewall.wall.decide import Decision, Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Side, Viewer


class StaleEdit(Refused):
    """Somebody else changed the record meanwhile; nothing was overwritten."""


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
) -> Drafted:
    """The records of a partner whom a referral names, ready to be saved."""
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
        next_action="contact",
        next_action_on=add_working_days(referred_on, contact_due_days),
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
    with acting(by):
        drafted.partner.save(force_insert=True)
        PartnerToken.objects.for_system("tokens").bulk_create(drafted.tokens)
        drafted.file.save(force_insert=True)
        record(by=by, verb="opened", thing=drafted.file)
        return drafted.file


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


def _locked(file: PartnerFile, by: Viewer) -> PartnerFile:
    return PartnerFile.objects.visible_to(by).select_for_update(of=("self",)).get(pk=file.pk)


def take_file(*, file: PartnerFile, by: Viewer) -> PartnerFile:
    """Become the worker of a file that has none."""
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        file = _locked(file, by)
        if file.worker is not None and file.worker != by.worker:
            raise Refused("This file has a worker already.")
        file.worker = by.worker
        file.version += 1
        file.save()
        record(by=by, verb="took", thing=file)
        return file


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
    note: str | None = None,
    id: UUID | None = None,
) -> PartnerContact:
    """Log one attempt. “Still safe?” confirms the channel's plan, or takes its safety away.

    An attempt that happened is kept whether or not its channel was confirmed safe, and says which.
    The same `id` twice is the same attempt.
    """
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        file = _locked(file, by)
        known = PartnerContact.objects.visible_to(by).filter(pk=id).first()
        if known is not None and known.file_id != file.pk:
            raise Refused("This form was sent from another file. Load the page again.")
        if known is not None:
            return known
        was_safe = channel_decision(file=file, channel=channel, at=tried_at, by=by)
        attempt = PartnerContact(
            id=id or new_id(),
            compartment=file.compartment,
            file=file,
            tried_at=tried_at,
            channel=channel,
            outcome=outcome,
            confirmed_safe=was_safe.allowed,
            still_safe=still_safe,
            worker=by.worker,
            note=note,
        )
        attempt.save(force_insert=True)
        on = timezone.localdate(tried_at)
        file.contact = contact_after(Contact(file.contact), outcome)
        file.last_contact_on = max(filter(None, [file.last_contact_on, on]))
        file.next_action_on = next_contact_on(Contact(file.contact), on)
        file.next_action = "contact" if file.next_action_on else ""
        file.version += 1
        file.save()
        if still_safe is not None:
            _confirm(file, channel, still_safe, on, by)
        record(by=by, verb="recorded contact with", thing=file)
        return attempt


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
    call_as: str | None = None,
    code_word: str | None = None,
    note: str | None = None,
    version: int | None = None,
) -> SafeContact:
    """Say how one channel may be used. Raises `StaleEdit` if it changed since `version`."""
    require(by, Duty.SET_SAFE_CONTACT)
    if is_safe and confirmed_on is None:
        raise Refused("Say on which day it was confirmed that this is safe.")
    if (from_time is None) != (to_time is None):
        raise Refused("Safe hours need both a beginning and an end.")
    if from_time is not None and to_time is not None and from_time >= to_time:
        raise Refused("Safe hours must end after they begin.")
    if review_on is not None and confirmed_on is not None and review_on <= confirmed_on:
        raise Refused("The review must come after the day of the confirmation.")
    with acting(by):
        file = _locked(file, by)
        plan = (
            SafeContact.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(file=file, channel=channel)
            .first()
        )
        plan = plan or SafeContact(
            compartment=file.compartment, file=file, channel=channel, version=0
        )
        if version is not None and version != plan.version:
            raise StaleEdit(
                "Somebody else changed this plan while you had it open. Your text is "
                "below; look at both before you save."
            )
        plan.is_safe, plan.confirmed_on, plan.review_on = is_safe, confirmed_on, review_on
        plan.from_time, plan.to_time, plan.voicemail = from_time, to_time, voicemail
        plan.call_as, plan.code_word, plan.note = call_as, code_word, note
        plan.worker, plan.version = by.worker, plan.version + 1
        plan.save()
        record(by=by, verb="set safe contact of", thing=file)
        return plan


def record_scale(
    *,
    file: PartnerFile,
    measure: str,
    wave: Wave,
    answered_on: date,
    answers: Mapping[str, str | None],
    mode: str,
    language: str,
    by: Viewer,
    present: str = "nobody",
    due_on: date | None = None,
    id: UUID | None = None,
) -> ScaleAnswer:
    """Keep raw answers and derive the score. A wave is answered once; missing is never zero.

    An answer that signals danger becomes a task for that day. The same answers by the same
    worker twice are one submission.
    """
    require(by, Duty.RECORD_SCALES)
    definition = load_measure(measure)
    result = score(definition, answers)
    written = json.dumps(dict(answers), sort_keys=True)
    with acting(by):
        file = _locked(file, by)
        row = _scale_row(file, measure, wave, by, id)
        if row.answered_on is not None:
            if (row.answers, row.answered_on, row.worker) == (written, answered_on, by.worker):
                return row
            raise Refused("This scale has been answered for this time already.")
        row.measure_version, row.answers = definition.version, written
        row.answered_on, row.due_on = answered_on, due_on or row.due_on
        row.score, row.answered_items, row.items = result.value, result.answered, result.items
        row.scorer_version, row.mode, row.language = result.scorer_version, mode, language
        row.present, row.not_answered, row.worker = present, "", by.worker
        row.save()
        record(by=by, verb="recorded answers of", thing=file)
        for alert in raised_alerts(definition, answers):
            add_task(
                file=file, kind="answer_signals_danger", due_on=answered_on, note=alert.task, by=by
            )
        return row


def note_not_answered(
    *,
    file: PartnerFile,
    measure: str,
    wave: Wave,
    reason: NotAnswered,
    by: Viewer,
    due_on: date | None = None,
    id: UUID | None = None,
) -> ScaleAnswer:
    """Keep why a due scale has no answer, so that silence is counted as silence."""
    require(by, Duty.RECORD_SCALES)
    with acting(by):
        file = _locked(file, by)
        row = _scale_row(file, measure, wave, by, id)
        if row.answered_on is not None:
            raise Refused("This scale has been answered for this time already.")
        row.not_answered, row.due_on, row.worker = reason, due_on or row.due_on, by.worker
        row.measure_version = load_measure(measure).version
        row.save()
        record(by=by, verb="noted silence of", thing=file)
        return row


def _scale_row(
    file: PartnerFile, measure: str, wave: Wave, by: Viewer, new: UUID | None
) -> ScaleAnswer:
    row = (
        ScaleAnswer.objects.visible_to(by)
        .select_for_update(of=("self",))
        .filter(file=file, measure=measure, wave=wave)
        .first()
    )
    return row or ScaleAnswer(
        id=new or new_id(), compartment=file.compartment, file=file, measure=measure, wave=wave
    )


def link_file(*, file: PartnerFile, case_id: UUID, origin: str, on: date, by: Viewer) -> FileLink:
    """Note that a partner's file and a client's case belong together. Known on this side only."""
    require(by, Duty.LINK_FILES)
    with acting(by):
        known = FileLink.objects.visible_to(by).filter(file=file, case_id=case_id).first()
        if known is not None:
            return known
        link = FileLink(
            compartment=file.compartment,
            file=file,
            case_id=case_id,
            origin=origin,
            linked_on=on,
            worker=by.worker,
        )
        link.save(force_insert=True)
        record(by=by, verb="linked", thing=file)
        return link


def close_file(*, file: PartnerFile, on: date, by: Viewer) -> PartnerFile:
    """End support on a day. The door stays open: a contact can still be recorded afterwards.

    Closed twice is closed once. Raises `Refused` for a day before the last contact.
    """
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        file = _locked(file, by)
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


def withdraw_file(*, file: PartnerFile, on: date, by: Viewer) -> str:
    """A referral was undone: an untouched file is withdrawn, one with work becomes a task."""
    require(by, Duty.UNDO_INTAKE)
    with acting(by):
        file = _locked(file, by)
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


def add_task(
    *,
    file: PartnerFile,
    kind: str,
    due_on: date,
    by: Viewer,
    note: str | None = None,
    case_id: UUID | None = None,
) -> PartnerTask:
    """Ask a worker of this side to do something."""
    with acting(by):
        task = PartnerTask(
            id=new_id(),
            compartment=file.compartment,
            file=file,
            kind=kind,
            due_on=due_on,
            note=note,
            case_id=case_id,
        )
        task.save(force_insert=True)
        record(by=by, verb=f"made the task {kind} for", thing=file)
        return task


def finish_task(*, task: PartnerTask, on: date, by: Viewer) -> PartnerTask:
    """Mark a task done; done twice is done once."""
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        task = PartnerTask.objects.visible_to(by).select_for_update(of=("self",)).get(pk=task.pk)
        if task.done_on is None:
            task.done_on, task.done_by = on, by.worker
            task.save()
            record(by=by, verb="finished", thing=task)
        return task
