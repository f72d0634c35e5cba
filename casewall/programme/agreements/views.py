"""The pages of agreements, their texts and releases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casewall.audit.actions import record
from casewall.programme.agreements import actions, forms
from casewall.programme.agreements.models import Agreement, AgreementText, Release
from casewall.programme.agreements.reading import signature_rows, worded_scope
from casewall.programme.agreements.rules import (
    FIRST,
    HOW_WORDS,
    PURPOSE_WORDS,
    RECIPIENT_WORDS,
    Ground,
    How,
    Purpose,
    Recipient,
    Scope,
)
from casewall.programme.agreements.texts import (
    newest_wording,
    newest_wordings,
    versions_of,
    wording_of,
)
from casewall.programme.cases.lists import language_name, names_of
from casewall.programme.cases.rules import Step
from casewall.programme.cases.steps import answer, case_for, case_with, form_page
from casewall.services.load import shipped
from casewall.staff.models import Compartment
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Side, Viewer


def _languages(service: str) -> tuple[str, ...]:
    known = shipped().get(service)
    return known.languages if known else ("en",)


@form_page
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go through the agreement with the client and record that it was signed."""
    case = case_for(request, pk, Step.SIGN)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    languages = _languages(case.service)
    wanted = request.POST.get("language") or request.GET.get("language") or case.client.language
    language = wanted if wanted in languages else languages[0]
    text = newest_wording(case.service, language, case.compartment, viewer)
    form = forms.SignForm(
        request.POST or None,
        case=case,
        initial={"language": language, "text_version": text.version, "how": How.SCREEN},
    )

    def act(typed: dict[str, Any]) -> None:
        actions.sign_agreement(
            case=case,
            signed_on=typed["signed_on"],
            text_version=typed["text_version"],
            language=language,
            signed=form.signed,
            limits_explained=typed["limits_explained"],
            by=viewer,
        )

    return answer(
        request,
        case,
        Step.SIGN,
        form,
        act,
        template="programme/agreement_sign.html",
        heading="Go through the agreement",
        button="Save agreement",
        saved="The agreement has been saved.",
        text=text,
        text_languages=[
            (language_name(one), f"?language={one}", one == language) for one in languages
        ],
        other_language="" if text.language == language else language_name(text.language),
    )


@require_safe
def copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signed agreement, to be printed."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(
        Agreement.objects.visible_to(viewer).select_related("case__client"), pk=pk
    )
    if viewer.role is Role.REFERRER:
        raise Http404
    case = found.case
    text = wording_of(case.service, found.language, found.text_version, case.compartment, viewer)
    record(by=viewer, verb="read", thing=found)
    return render(
        request,
        "programme/agreement_copy.html",
        {
            "agreement": found,
            "case": case,
            "case_url": reverse("case", args=[case.pk]) + "?show=agreement",
            "text": text,
            "rows": [
                ("Signed on", found.signed_on),
                ("Text", f"Version {found.text_version}, in {language_name(found.language)}"),
                ("How", HOW_WORDS[How(found.how)]),
                *signature_rows(found),
                ("Limits of confidentiality explained", found.limits_explained),
                ("Worker", names_of([found.worker]).get(found.worker)),
            ],
        },
    )


