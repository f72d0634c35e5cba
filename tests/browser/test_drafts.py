"""What was typed survives: a killed tab, a sign-out, a lost connection, a second tab."""

from __future__ import annotations

import time
from typing import Any

import pytest

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.notes.models import Note, ProgrammeDraft
from casewall.wall.sides import Role
from tests.browser.chromium import NARROW, WIDE, Clicks, accessibility_faults, press
from tests.browser.conftest import Open, People
from tests.browser.world import World, ready
from tests.people import Staff

FRESH = 10.0
"""Seconds: nothing that was typed longer ago may be lost."""
LETTER = 60
"""Milliseconds between two key strokes."""
WRITER = Role.PROGRAMME_MANAGER


@pytest.fixture(scope="module")
def world(staff_once: Staff, secrets_of: dict[Role, str]) -> World:
    """An invented client whom nobody has met yet in a group."""
    made = World(staff_once)
    made.cases[Stage.CONTACTED] = ready(made, "Anders", "Opdigtet", Stage.CONTACTED)
    return made


@pytest.fixture
def case(world: World) -> Case:
    return world.cases[Stage.CONTACTED]


@pytest.fixture
def address(case: Case) -> str:
    return f"/cases/{case.pk}/notes/new/"


@pytest.fixture(autouse=True)
def _nothing_left(world: World, people: People) -> Any:
    """Each test begins without drafts of an earlier one."""
    yield
    context, _watch = people.context(WRITER)
    page = context.new_page()
    page.goto("/drafts/")
    while page.get_by_role("button", name="Throw away").count():
        with page.expect_navigation():
            page.get_by_role("button", name="Throw away").first.click()
    context.close()


def box(page: Any) -> Any:
    return page.get_by_role("textbox", name="Note", exact=True)


def said(page: Any) -> Any:
    return page.locator("[data-casewall-draft-said]")


def drafts(world: World) -> list[str]:
    """The texts of the drafts as they are stored."""
    stored = world.stored(WRITER, ProgrammeDraft)
    return [dict(draft.written.fields)["text"] for draft in stored]


def test_a_tab_that_is_killed_in_the_middle_of_a_note_loses_at_most_ten_seconds(
    people: People, address: str
) -> None:
    from playwright.sync_api import Error

    context, watch = people.context(WRITER)
    page = context.new_page()
    page.goto(address)
    typed: list[tuple[float, str]] = []
    words = "He came in and sat down and said that the week had been quiet until Friday"
    for word in words.split() * 2:
        box(page).press_sequentially(word + " ", delay=LETTER)
        typed.append((time.monotonic(), word + " "))
    # Not closed but killed: nothing of the page runs any more.
    killed = time.monotonic()
    with page.expect_event("crash"), pytest.raises(Error):
        page.goto("chrome://crash")
    watch.assert_nothing()
    context.close()

    context, watch = people.context(WRITER)
    page = context.new_page()
    page.goto(address)
    found = box(page).input_value()
    due = "".join(word for at, word in typed if at <= killed - FRESH)
    assert len(due) > 0
    assert found.startswith(due)
    assert "has not been saved yet" in page.locator("main").inner_text()
    watch.assert_nothing()
    context.close()


def test_a_tab_that_is_closed_sends_what_was_typed_last(
    people: People, address: str, world: World
) -> None:
    context, _watch = people.context(WRITER)
    page = context.new_page()
    page.goto(address)
    box(page).fill("Typed a moment before the tab was closed.")
    page.close(run_before_unload=True)
    deadline = time.monotonic() + FRESH
    while not drafts(world) and time.monotonic() < deadline:
        time.sleep(0.2)
    context.close()
    assert drafts(world) == ["Typed a moment before the tab was closed."]


def test_a_note_survives_a_sign_out_and_is_there_for_the_same_worker_only(
    people: People, address: str
) -> None:
    people.renewed(WRITER)
    context, watch = people.context(WRITER)
    page = context.new_page()
    page.goto(address)
    box(page).fill("He wants to write to his brother.")
    page.get_by_role("radio", name="Home visit").check()
    press(page, "Sign out")
    context.clear_cookies()
    watch.assert_nothing()
    context.close()

    people.renewed(WRITER)
    context, watch = people.context(WRITER)
    page = context.new_page()
    page.goto("/")
    press(page, "Typed and not saved yet", role="link")
    assert "He wants to write to his brother." in page.locator("main").inner_text()
    with page.expect_navigation():
        page.locator(f"main a[href='{address}']").click()
    assert box(page).input_value() == "He wants to write to his brother."
    assert page.get_by_role("radio", name="Home visit").is_checked()
    other, _ = people.context(Role.ASSESSOR)
    theirs = other.new_page()
    theirs.goto(address)
    assert box(theirs).input_value() == ""
    other.close()
    watch.assert_nothing()
    context.close()


