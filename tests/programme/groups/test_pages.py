"""The pages of planning, places, rooms and of who is kept apart."""

from __future__ import annotations

import html
import re
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewall.programme.cases.models import Case, StageMove
from casewall.programme.cases.rules import Stage
from casewall.programme.groups import actions
from casewall.programme.groups.lists import MOST_WAITING, PAGE
from casewall.programme.groups.models import (
    Availability,
    Group,
    GroupFacilitator,
    GroupMember,
    NonAssociation,
    Room,
    Session,
)
from casewall.programme.groups.planning.rules import APART, Entry
from casewall.programme.groups.views import NEWEST
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.programme.conftest import TODAY, Browse, World, day_boxes
from tests.programme.groups.conftest import COMPONENT, Planner, definition


@pytest.fixture
def manager(browse: Browse, planner: Planner) -> Client:
    return browse(Role.PROGRAMME_MANAGER)


def text(response: Any) -> str:
    """What is read on a page, tags and spaces apart."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(words).split())


def hidden(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found is not None
    return found.group(1)


def group_form(planner: Planner, **more: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), "delivers": f"{planner.template().pk}/{COMPONENT}",
            "name": "Tuesday group", "entry": "closed", **day_boxes("starts_on", TODAY),
            "begins_at": "17.30", "facilitators": [str(planner.world.staff[
                Role.FACILITATOR].worker)], **more}


def test_the_days_are_shown_before_anything_is_saved(manager: Client, planner: Planner) -> None:
    planner.install(definition(facilitators=2, mixed_facilitators_wanted=True))
    typed = group_form(planner, closed="11.3.2036", weekdays=["1", "3"])
    shown = manager.post("/groups/new/", {**typed, "show": "1"})
    page = text(shown)
    assert shown.status_code == 200
    assert "20 sessions from Tuesday 4 March 2036 to Thursday 15 May 2036" in page
    assert "the first from 17:30 to 19:30; 40 hours altogether" in page
    assert "Tuesday 11 March 2036: No sessions, as planned" in page
    assert "Thursday 10 April 2036: Maundy Thursday" in page
    assert "The manual asks for 2 facilitators; there is 1." in page
    assert planner.world.rows(Group) == []
    saved = manager.post("/groups/new/", {**typed, "seen": hidden(shown, "seen"), "save": "1"})
    [group] = planner.world.rows(Group)
    assert saved.headers["Location"] == f"/groups/{group.pk}/"
    assert len(planner.sessions(group)) == 20
    page = text(manager.get(f"/groups/{group.pk}/"))
    assert "Tuesdays and Thursdays, 17:30, 120 minutes" in page
    assert "The manual asks for 2 facilitators; there is 1." in page
    assert "0 of 8, fewer than 3" in page


def test_days_that_nobody_has_seen_are_shown_and_not_saved(manager: Client, planner: Planner
                                                           ) -> None:
    typed = group_form(planner)
    shown = manager.post("/groups/new/", {**typed, "show": "1"})
    changed = {**typed, "seen": hidden(shown, "seen"), "begins_at": "16:00", "save": "1"}
    again = manager.post("/groups/new/", changed)
    assert again.status_code == 200
    assert "the first from 16:00" in text(again)
    assert planner.world.rows(Group) == []
    for _ in range(2):
        manager.post("/groups/new/", {**changed, "seen": hidden(again, "seen")})
    assert len(planner.world.rows(Group)) == 1


@pytest.mark.parametrize(("more", "sentence"), [
    ({"entry": "rolling"}, "An open group goes round its schedule until its last day"),
    ({"entry": "rolling", **day_boxes("until", TODAY - timedelta(days=1))},
     "The group begins on 4 March 2036; its last day comes after that."),
    ({"entry": "rolling", "weekdays": ["6"], **day_boxes("until", TODAY)}, "There is no day"),
    ({"entry": "rolling", "weekdays": [str(n) for n in range(7)],
      **day_boxes("until", date(2040, 1, 1))}, "look at the year of the last day"),
    (day_boxes("starts_on", date(2063, 3, 4)), "4 March 2063 is far from today"),
    ({"closed": "in summer"}, "Line 1, “in summer”, is not a day or two days"),
    ({"least": "9", "most": "3"}, "The fewest clients are 9: the most cannot be 3."),
    ({"begins_at": "half past"}, "Write the time as hours and minutes"),
    ({"delivers": "nothing"}, "nothing"),
])
def test_a_plan_that_cannot_be_is_answered_and_nothing_typed_is_lost(
        more: dict[str, Any], sentence: str, manager: Client, planner: Planner) -> None:
    response = manager.post("/groups/new/", group_form(planner, **more, name="Evening group"))
    assert response.status_code == 422
    assert sentence in text(response)
    assert 'value="Evening group"' in response.content.decode()
    assert planner.world.rows(Group) == []


def test_a_clash_is_named_on_the_form(manager: Client, planner: Planner) -> None:
    room = planner.room()
    planner.group(room=room, facilitators=[])
    response = manager.post("/groups/new/", group_form(planner, room=str(room.pk)))
    assert response.status_code == 422
    assert "Room 2 is taken on 4 March 2036 from 17:30 to 19:30: “Tuesday group”" in text(response)


@pytest.fixture
def group(planner: Planner) -> Group:
    """An open group of ten weeks."""
    return planner.group(entry=Entry.ROLLING, until=TODAY + timedelta(weeks=9), language="da")


def place_from(manager: Client, group: Group, case: Case, page: Any = None) -> Any:
    page = page or manager.get(f"/groups/{group.pk}/")
    return manager.post(f"/groups/{group.pk}/place/{case.pk}/",
                        {"form_id": hidden(page, "form_id"), "from": hidden(page, "from")},
                        follow=True)


def test_somebody_who_waits_is_placed_with_one_button(manager: Client, planner: Planner,
                                                      group: Group) -> None:
    case = planner.signed("Anders", language="ar")
    page = manager.get(f"/groups/{group.pk}/")
    assert "1 client waits for a place" in text(page)
    assert "Speaks Arabic; the group is in Danish." in text(page)
    for _ in range(2):
        answer = place_from(manager, group, case, page)
        assert "Anders Opdigtet has a place in the group." in text(answer)
    assert "Speaks Arabic; the group is in Danish." in text(answer)
    [member] = planner.world.rows(GroupMember, group=group)
    assert member.joined_on == TODAY + timedelta(weeks=1)
    assert "Nobody who has signed the agreement is without a place" in text(answer)


def test_a_refused_placement_says_why_on_the_page(manager: Client, planner: Planner) -> None:
    group = planner.group(most=1, entry=Entry.ROLLING, until=TODAY + timedelta(weeks=9))
    one, two = planner.signed("Anders"), planner.signed("Bo")
    page = manager.get(f"/groups/{group.pk}/")
    place_from(manager, group, one, page)
    answer = text(place_from(manager, group, two, page))
    assert "Bo Opdigtet: “Tuesday group” is full: 1 of 1 places are taken." in answer


def test_whoever_is_kept_apart_is_marked_in_the_same_words_and_has_no_button(
        manager: Client, planner: Planner, group: Group) -> None:
    one, other = planner.signed("Anders"), planner.signed("Bo")
    planner.place(group, one)
    before = manager.get(f"/groups/{group.pk}/")
    actions.keep_apart(one=one, other=other, on=TODAY, by=planner.by)
    page = manager.get(f"/groups/{group.pk}/")
    assert APART in text(page)
    assert f"/groups/{group.pk}/place/{other.pk}/" not in page.content.decode()
    assert f"Bo Opdigtet: {APART}" in text(place_from(manager, group, other, before))


def test_a_place_on_another_day_and_late_in_a_closed_group(manager: Client, planner: Planner
                                                           ) -> None:
    group, case = planner.group(), planner.signed()
    page = manager.get(f"/groups/{group.pk}/")
    assert "Place late, with a reason" in text(page)
    assert f"/groups/{group.pk}/place/" not in page.content.decode()
    typed = {"seen": Stage.AGREEMENT_SIGNED.value, "form_id": str(uuid4()), "group": str(group.pk),
             **day_boxes("joined_on", TODAY + timedelta(days=2))}
    refused = manager.post(f"/cases/{case.pk}/place/", typed)
    assert refused.status_code == 422
    assert "is a closed group that began on 4 March 2036" in text(refused)
    done = manager.post(f"/cases/{case.pk}/place/", {**typed, "late_because": "Moved here"})
    assert done.status_code == 302
    assert "Tuesday group" in text(manager.get(f"/cases/{case.pk}/?show=places"))
    assert "Joined late: Moved here" in text(manager.get(f"/cases/{case.pk}/"))
    far = {**typed, **day_boxes("joined_on", TODAY + timedelta(days=900))}
    assert "is more than a year away" in text(manager.post(f"/cases/{case.pk}/place/", far))
    early = {**typed, **day_boxes("joined_on", TODAY - timedelta(days=900))}
    assert "a place comes after that" in text(manager.post(f"/cases/{case.pk}/place/", early))


def test_a_session_is_moved_and_a_stale_move_shows_both(manager: Client, planner: Planner,
                                                        group: Group) -> None:
    session = planner.sessions(group)[1]
    address = f"/sessions/{session.pk}/move/"
    typed = {"version": "1", **day_boxes("held_on", TODAY + timedelta(days=9)),
             "begins_at": "18:00"}
    assert manager.post(address, typed).headers["Location"] == f"/groups/{group.pk}/"
    stale = manager.post(address, {**typed, "begins_at": "19:00"})
    assert stale.status_code == 422
    assert "As it is saved now Thursday 13 March 2036, 18:00, no room yet" in text(stale)
    assert 'value="19:00"' in stale.content.decode()
    assert hidden(stale, "version") == "2"
    assert manager.post(address, {**typed, "begins_at": "19:00", "version": "2"}).status_code == 302
    assert planner.sessions(group)[1].begins_at == time(19)


def test_sessions_are_added_and_the_group_goes_on_and_ends(manager: Client, planner: Planner,
                                                           group: Group) -> None:
    address = f"/groups/{group.pk}/"
    assert "Why I called, or was called" in text(manager.get(f"{address}add/"))
    added = manager.post(f"{address}add/", {
        "form_id": str(uuid4()), **day_boxes("held_on", TODAY + timedelta(days=1)),
        "begins_at": "10:00", "minutes": "90", "subject": "3"})
    assert added.headers["Location"] == address
    extra = planner.sessions(group)[-1]
    assert (extra.title, extra.minutes) == ("The worst time", 90)
    assert "Its last session is on Tuesday 6 May 2036" in text(manager.get(f"{address}further/"))
    manager.post(f"{address}further/", {**day_boxes("until", TODAY + timedelta(weeks=11)),
                                        "closed": "13.5.2036"})
    assert planner.sessions(group)[-1].held_on == TODAY + timedelta(weeks=11)
    for more, sentence in (({"until_day": ""}, "Enter a day"),
                           (day_boxes("until", date(2060, 1, 1)), "look at"),
                           ({**day_boxes("until", TODAY), "closed": "x"}, "Line 1")):
        assert sentence in text(manager.post(f"{address}further/", more))
    assert "planned up to" in text(manager.post(f"{address}further/", day_boxes("until", TODAY)))
    manager.post(f"{address}end/", day_boxes("on", TODAY))
    page = manager.get(address)
    assert "State Ended" in text(page)
    assert f"{address}add/" not in page.content.decode()
    assert "has ended" in text(manager.post(f"{address}end/", day_boxes("on", TODAY)))
    assert "Tuesday group" not in text(manager.get("/groups/"))
    assert "Tuesday group" in text(manager.get("/groups/?show=ended"))


def test_rooms_are_added_and_taken_out_of_use(manager: Client, planner: Planner) -> None:
    typed = {"name": "Blue room", "building": "Havnegade 4", "chairs": "14",
             "compartment": planner.world.compartment()}
    assert manager.post("/rooms/", typed).headers["Location"] == "/rooms/"
    again = manager.post("/rooms/", typed)
    assert "There is a room “Blue room” already." in text(again)
    assert 'value="Blue room"' in again.content.decode()
    [room] = planner.world.rows(Room)
    assert (room.building, room.version) == ("Havnegade 4", 1)
    shown = text(manager.get("/rooms/"))
    assert "Blue room" in shown
    assert "Havnegade 4 " in shown
    manager.post(f"/rooms/{room.pk}/close/", day_boxes("on", TODAY))
    assert "No room has been added yet" in text(manager.get("/rooms/"))
    manager.post("/rooms/", {**typed, "building": ""})
    assert "not stated" in text(manager.get("/rooms/"))
    [room] = planner.world.rows(Room)
    assert (room.building, room.version) == ("", 3)
    manager.post(f"/rooms/{room.pk}/close/", day_boxes("on", TODAY))
    assert manager.get(f"/rooms/{room.pk}/close/").status_code == 404


def test_when_a_client_can_come_is_written_and_a_stale_word_shows_both(
        manager: Client, planner: Planner) -> None:
    case = planner.signed()
    address = f"/cases/{case.pk}/availability/"
    typed = {"version": "0", "weekdays": ["1", "3"], "earliest": "16:00", "latest": "",
             "language": "da", **day_boxes("stated_on", TODAY)}
    assert manager.post(address, typed).status_code == 302
    assert "Tuesdays and Thursdays, from 16:00" in text(
        manager.get(f"/cases/{case.pk}/?show=places"))
    stale = manager.post(address, {**typed, "weekdays": ["4"], "latest": "20:00"})
    assert stale.status_code == 422
    assert "As it is saved now Tuesdays and Thursdays, from 16:00" in text(stale)
    assert 'value="20:00"' in stale.content.decode()
    assert manager.post(address, {**typed, "version": "1", "latest": "15:00"}).status_code == 422
    late = {**typed, "version": "1", **day_boxes("stated_on", TODAY + timedelta(days=1))}
    assert "has not come yet" in text(manager.post(address, late))
    [row] = planner.world.rows(Availability)
    assert (row.weekdays, row.language) == ("1,3", "da")
    assert 'value="16:00"' in manager.get(address).content.decode()


def test_who_is_kept_apart_is_found_among_ones_own_cases(manager: Client, planner: Planner
                                                         ) -> None:
    case, other = planner.signed("Anders"), planner.signed("Bo")
    address = f"/cases/{case.pk}/apart/"
    assert "No reason is asked, and none is kept" in text(manager.get(address))
    found = manager.get(address, {"q": "Opdigtet"})
    assert "Bo Opdigtet" in text(found)
    assert "Anders Opdigtet" in text(found)  # only as the heading
    assert f"{address}{case.pk}/" not in found.content.decode()
    for _ in range(2):
        assert "cannot be placed together any more" in text(
            manager.post(f"{address}{other.pk}/", follow=True))
    [pair] = planner.world.rows(NonAssociation)
    assert "Anders Opdigtet" in text(manager.get(f"/cases/{other.pk}/apart/"))
    assert "can be placed together again" in text(
        manager.post(f"{address}{pair.pk}/end/", follow=True))
    assert "Nobody else is found" in text(manager.get(address, {"q": "Niemand"}))
    assert "is not a date" in text(manager.get(address, {"q": "31.2.1985"}))
    assert "one and the same case" in text(manager.post(f"{address}{case.pk}/", follow=True))
    assert planner.world.rows(NonAssociation, ended_on=None) == []


def test_the_page_of_a_long_group_shows_who_is_in_it_and_the_newest_registers(
        manager: Client, planner: Planner) -> None:
    began = TODAY - timedelta(weeks=20)
    group = planner.group(starts_on=began, entry=Entry.ROLLING, until=TODAY + timedelta(weeks=4))
    here, gone = planner.signed("Anders"), planner.signed("Bo")
    planner.place(group, here, TODAY)
    planner.place(group, gone, TODAY)
    with acting(planner.by):
        GroupMember.objects.visible_to(planner.by).filter(case=gone).update(
            joined_on=began, left_on=TODAY - timedelta(days=1))
    past = [one for one in planner.sessions(group) if one.held_on <= TODAY]
    page = text(manager.get(f"/groups/{group.pk}/"))
    now, _, later = page.partition("1 client who has left")
    assert "Anders Opdigtet" in now
    assert "Bo Opdigtet" not in now
    assert "Bo Opdigtet" in later
    newest, _, folded = later.partition(f"{len(past) - NEWEST} registers before these")
    assert f"Session {past[-1].number}" in newest
    assert f"Session {past[-NEWEST].number}" in newest
    assert f"Session {past[-NEWEST - 1].number}:" not in newest
    assert f"Session {past[0].number}" in folded


def test_pages_of_planning_are_for_those_who_plan(browse: Browse, planner: Planner, group: Group
                                                  ) -> None:
    case = planner.signed()
    planner.place(group, case)
    other = planner.signed("Bo")
    actions.keep_apart(one=case, other=other, on=TODAY, by=planner.by)
    facilitator, assessor = browse(Role.FACILITATOR), browse(Role.ASSESSOR)
    session, room = planner.sessions(group)[0], planner.room()
    pages = ["/groups/new/", f"/groups/{group.pk}/add/", f"/groups/{group.pk}/further/",
             f"/groups/{group.pk}/end/", f"/sessions/{session.pk}/move/", "/rooms/",
             f"/rooms/{room.pk}/close/", f"/cases/{case.pk}/apart/"]
    for address in pages:
        assert facilitator.get(address).status_code == 403, address
    for address in (f"/cases/{case.pk}/apart/{case.pk}/", f"/groups/{group.pk}/place/{case.pk}/"):
        assert facilitator.post(address).status_code == 403, address
    for address in pages[1:5]:
        assert assessor.get(address).status_code == 404, address
    seen = [f"/groups/{group.pk}/", f"/cases/{case.pk}/", f"/cases/{case.pk}/?show=places",
            f"/cases/{case.pk}/availability/", "/groups/", "/"]
    for address in seen:
        page = facilitator.get(address)
        assert page.status_code == 200, address
        assert "cannot be placed together" not in text(page).lower(), address
        assert "Bo Opdigtet" not in text(page)


def test_a_group_or_case_that_is_not_seen_is_not_there(manager: Client, planner: Planner,
                                                       group: Group) -> None:
    absent, case = uuid4(), planner.signed()
    for address in (f"/groups/{absent}/end/", f"/sessions/{absent}/move/",
                    f"/cases/{absent}/apart/", f"/cases/{absent}/availability/"):
        assert manager.get(address).status_code == 404, address
    for address in (f"/groups/{absent}/place/{case.pk}/", f"/groups/{group.pk}/place/{absent}/",
                    f"/cases/{case.pk}/apart/{absent}/", f"/cases/{case.pk}/apart/{absent}/end/"):
        assert manager.post(address).status_code == 404, address
    lost = manager.post(f"/groups/{group.pk}/place/{case.pk}/", {"from": "yesterday"})
    assert lost.headers["Location"] == f"/cases/{case.pk}/place/?group={group.pk}"


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connections["programme"]) as context:
        assert browser.get(address).status_code == 200
    return len(context)


def many_waiting(world: World, planner: Planner, number: int) -> None:
    """Copies of one who waits, without the way there."""
    with acting(world.system):
        kept = planner.signed("Copy")
        with acting(planner.by):
            case = Case.objects.visible_to(planner.by).get(pk=kept.pk)
            move = StageMove.objects.visible_to(planner.by).filter(
                case=case, went_to="agreement_signed").get()
            copies = [Case(**{**_values(case), "id": uuid4(), "referral_id": uuid4()})
                      for _ in range(number)]
            Case.objects.visible_to(planner.by).bulk_create(copies)
            StageMove.objects.visible_to(planner.by).bulk_create(
                StageMove(**{**_values(move), "id": uuid4(), "case_id": copy.pk})
                for copy in copies)


def _values(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_the_list_of_groups_needs_the_same_queries_for_10_100_and_1000(
        manager: Client, planner: Planner, group: Group) -> None:
    def more(number: int) -> None:
        with acting(planner.by):
            rows = [Group(**{**_values(group), "id": uuid4(), "name": f"Group {n:04}"})
                    for n in range(number)]
            Group.objects.visible_to(planner.by).bulk_create(rows)
            worker = planner.world.staff[Role.FACILITATOR].worker
            GroupFacilitator.objects.visible_to(planner.by).bulk_create(
                GroupFacilitator(compartment=row.compartment, group=row, worker=worker)
                for row in rows)
            Session.objects.visible_to(planner.by).bulk_create(
                Session(**{**_values(planner.sessions(group)[1]), "id": uuid4(),
                           "group_id": row.pk}) for row in rows)

    counted = []
    for number in (9, 90, 900):
        more(number)
        counted.append(queries(manager, "/groups/"))
    assert len(set(counted)) == 1
    address, seen = "/groups/", 0
    while address:
        page = manager.get(address).content.decode()
        shown = len(re.findall(r'href="/groups/[0-9a-f-]{36}/"', page))
        assert shown <= PAGE
        seen += shown
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/groups/" + html.unescape(following.group(1)) if following else ""
    assert seen == 1000
    assert manager.get("/groups/?after=rubbish").status_code == 200


def test_a_group_needs_the_same_queries_for_10_100_and_1000_who_wait(
        manager: Client, planner: Planner, group: Group, world: World) -> None:
    for name in ("Anders", "Bo"):
        planner.place(group, planner.signed(name))
    counted = []
    address = f"/groups/{group.pk}/"
    for number in (9, 90, 900):
        many_waiting(world, planner, number)
        counted.append(queries(manager, address))
    assert len(set(counted)) == 1
    page = manager.get(address)
    assert "1002 clients wait for a place" in text(page)
    assert page.content.decode().count(f"/groups/{group.pk}/place/") == MOST_WAITING
    everybody = manager.get(f"{address}?waiting=all")
    assert everybody.content.decode().count(f"/groups/{group.pk}/place/") == 1002


def test_the_section_of_a_case_needs_three_queries_at_most(manager: Client, planner: Planner,
                                                           group: Group) -> None:
    quiet, busy = planner.signed("Quiet"), planner.signed("Busy")
    planner.place(group, busy)
    assert queries(manager, f"/cases/{quiet.pk}/?show=places") == queries(
        manager, f"/cases/{busy.pk}/?show=places")
