"""Pages of a report of new violence: where it stands, and one page for each step."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casewall.programme.incidents.shown import incident_facts
from casewall.safety.incidents import actions, forms
from casewall.safety.incidents.actions.standing import standing_of
from casewall.safety.incidents.models import ViolenceReport
from casewall.safety.incidents.reading import PAGE_OF_STEP, report_entries, report_facts
from casewall.safety.incidents.rules import (
    Authority,
    Consent,
    EndedBecause,
    Ground,
    Reached,
    Step,
    Suffered,
    may_tell,
)
from casewall.safety.incidents.views.steps import (
    answer,
    form_page,
    looked_at,
    row_with,
    section_of,
    viewer_of,
)
from casewall.safety.incidents.words import words_of
from casewall.safety.partners.page import with_names
from casewall.safety.partners.rules import Channel
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

OTHERS: tuple[tuple[str, str, Duty], ...] = (
    ("Record what the partner answered", "report-consent", Duty.RECORD_SUFFERED),
    ("Record a legal ground without consent", "report-ground", Duty.TELL_AUTHORITIES),
    ("Record an attempt to tell the partner", "report-try", Duty.RECORD_SUFFERED),
    ("Record that an authority was told", "report-tell", Duty.TELL_AUTHORITIES),
    ("Nothing more is done, and why", "report-end", Duty.TELL_AUTHORITIES),
)
BUTTONS = {
    Step.ASK: "Record what the partner answered",
    Step.DECIDE: "Record a legal ground",
    Step.TRY: "Record an attempt to tell the partner",
    Step.TELL: "Record that an authority was told",
    Step.TELL_AFTERWARDS: "Record an attempt to tell the partner",
}


def _report(
    request: HttpRequest, pk: UUID, duty: Duty = Duty.RECORD_SUFFERED
) -> ViolenceReport:
    found: ViolenceReport = row_with(request, ViolenceReport, pk, duty, "incident")
    return found


@require_safe
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where a report stands: the incident, the answer, the ground, what was done, what is next."""
    viewer = viewer_of(request)
    row = _report(request, pk)
    step = Step(row.step)
    until_told = (Step.ASK, Step.DECIDE, Step.TRY, Step.TELL)
    reason = may_tell(standing_of(row, viewer)).reason if step in until_told else ""
    looked_at(request, row.file)
    return render(
        request,
        "suffered/report.html",
        {
            "file": row.file,
            "report": row,
            "back": section_of(row.file),
            "step": words_of(Step, step),
            "next": _next(row, step, viewer),
            "tell_reason": reason,
            "facts": report_facts(row),
            "incident": [
                ("Who suffered it", words_of(Suffered, row.incident.suffered_by)),
                *incident_facts(row.incident),
            ],
            "incident_url": reverse("suffered", args=[row.incident_id]),
            "entries": with_names(report_entries(row, viewer)),
            "others": _others(row, viewer),
        },
    )


def _next(row: ViolenceReport, step: Step, viewer: Viewer) -> tuple[str, str] | None:
    """The button of the next step, where this viewer takes it."""
    page = PAGE_OF_STEP.get(step)
    duties = {name: duty for _, name, duty in OTHERS}
    if page is None or row.ended_on or not may_do(viewer.role, duties[page]):
        return None
    return BUTTONS[step], reverse(page, args=[row.pk])


def _others(row: ViolenceReport, viewer: Viewer) -> list[tuple[str, str]]:
    if row.ended_on:
        return []
    return [
        (label, reverse(name, args=[row.pk]))
        for label, name, duty in OTHERS
        if may_do(viewer.role, duty)
    ]


def _of(row: ViolenceReport) -> str:
    return reverse("violence-report", args=[row.pk])


@form_page
def consent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the partner answered."""
    row = _report(request, pk)
    form = forms.ConsentForm(request.POST or None, initial={"version": row.version})

    def act() -> None:
        typed = form.cleaned_data
        actions.record_consent(
            report=row, consent=Consent(typed["consent"]), on=typed["on"],
            version=typed["version"], by=viewer_of(request),
        )  # fmt: skip

    return answer(
        request, row.file, form, act, row=row, back=_of(row),
        heading="What did the partner answer?", button="Save answer",
        saved="The answer has been saved.",
        lead="Ask alone, by a safe way. Say which authority it is and what it would be told. "
        "No is an answer, and it changes nothing in the support.",
    )  # fmt: skip


@form_page
def ground(request: HttpRequest, pk: UUID) -> HttpResponse:
    """On what legal ground an authority is told without consent."""
    row = _report(request, pk, Duty.TELL_AUTHORITIES)
    form = forms.GroundForm(request.POST or None, initial={"version": row.version})

    def act() -> None:
        typed = form.cleaned_data
        actions.record_ground(
            report=row, ground=Ground(typed["ground"]), reason=typed["reason"],
            version=typed["version"], by=viewer_of(request),
        )  # fmt: skip

    return answer(
        request, row.file, form, act, row=row, back=_of(row),
        heading="Is there a duty to warn?", button="Save legal ground",
        saved="The legal ground has been saved. Try to tell the partner before the authority.",
        lead="Only where the partner has not consented. If there is no such ground, go back and "
        "write down that nothing more is done.",
    )  # fmt: skip


@form_page
def attempt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One attempt to tell the partner."""
    row = _report(request, pk)
    form = forms.TryForm(request.POST or None)

    def act() -> None:
        typed = form.cleaned_data
        actions.record_try(
            report=row, tried_at=typed["moment"], channel=Channel(typed["channel"]),
            outcome=Reached(typed["outcome"]), note=typed["note"], form=typed["form_id"],
            by=viewer_of(request),
        )  # fmt: skip

    return answer(
        request, row.file, form, act, row=row, back=_of(row),
        heading="Try to tell the partner", button="Save attempt",
        saved="The attempt has been saved.",
        lead="Tell the partner which authority will be, or was, told what, and why.",
    )  # fmt: skip


@form_page
def tell(request: HttpRequest, pk: UUID) -> HttpResponse:
    """That an authority was told."""
    row = _report(request, pk, Duty.TELL_AUTHORITIES)
    allowed = may_tell(standing_of(row, viewer_of(request)))
    form = forms.TellForm(request.POST or None)

    def act() -> None:
        typed = form.cleaned_data
        actions.tell_authority(
            report=row, authority=Authority(typed["authority"]), recipient=typed["recipient"],
            content=typed["content"], told_at=typed["moment"], form=typed["form_id"],
            by=viewer_of(request),
        )  # fmt: skip

    return answer(
        request, row.file, form, act, row=row, back=_of(row),
        heading="Record that an authority was told", button="Save",
        saved="It has been saved.",
        lead=allowed.reason if allowed else f"Not yet. {allowed.reason}",
    )  # fmt: skip


@form_page
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Why nothing more is done about a report."""
    row = _report(request, pk, Duty.TELL_AUTHORITIES)
    form = forms.EndReportForm(request.POST or None, initial={"version": row.version})

    def act() -> None:
        typed = form.cleaned_data
        actions.end_report(
            report=row, because=EndedBecause(typed["because"]), version=typed["version"],
            by=viewer_of(request),
        )  # fmt: skip

    return answer(
        request, row.file, form, act, row=row, back=_of(row),
        heading="Nothing more is done", button="End the report",
        saved="The report has ended. What was written stays.",
    )  # fmt: skip
