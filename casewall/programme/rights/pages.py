"""How a page with a form of this app answers. Both sides use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from casewall.drafts.forms import forget, restore
from casewall.wall.decide import Refused
from casewall.wall.sides import Viewer

TEMPLATE = "pages/rights/step.html"


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def answer(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], Any],
    *,
    heading: str,
    button: str,
    saved: str,
    back: str,
    of: Any = None,
    row: Any = None,
    **more: Any,
) -> HttpResponse:
    """Show a form with its draft, or act and go back.

    What the rules refuse stands on the form as a sentence, with everything typed still there.
    After a stale edit the newest version of `row` is sent along: whoever saves again has been told
    that somebody else changed it. `of` is the record that a draft belongs to.
    """
    name = request.resolver_match.url_name if request.resolver_match else heading
    if of is not None:
        restore(request, form, str(name), of=of, title=heading)
    if form.is_bound and form.is_valid():
        try:
            made = act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            if row is not None and "version" in form.fields:
                _newest(request, form, row)
        else:
            if of is not None:
                forget(form)
            messages.success(request, saved)
            return redirect(more["then"](made) if "then" in more else back)
    context = {"form": form, "heading": heading, "button": button, "back": back}
    more.pop("then", None)
    template = more.pop("template", TEMPLATE)
    return render(request, template, {**context, **more}, status=422 if form.is_bound else 200)


def _newest(request: HttpRequest, form: Any, row: Any) -> None:
    now = type(row).objects.visible_to(viewer_of(request)).get(pk=row.pk)
    form.data = form.data.copy()
    form.data["version"] = str(now.version)


def do(request: HttpRequest, act: Callable[[], Any], *, saved: str, back: str) -> HttpResponse:
    """Do what a button says and go back; a refusal is said there."""
    try:
        act()
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, saved)
    return redirect(back)
