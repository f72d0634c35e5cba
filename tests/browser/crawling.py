"""Walking through a site as a role, along its links, and judging every page on the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from tests.browser.chromium import Inline, accessibility_faults

_NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}")
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
"""Every week and month links to the next one, without end."""
_FREE = ("before", "after", "q")
_NOT_FOLLOWED = ("/leave/", "/static/")
_FILES = ("document_file", "letter_template_file")
"""Addresses that give a file to keep: not a page."""
_LINKS = "found => found.map(one => one.getAttribute('href'))"
_FORM = (
    "main form[method=post]:not([data-form]):has(:is(input:not([type=hidden]), select, textarea))"
)
"""A page of a questionnaire may be left empty: every question there is a choice to answer."""
_SEND_EMPTY = """form => {
    form.noValidate = true;
    for (const box of form.elements) {
        if (box.type === 'hidden' || box.tagName === 'BUTTON' || !box.name) continue;
        if (box.type === 'radio' || box.type === 'checkbox') box.checked = false;
        else if (box.tagName === 'SELECT') box.selectedIndex = -1;
        else box.value = '';
    }
    const buttons = [...form.elements].filter(one => one.type === 'submit');
    form.requestSubmit(buttons[buttons.length - 1]);
}"""


def shape(url: str) -> str:
    """An address without what only tells one record from another."""
    parts = urlsplit(url)
    query = sorted(
        f"{key}={'…' if key in _FREE else _DAY.sub('…', _NUMBER.sub('…', value))}"
        for key, value in parse_qsl(parts.query)
    )
    return _NUMBER.sub("…", parts.path) + ("?" + "&".join(query) if query else "")


def skeleton(source: str) -> bytes:
    """A page without its words and numbers: elements, classes, roles, states, which box is empty.

    The rules of accessibility look at these. A page that differs from a judged one in words alone
    has been judged.
    """
    bones = _NUMBER.sub("…", source)
    bones = re.sub(r'\b(href|value|content|data-[a-z-]+|points|d)="[^"]+"', r"\1", bones)
    bones = re.sub(r">\s*[^<\s][^<]*<", ">word<", bones)
    bones = re.sub(r"\d+", "0", re.sub(r"\s+", " ", bones))
    # Rows that are alike are one row.
    bones = re.sub(r"(<tr.*?</tr>)(?: ?\1)+", r"\1", bones)
    return sha256(bones.encode()).digest()


def pages_of(urlconf: str) -> dict[str, bool]:
    """The named pages of a site: name → whether its address needs an argument."""
    return dict(_named(get_resolver(urlconf).url_patterns, "", False))


def _named(found: Iterable[Any], space: str, argument: bool) -> Iterable[tuple[str, bool]]:
    for one in found:
        needs = argument or bool(one.pattern.converters) or bool(one.pattern.regex.groups)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _named(one.url_patterns, inner, needs)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{space}{one.name}", needs


def page_name(url: str, urlconf: str) -> str | None:
    """The name of the page at an address of a site."""
    try:
        return str(resolve(urlsplit(url).path, urlconf).view_name)
    except Resolver404:
        return None


@dataclass
class Crawl:
    """What was seen of one site, by all its roles; faults are sentences.

    `most` bounds the pages of one walk; 0 walks to the end.
    """

    urlconf: str
    names: set[str]
    per_shape: int = 1
    most: int = 0
    sends_empty: bool = True
    pages: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    judged: set[bytes] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)

    def walk(self, page: Any, who: str, start: Iterable[str]) -> None:
        """Visit the given addresses, and from them every shape of page that links lead to."""
        seen: set[str] = set()
        shapes: Counter[str] = Counter()
        waiting = [(url, True) for url in start]
        while waiting and not (self.most and len(seen) >= self.most):
            url, is_start = waiting.pop(0)
            kind = shape(url)
            if url in seen or kind.startswith(_NOT_FOLLOWED):
                continue
            if not is_start and shapes[kind] >= self.per_shape:
                continue
            seen.add(url)
            shapes[kind] += 1
            leads_to = self.visit(page, f"{who} {url}", url, is_link=not is_start)
            waiting += [(path, False) for path in leads_to]
            if self.sends_empty and kind not in self.sent:
                self.sent.add(kind)
                self.send_empty(page, f"{who} {url}, sent empty")

    def visit(self, page: Any, label: str, url: str, *, is_link: bool = False) -> list[str]:
        """Open a page, judge it, and return the addresses that it leads to."""
        if page_name(url, self.urlconf) in _FILES:
            self.reached.add(str(page_name(url, self.urlconf)))
            return []
        answer = page.goto(url)
        if answer.status >= 500 or (is_link and answer.status >= 400):
            self.faults.append(f"{label}: answered {answer.status}")
        name = page_name(page.url, self.urlconf)
        if name and answer.ok:
            self.reached.add(name)
        self.judge(page, label, answer)
        found = page.eval_on_selector_all("a[href]", _LINKS)
        return [path for path in (_own_path(page.url, href) for href in found) if path]

    def judge(self, page: Any, label: str, answer: Any) -> None:
        """The page as it was sent (nothing written into it, a neutral title) and as it stands."""
        self.pages.append(label)
        self.answers[answer.status] += 1
        source = Inline.of(answer.text())
        self.faults += [f"{label}: written into the page: {what}" for what in source.found]
        if not source.title:
            self.faults.append(f"{label}: no title")
        words = set(re.findall(r"\w+", source.title))
        if spoken := sorted(self.names & words):
            self.faults.append(f"{label}: the title “{source.title}” names {spoken}")
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            self.faults.append(f"{label}: {wide} pixels wider than the screen")
        bones = skeleton(page.content())
        if bones not in self.judged:
            self.judged.add(bones)
            self.faults += [f"{label}: {fault}" for fault in accessibility_faults(page)]

    def send_empty(self, page: Any, label: str) -> None:
        """Send the page's main form with nothing in it; what comes back is a page too."""
        form = page.query_selector(_FORM)
        if form is None:
            return
        with page.expect_navigation() as sent:
            form.evaluate(_SEND_EMPTY)
        answer = sent.value
        if answer.status >= 400 and answer.status != 422:
            self.faults.append(f"{label}: answered {answer.status}")
        if page.query_selector(".govuk-error-summary") is None:
            self.faults.append(f"{label}: no summary of what is wrong")
        self.judge(page, label, answer)

    def told(self) -> str:
        """One line about what was seen."""
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(self.answers.items()))
        return f"{len(self.pages)} pages ({answers}), {len(self.judged)} of them unlike each other"


def _own_path(here: str, href: str) -> str | None:
    """The address on this site that a link leads to, without its fragment."""
    parts = urlsplit(urljoin(here, href))
    if parts.netloc != urlsplit(here).netloc or parts.scheme not in ("http", "https"):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")
