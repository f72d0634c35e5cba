"""Recording what a client or a referrer answered, or why there is no answer."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from casewall.audit.actions import record
from casewall.measures.definitions import Definition, DefinitionError, names
from casewall.measures.definitions import load as load_measure
from casewall.measures.over_time import title_of
from casewall.measures.schedule import WAVE_CHOICES, WAVE_WORDS, Wave
from casewall.pages.questions import QuestionsForm, SilenceForm, typed_again
from casewall.programme.cases.lists import stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.steps import case_with, form_page
from casewall.programme.measuring.actions import note_silence, record_measure
from casewall.programme.measuring.models import MeasureAnswer
from casewall.programme.measuring.reading import of_case
from casewall.programme.measuring.rules import (
    MODE_WORDS,
    NOT_ANSWERED_WORDS,
    PRESENT_WORDS,
    SOURCE_WORDS,
    Mode,
    NotAnswered,
    Present,
    source_of,
)
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty
from casewall.wall.sides import Viewer

LANGUAGES = {"en": "English", "da": "Danish", "ar": "Arabic"}


def measures_here() -> list[str]:
    """The measures whose answers this side keeps."""
    return [name for name in names() if source_of(load_measure(name)) is not None]


def _asked(measure: str, wave: str) -> tuple[Definition, Wave]:
    """The measure and the time point of an address; what is not there is not found."""
    try:
        definition, point = load_measure(measure), Wave(wave)
    except (DefinitionError, ValueError):
        raise Http404 from None
    if source_of(definition) is None:
        raise Http404
    return definition, point


def _language(request: HttpRequest, definition: Definition) -> str:
    asked = request.POST.get("language") or request.GET.get("language") or "en"
    return asked if asked in definition.languages else definition.languages[0]


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


@form_page
def choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose any questionnaire and time, also those that the service does not ask for."""
    case = case_with(request, pk, Duty.RECORD_MEASURE)
    form = ChooseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        return redirect("measure_record", pk, typed["measure"], typed["wave"])
    record(by=request.viewer, verb="read", thing=case)  # type: ignore[attr-defined]
    return render(
        request,
        "programme/step.html",
        {
            "case": case,
            "form": form,
            "heading": "Record another questionnaire",
            "button": "Go on",
            "stage": stage_tag(case.stage),
            "case_url": _section(case),
            "lead": "Questionnaires that are due stand in the section “Measures” of the case.",
        },
        status=422 if form.is_bound else 200,
    )


