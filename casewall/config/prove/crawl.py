"""Looking at everything that the programme side shows, as each role and as nobody.

One line of JSON for each request: role, address, status, headers, cookies, body, the statements
that the database was asked in their order, mails and log lines. Nothing in it depends on when.
"""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

NOBODY = "nobody"
UNKNOWN = UUID(int=7)
"""An identifier that no record has."""
LOOKS_AS = ("facilitator", "programme_manager")
"""Roles of a short look."""
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_LINK = re.compile(rb"""(?:href|action)=["'](/[^"'#]*)""")
_SAVEPOINT = re.compile(r"s\d+_x\d+")
"""Its name holds the number of a thread."""
_ZIP = b"PK\x03\x04"


def crawl(workers: dict[str, Any], terms: list[str], into: str) -> int:
    """Every page that each role reaches by links, every address of the site without a record,
    and a search for every term. Returns how many requests were made."""
    requests = 0
    with Path(into).open("w", encoding="utf-8") as sink:
        for role, client in _signed_in(workers, sorted(workers)):
            for url, told in _walk(client, _starts(terms)):
                requests += 1
                sink.write(_line(role, url, told))
    return requests


def look(workers: dict[str, Any], terms: list[str], into: str) -> int:
    """The first pages, the first case, the first group and a few searches, as two roles."""
    requests = 0
    with Path(into).open("w", encoding="utf-8") as sink:
        for role, client in _signed_in(workers, LOOKS_AS):
            for url, told in _few(client, terms):
                requests += 1
                sink.write(_line(role, url, told))
    return requests


def _signed_in(workers: dict[str, Any], roles: Any) -> Iterator[tuple[str, Any]]:
    from django.test import Client

    for role in roles:
        client = Client(raise_request_exception=False)
        client.force_login(workers[role], backend=_BACKEND)
        session = client.session
        session["second_factor"] = True
        session.save()
        yield role, client
    yield NOBODY, Client(raise_request_exception=False)


def _starts(terms: list[str]) -> list[str]:
    from django.urls import NoReverseMatch, get_resolver, reverse

    named = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    found = ["/", "/nowhere/", *(f"/search/?q={term}" for term in terms)]
    for name in sorted(named):
        for arguments in ([], [UNKNOWN]):
            try:
                found.append(reverse(name, args=arguments))
            except NoReverseMatch:
                continue
    return found


def _walk(client: Any, starts: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    waiting, seen = list(starts), set()
    while waiting:
        url = waiting.pop(0)
        if url in seen or url.startswith("/static/") or "logout" in url:
            continue
        seen.add(url)
        told, content = _asked(client, url)
        yield url, told
        location = dict(told["headers"]).get("Location", "")
        waiting += [location] if location.startswith("/") else []
        waiting += _links(content)


def _few(client: Any, terms: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A fixed short way: it must not depend on what the pages show, only on their addresses."""
    first = ["/", "/cases/", "/groups/", f"/cases/{UNKNOWN}/", "/nowhere/", "/cases/?stage=?",
             *(f"/search/?q={term}" for term in terms[:6])]
    deeper: list[str] = []
    for url in first:
        told, content = _asked(client, url)
        yield url, told
        if url in ("/cases/", "/groups/"):
            own = [link for link in _links(content) if re.fullmatch(url + r"[0-9a-f-]{36}/", link)]
            deeper += [*own[:2], *(f"{link}contact/" for link in own[:1] if url == "/cases/")]
    for url in deeper:
        told, _ = _asked(client, url)
        yield url, told


def _links(content: bytes) -> list[str]:
    return sorted({link.decode().replace("&amp;", "&") for link in _LINK.findall(content)})


def _asked(client: Any, url: str) -> tuple[dict[str, Any], bytes]:
    from django.core import mail

    before = len(getattr(mail, "outbox", []))
    with _statements() as statements, _log_lines() as lines:
        response = client.get(url, HTTP_HOST="127.0.0.1")
        content = b"".join(response) if response.streaming else response.content
    mails = [f"{one.subject}\n{one.to}\n{one.body}"
             for one in getattr(mail, "outbox", [])[before:]]
    return {
        "status": response.status_code,
        "headers": sorted(response.headers.items()),
        "cookies": response.cookies.output(),
        "body": _opened(content),
        "statements": statements, "mails": mails, "log": lines,
    }, content


def _opened(content: bytes) -> Any:
    """What a body holds: the parts of a file that is a package, else its text."""
    if content.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return {name: package.read(name).decode("latin-1") for name in package.namelist()}
    return content.decode("utf-8", errors="backslashreplace")


@contextmanager
def _statements() -> Iterator[list[str]]:
    """The statements that go to the database meanwhile, in their order, without their values."""
    from django.db import connections

    found: list[str] = []

    def note(execute: Any, sql: Any, parameters: Any, many: Any, context: Any) -> Any:
        found.append(_SAVEPOINT.sub("a savepoint", str(sql)))
        return execute(sql, parameters, many, context)

    with connections["programme"].execute_wrapper(note):
        yield found


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name} {record.levelname} {record.getMessage()}")


@contextmanager
def _log_lines() -> Iterator[list[str]]:
    noted = _Lines()
    root = logging.getLogger()
    root.addHandler(noted)
    try:
        yield noted.lines
    finally:
        root.removeHandler(noted)


def _line(role: str, url: str, told: dict[str, Any]) -> str:
    whole = {"role": role, "url": url, **told}
    return json.dumps(whole, sort_keys=True, ensure_ascii=False) + "\n"
