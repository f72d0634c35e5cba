"""Weeks in which a whole service holds no sessions: who closes, and what planning leaves out."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.groups.models import ClosedWeeks, Session
from casewall.programme.groups.planning.rules import days_between, may_close
from casewall.programme.groups.rules import SessionState
from casewall.staff.models import Compartment
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer


def closed_weeks(viewer: Viewer, *, since: date | None = None) -> Any:
    """The closed weeks that hold, the next first; with `since`, those that are not over by then."""
    rows = ClosedWeeks.objects.visible_to(viewer).filter(taken_back_on=None)
    if since is not None:
        rows = rows.filter(last_on__gte=since)
    return rows.order_by("first_on", "id")


def closed_for(*, service: str, by: Viewer) -> dict[date, str]:
    """Every day on which a service is closed, with the reason: one query."""
    with acting(by):
        rows = list(closed_weeks(by).filter(service=service))
    return {day: row.reason for row in rows for day in days_between(row.first_on, row.last_on)}


def close_service(
    *,
    compartment: int,
    first_on: date,
    last_on: date,
    reason: str,
    by: Viewer,
    form: UUID | None = None,
) -> ClosedWeeks:
    """Say that a service holds no sessions from one day to another, both included.

    Sessions that are planned already stay: see `planned_within`. The same `form` sent twice is
    one. Raises `Refused` for days that cannot be (`rules.may_close`) and for another service.
    """
    require(by, Duty.RUN_GROUP)
    if compartment not in by.compartments:
        raise Refused("These weeks would belong to a service in which you do not work.")
    if not reason.strip():
        raise Refused("Say why there are no sessions: whoever plans reads it.")
    with acting(by):
        own = id_of_form(by.worker, form) if form else new_id()
        rows = ClosedWeeks.objects.visible_to(by)
        known = rows.filter(pk=own).first()
        if known is not None:
            return known
        place = Compartment.objects.select_related("service").get(number=compartment)
        spans = rows.filter(compartment=compartment, taken_back_on=None)
        decision = may_close(
            first_on, last_on, today=timezone.localdate(),
            known=spans.order_by("first_on").values_list("first_on", "last_on"))
        if not decision:
            raise Refused(decision.reason)
        closed = ClosedWeeks(
            id=own, compartment=compartment, service=place.service.code, first_on=first_on,
            last_on=last_on, reason=reason.strip(), worker=by.worker)
        closed.save(force_insert=True)
        record(by=by, verb="closed a service", thing=closed)
        return closed


def meet_after_all(*, closed: ClosedWeeks, by: Viewer) -> ClosedWeeks:
    """Take closed weeks back: what is planned from now on meets in them. Twice is once."""
    require(by, Duty.RUN_GROUP)
    with acting(by):
        found: ClosedWeeks = ClosedWeeks.objects.visible_to(by).select_for_update(
            of=("self",)).get(pk=closed.pk)
        if found.taken_back_on is None:
            found.taken_back_on = timezone.localdate()
            found.save()
            record(by=by, verb="opened a service again", thing=found)
        return found


def planned_within(closed: ClosedWeeks, viewer: Viewer) -> list[Session]:
    """Sessions of groups that are planned within closed weeks, to be moved or cancelled."""
    rows = Session.objects.visible_to(viewer).filter(
        compartment=closed.compartment, state=SessionState.PLANNED, group__isnull=False,
        held_on__range=(closed.first_on, closed.last_on))
    return list(rows.select_related("group").order_by("held_on", "begins_at", "id"))
