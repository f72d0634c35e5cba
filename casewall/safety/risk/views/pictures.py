"""The joint picture of one file and case, judging it, and the list of all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.incidents.views.steps import (
    answer,
    checked,
    file_with,
    form_page,
    looked_at,
    viewer_of,
)
from casewall.safety.partners.models import FileLink
from casewall.safety.partners.rules import CAVEAT
from casewall.safety.pulled.models import PulledCase, PulledDeclaration
from casewall.safety.reading import found, must, names_of
from casewall.safety.risk import actions, forms
from casewall.safety.risk.client import (
    OfClient,
    courts,
    incidents,
    of_client,
    shown_of_client,
)
from casewall.safety.risk.models import JointRisk, RiskReview
from casewall.safety.risk.picture import picture, shown
from casewall.safety.risk.reading import picture_url, who_of, why_due
from casewall.safety.risk.rules import TRIGGERS, Occasion, late_words, level_order
from casewall.safety.risk.views.steps import case_choices, case_wanted, owner_choices
from casewall.safety.risk.words import day, level_tag
from casewall.wall.duties import Duty, may_do

COLUMNS = ["Partner", ("Level", "tag"), "Last review", "Next review", "Why now", "Owner"]
MOST = 100


@require_safe
def risks(request: HttpRequest) -> HttpResponse:
    """Every picture that this viewer sees: the most dangerous first, and of one level the most
    overdue."""
    viewer = viewer_of(request)
    must(viewer, Duty.JOINT_RISK)
    today = timezone.localdate()
    rows = list(
        JointRisk.objects.visible_to(viewer)
        .filter(file__closed_on=None, file__withdrawn_on=None)
        .select_related("file__partner")
    )
    if request.GET.get("due"):
        rows = [row for row in rows if row.review_on <= today]
    rows.sort(key=lambda row: (-level_order(row.level), row.review_on, str(row.pk)))
    page = rows[:MOST]
    names = names_of(row.owner for row in page)
    record_many(by=viewer, verb="listed", things=page)
    late = sum(row.review_on < today for row in rows)
    return render(
        request,
        "joint/list.html",
        {
            "columns": COLUMNS,
            "rows": [
                {
                    "url": picture_url(row),
                    "cells": [
                        who_of(row.file),
                        level_tag(row.level),
                        day(row.reviewed_on) if row.reviewed_on else "never",
                        capfirst(late_words(row.review_on, today)),
                        why_due(row, today) if row.review_on <= today else "–",
                        names.get(row.owner, "nobody yet") if row.owner else "nobody yet",
                    ],
                }
                for row in page
            ],
            "late": late,
            "of": len(rows),
            "left_out": len(rows) - len(page),
            "only_due": bool(request.GET.get("due")),
        },
    )


@require_safe
def joint_risk(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What every source says of one file and case, side by side, and what was judged of it."""
    viewer = viewer_of(request)
    file = file_with(request, pk, Duty.JOINT_RISK)
    choices = case_choices(file, viewer)
    wanted = case_wanted(request, choices)
    today = timezone.localdate()
    read = picture(file, forms.case_of(wanted), viewer)
    looked_at(request, file)
    risk = read.risk
    query = f"?case={wanted}"
    discloses = bool(
        risk and risk.level and risk.case_id and may_do(viewer.role, Duty.REQUEST_DISCLOSURE)
    )
    return render(
        request,
        "joint/picture.html",
        {
            "file": file,
            "who": who_of(file),
            "client_name": read.case.name if read.case else "",
            "cases": [
                {"label": label, "url": f"?case={value}", "current": value == wanted}
                for value, label in choices
            ],
            "back": reverse("partner", args=[file.pk]),
            "review_url": reverse("risk-review", args=[file.pk]) + query,
            "trigger_url": reverse("risk-trigger", args=[file.pk]) + query,
            "action_url": reverse("risk-action-new", args=[risk.pk]) if risk else "",
            "disclose_url": (
                f"{reverse('ask-disclosure', args=[file.pk])}?from=risk:{risk.pk}"
                if discloses and risk
                else ""
            ),
            "rules": TRIGGERS,
            **shown(read, today),
        },
    )


