"""Pages about needs, declared families and help elsewhere: each is a form below a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from casewall.audit.actions import record
from casewall.programme.cases.lists import stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.steps import answer, case_with, form_page, found_for
from casewall.programme.needs import actions, forms
from casewall.programme.needs.models import OnwardReferral, SafeguardingReferral
from casewall.programme.needs.rules import (
    Concern,
    Declared,
    Help,
    HelpOutcome,
    Lives,
    Of,
    SafeguardingOutcome,
    Since,
    Violence,
)
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

Typed = dict[str, Any]


def _below_case(
    request: HttpRequest,
    pk: UUID,
    duty: Duty,
    form_class: Any,
    act: Callable[[Case, Typed, Viewer], Any],
    section: str,
    **words: str,
) -> HttpResponse:
    """Show the form below a case, or act and go back to the section of the case."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = case_with(request, pk, duty)
    form = form_class(request.POST or None, case=case)
    return answer(
        request, case, None, form, lambda typed: act(case, typed, viewer), section=section, **words
    )


@form_page
def family(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep how many partners or children were stated."""
    return _below_case(
        request,
        pk,
        Duty.RECORD_CONTACT,
        forms.FamilyForm,
        lambda case, typed, by: actions.state_family(
            case=case,
            of=Of(typed["of"]),
            answer=Declared(typed["answer"]),
            number=typed["number"],
            stated_by=typed["stated_by"],
            stated_on=typed["stated_on"],
            form=typed["form_id"],
            by=by,
        ),
        "family",
        heading="How many partners or children, as stated",
        button="Save statement",
        saved="The statement has been saved.",
        lead="Write it as stated by the client or the referrer; nothing is checked.",
    )


@form_page
def child(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep a child as stated."""
    return _below_case(
        request,
        pk,
        Duty.RECORD_CONTACT,
        forms.ChildForm,
        lambda case, typed, by: actions.declare_child(
            case=case,
            name=typed["name"] or None,
            born_on=typed["born_on"],
            lives=Lives(typed["lives"]),
            sees_client=typed["sees_client"],
            stated_by=typed["stated_by"],
            stated_on=typed["stated_on"],
            form=typed["form_id"],
            by=by,
        ),
        "family",
        heading="A child, as stated",
        button="Save statement",
        saved="The statement has been saved.",
        lead="Write it as stated by the client or the referrer; nothing is checked.",
    )


@form_page
def needs(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the needs of a client."""

    def act(case: Case, typed: Typed, by: Viewer) -> None:
        levels = {
            kind: forms.Level(typed[kind.value]) for kind in forms.NeedKind if typed.get(kind.value)
        }
        actions.state_needs(
            case=case,
            levels=levels,
            stated_by=typed["stated_by"],
            stated_on=typed["stated_on"],
            note=typed["note"] or None,
            form=typed["form_id"],
            by=by,
        )

    return _below_case(
        request,
        pk,
        Duty.RECORD_CONTACT,
        forms.NeedsForm,
        act,
        "needs",
        heading="Needs of the client",
        button="Save needs",
        saved="The needs have been saved.",
        lead="Leave open what was not spoken of. “Not known” means that it was asked and nobody "
        "knows.",
    )


@form_page
def violence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the history of violence as stated."""
    return _below_case(
        request,
        pk,
        Duty.RECORD_CONTACT,
        forms.ViolenceForm,
        lambda case, typed, by: actions.state_violence(
            case=case,
            since=Since(typed["since"]),
            months=typed["months"],
            kinds=[Violence(kind) for kind in typed["kinds"]],
            earlier_partners=typed["earlier_partners"],
            convicted=typed["convicted"],
            earlier_help=typed["earlier_help"] or None,
            note=typed["note"] or None,
            stated_by=typed["stated_by"],
            stated_on=typed["stated_on"],
            form=typed["form_id"],
            by=by,
        ),
        "needs",
        heading="History of violence, as stated",
        button="Save history",
        saved="The history has been saved.",
        lead="Write what the client or the referrer said. An earlier statement stays in the file.",
    )


@form_page
def circumstances(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep where a client lives and works."""
    return _below_case(
        request,
        pk,
        Duty.RECORD_CONTACT,
        forms.CircumstancesForm,
        lambda case, typed, by: actions.state_circumstances(
            case=case,
            area=typed["area"],
            employment=typed["employment"],
            age_band=typed.get("age_band", ""),
            stated_by=typed["stated_by"],
            stated_on=typed["stated_on"],
            form=typed["form_id"],
            by=by,
        ),
        "needs",
        heading="Where the client lives and works",
        button="Save circumstances",
        saved="The circumstances have been saved.",
        lead="The first statement counts as how it was at the referral. Write a new one when "
        "something changes; the earlier ones stay in the file.",
    )


@form_page
def onward(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Refer the client to help elsewhere."""
    return _below_case(
        request,
        pk,
        Duty.REFER_ON,
        forms.OnwardForm,
        lambda case, typed, by: actions.refer_on(
            case=case,
            kind=Help(typed["kind"]),
            agency=typed["agency"],
            made_on=typed["made_on"],
            note=typed["note"] or None,
            form=typed["form_id"],
            by=by,
        ),
        "needs",
        heading="Refer to help elsewhere",
        button="Save referral",
        saved="The referral has been saved. Its outcome will be asked for in four weeks.",
    )


@form_page
def safeguarding(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a safeguarding referral that begins here."""
    return _below_case(
        request,
        pk,
        Duty.REFER_ON,
        forms.SafeguardingForm,
        lambda case, typed, by: actions.refer_safeguarding(
            case=case,
            concern=Concern(typed["concern"]),
            made_to=typed["made_to"],
            made_on=typed["made_on"],
            reason=typed["reason"],
            client_told=typed["client_told"],
            form=typed["form_id"],
            by=by,
        ),
        "family",
        heading="Make a safeguarding referral",
        button="Save referral",
        saved="The safeguarding referral has been saved. Its outcome will be asked for in a week.",
        lead="Call the authority first where somebody is in danger now; write it down here "
        "afterwards.",
    )


@form_page
def settle_onward(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came of help elsewhere."""
    return _settle(
        request,
        pk,
        OnwardReferral,
        HelpOutcome,
        "needs",
        lambda row, typed, by: actions.settle_onward(
            referral=row,
            outcome=HelpOutcome(typed["outcome"]),
            on=typed["on"],
            note=typed["note"] or None,
            version=typed["version"],
            by=by,
        ),
    )


@form_page
def settle_safeguarding(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the authority decided."""
    return _settle(
        request,
        pk,
        SafeguardingReferral,
        SafeguardingOutcome,
        "family",
        lambda row, typed, by: actions.settle_safeguarding(
            referral=row,
            outcome=SafeguardingOutcome(typed["outcome"]),
            on=typed["on"],
            version=typed["version"],
            by=by,
        ),
    )


def _settle(
    request: HttpRequest,
    pk: UUID,
    model: Any,
    outcomes: Any,
    section: str,
    act: Callable[[Any, Typed, Viewer], Any],
) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = model.objects.visible_to(viewer).select_related("case__client")
    row = found_for(request, rows, pk, Duty.REFER_ON)
    form = forms.OutcomeForm(
        request.POST or None,
        outcomes=outcomes,
        has_note=model is OnwardReferral,
        initial={"version": row.version, "outcome": row.outcome},
    )
    back = f"{reverse('case', args=[row.case_id])}?show={section}"
    if request.method == "POST" and form.is_valid():
        try:
            act(row, form.cleaned_data, viewer)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            row = model.objects.visible_to(viewer).select_related("case__client").get(pk=pk)
            form.data = {**form.data.dict(), "version": str(row.version)}
        else:
            messages.success(request, "The outcome has been saved.")
            return redirect(back)
    record(by=viewer, verb="read", thing=row.case)
    to = row.agency if model is OnwardReferral else row.made_to
    return render(
        request,
        "programme/step.html",
        {
            "case": row.case,
            "form": form,
            "heading": "What came of the referral",
            "button": "Save outcome",
            "stage": stage_tag(row.case.stage),
            "case_url": back,
            "facts": [
                ("Referred to", to),
                ("Referred on", row.made_on),
                ("Recorded outcome", dict(forms.worded(outcomes))[row.outcome]),
            ],
        },
        status=422 if form.is_bound else 200,
    )
