"""The components in a real browser: both widths, both directions, with and without script."""

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

from tests.browser.chromium import NARROW, WIDE, accessibility_faults, launched
from tests.pages.conftest import PLAIN_SITE

pytestmark = pytest.mark.browser

GUIDES = [
    "/guide/",
    "/guide/?errors=1&side=safety",
    "/guide/?errors=1&dir=rtl",
    "/guide/public/?errors=1",
    "/guide/public/?dir=rtl",
    "/closed/",
    "/fail/absent/",
]


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Says nothing: a test's output is its result."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A site with the style guide on a free port."""
    exit_page = {"CASEWALL_EXIT_URL": "/guide/public/?dir=rtl"}
    with override_settings(**PLAIN_SITE, **exit_page):
        server = make_server(
            "127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), handler_class=Quiet
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; tests are skipped where there is none."""
    with launched() as started:
        yield started


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Any]:
    contexts = []

    def opened(path: str, width: int = WIDE, script: bool = True) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text))
        page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", GUIDES[:6])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_page_fits_its_screen_and_breaks_no_rule_of_the_policy(open_page, path, width):
    page = open_page(path, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []
    font = "document.fonts.load('16px \"Atkinson Hyperlegible Next\"').then(found => found.length)"
    assert page.evaluate(font) > 0


@pytest.mark.parametrize("path", GUIDES)
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_axe_finds_nothing(open_page, path, width):
    assert accessibility_faults(open_page(path, width)) == []


def test_all_attended_marks_only_those_who_are_not_marked(open_page):
    page = open_page("/guide/")
    page.check("#outcome-b-3", force=True)
    assert page.inner_text("[data-casewall-said]") == "2 of 3 marked"
    page.click("[data-casewall-all]")
    assert page.inner_text("[data-casewall-said]") == "3 of 3 marked"
    checked = page.eval_on_selector_all(
        "[data-casewall-person] input:checked", "all => all.map(one => one.value)"
    )
    assert checked == ["attended", "absent", "attended"]


def test_the_choices_of_a_register_are_large_enough_for_a_finger(open_page):
    page = open_page("/guide/", NARROW)
    heights = page.eval_on_selector_all(
        ".cw-choice label", "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert len(heights) == 12
    assert min(heights) >= 44


def test_the_error_summary_takes_the_focus_and_leads_to_the_box(open_page):
    page = open_page("/guide/public/?errors=1")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    page.click("text=“Name” is empty. >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_full_name"


@pytest.mark.parametrize("how", ["button", "keys"])
def test_after_leaving_the_back_button_shows_a_page_that_says_nothing(open_page, how):
    page = open_page("/guide/public/")
    if how == "button":
        page.click("text=Leave this page")
    else:
        for _press in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url("**dir=rtl")
    page.go_back()
    page.wait_for_url("**/closed/")
    assert page.inner_text("h1") == "This page has closed"


def test_leaving_works_without_script(open_page):
    page = open_page("/guide/public/", script=False)
    page.click("text=Leave this page")
    assert page.url.endswith("dir=rtl")


def test_a_filter_panel_is_open_on_a_wide_screen_folded_on_a_phone_and_open_without_script(
    open_page,
):
    def is_open(page: Any) -> bool:
        return page.query_selector("details.cw-filter[open]") is not None

    assert is_open(open_page("/guide/"))
    assert not is_open(open_page("/guide/", NARROW))
    assert is_open(open_page("/guide/", NARROW, script=False))


def test_a_browser_may_post_a_form_under_these_headers(open_page, address):
    """`Referrer-Policy: no-referrer` would send `Origin: null`, which Django refuses."""
    page = open_page("/guide/")
    page.evaluate(
        "form => { form.action = '/cases/'; form.noValidate = true; }",
        page.query_selector("form:has([data-casewall-register])"),
    )
    page.click("text=Save register")
    page.wait_for_url("**/cases/")
    assert "posted" in page.content()


def test_the_sides_differ_in_colour_shape_and_words(open_page):
    def look(side: str) -> tuple[str, str, str]:
        page = open_page(f"/guide/?side={side}")
        return (
            page.evaluate("getComputedStyle(document.querySelector('.cw-header')).backgroundColor"),
            page.evaluate("getComputedStyle(document.querySelector('.cw-side')).borderRadius"),
            page.inner_text(".cw-side"),
        )

    programme, safety = look("programme"), look("safety")
    assert all(one != other for one, other in zip(programme, safety, strict=True))
