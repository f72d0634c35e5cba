"""Complaints of this side."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import changed, locked
from casewall.programme.rights.fits import (
    acknowledge,
    answer_fits,
    complaint_fits,
    put_answer,
)
from casewall.programme.rights.rules import About, From, Outcome
from casewall.safety.partners.models import PartnerFile
from casewall.safety.rights.models import Complaint
from casewall.wall.context import acting
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer


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
    complaint_fits(what, received_on)
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
        row: Complaint = locked(complaint, by, version)
        acknowledge(row, by)
        return changed(row, "acknowledged", by)


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
    answer_fits(outcome, answer, learning)
    with acting(by):
        row: Complaint = locked(complaint, by, version)
        put_answer(row, outcome, answer, learning, by)
        return changed(row, "answered", by)
