"""What the pages with a form share: shown, refused in a sentence, or done and gone on."""

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
from casewall.safety.children.models import Child, ChildAdult, ChildSupport
from casewall.safety.partners.models import PartnerFile
from casewall.safety.reading import found, must
from casewall.services.load import shipped
from casewall.staff.models import Compartment
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty
from casewall.wall.sides import Role, Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])

Typed = dict[str, Any]
Now = Callable[[], tuple[int, list[tuple[str, Any]]]]
"""What is saved now: the version, and rows to look at beside what was typed."""


def posted(request: HttpRequest) -> Any:
    """What was sent, for a form; None where the page is only looked at. Nothing sent is sent."""
    return request.POST if request.method == "POST" else None


def child_for(request: HttpRequest, pk: UUID, duty: Duty) -> Child:
    """A child that the viewer sees, where the viewer has the duty; 404 otherwise."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, duty)
    child: Child = found(Child.objects.visible_to(viewer), pk)
    return child


def support_for(request: HttpRequest, pk: UUID) -> ChildSupport:
    """The support of a child that the viewer works with, or 404."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    must(viewer, Duty.SUPPORT_CHILD)
    rows = ChildSupport.objects.visible_to(viewer).select_related("child")
    support: ChildSupport = found(rows, pk)
    return support


def file_in_course(child: Child, viewer: Viewer) -> PartnerFile | None:
    """The file in the course of which a partner's worker writes about a child."""
    if viewer.role is not Role.PARTNER_WORKER:
        return None
    rows = ChildAdult.objects.visible_to(viewer).filter(
        child=child, file__isnull=False, ended_on=None
    )
    link = rows.select_related("file").order_by("linked_on", "id").first()
    return link.file if link else None


def section_of(file: PartnerFile) -> str:
    """The address of the part “Children” of a file."""
    return reverse("partner", args=[file.pk]) + "?show=children"


def homes(viewer: Viewer) -> dict[str, tuple[int, str]]:
    """By service: where a children's worker's new records lie, and the service's name.

    With the agency that supports partners where the worker is a member, so that a partner's file
    can be linked later; otherwise with the own agency.
    """
    found_rows: dict[str, tuple[int, str]] = {}
    rows = Compartment.objects.filter(
        number__in=viewer.compartments, sensitivity=Compartment.STANDARD
    ).select_related("service")
    for row in rows.order_by("number"):
        definition = shipped().get(row.service_id)
        if definition is None or definition.children is None:
            continue
        partners = row.agency_id == definition.partner_support.agency
        if partners or row.service_id not in found_rows:
            found_rows[row.service_id] = (row.number, row.service.name)
    return found_rows


def with_draft(request: HttpRequest, form: Any, thing: Any, heading: str, who: str) -> None:
    """Let a form about a record keep drafts, and fill it from the worker's own draft of it.

    A form without a record, as that of a new group, keeps none.
    """
    if thing is None:
        return
    at = request.resolver_match
    named = [at.url_name, *at.kwargs.values()] if at else [heading]
    title = f"{heading}: {who}" if who else heading
    restore(request, form, " ".join(str(one) for one in named), of=thing, title=title)


def answer(
    request: HttpRequest,
    form: Any,
    act: Callable[[Typed], Any],
    *,
    thing: Any,
    heading: str,
    button: str,
    saved: str,
    back: str,
    back_words: str = "Back to the child",
    now: Now | None = None,
    template: str = "children/form.html",
    **more: Any,
) -> HttpResponse:
    """Show a form with its draft, or do what it says and go back.

    What the rules refuse stands on the form as a sentence, with everything typed still there.
    Where somebody else saved meanwhile, `now` tells what: both texts are shown.
    """
    saved_now: list[tuple[str, Any]] = []
    with_draft(request, form, thing, heading, str(more.get("who") or ""))
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            if isinstance(refusal, StaleEdit) and now is not None:
                version, saved_now = now()
                form.data = {**form.data.dict(), "version": str(version)}
        else:
            forget(form)
            messages.success(request, saved)
            return redirect(back)
    record(by=request.viewer, verb="viewed", thing=thing)  # type: ignore[attr-defined]
    return render(
        request,
        template,
        {
            "form": form,
            "heading": heading,
            "button": button,
            "back": back,
            "back_words": back_words,
            "saved_now": saved_now,
            **more,
        },
        status=422 if form.is_bound else 200,
    )
