"""The rules about children: days, answers, consent, and how children are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.safety.children import rules
from casewall.safety.children.rules import (
    ANSWERS,
    Adult,
    Asked,
    ChildFact,
    Consent,
    ConsentBy,
    FileFact,
    Of,
    Plan,
    age_on,
    answer_fits,
    birth_fits,
    children_known,
    consent_fits,
    count_children,
    holding_on,
    may_be_same,
    may_be_supported,
    may_begin,
    plan_fits,
    referral_fits,
    session_fits,
)
from casewall.safety.children.words import answer_words, words_of

TODAY = date(2036, 3, 11)
SMALL, GROWN, OLD = date(2028, 2, 1), date(2016, 3, 11), date(2009, 3, 10)


def test_a_child_of_29_february_is_a_year_older_on_1_march() -> None:
    assert age_on(date(2028, 2, 29), date(2029, 2, 28)) == 0
    assert age_on(date(2028, 2, 29), date(2029, 3, 1)) == 1


@pytest.mark.parametrize(("born", "due", "says"), [
    (None, None, ""),
    (SMALL, None, ""),
    (None, TODAY + timedelta(days=300), ""),
    (SMALL, TODAY, "born or expected"),
    (TODAY + timedelta(days=1), None, "12 March 2036 has not come yet"),
    (date(2001, 1, 1), None, "older than 25"),
    (None, TODAY + timedelta(days=301), "too far ahead"),
])
def test_a_day_of_birth_fits_or_says_why_not(
        born: date | None, due: date | None, says: str) -> None:
    decision = birth_fits(born, due, TODAY)
    assert bool(decision) is not bool(says)
    assert says in decision.reason


def test_a_plan_can_hold_before_a_birth_and_not_years_before() -> None:
    assert plan_fits(SMALL - timedelta(days=100), SMALL)
    assert plan_fits(SMALL - timedelta(days=1000), None)
    assert not plan_fits(SMALL - timedelta(days=301), SMALL)


@dataclass(frozen=True)
class Row:
    since: date
    name: str


def test_the_latest_that_has_begun_holds_and_of_one_day_the_later_written() -> None:
    old, new, typed_twice = Row(TODAY, "a"), Row(TODAY + timedelta(days=9), "b"), Row(TODAY, "c")
    assert holding_on([], TODAY) is None
    assert holding_on([new], TODAY) is None
    assert holding_on([new, old], TODAY) is old
    assert holding_on([new, old], new.since) is new
    assert holding_on([old, typed_twice], TODAY) is typed_twice


@settings(deadline=None)
@given(st.lists(st.integers(0, 30)), st.integers(0, 30))
def test_what_is_written_for_later_never_changes_what_held(days: list[int], day: int) -> None:
    rows = [Row(TODAY + timedelta(days=one), str(place)) for place, one in enumerate(days)]
    at = TODAY + timedelta(days=day)
    later = Row(at + timedelta(days=1), "later")
    assert holding_on(rows, at) is holding_on([*rows, later], at)


def test_every_question_has_unknown_as_an_answer_of_its_own() -> None:
    for of in Of:
        assert answer_fits(of, "unknown")
    assert not answer_fits(Of.RESPONSIBILITY, "part")
    assert "no answer to lives with" in answer_fits(Of.LIVES_WITH, "supervised").reason


def test_two_records_become_one_child_in_one_step_only() -> None:
    one, two = uuid4(), uuid4()
    assert may_be_same(one, two, other_is_same_as=None, has_same=False)
    assert not may_be_same(one, one, other_is_same_as=None, has_same=False)
    assert not may_be_same(one, two, other_is_same_as=uuid4(), has_same=False)
    assert not may_be_same(one, two, other_is_same_as=None, has_same=True)


@pytest.mark.parametrize(("born", "due", "young_adults", "says"), [
    (SMALL, None, False, ""),
    (None, None, False, ""),
    (GROWN, None, True, ""),
    (None, TODAY, True, "not born yet"),
    (GROWN, None, False, "nobody over 17"),
    (OLD, None, True, "nobody over 25"),
])
def test_the_service_says_up_to_which_age_it_works(
        born: date | None, due: date | None, young_adults: bool, says: str) -> None:
    decision = may_be_supported(born, due, TODAY, young_adults=young_adults)
    assert bool(decision) is not bool(says)
    assert says in decision.reason


@pytest.mark.parametrize(("by", "born", "adult", "responsible", "says"), [
    (ConsentBy.ADULT, SMALL, Adult.PARTNER, "yes", ""),
    (ConsentBy.ADULT, None, Adult.OTHER, "yes", ""),
    (ConsentBy.AUTHORITY, SMALL, None, "unknown", ""),
    (ConsentBy.YOUNG_ADULT, GROWN, None, "unknown", ""),
    (ConsentBy.YOUNG_ADULT, SMALL, None, "unknown", "under 18"),
    (ConsentBy.YOUNG_ADULT, None, None, "unknown", "under 18"),
    (ConsentBy.ADULT, GROWN, Adult.PARTNER, "yes", "decides alone"),
    (ConsentBy.ADULT, SMALL, None, "unknown", "which adult"),
    (ConsentBy.ADULT, SMALL, Adult.CLIENT, "yes", "client is not asked"),
    (ConsentBy.ADULT, SMALL, Adult.PARTNER, "unknown", "not recorded"),
    (ConsentBy.ADULT, SMALL, Adult.PARTNER, "no", "not recorded"),
])
def test_consent_comes_from_whoever_may_give_it(
        by: ConsentBy, born: date | None, adult: Adult | None, responsible: str, says: str
) -> None:
    decision = consent_fits(by, born=born, on=TODAY, adult=adult, responsible=responsible)
    assert bool(decision) is not bool(says)
    assert says in decision.reason


@settings(deadline=None)
@given(st.sampled_from(ConsentBy), st.one_of(st.none(), st.dates(date(2005, 1, 1), TODAY)),
       st.sampled_from(["yes", "no", "unknown"]))
def test_the_client_s_consent_never_counts(by: ConsentBy, born: date | None, said: str) -> None:
    decision = consent_fits(by, born=born, on=TODAY, adult=Adult.CLIENT, responsible=said)
    assert not (decision and by is ConsentBy.ADULT)


def test_work_begins_with_consent_and_with_nobody_s_refusal() -> None:
    assert "Nobody has consented" in may_begin([]).reason
    assert may_begin([("a", Consent.REFUSED), ("a", Consent.GIVEN)])
    assert not may_begin([("a", Consent.GIVEN), ("b", Consent.REFUSED)])
    assert "withdrawn" in may_begin([("a", Consent.GIVEN), ("a", Consent.WITHDRAWN)]).reason


@pytest.mark.parametrize(("minutes", "held", "began", "says"), [
    (60, TODAY, TODAY, ""),
    (0, TODAY, TODAY, "from 1 to 600"),
    (601, TODAY, TODAY, "from 1 to 600"),
    (60, TODAY + timedelta(days=1), TODAY, "has not come yet"),
    (60, TODAY, None, "not begun yet"),
    (60, TODAY - timedelta(days=1), TODAY, "no session lies before"),
])
def test_a_session_fits_or_says_why_not(
        minutes: int, held: date, began: date | None, says: str) -> None:
    decision = session_fits(minutes, held, began, TODAY)
    assert bool(decision) is not bool(says)
    assert says in decision.reason


def test_a_referral_without_consent_says_why_and_is_made() -> None:
    assert referral_fits(consented=True, without_because=None)
    assert referral_fits(consented=False, without_because="Asking would put the child at risk.")
    assert not referral_fits(consented=False, without_because=" ")
    assert not referral_fits(consented=False, without_because=None)


@pytest.mark.parametrize(("linked", "answer", "words"), [
    (0, None, "unknown"),
    (0, Asked.UNKNOWN, "unknown"),
    (0, Asked.SOME, "unknown"),
    (0, Asked.NONE, "none"),
    (2, None, "2"),
    (1, Asked.NONE, "1"),
])
def test_unknown_is_not_none(linked: int, answer: Asked | None, words: str) -> None:
    assert children_known(linked, answer, TODAY).in_words == words


A, B, C, D = (UUID(int=one) for one in range(4))


def test_the_golden_family_counts_each_child_once() -> None:
    """A is linked to two files and a client; B is a second record of A; C is of another service;
    D came to the children's service alone."""
    children = [
        ChildFact(A, None, Plan.UNKNOWN, frozenset({"one"})),
        ChildFact(B, A, Plan.PROTECTION_PLAN, frozenset({"one", "two"})),
        ChildFact(C, None, Plan.NONE, frozenset({"two"})),
        ChildFact(D, None, Plan.UNKNOWN, frozenset({"two"})),
    ]
    files = [
        FileFact("one", frozenset({A}), Asked.SOME),
        FileFact("one", frozenset({A, B}), None),
        FileFact("one", frozenset(), Asked.NONE),
        FileFact("one", frozenset(), None),
        FileFact("two", frozenset({C}), None),
        FileFact("two", frozenset(), Asked.UNKNOWN),
        FileFact("three", frozenset(), Asked.SOME),
    ]
    counted = count_children(children, files)
    assert list(counted) == [None, "one", "three", "two"]
    total, one, two = counted[None], counted["one"], counted["two"]
    assert (total.children, one.children, two.children) == (3, 1, 3)
    assert (one.plans[Plan.PROTECTION_PLAN], one.plans[Plan.UNKNOWN]) == (1, 0)
    assert (total.plans[Plan.NONE], total.plans[Plan.UNKNOWN]) == (1, 1)
    assert (one.files, one.files_with, one.files_none, one.files_unknown) == (4, 2, 1, 1)
    assert (total.files_with, total.files_none, total.files_unknown) == (3, 1, 3)
    assert counted["three"].children == 0


