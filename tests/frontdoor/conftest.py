"""The front door as its own site has it, in the test process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from casewall.config.sites import front_door
from tests.frontdoor.filled import MESSAGE, SELF, WORK


@pytest.fixture
def door_settings() -> dict[str, Any]:
    names = ("CASEWALL_SIDE", "CASEWALL_SITE_NAME", "ROOT_URLCONF", "TEMPLATES", "SECRET_KEY",
             "AUTHENTICATION_BACKENDS", "CACHES", "CASEWALL_DOOR_SERVICES", "MIDDLEWARE")
    kept = {name: getattr(front_door, name) for name in names}
    # Static files are served by another part, which wants them collected first.
    kept["MIDDLEWARE"] = [name for name in kept["MIDDLEWARE"] if "whitenoise" not in name]
    return {**kept, "ALLOWED_HOSTS": ["testserver"]}


@pytest.fixture
def door(door_settings: dict[str, Any]) -> Iterator[Client]:
    """A browser at the front door."""
    with override_settings(**door_settings):
        yield Client(enforce_csrf_checks=True)


@pytest.fixture
def self_form() -> dict[str, str]:
    return dict(SELF)


@pytest.fixture
def work_form() -> dict[str, str]:
    return dict(WORK)


@pytest.fixture
def message_form() -> dict[str, str]:
    return dict(MESSAGE)
