"""Support groups: partners only, each once, and nobody marked who had no place."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from casewall.safety.bookings.actions import Slot
from casewall.safety.bookings.rules import Channel
from casewall.safety.support import actions
from casewall.safety.support.models import (
    GroupAttendance,
    GroupMeeting,
    GroupPlace,
    SupportGroup,
)
from casewall.safety.support.rules import Marked
from casewall.staff.actions import compartment_for
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role, Side, Viewer
from tests.people import SERVICE, Staff
from tests.safety.pages.conftest import TODAY, Invented

HOUR = timedelta(hours=1)


def online(at: datetime) -> Slot:
    return Slot(starts_at=at, minutes=60, channel=Channel.VIDEO)


@pytest.fixture
def by(staff: Staff) -> Viewer:
    return staff[Role.PARTNER_WORKER]


@pytest.fixture
def group(by: Viewer) -> SupportGroup:
    return actions.open_group(
        name="Tirsdag",
        service=SERVICE,
        compartment=compartment_for(side=Side.SAFETY, service=SERVICE, agency="lyngholm-shelter"),
        begins_on=TODAY - timedelta(days=30),
        by=by,
    )


@pytest.fixture
def meeting(group: SupportGroup, by: Viewer) -> GroupMeeting:
    return actions.plan_meeting(group=group, begins_at=timezone.now() - HOUR, minutes=120, by=by)


def marks(by: Viewer) -> list[GroupAttendance]:
    with acting(by):
        return list(GroupAttendance.objects.visible_to(by))


def test_a_group_is_opened_once_in_one_s_own_service_only(by: Viewer, group: SupportGroup) -> None:
    form = uuid4()
    said = {"name": "x", "service": SERVICE, "begins_on": TODAY, "form": form, "by": by}
    first = actions.open_group(compartment=group.compartment, **said)
    assert actions.open_group(compartment=group.compartment, **said) == first
    with pytest.raises(Refused, match="your own services"):
        actions.open_group(compartment=999_999, **said)


def test_a_meeting_is_planned_once_for_a_time(
    by: Viewer, group: SupportGroup, meeting: GroupMeeting
) -> None:
    same = actions.plan_meeting(group=group, begins_at=meeting.begins_at, minutes=60, by=by)
    assert same == meeting
    with pytest.raises(Refused, match="The group begins"):
        actions.plan_meeting(
            group=group, begins_at=timezone.now() - timedelta(days=90), minutes=60, by=by
        )
    with pytest.raises(Refused, match="between 1 and"):
        actions.plan_meeting(group=group, begins_at=timezone.now(), minutes=0, by=by)


def test_a_partner_has_one_place_in_a_group_and_may_come_back(
    by: Viewer, group: SupportGroup, world: Invented
) -> None:
    place = actions.add_member(group=group, file=world.file, on=TODAY, by=by)
    assert actions.add_member(group=group, file=world.file, on=TODAY, by=by) == place
    with pytest.raises(Refused, match="cannot have left before"):
        actions.leave_group(place=place, on=TODAY - timedelta(days=1), by=by)
    for _ in range(2):
        assert actions.leave_group(place=place, on=TODAY, by=by).left_on == TODAY
    assert actions.add_member(group=group, file=world.file, on=TODAY, by=by) != place


def test_a_closed_group_takes_nobody(by: Viewer, group: SupportGroup, world: Invented) -> None:
    for _ in range(2):
        assert actions.close_group(group=group, on=TODAY, by=by).closed_on == TODAY
    with pytest.raises(Refused, match="This group ended"):
        actions.add_member(group=group, file=world.file, on=TODAY, by=by)


def test_marks_are_kept_once_and_a_colleague_s_are_not_written_over(
    by: Viewer, staff: Staff, group: SupportGroup, meeting: GroupMeeting, world: Invented
) -> None:
    actions.add_member(group=group, file=world.file, on=TODAY, by=by)
    came = {world.file.pk: Marked.CAME}
    assert actions.mark_meeting(meeting=meeting, marks=came, seen={}, by=by) == 1
    assert actions.mark_meeting(meeting=meeting, marks=came, seen={}, by=by) == 0
    part = {world.file.pk: Marked.PART}
    with pytest.raises(StaleEdit):
        actions.mark_meeting(meeting=meeting, marks=part, seen={}, by=staff[Role.SAFETY_MANAGER])
    changed = actions.mark_meeting(meeting=meeting, marks=part, seen={world.file.pk: 1}, by=by)
    assert (changed, [row.marked for row in marks(by)]) == (1, [Marked.PART])
    with pytest.raises(Refused, match="so it was held"):
        actions.cancel_meeting(meeting=meeting, by=by)


def test_only_members_are_marked_and_only_once_it_has_begun(
    by: Viewer, group: SupportGroup, meeting: GroupMeeting, world: Invented
) -> None:
    came = {world.file.pk: Marked.CAME}
    with pytest.raises(Refused, match="had no place"):
        actions.mark_meeting(meeting=meeting, marks=came, seen={}, by=by)
    actions.add_member(group=group, file=world.file, on=TODAY, by=by)
    ahead = timezone.now() + HOUR
    soon = actions.plan_meeting(
        group=group, begins_at=ahead, minutes=60, slot=online(ahead), by=by
    )
    with pytest.raises(Refused, match="not begun yet"):
        actions.mark_meeting(meeting=soon, marks=came, seen={}, by=by)
    for _ in range(2):
        assert actions.cancel_meeting(meeting=meeting, by=by).cancelled
    with pytest.raises(Refused, match="was cancelled"):
        actions.mark_meeting(meeting=meeting, marks=came, seen={}, by=by)
    assert marks(by) == []


def test_no_column_of_a_group_can_hold_a_client() -> None:
    for model in (SupportGroup, GroupMeeting, GroupPlace, GroupAttendance):
        names = {field.name for field in model._meta.get_fields()}
        assert not names & {"client", "client_id", "case", "case_id"}


def test_nobody_else_runs_a_group(
    staff: Staff, group: SupportGroup, meeting: GroupMeeting, world: Invented
) -> None:
    for role in (Role.COORDINATOR, Role.CHILDRENS_WORKER, Role.EVALUATOR):
        for act in (
            lambda by: actions.add_member(group=group, file=world.file, on=TODAY, by=by),
            lambda by: actions.plan_meeting(group=group, begins_at=TODAY, minutes=1, by=by),
            lambda by: actions.mark_meeting(meeting=meeting, marks={}, seen={}, by=by),
            lambda by: actions.close_group(group=group, on=TODAY, by=by),
            lambda by: actions.cancel_meeting(meeting=meeting, by=by),
        ):
            with pytest.raises(Refused, match="may not work with a partner"):
                act(staff[role])
