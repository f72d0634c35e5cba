"""The system's Chromium, and what every test in it looks for.

Nothing here downloads a browser or a script: the accessibility rules (axe-core) come with a package
of the development lock file, and are put into a page through the debugger, because the content
policy rightly refuses a script that the page did not load itself.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

WIDE, NARROW = 1280, 390
HEIGHT = 900
PATIENCE = 15_000
"""Milliseconds after which a step counts as failed."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
]
AXE_RUN = """axe.run(document, {runOnly: %s, resultTypes: ["violations"]}).then(found =>
    found.violations.map(one => one.id + ": " + one.nodes.slice(0, 3).map(
        node => node.html + " (" + node.failureSummary + ")").join(" | ")))"""


def chromium() -> str:
    """The browser's path; skips the test where there is none."""
    named = os.environ.get("CASEWALL_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    return found


@contextmanager
def launched() -> Iterator[Any]:
    """A browser. Only one of these can be open at a time in a process.

    Playwright's loop makes Django believe that the tests are asynchronous; they are not.
    """
    path = chromium()
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            try:
                yield browser
            finally:
                browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


class Clicks:
    """Counts the presses and key strokes that a task takes, typing apart."""

    def __init__(self, page: Any):
        self.page, self.count = page, 0

    def on(self, where: Any) -> None:
        """One press that leads nowhere else."""
        self.count += 1
        where.click()

    def through(self, where: Any) -> Any:
        """One press that opens another page; returns the answer."""
        self.count += 1
        with self.page.expect_navigation() as answer:
            where.click()
        return answer.value


def press(page: Any, name: str, *, role: str = "button", within: str = "body") -> Any:
    """Press a button or follow a link by its words, and wait for the page that answers."""
    with page.expect_navigation() as answer:
        page.locator(within).get_by_role(role, name=name, exact=True).click()
    return answer.value


@cache
def axe_source() -> str:
    """axe-core, as the package of the lock file ships it."""
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None, "axe-playwright-python is missing: install requirements-dev.lock"
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def accessibility_faults(page: Any) -> list[str]:
    """What axe-core finds on the page as it stands: the rule, and the elements that break it."""
    debugger = page.context.new_cdp_session(page)
    try:
        _evaluated(debugger, axe_source())
        return list(_evaluated(debugger, AXE_RUN % RULES, awaitPromise=True, returnByValue=True))
    finally:
        debugger.detach()


def _evaluated(debugger: Any, expression: str, **how: Any) -> Any:
    found = debugger.send("Runtime.evaluate", {"expression": expression, **how})
    assert "exceptionDetails" not in found, found["exceptionDetails"]
    return found["result"].get("value")


@dataclass
class Watch:
    """Everything that a browser complained about, and every address that it asked for."""

    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    cached: list[str] = field(default_factory=list)
    without_policy: list[str] = field(default_factory=list)

    def over(self, context: Any) -> None:
        """Watch all pages of a context."""
        context.on("console", self._said)
        context.on("weberror", lambda fault: self.complaints.append(str(fault.error)))
        context.on("request", self._asked)
        context.on("response", self._answered)

    def _said(self, message: Any) -> None:
        # A refused form and a hidden record answer with 4xx on purpose; the browser notes each.
        if "Failed to load resource" in message.text and "status of 4" in message.text:
            return
        # Ending a visit clears what the browser kept; the browser says that it did.
        if "Cleared data types:" in message.text:
            return
        self.complaints.append(f"{message.page and message.page.url}: {message.text}")

    def _asked(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.elsewhere.append(request.url)

    def _answered(self, response: Any) -> None:
        parts = urlsplit(response.url)
        if parts.hostname != "127.0.0.1" or parts.path.startswith("/static/"):
            return
        headers = response.headers
        if headers.get("cache-control") != "no-store":
            self.cached.append(response.url)
        if not headers.get("content-security-policy", "").startswith("default-src 'none'"):
            self.without_policy.append(response.url)

    def assert_nothing(self) -> None:
        """Fail with all that was seen."""
        assert self.complaints == []
        assert self.elsewhere == []
        assert self.cached == []
        assert self.without_policy == []


class Inline(HTMLParser):
    """Finds style and script that are written into a page, in the page as it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or "style" in names:
            self.found.append(self.get_starttag_text() or tag)
        if tag == "script" and not names.get("src"):
            self.found.append(self.get_starttag_text() or tag)
        if any(name.startswith("on") for name in names) or _is_script(names.get("href")):
            self.found.append(self.get_starttag_text() or tag)
        self._in_title = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, text: str) -> None:
        # An SVG has titles too; the page's own comes first.
        if self._in_title and not self.title:
            self.title = text.strip()

    @classmethod
    def of(cls, source: str) -> Inline:
        """Read a page."""
        reader = cls()
        reader.feed(source)
        reader.close()
        return reader


def _is_script(href: str | None) -> bool:
    return (href or "").strip().lower().startswith("javascript:")
