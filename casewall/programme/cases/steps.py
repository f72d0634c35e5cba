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
from casewall.drafts.forms import forget, restore
from casewall.programme.cases import actions, forms
from casewall.programme.cases.lists import stage_tag
from casewall.programme.cases.models import Case, StageMove, Task
from casewall.programme.cases.parts import heads_of
from casewall.programme.cases.reasons import ExitReason, ReopenReason
from casewall.programme.cases.rules import (
    STEP_DUTY,
    Outcome,
    Route,
    Stage,
    Step,
    goes_on_to,
    move_into,
    reopens_to,
    stage_left,
    steps_open,
    words,
)
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])


def found_for(request: HttpRequest, rows: Any, pk: UUID, duty: Duty) -> Any:
    """The record among `rows`, which this viewer sees, where the viewer has the duty.

    Raises `Http404` for hidden and absent alike, then `PermissionDenied` without the duty.
    """
    found = get_object_or_404(rows, pk=pk)
    if not may_do(request.viewer.role, duty):  # type: ignore[attr-defined]
        raise PermissionDenied
    return found


def case_with(request: HttpRequest, pk: UUID, duty: Duty) -> Case:
    """The case with its client, where this viewer sees it and has the duty; see `found_for`."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    rows = Case.objects.visible_to(viewer).select_related("client")
    found: Case = found_for(request, rows, pk, duty)
    return found


def case_for(request: HttpRequest, pk: UUID, step: Step) -> Case:
    """The case, where this viewer sees it and may do the step; see `found_for`."""
    return case_with(request, pk, STEP_DUTY[step])


def answer_form(request: HttpRequest, case: Case, form: Any, act: Callable[[dict[str, Any]], Any],
                *, heading: str, button: str, saved: str, back: Callable[[], str],
                template: str = "programme/step.html", **more: Any) -> HttpResponse:
    """Show a form below a case, or do what it says and go on to where `back` leads.

    What the rules refuse stands on the form as a sentence, with everything typed still there.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                act(form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                if isinstance(refusal, StaleEdit):
                    form.show_again()
            else:
                messages.success(request, saved)
                return redirect(back())
        status = 422
    record(by=viewer, verb="read", thing=case)
    return render(request, template, {
        "case": case, "form": form, "heading": heading, "button": button,
        "stage": stage_tag(case.stage), "case_url": reverse("case", args=[case.pk]),
        "heads": heads_of(case, viewer, timezone.localdate()), **more,
    }, status=status)


def answer(request: HttpRequest, case: Case, step: Step | None, form: Any,
           act: Callable[[dict[str, Any]], Any], *, heading: str, section: str = "",
           **more: Any) -> HttpResponse:
    """Show the form of a step with its draft, or do the step and go back to the case.

    A form whose case has moved on meanwhile changes nothing; a form without a step fits any
    stage. `section` is the part of the case's page to go back to. See `answer_form`.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    keep_draft(request, form, case, heading)
    is_closed = step is not None and step not in steps_open(Stage(case.stage))
    if request.method != "POST" and is_closed:
        messages.warning(request, f"This cannot be done with a case that is “{words(case.stage)}”.")
        return redirect("case", case.pk)

    def do(typed: dict[str, Any]) -> None:
        if step is not None:
            _still_at(case, typed["seen"], step)
        act(typed)
        forget(form)

    if section:
        url = f"{reverse('case', args=[case.pk])}?show={section}"
        more = {"case_url": url, "back": lambda: url, **more}
    else:
        more = {"back": lambda: _back_to(case, viewer), **more}
    return answer_form(request, case, form, do, heading=heading, **more)


def keep_draft(request: HttpRequest, form: Any, case: Case, heading: str) -> None:
    """Let a form below a case keep drafts, and fill it from the worker's own draft."""
    page = request.resolver_match.url_name if request.resolver_match else heading
    restore(request, form, str(page), of=case, title=f"{heading}: {case.client.full_name}")


def _still_at(case: Case, seen: str, step: Step) -> None:
    """Raise `StaleEdit` where the case has left the stage that the form was shown for."""
    if seen != case.stage and step not in (Step.CONTACT, Step.DECLARE):
        raise StaleEdit(
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
                          to_whom=typed["to_whom"] or None,
                          by=request.viewer)  # type: ignore[attr-defined]

    return answer(request, case, Step.EXIT, form, act, heading="End the case",
                  button="End the case", saved="The case has ended.", warning=True,
                  lead="The case leaves the programme before completion. A programme manager can "
                       "reopen it.")


@form_page
def pause(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the case wait: deferred, suspended or returned to the referrer."""
    case = case_for(request, pk, Step.PAUSE)
    form = forms.PauseForm(request.POST or None, case=case)

    def act(typed: dict[str, Any]) -> None:
        actions.move_case(case=case, to=typed["to"], on=typed["on"], reason=typed["reason"],
                          until=typed["until"], note=typed["note"] or None,
                          to_whom=typed["to_whom"] or None,
                          by=request.viewer)  # type: ignore[attr-defined]

    return answer(request, case, Step.PAUSE, form, act, heading="Let the case wait",
                  button="Let it wait", saved="The case waits.")


@form_page
def resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a case that waited go on."""
    case = case_for(request, pk, Step.RESUME)
    left = _left(request, case)
    form = forms.ResumeForm(request.POST or None, case=case, targets=goes_on_to(left))

    def act(typed: dict[str, Any]) -> None:
        actions.move_case(case=case, to=Stage(typed["to"]), on=typed["on"],
                          note=typed["note"] or None,
                          by=request.viewer)  # type: ignore[attr-defined]

    return answer(request, case, Step.RESUME, form, act, heading="Let the case go on",
                  button="Go on", saved="The case goes on.",
                  facts=[("Before it waited the case was", words(left)),
                         ("Waits since", case.stage_on),
                         ("To be looked at again on", case.next_action_on)])


@form_page
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take up a case that has ended."""
    case = case_for(request, pk, Step.REOPEN)
    left = _left(request, case)
    form = forms.ReopenForm(request.POST or None, case=case,
                            targets=reopens_to(Stage(case.stage), left))

    def act(typed: dict[str, Any]) -> None:
        actions.reopen_case(case=case, to=Stage(typed["to"]), on=typed["on"],
                            reason=ReopenReason(typed["reason"]), note=typed["note"] or None,
                            by=request.viewer)  # type: ignore[attr-defined]

    return answer(request, case, Step.REOPEN, form, act, heading="Reopen the case",
                  button="Reopen", saved="The case is open again.",
                  facts=[("Ended on", case.stage_on), ("Before it ended it was", words(left))])


@form_page
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a wrong move right; both moves stay on record."""
    case = case_for(request, pk, Step.CORRECT)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    wrong = move_into(list(StageMove.objects.visible_to(viewer).filter(case=case)), case.stage)
    form = forms.CorrectForm(request.POST or None, case=case)

    def act(typed: dict[str, Any]) -> None:
        actions.correct_move(case=case, on=typed["on"], note=typed["note"], by=viewer)

    facts = [("The move to be put right", f"from “{words(wrong.came_from)}” to "
                                          f"“{words(wrong.went_to)}”"),
             ("Its day", wrong.moved_on)] if wrong and wrong.came_from else []
    return answer(request, case, Step.CORRECT, form, act, heading="Correct the last move",
                  button="Correct the move", saved="The move has been corrected.", facts=facts,
                  lead="The case will stand where it stood before. The wrong move stays on "
                       "record, with the correction beside it.")


def _left(request: HttpRequest, case: Case) -> Stage:
    """The stage that a case left when it began to wait, or ended."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    moves = list(StageMove.objects.visible_to(viewer).filter(case=case))
    return stage_left(moves, Stage(case.stage))


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


