"""Pages about who does what to whom. No word about a role before a conclusion is written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casewall.audit.actions import record
from casewall.drafts.forms import forget, restore
from casewall.safety.coordination.material import opened
from casewall.safety.partners.models import PartnerFile
from casewall.safety.reading import found, must, names_of
from casewall.safety.roles import actions, forms
from casewall.safety.roles.models import RoleAssessment, RoleIncident, RoleWorking
from casewall.safety.roles.reading import (
    conclusion,
    grid,
    linked_cases,
    may_sign_here,
    people,
    signs,
    state_tag,
)
from casewall.safety.roles.rules import Outcome, State, may_set_aside, may_write
from casewall.safety.roles.words import words_of
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty
from casewall.wall.sides import Role, Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _working(viewer: Viewer, pk: UUID) -> RoleWorking:
    """What an assessment was made from, where this viewer sees it; 404 otherwise."""
    must(viewer, Duty.ASSESS_ROLES)
    row = (
        RoleWorking.objects.visible_to(viewer)
        .select_related("assessment__file__partner")
        .filter(assessment_id=pk)
        .first()
    )
    if row is None:
        raise Http404
    return row


def _with_draft(request: HttpRequest, form: Any, name: str, of: Any, file: PartnerFile) -> Any:
    """A form with the worker's own draft of it; its title tells nothing about anybody's role."""
    restore(request, form, name, of=of, title=f"Who does what: {file.partner.full_name}")
    return form


def _section(assessment: RoleAssessment) -> str:
    return reverse("partner", args=[assessment.file_id]) + "?show=roles"


@form_page
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin an assessment on a file."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    file = found(PartnerFile.objects.visible_to(viewer).select_related("partner"), pk)
    must(viewer, Duty.ASSESS_ROLES)
    rows = RoleAssessment.objects.visible_to(viewer).filter(file=file, state=State.CONCLUDED)
    form = forms.BeginForm(
        request.POST or None, cases=linked_cases(file, viewer), again=rows.exists()
    )
    _with_draft(request, form, "roles-begin", file, file)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            made = actions.begin_assessment(
                file=file,
                case_id=form.case,
                why=typed.get("why"),
                id=typed["form_id"],
                by=viewer,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            forget(form)
            messages.success(request, "The assessment has been begun.")
            return redirect("roles", made.pk)
    record(by=viewer, verb="viewed", thing=file)
    return render(
        request,
        "roles/begin.html",
        {"file": file, "form": form, "section": reverse("partner", args=[pk]) + "?show=roles"},
        status=422 if form.is_bound else 200,
    )


def _shown(working: RoleWorking, viewer: Viewer) -> dict[str, Any]:
    """Who the two are, the grid and the signs: the part that every page of it has."""
    assessment = working.assessment
    rows = RoleIncident.objects.visible_to(viewer).filter(assessment=assessment)
    writes = may_write(State(assessment.state), assessment.author == viewer.worker)
    return {
        "assessment": assessment,
        "section": _section(assessment),
        "state": state_tag(assessment),
        "people": people(assessment, viewer),
        "grid": grid(rows, strikes=assessment.pk if writes else None),
        "working": working,
        "signs": [("Person A", signs(working.signs_a)), ("Person B", signs(working.signs_b))],
        "may_write": bool(writes),
    }


@require_safe
def assessment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One assessment with its grid. Nothing on it says who is what before it is signed off."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    working = _working(viewer, pk)
    one = working.assessment
    names = names_of([one.author, one.signer])
    record(by=viewer, verb="read", thing=one)
    opened(by=viewer, thing=one, at=timezone.now())
    manages = viewer.role is Role.SAFETY_MANAGER
    return render(
        request,
        "roles/assessment.html",
        {
            **_shown(working, viewer),
            "facts": [
                ("Begun on", one.begun_at),
                ("By", names.get(one.author)),
                *([("Signed off by", names.get(one.signer))] if one.signer else []),
            ],
            "concluded": conclusion(one) if one.state == State.CONCLUDED else [],
            "may_sign": may_sign_here(one, viewer),
            "may_set_aside": bool(
                may_set_aside(State(one.state), one.author == viewer.worker, manages)
            ),
        },
    )


@form_page
def incident(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write one row of the grid."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    working = _working(viewer, pk)
    if request.method != "POST" and (stop := _closed(request, working.assessment)):
        return stop
    form = forms.IncidentForm(request.POST or None)
    _with_draft(request, form, "incident", working.assessment, working.assessment.file)
    if form.is_bound and form.is_valid() and not form.asks_about_wording():
        try:
            actions.add_incident(assessment=working.assessment, by=viewer, **form.row())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            forget(form)
            messages.success(request, "The incident has been written down.")
            return redirect("roles", pk)
    return _form_page(request, "roles/incident.html", working, form)


def _closed(request: HttpRequest, assessment: RoleAssessment) -> HttpResponse | None:
    """Where nothing can be written any more: back to the assessment, with the reason."""
    decision = may_write(State(assessment.state), assessment.author == request.viewer.worker)  # type: ignore[attr-defined]
    if decision:
        return None
    messages.warning(request, decision.reason)
    return redirect("roles", assessment.pk)


def _form_page(
    request: HttpRequest, template: str, working: RoleWorking, form: Any, **more: Any
) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    record(by=viewer, verb="read", thing=working.assessment)
    if not form.is_bound:
        opened(by=viewer, thing=working.assessment, at=timezone.now())
    return render(
        request,
        template,
        {**_shown(working, viewer), "form": form, **more},
        status=422 if form.is_bound else 200,
    )


@form_page
def conclude(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the signs, the notes and what is concluded of each person."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    working = _working(viewer, pk)
    if request.method != "POST" and (stop := _closed(request, working.assessment)):
        return stop
    first = forms.WorkingForm.first_shown(working)
    form = forms.WorkingForm(request.POST or None, initial=first)
    _with_draft(request, form, "conclude", working.assessment, working.assessment.file)
    stored = None
    if form.is_bound and form.is_valid() and not form.asks_about_wording():
        try:
            actions.write_working(assessment=working.assessment, by=viewer, **form.row())
        except StaleEdit as stale:
            form.add_error(None, str(stale))
            form.data = form.data.copy()
            form.data["version"] = str(working.version)
            stored = _stored(working)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            forget(form)
            messages.success(request, "What you wrote has been saved.")
            return redirect("roles", pk)
    return _form_page(request, "roles/conclude.html", working, form, stored=stored)


def _stored(working: RoleWorking) -> list[tuple[str, Any]]:
    proposed = [
        words_of(Outcome, code) if code else None
        for code in (working.proposed_a, working.proposed_b)
    ]
    return [
        ("Notes", working.note),
        ("Concluded of Person A", proposed[0]),
        ("Concluded of Person B", proposed[1]),
        ("On what grounds", working.grounds),
    ]


@require_POST
def strike(request: HttpRequest, pk: UUID, row: UUID) -> HttpResponse:
    """Strike an incident out."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    _working(viewer, pk)
    one = found(RoleIncident.objects.visible_to(viewer).filter(assessment_id=pk), row)
    return _done(
        request,
        pk,
        lambda: actions.strike_incident(incident=one, by=viewer),
        "The incident has been struck out. It stays readable.",
    )


