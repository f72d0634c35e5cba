"""Pages about clients' requests, restrictions, complaints and breaches on this side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.programme.cases.lists import names_of
from casewall.programme.cases.models import Case
from casewall.programme.cases.steps import case_with, form_page, found_for
from casewall.programme.rights import actions, forms
from casewall.programme.rights.models import AccessRequest, BreachReport, Complaint, Restriction
from casewall.programme.rights.pages import answer, do, viewer_of
from casewall.programme.rights.reading import request_facts, request_steps
from casewall.programme.rights.rules import (
    RIGHT_WORDS,
    About,
    Affected,
    Because,
    Decided,
    From,
    How,
    Identity,
    Mishap,
    Outcome,
    Right,
    State,
    may_collect,
)
from casewall.programme.rights.shown import (
    BREACH_COLUMNS,
    COMPLAINT_COLUMNS,
    breach_facts,
    breach_row,
    complaint_facts,
    complaint_row,
)
from casewall.wall.duties import Duty, may_do

MOST = 100


def section_of(case: Case | UUID) -> str:
    """The address of the section of the case."""
    pk = case.pk if isinstance(case, Case) else case
    return f"{reverse('case', args=[pk])}?show=rights"


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else 0


@form_page
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take in what a client asks about the own record."""
    case = case_with(request, pk, Duty.TAKE_REQUEST)
    record(by=viewer_of(request), verb="read", thing=case)

    def act(typed: dict[str, Any]) -> AccessRequest:
        return actions.take_request(
            case=case, right=Right(typed["right"]), received_on=typed["received_on"],
            how=How(typed["how"]), identity=Identity(typed["identity"]),
            identity_on=typed["identity_on"], language=typed["language"], asks=typed["asks"],
            form=typed["form_id"], by=viewer_of(request))  # fmt: skip

    return answer(
        request, forms.AskForm(request.POST or None), act, of=case, who=case.client.full_name,
        heading="Take in what the client asks", button="Save request",
        saved="The request has been saved.", back=section_of(case),
        then=lambda made: reverse("rights_request", args=[made.pk]),
        lead="A client may ask for a copy of the record, for a correction, that it is not used or "
             "that it is deleted, and may object. Nobody needs a reason, or a form of words.",
    )  # fmt: skip


def _request(request: HttpRequest, pk: UUID, duty: Duty) -> AccessRequest:
    rows = AccessRequest.objects.visible_to(viewer_of(request)).select_related("case__client")
    found: AccessRequest = found_for(request, rows, pk, duty)
    return found


