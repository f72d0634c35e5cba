"""One-to-one sessions, catch-ups and guests."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.groups.models import (
    Attendance,
    Group,
    GroupMember,
    NonAssociation,
    Room,
    Session,
)
from casewall.programme.groups.planning.actions import plan_group
from casewall.programme.groups.rules import CancelReason, Mark, SessionKind
from casewall.programme.registers import actions as registers
from casewall.programme.registers.alone import actions
from casewall.programme.registers.lists import made_up_sessions, missed_sessions
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import TODAY, Browse, World, day_boxes
from tests.programme.registers.boxes import boxes_of

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def facilitator(browse: Browse) -> Client:
    return browse(Role.FACILITATOR)


@pytest.fixture
def case(world: World) -> Case:
    """A client in the facilitator's group, which meets on Tuesdays from 18:00 to 20:00."""
    made = world.case(stage=Stage.AGREEMENT_SIGNED)
    world.member(world.group(starts_on=TODAY - timedelta(weeks=1)), made,
                 TODAY - timedelta(weeks=1))
    return made


@pytest.fixture
def room(world: World) -> Room:
    with acting(world.manager):
        return Room.objects.visible_to(world.manager).create(
            compartment=world.compartment(), name="Invented room")


def typed(world: World, **changed: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), "seen": "agreement_signed",
            "component": component_of(world), **day_boxes("held_on", TOMORROW),
            "begins_at": "10:00", "minutes": "", "room": "",
            "worker": str(world.staff[Role.FACILITATOR].worker), **changed}


def component_of(world: World) -> str:
    from casewall.programme.registers.lists import one_to_one_components

    return one_to_one_components(Case(service="intervention-centre"), [])[0].id


def planned(world: World, case: Case, *, on: date = TOMORROW, at: time = time(10),
            **more: Any) -> Session:
    return actions.plan_session(
        case=case, component=component_of(world), held_on=on, begins_at=at, minutes=60,
        by=world.manager, **{"worker": world.staff[Role.FACILITATOR].worker, **more})


def missed_session(world: World, case: Case) -> Session:
    """The group's first session, which the client missed."""
    session = world.rows(Session, number=1, kind="group")[0]
    registers.record_register(session=session, by=world.manager,
                              marks={case.pk: (Mark.ABSENT_NOT_ACCEPTED, 0)})
    return session


def test_a_session_is_planned_once_held_and_marked(
        facilitator: Client, world: World, case: Case) -> None:
    page = facilitator.get(f"/cases/{case.pk}/").content.decode()
    assert f"/cases/{case.pk}/session/" in page
    sent = typed(world, **day_boxes("held_on", TODAY))
    for _ in range(2):
        response = facilitator.post(f"/cases/{case.pk}/session/", sent)
        assert response.status_code == 302, response.content.decode()
    session, = world.rows(Session, kind="one_to_one")
    assert (session.number, session.worker, session.case_id) == (
        1, world.staff[Role.FACILITATOR].worker, case.pk)
    assert session.minutes > 0, "as the definition says"
    register = f"/sessions/{session.pk}/register/"
    assert register in facilitator.get("/").content.decode()
    assert register in facilitator.get(f"/cases/{case.pk}/?show=sessions").content.decode()
    boxes = boxes_of(facilitator.get(register).content.decode())
    response = facilitator.post(register, {**boxes, f"outcome-{case.pk}": "late",
                                           f"late-{case.pk}": "10"})
    assert response.headers["Location"] == f"/cases/{case.pk}/?show=sessions"
    mark, = world.rows(Attendance)
    assert (mark.attended, mark.minutes_attended) == (True, session.minutes - 10)
    assert world.again(case).stage == Stage.STARTED
    assert register not in facilitator.get("/").content.decode()
    for show in ("", "?show=sessions", "?show=attendance"):
        assert facilitator.get(f"/cases/{case.pk}/{show}").status_code == 200


def test_the_numbers_of_a_component_count_within_the_case(world: World, case: Case) -> None:
    other = world.case("Bo", "Digt", stage=Stage.AGREEMENT_SIGNED)
    made = [planned(world, case), planned(world, case, at=time(11)),
            planned(world, other, at=time(12))]
    assert [session.number for session in made] == [1, 2, 1]


