"""The pages with a form below a case: each is one step of the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from casewall.audit.actions import record
from casewall.programme.cases import actions, forms
from casewall.programme.cases.lists import stage_tag
from casewall.programme.cases.models import Agreement, Assessment, Case, Task
from casewall.programme.cases.rules import (
    STEP_DUTY,
    ExitReason,
    Outcome,
    Route,
    Stage,
    Step,
    Suitability,
    steps_open,
    words,
)
from casewall.services.load import shipped
from casewall.wall.decide import Refused
from casewall.wall.duties import may_do
from casewall.wall.sides import Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])


def case_for(request: HttpRequest, pk: UUID, step: Step) -> Case:
    """The case, where this viewer sees it and may do the step.

    Raises `Http404` for hidden and absent alike, `PermissionDenied` without the duty.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found: Case = get_object_or_404(
        Case.objects.visible_to(viewer).select_related("client"), pk=pk)
    if not may_do(viewer.role, STEP_DUTY[step]):
        raise PermissionDenied
    return found


def answer(request: HttpRequest, case: Case, step: Step, form: Any,
           act: Callable[[dict[str, Any]], Any], *, heading: str, button: str, saved: str,
           **more: Any) -> HttpResponse:
    """Show the form of a step, or do the step and go back to the case.

    What the rules refuse stands on the form as a sentence, with everything typed still there.
    A form whose case has moved on meanwhile changes nothing.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                _still_at(case, form.cleaned_data["seen"], step)
                act(form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                if isinstance(refusal, actions.StaleEdit):
                    form.show_again()
            else:
                messages.success(request, saved)
                return redirect(_back_to(case, viewer))
        status = 422
    elif step not in steps_open(Stage(case.stage)):
        messages.warning(request, f"This cannot be done with a case that is “{words(case.stage)}”.")
        return redirect("case", case.pk)
    record(by=viewer, verb="read", thing=case)
    return render(request, "programme/step.html", {
        "case": case, "form": form, "heading": heading, "button": button,
        "stage": stage_tag(case.stage), "case_url": reverse("case", args=[case.pk]), **more,
    }, status=status)


def _still_at(case: Case, seen: str, step: Step) -> None:
    """Raise `StaleEdit` where the case has left the stage that the form was shown for."""
    if seen != case.stage and step not in (Step.CONTACT, Step.DECLARE):
        raise actions.StaleEdit(
            f"While this page was open the case became “{words(case.stage)}” "
            f"(it was “{words(seen)}”). What you typed is below and nothing was changed: if you "
            "pressed the button twice, it was saved the first time.")


def _back_to(case: Case, viewer: Viewer) -> str:
    """The case, or the list where the step took the case out of the viewer's sight."""
    if Case.objects.visible_to(viewer).filter(pk=case.pk).exists():
        return reverse("case", args=[case.pk])
    return reverse("cases")


@form_page
def contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record one attempt to reach the client."""
    case = case_for(request, pk, Step.CONTACT)
    form = forms.ContactForm(request.POST or None, case=case)

    def act(typed: dict[str, Any]) -> None:
        actions.record_contact(
            case=case, tried_at=typed["tried_at"], route=Route(typed["route"]),
            outcome=Outcome(typed["outcome"]), note=typed["note"] or None,
            form=typed["form_id"], by=request.viewer)  # type: ignore[attr-defined]

    return answer(request, case, Step.CONTACT, form, act, heading="Record a contact",
                  button="Save contact", saved="The contact has been saved.")


@form_page
def book(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Book the assessment."""
    case = case_for(request, pk, Step.BOOK)
    form = forms.BookForm(request.POST or None, case=case)

    def act(typed: dict[str, Any]) -> None:
        actions.book_assessment(
            case=case, booked_for=typed["booked_for"], on=typed["on"],
            note=typed["note"] or None, by=request.viewer)  # type: ignore[attr-defined]

    return answer(request, case, Step.BOOK, form, act, heading="Book the assessment",
                  button="Book", saved="The assessment has been booked.")


