"""The register of twelve on a phone, by touch: few taps, large targets, nothing sideways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from casewall.programme.groups.models import Attendance, Session
from casewall.programme.groups.rules import Mark, SessionState
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.browser.chromium import HEIGHT, NARROW, PATIENCE, Watch, accessibility_faults
from tests.browser.conftest import People
from tests.browser.world import GROUP_OF_TWELVE, World

MOST_TAPS = 15
TARGET = 44
"""Least height in pixels of what a thumb is to meet."""


@dataclass
class Phone:
    """A touch screen that counts how often it is touched."""

    page: Any
    taps: int = 0

    def tap(self, where: Any) -> None:
        """One touch that stays on the page."""
        self.taps += 1
        where.tap()

    def through(self, where: Any) -> None:
        """One touch that opens another page."""
        self.taps += 1
        with self.page.expect_navigation():
            where.tap()

    def mark(self, family: str, value: str) -> None:
        """Touch one mark of one client."""
        person = self.page.locator("[data-casewall-person]", has_text=family)
        self.tap(person.locator(f"input[value={value}]"))

    def stays_within(self) -> None:
        """Nothing of the page lies beside the screen."""
        wide = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], f"{self.page.url} is {wide[0]} px wide"


@pytest.fixture
def phone(people: People, world: World) -> Iterator[Phone]:
    """The facilitator's phone, 390 px wide, signed in."""
    _phones(people).close()  # signs the facilitator in
    context = people.browser.new_context(
        base_url=people.sites["programme"], viewport={"width": NARROW, "height": HEIGHT},
        has_touch=True, is_mobile=True, storage_state=people.kept[Role.FACILITATOR],
        reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    watch = Watch()
    watch.over(context)
    yield Phone(context.new_page())
    context.close()
    watch.assert_nothing()


def _phones(people: People) -> Any:
    context, _ = people.context(Role.FACILITATOR, width=NARROW)
    return context


def stored(world: World, session: UUID | None) -> dict[str, Attendance]:
    """The marks of a register as the database has them: family name → mark."""
    viewer = world.staff[Role.PROGRAMME_MANAGER]
    with acting(viewer):
        rows = Attendance.objects.visible_to(viewer).filter(session=session)
        return {row.case.client.family_name: row for row in rows.select_related("case__client")}


def small_targets(page: Any) -> list[str]:
    """What can be touched inside the register and is lower than a thumb needs."""
    return list(page.evaluate(
        """least => [...document.querySelectorAll(
            "[data-casewall-register] label, [data-casewall-register] button, "
            + "[data-casewall-register] input[type=text], main form > div button")]
        .filter(one => one.offsetParent && !one.matches(".programme-missed label"))
        .filter(one => one.getBoundingClientRect().height < least)
        .map(one => one.outerHTML)""", TARGET))


def test_twelve_with_two_late_two_absent_and_one_gone_early(phone: Phone, world: World) -> None:
    page = phone.page
    page.goto("/")
    phone.through(page.locator(f"a[href='/sessions/{world.register}/register/']").first)
    phone.stays_within()
    phone.tap(page.get_by_role("button", name="All attended"))
    phone.mark("Opdigtet", Mark.LATE)
    phone.mark("المخترع", Mark.LATE)
    phone.mark("Tænktsen", Mark.ABSENT_ACCEPTED)
    phone.mark("Eventyr", Mark.ABSENT_NOT_ACCEPTED)
    phone.mark("Fabelsen", Mark.LEFT_EARLY)
    phone.stays_within()
    assert small_targets(page) == []
    assert accessibility_faults(page) == []
    phone.through(page.get_by_role("button", name="Save register"))
    assert "The register of session 3 has been saved." in page.locator("main").inner_text()
    assert phone.taps == 8 <= MOST_TAPS

    marks = stored(world, world.register)
    assert len(marks) == len(GROUP_OF_TWELVE) == 12
    seen = {family: (mark.outcome, mark.attended, mark.complied, mark.minutes_late,
                     mark.minutes_early, mark.minutes_attended) for family, mark in marks.items()}
    late = (Mark.LATE, True, True, 10, 0, 110)
    assert seen.pop("Opdigtet") == seen.pop("المخترع") == late
    assert seen.pop("Tænktsen") == (Mark.ABSENT_ACCEPTED, False, True, 0, 0, 0)
    assert seen.pop("Eventyr") == (Mark.ABSENT_NOT_ACCEPTED, False, False, 0, 0, 0)
    assert seen.pop("Fabelsen") == (Mark.LEFT_EARLY, True, True, 0, 10, 110)
    assert set(seen.values()) == {(Mark.ATTENDED, True, True, 0, 0, 120)}
    [session] = world.stored(Role.FACILITATOR, Session, pk=world.register)
    assert session.state == SessionState.HELD

    # Afterwards, and only if there is time: what happened.
    page.goto(f"/sessions/{world.register}/record/")
    phone.stays_within()
    phone.tap(page.locator("summary", has_text="Opdigtet"))
    page.locator("details[open]").get_by_label("Participation").select_option("3")
    page.get_by_label("Debrief of the facilitators").fill("An invented debrief.")
    phone.through(page.get_by_role("button", name="Save record"))
    assert stored(world, world.register)["Opdigtet"].participation == 3


@pytest.mark.parametrize("what", ["register", "record", "visitors", "cancel"])
def test_no_page_of_a_session_is_wider_than_the_phone(phone: Phone, world: World, what: str
                                                      ) -> None:
    phone.page.goto(f"/sessions/{world.register_without_script}/{what}/")
    phone.stays_within()
    assert accessibility_faults(phone.page) == []


def test_a_one_to_one_session_is_planned_by_touch(phone: Phone, world: World) -> None:
    page = phone.page
    family = "Udtænkt"
    page.goto(f"/search/?q={family}")
    phone.through(page.get_by_role("link", name=family).first)
    phone.through(page.get_by_role("link", name="Plan a one-to-one session"))
    phone.stays_within()
    assert accessibility_faults(page) == []
    page.locator("[name=component]").first.check()
    for box, figure in zip(("day", "month", "year"),
                           (world.today.day, world.today.month, world.today.year), strict=True):
        page.locator(f"[name=held_on_{box}]").fill(str(figure))
    page.get_by_label("Begins at").fill("08:15")
    page.get_by_label("Minutes").fill("45")
    phone.through(page.get_by_role("button", name="Plan", exact=True))
    assert "The session has been planned." in page.locator("main").inner_text()
    phone.stays_within()
    [session] = world.stored(Role.FACILITATOR, Session, kind="one_to_one")
    page.goto(f"/sessions/{session.pk}/register/")
    phone.tap(page.get_by_role("button", name="All attended"))
    phone.through(page.get_by_role("button", name="Save register"))
    assert stored(world, session.pk)[family].minutes_attended == 45
