"""Planned meetings of a group of children: appointments, which lie above this app and say here
how they are read and who asks them before a child joins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from casewall.wall.sides import Viewer

Read = Callable[[UUID, Viewer], list[dict[str, Any]]]
"""A group's identifier and who looks → its meetings to come: `when`, `where`, `tag`, `url`."""
Expect = Callable[..., None]
"""Takes `group`, `child`, `at` and `by`; raises `Refused` where a meeting is in the way."""

_READ: list[Read] = []
_EXPECT: list[Expect] = []


def meetings_by(*, read: Read, expect: Expect) -> None:
    """Say who knows the meetings of groups; said again, it replaces the first."""
    _READ[:], _EXPECT[:] = [read], [expect]


def meetings_to_come(group: UUID, viewer: Viewer) -> list[dict[str, Any]]:
    """The meetings of a group that are to come, as far as this viewer sees them."""
    return [one for read in _READ for one in read(group, viewer)]


def expect_at_meetings(*, group: UUID, child: UUID, at: datetime, by: Viewer) -> None:
    """A child joins: refuse where a meeting lies beside a client's appointment."""
    for expect in _EXPECT:
        expect(group=group, child=child, at=at, by=by)