@form_page
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the assessment was held, and the decision."""
    case = case_for(request, pk, Step.DECIDE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = forms.DecideForm(request.POST or None, case=case)
    booked = Assessment.objects.visible_to(viewer).filter(case=case, decision="").order_by(
        "-booked_for").first()

    def act(typed: dict[str, Any]) -> None:
        if booked is None:
            raise Refused("No assessment of this case is booked that has not been decided.")
        actions.decide_suitability(
            assessment=booked, held_on=typed["held_on"],
            decision=Suitability(typed["decision"]), note=typed["note"] or None, by=viewer)

    return answer(request, case, Step.DECIDE, form, act, heading="Decide on suitability",
                  button="Save decision", saved="The decision has been saved.",
                  facts=[("Booked for", booked.booked_for if booked else None),
                         ("Note of the booking", booked.note if booked else None)])


@form_page
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record the signed agreement."""
    case = case_for(request, pk, Step.SIGN)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    service = shipped().get(case.service)
    languages = service.languages if service else ("en",)
    last = Agreement.objects.visible_to(viewer).filter(case__service=case.service).order_by(
        "-signed_on", "id").first()
    form = forms.SignForm(request.POST or None, case=case, languages=languages, initial={
        "text_version": last.text_version if last else "", "language": languages[0]})

    def act(typed: dict[str, Any]) -> None:
        actions.sign_agreement(
            case=case, signed_on=typed["signed_on"], text_version=typed["text_version"],
            language=typed["language"], by=viewer)

    return answer(request, case, Step.SIGN, form, act, heading="Record the signed agreement",
                  button="Save agreement", saved="The agreement has been saved.")


@form_page
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move the case to another stage."""
    case = case_for(request, pk, Step.MOVE)
    form = forms.MoveForm(request.POST or None, case=case)

    def act(typed: dict[str, Any]) -> None:
        actions.move_case(case=case, to=Stage(typed["to"]), on=typed["on"],
                          note=typed["note"] or None,
                          by=request.viewer)  # type: ignore[attr-defined]

    return answer(request, case, Step.MOVE, form, act, heading="Move to another stage",
                  button="Move the case", saved="The case has been moved.")


@form_page
def exit_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the case before completion."""
    case = case_for(request, pk, Step.EXIT)
    form = forms.ExitForm(request.POST or None, case=case)

    def act(typed: dict[str, Any]) -> None:
        actions.move_case(case=case, to=Stage.EXITED, on=typed["on"],
                          reason=ExitReason(typed["reason"]), note=typed["note"] or None,
                          by=request.viewer)  # type: ignore[attr-defined]

    return answer(request, case, Step.EXIT, form, act, heading="End the case",
                  button="End the case", saved="The case has ended.", warning=True,
                  lead="The case leaves the programme before completion. It is not opened again: "
                       "a later referral makes a new case.")


@form_page
def declare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep a partner as stated by the client or the referrer."""
    case = case_for(request, pk, Step.DECLARE)
    form = forms.DeclareForm(request.POST or None, case=case)

    def act(typed: dict[str, Any]) -> None:
        actions.declare_partner(
            case=case, name=typed["name"] or None, relation=typed["relation"],
            contact_details=typed["contact_details"] or None, stated_by=typed["stated_by"],
            stated_on=typed["stated_on"], form=typed["form_id"],
            by=request.viewer)  # type: ignore[attr-defined]

    return answer(request, case, Step.DECLARE, form, act, heading="A partner, as stated",
                  button="Save statement", saved="The statement has been saved.",
                  lead="Write it as stated by the client or the referrer; nothing is checked.")


@require_POST
def task_done(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark a task done."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    task = get_object_or_404(Task.objects.visible_to(viewer), pk=pk)
    try:
        actions.finish_task(task=task, on=timezone.localdate(), by=viewer)
    except Refused as refusal:
        raise PermissionDenied from refusal
    messages.success(request, "The task is done.")
    return redirect("case", task.case_id)


