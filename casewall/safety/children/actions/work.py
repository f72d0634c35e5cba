"""Writes about the children's service: support, consent, goals, groups and sessions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, unchanged
from casewall.safety.children.actions.keeping import day_of, locked_child, locked_support, not_after
from casewall.safety.children.models import (
    Arrangement,
    Child,
    ChildAdult,
    ChildAttendance,
    ChildConsent,
    ChildGoal,
    ChildGroup,
    ChildSession,
    ChildSupport,
    GroupChild,
)
from casewall.safety.children.planned import expect_at_meetings
from casewall.safety.children.rules import (
    UNKNOWN,
    Adult,
    Came,
    Consent,
    ConsentBy,
    EndReason,
    GoalState,
    Of,
    Work,
    consent_fits,
    holding_on,
    may_be_supported,
    may_begin,
    session_fits,
)
from casewall.safety.partners.danger import Danger, HeardBy, Raised, in_order, in_words, tell
from casewall.services.load import shipped
from casewall.services.schema import Children
from casewall.staff.models import Worker
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, may_do, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Role, Viewer


def children_service(service: str) -> Children:
    """What a service offers to children, by its definition. Raises `Refused` where nothing."""
    definition = shipped().get(service)
    if definition is None or definition.children is None:
        raise Refused("This service has no work with children of its own in its definition.")
    return definition.children


def ask_support(*, child: Child, on: date, by: Viewer, service: str | None = None) -> ChildSupport:
    """Ask the children's service to work with a child; it waits until a worker takes it.

    Asked twice while it is open is asked once. Raises `Refused` for an age that the service does
    not work with, and where the service has no work with children.
    """
    if not (may_do(by.role, Duty.RECORD_CHILD) or may_do(by.role, Duty.SUPPORT_CHILD)):
        require(by, Duty.RECORD_CHILD)
    service = service or child.service
    offers = children_service(service)
    not_after(on, timezone.localdate(), "Asked on")
    demand(
        may_be_supported(
            day_of(child.born_on), day_of(child.due_on), on, young_adults=offers.young_adults
        )
    )
    with acting(by):
        child = locked_child(child, by)
        rows = ChildSupport.objects.visible_to(by)
        known = rows.filter(child=child, service=service, ended_on=None).first()
        if known is not None:
            return known
        support = ChildSupport(
            id=new_id(),
            compartment=child.compartment,
            child=child,
            service=service,
            asked_on=on,
            worker=by.worker if by.role is Role.CHILDRENS_WORKER else None,
        )
        support.save(force_insert=True)
        record(by=by, verb="asked for support of", thing=child)
        return support


def take_child(*, support: ChildSupport, by: Viewer) -> ChildSupport:
    """Become the worker of a child who waits. Raises `Refused` where somebody is."""
    require(by, Duty.SUPPORT_CHILD)
    with acting(by):
        support = locked_support(support, by)
        if support.worker is not None and support.worker != by.worker:
            raise Refused("This child has a worker already.")
        if support.worker is None:
            support.worker, support.version = by.worker, support.version + 1
            support.save()
            record(by=by, verb="took", thing=support.child)
        return support


def allocate_child(*, support: ChildSupport, worker: UUID, version: int, by: Viewer) -> None:
    """Give a child to a worker of the children's service. For a safety manager.

    Raises `Refused` for somebody who is no children's worker with this child's records.
    """
    require(by, Duty.SUPPORT_CHILD)
    if by.role is not Role.SAFETY_MANAGER:
        raise Refused("A safety manager gives a child to a worker.")
    with acting(by):
        support = locked_support(support, by)
        unchanged(support, version)
        if not childrens_workers(support).filter(pk=worker).exists():
            raise Refused("Choose a children's worker of this service.")
        support.worker, support.version = worker, support.version + 1
        support.save()
        record(by=by, verb="allocated", thing=support.child)


def childrens_workers(support: ChildSupport) -> Any:
    """The workers to whom a child can be given: children's workers of its compartment."""
    return Worker.objects.filter(
        role=Role.CHILDRENS_WORKER, is_active=True, compartments=support.compartment
    ).order_by("name", "id")


def _who_said(row: ChildConsent) -> str:
    return str(row.adult_id) if row.adult_id else str(row.by)


def consent_of(support: ChildSupport, by: Viewer) -> list[tuple[str, Consent]]:
    """What was said about consent, in the order in which it was said."""
    rows = ChildConsent.objects.visible_to(by).filter(support=support)
    return [(_who_said(row), Consent(row.said)) for row in rows.order_by("said_on", "recorded_at")]


