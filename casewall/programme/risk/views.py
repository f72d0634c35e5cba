"""The pages of risk: the list, an assessment with its parts, evidence, and its signature."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.drafts.forms import forget, restore
from casewall.programme.cases.lists import stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.parts import heads_of
from casewall.programme.cases.steps import answer, answer_form, case_with, form_page, found_for
from casewall.programme.measuring.models import MeasureAnswer
from casewall.programme.risk import actions, forms
from casewall.programme.risk.clock import clocks
from casewall.programme.risk.known import Known, known_of
from casewall.programme.risk.models import RiskAssessment, RiskEvidence
from casewall.programme.risk.reading import LIST_COLUMNS, list_rows, watched_cases
from casewall.programme.risk.rules import (
    FACTORS,
    SECTION_WORDS,
    Factor,
    Had,
    How,
    Level,
    Said,
    Section,
    Source,
    State,
)
from casewall.programme.risk.showing import page_of, seen_meanwhile
from casewall.programme.risk.tools import raise_result, scored_of
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

Typed = dict[str, Any]
MOST = 200
STEP = "risk/step.html"
LOOK_AT_WORDING = (
    "Look at the words that are pointed out above; then save again, as it is or in other words."
)


def _viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found


def _writes(request: HttpRequest) -> Viewer:
    viewer = _viewer(request)
    if not actions.may_write(viewer.role):
        raise PermissionDenied
    return viewer


def _found(request: HttpRequest, pk: UUID) -> RiskAssessment:
    """The assessment with its case, where this viewer sees it; `Http404` otherwise."""
    rows = RiskAssessment.objects.visible_to(_viewer(request)).select_related("case__client")
    found: RiskAssessment = get_object_or_404(rows, pk=pk)
    return found


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The risk of every case that is watched, whatever is overdue first."""
    viewer = _viewer(request)
    if viewer.role in (Role.REFERRER, Role.PROGRAMME_ADMINISTRATOR):
        raise Http404
    today = timezone.localdate()
    found = clocks(watched_cases(viewer), viewer)
    found.sort(key=lambda one: (one.due or date.max, one.case.pk))
    shown = found[:MOST]
    record_many(by=viewer, verb="listed", things=[one.case for one in shown])
    return render(request, "risk/list.html", {
        "columns": LIST_COLUMNS, "rows": list_rows(shown, today),
        "late": len([one for one in found if one.due is not None and one.due < today]),
        "number": len(found), "left_out": max(0, len(found) - MOST),
    })


@form_page
def begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the next version, or go on with the one that is open."""
    rows = Case.objects.visible_to(_viewer(request)).select_related("client")
    case = get_object_or_404(rows, pk=pk)
    viewer = _writes(request)
    if request.method == "POST":
        row = actions.begin_assessment(case=case, by=viewer)
        return redirect("risk_assessment", row.pk)
    record(by=viewer, verb="read", thing=case)
    known = known_of(case, viewer)
    return render(request, "risk/begin.html", {
        "case": case, "stage": stage_tag(case.stage),
        "heads": heads_of(case, viewer, timezone.localdate()),
        "case_url": f"{reverse('case', args=[case.pk])}?show=risk",
        "is_review": actions.signed_of(case, viewer) is not None,
        "known": [(SECTION_WORDS[one], lines) for one, lines in known.lines.items() if lines],
    })


@require_safe
def assessment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One version: what it says, what it lacks, and what can be done with it."""
    viewer, row = _viewer(request), _found(request, pk)
    record(by=viewer, verb="read", thing=row.case)
    return render(request, "risk/assessment.html", page_of(row, viewer))