def test_a_cancelled_session_gives_its_number_back_and_a_catch_up_takes_none(
        world: World, case: Case) -> None:
    first, second = planned(world, case), planned(world, case, at=time(11))
    registers.cancel_session(session=second, by=world.manager)
    assert planned(world, case, at=time(12)).number == 2
    registers.record_register(
        session=first, marks={case.pk: (Mark.ABSENT_NOT_ACCEPTED, 0)}, by=world.manager)
    catch_up = planned(world, case, at=time(13), makes_up_for=first)
    assert (catch_up.kind, catch_up.number) == (SessionKind.CATCH_UP, 1)
    assert planned(world, case, at=time(14)).number == 3


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"component": "elsewhere"}, "What it is part of"),
    ({"minutes": "0"}, "Minutes"), ({"minutes": "601"}, "Minutes"),
    ({"begins_at": "25:00"}, "Write the time as hours and minutes"),
    ({"worker": str(uuid4())}, "Held by"),
    ({"room": str(uuid4())}, "Room"),
    (day_boxes("held_on", TODAY + timedelta(days=900)), "look at the year"),
    (day_boxes("held_on", TODAY - timedelta(days=900)), "a session comes after that"),
    ({"held_on_day": "30", "held_on_month": "2"}, "There is no day 30 in month 2"),
])
def test_a_wrong_plan_says_what_is_wrong(
        changed: dict[str, str], sentence: str, facilitator: Client, world: World, case: Case
        ) -> None:
    response = facilitator.post(f"/cases/{case.pk}/session/", typed(world, **changed))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert world.rows(Session, kind="one_to_one") == []


@pytest.mark.parametrize(("at", "sentence"), [
    (time(9, 30), "on 5 March 2036 from 10:00 to 11:00"), (time(10, 59), "a one-to-one session"),
    (time(10), "The client is expected"),
])
def test_a_client_is_in_one_place_at_a_time(at: time, sentence: str, world: World, case: Case
                                            ) -> None:
    planned(world, case, worker=world.staff[Role.ASSESSOR].worker)
    with pytest.raises(Refused, match=sentence):
        planned(world, case, at=at)
    assert planned(world, case, at=time(9))
    assert planned(world, case, at=time(11))


def test_a_client_cannot_be_in_the_group_and_alone(
        facilitator: Client, world: World, case: Case) -> None:
    response = facilitator.post(f"/cases/{case.pk}/session/", typed(
        world, begins_at="19:30", minutes="60", **day_boxes("held_on", TODAY),
        worker=str(world.staff[Role.ASSESSOR].worker)))
    page = response.content.decode()
    assert response.status_code == 422
    assert "The client is expected on 4 March 2036 from 18:00 to 20:00: “Tuesday group”" in page
    assert 'value="19:30"' in page, "nothing typed is lost"
    # A place that had ended by then does not count.
    place, = world.rows(GroupMember)
    with acting(world.manager):
        place.left_on = TODAY - timedelta(days=1)
        place.save()
    assert planned(world, case, on=TODAY, at=time(19, 30),
                   worker=world.staff[Role.ASSESSOR].worker)


def test_a_worker_and_a_room_are_taken_once(world: World, case: Case, room: Room) -> None:
    other = world.case("Bo", "Digt", stage=Stage.AGREEMENT_SIGNED)
    planned(world, case, room=room)
    with pytest.raises(Refused, match="Invented facilitator is busy on 5 March 2036"):
        planned(world, other)
    assessor = world.staff[Role.ASSESSOR].worker
    with pytest.raises(Refused, match="Invented room is taken on 5 March 2036 from 10:00 to 11:00"):
        planned(world, other, room=room, worker=assessor)
    with pytest.raises(Refused, match="“Tuesday group”, session 2"):
        planned(world, other, on=TODAY, at=time(18))
    assert planned(world, other, worker=assessor)


def test_a_cancelled_session_leaves_its_time_free(
        facilitator: Client, world: World, case: Case) -> None:
    session = planned(world, case)
    assert facilitator.post(f"/sessions/{session.pk}/cancel/", {"because": "rescheduled"}
                            ).headers["Location"] == f"/cases/{case.pk}/?show=sessions"
    assert world.rows(Session, pk=session.pk)[0].cancelled_because == CancelReason.RESCHEDULED
    assert world.rows(Attendance) == [], "nobody is absent from it"
    assert planned(world, case)