@require_safe
def shown(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request: where it stands and what is next."""
    viewer = viewer_of(request)
    rows = AccessRequest.objects.visible_to(viewer).select_related("case__client")
    row = get_object_or_404(rows, pk=pk)
    record(by=viewer, verb="read", thing=row.case)
    names = names_of([row.worker, *([row.decided_by] if row.decided_by else [])])
    return render(request, "rights/request.html", {
        "row": row, "who": row.case.client.full_name, "back": section_of(row.case),
        "heading": RIGHT_WORDS[Right(row.asked_for)], "facts": request_facts(row, names),
        "steps": request_steps(row, viewer),
        "may_collect": bool(may_do(viewer.role, Duty.TAKE_REQUEST))
        and may_collect(Right(row.asked_for), State(row.state), row.identity_on),
        "statements": list(row.statements.visible_to(viewer).order_by("recorded_at", "id")),
    })  # fmt: skip


@form_page
def identity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how it was made sure that it is the client who asks."""
    row = _request(request, pk, Duty.TAKE_REQUEST)
    form = forms.IdentityForm(request.POST or None, initial={"version": row.version})
    return answer(
        request, form,
        lambda typed: actions.prove_identity(
            request=row, identity=Identity(typed["identity"]), on=typed["on"],
            version=typed["version"], by=viewer_of(request)),
        row=row, who=row.case.client.full_name, heading="Make sure who asks", button="Save",
        saved="It has been saved. The time for the answer runs from this day.",
        back=reverse("rights_request", args=[pk]),
    )  # fmt: skip


@require_POST
def collect(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Collect the client's file for the review."""
    row = _request(request, pk, Duty.TAKE_REQUEST)
    return do(
        request,
        lambda: actions.collect(request=row, version=_version(request), by=viewer_of(request)),
        saved="The file has been collected. The data protection officer reviews it and answers.",
        back=reverse("rights_request", args=[pk]),
    )


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that the client no longer asks."""
    row = _request(request, pk, Duty.TAKE_REQUEST)
    return do(
        request,
        lambda: actions.withdraw_request(
            request=row, version=_version(request), by=viewer_of(request)
        ),
        saved="The request has been withdrawn.",
        back=reverse("rights_request", args=[pk]),
    )


@form_page
def statement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add the client's own statement beside the record."""
    row = _request(request, pk, Duty.TAKE_REQUEST)
    return answer(
        request, forms.StatementForm(request.POST or None),
        lambda typed: actions.add_statement(
            request=row, about=typed["about"], text=typed["text"], form=typed["form_id"],
            by=viewer_of(request)),
        of=row, who=row.case.client.full_name, heading="Add the client's statement",
        button="Save statement", saved="The statement has been saved beside the record.",
        back=reverse("rights_request", args=[pk]),
    )  # fmt: skip


@form_page
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide a request that is not for a copy."""
    row = _request(request, pk, Duty.ERASE)
    form = forms.DecideForm(request.POST or None, initial={"version": row.version})
    return answer(
        request, form,
        lambda typed: actions.decide_request(
            request=row, decision=Decided(typed["decision"]), reason=typed["reason"],
            version=typed["version"], by=viewer_of(request)),
        row=row, of=row, who=row.case.client.full_name, heading="Decide the request",
        button="Save decision", saved="The decision has been saved. Tell the client.",
        back=reverse("rights_request", args=[pk]),
        facts=[("Asked for", RIGHT_WORDS[Right(row.asked_for)]), ("In own words", row.asks)],
    )  # fmt: skip


@form_page
def restrict(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Restrict the file of a case."""
    case = case_with(request, pk, Duty.TAKE_REQUEST)
    return answer(
        request, forms.RestrictForm(request.POST or None),
        lambda typed: actions.restrict(case=case, because=Because(typed["because"]),
                                       by=viewer_of(request)),
        who=case.client.full_name, heading="Restrict the file", button="Restrict the file",
        saved="The file is restricted. A manager can lift this.", back=section_of(case),
        lead="The file is kept and can be read by those who work with it. Nothing of it is sent, "
             "printed or exported until a manager lifts the restriction.",
    )  # fmt: skip


@form_page
def lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lift a restriction."""
    rows = Restriction.objects.visible_to(viewer_of(request)).select_related("case__client")
    row = found_for(request, rows, pk, Duty.HOLD_RECORDS)
    form = forms.LiftForm(request.POST or None, initial={"version": row.version})
    return answer(
        request, form,
        lambda typed: actions.lift_restriction(
            restriction=row, reason=typed["reason"], version=typed["version"],
            by=viewer_of(request)),
        row=row, who=row.case.client.full_name, heading="Lift the restriction",
        button="Lift the restriction", saved="The restriction has been lifted.",
        back=section_of(row.case),
    )  # fmt: skip


def _worker(request: HttpRequest, duty: Duty) -> Any:
    viewer = viewer_of(request)
    if not may_do(viewer.role, duty):
        raise PermissionDenied
    return viewer


@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """The complaints that this viewer sees, the newest first."""
    viewer = _worker(request, Duty.COMPLAINTS)
    rows = list(
        Complaint.objects.visible_to(viewer).defer("what", "answer", "learning").order_by(
            "-received_on", "-id")[:MOST]
    )  # fmt: skip
    record_many(by=viewer, verb="listed", things=rows)
    return render(request, "pages/rights/complaints.html", {
        "columns": COMPLAINT_COLUMNS, "new_url": reverse("complaint_new"),
        "rows": [complaint_row(row, reverse("complaint", args=[row.pk])) for row in rows],
    })  # fmt: skip


@form_page
def complaint_new(request: HttpRequest) -> HttpResponse:
    """Write a complaint down."""
    viewer = _worker(request, Duty.COMPLAINTS)
    return answer(
        request, forms.ComplaintForm(request.POST or None), _new_complaint(viewer, None),
        heading="Write a complaint down", button="Save complaint",
        saved="The complaint has been saved.", back=reverse("complaints"),
        then=lambda made: reverse("complaint", args=[made.pk]),
        lead="Anybody may complain, in any words. It is acknowledged within three days and "
             "answered within four weeks.",
    )  # fmt: skip


@form_page
def complaint_about_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down a complaint that belongs to a case."""
    case = case_with(request, pk, Duty.COMPLAINTS)
    return answer(
        request, forms.ComplaintForm(request.POST or None, initial={"came_from": From.CLIENT}),
        _new_complaint(viewer_of(request), case), of=case, who=case.client.full_name,
        heading="Write a complaint down", button="Save complaint",
        saved="The complaint has been saved.", back=section_of(case),
        then=lambda made: reverse("complaint", args=[made.pk]),
    )  # fmt: skip


def _new_complaint(viewer: Any, case: Case | None) -> Callable[[dict[str, Any]], Complaint]:
    return lambda typed: actions.record_complaint(
        about=About(typed["about"]), came_from=From(typed["came_from"]), what=typed["what"],
        received_on=typed["received_on"], case=case, form=typed["form_id"], by=viewer)  # fmt: skip


@require_safe
def complaint(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One complaint: what it says, what is next, what was answered."""
    viewer = _worker(request, Duty.COMPLAINTS)
    row = get_object_or_404(Complaint.objects.visible_to(viewer), pk=pk)
    record(by=viewer, verb="read", thing=row)
    names = names_of([w for w in (row.worker, row.acknowledged_by, row.answered_by) if w])
    return render(request, "pages/rights/complaint.html", {
        "row": row, "facts": complaint_facts(row, names), "back": reverse("complaints"),
        "case_url": section_of(row.case_id) if row.case_id else "",
        "acknowledge_url": reverse("complaint_acknowledge", args=[pk]),
        "answer_url": reverse("complaint_answer", args=[pk]),
    })  # fmt: skip


@require_POST
def complaint_acknowledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that whoever complains has been told that it arrived."""
    viewer = _worker(request, Duty.COMPLAINTS)
    row = get_object_or_404(Complaint.objects.visible_to(viewer), pk=pk)
    return do(
        request,
        lambda: actions.acknowledge_complaint(complaint=row, version=_version(request), by=viewer),
        saved="It is written down that the complaint was acknowledged today.",
        back=reverse("complaint", args=[pk]),
    )


@form_page
def complaint_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down what was answered."""
    viewer = _worker(request, Duty.COMPLAINTS)
    row = get_object_or_404(Complaint.objects.visible_to(viewer), pk=pk)
    form = forms.AnswerForm(request.POST or None, initial={"version": row.version})
    return answer(
        request, form,
        lambda typed: actions.answer_complaint(
            complaint=row, outcome=Outcome(typed["outcome"]), answer=typed["answer"],
            learning=typed["learning"], version=typed["version"], by=viewer),
        row=row, of=row, heading="Answer the complaint", button="Save answer",
        saved="The answer has been saved.", back=reverse("complaint", args=[pk]),
        facts=[("The complaint", row.what)],
    )  # fmt: skip


@require_safe
def breaches(request: HttpRequest) -> HttpResponse:
    """What this viewer reported; all of the service for a manager."""
    viewer = _worker(request, Duty.REPORT_BREACH)
    rows = list(
        BreachReport.objects.visible_to(viewer).defer("what").order_by("-found_at", "-id")[:MOST]
    )
    record_many(by=viewer, verb="listed", things=rows)
    return render(request, "pages/rights/breaches.html", {
        "columns": BREACH_COLUMNS, "new_url": reverse("breach_new"),
        "rows": [breach_row(row, reverse("breach", args=[row.pk])) for row in rows],
    })  # fmt: skip


@form_page
def breach_new(request: HttpRequest) -> HttpResponse:
    """Report that something went wrong with somebody's data."""
    viewer = _worker(request, Duty.REPORT_BREACH)
    return answer(
        request, forms.BreachForm(request.POST or None),
        lambda typed: actions.report_breach(by=viewer, **breach_given(typed)),
        heading="Something went wrong with somebody's data", button="Report it",
        saved="It has been reported. The data protection officer is told at once.",
        back=reverse("breaches"),
        lead="Report it now, also where you are not sure, and also where nothing came of it. "
             "Reporting is never held against anybody.",
    )  # fmt: skip


def breach_given(typed: dict[str, Any]) -> dict[str, Any]:
    """What the form about a breach gives to the action. For both sides."""
    counts = {name: typed[name] for name in ("clients", "partners", "children", "workers")}
    return {
        "mishap": Mishap(typed["mishap"]), "near_miss": typed["near_miss"] == "yes",
        "what": typed["what"], "happened_on": typed["happened_on"], "found_at": typed["found_at"],
        "affected": Affected(**counts), "form": typed["form_id"],
    }  # fmt: skip


@require_safe
def breach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One report, as it was made."""
    viewer = _worker(request, Duty.REPORT_BREACH)
    row = get_object_or_404(BreachReport.objects.visible_to(viewer), pk=pk)
    record(by=viewer, verb="read", thing=row)
    return render(request, "rights/breach.html", {
        "row": row, "facts": breach_facts(row, names_of([row.reported_by])),
        "back": reverse("breaches"),
    })  # fmt: skip
