"""Support groups of partners: meetings, members and who came. No client is in any of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q
from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import locked
from casewall.safety.bookings.actions import Slot, book, support_group
from casewall.safety.bookings.meetings import call_off, expect_no_more, expect_too
from casewall.safety.bookings.models import Booking
from casewall.safety.bookings.rules import Kind, State
from casewall.safety.bookings.separation import keep_parties_apart
from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.actions.keeping import locked_file, not_ahead
from casewall.safety.support.models import (
    GroupAttendance,
    GroupMeeting,
    GroupPlace,
    SupportGroup,
)
from casewall.safety.support.rules import MOST_MINUTES, Marked, Topic
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer


def open_group(
    *,
    name: str,
    service: str,
    compartment: int,
    begins_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> SupportGroup:
    """Open a support group in one of the worker's own compartments."""
    require(by, Duty.SUPPORT_PARTNER)
    if compartment not in by.compartments:
        raise Refused("Choose one of your own services for the group.")
    with acting(by):
        own = id_of_form(by.worker, form, "group")
        known = SupportGroup.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        group = SupportGroup(
            id=own,
            compartment=compartment,
            name=name,
            service=service,
            begins_on=begins_on,
            worker=by.worker,
        )
        group.save(force_insert=True)
        record(by=by, verb="opened a group", thing=group)
        return group


def _open_group(group: SupportGroup, by: Viewer) -> SupportGroup:
    group = locked(group, by)
    if group.closed_on is not None:
        raise Refused(f"This group ended on {group.closed_on:%-d %B %Y}.")
    return group


def close_group(*, group: SupportGroup, on: date, by: Viewer) -> SupportGroup:
    """A group ends; ended twice is ended once."""
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(on)
    with acting(by):
        group = locked(group, by)
        if group.closed_on is None:
            group.closed_on, group.version = on, group.version + 1
            group.save()
            record(by=by, verb="closed a group", thing=group)
        return group


def plan_meeting(
    *,
    group: SupportGroup,
    begins_at: datetime,
    minutes: int,
    by: Viewer,
    topic: Topic | None = None,
    slot: Slot | None = None,
) -> GroupMeeting:
    """Plan a meeting, or keep one that was held. One group meets once at a time.

    One that is to come needs a `slot`: it is an appointment, which the guard keeps away from the
    clients of all members. Raises `Taken`, with free hours, where it cannot be there and then.
    """
    require(by, Duty.SUPPORT_PARTNER)
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused(f"A meeting lasts between 1 and {MOST_MINUTES} minutes.")
    at = timezone.now()
    with acting(by):
        group = _open_group(group, by)
        if timezone.localdate(begins_at) < group.begins_on:
            raise Refused(f"The group begins on {group.begins_on:%-d %B %Y}.")
        known = GroupMeeting.objects.visible_to(by).filter(group=group, begins_at=begins_at).first()
        if known is not None:
            return known
    booking = _booked(group, begins_at, slot, at, by) if begins_at > at else None
    with acting(by):
        group = _open_group(group, by)
        meeting = GroupMeeting(
            compartment=group.compartment,
            group=group,
            begins_at=begins_at,
            minutes=minutes,
            topic=topic or "",
            booking=booking,
            worker=by.worker,
        )
        meeting.save(force_insert=True)
        record(by=by, verb="planned a meeting of", thing=group)
        return meeting


def _booked(
    group: SupportGroup, begins_at: datetime, slot: Slot | None, at: datetime, by: Viewer
) -> Booking:
    """The appointment of a meeting that is to come, for everybody who is in the group now."""
    if slot is None:
        raise Refused("Say where the group meets, or that it meets by phone or video.")
    return book(
        whom=support_group(group.service, group.compartment, _members(group, by)),
        kind=Kind.GROUP,
        slot=slot,
        at=at,
        by=by,
        id=uuid5(group.pk, begins_at.isoformat()),
    )


def _members(group: SupportGroup, by: Viewer) -> list[PartnerFile]:
    """The open files of everybody in the group; members whom this worker does not see count."""
    with acting(by):
        places = GroupPlace.objects.for_system("overlaps").filter(group=group, left_on=None)
        files = PartnerFile.objects.for_system("overlaps").filter(
            id__in=places.values("file_id"), closed_on=None, withdrawn_on=None
        )
        return list(files.order_by("id"))


def keep_in_step(*, booking: Booking, by: Viewer) -> None:
    """The meeting of an appointment has its hour, and is cancelled with it."""
    row = (
        GroupMeeting.objects.for_system("overlaps")
        .select_for_update(of=("self",))
        .filter(booking=booking)
        .first()
    )
    if row is not None:
        row.begins_at, row.minutes = booking.starts_at, booking.minutes
        row.cancelled = booking.state == State.CANCELLED
        row.save()
        record(by=by, verb="kept in step", thing=row)


