"""The rules of disclosure, row by row."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest

from casewall.safety.coordination.rules import (
    Ground,
    Purpose,
    is_approved,
    may_approve,
    may_ask,
    may_name_another,
    next_release,
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