def test_a_session_is_moved_unless_somebody_moved_it_meanwhile(
        facilitator: Client, world: World, case: Case, room: Room) -> None:
    session, later = planned(world, case), planned(world, case, at=time(14))
    address = f"/one-to-one/{session.pk}/time/"
    boxes = boxes_of(facilitator.get(address).content.decode())
    assert boxes["begins_at"] == "10:00"
    clash = facilitator.post(address, {**boxes, "begins_at": "14:30"})
    assert clash.status_code == 422
    assert "from 14:00 to 15:00" in clash.content.decode()
    assert facilitator.post(address, {**boxes, "begins_at": "09:00", "room": str(room.pk)}
                            ).status_code == 302
    stored, = world.rows(Session, pk=session.pk)
    assert (stored.begins_at, stored.room_id, stored.version) == (time(9), room.pk, 2)
    stale = facilitator.post(address, {**boxes, "begins_at": "12:00"})
    assert stale.status_code == 422
    assert "it is now on 5 March 2036 at 09:00" in stale.content.decode()
    assert 'value="12:00"' in stale.content.decode()
    registers.cancel_session(session=later, by=world.manager)
    assert facilitator.get(f"/one-to-one/{later.pk}/time/").status_code == 302


def test_no_session_is_planned_for_a_case_that_has_ended(world: World) -> None:
    ended = world.case("Dennis", "Digt")
    with acting(world.manager):
        ended.stage = Stage.CLOSED
        ended.save()
    with pytest.raises(Refused, match="“closed”: no session can be planned"):
        planned(world, ended)
    with pytest.raises(Refused, match="at least one minute"):
        actions.plan_session(
            case=world.case(), component="x", held_on=TODAY, begins_at=time(9), minutes=0,
            worker=uuid4(), by=world.manager)


# --- making up ------------------------------------------------------------------------------------


def still_missed(world: World, case: Case) -> list[UUID]:
    with acting(world.manager):
        return [mark.session_id for mark in missed_sessions(case, world.manager, TODAY)]


def test_a_one_to_one_makes_up_for_a_missed_session_once_it_is_attended(
        facilitator: Client, world: World, case: Case) -> None:
    missed = missed_session(world, case)
    page = facilitator.get(f"/cases/{case.pk}/?show=sessions").content.decode()
    assert f"/cases/{case.pk}/session/?missed={missed.pk}" in page
    assert facilitator.post(f"/cases/{case.pk}/session/", typed(
        world, makes_up_for=str(missed.pk), **day_boxes("held_on", TODAY))).status_code == 302
    session, = world.rows(Session, kind="catch_up")
    assert (session.makes_up_for_id, session.kind) == (missed.pk, SessionKind.CATCH_UP)
    assert "Catch-up planned" in facilitator.get(
        f"/cases/{case.pk}/?show=sessions").content.decode()
    assert still_missed(world, case) == [missed.pk]
    registers.record_register(session=session, by=world.manager,
                              marks={case.pk: (Mark.ABSENT_NOT_ACCEPTED, 0)})
    assert missed.pk in still_missed(world, case)
    registers.record_register(session=session, by=world.manager,
                              marks={case.pk: (Mark.ATTENDED, 0)})
    assert still_missed(world, case) == []
    with acting(world.manager):
        assert made_up_sessions([case.pk], world.manager) == {(case.pk, missed.pk)}
    with pytest.raises(Refused, match="made up for already"):
        planned(world, case, makes_up_for=missed)


def test_only_a_missed_session_can_be_made_up_for(world: World, case: Case) -> None:
    came = world.rows(Session, number=1)[0]
    with pytest.raises(Refused, match="not marked in that session"):
        planned(world, case, makes_up_for=came)
    registers.record_register(session=came, by=world.manager,
                              marks={case.pk: (Mark.ATTENDED, 0)})
    with pytest.raises(Refused, match="nothing to make up"):
        planned(world, case, makes_up_for=came)
    missed = missed_session(world, case)
    with pytest.raises(Refused, match="cannot be made up for before"):
        planned(world, case, makes_up_for=missed, on=TODAY - timedelta(days=20))


def host_of(world: World, on: date = TOMORROW) -> Session:
    """A session of another group of the facilitator's, in the morning."""
    group = plan_group(
        name="Morning group", service=SERVICE, component="counselling-group", starts_on=on,
        begins_at=time(9), minutes=120, sessions=2, compartment=world.compartment(),
        facilitators=[world.staff[Role.FACILITATOR].worker], by=world.manager)
    return world.rows(Session, group=group, number=1)[0]