def test_the_plan_of_the_record_that_stays_holds_over_another_record_s() -> None:
    children = [ChildFact(B, A, Plan.LOOKED_AFTER, frozenset()),
                ChildFact(A, None, Plan.NONE, frozenset())]
    assert count_children(children, [])[None].plans[Plan.NONE] == 1


@st.composite
def _families(draw: st.DrawFn) -> tuple[list[ChildFact], list[FileFact]]:
    ids = [UUID(int=one) for one in range(draw(st.integers(0, 8)))]
    stays = ids[: draw(st.integers(0, len(ids)))] or ids[:1]
    services = st.frozensets(st.sampled_from(["one", "two"]))
    children = [
        ChildFact(one, None if one in stays else draw(st.sampled_from(stays)),
                  draw(st.sampled_from(Plan)), draw(services))
        for one in ids
    ]
    linked = st.frozensets(st.sampled_from(ids)) if ids else st.just(frozenset())
    files = draw(st.lists(st.builds(
        FileFact, st.sampled_from(["one", "two"]), linked,
        st.one_of(st.none(), st.sampled_from(Asked)))))
    return children, files


@settings(deadline=None)
@given(_families())
def test_counts_add_up_and_links_never_change_how_many_children_there_are(
        family: tuple[list[ChildFact], list[FileFact]]) -> None:
    children, files = family
    counted = count_children(children, files)
    assert counted[None].children == len({one.same_as or one.id for one in children})
    for one in counted.values():
        assert sum(one.plans.values()) == one.children
        assert one.files_with + one.files_none + one.files_unknown == one.files
    assert counted[None].files == len(files)
    assert count_children(children, [])[None].plans == counted[None].plans
    assert count_children(children[::-1], files)[None].plans.keys() == counted[None].plans.keys()


def test_every_code_has_words() -> None:
    kinds = [one for one in vars(rules).values()
             if isinstance(one, type) and issubclass(one, StrEnum) and one is not StrEnum]
    assert len(kinds) > 15
    for kind in kinds:
        assert len({words_of(kind, code) for code in kind}) == len(kind)
    assert {answer_words(code) for code in ANSWERS[Of.CONTACT]} == {
        "no contact", "supervised", "unsupervised", "as a court ordered", "not known"}
