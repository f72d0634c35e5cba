"""Groups and the register."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from casewall.programme.cases import actions as on_cases
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import ExitReason, Stage
from casewall.programme.groups import actions
from casewall.programme.groups.models import Attendance, Group, GroupMember, Session
from casewall.programme.groups.rules import Mark
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.programme.conftest import TODAY, Browse, World, day_boxes


@pytest.fixture
def facilitator(browse: Browse) -> Client:
    return browse(Role.FACILITATOR)


@pytest.fixture
def evening(world: World) -> tuple[Session, list[Case]]:
    """Today's session of a group of three."""
    group = world.group(starts_on=TODAY - timedelta(weeks=1))
    cases = [world.case(name, "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
             for name in ("Anders", "Bo", "Carsten")]
    for case in cases:
        world.member(group, case)
    return world.rows(Session, number=2)[0], cases


def post(browser: Client, session: Session, marks: dict[UUID, str], version: int = 1,
         **more: Any) -> Any:
    return browser.post(f"/sessions/{session.pk}/register/", {
        "version": version, **{f"outcome-{case}": mark for case, mark in marks.items()}, **more})


def saved(world: World, session: Session) -> dict[UUID, tuple[str, int]]:
    return {mark.case_id: (mark.outcome, mark.minutes_attended)
            for mark in world.rows(Attendance, session=session)}


def test_a_register_is_marked_in_one_save(facilitator: Client, world: World,
                                          evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, three) = evening
    response = post(facilitator, session, {one.pk: "attended", two.pk: "late",
                                           three.pk: "absent_not_accepted"},
                    **{f"missed-{two.pk}": "20"})
    assert response.headers["Location"] == f"/groups/{session.group_id}/"
    assert saved(world, session) == {one.pk: ("attended", 120), two.pk: ("late", 100),
                                     three.pk: ("absent_not_accepted", 0)}
    assert [world.again(case).stage for case in (one, two, three)] == [
        Stage.STARTED, Stage.STARTED, Stage.AGREEMENT_SIGNED]
    page = facilitator.get(f"/sessions/{session.pk}/register/").content.decode()
    assert 'value="20"' in page
    assert page.count("checked") == 3
    shown = facilitator.get(f"/cases/{two.pk}/?show=attendance").content.decode()
    assert "1 session attended, 1.7 hours." in shown


def test_a_register_is_in_the_order_of_names(facilitator: Client,
                                             evening: tuple[Session, list[Case]]) -> None:
    session, cases = evening
    page = facilitator.get(f"/sessions/{session.pk}/register/").content.decode()
    places = [page.index(f"outcome-{case.pk}") for case in cases]
    assert places == sorted(places)


def test_all_attended_without_a_script_marks_whoever_is_not_marked(
        facilitator: Client, world: World, evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, three) = evening
    response = post(facilitator, session, {two.pk: "absent_accepted"}, all="attended",
                    **{f"missed-{case.pk}": "" for case in (one, two, three)})
    assert response.status_code == 302
    assert {mark for mark, _ in saved(world, session).values()} == {"attended", "absent_accepted"}
    assert saved(world, session)[two.pk] == ("absent_accepted", 0)


def test_a_register_can_be_saved_in_parts(facilitator: Client, world: World,
                                          evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, three) = evening
    response = post(facilitator, session, {one.pk: "attended"})
    assert response.headers["Location"] == f"/sessions/{session.pk}/register/"
    assert "2 of 3 are not marked yet" in facilitator.get(
        response.headers["Location"]).content.decode()
    assert "1 of 3 marked" in facilitator.get("/").content.decode()
    post(facilitator, session, {two.pk: "attended", three.pk: "attended"}, version=2)
    assert len(saved(world, session)) == 3
    home = facilitator.get("/").content.decode()
    assert f"/sessions/{session.pk}/register/" not in home
    assert "0 of 3 marked" in home, "last week's register still waits"


def test_a_register_sent_twice_is_told_apart_and_harmless(
        facilitator: Client, world: World, evening: tuple[Session, list[Case]]) -> None:
    session, cases = evening
    marks = {case.pk: "attended" for case in cases}
    assert post(facilitator, session, marks).status_code == 302
    before = saved(world, session)
    assert post(facilitator, session, marks).status_code == 422
    assert saved(world, session) == before


def test_two_facilitators_at_once_see_both_texts(
        facilitator: Client, browse: Browse, world: World,
        evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, three) = evening
    post(browse(Role.PROGRAMME_MANAGER), session, {one.pk: "absent_accepted", two.pk: "late"},
         **{f"missed-{two.pk}": "15"})
    response = post(facilitator, session, {one.pk: "attended", three.pk: "attended"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Somebody else marked this register while you had it open" in page
    assert "Invented programme manager saved: Absent accepted" in page
    assert "Invented programme manager saved: Late, 15 minutes missed" in page
    assert 'name="version" value="2"' in page
    assert saved(world, session)[one.pk] == ("absent_accepted", 0)
    assert three.pk not in saved(world, session)
    # Having seen both, the facilitator saves once more.
    assert post(facilitator, session, {one.pk: "attended", three.pk: "attended"},
                version=2).status_code == 302
    assert saved(world, session) == {one.pk: ("attended", 120), two.pk: ("late", 105),
                                     three.pk: ("attended", 120)}


@pytest.mark.parametrize(("mark", "missed", "sentence"), [
    ("late", "121", "as a number from 0 to 120"),
    ("late", "ten", "as a number from 0 to 120"),
    ("attended", "5", "“late” or “left early” only"),
    ("", "5", "say whether the client came late or left early"),
    ("danced", "", "choose one of the marks"),
])
def test_a_wrong_mark_says_whose_and_why_and_saves_nothing(
        mark: str, missed: str, sentence: str, facilitator: Client, world: World,
        evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, _) = evening
    response = post(facilitator, session, {one.pk: "attended", two.pk: mark},
                    **{f"missed-{two.pk}": missed})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Bo Opdigtet: " in page
    assert sentence in page
    assert f'value="{missed}"' in page or not missed
    assert saved(world, session) == {}


def test_nothing_marked_and_a_missing_version_are_said(
        facilitator: Client, evening: tuple[Session, list[Case]]) -> None:
    session, cases = evening
    empty = post(facilitator, session, {})
    assert empty.status_code == 422
    assert "Nobody is marked yet" in empty.content.decode()
    response = facilitator.post(f"/sessions/{session.pk}/register/",
                                {f"outcome-{cases[0].pk}": "attended"})
    assert response.status_code == 422
    assert "Version of the register" in response.content.decode()


def test_a_session_to_come_cannot_be_marked(facilitator: Client, world: World,
                                            evening: tuple[Session, list[Case]]) -> None:
    later = world.rows(Session, number=3)[0]
    assert "has not taken place yet" in facilitator.get(
        f"/sessions/{later.pk}/register/").content.decode()
    response = post(facilitator, later, {evening[1][0].pk: "attended"})
    assert response.status_code == 422
    assert "can be marked from that day" in response.content.decode()
    assert saved(world, later) == {}


def test_a_mark_for_somebody_outside_the_group_changes_nothing(
        facilitator: Client, world: World, evening: tuple[Session, list[Case]]) -> None:
    session, cases = evening
    outsider = world.case("Dennis", "Eksempel", stage=Stage.AGREEMENT_SIGNED)
    post(facilitator, session, {cases[0].pk: "attended", outsider.pk: "attended"})
    assert set(saved(world, session)) == {cases[0].pk}


def test_a_cancelled_session_is_nobodys_absence(facilitator: Client, world: World,
                                                evening: tuple[Session, list[Case]]) -> None:
    session, cases = evening
    page = facilitator.get(f"/sessions/{session.pk}/cancel/").content.decode()
    assert "Nobody counts as absent from it." in page
    for _ in range(2):
        assert facilitator.post(f"/sessions/{session.pk}/cancel/").status_code == 302
    assert world.rows(Session, number=2)[0].state == "cancelled"
    assert f"/sessions/{session.pk}/register/" not in facilitator.get("/").content.decode()
    response = post(facilitator, session, {cases[0].pk: "attended"}, version=2)
    assert response.status_code == 422
    assert "was cancelled" in response.content.decode()


def test_a_marked_session_cannot_be_cancelled(facilitator: Client,
                                              evening: tuple[Session, list[Case]]) -> None:
    session, cases = evening
    post(facilitator, session, {cases[0].pk: "attended"})
    response = facilitator.post(f"/sessions/{session.pk}/cancel/")
    assert response.status_code == 422
    assert "marked already" in response.content.decode()


def test_whoever_left_is_in_no_later_register(facilitator: Client, browse: Browse, world: World,
                                              evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, three) = evening
    on_cases.move_case(case=one, to=Stage.EXITED, on=TODAY - timedelta(days=1),
                       reason=ExitReason.MOVED, by=world.manager)
    place = next(row for row in world.rows(GroupMember) if row.case_id == two.pk)
    manager = browse(Role.PROGRAMME_MANAGER)
    early = manager.post(f"/places/{place.pk}/end/", day_boxes("on", TODAY - timedelta(days=9)))
    assert early.status_code == 422
    assert "cannot end before that" in early.content.decode()
    assert manager.post(f"/places/{place.pk}/end/",
                        day_boxes("on", TODAY - timedelta(days=1))).status_code == 302
    assert facilitator.post(f"/places/{place.pk}/end/",
                            day_boxes("on", TODAY)).status_code == 403
    page = facilitator.get(f"/sessions/{session.pk}/register/").content.decode()
    assert [f"outcome-{case.pk}" in page for case in (one, two, three)] == [False, False, True]
    first = world.rows(Session, number=1)[0]
    assert f"outcome-{two.pk}" in facilitator.get(f"/sessions/{first.pk}/register/"
                                                  ).content.decode()


def group_boxes(world: World, **changed: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), "name": "Thursday group",
            "component": "intervention-centre/counselling-group", **day_boxes("starts_on", TODAY),
            "begins_at": "17:30", "minutes": "90", "sessions": "4", "room": "",
            "facilitators": [str(world.staff[Role.FACILITATOR].worker)], **changed}


def test_a_manager_plans_a_group_once(browse: Browse, facilitator: Client, world: World) -> None:
    manager, typed = browse(Role.PROGRAMME_MANAGER), group_boxes(world)
    for _ in range(2):
        response = manager.post("/groups/new/", typed)
        assert response.status_code == 302
    group, = world.rows(Group)
    assert (group.name, group.minutes, group.component) == (
        "Thursday group", 90, "counselling-group")
    assert [s.held_on for s in sorted(world.rows(Session), key=lambda s: s.number)] == [
        TODAY + timedelta(weeks=week) for week in range(4)]
    page = facilitator.get(response.headers["Location"]).content.decode()
    assert "Tuesdays, 17:30, 90 minutes" in page
    assert "Invented facilitator" in page
    assert facilitator.post("/groups/new/", typed).status_code == 403


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"name": ""}, "Name of the group"),
    ({"facilitators": []}, "Facilitators"),
    ({"facilitators": [str(uuid4())]}, "Facilitators"),
    ({"component": "elsewhere/group"}, "What the group delivers"),
    ({"sessions": "0"}, "Number of sessions"),
    ({"sessions": "100000"}, "Number of sessions"),
    ({"starts_on_day": "30", "starts_on_month": "2"}, "There is no day 30 in month 2"),
])
def test_a_wrong_plan_says_what_is_wrong(changed: dict[str, Any], sentence: str, browse: Browse,
                                         world: World) -> None:
    response = browse(Role.PROGRAMME_MANAGER).post("/groups/new/", group_boxes(world, **changed))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert world.rows(Group) == []


