"""Recording a partner's answers to a scale, or why there are none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casewall.audit.actions import record
from casewall.measures.definitions import load as load_measure
from casewall.safety.partners.actions import note_not_answered, record_scale
from casewall.safety.partners.forms import ScaleForm, SilenceForm
from casewall.safety.partners.models import PartnerFile, ScaleAnswer
from casewall.safety.partners.page import partner_measures
from casewall.safety.partners.rules import NotAnswered, Present, Wave
from casewall.safety.partners.views.files import file_seen
from casewall.safety.reading import must
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer


def _file_and_scale(viewer: Viewer, pk: UUID, measure: str) -> PartnerFile:
    file = file_seen(viewer, pk)
    must(viewer, Duty.RECORD_SCALES)
    if measure not in partner_measures():
        raise Http404
    return file


def _language(request: HttpRequest, measure: str) -> str:
    """The language of the wording: the one asked for, if the scale has it, else English."""
    asked = request.POST.get("language") or request.GET.get("language") or "en"
    return asked if asked in load_measure(measure).languages else "en"


def _next_wave(viewer: Viewer, file: PartnerFile, measure: str) -> str | None:
    """The first time that has not been answered."""
    answered = set(
        ScaleAnswer.objects.visible_to(viewer)
        .filter(file=file, measure=measure)
        .exclude(answered_on=None)
        .values_list("wave", flat=True)
    )
    return next((wave.value for wave in Wave if wave.value not in answered), None)


@require_http_methods(["GET", "HEAD", "POST"])
def scale(request: HttpRequest, pk: UUID, measure: str) -> HttpResponse:
    """One scale, question by question. Every question may be left out."""
    viewer = request.viewer
    file = _file_and_scale(viewer, pk, measure)
    definition, language = load_measure(measure), _language(request, measure)
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        wave = request.GET.get("wave") or _next_wave(viewer, file, measure)
        first = {"wave": wave, "answered_on": timezone.localdate(), "present": Present.NOBODY}
        form = ScaleForm(definition=definition, language=language, initial=first)
        return _page(request, file, measure, form)
    form = ScaleForm(request.POST, definition=definition, language=language)
    if not form.is_valid():
        return _page(request, file, measure, form, status=422)
    given = form.cleaned_data
    try:
        row = record_scale(
            file=file,
            measure=measure,
            wave=Wave(given["wave"]),
            answers=form.answers(),
            answered_on=given["answered_on"],
            mode=given["mode"],
            present=given["present"],
            language=language,
            by=viewer,
            id=given["form_id"],
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, file, measure, form, status=422)
    messages.success(
        request,
        f"{definition.titles['en']}: {row.answered_items} of {row.items} questions answered.",
    )
    return redirect("partner", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def silence(request: HttpRequest, pk: UUID, measure: str) -> HttpResponse:
    """Why a scale has no answer: silence is counted as silence, never as safety."""
    viewer = request.viewer
    file = _file_and_scale(viewer, pk, measure)
    title = load_measure(measure).titles["en"]
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        form = SilenceForm(
            initial={"wave": request.GET.get("wave") or _next_wave(viewer, file, measure)}
        )
        return _silence_page(request, file, title, form)
    form = SilenceForm(request.POST)
    if not form.is_valid():
        return _silence_page(request, file, title, form, status=422)
    try:
        note_not_answered(
            file=file,
            measure=measure,
            wave=Wave(form.cleaned_data["wave"]),
            reason=NotAnswered(form.cleaned_data["reason"]),
            by=viewer,
            id=form.cleaned_data["form_id"],
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _silence_page(request, file, title, form, status=422)
    messages.success(request, f"{title}: the reason has been recorded.")
    return redirect("partner", pk)


def _page(
    request: HttpRequest, file: PartnerFile, measure: str, form: ScaleForm, status: int = 200
) -> HttpResponse:
    definition, language = load_measure(measure), _language(request, measure)
    context: dict[str, Any] = {
        "file": file,
        "form": form,
        "measure": measure,
        "language": language,
        "title": definition.titles["en"],
        "title_asked": definition.titles[language],
        "introduction": definition.introductions[language],
        "wording": definition.wording,
        "languages": [code for code in definition.languages if code != language],
    }
    return render(request, "partners/scale.html", context, status=status)


def _silence_page(
    request: HttpRequest, file: PartnerFile, title: str, form: SilenceForm, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "partners/silence.html",
        {"file": file, "form": form, "title": title},
        status=status,
    )
