"""Nominations for the tasking meeting: list, one nomination, and what is done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casewall.audit.actions import record_many
from casewall.safety.conferences import actions, forms
from casewall.safety.conferences.criteria import matac_of
from casewall.safety.conferences.harm import harm_known
from casewall.safety.conferences.models import (
    HarmScore,
    Nomination,
    TacticUse,
    TaskingAction,
    TaskingReview,
)
from casewall.safety.conferences.tasking import (
    Discharge,
    State,
    Tactic,
    Trend,
    most_points,
    trend,
)
from casewall.safety.conferences.views.hearings import outcome_page
from casewall.safety.conferences.words import TREND_COLOURS, words_of
from casewall.safety.meetings.forms import ActionForm
from casewall.safety.meetings.reading import ACTION_COLUMNS, action_rows, workers_of
from casewall.safety.meetings.views.steps import answer, form_page, looked_at, viewer_of
from casewall.safety.pulled.models import PulledCase
from casewall.safety.reading import found, leaf, must
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

COLUMNS = ["Client", ("State", "tag"), ("Last score", "number"), ("Nominated", "date"), "Review"]
SCORE_COLUMNS = [
    ("Day", "date"), ("Recency", "number"), ("Frequency", "number"), ("Gravity", "number"),
    ("Victims", "number"), ("Total", "number"), "Table",
]  # fmt: skip
COLOURS = {"nominated": "blue", "accepted": "purple"}
HIDDEN = "a client whom you do not work with"


def _refers(viewer: Viewer) -> None:
    must(viewer, Duty.REFER_CONFERENCE)
    if viewer.role is Role.CHILDRENS_WORKER:
        must(viewer, Duty.KEEP_CONFERENCE)


@require_safe
def nominations(request: HttpRequest) -> HttpResponse:
    """Nominations, the latest first: all for coordination, own ones for a worker."""
    viewer = viewer_of(request)
    _refers(viewer)
    page = leaf(
        Nomination.objects.visible_to(viewer).defer("reason", "profile"),
        day="nominated_on", query={k: v for k, v in request.GET.items() if v},
    )  # fmt: skip
    cases = PulledCase.objects.visible_to(viewer).in_bulk([one.case_id for one in page.rows])
    scores = HarmScore.objects.visible_to(viewer).filter(nomination__in=page.rows)
    last = {one.nomination_id: one.total for one in scores.order_by("scored_on", "scored_at")}
    record_many(by=viewer, verb="listed", things=page.rows)
    return render(
        request,
        "conferences/nominations.html",
        {
            "columns": COLUMNS,
            "page": page,
            "rows": [
                {
                    "url": reverse("matac", args=[one.pk]),
                    "cells": [
                        cases[one.case_id].name if one.case_id in cases else HIDDEN,
                        (words_of(State, one.state), COLOURS.get(one.state, "grey")),
                        last.get(one.pk),
                        one.nominated_on,
                        f"{one.review_on:%-d %B %Y}" if one.review_on else "none due",
                    ],
                }
                for one in page.rows
            ],
        },
    )


@form_page
def nominate(request: HttpRequest) -> HttpResponse:
    """Nominate a client."""
    viewer = viewer_of(request)
    _refers(viewer)
    rows = PulledCase.objects.visible_to(viewer).order_by("-referred_on", "id")
    cases = {str(one.pk): one for one in rows if matac_of(one.service) is not None}
    choices = [(key, f"{one.name}, referred {one.referred_on:%-d %B %Y}")
               for key, one in cases.items()]  # fmt: skip
    first = {"case": request.GET.get("case", "")}
    form = forms.NominateForm(request.POST or None, cases=choices, initial=first)

    def act() -> str:
        typed = form.cleaned_data
        made = actions.nominate(
            case=cases[typed["case"]], nominated_by=typed["nominated_by"], by=viewer,
            reason=typed["reason"], form=typed["form_id"],
        )  # fmt: skip
        return reverse("matac", args=[made.pk])

    return answer(
        request, form, act, heading="Nominate for the tasking meeting", button="Nominate",
        saved="The nomination is made. Whoever keeps the meeting decides about it.",
        back=reverse("matacs"), without_form=not choices,
        lead="A tasking meeting looks at somebody who keeps causing harm, and at what agencies "
        "can do. It is never shared with the client."
        if choices
        else "No service in which you work has a table for a tasking meeting, or you see no "
        "client of one.",
    )  # fmt: skip


def nomination_seen(request: HttpRequest, pk: UUID, duty: Duty | None = None) -> Nomination:
    """A nomination, where this viewer sees it and has the duty; 404 otherwise."""
    one: Nomination = found(Nomination.objects.visible_to(viewer_of(request)), pk)
    if duty is not None:
        must(viewer_of(request), duty)
    return one


def _name(one: Nomination, viewer: Viewer) -> str:
    case = PulledCase.objects.visible_to(viewer).filter(pk=one.case_id).first()
    return case.name if case else HIDDEN


def _page(pk: UUID) -> str:
    return reverse("matac", args=[pk])


@require_safe
def nomination(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One nomination: the history of its scores, tactics, actions and reviews."""
    viewer = viewer_of(request)
    one = nomination_seen(request, pk)
    looked_at(request, one, one)

    def of(model: Any, *order: str) -> list[Any]:
        rows = model.objects.visible_to(viewer).filter(nomination=one)
        return list(rows.order_by(*order, "id"))

    scores = of(HarmScore, "scored_on", "scored_at")
    said = trend([(row.total, row.scores_version) for row in scores]) if scores else None
    table = matac_of(one.service)
    return render(
        request,
        "conferences/nomination.html",
        {
            "one": one,
            "name": _name(one, viewer),
            "state": (words_of(State, one.state), COLOURS.get(one.state, "grey")),
            "facts": _facts(one),
            "keeps": bool(may_do(viewer.role, Duty.KEEP_CONFERENCE)),
            "waits": one.state == State.NOMINATED,
            "worked_on": one.state == State.ACCEPTED,
            "scorable": one.state in (State.NOMINATED, State.ACCEPTED),
            "trend": (words_of(Trend, said), TREND_COLOURS.get(said, "grey")) if said else None,
            "fall": _fall(scores, said),
            "most": most_points(table) if table else None,
            "authority": table.authority if table else "",
            "score_columns": SCORE_COLUMNS,
            "scores": [{"cells": _score(row)} for row in reversed(scores)],
            "tactics": [
                {
                    "pk": use.pk, "words": words_of(Tactic, use.tactic), "note": use.note,
                    "from_on": use.from_on, "ended_on": use.ended_on,
                }
                for use in of(TacticUse, "from_on")
            ],
            "action_columns": ACTION_COLUMNS,
            "actions": action_rows(
                of(TaskingAction, "due_on"), timezone.localdate(), "matac-action"
            ),
            "reviews": [
                {"title": "Review", "when": row.reviewed_on, "by": "", "text": row.note}
                for row in of(TaskingReview, "reviewed_on")
            ],
        },
    )  # fmt: skip


