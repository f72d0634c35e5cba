"""The directory of agencies outside the service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record
from casewall.safety.reading import found, must
from casewall.safety.sharing import actions, forms
from casewall.safety.sharing.models import AgencyContact, ExternalAgency, SharingAgreement
from casewall.safety.sharing.reading import homes
from casewall.safety.sharing.rules import AgencyKind, Basis, is_running_out
from casewall.safety.sharing.views.steps import answer, done, form_page, posted, viewer_of
from casewall.safety.sharing.words import words_of
from casewall.wall.duties import Duty, may_do

COLUMNS = ["Agency", "Kind", "Area", ("Agreement until", "date"), ("State", "tag")]


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    """Every agency of the directory with how long its agreement holds."""
    viewer = viewer_of(request)
    must(viewer, Duty.SHARE)
    rows = list(ExternalAgency.objects.visible_to(viewer).order_by("retired_on", "name", "id"))
    last: dict[UUID, Any] = {}
    agreed = SharingAgreement.objects.visible_to(viewer).filter(ended_on=None)
    for agency, until in agreed.order_by("last_on").values_list("agency_id", "last_on"):
        last[agency] = until
    record(by=viewer, verb="listed", kind="externalagency")
    return render(request, "sharing/agencies.html", {
        "columns": COLUMNS,
        "rows": [_row(one, last.get(one.pk)) for one in rows],
        "may_keep": bool(may_do(viewer.role, Duty.KEEP_AGENCIES)),
    })  # fmt: skip


def _row(one: ExternalAgency, until: Any) -> dict[str, Any]:
    return {
        "url": reverse("agency", args=[one.pk]),
        "cells": [
            one.name, words_of(AgencyKind, one.kind), one.area or "–", until or "no agreement",
            _state(one, until),
        ],
    }  # fmt: skip


def _state(one: ExternalAgency, until: Any) -> tuple[str, str]:
    today = timezone.localdate()
    if one.retired_on:
        return "Not used any more", "grey"
    if until is None:
        return "No agreement", "yellow"
    if until < today:
        return "Agreement has ended", "red"
    if is_running_out(until, today):
        return "Agreement ends soon", "orange"
    return "Agreement holds", "green"


def _seen(request: HttpRequest, pk: UUID, duty: Duty = Duty.KEEP_AGENCIES) -> ExternalAgency:
    must(viewer_of(request), duty)
    agency: ExternalAgency = found(ExternalAgency.objects.visible_to(viewer_of(request)), pk)
    return agency


@require_safe
def agency(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One agency: how it is reached and what was agreed with it."""
    viewer = viewer_of(request)
    one = _seen(request, pk, Duty.SHARE)
    contacts = AgencyContact.objects.visible_to(viewer).filter(agency=one, ended_on=None)
    agreed = SharingAgreement.objects.visible_to(viewer).filter(agency=one)
    record(by=viewer, verb="viewed", thing=one)
    today = timezone.localdate()
    return render(request, "sharing/agency.html", {
        "agency": one,
        "facts": [("Kind", words_of(AgencyKind, one.kind)), ("Area", one.area or None),
                  ("Note", one.note or None),
                  *([("Not used since", one.retired_on)] if one.retired_on else [])],
        "contacts": list(contacts.order_by("id")),
        "agreements": [
            {"row": row, "basis": words_of(Basis, row.basis), "holds": row.ended_on is None,
             "soon": row.ended_on is None and is_running_out(row.last_on, today)}
            for row in agreed.order_by("-last_on", "id")
        ],
        "may_keep": bool(may_do(viewer.role, Duty.KEEP_AGENCIES)) and not one.retired_on,
    })  # fmt: skip


