"""A partner who was stated on the programme side: open a file, link one, or leave it, and why."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casewall.audit.actions import record, record_many
from casewall.safety.finding import MOST, find_files, wanted
from casewall.safety.partners.forms import RELATION_CHOICES, StatedForm
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.partners.rules import Relation
from casewall.safety.partners.words import in_words
from casewall.safety.pulled.actions import leave_stated, link_stated, open_stated
from casewall.safety.pulled.models import PulledCase, PulledDeclaration
from casewall.safety.reading import found, must
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer


@require_http_methods(["GET", "HEAD", "POST"])
def stated(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What was stated, without the stated contact details, and what can be made of it."""
    viewer = request.viewer
    must(viewer, Duty.INTAKE)
    row = found(PulledDeclaration.objects.visible_to(viewer), pk)
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=row)
        return _page(request, row, StatedForm())
    form = StatedForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        file = _done(row, form, viewer)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, row, form, status=422)
    if file is None:
        messages.success(request, "The reason has been kept. Nobody is contacted.")
        return redirect("today")
    messages.success(request, "Done. The programme side is not told.")
    return redirect("partner", file)


def _done(row: PulledDeclaration, form: StatedForm, viewer: Viewer) -> UUID | None:
    """Do what was chosen; returns the file that it led to, if any."""
    given, on = form.cleaned_data, timezone.localdate()
    relation = Relation(given["relation"]) if given["relation"] else Relation.UNKNOWN
    if given["act"] == "leave":
        leave_stated(stated=row, reason=given["reason"], on=on, by=viewer)
        return None
    if given["act"] == "link":
        file = PartnerFile.objects.visible_to(viewer).filter(pk=given["file"]).first()
        if file is None:
            raise Refused("Choose a file from the list.")
        link_stated(stated=row, file=file, relation=relation, on=on, by=viewer)
        return file.pk
    return open_stated(stated=row, relation=relation, on=on, by=viewer).pk


def _page(
    request: SignedInRequest, row: PulledDeclaration, form: StatedForm, status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    case = PulledCase.objects.visible_to(viewer).filter(pk=row.case_id).first()
    linked = {
        link.file_id: link.file
        for link in FileLink.objects.visible_to(viewer)
        .filter(case_id=row.case_id, ended_on=None)
        .select_related("file__partner")
    }
    alike = find_files(wanted(row.name or "", viewer), viewer)[:MOST]
    shown = {file.pk: file for file in [*linked.values(), *alike]}
    record_many(by=viewer, verb="listed", things=list(shown.values()))
    stated = row.relation if row.relation in list(Relation) else Relation.UNKNOWN
    return render(
        request,
        "partners/stated.html",
        {
            "row": row,
            "form": form,
            "case": case,
            "by": in_words(row.stated_by).lower(),
            "relation": in_words(row.relation).lower(),
            "chosen": form.data.get("relation") or stated,
            "relations": RELATION_CHOICES,
            "files": [{"file": file, "linked": file.pk in linked} for file in shown.values()],
        },
        status=status,
    )
