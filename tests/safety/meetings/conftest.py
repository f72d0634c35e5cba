"""The invented world of the pages of this side, with a meeting that is planned for today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from casewall.safety.meetings import actions
from casewall.safety.meetings.models import AgendaItem, Meeting
from casewall.safety.meetings.rules import Kind
from casewall.wall.context import acting
from casewall.wall.sides import Role, Viewer
from tests.people import SERVICE, Staff
from tests.safety.pages.conftest import TODAY, Invented, _clock, browser, site, world

__all__ = ["_clock", "browser", "site", "world"]

WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER
CHILDREN = Role.CHILDRENS_WORKER
DAY = timedelta(days=1)
SECRET = "Opdigtet: hun har fundet et nyt sted at bo."


def noon(days: int = 0) -> datetime:
    """Twelve o'clock of a day after today."""
    when = datetime.combine(TODAY + days * DAY, time(12, 0))
    return when.replace(tzinfo=timezone.get_default_timezone())


def rows(model: Any, viewer: Viewer, **having: Any) -> list[Any]:
    """Stored rows as a viewer sees them."""
    with acting(viewer):
        return list(model.objects.visible_to(viewer).filter(**having))


Plan = Callable[..., Meeting]


@pytest.fixture
def plan(staff: Staff, world: Invented) -> Plan:
    """Plans a meeting of the service."""

    def new(days: int = 0, **more: Any) -> Meeting:
        given = {"service": SERVICE, "kind": Kind.REGULAR, "held_at": noon(days), **more}
        return actions.plan_meeting(by=staff[COORDINATOR], **given)

    return new


@pytest.fixture
def meeting(plan: Plan) -> Meeting:
    """A meeting of today, with the agenda that the world gives."""
    return plan()


@pytest.fixture
def item(staff: Staff, world: Invented, meeting: Meeting) -> AgendaItem:
    """The item of the worker's own file."""
    found: AgendaItem
    (found,) = rows(AgendaItem, staff[COORDINATOR], meeting=meeting, file=world.file)
    return found
