"""Asking that the programme side be told something, and releasing it at once in an emergency."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casewall.audit.actions import record
from casewall.safety.coordination.actions import SharedWords, ask, release_at_once
from casewall.safety.coordination.forms import AskForm, EmergencyForm, WordsForm
from casewall.safety.coordination.prefill import prefilled
from casewall.safety.coordination.rules import REVIEW_HOURS, Ground, InDanger, Purpose
from casewall.safety.intake.messages import asked_from, settle, words_to_edit
from casewall.safety.intake.models import MessageState
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.partners.views.files import file_seen
from casewall.safety.pulled.models import PulledCase
from casewall.safety.reading import must
from casewall.staff.requests import SignedInRequest
from casewall.staff.step_up import fresh_second_factor
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer


def _case_choices(file: PartnerFile, viewer: Viewer) -> list[tuple[str, str]]:
    linked = FileLink.objects.visible_to(viewer).filter(file=file, ended_on=None)
    cases = PulledCase.objects.visible_to(viewer).filter(id__in=linked.values("case_id"))
    return [
        (str(case.pk), f"{case.name}, referred {case.referred_on:%-d %B %Y}")
        for case in cases.order_by("-referred_on", "id")
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask that the programme side be told something about a linked case."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.REQUEST_DISCLOSURE)
    cases = _case_choices(file, viewer)
    message = asked_from(request.GET.get("message", ""), viewer)
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        initial = {
            "other_sources": 0,
            "agreed_on": timezone.localdate(),
            **words_to_edit(message),
            **prefilled(request.GET.get("from", ""), file, viewer),
        }
        return _ask_page(request, file, AskForm(cases=cases, initial=initial))
    form = AskForm(request.POST, cases=cases)
    if not form.is_valid():
        return _ask_page(request, file, form, status=422)
    given = form.cleaned_data
    try:
        ask(
            file=file,
            case_id=given["case_id"],
            purpose=Purpose(given["purpose"]),
            text=given["text"],
            ground=Ground(given["ground"]),
            by=viewer,
            at=timezone.now(),
            override_reason=given["override_reason"],
            other_sources=given["other_sources"],
            other_case_id=_other_case(given["other"], given["case_id"]),
            agreed=form.agreed(),
            id=given["form_id"],
        )
    except Refused as refused:
        return _ask_page(request, file, _answered(form, refused), status=422)
    if message is not None:
        settle(message=message, state=MessageState.PASSED, by=viewer, at=timezone.now())
    messages.success(request, "It has been put to the approvers. Nothing has crossed yet.")
    return redirect("partner", pk)


def _other_case(reference: str, case_id: UUID) -> UUID | None:
    """The case whose identifier begins so, of the same service. Raises `Refused` for none or two.

    Whoever asks may not see that case; nothing of it is shown.
    """
    reference = reference.strip().lower()
    if not reference:
        return None
    rows = PulledCase.objects.for_system("placement")
    service = rows.filter(pk=case_id).values_list("service", flat=True).first()
    try:
        first, last = (UUID(reference + end * 24) for end in "0f")
    except ValueError:
        raise Refused(
            f"“{reference}” is not the reference of a case: it has eight characters, 0–9 and a–f."
        ) from None
    found_ids = list(
        rows.filter(service=service, id__gte=first, id__lte=last).values_list("id", flat=True)[:2]
    )
    if len(found_ids) != 1:
        raise Refused(f"No case of this service has the reference “{reference}”.")
    return found_ids[0]


def _answered(form: WordsForm, refused: Refused) -> WordsForm:
    """The form as typed with the refusal; what was stopped gets its box and stands at the text."""
    stopped = isinstance(refused, SharedWords)
    if stopped:
        form.was_stopped()
    form.add_error("text" if stopped else None, str(refused))
    return form


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_second_factor
def emergency(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Release something about a linked case at once, since somebody is in danger."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.EMERGENCY)
    cases = _case_choices(file, viewer)
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        return _emergency_page(request, file, EmergencyForm(cases=cases))
    form = EmergencyForm(request.POST, cases=cases)
    if not form.is_valid():
        return _emergency_page(request, file, form, status=422)
    given = form.cleaned_data
    try:
        made = release_at_once(
            file=file,
            case_id=given["case_id"],
            purpose=Purpose(given["purpose"]),
            text=given["text"],
            in_danger=InDanger(given["in_danger"]),
            danger=given["danger"],
            by=viewer,
            at=timezone.now(),
            agreed=form.agreed(),
            id=given["form_id"],
        )
    except Refused as refused:
        return _emergency_page(request, file, _answered(form, refused), status=422)
    messages.success(request, f"Released. Another worker reviews it within {REVIEW_HOURS} hours.")
    return redirect("disclosure", made.pk)


def _emergency_page(
    request: SignedInRequest, file: PartnerFile, form: EmergencyForm, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "coordination/emergency.html",
        {
            "file": file,
            "form": form,
            "has_cases": bool(form.fields["case_id"].choices),
            "hours": REVIEW_HOURS,
        },
        status=status,
    )


def _ask_page(
    request: SignedInRequest, file: PartnerFile, form: WordsForm, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "coordination/ask.html",
        {
            "file": file,
            "form": form,
            "has_cases": bool(form.fields["case_id"].choices),
            "may_at_once": bool(may_do(request.viewer.role, Duty.EMERGENCY)),
        },
        status=status,
    )
