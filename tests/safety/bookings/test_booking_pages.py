"""The pages of appointments: a week, booking in few steps, moving, ending, rooms; and for whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casewall.programme.groups.models import Session
from casewall.programme.groups.planning.actions import move_session
from casewall.safety.bookings import actions, separation
from casewall.safety.bookings.models import Booking, Room
from casewall.safety.bookings.rules import Kind, State
from casewall.safety.children.models import Child, ChildAdult
from casewall.wall.context import acting
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import SERVICE, Staff, signed_in, site_settings
from tests.programme.conftest import NOW, TODAY
from tests.safety.bookings.conftest import HOUSE, MONDAY, Linked, at

Browse = Callable[[Role], Client]
WORKER, MANAGER = Role.PARTNER_WORKER, Role.SAFETY_MANAGER
SAFETY_ROLES = [
    role for role in Role if SIDE_OF_ROLE[role] is Side.SAFETY and role is not Role.SAFETY_SYSTEM
]


@pytest.fixture
def browse(staff: Staff, tmp_path: Path) -> Iterator[Browse]:
    """A signed-in browser of a role on the safety site."""
    made: dict[Role, Client] = {}

    def of(role: Role) -> Client:
        if role not in made:
            made[role] = signed_in(staff.workers[role])
        return made[role]

    with (
        site_settings(Side.SAFETY),
        override_settings(
            STATIC_ROOT=tmp_path,
            ALLOWED_HOSTS=["testserver"],
            CASEWALL_SEARCH_URL="search",
            CASEWALL_NAVIGATION=[("Today", "today"), ("Appointments", "appointments")],
        ),
    ):
        yield of


def text(response: Any) -> str:
    body = re.sub(r"<script.*?</script>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def typed(clock: str = "14:00", place: str = "phone", **more: Any) -> dict[str, Any]:
    return {
        "form_id": str(uuid4()), "kind": "support", "day_day": MONDAY.day,
        "day_month": MONDAY.month, "day_year": MONDAY.year, "begins": clock, "minutes": "60",
        "place": place, "elsewhere": "", **more,
    }  # fmt: skip


def address(linked: Linked) -> str:
    return reverse("book", args=[linked.file.pk])


def test_booking_is_two_pages_from_the_file(linked: Linked, browse: Browse) -> None:
    browser = browse(WORKER)
    file = reverse("partner", args=[linked.file.pk])
    assert address(linked) in browser.get(file).content.decode()
    assert address(linked) in browser.get(f"{file}?show=appointments").content.decode()
    form = browser.get(address(linked))
    assert "Stue, Møllehuset" in text(form)
    answer = browser.post(address(linked), typed(), follow=True)
    assert answer.redirect_chain[-1][0] == f"{file}?show=appointments"
    assert "Booked for Monday 10 March 2036, 14:00." in text(answer)
    assert "Monday 10 March 2036, 14:00 to 15:00" in text(answer)


def test_a_refused_hour_keeps_what_was_typed_and_offers_free_ones(
    linked: Linked, browse: Browse
) -> None:
    browser = browse(WORKER)
    sent = typed("10:30", str(linked.room.pk), kind="safety_planning")
    answer = browser.post(address(linked), sent)
    assert answer.status_code == 422
    assert "Choose another hour or place: the linked client is expected in “Møllehuset”" in text(
        answer
    )
    assert 'value="10:30"' in answer.content.decode()
    assert "Monday 10 March 2036, 13:00" in text(answer)
    [offered, *_] = re.findall(r'name="instead" value="([^"]+)"', answer.content.decode())
    answer = browser.post(address(linked), {**sent, "instead": offered})
    assert answer.status_code == 302
    [made] = linked.hers.rows(Booking)
    assert (made.starts_at, made.kind, made.room_id) == (
        at("13:00"), Kind.SAFETY_PLANNING, linked.room.pk,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"place": "elsewhere"}, "Write where it is, by the name that everybody knows."),
        ({"elsewhere": "Café"}, "Leave this empty, or choose “Somewhere else” above."),
        ({"begins": "25"}, "Write a time such as 09:30."),
        ({"minutes": "1"}, "greater than or equal to 5"),
        ({"day_month": "13"}, "month"),
        ({"day_day": "30", "begins": "02:30"}, "The clocks change on 30 March 2036"),
        ({"day_year": "2035"}, "This hour has passed."),
        ({"instead": "nonsense", "begins": ""}, "Time"),
    ],
)
def test_bad_input_is_answered_with_where_and_what(
    linked: Linked, browse: Browse, changed: dict[str, str], sentence: str
) -> None:
    answer = browse(WORKER).post(address(linked), typed(**changed))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert linked.hers.rows(Booking) == []


def test_the_same_form_twice_is_one_appointment(linked: Linked, browse: Browse) -> None:
    sent = typed()
    for _ in range(2):
        assert browse(WORKER).post(address(linked), sent).status_code == 302
    assert len(linked.hers.rows(Booking)) == 1


def test_a_manager_books_for_a_worker(linked: Linked, browse: Browse) -> None:
    browser = browse(MANAGER)
    assert "Invented partner worker" in text(browser.get(address(linked)))
    worker = str(linked.hers.by.worker)
    assert browser.post(address(linked), typed(worker=worker)).status_code == 302
    [made] = linked.hers.rows(Booking)
    assert (str(made.worker), made.booked_by) == (worker, linked.hers.manager.worker)


def test_a_week_lists_its_days_and_everybodys_only_for_who_sees_all(
    linked: Linked, browse: Browse
) -> None:
    linked.hers.book(linked.file, "14:00", "Biblioteket")
    week = reverse("appointments") + f"?week={MONDAY}"
    shown = text(browse(WORKER).get(week))
    assert "My week" in shown
    assert "Monday 10 March 14:00 to 15:00, Opdigtet Sørensen : support talk. Biblioteket" in shown
    assert "Opdigtet Sørensen" not in text(browse(MANAGER).get(week))
    everybody = text(browse(MANAGER).get(week + "&whose=all"))
    assert "Opdigtet Sørensen" in everybody
    assert "Invented partner worker" in everybody
    assert "Everybody's week" in text(browse(Role.COORDINATOR).get(week))
    assert "Opdigtet" not in text(browse(Role.CHILDRENS_WORKER).get(week + "&whose=all"))
    for odd in ("0001-01-01", "9999-12-31", "soon"):
        assert browse(WORKER).get(reverse("appointments") + f"?week={odd}").status_code == 200


def test_moving_shows_both_when_somebody_else_was_faster(linked: Linked, browse: Browse) -> None:
    made = linked.hers.book(linked.file, "14:00")
    there = reverse("booking-move", args=[made.pk])
    sent = {**typed("15:00"), "version": "1"}
    assert 'value="14:00"' in browse(WORKER).get(there).content.decode()
    assert browse(WORKER).post(there, sent).status_code == 302
    stale = browse(WORKER).post(there, {**sent, "begins": "16:00"})
    assert stale.status_code == 422
    assert "Somebody else changed this appointment" in text(stale)
    assert "As it is saved now Monday 10 March 2036, 15:00, By phone" in text(stale)
    assert 'name="version" value="2"' in stale.content.decode()
    taken = browse(WORKER).post(
        there, {**sent, "version": "2", "begins": "10:00", "place": str(linked.room.pk)}
    )
    assert "Choose another hour or place" in text(taken)


def test_what_became_of_it_is_said_on_its_page(linked: Linked, browse: Browse) -> None:
    made = linked.hers.book(linked.file, "14:00")
    page, settle = (reverse(name, args=[made.pk]) for name in ("booking", "booking-settle"))
    assert "Call off" in text(browse(WORKER).get(page))
    early = browse(WORKER).post(settle, {"state": "held", "version": "1"})
    assert early.status_code == 422
    assert "still to come" in text(early)
    for odd in ({}, {"state": "planned", "version": "1"}, {"state": "held", "version": "x"}):
        assert "Choose what became of it" not in text(browse(WORKER).post(settle, odd))
        assert browse(WORKER).post(settle, odd).status_code == 422
    assert browse(WORKER).post(settle, {"state": "cancelled", "version": "9"}).status_code == 422
    done = browse(WORKER).post(settle, {"state": "cancelled", "version": "1"}, follow=True)
    assert "Called off" in text(done)
    assert linked.hers.again(made).state == State.CANCELLED


def test_a_moved_appointment_stands_on_the_day_the_file_and_its_page(
    linked: Linked, browse: Browse
) -> None:
    hers = linked.hers
    made = hers.book(linked.file, "14:00", linked.room)
    [session, *_] = sorted(hers.programme.rows(Session), key=lambda one: one.number)
    move_session(
        session=session, held_on=MONDAY, begins_at=at("14:00").time(), room=linked.their_room,
        by=hers.programme.manager,
    )  # fmt: skip
    hers.pull()
    today = text(browse(WORKER).get(reverse("today")))
    assert "Moved: tell the partner" in today
    assert "Moved: tell the partner" in text(browse(MANAGER).get(reverse("today")))
    page = text(browse(WORKER).get(reverse("booking", args=[made.pk])))
    assert "not Monday 10 March 2036, 14:00, but Monday 10 March 2036, 17:00" in page
    file = text(browse(WORKER).get(reverse("partner", args=[linked.file.pk])))
    assert "Moved: tell the partner: Support talk, Monday 10 March 2036, 17:00 to 18:00" in file


def test_a_group_is_booked_from_the_week(linked: Linked, browse: Browse) -> None:
    other = linked.hers.file("Påfundet")
    there = reverse("book-group")
    sent = typed(kind="group", files=[str(linked.file.pk), str(other.pk)])
    assert "Påfundet Sørensen" in text(browse(WORKER).get(there))
    few = browse(WORKER).post(there, {**sent, "files": [str(other.pk)]})
    assert "two partners or more" in text(few)
    refused = browse(WORKER).post(there, {**sent, "begins": "10:00", "place": str(linked.room.pk)})
    assert "Choose another hour or place" in text(refused)
    assert browse(WORKER).post(there, sent).status_code == 302
    [made] = linked.hers.rows(Booking)
    page = text(browse(WORKER).get(reverse("booking", args=[made.pk])))
    assert "Opdigtet Sørensen" in page
    file = text(browse(WORKER).get(reverse("partner", args=[other.pk]) + "?show=appointments"))
    assert "Group of partners" in file


def test_rooms_are_added_and_taken_out_of_use(linked: Linked, browse: Browse) -> None:
    there = reverse("safe-rooms")
    sent = {"name": "Have", "building": HOUSE, "compartment": str(linked.hers.compartment)}
    assert browse(MANAGER).post(there, sent).status_code == 302
    again = browse(MANAGER).post(there, sent)
    assert again.status_code == 422
    assert "There is a room “Have” in “Møllehuset” already." in text(again)
    [room] = linked.hers.rows(Room, name="Have")
    close = reverse("safe-room-close", args=[room.pk])
    assert browse(MANAGER).get(close).status_code == 200
    day = {"on_day": MONDAY.day, "on_month": MONDAY.month, "on_year": MONDAY.year}
    assert browse(MANAGER).post(close, {}).status_code == 422
    assert browse(MANAGER).post(close, day).status_code == 302
    assert browse(MANAGER).get(close).status_code == 404
    linked.hers.book(linked.file, "14:00", linked.room)
    kept = browse(MANAGER).post(
        reverse("safe-room-close", args=[linked.room.pk]), {**day, "on_day": MONDAY.day - 1}
    )
    assert "Move them first" in text(kept)


def test_a_child_is_booked_by_who_sees_it_and_absent_for_others(
    linked: Linked, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = uuid4()
    seen = separation.ChildSeen(
        label="Opdigtet barn", service="intervention-centre",
        compartment=linked.hers.compartment, files=frozenset({linked.file.pk}),
        cases=frozenset(),
    )  # fmt: skip
    monkeypatch.setattr(separation, "_CHILDREN", {})
    there = reverse("book-child", args=[child])
    browser = browse(Role.CHILDRENS_WORKER)
    assert browser.get(there).status_code == 404
    separation.read_children_by(lambda asked, viewer: dict.fromkeys({child} & set(asked), seen))
    assert "Opdigtet barn" in text(browser.get(there))
    assert browser.get(reverse("book-child", args=[uuid4()])).status_code == 404
    refused = browser.post(there, typed("10:00", str(linked.room.pk), kind="child"))
    assert "Choose another hour or place" in text(refused)
    assert browser.post(there, typed(kind="child")).status_code == 302
    assert "Opdigtet barn" in text(browser.get(reverse("appointments") + f"?week={MONDAY}"))
    assert browse(Role.COORDINATOR).get(there).status_code == 404


def test_every_page_by_every_role(linked: Linked, browse: Browse) -> None:
    made = linked.hers.book(linked.file, "14:00", linked.room)
    both = {WORKER, MANAGER}
    pages = {
        reverse("appointments"): {*both, Role.COORDINATOR, Role.CHILDRENS_WORKER},
        address(linked): both,
        reverse("book-group"): both,
        reverse("booking", args=[made.pk]): {*both, Role.COORDINATOR},
        reverse("booking-move", args=[made.pk]): both,
        reverse("safe-rooms"): {MANAGER},
        reverse("safe-room-close", args=[linked.other_house.pk]): {MANAGER},
    }
    for role in SAFETY_ROLES:
        for page, sees in pages.items():
            assert browse(role).get(page).status_code == (200 if role in sees else 404), page
            if page in (reverse("appointments"), reverse("booking", args=[made.pk])):
                assert browse(role).post(page, {}).status_code == 405
            else:
                assert browse(role).post(page, {}).status_code == (422 if role in sees else 404)
        settled = browse(role).post(reverse("booking-settle", args=[made.pk]), {})
        assert settled.status_code == (422 if role in both else 404)


def test_the_week_and_the_section_take_the_same_queries_for_any_number(
    linked: Linked, browse: Browse
) -> None:
    week = reverse("appointments") + f"?week={MONDAY}"
    section = reverse("partner", args=[linked.file.pk]) + "?show=appointments"
    today = reverse("today")
    counts: list[dict[str, int]] = []
    for days in ((0, 1), (2, 3, 7, 8, 9, 10)):
        for day in days:
            linked.hers.book(
                linked.file, "10:00", linked.other_house,
                starts_at=at("14:00", MONDAY + timedelta(days=day)),
            )  # fmt: skip
        counts.append({})
        for page in (week, section, today):
            browse(WORKER).get(page)
            with CaptureQueriesContext(connections["safety"]) as queries:
                assert browse(WORKER).get(page).status_code == 200
            counts[-1][page] = len(queries)
    assert counts[0] == counts[1]


def test_today_holds_the_appointments_of_the_day(linked: Linked, browse: Browse) -> None:
    linked.hers.book(linked.file, "10:00", starts_at=NOW + timedelta(hours=2), minutes=30)
    linked.hers.book(linked.file, "14:00")
    shown = text(browse(WORKER).get(reverse("today")))
    assert "support talk" in shown
    assert shown.count("support talk") == 1
    assert actions.Taken("x").free == ()


def test_a_recorded_child_is_kept_from_the_clients_of_its_adults(
    linked: Linked, browse: Browse
) -> None:
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
    there = reverse("book-child", args=[child.pk])
    refused = browse(MANAGER).post(there, typed("10:00", str(linked.room.pk), kind="child"))
    assert refused.status_code == 422
    assert "Choose another hour or place" in text(refused)
    assert browse(MANAGER).post(there, typed(kind="child")).status_code == 302
    assert browse(Role.CHILDRENS_WORKER).get(there).status_code == 404
