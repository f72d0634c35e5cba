"""Every write to acts on absence: proposed by the ladder, decided and done by workers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from casewall.audit.actions import record, record_many
from casewall.programme.cases.models import Case
from casewall.programme.courses.absence.rules import KnownAct, changes, due_at, may_be_done
from casewall.programme.courses.models import Act, Course
from casewall.programme.courses.rules import ActKind, ActState, Marked, Span, without_breaks
from casewall.programme.groups.models import Session
from casewall.services.programmes import Template
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer


def propose_acts(
    *,
    session: Session,
    courses: Sequence[Course],
    templates: dict[UUID, Template],
    marks: dict[UUID, list[Marked]],
    breaks: dict[UUID, tuple[Span, ...]],
    by: Viewer,
) -> None:
    """Propose what the ladder says after a register, and take back what has no ground any more.

    Part of `after_register`, in its transaction: the courses are locked already.
    """
    require(by, Duty.HOLD_SESSION)
    known = _known_acts(courses, by)
    now = timezone.now()
    new: list[Act] = []
    again: dict[UUID, datetime] = {}
    withdrawn: list[UUID] = []
    for course in courses:
        template = templates[course.pk]
        counted = without_breaks(marks[course.pk], breaks.get(course.pk, ()))
        found = changes(template, counted, known[course.pk], since=_since(counted, session))
        new += [_proposed(course, template, key, now) for key in found.propose]
        kinds = {act.id: act.kind for act in known[course.pk]}
        again |= {act: due_at(kinds[act], template, now) for act in found.propose_again}
        withdrawn += found.withdraw
    _store(new, again, withdrawn, now, by)


def _known_acts(courses: Sequence[Course], by: Viewer) -> dict[UUID, list[KnownAct]]:
    known: dict[UUID, list[KnownAct]] = defaultdict(list)
    for act in Act.objects.visible_to(by).filter(course__in=courses).order_by("id"):
        known[act.course_id].append(
            KnownAct(act.pk, act.session_id, act.step, ActKind(act.kind), ActState(act.state))
        )
    return known


def _since(marks: Sequence[Marked], session: Session) -> list[UUID]:
    """The session whose register was saved and those after it."""
    ids = [mark.session for mark in marks]
    if session.pk in ids:
        return ids[ids.index(session.pk) :]
    return [mark.session for mark in marks if mark.held_on > session.held_on]


def _proposed(
    course: Course, template: Template, key: tuple[UUID, str, ActKind], now: datetime
) -> Act:
    session, step, kind = key
    return Act(
        compartment=course.compartment,
        case_id=course.case_id,
        course=course,
        session_id=session,
        step=step,
        kind=kind,
        proposed_at=now,
        due_at=due_at(kind, template, now),
    )


def _store(
    new: list[Act], again: dict[UUID, datetime], withdrawn: list[UUID], now: datetime, by: Viewer
) -> None:
    """Store proposals and withdrawals, a query for each kind of change."""
    rows = Act.objects.visible_to(by)
    if new:
        rows.bulk_create(new)
        record_many(by=by, verb="proposed", things=new)
    if again:
        acts = list(rows.filter(id__in=list(again)))
        for act in acts:
            act.state, act.proposed_at, act.due_at = ActState.PROPOSED, now, again[act.pk]
            act.version += 1
        rows.bulk_update(acts, ["state", "proposed_at", "due_at", "version"])
        record_many(by=by, verb="proposed", things=acts)
    if withdrawn:
        acts = list(rows.filter(id__in=withdrawn))
        rows.filter(id__in=withdrawn).update(state=ActState.WITHDRAWN, version=F("version") + 1)
        record_many(by=by, verb="withdrew", things=acts)


def withdraw_proposals(*, course: Course, by: Viewer) -> None:
    """Take back what was only proposed: the course is over. Part of its end."""
    require(by, Duty.MOVE_CASE)
    rows = Act.objects.visible_to(by).filter(course=course, state=ActState.PROPOSED)
    _store([], {}, list(rows.values_list("id", flat=True)), timezone.now(), by)


def accept_acts(*, by: Viewer, case: Case | None = None, session: Session | None = None) -> int:
    """Accept every proposed act of a client, or of a register; returns how many.

    Pressed twice, the second time finds none left.
    """
    require(by, Duty.ACT_ON_ABSENCE)
    if case is None and session is None:
        raise ValueError("Say whose acts: those of a case or those of a session.")
    with acting(by):
        rows: Any = Act.objects.visible_to(by).filter(state=ActState.PROPOSED)
        if case is not None:
            rows = rows.filter(case=case)
        if session is not None:
            rows = rows.filter(session=session)
        acts = list(rows.select_for_update(of=("self",)).order_by("id"))
        now = timezone.now()
        for act in acts:
            act.state, act.decided_at, act.decided_by = ActState.ACCEPTED, now, by.worker
            act.version += 1
        if acts:
            Act.objects.visible_to(by).bulk_update(
                acts, ["state", "decided_at", "decided_by", "version"]
            )
        record_many(by=by, verb="accepted", things=acts)
        return len(acts)


def _locked_act(act: Act, by: Viewer) -> Act:
    found: Act = Act.objects.visible_to(by).select_for_update(of=("self",)).get(pk=act.pk)
    return found


def _not_stale(found: Act, version: int | None) -> None:
    if version is not None and version != found.version:
        raise StaleEdit(
            "Somebody else decided on this act while you had the page open. What "
            "you typed is below."
        )


def mark_done(*, act: Act, note: str, by: Viewer, version: int | None = None) -> Act:
    """Mark an act done, with a note; done twice is done once.

    What contacts the client cannot be done before it falls due.
    """
    require(by, Duty.ACT_ON_ABSENCE)
    with acting(by):
        found = _locked_act(act, by)
        if found.state == ActState.DONE:
            return found
        _not_stale(found, version)
        now = timezone.now()
        decision = may_be_done(
            ActKind(found.kind),
            ActState(found.state),
            timezone.localtime(found.due_at),
            timezone.localtime(now),
        )
        if not decision:
            raise Refused(decision.reason)
        if found.decided_at is None:
            found.decided_at, found.decided_by = now, by.worker
        found.state, found.done_at, found.note = ActState.DONE, now, note or None
        found.version += 1
        found.save()
        record(by=by, verb="did", thing=found)
        return found


def dismiss(*, act: Act, reason: str, by: Viewer, version: int | None = None) -> Act:
    """Dismiss an act that is not needed, with the reason; dismissed twice is once."""
    require(by, Duty.ACT_ON_ABSENCE)
    if not reason.strip():
        raise Refused("Give the reason for which the act is not needed.")
    with acting(by):
        found = _locked_act(act, by)
        if found.state == ActState.DISMISSED:
            return found
        _not_stale(found, version)
        if found.state not in (ActState.PROPOSED, ActState.ACCEPTED):
            raise Refused("This act is closed already.")
        found.state, found.note = ActState.DISMISSED, reason
        found.decided_at, found.decided_by = timezone.now(), by.worker
        found.version += 1
        found.save()
        record(by=by, verb="dismissed", thing=found)
        return found
