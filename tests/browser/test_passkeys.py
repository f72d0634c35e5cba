"""A passkey in a real browser, with the debugger's authenticator in place of a key ring."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from casewall.wall.sides import Role
from tests.browser.chromium import HEIGHT, NARROW, accessibility_faults, press
from tests.browser.conftest import Open, People, confirm_password, sign_in
from tests.browser.test_sign_in import MAIL, assert_it_fits

KEY = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True,
       "isUserVerified": True, "automaticPresenceSimulation": True}
EMAIL = MAIL.format(Role.FACILITATOR.value)


@pytest.fixture
def page(people: People) -> Iterator[Any]:
    """A page with a key in reach. Passkeys belong to a host name, and 127.0.0.1 is none."""
    secret = people.renewed(Role.FACILITATOR)
    address = people.sites["programme"].replace("127.0.0.1", "localhost")
    context = people.browser.new_context(
        base_url=address, viewport={"width": NARROW, "height": HEIGHT}, reduced_motion="reduce")
    page = context.new_page()
    debugger = context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    sign_in(page, EMAIL, secret)
    confirm_password(page)
    page.goto("/accounts/2fa/webauthn/add/")
    yield page
    context.close()
    people.renewed(Role.FACILITATOR)


def test_a_passkey_is_set_up_signs_in_confirms_and_is_removed(page: Any) -> None:
    """Without the accessibility rules: their debugger takes the authenticator away."""
    page.get_by_label("Name of the passkey").fill("This telephone")
    press(page, "Set it up")
    assert page.locator("h1").inner_text() == "Recovery codes"
    press(page, "Sign out")
    sign_in(page, EMAIL)
    assert page.locator("h1").inner_text() == "Second step"
    assert_it_fits(page)
    press(page, "Sign in with a passkey")
    assert page.get_by_role("button", name="Sign out").is_visible()
    page.goto("/accounts/2fa/reauthenticate/?next=/accounts/2fa/")
    press(page, "Confirm with a passkey")
    assert page.locator("h1").inner_text() == "Your sign-in"
    assert_it_fits(page)
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("Remove.*This telephone")).click()
    press(page, "Remove it")
    assert "This telephone" not in page.locator("main").inner_text()


def test_where_no_key_answers_the_page_says_so_and_stays(page: Any) -> None:
    assert accessibility_faults(page) == []
    assert_it_fits(page)
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject('none'); }")
    page.get_by_role("button", name="Set it up").click()
    page.get_by_text("No passkey has been set up. Try again.").wait_for()
    assert page.get_by_role("button", name="Set it up").is_enabled()
    assert accessibility_faults(page) == []


def test_without_the_script_there_is_no_button_and_the_code_remains(
    open_as: Open, people: People
) -> None:
    secret = people.renewed(Role.FACILITATOR)
    page = open_as(None, "/", site="programme", script=False)
    sign_in(page, EMAIL, secret)
    confirm_password(page)
    page.goto("/accounts/2fa/webauthn/add/")
    assert "The authenticator app works in every browser" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="Set it up").count() == 0
    people.renewed(Role.FACILITATOR)
