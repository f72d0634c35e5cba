"""Signing in with two factors, on the one site where an account lives; and out again."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from casewall.programme.cases.rules import Stage
from casewall.wall.context import on_side
from casewall.wall.sides import SIDE_OF_ROLE, Role
from tests.browser.chromium import accessibility_faults, press
from tests.browser.codes import code_now
from tests.browser.conftest import Open, People, confirm_password, sign_in
from tests.browser.world import World

ONE_OF_EACH = [Role.FACILITATOR, Role.PARTNER_WORKER]
MAIL = "{}@example.invalid"


def refusal(page: Any) -> str:
    """What a page that lets nobody in says."""
    assert page.get_by_role("button", name="Sign out").count() == 0
    assert accessibility_faults(page) == []
    return str(page.locator("main").inner_text())


def site_of(role: Role) -> str:
    return SIDE_OF_ROLE[role].value


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("role", ONE_OF_EACH)
def test_a_worker_signs_in_with_a_password_and_a_code(
    open_as: Open, people: People, role: Role, script: bool
) -> None:
    page = open_as(None, "/", site=site_of(role), script=script)
    sign_in(page, MAIL.format(role.value), people.renewed(role))
    assert page.get_by_role("button", name="Sign out").is_visible()
    assert page.locator("h1").inner_text() in ("Who needs me today", "Figures")


@pytest.mark.parametrize("role", ONE_OF_EACH)
def test_a_wrong_password_an_unknown_account_and_one_of_the_other_site_get_one_answer(
    open_as: Open, role: Role
) -> None:
    other = next(one for one in ONE_OF_EACH if one is not role)
    page = open_as(None, "/", site=site_of(role))
    said = []
    for email, password in [
        (MAIL.format(role.value), "not the right pass phrase"),
        (MAIL.format("nobody"), "not the right pass phrase"),
        (MAIL.format(other.value), "correct horse battery staple"),
    ]:
        sign_in(page, email, password=password)
        said.append(refusal(page))
    assert "not correct" in said[0]
    assert said[1] == said[0]
    assert said[2] == said[0]


@pytest.mark.parametrize("role", ONE_OF_EACH)
def test_the_password_alone_opens_nothing_and_a_wrong_code_neither(
    open_as: Open, role: Role
) -> None:
    page = open_as(None, "/", site=site_of(role))
    sign_in(page, MAIL.format(role.value), code="000000")
    assert "Incorrect code" in refusal(page)
    page.goto("/")
    assert "/accounts/" in page.url
    assert "Second step" in refusal(page)


@pytest.mark.parametrize("role", ONE_OF_EACH)
def test_a_worker_without_a_second_factor_sees_nothing_until_it_is_set_up(
    open_as: Open, people: People, role: Role
) -> None:
    people.renewed(role)
    with on_side(SIDE_OF_ROLE[role]):
        Authenticator.objects.filter(user_id=people.workers[role].pk).delete()
    page = open_as(None, "/", site=site_of(role))
    sign_in(page, MAIL.format(role.value))
    for path in ("/", "/search/?q=Undervejs", "/accounts/2fa/recovery-codes/"):
        page.goto(path)
        assert "/accounts/reauthenticate/" in page.url
    confirm_password(page)
    assert page.locator("h1").inner_text() == "Set up the second step"
    assert accessibility_faults(page) == []
    secret = page.locator("code").inner_text()
    page.get_by_label("Authenticator code").fill(code_now(secret))
    press(page, "Switch it on")
    # The recovery codes come after a code: this session has shown a password only.
    assert page.locator("h1").inner_text() == "Confirm that it is you"
    page.get_by_label("Code").fill(code_now(secret))
    press(page, "Confirm")
    assert page.locator("h1").inner_text() == "Recovery codes"
    assert accessibility_faults(page) == []
    page.goto("/")
    assert page.locator("h1").inner_text() == "Who needs me today"


def test_both_sites_in_one_browser_keep_their_cookies_apart(open_as: Open) -> None:
    page = open_as(Role.PROGRAMME_MANAGER)
    first = {one["name"] for one in page.context.cookies()}
    other = open_as(Role.SAFETY_MANAGER)
    mine = other.context.cookies()
    assert first == {"programme_session", "programme_csrf"}
    assert {one["name"] for one in mine} == {"safety_session", "safety_csrf"}
    # Ports share cookies: the browser of the one now holds those of both, and both still work.
    page.context.add_cookies(mine)
    page.reload()
    other_home = page.context.new_page()
    other_home.goto(other.url)
    assert page.get_by_role("button", name="Sign out").is_visible()
    assert other_home.get_by_role("button", name="Sign out").is_visible()
    for cookie in page.context.cookies():
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        assert cookie["path"] == "/"


@pytest.mark.parametrize(
    ("role", "path", "name"),
    [
        (Role.PROGRAMME_MANAGER, "/cases/{case}/", "Nanna Undervejs"),
        (Role.SAFETY_MANAGER, "/partners/{file}/", "Benedikte Fiktivsen"),
    ],
)
def test_after_signing_out_back_shows_nothing(
    open_as: Open, people: People, world: World, role: Role, path: str, name: str
) -> None:
    address = path.format(case=world.cases[Stage.CONTACTED].pk, file=world.file)
    page = open_as(role, address)
    assert name in page.locator("h1").inner_text()
    press(page, "Sign out")
    assert page.locator("h1").inner_text() == "Sign in"
    people.renewed(role)
    for _press in range(2):
        page.go_back()
        assert name not in page.content()
    page.goto(address)
    assert "/accounts/login/" in page.url
    assert not any("session" in cookie["name"] for cookie in page.context.cookies())
