"""Meetings of groups of children are appointments: the guard keeps every child's clients away."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from django.test import override_settings

from casewall.safety.bookings import actions
from casewall.safety.bookings.models import Booking
from casewall.safety.bookings.reading import whom_in_words
from casewall.safety.bookings.rules import Kind, State
from casewall.safety.bookings.separation import groups_seen
from casewall.safety.children import actions as children
from casewall.safety.children.models import (
    Child,
    ChildAdult,
    ChildGroup,
    ChildSupport,
    GroupChild,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role, Side
from tests.navigation import navigation_of
from tests.people import SERVICE, signed_in, site_settings
from tests.programme.conftest import NOW, TODAY
from tests.safety.bookings.conftest import HOUSE, Hers, Linked
from tests.safety.bookings.test_moving import their_session

CHILDREN = Role.CHILDRENS_WORKER


def group_of(hers: Hers) -> ChildGroup:
    by = hers.staff[CHILDREN]
    with acting(by):
        group = ChildGroup(
            compartment=hers.compartment, name="Onsdag", service=SERVICE, begins_on=TODAY,
            worker=by.worker,
        )  # fmt: skip
        group.save(force_insert=True)
    return group


def supported(linked: Linked) -> ChildSupport:
    """A child of the linked partner, with whom the children's worker works."""
    hers = linked.hers
    with acting(hers.manager):
        child = Child(
            compartment=hers.compartment, given_name="Opdigtet", family_name="Barn",
            service=SERVICE, recorded_on=TODAY, worker=hers.manager.worker,
        )  # fmt: skip
        child.save(force_insert=True)
        ChildAdult(
            compartment=hers.compartment, child=child, kind="partner", file=linked.file,
            relationship="parent", linked_on=TODAY, worker=hers.manager.worker,
        ).save(force_insert=True)  # fmt: skip
        support = ChildSupport(
            compartment=hers.compartment, child=child, service=SERVICE, asked_on=TODAY,
            began_on=TODAY, worker=hers.staff[CHILDREN].worker,
        )  # fmt: skip
        support.save(force_insert=True)
    return support


def booked(hers: Hers, group: ChildGroup, slot: actions.Slot) -> Booking:
    by = hers.staff[CHILDREN]
    with acting(by):
        seen = groups_seen([group.pk], by)[group.pk]
    return actions.book(
        whom=actions.children_together(group.pk, seen), kind=Kind.CHILD_GROUP, slot=slot, at=NOW,
        by=by,
    )  # fmt: skip


def again(hers: Hers, booking: Booking) -> Booking:
    [found] = hers.rows(Booking, hers.staff[CHILDREN], pk=booking.pk)
    return found  # type: ignore[no-any-return]


def test_a_meeting_beside_a_child_s_client_is_refused_and_moved_when_it_comes_to_lie_there(
    linked: Linked,
) -> None:
    hers, group = linked.hers, group_of(linked.hers)
    by = hers.staff[CHILDREN]
    children.join_group(group=group, support=supported(linked), on=TODAY, by=by)
    with pytest.raises(actions.Taken, match="linked client is expected") as taken:
        booked(hers, group, hers.slot("10:30", HOUSE))
    assert taken.value.free
    made = booked(hers, group, hers.slot("14:00", HOUSE))
    assert (made.file_id, made.child_id, made.child_group_id) == (None, None, group.pk)
    with acting(by):
        assert whom_in_words([made], by) == {made.pk: "Onsdag"}
    assert hers.rows(Booking) == []  # a partner's worker sees none of it
    with pytest.raises(actions.Taken):
        actions.move(booking=made, slot=hers.slot("10:30", HOUSE), at=NOW, by=by)
    their_session(linked, "14:00")
    hers.pull()
    moved = again(hers, made)
    assert (moved.state, moved.starts_at != made.starts_at) == (State.MOVED, True)


def test_no_child_joins_whose_client_is_expected_beside_a_meeting(linked: Linked) -> None:
    hers, group = linked.hers, group_of(linked.hers)
    by, support = hers.staff[CHILDREN], supported(linked)
    made = booked(hers, group, hers.slot("10:30", HOUSE))  # nobody is in the group yet
    with pytest.raises(Refused, match="is in the way"):
        children.join_group(group=group, support=support, on=TODAY, by=by)
    assert hers.rows(GroupChild, by) == []
    actions.cancel(booking=made, by=by)
    assert children.join_group(group=group, support=support, on=TODAY, by=by).left_on is None


def test_the_meeting_of_a_group_of_children_fits_no_other_kind(linked: Linked) -> None:
    hers, group = linked.hers, group_of(linked.hers)
    by = hers.staff[CHILDREN]
    with acting(by):
        whom = actions.children_together(group.pk, groups_seen([group.pk], by)[group.pk])
        assert groups_seen([uuid4()], by) == {}
    for kind in (Kind.CHILD, Kind.GROUP, Kind.SUPPORT):
        with pytest.raises(Refused, match="does not fit whom"):
            actions.book(whom=whom, kind=kind, slot=hers.slot("14:00"), at=NOW, by=by)
    with pytest.raises(Refused, match="does not fit whom"):
        actions.book(whom=actions.one_partner(linked.file), kind=Kind.CHILD_GROUP,
                     slot=hers.slot("14:00"), at=NOW, by=hers.by)  # fmt: skip


def test_the_page_of_the_group_plans_a_meeting_and_shows_it(
    linked: Linked, tmp_path: Path
) -> None:
    hers, group = linked.hers, group_of(linked.hers)
    workers = hers.staff.workers
    slot = hers.slot("14:00")
    day = slot.starts_at.date()
    found = {"STATIC_ROOT": tmp_path, "ALLOWED_HOSTS": ["testserver"], **navigation_of("safety")}
    with site_settings(Side.SAFETY), override_settings(CASEWALL_SEARCH_URL="search", **found):
        browser = signed_in(workers[CHILDREN])
        page = browser.get(f"/children/groups/{group.pk}/").content.decode()
        there = f"/children/groups/{group.pk}/book/"
        assert there in page
        assert "None is planned" in page
        assert browser.post(there, {}).status_code == 422
        typed = {"day_day": day.day, "day_month": day.month, "day_year": day.year,
                 "begins": "14:00", "minutes": "90", "place": "video", "kind": "child_group",
                 "form_id": str(uuid4())}  # fmt: skip
        assert browser.post(there, typed).status_code == 302
        assert browser.post(there, typed).status_code == 302  # sent twice, booked once
        shown = browser.get(f"/children/groups/{group.pk}/").content.decode()
        assert "By video" in shown
        week = browser.get(f"/appointments/?week={day}").content.decode()
        assert "Onsdag" in week
        assert "group of children" in week.lower()
        assert signed_in(workers[Role.PARTNER_WORKER]).get(there).status_code == 404
        assert signed_in(workers[Role.COORDINATOR]).get(there).status_code == 404
    assert len(hers.rows(Booking, hers.staff[CHILDREN])) == 1
