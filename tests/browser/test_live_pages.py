"""Pages that answer while one types or chooses, and the same pages without a script."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest

from casewall.programme.cases.rules import Stage
from casewall.wall.sides import Role
from tests.browser.chromium import NARROW, press
from tests.browser.conftest import Open
from tests.browser.world import World

ABSENT = "absent_not_accepted"


def addresses_asked(page: Any) -> list[str]:
    """Every address that the page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(unquote(request.url)))
    return asked


@pytest.mark.parametrize(
    ("role", "typed", "nobody"),
    [(Role.PROGRAMME_MANAGER, "Undervejs", "Qxz"), (Role.COORDINATOR, "Fiktivsen", "Qxz")],
)
def test_a_search_answers_while_one_types_and_no_name_stands_in_an_address(
    open_as: Open, world: World, role: Role, typed: str, nobody: str
) -> None:
    page = open_as(role, "/search/")
    asked = addresses_asked(page)
    box = page.locator("#search")
    box.press_sequentially(typed, delay=20)
    page.locator("#found").get_by_text(typed).first.wait_for()
    assert page.url.endswith("/search/")
    assert page.evaluate("document.activeElement.id") == "search"
    box.fill(nobody)
    page.locator("#found").get_by_text(typed).first.wait_for(state="detached")
    assert not [url for url in asked if typed in url or nobody in url or "?" in url]
    # What is found leads on, and the next search of the same page works as well.
    box.fill(typed)
    page.locator("#found").get_by_text(typed).first.wait_for()


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.COORDINATOR])
def test_a_search_works_by_its_button_without_script(
    open_as: Open, world: World, role: Role
) -> None:
    typed = "Undervejs" if role is Role.PROGRAMME_MANAGER else "Fiktivsen"
    page = open_as(role, "/search/", script=False)
    page.locator("#search").fill(typed)
    page.locator("main").get_by_role("button", name="Search").click()
    assert typed in page.locator("#found").inner_text()


def test_a_filter_shows_its_list_at_once_and_keeps_the_place(open_as: Open, world: World) -> None:
    page = open_as(Role.PROGRAMME_MANAGER, "/cases/")
    chosen = page.locator("select[name=stage]")
    chosen.focus()
    chosen.select_option(Stage.EXITED.value)
    page.wait_for_url("**stage=exited**")
    page.locator(".cw-chosen").wait_for()
    assert page.evaluate("document.activeElement.name") == "stage"
    assert chosen.input_value() == Stage.EXITED.value
    rows = page.locator("main table tbody tr").all_inner_texts()
    assert rows
    assert all("Exited" in row for row in rows)
    page.reload()
    assert page.locator("main table tbody tr").count() == len(rows)
    page.go_back()
    page.locator(".cw-chosen").wait_for(state="detached")
    assert "stage=exited" not in page.url
    assert page.locator("main table tbody tr").count() > len(rows)


def test_a_filter_works_by_its_button_without_script(open_as: Open, world: World) -> None:
    page = open_as(Role.PROGRAMME_MANAGER, "/cases/", script=False)
    page.locator("select[name=stage]").select_option(Stage.EXITED.value)
    press(page, "Show")
    rows = page.locator("main table tbody tr").all_inner_texts()
    assert rows
    assert all("Exited" in row for row in rows)


def test_the_chronology_is_filtered_at_once(open_as: Open, world: World) -> None:
    case = world.cases[Stage.STARTED]
    page = open_as(Role.PROGRAMME_MANAGER, f"/cases/{case.pk}/chronology/")
    everything = page.locator("main tbody tr").count()
    page.locator("select[name=kind]").select_option("contacts")
    page.wait_for_url("**kind=contacts**")
    page.locator(".cw-chosen").wait_for()
    assert 0 < page.locator("main tbody tr").count() < everything


def test_marks_of_a_register_survive_a_dead_tab(open_as: Open, world: World) -> None:
    address = f"/sessions/{world.register}/register/"
    page = open_as(Role.FACILITATOR, address, width=NARROW)
    with page.expect_response("**/drafts/save/"):
        page.get_by_role("button", name="All attended").click()
    first = page.locator("[data-casewall-person]").first
    with page.expect_response("**/drafts/save/"):
        first.locator(f"input[value={ABSENT}]").check()
    page.close()
    again = open_as(Role.FACILITATOR, address, width=NARROW)
    assert "Your draft" in again.locator("main").inner_text()
    lines = again.locator("[data-casewall-person]")
    assert lines.first.locator(f"input[value={ABSENT}]").is_checked()
    assert again.locator("[data-casewall-said]").inner_text() == "12 of 12 marked"
    again.get_by_role("button", name="Throw the draft away").click()
    again.wait_for_load_state()
    assert again.locator("[data-casewall-said]").inner_text() == "0 of 12 marked"
