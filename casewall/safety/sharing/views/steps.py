"""What the pages with a form share: shown with its draft, refused in a sentence, or done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from casewall.safety.children.models import Child
from casewall.safety.children.reading import named
from casewall.safety.children.views.lists import SEES_CHILDREN
from casewall.safety.children.views.steps import file_in_course
from casewall.safety.coordination.material import opened
from casewall.safety.partners.models import PartnerFile
from casewall.safety.reading import found, must, only
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def posted(request: HttpRequest) -> Any:
    """What was sent, for a form; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom something is about: a partner's file, a child, or a child in the course of a file."""

    file: PartnerFile | None
    child: Child | None

    @property
    def thing(self) -> PartnerFile | Child:
        """The record that is looked at."""
        return self.child or self.file  # type: ignore[return-value]

    @property
    def who(self) -> str:
        """What the person is called on a page."""
        if self.child is not None:
            return named(self.child)
        return self.file.partner.full_name or "No name given" if self.file else ""

    @property
    def back(self) -> str:
        """The address of the section or the page that it belongs to."""
        if self.child is not None:
            return reverse("child", args=[self.child.pk])
        return f"{reverse('partner', args=[self.thing.pk])}?show=shared"

    @property
    def back_words(self) -> str:
        """The words of the link back."""
        return "Back to the child" if self.child is not None else "Back to the file"


def file_subject(request: HttpRequest, pk: UUID, duty: Duty) -> Subject:
    """A partner's file that the viewer sees, where the viewer has the duty; 404 otherwise."""
    rows = PartnerFile.objects.visible_to(viewer_of(request)).select_related("partner")
    must(viewer_of(request), duty)
    return Subject(found(rows, pk), None)


def child_subject(request: HttpRequest, pk: UUID, duty: Duty) -> Subject:
    """A child that the viewer sees, in the course of the own file of a partner's worker."""
    viewer = viewer_of(request)
    only(viewer, *SEES_CHILDREN)
    must(viewer, duty)
    child = found(Child.objects.visible_to(viewer), pk)
    return Subject(file_in_course(child, viewer), child)


def row_seen(request: HttpRequest, model: Any, pk: UUID, duty: Duty, *others: str) -> Any:
    """A record that the viewer sees with whom it is about; 404 without the duty."""
    must(viewer_of(request), duty)
    rows = model.objects.visible_to(viewer_of(request))
    return found(rows.select_related("file__partner", "child", *others), pk)


def subject_of(row: Any) -> Subject:
    """Whom a record is about."""
    return Subject(row.file, row.child)


def looked_at(request: HttpRequest, thing: Any, verb: str = "viewed") -> None:
    """Keep that a record was read; what was read counts as in mind for some days."""
    record(by=viewer_of(request), verb=verb, thing=thing)
    if request.method != "POST" and isinstance(thing, (PartnerFile, Child)):
        opened(by=viewer_of(request), thing=thing, at=timezone.now())


def answer(
    request: HttpRequest,
    form: Any,
    act: Callable[[], Any],
    *,
    thing: Any,
    heading: str,
    button: str,
    saved: str,
    back: str | Callable[[Any], str],
    cancel: str = "",
    back_words: str = "Back",
    row: Any = None,
    who: str = "",
    template: str = "sharing/step.html",
    **more: Any,
) -> HttpResponse:
    """Show a form with its draft, or act and go on to `back`, which may take what was made.

    What the rules refuse stands on the form as a sentence with everything typed still there.
    After a stale edit of `row` its newest version is sent along: whoever saves again was told.
    """
    place = cancel or (back if isinstance(back, str) else "")
    name = request.resolver_match.url_name if request.resolver_match else heading
    if thing is not None:
        restore(request, form, str(name), of=row or thing, title=f"{heading}: {who}".strip(": "))
    if form.is_bound and form.is_valid():
        try:
            made = act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
            _newest(form, row, refusal, viewer_of(request))
        else:
            if thing is not None:
                forget(form)
            messages.success(request, saved)
            return redirect(back if isinstance(back, str) else back(made))
    if thing is not None:
        looked_at(request, thing)
    # The line about risk at the head of every page finds there whom the page is about.
    kind = {PartnerFile: "file", Child: "child"}.get(type(thing))
    if kind:
        more[kind] = thing
    context = {"form": form, "heading": heading, "button": button, "back": place,
               "back_words": back_words, "who": who}  # fmt: skip
    return render(request, template, {**context, **more}, status=422 if form.is_bound else 200)


def _newest(form: Any, row: Any, refusal: Refused, viewer: Viewer) -> None:
    if isinstance(refusal, StaleEdit) and row is not None and "version" in form.fields:
        rows = type(row).objects.visible_to(viewer)
        row.refresh_from_db(fields=["version"], from_queryset=rows)
        form.data = form.data.copy()
        form.data["version"] = str(row.version)


def done(request: HttpRequest, act: Callable[[], Any], saved: str, back: str) -> HttpResponse:
    """A step without a form: done, or refused in a sentence above the page."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, saved)
    return redirect(back)
