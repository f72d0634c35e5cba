"""The buttons and forms about acts on absence."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from casewall.programme.cases.models import Case
from casewall.programme.cases.steps import form_page, found_for
from casewall.programme.courses import forms
from casewall.programme.courses.absence import actions as on_absence
from casewall.programme.courses.absence.rules import ACT_WORDS
from casewall.programme.courses.models import Act
from casewall.programme.courses.rules import ActKind
from casewall.programme.courses.steps import answer
from casewall.programme.courses.words import course_section_url
from casewall.programme.curriculum.words import step_words
from casewall.programme.groups.models import Session
from casewall.staff.requests import SignedInRequest
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer


def _accepted(request: SignedInRequest, count: int) -> None:
    if count:
        noun = "act is" if count == 1 else "acts are"
        messages.success(request, f"{count} {noun} accepted.")
    else:
        messages.info(request, "Nothing was left to accept.")


@require_POST
def accept_of_case(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Accept every proposed act of a client."""
    viewer: Viewer = request.viewer
    case = found_for(request, Case.objects.visible_to(viewer), pk, Duty.ACT_ON_ABSENCE)
    _accepted(request, on_absence.accept_acts(case=case, by=viewer))
    if request.POST.get("back") == "acts":
        return redirect("acts")
    return redirect(course_section_url(case.pk))


@require_POST
def accept_of_register(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Accept every proposed act of a register."""
    viewer: Viewer = request.viewer
    session = found_for(request, Session.objects.visible_to(viewer), pk, Duty.ACT_ON_ABSENCE)
    _accepted(request, on_absence.accept_acts(session=session, by=viewer))
    return redirect(reverse("acts") + f"?session={session.pk}")


def _act_for(request: SignedInRequest, pk: UUID) -> Act:
    rows = Act.objects.visible_to(request.viewer)
    rows = rows.select_related("case__client", "session", "course__template")
    act: Act = found_for(request, rows, pk, Duty.ACT_ON_ABSENCE)
    return act


def _act_facts(act: Act) -> list[tuple[str, Any]]:
    ladder = {step.id: step for step in act.course.template.template.programme.ladder}
    step = ladder.get(act.step)
    return [
        ("Act", ACT_WORDS[ActKind(act.kind)]),
        ("Because", step_words(step) if step else act.step),
        ("Session", act.session.held_on),
        ("Due", act.due_at),
    ]


@form_page
def act_done(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Mark an act done."""
    act = _act_for(request, pk)
    form = forms.DoneForm(request.POST or None, version=act.version)

    def do(typed: dict[str, Any]) -> None:
        on_absence.mark_done(
            act=act, note=typed["note"], version=typed["version"], by=request.viewer
        )

    return answer(
        request,
        act.case,
        form,
        do,
        of=act,
        heading="Mark as done",
        button="Save",
        saved="The act is marked as done.",
        facts=_act_facts(act),
    )


@form_page
def act_dismiss(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Dismiss an act, with the reason."""
    act = _act_for(request, pk)
    form = forms.DismissForm(request.POST or None, version=act.version)

    def do(typed: dict[str, Any]) -> None:
        on_absence.dismiss(
            act=act, reason=typed["reason"], version=typed["version"], by=request.viewer
        )

    return answer(
        request,
        act.case,
        form,
        do,
        of=act,
        heading="Dismiss the act",
        button="Dismiss",
        saved="The act is dismissed.",
        facts=_act_facts(act),
    )