def _appointments(group: SupportGroup) -> list[UUID]:
    rows = GroupMeeting.objects.for_system("overlaps").filter(group=group, cancelled=False)
    return list(rows.exclude(booking=None).values_list("booking_id", flat=True))


def cancel_meeting(*, meeting: GroupMeeting, by: Viewer) -> GroupMeeting:
    """A meeting does not take place. Raises `Refused` where somebody came to it."""
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        meeting = locked(meeting, by)
        came = GroupAttendance.objects.visible_to(by).filter(
            meeting=meeting, marked__in=[Marked.CAME, Marked.PART]
        )
        if came.exists():
            raise Refused("Somebody came to this meeting, so it was held.")
        if not meeting.cancelled:
            meeting.cancelled = True
            meeting.save()
            record(by=by, verb="cancelled a meeting", thing=meeting)
            if meeting.booking_id:
                call_off(booking=meeting.booking_id, by=by)
        return meeting


def add_member(*, group: SupportGroup, file: PartnerFile, on: date, by: Viewer) -> GroupPlace:
    """A partner joins a group; who is in it already stays in it once.

    Raises `Refused` where the group would hold both parties of a case, and where a meeting that
    is planned lies beside an appointment of the partner's client.
    """
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        # Members whom this worker does not see count as well.
        places = GroupPlace.objects.for_system("overlaps").filter(group=group, left_on=None)
        others = PartnerFile.objects.for_system("overlaps").filter(
            id__in=places.exclude(file=file).values("file_id")
        )
        together = [*others, file]
    keep_parties_apart(files=together, by=by)
    with acting(by):
        file = locked_file(file, by)
        group = _open_group(group, by)
        if file.compartment != group.compartment:
            raise Refused("This group belongs to another service than the partner's file.")
        known = (
            GroupPlace.objects.visible_to(by).filter(group=group, file=file, left_on=None).first()
        )
        if known is not None:
            return known
        place = GroupPlace(
            compartment=file.compartment,
            file=file,
            group=group,
            joined_on=on,
            worker=by.worker,
        )
        place.save(force_insert=True)
        expect_too(bookings=_appointments(group), file=file, at=timezone.now(), by=by)
        record(by=by, verb="gave a place in a group to", thing=file)
        return place


def leave_group(*, place: GroupPlace, on: date, by: Viewer) -> GroupPlace:
    """A partner leaves a group; left twice is left once."""
    require(by, Duty.SUPPORT_PARTNER)
    not_ahead(on)
    if on < place.joined_on:
        raise Refused(
            f"The partner joined on {place.joined_on:%-d %B %Y} and cannot have left before that."
        )
    with acting(by):
        place = locked(place, by)
        if place.left_on is None:
            place.left_on = on
            place.save()
            expect_no_more(
                bookings=_appointments(place.group),
                file=place.file,
                on=on,
                at=timezone.now(),
                by=by,
            )
            record(by=by, verb="ended a place of", kind="partnerfile", object_id=place.file_id)
        return place


def places_on(meeting: GroupMeeting, by: Viewer) -> Any:
    """The places in the group on the day of a meeting that this worker sees."""
    day = timezone.localdate(meeting.begins_at)
    return GroupPlace.objects.visible_to(by).filter(
        Q(left_on=None) | Q(left_on__gte=day), group=meeting.group_id, joined_on__lte=day
    )


def mark_meeting(
    *,
    meeting: GroupMeeting,
    marks: Mapping[UUID, Marked],
    seen: Mapping[UUID, int],
    by: Viewer,
) -> int:
    """Mark who came, by file; returns how many marks are new or changed.

    `seen` holds the version of each mark that the page showed (0 for none). Raises `StaleEdit`
    where somebody else marked one of them differently meanwhile, `Refused` for a meeting that
    has not begun or was cancelled, and for a partner without a place on that day.
    """
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        meeting = locked(meeting, by)
        if meeting.begins_at > timezone.now():
            raise Refused("This meeting has not begun yet.")
        if meeting.cancelled:
            raise Refused("This meeting was cancelled.")
        members = {place.file_id: place for place in places_on(meeting, by)}
        if not set(marks) <= set(members):
            raise Refused("Somebody who is marked had no place in the group on that day.")
        rows = {
            row.file_id: row
            for row in GroupAttendance.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(meeting=meeting, file_id__in=list(marks))
        }
        changed = 0
        for file, mark in marks.items():
            row = rows.get(file) or GroupAttendance(
                compartment=members[file].compartment, file_id=file, meeting=meeting, version=0
            )
            if row.version and row.marked == mark:
                continue
            if row.version != seen.get(file, 0):
                raise StaleEdit(
                    "Somebody else marked this meeting while the page was open. The marks are "
                    "shown as they stand now; look at them before you save."
                )
            row.marked, row.marked_at, row.worker = mark, timezone.now(), by.worker
            row.version += 1
            row.save()
            changed += 1
        if changed:
            record(by=by, verb="marked a meeting", thing=meeting)
        return changed
