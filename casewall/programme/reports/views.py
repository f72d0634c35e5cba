"""Reading pages of documents: one document, and its files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casewall.audit.actions import record
from casewall.pages.templatetags.casewall import worded
from casewall.programme.cases.lists import language_name, names_of, reference
from casewall.programme.reports.lists import name_of, state_tag
from casewall.programme.reports.models import Document
from casewall.programme.reports.rendering import TYPES, file_of, issued_files, told_of
from casewall.programme.reports.rules import (
    BASIS_WORDS,
    PURPOSE_WORDS,
    Basis,
    Kind,
    Purpose,
    State,
    file_stem,
)
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.ids import new_id
from casewall.wall.sides import Role, Viewer


def found(request: HttpRequest, pk: UUID) -> Document:
    """The document where this viewer sees it; `Http404` for hidden and absent alike."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    document: Document = get_object_or_404(
        Document.objects.visible_to(viewer).select_related("case__client"), pk=pk
    )
    return document


@require_safe
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One document: what it says, how far it has come, and its files."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    shown = found(request, pk)
    refers = viewer.role is Role.REFERRER
    record(by=viewer, verb="read", thing=shown)
    stored = issued_files(shown, viewer)
    state = State(shown.state)
    problem, told = "", None
    try:
        told = told_of(shown, viewer)
    except Refused as refusal:
        problem = str(refusal)
    return render(
        request,
        "programme/reports/document.html",
        {
            "document": shown,
            "name": name_of(shown),
            "tag": state_tag(shown),
            "told": told,
            "problem": problem,
            "refers": refers,
            "case_url": f"{reverse('case', args=[shown.case_id])}?show=documents",
            "facts": _facts(shown, viewer) if not refers else [("Issued on", shown.issued_on)],
            "has_word": told is not None,
            "has_pdf": told is not None and (not stored or "pdf" in stored),
            "lacks_pdf": bool(stored) and "pdf" not in stored,
            **_acts(shown, state, viewer),
        },
    )


def _facts(shown: Document, viewer: Viewer) -> list[tuple[str, Any]]:
    names = names_of([shown.written_by, shown.checked_by, shown.issued_by])

    def by(worker: UUID | None, when: Any) -> str | None:
        return f"{names.get(worker, 'a worker')}, {worded(when)}" if worker and when else None

    rows: list[tuple[str, Any]] = [
        ("To", shown.recipient),
        ("What for", PURPOSE_WORDS[Purpose(shown.purpose)]),
        ("Language", language_name(shown.language)),
        ("Written", by(shown.written_by, shown.written_at)),
    ]
    if shown.basis:
        rows.insert(1, ("Ground", BASIS_WORDS[Basis(shown.basis)]))
    if shown.returned_at is not None:
        rows += [("Returned", worded(shown.returned_at)), ("What must change", shown.returned_note)]
    if shown.checked_by is not None:
        rows.append(("Checked", by(shown.checked_by, shown.checked_at)))
    if shown.issued_on is not None:
        rows.append(("Issued", by(shown.issued_by, shown.issued_on)))
    if shown.withdrawn_on is not None:
        rows += [("Withdrawn", shown.withdrawn_on), ("Why", shown.withdrawn_note)]
    return rows


def _acts(shown: Document, state: State, viewer: Viewer) -> dict[str, Any]:
    """What this viewer can do with the document now."""
    writes = bool(may_do(viewer.role, Duty.WRITE_DOCUMENT))
    issues = bool(may_do(viewer.role, Duty.ISSUE_DOCUMENT))
    is_open = state in (State.DRAFT, State.CHECKED)
    return {
        "may_edit": writes and is_open,
        "may_check": issues and state is State.DRAFT and shown.written_by != viewer.worker,
        "waits_for_another": issues and state is State.DRAFT and shown.written_by == viewer.worker,
        "may_issue": issues and state is State.CHECKED,
        "may_withdraw": (writes and is_open) or (issues and state is State.ISSUED),
        "may_write_anew": writes and state in (State.ISSUED, State.WITHDRAWN),
        "form_id": new_id(),
    }


@require_safe
def download(request: HttpRequest, pk: UUID, ending: str) -> HttpResponse:
    """A file of a document. Once it is issued, the same bytes every time."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    shown = found(request, pk)
    if ending not in TYPES:
        raise Http404
    try:
        content = file_of(shown, ending, viewer)
    except Refused:
        # The page of the document says why, with what can be done.
        return redirect("document", shown.pk)
    if content is None:
        raise Http404
    record(by=viewer, verb=f"downloaded as {ending}", thing=shown)
    stem = file_stem(Kind(shown.kind), reference(shown.case), shown.edition)
    if shown.issued_on is None:
        stem += "-draft"
    return HttpResponse(
        content,
        content_type=TYPES[ending],
        headers={"Content-Disposition": f'attachment; filename="{stem}.{ending}"'},
    )