def record_consent(
    *,
    support: ChildSupport,
    consent_by: ConsentBy,
    said: Consent,
    said_on: date,
    by: Viewer,
    adult: ChildAdult | None = None,
    authority: str | None = None,
    form: UUID | None = None,
) -> ChildConsent:
    """Keep what somebody said who may consent. Everything that was said before stays."""
    require(by, Duty.SUPPORT_CHILD)
    not_after(said_on, timezone.localdate(), "Said on")
    if consent_by is ConsentBy.AUTHORITY and not authority:
        raise Refused("Say which authority consents.")
    with acting(by):
        support = locked_support(support, by)
        own = id_of_form(support.pk, form)
        known = known_row(ChildConsent, own, by)
        if known is not None:
            return known
        adult = adult if consent_by is ConsentBy.ADULT else None
        demand(
            consent_fits(
                consent_by,
                born=day_of(support.child.born_on),
                on=said_on,
                adult=Adult(adult.kind) if adult else None,
                responsible=responsibility(adult, said_on, by) if adult else UNKNOWN,
            )
        )
        row = ChildConsent(
            id=own,
            compartment=support.compartment,
            support=support,
            by=consent_by,
            adult=adult,
            authority=authority if consent_by is ConsentBy.AUTHORITY else None,
            said=said,
            said_on=said_on,
            recorded_at=timezone.now(),
            worker=by.worker,
        )
        row.save(force_insert=True)
        record(by=by, verb="kept a consent for", thing=support.child)
        return row


def responsibility(adult: ChildAdult, day: date, by: Viewer) -> str:
    """Whether an adult has parental responsibility on a day: *yes*, *no* or *unknown*."""
    rows = Arrangement.objects.visible_to(by).filter(adult=adult, of=Of.RESPONSIBILITY)
    holds = holding_on(rows.order_by("recorded_at", "id"), day)
    return holds.answer if holds else UNKNOWN


def begin_work(*, support: ChildSupport, on: date, by: Viewer) -> ChildSupport:
    """Begin the work with a child. Begun twice is begun once; without consent it does not begin."""
    require(by, Duty.SUPPORT_CHILD)
    not_after(on, timezone.localdate(), "Begun on")
    with acting(by):
        support = locked_support(support, by)
        if support.began_on is not None:
            return support
        if support.worker is None:
            raise Refused("Nobody has taken this child yet: take it first.")
        if on < support.asked_on:
            raise Refused(
                f"Support was asked for on {support.asked_on:%-d %B %Y}; it cannot begin before."
            )
        demand(may_begin(consent_of(support, by)))
        support.began_on, support.version = on, support.version + 1
        support.save()
        record(by=by, verb="began work with", thing=support.child)
        return support


def end_work(
    *, support: ChildSupport, on: date, reason: EndReason, version: int, by: Viewer
) -> ChildSupport:
    """End the work with a child, with the reason; places in groups end with it."""
    require(by, Duty.SUPPORT_CHILD)
    not_after(on, timezone.localdate(), "Ended on")
    with acting(by):
        support = locked_support(support, by)
        if support.ended_on is not None:
            return support
        unchanged(support, version)
        if on < (support.began_on or support.asked_on):
            raise Refused("The work cannot end before it began.")
        if support.began_on is not None and reason is EndReason.NEVER_BEGAN:
            raise Refused("The work began: choose why it ended.")
        support.ended_on, support.end_reason = on, reason
        support.version += 1
        support.save()
        for place in GroupChild.objects.visible_to(by).filter(support=support, left_on=None):
            place.left_on = max(on, place.joined_on)
            place.save()
        record(by=by, verb="ended work with", thing=support.child)
        return support


def set_goal(
    *, support: ChildSupport, goal: str, on: date, by: Viewer, form: UUID | None = None
) -> ChildGoal:
    """Keep what the child wants from the work, in own words."""
    require(by, Duty.SUPPORT_CHILD)
    not_after(on, timezone.localdate(), "Said on")
    with acting(by):
        support = locked_support(support, by)
        own = id_of_form(support.pk, form)
        known = known_row(ChildGoal, own, by)
        if known is not None:
            return known
        row = ChildGoal(
            id=own,
            compartment=support.compartment,
            support=support,
            goal=goal,
            set_on=on,
            worker=by.worker,
        )
        row.save(force_insert=True)
        record(by=by, verb="kept a goal of", thing=support.child)
        return row


def move_goal(
    *, goal: ChildGoal, state: GoalState, on: date, version: int, by: Viewer
) -> ChildGoal:
    """Say where a goal stands. Raises `StaleEdit` if it changed since `version`."""
    require(by, Duty.SUPPORT_CHILD)
    not_after(on, timezone.localdate(), "On")
    with acting(by):
        rows = ChildGoal.objects.visible_to(by).select_related("support__child")
        goal = rows.select_for_update(of=("self",)).get(pk=goal.pk)
        unchanged(goal, version)
        goal.state, goal.state_on, goal.version = state, on, goal.version + 1
        goal.save()
        record(by=by, verb="moved a goal of", thing=goal.support.child)
        return goal