@form_page
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a release that the client signed."""
    case = case_with(request, pk, Duty.RELEASE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = forms.ReleaseForm(request.POST or None, case=case, initial={"how": How.SCREEN})

    def act(typed: dict[str, Any]) -> None:
        terms = actions.Terms(
            recipient=Recipient(typed["recipient"]),
            recipient_name=typed["recipient_name"],
            purpose=Purpose(typed["purpose"]),
            scope=tuple(Scope(code) for code in typed["scope"]),
            ground=Ground(typed["ground"]),
            starts_on=typed["starts_on"],
            expires_on=typed["expires_on"],
            details=typed["details"] or None,
        )
        actions.release(
            case=case, terms=terms, signed=form.signed, form=typed["form_id"], by=viewer
        )

    return answer(
        request,
        case,
        None,
        form,
        act,
        template="programme/release.html",
        heading="Record a release",
        button="Save release",
        saved="The release has been saved.",
        lead="The client lets the programme tell somebody something. Without a release nothing "
        "is told, but for the limits that the agreement names.",
    )


@form_page
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The client takes a release back."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = get_object_or_404(
        Release.objects.visible_to(viewer).select_related("case__client"), pk=pk
    )
    case = case_with(request, found.case_id, Duty.RELEASE)
    form = forms.WithdrawForm(request.POST or None, case=case)

    def act(typed: dict[str, Any]) -> None:
        actions.withdraw_release(
            release=found, on=typed["on"], note=typed["note"] or None, by=viewer
        )

    return answer(
        request,
        case,
        None,
        form,
        act,
        heading="Take back a release",
        button="Take back",
        saved="The release has been taken back.",
        warning=True,
        facts=[
            (
                "Who may be told",
                f"{RECIPIENT_WORDS[Recipient(found.recipient)]}: {found.recipient_name}",
            ),
            ("What for", PURPOSE_WORDS[Purpose(found.purpose)]),
            ("What may be told", worded_scope(found.scope)),
            ("Taken back from", found.withdrawn_on or "not taken back"),
        ],
    )


def _places(viewer: Viewer) -> dict[str, int]:
    """The services of this viewer's agency, with the compartment that holds their texts."""
    rows = Compartment.objects.using(Side.PROGRAMME.value).filter(
        number__in=viewer.compartments, sensitivity=Compartment.STANDARD
    )
    return dict(rows.order_by("-number").values_list("service_id", "number"))


def _may_edit(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not may_do(viewer.role, Duty.EDIT_TEXTS):
        raise PermissionDenied
    return viewer


@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """The agreement's texts of the services of this agency, in every language."""
    viewer = _may_edit(request)
    rows = []
    for service, compartment in sorted(_places(viewer).items()):
        newest = newest_wordings(service, compartment, viewer)
        for language in _languages(service):
            text = newest.get(language)
            known = shipped().get(service)
            rows.append(
                {
                    "cells": [
                        known.name if known else service,
                        language_name(language),
                        f"Version {text.version}" if text else "none: the English one is shown",
                        text.title if text else "–",
                    ],
                    "url": reverse("agreement_text", args=[service, language]),
                }
            )
    record(by=viewer, verb="listed", kind="agreementtext")
    return render(
        request,
        "programme/agreement_texts.html",
        {"columns": ["Service", "Language", "Newest", "Title"], "rows": rows},
    )


@form_page
def text(request: HttpRequest, service: str, language: str) -> HttpResponse:
    """The newest text of a service in one language, its versions, and a form for the next."""
    viewer = _may_edit(request)
    compartment = _places(viewer).get(service)
    if compartment is None or language not in _languages(service):
        raise Http404
    newest = newest_wording(service, language, compartment, viewer)
    own = newest.version if newest.language == language else FIRST
    form = forms.TextForm(
        request.POST or None,
        initial={"title": newest.title, "body": newest.body, "seen": int(own)},
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.keep_text(
                    service=service,
                    language=language,
                    compartment=compartment,
                    by=viewer,
                    **form.cleaned_data,
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
                if isinstance(refusal, StaleEdit):
                    form.show_again(int(own))
            else:
                messages.success(request, "The new version is the text from now on.")
                return redirect("agreement_text", service, language)
        status = 422
    rows = [row for row in versions_of(service, compartment, viewer) if row.language == language]
    record(by=viewer, verb="read", kind="agreementtext")
    return render(
        request,
        "programme/agreement_text.html",
        {
            "form": form,
            "text": newest,
            "heading": f"Agreement, {language_name(language)}",
            "versions": _told(rows),
        },
        status=status,
    )


def _told(rows: list[AgreementText]) -> list[dict[str, Any]]:
    """The versions of a text as entries of a timeline."""
    names = names_of(row.worker for row in rows)
    return [
        {
            "title": f"Version {row.version}: {row.title}",
            "when": row.made_at,
            "by": names.get(row.worker, ""),
            "text": row.reason,
        }
        for row in rows
    ]