def _on_part(
    request: HttpRequest, row: RiskAssessment, form: Any, act: Callable[[Typed], Any],
    *, name: str, heading: str, **more: Any,
) -> HttpResponse:
    """Show the form of a part with its draft, or save it and go back to the assessment."""
    back = reverse("risk_assessment", args=[row.pk])
    restore(request, form, f"risk {name}", of=row,
            title=f"{heading}: {row.case.client.full_name}")

    def do(typed: Typed) -> None:
        try:
            act(typed)
        except StaleEdit:
            form.assessment = _found(request, row.pk)
            form.theirs = seen_meanwhile(form.assessment, name, _viewer(request))
            raise
        forget(form)

    return answer_form(request, row.case, form, do, heading=heading, back=lambda: back,
                       case_url=back, template=STEP,
                       **{"button": "Save", "saved": "The part has been saved.", **more})


def _draft(request: HttpRequest, pk: UUID) -> tuple[RiskAssessment, Viewer]:
    row = _found(request, pk)
    return row, _writes(request)


def _locked(request: HttpRequest, row: RiskAssessment) -> HttpResponse | None:
    """Back to the assessment with a word, where a form is opened of one that is locked."""
    if request.method == "POST" or row.state == State.DRAFT:
        return None
    messages.warning(request, actions.LOCKED)
    return redirect("risk_assessment", row.pk)


