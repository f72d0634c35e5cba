"""The rules of incidents and proceedings, without a database."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.outcomes import tables
from casewall.programme.incidents import rules
from casewall.programme.incidents.rules import (
    PROGRAMME_SOURCES,
    SAFETY_SOURCES,
    Custody,
    DayOutcome,
    Ended,
    Follows,
    Form,
    Kind,
    Severity,
    Sign,
    Source,
    Span,
    days_at_risk,
    days_within,
    ends_well,
    is_re_offence,
    is_whole,
    may_decide,
    merged,
    outcome_fits,
    proceeding_fits,
    review_due,
    span_fits,
)
from casewall.programme.incidents.words import in_order, listed, split, words_of

TODAY = date(2036, 3, 4)
DAY = timedelta(days=1)


def test_the_forms_are_those_of_the_extract() -> None:
    assert tuple(form.value for form in Form) == get_args(tables.Form)


def test_no_side_but_safety_hears_from_a_partner() -> None:
    assert Source.PARTNER not in PROGRAMME_SOURCES
    assert Source.PARTNER in SAFETY_SOURCES


@pytest.mark.parametrize(("forms", "signs", "happened", "told", "says"), [
    ([], [], TODAY, TODAY, "at least one form"),
    ([Form.THREATS], [Sign.STRANGULATION], TODAY, TODAY, "Strangulation is physical violence"),
    ([Form.PHYSICAL], [Sign.THREAT_TO_KILL], TODAY, TODAY, "is a threat: choose"),
    ([Form.PHYSICAL], [], TODAY, TODAY + DAY, "has not come yet: 5 March 2036"),
    ([Form.PHYSICAL], [], TODAY, TODAY - DAY, "cannot have happened after that"),
    ([Form.PHYSICAL], [], date(1936, 3, 4), TODAY, "too long ago"),
])
def test_an_incident_that_is_not_whole_is_refused_in_words(
        forms: list[Form], signs: list[Sign], happened: date, told: date, says: str) -> None:
    decision = is_whole(forms, signs, happened, told, TODAY)
    assert not decision
    assert says in decision.reason


def test_an_incident_may_be_told_long_after_it_happened() -> None:
    assert is_whole([Form.PHYSICAL, Form.CONTROL], [Sign.STRANGULATION, Sign.WEAPON],
                    TODAY - 900 * DAY, TODAY, TODAY)


def test_new_violence_counts_from_the_day_of_the_referral_on() -> None:
    assert is_re_offence(TODAY, TODAY)
    assert not is_re_offence(TODAY - DAY, TODAY)


def test_a_sign_of_danger_is_looked_at_today_and_new_violence_within_days() -> None:
    assert review_due([Sign.WEAPON], False, TODAY) == TODAY
    assert review_due([], True, TODAY) == TODAY + rules.REVIEW_DAYS * DAY
    assert review_due([], False, TODAY) is None


def test_a_decision_has_a_reason_and_an_incident_is_not_taken_back_by_deciding() -> None:
    assert may_decide(Follows.GO_ON, "Opdigtet reason")
    assert "Say in words" in may_decide(Follows.GO_ON, "  ").reason
    assert "by correcting it" in may_decide(Follows.TAKEN_BACK, "x").reason


@pytest.mark.parametrize(("kind", "began", "until", "says"), [
    (Kind.BAIL, TODAY + DAY, None, "has not come yet"),
    (Kind.BAIL, date(1940, 1, 1), None, "too long ago"),
    (Kind.BAIL, TODAY, TODAY - DAY, "before it began"),
    (Kind.CHARGE, TODAY, TODAY + DAY, "Only bail and a protective order"),
])
def test_days_of_a_proceeding_that_do_not_fit_are_refused(
        kind: Kind, began: date, until: date | None, says: str) -> None:
    decision = proceeding_fits(kind, began, until, TODAY)
    assert not decision
    assert says in decision.reason


def test_an_order_holds_until_a_day_and_a_charge_just_goes_on() -> None:
    assert proceeding_fits(Kind.PROTECTIVE_ORDER, TODAY - DAY, TODAY + 90 * DAY, TODAY)
    assert proceeding_fits(Kind.CHARGE, TODAY - DAY, None, TODAY)


@pytest.mark.parametrize(("ended", "how", "says"), [
    (TODAY, None, "both, or neither"),
    (None, Ended.EXPIRED, "both, or neither"),
    (TODAY - 9 * DAY, Ended.EXPIRED, "before it began"),
    (TODAY + DAY, Ended.EXPIRED, "has not come yet"),
])
def test_an_end_that_does_not_fit_is_refused(
        ended: date | None, how: Ended | None, says: str) -> None:
    decision = ends_well(TODAY - 5 * DAY, ended, how, TODAY)
    assert not decision
    assert says in decision.reason


def test_a_proceeding_goes_on_or_has_ended() -> None:
    assert ends_well(TODAY, None, None, TODAY)
    assert ends_well(TODAY - DAY, TODAY, Ended.CONVICTED, TODAY)


def test_before_its_day_a_hearing_can_only_be_called_off() -> None:
    assert not outcome_fits(TODAY + DAY, DayOutcome.DECIDED, TODAY)
    assert outcome_fits(TODAY + DAY, DayOutcome.CALLED_OFF, TODAY)
    assert outcome_fits(TODAY, DayOutcome.DECIDED, TODAY)


@pytest.mark.parametrize(("first", "last", "says"), [
    (TODAY + DAY, None, "have not come yet"),
    (TODAY, TODAY + DAY, "have not come yet"),
    (date(1940, 1, 1), None, "too long ago"),
    (TODAY, TODAY - DAY, "cannot lie before the first"),
])
def test_a_span_lies_behind_us_in_order(first: date, last: date | None, says: str) -> None:
    decision = span_fits(Span(first, last), TODAY)
    assert not decision
    assert says in decision.reason


def test_a_span_may_go_on_or_be_one_day() -> None:
    assert span_fits(Span(TODAY), TODAY)
    assert span_fits(Span(TODAY, TODAY), TODAY)


def _spans() -> st.SearchStrategy[list[Span]]:
    day = st.integers(0, 60).map(lambda n: TODAY + n * DAY)
    one = st.tuples(day, st.one_of(st.none(), st.integers(0, 20))).map(
        lambda pair: Span(pair[0], None if pair[1] is None else pair[0] + pair[1] * DAY))
    return st.lists(one, max_size=6)


def _is_in(span: Span, day: date) -> bool:
    return span.first_on <= day and (span.last_on is None or day <= span.last_on)


@given(_spans(), st.integers(0, 60), st.integers(0, 40))
def test_days_at_risk_and_in_custody_make_the_window(
        spans: list[Span], begins: int, length: int) -> None:
    first = TODAY + begins * DAY
    last = first + length * DAY
    window = [first + n * DAY for n in range(length + 1)]
    inside = sum(any(_is_in(span, day) for span in spans) for day in window)
    assert days_within(spans, first, last) == inside
    assert days_at_risk(spans, first, last) == len(window) - inside


@given(_spans())
def test_merged_spans_hold_the_same_days_and_lie_apart(spans: list[Span]) -> None:
    found = merged(spans)
    for n in range(100):
        day = TODAY + n * DAY
        assert any(_is_in(s, day) for s in spans) == any(_is_in(s, day) for s in found)
    for one, later in pairwise(found):
        assert one.last_on is not None
        assert one.last_on + DAY < later.first_on


def test_a_window_that_ends_before_it_begins_has_no_days() -> None:
    assert days_at_risk([], TODAY, TODAY - DAY) == 0


def test_every_code_has_words_and_lists_keep_their_order() -> None:
    for kind in (Form, Sign, Source, Kind, Ended, DayOutcome, Follows, Custody, Severity):
        said = [words_of(kind, member) for member in kind]
        assert all(said)
        assert len(set(said)) == len(said)
    kept = in_order(Form, [Form.THREATS, Form.PHYSICAL, Form.THREATS])
    assert kept == "physical,threats"
    assert split(kept) == ["physical", "threats"]
    assert split("") == []
    assert listed(Form, kept) == "Physical violence; Threats"
