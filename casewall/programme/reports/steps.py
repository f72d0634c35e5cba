"""The pages with a form of a document: writing, editing, checking, issuing, withdrawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from casewall.audit.actions import record
from casewall.programme.cases.models import Case
from casewall.programme.cases.steps import form_page
from casewall.programme.courses.models import Act
from casewall.programme.reports import actions, forms
from casewall.programme.reports.lists import name_of
from casewall.programme.reports.models import Document, LetterTemplate
from casewall.programme.reports.releases import releases_for
from casewall.programme.reports.rendering import told_of
from casewall.programme.reports.rules import (
    FOR_ACT,
    KIND_WORDS,
    TO_THE_CLIENT,
    Kind,
    State,
    default_language,
)
from casewall.programme.reports.texts import LANGUAGES
from casewall.programme.reports.views import found
from casewall.programme.risk.commissions.actions import open_commissions
from casewall.services.load import shipped
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer


def _require(request: HttpRequest, duty: Duty) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not may_do(viewer.role, duty):
        raise PermissionDenied
    return viewer


def _languages(case: Case, kind: Kind, viewer: Viewer) -> tuple[str, ...]:
    """The languages in which this kind can be written for this case."""
    own = (
        LetterTemplate.objects.visible_to(viewer)
        .filter(compartment=case.compartment, kind=kind, retired_at=None)
        .order_by("language")
        .values_list("language", flat=True)
    )
    return tuple(dict.fromkeys([*LANGUAGES, *own]))


def _default_language(case: Case, kind: Kind, offered: tuple[str, ...]) -> str:
    service = shipped().get(case.service)
    client = case.client.language if kind in TO_THE_CLIENT else ""
    return default_language(client, tuple(service.languages) if service else (), offered)


def _document_form(
    typed: Any,
    case: Case,
    kind: Kind,
    viewer: Viewer,
    languages: tuple[str, ...],
    initial: dict[str, Any],
) -> forms.DocumentForm:
    outside = kind not in TO_THE_CLIENT
    return forms.DocumentForm(
        typed,
        kind=kind,
        languages=languages,
        referrer=case.referrer_agency,
        initial=initial,
        releases=releases_for(case, viewer, timezone.localdate()) if outside else (),
        commissions=open_commissions(case, viewer) if kind is Kind.RISK_REPORT else (),
    )


@form_page
def new(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Write a document of one kind; with `at_once` as it most often is."""
    if kind not in set(Kind):
        raise Http404
    wanted = Kind(kind)
    case, viewer = _case(request, pk), _require(request, Duty.WRITE_DOCUMENT)
    languages = _languages(case, wanted, viewer)
    usual = actions.default_entries(case=case, kind=wanted, on=timezone.localdate(), by=viewer)
    initial = {"language": _default_language(case, wanted, languages), **forms.initial_of(usual)}
    typed: Any = request.POST or None
    if typed is not None and "at_once" in typed:
        typed = {
            **{key: value for key, value in initial.items() if value},
            "form_id": typed.get("form_id", ""),
        }
    form = _document_form(typed, case, wanted, viewer, languages, initial)
    if typed is not None and form.is_valid():
        try:
            made = actions.write_document(
                case=case,
                kind=wanted,
                language=form.cleaned_data["language"],
                entries=form.entries(),
                on=timezone.localdate(),
                form=form.cleaned_data["form_id"],
                by=viewer,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, "The draft has been written. Somebody else checks it before it is issued."
            )
            return redirect("document", made.pk)
    record(by=viewer, verb="read", thing=case)
    return _form_page(
        request,
        case,
        form,
        heading=KIND_WORDS[wanted],
        button="Write the draft",
        back=f"{reverse('case', args=[case.pk])}?show=documents",
    )


def _case(request: HttpRequest, pk: UUID) -> Case:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case: Case = get_object_or_404(Case.objects.visible_to(viewer).select_related("client"), pk=pk)
    return case


def _form_page(
    request: HttpRequest,
    case: Case,
    form: Any,
    *,
    heading: str,
    button: str,
    back: str,
    **more: Any,
) -> HttpResponse:
    return render(
        request,
        "programme/reports/write.html",
        {
            "case": case,
            "form": form,
            "heading": heading,
            "button": button,
            "back": back,
            **more,
        },
        status=422 if form.is_bound else 200,
    )