@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Write an agency into the directory."""
    viewer = viewer_of(request)
    must(viewer, Duty.KEEP_AGENCIES)
    places = homes(viewer)
    services = [(code, name) for code, (_, name) in places.items()]
    form = forms.AgencyForm(posted(request), services=services)

    def act() -> ExternalAgency:
        typed = form.cleaned_data
        return actions.keep_agency(
            service=typed["service"], compartment=places[typed["service"]][0], name=typed["name"],
            kind=AgencyKind(typed["kind"]), area=typed["area"], note=typed["note"],
            form=typed["form_id"], by=viewer,
        )  # fmt: skip

    return answer(
        request, form, act, thing=None, heading="Add an agency", button="Save agency",
        saved="The agency is in the directory. Add how it is reached, and the agreement.",
        back=lambda made: reverse("agency", args=[made.pk]), cancel=reverse("agencies"),
        back_words="Back to the agencies",
    )  # fmt: skip


@form_page
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct what is written of an agency."""
    one = _seen(request, pk)
    form = forms.AgencyForm(
        posted(request), services=[(one.service, one.service)],
        initial={"name": one.name, "kind": one.kind, "area": one.area, "note": one.note,
                 "version": one.version, "service": one.service},
    )  # fmt: skip

    def act() -> Any:
        typed = form.cleaned_data
        return actions.keep_agency(
            service=one.service, compartment=one.compartment, name=typed["name"],
            kind=AgencyKind(typed["kind"]), area=typed["area"], note=typed["note"], agency=one,
            version=typed["version"], by=viewer_of(request),
        )  # fmt: skip

    return _below(request, one, form, act, "Change an agency", "Save agency", "It has been saved.")


def _below(request: HttpRequest, one: ExternalAgency, form: Any, act: Any, heading: str,
           button: str, saved: str) -> HttpResponse:  # fmt: skip
    return answer(
        request, form, act, thing=None, row=one, heading=heading, button=button, saved=saved,
        back=reverse("agency", args=[one.pk]), back_words="Back to the agency", who=one.name,
    )  # fmt: skip


@form_page
def add_contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a way to reach an agency."""
    one = _seen(request, pk)
    form = forms.ContactForm(posted(request))

    def act() -> Any:
        typed = dict(form.cleaned_data)
        return actions.add_contact(agency=one, form=typed.pop("form_id"), by=viewer_of(request),
                                   **typed)  # fmt: skip

    return _below(request, one, form, act, "Add a way to reach the agency", "Save",
                  "It has been saved.")  # fmt: skip


@form_page
def agree(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep an agreement with an agency, or its renewal."""
    one = _seen(request, pk)
    form = forms.AgreementForm(posted(request))

    def act() -> Any:
        typed = form.cleaned_data
        return actions.agree(
            agency=one, what=typed["what"], basis=Basis(typed["basis"]),
            first_on=typed["first_on"], last_on=typed["last_on"], form=typed["form_id"],
            by=viewer_of(request),
        )  # fmt: skip

    return _below(request, one, form, act, "Record an agreement", "Save agreement",
                  "The agreement has been saved.")  # fmt: skip


@require_POST
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nothing more is shared with an agency."""
    one = _seen(request, pk)
    return done(
        request, lambda: actions.retire_agency(agency=one, by=viewer_of(request)),
        "Nothing more is shared with this agency. What was shared stays on the list.",
        reverse("agency", args=[pk]),
    )  # fmt: skip


@require_POST
def end_contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A way to reach an agency is used no longer."""
    must(viewer_of(request), Duty.KEEP_AGENCIES)
    row = found(AgencyContact.objects.visible_to(viewer_of(request)), pk)
    return done(request, lambda: actions.end_contact(contact=row, by=viewer_of(request)),
                "It is used no longer.", reverse("agency", args=[row.agency_id]))  # fmt: skip


@require_POST
def end_agreement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An agreement ends today."""
    must(viewer_of(request), Duty.KEEP_AGENCIES)
    row = found(SharingAgreement.objects.visible_to(viewer_of(request)), pk)
    if row.ended_on:
        raise Http404
    return done(request, lambda: actions.end_agreement(agreement=row, by=viewer_of(request)),
                "The agreement has ended.", reverse("agency", args=[row.agency_id]))  # fmt: skip
