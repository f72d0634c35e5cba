"""Pages of a case that belong to groups: when the client can come, who is kept apart from whom."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.programme.cases.finding import cases_found, meant_by
from casewall.programme.cases.lists import language_name, reference, stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.once import once, places_of
from casewall.programme.cases.parts import Shown
from casewall.programme.cases.steps import case_with, form_page
from casewall.programme.groups import actions, forms
from casewall.programme.groups.lists import can_come_words, kept_apart, shared_groups
from casewall.programme.groups.models import GroupMember, NonAssociation
from casewall.services.load import shipped
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

MOST_FOUND = 25


def places_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """When the client can come, and every place that the client has had in a group."""
    if viewer.role is Role.REFERRER:
        return Shown()
    places = once(places_of, case, viewer)
    may_write = bool(may_do(viewer.role, Duty.RECORD_CONTACT)) and case.is_open
    steps = [("When the client can come", reverse("case_availability", args=[case.pk]))]
    apart = [("Who cannot be placed together", reverse("case_apart", args=[case.pk]))]
    return Shown(
        entries=[entry for place in places for entry in _entries(place)],
        steps=[*(steps if may_write else []),
               *(apart if may_do(viewer.role, Duty.KEEP_APART) else [])],
        template="programme/places.html",
        context=lambda: {
            "availability": _availability(case, viewer),
            "availability_url": steps[0][1] if may_write else "",
            "place_columns": ["Group", ("From", "date"), ("To", "date"), ("State", "tag")],
            "place_rows": [_place_row(place, today) for place in places],
        })


def _availability(case: Case, viewer: Viewer) -> list[tuple[str, Any]]:
    stated = actions.availability_of(case, viewer)
    language = language_name(stated.language) if stated and stated.language else None
    return [("Can come", can_come_words(stated)), ("Language", language),
            ("Stated on", stated.stated_on if stated else None)]


def _entries(place: GroupMember) -> list[dict[str, Any]]:
    label = ("Group", "purple")
    began = {"title": f"Place in {place.group.name}", "when": place.joined_on, "label": label,
             "text": f"Joined late: {place.late_because!s}" if place.late_because else ""}
    if place.left_on is None:
        return [began]
    return [began, {"title": f"Place in {place.group.name} ended", "when": place.left_on,
                    "label": label}]


def _place_row(place: GroupMember, today: date) -> dict[str, Any]:
    if place.left_on is not None and place.left_on < today:
        state = ("Ended", "grey")
    elif place.joined_on > today:
        state = ("To come", "blue")
    else:
        state = ("In the group", "green")
    return {"cells": [place.group.name, place.joined_on, place.left_on or "–", state],
            "url": reverse("group", args=[place.group_id])}


def _case(request: HttpRequest, pk: UUID, duty: Duty) -> tuple[Case, Viewer]:
    return case_with(request, pk, duty), request.viewer  # type: ignore[attr-defined]


@form_page
def availability(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down when, and in which language, the client can come to a group."""
    case, viewer = _case(request, pk, Duty.RECORD_CONTACT)
    said = actions.availability_of(case, viewer)
    service = shipped().get(case.service)
    languages = [*(service.languages if service else ()),
                 *([case.client.language] if case.client.language else [])]
    form = forms.AvailabilityForm(request.POST or None, said=said, languages=languages)
    facts: list[tuple[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.state_availability(
                case=case, weekdays=typed["weekdays"], earliest=typed["earliest"],
                latest=typed["latest"], language=typed["language"],
                stated_on=typed["stated_on"], version=typed["version"], by=viewer)
        except StaleEdit as stale:
            form.add_error(None, str(stale))
            form.show_again(said.version if said else 0)
            facts = [("As it is saved now", can_come_words(said)),
                     ("Language", language_name(said.language) if said and said.language
                      else None)]
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "It is written down when the client can come.")
            return redirect("case", case.pk)
    record(by=viewer, verb="read", thing=case)
    return render(request, "programme/step.html", {
        "case": case, "form": form, "heading": "When the client can come", "button": "Save",
        "stage": stage_tag(case.stage), "case_url": reverse("case", args=[case.pk]),
        "facts": facts, "lead": "As the client states it. Whoever plans groups sees it beside the "
                                "name.",
    }, status=422 if form.is_bound else 200)


@require_safe
def apart(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who cannot be placed together with this client, and a search for somebody else."""
    case, viewer = _case(request, pk, Duty.KEEP_APART)
    pairs = kept_apart(case, viewer)
    shared = shared_groups(case, [other.pk for _, other in pairs], viewer, timezone.localdate())
    typed = request.GET.get("q", "").strip()
    question = meant_by(typed)
    known = {case.pk, *(other.pk for _, other in pairs)}
    found = [] if question.problem else [
        other for other in cases_found(question, viewer)[: MOST_FOUND + 1]
        if other.pk not in known]
    record(by=viewer, verb="read", thing=case)
    record_many(by=viewer, verb="listed", things=[*(other for _, other in pairs), *found])
    return render(request, "programme/apart.html", {
        "case": case, "case_url": reverse("case", args=[case.pk]), "typed": typed,
        "problem": question.problem if typed else "", "has_asked": bool(typed),
        "more": len(found) > MOST_FOUND,
        "pairs": [{"name": other.client.full_name, "reference": reference(other),
                   "since": pair.made_on, "shared": shared.get(other.pk, []),
                   "url": reverse("case", args=[other.pk]),
                   "end_url": reverse("apart_end", args=[case.pk, pair.pk])}
                  for pair, other in pairs],
        "found": [{"name": other.client.full_name, "reference": reference(other),
                   "stage": stage_tag(other.stage),
                   "url": reverse("apart_add", args=[case.pk, other.pk])}
                  for other in found[:MOST_FOUND]],
    })


@require_POST
def apart_add(request: HttpRequest, pk: UUID, other_pk: UUID) -> HttpResponse:
    """Keep two clients apart."""
    case, viewer = _case(request, pk, Duty.KEEP_APART)
    other, _ = _case(request, other_pk, Duty.KEEP_APART)
    try:
        actions.keep_apart(one=case, other=other, on=timezone.localdate(), by=viewer)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "These two cannot be placed together any more.")
    return redirect("case_apart", case.pk)


@require_POST
def apart_end(request: HttpRequest, pk: UUID, pair_pk: UUID) -> HttpResponse:
    """Two clients can be placed together again."""
    case, viewer = _case(request, pk, Duty.KEEP_APART)
    pairs = NonAssociation.objects.visible_to(viewer).filter(Q(one=case) | Q(other=case))
    pair = get_object_or_404(pairs, pk=pair_pk)
    other = pair.other_id if pair.one_id == case.pk else pair.one_id
    if pair.item is None:
        actions.end_apart(pair=pair, on=timezone.localdate(), by=viewer)
    if other in actions.kept_from(case.pk, viewer):
        messages.info(request, "These two still cannot be placed together.")
    else:
        messages.success(request, "These two can be placed together again.")
    return redirect("case_apart", case.pk)
