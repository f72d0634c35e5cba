"""Writes of an assessment: going through the eligibility rules, and deciding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.assessments.load import rules_of
from casewall.programme.assessments.models import EligibilityAnswer, EligibilityCheck
from casewall.programme.assessments.rules import (
    Answer,
    Choice,
    Finding,
    RuleSet,
    findings,
    may_decide,
    pause_for,
)
from casewall.programme.cases.actions import Terms, decide_suitability
from casewall.programme.cases.models import Assessment, Case
from casewall.programme.cases.rules import Suitability
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer


def _not_stale(newest: EligibilityCheck | None, seen: int) -> int:
    """The version that stands. Raises `StaleEdit` where it is another than was seen."""
    version = newest.version if newest else 0
    if version != seen:
        raise StaleEdit(
            f"While this page was open somebody saved version {version} of the check. What "
            "you chose is below and nothing was changed; save once more to make it the newest."
        )
    return version


def check_eligibility(
    *,
    case: Case,
    answers: Mapping[str, Answer],
    checked_on: date,
    seen: int,
    by: Viewer,
    note: str | None = None,
    form: UUID | None = None,
) -> EligibilityCheck:
    """Keep a going through the rules of the case's service. A rule without an answer is not known.

    `seen` is the version that the answers began with (0: none). Raises `StaleEdit` where somebody
    has made another check since. The same `form` sent twice is one check.
    """
    require(by, Duty.ASSESS)
    with acting(by):
        case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case.pk)
        own = id_of_form(case.pk, form) if form else new_id()
        newest = newest_check(case, by)
        if newest is not None and newest.pk == own:
            return newest
        version = _not_stale(newest, seen)
        rules = rules_of(case.service)
        check = EligibilityCheck(
            id=own,
            compartment=case.compartment,
            case=case,
            version=version + 1,
            rules=rules.key,
            checked_on=checked_on,
            recorded_at=timezone.now(),
            worker=by.worker,
            note=note,
        )
        check.save(force_insert=True)
        EligibilityAnswer.objects.visible_to(by).bulk_create(
            EligibilityAnswer(
                compartment=case.compartment,
                case=case,
                check_made=check,
                rule=rule.id,
                answer=answers.get(rule.id, Answer.NOT_KNOWN),
            )
            for rule in rules.rules
        )
        record(by=by, verb="checked eligibility in", thing=check)
        return check


def newest_check(case: Case, by: Viewer) -> EligibilityCheck | None:
    """The newest check of a case that this viewer sees."""
    rows = EligibilityCheck.objects.visible_to(by).filter(case=case)
    newest: EligibilityCheck | None = rows.order_by("-version").first()
    return newest


def answers_of(check: EligibilityCheck | None, by: Viewer) -> dict[str, Answer]:
    """The answers of a check by rule."""
    if check is None:
        return {}
    rows = EligibilityAnswer.objects.visible_to(by).filter(check_made=check)
    return {row.rule: Answer(row.answer) for row in rows}


def finding_of(case: Case, check: EligibilityCheck | None, by: Viewer) -> Finding | None:
    """What the newest check comes to under the rules of today; None where there is none."""
    if check is None:
        return None
    rules: RuleSet = rules_of(case.service)
    return findings(rules, answers_of(check, by))


def decide(
    *,
    assessment: Assessment,
    held_on: date,
    choice: Choice,
    by: Viewer,
    decided_on: date | None = None,
    review_on: date | None = None,
) -> Assessment:
    """Record the decision on suitability with everything that it needs; the case moves with it.

    What does not belong to the decision is not kept with it. Raises `Refused` where it lacks
    something, or goes against the eligibility check without a word on why.
    """
    require(by, Duty.ASSESS)
    with acting(by):
        case = Case.objects.visible_to(by).get(pk=assessment.case_id)
        check = newest_check(case, by)
        choice = replace(choice, has_review_day=review_on is not None)
        decision = may_decide(choice, finding_of(case, check, by))
        if not decision:
            raise Refused(decision.reason)
        accepted = choice.decision is Suitability.SUITABLE
        conditional = choice.decision is Suitability.SUITABLE_WITH_CONDITIONS
        terms = Terms(
            reasons=() if accepted or conditional else choice.reasons,
            conditions=choice.conditions if conditional else None,
            review_on=review_on if choice.decision is Suitability.DEFERRED else None,
            deferred_because=pause_for(choice.reasons),
            passed_to=choice.passed_to if choice.decision is Suitability.PASSED_ON else None,
            decided_on=decided_on,
            check_version=check.version if check else None,
        )
        return decide_suitability(
            assessment=assessment,
            held_on=held_on,
            decision=choice.decision,
            by=by,
            note=choice.note or None,
            terms=terms,
        )
