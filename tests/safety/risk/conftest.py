"""The same invented world as the pages of this side have, and a judgement of its risk."""

from __future__ import annotations

from typing import Any

import pytest

from casewall.safety.risk import actions
from casewall.safety.risk.models import JointRisk, RiskReview
from casewall.safety.risk.rules import Level, Occasion, SourceOf
from casewall.wall.context import acting
from casewall.wall.sides import Role, Viewer
from tests.people import Staff
from tests.safety.incidents.conftest import rows, told
from tests.safety.pages.conftest import TODAY, Invented, _clock, browser, site, world

__all__ = ["_clock", "browser", "rows", "site", "told", "world"]

WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER
CHILDREN, SYSTEM = Role.CHILDRENS_WORKER, Role.SAFETY_SYSTEM
OTHERS = (Role.DATA_PROTECTION_OFFICER, Role.EVALUATOR, Role.SAFETY_ADMINISTRATOR)
WHY = "Opdigtet: the partner and the police say the same."


def said(level: Level = Level.HIGH, **more: Any) -> actions.Judgement:
    """An invented judgement."""
    given: dict[str, Any] = {
        "occasion": Occasion.INTAKE,
        "reasons": WHY,
        "plan": "Opdigtet: somebody calls each day.",
        "sources": [SourceOf.PARTNER, SourceOf.POLICE],
    }
    return actions.Judgement(level=level, **{**given, **more})


def as_seen(read: Any, viewer: Viewer, *more: Any) -> Any:
    """What a reading function gives to a viewer, asked as a page asks it."""
    with acting(viewer):
        return read(viewer, *more)


class Judge:
    """Judges the invented file's risk, always past the version that is there."""

    def __init__(self, staff: Staff, world: Invented):
        self.staff, self.world = staff, world

    def __call__(self, level: Level = Level.HIGH, by: Role = WORKER, **more: Any) -> RiskReview:
        now = self.risk()
        version = more.pop("version", now.version if now else 0)
        on, form = more.pop("on", TODAY), more.pop("form", None)
        return actions.review_risk(
            file=self.world.file,
            case_id=self.world.case_id,
            said=said(level, **more),
            on=on,
            version=version,
            form=form,
            by=self.staff[by],
        )

    def risk(self) -> JointRisk | None:
        """The picture as it stands."""
        found = rows(JointRisk, self.staff[MANAGER], file=self.world.file)
        return found[0] if found else None


@pytest.fixture
def judge(staff: Staff, world: Invented, site: None) -> Judge:
    """Judges the risk of the invented file."""
    return Judge(staff, world)
