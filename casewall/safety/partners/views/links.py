"""Linking a partner's file to a client's case. The programme side never learns of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casewall.audit.actions import record, record_many
from casewall.safety.finding import LONGEST, find_cases, suggest_cases, wanted
from casewall.safety.partners.actions import link_file
from casewall.safety.partners.forms import LinkForm
from casewall.safety.partners.models import FileLink
from casewall.safety.partners.views.files import file_seen
from casewall.safety.pulled.models import PulledCase
from casewall.safety.reading import found, must
from casewall.services.load import shipped
from casewall.wall.duties import Duty


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Suggestions by exact tokens, a search, and the decision of a person."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.LINK_FILES)
    if request.method == "POST":
        form = LinkForm(request.POST)
        if form.is_valid():
            case = found(PulledCase.objects.visible_to(viewer), form.cleaned_data["case_id"])
            link_file(
                file=file,
                case_id=case.pk,
                origin=form.cleaned_data["origin"],
                on=timezone.localdate(),
                by=viewer,
            )
            messages.success(request, "The file is linked. The programme side is not told.")
            return redirect("partner", pk)
        messages.error(request, "Choose a case from the list.")
    linked = set(
        FileLink.objects.visible_to(viewer).filter(file=file).values_list("case_id", flat=True)
    )
    text = request.GET.get("q", "")[:LONGEST]
    definition = shipped().get(file.service)
    suggestions = [
        s
        for s in suggest_cases(file, viewer, definition.phone_prefix if definition else "")
        if s.case.pk not in linked
    ]
    cases = [c for c in find_cases(wanted(text, viewer), viewer) if c.pk not in linked]
    record(by=viewer, verb="viewed", thing=file)
    record_many(by=viewer, verb="listed", things=[*(s.case for s in suggestions), *cases])
    return render(
        request,
        "partners/link.html",
        {
            "file": file,
            "suggestions": suggestions,
            "cases": cases,
            "text": text,
        },
        status=422 if request.method == "POST" else 200,
    )
