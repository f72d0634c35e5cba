"""Both staff sites, for tests of signing in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client, override_settings

from casewall.staff.models import Worker
from casewall.wall.context import on_side
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import PASSWORD, site_settings

SECRET_IN_SESSION = "mfa.totp.secret"


@pytest.fixture
def site_of(staff: Any, tmp_path: Path) -> Any:
    """`with site_of(side):` is that site; sign-in is not slowed down by tries of other tests."""

    @contextmanager
    def site(side: Side) -> Iterator[None]:
        with (site_settings(side), on_side(side),
              override_settings(STATIC_ROOT=tmp_path, ALLOWED_HOSTS=["testserver", "localhost"],
                                CASEWALL_NAVIGATION=[], CASEWALL_SEARCH_URL="search")):
            cache.clear()
            yield

    return site


@pytest.fixture
def owner(owner_urls: dict[str, str]) -> Iterator[Any]:
    """The owner of the programme database, who can look at the audit and change accounts."""
    with psycopg.connect(owner_urls["programme"], autocommit=True) as connection:
        yield connection


def code_for(secret: str, steps_back: int = 0) -> str:
    """The time code of a second-factor secret now, or some steps of 30 seconds ago."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[0] - steps_back))


def give_second_factor(worker: Worker) -> str:
    """Give an invented worker a second factor; the secret is returned."""
    from allauth.mfa.totp.internal.auth import TOTP

    secret = generate_totp_secret()
    with on_side(SIDE_OF_ROLE[Role(worker.role)]):
        TOTP.activate(worker, secret)
    return secret


def with_password(worker: Worker, client: Client | None = None) -> tuple[Client, Any]:
    """A browser that has sent e-mail and password, and the answer."""
    client = client or Client()
    answer = client.post("/accounts/login/", {"login": worker.email, "password": PASSWORD})
    return client, answer
