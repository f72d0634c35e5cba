"""Repeat victimisation and time at risk: windows, silence, custody, and an independent recount."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.outcomes.kinds import WINDOW_DAYS
from casewall.outcomes.statistics.clock import Span, days_covered, time_at_risk
from casewall.outcomes.statistics.repeat import (
    Watched,
    days_of_window,
    rate_per_year,
    repeat_victimisation,
)
from casewall.outcomes.statistics.results import NoFigure

ZERO = date(2024, 3, 1)
ALWAYS: tuple[Span, ...] = ((date(2020, 1, 1), None),)
DAYS = st.integers(-400, 400).map(lambda days: ZERO + timedelta(days))
SPANS = st.lists(
    st.tuples(DAYS, st.integers(0, 300)).map(lambda pair: (pair[0], pair[0] + timedelta(pair[1]))),
    max_size=4,
)


def day(offset: int) -> date:
    return ZERO + timedelta(offset)


def within(persons: list[Watched], months: int = 6, **chosen: str):
    return repeat_victimisation(persons, source="police", time_zero="start", months=months,
                                **chosen)


def one(*offsets: int, **facts) -> Watched:
    facts.setdefault("followed", ALWAYS)
    return Watched(time_zero=ZERO, incidents=[day(offset) for offset in offsets], **facts)


def test_windows_are_as_long_as_those_of_the_indicator_cards() -> None:
    assert {months: days_of_window(months) for months in WINDOW_DAYS} == WINDOW_DAYS


@pytest.mark.parametrize(("offset", "after", "before"), [
    (-184, 0, 0), (-183, 0, 1), (-1, 0, 1), (0, 0, 0), (1, 1, 0), (183, 1, 0), (184, 0, 0),
])
def test_the_day_of_time_zero_is_in_neither_window(offset: int, after: int, before: int) -> None:
    found = within([one(offset)])
    assert (found.after.incidents, found.before.incidents) == (after, before)
    assert (found.value, found.before.share.value) == (after, before)


def test_whoever_was_not_followed_on_every_day_is_missing_and_not_safe() -> None:
    whole, gap = one(), one(followed=[(day(-400), day(90)), (day(92), None)])
    short = one(followed=[(day(1), day(182))])
    known = one(5, followed=[(day(1), day(10))])
    found = within([whole, gap, short, known, one(7)])
    assert (found.n, found.asked, found.missing) == (2, 5, 3)
    assert found.value == 0.5
    assert found.after.share.bounds == (1 / 5, 4 / 5)
    assert found.after.known == 1
    assert found.after.bounds_with_known == (2 / 5, 4 / 5)


def test_spans_that_meet_or_overlap_make_a_whole() -> None:
    joined = [(day(1), day(100)), (day(50), day(60)), (day(101), day(183))]
    assert within([one(followed=joined)]).n == 1


def test_after_against_before_is_over_those_followed_in_both() -> None:
    found = within([one(-100, -50, 10), one(-20), one(-3, -2), one(5, followed=[(day(1), None)])])
    assert (found.n, found.both.n) == (4, 3)
    assert (found.incidents_before, found.incidents_after) == (5, 1)
    assert found.percent_change == pytest.approx(-80)
    assert (found.both.lost, found.both.gained) == (2, 0)
    assert any("some fall would be seen without any programme" in line for line in found.warnings)


def test_without_anything_before_there_is_no_percentage() -> None:
    found = within([one(10)])
    assert (found.incidents_before, found.incidents_after) == (0, 1)
    assert found.percent_change is None
    nobody = within([one(followed=[(day(1), None)])])
    assert nobody.both is None


def test_custody_is_stated_or_makes_missing() -> None:
    jailed = one(100, custody=[(day(10), day(39))])
    stated = within([jailed, one()])
    assert (stated.n, stated.after.days, stated.after.custody_days) == (2, 366, 30)
    assert stated.after.rate == pytest.approx(365.25 / 336)
    out = within([jailed, one()], custody="not_at_risk")
    assert (out.n, out.missing, out.value) == (1, 1, 0)
    assert out.before.share.n == 2
    still = within([one(custody=[(day(-10), None)])])
    assert (still.n, still.missing) == (0, 1)
    assert (still.after.rate, still.after.rate_interval) == (None, None)
    between = one(followed=[(day(-200), day(9)), (day(40), day(200))], custody=[(day(10), day(39))])
    assert (within([between]).n, within([between], custody="not_at_risk").n) == (1, 0)


def test_whoever_has_no_time_zero_is_in_nothing() -> None:
    found = within([one(), Watched(time_zero=None, incidents=[day(3)], followed=ALWAYS)])
    assert (found.asked, found.without_time_zero) == (1, 1)


@pytest.mark.parametrize(("persons", "chosen", "said"), [
    ([], {}, "Nobody has the time zero “start”"),
    ([Watched(time_zero=None)], {}, "Nobody has the time zero"),
    ([one()], {"months": 0}, "needs a window"),
    ([one()], {"months": -6}, "whole number"),
    ([one()], {"source": ""}, "a source"),
    ([one()], {"time_zero": ""}, "a time zero"),
    ([one(followed=[(day(5), day(4))])], {}, "before it begins"),
])
def test_what_has_no_window_is_a_sentence(
    persons: list[Watched], chosen: dict, said: str
) -> None:
    asked = {"source": "police", "time_zero": "start", "months": 6, **chosen}
    with pytest.raises(NoFigure, match=said):
        repeat_victimisation(persons, **asked)


def test_no_incident_has_a_rate_of_zero_with_an_upper_end() -> None:
    rate, (low, high) = rate_per_year(0, 1461)
    assert (rate, low) == (0, 0)
    assert high == pytest.approx(3.6888794541 / 4)
    assert rate_per_year(3, 0) == (None, None)


WATCHED = st.lists(st.builds(
    Watched, time_zero=st.none() | st.just(ZERO), incidents=st.lists(DAYS, max_size=4),
    followed=SPANS | st.just(list(ALWAYS)), custody=SPANS,
), min_size=1, max_size=8).filter(lambda people: any(one.time_zero for one in people))


def held(spans: list[tuple[date, date | None]], one: date) -> bool:
    """Whether a day is inside any of the spans."""
    return any(first <= one and (last is None or one <= last) for first, last in spans)


@given(people=WATCHED, months=st.sampled_from([6, 12]))
@settings(max_examples=40, deadline=None)
def test_a_recount_day_by_day_gives_the_same(people: list[Watched], months: int) -> None:
    found = within(people, months)
    days = {day(offset) for offset in range(1, days_of_window(months) + 1)}
    followed, hit = 0, 0
    for person in people:
        if person.time_zero is None:
            continue
        jailed = {one for one in days if held(person.custody, one)}
        if jailed != days and all(held(person.followed, one) for one in days - jailed):
            followed += 1
            hit += any(incident in days for incident in person.incidents)
    assert (found.n, found.after.share.events) == (followed, hit)
    low, high = found.after.share.bounds
    assert low <= found.after.bounds_with_known[0] <= found.after.bounds_with_known[1] == high
    if found.value is not None:
        assert low <= found.value <= high
    assert within(people, months, custody="not_at_risk").missing >= found.missing


@given(spans=SPANS, first=DAYS, length=st.integers(0, 300))
@settings(max_examples=40, deadline=None)
def test_days_covered_are_counted_once(spans: list[Span], first: date, length: int) -> None:
    last = first + timedelta(length)
    slow = {
        one for begins, ends in spans
        for one in (begins + timedelta(n) for n in range((ends - begins).days + 1))
        if first <= one <= last
    }
    assert days_covered(spans, first, last) == len(slow)


def test_time_runs_to_the_first_incident_and_stands_still_in_custody() -> None:
    spell = time_at_risk(started_on=ZERO, watched_to=day(200), incidents=[day(90), day(50)],
                         custody=[(day(10), day(19)), (day(45), day(60))], group="a")
    assert (spell.time, spell.event, spell.custody, spell.group) == (35, True, 15, "a")
    free = time_at_risk(started_on=ZERO, watched_to=day(200), custody=[(day(-5), day(5))])
    assert (free.time, free.event, free.custody) == (195, False, 5)
    inside = time_at_risk(started_on=ZERO, watched_to=day(200), custody=[(ZERO, None)],
                          incidents=[day(3)])
    assert (inside.time, inside.event) == (1, True)  # the day of the incident stays on the clock


def test_an_incident_up_to_the_start_is_not_after_it() -> None:
    spell = time_at_risk(started_on=ZERO, watched_to=day(9), incidents=[ZERO, day(-3)])
    assert (spell.time, spell.event) == (9, False)
    assert time_at_risk(started_on=ZERO, watched_to=ZERO).time == 0


def test_negative_time_and_an_event_after_the_end_are_sentences() -> None:
    with pytest.raises(NoFigure, match="time cannot be negative"):
        time_at_risk(started_on=ZERO, watched_to=day(-1))
    with pytest.raises(NoFigure, match="lies after the end of watching"):
        time_at_risk(started_on=ZERO, watched_to=day(10), incidents=[day(11)])
