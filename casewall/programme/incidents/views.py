"""Pages about incidents, proceedings and custody: forms below a case, and a page of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record
from casewall.programme.cases.lists import names_of, stage_tag
from casewall.programme.cases.models import Case
from casewall.programme.cases.steps import answer, case_with, form_page, found_for
from casewall.programme.incidents import actions, forms
from casewall.programme.incidents.models import (
    CourtDay,
    CustodySpan,
    Incident,
    IncidentReview,
    Proceeding,
)
from casewall.programme.incidents.rules import (
    Custody,
    DayOutcome,
    Follows,
    Kind,
    Source,
)
from casewall.programme.incidents.shown import (
    DAY_COLUMNS,
    day_rows,
    earlier_versions,
    incident_facts,
    proceeding_facts,
    when_words,
)
from casewall.programme.incidents.words import words_of
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, may_do
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

Typed = dict[str, Any]
SECTION = "incidents"
STEP = "incidents/step.html"
LOOK_AT_WORDING = (
    "Look at the words that are pointed out above; then save again, as it is or in other words."
)


def _viewer(request: HttpRequest) -> Viewer:
    found: Viewer = request.viewer  # type: ignore[attr-defined]
    return found


def _below_case(
    request: HttpRequest, pk: UUID, form_class: Any, act: Callable[[Case, Typed, Viewer], Any],
    **words: Any,
) -> HttpResponse:
    """Show a form below a case, or act and go back to the section of the case."""
    case = case_with(request, pk, Duty.RECORD_INCIDENT)
    form = form_class(request.POST or None, case=case)
    return answer(request, case, None, form, lambda typed: act(case, typed, _viewer(request)),
                  section=SECTION, **words)


def _row_for(request: HttpRequest, model: Any, pk: UUID, duty: Duty, *with_: str) -> Any:
    """A record below a case with its client, where this viewer sees it and has the duty."""
    rows = model.objects.visible_to(_viewer(request)).select_related("case__client", *with_)
    return found_for(request, rows, pk, duty)


def _on_row(
    request: HttpRequest, row: Any, form: Any, act: Callable[[Typed, Viewer], Any],
    back: str = "", **words: Any,
) -> HttpResponse:
    """Show a form that changes a record, or act. After a stale edit the newest version is sent."""
    def do(typed: Typed) -> None:
        try:
            act(typed, _viewer(request))
        except StaleEdit:
            now = type(row).objects.visible_to(_viewer(request)).get(pk=row.pk)
            form.data = {**form.data.dict(), "version": str(now.version)}
            raise

    more = {"case_url": back, "back": lambda: back} if back else {}
    return answer(request, row.case, None, form, do, section=SECTION, **{**words, **more})


def _checked(form: Any) -> None:
    """Raise `Refused` once where words may blame a victim or shame a client."""
    if form.asks_about_wording():
        raise Refused(LOOK_AT_WORDING)


@form_page
def incident_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write an incident down."""
    case = case_with(request, pk, Duty.RECORD_INCIDENT)
    form = forms.IncidentForm(request.POST or None, case=case)

    def act(_typed: Typed) -> None:
        _checked(form)
        actions.record_incident(case=case, by=_viewer(request), **form.row())

    return answer(request, case, None, form, act, section=SECTION, template=STEP,
                  heading="Record an incident", button="Save incident",
                  saved="The incident has been saved. Where it has a sign of danger, or is new "
                        "violence, a manager is asked what follows.",
                  lead="Write down only what this side knows: from the client, the police, the "
                       "referrer, or a worker of this side.")


