"""Sites that are up, workers who can sign in, and a browser that watches itself."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from casewall.wall.sides import SIDE_OF_ROLE, Role
from tests.browser.chromium import HEIGHT, PATIENCE, WIDE, Watch, chromium, launched, press
from tests.browser.codes import code_now, renew, second_factors
from tests.browser.sites import Sites
from tests.browser.world import World, furnished
from tests.emptying import empty
from tests.people import PASSWORD, Staff

BROWSER_TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs a browser."""
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def sites(var: Path) -> Iterator[Sites]:
    """The sites, each started when a test first asks for it; nothing where there is no browser."""
    chromium()
    # Asked to end, the tests end as by Ctrl-C, so that no site is left running behind them.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Sites(var) as found:
            yield found
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="module")
def secrets_of(staff_once: Staff, owner_urls: dict[str, str]) -> Iterator[dict[Role, str]]:
    """Empty tables, and a new second factor for every worker."""
    empty(owner_urls.values())
    with second_factors(staff_once) as given:
        yield given
    empty(owner_urls.values())


@pytest.fixture(scope="module")
def world(staff_once: Staff, secrets_of: dict[Role, str]) -> World:
    """The invented world, made anew for each module."""
    return furnished(staff_once)


@pytest.fixture(scope="module")
def browser(sites: Sites) -> Iterator[Any]:
    """Chromium."""
    with launched() as started:
        yield started


class People:
    """Opens the browser of a person: signed in as a role, or nobody."""

    def __init__(self, browser: Any, sites: Sites, staff: Staff, secrets: dict[Role, str]):
        self.browser, self.sites, self.secrets = browser, sites, secrets
        self.workers = staff.workers
        self.kept: dict[Role, Any] = {}

    def context(
        self, role: Role | None = None, *, width: int = WIDE, script: bool = True, site: str = ""
    ) -> tuple[Any, Watch]:
        """A browser with its own cookies, and what watches over it."""
        if role is not None:
            site = SIDE_OF_ROLE[role].value
            if role not in self.kept:
                self.kept[role] = self._signed_in(role)
        context = self.browser.new_context(
            base_url=self.sites[site],
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=script,
            storage_state=self.kept.get(role) if role else None,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch()
        watch.over(context)
        return context, watch

    def renewed(self, role: Role) -> str:
        """Forget the sign-in of a role and give it a new secret: a code is accepted once."""
        self.kept.pop(role, None)
        self.secrets[role] = renew(self.workers[role])
        return self.secrets[role]

    def _signed_in(self, role: Role) -> Any:
        context, watch = self.context(site=SIDE_OF_ROLE[role].value)
        page = context.new_page()
        sign_in(page, f"{role.value}@example.invalid", self.secrets[role])
        assert page.get_by_role("button", name="Sign out").is_visible()
        watch.assert_nothing()
        kept = context.storage_state()
        context.close()
        return kept


def sign_in(
    page: Any, email: str, secret: str = "", *, password: str = PASSWORD, code: str = ""
) -> None:
    """Both steps, as people take them; the second only where the first was right."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")
    if secret or code:
        page.get_by_label("Code").fill(code or code_now(secret))
        press(page, "Sign in")


def confirm_password(page: Any) -> None:
    """Answer the question that stands before the pages of the second factor."""
    if "/accounts/reauthenticate/" not in page.url:
        page.goto("/accounts/reauthenticate/")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Confirm")


@pytest.fixture(scope="module")
def people(browser: Any, sites: Sites, staff_once: Staff, secrets_of: dict[Role, str]) -> People:
    """Browsers of people; each role signs in once per module."""
    return People(browser, sites, staff_once, secrets_of)


Open = Callable[..., Any]


@pytest.fixture
def open_as(people: People, request: pytest.FixtureRequest) -> Iterator[Open]:
    """`open_as(role, path)` gives a page. A failing test leaves a picture of each of its pages."""
    with ExitStack() as stack:
        watches: list[Watch] = []
        pages: list[Any] = []

        def opened(role: Role | None, path: str = "/", **how: Any) -> Any:
            context, watch = people.context(role, **how)
            stack.callback(context.close)
            watches.append(watch)
            page = context.new_page()
            pages.append(page)
            page.goto(path)
            return page

        yield opened
        if _failed(request.node):
            _picture(pages, request.node.name)
        else:
            for watch in watches:
                watch.assert_nothing()


def _failed(node: Any) -> bool:
    report = getattr(node, "report_of_call", None)
    return report is None or report.failed


def _picture(pages: list[Any], name: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="casewall-browser-"))
    for number, page in enumerate(page for page in pages if not page.is_closed()):
        page.screenshot(path=folder / f"{name[:60].replace('/', '-')}-{number}.png", full_page=True)
    print(f"Pictures of the pages: {folder}")  # noqa: T201


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Let a fixture know whether its test failed."""
    report = yield
    if report.when == "call":
        item.report_of_call = report  # type: ignore[attr-defined]
    return report