@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put the conclusion to a second worker."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    one = _working(viewer, pk).assessment
    return _done(
        request,
        pk,
        lambda: actions.ask_for_sign_off(assessment=one, by=viewer),
        "The assessment waits for a coordinator or a safety manager to sign it off.",
    )


@require_POST
def aside(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set an assessment aside."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    one = _working(viewer, pk).assessment
    return _done(
        request,
        pk,
        lambda: actions.set_aside(assessment=one, by=viewer),
        "The assessment has been set aside without a conclusion.",
    )


def _done(request: HttpRequest, pk: UUID, act: Any, sentence: str) -> HttpResponse:
    """Act and go back to the assessment, with what was done or why not."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect("roles", pk)


@form_page
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read the grid and the proposed conclusion; sign it off or return it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    working = _working(viewer, pk)
    one = working.assessment
    if request.method != "POST" and not may_sign_here(one, viewer):
        messages.warning(request, "This assessment does not wait for your sign-off.")
        return redirect("roles", pk)
    form = forms.DecisionForm(request.POST or None, initial={"version": one.version})
    _with_draft(request, form, "sign", one, one.file)
    if form.is_bound and form.is_valid():
        typed = {"assessment": one, "version": form.cleaned_data["version"], "by": viewer}
        try:
            if "return" in request.POST:
                actions.return_assessment(comment=form.cleaned_data["comment"], **typed)
            else:
                actions.sign_off(**typed)
        except StaleEdit as stale:
            form.add_error(None, str(stale))
            form.data = form.data.copy()
            form.data["version"] = str(one.version)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            forget(form)
            returned = "return" in request.POST
            said = "returned to its author" if returned else "signed off"
            messages.success(request, f"The assessment has been {said}.")
            return redirect(_section(one))
    return _form_page(request, "roles/sign.html", working, form, proposed=_stored(working))
