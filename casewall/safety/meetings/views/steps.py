"""How a page with a form about a meeting, or a conference, answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casewall.audit.actions import record
from casewall.drafts.forms import forget, restore
from casewall.safety.coordination.material import opened
from casewall.safety.partners.models import PartnerFile
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])
LOOK_AT_WORDING = (
    "Look at the words that are pointed out above; then save again, as it is or in other words."
)


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def looked_at(request: HttpRequest, thing: Any, material: Any = None) -> None:
    """Keep that a record was read; what of it was read counts as in mind for some days."""
    record(by=viewer_of(request), verb="viewed", thing=thing)
    if request.method != "POST" and material is not None:
        opened(by=viewer_of(request), thing=material, at=timezone.now())


def answer(
    request: HttpRequest,
    form: Any,
    act: Callable[[], Any],
    *,
    heading: str,
    button: str,
    saved: str,
    back: str,
    of: Any = None,
    row: Any = None,
    draft: str = "",
    template: str = "meetings/step.html",
    material: Any = None,
    **more: Any,
) -> HttpResponse:
    """Show a form with its draft, or act and go on to what the act says, or to `back`.

    `of` is the record that the form belongs to, `row` the one whose version it holds. What the
    rules refuse stands on the form as a sentence, with everything typed still there. After a stale
    edit the newest version is sent along: whoever saves again has been told of the change. `draft`
    is the title of the form in the list of drafts; a form without one keeps none.
    """
    if draft:
        name = request.resolver_match.url_name if request.resolver_match else heading
        restore(request, form, str(name), of=of, title=draft)
    if form.is_bound and form.is_valid():
        try:
            if getattr(form, "watched", ()) and form.asks_about_wording():
                raise Refused(LOOK_AT_WORDING)
            gone_to = act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
            if isinstance(refusal, StaleEdit) and row is not None:
                _send_newest_version(form, row, viewer_of(request))
        else:
            if draft:
                forget(form)
            messages.success(request, saved)
            return redirect(gone_to if isinstance(gone_to, str) else back)
    if of is not None:
        looked_at(request, of, material)
    # The line of risk above every page of a case looks for its file under this name.
    file = material if isinstance(material, PartnerFile) else getattr(of, "file", None)
    context = {
        "form": form, "heading": heading, "button": button, "back": back, "file": file, **more,
    }  # fmt: skip
    return render(request, template, context, status=422 if form.is_bound else 200)


def _send_newest_version(form: Any, row: Any, viewer: Viewer) -> None:
    row.refresh_from_db(fields=["version"], from_queryset=type(row).objects.visible_to(viewer))
    form.data = form.data.copy()
    form.data["version"] = str(row.version)
