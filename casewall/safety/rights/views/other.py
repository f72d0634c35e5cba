"""Pages about complaints, breaches and the purposes for which data is processed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.programme.rights.forms import AnswerForm, BreachForm, ComplaintForm
from casewall.programme.rights.pages import do, viewer_of
from casewall.programme.rights.rules import About, Affected, From, Mishap, Outcome
from casewall.programme.rights.shown import (
    COMPLAINT_COLUMNS,
    affected_of,
    breach_facts,
    complaint_facts,
    complaint_row,
)
from casewall.safety.coordination.material import opened
from casewall.safety.partners.models import PartnerFile
from casewall.safety.reading import found, must, names_of, only
from casewall.safety.rights import actions, forms
from casewall.safety.rights.models import Breach, Complaint
from casewall.safety.rights.purposes import purposes
from casewall.safety.rights.reading import BREACH_COLUMNS, breach_decision_facts, breach_row
from casewall.safety.rights.rules import Risk
from casewall.safety.rights.views.requests import (
    answer,
    file_with,
    form_page,
    section_of,
    version_in,
)
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role

MOST = 100


@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """The complaints that this viewer sees, the newest first."""
    viewer = viewer_of(request)
    must(viewer, Duty.COMPLAINTS)
    rows = list(
        Complaint.objects.visible_to(viewer).defer("what", "answer", "learning").order_by(
            "-received_on", "-id")[:MOST]
    )  # fmt: skip
    record_many(by=viewer, verb="listed", things=rows)
    return render(request, "pages/rights/complaints.html", {
        "columns": COMPLAINT_COLUMNS, "new_url": reverse("complaint-new"),
        "rows": [complaint_row(row, reverse("complaint", args=[row.pk])) for row in rows],
    })  # fmt: skip


def _write(request: HttpRequest, file: PartnerFile | None, back: str, **more: Any) -> HttpResponse:
    viewer = viewer_of(request)
    first = {"came_from": From.PARTNER} if file else {}
    return answer(
        request, ComplaintForm(request.POST or None, initial=first),
        lambda typed: actions.record_complaint(
            about=About(typed["about"]), came_from=From(typed["came_from"]), what=typed["what"],
            received_on=typed["received_on"], file=file, form=typed["form_id"], by=viewer),
        heading="Write a complaint down", button="Save complaint",
        saved="The complaint has been saved.", back=back,
        then=lambda made: reverse("complaint", args=[made.pk]),
        lead="Anybody may complain, in any words. It is acknowledged within three days and "
             "answered within four weeks.", **more,
    )  # fmt: skip


@form_page
def complaint_new(request: HttpRequest) -> HttpResponse:
    """Write a complaint down."""
    must(viewer_of(request), Duty.COMPLAINTS)
    return _write(request, None, reverse("complaints"))


@form_page
def complaint_of_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down a complaint that belongs to a partner's file."""
    file = file_with(request, pk, Duty.COMPLAINTS)
    return _write(request, file, section_of(pk), of=file, who=file.partner.full_name)


def _complaint(request: HttpRequest, pk: UUID) -> Complaint:
    viewer = viewer_of(request)
    must(viewer, Duty.COMPLAINTS)
    row: Complaint = found(Complaint.objects.visible_to(viewer), pk)
    return row


