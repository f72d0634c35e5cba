"""Saving a draft from a page, throwing one away, and the list of one's own."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record_many
from casewall.drafts import actions
from casewall.drafts.forms import DraftOfForm, place_of
from casewall.drafts.rules import only_named, pairs_of
from casewall.wall.sides import Viewer


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep what a page's form holds now; answers with the version and the time in words.

    409 says that the draft has ended elsewhere, 413 that it is too long, 400 that the page sent
    something else than a draft of this worker.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    sent = request.POST
    try:
        place, names, unread = place_of(sent.get("draft", ""), viewer)
        fields = only_named(pairs_of(json.loads(sent.get("fields", ""))), names)
        base, turn, tab = int(sent.get("base", "")), int(sent.get("turn", "")), sent.get("tab", "")
    except ValueError:
        return JsonResponse({"said": _("This is not a draft of yours.")}, status=400)
    try:
        draft = actions.save_draft(
            place=place, fields=fields, base=base, tab=tab[:40], turn=turn, unread=unread, by=viewer
        )
    except actions.TooLong as refusal:
        return JsonResponse({"said": str(refusal)}, status=413)
    except actions.Gone as refusal:
        return JsonResponse({"said": str(refusal)}, status=409)
    at = timezone.localtime(draft.saved_at)
    return JsonResponse({"version": draft.version, "at": f"{at:%H:%M}"})


@require_POST
def throw_away(request: HttpRequest) -> HttpResponse:
    """Throw a draft away and show the page of its form, or the list, again."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    try:
        place, *_boxes = place_of(request.POST.get("draft", ""), viewer)
    except ValueError as wrong:
        raise Http404 from wrong
    if actions.throw_away(key=place.key, by=viewer):
        messages.success(request, _("The draft has been thrown away."))
    return redirect("drafts" if "list" in request.POST else place.page)


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """What this worker has typed and not saved yet, newest first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    kept = list(actions.own_drafts(viewer))
    record_many(by=viewer, verb="listed", things=kept)
    seen = _still_seen({one.written.thing for one in kept}, viewer)
    return render(request, "pages/drafts.html", {"drafts": [
        _shown(one, viewer) if one.written.thing in seen else _hidden(one, viewer) for one in kept
    ]})  # fmt: skip


def _still_seen(things: set[str], viewer: Viewer) -> set[str]:
    """Those of the records that this worker sees now: one query for each kind of record."""
    wanted: dict[str, list[str]] = {}
    for thing in filter(None, things):
        label, _separator, key = thing.partition(":")
        wanted.setdefault(label, []).append(key)
    kinds: dict[str, Any] = {model._meta.label_lower: model for model in apps.get_models()}
    return {
        f"{label}:{key}"
        for label, keys in wanted.items()
        if label in kinds
        for key in kinds[label]
        .objects.visible_to(viewer)
        .filter(pk__in=keys)
        .values_list("pk", flat=True)
    }


def _hidden(draft: Any, viewer: Viewer) -> dict[str, Any]:
    """A draft about a record that this worker does not see any more: no name and no word of it.

    It comes back as it was if the worker sees the record again before the draft is thrown away.
    """
    place = actions.Place(draft.key, draft.compartment, reverse("drafts"), "")
    return {
        "title": "",
        "saved_at": draft.saved_at,
        "token": DraftOfForm(place, (), (), viewer).token,
    }


def _shown(draft: Any, viewer: Viewer) -> dict[str, Any]:
    written = draft.written
    place = actions.Place(draft.key, draft.compartment, written.page, written.title)
    return {
        "title": written.title,
        "page": written.page,
        "saved_at": draft.saved_at,
        "token": DraftOfForm(place, (), (), viewer).token,
        "longest": max(
            (value for name, value in written.fields if name not in written.unread),
            key=len,
            default="",
        ),
    }
