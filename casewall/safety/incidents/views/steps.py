"""How a page with a form about an incident, a report or a proceeding answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casewall.audit.actions import record
from casewall.drafts.forms import forget, restore
from casewall.safety.coordination.material import opened
from casewall.safety.partners.models import PartnerFile
from casewall.safety.reading import found, must
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])
LOOK_AT_WORDING = (
    "Look at the words that are pointed out above; then save again, as it is or in other words."
)


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def file_with(request: HttpRequest, pk: UUID, duty: Duty = Duty.RECORD_SUFFERED) -> PartnerFile:
    """The file with its partner, where this viewer sees it and has the duty; 404 otherwise."""
    rows = PartnerFile.objects.visible_to(viewer_of(request)).select_related("partner")
    file: PartnerFile = found(rows, pk)
    must(viewer_of(request), duty)
    return file


def row_with(
    request: HttpRequest, model: Any, pk: UUID, duty: Duty = Duty.RECORD_SUFFERED, *others: str
) -> Any:
    """A record of a file with the file and its partner, as above."""
    rows = model.objects.visible_to(viewer_of(request)).select_related("file__partner", *others)
    row = found(rows, pk)
    must(viewer_of(request), duty)
    return row


def section_of(file: PartnerFile) -> str:
    """The address of the section of the file."""
    return f"{reverse('partner', args=[file.pk])}?show=incidents"


def looked_at(request: HttpRequest, file: PartnerFile, verb: str = "viewed") -> None:
    """Keep that the file was read; what was read counts as in mind for some days."""
    record(by=viewer_of(request), verb=verb, thing=file)
    if request.method != "POST":
        opened(by=viewer_of(request), thing=file, at=timezone.now())


def checked(form: Any) -> None:
    """Raise `Refused` once where words may blame a victim or shame a client."""
    if form.asks_about_wording():
        raise Refused(LOOK_AT_WORDING)


def answer(
    request: HttpRequest,
    file: PartnerFile,
    form: Any,
    act: Callable[[], Any],
    *,
    heading: str,
    button: str,
    saved: str,
    back: str = "",
    row: Any = None,
    template: str = "support/step.html",
    **more: Any,
) -> HttpResponse:
    """Show a form with its draft, or act and go back to the section of the file, or to `back`.

    What the rules refuse stands on the form as a sentence with everything typed still there.
    After a stale edit of `row` its newest version is sent along: whoever saves again has been
    told that somebody else changed it.
    """
    back = back or section_of(file)
    name = request.resolver_match.url_name if request.resolver_match else heading
    restore(request, form, str(name), of=row or file, title=f"{heading}: {file.partner.full_name}")
    if form.is_bound and form.is_valid():
        try:
            act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
            if isinstance(refusal, StaleEdit) and row is not None and "version" in form.fields:
                row.refresh_from_db(fields=["version"],
                                    from_queryset=_rows(row, viewer_of(request)))  # fmt: skip
                form.data = form.data.copy()
                form.data["version"] = str(row.version)
        else:
            forget(form)
            messages.success(request, saved)
            return redirect(back)
    looked_at(request, file)
    context = {"file": file, "form": form, "heading": heading, "button": button, "back": back}
    status = 422 if form.is_bound else 200
    return render(request, template, {**context, **more}, status=status)


def _rows(row: Any, viewer: Viewer) -> Any:
    return type(row).objects.visible_to(viewer)
