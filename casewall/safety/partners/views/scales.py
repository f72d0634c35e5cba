"""Recording a partner's answers to a measure, or why there are none."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casewall.audit.actions import record
from casewall.measures.definitions import Definition
from casewall.measures.definitions import load as load_measure
from casewall.measures.over_time import title_of
from casewall.measures.schedule import WAVE_CHOICES, WAVE_WORDS, Expected
from casewall.pages.questions import QuestionsForm, SilenceForm, typed_again
from casewall.safety.measuring.asked import (
    REASON_WORDS,
    asked_files,
    measures_here,
    partner_asked,
)
from casewall.safety.partners.actions import note_not_answered, record_scale
from casewall.safety.partners.models import PartnerFile, ScaleAnswer, choices
from casewall.safety.partners.rules import Mode, NotAnswered, Present, Wave
from casewall.safety.partners.views.files import file_seen
from casewall.safety.reading import must
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

LANGUAGES = {"en": "English", "da": "Danish", "ar": "Arabic"}


def _file_and_scale(viewer: Viewer, pk: UUID, measure: str) -> PartnerFile:
    file = file_seen(viewer, pk)
    must(viewer, Duty.RECORD_SCALES)
    if measure not in measures_here():
        raise Http404
    return file


def _language(request: SignedInRequest, definition: Definition) -> str:
    """The language of the wording: the one asked for, if the measure has it, else English."""
    asked = request.POST.get("language") or request.GET.get("language") or "en"
    return asked if asked in definition.languages else definition.languages[0]


def _times(file: PartnerFile, measure: str) -> tuple[Wave, ...]:
    """The time points at which the service asks this; all of them where it does not ask."""
    return partner_asked(file.service).get(measure) or tuple(Wave)


def _rows(viewer: Viewer, file: PartnerFile, measure: str) -> dict[str, ScaleAnswer]:
    stored = ScaleAnswer.objects.visible_to(viewer).filter(file=file, measure=measure)
    return {row.wave: row for row in stored}


def _wave_of(request: SignedInRequest, file: PartnerFile, measure: str, rows: Any) -> str:
    """The time that was asked for, or the first one that has not been answered."""
    asked = request.POST.get("wave") or request.GET.get("wave") or ""
    if asked in list(Wave):
        return asked
    left = (
        wave.value
        for wave in _times(file, measure)
        if wave.value not in rows or rows[wave.value].answered_on is None
    )
    return next(left, "")


def _planned(file: PartnerFile, measure: str, wave: str, viewer: Viewer) -> Expected | None:
    [found] = asked_files([file], viewer, timezone.localdate())
    return next((one for one in found.every.get(measure, ()) if one.wave == wave), None)


class ChooseForm(forms.Form):
    """A questionnaire and a time point outside the schedule."""

    measure = forms.ChoiceField(label="Which questionnaire?", widget=forms.RadioSelect)
    wave = forms.ChoiceField(
        label="For which time?", widget=forms.RadioSelect, choices=WAVE_CHOICES
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = [
            (name, title_of(load_measure(name))) for name in measures_here()
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Choose any questionnaire and time, also those that the service does not ask for."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.RECORD_SCALES)
    form = ChooseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        return redirect(f"{reverse('scale', args=[pk, typed['measure']])}?wave={typed['wave']}")
    record(by=viewer, verb="viewed", thing=file)
    return render(
        request,
        "partners/choose_scale.html",
        {"file": file, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def scale(request: SignedInRequest, pk: UUID, measure: str) -> HttpResponse:
    """One measure, question by question. Every question may be left out."""
    viewer = request.viewer
    file = _file_and_scale(viewer, pk, measure)
    definition = load_measure(measure)
    rows = _rows(viewer, file, measure)
    wave = _wave_of(request, file, measure, rows)
    kept = rows.get(wave) if request.GET.get("wave") else None
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        first = _first(kept, definition, wave)
        return _page(request, file, _form(request, file, definition, wave, initial=first), kept)
    form = _form(request, file, definition, wave, data=request.POST)
    if not form.is_valid():
        return _page(request, file, form, kept, status=422)
    given = form.cleaned_data
    planned = _planned(file, measure, given["wave"], viewer)
    try:
        row = record_scale(
            file=file,
            measure=measure,
            wave=Wave(given["wave"]),
            answers=form.answers(),
            answered_on=given["answered_on"],
            mode=given["mode"],
            present=given["present"],
            language=form.language,
            by=viewer,
            due_on=planned.due_on if planned else None,
            id=given["form_id"] if given["wave"] not in rows else None,
            version=given["version"],
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        if isinstance(refused, StaleEdit):
            now = _rows(viewer, file, measure)[given["wave"]].version
            form.data = {**form.data.dict(), "version": str(now)}
        return _page(request, file, form, kept, status=422)
    messages.success(
        request,
        f"{title_of(definition)}: {row.answered_items} of {row.items} questions answered.",
    )
    return redirect(_section(file))


def _form(
    request: SignedInRequest, file: PartnerFile, definition: Definition, wave: str, **kwargs: Any
) -> QuestionsForm:
    """The form. A measure with questions for some times only is for the time in the address."""
    times = {*_times(file, definition.name), *([Wave(wave)] if wave else [])}
    fixed = any(item.waves for item in definition.items) or request.GET.get("wave")
    return QuestionsForm(
        definition=definition,
        language=_language(request, definition),
        only=wave if fixed else "",
        waves=[(one.value, WAVE_WORDS[one]) for one in Wave if one in times],
        modes=choices(Mode),
        people=choices(Present),
        **kwargs,
    )


def _first(row: ScaleAnswer | None, definition: Definition, wave: str) -> dict[str, Any]:
    """What the form holds when it is opened: a correction begins with what is there."""
    first: dict[str, Any] = {
        "wave": wave,
        "version": row.version if row is not None and row.answered_on else 0,
        "answered_on": timezone.localdate(),
        "present": Present.NOBODY,
    }
    if row is not None and row.answers:
        first |= {"answered_on": row.answered_on, "mode": row.mode, "present": row.present}
        first |= typed_again(json.loads(row.answers), definition)
    return first


def _section(file: PartnerFile) -> str:
    return f"{reverse('partner', args=[file.pk])}?show=measures"


@require_http_methods(["GET", "HEAD", "POST"])
def silence(request: SignedInRequest, pk: UUID, measure: str) -> HttpResponse:
    """Why a measure has no answer: silence is counted as silence, never as safety."""
    viewer = request.viewer
    file = _file_and_scale(viewer, pk, measure)
    title = title_of(load_measure(measure))
    wave = _wave_of(request, file, measure, _rows(viewer, file, measure))
    offered = {
        "waves": [(one.value, WAVE_WORDS[one]) for one in _times(file, measure)]
        if not wave or Wave(wave) in _times(file, measure)
        else WAVE_CHOICES,
        "reasons": [(one.value, REASON_WORDS[one.value]) for one in NotAnswered],
    }
    if request.method != "POST":
        record(by=viewer, verb="viewed", thing=file)
        return _silence_page(request, file, title, SilenceForm(initial={"wave": wave}, **offered))
    form = SilenceForm(request.POST, **offered)
    if not form.is_valid():
        return _silence_page(request, file, title, form, status=422)
    given = form.cleaned_data
    planned = _planned(file, measure, given["wave"], viewer)
    try:
        note_not_answered(
            file=file,
            measure=measure,
            wave=Wave(given["wave"]),
            reason=NotAnswered(given["reason"]),
            by=viewer,
            due_on=planned.due_on if planned else None,
            id=given["form_id"],
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _silence_page(request, file, title, form, status=422)
    messages.success(request, f"{title}: the reason has been recorded.")
    return redirect(_section(file))


def _page(
    request: SignedInRequest,
    file: PartnerFile,
    form: QuestionsForm,
    kept: ScaleAnswer | None,
    status: int = 200,
) -> HttpResponse:
    definition: Any = form.definition
    context: dict[str, Any] = {
        "file": file,
        "form": form,
        "measure": definition.name,
        "language": form.language,
        "title": title_of(definition),
        "title_asked": title_of(definition, form.language),
        "introduction": definition.introductions.get(form.language, ""),
        "wording": definition.wording,
        "has_text": definition.has_text,
        "corrects": kept is not None and kept.answered_on is not None,
        "fixed": form["wave"].is_hidden,
        "when": WAVE_WORDS[Wave(form.only)] if form.only else "",
        "languages": [
            (code, LANGUAGES.get(code, code))
            for code in definition.languages
            if code != form.language
        ],
    }
    return render(request, "partners/scale.html", context, status=status)


def _silence_page(
    request: SignedInRequest, file: PartnerFile, title: str, form: SilenceForm, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "partners/silence.html",
        {"file": file, "form": form, "title": title},
        status=status,
    )