def test_a_client_sits_in_on_another_group_for_one_day(
        browse: Browse, facilitator: Client, world: World, case: Case) -> None:
    missed, host = missed_session(world, case), host_of(world, TODAY)
    manager = browse(Role.PROGRAMME_MANAGER)
    address = f"/cases/{case.pk}/catch-up/"
    assert facilitator.get(address).status_code == 403
    boxes = boxes_of(manager.get(f"{address}?missed={missed.pk}").content.decode())
    assert boxes["missed"] == str(missed.pk)
    for _ in range(2):
        assert manager.post(address, {**boxes, "host": str(host.pk)}).status_code == 302
    place, = world.rows(GroupMember, group=host.group_id)
    assert (place.joined_on, place.left_on, place.makes_up_for_id) == (TODAY, TODAY, missed.pk)
    register = f"/sessions/{host.pk}/register/"
    page = facilitator.get(register).content.decode()
    assert "Sits in for “Tuesday group”, session 1" in page
    facilitator.post(register, {**boxes_of(page), f"outcome-{case.pk}": "attended"})
    assert still_missed(world, case) == []
    after = world.rows(Session, group=host.group_id, number=2)[0]
    assert f"outcome-{case.pk}" not in facilitator.get(
        f"/sessions/{after.pk}/register/").content.decode()


def test_a_guest_is_refused_with_a_sentence(world: World, case: Case) -> None:
    missed, host = missed_session(world, case), host_of(world)
    kept_apart = world.case("Bo", "Digt", stage=Stage.AGREEMENT_SIGNED)
    group, = world.rows(Group, pk=host.group_id)
    world.member(group, kept_apart)
    one, other = sorted((case.pk, kept_apart.pk))
    with acting(world.manager):
        pair = NonAssociation.objects.visible_to(world.manager).create(
            compartment=world.compartment(), one_id=one, other_id=other, made_on=TODAY)
    with pytest.raises(Refused, match=r"^This client cannot be placed together with somebody"):
        actions.sit_in(case=case, host=host, missed=missed, by=world.manager)
    with acting(world.manager):
        pair.ended_on = TODAY
        pair.save()
        group.most = 1
        group.save()
    with pytest.raises(Refused, match="no free place on 5 March 2036"):
        actions.sit_in(case=case, host=host, missed=missed, by=world.manager)
    with acting(world.manager):
        group.most = 2
        group.save()
    busy = planned(world, case, at=time(9, 30), worker=world.staff[Role.ASSESSOR].worker)
    with pytest.raises(Refused, match="expected on 5 March 2036 from 09:30"):
        actions.sit_in(case=case, host=host, missed=missed, by=world.manager)
    registers.cancel_session(session=busy, by=world.manager)
    with pytest.raises(Refused, match="is in “Tuesday group” on that day already"):
        actions.sit_in(case=case, by=world.manager, missed=missed,
                       host=world.rows(Session, number=2, held_on=TODAY)[0])
    assert actions.sit_in(case=case, host=host, missed=missed, by=world.manager)
    registers.cancel_session(session=host, by=world.manager)
    with pytest.raises(Refused, match="still planned"):
        actions.sit_in(case=case, host=host, missed=missed, by=world.manager)


# --- who sees what --------------------------------------------------------------------------------


def test_an_assessor_holds_own_sessions_and_marks_no_group(
        browse: Browse, world: World, case: Case) -> None:
    assessor = browse(Role.ASSESSOR)
    own = planned(world, case, on=TODAY, worker=world.staff[Role.ASSESSOR].worker)
    others = planned(world, case, at=time(12))
    register = f"/sessions/{own.pk}/register/"
    assert register in assessor.get("/").content.decode()
    boxes = boxes_of(assessor.get(register).content.decode())
    assert assessor.post(register, {**boxes, f"outcome-{case.pk}": "attended"}).status_code == 302
    assert assessor.get(f"/sessions/{others.pk}/register/").status_code == 404
    group = world.rows(Session, kind="group")[0]
    assert assessor.get(f"/sessions/{group.pk}/register/").status_code == 404


def test_a_referrer_sees_no_session_alone(browse: Browse, world: World, case: Case) -> None:
    session = planned(world, case)
    referrer = browse(Role.REFERRER)
    assert referrer.get(f"/sessions/{session.pk}/register/").status_code == 404
    assert referrer.get(f"/cases/{case.pk}/session/").status_code == 404
