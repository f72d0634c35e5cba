"""The rules of case meetings: who comes on the agenda, in which order, and what may be kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.meetings.rules import (
    LEVELS,
    MISSED,
    ORDER,
    About,
    Fact,
    For,
    Reason,
    State,
    agenda,
    extract_fits,
    may_add_or_take_off,
    may_change,
    may_close,
    may_finish,
    may_open,
    may_plan,
    names_in,
    owner_fits,
    place_of,
    second_missed,
)

DAY = date(2036, 3, 11)
NOW = datetime(2036, 3, 11, 10, 30, tzinfo=UTC)
FILES = [UUID(int=number) for number in range(1, 6)]
CASES = [UUID(int=number) for number in range(11, 14)]

abouts = st.one_of(
    st.sampled_from(FILES).map(lambda one: About(file=one)),
    st.sampled_from(CASES).map(lambda one: About(case=one)),
)
facts = st.lists(
    st.builds(
        Fact, abouts, st.sampled_from(Reason), st.dates(date(2036, 1, 1), DAY),
        st.sampled_from(["", *LEVELS]),
    ),
    max_size=25,
)  # fmt: skip
links = st.dictionaries(
    st.sampled_from(CASES), st.lists(st.sampled_from(FILES), unique=True, max_size=2)
)


@given(facts, links)
def test_every_fact_stands_on_the_agenda_and_nothing_else(
    given_facts: list[Fact], files_of: dict[UUID, list[UUID]]
) -> None:
    lines = agenda(given_facts, files_of)
    assert len({line.about for line in lines}) == len(lines)
    shown = {(line.about, reason) for line in lines for reason, _ in line.reasons}
    expected = set()
    for fact in given_facts:
        files = files_of.get(fact.about.case, []) if fact.about.case else []
        for about in [About(file=one) for one in files] or [fact.about]:
            expected.add((about, fact.reason))
    assert shown == expected


@given(facts, links)
def test_the_agenda_is_in_order_of_danger_whatever_order_the_facts_came_in(
    given_facts: list[Fact], files_of: dict[UUID, list[UUID]]
) -> None:
    lines = agenda(given_facts, files_of)
    assert lines == agenda(reversed(given_facts), files_of)
    assert [place_of(line) for line in lines] == sorted(place_of(line) for line in lines)
    worst = [ORDER[line.reasons[0][0]] for line in lines]
    assert worst == sorted(worst)
    for line in lines:
        assert [ORDER[reason] for reason, _ in line.reasons] == sorted(
            ORDER[reason] for reason, _ in line.reasons
        )


def test_of_two_alike_the_graver_level_comes_first_and_unknown_is_never_taken_for_low() -> None:
    lines = agenda(
        [
            Fact(About(file=FILES[0]), Reason.REVIEW_OVERDUE, DAY, ""),
            Fact(About(file=FILES[1]), Reason.REVIEW_OVERDUE, DAY, "high"),
            Fact(About(file=FILES[2]), Reason.REVIEW_OVERDUE, DAY, "very_high"),
            Fact(About(file=FILES[2]), Reason.COMPLETION, DAY - timedelta(days=3), ""),
        ],
        {},
    )
    assert [line.about.file for line in lines] == [FILES[2], FILES[1], FILES[0]]
    assert lines[0].level == "very_high"


def test_the_latest_day_of_a_reason_is_shown() -> None:
    (line,) = agenda(
        [Fact(About(file=FILES[0]), Reason.DANGER, DAY - timedelta(days=days)) for days in (3, 1)],
        {},
    )
    assert line.reasons == ((Reason.DANGER, DAY - timedelta(days=1)),)


def on(*marks: tuple[int, str]) -> list[tuple[date, str]]:
    return [(DAY + timedelta(days=days), mark) for days, mark in marks]


@pytest.mark.parametrize(
    ("marks", "second"),
    [
        ((), None),
        (((1, MISSED),), None),
        (((1, MISSED), (8, "attended"), (15, MISSED)), 15),
        (((1, MISSED), (8, MISSED), (15, MISSED)), 8),
        (((-6, MISSED), (1, MISSED)), 1),
        (((-6, MISSED), (1, "late"), (8, MISSED)), None),
        (((-6, MISSED), (-1, MISSED)), None),
        (((-6, MISSED), (0, MISSED)), 0),
        (((1, "absent_accepted"), (8, "absent_accepted")), None),
    ],
)
def test_two_missed_sessions(marks: tuple[tuple[int, str], ...], second: int | None) -> None:
    expected = None if second is None else DAY + timedelta(days=second)
    assert second_missed(on(*marks), DAY) == expected
    assert second_missed(reversed(on(*marks)), DAY) == expected


def test_a_meeting_is_planned_ahead_begins_on_its_day_and_closes_once_all_is_decided() -> None:
    later, earlier = NOW + timedelta(hours=2), NOW - timedelta(hours=2)
    assert may_plan(later, NOW)
    assert "has passed" in may_plan(earlier, NOW).reason
    assert may_open(State.PLANNED, later, NOW)
    assert "has not come" in may_open(State.PLANNED, NOW + timedelta(days=1), NOW).reason
    assert "already" in may_open(State.HELD, earlier, NOW).reason
    assert may_close(State.HELD, 0, 1)
    assert "One item has no decision" in may_close(State.HELD, 1, 1).reason
    assert "3 items have no decision" in may_close(State.HELD, 3, 1).reason
    assert "who was there" in may_close(State.HELD, 0, 0).reason
    assert "not begun" in may_close(State.PLANNED, 0, 1).reason
    assert "closed already" in may_close(State.CLOSED, 0, 1).reason
    for state in State:
        assert bool(may_change(state)) is (state is not State.CLOSED)
        assert bool(may_add_or_take_off(state, "why")) is (state is not State.CLOSED)
        assert not may_add_or_take_off(state, "  ")


def test_an_action_has_one_owner_who_says_what_came_of_it() -> None:
    worker, other = uuid4(), uuid4()
    assert owner_fits(worker, "")
    assert owner_fits(None, "Police")
    assert "who does it" in owner_fits(None, " ").reason
    assert "not both" in owner_fits(worker, "Police").reason
    assert may_finish(worker, worker, keeps=False)
    assert may_finish(None, other, keeps=True)
    assert not may_finish(worker, other, keeps=False)
    assert not may_finish(None, other, keeps=False)


NAMES = ["Opdigtet Sørensen", "Påfundet Li Å", ""]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Come to the meeting on Monday.", ()),
        ("SØRENSEN moved.", ("Sørensen",)),
        ("Påfundet's school; Opdigtet", ("Opdigtet", "Påfundet")),
        ("Li and Å are words", ()),
    ],
)
def test_names_are_found_whatever_their_capitals(text: str, found: tuple[str, ...]) -> None:
    assert names_in(text, NAMES) == found


def test_an_extract_for_the_client_names_no_partner_and_no_child() -> None:
    told = "Sørensen is afraid."
    assert extract_fits(For.PARTNER, told, NAMES)
    assert extract_fits(For.CHILD, told, NAMES)
    refused = extract_fits(For.CLIENT, told, NAMES)
    assert not refused
    assert "“Sørensen”" in refused.reason
    assert extract_fits(For.CLIENT, "Come to one-to-one sessions.", NAMES)
    for whom in For:
        assert not extract_fits(whom, "  ", NAMES)


@given(st.sampled_from(NAMES[:2]), st.text(max_size=40), st.text(max_size=40))
def test_a_whole_name_between_other_words_is_always_found(
    name: str, before: str, after: str
) -> None:
    assert not extract_fits(For.CLIENT, f"{before} {name} {after}", [name])
