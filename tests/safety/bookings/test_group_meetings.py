"""Meetings of support groups are appointments: the guard keeps every member's client away."""

from __future__ import annotations

import pytest

from casewall.safety.bookings.actions import Slot, Taken, cancel, move
from casewall.safety.bookings.models import Booking, BookingPlace
from casewall.safety.bookings.rules import Kind, State
from casewall.safety.partners.models import PartnerTask
from casewall.safety.support import actions as support
from casewall.safety.support.models import GroupMeeting, SupportGroup
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import NOW, TODAY
from tests.safety.bookings.conftest import HOUSE, Hers, Linked, at
from tests.safety.bookings.test_moving import their_session


@pytest.fixture
def group(linked: Linked) -> SupportGroup:
    hers = linked.hers
    return support.open_group(
        name="Mandag", service=SERVICE, compartment=hers.compartment, begins_on=TODAY, by=hers.by
    )


def planned(hers: Hers, group: SupportGroup, slot: Slot) -> GroupMeeting:
    return support.plan_meeting(
        group=group, begins_at=slot.starts_at, minutes=slot.minutes, slot=slot, by=hers.by
    )


def again(hers: Hers, meeting: GroupMeeting) -> GroupMeeting:
    with acting(hers.by):
        rows = GroupMeeting.objects.visible_to(hers.by).select_related("booking")
        found: GroupMeeting = rows.get(pk=meeting.pk)
        return found


def expected(hers: Hers, booking: Booking) -> set[object]:
    with acting(hers.by):
        rows = BookingPlace.objects.visible_to(hers.by).filter(booking=booking, ended_on=None)
        return set(rows.values_list("file_id", flat=True))


def test_a_meeting_to_come_needs_a_place_and_is_an_appointment(
    linked: Linked, group: SupportGroup
) -> None:
    hers = linked.hers
    support.add_member(group=group, file=linked.file, on=TODAY, by=hers.by)
    with pytest.raises(Refused, match="Say where the group meets"):
        support.plan_meeting(group=group, begins_at=at("17:00"), minutes=90, by=hers.by)
    made = planned(hers, group, hers.slot("17:00", "Kulturhuset"))
    assert made.booking is not None
    assert (made.booking.kind, made.booking.file_id) == (Kind.GROUP, None)
    assert expected(hers, made.booking) == {linked.file.pk}
    assert planned(hers, group, hers.slot("17:00", "Kulturhuset")) == made


def test_a_meeting_beside_a_member_s_client_is_refused_with_free_hours(
    linked: Linked, group: SupportGroup
) -> None:
    hers = linked.hers
    support.add_member(group=group, file=linked.file, on=TODAY, by=hers.by)
    with pytest.raises(Taken, match="linked client is expected") as taken:
        planned(hers, group, hers.slot("10:30", HOUSE))
    assert taken.value.free
    with acting(hers.by):
        assert not GroupMeeting.objects.visible_to(hers.by).exists()


def test_nobody_joins_whose_client_is_expected_beside_a_meeting(
    linked: Linked, group: SupportGroup
) -> None:
    hers = linked.hers
    made = planned(hers, group, hers.slot("10:30", HOUSE))
    assert expected(hers, made.booking) == set()
    with pytest.raises(Refused, match="is in the way"):
        support.add_member(group=group, file=linked.file, on=TODAY, by=hers.by)
    assert expected(hers, made.booking) == set()
    move(booking=made.booking, slot=hers.slot("16:00", HOUSE), at=NOW, by=hers.by)
    place = support.add_member(group=group, file=linked.file, on=TODAY, by=hers.by)
    assert expected(hers, made.booking) == {linked.file.pk}
    support.leave_group(place=place, on=TODAY, by=hers.by)
    assert expected(hers, made.booking) == set()
    support.add_member(group=group, file=linked.file, on=TODAY, by=hers.by)
    assert expected(hers, made.booking) == {linked.file.pk}


def test_the_meeting_keeps_step_with_its_appointment(linked: Linked, group: SupportGroup) -> None:
    hers = linked.hers
    support.add_member(group=group, file=linked.file, on=TODAY, by=hers.by)
    made = planned(hers, group, hers.slot("14:00", HOUSE))
    their_session(linked, "14:00")
    hers.pull()
    moved = again(hers, made)
    assert moved.booking.state == State.MOVED
    assert moved.begins_at == moved.booking.starts_at != at("14:00")
    with acting(hers.by):
        kinds = PartnerTask.objects.visible_to(hers.by).filter(file=linked.file)
        assert "appointment_moved" in kinds.values_list("kind", flat=True)
    cancel(booking=moved.booking, by=hers.by)
    assert again(hers, made).cancelled


def test_a_colleague_calls_off_a_meeting_with_its_appointment(
    linked: Linked, group: SupportGroup
) -> None:
    hers = linked.hers
    made = planned(hers, group, hers.slot("17:00", "video"))
    for _ in range(2):
        support.cancel_meeting(meeting=made, by=hers.staff[Role.SAFETY_MANAGER])
    found = again(hers, made)
    assert (found.cancelled, found.booking.state) == (True, State.CANCELLED)
