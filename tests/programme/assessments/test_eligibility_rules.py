"""Eligibility rules as data: what answers mean, what may be decided, and files that are wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casewall.programme.assessments import load
from casewall.programme.assessments.load import DefinitionError, rules_of
from casewall.programme.assessments.rules import (
    Answer,
    Choice,
    Effect,
    RuleSet,
    findings,
    may_decide,
    pause_for,
)
from casewall.programme.cases.reasons import PauseReason, UnsuitableReason
from casewall.programme.cases.rules import Suitability
from casewall.services.load import shipped

RULES = RuleSet.model_validate({
    "id": "test", "name": "Rules of a test", "rules": (
        {"id": "adult", "question": "Adult?", "no": "blocks", "reason": "under_age",
         "authority": "A"},
        {"id": "case", "question": "Live case?", "yes": "defers", "days": 60,
         "reason": "live_proceedings", "authority": "A"},
        {"id": "drinks", "question": "Drinks?", "yes": "condition", "text": "Treatment first",
         "authority": "A"},
        {"id": "record", "question": "Record?", "yes": "note", "text": "Ask a manager",
         "authority": "A"},
    )})
GOOD = {"adult": Answer.YES, "case": Answer.NO, "drinks": Answer.NO, "record": Answer.NO}


@pytest.mark.parametrize(("changed", "suggested"), [
    ({}, Suitability.SUITABLE),
    ({"record": Answer.YES}, Suitability.SUITABLE),
    ({"drinks": Answer.YES}, Suitability.SUITABLE_WITH_CONDITIONS),
    ({"case": Answer.YES, "drinks": Answer.YES}, Suitability.DEFERRED),
    ({"adult": Answer.NO, "case": Answer.NOT_KNOWN}, Suitability.NOT_SUITABLE),
    ({"adult": Answer.NOT_KNOWN}, None),
    ({"case": Answer.NOT_KNOWN}, None),
])
def test_what_answers_come_to(changed: dict[str, Answer], suggested: Suitability | None) -> None:
    assert findings(RULES, {**GOOD, **changed}).suggested is suggested


def test_not_known_is_never_no_and_no_answer_is_not_known() -> None:
    finding = findings(RULES, {})
    assert [rule.id for rule in finding.open] == ["adult", "case", "drinks", "record"]
    assert finding.effects == {}
    assert finding.suggested is None
    assert (finding.reasons, finding.conditions, finding.days) == ((), (), None)


def test_a_finding_carries_reasons_conditions_and_days() -> None:
    finding = findings(RULES, {"adult": Answer.NO, "case": Answer.YES, "drinks": Answer.YES})
    assert finding.reasons == (UnsuitableReason.UNDER_AGE, UnsuitableReason.LIVE_PROCEEDINGS)
    assert finding.conditions == ("Treatment first",)
    assert finding.days == 60
    assert finding.effects["adult"] is Effect.BLOCKS


WHOLE = {
    Suitability.SUITABLE: Choice(Suitability.SUITABLE),
    Suitability.SUITABLE_WITH_CONDITIONS: Choice(Suitability.SUITABLE_WITH_CONDITIONS,
                                                 conditions="Treatment"),
    Suitability.NOT_SUITABLE: Choice(Suitability.NOT_SUITABLE, reasons=(UnsuitableReason.DENIES,)),
    Suitability.DEFERRED: Choice(Suitability.DEFERRED, has_review_day=True),
    Suitability.PASSED_ON: Choice(Suitability.PASSED_ON, passed_to="Agency"),
}


@pytest.mark.parametrize("decision", Suitability)
def test_a_decision_with_what_it_needs_is_allowed(decision: Suitability) -> None:
    assert may_decide(WHOLE[decision], None)
    assert may_decide(WHOLE[decision], findings(RULES, GOOD))


@pytest.mark.parametrize(("decision", "lacking", "sentence"), [
    (Suitability.SUITABLE_WITH_CONDITIONS, {"conditions": " "}, "Write down the conditions"),
    (Suitability.NOT_SUITABLE, {"reasons": ()}, "at least one reason"),
    (Suitability.NOT_SUITABLE, {"reasons": (UnsuitableReason.OTHER,)}, "“Another reason” needs"),
    (Suitability.DEFERRED, {"has_review_day": False}, "needs the day"),
    (Suitability.PASSED_ON, {"passed_to": ""}, "to which agency"),
])
def test_a_decision_that_lacks_something_says_what(decision: Suitability, lacking: dict[str, Any],
                                                   sentence: str) -> None:
    answer = may_decide(replace(WHOLE[decision], **lacking), None)
    assert not answer
    assert sentence in answer.reason


def test_taking_somebody_against_the_rules_needs_a_word_on_why() -> None:
    against = findings(RULES, {**GOOD, "adult": Answer.NO})
    refused = may_decide(WHOLE[Suitability.SUITABLE], against)
    assert not refused
    assert "under the age of the programme" in refused.reason
    assert may_decide(replace(WHOLE[Suitability.SUITABLE], note="17, turns 18 in May"), against)
    assert may_decide(WHOLE[Suitability.NOT_SUITABLE], against)


@pytest.mark.parametrize(("reasons", "pause"), [
    ((), PauseReason.NOT_READY),
    ((UnsuitableReason.DENIES,), PauseReason.NOT_READY),
    ((UnsuitableReason.DENIES, UnsuitableReason.MENTAL_ILLNESS), PauseReason.HEALTH),
    ((UnsuitableReason.NOT_IN_TREATMENT,), PauseReason.SUBSTANCE_USE),
])
def test_why_a_deferred_case_waits(reasons: tuple[UnsuitableReason, ...], pause: PauseReason
                                   ) -> None:
    assert pause_for(reasons) is pause


def test_every_shipped_service_has_rules_with_an_authority_each() -> None:
    for service in shipped():
        rules = rules_of(service)
        assert rules.key == f"{service}/1"  # its own, not the one for everybody
        assert len(rules.rules) >= 8
        assert all(rule.authority for rule in rules.rules)
        assert "adult" in {rule.id for rule in rules.rules}
    assert rules_of("nowhere").id == "default"


@pytest.mark.parametrize("service", sorted(shipped()))
def test_the_best_answers_are_suitable_and_each_other_answer_changes_something(service: str
                                                                                ) -> None:
    rules = rules_of(service)
    best = {rule.id: Answer.YES if rule.yes == "passes" else Answer.NO for rule in rules.rules}
    assert findings(rules, best).suggested is Suitability.SUITABLE
    for rule in rules.rules:
        other = Answer.NO if best[rule.id] is Answer.YES else Answer.YES
        found = findings(rules, {**best, rule.id: other})
        assert found.effects[rule.id] is not Effect.PASSES
        if found.effects[rule.id] in (Effect.BLOCKS, Effect.DEFERS):
            assert found.reasons == (UnsuitableReason(rule.reason),)


def test_what_the_services_ask_of_their_own() -> None:
    asked = {service: {rule.id for rule in rules_of(service).rules} for service in shipped()}
    assert "live-case" in asked["intervention-centre"]
    assert {"screening", "acute-danger", "couple-work", "order-length"} <= asked["wwp-model"]
    assert {"one-to-one", "contact-with-children"} <= asked["your-choice"]
    danger = findings(rules_of("wwp-model"), {"acute-danger": Answer.YES})
    assert danger.suggested is Suitability.NOT_SUITABLE
    assert danger.reasons == (UnsuitableReason.RISK_TOO_HIGH,)
    open_case = {rule.id: rule.effect_of(Answer.YES) for rule in
                 rules_of("intervention-centre").rules}["live-case"]
    assert open_case is Effect.NOTE  # the police refer whether or not there is a case


RULE = '''
[[rules]]
id = "one"
question = "One?"
authority = "A"
'''


@pytest.mark.parametrize(("text", "sentence"), [
    (RULE, "rule “one”: no answer means anything"),
    (RULE + 'yes = "note"\nno = "note"\ntext = "T"', "with no answer can it pass"),
    (RULE + 'no = "blocks"', "needs a reason that is one of"),
    (RULE + 'no = "blocks"\nreason = "silly"', "needs a reason that is one of"),
    (RULE + 'no = "note"', "say in “text”"),
    (RULE + 'no = "defers"\nreason = "denies"', "“days” goes with an answer that defers"),
    (RULE + 'no = "blocks"\nreason = "denies"\ndays = 3', "“days” goes with an answer"),
    (RULE + 'no = "shouts"', "rules.0.no"),
    (2 * (RULE + 'no = "note"\ntext = "T"\n'), "“one” stands there twice"),
    ("rules = []", "rules"),
    ("this is no TOML", "cannot be read"),
])
def test_a_set_of_rules_that_is_wrong_says_where(text: str, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('id = "wrong"\nname = "Wrong"\n' + text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load.load(path)
    assert sentence in str(caught.value)
    assert "wrong.toml" in str(caught.value)


def test_a_problem_names_its_line_and_a_file_its_rules(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('id = "wrong"\nname = "Wrong"\n' + RULE + 'no = "shouts"\n', encoding="utf-8")
    with pytest.raises(DefinitionError, match="line 8"):
        load.load(path)
    other = tmp_path / "other.toml"
    other.write_text('id = "wrong"\nname = "Wrong"\n' + RULE + 'no = "note"\ntext = "T"\n',
                     encoding="utf-8")
    with pytest.raises(DefinitionError, match="holds the rules of “wrong”"):
        load.load(other)
    with pytest.raises(DefinitionError, match="cannot be read"):
        load.load(tmp_path / "absent.toml")
