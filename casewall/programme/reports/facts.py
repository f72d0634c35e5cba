"""Reads the facts of a document from the records of a case, and nothing else from them.

Whatever is read here goes through `facts_of`, which takes fields of the allow-list only. No
address, nobody who was named, no note and no statement is read at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localdate

from casewall.programme.cases.lists import names_of, reference
from casewall.programme.cases.models import Assessment, Case, StageMove
from casewall.programme.cases.rules import Stage
from casewall.programme.courses.models import Act, Course
from casewall.programme.courses.reading import breaks_by_course, marks_of
from casewall.programme.courses.rules import ActState, CourseState, Marked
from casewall.programme.groups.models import Attendance, Session
from casewall.programme.groups.rules import Mark, SessionState
from casewall.programme.reports.models import Letterhead
from casewall.programme.reports.risk import (
    RiskRecords,
    commission_facts,
    risk_facts,
    risk_records,
)
from casewall.programme.reports.rules import Basis, DocumentFacts, Kind, facts_of
from casewall.programme.reports.words import day_in_words, hours_in_words, time_in_words, worded
from casewall.programme.risk.models import Commission
from casewall.services.programmes import Template
from casewall.staff.models import Compartment
from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True)
class Entries:
    """What the writer of a document says about it: to whom, why, and what only a person knows.

    `recipient` empty: the client, or the agency that referred. `since` empty: the beginning of
    the course.
    """

    recipient: str = ""
    purpose: str = ""
    basis: Basis | None = None
    release: UUID | None = None
    since: date | None = None
    until: date | None = None
    meeting_on: date | None = None
    meeting_at: time | None = None
    meeting_place: str = ""
    own_words: str = ""
    commission: UUID | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """What is on file for one case, each kind read once."""

    case: Case
    course: Course | None
    templates: list[Template]
    moves: list[StageMove]
    marks: list[Attendance]
    acts: list[Act]
    assessment: Assessment | None
    coming: Session | None
    compartment: Compartment
    letterhead: str
    worker: str
    excused: frozenset[UUID]
    risk: RiskRecords | None = None
    commission: Commission | None = None


OF_ONE_COURSE = frozenset({Kind.CERTIFICATE, Kind.COMPLETION_NOTICE})
"""Documents on the completion of one course; the others tell of the whole case."""


def records_of(
    case: Case, by: Viewer, on: date, kind: Kind, commission: UUID | None = None
) -> Records:
    """The records of a case that a document of this kind draws on, as this viewer sees them.

    `excused` are sessions that a client missed and that are nobody's absence: made up for, or
    in a break.
    """
    rows = Course.objects.visible_to(by).filter(case=case).select_related("template")
    courses = list(rows.order_by("ended_on", "-began_on", "id"))
    course = _course_for(kind, courses)
    counted = _counted(courses, by)
    marks = _marks(case, by)
    if kind in OF_ONE_COURSE and course is not None:
        own = {mark.session for mark in counted[course.pk]}
        marks = [mark for mark in marks if mark.session_id in own]
    letterhead = Letterhead.objects.visible_to(by).filter(compartment=case.compartment).first()
    return Records(
        case=case,
        course=course,
        templates=_templates(courses, marks),
        moves=list(
            StageMove.objects.visible_to(by)
            .filter(case=case, corrected_by=None)
            .order_by("moved_on", "recorded_at", "id")
        ),
        marks=marks,
        acts=list(
            Act.objects.visible_to(by)
            .filter(case=case, state__in=(ActState.ACCEPTED, ActState.DONE))
            .order_by("due_at", "id")
        ),
        assessment=Assessment.objects.visible_to(by)
        .filter(case=case, replaced_by=None)
        .exclude(decision="")
        .order_by("-held_on", "id")
        .first(),
        coming=_coming(case, by, on),
        compartment=Compartment.objects.select_related("agency", "service").get(
            number=case.compartment
        ),
        letterhead=letterhead.text if letterhead else "",
        worker=names_of([by.worker]).get(by.worker, by.name),
        excused=_excused(courses, counted, by),
        risk=risk_records(case, by) if kind is Kind.RISK_REPORT else None,
        commission=_commission(case, by, commission),
    )


def _commission(case: Case, by: Viewer, wanted: UUID | None) -> Commission | None:
    """The commission that a report is written for, where one was named."""
    if wanted is None:
        return None
    rows = Commission.objects.visible_to(by).filter(case=case, pk=wanted)
    found: Commission | None = rows.first()
    return found


def _course_for(kind: Kind, courses: list[Course]) -> Course | None:
    """The course that a document is about: the last completed one, or the one that runs."""
    completed = [one for one in courses if one.state == CourseState.COMPLETED]
    running = [one for one in courses if one.ended_on is None]
    if kind in OF_ONE_COURSE:
        return next(iter(completed[::-1] or running), None)
    return next(iter(running or courses[::-1]), None)


def _counted(courses: list[Course], by: Viewer) -> dict[UUID, list[Marked]]:
    """The marks that count for each course."""
    return marks_of(courses, {one.pk: one.template.template for one in courses}, by)


def _excused(
    courses: list[Course], counted: dict[UUID, list[Marked]], by: Viewer
) -> frozenset[UUID]:
    breaks = breaks_by_course(courses, by)
    return frozenset(
        mark.session
        for course in courses
        for mark in counted[course.pk]
        if not mark.attended
        and (mark.made_up or any(span.holds(mark.held_on) for span in breaks.get(course.pk, ())))
    )


def _marks(case: Case, by: Viewer) -> list[Attendance]:
    """The marks of a client, in order; a cancelled session is nobody's absence."""
    rows = Attendance.objects.visible_to(by).filter(case=case)
    rows = rows.exclude(session__state=SessionState.CANCELLED)
    return list(
        rows.select_related("session__group__template").order_by(
            "session__held_on", "session__begins_at", "id"
        )
    )