@require_safe
def incident(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One incident with its decision and its earlier versions."""
    viewer = _viewer(request)
    rows = Incident.objects.visible_to(viewer)
    row = get_object_or_404(rows.select_related("case__client"), pk=pk)
    all_rows = list(rows.filter(case=row.case))
    review = IncidentReview.objects.visible_to(viewer).filter(incident=row).first()
    newer = next((one for one in all_rows if one.corrects_id == row.pk), None)
    names = names_of([row.worker, *([review.worker] if review and review.worker else [])])
    record(by=viewer, verb="read", thing=row.case)
    may = bool(may_do(viewer.role, Duty.RECORD_INCIDENT)) and not newer and not row.taken_back
    return render(request, "incidents/incident.html", {
        "case": row.case, "stage": stage_tag(row.case.stage), "row": row,
        "section_url": f"{reverse('case', args=[row.case_id])}?show={SECTION}",
        "facts": [*incident_facts(row), ("Written down by", names.get(row.worker))],
        "decision": _decision_facts(review, names),
        "review_url": reverse("incident_review", args=[review.pk])
        if review and not review.decided_on and may_do(viewer.role, Duty.SIGN_OFF) else "",
        "newer": reverse("incident", args=[newer.pk]) if newer else "",
        "earlier": [(when_words(one), incident_facts(one))
                    for one in earlier_versions(row, all_rows)],
        "may_correct": may,
    })


def _decision_facts(review: IncidentReview | None, names: dict[UUID, str]) -> list[tuple[str, Any]]:
    if review is None:
        return []
    asked = [word for word, is_so in (("a sign of danger", review.danger),
                                      ("new violence since the referral", review.re_offence))
             if is_so]
    rows: list[tuple[str, Any]] = [("Asked because of", " and ".join(asked)),
                                   ("Due by", review.due_on)]
    if review.decided_on:
        rows += [("Decision", words_of(Follows, review.follows)), ("Why", review.reason),
                 ("Decided on", review.decided_on), ("By", names.get(review.worker))]
    return rows


@form_page
def incident_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct an incident: the wrong version stays readable."""
    row = _row_for(request, Incident, pk, Duty.RECORD_INCIDENT)
    form = forms.IncidentForm(request.POST or None, case=row.case,
                              initial=forms.IncidentForm.shown_first(row))

    def act(_typed: Typed) -> None:
        _checked(form)
        actions.record_incident(case=row.case, corrects=row, by=_viewer(request), **form.row())

    return answer(request, row.case, None, form, act, section=SECTION, template=STEP,
                  heading="Correct an incident", button="Save correction",
                  saved="The correction has been saved. The earlier version stays readable.")


@require_POST
def incident_take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark an incident as written down by mistake."""
    row = _row_for(request, Incident, pk, Duty.RECORD_INCIDENT)
    try:
        # Pressed twice, it is one correction: the button's act is known by the incident itself.
        made = actions.take_back(incident=row, form=id_of_form(row.pk, row.pk),
                                 by=_viewer(request))
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("incident", pk)
    messages.success(request, "The incident is marked as written down by mistake. It stays "
                              "readable.")
    return redirect("incident", made.pk)


@form_page
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide what follows from an incident."""
    row = _row_for(request, IncidentReview, pk, Duty.SIGN_OFF, "incident")
    form = forms.ReviewForm(request.POST or None, case=row.case, initial={"version": row.version})
    back = reverse("incident", args=[row.incident_id])
    if row.decided_on and request.method != "POST":
        messages.info(request, "This has been decided already.")
        return redirect(back)
    return _on_row(
        request, row, form,
        lambda typed, by: actions.decide_review(
            review=row, follows=Follows(typed["follows"]), reason=typed["reason"],
            version=typed["version"], by=by),
        back=back, heading="What follows from the incident?", button="Save decision",
        saved="The decision has been saved. Carry it out by the steps of the case.",
        facts=incident_facts(row.incident),
    )


@form_page
def proceeding_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down what the police or a court began."""
    case = case_with(request, pk, Duty.RECORD_INCIDENT)
    form = forms.ProceedingForm(request.POST or None, case=case)
    return answer(
        request, case, None, form,
        lambda typed: actions.open_proceeding(case=case, by=_viewer(request), **form.row()),
        section=SECTION, heading="Record a proceeding or an order", button="Save",
        saved="It has been saved. Hearings can be added on its own page.",
    )


@require_safe
def proceeding(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One proceeding with its days in court."""
    viewer = _viewer(request)
    rows = Proceeding.objects.visible_to(viewer).select_related("case__client")
    row = get_object_or_404(rows, pk=pk)
    days = CourtDay.objects.visible_to(viewer).filter(proceeding=row).order_by("held_on", "id")
    may = bool(may_do(viewer.role, Duty.RECORD_INCIDENT))
    record(by=viewer, verb="read", thing=row.case)
    return render(request, "incidents/proceeding.html", {
        "case": row.case, "stage": stage_tag(row.case.stage), "row": row, "may": may,
        "heading": words_of(Kind, row.kind), "facts": proceeding_facts(row),
        "section_url": f"{reverse('case', args=[row.case_id])}?show={SECTION}",
        "columns": DAY_COLUMNS,
        "days": day_rows(days, timezone.localdate(), "court_day_settle", may),
    })


@form_page
def proceeding_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the conditions or the end of a proceeding."""
    row = _row_for(request, Proceeding, pk, Duty.RECORD_INCIDENT)
    form = forms.EndForm(request.POST or None, case=row.case,
                         initial=forms.EndForm.shown_first(row))
    form.proceeding = row
    return _on_row(
        request, row, form,
        lambda typed, by: actions.change_proceeding(proceeding=row, by=by, **form.row()),
        back=reverse("proceeding", args=[row.pk]), heading=f"Change: {words_of(Kind, row.kind)}",
        button="Save", saved="The change has been saved.",
    )


@form_page
def court_day_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down a day in court."""
    row = _row_for(request, Proceeding, pk, Duty.RECORD_INCIDENT)
    form = forms.CourtDayForm(request.POST or None, case=row.case)
    return _on_row(
        request, row, form,
        lambda typed, by: actions.set_court_day(
            proceeding=row, held_on=typed["held_on"], at_time=typed["at_time"],
            source=Source(typed["source"]), form=typed["form_id"], by=by),
        back=reverse("proceeding", args=[row.pk]), heading="Record a hearing",
        button="Save hearing", saved="The hearing has been saved.",
    )


@form_page
def court_day_settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came of a day in court."""
    row = _row_for(request, CourtDay, pk, Duty.RECORD_INCIDENT, "proceeding")
    form = forms.DayOutcomeForm(
        request.POST or None, case=row.case,
        initial={"version": row.version, "outcome": row.outcome, "note": row.note})
    form.held_on = row.held_on
    return _on_row(
        request, row, form,
        lambda typed, by: actions.settle_court_day(
            court_day=row, outcome=DayOutcome(typed["outcome"]), note=typed["note"],
            version=typed["version"], by=by),
        back=reverse("proceeding", args=[row.proceeding_id]),
        heading="What came of the hearing", button="Save outcome",
        saved="The outcome has been saved.",
        facts=[("Hearing", words_of(Kind, row.proceeding.kind)), ("On", row.held_on),
               ("At", f"{row.at_time:%H:%M}" if row.at_time else None)],
    )


@form_page
def custody_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down days in custody."""
    return _below_case(
        request, pk, forms.CustodyForm,
        lambda case, typed, by: actions.record_custody(
            case=case, why=Custody(typed["why"]), first_on=typed["first_on"],
            last_on=typed["last_on"], source=Source(typed["source"]), form=typed["form_id"],
            by=by),
        heading="Record custody", button="Save custody", saved="The custody has been saved.",
        lead="Days in custody are left out where somebody counts how long the client was free "
             "to use violence.",
    )


@form_page
def custody_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """When the client came out of custody."""
    row = _row_for(request, CustodySpan, pk, Duty.RECORD_INCIDENT)
    form = forms.ReleasedForm(request.POST or None, case=row.case,
                              initial={"version": row.version, "last_on": row.last_on})
    return _on_row(
        request, row, form,
        lambda typed, by: actions.change_custody(
            custody=row, last_on=typed["last_on"], taken_back=typed["taken_back"],
            version=typed["version"], by=by),
        heading="Change custody", button="Save custody", saved="The custody has been saved.",
        facts=[("Why", words_of(Custody, row.why)), ("From", row.first_on)],
    )


@form_page
def asked_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down the days about which a source was asked."""
    return _below_case(
        request, pk, forms.AskedForm,
        lambda case, typed, by: actions.record_asked(
            case=case, source=Source(typed["source"]), first_on=typed["first_on"],
            last_on=typed["last_on"], form=typed["form_id"], by=by),
        heading="Record that a source was asked", button="Save",
        saved="The days have been saved.",
        lead="Write down about which days somebody was asked for violence, whatever the answer. "
             "Without it, silence is not counted as no violence.",
    )
