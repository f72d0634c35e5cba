"""Assessments on an invented partner's file, on the invented day of the safety pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from casewall.safety.roles import actions
from casewall.safety.roles.models import RoleAssessment, RoleWorking
from casewall.safety.roles.rules import (
    Act,
    Consequence,
    Fear,
    HowOften,
    Injury,
    Outcome,
    Person,
    Setting,
    Sign,
    Source,
)
from casewall.wall.context import acting
from casewall.wall.sides import Role, Viewer
from tests.people import Staff
from tests.safety.pages.conftest import Invented, _clock, browser, site, world

__all__ = ["_clock", "browser", "site", "world"]

WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER
SECRET = "Opdigtet note that only three people read."
INCIDENT: dict[str, Any] = {
    "done_by": Person.B,
    "acts": [Act.PHYSICAL, Act.CONTROL],
    "what": "Opdigtet: B pushed A against the door.",
    "setting": Setting.BEGAN_IT,
    "how_often": HowOften.SEVERAL_TIMES,
    "consequences": [Consequence.CHANGED_HABITS],
    "fear": Fear.STRONG,
    "injury": Injury.SLIGHT,
    "source": Source.PERSON_A,
    "happened": "The winter before",
}

Begin = Callable[..., RoleAssessment]


def working_of(assessment: RoleAssessment, viewer: Viewer) -> RoleWorking:
    """The worker's part of an assessment, as this viewer sees it."""
    with acting(viewer):
        return RoleWorking.objects.visible_to(viewer).get(assessment=assessment)


@pytest.fixture
def begin(staff: Staff, world: Invented) -> Begin:
    """Begins an assessment on the worker's file; `ready` writes it down, `waits` asks for it."""

    def begun(
        by: Role = WORKER, *, ready: bool = False, waits: bool = False, **how: Any
    ) -> RoleAssessment:
        viewer = staff[by]
        made = actions.begin_assessment(file=world.file, by=viewer, **how)
        if ready or waits:
            actions.add_incident(assessment=made, by=viewer, **INCIDENT)
            actions.write_working(
                assessment=made,
                version=1,
                signs_a=[Sign.AFRAID, Sign.TAKES_BLAME],
                signs_b=[Sign.VAGUE],
                note=SECRET,
                proposed_a=Outcome.PRIMARY_VICTIM,
                proposed_b=Outcome.PRIMARY_PERPETRATOR,
                grounds="Opdigtet grounds.",
                by=viewer,
            )
        return actions.ask_for_sign_off(assessment=made, by=viewer) if waits else made

    return begun
