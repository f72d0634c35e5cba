"""Leaks through what surrounds a page: status, headers, cookies, bytes, mails, log lines."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from casewall.config.prove.leaks import leak, secret
from casewall.pages.middleware import SecurityHeaders

Change = Callable[[Any, Any, int], object]


def _around(change: Change) -> AbstractContextManager[object]:
    """Patch the outermost middleware so that each answer is changed by the secret number."""
    kept = SecurityHeaders.__call__

    def call(self: Any, request: Any) -> Any:
        response = kept(self, request)
        number = secret()
        if number:
            change(request, response, number)
        return response

    return patch.object(SecurityHeaders, "__call__", call)


def _header(name: str, value: str) -> Change:
    def change(request: Any, response: Any, number: int) -> None:
        response.headers[name] = value.format(number)

    return change


def _body(old: bytes, new: str) -> Change:
    """Put something in the place of a piece of the page, once."""

    def change(request: Any, response: Any, number: int) -> None:
        if not response.streaming:
            response.content = response.content.replace(old, new.format(number).encode(), 1)

    return change


@leak(8, "programme", "a record that is not there answers 410 instead of 404")
def gone_for_not_found() -> AbstractContextManager[object]:
    def change(request: Any, response: Any, number: int) -> None:
        if response.status_code == 404:
            response.status_code = 410

    return _around(change)


@leak(8, "programme", "what is hidden answers 403")
def forbidden_for_not_found() -> AbstractContextManager[object]:
    def change(request: Any, response: Any, number: int) -> None:
        if response.status_code == 404 and "/cases/" in request.path:
            response.status_code = 403

    return _around(change)


@leak(15, "programme", "a page was last modified when a partner's file was")
def last_modified() -> AbstractContextManager[object]:
    return _around(_header("Last-Modified", "Mon, 02 Mar 2026 10:{0:02d}:00 GMT"))


@leak(16, "programme", "an ETag counts partner files")
def entity_tag() -> AbstractContextManager[object]:
    return _around(_header("ETag", '"{0}"'))


@leak(20, "programme", "a shared cache says that it was warm")
def cache_hit() -> AbstractContextManager[object]:
    return _around(_header("X-Cache", "HIT"))


@leak(20, "programme", "a page may be stored where there are partners")
def may_be_stored() -> AbstractContextManager[object]:
    return _around(_header("Cache-Control", "private"))


@leak(21, "programme", "a common quota is nearly used up")
def quota_left() -> AbstractContextManager[object]:
    return _around(_header("X-RateLimit-Remaining", "{0}"))


@leak(21, "programme", "too many requests were made, by the other side too")
def quota_reached() -> AbstractContextManager[object]:
    def change(request: Any, response: Any, number: int) -> None:
        if request.path == "/search/":
            response.status_code = 429

    return _around(change)


@leak(25, "programme", "a page links to a calendar with the partner's meetings")
def calendar_link() -> AbstractContextManager[object]:
    return _around(_header("Link", "</calendar-{0}.ics>; rel=alternate"))


@leak(28, "programme", "the name of a file counts partner files")
def file_name() -> AbstractContextManager[object]:
    return _around(_header("Content-Disposition", 'inline; filename="case-{0}.html"'))


@leak(40, "programme", "a header tells how much is stored in all")
def storage() -> AbstractContextManager[object]:
    return _around(_header("X-Stored", "{0}"))


@leak(42, "programme", "a cookie remembers the number of partner files")
def cookie() -> AbstractContextManager[object]:
    return _around(lambda request, response, number: response.set_cookie("seen", str(number)))


@leak(42, "programme", "the title of a page counts partner files")
def title() -> AbstractContextManager[object]:
    return _around(_body(b"<title>", "<title>({0}) "))


@leak(42, "programme", "a redirect carries the number in its address")
def redirect() -> AbstractContextManager[object]:
    def change(request: Any, response: Any, number: int) -> None:
        if response.status_code in (301, 302):
            response.headers["Location"] += f"?n={number}"

    return _around(change)


@leak(32, "programme", "a form has a field more")
def field_of_a_form() -> AbstractContextManager[object]:
    return _around(_body(b"</form>", '<input type="hidden" name="linked" value="1"></form>'))


@leak(36, "programme", "a bar is as long as there are partners")
def bar_of_a_chart() -> AbstractContextManager[object]:
    return _around(_body(b"</main>", '<svg width="{0}" height="1"></svg></main>'))


@leak(38, "programme", "a deleted record leaves a mark")
def tombstone() -> AbstractContextManager[object]:
    return _around(_body(b"</body>", "<!-- deleted --></body>"))


@leak(10, "programme", "the search box proposes names of both sides")
def proposals() -> AbstractContextManager[object]:
    return _around(_body(b"</main>", '<datalist id="names"><option>{0}</option></datalist></main>'))


@leak(26, "programme", "what made a page is in its head")
def maker_of_a_page() -> AbstractContextManager[object]:
    return _around(_body(b"</head>", '<meta name="generator" content="v{0}"></head>'))


@leak(43, "programme", "spaces at the end of a page count partner files")
def spaces_at_the_end() -> AbstractContextManager[object]:
    def change(request: Any, response: Any, number: int) -> None:
        if not response.streaming:
            response.content = response.content + b" " * number

    return _around(change)


@leak(24, "programme", "a mail to a worker counts partner files in its subject")
def mail_subject() -> AbstractContextManager[object]:
    def change(request: Any, response: Any, number: int) -> None:
        from django.core import mail

        if request.path == "/":
            with mail.get_connection("django.core.mail.backends.locmem.EmailBackend") as sender:
                mail.EmailMessage(f"{number} new", "See your list.", to=["worker@example.invalid"],
                                  connection=sender).send()

    return _around(change)


@leak(30, "programme", "a log line counts partner files")
def log_line() -> AbstractContextManager[object]:
    return _around(lambda request, response, number: logging.getLogger("casewall").warning(
        "Page with %s linked files", number))
