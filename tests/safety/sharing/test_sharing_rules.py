"""What may leave this side, decided without a database."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.sharing.rules import (
    ABOVE_AGREEMENTS,
    FOLLOWS,
    OF_CHILD,
    OF_PARTNER,
    WARN_DAYS,
    Asked,
    Basis,
    Check,
    Party,
    Planned,
    ReportState,
    Section,
    Standing,
    Term,
    is_running_out,
    may_agree,
    may_become,
    may_pass,
    may_recall,
    may_share,
    may_write,
    not_to_a_party,
    standing_on,
)

TODAY = date(2026, 11, 2)
DAY = timedelta(days=1)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def plan(**changed: Any) -> Planned:
    return Planned(**{
        "basis": Basis.CONSENT, "consented": True, "without_because": "", "recipient": "A desk",
        "what": "Something", "has_document": False, "shared_on": TODAY,
        "expires_on": TODAY + 90 * DAY, "standing": Standing.HOLDS, "agency": "An agency",
        **changed,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"recipient": " "}, "Name the person or the office"),
        ({"what": " "}, "Write what is shared"),
        ({"shared_on": TODAY + DAY}, "has not come yet"),
        ({"expires_on": TODAY - DAY}, "run out before it was made"),
        ({"expires_on": TODAY + 367 * DAY}, "after a year at the latest"),
        ({"consented": False}, "there is none"),
        ({"basis": Basis.SAFEGUARDING, "consented": False}, "why it is shared without consent"),
        ({"standing": Standing.ENDED}, "The agreement with An agency has ended"),
        ({"standing": Standing.NOT_YET}, "has not begun yet"),
        ({"standing": Standing.NONE, "basis": Basis.PUBLIC_TASK}, "no agreement with An agency"),
    ],
)
def test_a_share_is_refused_with_a_sentence(changed: dict[str, Any], says: str) -> None:
    decision = may_share(plan(**changed), TODAY)
    assert not decision
    assert says in decision.reason


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"what": "", "has_document": True},
        {"standing": Standing.NONE},
        {"basis": Basis.SAFEGUARDING, "consented": False, "without_because": "A child."},
    ],
)
def test_a_share_with_its_ground_can_be_made(changed: dict[str, Any]) -> None:
    assert may_share(plan(**changed), TODAY)


def test_an_agreement_that_ended_never_stops_what_protects_a_life_or_is_ordered() -> None:
    for basis in Basis:
        decision = may_share(plan(basis=basis, standing=Standing.ENDED), TODAY)
        assert bool(decision) is (basis in ABOVE_AGREEMENTS)


def test_agreements_that_ended_and_agreements_to_come_are_told_apart() -> None:
    past, ahead = (Term(TODAY + days * DAY, TODAY + days * DAY) for days in (-1, 1))
    assert standing_on([past], TODAY) is standing_on([ahead, past], TODAY) is Standing.ENDED
    assert standing_on([ahead], TODAY) is Standing.NOT_YET


@given(st.lists(st.tuples(DAYS, DAYS).map(sorted)), DAYS)
def test_one_agreement_that_holds_is_enough(pairs: list[list[date]], day: date) -> None:
    terms = [Term(first, last) for first, last in pairs]
    standing = standing_on(terms, day)
    assert (standing is Standing.NONE) is (not terms)
    assert (standing is Standing.HOLDS) is any(a <= day <= b for a, b in pairs)
    if standing is Standing.NOT_YET:
        assert all(first > day for first, _ in pairs)


def test_a_renewal_is_asked_for_two_months_before_the_end() -> None:
    assert is_running_out(TODAY + WARN_DAYS * DAY, TODAY)
    assert not is_running_out(TODAY + (WARN_DAYS + 1) * DAY, TODAY)
    assert is_running_out(TODAY - DAY, TODAY)


def test_an_agreement_says_what_and_has_its_days() -> None:
    assert may_agree(Term(TODAY, TODAY), "Names", TODAY)
    assert "Write what" in may_agree(Term(TODAY, TODAY), " ", TODAY).reason
    assert "before it begins" in may_agree(Term(TODAY, TODAY - DAY), "x", TODAY).reason
    assert "ended already" in may_agree(Term(TODAY - DAY, TODAY - DAY), "x", TODAY).reason


@pytest.mark.parametrize(
    ("name", "routes", "allowed"),
    [
        ({"duty", "desk"}, set(), True),
        ({"anna", "berg"}, set(), False),
        ({"berg", "anna", "parkvej"}, set(), False),
        ({"anna"}, set(), True),
        ({"cher"}, set(), False),
        ({"cher", "office"}, set(), True),
        ({"duty"}, {"4522334455"}, False),
        (set(), {"a@example.invalid"}, False),
        (set(), set(), True),
    ],
)
def test_no_share_goes_to_somebody_whom_the_service_works_with(
    name: set[str], routes: set[str], allowed: bool
) -> None:
    parties = [
        Party("a client", frozenset({"anna", "berg"}), frozenset({"4522334455"})),
        Party("a client", frozenset({"cher"})),
        Party("a partner", frozenset(), frozenset({"a@example.invalid"})),
    ]
    assert bool(not_to_a_party(frozenset(name), frozenset(routes), parties)) is allowed


def test_a_recall_has_a_reason_and_is_made_once() -> None:
    assert may_recall(None, "Wrong person")
    assert "why" in may_recall(None, " ").reason
    assert "already" in may_recall(TODAY, "Wrong person").reason


def test_a_report_changes_only_as_the_table_says() -> None:
    for now, to in product(ReportState, ReportState):
        decision = may_become(now, to)
        assert bool(decision) is (to in FOLLOWS[now])
        assert decision.reason.endswith(".")


def test_no_section_can_stand_in_a_report_of_the_other_kind() -> None:
    words = dict.fromkeys(Section, "Words")
    for section in Section:
        assert bool(may_write([section], OF_PARTNER, words)) is (section in OF_PARTNER)
        assert bool(may_write([section], OF_CHILD, words)) is (section in OF_CHILD)
    assert "at least one" in may_write([], OF_PARTNER, {}).reason
    assert "no words yet" in may_write([Section.LIMITS], OF_PARTNER, {}).reason
    assert may_write([Section.SUPPORT], OF_PARTNER, {})


def check(**changed: Any) -> Check:
    section = Section.SUPPORT
    return Check(**{
        "is_writer": False, "sections": [section],
        "answers": {section: dict.fromkeys(Asked, False)}, "accepted": {}, "consented": True,
        "basis": Basis.CONSENT, **changed,
    })  # fmt: skip


def found(asked: Asked | None, answer: bool | None = True) -> dict[str, Any]:
    given = {one: answer if one is asked else False for one in Asked}
    return {"answers": {Section.SUPPORT: given}}


WHY = {"accepted": {Section.SUPPORT: "She asked for it to stand."}}
ORDERED = {"consented": False, "basis": Basis.COURT_ORDER}
WITHOUT = {"consented": False, "basis": Basis.SAFEGUARDING}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"is_writer": True}, "somebody else must check"),
        ({"answers": {}}, "Answer all three questions"),
        (found(Asked.ANSWERED, None), "Answer all three questions"),
        (found(Asked.LIVES), "that never goes out"),
        ({**found(Asked.LIVES), **WHY, **ORDERED}, "that never goes out"),
        (found(Asked.CONFIDENCE), "Write why"),
        ({**found(Asked.CONFIDENCE), **WHY, **WITHOUT}, "Without consent or an order"),
        ({**found(Asked.ANSWERED), **WHY, **WITHOUT}, "Without consent or an order"),
        ({"overlaps": ["five words in a row"]}, "told in confidence"),
    ],
)
def test_a_report_does_not_pass(changed: dict[str, Any], says: str) -> None:
    decision = may_pass(check(**changed))
    assert not decision
    assert says in decision.reason


@pytest.mark.parametrize(
    "changed",
    [
        {},
        WITHOUT,
        {**found(Asked.CONFIDENCE), **WHY},
        {**found(Asked.ANSWERED), **WHY, **ORDERED},
        {"overlaps": ["five words in a row"], "overlaps_seen": True},
    ],
)
def test_a_report_passes(changed: dict[str, Any]) -> None:
    assert may_pass(check(**changed))