def test_empty_numbers_come_from_the_services_definition_or_are_asked_for(
        browse: Browse, world: World) -> None:
    response = browse(Role.PROGRAMME_MANAGER).post(
        "/groups/new/", group_boxes(world, minutes="", sessions=""))
    made = world.rows(Group)
    if response.status_code == 422:
        assert "The service&#x27;s definition does not say it" in response.content.decode()
    else:
        assert made[0].minutes > 0


def test_only_a_client_of_the_groups_service_with_an_agreement_gets_a_place(world: World) -> None:
    group, case = world.group(), world.case()
    with pytest.raises(Refused, match="signed the agreement"):
        world.member(group, case)
    case.service = "another-service"
    with pytest.raises(Refused, match="another service"):
        world.member(group, case)


def test_a_group_shows_who_missed_and_who_waits(browse: Browse, world: World,
                                                evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, _) = evening
    first = world.rows(Session, number=1)[0]
    missed, came = (Mark.ABSENT_NOT_ACCEPTED, 0), (Mark.ATTENDED, 0)
    actions.record_register(session=first, marks={one.pk: missed, two.pk: came},
                            by=world.manager)
    actions.record_register(session=session, marks={one.pk: missed, two.pk: missed},
                            by=world.manager)
    waits = world.case("Dennis", "Eksempel", stage=Stage.AGREEMENT_SIGNED)
    page = browse(Role.PROGRAMME_MANAGER).get(f"/groups/{session.group_id}/").content.decode()
    assert "2 missed in a row" in page
    assert "Missed the last one" in page
    assert f"/cases/{waits.pk}/place/?group={session.group_id}" in page
    assert f"/cases/{waits.pk}/" not in browse(Role.FACILITATOR).get(
        f"/groups/{session.group_id}/").content.decode()
