"""After each pull: appointments that the programme has booked a client beside are moved.

Programme bookings always succeed, and nothing goes down: the programme cannot see that anything
was in its way. What changes is on this side.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.bookings.actions import slot_of
from casewall.safety.bookings.following import tell_followers
from casewall.safety.bookings.models import Booking
from casewall.safety.bookings.rules import (
    LIVE,
    MARGIN,
    NOTICE,
    Around,
    Channel,
    Expected,
    State,
    first_meeting,
    free_hours,
)
from casewall.safety.bookings.separation import children_seen, groups_seen, members_of
from casewall.safety.partners.actions import add_task
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.pulled.models import PulledAppointment
from casewall.wall.context import acting
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer

MOVED_TASK, TO_MOVE_TASK = "appointment_moved", "appointment_to_move"
KEPT_TASK = "appointment_can_be_kept"


def move_clashing(by: Viewer, at: datetime) -> int:
    """Move every appointment to come that now lies beside a linked client's; returns how many.

    Each goes to the next hour that is free for its worker, its room and its client, a day from
    now at the soonest, and its worker is asked to tell the partner by a safe way. Where no hour
    is free within two weeks it is flagged, and the worker is asked to find one; a flag goes when
    the client is not expected there any more. Run twice it changes nothing more. The queries do
    not grow with the number of appointments.
    """
    require(by, Duty.PULL)
    with acting(by):
        live = list(
            Booking.objects.for_system("overlaps")
            .filter(state__in=LIVE, starts_at__gt=at)
            .select_for_update(of=("self",))
            .select_related("room")
            .order_by("starts_at", "id")
        )
        met = [one for one in live if one.channel == Channel.IN_PERSON]
        expected = _expected(met, by, at)
        return sum(_moved(one, expected.get(one.pk, []), live, by, at) for one in met)


def _expected(bookings: list[Booking], by: Viewer, at: datetime) -> dict[UUID, list[Expected]]:
    """Where the clients are expected whom each appointment's partners, or child, must not meet.

    Three queries, and what it takes to find the parties of children.
    """
    members = members_of(bookings)
    children = children_seen([one.child_id for one in bookings if one.child_id], by)
    groups = groups_seen([one.child_group_id for one in bookings if one.child_group_id], by)
    of_child = {one.pk: children[one.child_id] for one in bookings if one.child_id in children} | {
        one.pk: groups[one.child_group_id] for one in bookings if one.child_group_id in groups
    }
    for booking, child in of_child.items():
        members[booking] = members[booking] | child.files
    files = {file for one in members.values() for file in one}
    links: dict[UUID, set[UUID]] = {}
    rows = FileLink.objects.for_system("overlaps").filter(file_id__in=files, ended_on=None)
    for file, case in rows.values_list("file_id", "case_id"):
        links.setdefault(file, set()).add(case)
    by_case: dict[UUID, list[Expected]] = {}
    cases = {
        booking: {case for file in of for case in links.get(file, ())}
        | (of_child[booking].cases if booking in of_child else frozenset())
        for booking, of in members.items()
    }
    wanted = {case for one in cases.values() for case in one}
    since = at - MARGIN - timedelta(days=1)
    for one in PulledAppointment.objects.for_system("overlaps").filter(
        case_id__in=wanted, starts_at__gt=since
    ):
        by_case.setdefault(one.case_id, []).append(
            Expected(one.starts_at, one.minutes, one.building)
        )
    return {
        booking: [one for case in of for one in by_case.get(case, ())]
        for booking, of in cases.items()
    }


def _moved(
    booking: Booking, expected: list[Expected], live: list[Booking], by: Viewer, at: datetime
) -> int:
    slot = slot_of(booking)
    if first_meeting(slot.meeting, expected) is None:
        return _free_again(booking, by, at)
    others = [one for one in live if one.pk != booking.pk]
    known = Around(
        expected=expected,
        worker=[one for one in others if one.worker == booking.worker],
        room=[one for one in others if booking.room_id and one.room_id == booking.room_id],
        room_closed_on=slot.room.closed_on if slot.room else None,
    )
    soonest = max(booking.starts_at, at + NOTICE)
    free = free_hours(slot.meeting, known, zone=booking.zone, after=soonest, most=1)
    if not free and booking.state == State.TO_MOVE:
        return 0
    before, booking.moved_from = booking.local, booking.starts_at
    if free:
        booking.starts_at = free[0]
    booking.state = State.MOVED if free else State.TO_MOVE
    booking.version += 1
    booking.save()
    record(by=by, verb=booking.state, thing=booking)
    tell_followers(booking, by)
    _ask_worker(booking, before, bool(free), by, at)
    return 1


def _free_again(booking: Booking, by: Viewer, at: datetime) -> int:
    """The programme has called off what was in the way: the appointment stands as it was made."""
    if booking.state != State.TO_MOVE:
        return 0
    booking.state, booking.moved_from = State.PLANNED, None
    booking.version += 1
    booking.save()
    record(by=by, verb="free again", thing=booking)
    note = (
        f"The appointment of {booking.local:%A %-d %B %Y, %H:%M} can be kept: the linked client "
        "is not expected close by any more. If the partner has been told not to come, ask anew by "
        "a safe way."
    )
    for file in _files_of(booking):
        add_task(file=file, kind=KEPT_TASK, due_on=timezone.localdate(at), note=note, by=by)
    return 1


def _ask_worker(
    booking: Booking, before: datetime, is_moved: bool, by: Viewer, at: datetime
) -> None:
    """A task in every file concerned. A child's appointment stands on its worker's day itself."""
    old = f"{before:%A %-d %B %Y, %H:%M}"
    note = (
        f"Tell the partner by a safe way, before the old hour: not {old}; the new time is "
        f"{booking.local:%A %-d %B %Y, %H:%M}. The linked client is expected close by at the old "
        "hour."
        if is_moved
        else f"Tell the partner by a safe way not to come on {old}: the linked client is expected "
        "close by then, and no other hour is free within two weeks. Find another hour or place."
    )
    for file in _files_of(booking):
        add_task(
            file=file,
            kind=MOVED_TASK if is_moved else TO_MOVE_TASK,
            due_on=timezone.localdate(at),
            note=note,
            by=by,
        )


def _files_of(booking: Booking) -> Iterable[PartnerFile]:
    files = members_of([booking])[booking.pk]
    return PartnerFile.objects.for_system("overlaps").filter(id__in=files).order_by("id")
