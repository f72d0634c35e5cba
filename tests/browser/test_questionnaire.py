"""Questions on a device in a real browser: quick exit, Back, Arabic, what stays behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.utils import timezone

from casewall.config.clusters import role_url
from casewall.safety.asking.actions import ask_on_device
from casewall.safety.asking.rules import Device
from casewall.safety.intake.actions import take_in_forms
from casewall.safety.partners.models import PartnerFile, PartnerTask, ScaleAnswer
from casewall.safety.partners.rules import Wave
from casewall.vault.codes import visit_hash
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.browser.chromium import HEIGHT, NARROW, PATIENCE, Watch, accessibility_faults
from tests.browser.sites import Sites
from tests.people import Staff
from tests.wall.rows import a_file

DOOR = "front_door"
CLOSED = "This page has closed"
BACK = 5


class Weather(BaseHTTPRequestHandler):
    """The everyday page that leaving leads to."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.end_headers()
        if self.path == "/":
            self.server.seen.append(self.headers.get("Referer"))  # type: ignore[attr-defined]
        self.wfile.write(b"<!doctype html><html lang=en><title>Weather</title><h1>Rain</h1>")

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def weather() -> Iterator[Any]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Weather)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


class DoorWithExit(Sites):
    """The front door, whose exit leads to a page on this machine."""

    exit_url = ""

    def _environment(self, site: str) -> dict[str, str]:
        return {**super()._environment(site), "CASEWALL_EXIT_URL": self.exit_url}


@pytest.fixture(scope="module")
def door(var: Path, weather: Any) -> Iterator[str]:
    found = DoorWithExit(var)
    found.exit_url = f"http://127.0.0.1:{weather.server_port}/"
    with found:
        yield found[DOOR]


@pytest.fixture
def file(staff: Staff) -> PartnerFile:
    return a_file(staff)


Give = Callable[..., str]


@pytest.fixture
def give(staff: Staff, file: PartnerFile) -> Give:
    """`give("ar")` makes a code and returns it."""

    def made(language: str = "en", measures: tuple[str, ...] = ("freedom", "safety")) -> str:
        return ask_on_device(
            file=file, wave=Wave.BEFORE, measures=measures, language=language,
            device=Device.OWN_DEVICE, form=uuid4(), at=timezone.now(),
            by=staff[Role.PARTNER_WORKER],
        ).code

    return made


@pytest.fixture
def opened(browser: Any, door: str) -> Iterator[Callable[..., Any]]:
    """`opened(script=…)` is a page of a fresh browser that was somewhere else before."""
    contexts: list[tuple[Any, Watch]] = []

    def page(*, script: bool = True, width: int = NARROW) -> Any:
        context = browser.new_context(
            base_url=door, viewport={"width": width, "height": HEIGHT},
            java_script_enabled=script, reduced_motion="reduce")
        context.set_default_timeout(PATIENCE)
        watch = Watch()
        watch.over(context)
        contexts.append((context, watch))
        found = context.new_page()
        found.goto("/closed/?where=somebody-was-before")
        return found

    yield page
    for context, watch in contexts:
        context.close()
        # Chromium notes in its console that it did as it was told.
        watch.complaints = [said for said in watch.complaints if "Clear-Site-Data" not in said]
        watch.assert_nothing()


def enter(page: Any, code: str) -> None:
    """Type the code; the next page is there."""
    page.goto("/form/")
    page.locator("#code").fill(code.lower())
    page.locator("main form button").click()
    page.locator("[name=page][value='0']").wait_for(state="attached")


def to_first_page(page: Any, code: str, begin: str = "Begin") -> None:
    enter(page, code)
    page.get_by_role("button", name=begin, exact=True).click()
    page.locator("[name=page][value='1']").wait_for(state="attached")


def token_of(page: Any) -> str:
    [cookie] = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (
        "visit", True, "Strict", -1)
    return str(cookie["value"])


def visit_is_open(var: Path, token: str) -> bool:
    """Whether the server still knows the visit, asked as the front door asks."""
    with psycopg.connect(role_url("safety", "DOOR", var), autocommit=True) as connection:
        rows = connection.execute("select * from app.slot_read(%s)", [visit_hash(token)])
        return rows.fetchone() is not None


def assert_gone(page: Any, var: Path, token: str, weather: Any) -> None:
    """On the everyday page, without a cookie, dead on the server, and Back shows nothing of it."""
    page.wait_for_url(f"http://127.0.0.1:{weather.server_port}/")
    assert page.title() == "Weather"
    assert set(weather.seen) == {None}
    assert page.context.cookies() == []
    assert not visit_is_open(var, token)
    for _ in range(BACK):
        page.go_back()
        if page.url == "about:blank":
            break
        shown = page.locator("body").inner_text()
        assert CLOSED in shown or page.title() == "Weather", shown
        assert page.locator("fieldset, form").count() == 0
    assert page.context.cookies() == []


def test_the_button_leaves_at_once_and_back_shows_nothing(
    opened: Callable[..., Any], give: Give, var: Path, weather: Any
) -> None:
    page = opened()
    to_first_page(page, give())
    token = token_of(page)
    assert visit_is_open(var, token)
    page.get_by_label("Often").first.check()
    assert page.title() == "Form"
    # All pages together are one entry: what came before, and this.
    assert page.evaluate("history.length") == 3
    page.get_by_role("button", name="Emergency: Leave this page now").click()
    assert_gone(page, var, token, weather)