def _coming(case: Case, by: Viewer, on: date) -> Session | None:
    """The next planned session of the client: of a group with a place, or one-to-one."""
    own = Q(group__members__case=case, group__members__left_on=None) | Q(case=case)
    found: Session | None = (
        Session.objects.visible_to(by)
        .filter(own, held_on__gte=on, state=SessionState.PLANNED)
        .order_by("held_on", "begins_at", "id")
        .first()
    )
    return found


def _templates(courses: Iterable[Course], marks: Iterable[Attendance]) -> list[Template]:
    """The templates of the courses and of the groups attended, each once."""
    found = {one.template_id: one.template.template for one in courses}
    for mark in marks:
        group = mark.session.group
        if group is not None and group.template is not None:
            found.setdefault(group.template.pk, group.template.template)
    return list(found.values())


def build(records: Records, entries: Entries, *, on: date, language: str) -> DocumentFacts:
    """The facts of a document about this case on this day, in its language."""
    case, course = records.case, records.course
    since = entries.since or (course.began_on if course else None) or case.referred_on
    until = entries.until or on
    within = [mark for mark in records.marks if since <= mark.session.held_on <= until]
    missed = [mark for mark in records.marks if _is_unaccepted(mark, records)]
    coming = records.coming

    def day(value: date | None) -> str:
        return day_in_words(value, language)

    return facts_of(
        {
            "client_name": case.client.full_name,
            "reference": reference(case),
            "service": records.compartment.service.name,
            "agency": records.compartment.agency.name,
            "letterhead": records.letterhead,
            "recipient": entries.recipient,
            "today": day(on),
            "worker": records.worker,
            "purpose": entries.purpose,
            "basis": worded("basis", entries.basis or "", language),
            "own_words": entries.own_words,
            "meeting_date": day(entries.meeting_on),
            "meeting_time": time_in_words(entries.meeting_at),
            "meeting_place": entries.meeting_place,
            "group_starts_on": day(coming.held_on) if coming and coming.group_id else "",
            "group_time": time_in_words(coming.begins_at) if coming and coming.group_id else "",
            "next_session_on": day(coming.held_on) if coming else "",
            "missed_on": day(missed[-1].session.held_on) if missed else "",
            "period_from": day(since),
            "period_to": day(until),
            **_of_the_case(records, language),
            **_attendance(records, within, language),
            **risk_facts(records.risk, language),
            **commission_facts(records.commission, language),
        }
    )


def _of_the_case(records: Records, language: str) -> dict[str, Any]:
    """Stages and their days, the decision, the course, and what followed absences."""
    on = {move.went_to: move.moved_on for move in records.moves}
    case, course, assessment = records.case, records.course, records.assessment

    def day(value: date | None) -> str:
        return day_in_words(value, language)

    is_completed = course is not None and course.state == CourseState.COMPLETED
    decided_on = (assessment.decided_on or assessment.held_on) if assessment else None
    return {
        "stage": worded("stage", case.stage, language),
        "referred_on": day(case.referred_on),
        "assessed_on": day(assessment.held_on if assessment else on.get(Stage.ASSESSED)),
        "agreed_on": day(on.get(Stage.AGREEMENT_SIGNED)),
        "started_on": day((course.began_on if course else None) or on.get(Stage.STARTED)),
        "completed_on": day(
            course.ended_on if course is not None and is_completed else on.get(Stage.COMPLETED)
        ),
        "exited_on": day(case.stage_on) if case.stage == Stage.EXITED else "",
        "decision": worded("decision", assessment.decision if assessment else "", language),
        "decided_on": day(decided_on),
        "programme": course.template.name if course else "",
        "course_state": worded("course", course.state if course else "", language),
        "stages": [
            {"name": worded("stage", move.went_to, language), "date": day(move.moved_on)}
            for move in records.moves
        ],
        "acts": [
            {"name": worded("act", act.kind, language), "date": day(localdate(act.due_at))}
            for act in records.acts
        ],
    }


def _attendance(records: Records, marks: list[Attendance], language: str) -> dict[str, Any]:
    """Counts, hours, the sessions one by one, and each module with the last day it was done."""
    modules: dict[str, date] = {}
    rows = []
    for mark in marks:
        code = mark.session.delivered or mark.session.module
        name = _module_name(code, records.templates)
        if mark.attended and name:
            modules[name] = mark.session.held_on
        rows.append(
            {
                "date": day_in_words(mark.session.held_on, language),
                "module": name,
                "mark": worded("mark", mark.outcome, language),
                "minutes": str(mark.minutes_attended),
            }
        )
    return {
        "sessions": rows,
        "modules": [
            {"name": name, "date": day_in_words(day, language)} for name, day in modules.items()
        ],
        "sessions_offered": str(len(marks)),
        "sessions_attended": str(sum(mark.attended for mark in marks)),
        "hours_attended": hours_in_words(sum(mark.minutes_attended for mark in marks), language),
        "absences_accepted": str(_count(marks, Mark.ABSENT_ACCEPTED)),
        "absences_not_accepted": str(sum(_is_unaccepted(mark, records) for mark in marks)),
    }


def _is_unaccepted(mark: Attendance, records: Records) -> bool:
    return mark.outcome == Mark.ABSENT_NOT_ACCEPTED and mark.session_id not in records.excused


def _count(marks: Iterable[Attendance], outcome: Mark) -> int:
    return sum(mark.outcome == outcome for mark in marks)


def _module_name(code: str, templates: Iterable[Template]) -> str:
    """The name of a module in the first template that has it; nothing for a session without."""
    for template in templates:
        for module in template.programme.modules:
            if module.id == code:
                return module.name
    return ""
