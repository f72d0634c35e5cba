"""The pages of an assessment: going through the eligibility rules, and deciding."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.assessments.actions import (
    answers_of,
    check_eligibility,
    decide,
    finding_of,
    newest_check,
)
from casewall.programme.assessments.forms import DECISION_WORDS, CheckForm, DecideForm
from casewall.programme.assessments.load import rules_of
from casewall.programme.assessments.models import EligibilityCheck
from casewall.programme.assessments.rules import Choice, Effect, Finding
from casewall.programme.cases.lists import stage_tag
from casewall.programme.cases.models import Assessment, Case
from casewall.programme.cases.reasons import UnsuitableReason
from casewall.programme.cases.rules import Stage, Step, Suitability
from casewall.programme.cases.steps import answer, case_for, form_page
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Viewer


@form_page
def eligibility(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go through the eligibility rules of the service; each save is the next version."""
    case = case_for(request, pk, Step.DECIDE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    newest = newest_check(case, viewer)
    form = CheckForm(
        request.POST or None,
        case=case,
        rules=rules_of(case.service),
        known=answers_of(newest, viewer),
        version=newest.version if newest else 0,
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            typed = form.cleaned_data
            try:
                check_eligibility(
                    case=case,
                    answers=form.answers,
                    checked_on=typed["checked_on"],
                    seen=typed["version"],
                    note=typed["note"] or None,
                    form=typed["form_id"],
                    by=viewer,
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
                if isinstance(refusal, StaleEdit):
                    form.show_again()
            else:
                messages.success(request, "The eligibility check has been saved.")
                return redirect(reverse("case", args=[case.pk]) + "?show=eligibility")
        status = 422
    record(by=viewer, verb="read", thing=case)
    return render(
        request,
        "programme/step.html",
        {
            "case": case,
            "form": form,
            "heading": "Check eligibility",
            "button": "Save check",
            "stage": stage_tag(case.stage),
            "case_url": reverse("case", args=[case.pk]),
            "lead": "Answer “not known” where nobody has asked: it never counts as no.",
        },
        status=status,
    )


@form_page
def suitability(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the assessment was held, and the decision."""
    case = case_for(request, pk, Step.DECIDE)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    booked = _to_decide(case, viewer)
    check = newest_check(case, viewer)
    finding = finding_of(case, check, viewer)
    form = DecideForm(request.POST or None, case=case, initial=_initial(finding))

    def act(typed: dict[str, Any]) -> None:
        if booked is None:
            raise Refused("No assessment of this case is booked that has not been decided.")
        decide(
            assessment=booked,
            held_on=typed["held_on"],
            review_on=typed["review_on"],
            choice=Choice(
                decision=Suitability(typed["decision"]),
                reasons=tuple(UnsuitableReason(code) for code in typed["reasons"]),
                conditions=typed["conditions"],
                passed_to=typed["passed_to"],
                note=typed["note"],
            ),
            by=viewer,
        )

    return answer(
        request,
        case,
        Step.DECIDE,
        form,
        act,
        heading="Decide on suitability",
        button="Save decision",
        saved="The decision has been saved.",
        facts=[
            ("Booked for", booked.booked_for if booked else None),
            ("Note of the booking", booked.note if booked else None),
            *_check_facts(check, finding),
        ],
    )


def _to_decide(case: Case, viewer: Viewer) -> Assessment | None:
    """The assessment that waits for its decision; where the case was put back, the last one."""
    rows = Assessment.objects.visible_to(viewer).filter(case=case)
    if case.stage == Stage.ASSESSED:
        rows = rows.exclude(decision="").filter(replaced_by=None)
    else:
        rows = rows.filter(decision="")
    found: Assessment | None = rows.order_by("-booked_for").first()
    return found


def _initial(finding: Finding | None) -> dict[str, Any]:
    """What the check fills in; the decision itself is left to the assessor."""
    if finding is None:
        return {}
    later = timezone.localdate() + timedelta(days=finding.days) if finding.days else None
    return {
        "conditions": "\n".join(finding.conditions),
        "reasons": list(finding.reasons),
        "review_on": later,
    }


def _check_facts(check: EligibilityCheck | None, finding: Finding | None) -> list[tuple[str, Any]]:
    if check is None or finding is None:
        return [("Eligibility check", "Nobody has gone through the rules yet")]
    suggested = finding.suggested
    rows: list[tuple[str, Any]] = [
        ("Eligibility check", f"Version {check.version}, {check.checked_on:%-d %B %Y}"),
        (
            "The rules come to",
            DECISION_WORDS[suggested].partition(":")[0]
            if suggested
            else f"Nothing yet: {len(finding.open)} not known",
        ),
    ]
    notes = [rule.text for rule in finding.found[Effect.NOTE] if rule.text]
    return rows + ([("To be kept in mind", "\n".join(notes))] if notes else [])
