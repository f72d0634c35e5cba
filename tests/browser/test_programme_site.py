"""A working day on the programme site, in a real browser."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from casewall.programme.cases.models import Case, ContactAttempt, Task
from casewall.programme.cases.rules import Stage
from casewall.programme.curriculum.actions import install_templates
from casewall.programme.groups.models import Attendance, Group, Session
from casewall.programme.groups.rules import Mark, SessionState
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.browser.chromium import HEIGHT, NARROW, Clicks, accessibility_faults, press
from tests.browser.conftest import Open
from tests.browser.world import GROUP_OF_TWELVE, World
from tests.people import SERVICE

MOST_CLICKS = 15
ABSENT = "absent_not_accepted"


def type_day(page: Any, label: str, day: date) -> None:
    """Type a day into its three boxes."""
    boxes = page.get_by_role("group", name=label)
    for box, figure in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(box, exact=True).fill(str(figure))


def marks(world: World, session: UUID | None) -> dict[str, str]:
    """The stored marks of a register: family name → mark."""
    viewer = world.staff[Role.PROGRAMME_MANAGER]
    with acting(viewer):
        rows = Attendance.objects.visible_to(viewer).filter(session=session)
        return {
            row.case.client.family_name: row.outcome for row in rows.select_related("case__client")
        }


def person(page: Any, family: str) -> Any:
    """One client's line in a register."""
    return page.locator("[data-casewall-person]", has_text=family)


def choice(page: Any, family: str, value: str) -> Any:
    """One mark of one client."""
    return person(page, family).locator(f"input[value={value}]")


def test_a_register_of_twelve_takes_few_taps_on_a_phone(open_as: Open, world: World) -> None:
    page = open_as(Role.FACILITATOR, "/", width=NARROW)
    taps = Clicks(page)
    taps.through(page.locator(f"a[href='/sessions/{world.register}/register/']").first)
    said = page.locator("[data-casewall-said]")
    assert said.inner_text() == "0 of 12 marked"
    taps.on(page.get_by_role("button", name="All attended"))
    assert said.inner_text() == "12 of 12 marked"
    taps.on(choice(page, "Eventyr", ABSENT))
    taps.on(choice(page, "المخترع", Mark.LATE))
    person(page, "المخترع").get_by_label("Minutes late").fill("25")
    taps.through(page.get_by_role("button", name="Save register"))
    assert "The register of session 3 has been saved." in page.locator("main").inner_text()
    assert taps.count == 5 <= MOST_CLICKS

    stored = marks(world, world.register)
    assert len(stored) == len(GROUP_OF_TWELVE)
    assert stored.pop("Eventyr") == ABSENT
    assert stored.pop("المخترع") == Mark.LATE
    assert set(stored.values()) == {Mark.ATTENDED}
    [session] = world.stored(Role.FACILITATOR, Session, pk=world.register)
    assert session.state == SessionState.HELD


def test_a_register_is_marked_without_script_too(open_as: Open, world: World) -> None:
    page = open_as(
        Role.FACILITATOR, f"/sessions/{world.register_without_script}/register/", script=False
    )
    taps = Clicks(page)
    taps.on(choice(page, "Skrøneby", ABSENT))
    taps.through(page.get_by_role("button", name="All attended"))
    assert "The register of session 2 has been saved." in page.locator("main").inner_text()
    assert taps.count == 2
    stored = marks(world, world.register_without_script)
    assert stored.pop("Skrøneby") == ABSENT
    assert list(stored.values()) == [Mark.ATTENDED] * 11


def test_two_who_mark_one_register_see_both_texts(open_as: Open, world: World) -> None:
    [small] = world.stored(Role.FACILITATOR, Group, name="Small group")
    [session] = world.stored(Role.FACILITATOR, Session, group=small, number=3)
    address = f"/sessions/{session.pk}/register/"
    mine, theirs = open_as(Role.FACILITATOR, address), open_as(Role.PROGRAMME_MANAGER, address)
    theirs.get_by_role("button", name="All attended").click()
    press(theirs, "Save register")
    choice(mine, "Undervejs", ABSENT).click()
    press(mine, "Save register")
    assert "Invented programme manager saved: Attended" in mine.locator("main").inner_text()
    assert person(mine, "Undervejs").locator("input:checked").input_value() == ABSENT
    assert accessibility_faults(mine) == []
    assert marks(world, session.pk)["Undervejs"] == Mark.ATTENDED


