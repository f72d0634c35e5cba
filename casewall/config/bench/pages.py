"""A programme site that times its own pages, in its own process with its own settings.

Reads one JSON line for each wish and answers with one. Requests go through Django's test client:
every middleware, the connection pool, the row policies, the signed context, the audit of reads
and the encryption are as they are behind the web server, which itself is not measured.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any
from urllib.parse import quote
from uuid import UUID

import django
import psycopg

from casewall.config.bench.names import MANAGER, OWN_FACILITATOR

CANARY_ASKS = 15
CANARY_PAGES = 7


class NotThePage(RuntimeError):
    """What was answered is not the page that is to be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be timed: who opens it, where, and by what one knows that it is the whole page."""

    email: str
    address: str
    marker: str
    counted: str
    count: int


@contextlib.contextmanager
def _acting_without_context(viewer: Any) -> Iterator[None]:
    """As `acting`, but the database is not told who is looking: it has no policies here."""
    from django.db import transaction

    from casewall.wall.context import on_side

    with on_side(viewer.side), transaction.atomic(using=viewer.side.value):
        yield


def leave_out(what: str) -> None:
    """Take a part of the product out of this process alone, to learn what that part costs.

    `wall`: no signed context (the database must have no row policies). `encryption`: values are
    read and written as they are (the database must hold clear text).
    """
    if what == "wall":
        from casewall.staff import middleware

        middleware.acting = _acting_without_context  # type: ignore[assignment]
    elif what == "encryption":
        from casewall.vault import fields

        fields.lock = lambda text, *, key, place: text.encode()
        fields.unlock = lambda sealed, *, key, place: bytes(sealed).decode()


class Site:
    """The site with its signed-in workers and the pages that are timed."""

    def __init__(self, case: UUID, session: UUID) -> None:
        from django.conf import settings
        from django.test import Client

        from casewall.programme.cases.models import Case
        from casewall.staff.models import Worker
        from casewall.wall.context import acting

        self.clients: dict[str, Any] = {}
        for email in (MANAGER, OWN_FACILITATOR):
            worker = Worker.objects.get(email=email)
            client = Client(SERVER_NAME="localhost")
            client.force_login(worker, backend=settings.AUTHENTICATION_BACKENDS[0])
            kept = client.session
            kept["second_factor"] = True
            kept.save()
            self.clients[email] = client
        viewer = Worker.objects.get(email=MANAGER).as_viewer()
        with acting(viewer):
            rows = Case.objects.visible_to(viewer).select_related("client")
            one = rows.get(pk=case)
            newest = rows.order_by("-referred_on", "-id")[0].client.full_name
            marks = one.attendances.visible_to(viewer).count()
            self.pages = self._pages(one, marks, newest, session)
        self.asker = self._asker()

    def _pages(self, one: Any, marks: int, newest: str, session: UUID) -> dict[str, Page]:
        """The pages by name. Links to cases count the rows of a list."""
        link, name, phone = 'href="/cases/', one.client.full_name, one.client.phone
        return {
            "list": Page(MANAGER, "/cases/", newest, link, 25),
            "own list": Page(OWN_FACILITATOR, "/cases/", newest, link, 12),
            "case": Page(MANAGER, f"/cases/{one.pk}/", name, "moj-timeline__item", marks),
            "search, name": Page(MANAGER, f"/search/?q={quote(name)}", name, link, 1),
            "search, phone": Page(MANAGER, f"/search/?q={quote(phone)}", name, link, 1),
            "register": Page(
                OWN_FACILITATOR,
                f"/sessions/{session}/register/",
                newest,
                "data-casewall-person",
                12,
            ),
        }

    @staticmethod
    def _asker() -> psycopg.Connection[Any]:
        from django.db import connections

        parameters = connections["programme"].get_connection_params()
        keys = ("dbname", "user", "password", "host", "port")
        return psycopg.connect(**{key: parameters[key] for key in keys}, autocommit=True)

    def open(self, page: Page) -> tuple[float, float]:
        """Open a page; returns its seconds, and the processor seconds of this process.

        The connection goes back to the pool. Raises `NotThePage` where something else came.
        """
        from django.db import close_old_connections

        client = self.clients[page.email]
        before, worked = perf_counter(), process_time()
        response = client.get(page.address)
        body = response.content
        close_old_connections()
        took = perf_counter() - before, process_time() - worked
        text = body.decode()
        if response.status_code != 200:
            raise NotThePage(f"{page.address} answered {response.status_code}, not 200.")
        if page.marker not in text:
            raise NotThePage(f"{page.address} does not show what it must show.")
        if text.count(page.counted) < page.count:
            raise NotThePage(
                f"{page.address} holds {text.count(page.counted)} of “{page.counted}”, not "
                f"{page.count} or more."
            )
        return took

    def time(self, name: str, times: int) -> dict[str, Any]:
        """The medians of so many openings: `seconds`, and `worked` by this process alone."""
        took = [self.open(self.pages[name]) for _ in range(times)]
        return {
            "seconds": median(seconds for seconds, _ in took),
            "worked": median(worked for _, worked in took),
        }

    def look(self, name: str) -> dict[str, Any]:
        """How many bytes a page has, and how many statements and values it asks for."""
        from django.db import connections
        from django.test.utils import CaptureQueriesContext

        self.open(self.pages[name])
        with CaptureQueriesContext(connections["programme"]) as asked, _unlocks() as unlocked:
            response = self.clients[self.pages[name].email].get(self.pages[name].address)
        sent = [query["sql"] for query in asked.captured_queries]
        control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        return {
            "bytes": len(response.content),
            "queries": sum(not each.startswith(control) for each in sent),
            "decrypted": len(unlocked),
        }

    def canary(self) -> dict[str, Any]:
        """Two things that are always the same work: `SELECT 1` and an empty page. Seconds."""
        client = self.clients[MANAGER]
        return {
            "select": _median_of(CANARY_ASKS, lambda: self.asker.execute("select 1").fetchone()),
            "empty page": _median_of(CANARY_PAGES, lambda: client.get("/empty/")),
        }


@contextlib.contextmanager
def _unlocks() -> Iterator[list[str]]:
    """The places of the values that are read while the block runs."""
    from casewall.vault import fields

    places: list[str] = []
    unlock = fields.unlock

    def noted(sealed: bytes, *, key: bytes, place: str) -> str:
        places.append(place)
        return unlock(sealed, key=key, place=place)

    fields.unlock = noted
    try:
        yield places
    finally:
        fields.unlock = unlock


def _median_of(times: int, what: Callable[[], object]) -> float:
    took = []
    for _ in range(times):
        before = perf_counter()
        what()
        took.append(perf_counter() - before)
    return median(took)


def answer(site: Site, wish: dict[str, Any]) -> dict[str, Any]:
    """Do what one line asks for: `time`, `look` or `canary`."""
    match wish["do"]:
        case "time":
            return site.time(wish["page"], wish["times"])
        case "look":
            return site.look(wish["page"])
        case _:
            return site.canary()


def main(arguments: list[str]) -> None:
    """`CASE SESSION [wall|encryption]`: answer wishes until the input ends."""
    django.setup()
    from django.conf import settings

    settings.ROOT_URLCONF = "casewall.config.bench.urls"
    if len(arguments) > 2:
        leave_out(arguments[2])
    site = Site(UUID(arguments[0]), UUID(arguments[1]))
    print(json.dumps({"pages": list(site.pages)}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(site, json.loads(line))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