@form_page
def answers(request: HttpRequest, pk: UUID, measure: str, wave: str) -> HttpResponse:
    """One measure at one time, question by question. Every question may be left out."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = case_with(request, pk, Duty.RECORD_MEASURE)
    definition, point = _asked(measure, wave)
    language = _language(request, definition)
    kept = _kept(case, measure, point, viewer)
    if request.method != "POST":
        record(by=viewer, verb="read", thing=case)
        form = _form(definition, language, point, initial=_first(kept, definition, point))
        return _page(request, case, definition, point, form, language, kept)
    form = _form(definition, language, point, data=request.POST)
    if form.is_valid():
        given = form.cleaned_data
        planned = of_case(case, viewer, timezone.localdate()).one(measure, point)
        try:
            row = record_measure(
                case=case,
                measure=measure,
                wave=point,
                answered_on=given["answered_on"],
                answers=form.answers(),
                mode=Mode(given["mode"]),
                present=Present(given["present"]),
                language=language,
                by=viewer,
                due_on=planned.due_on if planned else None,
                version=given["version"],
                form=given["form_id"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            if isinstance(refused, StaleEdit):
                kept = _kept(case, measure, point, viewer)
                form.data = {**form.data.dict(), "version": str(kept.version if kept else 0)}
        else:
            messages.success(
                request,
                f"{title_of(definition)}: {row.answered_items} of {row.items} questions answered.",
            )
            return redirect(_section(case))
    return _page(request, case, definition, point, form, language, kept, status=422)


@form_page
def silence(request: HttpRequest, pk: UUID, measure: str, wave: str) -> HttpResponse:
    """Why a measure has no answer: silence is counted as silence."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    case = case_with(request, pk, Duty.RECORD_MEASURE)
    definition, point = _asked(measure, wave)
    kept = _kept(case, measure, point, viewer)
    choices = {
        "waves": [(point.value, WAVE_WORDS[point])],
        "reasons": [(one.value, NOT_ANSWERED_WORDS[one]) for one in NotAnswered],
    }
    first = {"reason": kept.not_answered, "version": kept.version} if kept else {"version": 0}
    sent = request.POST if request.method == "POST" else None
    form = SilenceForm(sent, initial={"wave": point.value, **first}, **choices)
    form.fields["wave"].widget = forms.HiddenInput()
    if request.method == "POST" and form.is_valid():
        planned = of_case(case, viewer, timezone.localdate()).one(measure, point)
        try:
            note_silence(
                case=case,
                measure=measure,
                wave=point,
                reason=NotAnswered(form.cleaned_data["reason"]),
                by=viewer,
                due_on=planned.due_on if planned else None,
                version=form.cleaned_data["version"],
                form=form.cleaned_data["form_id"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{title_of(definition)}: the reason has been recorded.")
            return redirect(_section(case))
    record(by=viewer, verb="read", thing=case)
    return render(
        request,
        "programme/step.html",
        {
            "case": case,
            "form": form,
            "heading": f"{title_of(definition)}, {WAVE_WORDS[point].lower()}: why is there no "
            "answer?",
            "button": "Save the reason",
            "stage": stage_tag(case.stage),
            "case_url": _section(case),
            "lead": "Silence is counted as silence, never as no violence. The reason shows how far "
            "the figures can be trusted.",
        },
        status=422 if form.is_bound else 200,
    )


def _section(case: Case) -> str:
    return f"{reverse('case', args=[case.pk])}?show=measures"


def _kept(case: Case, measure: str, wave: Wave, viewer: Viewer) -> MeasureAnswer | None:
    row: MeasureAnswer | None = (
        MeasureAnswer.objects.visible_to(viewer)
        .filter(case=case, measure=measure, wave=wave)
        .first()
    )
    return row


def _form(definition: Definition, language: str, wave: Wave, **kwargs: Any) -> QuestionsForm:
    return QuestionsForm(
        definition=definition,
        language=language,
        only=wave.value,
        waves=[(wave.value, WAVE_WORDS[wave])],
        modes=[(one.value, MODE_WORDS[one]) for one in Mode],
        people=[(one.value, PRESENT_WORDS[one]) for one in Present],
        **kwargs,
    )


def _first(row: MeasureAnswer | None, definition: Definition, wave: Wave) -> dict[str, Any]:
    """What the form holds when it is opened: a correction begins with what is there."""
    first: dict[str, Any] = {
        "wave": wave.value,
        "version": row.version if row else 0,
        "answered_on": timezone.localdate(),
        "present": Present.NOBODY,
    }
    if row is not None and row.answers:
        first |= {"answered_on": row.answered_on, "mode": row.mode, "present": row.present}
        first |= typed_again(json.loads(row.answers), definition)
    return first


def _page(
    request: HttpRequest,
    case: Case,
    definition: Definition,
    wave: Wave,
    form: QuestionsForm,
    language: str,
    kept: MeasureAnswer | None,
    status: int = 200,
) -> HttpResponse:
    source = source_of(definition)
    return render(
        request,
        "programme/measure.html",
        {
            "case": case,
            "form": form,
            "stage": stage_tag(case.stage),
            "section_url": _section(case),
            "silence_url": reverse("measure_silence", args=[case.pk, definition.name, wave.value])
            if kept is None or kept.answered_on is None
            else "",
            "title": title_of(definition),
            "wave": WAVE_WORDS[wave],
            "corrects": kept is not None and kept.answered_on is not None,
            "source": SOURCE_WORDS[source] if source else "",
            "language": language,
            "title_asked": title_of(definition, language),
            "introduction": definition.introductions.get(language, ""),
            "wording": definition.wording,
            "has_text": definition.has_text,
            "languages": [
                (code, LANGUAGES.get(code, code))
                for code in definition.languages
                if code != language
            ],
        },
        status=status,
    )
