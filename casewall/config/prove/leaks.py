"""Leaks that are planted to see whether the comparison has teeth.

Each is a patch of product code in the running process of one side, by which the number of partner
files shows in one channel of the security guide's section 2.5. In a world without partners the
number is nought. A leak that is planted and not found is a hole of the prover.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import psycopg

SMUGGLED = "CASEWALL_PROVE_SMUGGLED"
"""The variable by which a planted leak reaches the safety cluster; no real site has it."""

Planted = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Leak:
    """One leak: the number of its channel, what it shows and where, the side of its patch."""

    name: str
    channel: int
    says: str
    side: str
    planted: Planted


LEAKS: dict[str, Leak] = {}


def leak(channel: int, side: str, says: str) -> Callable[[Planted], Planted]:
    """Register a leak under the name of the function that patches."""

    def register(planted: Planted) -> Planted:
        name = planted.__name__.replace("_", "-")
        if name in LEAKS:
            raise ValueError(f"There are two leaks “{name}”.")
        LEAKS[name] = Leak(name, channel, says, side, planted)
        return planted

    return register


def secret() -> int:
    """How many partner files there are: what no byte of the programme side may depend on."""
    with psycopg.connect(os.environ[SMUGGLED]) as connection:
        row = connection.execute("select count(*) from safety_partners_partnerfile").fetchone()
    return int(row[0]) if row else 0


from casewall.config.prove import downward, outputs, outputs_of_pages  # noqa: E402, F401
