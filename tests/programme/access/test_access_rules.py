"""Who is kept away, who may open a file, and which views stand out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewall.programme.access.rules import (
    CLOSED_FOR,
    MANY_VIEWS,
    READING,
    SHOWN_IN_PASSING,
    SOME_VIEWS,
    Known,
    Pattern,
    Trace,
    may_declare,
    may_keep_away,
    may_open,
    may_review,
    reason_fits,
    unusual,
)

ONE, OTHER = UUID(int=1), UUID(int=2)
NOON = datetime(2036, 3, 4, 12, tzinfo=UTC)
GOOD = "The client called in danger"


@pytest.mark.parametrize(("reason", "fits"), [
    (GOOD, True), ("Klienten ringede i fare", True), ("", False), ("needed", False),
    ("a b c", False), ("- - - - - - - - - - -", False), ("12 34 56 78 90 12 34", False),
    ("urgenturgenturgent", False), ("client called", False), ("a long workday", True),
])  # fmt: skip
def test_a_reason_says_something_in_a_few_words(reason: str, fits: bool) -> None:
    assert bool(reason_fits(reason)) is fits


@pytest.mark.parametrize(
    ("own", "already", "left"), [*product([True, False], [True, False], range(3))]
)
def test_a_colleague_is_kept_away_while_somebody_is_left_to_look_after_the_file(
    own: bool, already: bool, left: int
) -> None:
    decision = may_keep_away(colleague=ONE, by=ONE if own else OTHER, already=already, left=left)
    assert bool(decision) is (not own and not already and left > 0)
    assert decision.reason.endswith(".")


@pytest.mark.parametrize(("already", "left"), [*product([True, False], range(3))])
def test_whoever_knows_the_person_may_say_so(already: bool, left: int) -> None:
    assert bool(may_declare(already=already, left=left)) is (not already and left > 0)


@pytest.mark.parametrize(("reason", "seen"), [*product([GOOD, "", "x"], [True, False])])
def test_a_file_is_opened_with_a_reason_and_only_where_it_is_not_seen_already(
    reason: str, seen: bool
) -> None:
    assert bool(may_open(reason=reason, seen_already=seen)) is (reason == GOOD and not seen)


@pytest.mark.parametrize(("by", "decided"), [*product([ONE, OTHER], [True, False])])
def test_nobody_reviews_the_own_opening_and_nobody_twice(by: UUID, decided: bool) -> None:
    assert bool(may_review(opened_by=ONE, by=by, decided=decided)) is (by == OTHER and not decided)


def views(times: int, verb: str = "read", worker: UUID = ONE, file: UUID = OTHER) -> Trace:
    return Trace(file, worker, verb, NOON, times)


OPEN = {OTHER: Known(None, frozenset({ONE}))}
NOT_OWN = {OTHER: Known()}


@pytest.mark.parametrize(("traces", "files", "patterns"), [
    ([], OPEN, None),
    ([views(MANY_VIEWS - 1)], OPEN, None),
    ([views(MANY_VIEWS)], OPEN, (Pattern.MANY,)),
    ([views(MANY_VIEWS - 1), views(1, "viewed")], OPEN, (Pattern.MANY,)),
    ([views(SOME_VIEWS)], OPEN, None),
    ([views(SOME_VIEWS)], NOT_OWN, (Pattern.NOT_OWN,)),
    ([views(SOME_VIEWS - 1)], NOT_OWN, None),
    ([views(SOME_VIEWS), views(1, "wrote in")], NOT_OWN, None),
    ([views(SOME_VIEWS), views(9, "listed")], NOT_OWN, (Pattern.NOT_OWN,)),
    ([views(99, "listed")], NOT_OWN, None),
    ([views(99, "wrote in")], NOT_OWN, None),
    ([views(1)], {OTHER: Known(NOON.date() - CLOSED_FOR)}, None),
    ([views(1)], {OTHER: Known(NOON.date() - CLOSED_FOR - timedelta(days=1))}, (Pattern.CLOSED,)),
    ([views(99)], {}, None),
])  # fmt: skip
def test_what_stands_out(
    traces: list[Trace], files: dict[UUID, Known], patterns: tuple[Pattern, ...] | None
) -> None:
    found = unusual(traces, files)
    assert [one.patterns for one in found] == ([] if patterns is None else [patterns])


WORKERS = [uuid4() for _ in range(3)]
FILES = [uuid4() for _ in range(3)]
TRACES = st.builds(
    Trace, st.sampled_from(FILES), st.sampled_from(WORKERS),
    st.sampled_from([*sorted(READING), *sorted(SHOWN_IN_PASSING), "wrote in"]),
    st.integers(0, 9_000).map(lambda minutes: NOON - timedelta(minutes=minutes)),
    st.integers(1, 15))  # fmt: skip
KNOWN = {FILES[0]: Known(date(2035, 1, 1)), FILES[1]: Known(None, frozenset({WORKERS[0]}))}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TRACES, max_size=12), st.randoms(use_true_random=False))
def test_what_stands_out_does_not_depend_on_the_order_and_more_views_never_hide_it(
    traces: list[Trace], chance: object
) -> None:
    found = unusual(traces, KNOWN)
    shuffled = list(traces)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert unusual(shuffled, KNOWN) == found
    assert {one.file for one in found} <= set(KNOWN)
    more = [*traces, *(Trace(one.file, one.worker, "read", one.last_at) for one in found)]
    assert {(one.file, one.worker) for one in found} <= {
        (one.file, one.worker) for one in unusual(more, KNOWN)}
    assert [one.last_at for one in found] == sorted((one.last_at for one in found), reverse=True)
