"""Which record each address of a site is about: found out by asking, not written down.

Every address is asked with an identifier that no record has; the statements that this sends to
the database name the columns in which it was looked for. So an address that is new tomorrow is
attacked tomorrow, without a line about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import UUIDConverter

from casewall.wall.context import acting
from casewall.wall.sides import Side, Viewer
from tests.people import SERVICE

NOWHERE = UUID("00000000-0000-4000-8000-00000000dead")
BESIDE = UUID("00000000-0000-4000-8000-00000000beef")
"""Two identifiers that no record has."""
VALUES = {
    "channel": "call", "wave": "before", "ending": "pdf", "part": "violence", "language": "en",
    "service": SERVICE, "pack": "evaluation", "quarter": "2026-q1", "version": "1",
    "figure": "x", "compartment": "1", "word": "x",
    ("programme", "measure"): "abuse-used", ("safety", "measure"): "safety",
    ("programme", "kind"): "invitation", ("safety", "kind"): "partner",
    ("programme", "keeping"): "case", ("safety", "keeping"): "partner_file",
}  # fmt: skip
"""What stands in an address beside identifiers: by the name of the part, where it must by side."""
NOT_OF_RECORDS = ("accounts/", "leave", "static/", "stay")
_PART = re.compile(r"<(?:(\w+):)?(\w+)>")
_ASKED = re.compile(r'"(\w+)"\."(\w+)" (?:=|IN) \(?%s|%s')
_TOKEN = re.compile(
    rb"csrfmiddlewaretoken\" value=\"[^\"]+\"|X-CSRFToken&?\w*;?\"?: ?&?\w*;?\"?\w+"
)


@dataclass(slots=True)
class Address:
    """An address of a site. `looked_in`: for each identifier, in which columns it is looked for."""

    name: str
    route: str
    side: Side
    parts: tuple[str, ...]
    looked_in: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def at(self, **identifiers: UUID) -> str:
        """The address with these identifiers; others are of no record."""

        def put(found: re.Match[str]) -> str:
            part = found[2]
            if part in self.parts:
                return str(identifiers.get(part, BESIDE))
            by_side = (self.side.value, "keeping" if self.route.startswith("keeping") else part)
            return str(VALUES.get(by_side) or VALUES[part])

        return "/" + _PART.sub(put, self.route)


def addresses(side: Side, *, of_records: bool = True) -> list[Address]:
    """Every address of a site that is about a record, or every other one."""
    found = [
        Address(name or route, route, side, parts)
        for route, name, parts in _routes(get_resolver(f"casewall.config.urls.{side}"), "", ())
    ]
    return [one for one in found
            if bool(one.parts) is of_records and not one.route.startswith(NOT_OF_RECORDS)]


def _routes(
    resolver: Any, route: str, parts: tuple[str, ...]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for one in resolver.url_patterns:
        held = getattr(one.pattern, "converters", {})
        whole = route + str(one.pattern)
        own = (*parts, *(key for key, kind in held.items() if isinstance(kind, UUIDConverter)))
        if isinstance(one, URLResolver):
            yield from _routes(one, whole, own)
        elif isinstance(one, URLPattern):
            yield whole, one.name or "", own


@contextmanager
def looked_for(side: Side, wanted: UUID) -> Iterator[set[tuple[str, str]]]:
    """The columns of this side in which an identifier is looked for meanwhile."""
    found: set[tuple[str, str]] = set()

    def note(execute: Any, sql: Any, parameters: Any, many: Any, context: Any) -> Any:
        given = list(parameters or ())
        for number, one in enumerate(_ASKED.finditer(str(sql))):
            if one[1] and number < len(given) and str(given[number]) == str(wanted):
                found.add((one[1], one[2]))
        return execute(sql, parameters, many, context)

    with connections[side.value].execute_wrapper(note):
        yield found


@cache
def model_of(table: str) -> Any:
    """The model of a table; none where it is not one of ours behind the seal."""
    found = [one for one in apps.get_models() if one._meta.db_table == table]
    return next((one for one in found if hasattr(one.objects, "visible_to")), None)


class Seen:
    """What one worker sees: the values of a column, by `visible_to` and by nothing else."""

    def __init__(self, viewer: Viewer):
        self.viewer = viewer
        self._held: dict[tuple[str, str], frozenset[UUID]] = {}

    def values(self, place: tuple[str, str]) -> frozenset[UUID]:
        """The values of a column in the rows that the worker sees."""
        if place not in self._held:
            model = model_of(place[0])
            if model is None:
                return frozenset()
            attribute = next(f.attname for f in model._meta.fields if f.column == place[1])
            with acting(self.viewer):
                rows = model.objects.visible_to(self.viewer).values_list(attribute, flat=True)
                self._held[place] = frozenset(one for one in rows if one is not None)
        return self._held[place]

    def of(self, places: set[tuple[str, str]]) -> frozenset[UUID]:
        """The identifiers that the worker may meet at an address that looks in these columns."""
        return frozenset().union(*(self.values(place) for place in places))


def learn(found: list[Address], workers: list[tuple[Client, Seen]]) -> None:
    """Find out for each address what its identifiers name, by asking as each of these workers."""
    for address in found:
        known: dict[str, frozenset[UUID]] = {}
        for part in address.parts:
            address.looked_in.setdefault(part, set())
            for browser, seen in workers:
                first = {p: min(ids & seen.of(address.looked_in[p]), default=BESIDE)
                         for p, ids in known.items()}
                for method in ("GET", "POST"):
                    with looked_for(address.side, NOWHERE) as places:
                        browser.generic(method, address.at(**first, **{part: NOWHERE}))
                    address.looked_in[part] |= {one for one in places if model_of(one[0])}
                    if address.looked_in[part]:
                        break
                if address.looked_in[part]:
                    break
            known[part] = frozenset().union(*(
                seen.of(address.looked_in[part]) for _, seen in workers))


def answer(browser: Client, method: str, address: str) -> tuple[int, bytes]:
    """The status and the body, without what is new in every answer and without the identifiers."""
    told = browser.generic(method, address)
    body = b"".join(told) if told.streaming else told.content  # type: ignore[attr-defined]
    for part in re.findall(r"[0-9a-f-]{36}", address):
        body = body.replace(part.encode(), b"<it>")
    return told.status_code, _TOKEN.sub(b"", body)
