"""The rules of disclosure, row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.coordination.rules import (
    RELEASE_HOURS,
    Course,
    Ground,
    Purpose,
    Review,
    State,
    counted,
    is_approved,
    is_late,
    may_agree,
    may_approve,
    may_ask,
    may_name_another,
    may_release_at_once,
    may_review,
    next_release,
    review_due,
)
from casewall.wall.sides import Role

CONSENT, OVERRIDE = Ground.PARTNER_CONSENT, Ground.RECORDED_OVERRIDE
ASKS = [
    ("Opdigtet.", CONSENT, "", 0, ""),
    ("Opdigtet.", OVERRIDE, "Fare.", 2, ""),
    ("x" * 500, CONSENT, "", 2, ""),
    (" ", CONSENT, "", 2, "Write what the programme side is to know."),
    ("x" * 501, CONSENT, "", 2, "Keep to 500 characters; this has 501."),
    ("Opdigtet.", OVERRIDE, " ", 2, "An override of the partner's wish needs its reason."),
    (
        "Opdigtet.",
        OVERRIDE,
        "Fare.",
        1,
        "Fewer than two other sources could have produced this: "
        "the partner would be recognised as its source.",
    ),
]


@pytest.mark.parametrize(("text", "ground", "reason", "sources", "refusal"), ASKS)
def test_what_may_be_asked_for(
    text: str, ground: Ground, reason: str, sources: int, refusal: str
) -> None:
    decision = may_ask(text, ground, reason, sources)
    assert decision.allowed is (refusal == "")
    assert decision.reason == (refusal or "It can be put to two approvers.")


WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER


@pytest.mark.parametrize(
    ("earlier", "role", "counts"),
    [
        ([], WORKER, True),
        ([], MANAGER, True),
        ([COORDINATOR], WORKER, True),
        ([WORKER], COORDINATOR, True),
        ([WORKER], WORKER, True),
        ([COORDINATOR], MANAGER, False),
    ],
)
def test_one_of_two_approvers_is_from_partner_support(
    earlier: list[Role], role: Role, counts: bool
) -> None:
    given = tuple((uuid4(), one) for one in earlier)
    assert may_approve(role, uuid4(), uuid4(), given).allowed is counts
    roles = (*earlier, role)
    assert is_approved(roles) is (counts and len(roles) == 2)


def test_nobody_approves_the_own_request_or_twice() -> None:
    me = uuid4()
    assert not may_approve(WORKER, me, me, ())
    assert not may_approve(WORKER, me, uuid4(), ((me, WORKER),))


CET = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("hour", "minute", "day", "released"),
    [
        (0, 0, 10, 9),
        (8, 59, 10, 9),
        (9, 0, 10, 15),
        (14, 59, 10, 15),
        (15, 0, 11, 9),
        (23, 59, 11, 9),
    ],
)
def test_release_is_at_the_next_fixed_hour_and_never_at_the_moment_itself(
    hour: int, minute: int, day: int, released: int
) -> None:
    moment = datetime(2026, 3, 10, hour, minute, tzinfo=CET)
    assert next_release(moment) == datetime(2026, 3, day, released, tzinfo=CET)


@pytest.mark.parametrize(
    ("purpose", "other", "says"),
    [
        (Purpose.STATEMENT, None, "names no other client"),
        (Purpose.PLACEMENT, "b", "cannot be placed together"),
    ],
)
def test_a_placement_may_name_another_client(
    purpose: Purpose, other: str | None, says: str
) -> None:
    decision = may_name_another(purpose, "a", other)
    assert decision
    assert says in decision.reason


@pytest.mark.parametrize(
    ("purpose", "other", "says"),
    [
        (Purpose.STATEMENT, "b", "Only a placement constraint"),
        (Purpose.PLACEMENT, "a", "name another one"),
    ],
)
def test_another_client_is_named_for_a_placement_only_and_is_another(
    purpose: Purpose, other: str, says: str
) -> None:
    decision = may_name_another(purpose, "a", other)
    assert not decision
    assert says in decision.reason


@given(
    at=st.integers(0, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)),
    zone=st.sampled_from(["Europe/Copenhagen", "Europe/London", "America/St_Johns"]),
)
def test_every_release_is_the_first_fixed_hour_of_the_service_s_own_clock(
    at: datetime, zone: str
) -> None:
    now = at.astimezone(ZoneInfo(zone))
    release = next_release(now)
    assert release.astimezone(UTC) > at
    assert (release.hour, release.minute, release.second) in {(h, 0, 0) for h in RELEASE_HOURS}
    # A night that loses or gains an hour is an hour shorter or longer than others.
    assert release.astimezone(UTC) - at <= timedelta(hours=19)


@pytest.mark.parametrize(
    ("text", "danger", "says"),
    [
        ("Opdigtet.", " ", "Write what the danger is"),
        (" ", "Fare.", "Write what the programme side is to know."),
        ("x" * 501, "Fare.", "Keep to 500 characters; this has 501."),
    ],
)
def test_an_emergency_needs_its_words_and_its_danger(text: str, danger: str, says: str) -> None:
    decision = may_release_at_once(text, danger)
    assert not decision
    assert says in decision.reason


def test_an_emergency_is_released_and_reviewed_within_48_hours() -> None:
    assert may_release_at_once("x" * 500, "Fare.")
    moment = datetime(2026, 3, 10, 22, 5, tzinfo=CET)
    assert review_due(moment) == datetime(2026, 3, 12, 22, 5, tzinfo=CET)


@pytest.mark.parametrize(
    ("other_worker", "review", "says"),
    [
        (True, Review.WAITING, "Your review counts."),
        (False, Review.WAITING, "Whoever released it cannot review it: another worker does."),
        (True, Review.UPHELD, "This release has been reviewed already."),
        (True, Review.RECALLED, "This release has been reviewed already."),
        (True, None, "Only what was released in an emergency is reviewed."),
    ],
)
def test_another_worker_reviews_an_emergency_once(
    other_worker: bool, review: Review | None, says: str
) -> None:
    me = uuid4()
    decision = may_review(uuid4() if other_worker else me, me, review)
    assert decision.reason == says
    assert decision.allowed is (says == "Your review counts.")


def test_nobody_agrees_tomorrow() -> None:
    today = date(2026, 3, 10)
    assert may_agree(today, today)
    assert not may_agree(today + timedelta(days=1), today)


NOW = datetime(2026, 3, 10, 12, 0, tzinfo=CET)
HOUR = timedelta(hours=1)


def emergency(state: State, due: datetime, reviewed: datetime | None = None) -> Course:
    review = Review.WAITING if reviewed is None else Review.UPHELD
    return Course(state, review, due, reviewed)


def test_a_review_is_late_once_its_moment_has_passed_without_it() -> None:
    assert not is_late(Course(State.ASKED), NOW)
    assert not is_late(emergency(State.RELEASED, NOW), NOW)
    assert is_late(emergency(State.RELEASED, NOW - HOUR), NOW)
    assert not is_late(emergency(State.RELEASED, NOW - HOUR, NOW - HOUR), NOW)
    assert is_late(emergency(State.RELEASED, NOW - HOUR, NOW), NOW)


def test_disclosures_are_counted_with_their_denominators() -> None:
    rows = [
        *(Course(state) for state in State),
        Course(State.REFUSED),
        emergency(State.RELEASED, NOW + HOUR),
        emergency(State.RELEASED, NOW - HOUR),
        emergency(State.RELEASED, NOW - HOUR, NOW),
        emergency(State.RECALLED, NOW - HOUR, NOW - 2 * HOUR),
    ]
    assert counted(rows, NOW) == (
        ("Asked for", 6, 10, "disclosures"),
        ("Waiting for approvers", 1, 6, "asked for"),
        ("Approved", 3, 5, "decided"),
        ("Refused", 2, 5, "decided"),
        ("Released", 6, 10, "disclosures"),
        ("Recalled", 2, 6, "released"),
        ("Released at once, in an emergency", 4, 6, "released"),
        ("Emergency reviewed in time", 1, 3, "due for review"),
        ("Emergency reviewed late, or not yet and late", 2, 3, "due for review"),
    )
    assert {row[1:3] for row in counted([], NOW)} == {(0, 0)}
