"""When a measure is due, what became of each time, and how many answered of how many."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.measures.definitions import load, names
from casewall.measures.schedule import (
    STATE_COLOURS,
    STATE_WORDS,
    WAVE_CHOICES,
    WAVE_WORDS,
    Appointment,
    Asked,
    Expected,
    Kept,
    State,
    Wave,
    asked_of,
    by_wave,
    expected,
    not_installed,
    responses,
)
from casewall.outcomes import tables
from casewall.services import schema
from casewall.services.load import shipped

DAY = date(2036, 3, 3)
ASKED = Asked(
    "freedom",
    (
        Appointment(Wave.BEFORE, "began", 0, 30),
        Appointment(Wave.AFTER, "ended", 0, 20),
        Appointment(Wave.MONTHS_6, "ended", 182, 60),
    ),
)


def states(today: date, kept: dict[Wave, Kept] | None = None, **events: date | None) -> list[State]:
    return [one.state for one in expected(ASKED, events, kept or {}, today)]


def test_the_time_points_are_the_same_everywhere() -> None:
    own = tuple(wave.value for wave in Wave)
    assert own == get_args(tables.Wave) == get_args(schema.Wave)
    assert set(WAVE_WORDS) == set(Wave)
    assert [value for value, _ in WAVE_CHOICES] == list(own)
    assert set(STATE_WORDS) == set(STATE_COLOURS) == set(State)


def test_nothing_is_due_while_its_event_has_not_happened() -> None:
    assert states(DAY) == [State.NOT_DUE] * 3
    assert states(DAY, began=None) == [State.NOT_DUE] * 3
    assert expected(ASKED, {}, {}, DAY)[0].due_on is None


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (-1, State.NOT_DUE),
        (0, State.DUE),
        (30, State.DUE),
        (31, State.LATE),
        (60, State.LATE),
        (61, State.PASSED),
    ],
)
def test_a_time_is_due_in_its_window_late_for_as_long_again_and_then_passed(
    after: int, state: State
) -> None:
    assert states(DAY + timedelta(days=after), began=DAY)[0] is state


def test_a_time_has_passed_as_soon_as_a_later_one_is_due() -> None:
    ended = DAY + timedelta(days=10)
    assert states(ended, began=DAY, ended=ended)[:2] == [State.PASSED, State.DUE]


def test_an_answer_counts_whenever_it_came_and_says_whether_in_the_window() -> None:
    for late, in_window in ((0, True), (30, True), (31, False)):
        kept = {Wave.BEFORE: Kept(DAY + timedelta(days=late))}
        first = expected(ASKED, {"began": DAY}, kept, DAY + timedelta(days=400))[0]
        assert (first.state, first.in_window) == (State.ANSWERED, in_window)
    early = expected(ASKED, {}, {Wave.AFTER: Kept(DAY)}, DAY)[1]
    assert (early.state, early.in_window) == (State.ANSWERED, None)


def test_silence_keeps_its_reason_and_is_no_answer() -> None:
    first = expected(ASKED, {"began": DAY}, {Wave.BEFORE: Kept(reason="unsafe_to_ask")}, DAY)[0]
    assert (first.state, first.reason, first.in_window) == (State.SILENT, "unsafe_to_ask", None)


def point(
    state: State, wave: Wave = Wave.BEFORE, reason: str = "", in_window: bool | None = None
) -> Expected:
    return Expected("freedom", wave, DAY, DAY, state, reason, in_window)


def test_the_response_rate_is_of_all_whose_day_has_come() -> None:
    found = responses(
        [
            point(State.ANSWERED, in_window=True),
            point(State.ANSWERED, in_window=False),
            point(State.SILENT, reason="not_reached"),
            point(State.SILENT, reason="not_asked"),
            point(State.SILENT, reason="not_reached"),
            point(State.LATE),
            point(State.DUE),
            point(State.PASSED),
            point(State.NOT_DUE),
        ]
    )
    assert (found.due, found.answered, found.in_window) == (8, 2, 1)
    assert (found.waiting, found.passed) == (2, 1)
    assert found.silent == (("not_asked", 1), ("not_reached", 2))
    assert found.rate == 0.25


def test_where_nothing_was_due_there_is_no_rate() -> None:
    assert responses([]).rate is None
    assert responses([point(State.NOT_DUE)]).rate is None


def test_rates_by_time_come_in_the_order_of_the_times() -> None:
    found = by_wave([point(State.DUE, Wave.AFTER), point(State.ANSWERED), point(State.DUE)])
    assert [(wave, one.answered, one.due) for wave, one in found] == [
        (Wave.BEFORE, 1, 2),
        (Wave.AFTER, 0, 1),
    ]


@given(st.lists(st.builds(point, st.sampled_from(State))))
def test_answered_silent_waiting_and_passed_make_up_what_was_due(every: list[Expected]) -> None:
    found = responses(every)
    silent = sum(number for _, number in found.silent)
    assert found.due == found.answered + silent + found.waiting + found.passed
    assert found.rate is None or 0 <= found.rate <= 1


@given(st.integers(0, 500), st.integers(0, 500))
def test_time_never_takes_a_time_point_back(first: int, later: int) -> None:
    order = [State.NOT_DUE, State.DUE, State.LATE, State.PASSED]
    early, late = sorted((first, later))
    events = {"began": DAY + timedelta(days=50), "ended": DAY + timedelta(days=200)}
    before = states(DAY + timedelta(days=early), **events)
    after = states(DAY + timedelta(days=late), **events)
    assert all(order.index(a) <= order.index(b) for a, b in zip(before, after, strict=True))


def test_what_a_service_asks_is_read_from_its_definition() -> None:
    service = shipped()["intervention-centre"]
    found = {one.measure: one.schedule for one in asked_of(service, "partner", names())}
    assert list(found) == ["freedom", "safety", "empowerment"]
    assert [due.wave for due in found["safety"]] == [Wave.BEFORE, Wave.AFTER, Wave.FOLLOW_UP]
    assert asked_of(None, "partner", names()) == ()
    assert not_installed(service, "partner", ["safety"]) == ("freedom", "empowerment")
    assert not_installed(None, "partner", []) == ()


def test_a_measure_in_two_blocks_has_the_times_of_both_and_the_first_entry_holds() -> None:
    service = shipped()["your-choice"]
    [block] = [one for one in service.measures if one.asked_of == "client"]
    first = block.schedule[0].model_copy(update={"days": 5})
    more = block.schedule[0].model_copy(update={"wave": "months_12", "days": 365})
    again = block.model_copy(update={"id": "again", "schedule": (first, more)})
    both = service.model_copy(update={"measures": (block, again)})
    [asked] = asked_of(both, "client", names())
    assert [due.wave for due in asked.schedule] == [Wave.MIDDLE, Wave.AFTER, Wave.MONTHS_12]
    assert asked.schedule[0].days == block.schedule[0].days


def test_a_block_without_a_list_is_the_questionnaire_itself() -> None:
    service = shipped()["your-choice"]
    [block] = [one for one in service.measures if one.asked_of == "client"]
    plain = block.model_copy(update={"id": "phq-9", "asks": ()})
    alone = service.model_copy(update={"measures": (plain,)})
    assert [one.measure for one in asked_of(alone, "client", names())] == ["phq-9"]


@pytest.mark.parametrize("code", sorted(shipped()))
def test_every_service_asks_only_measures_that_exist_and_that_this_party_answers(
    code: str,
) -> None:
    service = shipped()[code]
    for party in ("client", "partner", "referrer", "worker"):
        assert not_installed(service, party, names()) == ()
        for one in asked_of(service, party, names()):
            assert party in load(one.measure).answerers


def test_client_and_partner_of_the_european_network_have_the_same_time_points() -> None:
    service = shipped()["wwp-model"]
    times = {
        party: {due.wave for one in asked_of(service, party, names()) for due in one.schedule}
        for party in ("client", "partner")
    }
    five = {Wave.FIRST_CONTACT, Wave.BEFORE, Wave.MIDDLE, Wave.AFTER, Wave.FOLLOW_UP}
    assert times == {"client": five, "partner": five}
