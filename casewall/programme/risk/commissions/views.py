"""The pages of commissions: the list, one of them, and what the reader of a report says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.audit.actions import record, record_many
from casewall.programme.cases.lists import stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.parts import heads_of
from casewall.programme.cases.steps import answer, case_with, form_page, found_for
from casewall.programme.risk.commissions import actions, forms
from casewall.programme.risk.commissions.reading import (
    COLUMNS,
    delivered_words,
    listed,
    response,
    useful_words,
)
from casewall.programme.risk.models import Commission, ReportFeedback
from casewall.programme.risk.terms.rules import (
    BY_WORDS,
    STATE_TAGS,
    By,
    CommissionState,
    Usefulness,
    in_words,
)
from casewall.wall.decide import StaleEdit
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

Typed = dict[str, Any]


def _viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found


@require_safe
def commissions(request: HttpRequest) -> HttpResponse:
    """Every commission, overdue first, and what readers said of the reports."""
    viewer = _viewer(request)
    if viewer.role in (Role.REFERRER, Role.PROGRAMME_ADMINISTRATOR):
        raise Http404
    rows = listed(viewer, timezone.localdate())
    shown = Commission.objects.visible_to(viewer).values_list("case", flat=True)
    record_many(by=viewer, verb="listed", things=list(
        Case.objects.visible_to(viewer).filter(pk__in=shown)))
    return render(request, "risk/commissions.html", {
        "columns": ["Client", *COLUMNS], "rows": rows, "response": response(viewer).words(),
    })


@form_page
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down that an assessment was commissioned."""
    case = case_with(request, pk, Duty.WRITE_DOCUMENT)
    form = forms.CommissionForm(request.POST or None, case=case)

    def act(typed: Typed) -> None:
        actions.open_commission(case=case, terms=form.terms(), form=typed["form_id"],
                                by=_viewer(request))

    return answer(request, case, None, form, act, section="risk",
                  heading="Write down a commission", button="Save commission",
                  saved="The commission has been saved. The report that is issued for it closes "
                        "it.",
                  lead="An assessment with a written report for a court, a social worker or "
                       "somebody else, without a place on the programme or beside it.")


def _found(request: HttpRequest, pk: UUID) -> Commission:
    rows = Commission.objects.visible_to(_viewer(request)).select_related("case__client")
    found: Commission = get_object_or_404(rows, pk=pk)
    return found


@require_safe
def commission(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One commission: its terms, its report, and what the reader said."""
    viewer, row = _viewer(request), _found(request, pk)
    asked = ReportFeedback.objects.visible_to(viewer).filter(commission=row, void=False).first()
    may = bool(may_do(viewer.role, Duty.WRITE_DOCUMENT))
    record(by=viewer, verb="read", thing=row.case)
    is_open = row.state == CommissionState.OPEN
    return render(request, "risk/commission.html", {
        "case": row.case, "row": row, "stage": stage_tag(row.case.stage),
        "heads": heads_of(row.case, viewer, timezone.localdate()),
        "tag": STATE_TAGS[CommissionState(row.state)],
        "section_url": f"{reverse('case', args=[row.case_id])}?show=risk",
        "facts": _facts(row, asked), "may_change": may and is_open,
        "document_url": reverse("document", args=[row.document]) if row.document else "",
        "write_url": reverse("document_new", args=[row.case_id, "risk_report"])
        if may and is_open else "",
        "ask_url": reverse("report_feedback", args=[asked.pk])
        if may and asked is not None and not asked.usefulness else "",
    })


def _facts(row: Commission, asked: ReportFeedback | None) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [
        ("Who commissions it", BY_WORDS[By(row.commissioner)]),
        ("By name", row.commissioned_by),
        ("Contract or reference", row.contract or None),
        ("Price", in_words(row.price, row.currency)),
        ("Asked for on", row.asked_on),
        ("Due on", row.due_on),
        ("Delivered", delivered_words(row)),
        ("Usefulness, by its reader", useful_words(asked)),
    ]
    if asked is not None and asked.comment:
        rows.append(("What the reader added", asked.comment))
    if row.withdrawn_on:
        rows += [("Taken back on", row.withdrawn_on), ("Why", row.withdrawn_note)]
    return rows


def _on_commission(
    request: HttpRequest, row: Commission, form: Any, act: Any, **words: Any
) -> HttpResponse:
    """Show a form of a commission, or act and go back to its page."""
    back = reverse("commission", args=[row.pk])
    if request.method != "POST" and row.state != CommissionState.OPEN:
        messages.warning(request, "This commission is no longer open.")
        return redirect(back)

    def do(typed: Typed) -> None:
        try:
            act(typed)
        except StaleEdit:
            form.data = {**form.data.dict(), "version": str(_found(request, row.pk).version)}
            raise

    return answer(request, row.case, None, form, do, section="risk", case_url=back,
                  back=lambda: back, **words)


def _may(request: HttpRequest, pk: UUID) -> Commission:
    rows = Commission.objects.visible_to(_viewer(request)).select_related("case__client")
    found: Commission = found_for(request, rows, pk, Duty.WRITE_DOCUMENT)
    return found


@form_page
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the terms of an open commission."""
    row = _may(request, pk)
    price = f"{row.price // 100}.{row.price % 100:02}" if row.price is not None else ""
    form = forms.ChangeForm(request.POST or None, case=row.case, initial={
        "commissioner": row.commissioner, "commissioned_by": row.commissioned_by,
        "contract": row.contract, "price": price, "currency": row.currency,
        "asked_on": row.asked_on, "due_on": row.due_on, "version": row.version})
    return _on_commission(
        request, row, form,
        lambda typed: actions.change_commission(
            commission=row, terms=form.terms(), version=typed["version"], by=_viewer(request)),
        heading="Change the commission", button="Save commission",
        saved="The commission has been changed.")


@form_page
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down that a commission was taken back."""
    row = _may(request, pk)
    form = forms.WithdrawForm(request.POST or None, case=row.case,
                              initial={"version": row.version})
    return _on_commission(
        request, row, form,
        lambda typed: actions.withdraw_commission(
            commission=row, note=typed["note"], version=typed["version"], by=_viewer(request)),
        heading="The commission was taken back", button="Save", warning=True,
        saved="The commission is marked as taken back.")


@form_page
def feedback(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How useful a report was: by its reader in the own view, or by a worker from paper."""
    viewer = _viewer(request)
    rows = ReportFeedback.objects.visible_to(viewer).select_related("case__client")
    row = get_object_or_404(rows, pk=pk)
    refers = viewer.role is Role.REFERRER
    if not refers and not may_do(viewer.role, Duty.WRITE_DOCUMENT):
        raise PermissionDenied
    section = "documents" if refers else "risk"
    back = f"{reverse('case', args=[row.case_id])}?show={section}"
    if row.usefulness and request.method != "POST":
        messages.info(request, "This has been answered already. Thank you.")
        return redirect(back)
    form = forms.FeedbackForm(request.POST or None, case=row.case)
    return answer(
        request, row.case, None, form,
        lambda typed: actions.answer_feedback(
            feedback=row, usefulness=Usefulness(typed["usefulness"]), comment=typed["comment"],
            by=viewer),
        section=section, heading="How useful was the report?", button="Send answer" if refers
        else "Save answer", saved="Thank you. The answer has been saved." if refers
        else "The answer has been saved.",
        facts=[("Report issued on", row.issued_on)], case_url=back, back=lambda: back,
        lead="" if refers else "Write down what the reader answered, as it was said or written.")
