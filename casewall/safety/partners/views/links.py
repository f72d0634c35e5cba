"""Linking a partner's file to clients' cases. The programme side never learns of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from casewall.audit.actions import record, record_many
from casewall.safety.bookings.separation import keep_parties_apart
from casewall.safety.finding import LONGEST, find_cases, suggest_cases, wanted
from casewall.safety.partners.actions import correct_link, end_link, link_file
from casewall.safety.partners.forms import LinkForm, RelationForm
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.partners.page import relation_in_words
from casewall.safety.partners.rules import Relation
from casewall.safety.partners.views.files import file_seen
from casewall.safety.pulled.models import PulledCase
from casewall.safety.reading import found, must
from casewall.services.load import shipped
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Suggestions by exact tokens, a search, and the decision of a person."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.LINK_FILES)
    if request.method == "POST" and _linked_by(request, file):
        return redirect("partner", pk)
    linked = set(
        FileLink.objects.visible_to(viewer)
        .filter(file=file, ended_on=None)
        .values_list("case_id", flat=True)
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


def _linked_by(request: SignedInRequest, file: PartnerFile) -> bool:
    """Link the file as the form says, or say why not."""
    viewer, form = request.viewer, LinkForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a case from the list.")
        return False
    case = found(PulledCase.objects.visible_to(viewer), form.cleaned_data["case_id"])
    try:
        keep_parties_apart(files=[file], cases=[case.pk], by=viewer)
        link_file(
            file=file,
            case_id=case.pk,
            origin=form.cleaned_data["origin"],
            relation=_as_stated(file),
            on=timezone.localdate(),
            by=viewer,
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, "The file is linked. The programme side is not told.")
    return True


def _as_stated(file: PartnerFile) -> Relation:
    """The relation as the referral, or whoever opened the file, gave it."""
    return Relation(file.relation) if file.relation in list(Relation) else Relation.UNKNOWN


@require_http_methods(["GET", "HEAD", "POST"])
def file_link(request: SignedInRequest, pk: UUID, link: UUID) -> HttpResponse:
    """What the partner is to the client of a linked case, since when, and until when."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.LINK_FILES)
    row = _link_of(viewer, file, link)
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=row)
        first = {key: getattr(row, key) for key in ("relation", "from_on", "until_on", "version")}
        return _link_page(request, file, row, RelationForm(initial=first))
    form = RelationForm(request.POST)
    if not form.is_valid():
        return _link_page(request, file, row, form, status=422)
    given = {**form.cleaned_data, "relation": Relation(form.cleaned_data["relation"])}
    try:
        correct_link(link=row, by=viewer, **given)
    except StaleEdit as stale:
        typed = request.POST.copy()
        typed["version"] = str(row.version)
        form = RelationForm(typed)
        form.add_error(None, str(stale))
        saved = [("Relation", relation_in_words(row))]
        return _link_page(request, file, row, form, status=422, saved=saved)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _link_page(request, file, row, form, status=422)
    messages.success(request, "The relation has been saved.")
    return redirect("partner", pk)


@require_POST
def unlink(request: SignedInRequest, pk: UUID, link: UUID) -> HttpResponse:
    """End a link. The file, and what was written in it, stays as it is."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.LINK_FILES)
    try:
        end_link(link=_link_of(viewer, file, link), on=timezone.localdate(), by=viewer)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("partner", pk)
    messages.success(request, "The link has ended. The file stays as it is.")
    return redirect("partner", pk)


def _link_of(viewer: Viewer, file: PartnerFile, link: UUID) -> FileLink:
    return found(FileLink.objects.visible_to(viewer).filter(file=file), link)


def _link_page(
    request: SignedInRequest,
    file: PartnerFile,
    row: FileLink,
    form: RelationForm,
    status: int = 200,
    saved: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    case = PulledCase.objects.visible_to(request.viewer).filter(pk=row.case_id).first()
    return render(
        request,
        "partners/file_link.html",
        {"file": file, "link": row, "form": form, "case": case, "saved": saved},
        status=status,
    )