@form_page
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a draft anew, with the facts of today."""
    document = found(request, pk)
    viewer, kind = _require(request, Duty.WRITE_DOCUMENT), Kind(document.kind)
    case, back = document.case, reverse("document", args=[document.pk])
    if State(document.state) not in (State.DRAFT, State.CHECKED):
        messages.warning(request, "This document cannot be changed any more. Write a new edition.")
        return redirect(back)
    languages = _languages(case, kind, viewer)
    initial = {
        "language": document.language,
        "version": document.version,
        **forms.initial_of(actions.entries_of(document)),
    }
    form = _document_form(request.POST or None, case, kind, viewer, languages, initial)
    theirs = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_document(
                document=document,
                language=form.cleaned_data["language"],
                entries=form.entries(),
                version=form.cleaned_data["version"] or 0,
                on=timezone.localdate(),
                by=viewer,
            )
        except StaleEdit as stale:
            document = found(request, pk)
            theirs = actions.entries_of(document).own_words or "nothing"
            form.data = {**request.POST.dict(), "version": str(document.version)}
            form.add_error(None, str(stale))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The draft has been written anew.")
            return redirect(back)
    record(by=viewer, verb="read", thing=document)
    return _form_page(
        request,
        case,
        form,
        heading=f"Edit: {KIND_WORDS[kind]}",
        button="Save the draft",
        back=back,
        theirs=theirs,
    )


@require_POST
def for_act(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the letter that an accepted act of the absence ladder asks for."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    act = get_object_or_404(Act.objects.visible_to(viewer).select_related("case__client"), pk=pk)
    _require(request, Duty.WRITE_DOCUMENT)
    kind = FOR_ACT.get(act.kind)
    if kind is None:
        raise Http404
    language = _default_language(act.case, kind, _languages(act.case, kind, viewer))
    try:
        made = actions.write_for_act(
            act=act.pk, on=timezone.localdate(), language=language, by=viewer
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("document_new", act.case_id, kind)
    messages.success(
        request, "The draft has been written. Somebody else checks it before it is issued."
    )
    return redirect("document", made.pk)


@form_page
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The second person reads the text as it will go, and says whose words it holds."""
    document = found(request, pk)
    viewer = _require(request, Duty.ISSUE_DOCUMENT)
    if document.state != State.DRAFT or document.written_by == viewer.worker:
        messages.warning(
            request,
            "You wrote this document, so somebody else must check it."
            if document.written_by == viewer.worker
            else "This document does not wait for a check.",
        )
        return redirect("document", document.pk)
    form = forms.CheckForm(
        request.POST or None, kind=Kind(document.kind), initial={"version": document.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            done = _checked(document, form, request.POST.get("act", ""), viewer)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            if isinstance(refusal, StaleEdit):
                document = found(request, pk)
                form.data = {**request.POST.dict(), "version": str(document.version), "others": ""}
        else:
            messages.success(request, done)
            return redirect("document", document.pk)
    record(by=viewer, verb="read to check", thing=document)
    return render(
        request,
        "programme/reports/check.html",
        {
            "document": document,
            "case": document.case,
            "form": form,
            "name": name_of(document),
            "told": told_of(document, viewer),
            "own_words": actions.entries_of(document).own_words,
            "back": reverse("document", args=[document.pk]),
        },
        status=422 if form.is_bound else 200,
    )


def _checked(document: Document, form: forms.CheckForm, act: str, viewer: Viewer) -> str:
    version = form.cleaned_data["version"]
    if act == "return":
        actions.return_document(
            document=document, note=form.cleaned_data["note"], version=version, by=viewer
        )
        return "The document has been returned to its writer."
    checked = actions.approve_document(
        document=document,
        version=version,
        nothing_from_others=form.nothing_from_others(),
        by=viewer,
    )
    if act != "issue":
        return "The document has been checked. It can be issued."
    actions.issue_document(
        document=checked, version=checked.version, on=timezone.localdate(), by=viewer
    )
    return "The document has been checked and issued."


@require_POST
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue a document that was checked."""
    document = found(request, pk)
    viewer = _require(request, Duty.ISSUE_DOCUMENT)
    try:
        actions.issue_document(
            document=document, version=_version(request), on=timezone.localdate(), by=viewer
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "The document has been issued.")
    return redirect("document", document.pk)


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else 0


@form_page
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw a document, with the reason."""
    document = found(request, pk)
    viewer = _require(request, Duty.WRITE_DOCUMENT)
    back = reverse("document", args=[document.pk])
    form = forms.WithdrawForm(request.POST or None, initial={"version": document.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_document(
                document=document,
                note=form.cleaned_data["note"],
                version=form.cleaned_data["version"],
                on=timezone.localdate(),
                by=viewer,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The document has been withdrawn.")
            return redirect(back)
    return _form_page(
        request,
        document.case,
        form,
        heading=f"Withdraw: {name_of(document)}",
        button="Withdraw",
        back=back,
        warning=True,
        lead="What was issued stays on file. The agency that referred no longer sees it here; "
        "a copy that was handed over must be asked back.",
    )


@require_POST
def anew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a new edition of an issued or withdrawn document."""
    document = found(request, pk)
    viewer = _require(request, Duty.WRITE_DOCUMENT)
    try:
        form: UUID | None = UUID(request.POST.get("form_id", ""))
    except ValueError:
        form = None
    try:
        made = actions.write_anew(document=document, on=timezone.localdate(), form=form, by=viewer)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("document", document.pk)
    messages.success(request, "A new edition has been written, with the facts of today.")
    return redirect("document", made.pk)
