"""The public forms, as somebody sees them who has no account."""

from __future__ import annotations

from typing import Any

import pytest

from casewall.programme.referrals.actions import apply_arrivals
from casewall.safety.intake.actions import take_in_forms
from casewall.safety.intake.models import IntakeReferral
from casewall.safety.intake.outbox import send_outbox
from casewall.wall.sides import Role
from tests.browser.chromium import NARROW, accessibility_faults, press
from tests.browser.conftest import Open
from tests.browser.world import SERVICES, World, families

DOOR = "front_door"


def send_own(page: Any, family: str) -> str:
    """Somebody asks for help; returns the page that answers, byte for byte."""
    page.goto("/")
    press(page, "I want help to change my own behaviour", role="link")
    page.get_by_label("First name").fill("Opfunden")
    page.get_by_label("Family name").fill(family)
    page.locator("[name=phone]").fill("20 00 00 31")
    page.get_by_label("Somebody from the service may contact me in this way").check()
    return str(press(page, "Send").text())


def send_as_work(page: Any, family: str) -> str:
    """A professional refers two people; returns the page that answers."""
    page.goto("/")
    press(page, "I am referring somebody as part of my work", role="link")
    page.get_by_label("Your agency").fill("Invented hospital")
    page.get_by_label("Your name").fill("Invented nurse")
    page.get_by_label("You refer from").select_option(index=1)
    page.locator("[name=client_given_name]").fill("Opfunden")
    page.locator("[name=client_family_name]").fill(family)
    page.locator("[name=client_phone]").fill("20 00 00 32")
    page.locator("[name=partner_given_name]").fill("Opfunden")
    page.locator("[name=partner_family_name]").fill("Dørsen")
    page.locator("[name=partner_phone]").fill("20 00 00 33")
    return str(press(page, "Send").text())


@pytest.mark.parametrize("script", [True, False])
def test_both_forms_get_the_same_answer_for_somebody_known_and_somebody_new(
    open_as: Open, world: World, script: bool
) -> None:
    page = open_as(None, "/", site=DOOR, width=NARROW, script=script)
    answers = [
        send_own(page, "Dørholm"),
        send_own(page, "Opdigtet"),
        send_as_work(page, "Opdigtet"),
        send_as_work(page, "Dørgaard"),
    ]
    assert "We have received it" in answers[0]
    assert set(answers) == {answers[0]}
    assert page.context.cookies() == []
    if script:
        assert accessibility_faults(page) == []


def test_what_was_sent_arrives_on_its_side_only(open_as: Open, world: World) -> None:
    page = open_as(None, "/", site=DOOR)
    send_own(page, "Dørlund")
    send_as_work(page, "Dørstrup")
    apply_arrivals(by=world.staff[Role.PROGRAMME_SYSTEM], services=SERVICES, on=world.today)
    take_in_forms(by=world.staff[Role.SAFETY_SYSTEM], services=SERVICES, at=world.moment(0))
    assert "Dørlund" in families(world, Role.PROGRAMME_MANAGER)
    referrals = world.stored(Role.COORDINATOR, IntakeReferral, file=None)
    assert {one.referrer for one in referrals} == {"Invented hospital"}
    # The professional's referral went up whole; the client's part comes down with the outbox.
    assert "Dørstrup" not in families(world, Role.PROGRAMME_MANAGER)
    send_outbox(by=world.staff[Role.SAFETY_SYSTEM])
    apply_arrivals(by=world.staff[Role.PROGRAMME_SYSTEM], services=SERVICES, on=world.today)
    assert "Dørstrup" in families(world, Role.PROGRAMME_MANAGER)


def test_an_incomplete_form_keeps_what_was_typed(open_as: Open) -> None:
    page = open_as(None, "/yourself/", site=DOOR)
    page.get_by_label("Family name").fill("Kept")
    press(page, "Send")
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Family name").input_value() == "Kept"
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
