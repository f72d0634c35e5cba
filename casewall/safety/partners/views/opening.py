"""Opening a file by hand: a partner whom no referral and no statement names."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casewall.audit.actions import record, record_many
from casewall.safety.finding import MOST, find_files, wanted
from casewall.safety.partners.actions import open_by_hand
from casewall.safety.partners.forms import OpenForm
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Learned
from casewall.safety.partners.views.files import SEES_FILES
from casewall.safety.partners.words import contact_in_words
from casewall.safety.reading import only
from casewall.services.load import shipped
from casewall.staff.models import Compartment
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.sides import Viewer

SOMEBODY_ELSE = "somebody_else"


def services_of(viewer: Viewer) -> list[tuple[str, str]]:
    """The services with whose partners the viewer works, by code and name."""
    known = shipped()
    places = Compartment.objects.filter(number__in=viewer.compartments).order_by("service_id")
    codes = [
        place.service_id
        for place in places
        if place.service_id in known
        and place.agency_id == known[place.service_id].partner_support.agency
    ]
    return [(code, known[code].name) for code in dict.fromkeys(codes)]


@require_http_methods(["GET", "HEAD", "POST"])
def open_file_page(request: SignedInRequest) -> HttpResponse:
    """Name, how known, relation, language; who may be the same person is shown before saving."""
    viewer = request.viewer
    only(viewer, *SEES_FILES)
    services = services_of(viewer)
    if not services:
        raise Http404
    if request.method != "POST":
        record(by=viewer, verb="viewed", kind="form for a new file")
        return _page(request, OpenForm(services=services))
    form = OpenForm(request.POST, services=services)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    if PartnerFile.objects.visible_to(viewer).filter(pk=given["form_id"]).exists():
        return redirect("partner", given["form_id"])
    name = f"{given['given_name']} {given['family_name']}"
    alike = find_files(wanted(name, viewer), viewer)[:MOST]
    if alike and request.POST.get(SOMEBODY_ELSE) != "yes":
        record_many(by=viewer, verb="found", things=alike)
        return _page(request, form, status=422, alike=alike)
    try:
        file = open_by_hand(
            part=form.part(),
            service=given["service"],
            learned=Learned(given["learned"]),
            on=timezone.localdate(),
            id=given["form_id"],
            by=viewer,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=422)
    messages.success(
        request, "The file is open. No way of contact is safe before the partner has confirmed it."
    )
    return redirect("partner", file.pk)


def _page(
    request: SignedInRequest,
    form: OpenForm,
    status: int = 200,
    alike: list[PartnerFile] | None = None,
) -> HttpResponse:
    kept = [(k, v) for k, v in request.POST.items() if k != "csrfmiddlewaretoken"]
    context: dict[str, Any] = {
        "form": form,
        "kept": [*kept, (SOMEBODY_ELSE, "yes")],
        "alike": [
            {
                "url": reverse("partner", args=[file.pk]),
                "name": file.partner.full_name,
                "referred_on": file.referred_on,
                "contact": contact_in_words(file.contact).lower(),
            }
            for file in alike or ()
        ],
    }
    return render(request, "partners/open.html", context, status=status)
