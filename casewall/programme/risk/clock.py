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
from casewall.programme.cases.once import marks_of, once
from casewall.programme.cases.rules import OPEN_STAGES, Stage
from casewall.programme.groups.models import Attendance
from casewall.programme.groups.rules import Mark, SessionState
from casewall.programme.incidents.models import Incident, Proceeding
from casewall.programme.incidents.reading import incidents_of, proceedings_of
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
        _hold(found[row.case_id], row)
    signed = [case for case, one in found.items() if one.signed is not None]
    incidents, missed, proceedings = _happened(signed, viewer)
    for case in signed:
        _trigger(found[case], incidents[case], missed[case], proceedings[case])
    return list(found.values())


def clock_of(case: Case, viewer: Viewer) -> Clock:
    """The clock of one case: four queries, less what its page has read already."""
    clock = Clock(case)
    for row in once(versions_of, case, viewer):
        _hold(clock, row)
    if clock.signed is not None:
        missed = [mark.session.held_on for mark in once(marks_of, case, viewer)
                  if mark.outcome == Mark.ABSENT_NOT_ACCEPTED
                  and mark.session.state != SessionState.CANCELLED]
        told = [row.stated_on for row in once(proceedings_of, case, viewer)
                if row.ended_on is None]
        _trigger(clock, once(incidents_of, case, viewer), missed, told)
    return clock


def versions_of(case: Case, viewer: Viewer) -> list[RiskAssessment]:
    """Every version of the assessment of a case, without its texts, the newest first."""
    rows = RiskAssessment.objects.visible_to(viewer).filter(case=case).only(*WITHOUT_TEXTS)
    return list(rows.order_by("-version"))


def _hold(clock: Clock, row: RiskAssessment) -> None:
    if row.state == State.SIGNED:
        clock.signed = row
    elif row.state in OPEN:
        clock.open = row


def _trigger(
    clock: Clock, incidents: Iterable[Incident], missed: Iterable[date], told: Iterable[date]
) -> None:
    """Note what happened since the signature. Incidents with those that later ones correct."""
    signed: Any = clock.signed
    clock.triggered = triggers(
        [localdate(one.recorded_at) for one in newest(incidents)
         if not one.taken_back and one.recorded_at > signed.signed_at],
        [day for day in missed if day > signed.signed_on],
        [day for day in told if day > signed.signed_on],
    )


ByCase = dict[UUID, list[Any]]


def _happened(cases: list[UUID], viewer: Viewer) -> tuple[ByCase, ByCase, ByCase]:
    """By case: incidents, days of missed sessions, days on which open proceedings were told."""
    incidents: ByCase = defaultdict(list)
    missed: ByCase = defaultdict(list)
    told: ByCase = defaultdict(list)
    for one in _of(Incident, cases, viewer).defer("what"):
        incidents[one.case_id].append(one)
    marks = _of(Attendance, cases, viewer).filter(outcome=Mark.ABSENT_NOT_ACCEPTED)
    marks = marks.exclude(session__state=SessionState.CANCELLED)
    for case, day in marks.values_list("case_id", "session__held_on"):
        missed[case].append(day)
    open_ones = _of(Proceeding, cases, viewer).filter(ended_on=None)
    for case, day in open_ones.values_list("case_id", "stated_on"):
        told[case].append(day)
    return incidents, missed, told


def _of(model: Any, cases: list[UUID], viewer: Viewer) -> Any:
    return model.objects.visible_to(viewer).filter(case__in=cases)
