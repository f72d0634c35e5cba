"""A session that nobody uses ends, and whoever uses it stays."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings

from casewall.staff import idle
from casewall.wall.context import on_side
from casewall.wall.sides import Role, Side
from tests.people import Staff, signed_in, site_settings

LIMIT = 600
LONGEST = 8 * 3600


@pytest.mark.parametrize(
    ("used", "begun", "left"),
    [
        (1000.0, 1000.0, 600),
        (900.5, 900.5, 500),
        (400.0, 400.0, 0),
        (399.0, 399.0, 0),
        (1000.0, -7300.0, 500),
        (1000.0, -9000.0, 0),
        (None, None, 600),
        (2000.0, 2000.0, 600),
    ],
    ids=["new", "used", "over", "long over", "nearly a day", "a day", "no time", "clock set back"],
)
def test_a_session_ends_after_the_idle_limit_or_a_whole_day(
    used: float | None, begun: float | None, left: int
) -> None:
    found = idle.seconds_left(now=1000.0, used=used, begun=begun, idle=600, longest=8800)
    assert found == left


@pytest.mark.parametrize(("limit", "seconds"), [(1800, 120), (240, 120), (8, 4)])
def test_the_warning_comes_two_minutes_before(limit: int, seconds: int) -> None:
    with override_settings(CASEWALL_IDLE_SECONDS=limit):
        assert idle.warning() == seconds


@pytest.fixture
def at_work(staff: Staff, tmp_path: Path) -> Iterator[Callable[[], Client]]:
    """Signs a facilitator in, on the programme site."""
    with (
        site_settings(Side.PROGRAMME),
        on_side(Side.PROGRAMME),
        override_settings(
            ALLOWED_HOSTS=["testserver"], CASEWALL_IDLE_SECONDS=LIMIT, STATIC_ROOT=tmp_path
        ),
    ):
        cache.clear()
        yield lambda: signed_in(staff.workers[Role.FACILITATOR])


def aged(client: Client, *, used: float = 0, begun: float = 0) -> Client:
    """Let so many seconds have passed in the session."""
    session = client.session
    session[idle.USED] -= used
    session[idle.BEGUN] -= begun
    session.save()
    return client


def asked(client: Client, method: str = "get") -> dict[str, Any]:
    return dict(json.loads(getattr(client, method)("/accounts/stay/").content))


def test_signing_in_starts_the_clock(at_work: Callable[[], Client]) -> None:
    session = at_work().session
    assert session[idle.USED] == session[idle.BEGUN] == pytest.approx(time.time(), abs=30)


def test_an_unused_session_is_over_on_the_server(at_work: Callable[[], Client]) -> None:
    client = aged(at_work(), used=LIMIT + 1)
    kept = client.cookies["programme_session"].value
    answer = client.get("/search/?q=a")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/?next=/search/%3Fq%3Da"
    assert "Your session had ended" in client.get(answer.headers["Location"]).content.decode()
    again = Client()
    again.cookies["programme_session"] = kept
    assert again.get("/").status_code == 302


def test_what_is_sent_after_the_end_is_not_done(at_work: Callable[[], Client]) -> None:
    client = aged(at_work(), used=LIMIT + 1)
    answer = client.post("/accounts/password/change/", {"oldpassword": "x"})
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_a_used_page_keeps_the_session(at_work: Callable[[], Client]) -> None:
    client = aged(at_work(), used=LIMIT - 5)
    assert client.get("/").status_code == 200
    assert asked(client)["left"] >= LIMIT - 5


def test_asking_how_long_is_left_is_no_use_and_staying_is(at_work: Callable[[], Client]) -> None:
    client = aged(at_work(), used=LIMIT - 50)
    assert asked(client)["left"] <= 50
    assert asked(client)["left"] <= 50
    assert asked(client, "post")["left"] >= LIMIT - 5
    assert asked(client)["left"] >= LIMIT - 5


def test_no_use_makes_a_session_longer_than_a_day_of_work(at_work: Callable[[], Client]) -> None:
    client = aged(at_work(), begun=LONGEST - 100)
    assert settings.SESSION_COOKIE_AGE == LONGEST
    assert asked(client, "post")["left"] <= 100
    assert aged(client, begun=101).get("/").status_code == 302


def test_a_page_used_again_at_once_writes_nothing(at_work: Callable[[], Client]) -> None:
    client = at_work()
    first = client.session[idle.USED]
    assert client.get("/").status_code == 200
    assert client.session[idle.USED] == first
    aged(client, used=LIMIT / idle.PARTS + 1)
    assert client.get("/").status_code == 200
    assert client.session[idle.USED] >= first


def test_a_session_from_before_there_was_a_limit_gets_one(at_work: Callable[[], Client]) -> None:
    client = at_work()
    session = client.session
    del session[idle.USED], session[idle.BEGUN]
    session.save()
    assert client.get("/").status_code == 200
    assert client.session[idle.USED] == client.session[idle.BEGUN]


def test_staying_needs_a_session_and_the_token(at_work: Callable[[], Client]) -> None:
    assert Client().get("/accounts/stay/").headers["Location"].startswith("/accounts/login/")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = at_work().cookies
    assert strict.post("/accounts/stay/").status_code == 403
    token = asked(strict)["token"]
    assert strict.post("/accounts/stay/", {"csrfmiddlewaretoken": token}).status_code == 200


def test_a_page_says_when_its_session_ends_and_loads_the_script(
    at_work: Callable[[], Client],
) -> None:
    page = at_work().get("/").content.decode()
    assert 'data-stay="/accounts/stay/" data-left="590" data-warning="120"' in page
    assert re.search(r'<script src="[^"]*casewall/stay\.js" defer></script>', page)
    entrance = Client().get("/accounts/login/").content.decode()
    assert "data-stay" not in entrance
    assert "stay.js" not in entrance
