"""Pages about proceedings and days in court as the safety side knows of them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from casewall.programme.incidents.rules import DayOutcome, Kind, Source
from casewall.programme.incidents.shown import DAY_COLUMNS, day_rows, proceeding_facts
from casewall.programme.incidents.words import words_of
from casewall.safety.incidents import actions, forms
from casewall.safety.incidents.models import FileCourtDay, FileProceeding
from casewall.safety.incidents.views.steps import (
    answer,
    file_with,
    form_page,
    looked_at,
    row_with,
    section_of,
    viewer_of,
)
from casewall.safety.reading import found
from casewall.wall.duties import Duty, may_do


@form_page
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down what the police or a court began."""
    file = file_with(request, pk)
    form = forms.FileProceedingForm(request.POST or None)

    def act() -> None:
        actions.open_proceeding(file=file, by=viewer_of(request), **form.row())

    return answer(
        request, file, form, act, heading="Record a proceeding or an order", button="Save",
        saved="It has been saved. Hearings can be added on its own page.",
    )  # fmt: skip


@require_safe
def proceeding(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One proceeding with its days in court."""
    viewer = viewer_of(request)
    row = found(FileProceeding.objects.visible_to(viewer).select_related("file__partner"), pk)
    days = FileCourtDay.objects.visible_to(viewer).filter(proceeding=row)
    may = bool(may_do(viewer.role, Duty.RECORD_SUFFERED))
    looked_at(request, row.file)
    return render(
        request,
        "suffered/proceeding.html",
        {
            "file": row.file,
            "row": row,
            "may": may,
            "back": section_of(row.file),
            "heading": words_of(Kind, row.kind),
            "facts": proceeding_facts(row),
            "columns": DAY_COLUMNS,
            "days": day_rows(
                days.order_by("held_on", "id"), timezone.localdate(), "file-court-day-settle", may
            ),
        },
    )


def _page_of(pk: UUID) -> str:
    return reverse("file-proceeding", args=[pk])


@form_page
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the conditions or the end of a proceeding."""
    row = row_with(request, FileProceeding, pk)
    form = forms.FileEndForm(request.POST or None, initial=forms.FileEndForm.shown_first(row))
    form.proceeding = row

    def act() -> None:
        actions.change_proceeding(proceeding=row, by=viewer_of(request), **form.row())

    return answer(
        request, row.file, form, act, row=row, back=_page_of(row.pk),
        heading=f"Change: {words_of(Kind, row.kind)}", button="Save",
        saved="The change has been saved.",
    )  # fmt: skip


@form_page
def hearing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down a day in court."""
    row = row_with(request, FileProceeding, pk)
    form = forms.FileCourtDayForm(request.POST or None)

    def act() -> None:
        typed = form.cleaned_data
        actions.set_court_day(
            proceeding=row, held_on=typed["held_on"], at_time=typed["at_time"],
            source=Source(typed["source"]), form=typed["form_id"], by=viewer_of(request),
        )  # fmt: skip

    return answer(
        request, row.file, form, act, row=row, back=_page_of(row.pk),
        heading="Record a hearing", button="Save hearing", saved="The hearing has been saved.",
    )  # fmt: skip


@form_page
def settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came of a day in court."""
    row = row_with(request, FileCourtDay, pk, Duty.RECORD_SUFFERED, "proceeding")
    first = {"version": row.version, "outcome": row.outcome, "note": row.note}
    form = forms.FileOutcomeForm(request.POST or None, initial=first)
    form.held_on = row.held_on

    def act() -> None:
        typed = form.cleaned_data
        actions.settle_court_day(
            court_day=row, outcome=DayOutcome(typed["outcome"]), note=typed["note"],
            version=typed["version"], by=viewer_of(request),
        )  # fmt: skip

    return answer(
        request, row.file, form, act, row=row, back=_page_of(row.proceeding_id),
        heading="What came of the hearing", button="Save outcome",
        saved="The outcome has been saved.",
        facts=[("Hearing", words_of(Kind, row.proceeding.kind)), ("On", row.held_on),
               ("At", f"{row.at_time:%H:%M}" if row.at_time else None)],
    )  # fmt: skip