def test_a_session_that_ended_while_typing_loses_nothing(
    people: People, address: str, world: World
) -> None:
    context, _watch = people.context(WRITER)
    page = context.new_page()
    page.goto(address)
    box(page).fill("Before the end.")
    said(page).get_by_text("Draft saved").wait_for()
    kept = [one for one in context.cookies() if one["name"] == "programme_session"]
    context.clear_cookies(name="programme_session")
    box(page).fill("Before the end. And after it.")
    said(page).get_by_text("you are signed out").wait_for()
    # To save now would lose the text; the page stays instead.
    page.get_by_role("button", name="Save note").click()
    said(page).get_by_text("you are signed out").wait_for()
    assert box(page).input_value() == "Before the end. And after it."
    context.add_cookies(kept)  # signed in again in another tab
    with page.expect_navigation():
        page.get_by_role("button", name="Save note").click()
    assert "The note has been saved." in page.locator("main").inner_text()
    assert "Before the end. And after it." in [note.text for note in world.stored(WRITER, Note)]
    assert drafts(world) == []
    context.close()


def test_a_lost_connection_is_said_and_made_up_for(
    people: People, address: str, world: World
) -> None:
    context, _watch = people.context(WRITER)
    page = context.new_page()
    page.goto(address)
    context.set_offline(True)
    box(page).fill("Typed in a lift.")
    said(page).get_by_text("there is no connection").wait_for()
    page.get_by_role("button", name="Save note").click()
    assert box(page).input_value() == "Typed in a lift."
    context.set_offline(False)
    said(page).get_by_text("Draft saved").wait_for()
    assert drafts(world) == ["Typed in a lift."]
    context.close()


def test_the_newer_of_two_tabs_wins_and_the_older_text_is_shown(
    people: People, address: str
) -> None:
    context, watch = people.context(WRITER)
    one, other = context.new_page(), context.new_page()
    for page in (one, other):
        page.goto(address)
    for page, text in ((one, "Of the first tab."), (other, "Of the second tab.")):
        box(page).fill(text)
        said(page).get_by_text("Draft saved").wait_for()
    other.goto(address)
    assert box(other).input_value() == "Of the second tab."
    other.get_by_text("Another tab held something else").click()
    assert other.get_by_text("Of the first tab.").is_visible()
    watch.assert_nothing()
    context.close()


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_restored_form_is_plain_to_see_and_its_draft_can_be_thrown_away(
    open_as: Open, address: str, width: int
) -> None:
    page = open_as(WRITER, address, width=width)
    box(page).fill("To be thrown away.")
    said(page).get_by_text("Draft saved").wait_for()
    page.goto(address)
    assert box(page).input_value() == "To be thrown away."
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.goto("/drafts/")
    assert accessibility_faults(page) == []
    page.goto(address)
    box(page).fill("Changed a moment before.")
    press(page, "Throw the draft away")
    assert box(page).input_value() == ""
    page.goto(address)
    assert box(page).input_value() == ""


def test_a_note_is_saved_from_the_first_page_in_few_clicks(
    open_as: Open, world: World, case: Case
) -> None:
    page = open_as(WRITER, "/", width=NARROW)
    clicks = Clicks(page)
    clicks.through(page.locator(f"a[href='/cases/{case.pk}/']").first)
    clicks.through(page.get_by_role("link", name="Write a note").first)
    clicks.on(page.get_by_role("radio", name="Meeting"))
    page.get_by_label("Length in minutes").fill("30")
    box(page).fill("Saved in four clicks.")
    clicks.through(page.get_by_role("button", name="Save note"))
    assert clicks.count <= 4
    [note] = [n for n in world.stored(WRITER, Note) if n.text == "Saved in four clicks."]
    assert (note.kind, note.minutes, note.happened_on) == ("meeting", 30, world.today)
    assert drafts(world) == []


def test_a_chronology_is_printed_in_few_clicks(open_as: Open, world: World, case: Case) -> None:
    page = open_as(WRITER, "/cases/")
    clicks = Clicks(page)
    clicks.through(page.locator(f"a[href='/cases/{case.pk}/']").first)
    clicks.through(page.get_by_role("link", name="Chronology, to read or print").first)
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    clicks.on(page.get_by_role("button", name="Print"))
    assert page.evaluate("document.body.dataset.printed") == "yes"
    assert clicks.count <= 3
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Print").is_visible()
    assert not page.get_by_role("button", name="Sign out").is_visible()


def test_a_note_is_written_without_script(open_as: Open, address: str, world: World) -> None:
    page = open_as(WRITER, address, script=False)
    box(page).fill("Without script.")
    press(page, "Save note")
    assert "The note has been saved." in page.locator("main").inner_text()
    assert "Without script." in [note.text for note in world.stored(WRITER, Note)]