def hold_session(
    *,
    kind: Work,
    held_on: date,
    minutes: int,
    came: Mapping[ChildSupport, Came],
    by: Viewer,
    group: ChildGroup | None = None,
    note: str | None = None,
    form: UUID | None = None,
    signs: Collection[Danger] = (),
) -> ChildSession:
    """Keep a session, one-to-one or of a group, and who came. Sent twice it is one session.

    `signs` of danger that a child told of are told to everybody who works with it at once. Raises
    `Refused` for work that the service does not offer or that has not begun.
    """
    require(by, Duty.SUPPORT_CHILD)
    if not came:
        raise Refused("Say for at least one child whether it came.")
    if (kind is Work.GROUP) != (group is not None) or (kind is Work.ONE_TO_ONE and len(came) > 1):
        raise Refused("A one-to-one session is with one child; a group's is with the group.")
    with acting(by):
        supports = [locked_support(support, by) for support in came]
        owner = group.pk if group else supports[0].pk
        own = id_of_form(owner, form)
        known = known_row(ChildSession, own, by)
        if known is not None:
            return known
        for support in supports:
            _check_session(support, kind, held_on, minutes)
        session = ChildSession(
            id=own,
            compartment=group.compartment if group else supports[0].compartment,
            kind=kind,
            group=group,
            held_on=held_on,
            minutes=minutes,
            note=note or None,
            worker=by.worker,
        )
        session.save(force_insert=True)
        for support in supports if signs else ():
            tell(_danger(support, session, signs), by)
        _mark(session, supports, {support.pk: mark for support, mark in came.items()}, by)
        return session


def _danger(support: ChildSupport, session: ChildSession, signs: Collection[Danger]) -> Raised:
    return Raised(
        compartment=support.compartment,
        heard_by=HeardBy.CHILD_SESSION,
        source_id=session.pk,
        signs=in_order(signs),
        words=f"In a session with a child: {in_words(signs).lower()}.",
        on=timezone.localdate(),
        child_id=support.child_id,
    )


def _check_session(support: ChildSupport, kind: Work, held_on: date, minutes: int) -> None:
    if kind.value not in children_service(support.service).delivered:
        raise Refused("The service does not offer this kind of work with children.")
    demand(session_fits(minutes, held_on, support.began_on, timezone.localdate()))
    if support.ended_on is not None and held_on > support.ended_on:
        raise Refused(
            f"The work ended on {support.ended_on:%-d %B %Y}; no session lies after that."
        )


def _mark(
    session: ChildSession, supports: list[Any], came: Mapping[UUID, Came], by: Viewer
) -> None:
    for support in supports:
        ChildAttendance(
            id=new_id(),
            compartment=support.compartment,
            session=session,
            support=support,
            came=came[support.pk],
        ).save(force_insert=True)
        record(by=by, verb="held a session with", thing=support.child)


def open_group(
    *,
    name: str,
    service: str,
    compartment: int,
    begins_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> ChildGroup:
    """Open a group of children. Raises `Refused` where the service has no group work with them."""
    require(by, Duty.SUPPORT_CHILD)
    if Work.GROUP.value not in children_service(service).delivered:
        raise Refused("The service does not offer group work with children.")
    own = id_of_form(by.worker, form)
    with acting(by):
        known = known_row(ChildGroup, own, by)
        if known is not None:
            return known
        group = ChildGroup(
            id=own,
            compartment=compartment,
            name=name,
            service=service,
            begins_on=begins_on,
            worker=by.worker,
        )
        group.save(force_insert=True)
        record(by=by, verb="opened", thing=group)
        return group


def join_group(*, group: ChildGroup, support: ChildSupport, on: date, by: Viewer) -> GroupChild:
    """Give a child whose work has begun a place in a group; a place held already stays one.

    Raises `Refused` where a meeting that is planned lies beside an appointment of a client in the
    child's life.
    """
    require(by, Duty.SUPPORT_CHILD)
    not_after(on, timezone.localdate(), "Joined on")
    with acting(by):
        support = locked_support(support, by)
        if support.began_on is None or support.ended_on is not None:
            raise Refused("Only a child with whom work has begun and goes on joins a group.")
        if support.service != group.service or support.compartment != group.compartment:
            raise Refused("The group belongs to another service than the child.")
        rows = GroupChild.objects.visible_to(by)
        known = rows.filter(group=group, support=support, left_on=None).first()
        if known is not None:
            return known
        place = GroupChild(
            id=new_id(),
            compartment=support.compartment,
            group=group,
            support=support,
            joined_on=max(on, support.began_on),
        )
        place.save(force_insert=True)
        expect_at_meetings(group=group.pk, child=support.child_id, at=timezone.now(), by=by)
        record(by=by, verb="gave a group's place to", thing=support.child)
        return place


def leave_group(*, place: GroupChild, on: date, by: Viewer) -> GroupChild:
    """End a child's place in a group; ended twice is ended once."""
    require(by, Duty.SUPPORT_CHILD)
    not_after(on, timezone.localdate(), "Left on")
    with acting(by):
        rows = GroupChild.objects.visible_to(by).select_related("support__child")
        place = rows.select_for_update(of=("self",)).get(pk=place.pk)
        if place.left_on is None:
            place.left_on = max(on, place.joined_on)
            place.save()
            record(by=by, verb="ended a group's place of", thing=place.support.child)
        return place
