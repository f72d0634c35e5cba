"""How the pages of this side find records: seen or not there, a page at a time, with names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from casewall.services.load import shipped
from casewall.staff.models import Compartment, Worker
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Role, Viewer

PAGE = 25
NOBODY = "nobody yet"


def found(rows: Any, pk: UUID) -> Any:
    """The record of this identifier among `rows`. Hidden and absent are one and the same 404."""
    record = rows.filter(pk=pk).first()
    if record is None:
        raise Http404
    return record


def must(viewer: Viewer, duty: Duty) -> None:
    """A page for doing something is not there for a role that does not do it."""
    try:
        require(viewer, duty)
    except Refused:
        raise Http404 from None


def only(viewer: Viewer, *roles: Role) -> None:
    """A page that belongs to some roles is not there for the others."""
    if viewer.role not in roles:
        raise Http404


def names_of(workers: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of workers of this side, by their identifiers, in one query."""
    wanted = {worker for worker in workers if worker is not None}
    if not wanted:
        return {}
    return dict(Worker.objects.filter(id__in=wanted).values_list("id", "name"))


def phone_prefixes(viewer: Viewer) -> set[str]:
    """The country prefixes of the services whose files this viewer can see."""
    codes = Compartment.objects.filter(number__in=viewer.compartments).values_list(
        "service_id", flat=True
    )
    services = shipped()
    return {services[code].phone_prefix for code in set(codes) if code in services}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a long list, newest first, with the addresses of its neighbours."""

    rows: list[Any]
    previous: str | None
    next: str | None


def leaf(rows: QuerySet, *, day: str, query: Mapping[str, Any], size: int = PAGE) -> Leaf:
    """The page of `rows` that `query` asks for, ordered by the date field `day`, then `id`.

    `query` is the page's own query; `after` or `before` in it names the row to go on from, as
    `2026-03-01_<uuid>`. What is not such a place starts the list anew.
    """
    kept = {key: value for key, value in query.items() if key not in ("after", "before")}
    backwards = "after" not in query and "before" in query
    place = _place(query.get("before" if backwards else "after", ""))
    if place is None:
        backwards = False
    else:
        rows = rows.filter(_beyond(day, *place, newer=backwards))
    sign = "" if backwards else "-"
    some = list(rows.order_by(f"{sign}{day}", f"{sign}id")[: size + 1])
    more, some = len(some) > size, some[:size]
    if backwards:
        some.reverse()
    has_newer, has_older = (more, True) if backwards else (place is not None, more)

    def address(word: str, row: Any) -> str:
        return "?" + urlencode({**kept, word: f"{getattr(row, day):%Y-%m-%d}_{row.pk}"})

    return Leaf(
        some,
        address("before", some[0]) if some and has_newer else None,
        address("after", some[-1]) if some and has_older else None,
    )


def _place(text: str) -> tuple[date, UUID] | None:
    day, _, row = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(row)
    except ValueError:
        return None


def _beyond(field: str, day: date, row: UUID, *, newer: bool) -> Q:
    word = "gt" if newer else "lt"
    # The outer bound lets the index on (compartment, day, id) start at the right place.
    return Q(**{f"{field}__{word}e": day}) & (
        Q(**{f"{field}__{word}": day}) | Q(**{field: day, f"id__{word}": row})
    )
