"""How a page with a form below a partner's file answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casewall.audit.actions import record
from casewall.drafts.forms import forget, restore
from casewall.pages.wording import WordingForm
from casewall.safety.partners.models import PartnerFile
from casewall.safety.reading import found, must
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])
Typed = dict[str, Any]
Rows = list[tuple[str, Any]]


def file_with(request: HttpRequest, pk: UUID) -> PartnerFile:
    """The file with its partner, for somebody who works with partners; 404 otherwise."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = PartnerFile.objects.visible_to(viewer).select_related("partner")
    file: PartnerFile = found(rows, pk)
    must(viewer, Duty.SUPPORT_PARTNER)
    return file


def row_with(request: HttpRequest, model: Any, pk: UUID) -> Any:
    """A record of a file with the file and its partner, as above."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    row = found(model.objects.visible_to(viewer).select_related("file__partner"), pk)
    must(viewer, Duty.SUPPORT_PARTNER)
    return row


def back_to(file: PartnerFile, section: str) -> str:
    """The address of a section of the file."""
    return f"{reverse('partner', args=[file.pk])}?show={section}"


def _asks_about_wording(form: Any) -> bool:
    """Whether the page is shown once more, since a phrase of a note may blame a victim."""
    return isinstance(form, WordingForm) and form.asks_about_wording()


def answer(
    request: HttpRequest,
    file: PartnerFile,
    form: Any,
    act: Callable[[], Any],
    *,
    heading: str,
    button: str,
    saved: str,
    section: str = "support",
    stored: Callable[[], tuple[dict[str, Any], Rows]] | None = None,
    **more: Any,
) -> HttpResponse:
    """Show a form with its draft, or act and go back to the section of the file.

    What the rules refuse stands on the form as a sentence with everything typed still there.
    After a stale edit `stored` gives the hidden boxes anew and what is saved now, to be shown
    beside what was typed: whoever saves again has seen both.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    name = request.resolver_match.url_name if request.resolver_match else heading
    restore(request, form, str(name), of=file, title=f"{heading}: {file.partner.full_name}")
    now: Rows = []
    if form.is_bound and form.is_valid() and not _asks_about_wording(form):
        try:
            act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
            if isinstance(refusal, StaleEdit) and stored is not None:
                boxes, now = stored()
                form.data = form.data.copy()
                form.data.update(boxes)
        else:
            forget(form)
            messages.success(request, saved)
            return redirect(back_to(file, section))
    record(by=viewer, verb="viewed", thing=file)
    context = {
        "file": file,
        "form": form,
        "heading": heading,
        "button": button,
        "back": back_to(file, section),
        "now": now,
        **more,
    }
    return render(request, "support/step.html", context, status=422 if form.is_bound else 200)
