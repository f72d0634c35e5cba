"""The register: marking it, correcting it, and two people at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from casewall.programme.cases import actions as on_cases
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import ExitReason, Stage
from casewall.programme.groups.models import Attendance, GroupMember, Session
from casewall.programme.groups.rules import Mark
from casewall.programme.registers import actions
from casewall.wall.sides import Role
from tests.programme.conftest import TODAY, Browse, World, day_boxes
from tests.programme.registers.boxes import boxes_of


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


def address(session: Session) -> str:
    return f"/sessions/{session.pk}/register/"


def shown(browser: Client, session: Session) -> dict[str, str]:
    """Everything in the boxes of the register as this browser shows it now."""
    return boxes_of(browser.get(address(session)).content.decode())


def post(browser: Client, session: Session, marks: dict[UUID, str],
         page: dict[str, str] | None = None, **more: Any) -> Any:
    """Open the register (or take what was `page` when it was opened), mark it and save."""
    typed = dict(shown(browser, session) if page is None else page)
    return browser.post(address(session), {
        **typed, **{f"outcome-{case}": mark for case, mark in marks.items()}, **more})


def saved(world: World, session: Session) -> dict[UUID, tuple[str, int]]:
    return {mark.case_id: (mark.outcome, mark.minutes_attended)
            for mark in world.rows(Attendance, session=session)}


def test_a_register_is_marked_in_one_save(facilitator: Client, world: World,
                                          evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, three) = evening
    response = post(facilitator, session, {one.pk: "attended", two.pk: "late",
                                           three.pk: "absent_not_accepted"},
                    **{f"late-{two.pk}": "20"})
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
    session, (_, two, _) = evening
    response = post(facilitator, session, {two.pk: "absent_accepted"}, all="attended")
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
    post(facilitator, session, {two.pk: "attended", three.pk: "attended"})
    assert len(saved(world, session)) == 3
    home = facilitator.get("/").content.decode()
    assert f"/sessions/{session.pk}/register/" not in home
    assert "0 of 3 marked" in home, "last week's register still waits"


def test_a_register_sent_twice_is_saved_once(
        facilitator: Client, world: World, evening: tuple[Session, list[Case]]) -> None:
    session, cases = evening
    marks, page = {case.pk: "attended" for case in cases}, shown(facilitator, session)
    assert post(facilitator, session, marks, page).status_code == 302
    before = world.rows(Attendance, session=session)
    assert post(facilitator, session, marks, page).status_code == 302
    after = world.rows(Attendance, session=session)
    assert {(row.pk, row.version, row.recorded_at) for row in before} == {
        (row.pk, row.version, row.recorded_at) for row in after}


def test_what_only_one_of_two_facilitators_changed_is_kept(
        facilitator: Client, browse: Browse, world: World,
        evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, three) = evening
    other = browse(Role.PROGRAMME_MANAGER)
    post(other, session, {case.pk: "attended" for case in (one, two, three)})
    mine, theirs = shown(facilitator, session), shown(other, session)
    # Both have the same page open; each corrects another client.
    assert post(other, session, {one.pk: "late"}, theirs,
                **{f"late-{one.pk}": "15"}).status_code == 302
    assert post(facilitator, session, {two.pk: "absent_accepted"}, mine).status_code == 302
    assert saved(world, session) == {one.pk: ("late", 105), two.pk: ("absent_accepted", 0),
                                     three.pk: ("attended", 120)}
    by = {mark.case_id: mark.worker for mark in world.rows(Attendance, session=session)}
    assert by[one.pk] == world.staff[Role.PROGRAMME_MANAGER].worker
    assert by[two.pk] == world.staff[Role.FACILITATOR].worker


def test_half_a_register_each_makes_a_whole_one(
        facilitator: Client, browse: Browse, world: World,
        evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, three) = evening
    other = browse(Role.PROGRAMME_MANAGER)
    mine, theirs = shown(facilitator, session), shown(other, session)
    post(other, session, {one.pk: "attended"}, theirs)
    post(facilitator, session, {two.pk: "attended", three.pk: "absent_not_accepted"}, mine)
    assert saved(world, session) == {one.pk: ("attended", 120), two.pk: ("attended", 120),
                                     three.pk: ("absent_not_accepted", 0)}


def test_a_real_clash_shows_both_and_asks_and_the_rest_is_saved(
        facilitator: Client, browse: Browse, world: World,
        evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, three) = evening
    other = browse(Role.PROGRAMME_MANAGER)
    mine = shown(facilitator, session)
    post(other, session, {one.pk: "absent_accepted", two.pk: "late"},
         **{f"late-{two.pk}": "15", f"early-{two.pk}": "5"})
    response = post(facilitator, session, {one.pk: "attended", three.pk: "attended"}, mine)
    page = response.content.decode()
    assert response.status_code == 422
    assert "marked 1 client differently while you had this register open" in page
    assert "Invented programme manager saved: Absent accepted" in page
    assert saved(world, session) == {one.pk: ("absent_accepted", 0), two.pk: ("late", 100),
                                     three.pk: ("attended", 120)}
    # The page shows what this facilitator tapped for the one, and what is stored for the others.
    again = boxes_of(page)
    assert again[f"outcome-{one.pk}"] == "attended"
    assert (again[f"outcome-{two.pk}"], again[f"early-{two.pk}"]) == ("late", "5")
    assert post(facilitator, session, {}, again).status_code == 302
    assert saved(world, session) == {one.pk: ("attended", 120), two.pk: ("late", 100),
                                     three.pk: ("attended", 120)}


def test_late_and_left_early_without_minutes_count_ten_and_say_so(
        facilitator: Client, world: World, evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, three) = evening
    assert "without minutes count as 10 minutes" in facilitator.get(
        address(session)).content.decode()
    post(facilitator, session, {one.pk: "late", two.pk: "left_early", three.pk: "late"},
         **{f"early-{three.pk}": "20"})
    assert saved(world, session) == {one.pk: ("late", 110), two.pk: ("left_early", 110),
                                     three.pk: ("late", 90)}
    kept = {mark.case_id: (mark.attended, mark.complied, mark.minutes_late, mark.minutes_early)
            for mark in world.rows(Attendance, session=session)}
    assert kept == {one.pk: (True, True, 10, 0), two.pk: (True, True, 0, 10),
                    three.pk: (True, True, 10, 20)}


def test_minutes_of_an_old_mark_go_with_it(
        facilitator: Client, world: World, evening: tuple[Session, list[Case]]) -> None:
    session, (one, _, _) = evening
    post(facilitator, session, {one.pk: "late"}, **{f"late-{one.pk}": "30"})
    assert post(facilitator, session, {one.pk: "attended"}).status_code == 302
    assert saved(world, session)[one.pk] == ("attended", 120)
    post(facilitator, session, {one.pk: "not_participating"})
    mark, = world.rows(Attendance, session=session)
    assert (mark.attended, mark.complied, mark.minutes_attended) == (True, False, 120)


@pytest.mark.parametrize(("mark", "missed", "sentence"), [
    ("late", "121", "as a number from 0 to 120"),
    ("late", "ten", "as a number from 0 to 120"),
    ("late", "120", "missed all 120 minutes was absent"),
    ("late", "-5", "would make the attendance longer than the session, which took 120 minutes"),
    ("attended", "5", "Minutes go with “late”, “left early” and “not participating” only"),
    ("", "5", "say whether the client came late or left early"),
    ("danced", "", "choose one of the marks"),
])
def test_a_wrong_mark_says_whose_and_why_and_saves_nothing(
        mark: str, missed: str, sentence: str, facilitator: Client, world: World,
        evening: tuple[Session, list[Case]]) -> None:
    session, (one, two, _) = evening
    response = post(facilitator, session, {one.pk: "attended", two.pk: mark},
                    **{f"late-{two.pk}": missed})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Bo Opdigtet: " in page
    assert sentence in page
    assert f'value="{missed}"' in page or not missed
    assert saved(world, session) == {}


def test_nothing_marked_is_said(facilitator: Client, evening: tuple[Session, list[Case]]) -> None:
    empty = post(facilitator, evening[0], {})
    assert empty.status_code == 422
    assert "Nobody is marked yet" in empty.content.decode()


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
    open_page = shown(facilitator, session)
    page = facilitator.get(f"/sessions/{session.pk}/cancel/").content.decode()
    assert "Nobody counts as absent from it." in page
    assert facilitator.post(f"/sessions/{session.pk}/cancel/").status_code == 422
    for _ in range(2):
        assert facilitator.post(f"/sessions/{session.pk}/cancel/",
                                {"because": "worker_away"}).status_code == 302
    stored = world.rows(Session, number=2)[0]
    assert (stored.state, stored.cancelled_because) == ("cancelled", "worker_away")
    assert address(session) not in facilitator.get("/").content.decode()
    assert boxes_of(facilitator.get(address(session)).content.decode()) == {}
    # Somebody had the register open meanwhile: it is refused, and the marks still stand there.
    response = post(facilitator, session, {cases[0].pk: "late"}, open_page,
                    **{f"late-{cases[0].pk}": "25"})
    assert response.status_code == 422
    assert "was cancelled" in response.content.decode()
    kept = boxes_of(response.content.decode())
    assert (kept[f"outcome-{cases[0].pk}"], kept[f"late-{cases[0].pk}"]) == ("late", "25")
    assert saved(world, session) == {}


def test_a_marked_session_cannot_be_cancelled(facilitator: Client,
                                              evening: tuple[Session, list[Case]]) -> None:
    session, cases = evening
    post(facilitator, session, {cases[0].pk: "attended"})
    response = facilitator.post(f"/sessions/{session.pk}/cancel/", {"because": "no_room"})
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
