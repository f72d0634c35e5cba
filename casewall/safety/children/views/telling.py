"""Asking, from a child's record, that the programme side be told of danger; or telling at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.children.actions.telling import ask_for_child, cases_of, release_for_child
from casewall.safety.children.forms_telling import AskForChildForm, TellAtOnceForm
from casewall.safety.children.models import Child
from casewall.safety.children.reading import named
from casewall.safety.children.views.steps import Typed, answer, child_for, form_page, posted
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import REVIEW_HOURS, Ground, InDanger
from casewall.safety.partners.page import STATES
from casewall.safety.partners.words import in_words
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer


def asked_rows(child: Child, viewer: Viewer) -> list[dict[str, Any]]:
    """What was asked for from this child's record, as rows of a table. One query."""
    rows = Disclosure.objects.visible_to(viewer).filter(child=child.pk).order_by("-asked_at", "id")
    opens = viewer.role is not Role.CHILDRENS_WORKER
    return [
        {
            "url": reverse("disclosure", args=[one.pk]) if opens else "",
            "cells": [one.text, (in_words(one.state), STATES[one.state]), one.asked_at],
        }
        for one in rows
    ]


def _choices(child: Child, viewer: Viewer) -> list[tuple[str, str]]:
    return [
        (str(case.pk), f"{case.name}, referred {case.referred_on:%-d %B %Y}")
        for case in cases_of(child, viewer)
    ]


def _none_linked(request: HttpRequest, child: Child) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    record(by=viewer, verb="viewed", thing=child)
    return render(request, "children/no_case.html", {"child": child, "who": named(child)})


@form_page
def ask_for(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask that the programme side be told something for the safeguarding of a child."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    child = child_for(request, pk, Duty.REQUEST_DISCLOSURE)
    cases = _choices(child, viewer)
    if not cases:
        return _none_linked(request, child)
    form = AskForChildForm(posted(request), cases=cases)

    def act(typed: Typed) -> None:
        ask_for_child(
            child=child, case_id=typed["case_id"], text=typed["text"],
            ground=Ground(typed["ground"]), override_reason=typed["override_reason"],
            other_sources=typed["other_sources"], id=typed["form_id"], at=timezone.now(),
            by=viewer,
        )  # fmt: skip

    lead = "The programme side will know these words for good. Two approvers decide."
    if not may_do(viewer.role, Duty.EMERGENCY):
        lead += " Is the child in danger now? Call the police, then a coordinator or a manager: "
        lead += "they can tell the programme at once."
    return answer(
        request, form, act, thing=child, heading="Ask that the programme be told",
        button="Put it to two approvers", lead=lead,
        saved="It has been put to the approvers. Nothing has crossed yet.",
        back=reverse("child", args=[pk]), who=named(child), child=child,
    )  # fmt: skip


@form_page
def emergency(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell the programme side at once, since a child is in danger."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    child = child_for(request, pk, Duty.EMERGENCY)
    cases = _choices(child, viewer)
    if not cases:
        return _none_linked(request, child)
    form = TellAtOnceForm(posted(request), cases=cases)

    def act(typed: Typed) -> None:
        release_for_child(
            child=child, case_id=typed["case_id"], text=typed["text"],
            in_danger=InDanger(typed["in_danger"]), danger=typed["danger"], id=typed["form_id"],
            at=timezone.now(), by=viewer,
        )  # fmt: skip

    return answer(
        request, form, act, thing=child, heading="Tell the programme at once",
        button="Release at once", warning=True,
        lead="Call the police first where somebody may be hurt now. The words cross without "
        f"approvers; another worker reviews it within {REVIEW_HOURS} hours.",
        saved=f"Released. Another worker reviews it within {REVIEW_HOURS} hours.",
        back=reverse("child", args=[pk]), who=named(child), child=child,
    )  # fmt: skip
