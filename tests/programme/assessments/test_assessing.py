"""Eligibility checks and decisions, through the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewall.programme.assessments.actions import check_eligibility
from casewall.programme.assessments.load import rules_of
from casewall.programme.assessments.models import EligibilityAnswer, EligibilityCheck
from casewall.programme.assessments.rules import Answer
from casewall.programme.cases import actions
from casewall.programme.cases.models import Assessment, Case
from casewall.programme.cases.rules import Stage, Suitability
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import TODAY, Browse, World, day_boxes

LATER = TODAY + timedelta(days=30)
GOOD = {"adult": "yes", "relationship-abuse": "yes", "area": "yes", "consent": "yes",
        "admits": "yes", "live-case": "no", "recent-programme": "no", "mental-illness": "no",
        "substances": "no", "treatment": "no", "convictions": "no", "record": "no",
        "language": "yes"}


@pytest.fixture
def assessor(browse: Browse) -> Client:
    return browse(Role.ASSESSOR)


def boxes(**changed: Any) -> dict[str, Any]:
    answers = {f"rule-{rule.id}": GOOD[rule.id] for rule in rules_of(SERVICE).rules}
    changed = {key.replace("_", "-") if f"rule-{key.replace('_', '-')}" in answers else key: value
               for key, value in changed.items()}
    typed = {**answers, "form_id": str(uuid4()), "version": "0", "note": "",
             **day_boxes("checked_on", TODAY)}
    return typed | {(f"rule-{key}" if f"rule-{key}" in answers else key): value
                    for key, value in changed.items()}


def send(browser: Client, case: Case, step: str, **typed: Any) -> Any:
    return browser.post(f"/cases/{case.pk}/{step}/", {"seen": case.stage, **typed})


def test_a_check_keeps_every_answer_and_the_next_is_another_version(
        assessor: Client, world: World) -> None:
    case = world.case(stage=Stage.ASSESSMENT_BOOKED)
    typed = boxes(language="not_known", treatment="yes", note="Ask about the incident in May")
    for _ in range(2):
        response = send(assessor, case, "eligibility", **typed)
        assert response.status_code == 302
    first, = world.rows(EligibilityCheck, case=case)
    assert (first.version, first.rules) == (1, "intervention-centre/1")
    answers = {row.rule: row.answer for row in world.rows(EligibilityAnswer, check_made=first)}
    asked = {rule.id: GOOD[rule.id] for rule in rules_of(SERVICE).rules}
    assert answers == {**asked, "language": "not_known", "treatment": "yes"}
    page = assessor.get(f"/cases/{case.pk}/?show=eligibility").content.decode()
    for line in ("9 of 10 questions answered", "To be asked", "Possible with a condition",
                 "Begins treatment for the use", "Ask about the incident in May",
                 "Where each rule comes from"):
        assert line in page
    page = assessor.get(f"/cases/{case.pk}/").content.decode()
    assert "Eligibility: 1 question not answered yet" in page
    stale = send(assessor, case, "eligibility", **boxes(note="Kept words"))
    assert stale.status_code == 422
    assert "somebody saved version 1" in stale.content.decode()
    assert "Kept words" in stale.content.decode()
    assert 'name="version" value="1"' in stale.content.decode()
    assert send(assessor, case, "eligibility", **boxes(version="1")).status_code == 302
    assert [row.version for row in world.rows(EligibilityCheck, case=case)] == [1, 2]


def test_the_decision_page_says_what_the_rules_come_to(assessor: Client, world: World) -> None:
    case = world.case(stage=Stage.ASSESSMENT_BOOKED)
    page = assessor.get(f"/cases/{case.pk}/suitability/").content.decode()
    assert "Nobody has gone through the rules yet" in page
    send(assessor, case, "eligibility", **boxes(treatment="yes", record="yes"))
    page = assessor.get(f"/cases/{case.pk}/suitability/").content.decode()
    assert "Suitable with conditions" in page
    assert "Begins treatment for the use of alcohol or drugs beside the counselling" in page
    assert "discuss with a manager" in page


def decide(browser: Client, case: Case, **typed: Any) -> Any:
    return send(browser, case, "suitability", **{**day_boxes("held_on", TODAY), **typed})


def test_suitable_with_conditions_keeps_the_conditions_before_everybodys_eyes(
        assessor: Client, world: World) -> None:
    case = world.case(stage=Stage.ASSESSMENT_BOOKED)
    refused = decide(assessor, case, decision="suitable_with_conditions", note="Kept")
    assert refused.status_code == 422
    assert "Write down the conditions." in refused.content.decode()
    assert "Kept" in refused.content.decode()
    assert decide(assessor, case, decision="suitable_with_conditions",
                  conditions="Detoxification first", reasons=["denies"]).status_code == 302
    row, = world.rows(Assessment, case=case)
    assert (row.decision, row.conditions, row.reasons, row.decided_on, row.version) == (
        "suitable_with_conditions", "Detoxification first", "", TODAY, 1)
    page = assessor.get(f"/cases/{case.pk}/").content.decode()
    assert "Accepted on condition" in page
    assert "On condition: Detoxification first" in page
    assert world.again(case).stage == Stage.SUITABLE


def test_a_deferral_comes_back_on_its_day(assessor: Client, world: World) -> None:
    case = world.case(stage=Stage.ASSESSMENT_BOOKED)
    assert decide(assessor, case, decision="deferred", reasons=["substance_use"]).status_code == 422
    assert decide(assessor, case, decision="deferred", reasons=["substance_use"],
                  **day_boxes("review_on", TODAY)).status_code == 422
    assert decide(assessor, case, decision="deferred", reasons=["substance_use"],
                  **day_boxes("review_on", LATER)).status_code == 302
    case = world.again(case)
    assert (case.stage, case.next_action, case.next_action_on) == (
        Stage.DEFERRED, "review_deferral", LATER)
    row, = world.rows(Assessment, case=case)
    assert (row.reasons, row.review_on) == ("substance_use", LATER)
    # Stable now: the case stands at the assessment again and is decided anew; both stay.
    assert send(assessor, case, "resume", to="assessed", **day_boxes("on", TODAY)
                ).status_code == 302
    assert decide(assessor, world.again(case), decision="suitable").status_code == 302
    assert world.again(case).stage == Stage.SUITABLE
    rows = {row.version: row for row in world.rows(Assessment, case=case)}
    assert (rows[1].decision, rows[2].decision) == ("deferred", "suitable")
    assert rows[2].replaces_id == rows[1].pk
    assert "Replaced later" in assessor.get(f"/cases/{case.pk}/").content.decode()
    with pytest.raises(Refused, match="later decision has replaced"):
        actions.decide_suitability(assessment=rows[1], held_on=TODAY, by=world.manager,
                                   decision=Suitability.SUITABLE)


def test_a_client_who_is_passed_on_leaves_with_the_name_of_the_other_service(
        browse: Browse, world: World) -> None:
    case = world.case(stage=Stage.ASSESSMENT_BOOKED)
    manager = browse(Role.PROGRAMME_MANAGER)
    assert decide(manager, case, decision="passed_on", passed_to="Invented clinic"
                  ).status_code == 302
    case = world.again(case)
    assert (case.stage, case.exit_reason) == (Stage.EXITED, "transferred")
    assert "Passed on to Invented clinic" in manager.get(f"/cases/{case.pk}/").content.decode()


def test_a_decision_against_the_check_needs_a_note(assessor: Client, world: World) -> None:
    case = world.case(stage=Stage.ASSESSMENT_BOOKED)
    send(assessor, case, "eligibility", **boxes(adult="no"))
    refused = decide(assessor, case, decision="suitable")
    assert refused.status_code == 422
    assert "speaks against this (under the age" in refused.content.decode()
    assert decide(assessor, case, decision="suitable", note="18 next week").status_code == 302
    row, = world.rows(Assessment, case=case)
    assert row.check_version == 1


@pytest.mark.parametrize(("role", "status"), [
    (Role.FACILITATOR, 404), (Role.ASSESSOR, 200), (Role.PROGRAMME_MANAGER, 200),
    (Role.REFERRER, 404), (Role.PROGRAMME_ADMINISTRATOR, 404),
])
def test_a_check_needs_seeing_and_the_duty_to_assess(role: Role, status: int, browse: Browse,
                                                     world: World) -> None:
    case = world.case(stage=Stage.CONTACTED)
    assert browse(role).get(f"/cases/{case.pk}/eligibility/").status_code == status


def test_a_case_page_needs_the_same_queries_for_one_check_and_for_many(
        assessor: Client, world: World) -> None:
    few, many = (world.case(stage=Stage.ASSESSMENT_BOOKED) for _ in range(2))
    for case, times in ((few, 1), (many, 5)):
        for n in range(times):
            check_eligibility(case=case, answers={"adult": Answer.YES}, checked_on=TODAY, seen=n,
                              by=world.manager)

    def count(case: Case) -> int:
        address = f"/cases/{case.pk}/?show=eligibility"
        assessor.get(address)
        with CaptureQueriesContext(connections["programme"]) as context:
            assert assessor.get(address).status_code == 200
        return len(context)

    assert count(few) == count(many)