@require_safe
def client_risk(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the programme side recorded of a client, and the partners' files that belong to the
    case: often none yet. Nothing is judged here: joint risk is of a client for one partner."""
    viewer = viewer_of(request)
    must(viewer, Duty.JOINT_RISK)
    case = found(PulledCase.objects.visible_to(viewer), pk)
    read = OfClient(**of_client(case.pk, viewer))
    links = FileLink.objects.visible_to(viewer).filter(case_id=case.pk, ended_on=None)
    files = [one.file for one in links.select_related("file__partner").order_by("linked_on", "id")]
    stated = PulledDeclaration.objects.visible_to(viewer).filter(case_id=case.pk)
    record(by=viewer, verb="viewed", thing=case)
    return render(request, "joint/client.html", {
        "client_name": case.name,
        "files": [{"name": who_of(file), "url": reverse("joint-risk", args=[file.pk])
                   + f"?case={case.pk}"} for file in files],
        "stated": [{"name": row.name, "url": reverse("stated-partner", args=[row.pk])}
                   for row in stated.order_by("-stated_on", "id")]
        if may_do(viewer.role, Duty.LINK_FILES) else [],
        "incidents": incidents((), read.theirs),
        "courts": courts((), read.their_courts),
        "caveat": CAVEAT,
        **shown_of_client(read),
    })  # fmt: skip


@form_page
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Judge the risk of a file and one of its cases together."""
    viewer = viewer_of(request)
    file = file_with(request, pk, Duty.JOINT_RISK)
    choices = case_choices(file, viewer)
    wanted = case_wanted(request, choices)
    read = picture(file, forms.case_of(wanted), viewer)
    risk = read.risk
    last = read.reviews[0] if read.reviews else None
    form = forms.ReviewForm(
        request.POST or None,
        cases=[one for one in choices if one[0] == wanted],
        owners=owner_choices(file, viewer, risk.owner if risk else None),
        initial=_begins_with(read.had, risk, last),
    )

    def act() -> None:
        checked(form)
        actions.review_risk(
            file=file,
            case_id=forms.case_of(wanted),
            said=form.judgement(),
            on=form.cleaned_data["on"],
            version=form.cleaned_data["version"],
            form=form.cleaned_data["form_id"],
            by=viewer,
        )

    context = shown(read, timezone.localdate())
    return answer(
        request,
        file,
        form,
        act,
        row=risk,
        template="joint/review.html",
        heading="Judge the risk together",
        button="Save the judgement",
        saved="The judgement has been saved. What was open is answered by it.",
        back=reverse("joint-risk", args=[file.pk]) + f"?case={wanted}",
        lead="Look at every source first. Nothing of this is seen by the programme, and no level "
        "goes down but by a disclosure.",
        **{
            name: context[name]
            for name in ("level", "standing", "open_triggers", "missing", "client", "partner")
        },
    )


def _begins_with(
    had: set[str], risk: JointRisk | None, last: RiskReview | None
) -> dict[str, Any]:
    """The words of the last review to begin from, and the sources that the records hold.

    The level is not among them: each time somebody judges anew.
    """
    begins: dict[str, Any] = {"sources": sorted(had), "version": 0, "occasion": Occasion.INTAKE}
    if risk is not None:
        begins["version"] = risk.version
    if last is not None and risk is not None:
        begins |= {
            "reasons": last.reasons,
            "plan": last.plan,
            "occasion": Occasion.TRIGGER if risk.due_because else Occasion.THREE_MONTHS,
        }
    return begins


@form_page
def trigger(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down what makes a review due at once."""
    viewer = viewer_of(request)
    file = file_with(request, pk, Duty.JOINT_RISK)
    choices = case_choices(file, viewer)
    wanted = case_wanted(request, choices)
    form = forms.TriggerForm(request.POST or None, cases=choices, initial={"case": wanted})

    def act() -> None:
        typed = form.cleaned_data
        actions.note_trigger(
            file=file,
            case_id=forms.case_of(typed["case"]),
            trigger=form.kind(),
            on=typed["on"],
            note=typed["note"],
            form=typed["form_id"],
            by=viewer,
        )

    return answer(
        request,
        file,
        form,
        act,
        heading="Write down what raises the risk",
        button="Save",
        saved="It has been saved. The risk is to be looked at today.",
        back=reverse("joint-risk", args=[file.pk]) + f"?case={wanted}",
    )
