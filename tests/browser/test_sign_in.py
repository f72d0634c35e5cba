"""Signing in with two factors, on the one site where an account lives; and out again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache

from casewall.programme.cases.rules import Stage
from casewall.wall.context import on_side
from casewall.wall.sides import SIDE_OF_ROLE, Role
from tests.browser.chromium import NARROW, WIDE, accessibility_faults, press
from tests.browser.codes import code_now
from tests.browser.conftest import Open, People, confirm_password, sign_in
from tests.browser.sites import Sites
from tests.browser.world import World

ONE_OF_EACH = [Role.FACILITATOR, Role.PARTNER_WORKER]
MAIL = "{}@example.invalid"


def refusal(page: Any) -> str:
    """What a page that lets nobody in says."""
    assert page.get_by_role("button", name="Sign out").count() == 0
    assert accessibility_faults(page) == []
    return str(page.locator("main").inner_text())


def assert_it_fits(page: Any) -> None:
    """No page is wider than its window: nobody should have to push it sideways to read it."""
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1], (page.url, wide)


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
def test_whoever_has_recovery_codes_may_mistype_and_then_use_one(
    open_as: Open, people: People, role: Role
) -> None:
    people.renewed(role)
    with on_side(SIDE_OF_ROLE[role]):
        cache.clear()
        codes = RecoveryCodes.activate(people.workers[role])
        first = codes.get_unused_codes()[0]
    page = open_as(None, "/", site=site_of(role))
    sign_in(page, MAIL.format(role.value), code="000000")
    assert "Incorrect code" in refusal(page)
    page.get_by_label("Code").fill(first)
    press(page, "Sign in")
    assert page.get_by_role("button", name="Sign out").is_visible()
    people.renewed(role)


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
    # Only this page knows the new secret: the tests after this one get one of their own.
    people.renewed(role)


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


# --- how wide the pages are -----------------------------------------------------------------------

ENTRANCE = ["/accounts/login/", "/no-such-page/", "/closed/"]
SIGNED_IN = [
    "/no-such-page/",
    "/accounts/2fa/",
    "/accounts/logout/",
    "/accounts/inactive/",
    "/accounts/reauthenticate/",
    "/accounts/password/change/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
]


# One site at each width every time; at night each at both.
@pytest.mark.parametrize(("role", "width"), [
    (Role.FACILITATOR, NARROW),
    (Role.PARTNER_WORKER, WIDE),
    pytest.param(Role.FACILITATOR, WIDE, marks=pytest.mark.slow),
    pytest.param(Role.PARTNER_WORKER, NARROW, marks=pytest.mark.slow),
])
def test_the_pages_of_signing_in_and_of_faults_fit_the_window(
    open_as: Open, people: People, role: Role, width: int
) -> None:
    page = open_as(None, "/accounts/login/", site=site_of(role), width=width)
    for path in ENTRANCE:
        page.goto(path)
        assert_it_fits(page)
    with on_side(SIDE_OF_ROLE[role]):
        cache.clear()
    sign_in(page, MAIL.format(role.value), password="not the right pass phrase")
    assert_it_fits(page)
    sign_in(page, MAIL.format(role.value), code="000000")
    assert_it_fits(page)
    page = open_as(role, "/", width=width)
    for path in SIGNED_IN:
        page.goto(path)
        assert_it_fits(page)
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.context.clear_cookies()
    assert press(page, "Sign in").status == 403
    assert_it_fits(page)


@pytest.mark.parametrize("width", [NARROW, pytest.param(WIDE, marks=pytest.mark.slow)])
def test_too_many_tries_are_answered_on_a_page_of_ours(open_as: Open, width: int) -> None:
    with on_side(SIDE_OF_ROLE[Role.FACILITATOR]):
        cache.clear()
    page = open_as(None, "/accounts/login/", site="programme", width=width)
    for _try in range(40):
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(MAIL.format("nobody"))
        page.get_by_label("Password").fill("x")
        if press(page, "Sign in").status == 429:
            break
    assert page.locator("h1").inner_text() == "Too many tries"
    assert accessibility_faults(page) == []
    assert_it_fits(page)
    with on_side(SIDE_OF_ROLE[Role.FACILITATOR]):
        cache.clear()


# --- the end of a session -------------------------------------------------------------------------

SHORT = 12
"""Seconds without use after which the session of these tests ends; the warning comes at half."""


class HastySites(Sites):
    """Sites on which a session lasts a moment."""

    def _environment(self, site: str) -> dict[str, str]:
        return {**super()._environment(site), "CASEWALL_IDLE_SECONDS": str(SHORT)}


@pytest.fixture
def hasty(browser: Any, sites: Sites, people: People, var: Path) -> Iterator[Any]:
    """A facilitator's browser on a site that ends sessions soon; its own process."""
    secret = people.renewed(Role.FACILITATOR)
    with HastySites(var) as soon:
        context = browser.new_context(base_url=soon["programme"], reduced_motion="reduce")
        page = context.new_page()
        sign_in(page, MAIL.format(Role.FACILITATOR.value), secret)
        yield page
        context.close()
    people.renewed(Role.FACILITATOR)


def warned(page: Any) -> Any:
    return page.get_by_role("dialog", name="Are you still there?")


def test_a_page_warns_before_the_end_and_one_press_stays(hasty: Any) -> None:
    warned(hasty).wait_for(timeout=SHORT * 1000)
    assert accessibility_faults(hasty) == []
    hasty.get_by_role("button", name="Stay signed in").click()
    warned(hasty).wait_for(state="hidden", timeout=5000)
    hasty.wait_for_timeout(SHORT * 1000 * 0.4)
    hasty.goto("/")
    assert hasty.get_by_role("button", name="Sign out").is_visible()


def test_work_in_another_tab_and_typing_count(hasty: Any) -> None:
    other = hasty.context.new_page()
    for _step in range(4):
        hasty.wait_for_timeout(SHORT * 1000 * 0.3)
        other.goto("/")
    assert not warned(hasty).is_visible()
    other.close()
    box = hasty.get_by_role("searchbox")
    for _step in range(6):
        hasty.wait_for_timeout(SHORT * 1000 * 0.2)
        box.press_sequentially("ab")
    assert not warned(hasty).is_visible()
    assert hasty.context.request.get("/", max_redirects=0).status == 200


def test_after_the_end_nothing_is_to_be_read_and_nothing_typed_is_lost(
    hasty: Any, people: People
) -> None:
    hasty.get_by_role("searchbox").fill("What was typed")
    over = hasty.get_by_role("dialog", name="You have been signed out")
    over.wait_for(timeout=SHORT * 3000)
    assert not hasty.get_by_role("heading", level=1).is_visible()
    assert hasty.context.request.get("/", max_redirects=0).status == 302
    secret = people.renewed(Role.FACILITATOR)
    with hasty.context.expect_page() as opened:
        hasty.get_by_role("link", name="Sign in in a new tab").click()
    sign_in(opened.value, MAIL.format(Role.FACILITATOR.value), secret)
    hasty.get_by_role("button", name="Go on").click()
    over.wait_for(state="hidden", timeout=5000)
    assert hasty.get_by_role("searchbox").input_value() == "What was typed"
    # The page outlived a sign-in, so its forms must have got the token of the new session.
    press(hasty, "Sign out")
    assert hasty.locator("h1").inner_text() == "Sign in"