@form_page
def sources(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which sources were had."""
    row, viewer = _draft(request, pk)
    if gone := _locked(request, row):
        return gone
    form = forms.SourcesForm(request.POST or None, assessment=row,
                             known=_sources_known(row, viewer))

    def act(typed: Typed) -> None:
        actions.save_sources(assessment=row, sources=form.sources(),
                             revision=typed["revision"], by=viewer)

    return _on_part(request, row, form, act, name="sources", heading="Sources",
                    lead="Say of each source whether it was had. What is missing is shown on the "
                         "assessment, on the case and in the report.")


def _sources_known(row: RiskAssessment, viewer: Viewer) -> dict[Source, Said]:
    """What is kept of the sources; evidence on file counts as had, since its newest day."""
    kept = actions.sources_of(row, viewer)
    evidence = RiskEvidence.objects.visible_to(viewer).filter(case=row.case_id)
    for code, day in evidence.order_by("held_on").values_list("source", "held_on"):
        source = Source(code)
        if source not in kept or kept[source].had is Had.HAD:
            kept[source] = Said(Had.HAD, day)
    return kept


@form_page
def section(request: HttpRequest, pk: UUID, part: str) -> HttpResponse:
    """One part: its text and the ratings of its factors."""
    if part not in set(Section):
        raise Http404
    wanted = Section(part)
    row, viewer = _draft(request, pk)
    if gone := _locked(request, row):
        return gone
    known = known_of(row.case, viewer)
    kept = actions.ratings_of(row, viewer)
    form = forms.SectionForm(
        request.POST or None, assessment=row, section=wanted,
        ratings={**known.ratings, **kept},
        initial={"text": getattr(row, wanted) or known.text(wanted)})

    def act(typed: Typed) -> None:
        if form.asks_about_wording():
            raise Refused(LOOK_AT_WORDING)
        actions.save_section(assessment=row, section=wanted, text=typed["text"],
                             ratings=form.ratings(), revision=typed["revision"], by=viewer)

    return _on_part(request, row, form, act, name=wanted, heading=SECTION_WORDS[wanted],
                    known=known.lines[wanted], filled=_filled(row, wanted, known, kept))


def _filled(row: RiskAssessment, part: Section, known: Known, kept: Any) -> bool:
    """Whether the form begins with something from the records."""
    own = {one for one in known.ratings if one not in kept}
    return bool(known.lines[part]) and (not getattr(row, part) or bool(own & set(FACTORS[part])))


@form_page
def judgement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The level as it is judged, why, and what is recommended."""
    row, viewer = _draft(request, pk)
    if gone := _locked(request, row):
        return gone
    form = forms.JudgementForm(request.POST or None, assessment=row, initial={
        "level": row.judged, "reasoning": row.reasoning,
        "recommendations": row.recommendations, "limits": row.limits})

    def act(typed: Typed) -> None:
        if form.asks_about_wording():
            raise Refused(LOOK_AT_WORDING)
        actions.save_judgement(
            assessment=row, level=Level(typed["level"]) if typed["level"] else None,
            reasoning=typed["reasoning"], recommendations=typed["recommendations"],
            limits=typed["limits"], revision=typed["revision"], by=viewer)

    return _on_part(request, row, form, act, name="judgement", heading="Judgement")


@require_POST
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send an assessment to be signed."""
    row, viewer = _draft(request, pk)
    try:
        actions.send_assessment(assessment=row, revision=_number(request), by=viewer)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "It has been sent. Somebody who did not write in it signs it.")
    return redirect("risk_assessment", row.pk)


def _number(request: HttpRequest) -> int:
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else 0


@form_page
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read an assessment and sign it, or return it."""
    row = _found(request, pk)
    viewer = _viewer(request)
    if not may_do(viewer.role, Duty.SIGN_ASSESSMENT):
        raise PermissionDenied
    if request.method != "POST" and (row.state != State.WAITING or row.wrote(viewer.worker)):
        messages.warning(
            request, "You wrote in this assessment, so somebody else must sign it."
            if row.wrote(viewer.worker) else "This assessment does not wait for a signature.")
        return redirect("risk_assessment", row.pk)
    form = forms.SignForm(request.POST or None, assessment=row)
    returns = request.POST.get("act") == "return"

    def act(typed: Typed) -> None:
        if returns:
            actions.return_assessment(assessment=row, note=typed["note"],
                                      revision=typed["revision"], by=viewer)
        else:
            actions.sign_assessment(assessment=row, revision=typed["revision"], by=viewer)

    back = reverse("risk_assessment", args=[row.pk])
    return answer_form(
        request, row.case, form, act, heading="Sign a risk assessment", button="Sign",
        saved="It has been returned to its writer." if returns
        else "The assessment has been signed.",
        back=lambda: back, template="risk/sign.html",
        **{key: value for key, value in page_of(row, viewer).items()
           if key not in ("case", "heading", "stage", "heads")})


@form_page
def evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down what a source said."""
    case = case_with(request, pk, Duty.RECORD_CONTACT)
    form = forms.EvidenceForm(request.POST or None, case=case)

    def act(typed: Typed) -> None:
        if form.asks_about_wording():
            raise Refused(LOOK_AT_WORDING)
        actions.record_evidence(
            case=case, source=Source(typed["source"]), how=How(typed["how"]),
            held_on=typed["held_on"], what=typed["what"],
            signs=[Factor(code) for code in typed["signs"]], form=typed["form_id"],
            by=_viewer(request))

    return answer(request, case, None, form, act, section="risk", template=STEP,
                  heading="Record evidence of risk", button="Save evidence",
                  saved="The evidence has been saved. A sign of danger in it is a task for today.",
                  lead="An interview with the client, or what a referrer, an authority or a paper "
                       "says.")


@form_page
def raise_tool(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Raise the result of a checklist whose own rule allows it."""
    viewer = _viewer(request)
    rows = MeasureAnswer.objects.visible_to(viewer).select_related("case__client")
    row = found_for(request, rows, pk, Duty.RECORD_MEASURE)
    _writes(request)
    scored = scored_of(row)
    if scored is None or not scored[0].scorer.judgement:
        raise Http404
    form = forms.RaiseForm(request.POST or None, case=row.case,
                           initial={"version": row.version})
    definition, found = scored
    return answer(
        request, row.case, None, form,
        lambda typed: raise_result(answer=row, reason=typed["reason"],
                                   version=typed["version"], by=viewer),
        section="risk", heading="Raise the result of a checklist", button="Raise to high",
        saved="The result has been raised. The answers and their count stay as they are.",
        facts=[("Tool", definition.titles["en"]), ("Its rule", definition.scorer.rule),
               ("Questions answered", f"{found.answered} of {found.items}"),
               ("Count so far", f"{found.least:g}" if found.least is not None else None)],
    )
