"""Appointments of a standing group: who is expected changes while the group goes on.

They belong to whoever planned them. A colleague who gives or ends a place need not see them, so
they are read for the system, and only whether the guard agrees comes out.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casewall.audit.actions import record
from casewall.safety.bookings.actions import slot_of
from casewall.safety.bookings.following import tell_followers
from casewall.safety.bookings.models import Booking, BookingPlace
from casewall.safety.bookings.rules import BLIND, LIVE, Channel, State, first_meeting, too_near
from casewall.safety.bookings.separation import around, children_seen
from casewall.safety.partners.models import PartnerFile
from casewall.wall.decide import Refused
from casewall.wall.sides import Viewer


def expect_too(
    *, bookings: Collection[UUID], file: PartnerFile, at: datetime, by: Viewer
) -> list[Booking]:
    """Expect a further partner at those of these appointments that are to come.

    Inside the transaction of whoever gives the place. Raises `Refused`, saying which appointment
    is in the way, where one of them could bring the partner and the client together.
    """
    rows = _to_come(at, pk__in=bookings)
    for booking in rows:
        _refuse_meeting(booking, {file.pk})
    known = {
        place.booking_id: place
        for place in BookingPlace.objects.for_system("overlaps").filter(
            booking__in=rows, file=file
        )
    }
    for booking in rows:
        place = known.get(booking.pk) or BookingPlace(
            compartment=booking.compartment, booking=booking, file=file
        )
        place.ended_on = None
        place.save()
        record(by=by, verb="expected too", thing=booking)
    return rows


def expect_no_more(
    *, bookings: Collection[UUID], file: PartnerFile, on: date, at: datetime, by: Viewer
) -> None:
    """A partner is no longer expected at those of these appointments that are to come."""
    rows = _to_come(at, pk__in=bookings)
    for place in BookingPlace.objects.for_system("overlaps").filter(
        booking__in=rows, file=file, ended_on=None
    ):
        place.ended_on = on
        place.save()
        record(by=by, verb="expected no more", kind="booking", object_id=place.booking_id)


def expect_child_too(*, group: UUID, child: UUID, at: datetime, by: Viewer) -> None:
    """A further child is expected at the meetings of its group that are to come.

    Inside the transaction of whoever gives the place. Raises `Refused`, saying which meeting is
    in the way, where one of them lies beside an appointment of a client in the child's life.
    """
    seen = children_seen([child], by).get(child)
    for booking in _to_come(at, child_group_id=group):
        _refuse_meeting(booking, seen.files if seen else (), seen.cases if seen else ())


def call_off(*, booking: UUID, by: Viewer) -> None:
    """Call a meeting's appointment off, whoever planned it; called off twice is called off once."""
    row = _locked(booking)
    if row is None or row.state not in LIVE:
        return
    row.state, row.version = State.CANCELLED, row.version + 1
    row.save()
    record(by=by, verb=f"said {State.CANCELLED} of", thing=row)
    tell_followers(row, by)


def _locked(booking: UUID) -> Booking | None:
    rows = Booking.objects.for_system("overlaps").select_for_update(of=("self",))
    found: Booking | None = rows.filter(pk=booking).first()
    return found


def _to_come(at: datetime, **which: Any) -> list[Booking]:
    rows = (
        Booking.objects.for_system("overlaps")
        .select_for_update(of=("self",))
        .filter(state__in=LIVE, starts_at__gt=at, **which)
    )
    return list(rows.order_by("starts_at", "id"))


def _refuse_meeting(
    booking: Booking, files: Collection[UUID], cases: Collection[UUID] = ()
) -> None:
    known = around(
        files=files,
        cases=cases,
        worker=booking.worker,
        room=None,
        after=booking.starts_at,
        besides=booking.pk,
    )
    meeting = slot_of(booking).meeting
    if known.is_blind and meeting.channel is Channel.IN_PERSON:
        raise Refused(BLIND)
    near = first_meeting(meeting, known.expected)
    if near is not None:
        when = f"{booking.local:%-d %B %Y, %H:%M}"
        raise Refused(
            f"The meeting of {when} is in the way. {too_near(near, booking.zone)} Move that "
            "meeting first, or give the place after it."
        )
