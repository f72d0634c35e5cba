"""Pages about sessions, interpreters, help elsewhere and permissions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from casewall.safety.support import actions
from casewall.safety.support.forms import work as forms
from casewall.safety.support.models import OnwardReferral, Permission, SupportSession
from casewall.safety.support.reading import session_rows
from casewall.safety.support.rules import HelpOutcome, Interpreting
from casewall.safety.support.views.below import (
    Rows,
    answer,
    file_with,
    form_page,
    row_with,
)
from casewall.safety.support.words import words_of
from casewall.staff.requests import SignedInRequest


@form_page
def session(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record a one-to-one session."""
    file = file_with(request, pk)
    form = forms.SessionForm(request.POST or None)

    def act() -> None:
        actions.record_session(
            file=file,
            facts=form.facts(),
            form=form.cleaned_data["form_id"],
            signs=form.cleaned_data["signs"],
            by=request.viewer,
        )

    return answer(
        request,
        file,
        form,
        act,
        heading="Record a session",
        button="Save session",
        saved="The session has been saved. One that was held stands in the contacts too.",
    )


@form_page
def correct(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Write a session anew; the original stays."""
    row: SupportSession = row_with(request, SupportSession, pk)
    form = forms.CorrectionForm(request.POST or None, initial=forms.CorrectionForm.first_shown(row))

    def act() -> None:
        given = form.cleaned_data
        actions.correct_session(
            session=row,
            facts=form.facts(),
            reason=given["reason"],
            form=given["form_id"],
            signs=given["signs"],
            by=request.viewer,
        )

    def stored() -> tuple[dict[str, Any], Rows]:
        rows = SupportSession.objects.visible_to(request.viewer)
        return {}, session_rows(rows.get(corrects=row))

    return answer(
        request,
        row.file,
        form,
        act,
        stored=stored,
        heading="Correct a session",
        button="Save correction",
        saved="The correction has been saved. The original stays beside it.",
        facts=session_rows(row),
        lead="As it was recorded:",
    )


@form_page
def interpreter(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Record who interpreted."""
    file = file_with(request, pk)
    form = forms.InterpreterForm(request.POST or None, initial={"language": file.partner.language})

    def act() -> None:
        given = form.cleaned_data
        actions.record_interpreter(
            file=file,
            used_on=given["used_on"],
            language=given["language"],
            who=Interpreting(given["who"]),
            agency=given["agency"],
            reference=given["reference"] or None,
            minutes=given["minutes"],
            form=given["form_id"],
            by=request.viewer,
        )

    return answer(
        request,
        file,
        form,
        act,
        heading="Record an interpreter",
        button="Save",
        saved="The interpreter has been recorded.",
        lead="Check with the agency that the interpreter knows neither the partner nor the client.",
    )


@form_page
def onward(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Refer the partner to help elsewhere."""
    file = file_with(request, pk)
    kinds = actions.kinds_of_help(file.service)
    if not kinds:
        raise Http404
    form = forms.OnwardForm(request.POST or None, kinds=kinds)

    def act() -> None:
        given = form.cleaned_data
        actions.refer_on(
            file=file,
            kind=given["kind"],
            agency=given["agency"],
            made_on=given["made_on"],
            consent_on=given["consent_on"],
            note=given["note"] or None,
            form=given["form_id"],
            by=request.viewer,
        )

    return answer(
        request,
        file,
        form,
        act,
        heading="Refer to help elsewhere",
        button="Save referral",
        saved="The referral has been saved. Its outcome will be asked for in four weeks.",
    )


@form_page
def settle(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What came of help elsewhere."""
    row: OnwardReferral = row_with(request, OnwardReferral, pk)
    form = forms.OutcomeForm(
        request.POST or None, initial={"version": row.version, "outcome": row.outcome}
    )

    def act() -> None:
        given = form.cleaned_data
        actions.settle_referral(
            referral=row,
            outcome=HelpOutcome(given["outcome"]),
            on=given["on"],
            note=given["note"] or None,
            version=given["version"],
            by=request.viewer,
        )

    def stored() -> tuple[dict[str, Any], Rows]:
        now: OnwardReferral = row_with(request, OnwardReferral, pk)
        return {"version": str(now.version)}, _referral_rows(now)

    return answer(
        request,
        row.file,
        form,
        act,
        stored=stored,
        heading="What came of the referral",
        button="Save outcome",
        saved="The outcome has been saved.",
        facts=_referral_rows(row),
    )


def _referral_rows(row: OnwardReferral) -> Rows:
    return [
        ("Referred to", row.agency),
        ("Referred on", row.made_on),
        ("Recorded outcome", words_of(HelpOutcome, row.outcome)),
        ("Since", row.outcome_on),
        ("Note", row.note),
    ]


@form_page
def permission(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Keep what the partner permits to be told."""
    file = file_with(request, pk)
    form = forms.PermissionForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        actions.give_permission(
            file=file,
            information=given["information"],
            to_whom=given["to_whom"],
            purpose=given["purpose"],
            in_writing=given["in_writing"],
            given_on=given["given_on"],
            form=given["form_id"],
            by=request.viewer,
        )

    return answer(
        request,
        file,
        form,
        act,
        heading="The partner permits something to be told",
        button="Save permission",
        saved="The permission has been saved. It can be taken back at any time.",
        lead="Nothing is told by saving this. To the programme, only a disclosure can tell it.",
    )


@form_page
def revoke(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The partner takes a permission back."""
    row: Permission = row_with(request, Permission, pk)
    form = forms.RevokeForm(request.POST or None)

    def act() -> None:
        actions.revoke_permission(permission=row, on=form.cleaned_data["on"], by=request.viewer)

    return answer(
        request,
        row.file,
        form,
        act,
        heading="The partner takes a permission back",
        button="Take it back",
        saved="The permission has been taken back.",
        facts=[("May be told", row.information), ("To", row.to_whom), ("Given on", row.given_on)],
    )
