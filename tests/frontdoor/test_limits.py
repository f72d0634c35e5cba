"""A flood at the front door: little is stored, nothing is told, and nobody's referral is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewall.frontdoor import limits, views
from casewall.frontdoor.limits import FROM_WORK, STORED, WRONG_CODES, Limit, address_of
from casewall.frontdoor.questions import slots

VISITOR = "198.51.100.7"


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    for one in (STORED, FROM_WORK, WRONG_CODES):
        one.forget()
    yield
    for one in (STORED, FROM_WORK, WRONG_CODES):
        one.forget()


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What reached an inbox."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(views, "leave", lambda **sent: found.append(sent))
    return found


def sent(door: Client, page: str, form: dict[str, str], times: int, address: str = VISITOR) -> Any:
    return [door.post(page, form, REMOTE_ADDR=address) for _ in range(times)]


def test_six_self_referrals_of_one_address_get_one_answer_and_five_are_stored(
    door: Client, self_form: dict[str, str], left: list[dict[str, Any]]
) -> None:
    answers = sent(door, "/yourself/", self_form, 7)
    assert len({(one.status_code, one.headers["Location"], one.content) for one in answers}) == 1
    assert len(left) == STORED.times == 5
    sent(door, "/yourself/", self_form, 1, "198.51.100.8")
    assert len(left) == 6


def test_a_professionals_form_past_the_limit_says_so_and_keeps_what_was_typed(
    door: Client, work_form: dict[str, str], left: list[dict[str, Any]]
) -> None:
    answers = sent(door, "/work/", work_form, FROM_WORK.times + 1)
    assert {one.status_code for one in answers[:-1]} == {302}
    assert answers[-1].status_code == 503
    assert answers[-1].headers["Retry-After"]
    typed = next(value for name, value in work_form.items() if "given_name" in name)
    assert typed in answers[-1].content.decode()
    assert len(left) == FROM_WORK.times


def test_a_form_with_a_mistake_counts_for_nothing(
    door: Client, self_form: dict[str, str], left: list[dict[str, Any]]
) -> None:
    assert {one.status_code for one in sent(door, "/yourself/", {}, 9)} == {422}
    sent(door, "/yourself/", self_form, 1)
    assert len(left) == 1


def test_after_ten_wrong_codes_a_right_one_gets_the_same_bytes_and_is_not_asked_for(
    door: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def open_visit(code: str, entrance: str) -> str | None:
        asked.append(code)
        return "token" if code == "right" else None

    monkeypatch.setattr(slots, "was_passed", lambda entrance: False)
    monkeypatch.setattr(slots, "open_visit", open_visit)
    page = door.get("/form/", follow=True, REMOTE_ADDR=VISITOR).redirect_chain[-1][0]
    wrong = [door.post(page, {"code": "wrong"}, REMOTE_ADDR=VISITOR) for _ in range(11)]
    assert {one.status_code for one in wrong} == {422}
    late = door.post(page, {"code": "right"}, REMOTE_ADDR=VISITOR)
    assert (late.status_code, late.content) == (422, wrong[0].content)
    assert asked == ["wrong"] * WRONG_CODES.times
    other = door.post(page, {"code": "right"}, REMOTE_ADDR="198.51.100.9")
    assert other.status_code == 302


@pytest.mark.parametrize(("proxies", "remote", "passed", "found"), [
    (0, VISITOR, "", VISITOR),
    (0, VISITOR, "203.0.113.9", VISITOR),  # the visitor's own word
    (0, "127.0.0.1", "203.0.113.9", ""),
    (0, "nonsense", "", ""),
    (1, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
    (1, "127.0.0.1", "10.0.0.1, 203.0.113.9", "203.0.113.9"),
    (2, "127.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
    (2, "127.0.0.1", "203.0.113.9", ""),
    (0, "2001:db8:1:2:3:4:5:6", "", "2001:0db8:0001:0002"),
])  # fmt: skip
def test_the_address_is_the_visitors_or_none(
    proxies: int, remote: str, passed: str, found: str
) -> None:
    more = {"HTTP_X_FORWARDED_FOR": passed} if passed else {}
    with override_settings(CASEWALL_DOOR_PROXIES=proxies):
        assert address_of(RequestFactory().get("/", REMOTE_ADDR=remote, **more)) == found


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 100), max_size=40).map(sorted), st.integers(1, 5))
def test_no_window_ever_holds_more_than_the_limit(moments: list[int], times: int) -> None:
    limit, kept = Limit(times, 10), []
    for now in moments:
        if not limit.is_reached("x", now=now):
            limit.count("x", now=now)
            kept.append(now)
    for begin in kept:
        assert sum(begin <= one < begin + 10 for one in kept) <= times


def test_a_flood_of_addresses_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ADDRESSES", 3)
    limit = Limit(1, 10)
    for number in range(4):
        limit.count(str(number), now=0)
    reached = [limit.is_reached(str(number), now=1) for number in range(4)]
    assert reached == [False, True, True, True]
