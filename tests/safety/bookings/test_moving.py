"""A later programme booking always succeeds; hers is moved, and its worker is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from casewall.programme.groups.models import Session
from casewall.programme.groups.planning.actions import move_session
from casewall.safety.bookings import actions
from casewall.safety.bookings.moving import move_clashing
from casewall.safety.bookings.rules import State
from casewall.safety.partners.models import PartnerTask
from casewall.wall.decide import Refused
from tests.programme.conftest import NOW, TODAY
from tests.safety.bookings.conftest import MONDAY, Linked, at


def their_session(linked: Linked, clock: str, day: date = MONDAY, **more: object) -> None:
    session = sorted(linked.hers.programme.rows(Session), key=lambda one: one.number)[0]
    move_session(
        session=session, held_on=day, begins_at=at(clock).time(),
        room=more.get("room", linked.their_room), by=linked.hers.programme.manager,
    )  # fmt: skip


def test_a_later_programme_booking_succeeds_and_the_next_pull_moves_hers(linked: Linked) -> None:
    hers = linked.hers
    made = hers.book(linked.file, "14:00", linked.room)
    calm = hers.book(linked.file, "16:00", linked.other_house)
    their_session(linked, "14:00")
    hers.pull()
    moved = hers.again(made)
    assert (moved.state, moved.moved_from, moved.version) == (State.MOVED, at("14:00"), 2)
    assert moved.starts_at == at("17:00")
    assert hers.again(calm).state == State.PLANNED
    [task] = hers.rows(PartnerTask, kind="appointment_moved")
    assert (task.file_id, task.due_on) == (linked.file.pk, TODAY)
    assert task.note == (
        "Tell the partner by a safe way, before the old hour: not Monday 10 March 2036, 14:00; "
        "the new time is Monday 10 March 2036, 17:00. The linked client is expected close by at "
        "the old hour."
    )
    hers.pull(NOW + timedelta(hours=1))
    assert hers.again(made).version == 2
    assert len(hers.rows(PartnerTask, kind="appointment_moved")) == 1
    confirmed = actions.move(booking=moved, slot=actions.slot_of(moved), at=NOW, by=hers.by)
    assert (confirmed.state, confirmed.moved_from) == (State.PLANNED, None)


def test_hers_is_moved_no_sooner_than_a_day_from_now(linked: Linked) -> None:
    hers = linked.hers
    made = hers.book(linked.file, "14:00", linked.room)
    their_session(linked, "14:00")
    hers.pull(at("10:00"))
    assert hers.again(made).starts_at == at("10:30", MONDAY + timedelta(days=1))


def test_where_no_hour_is_free_hers_is_flagged_once_and_nothing_is_moved(linked: Linked) -> None:
    hers = linked.hers
    made = hers.book(linked.file, "14:00", linked.room)
    their_session(linked, "14:00")
    hers.book(linked.file, "17:00")
    actions.close_room(room=linked.room, on=MONDAY, by=hers.manager)
    hers.pull()
    hers.pull(NOW + timedelta(hours=1))
    left = hers.again(made)
    assert (left.state, left.starts_at, left.version) == (State.TO_MOVE, at("14:00"), 2)
    [task] = hers.rows(PartnerTask, kind="appointment_to_move")
    assert "no other hour is free within two weeks" in task.note


def test_only_the_system_moves_what_clashes(linked: Linked) -> None:
    with pytest.raises(Refused, match="may not pull programme facts"):
        move_clashing(linked.hers.by, NOW)


def test_a_flag_goes_when_the_client_is_not_expected_there_any_more(linked: Linked) -> None:
    hers = linked.hers
    made = hers.book(linked.file, "14:00", linked.room)
    their_session(linked, "14:00")
    hers.book(linked.file, "17:00")
    actions.close_room(room=linked.room, on=MONDAY, by=hers.manager)
    hers.pull()
    assert hers.again(made).state == State.TO_MOVE
    their_session(linked, "08:00")
    hers.pull(NOW + timedelta(hours=1))
    kept = hers.again(made)
    assert (kept.state, kept.starts_at, kept.moved_from) == (State.PLANNED, at("14:00"), None)
    [task] = hers.rows(PartnerTask, kind="appointment_can_be_kept")
    assert "Monday 10 March 2036, 14:00 can be kept" in task.note
    hers.pull(NOW + timedelta(hours=2))
    assert hers.again(made).version == kept.version
