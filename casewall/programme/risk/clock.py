"""When the risk of each case is looked at again: by its day, or because of something new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import OPEN_STAGES, Stage
from casewall.programme.groups.models import Attendance
from casewall.programme.groups.rules import Mark, SessionState
from casewall.programme.incidents.models import Incident, Proceeding
from casewall.programme.incidents.shown import newest
from casewall.programme.risk.models import RiskAssessment
from casewall.programme.risk.rules import (
    OPEN,
    State,
    Trigger,
    intake_due,
    review_due,
    triggers,
)
from casewall.wall.sides import Viewer

WITHOUT_TEXTS = (
    "id", "compartment", "case_id", "version", "state", "level", "judged", "writers", "worker",
    "begun_on", "sent_on", "returned_on", "signed_by", "signed_on", "signed_at", "review_on",
    "revision",
)  # fmt: skip
"""Columns that lists read: no text is decrypted for them."""

BEFORE_ASSESSMENT = (Stage.REFERRED, Stage.CONTACTED, Stage.ASSESSMENT_BOOKED)
REVIEWED = frozenset(OPEN_STAGES) - set(BEFORE_ASSESSMENT)
"""Stages in which the risk of a case has been assessed and is looked at again."""


@dataclass(slots=True)
class Clock:
    """One case: the assessment that holds, the one that is being written, and what is due."""

    case: Case
    signed: RiskAssessment | None = None
    open: RiskAssessment | None = None
    triggered: dict[Trigger, date] = field(default_factory=dict)

    @property
    def due(self) -> date | None:
        """By when somebody assesses or reviews; None where the case asks for nothing."""
        if Stage(self.case.stage) not in REVIEWED:
            return None
        if self.signed is None:
            return intake_due(self.case.referred_on)
        review_on: Any = self.signed.review_on
        return review_due(review_on, self.triggered)

    @property
    def waits_for_signature(self) -> bool:
        """Whether its writers have done their part."""
        return self.open is not None and self.open.state == State.WAITING


def clocks(cases: Iterable[Case], viewer: Viewer) -> list[Clock]:
    """The clocks of some cases, in four queries."""
    found = {case.pk: Clock(case) for case in cases}
    rows = _of(RiskAssessment, list(found), viewer).only(*WITHOUT_TEXTS)
    for row in rows.filter(state__in=(*OPEN, State.SIGNED)):
        if row.state == State.SIGNED:
            found[row.case_id].signed = row
        else:
            found[row.case_id].open = row
    signed = {case: one.signed for case, one in found.items() if one.signed is not None}
    incidents, missed, proceedings = _since(signed, viewer)
    for case in signed:
        found[case].triggered = triggers(incidents[case], missed[case], proceedings[case])
    return list(found.values())


def clock_of(case: Case, viewer: Viewer) -> Clock:
    """The clock of one case, in four queries."""
    return clocks([case], viewer)[0]


Days = dict[UUID, list[date]]


def _since(signed: dict[UUID, RiskAssessment], viewer: Viewer) -> tuple[Days, Days, Days]:
    """What happened in each case since its signature: incidents, missed sessions, proceedings."""
    incidents: Days = defaultdict(list)
    missed: Days = defaultdict(list)
    proceedings: Days = defaultdict(list)
    cases = list(signed)
    for one in newest(_of(Incident, cases, viewer).defer("what")):
        if not one.taken_back and one.recorded_at > _at(signed[one.case_id]):
            incidents[one.case_id].append(localdate(one.recorded_at))
    marks = _of(Attendance, cases, viewer).filter(outcome=Mark.ABSENT_NOT_ACCEPTED)
    marks = marks.exclude(session__state=SessionState.CANCELLED)
    for case, day in marks.values_list("case_id", "session__held_on"):
        if day > _on(signed[case]):
            missed[case].append(day)
    told = _of(Proceeding, cases, viewer).filter(ended_on=None)
    for case, day in told.values_list("case_id", "stated_on"):
        if day > _on(signed[case]):
            proceedings[case].append(day)
    return incidents, missed, proceedings


def _of(model: Any, cases: list[UUID], viewer: Viewer) -> Any:
    return model.objects.visible_to(viewer).filter(case__in=cases)


def _at(row: RiskAssessment) -> Any:
    return row.signed_at


def _on(row: RiskAssessment) -> date:
    signed_on: Any = row.signed_on
    return signed_on
