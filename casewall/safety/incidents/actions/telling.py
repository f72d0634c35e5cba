"""The way of a report of new violence: consent, ground, attempts to tell the partner, telling."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, locked, unchanged
from casewall.safety.incidents.actions.standing import move_on, standing_of
from casewall.safety.incidents.models import AuthorityTold, TryToTell, ViolenceReport
from casewall.safety.incidents.rules import (
    Authority,
    Consent,
    EndedBecause,
    Ground,
    Reached,
    may_end,
    may_record_ground,
    may_tell,
)
from casewall.safety.partners.actions import channel_decision
from casewall.safety.partners.rules import Channel
from casewall.safety.support.actions.keeping import locked_file, not_ahead
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer


def _open(report: ViolenceReport, by: Viewer) -> ViolenceReport:
    """The report, locked, where something can still be done about it."""
    row: ViolenceReport = locked(report, by)
    if row.ended_on is not None:
        raise Refused("This report has ended: nothing more is written in it.")
    return row


def record_consent(
    *, report: ViolenceReport, consent: Consent, on: date, version: int, by: Viewer
) -> ViolenceReport:
    """Keep what the partner answered. It may be answered anew; the audit keeps that it was."""
    require(by, Duty.RECORD_SUFFERED)
    if consent is Consent.NOT_ASKED:
        raise Refused("Write down what the partner answered: yes or no.")
    not_ahead(on)
    with acting(by):
        row = _open(report, by)
        if row.version == version + 1 and (row.consent, row.consent_on) == (consent, on):
            return row
        unchanged(row, version)
        row.consent, row.consent_on = consent, on
        move_on(report=row, by=by)
        record(by=by, verb="kept an answer in a report of", kind="partnerfile",
               object_id=row.file_id)  # fmt: skip
        return row


def record_ground(
    *, report: ViolenceReport, ground: Ground, reason: str, version: int, by: Viewer
) -> ViolenceReport:
    """Keep on what legal ground an authority is told without consent, and why it holds here."""
    require(by, Duty.TELL_AUTHORITIES)
    with acting(by):
        row = _open(report, by)
        if row.version == version + 1 and (row.ground, row.ground_reason) == (ground, reason):
            return row
        unchanged(row, version)
        demand(may_record_ground(standing_of(row, by), reason))
        row.ground, row.ground_reason = ground, reason
        row.ground_on, row.ground_by = timezone.localdate(), by.worker
        move_on(report=row, by=by)
        record(by=by, verb="kept a legal ground in a report of", kind="partnerfile",
               object_id=row.file_id)  # fmt: skip
        return row


def _once(model: Any, report: ViolenceReport, form: UUID | None, by: Viewer) -> tuple[UUID, Any]:
    own = id_of_form(report.pk, form, model._meta.model_name)
    return own, known_row(model, own, by)


def record_try(
    *,
    report: ViolenceReport,
    tried_at: datetime,
    channel: Channel,
    outcome: Reached,
    note: str | None,
    by: Viewer,
    form: UUID | None = None,
) -> TryToTell:
    """Keep one attempt to tell the partner. The same form twice is one attempt."""
    require(by, Duty.RECORD_SUFFERED)
    if tried_at > timezone.now():
        raise Refused("That time has not come yet.")
    with acting(by):
        locked_file(report.file, by)
        own, known = _once(TryToTell, report, form, by)
        if known is not None:
            return known
        row = _open(report, by)
        safe = channel_decision(file=row.file, channel=channel, at=tried_at, by=by)
        made = TryToTell(
            id=own, compartment=row.compartment, file=row.file, report=row, tried_at=tried_at,
            channel=channel, outcome=outcome, confirmed_safe=safe.allowed, note=note or None,
            worker=by.worker,
        )  # fmt: skip
        made.save(force_insert=True)
        move_on(report=row, by=by, again=True)
        record(by=by, verb="tried to tell the partner of", kind="partnerfile",
               object_id=row.file_id)  # fmt: skip
        return made


def tell_authority(
    *,
    report: ViolenceReport,
    authority: Authority,
    recipient: str,
    content: str,
    told_at: datetime,
    by: Viewer,
    form: UUID | None = None,
) -> AuthorityTold:
    """Keep that an authority was told, in what words and when: an act of its own.

    Raises `Refused` without consent or a recorded ground, and where nobody has tried to tell the
    partner first. The same form twice is once.
    """
    require(by, Duty.TELL_AUTHORITIES)
    if told_at > timezone.now():
        raise Refused("That time has not come yet: write down what has been told.")
    if not recipient.strip() or not content.strip():
        raise Refused("Write down who was told, and what, in words.")
    with acting(by):
        locked_file(report.file, by)
        own, known = _once(AuthorityTold, report, form, by)
        if known is not None:
            return known
        row = _open(report, by)
        demand(may_tell(standing_of(row, by)))
        consented = row.consent == Consent.YES
        made = AuthorityTold(
            id=own, compartment=row.compartment, file=row.file, report=row, authority=authority,
            recipient=recipient, content=content, told_at=told_at, consented=consented,
            ground="" if consented else row.ground, worker=by.worker,
        )  # fmt: skip
        made.save(force_insert=True)
        move_on(report=row, by=by)
        record(by=by, verb="told an authority of", kind="partnerfile", object_id=row.file_id)
        return made


def end_report(
    *, report: ViolenceReport, because: EndedBecause, version: int, by: Viewer
) -> ViolenceReport:
    """Say that nothing more is done about a report, and why. What was done stays."""
    require(by, Duty.TELL_AUTHORITIES)
    with acting(by):
        row: ViolenceReport = locked(report, by)
        if row.ended_on is not None and row.ended_because == because:
            return row
        unchanged(row, version)
        if row.ended_on is not None:
            raise Refused("This report has ended already.")
        demand(may_end(standing_of(row, by), because))
        row.ended_because, row.ended_on = because, timezone.localdate()
        move_on(report=row, by=by)
        record(by=by, verb="ended a report of", kind="partnerfile",
               object_id=row.file_id)  # fmt: skip
        return row
