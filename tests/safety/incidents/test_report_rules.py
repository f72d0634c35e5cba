"""The way of a report of new violence, without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.programme.incidents.rules import Sign, Source
from casewall.safety.incidents.rules import (
    DAYS,
    ENDED_BY_HAND,
    Authority,
    Consent,
    EndedBecause,
    Ground,
    Reached,
    Standing,
    Step,
    Suffered,
    danger_words,
    may_end,
    may_record_ground,
    may_tell,
    next_step,
    opens_report,
    step_due,
)
from casewall.safety.incidents.words import worded, words_of

TODAY = date(2036, 3, 11)
STANDINGS = st.builds(
    Standing,
    consent=st.sampled_from(Consent),
    ground=st.one_of(st.none(), st.sampled_from(Ground)),
    tries=st.lists(st.sampled_from(Reached), max_size=3).map(tuple),
    told=st.booleans(),
    ended=st.booleans(),
)


@given(STANDINGS)
def test_no_authority_is_told_without_consent_or_a_ground_and_an_attempt(at: Standing) -> None:
    may = bool(may_tell(at))
    by_right = at.consent is Consent.YES or (at.ground is not None and len(at.tries) > 0)
    assert may == (by_right and not at.ended)


@given(STANDINGS)
def test_the_next_step_is_to_tell_only_where_telling_is_allowed(at: Standing) -> None:
    step = next_step(at)
    if step is Step.TELL:
        assert may_tell(at)
        assert not at.told
    if at.told and not at.ended and at.consent is not Consent.YES:
        assert step in (Step.DONE, Step.TELL_AFTERWARDS)
        assert (step is Step.DONE) == (Reached.TOLD in at.tries)
    assert (step is Step.DONE) == (step_due(step, False, TODAY) is None)


@pytest.mark.parametrize(
    ("at", "step"),
    [
        (Standing(), Step.ASK),
        (Standing(consent=Consent.NO), Step.DECIDE),
        (Standing(ground=Ground.LIFE_IN_DANGER), Step.TRY),
        (Standing(consent=Consent.NO, ground=Ground.LAW_REQUIRES), Step.TRY),
        (Standing(ground=Ground.COURT_ORDER, tries=(Reached.NOT_SAFE,)), Step.TELL),
        (Standing(consent=Consent.YES), Step.TELL),
        (Standing(consent=Consent.YES, told=True), Step.DONE),
        (Standing(ended=True), Step.DONE),
        (
            Standing(ground=Ground.CHILD_IN_DANGER, tries=(Reached.NOT_REACHED,), told=True),
            Step.TELL_AFTERWARDS,
        ),
    ],
)
def test_each_standing_has_its_next_step(at: Standing, step: Step) -> None:
    assert next_step(at) is step


@pytest.mark.parametrize(
    ("at", "says"),
    [
        (Standing(), "has not consented"),
        (Standing(consent=Consent.NO), "record the legal ground"),
        (Standing(ground=Ground.COURT_ORDER), "Try to tell the partner first"),
        (Standing(consent=Consent.YES, ended=True), "Nothing more was to be done"),
    ],
)
def test_what_may_not_be_told_yet_says_why(at: Standing, says: str) -> None:
    assert says in may_tell(at).reason


def test_a_ground_has_a_reason_and_is_not_recorded_over_consent() -> None:
    assert may_record_ground(Standing(), "Opdigtet reason")
    assert "in words" in may_record_ground(Standing(), " ").reason
    assert "no other ground" in may_record_ground(Standing(consent=Consent.YES), "x").reason


@pytest.mark.parametrize(
    ("at", "because", "says"),
    [
        (Standing(), EndedBecause.TAKEN_BACK, "by correcting it"),
        (Standing(), EndedBecause.PARTNER_SAID_NO, "has not said no"),
        (Standing(told=True), EndedBecause.CANNOT_BE_TOLD, "only after an authority was told"),
        (Standing(tries=(Reached.NOT_SAFE,)), EndedBecause.CANNOT_BE_TOLD, "only after"),
    ],
)
def test_a_report_does_not_end_for_a_reason_that_does_not_hold(
    at: Standing, because: EndedBecause, says: str
) -> None:
    decision = may_end(at, because)
    assert not decision
    assert says in decision.reason


def test_a_report_ends_for_a_reason_that_holds() -> None:
    assert may_end(Standing(), EndedBecause.KNOWN_ALREADY)
    assert may_end(Standing(consent=Consent.NO), EndedBecause.PARTNER_SAID_NO)
    told = Standing(told=True, tries=(Reached.NOT_SAFE,))
    assert may_end(told, EndedBecause.CANNOT_BE_TOLD)
    assert EndedBecause.TAKEN_BACK not in ENDED_BY_HAND


def test_new_violence_and_danger_begin_a_report_and_the_police_know_already() -> None:
    before = TODAY - timedelta(days=1)
    assert opens_report(Source.PARTNER, [], TODAY, TODAY)
    assert not opens_report(Source.PARTNER, [], before, TODAY)
    assert opens_report(Source.AGENCY, [Sign.WEAPON], before, TODAY)
    assert not opens_report(Source.POLICE, [Sign.WEAPON], TODAY, TODAY)


def test_each_step_has_its_day_and_with_danger_it_is_today() -> None:
    for step in set(Step) - {Step.DONE}:
        assert step_due(step, True, TODAY) == TODAY
        assert step_due(step, False, TODAY) == TODAY + timedelta(days=DAYS[step])
    assert step_due(Step.DONE, True, TODAY) is None


def test_a_task_about_danger_names_the_signs_only() -> None:
    assert danger_words(["A threat to kill", "A child was hurt"]) == (
        "In an incident: a threat to kill; a child was hurt."
    )


def test_every_code_has_words_of_its_own() -> None:
    for kind in (Suffered, Consent, Ground, Reached, Authority, EndedBecause, Step):
        said = [words for _, words in worded(kind)]
        assert len(set(said)) == len(said)
        assert all(said)
    assert words_of(Authority, "police") == "Police"
