"""Programme bookings succeed with the same bytes, whatever is booked on the safety side."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.test import override_settings

from casewall.config.prove.running import dump_of
from casewall.programme.groups.models import Session
from casewall.safety.bookings.models import Booking
from casewall.safety.bookings.rules import LIVE, State
from casewall.wall import ids
from casewall.wall.sides import Role, Side
from tests.emptying import empty
from tests.people import Staff, signed_in, site_settings
from tests.programme.conftest import NOW
from tests.safety.bookings.conftest import MONDAY, Hers, Linked, at

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
LISTED = re.compile(
    rb"^COPY public\.(?:django_session|casewall_cache|account_|mfa_).*?^\\\.$", re.M | re.S
)
HOURS = ["08:00", "12:30", "14:00", "16:00"]


@pytest.fixture
def repeatable(monkeypatch: pytest.MonkeyPatch) -> Iterator[Random]:
    """Identifiers and random bytes from a seed, so that two worlds can be compared."""
    rng = Random()

    def drawn() -> uuid.UUID:
        return uuid.UUID(int=rng.getrandbits(128), version=4)

    monkeypatch.setattr(secrets, "token_bytes", lambda n=32: rng.randbytes(n))
    ids.draw_from(own=drawn, down=drawn)
    yield rng
    ids.draw_from(own=uuid.uuid4, down=uuid.uuid4)


def plans(linked: Linked, folder: Path, rng: Random) -> list[bytes]:
    """What a programme manager does, through pages: each answer as bytes."""
    hers, answers = linked.hers, []
    sessions = sorted(hers.programme.rows(Session), key=lambda one: one.number)
    with (
        site_settings(Side.PROGRAMME),
        override_settings(
            STATIC_ROOT=folder,
            ALLOWED_HOSTS=["testserver"],
            CASEWALL_NAVIGATION=[],
            CASEWALL_SEARCH_URL="",
        ),
    ):
        browser = signed_in(hers.staff.workers[Role.PROGRAMME_MANAGER])
        room = str(linked.their_room.pk)
        for version, clock in enumerate(HOURS, start=1):
            # Whatever the safety side has drawn, the programme draws the same.
            rng.seed(clock)
            response = browser.post(
                f"/sessions/{sessions[0].pk}/move/",
                {"version": version, "held_on_day": MONDAY.day, "held_on_month": MONDAY.month,
                 "held_on_year": MONDAY.year, "begins_at": clock, "room": room},
            )  # fmt: skip
            assert response.status_code == 302, (clock, response.content.decode())
            answers.append(repr(sorted(response.headers.items())).encode())
            for page in (f"/groups/{linked.group.pk}/", f"/cases/{linked.client.pk}/"):
                shown = browser.get(page)
                answers.append(TOKEN.sub(b"", shown.content))
            hers.pull(NOW + timedelta(minutes=version))
    return answers


def lived(
    staff: Staff, var: Path, folder: Path, rng: Random, *, with_hers: bool
) -> tuple[list[bytes], list[bytes], list[Booking]]:
    """One world: what the programme was answered, what it stores, and her appointments."""
    rng.seed("the same beginning")
    hers = Hers(staff)
    linked = Linked(hers)
    made = []
    if with_hers:
        made = [hers.book(linked.file, clock, linked.room) for clock in ("08:00", "13:30", "16:00")]
        made.append(hers.book(linked.file, "10:30", linked.other_house))
    answers = plans(linked, folder, rng)
    dump = LISTED.sub(b"", dump_of(var))
    return answers, sorted(dump.splitlines()), [hers.again(one) for one in made]


def test_every_programme_booking_succeeds_with_the_same_bytes(
    staff: Staff, var: Path, tmp_path: Path, repeatable: Random, owner_urls: dict[str, str]
) -> None:
    empty(owner_urls.values())
    alone = lived(staff, var, tmp_path, repeatable, with_hers=False)
    empty(owner_urls.values())
    beside = lived(staff, var, tmp_path, repeatable, with_hers=True)
    assert len(alone[0]) == 3 * len(HOURS)
    assert alone[0] == beside[0]
    assert [line for line in alone[1] if line not in set(beside[1])] == []
    assert alone[1] == beside[1]
    hers = beside[2]
    assert hers[-1].state == State.PLANNED
    assert {one.state for one in hers[:3]} == {State.MOVED}
    last = at(HOURS[-1])
    for one in hers[:3]:
        assert one.state in LIVE
        ends = one.starts_at + timedelta(minutes=one.minutes)
        assert ends <= last - timedelta(hours=1) or one.starts_at >= last + timedelta(hours=3)