def test_a_case_goes_from_the_referral_to_a_place_in_a_group(open_as: Open, world: World) -> None:
    case = world.cases[Stage.REFERRED]
    page = open_as(Role.PROGRAMME_MANAGER, f"/cases/{case.pk}/")

    def stage() -> str:
        return str(world.stored(Role.PROGRAMME_MANAGER, Case, pk=case.pk)[0].stage)

    press(page, "Record a contact", role="link")
    page.get_by_label("Phone", exact=True).check()
    page.get_by_label("Spoke with the client").check()
    page.get_by_label("Time").fill("00:01")
    page.get_by_label("Note").fill("An invented note, æøå.")
    press(page, "Save contact")
    assert stage() == Stage.CONTACTED
    [attempt] = world.stored(Role.PROGRAMME_MANAGER, ContactAttempt, case=case.pk)
    assert attempt.note == "An invented note, æøå."

    press(page, "Book the assessment", role="link")
    type_day(page, "Day of the assessment", world.today)
    page.get_by_label("Time of the assessment").fill("23:59")
    press(page, "Book")
    assert stage() == Stage.ASSESSMENT_BOOKED

    press(page, "Decide on suitability", role="link")
    page.get_by_label("Suitable", exact=True).check()
    press(page, "Save decision")
    assert stage() == Stage.SUITABLE

    press(page, "Go through the agreement", role="link")
    page.get_by_label("The limits of confidentiality have been explained").check()
    page.get_by_label("Name typed on the screen").check()
    page.get_by_label("Name, typed by the client").fill("Malthe Nyhenvist")
    press(page, "Save agreement")
    assert stage() == Stage.AGREEMENT_SIGNED

    press(page, "Place in a group", role="link")
    page.get_by_label("Small group").check()
    press(page, "Place in this group")
    assert "The client has a place in the group." in page.locator("main").inner_text()
    assert accessibility_faults(page) == []


def test_a_mistake_in_a_form_is_said_beside_the_box_and_nothing_typed_is_lost(
    open_as: Open, world: World
) -> None:
    page = open_as(Role.ASSESSOR, f"/cases/{world.cases[Stage.SUITABLE].pk}/contact/")
    page.get_by_label("No answer").check()
    page.get_by_label("Time").fill("25:99")
    page.get_by_label("Note").fill("Kept though the time is wrong.")
    press(page, "Save contact")
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    assert "Write the time as hours and minutes" in page.locator("main").inner_text()
    assert page.get_by_label("Note").input_value() == "Kept though the time is wrong."
    assert page.get_by_label("No answer").is_checked()


def test_a_task_is_done_from_the_case(open_as: Open, world: World) -> None:
    page = open_as(Role.PROGRAMME_MANAGER, f"/cases/{world.cases[Stage.CONTACTED].pk}/")
    with page.expect_navigation():
        page.locator(".cw-task").get_by_role("button", name="Done").first.click()
    assert "The task is done." in page.locator("main").inner_text()
    [task] = world.stored(Role.PROGRAMME_MANAGER, Task)
    assert task.done_on == world.today


def test_a_client_is_found_by_name_phone_and_date_of_birth(open_as: Open, world: World) -> None:
    page = open_as(Role.PROGRAMME_MANAGER)
    for words in ("nyhenvist", "Malthe Nyhenvist", "20 00 00 11", "27.3.1985"):
        page.get_by_role("searchbox").first.fill(words)
        press(page, "Search", within="header ~ div")
        assert page.get_by_role("link", name="Malthe Nyhenvist").count() == 1, words
    press(page, "Malthe Nyhenvist", role="link")
    assert "Malthe Nyhenvist" in page.locator("h1").inner_text()
    page.goto("/search/?q=Nyhen")
    assert page.get_by_role("link", name="Malthe Nyhenvist").count() == 0


def test_a_manager_plans_a_group(open_as: Open, world: World) -> None:
    install_templates(service=shipped()[SERVICE], by=world.staff[Role.PROGRAMME_SYSTEM])
    page = open_as(Role.PROGRAMME_MANAGER, "/groups/new/")
    page.get_by_label("Name of the group").fill("Invented evening group")
    page.locator("[name=delivers]").first.check()
    page.locator("[name=entry][value=closed]").check()
    page.get_by_label("Begins at").fill("20:30")
    type_day(page, "First day", world.today)
    with page.expect_navigation():
        page.locator("button[name=show]").click()
    assert "20 sessions from" in page.locator("#days").inner_text()
    with page.expect_navigation():
        page.locator("button[name=save]").click()
    assert "The group has been planned." in page.locator("main").inner_text()
    [group] = world.stored(Role.PROGRAMME_MANAGER, Group, name="Invented evening group")
    assert len(world.stored(Role.PROGRAMME_MANAGER, Session, group=group)) == 20


def test_a_section_of_a_case_stands_on_the_first_screen_of_a_phone(
    open_as: Open, world: World
) -> None:
    viewer = world.staff[Role.PROGRAMME_MANAGER]
    with acting(viewer):
        case = Case.objects.visible_to(viewer).first()
    page = open_as(Role.PROGRAMME_MANAGER, f"/cases/{case.pk}/?show=documents", width=NARROW)
    heading = page.get_by_role("heading", name="Documents", exact=True).bounding_box()
    assert heading["y"] + heading["height"] < HEIGHT
    chosen = page.locator(".cw-sections [aria-current=page]").bounding_box()
    assert chosen["x"] >= 0
    assert chosen["x"] + chosen["width"] <= NARROW
    assert page.locator(".cw-identity__dates").is_hidden()
    page.get_by_role("link", name="Everything", exact=True).click()
    assert page.locator(".cw-identity__dates").is_visible()
