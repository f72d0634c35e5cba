"""An invented client whose risk is assessed, part by part, as workers do it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.risk import actions
from casewall.programme.risk.models import RiskAssessment
from casewall.programme.risk.rules import (
    FACTORS,
    Factor,
    Had,
    Level,
    Rated,
    Rating,
    Said,
    Section,
    Source,
)
from casewall.wall.sides import Role, Viewer
from tests.programme.conftest import TODAY, World

DAY = timedelta(days=1)


class Risk:
    """Assesses invented clients: the assessor writes, the manager signs."""

    def __init__(self, world: World):
        self.world = world
        self.manager, self.assessor = world.manager, world.staff[Role.ASSESSOR]
        self.case = world.case(stage=Stage.SUITABLE)

    def again(self, row: RiskAssessment) -> RiskAssessment:
        """The version as it is stored now."""
        found: RiskAssessment = self.world.rows(RiskAssessment, pk=row.pk)[0]
        return found

    def begun(self, case: Case | None = None, by: Viewer | None = None) -> RiskAssessment:
        """A draft with nothing in it yet."""
        return actions.begin_assessment(case=case or self.case, by=by or self.assessor)

    def said(self, row: RiskAssessment, **changes: Any) -> RiskAssessment:
        """The draft with sources: the client had, health care not available, others asked."""
        sources = {one: Said(Had.ASKED, TODAY - DAY) for one in Source} | {
            Source.CLIENT: Said(Had.HAD, TODAY - DAY),
            Source.HEALTH: Said(Had.NOT_AVAILABLE, None, "Opdigtet: no reply"),
        }
        given: dict[str, Any] = {"sources": sources, "revision": row.revision,
                                 "by": self.assessor, **changes}
        return actions.save_sources(assessment=row, **given)

    def rated(self, row: RiskAssessment, section: Section, *, text: str = "Opdigtet tekst.",
              by: Viewer | None = None, **changes: Rated) -> RiskAssessment:
        """The draft with one part: every factor absent, unless it is said otherwise."""
        ratings = {one: Rated(Rating.ABSENT, "Opdigtet: asked") for one in FACTORS[section]} | {
            Factor(name): rated for name, rated in changes.items()}
        return actions.save_section(assessment=row, section=section, text=text, ratings=ratings,
                                    revision=row.revision, by=by or self.assessor)

    def judged(self, row: RiskAssessment, level: Level = Level.HIGH, **changes: Any
               ) -> RiskAssessment:
        """The draft with its judgement."""
        given: dict[str, Any] = {
            "level": level, "reasoning": "Opdigtet: three sources agree.",
            "recommendations": "Opdigtet: weekly contact; no alcohol before sessions.",
            "limits": "Opdigtet: health care did not answer.", "revision": row.revision,
            "by": self.assessor, **changes}
        return actions.save_judgement(assessment=row, **given)

    def whole(self, case: Case | None = None, level: Level = Level.HIGH) -> RiskAssessment:
        """A draft that can be sent."""
        row = self.said(self.begun(case))
        for section in Section:
            row = self.rated(row, section, text=f"Opdigtet: the text about {section}.")
        return self.judged(row, level)

    def waiting(self, case: Case | None = None, level: Level = Level.HIGH) -> RiskAssessment:
        """An assessment that waits for the manager's signature."""
        row = self.whole(case, level)
        return actions.send_assessment(assessment=row, revision=row.revision, by=self.assessor)

    def signed(self, case: Case | None = None, level: Level = Level.HIGH) -> RiskAssessment:
        """A signed assessment."""
        row = self.waiting(case, level)
        return actions.sign_assessment(assessment=row, revision=row.revision, by=self.manager)


@pytest.fixture
def risk(world: World) -> Risk:
    """A client whose assessment was held."""
    return Risk(world)
