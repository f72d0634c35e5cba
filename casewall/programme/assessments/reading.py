"""What the page of a case shows of its eligibility checks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from casewall.programme.assessments.load import rules_of
from casewall.programme.assessments.models import EligibilityAnswer, EligibilityCheck
from casewall.programme.assessments.rules import (
    ANSWER_WORDS,
    EFFECT_WORDS,
    Answer,
    Effect,
    Rule,
)
from casewall.programme.cases.lists import names_of
from casewall.programme.cases.models import BEFORE_START, Case
from casewall.programme.cases.parts import Shown
from casewall.programme.cases.rules import Stage
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

_COLOURS = {
    Effect.BLOCKS: "red",
    Effect.DEFERS: "orange",
    Effect.CONDITION: "yellow",
    Effect.NOTE: "blue",
    Effect.PASSES: "green",
}
COLUMNS = ["Question", "Answer", ("What it means", "tag")]


def eligibility_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """The newest eligibility check in full, the earlier ones in the timeline. Two queries."""
    checks = list(
        EligibilityCheck.objects.visible_to(viewer).filter(case=case).order_by("-version")
    )
    answers: dict[Any, dict[str, Answer]] = {}
    for row in EligibilityAnswer.objects.visible_to(viewer).filter(case=case):
        answers.setdefault(row.check_made_id, {})[row.rule] = Answer(row.answer)
    assesses = bool(may_do(viewer.role, Duty.ASSESS)) and Stage(case.stage) in BEFORE_START
    address = reverse("case_eligibility", args=[case.pk])
    newest = answers.get(checks[0].pk, {}) if checks else {}
    rules = rules_of(case.service)
    still_open = [
        rule for rule in rules.rules if newest.get(rule.id, Answer.NOT_KNOWN) is Answer.NOT_KNOWN
    ]
    return Shown(
        entries=[_entry(check, answers.get(check.pk, {})) for check in checks],
        waits_for=_waits_for(case, assesses, len(still_open), address),
        steps=[("Check eligibility", address)] if assesses else [],
        template="programme/eligibility.html",
        context=lambda: {
            "eligibility_check": checks[0] if checks else None,
            "eligibility_rules": rules.name,
            "eligibility_by": ", ".join(names_of(row.worker for row in checks[:1]).values()),
            "eligibility_columns": COLUMNS,
            "eligibility_rows": [_row(rule, newest) for rule in rules.rules] if checks else [],
            "eligibility_authorities": [(rule.question, rule.authority) for rule in rules.rules],
            "eligibility_notes": _notes(rules.rules, newest),
            "eligibility_url": address if assesses else "",
        },
    )


def _entry(check: EligibilityCheck, given: dict[str, Answer]) -> dict[str, Any]:
    unknown = sum(answer is Answer.NOT_KNOWN for answer in given.values())
    counted = f"{len(given) - unknown} of {len(given)} questions answered"
    return {
        "title": f"Eligibility checked, version {check.version}",
        "when": check.checked_on,
        "by": check.worker,
        "text": "\n".join(filter(None, [counted, check.note])),
        "label": ("Assessment", "purple"),
    }


def _waits_for(case: Case, assesses: bool, unknown: int, address: str) -> list[dict[str, Any]]:
    """Before the decision, what nobody has asked yet."""
    if not (assesses and unknown and case.stage == Stage.ASSESSMENT_BOOKED and case.next_action_on):
        return []
    many = "1 question" if unknown == 1 else f"{unknown} questions"
    return [
        {
            "what": f"Eligibility: {many} not answered yet",
            "due": case.next_action_on,
            "url": address,
        }
    ]


def _row(rule: Rule, given: dict[str, Answer]) -> dict[str, Any]:
    answer = given.get(rule.id, Answer.NOT_KNOWN)
    effect = rule.effect_of(answer)
    meaning = (EFFECT_WORDS[effect], _COLOURS[effect]) if effect else ("To be asked", "grey")
    return {"cells": [rule.question, ANSWER_WORDS[answer], meaning]}


def _notes(rules: tuple[Rule, ...], given: dict[str, Answer]) -> list[str]:
    """Conditions and notes that the answers bring, in the words of the rules."""
    said = (Effect.CONDITION, Effect.NOTE)
    return [
        rule.text
        for rule in rules
        if rule.text and rule.effect_of(given.get(rule.id, Answer.NOT_KNOWN)) in said
    ]
