"""Pages about needs, expectations, plans and periods of support."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import CAVEAT
from casewall.safety.reading import found, must
from casewall.safety.support import actions
from casewall.safety.support.forms import plans as forms
from casewall.safety.support.models import PlanStep, SafetyPlan, SupportPeriod, SupportPlan
from casewall.safety.support.rules import Doer, EndReason, Handing, Hope
from casewall.safety.support.versions import newest, safety_words
from casewall.safety.support.views.below import (
    Rows,
    answer,
    back_to,
    file_with,
    form_page,
    row_with,
)
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty


@form_page
def needs(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep what a partner needs."""
    file = file_with(request, pk)
    form = forms.NeedsForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        actions.state_needs(
            file=file,
            levels=form.levels(),
            on=given["on"],
            note=given["note"] or None,
            form=given["form_id"],
            by=request.viewer,
        )

    return answer(
        request,
        file,
        form,
        act,
        heading="What the partner needs",
        button="Save needs",
        saved="The needs have been saved.",
        lead="Leave open what was not spoken of. “Asked, not known” is another answer than “none”.",
    )


@form_page
def expectation(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep what a partner expects of the client's change."""
    file = file_with(request, pk)
    form = forms.ExpectationForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        actions.state_expectation(
            file=file,
            hope=Hope(given["hope"]),
            caveat_told=given["caveat_told"],
            own_words=given["own_words"] or None,
            on=given["on"],
            form=given["form_id"],
            by=request.viewer,
        )

    return answer(
        request,
        file,
        form,
        act,
        heading="What the partner expects of the client's change",
        button="Save expectation",
        saved="The expectation has been saved.",
        caveat=CAVEAT,
    )


@form_page
def support_plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write a version of the support plan, beginning with the last one."""
    file = file_with(request, pk)
    last = newest(SupportPlan, file, request.viewer)
    before = {"goals": last.goals, "note": last.note, "seen": last.number} if last else {}
    form = forms.SupportPlanForm(request.POST or None, initial=before)

    def act() -> None:
        given = form.cleaned_data
        actions.write_support_plan(
            file=file,
            goals=given["goals"],
            note=given["note"] or None,
            written_on=given["written_on"],
            review_on=given["review_on"],
            seen=given["seen"],
            form=given["form_id"],
            by=request.viewer,
        )

    def stored() -> tuple[dict[str, Any], Rows]:
        now = newest(SupportPlan, file, request.viewer)
        rows = [("Version", now.number), ("Goals", now.goals), ("Note", now.note)]
        return {"seen": str(now.number)}, rows

    return answer(
        request,
        file,
        form,
        act,
        stored=stored,
        heading="Support plan",
        button="Save as a new version",
        saved="The support plan has been saved as a new version. Earlier ones stay.",
        lead=_version_lead(last),
    )


@form_page
def safety_plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write a version of the safety plan, beginning with the last one."""
    file = file_with(request, pk)
    last = newest(SafetyPlan, file, request.viewer)
    before: dict[str, Any] = {}
    if last:
        before = {name: getattr(last, name) for name in forms.HEADINGS} | {"seen": last.number}
    form = forms.SafetyPlanForm(request.POST or None, initial=before)

    def act() -> None:
        given = form.cleaned_data
        actions.write_safety_plan(
            file=file,
            words=form.words(),
            agreed=given["agreed"],
            written_on=given["written_on"],
            review_on=given["review_on"],
            seen=given["seen"],
            form=given["form_id"],
            by=request.viewer,
        )

    def stored() -> tuple[dict[str, Any], Rows]:
        now = newest(SafetyPlan, file, request.viewer)
        return {"seen": str(now.number)}, [("Version", now.number), *safety_words(now)]

    return answer(
        request,
        file,
        form,
        act,
        stored=stored,
        section="safety-plan",
        heading="Safety plan",
        button="Save as a new version",
        saved="The safety plan has been saved as a new version. Earlier ones stay.",
        lead=_version_lead(last),
    )


def _version_lead(last: SupportPlan | SafetyPlan | None) -> str:
    words = "Write it together, in the partner's own words."
    if last is None:
        return words
    return (
        f"{words} Below stands version {last.number} of {last.written_on:%-d %B %Y}; it stays as "
        "it is, and what you save becomes a new version."
    )


@form_page
def hand_over(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Note how the partner got the newest safety plan."""
    file = file_with(request, pk)
    plan = found_plan(request, file)
    form = forms.HandOverForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        actions.hand_over(
            plan=plan, how=Handing(given["how"]), form=given["form_id"], by=request.viewer
        )

    return answer(
        request,
        file,
        form,
        act,
        section="safety-plan",
        heading="How the partner got the safety plan",
        button="Save",
        saved="It has been noted how the partner got the plan.",
        lead="Ask first whether a copy can be kept where nobody finds it. By letter or e-mail it "
        "goes only where that way is confirmed safe at this hour.",
    )


def found_plan(request: SignedInRequest, file: PartnerFile) -> SafetyPlan:
    """The newest safety plan of a file, or 404."""
    rows = SafetyPlan.objects.visible_to(request.viewer).select_related("file")
    plan: SafetyPlan = found(rows, getattr(newest(SafetyPlan, file, request.viewer), "pk", None))
    return plan


@require_safe
def print_safety_plan(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The safety plan on paper: no name, no service, no word that says whose it is or why."""
    file = file_with(request, pk)
    plan = found_plan(request, file)
    record(by=request.viewer, verb="printed a safety plan of", thing=file)
    rows = [
        (label, getattr(plan, name))
        for name, label in (
            ("signs", "What I notice"),
            ("places", "Where and whom"),
            ("leaving", "What I take"),
            ("children", "The children"),
            ("devices", "Phone and accounts"),
            ("other", "Other"),
        )
        if getattr(plan, name)
    ]
    context = {"rows": rows, "plan": plan, "back": back_to(file, "safety-plan")}
    return render(request, "support/print.html", context)


@form_page
def step(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Agree on a step of the support plan."""
    file = file_with(request, pk)
    form = forms.StepForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        actions.add_step(
            file=file,
            what=given["what"],
            who=Doer(given["who"]),
            due_on=given["due_on"],
            form=given["form_id"],
            by=request.viewer,
        )

    return answer(
        request,
        file,
        form,
        act,
        heading="A step towards a goal",
        button="Save step",
        saved="The step has been saved.",
    )


@require_POST
def end_step(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A step was taken, or dropped."""
    row = row_with(request, PlanStep, pk)
    dropped = request.POST.get("dropped") == "yes"
    try:
        actions.end_step(step=row, on=timezone.localdate(), dropped=dropped, by=request.viewer)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The step has been dropped." if dropped else "The step is done.")
    return redirect(back_to(row.file, "support"))


@form_page
def begin(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Support begins."""
    file = file_with(request, pk)
    form = forms.BeginForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        actions.begin_support(file=file, on=given["on"], form=given["form_id"], by=request.viewer)

    months = actions.months_of(file.service)
    lasts = (
        f"In this service it is planned to last {months} months and can be extended."
        if months
        else "In this service it has no planned end."
    )
    return answer(
        request,
        file,
        form,
        act,
        heading="Support begins",
        button="Save",
        saved="Support has begun.",
        lead=f"{lasts} It does not depend on what the client does.",
    )


def _period(request: SignedInRequest, pk: UUID) -> SupportPeriod:
    viewer = request.viewer
    rows = SupportPeriod.objects.visible_to(viewer).select_related("file__partner")
    period: SupportPeriod = found(rows, pk)
    must(viewer, Duty.SUPPORT_PARTNER)
    return period


def _period_now(request: SignedInRequest, pk: UUID) -> tuple[dict[str, Any], Rows]:
    now = _period(request, pk)
    rows = [
        ("Began on", now.began_on),
        ("Planned end", now.planned_end or "no end is planned"),
        ("Ended on", now.ended_on or "not ended"),
    ]
    return {"version": str(now.version)}, rows


@form_page
def extend(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Support is planned to last longer."""
    period = _period(request, pk)
    form = forms.ExtendForm(request.POST or None, initial={"version": period.version})

    def act() -> None:
        given = form.cleaned_data
        actions.extend_support(
            period=period,
            until=given["until"],
            reason=given["reason"],
            on=given["on"],
            version=given["version"],
            form=given["form_id"],
            by=request.viewer,
        )

    return answer(
        request,
        period.file,
        form,
        act,
        stored=lambda: _period_now(request, pk),
        heading="Extend support",
        button="Extend",
        saved="Support has been extended.",
        facts=_period_now(request, pk)[1],
    )


@form_page
def end(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Support ends, for a reason of its own."""
    period = _period(request, pk)
    form = forms.EndForm(request.POST or None, initial={"version": period.version})

    def act() -> None:
        given = form.cleaned_data
        actions.end_support(
            period=period,
            on=given["on"],
            reason=EndReason(given["reason"]),
            note=given["note"] or None,
            closes_file=given["closes_file"],
            version=given["version"],
            by=request.viewer,
        )

    return answer(
        request,
        period.file,
        form,
        act,
        stored=lambda: _period_now(request, pk),
        heading="End support",
        button="End support",
        saved="Support has ended. The partner can come back at any time.",
        facts=_period_now(request, pk)[1],
        lead="That the client has left or completed the programme is no reason to end support.",
    )
