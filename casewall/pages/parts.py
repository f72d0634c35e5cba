"""What other apps of a side add to the page of a record and to the first page.

The app that owns the page lies below the others and cannot import them; each registers its part
when it is ready (`AppConfig.ready`), so that a part can be taken away without touching the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from casewall.pages.templatetags.casewall import due_in_words
from casewall.wall.sides import Viewer


@dataclass(slots=True)
class Shown:
    """What a part has to show of one record to one viewer.

    `entries` go into the timeline (see the tag `timeline`), `waits_for` into the list of what
    the record waits for (dicts `what`, `due`, optional `url` and `done`: an address that a button
    posts to), `steps` are links (label, address), `details` rows of the right column.
    `head` are flags of the header of every page of the record: what the part's own `head` would
    read, taken from what this has read. `template` with `context` is the part's own section; a
    context that takes reading is given as a function, which is asked only where the section is
    shown. `by` of an entry is a name, or the identifier of a worker: the page asks for all names
    at once.
    """

    entries: list[dict[str, Any]] = field(default_factory=list)
    waits_for: list[dict[str, Any]] = field(default_factory=list)
    steps: list[tuple[str, str]] = field(default_factory=list)
    details: list[tuple[str, Any]] = field(default_factory=list)
    flags: list[tuple[str, str]] = field(default_factory=list)
    head: list[tuple[str, str]] = field(default_factory=list)
    template: str = ""
    context: dict[str, Any] | Callable[[], dict[str, Any]] = field(default_factory=dict)

    def in_section(self) -> dict[str, Any]:
        """The context of the part's own section."""
        return self.context() if callable(self.context) else self.context


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page. `read` is asked with the record, the viewer and today's date.

    `key` is the value of `show` in the address; a part without a `label` has no section of its
    own. A referrer sees only parts that say so. `head` gives flags that stand in the header of
    every page of the record, whichever section is shown; it should take one query, and is not
    asked on a page that has `read` the part, whose `Shown` says the same in its own `head`.
    """

    key: str
    label: str
    order: int
    read: Callable[[Any, Viewer, date], Shown]
    for_referrers: bool = False
    head: Callable[[Any, Viewer, date], list[tuple[str, str]]] | None = None


TodayItems = Callable[[Viewer, date, date], list[dict[str, Any]]]
"""Viewer, today, last day shown → items as the tag `task_list` takes them (`due` a date)."""


Steps = list[tuple[str, str]]
"""Links: label, address."""


def with_due_words(rows: Iterable[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """What a record waits for, the earliest first, with the due day in words."""
    return [
        {**row, "late": row["due"] < today, "due_words": due_in_words(row["due"], today)}
        for row in sorted(rows, key=lambda row: row["due"])
    ]


def with_names(
    entries: Iterable[dict[str, Any]], names_of: Callable[[Iterable[UUID]], Mapping[UUID, str]]
) -> list[dict[str, Any]]:
    """Entries of a timeline with names in `by` where they have identifiers. Asks once."""
    found = list(entries)
    names = names_of([one["by"] for one in found if isinstance(one.get("by"), UUID)])
    return [
        {**one, "by": names.get(one["by"], "")} if isinstance(one.get("by"), UUID) else one
        for one in found
    ]


def steps_by_part(
    parts: Iterable[Part], read: Mapping[str, Shown], own: Steps | None = None, label: str = ""
) -> list[tuple[str, Steps]]:
    """The further steps under the labels of their parts.

    `own` are the page's own; they stand first, under `label`, with those of parts that have none.
    """
    groups: dict[str, Steps] = {label: list(own or [])}
    for part in parts:
        found = read[part.key].steps if part.key in read else []
        groups.setdefault(part.label or label, []).extend(found)
    return [(under, found) for under, found in groups.items() if found]


class Parts:
    """The parts of one page, and the items that the same apps have for the first page."""

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}
        self._today: dict[str, TodayItems] = {}

    def add_part(self, part: Part) -> None:
        """Add a part to the page; the same key again replaces it."""
        self._parts[part.key] = part

    def add_today(self, key: str, items: TodayItems) -> None:
        """Add items to the first page; the same key again replaces them."""
        self._today[key] = items

    def of(self, *, refers: bool = False) -> list[Part]:
        """The parts that a viewer may see, in order."""
        found = [part for part in self._parts.values() if part.for_referrers or not refers]
        return sorted(found, key=lambda part: (part.order, part.key))

    def heads(
        self, record: Any, viewer: Viewer, today: date, read: Mapping[str, Shown] | None = None
    ) -> list[tuple[str, str]]:
        """The flags that stand in the header of every page of a record.

        `read` are the parts that the page has read, by key: they are not asked again.
        """
        known = read or {}
        return [
            flag
            for part in self.of()
            if part.head is not None
            for flag in (
                known[part.key].head if part.key in known else part.head(record, viewer, today)
            )
        ]

    def today_items(self, viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
        """Everything that other apps have for this viewer until `last`."""
        return [
            item for key in sorted(self._today) for item in self._today[key](viewer, today, last)
        ]
