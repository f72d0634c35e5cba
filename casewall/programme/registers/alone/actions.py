"""Every write to one-to-one sessions and catch-ups."""

from __future__ import annotations

from datetime import date, time
from itertools import count
from uuid import UUID

from casewall.audit.actions import record
from casewall.programme.cases.models import Case
from casewall.programme.courses.models import Course
from casewall.programme.groups.actions import kept_from, members_on
from casewall.programme.groups.models import (
    Attendance,
    GroupMember,
    Room,
    Session,
)
from casewall.programme.groups.planning.lists import clash_sentence, clashes
from casewall.programme.groups.planning.rules import APART
from casewall.programme.groups.rules import SessionKind, SessionState, may_catch_up
from casewall.programme.registers.lists import client_clashes, made_up_sessions, open_templates
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer


def plan_session(
    *,
    case: Case,
    component: str,
    held_on: date,
    begins_at: time,
    minutes: int,
    worker: UUID,
    by: Viewer,
    room: Room | None = None,
    makes_up_for: Session | None = None,
    form: UUID | None = None,
) -> Session:
    """Plan a one-to-one session with a client; with `makes_up_for` it is a catch-up.

    Its number counts within the component of this case, and its module is what the course's
    template plans for that number; a catch-up takes number and module of the missed session.
    Refused where the client, the worker or the room is taken at that time, naming the other
    session.
    The same `form` sent twice is one session.
    """
    require(by, Duty.HOLD_SESSION)
    with acting(by):
        case = _open_case(case, by)
        own = id_of_form(case.pk, form) if form else new_id()
        known = Session.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        _refuse_plan(case, minutes, makes_up_for, held_on, by)
        session = Session(
            id=own,
            compartment=case.compartment,
            case=case,
            component=component,
            kind=SessionKind.CATCH_UP if makes_up_for else SessionKind.ONE_TO_ONE,
            number=makes_up_for.number if makes_up_for else _next_number(case, component, by),
            held_on=held_on,
            begins_at=begins_at,
            minutes=minutes,
            room=room,
            worker=worker,
            makes_up_for=makes_up_for,
        )
        _give_module(session, makes_up_for, by)
        refuse_if_taken(session, by)
        session.save(force_insert=True)
        record(by=by, verb=f"planned a {session.kind} session for", thing=case)
        return session



def _refuse_plan(
    case: Case, minutes: int, makes_up_for: Session | None, held_on: date, by: Viewer
) -> None:
    """Raise `Refused` for a session without time, or one that cannot make up for another."""
    if minutes < 1:
        raise Refused("A session takes at least one minute.")
    if makes_up_for is not None:
        _may_make_up(case, makes_up_for, held_on, by)


def move_session(
    *,
    session: Session,
    held_on: date,
    begins_at: time,
    room: Room | None,
    worker: UUID,
    version: int,
    by: Viewer,
) -> Session:
    """Plan a one-to-one session for another time, room or worker.

    Refused as in `plan_session`, when it is over, or when somebody changed it meanwhile.
    """
    require(by, Duty.HOLD_SESSION)
    with acting(by):
        session = Session.objects.visible_to(by).select_for_update(of=("self",)).get(pk=session.pk)
        if session.state != SessionState.PLANNED or session.case_id is None:
            raise Refused("Only a planned one-to-one session can be moved.")
        if session.version != version:
            raise Refused(
                "Somebody changed this session while you had the page open: it is now "
                f"on {session.held_on:%-d %B %Y} at {session.begins_at:%H:%M}. Look "
                "again and save once more."
            )
        session.held_on, session.begins_at, session.room = held_on, begins_at, room
        session.worker, session.version = worker, session.version + 1
        refuse_if_taken(session, by)
        session.save()
        record(by=by, verb="moved", thing=session)
        return session


def refuse_if_taken(session: Session, by: Viewer) -> None:
    """Raise `Refused` where client, worker or room are at another session at that time.

    The room stays locked until the end of the transaction, as the case is.
    """
    room = session.room
    if room is not None:
        room = Room.objects.visible_to(by).select_for_update(of=("self",)).get(pk=room.pk)
        if room.closed_on is not None and session.held_on > room.closed_on:
            raise Refused(f"{room.name} is closed from {room.closed_on:%-d %B %Y}.")
    found = client_clashes(session, session.case_id, by, besides=session.pk)
    found += clashes([session], room=room, workers=[session.worker], viewer=by, besides=session.pk)
    if found:
        raise Refused(clash_sentence(found))


