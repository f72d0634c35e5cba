"""Second factors of the invented workers, and the six figures that they show now."""

from __future__ import annotations

import secrets
import time
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import caches

from casewall.staff.adapters import SealedSecrets
from casewall.staff.models import Worker
from casewall.wall.context import on_side
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import PASSWORD, Staff

PERIOD = 30
"""Seconds for which a code is shown (RFC 6238)."""
MARGIN = 4
"""A code is not used so shortly before its end."""


@contextmanager
def second_factors(staff: Staff) -> Iterator[dict[Role, str]]:
    """Give every worker a password and a new secret that the sites can read; role → secret.

    The tests' own settings hash passwords in a quick way that no site accepts, so the hashes are
    exchanged, and put back afterwards.
    """
    given: dict[Role, str] = {}
    before: dict[Role, str] = {}
    for role, worker in staff.workers.items():
        with on_side(SIDE_OF_ROLE[role]):
            before[role] = _set_hash(worker.pk, _slow_hash())
        given[role] = renew(worker)
    for side in Side:
        # Codes that were used, and attempts that were counted, belong to an earlier test.
        with on_side(side):
            caches["default"].clear()
    yield given
    for role, worker in staff.workers.items():
        with on_side(SIDE_OF_ROLE[role]):
            _set_hash(worker.pk, before[role])


def _set_hash(worker: UUID, written: str) -> str:
    row = Worker.objects.get(pk=worker)
    before, row.password = row.password, written
    row.save(update_fields=["password"])
    return before


def renew(worker: Worker) -> str:
    """Give a worker a new secret, sealed as that side's site reads it, and return it."""
    secret = b32encode(secrets.token_bytes(20)).decode()
    with on_side(SIDE_OF_ROLE[Role(worker.role)]):
        Authenticator.objects.filter(user_id=worker.pk).delete()
        Authenticator.objects.create(
            user_id=worker.pk,
            type=Authenticator.Type.TOTP,
            data={"secret": SealedSecrets().encrypt(secret)},
        )
    return secret


@cache
def _slow_hash() -> str:
    hasher = Argon2PasswordHasher()
    return hasher.encode(PASSWORD, hasher.salt())


def code_now(secret: str) -> str:
    """The code of this moment; waits for the next one where this one is about to end."""
    left = PERIOD - time.time() % PERIOD
    if left < MARGIN:
        time.sleep(left + 0.1)
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))
