"""Every write to groups and registers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.cases.actions import StaleEdit, move_case
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage, id_of_form
from casewall.programme.groups.models import (
    Attendance,
    Group,
    GroupFacilitator,
    GroupMember,
    Session,
)
from casewall.programme.groups.rules import PRESENT, Mark, SessionState, may_mark, minutes_for
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

ENDED = (Stage.COMPLETED, Stage.CLOSED, Stage.EXITED, Stage.WITHDRAWN)
"""Stages after which a client is not expected in a group."""


def plan_group(*, name: str, service: str, component: str, starts_on: date, begins_at: time,
               minutes: int, sessions: int, facilitators: list[UUID], compartment: int,
               by: Viewer, room: str = "", form: UUID | None = None) -> Group:
    """Make a group with one session a week from `starts_on`.

    The same `form` sent twice is one group.
    """
    require(by, Duty.RUN_GROUP)
    if sessions < 1 or minutes < 1:
        raise Refused("A group needs at least one session of at least one minute.")
    if not facilitators:
        raise Refused("A group needs a facilitator.")
    with acting(by):
        own = id_of_form(by.worker, form) if form else new_id()
        known = Group.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        group = Group(id=own, compartment=compartment, name=name, service=service,
                      component=component, starts_on=starts_on, begins_at=begins_at,
                      minutes=minutes, room=room)
        group.save(force_insert=True)
        for worker in facilitators:
            GroupFacilitator(compartment=compartment, group=group, worker=worker).save(
                force_insert=True)
        Session.objects.visible_to(by).bulk_create(
            Session(compartment=compartment, group=group, number=number + 1,
                    held_on=starts_on + timedelta(weeks=number), minutes=minutes)
            for number in range(sessions))
        record(by=by, verb="planned", thing=group)
        return group


def place_in_group(*, group: Group, case: Case, joined_on: date, by: Viewer) -> GroupMember:
    """Give a client a place. The agreement must be signed first.

    Until the client has attended, the case's next action is the first session from `joined_on`.
    """
    require(by, Duty.RUN_GROUP)
    if group.service != case.service:
        raise Refused(f"The group “{group.name}” belongs to another service than this case.")
    if Stage(case.stage) not in (Stage.AGREEMENT_SIGNED, Stage.WAITING, Stage.STARTED,
                                 Stage.MINIMUM_DOSE):
        raise Refused("Only a client who has signed the agreement can be placed in a group.")
    with acting(by):
        known = GroupMember.objects.visible_to(by).filter(group=group, case=case).first()
        if known is not None:
            return known
        member = GroupMember(compartment=case.compartment, group=group, case=case,
                             joined_on=joined_on)
        member.save(force_insert=True)
        _expect_first_session(case, group, joined_on, by)
        record(by=by, verb="placed in a group", thing=case)
        return member


def _expect_first_session(case: Case, group: Group, joined_on: date, by: Viewer) -> None:
    case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case.pk)
    first = Session.objects.visible_to(by).filter(
        group=group, held_on__gte=joined_on, state=SessionState.PLANNED).order_by("held_on").first()
    if first is None or Stage(case.stage) not in (Stage.AGREEMENT_SIGNED, Stage.WAITING):
        return
    case.next_action, case.next_action_on = "first_session", first.held_on
    case.version += 1
    case.save()


def members_on(group: Group, day: date, by: Viewer) -> list[GroupMember]:
    """The places of a group that are taken on a day, with case and client, by joining day.

    Whoever left the programme before that day has no place any more, though nobody ended it.
    """
    rows = GroupMember.objects.visible_to(by).filter(group=group, joined_on__lte=day)
    rows = rows.exclude(left_on__lt=day).exclude(case__stage__in=ENDED, case__stage_on__lt=day)
    rows = rows.select_related("case__client")
    return list(rows.order_by("joined_on", "id"))


def record_register(*, session: Session, marks: Mapping[UUID, tuple[Mark, int]], by: Viewer,
                    version: int | None = None) -> Session:
    """Mark a register: case → (mark, minutes missed). Marks may come in several saves.

    The first session that a client attends is the start of the programme. Raises `StaleEdit`
    when somebody marked the register since `version` was shown.
    """
    require(by, Duty.RECORD_ATTENDANCE)
    with acting(by):
        session = Session.objects.visible_to(by).select_for_update(of=("self",)).get(
            pk=session.pk)
        if not marks:
            raise Refused("Nobody is marked yet, so there is nothing to save.")
        if version is not None and version != session.version:
            raise StaleEdit("Somebody else marked this register while you had it open. "
                            "Your marks are below; look at both before you save.")
        group = Group.objects.visible_to(by).get(pk=session.group_id)
        members = {m.case_id: m for m in members_on(group, session.held_on, by)}
        for case_id, (mark, missed) in marks.items():
            if case_id not in members:
                raise Refused("Somebody in this register is not in the group on that day.")
            decision = may_mark(SessionState(session.state), mark, missed, session.minutes)
            if not decision:
                raise Refused(decision.reason)
            _mark(session, members[case_id].case, mark, missed, by)
        session.state, session.marked_at = SessionState.HELD, timezone.now()
        session.marked_by, session.version = by.worker, session.version + 1
        session.save()
        record(by=by, verb="marked the register of", thing=session)
        return session


def _mark(session: Session, case: Case, mark: Mark, missed: int, by: Viewer) -> None:
    minutes = minutes_for(mark, session.minutes, missed)
    known = Attendance.objects.visible_to(by).filter(session=session, case=case).first()
    row = known or Attendance(compartment=case.compartment, session=session, case=case, version=0)
    if known and (known.outcome, known.minutes_attended) == (mark, minutes):
        return
    row.outcome, row.minutes_attended = mark, minutes
    row.worker, row.recorded_at, row.version = by.worker, timezone.now(), row.version + 1
    row.save(force_insert=known is None)
    if mark in PRESENT and Stage(case.stage) in (Stage.AGREEMENT_SIGNED, Stage.WAITING):
        move_case(case=case, to=Stage.STARTED, on=max(session.held_on, case.stage_on), by=by)


def cancel_session(*, session: Session, by: Viewer) -> Session:
    """A session does not take place: nobody is absent from it."""
    require(by, Duty.RECORD_ATTENDANCE)
    with acting(by):
        session = Session.objects.visible_to(by).select_for_update(of=("self",)).get(
            pk=session.pk)
        if session.state == SessionState.CANCELLED:
            return session
        if Attendance.objects.visible_to(by).filter(session=session).exists():
            raise Refused("This register is marked already; a session that took place cannot be "
                          "cancelled.")
        session.state, session.version = SessionState.CANCELLED, session.version + 1
        session.save()
        record(by=by, verb="cancelled", thing=session)
        return session


def leave_group(*, member: GroupMember, on: date, by: Viewer) -> GroupMember:
    """End a client's place in a group."""
    require(by, Duty.RUN_GROUP)
    with acting(by):
        member = GroupMember.objects.visible_to(by).select_for_update(of=("self",)).get(
            pk=member.pk)
        member.left_on = on
        member.save()
        record(by=by, verb="ended a place of", kind="case", object_id=member.case_id)
        return member
