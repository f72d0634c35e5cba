"""Following the links of a site as one role: which of them lead nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.test import Client

from tests.browser.crawling import shape

_LINK = re.compile(r"<a\s[^>]*?href=\"([^\"]*)\"")
_NUMBER = re.compile(r"\d+(-\d+)*")
NOT_FOLLOWED = ("/leave/", "/static/", "/accounts/", "/media/")
"""Ways out, files, and the pages of the sign-in package, which have tests of their own."""


def links_of(source: str, address: str) -> list[str]:
    """Where the links of a page lead, on this site, without what stands after a #."""
    found = []
    for href in _LINK.findall(source):
        whole = urljoin(address, unescape(href)).split("#")[0]
        if not urlsplit(whole).netloc and whole.startswith("/"):
            found.append(whole)
    return list(dict.fromkeys(found))


def dead_links(
    browser: Client, start: Iterable[str], *, per_shape: int = 2, most: int = 0
) -> tuple[list[str], int]:
    """The links that lead to no page, each with the page on which it stands, and the pages seen.

    From each shape of address so many are opened; `most` bounds the pages, 0 for all.
    """
    waiting = [(address, "") for address in start]
    seen: set[str] = set()
    shapes: Counter[str] = Counter()
    dead: list[str] = []
    while waiting and not (most and len(seen) >= most):
        address, source = waiting.pop(0)
        # A calendar leads from week to week without end: one number is like another.
        kind = _NUMBER.sub("0", shape(address))
        if address in seen or kind.startswith(NOT_FOLLOWED) or shapes[kind] >= per_shape:
            continue
        seen.add(address)
        shapes[kind] += 1
        answer = browser.get(address)
        if answer.status_code >= 400:
            if source:
                dead.append(f"{source} leads to {address}, which answers {answer.status_code}")
            continue
        if answer.status_code in (301, 302):
            waiting.append((answer.headers["Location"], address))
        elif answer.headers.get("Content-Type", "").startswith("text/html"):
            waiting += [(link, address) for link in links_of(answer.content.decode(), address)]
    return dead, len(seen)
