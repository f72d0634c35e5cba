"""The second step of signing in for whoever has recovery codes, as everybody has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client, override_settings

from casewall.wall.context import on_side
from casewall.wall.sides import SIDE_OF_ROLE, Role
from tests.people import PASSWORD, Staff, site_settings

LOGIN, ENTER_CODE = "/accounts/login/", "/accounts/2fa/authenticate/"
Entrance = Callable[[], Client]


@pytest.fixture(params=[Role.FACILITATOR, Role.PARTNER_WORKER], ids=lambda role: role.value)
def role(request: pytest.FixtureRequest) -> Role:
    return Role(request.param)


@pytest.fixture
def past_the_password(staff: Staff, role: Role, tmp_path: Path) -> Iterator[Entrance]:
    """Clients that have given e-mail and password; the worker has an app and recovery codes."""
    side, worker = SIDE_OF_ROLE[role], staff.workers[role]

    def entered() -> Client:
        client = Client()
        answer = client.post(LOGIN, {"login": worker.email, "password": PASSWORD})
        assert answer.headers["Location"] == ENTER_CODE
        return client

    with (
        site_settings(side),
        on_side(side),
        override_settings(STATIC_ROOT=tmp_path, ALLOWED_HOSTS=["testserver"]),
    ):
        cache.clear()
        TOTP.activate(worker, generate_totp_secret())
        RecoveryCodes.activate(worker)
        yield entered
        cache.clear()


def recovery_codes() -> list[str]:
    return RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()


def tried(client: Client, code: str) -> Any:
    return client.post(ENTER_CODE, {"code": code})


def test_a_wrong_code_is_refused_in_words(past_the_password: Entrance) -> None:
    client = past_the_password()
    answer = tried(client, "000000")
    assert answer.status_code == 200
    assert "Incorrect code" in answer.content.decode()
    assert client.get("/").headers["Location"].startswith(LOGIN)


def test_a_recovery_code_signs_in_once(past_the_password: Entrance) -> None:
    codes = recovery_codes()
    first, second = past_the_password(), past_the_password()
    assert tried(first, codes[3]).headers["Location"] == "/"
    assert first.get("/").status_code == 200
    assert recovery_codes() == codes[:3] + codes[4:]
    again = tried(second, codes[3])
    assert again.status_code == 200
    assert "Incorrect code" in again.content.decode()


def test_wrong_codes_stay_counted(past_the_password: Entrance) -> None:
    client = past_the_password()
    for _try in range(5):
        assert "Incorrect code" in tried(client, "000000").content.decode()
    right = recovery_codes()[0]
    assert "Too many" in tried(client, right).content.decode()
    assert right in recovery_codes()