def test_without_script_the_link_leaves_and_back_finds_every_page_closed(
    opened: Callable[..., Any], give: Give, var: Path, weather: Any
) -> None:
    page = opened(script=False)
    to_first_page(page, give())
    token = token_of(page)
    page.get_by_label("Often").first.check()
    page.get_by_role("button", name="Send and go on").click()
    page.locator("[name=page][value='2']").wait_for(state="attached")
    page.locator(".govuk-exit-this-page__button").click()
    assert_gone(page, var, token, weather)


def test_shift_three_times_within_five_seconds_leaves_and_typing_capitals_does_not(
    opened: Callable[..., Any], give: Give, var: Path, weather: Any
) -> None:
    page = opened()
    enter(page, give())
    token = token_of(page)
    for _ in range(3):
        page.keyboard.press("Shift+A")
    page.keyboard.press("Shift")
    assert page.locator("[data-said]").inner_text() == "Shift: press 2 more times to leave."
    page.keyboard.press("x")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    assert visit_is_open(var, token)
    assert page.locator(".govuk-exit-this-page__indicator-light--on").count() == 2
    page.keyboard.press("Shift")
    assert_gone(page, var, token, weather)


def test_a_page_that_nobody_touches_warns_and_closes(
    opened: Callable[..., Any], give: Give, var: Path
) -> None:
    page = opened()
    page.clock.install()
    to_first_page(page, give())
    token = token_of(page)
    warning = page.get_by_text("Nobody has touched this page for a while")
    page.clock.fast_forward("08:05")
    warning.wait_for()
    page.get_by_role("button", name="Stay on this page").click()
    warning.wait_for(state="hidden")
    page.clock.fast_forward("07:00")
    assert visit_is_open(var, token)
    page.clock.fast_forward("03:05")
    page.wait_for_url("**/closed/")
    assert page.locator("h1").inner_text() == CLOSED
    assert page.context.cookies() == []
    assert not visit_is_open(var, token)


def test_the_arabic_questions_from_the_code_to_the_end_on_a_phone(
    opened: Callable[..., Any], give: Give, staff: Staff, var: Path, weather: Any
) -> None:
    page = opened()
    code = give("ar")
    page.goto(f"/form/#{code}")
    assert page.locator("#code").input_value() == code
    assert "#" not in page.url
    page.locator("main form button").click()
    page.get_by_role("heading", name="قبل البدء").wait_for()
    assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == [
        "rtl", "ar"]
    token = token_of(page)
    faults = accessibility_faults(page)
    page.get_by_role("button", name="بدء", exact=True).click()
    page.get_by_text("الصفحة 1 من 2").wait_for()
    assert_mirrored(page)
    faults += accessibility_faults(page)
    page.get_by_role("button", name="إرسال ومتابعة").click()
    page.get_by_text("الصفحة 2 من 2").wait_for()
    page.locator("[name=safety-1][value='2']").check()
    page.locator("[name=safety-2][value='prefer-not-to-say']").check()
    page.locator("[name=safety-3][value='4']").check()
    page.get_by_role("button", name="إرسال وإنهاء").click()
    page.get_by_role("heading", name="سيُبلَّغ الشخص الذي يقدّم لك الدعم").wait_for()
    faults += accessibility_faults(page)
    page.get_by_role("button", name="إرسال إجاباتي").click()
    page.get_by_role("heading", name="شكرًا").wait_for()
    assert page.context.cookies() == []
    assert not visit_is_open(var, token)
    assert [fault for fault in faults + accessibility_faults(page) if fault] == []
    page.get_by_role("button", name="إغلاق هذه الصفحة").click()
    assert_gone(page, var, token, weather)
    arrived(staff)


def assert_mirrored(page: Any) -> None:
    """Text begins at the right edge, the radio stands right of its words, nothing sticks out."""
    box = page.locator(".govuk-radios__input").first.bounding_box()
    label = page.locator(".govuk-radios__label").first.bounding_box()
    assert box["x"] + box["width"] / 2 > label["x"] + label["width"] / 2
    assert box["x"] > NARROW / 2
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    values = page.locator("fieldset").first.locator("input").evaluate_all(
        "found => found.map(one => one.value)")
    assert values == ["0", "1", "2", "3", "4", "prefer-not-to-say", "skip"]


def arrived(staff: Staff) -> None:
    """What was chosen in Arabic is in the file, and the worker has a task."""
    take_in_forms(by=staff[Role.SAFETY_SYSTEM], services={}, at=timezone.now())
    viewer = staff[Role.SAFETY_MANAGER]
    with acting(viewer):
        rows = {row.measure: row for row in ScaleAnswer.objects.visible_to(viewer)}
        tasks = list(PartnerTask.objects.visible_to(viewer))
    assert (rows["safety"].language, rows["safety"].answered_items) == ("ar", 2)
    assert '"safety-2": "prefer-not-to-say"' in rows["safety"].answers
    assert '"safety-4": null' in rows["safety"].answers
    assert [task.kind for task in tasks] == ["answer_signals_danger"]
