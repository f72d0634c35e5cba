"""The rules of MARAC and MATAC, over every branch."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.conferences.rules import (
    DEFAULT,
    Consent,
    Criterion,
    Facts,
    FlagEnd,
    Ground,
    Heard,
    HearingFact,
    State,
    consent_fits,
    criteria_met,
    flag_until,
    is_repeat,
    marac_figures,
    may_end_flag,
    may_hear,
    may_list,
    may_send,
    missing,
    months_after,
    months_before,
)
from casewall.services.load import shipped
from casewall.services.schema import Escalation, Marac
from casewall.wall.decide import Decision

DAY = date(2036, 3, 11)
ONE = timedelta(days=1)
LOCAL = Marac(
    authority="Invented", threshold=14, honour_automatic=True,
    escalation=(Escalation(of="incidents", at_least=3, months=12),
                Escalation(of="crimes", at_least=2, months=6)),
)  # fmt: skip
NONE = Marac(authority="Invented")


def codes(facts: Facts, local: Marac = LOCAL) -> list[Criterion]:
    return [one.criterion for one in criteria_met(facts, local, DAY)]


def ago(*days: int) -> list[date]:
    return [DAY - ONE * number for number in days]


@pytest.mark.parametrize(
    ("facts", "met"),
    [
        (Facts(), []),
        (Facts(ticks=13), []),
        (Facts(ticks=14), [Criterion.THRESHOLD]),
        (Facts(ticks=None, honour=False), []),
        (Facts(judgement="   "), []),
        (Facts(judgement="She is afraid."), [Criterion.JUDGEMENT]),
        (Facts(incidents=ago(1, 2)), []),
        (Facts(incidents=ago(1, 2, 365)), [Criterion.ESCALATION]),
        (Facts(incidents=ago(1, 2, 366)), []),
        (Facts(incidents=[*ago(1, 2), DAY + ONE]), []),
        (Facts(crimes=ago(0, 100)), [Criterion.ESCALATION]),
        (Facts(crimes=ago(0, 200)), []),
        (Facts(heard_on=DAY - ONE * 30, incidents=ago(29)), [Criterion.REPEAT]),
        (Facts(heard_on=DAY - ONE * 30, incidents=ago(31)), []),
        (Facts(honour=True), [Criterion.HONOUR]),
        (Facts(honour=None), []),
    ],
)
def test_each_criterion_of_the_local_rule(facts: Facts, met: list[Criterion]) -> None:
    assert codes(facts) == met
    # Professional judgement and a repeat need no number; the rest is the local rule's.
    assert codes(facts, NONE) == [
        one for one in met if one in (Criterion.JUDGEMENT, Criterion.REPEAT)
    ]


def test_every_shipped_rule_says_where_its_numbers_come_from() -> None:
    rules = [one.marac for one in shipped().values() if one.marac]
    assert len(rules) >= 3
    for rule in (*rules, DEFAULT):
        assert rule.source_of("threshold")
        assert codes(Facts(ticks=14), rule) == [Criterion.THRESHOLD]


@given(
    st.dates(date(2030, 1, 1), DAY), st.lists(st.dates(date(2030, 1, 1), date(2037, 1, 1))),
    st.integers(1, 24),
)  # fmt: skip
def test_a_repeat_needs_an_incident_after_the_hearing_and_within_the_months(
    heard_on: date, incidents: list[date], months: int
) -> None:
    inside = [
        day for day in incidents if heard_on < day <= months_after(heard_on, months) and day <= DAY
    ]
    assert is_repeat(heard_on, incidents, months, DAY) is bool(inside)
    assert not is_repeat(None, incidents, months, DAY)
    assert is_repeat(heard_on, [*incidents, *inside], months, DAY) is bool(inside)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 60))
def test_months_go_forth_and_back_by_whole_months(day: date, months: int) -> None:
    after = months_after(day, months)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    assert after.day == day.day or after.day < day.day
    assert months_before(after, months) <= day
    assert flag_until(day, months) == after


def test_the_last_day_of_a_month_stays_one() -> None:
    assert months_after(date(2036, 1, 31), 1) == date(2036, 2, 29)
    assert months_after(date(2036, 12, 31), 12) == date(2037, 12, 31)
    assert months_before(date(2036, 3, 31), 1) == date(2036, 2, 29)


@pytest.mark.parametrize("consent", [one for one in Consent if one is not Consent.YES])
def test_without_consent_a_lawful_ground_and_its_reason_are_needed(consent: Consent) -> None:
    assert "lawful ground" in consent_fits(consent, None, None, "x", DAY).reason
    for ground in Ground:
        assert "in words" in consent_fits(consent, None, ground, "  ", DAY).reason
        assert consent_fits(consent, None, ground, "danger", DAY)


def test_consent_has_its_day() -> None:
    assert "the day" in consent_fits(Consent.YES, None, None, "", DAY).reason
    assert "not come" in consent_fits(Consent.YES, DAY + ONE, None, "", DAY).reason
    assert consent_fits(Consent.YES, DAY, None, "", DAY)


def test_only_a_whole_draft_is_sent() -> None:
    yes, no = Decision(True, ""), Decision(False, "No ground.")
    met = [Criterion.JUDGEMENT]
    for state, criteria, shared, to in product(State, ([], met), (yes, no), ("", "Office")):
        wanted = state is State.DRAFT and bool(criteria) and bool(shared) and bool(to)
        assert bool(may_send(state, criteria, shared, to)) is wanted
    assert may_send(State.DRAFT, met, no, "Office").reason == "No ground."


def test_only_what_was_sent_is_listed_and_once() -> None:
    for state, listed in product(State, (True, False)):
        assert bool(may_list(state, listed)) is (state is State.SENT and not listed)


def test_what_can_come_of_a_hearing() -> None:
    for before, after, held in product(Heard, Heard, (DAY, DAY + ONE)):
        wanted = before is Heard.LISTED and after is not Heard.LISTED
        if after in (Heard.ACTIONS, Heard.NO_ACTIONS) and held > DAY:
            wanted = False
        assert bool(may_hear(before, after, held, DAY)) is wanted


def test_a_flag_expires_only_after_its_last_day() -> None:
    for because, until in product(FlagEnd, (None, DAY - ONE, DAY)):
        wanted = until is not None and (because is not FlagEnd.EXPIRED or until < DAY)
        assert bool(may_end_flag(until, because, DAY)) is wanted


def test_what_nobody_answered_is_missing_and_in_order() -> None:
    labels = {"a": "A", "b": "B", "c": "C"}
    assert missing(labels, {"b": "said", "c": "  "}) == ("A", "C")
    assert missing(labels, dict.fromkeys(labels, "said")) == ()


def heard(person: str = "p", **more: object) -> HearingFact:
    given = {"heard_on": DAY, "repeat": False, "referred_by": "police", **more}
    return HearingFact(person=person, **given)  # type: ignore[arg-type]


def figures(*hearings: HearingFact) -> dict[str, tuple[int | None, int | None, int]]:
    rows = marac_figures(hearings, {"police": "Police"})
    return {one.what: (one.n, one.of, one.not_recorded) for one in rows}


def test_figures_count_cases_persons_repeats_and_agencies() -> None:
    rows = figures(heard(), heard(repeat=True), heard("q", referred_by="health"))
    assert rows["Cases heard"] == (3, None, 0)
    assert rows["Partners heard"] == (2, None, 0)
    assert rows["Repeats within the local months"] == (1, 3, 0)
    assert rows["Referred by: Police"] == (2, 3, 0)
    assert rows["Referred by: health"] == (1, 3, 0)


def test_what_is_not_recorded_is_never_zero() -> None:
    names = (
        "Men who suffered violence", "Lesbian, gay, bisexual or trans", "With a disability",
        "Of a minority ethnic group", "At high risk on referral",
    )  # fmt: skip
    rows = figures(heard(sex="unknown"), heard(sex=""), heard())
    for name in names:
        assert rows[name] == (None, None, 3)
    assert rows["Children in the households"] == (None, None, 3)
    rows = figures(
        heard(sex="male", lgbt=False, minority=True, disabled=False, high_risk=True, children=0),
        heard(sex="female", children=2),
    )
    assert rows["Men who suffered violence"] == (1, 2, 0)
    assert rows["With a disability"] == (0, 1, 1)
    assert rows["Children in the households"] == (2, None, 0)
    assert figures()["Repeats within the local months"] == (0, 0, 0)
