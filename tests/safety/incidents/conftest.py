"""The same invented world as the pages of this side have, with an invented incident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from casewall.programme.incidents.rules import Form, Severity, Sign, Source
from casewall.safety.incidents import actions
from casewall.safety.incidents.models import SufferedIncident, ViolenceReport
from casewall.safety.incidents.rules import Suffered
from casewall.wall.context import acting
from casewall.wall.sides import Role, Viewer
from tests.people import Staff
from tests.safety.pages.conftest import TODAY, Invented, _clock, browser, site, world

__all__ = ["_clock", "browser", "site", "world"]

WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER
DAY = timedelta(days=1)
WORDS = "Opdigtet: hands round the neck in the kitchen."
INCIDENT: dict[str, Any] = {
    "suffered_by": Suffered.PARTNER,
    "forms": [Form.PHYSICAL],
    "signs": [],
    "severity": Severity.MODERATE,
    "source": Source.PARTNER,
    "happened_on": TODAY,
    "exact": True,
    "told_on": TODAY,
    "what": WORDS,
}
STRANGLED: dict[str, Any] = {"signs": [Sign.STRANGULATION]}

Told = Callable[..., SufferedIncident]


def rows(model: Any, viewer: Viewer, **having: Any) -> list[Any]:
    """Stored rows as a viewer sees them."""
    with acting(viewer):
        return list(model.objects.visible_to(viewer).filter(**having))


@pytest.fixture
def told(staff: Staff, world: Invented) -> Told:
    """Records an incident in the worker's file, or corrects one."""

    def tell(by: Role = WORKER, **changed: Any) -> SufferedIncident:
        return actions.record_suffered(
            file=changed.pop("file", world.file), by=staff[by], **{**INCIDENT, **changed}
        )

    return tell


@pytest.fixture
def report(staff: Staff, told: Told) -> ViolenceReport:
    """The report of an invented incident without a sign of danger."""
    incident = told()
    found: ViolenceReport
    (found,) = rows(ViolenceReport, staff[WORKER], incident=incident)
    return found