def _fall(scores: list[HarmScore], said: Trend | None) -> str:
    """Success with its dates: the first and the last score of one version."""
    if said is not Trend.FELL:
        return ""
    last = scores[-1]
    first = next(row for row in scores if row.scores_version == last.scores_version)
    return (
        f"From {first.total} on {first.scored_on:%-d %B %Y} to {last.total} on "
        f"{last.scored_on:%-d %B %Y}."
    )


def _score(row: HarmScore) -> list[Any]:
    return [
        row.scored_on, row.recency_points, row.frequency_points, row.gravity_points,
        row.victims_points, row.total, row.scores_version,
    ]  # fmt: skip


def _facts(one: Nomination) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [
        ("Nominated by", one.nominated_by),
        ("Nominated", one.nominated_on),
        ("Why", one.reason),
    ]
    if one.decided_on:
        rows += [("Decided", one.decided_on), ("Because", one.decided_because)]
    if one.review_on:
        rows.append(("Next review", one.review_on))
    if one.discharged_on:
        rows += [
            ("Discharged", one.discharged_on),
            ("Reason", words_of(Discharge, one.discharge)),
            ("In words", one.discharge_note),
        ]
    return rows


@form_page
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept a nomination, or not."""
    one = nomination_seen(request, pk, Duty.KEEP_CONFERENCE)
    form = forms.DecideForm(request.POST or None, initial={"version": one.version})

    def act() -> None:
        typed = form.cleaned_data
        actions.decide_nomination(
            nomination=one, accept=typed["accept"] == "yes", because=typed["because"],
            version=typed["version"], by=viewer_of(request),
        )  # fmt: skip

    return _step(request, one, form, act, "Is the nomination accepted?", "Save decision")


def _step(
    request: HttpRequest, one: Nomination, form: Any, act: Any, heading: str, button: str,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    return answer(
        request, form, act, heading=heading, button=button, saved="Saved.", back=_page(one.pk),
        of=one, row=one, material=one, name=_name(one, viewer_of(request)), **more,
    )  # fmt: skip


@form_page
def score(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Score: the facts are filled in from the records, the rule does the sum."""
    one = nomination_seen(request, pk, Duty.KEEP_CONFERENCE)
    known = harm_known(one, viewer_of(request), timezone.localdate())
    first = {
        "last_on": known.last_on, "incidents": known.incidents, "gravest": str(known.gravest),
        "victims": known.victims,
    }  # fmt: skip
    form = forms.HarmForm(request.POST or None, initial=first)

    def act() -> None:
        actions.score_nomination(
            nomination=one, harm=form.harm(), on=form.cleaned_data["on"],
            by=viewer_of(request), form=form.cleaned_data["form_id"],
        )  # fmt: skip

    return _step(
        request, one, form, act, "Score the harm", "Score",
        lead="Filled in from the files that are linked to this client. Correct it by what the "
        "police and other agencies told. The points come from the table of the service.",
    )  # fmt: skip


