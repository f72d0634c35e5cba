"""Every write that plans: groups, their sessions, rooms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from uuid import UUID

from casewall.audit.actions import record
from casewall.programme.cases.models import Case
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups.models import (
    Attendance,
    Group,
    GroupFacilitator,
    GroupMember,
    Room,
    Session,
)
from casewall.programme.groups.planning.closing.actions import closed_for
from casewall.programme.groups.planning.days_off import days_off
from casewall.programme.groups.planning.lists import (
    Deliverable,
    clash_sentence,
    clashes,
    deliverable_of,
    leading,
    possible_facilitators,
)
from casewall.programme.groups.planning.rules import (
    Days,
    Entry,
    Planned,
    may_plan,
    plan_days,
    step_after,
    time_exists,
    weekdays_in,
    weekdays_text,
)
from casewall.programme.groups.rules import CancelReason, Meeting, SessionKind, SessionState
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer

STALE = ("Somebody else changed this while you had it open. What you typed is below; look at "
         "both before you save.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPlan:
    """What a planner decides about a group of a template; the rest is the template's.

    `weekdays` from Monday = 0; empty: that of the first day. `until` is needed where `entry` is
    rolling. `least`, `most` absent: those of the template. `closed`: days without sessions.
    """

    name: str
    starts_on: date
    begins_at: time
    weekdays: tuple[int, ...] = ()
    entry: Entry = Entry.ROLLING
    until: date | None = None
    language: str = ""
    least: int | None = None
    most: int | None = None
    closed: Mapping[date, str] = field(default_factory=dict)

    @property
    def days(self) -> tuple[int, ...]:
        """The weekdays on which the group meets."""
        return self.weekdays or (self.starts_on.weekday(),)


def days_planned(delivers: Deliverable, plan: GroupPlan, by: Viewer) -> Days:
    """The sessions that a plan would make, around the closed weeks of the service and of the plan.

    Nothing is written.

    Raises `Refused` where the plan has no day, far too many, or a time that does not exist.
    """
    template = delivers.version.template
    if not delivers.steps:
        raise Refused("The template states neither a schedule nor the minutes of "
                      f"“{delivers.component.name}”, so its sessions cannot be planned.")
    if plan.entry is Entry.ROLLING and plan.until is None:
        raise Refused("An open group goes round its schedule until its last day: write that day.")
    closed = {**closed_for(service=delivers.version.service, by=by), **plan.closed}
    found = plan_days(
        starts_on=plan.starts_on, weekdays=plan.days, begins_at=plan.begins_at,
        steps=delivers.steps, off=days_off(template.country, closed),
        until=plan.until if plan.entry is Entry.ROLLING else None)
    decision = may_plan(found.sessions, template.time_zone)
    if not decision:
        raise Refused(decision.reason)
    return found


def plan_from_template(*, template: TemplateVersion, component: str, plan: GroupPlan,
                       facilitators: Iterable[UUID], by: Viewer, room: Room | None = None,
                       form: UUID | None = None) -> Group:
    """Make a group that delivers a component of a template, with its sessions.

    The group keeps this version of the template. The same `form` sent twice is one group.
    Raises `Refused` where the room or a facilitator is taken, naming the other session.
    """
    require(by, Duty.RUN_GROUP)
    delivers = Deliverable(template, template.template.component(component))
    size = delivers.component.group_size
    group = Group(
        id=id_of_form(by.worker, form) if form else new_id(), compartment=template.compartment,
        name=plan.name, service=template.service, template=template, component=component,
        entry=plan.entry, language=plan.language, starts_on=plan.starts_on,
        weekdays=weekdays_text(plan.days), begins_at=plan.begins_at,
        minutes=delivers.steps[0].minutes if delivers.steps else 0, room=room,
        least=plan.least or (size.least if size else None),
        most=plan.most or (size.most if size else None))
    return _store(group, days_planned(delivers, plan, by).sessions, list(facilitators), by)


def plan_group(*, name: str, service: str, component: str, starts_on: date, begins_at: time,
               minutes: int, sessions: int, facilitators: list[UUID], compartment: int,
               by: Viewer, room: Room | None = None, form: UUID | None = None) -> Group:
    """Make a group outside any template, with one session a week from `starts_on`.

    The same `form` sent twice is one group. Raises `Refused` as `plan_from_template` does.
    """
    require(by, Duty.RUN_GROUP)
    if sessions < 1 or minutes < 1:
        raise Refused("A group needs at least one session of at least one minute.")
    group = Group(
        id=id_of_form(by.worker, form) if form else new_id(), compartment=compartment, name=name,
        service=service, component=component, starts_on=starts_on,
        weekdays=weekdays_text([starts_on.weekday()]), begins_at=begins_at, minutes=minutes,
        room=room)
    return _store(group, [
        Planned(number + 1, starts_on + timedelta(weeks=number), begins_at, minutes, "", "")
        for number in range(sessions)], facilitators, by)


def _store(group: Group, planned: Sequence[Planned], facilitators: Sequence[UUID], by: Viewer
           ) -> Group:
    with acting(by):
        known = Group.objects.visible_to(by).filter(pk=group.pk).first()
        if known is not None:
            return known
        _refuse_clashes(planned, group.room, facilitators, by)
        group.save(force_insert=True)
        GroupFacilitator.objects.visible_to(by).bulk_create(
            GroupFacilitator(compartment=group.compartment, group=group, worker=worker)
            for worker in dict.fromkeys(facilitators))
        _add(group, planned, by)
        record(by=by, verb="planned", thing=group)
        return group


def _add(group: Group, planned: Iterable[Planned], by: Viewer) -> None:
    Session.objects.visible_to(by).bulk_create(
        Session(compartment=group.compartment, group=group, kind=SessionKind.GROUP,
                component=group.component, number=one.number, held_on=one.held_on,
                begins_at=one.begins_at, minutes=one.minutes, module=one.module,
                title=one.title, room=group.room)
        for one in planned)


def _refuse_clashes(meetings: Sequence[Meeting], room: Room | None, workers: Iterable[UUID],
                    by: Viewer, besides: UUID | None = None) -> None:
    """Raise `Refused` where room or workers are taken; the room stays locked until the end."""
    if room is not None:
        room = Room.objects.visible_to(by).select_for_update(of=("self",)).get(pk=room.pk)
        if room.closed_on is not None and any(one.held_on > room.closed_on for one in meetings):
            raise Refused(f"{room.name} is closed from {room.closed_on:%-d %B %Y}.")
    found = clashes(meetings, room=room, workers=workers, viewer=by, besides=besides)
    if found:
        raise Refused(clash_sentence(found))


def _locked(group: Group, by: Viewer) -> Group:
    found: Group = Group.objects.visible_to(by).select_for_update(of=("self",)).select_related(
        "template", "room").get(pk=group.pk)
    if not found.is_open:
        raise Refused(f"“{found.name}” has ended.")
    return found


def _last_number(group: Group, by: Viewer) -> int:
    rows = Session.objects.visible_to(by).filter(group=group).order_by("-number")
    return rows.values_list("number", flat=True).first() or 0


def extend_group(*, group: Group, until: date, by: Viewer,
                 closed: Mapping[date, str] | None = None) -> int:
    """Plan an open group further, up to and including a day; returns how many sessions were added.

    The circle of the schedule goes on where it stood.
    """
    require(by, Duty.RUN_GROUP)
    with acting(by):
        group = _locked(group, by)
        delivers = deliverable_of(group)
        if delivers is None or group.entry != Entry.ROLLING:
            raise Refused("Only an open group of a programme template goes on by itself: add "
                          "single sessions to this one.")
        last = Session.objects.visible_to(by).filter(group=group).order_by(
            "held_on", "number").last()
        starts_on = last.held_on + timedelta(days=1) if last else group.starts_on
        if until < starts_on:
            raise Refused(f"The group is planned up to {starts_on - timedelta(days=1):%-d %B %Y} "
                          "already: write a later day.")
        template = delivers.version.template
        service_closed = closed_for(service=group.service, by=by)
        off = days_off(template.country, {**service_closed, **(closed or {})})
        found = plan_days(
            starts_on=starts_on, weekdays=weekdays_in(group.weekdays), begins_at=group.begins_at,
            steps=delivers.steps, off=off, until=until,
            first_number=_last_number(group, by) + 1,
            first_step=step_after(delivers.steps, last.module, last.title) if last else 0)
        decision = may_plan(found.sessions, template.time_zone)
        if not decision:
            raise Refused(decision.reason)
        _refuse_clashes(found.sessions, group.room, leading(group, by), by)
        _add(group, found.sessions, by)
        record(by=by, verb="planned further", thing=group)
        return len(found.sessions)


def add_session(*, group: Group, held_on: date, begins_at: time, minutes: int, by: Viewer,
                module: str = "", title: str = "", room: Room | None = None,
                form: UUID | None = None) -> Session:
    """Add one session to a group. The same `form` sent twice is one session."""
    require(by, Duty.RUN_GROUP)
    if minutes < 1:
        raise Refused("A session has at least one minute.")
    with acting(by):
        own = id_of_form(group.pk, form) if form else new_id()
        known = Session.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        group = _locked(group, by)
        _refuse_no_time(group, held_on, begins_at)
        session = Session(
            id=own, compartment=group.compartment, group=group, kind=SessionKind.GROUP,
            component=group.component, number=_last_number(group, by) + 1, held_on=held_on,
            begins_at=begins_at, minutes=minutes, module=module, title=title, room=room)
        _refuse_clashes([session], room, leading(group, by), by)
        session.save(force_insert=True)
        record(by=by, verb="added", thing=session)
        return session


def _refuse_no_time(group: Group, held_on: date, begins_at: time) -> None:
    if group.template is not None:
        decision = time_exists(held_on, begins_at, group.template.template.time_zone)
        if not decision:
            raise Refused(decision.reason)


def move_session(*, session: Session, held_on: date, begins_at: time, room: Room | None,
                 by: Viewer, version: int | None = None) -> Session:
    """Move one session of a group to another day, time or room.

    Raises `StaleEdit` when somebody changed the session since `version` was shown.
    """
    require(by, Duty.RUN_GROUP)
    with acting(by):
        session = Session.objects.visible_to(by).select_for_update(of=("self",)).select_related(
            "group__template").get(pk=session.pk)
        if version is not None and version != session.version:
            raise StaleEdit(STALE)
        group = _refuse_if_over(session, by)
        _refuse_no_time(group, held_on, begins_at)
        before = session.held_on
        session.held_on, session.begins_at, session.room = held_on, begins_at, room
        workers = [session.worker] if session.worker else leading(group, by)
        _refuse_clashes([session], room, workers, by, besides=session.pk)
        session.version += 1
        session.save()
        _expect_on(session, before, by)
        record(by=by, verb="moved", thing=session)
        return session


def _refuse_if_over(session: Session, by: Viewer) -> Group:
    """The group of a session that can be moved."""
    if session.group is None:
        raise Refused("Only sessions of a group are moved here.")
    if session.state != SessionState.PLANNED or Attendance.objects.visible_to(by).filter(
            session=session).exists():
        raise Refused(f"Session {session.number} is {session.state}, so it cannot be moved.")
    return session.group


def _expect_on(session: Session, before: date, by: Viewer) -> None:
    """Clients whose first session this is are expected on the new day."""
    places = GroupMember.objects.visible_to(by).filter(group_id=session.group_id, left_on=None)
    cases = Case.objects.visible_to(by).filter(
        pk__in=places.values("case_id"), next_action="first_session", next_action_on=before)
    for case in cases.select_for_update(of=("self",)):
        case.next_action_on, case.version = session.held_on, case.version + 1
        case.save()


def change_facilitators(*, group: Group, workers: Collection[UUID], on: date, by: Viewer,
                        version: int | None = None) -> Group:
    """Say who runs a group from now on. Who does no more loses sight of its clients at once.

    Raises `Refused` where nobody would run it, where somebody cannot, or is busy during a
    session that is still to come, and `StaleEdit` where the group was changed meanwhile.
    """
    require(by, Duty.RUN_GROUP)
    wanted = set(workers)
    if not wanted:
        raise Refused("Choose at least one facilitator: somebody must mark the registers.")
    if wanted - {UUID(key) for key, _ in possible_facilitators(by)}:
        raise Refused("Choose facilitators or managers of this service.")
    with acting(by):
        group = _locked(group, by)
        if version is not None and version != group.version:
            raise StaleEdit(STALE)
        before = set(leading(group, by))
        if wanted == before:
            return group
        coming = Session.objects.visible_to(by).filter(
            group=group, held_on__gte=on, state=SessionState.PLANNED, worker=None)
        _refuse_clashes(list(coming), None, wanted - before, by)
        rows = GroupFacilitator.objects.visible_to(by)
        for row in rows.select_for_update(of=("self",)).filter(
                group=group, worker__in=before - wanted, left_on=None):
            row.left_on = on
            row.save()
        rows.bulk_create(
            GroupFacilitator(compartment=group.compartment, group=group, worker=worker)
            for worker in sorted(wanted - before))
        group.version += 1
        group.save()
        for worker in sorted(wanted ^ before):
            verb = "put in charge of a group" if worker in wanted else "took a group from"
            record(by=by, verb=verb, kind="worker", object_id=worker)
        record(by=by, verb="changed who runs", thing=group)
        return group


def end_group(*, group: Group, on: date, by: Viewer) -> Group:
    """End a group: this is its last day. Places end, and later planned sessions are cancelled."""
    require(by, Duty.RUN_GROUP)
    with acting(by):
        group = _locked(group, by)
        later = Session.objects.visible_to(by).filter(group=group, held_on__gt=on)
        if later.filter(state=SessionState.HELD).exists():
            raise Refused(f"A session after {on:%-d %B %Y} has a register already: write a later "
                          "last day.")
        for session in later.filter(state=SessionState.PLANNED).select_for_update(of=("self",)):
            session.state, session.cancelled_because = SessionState.CANCELLED, CancelReason.CLOSED
            session.version += 1
            session.save()
        places = GroupMember.objects.visible_to(by).filter(group=group, left_on=None)
        for member in places.select_for_update(of=("self",)):
            member.left_on = max(on, member.joined_on)
            member.save()
        group.is_open, group.version = False, group.version + 1
        group.save()
        record(by=by, verb="ended", thing=group)
        return group


def add_room(*, name: str, chairs: int | None, compartment: int, by: Viewer,
             building: str = "") -> Room:
    """Add a room; one that was closed is opened again. Two rooms in use never share a name.

    `building` is the name of the house by which everybody knows it; empty where nobody said.
    """
    require(by, Duty.RUN_GROUP)
    if compartment not in by.compartments:
        raise Refused("This room would belong to a service in which you do not work.")
    with acting(by):
        room = Room.objects.visible_to(by).select_for_update(of=("self",)).filter(
            compartment=compartment, name=name).first()
        if room is None:
            room = Room(compartment=compartment, name=name, building=building, chairs=chairs)
            room.save(force_insert=True)
        elif room.closed_on is None:
            raise Refused(f"There is a room “{name}” already.")
        else:
            room.building, room.chairs, room.closed_on = building, chairs, None
            room.version += 1
            room.save()
        record(by=by, verb="added", thing=room)
        return room


def close_room(*, room: Room, on: date, by: Viewer) -> Room:
    """Take a room out of use after a day. Sessions planned there later must be moved first."""
    require(by, Duty.RUN_GROUP)
    with acting(by):
        room = Room.objects.visible_to(by).select_for_update(of=("self",)).get(pk=room.pk)
        planned = Session.objects.visible_to(by).filter(
            room=room, held_on__gt=on, state=SessionState.PLANNED).order_by("held_on")
        first = planned.select_related("group").first()
        if first is not None:
            whose = f" of “{first.group.name}”" if first.group else ""
            raise Refused(f"{planned.count()} planned sessions are in {room.name}, the next{whose} "
                          f"on {first.held_on:%-d %B %Y}. Move them first.")
        room.closed_on, room.version = on, room.version + 1
        room.save()
        record(by=by, verb="closed", thing=room)
        return room
