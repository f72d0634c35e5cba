"""The rules of an assessment of risk, as tables and laws."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import casewall.programme.risk as risk
from casewall.programme.risk import words
from casewall.programme.risk.rules import (
    DANGER,
    FACTORS,
    SECTION_WORDS,
    TRIGGER_DAYS,
    Factor,
    Had,
    How,
    Level,
    Rated,
    Rating,
    Said,
    Section,
    Source,
    State,
    Trigger,
    evidence_fits,
    intake_due,
    lacking,
    may_return,
    may_send,
    may_sign,
    missing,
    months_later,
    newly_signalled,
    next_review,
    rating_fits,
    review_due,
    signalled,
    source_fits,
    triggers,
)
from casewall.programme.risk.terms import rules as commissions
from casewall.programme.risk.terms.rules import (
    By,
    CommissionState,
    Response,
    Terms,
    ask_on,
    days_late,
    in_words,
    may_change,
    minor_units,
    terms_fit,
)

TODAY = date(2036, 3, 4)
DAY = timedelta(days=1)
HAD = Said(Had.HAD, TODAY)


def test_every_factor_stands_in_one_part_and_has_its_words() -> None:
    placed = [one for factors in FACTORS.values() for one in factors]
    assert sorted(placed) == sorted(Factor)
    assert set(FACTORS) == set(Section) == set(SECTION_WORDS)
    for kind, said in words.WORDS.items():
        assert set(said) == set(kind), kind
        assert len(set(said.values())) == len(said)
    assert all(words.section_of(one) in Section for one in Factor)
    assert set(words.STATE_TAGS) == set(State)
    assert set(words.TRIGGER_WORDS) == set(Trigger)


def test_a_partner_is_no_source_of_this_side() -> None:
    assert not [one for one in Source if "partner" in one or "victim" in one]
    assert set(words.listed([Source.POLICE, Source.HEALTH]).split(", ")) == {
        "police records", "health care"}


def test_ratings_are_words_and_nothing_in_this_app_adds_them_up() -> None:
    with pytest.raises(TypeError):
        sum(Rating)  # type: ignore[arg-type]
    for path in Path(risk.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {node.func.id for node in ast.walk(tree)
                  if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        named = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert not called & {"sum", "fsum", "reduce", "mean"}, path
        assert not [name for name in named if "total" in name or "points" in name], path


@pytest.mark.parametrize(("said", "allowed", "sentence"), [
    (Said(Had.HAD, TODAY), True, "given"),
    (Said(Had.HAD), False, "on which day"),
    (Said(Had.ASKED), False, "on which day"),
    (Said(Had.ASKED, TODAY + DAY), False, "5 March 2036 has not come yet"),
    (Said(Had.NOT_AVAILABLE, None, " "), False, "why this source"),
    (Said(Had.NOT_AVAILABLE, None, "No answer."), True, "reason"),
])
def test_a_source_says_since_when_or_why_not(said: Said, allowed: bool, sentence: str) -> None:
    decision = source_fits(said, TODAY)
    assert (decision.allowed, sentence in decision.reason) == (allowed, True)


@pytest.mark.parametrize("rating", list(Rating))
@pytest.mark.parametrize("reason", ["", "Not asked today"])
def test_only_a_factor_that_is_left_out_needs_a_reason(rating: Rating, reason: str) -> None:
    fits = rating_fits(Rated(rating, reason))
    assert fits.allowed is (rating is not Rating.OMITTED or bool(reason))


@pytest.mark.parametrize(("text", "day", "allowed"), [
    ("Said so", TODAY, True), (" ", TODAY, False), ("Said so", TODAY + DAY, False)])
def test_evidence_has_words_and_a_day_that_has_come(text: str, day: date, allowed: bool) -> None:
    assert evidence_fits(text, day, TODAY).allowed is allowed


@given(st.dictionaries(st.sampled_from(list(Source)),
                       st.sampled_from(list(Had)).map(lambda had: Said(had, TODAY, "x"))))
def test_a_source_is_missing_unless_it_was_had(sources: dict[Source, Said]) -> None:
    gaps = missing(sources)
    assert set(gaps) == {one for one in Source
                         if one not in sources or sources[one].had is not Had.HAD}
    assert list(gaps) == [one for one in Source if one in gaps]


RATINGS = st.dictionaries(st.sampled_from(list(Factor)), st.sampled_from(list(Rating)).map(Rated))


@given(RATINGS, RATINGS)
def test_danger_is_what_is_possible_or_present_and_raised_once(
        before: dict[Factor, Rated], after: dict[Factor, Rated]) -> None:
    for ratings in (before, after):
        assert signalled(ratings) == {
            one for one in DANGER if one in ratings
            and ratings[one].rating in (Rating.POSSIBLE, Rating.PRESENT)}
    fresh = newly_signalled(before, after)
    assert set(fresh) == signalled(after) - signalled(before)
    assert newly_signalled(after, after) == ()


WHOLE = {one: Rated(Rating.ABSENT) for one in Factor}
TEXTS = dict.fromkeys(Section, "Written.")


def test_what_an_assessment_lacks_is_said_part_by_part() -> None:
    every = dict.fromkeys(Source, HAD)
    assert lacking(every, WHOLE, TEXTS, Level.HIGH, "Because.", "Do this.") == []
    said = " ".join(lacking({}, {}, {}, None, " ", ""))
    for words_of in ("No source has been had", "Sources: 7 of 7", "10 of 10 factors",
                     "Children: nothing has been written", "No level", "no reasoning",
                     "no recommendation"):
        assert words_of in said
    not_had = dict.fromkeys(Source, Said(Had.ASKED, TODAY))
    assert len(lacking(not_had, WHOLE, TEXTS, Level.LOW, "x", "x")) == 1


@pytest.mark.parametrize("state", list(State))
def test_each_step_belongs_to_its_state(state: State) -> None:
    assert may_send(state, []).allowed is (state is State.DRAFT)
    assert not may_send(state, ["No level has been judged."])
    assert may_sign(state, False).allowed is (state is State.WAITING)
    assert not may_sign(state, True)
    assert may_return(state, "Change it").allowed is (state is State.WAITING)
    assert not may_return(state, " ")


@pytest.mark.parametrize(("day", "months", "later"), [
    (date(2036, 3, 4), 3, date(2036, 6, 4)),
    (date(2036, 11, 30), 3, date(2037, 2, 28)),
    (date(2035, 11, 30), 3, date(2036, 2, 29)),
    (date(2036, 12, 31), 1, date(2037, 1, 31)),
    (date(2036, 9, 15), 4, date(2037, 1, 15)),
])
def test_months_end_on_a_day_that_the_month_has(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_review_comes_within_three_months(signed_on: date) -> None:
    assert 88 <= (next_review(signed_on) - signed_on).days <= 92
    assert intake_due(signed_on) - signed_on == 28 * DAY


DAYS = st.lists(st.dates(TODAY, TODAY + 200 * DAY), max_size=4)


@given(DAYS, DAYS, DAYS)
def test_something_new_brings_the_review_forward_and_never_back(
        incidents: list[date], missed: list[date], told: list[date]) -> None:
    found = triggers(incidents, missed, told)
    assert (Trigger.INCIDENT in found) is bool(incidents)
    assert (Trigger.MISSED_SESSIONS in found) is (len(missed) >= 2)
    assert (Trigger.PROCEEDING in found) is bool(told)
    if Trigger.MISSED_SESSIONS in found:
        assert found[Trigger.MISSED_SESSIONS] == sorted(missed)[1]
    review_on = next_review(TODAY)
    due = review_due(review_on, found)
    assert due == min([review_on, *(day + TRIGGER_DAYS * DAY for day in found.values())])


def test_how_and_levels_are_the_ones_that_were_agreed() -> None:
    assert [one.value for one in Level] == ["low", "medium", "high", "very_high"]
    assert [one.value for one in State] == ["draft", "waiting", "signed", "superseded"]
    assert len(How) == 4


# --- commissions ---------------------------------------------------------------------------------

TERMS = Terms(By.COURT, "Opdigtet ret", "C-1", 125_000, "EUR", TODAY, TODAY + 28 * DAY)


@pytest.mark.parametrize(("changes", "sentence"), [
    ({}, "whole"),
    ({"price": None, "currency": ""}, "No price"),
    ({"commissioned_by": " "}, "who commissions it"),
    ({"asked_on": TODAY + DAY}, "has not come yet"),
    ({"due_on": TODAY - DAY}, "before it was asked"),
    ({"price": commissions.MOST + 1}, "too high"),
    ({"currency": "euro"}, "three capitals"),
])
def test_a_commission_says_what_it_must(changes: dict[str, object], sentence: str) -> None:
    from dataclasses import replace

    decision = terms_fit(replace(TERMS, **changes), TODAY)  # type: ignore[arg-type]
    assert sentence in decision.reason
    assert decision.allowed is (sentence in ("whole", "No price"))


@pytest.mark.parametrize(("typed", "units"), [
    ("1250", 125_000), ("1,250.50", 125_050), ("1 250.5", 125_050), ("0", 0), ("-1", None),
    ("1.234,50", None), ("", None), ("x", None)])
def test_an_amount_is_read_as_it_is_typed(typed: str, units: int | None) -> None:
    assert minor_units(typed) == units


@given(st.integers(0, commissions.MOST))
def test_a_price_is_shown_as_it_can_be_typed(units: int) -> None:
    assert minor_units(in_words(units, "EUR").removeprefix("EUR ")) == units


def test_no_price_is_said() -> None:
    assert in_words(None, "") == "no price agreed"


@pytest.mark.parametrize("state", list(CommissionState))
def test_only_an_open_commission_changes(state: CommissionState) -> None:
    assert may_change(state).allowed is (state is CommissionState.OPEN)
    assert set(commissions.STATE_TAGS) == set(CommissionState)


def test_lateness_counts_until_the_delivery_or_today() -> None:
    assert days_late(TODAY, None, TODAY + 3 * DAY) == 3
    assert days_late(TODAY, TODAY + DAY, TODAY + 3 * DAY) == 1
    assert days_late(TODAY, TODAY - DAY, TODAY + 3 * DAY) == 0
    assert ask_on(TODAY) == TODAY + 14 * DAY


@pytest.mark.parametrize(("response", "said"), [
    (Response(0, 0, 0), "Nobody has been asked yet."),
    (Response(7, 0, 0), "0 of 7 readers have answered (0%)."),
    (Response(7, 3, 2), "3 of 7 readers have answered (43%); 2 of these 3 found the report very "
                        "useful (67%)."),
])
def test_silence_is_not_counted_as_an_answer(response: Response, said: str) -> None:
    assert response.words() == said