@require_safe
def complaint(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One complaint: what it says, what is next, what was answered."""
    viewer = viewer_of(request)
    row = _complaint(request, pk)
    record(by=viewer, verb="read", thing=row)
    opened(by=viewer, thing=row, at=timezone.now())
    names = names_of([row.worker, row.acknowledged_by, row.answered_by])
    return render(request, "pages/rights/complaint.html", {
        "row": row, "facts": complaint_facts(row, names), "back": reverse("complaints"),
        "case_url": section_of(row.file_id) if row.file_id else "",
        "acknowledge_url": reverse("complaint-acknowledge", args=[pk]),
        "answer_url": reverse("complaint-answer", args=[pk]),
    })  # fmt: skip


@require_POST
def complaint_acknowledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that whoever complains has been told that it arrived."""
    row = _complaint(request, pk)
    return do(
        request,
        lambda: actions.acknowledge_complaint(
            complaint=row, version=version_in(request), by=viewer_of(request)),
        saved="It is written down that the complaint was acknowledged today.",
        back=reverse("complaint", args=[pk]),
    )  # fmt: skip


@form_page
def complaint_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down what was answered."""
    row = _complaint(request, pk)
    form = AnswerForm(request.POST or None, initial={"version": row.version})
    return answer(
        request, form,
        lambda typed: actions.answer_complaint(
            complaint=row, outcome=Outcome(typed["outcome"]), answer=typed["answer"],
            learning=typed["learning"], version=typed["version"], by=viewer_of(request)),
        row=row, of=row, heading="Answer the complaint", button="Save answer",
        saved="The answer has been saved.", back=reverse("complaint", args=[pk]),
        facts=[("The complaint", row.what)],
    )  # fmt: skip


@require_safe
def breaches(request: HttpRequest) -> HttpResponse:
    """The register of breaches and near misses; for workers, what they reported."""
    viewer = viewer_of(request)
    must(viewer, Duty.REPORT_BREACH)
    rows = list(
        Breach.objects.visible_to(viewer).defer("what", "reason", "learned", "contained_how")
        .order_by("-found_at", "-id")[:MOST]
    )  # fmt: skip
    record_many(by=viewer, verb="listed", things=rows)
    return render(request, "pages/rights/breaches.html", {
        "columns": BREACH_COLUMNS, "new_url": reverse("breach-new"),
        "rows": [breach_row(row) for row in rows],
    })  # fmt: skip


@form_page
def breach_new(request: HttpRequest) -> HttpResponse:
    """Report that something went wrong with somebody's data."""
    viewer = viewer_of(request)
    must(viewer, Duty.REPORT_BREACH)
    return answer(
        request, BreachForm(request.POST or None),
        lambda typed: actions.report_breach(
            mishap=Mishap(typed["mishap"]), near_miss=typed["near_miss"] == "yes",
            what=typed["what"], happened_on=typed["happened_on"], found_at=typed["found_at"],
            affected=_affected(typed), form=typed["form_id"], by=viewer),
        heading="Something went wrong with somebody's data", button="Report it",
        saved="It has been reported. The data protection officer sees it at once.",
        back=reverse("breaches"),
        lead="Report it now, also where you are not sure, and also where nothing came of it. "
             "If somebody is in danger because of it, act on that first.",
    )  # fmt: skip


def _affected(typed: dict[str, Any]) -> Affected:
    return Affected(typed["clients"], typed["partners"], typed["children"], typed["workers"])


def _breach(request: HttpRequest, pk: UUID, duty: Duty) -> Breach:
    viewer = viewer_of(request)
    must(viewer, duty)
    row: Breach = found(Breach.objects.visible_to(viewer), pk)
    return row


@require_safe
def breach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One breach: what happened, the clock, what was decided, what is next."""
    viewer = viewer_of(request)
    row = _breach(request, pk, Duty.REPORT_BREACH)
    record(by=viewer, verb="read", thing=row)
    names = names_of([row.reported_by, row.decided_by])
    handles = bool(may_do(viewer.role, Duty.HANDLE_BREACH)) and row.closed_on is None
    return render(request, "asked/breach.html", {
        "row": row, "facts": breach_facts(row, names), "back": reverse("breaches"),
        "decided": breach_decision_facts(row, names),
        "steps": [(label, reverse(name, args=[pk])) for label, name in BREACH_STEPS]
        if handles else [],
    })  # fmt: skip


BREACH_STEPS = (
    ("Say how the harm was stopped, and whose data it concerns", "breach-contain"),
    ("Judge the risk and decide who is told", "breach-judge"),
    ("The authority was told", "breach-authority"),
    ("The people concerned were told", "breach-persons"),
    ("Close it with what was learned", "breach-close"),
)


def _on_breach(request: HttpRequest, row: Breach, form: Any, act: Any, heading: str,
               button: str = "Save") -> HttpResponse:  # fmt: skip
    return answer(
        request, form,
        lambda typed: act(typed, {"breach": row, "version": typed["version"],
                                  "by": viewer_of(request)}),
        row=row, of=row, heading=heading, button=button, saved="It has been saved.",
        back=reverse("breach", args=[row.pk]), facts=[("What happened", row.what)],
    )  # fmt: skip


@form_page
def contain(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How the harm was stopped, and whose data it concerns."""
    row = _breach(request, pk, Duty.HANDLE_BREACH)
    known = affected_of(row)
    first = {"version": row.version, "clients": known.clients, "partners": known.partners,
             "children": known.children, "workers": known.workers}  # fmt: skip
    return _on_breach(
        request, row, forms.ContainForm(request.POST or None, initial=first),
        lambda typed, of: actions.contain_breach(how=typed["how"], at=typed["at"],
                                                 affected=_affected(typed), **of),
        "How the harm was stopped",
    )  # fmt: skip


@form_page
def judge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Judge the risk and decide who is told."""
    row = _breach(request, pk, Duty.HANDLE_BREACH)
    return _on_breach(
        request, row, forms.JudgeForm(request.POST or None, initial={"version": row.version}),
        lambda typed, of: actions.decide_breach(
            risk=Risk(typed["risk"]), tell_authority=typed["tell_authority"] == "yes",
            tell_persons=typed["tell_persons"] == "yes", reason=typed["reason"], **of),
        "Judge the risk and decide who is told",
    )  # fmt: skip


@form_page
def authority(request: HttpRequest, pk: UUID) -> HttpResponse:
    """When the authority was told."""
    row = _breach(request, pk, Duty.HANDLE_BREACH)
    form = forms.ToldAuthorityForm(request.POST or None, initial={"version": row.version})
    return _on_breach(
        request, row, form,
        lambda typed, of: actions.told_authority(at=typed["at"],
                                                 late_because=typed["late_because"], **of),
        "When was the authority told?",
    )  # fmt: skip


@form_page
def persons(request: HttpRequest, pk: UUID) -> HttpResponse:
    """When the people concerned had been told."""
    row = _breach(request, pk, Duty.HANDLE_BREACH)
    form = forms.MomentForm(request.POST or None, initial={"version": row.version})
    return _on_breach(
        request, row, form, lambda typed, of: actions.told_persons(at=typed["at"], **of),
        "When had the people concerned been told?",
    )  # fmt: skip


@form_page
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a breach with what was learned."""
    row = _breach(request, pk, Duty.HANDLE_BREACH)
    form = forms.CloseForm(request.POST or None, initial={"version": row.version})
    return _on_breach(
        request, row, form,
        lambda typed, of: actions.close_breach(learned=typed["learned"], **of),
        "Close it with what was learned", "Close it",
    )  # fmt: skip


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Why data is processed, on which basis: for the data protection officer and managers."""
    only(viewer_of(request), Role.DATA_PROTECTION_OFFICER, Role.SAFETY_MANAGER)
    return render(request, "asked/purposes.html", {
        "purposes": [
            (one.what, [("Side", one.side), ("Whose data", ", ".join(one.whose)),
                        ("Lawful basis", one.basis), ("Further condition", one.condition),
                        ("Why not consent", one.not_consent), ("Kept", one.retention)])
            for one in purposes()
        ],
    })  # fmt: skip
