"""Appointments through the real actions: made once, moved, ended, and kept from the client."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import uuid4

import psycopg
import pytest

from casewall.programme.cases import actions as on_cases
from casewall.programme.cases.rules import Stage, Suitability
from casewall.programme.groups.models import Session
from casewall.programme.groups.planning.actions import end_group, move_session
from casewall.safety.bookings import actions, separation
from casewall.safety.bookings.models import Booking, BookingPlace, Room
from casewall.safety.bookings.rules import BOTH_PARTIES, Channel, Kind, State
from casewall.safety.bookings.separation import (
    ChildSeen,
    children_seen,
    keep_parties_apart,
    read_children_by,
)
from casewall.safety.partners.actions import close_file
from casewall.safety.pulled.models import PulledAppointment
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role
from tests.people import Staff
from tests.programme.conftest import NOW, TODAY
from tests.safety.bookings.conftest import BORN, HOUSE, MONDAY, Hers, Linked, at


def blocked(owner_urls: dict[str, str]) -> list[tuple[str, str]]:
    with psycopg.connect(owner_urls["safety"]) as connection:
        return connection.execute(
            "select kind, purpose from audit_entry where verb = 'blocked'"
        ).fetchall()


# --- what is pulled ------------------------------------------------------------------------------


def test_every_session_of_every_case_is_copied_linked_or_not(hers: Hers, staff: Staff) -> None:
    client, other = hers.client(), hers.client("Bertil")
    group = hers.group(client, room=hers.their_room())
    hers.programme.member(group, other, MONDAY + timedelta(days=7))
    hers.pull()
    rows = hers.rows(PulledAppointment, staff[Role.COORDINATOR])
    assert {(row.case_id, row.starts_at) for row in rows} == {
        *((client.pk, at("10:00", MONDAY + timedelta(weeks=n))) for n in range(3)),
        *((other.pk, at("10:00", MONDAY + timedelta(weeks=n))) for n in (1, 2)),
    }
    assert {(row.minutes, row.building, row.kind) for row in rows} == {(120, HOUSE, "group")}
    assert hers.rows(PulledAppointment) == []


def test_a_second_pull_changes_nothing_and_what_is_cancelled_or_over_vanishes(hers: Hers) -> None:
    coordinator = hers.staff[Role.COORDINATOR]
    group = hers.group(hers.client())
    hers.pull()
    first = {row.pk: row.as_of for row in hers.rows(PulledAppointment, coordinator)}
    hers.pull(NOW + timedelta(hours=1))
    assert {row.pk: row.as_of for row in hers.rows(PulledAppointment, coordinator)} == first
    end_group(group=group, on=MONDAY, by=hers.programme.manager)
    hers.pull(NOW + timedelta(hours=2))
    [left] = hers.rows(PulledAppointment, coordinator)
    assert left.starts_at == at("10:00")
    hers.pull(NOW + timedelta(days=9))
    assert hers.rows(PulledAppointment, coordinator) == []


def test_an_assessment_is_an_hour_somewhere_until_it_is_decided(hers: Hers) -> None:
    case = hers.programme.case("Carlo", stage=Stage.CONTACTED)
    by, coordinator = hers.programme.manager, hers.staff[Role.COORDINATOR]
    booked = on_cases.book_assessment(case=case, booked_for=at("13:00"), on=TODAY, by=by)
    hers.pull()
    [row] = hers.rows(PulledAppointment, coordinator)
    assert (row.kind, row.starts_at, row.minutes, row.building) == (
        "assessment", at("13:00"), 60, "",
    )  # fmt: skip
    on_cases.decide_suitability(
        assessment=booked, held_on=TODAY, decision=Suitability.SUITABLE, by=by
    )
    hers.pull()
    assert hers.rows(PulledAppointment, coordinator) == []


# --- the guard on the real records ---------------------------------------------------------------


@pytest.mark.parametrize("clock", ["08:30", "09:30", "10:00", "11:59", "12:30"])
def test_the_house_of_the_client_is_refused_and_the_next_free_hours_are_offered(
    linked: Linked, clock: str, owner_urls: dict[str, str]
) -> None:
    with pytest.raises(actions.Taken, match="Choose another hour or place") as refused:
        linked.hers.book(linked.file, clock, linked.room)
    assert refused.value.free[0] == at("13:00")
    assert linked.hers.rows(Booking) == []
    assert blocked(owner_urls) == [("partnerfile", "hour or place")]


def test_another_house_the_phone_and_another_hour_are_fine(linked: Linked) -> None:
    book = linked.hers.book
    assert book(linked.file, "08:00", linked.room).state == State.PLANNED
    assert book(linked.file, "10:00", linked.other_house).state == State.PLANNED
    assert book(linked.file, "11:00", "phone").room is None
    assert book(linked.file, "13:00", linked.room).starts_at == at("13:00")
    assert book(linked.hers.file("Påfundet"), "14:00", linked.room).version == 1


def test_a_place_elsewhere_that_names_the_house_is_the_house(linked: Linked) -> None:
    with pytest.raises(actions.Taken):
        linked.hers.book(linked.file, "10:00", f"Caféen i {HOUSE.upper()}")
    assert linked.hers.book(linked.file, "10:00", "Biblioteket").elsewhere == "Biblioteket"
    assert linked.hers.book(linked.file, "09:00", "home").place == "home"


def test_a_client_expected_nobody_knows_where_may_be_anywhere(hers: Hers) -> None:
    linked = Linked(hers, building="")
    for place in (linked.other_house, "home", "Biblioteket"):
        with pytest.raises(actions.Taken, match="the programme has not said where"):
            hers.book(linked.file, "12:30", place)
    assert hers.book(linked.file, "12:30", "video").channel == Channel.VIDEO


def test_worker_and_room_are_given_once_at_a_time(linked: Linked) -> None:
    hers, other = linked.hers, linked.hers.file("Påfundet")
    hers.book(linked.file, "14:00", linked.room)
    with pytest.raises(actions.Taken, match="The worker has another appointment"):
        hers.book(other, "14:30")
    with pytest.raises(actions.Taken, match="The room is taken"):
        hers.book(other, "14:30", linked.room, by=hers.manager)
    assert hers.book(other, "15:00", linked.room).worker == hers.by.worker


def test_a_linked_case_that_cannot_be_seen_leaves_only_the_phone(linked: Linked) -> None:
    file = linked.hers.file("Påfundet")
    linked.hers.linked(file, uuid4())
    with pytest.raises(actions.Taken, match="cannot see where a linked client"):
        linked.hers.book(file, "15:00", "home")
    assert linked.hers.book(file, "15:00")


def test_sixty_generated_attempts_through_the_database_are_all_refused(
    linked: Linked, owner_urls: dict[str, str]
) -> None:
    rng, hers = Random(7), linked.hers
    for attempt in range(60):
        minutes = rng.randrange(5, 300)
        first = at("10:00") - timedelta(minutes=minutes + 59)
        starts = first + timedelta(minutes=rng.randrange(0, 59 + minutes + 120 + 59))
        place = rng.choice([linked.room, HOUSE.lower(), f"{HOUSE}, 2. sal"])
        with pytest.raises(actions.Taken, match="Choose another hour or place"):
            hers.book(
                linked.file, "10:00", place, starts_at=starts, minutes=minutes, id=uuid4(),
                by=hers.by if attempt % 2 else hers.manager,
            )  # fmt: skip
    assert hers.rows(Booking) == []
    assert len(blocked(owner_urls)) == 60


# --- both parties --------------------------------------------------------------------------------


def client_known(hers: Hers) -> Linked:
    linked = Linked.__new__(Linked)
    linked.hers = hers
    linked.client = hers.client(born_on="1980-05-01")
    linked.file = hers.file(born_on=BORN)
    linked.same = hers.file("Anders", "Opdigtet", born_on="1980-05-01")
    hers.pull()
    return linked


def test_nobody_is_linked_to_herself_or_himself(hers: Hers, owner_urls: dict[str, str]) -> None:
    linked = client_known(hers)
    with pytest.raises(Refused) as refused:
        keep_parties_apart(files=[linked.same], cases=[linked.client.pk], by=hers.manager)
    assert str(refused.value) == BOTH_PARTIES
    assert blocked(owner_urls) == [("partnerfile", "both parties")]
    keep_parties_apart(files=[linked.file], cases=[linked.client.pk], by=hers.manager)


def test_no_group_and_no_talk_holds_both_parties(hers: Hers, owner_urls: dict[str, str]) -> None:
    linked = client_known(hers)
    third = hers.file("Påfundet")

    def together(*files: object) -> Booking:
        return actions.book(
            whom=actions.partners_together(files), kind=Kind.GROUP, slot=hers.slot("14:00"),
            at=NOW, by=hers.by, id=uuid4(),
        )  # fmt: skip

    assert together(linked.file, third, linked.same).state == State.PLANNED
    hers.linked(linked.file, linked.client.pk)
    with pytest.raises(Refused, match="would bring both parties together"):
        together(third, linked.same, linked.file)
    hers.linked(linked.same, linked.client.pk)
    with pytest.raises(Refused, match="would bring both parties together"):
        hers.book(linked.same, "16:00")
    assert blocked(owner_urls) == [("partnerfile", "both parties")] * 4
    assert len(hers.rows(Booking)) == 1


def test_a_group_is_kept_from_the_clients_of_all_its_members(linked: Linked) -> None:
    hers = linked.hers
    files = [hers.file("Påfundet"), linked.file]

    def together(clock: str) -> Booking:
        return actions.book(
            whom=actions.partners_together(files), kind=Kind.GROUP,
            slot=hers.slot(clock, linked.room), at=NOW, by=hers.by,
        )  # fmt: skip

    with pytest.raises(actions.Taken, match="Choose another hour or place"):
        together("10:00")
    made = together("14:00")
    assert {row.file_id for row in hers.rows(BookingPlace)} == {file.pk for file in files}
    with pytest.raises(actions.Taken):
        actions.move(booking=made, slot=hers.slot("12:30", linked.room), at=NOW, by=hers.by)
    with pytest.raises(Refused, match="two partners or more"):
        actions.partners_together([files[0], files[0]])


def test_no_field_of_an_appointment_can_name_a_client(owner_urls: dict[str, str]) -> None:
    names = {field.name for model in (Booking, BookingPlace, Room) for field in model._meta.fields}
    assert not {name for name in names if "client" in name or "case" in name or "couple" in name}
    with psycopg.connect(owner_urls["safety"], autocommit=True) as connection:
        checks = connection.execute(
            "select pg_get_constraintdef(oid) from pg_constraint "
            "where conname = 'no_kind_but_these'"
        ).fetchall()
    assert "couple" not in checks[0][0]
    assert "support" in checks[0][0]


# --- children ------------------------------------------------------------------------------------


def test_a_child_is_kept_from_the_same_clients_and_nobody_books_an_unknown_one(
    linked: Linked, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers, child = linked.hers, uuid4()
    monkeypatch.setattr(separation, "_CHILDREN", {})
    assert children_seen([child], hers.by) == {}
    seen = ChildSeen(
        label="Opdigtet barn", service="intervention-centre", compartment=hers.compartment,
        files=frozenset({linked.file.pk}), cases=frozenset(),
    )  # fmt: skip
    read_children_by(lambda asked, viewer: {one: seen for one in asked if one == child})
    by = hers.staff[Role.CHILDRENS_WORKER]

    def book(clock: str, kind: Kind = Kind.CHILD) -> Booking:
        return actions.book(
            whom=actions.one_child(child, seen), kind=kind, slot=hers.slot(clock, linked.room),
            at=NOW, by=by,
        )  # fmt: skip

    with pytest.raises(actions.Taken):
        book("10:00")
    with pytest.raises(Refused, match="of the kind “child”"):
        book("14:00", Kind.SUPPORT)
    made = book("14:00")
    assert hers.rows(Booking, by) == [made]
    assert hers.rows(Booking) == []
    session = hers.programme.rows(Session)[0]
    move_session(
        session=session, held_on=MONDAY, begins_at=at("14:00").time(),
        room=linked.their_room, by=hers.programme.manager,
    )  # fmt: skip
    hers.pull()
    [moved] = hers.rows(Booking, by)
    assert (moved.state, moved.moved_from) == (State.MOVED, at("14:00"))


# --- making, moving, ending ----------------------------------------------------------------------


def test_who_has_no_duty_books_nothing(linked: Linked, staff: Staff) -> None:
    made = linked.hers.book(linked.file, "14:00")
    slot = linked.hers.slot("15:00")
    for role in (Role.COORDINATOR, Role.DATA_PROTECTION_OFFICER, Role.EVALUATOR,
                 Role.SAFETY_ADMINISTRATOR, Role.SAFETY_SYSTEM):  # fmt: skip
        by = staff[role]
        for act in (
            lambda by=by: linked.hers.book(linked.file, "16:00", by=by),
            lambda by=by: actions.move(booking=made, slot=slot, at=NOW, by=by),
            lambda by=by: actions.cancel(booking=made, by=by),
        ):
            with pytest.raises(Refused, match="may not book an appointment"):
                act()
    for role in (Role.PARTNER_WORKER, Role.CHILDRENS_WORKER, Role.COORDINATOR):
        for act in (
            lambda by=staff[role]: actions.add_room(
                name="A", building="B", compartment=linked.hers.compartment, by=by
            ),
            lambda by=staff[role]: actions.close_room(room=linked.room, on=TODAY, by=by),
        ):
            with pytest.raises(Refused, match="may not keep the buildings"):
                act()


def test_the_same_form_sent_twice_is_one_appointment(linked: Linked) -> None:
    form = uuid4()
    first = linked.hers.book(linked.file, "14:00", linked.room, id=form)
    assert linked.hers.book(linked.file, "14:00", linked.room, id=form) == first
    with pytest.raises(Refused, match="sent from another file"):
        linked.hers.book(linked.hers.file("Påfundet"), "16:00", id=form)
    assert len(linked.hers.rows(Booking)) == 1


def test_what_makes_no_sense_is_refused_with_a_sentence(linked: Linked) -> None:
    hers, file = linked.hers, linked.file
    for kind, clock, place, more, sentence in (
        (Kind.SUPPORT, "14:00", "phone", {"minutes": 3}, "from 5 to 480 minutes"),
        (Kind.SUPPORT, "14:00", "phone", {"starts_at": NOW}, "has passed"),
        (Kind.SUPPORT, "14:00", " ", {}, "by the name that everybody knows"),
        (Kind.GROUP, "14:00", "phone", {}, "does not fit whom it is for"),
        (Kind.CHILD, "14:00", "phone", {}, "does not fit whom it is for"),
    ):
        with pytest.raises(Refused, match=sentence):
            hers.book(file, clock, place, kind=kind, **more)
    close_file(file=file, on=TODAY, by=hers.by)
    with pytest.raises(Refused, match="A file is closed"):
        hers.book(hers.rows(type(file), pk=file.pk)[0], "14:00")
    other = actions.Whom(service="intervention-centre", compartment=-1)
    with pytest.raises(Refused, match="in which you do not work"):
        actions.book(whom=other, kind=Kind.SUPPORT, slot=hers.slot("14:00"), at=NOW, by=hers.by)


def test_moving_asks_the_guard_again_and_a_stale_move_is_refused(linked: Linked) -> None:
    hers = linked.hers
    made = hers.book(linked.file, "14:00", linked.room)
    with pytest.raises(actions.Taken, match="Choose another hour or place"):
        actions.move(booking=made, slot=hers.slot("12:00", linked.room), at=NOW, by=hers.by)
    moved = actions.move(
        booking=made, slot=hers.slot("14:30", linked.room), at=NOW, by=hers.by, version=1
    )
    assert (moved.starts_at, moved.version, moved.state) == (at("14:30"), 2, State.PLANNED)
    with pytest.raises(StaleEdit):
        actions.move(booking=made, slot=hers.slot("16:00"), at=NOW, by=hers.by, version=1)
    with pytest.raises(Refused, match="has passed"):
        actions.move(booking=made, slot=hers.slot("16:00", starts_at=NOW), at=NOW, by=hers.by)


def test_an_appointment_is_held_missed_or_called_off_once(linked: Linked) -> None:
    hers = linked.hers
    made = hers.book(linked.file, "14:00")
    with pytest.raises(Refused, match="still to come"):
        actions.say_held(booking=made, held=True, at=NOW, by=hers.by)
    later = at("15:00")
    held = actions.say_held(booking=made, held=True, at=later, by=hers.by, version=1)
    assert (held.state, held.version) == (State.HELD, 2)
    assert actions.say_held(booking=made, held=True, at=later, by=hers.by).version == 2
    assert actions.say_held(booking=made, held=False, at=later, by=hers.by).state == State.MISSED
    with pytest.raises(Refused, match="is missed already"):
        actions.cancel(booking=made, by=hers.by)
    with pytest.raises(Refused, match="is missed, so it cannot be moved"):
        actions.move(booking=made, slot=hers.slot("16:00"), at=NOW, by=hers.by)
    off = hers.book(linked.file, "16:00", linked.room)
    with pytest.raises(StaleEdit):
        actions.cancel(booking=off, version=7, by=hers.by)
    assert actions.cancel(booking=off, by=hers.by).state == State.CANCELLED
    assert actions.cancel(booking=off, by=hers.by).version == 2
    assert hers.book(linked.file, "16:00", linked.room).state == State.PLANNED


def test_rooms_are_kept_and_not_closed_under_an_appointment(linked: Linked) -> None:
    hers, room = linked.hers, linked.room
    hers.book(linked.file, "14:00", room)
    with pytest.raises(Refused, match="There is a room “Stue” in “Møllehuset” already"):
        hers.room()
    with pytest.raises(Refused, match="A room needs a name"):
        hers.room(" ")
    with pytest.raises(Refused, match="in which you do not work"):
        actions.add_room(name="A", building="B", compartment=-1, by=hers.manager)
    with pytest.raises(Refused, match="1 appointments are in Stue after that day, the next on 10"):
        actions.close_room(room=room, on=TODAY, by=hers.manager)
    closed = actions.close_room(room=room, on=MONDAY, by=hers.manager)
    with pytest.raises(actions.Taken, match="out of use after 10 March 2036"):
        hers.book(linked.file, "10:00", closed, starts_at=at("14:00", date(2036, 3, 11)))
    assert hers.room().closed_on is None
