"""Every write to commissions, and to what the readers of reports said of them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import locked
from casewall.programme.cases.models import Case
from casewall.programme.risk.models import Commission, ReportFeedback
from casewall.programme.risk.terms.rules import (
    CommissionState,
    Terms,
    Told,
    Usefulness,
    ask_on,
    may_change,
    terms_fit,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Role, Viewer

CHANGED = (
    "Somebody else changed this commission while the page was open. What you typed is below and "
    "nothing was overwritten: look at both before you save."
)


def open_commission(
    *, case: Case, terms: Terms, by: Viewer, form: UUID | None = None
) -> Commission:
    """Write down that an assessment was commissioned. The same form twice is one commission."""
    require(by, Duty.WRITE_DOCUMENT)
    demand(terms_fit(terms, timezone.localdate()))
    with acting(by):
        rows = Case.objects.visible_to(by).select_for_update(of=("self",))
        case = rows.get(pk=case.pk)
        own = id_of_form(case.pk, form, "commission")
        known: Commission | None = Commission.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = Commission(id=own, compartment=case.compartment, case=case, worker=by.worker,
                         **_columns(terms))
        row.save(force_insert=True)
        record(by=by, verb="wrote down a commission in", thing=case)
        return row


def _columns(terms: Terms) -> dict[str, Any]:
    return {
        "commissioner": terms.commissioner, "commissioned_by": terms.commissioned_by.strip(),
        "contract": terms.contract.strip(), "price": terms.price,
        "currency": terms.currency if terms.price is not None else "",
        "asked_on": terms.asked_on, "due_on": terms.due_on,
    }  # fmt: skip


def change_commission(
    *, commission: Commission, terms: Terms, version: int, by: Viewer
) -> Commission:
    """Change the terms of an open commission past `version`; the same change twice is one."""
    require(by, Duty.WRITE_DOCUMENT)
    demand(terms_fit(terms, timezone.localdate()))
    with acting(by):
        row = locked(commission, by)
        now = _columns(terms)
        if row.version == version + 1 and all(getattr(row, n) == v for n, v in now.items()):
            return row
        demand(may_change(CommissionState(row.state)))
        if row.version != version:
            raise StaleEdit(CHANGED)
        for name, value in now.items():
            setattr(row, name, value)
        return _saved(row, "changed a commission in", by)


def withdraw_commission(
    *, commission: Commission, note: str, version: int, by: Viewer
) -> Commission:
    """Write down that a commission was taken back, and why. Withdrawn twice is withdrawn once."""
    require(by, Duty.WRITE_DOCUMENT)
    with acting(by):
        row = locked(commission, by)
        if row.state == CommissionState.WITHDRAWN and row.withdrawn_note == note:
            return row
        demand(may_change(CommissionState(row.state)))
        if row.version != version:
            raise StaleEdit(CHANGED)
        if not note.strip():
            raise Refused("Say why it was taken back.")
        row.state, row.withdrawn_note = CommissionState.WITHDRAWN, note
        row.withdrawn_on = timezone.localdate()
        return _saved(row, "withdrew a commission in", by)


def _saved(row: Commission, verb: str, by: Viewer) -> Commission:
    row.version += 1
    row.save()
    record(by=by, verb=verb, kind="case", object_id=row.case_id)
    return row


def open_commissions(case: Case, by: Viewer) -> list[Commission]:
    """The open commissions of a case, the earliest due first. One query."""
    rows = Commission.objects.visible_to(by).filter(case=case, state=CommissionState.OPEN)
    return list(rows.order_by("due_on", "id"))


def report_issued(
    *,
    case: Case,
    document: UUID,
    commission: UUID | None,
    to_referrer: bool,
    on: date,
    by: Viewer,
    replaces: UUID | None = None,
) -> ReportFeedback:
    """A risk report went out: its commission is delivered, and its reader will be asked.

    Called with the issue, in its transaction. A new edition `replaces` the report that delivered
    the commission first: the reader is asked about the new one only. Raises `Refused` for a
    commission that was withdrawn meanwhile, or that another report has delivered.
    """
    require(by, Duty.ISSUE_DOCUMENT)
    with acting(by):
        row = None
        if commission is not None:
            rows = Commission.objects.visible_to(by).select_for_update(of=("self",))
            row = rows.get(pk=commission, case=case)
            if replaces is None or row.document != replaces:
                demand(may_change(CommissionState(row.state)))
                row.state, row.delivered_on = CommissionState.DELIVERED, on
            row.document = document
            _saved(row, "delivered a commission in", by)
        if replaces is not None:
            _void(replaces, by)
        feedback = ReportFeedback(
            id=new_id(), compartment=case.compartment, case=case, document=document,
            commission=row, to_referrer=to_referrer, issued_on=on, ask_on=ask_on(on),
        )  # fmt: skip
        feedback.save(force_insert=True)
        return feedback


def report_withdrawn(*, document: UUID, by: Viewer) -> None:
    """A risk report was withdrawn: nobody is asked about it, and its commission is open again."""
    require(by, Duty.ISSUE_DOCUMENT)
    with acting(by):
        _void(document, by)
        kept = Commission.objects.visible_to(by).select_for_update(of=("self",))
        for commission in kept.filter(document=document, state=CommissionState.DELIVERED):
            commission.state = CommissionState.OPEN
            commission.delivered_on = commission.document = None
            _saved(commission, "opened again a commission in", by)


def _void(document: UUID, by: Viewer) -> None:
    rows = ReportFeedback.objects.visible_to(by).select_for_update(of=("self",))
    for row in rows.filter(document=document, usefulness="", void=False):
        row.void = True
        row.save()


def answer_feedback(
    *,
    feedback: ReportFeedback,
    usefulness: Usefulness,
    comment: str,
    by: Viewer,
) -> ReportFeedback:
    """Keep how useful a report was: said by the referrer in the own view, or on paper to a worker.

    Once it is answered it stays. The same answer twice is one; another one is refused.
    """
    refers = by.role is Role.REFERRER
    if not refers:
        require(by, Duty.WRITE_DOCUMENT)
    with acting(by):
        rows = ReportFeedback.objects.visible_to(by).select_for_update(of=("self",))
        row: ReportFeedback = rows.get(pk=feedback.pk)
        if row.usefulness == usefulness and (row.comment or "") == comment:
            return row
        if row.usefulness:
            raise Refused("This has been answered already. An answer stays as it was given.")
        if row.void:
            raise Refused("The report was withdrawn, so nobody is asked about it.")
        row.usefulness, row.comment = usefulness, comment or None
        row.told = Told.OWN_VIEW if refers else Told.PAPER
        row.answered_on, row.worker = timezone.localdate(), by.worker
        row.save()
        record(by=by, verb="said how useful a report was in", kind="case", object_id=row.case_id)
        return row