def _open_case(case: Case, by: Viewer) -> Case:
    found: Case = Case.objects.visible_to(by).select_for_update(of=("self",)).get(pk=case.pk)
    if not found.is_open:
        raise Refused(f"This case is “{found.stage.replace('_', ' ')}”: no session can be planned.")
    return found


def _may_make_up(case: Case, missed: Session, on: date, by: Viewer) -> None:
    mark = Attendance.objects.visible_to(by).filter(case=case, session=missed).first()
    if mark is None:
        raise Refused("The client is not marked in that session, so nothing was missed.")
    made_up = (case.pk, missed.pk) in made_up_sessions([case.pk], by)
    decision = may_catch_up(missed.held_on, on, mark.attended, made_up)
    if not decision:
        raise Refused(decision.reason)


def _next_number(case: Case, component: str, by: Viewer) -> int:
    """The first number of a component that no one-to-one session of this course has.

    A cancelled session gives its number back, so that its subject is planned again.
    """
    courses = Course.objects.visible_to(by).filter(case=case, ended_on=None)
    since = [
        course.counts_from
        for course in courses.exclude(counts_from=None).select_related("template")
        if component in course.template.template.programme.components
    ]
    rows = Session.objects.visible_to(by).filter(
        case=case, component=component, kind=SessionKind.ONE_TO_ONE
    )
    if since:
        rows = rows.filter(held_on__gte=max(since))
    rows = rows.exclude(state=SessionState.CANCELLED)
    taken = set(rows.values_list("number", flat=True))
    return next(number for number in count(1) if number not in taken)


def _give_module(session: Session, missed: Session | None, by: Viewer) -> None:
    if missed is not None:
        session.module = missed.delivered or missed.module
        session.title = missed.title
        return
    for template in open_templates(session.case_id, by):
        for planned in template.sessions_of(session.component):
            if planned.number == session.number:
                session.module, session.title = planned.module, planned.title
                return


def sit_in(*, case: Case, host: Session, missed: Session, by: Viewer) -> GroupMember:
    """Let a client sit in on one session of another group, to make up for one that was missed.

    The place is of that day alone, and the client stands in that day's register. Refused where
    the client may not be placed together with somebody in that group (no reason is told), where
    no chair is free, or where the client is elsewhere at that time. Twice is once.
    """
    require(by, Duty.RUN_GROUP)
    with acting(by):
        case = _open_case(case, by)
        host = Session.objects.visible_to(by).select_related("group").get(pk=host.pk)
        if host.group is None or host.state != SessionState.PLANNED:
            raise Refused("A client can sit in only on a group's session that is still planned.")
        if host.group.service != case.service:
            raise Refused(f"“{host.group.name}” belongs to another service than this case.")
        known = (
            GroupMember.objects.visible_to(by)
            .filter(group=host.group, case=case, makes_up_for=missed, joined_on=host.held_on)
            .first()
        )
        if known is not None:
            return known
        _may_make_up(case, missed, host.held_on, by)
        _room_for_a_guest(case, host, by)
        found = client_clashes(host, case.pk, by)
        if found:
            raise Refused(clash_sentence(found))
        place = GroupMember(
            compartment=case.compartment,
            group=host.group,
            case=case,
            joined_on=host.held_on,
            left_on=host.held_on,
            makes_up_for=missed,
        )
        place.save(force_insert=True)
        record(by=by, verb="let sit in", thing=case)
        return place


def _room_for_a_guest(case: Case, host: Session, by: Viewer) -> None:
    others = [place.case_id for place in members_on(host.group, host.held_on, by)]
    if case.pk in others:
        raise Refused(f"The client is in “{host.group.name}” on that day already.")
    if host.group.most is not None and len(others) >= host.group.most:
        raise Refused(f"“{host.group.name}” has no free place on {host.held_on:%-d %B %Y}.")
    if kept_from(case.pk, by) & set(others):
        raise Refused(APART)
