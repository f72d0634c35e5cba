"""A signed-in browser of each role on the safety site, and lines of an invented ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from casewall.safety.costs.rules import ContractEntry, CostEntry
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import Staff, signed_in, site_settings

Browse = Callable[[Role], Client]
MANAGER = Role.SAFETY_MANAGER
OTHERS = [
    role for role in Role
    if SIDE_OF_ROLE[role] is Side.SAFETY and role not in (MANAGER, Role.SAFETY_SYSTEM)
]  # fmt: skip


def line(**changed: Any) -> CostEntry:
    whole = {"category": "rent", "amount": 1_250_000, "currency": "EUR", "price_year": 2014,
             "included": True, "first_on": date(2014, 1, 1), "last_on": date(2014, 12, 31),
             "source": "Invented accounts"}  # fmt: skip
    return CostEntry(**{**whole, **changed})


def contract(**changed: Any) -> ContractEntry:
    whole = {"funder": "An invented ministry", "amount": 8_000_000, "currency": "EUR",
             "first_on": date(2014, 1, 1), "last_on": date(2014, 12, 31),
             "source": "An invented contract"}  # fmt: skip
    return ContractEntry(**{**whole, **changed})


def text(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def browse(staff: Staff, tmp_path: Path) -> Iterator[Browse]:
    made: dict[Role, Client] = {}

    def of(role: Role) -> Client:
        if role not in made:
            made[role] = signed_in(staff.workers[role])
        return made[role]

    with (
        site_settings(Side.SAFETY),
        override_settings(
            STATIC_ROOT=tmp_path, ALLOWED_HOSTS=["testserver"],
            CASEWALL_SEARCH_URL="search", CASEWALL_NAVIGATION=[("Today", "today")],
            CASEWALL_REPORTS_DIR=tmp_path / "reports",
        ),
    ):
        yield of
