"""Complaints of this side."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.rights.rules import About, From, Outcome
from casewall.safety.partners.models import PartnerFile
from casewall.safety.rights.actions.rows import changed, locked
from casewall.safety.rights.models import Complaint
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Role, Viewer


def record_complaint(
    *,
    about: About,
    came_from: From,
    what: str,
    received_on: date,
    by: Viewer,
    file: PartnerFile | None = None,
    form: UUID | None = None,
) -> Complaint:
    """Write a complaint down. The same form twice is one complaint."""
    require(by, Duty.COMPLAINTS)
    if not what.strip():
        raise Refused("Write down what the complaint is, in the words of whoever complains.")
    if received_on > timezone.localdate():
        raise Refused(f"{received_on:%-d %B %Y} has not come yet.")
    with acting(by):
        own = id_of_form(by.worker, form, "complaint")
        known: Complaint | None = Complaint.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = Complaint(
            id=own, file=file, about=about, came_from=came_from, what=what.strip(),
            compartment=file.compartment if file else min(by.compartments),
            received_on=received_on, worker=by.worker, recorded_at=timezone.now(),
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="recorded", thing=row)
        return row


def acknowledge_complaint(*, complaint: Complaint, version: int, by: Viewer) -> Complaint:
    """Say that whoever complains was told that it arrived, and by when it is answered."""
    require(by, Duty.COMPLAINTS)
    with acting(by):
        row: Complaint = locked(Complaint, complaint, version, by)
        if row.acknowledged_on is not None:
            raise Refused("This complaint was acknowledged already.")
        row.acknowledged_on, row.acknowledged_by = timezone.localdate(), by.worker
        return changed(row=row, verb="acknowledged", by=by)


def answer_complaint(
    *,
    complaint: Complaint,
    outcome: Outcome,
    answer: str,
    learning: str,
    version: int,
    by: Viewer,
) -> Complaint:
    """Answer a complaint: what came of it, what was written, and what is learned from it.

    A complaint about a worker is answered by a manager.
    """
    require(by, Duty.COMPLAINTS)
    if not answer.strip():
        raise Refused("Write what was answered.")
    if outcome in (Outcome.UPHELD, Outcome.PARTLY) and not learning.strip():
        raise Refused("A complaint that is upheld teaches something: say what is done differently.")
    with acting(by):
        row: Complaint = locked(Complaint, complaint, version, by)
        if row.answered_on is not None:
            raise Refused("This complaint was answered already.")
        if row.about == About.WORKER and by.role is not Role.SAFETY_MANAGER:
            raise Refused("A complaint about a worker is answered by a manager.")
        row.outcome, row.answer, row.learning = outcome, answer.strip(), learning.strip() or None
        row.answered_on, row.answered_by = timezone.localdate(), by.worker
        if row.acknowledged_on is None:
            row.acknowledged_on, row.acknowledged_by = row.answered_on, by.worker
        return changed(row=row, verb="answered", by=by)
