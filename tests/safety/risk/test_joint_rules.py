"""Levels, clocks and triggers: every row of the tables, and the laws that hold for all facts."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.programme.incidents.rules import AHEAD_DAYS, ENDS_ON_A_DAY, Form, Kind
from casewall.safety.partners.danger import DANGERS, Danger, in_order, sign_of_answer
from casewall.safety.pulled.rules import (
    DROPPED_OUT,
    OWN_LEVELS,
    notice_of_incident,
    own_is_raised,
    own_order,
)
from casewall.safety.risk.rules import (
    LEVELS,
    SOURCES,
    TRIGGERS,
    WORDS_OF_TRIGGER,
    Fact,
    Found,
    Judged,
    Level,
    Of,
    SourceOf,
    Trigger,
    first_review_by,
    late_words,
    level_order,
    may_act,
    may_judge,
    may_review_on,
    may_settle,
    missing,
    next_review,
    trend,
    triggers_of,
)
from casewall.safety.risk.vulnerable.rules import (
    NEEDED_SECTIONS,
    SECTIONS,
    Basis,
    Section,
    Standing,
    may_be_written,
    may_hand_in,
    may_sign,
)

DAY = date(2036, 3, 11)
ONE = timedelta(days=1)
LONG_AGO = DAY - timedelta(days=90)
ABSENT = "absent_not_accepted"


def kinds(facts: list[Fact], since: date = LONG_AGO, today: date = DAY) -> set[Trigger]:
    return {one.trigger for one in triggers_of(facts, since, today)}


def fact(of: Of, *codes: str, on: date = DAY) -> Fact:
    return Fact(of, uuid4(), on, codes)


def test_every_level_source_trigger_and_sign_has_its_words_and_authority() -> None:
    assert set(LEVELS) == set(Level)
    assert set(SOURCES) == set(SourceOf)
    assert [one.trigger for one in TRIGGERS] == list(Trigger)
    assert set(WORDS_OF_TRIGGER) == {one.value for one in Trigger}
    assert all(one.words and one.authority for one in TRIGGERS)
    assert set(DANGERS) == set(Danger)
    assert set(SECTIONS) == set(Section)


def test_levels_are_in_order_and_an_unjudged_one_is_below_all() -> None:
    assert [level_order(one) for one in ("", *Level)] == [0, 1, 2, 3, 4]
    assert [own_order(one) for one in ("", "unheard_of", *OWN_LEVELS)] == [0, 0, 1, 2, 3, 4]


@pytest.mark.parametrize(("before", "after"), list(product(("", *OWN_LEVELS), OWN_LEVELS)))
def test_the_programme_s_level_is_news_where_it_rises_or_begins_high(
    before: str, after: str
) -> None:
    expected = own_order(after) > own_order(before) if before else after in ("high", "very_high")
    assert own_is_raised(before, after) is expected


@pytest.mark.parametrize(
    ("signs", "days", "taken_back", "kind"),
    [
        ("weapon", 400, False, "tell_danger"),
        ("weapon", 0, True, None),
        ("", 30, False, "tell_incident"),
        ("", 31, False, None),
    ],
)
def test_violence_that_the_programme_hears_of_is_told(
    signs: str, days: int, taken_back: bool, kind: str | None
) -> None:
    assert notice_of_incident(signs, DAY - days * ONE, DAY, taken_back) == kind


@pytest.mark.parametrize(
    ("of", "codes", "expected"),
    [
        (Of.RELATION_ENDED, (), {Trigger.SEPARATION}),
        (Of.UNBORN_CHILD, (), {Trigger.PREGNANCY}),
        (Of.NEW_PARTNER, (), {Trigger.NEW_PARTNER}),
        (Of.DISCLOSED, (), {Trigger.DISCLOSURE}),
        (Of.INCIDENT, (Form.PHYSICAL,), {Trigger.DISCLOSURE}),
        (Of.INCIDENT, (Form.STALKING,), {Trigger.DISCLOSURE, Trigger.STALKING}),
        (Of.INCIDENT, ("strangulation",), {Trigger.DISCLOSURE, Trigger.STRANGULATION}),
        (Of.SIGNAL, (Danger.SUICIDALITY,), {Trigger.SUICIDALITY}),
        (Of.SIGNAL, (Danger.WEAPON, Danger.STRANGULATION), {Trigger.DANGER, Trigger.STRANGULATION}),
        (Of.EXIT, ("withdrew",), {Trigger.LEFT}),
        (Of.EXIT, ("completed",), set()),
        (Of.OWN_LEVEL, ("high",), {Trigger.LEVEL_RAISED}),
        (Of.OWN_LEVEL, ("low",), set()),
        (Of.MARK, (ABSENT,), set()),
    ],
)
def test_each_kind_of_fact_triggers_what_it_says(
    of: Of, codes: tuple[str, ...], expected: set[Trigger]
) -> None:
    assert kinds([fact(of, *codes)]) == expected
    assert kinds([fact(of, *codes, on=LONG_AGO - ONE)]) == set()


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("of", [Of.PROCEEDING_BEGAN, Of.PROCEEDING_ENDED])
def test_an_order_that_begins_or_ends_triggers(of: Of, kind: Kind) -> None:
    assert kinds([fact(of, kind)]) == ({Trigger.ORDER} if kind in ENDS_ON_A_DAY else set())


@pytest.mark.parametrize("days", [-1, 0, 1, AHEAD_DAYS, AHEAD_DAYS + 1])
def test_a_hearing_triggers_when_it_is_near(days: int) -> None:
    near = 0 <= days <= AHEAD_DAYS
    assert kinds([fact(Of.COURT_DAY, on=DAY + days * ONE)]) == (
        {Trigger.COURT_DATE} if near else set()
    )


def test_two_sessions_missed_in_a_row_trigger_and_one_that_was_kept_begins_anew() -> None:
    marks = [
        fact(Of.MARK, outcome, on=DAY - days * ONE)
        for days, outcome in ((30, ABSENT), (23, "present"), (16, ABSENT), (9, ABSENT), (2, ABSENT))
    ]
    found = triggers_of(marks, LONG_AGO, DAY)
    assert [(one.trigger, one.fact) for one in found] == [
        (Trigger.MISSED_SESSIONS, marks[3].id), (Trigger.MISSED_SESSIONS, marks[4].id)
    ]  # fmt: skip
    assert kinds(marks[:3]) == set()
    assert kinds(marks, since=DAY - ONE) == set()


def test_a_level_that_rises_between_two_assessments_triggers_once() -> None:
    levels = [fact(Of.OWN_LEVEL, level, on=DAY - days * ONE)
              for days, level in ((40, "low"), (20, "medium"), (10, "medium"))]  # fmt: skip
    assert [one.fact for one in triggers_of(levels, LONG_AGO, DAY)] == [levels[1].id]
    assert kinds(levels, since=DAY - 5 * ONE) == set()


CODES = [*Danger, *Form, *Kind, *DROPPED_OUT, *OWN_LEVELS, ABSENT, "present", "completed"]


@st.composite
def any_facts(draw: st.DrawFn) -> list[Fact]:
    made = []
    for _ in range(draw(st.integers(0, 8))):
        of = draw(st.sampled_from(list(Of)))
        codes = (
            (draw(st.sampled_from(OWN_LEVELS)),)
            if of is Of.OWN_LEVEL
            else tuple(draw(st.lists(st.sampled_from(CODES), max_size=3)))
        )
        on = DAY + draw(st.integers(-200, 40)) * ONE
        made.append(Fact(of, UUID(int=draw(st.integers(1, 2**64)), version=4), on, codes))
    return made


@given(any_facts(), st.integers(0, 200))
def test_a_trigger_is_found_once_in_order_and_never_before_it_counts(
    facts: list[Fact], days: int
) -> None:
    since = DAY - days * ONE
    found = triggers_of(facts, since, DAY)
    assert found == sorted(set(found))
    assert all(one.on >= since for one in found)
    assert {one.fact for one in found} <= {one.id for one in facts}
    assert set(triggers_of(reversed(facts), since, DAY)) == set(found)
    assert set(found) <= set(triggers_of(facts, since - ONE, DAY))


def test_the_same_record_has_the_same_identifier_in_one_picture_only() -> None:
    one, risk, other = Found(DAY, Trigger.ORDER, uuid4()), uuid4(), uuid4()
    assert one.id_for(risk) == one.id_for(risk) != one.id_for(other)


def test_the_clock_is_fourteen_days_then_three_months_at_the_most() -> None:
    assert first_review_by(DAY) == DAY + 14 * ONE
    assert next_review(DAY, None) == date(2036, 6, 11)
    assert next_review(DAY, DAY + ONE) == DAY + ONE
    assert may_review_on(DAY, None)
    assert may_review_on(DAY, date(2036, 6, 11))
    assert "lies after" in may_review_on(DAY, DAY).reason
    assert "11 June 2036" in may_review_on(DAY, date(2036, 6, 12)).reason


@pytest.mark.parametrize(
    ("judged", "sentence"),
    [
        (Judged("", Level.STANDARD, " ", "", ""), "why the level is"),
        (Judged("", Level.HIGH, "x", " ", ""), "there is a plan"),
        (Judged("high", Level.MEDIUM, "x", "", " "), "goes down"),
        (Judged("high", Level.MEDIUM, "x", "", "y", 1), "A sign of danger waits"),
        (Judged("high", Level.MEDIUM, "x", "", "y"), ""),
        (Judged("high", Level.VERY_HIGH, "x", "y", "", 2), ""),
        (Judged("", Level.MEDIUM, "x", "", ""), ""),
    ],
)
def test_a_judgement_has_reasons_and_goes_down_with_care(judged: Judged, sentence: str) -> None:
    decision = may_judge(judged)
    assert bool(decision) is not sentence or not sentence
    assert sentence in decision.reason


def test_missing_sources_are_all_that_nobody_has() -> None:
    assert missing([]) == tuple(SourceOf)
    assert missing([one.value for one in SourceOf]) == ()
    assert SourceOf.POLICE not in missing(["police"])


def test_days_are_said_in_words() -> None:
    assert late_words(DAY - 3 * ONE, DAY) == "review 3 days late"
    assert late_words(DAY - ONE, DAY) == "review 1 day late"
    assert late_words(DAY, DAY) == "review due today"
    assert late_words(DAY + ONE, DAY) == "next review 12 March 2036"


def test_the_trend_says_less_more_or_as_before() -> None:
    assert "No session" in trend([])
    assert trend([True, False]) == "Came to 1 of the last 2."
    assert "less than before: 4 of 4" in trend([True] * 4 + [False] * 4)
    assert "more than before: 0 of 4" in trend([False] * 4 + [True] * 4)
    assert "as before: 2 of 2" in trend([True] * 6)


def test_an_action_has_a_doer_and_a_day_and_an_outcome_in_words() -> None:
    assert may_act("Call", True, DAY, DAY)
    assert "what is to be done" in may_act(" ", True, DAY, DAY).reason
    assert "who does it" in may_act("Call", False, DAY, DAY).reason
    assert "is over" in may_act("Call", True, DAY - ONE, DAY).reason
    assert may_settle("Done.")
    assert not may_settle(" ")


@pytest.mark.parametrize(
    ("link_id", "sign"),
    [
        ("abuse-experienced-strangled", Danger.STRANGULATION),
        ("abuse-experienced-weapon", Danger.WEAPON),
        ("abuse-experienced-threats", Danger.THREAT_TO_KILL),
        ("abuse-experienced-threats-severity", Danger.SERIOUS_HARM),
        ("abuse-experienced-stalking-severity", Danger.STALKING),
        ("impact-partner-children-harmed", Danger.CHILD_HURT),
        ("phq-9-9", Danger.SUICIDALITY),
        ("safety-4", Danger.FEAR),
        ("another-question", Danger.OTHER),
    ],
)
def test_an_alert_of_a_question_is_a_sign(link_id: str, sign: Danger) -> None:
    assert sign_of_answer(link_id) is sign
    assert in_order(["weapon", sign.value]) == tuple(
        one for one in Danger if one in (Danger.WEAPON, sign)
    )


@pytest.mark.parametrize(("basis", "consented"), list(product(Basis, (True, False))))
def test_an_assessment_needs_consent_or_a_law_and_a_reason(basis: Basis, consented: bool) -> None:
    assert bool(may_be_written(basis, consented, "why", "§ 1")) is (
        consented or basis is not Basis.CONSENT
    )
    if not consented and basis is not Basis.CONSENT:
        assert "why it is made" in may_be_written(basis, False, " ", "§ 1").reason
        assert "Write which law" in may_be_written(basis, False, "why", " ").reason


def test_a_draft_is_handed_in_whole_and_signed_by_another() -> None:
    whole = {one.value: "x" for one in NEEDED_SECTIONS}
    assert may_hand_in(whole)
    assert "Violence suffered" in may_hand_in({**whole, "violence": " "}).reason
    for standing in Standing:
        assert bool(may_sign(standing, 1, 2)) is (standing is Standing.WAITING)
    assert "second person" in may_sign(Standing.WAITING, 1, 1).reason