@form_page
def tactic(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin to use a tactic."""
    one = nomination_seen(request, pk, Duty.KEEP_CONFERENCE)
    form = forms.TacticForm(request.POST or None)

    def act() -> None:
        typed = form.cleaned_data
        actions.use_tactic(
            nomination=one, tactic=Tactic(typed["tactic"]), note=typed["note"],
            by=viewer_of(request), form=typed["form_id"],
        )  # fmt: skip

    return _step(request, one, form, act, "Which tactic is used?", "Save tactic")


@require_POST
def end_tactic(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A tactic is not used any more."""
    viewer = viewer_of(request)
    row = found(TacticUse.objects.visible_to(viewer), pk)
    must(viewer, Duty.KEEP_CONFERENCE)
    actions.end_tactic(use=row, by=viewer)
    return redirect("matac", row.nomination_id)


@form_page
def profile(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is known of the client's ways of causing harm."""
    one = nomination_seen(request, pk, Duty.KEEP_CONFERENCE)
    first = {"text": one.profile or "", "version": one.version}
    form = forms.ProfileForm(request.POST or None, initial=first)

    def act() -> None:
        typed = form.cleaned_data
        actions.keep_profile(
            nomination=one, text=typed["text"], version=typed["version"], by=viewer_of(request)
        )

    return _step(request, one, form, act, "What is known of the harm", "Save",
                 draft="MATAC: profile")  # fmt: skip


@form_page
def add_action(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What somebody is to do about a nominated client."""
    one = nomination_seen(request, pk, Duty.KEEP_CONFERENCE)
    form = ActionForm(request.POST or None, workers=workers_of(one.compartment))

    def act() -> None:
        actions.add_tasking_action(nomination=one, by=viewer_of(request), **form.row())

    return _step(request, one, form, act, "What is to be done?", "Save action")


@form_page
def action(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came of an action."""
    row = found(TaskingAction.objects.visible_to(viewer_of(request)), pk)
    return outcome_page(request, row, actions.finish_conference_action, _page(row.nomination_id))


@form_page
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep a review."""
    one = nomination_seen(request, pk, Duty.KEEP_CONFERENCE)
    form = forms.NoteForm(request.POST or None)

    def act() -> None:
        actions.review_nomination(
            nomination=one, note=form.cleaned_data["note"], by=viewer_of(request),
            form=form.cleaned_data["form_id"],
        )  # fmt: skip

    return _step(request, one, form, act, "Review the nomination", "Save review",
                 draft="MATAC: review")  # fmt: skip


@form_page
def discharge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a nomination."""
    one = nomination_seen(request, pk, Duty.KEEP_CONFERENCE)
    form = forms.DischargeForm(request.POST or None, initial={"version": one.version})

    def act() -> None:
        typed = form.cleaned_data
        actions.discharge_nomination(
            nomination=one, because=Discharge(typed["because"]), note=typed["note"],
            version=typed["version"], by=viewer_of(request),
        )  # fmt: skip

    return _step(request, one, form, act, "End the nomination", "End it")
