"""Guessing a password or a code is slow, for one account from anywhere and for one address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings
from django.utils import timezone

from casewall.staff.models import Worker
from casewall.wall.sides import Role, Side
from tests.people import PASSWORD
from tests.staff.conftest import code_for, give_second_factor, with_password

WORKING = {Side.PROGRAMME: Role.ASSESSOR, Side.SAFETY: Role.COORDINATOR}
DAILY = {"login_failed": "100/m/ip,5/300s/key,6/d/key"}


def guess(worker: Worker, password: str, address: str) -> int:
    answer = Client(REMOTE_ADDR=address).post(
        "/accounts/login/", {"login": worker.email, "password": password})
    return answer.status_code


@pytest.mark.parametrize("side", Side)
def test_five_wrong_passwords_shut_an_account_for_a_while_whatever_the_address(
    side: Side, site_of: Any, staff: Any
) -> None:
    worker = staff.workers[WORKING[side]]
    with site_of(side):
        for number in range(5):
            assert guess(worker, "wrong", f"198.51.100.{number}") == 200
        assert guess(worker, PASSWORD, "198.51.100.99") == 200
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            assert guess(worker, PASSWORD, "198.51.100.99") == 302


def test_a_day_has_a_limit_as_well(site_of: Any, staff: Any) -> None:
    worker = staff.workers[Role.ASSESSOR]
    with site_of(Side.PROGRAMME), override_settings(ACCOUNT_RATE_LIMITS=DAILY):
        begin = timezone.now()
        for number in range(6):
            with time_machine.travel(begin + timedelta(minutes=10 * number)):
                assert guess(worker, "wrong", "198.51.100.1") == 200
        with time_machine.travel(begin + timedelta(minutes=90)):
            assert guess(worker, PASSWORD, "198.51.100.2") == 200
        with time_machine.travel(begin + timedelta(hours=26)):
            assert guess(worker, PASSWORD, "198.51.100.2") == 302


def test_guessing_the_second_factor_is_slow_too(site_of: Any, staff: Any) -> None:
    worker = staff.workers[Role.ASSESSOR]
    with site_of(Side.PROGRAMME):
        secret = give_second_factor(worker)
        client, _ = with_password(worker)
        for number in range(5):
            answer = client.post("/accounts/2fa/authenticate/", {"code": f"00000{number}"})
            assert answer.status_code == 200
        late = client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
        assert late.status_code == 200
