"""What the pages about access show, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from casewall.pages.parts import Shown
from casewall.programme.access.actions import File
from casewall.programme.access.desk import Desk
from casewall.programme.access.rules import (
    REVIEW_WITHIN,
    SHOWN_IN_PASSING,
    Trace,
    Verdict,
    unusual,
)
from casewall.programme.access.words import PATTERN, VERDICT
from casewall.staff.cluster import Look, looks_at
from casewall.staff.models import Worker
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

LOOKED_BACK = timedelta(days=92)
WEEK = timedelta(days=7)
MOST = 100
NOT_SEEN = "A file that you do not see"


def names_of(workers: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these workers, in one query."""
    return dict(Worker.objects.filter(id__in=list(workers)).values_list("id", "name"))


def colleagues_of(compartment: int, *, but: UUID | None = None, one: str = "") -> Any:
    """Active workers who could see files of a compartment, as choices; or the one that is meant."""
    rows = Worker.objects.filter(
        is_active=True, membership__compartment_id=compartment).exclude(
        role__in=("programme_system", "safety_system")).exclude(pk=but).order_by("name", "id")
    if one:
        return rows.get(pk=one)
    return [(str(worker.pk), f"{worker.name}, {worker.role_words}") for worker in rows]


def exclusion_rows(rows: Iterable[Any], words: Mapping[UUID, str]) -> dict[str, Any]:
    """Exclusions as a table: those that hold and those that have ended."""
    listed = list(rows)
    names = names_of({row.worker for row in listed} | {row.begun_by for row in listed})
    columns = ["Who", "Away from", "Why", "Reason", ("Since", "date"), "Said by"]
    cells = [
        {"url": reverse("access-end", args=[row.pk]) if row.ended_at is None else "",
         "cells": [names.get(row.worker, ""), words.get(row.person, ""), row.get_why_display(),
                   row.reason or "", row.begun_at.date(),
                   "the worker" if row.declared else names.get(row.begun_by, "")]}
        for row in listed
    ]  # fmt: skip
    holds = [row for row, one in zip(cells, listed, strict=True) if one.ended_at is None]
    ended = [row for row, one in zip(cells, listed, strict=True) if one.ended_at is not None]
    return {"away_columns": columns, "away": holds, "ended": ended}


def opening_rows(
    rows: Iterable[Any], files: Mapping[UUID, File], *, with_name: bool = False
) -> list[dict[str, Any]]:
    """Openings as rows of a table, each a link to its review."""
    listed = list(rows)
    names = names_of({row.worker for row in listed})
    return [
        {"url": reverse("access-decide", args=[row.pk]),
         "cells": [names.get(row.worker, ""), timezone.localtime(row.opened_at),
                   *([_name(files, row.file)] if with_name else []), verdict_tag(row)]}
        for row in listed
    ]  # fmt: skip


def verdict_tag(row: Any) -> tuple[str, str]:
    """What a review says, as a tag."""
    if not row.verdict:
        return ("waits for a review", "orange")
    good = row.verdict == Verdict.JUSTIFIED
    return (VERDICT[Verdict(row.verdict)].lower(), "green" if good else "red")


def opening_facts(row: Any, files: Mapping[UUID, File]) -> list[tuple[str, Any]]:
    """One opening with its reason and its review."""
    names = names_of({row.worker, *filter(None, [row.decided_by])})
    facts = [
        ("Who", names.get(row.worker)), ("Whose file", _name(files, row.file)),
        ("Reason", row.reason), ("Opened", row.opened_at),
        ("Open until", row.handed_back_at or row.until),
    ]  # fmt: skip
    if row.verdict:
        facts += [("Review", VERDICT[Verdict(row.verdict)]), ("What follows", row.note),
                  ("Reviewed by", names.get(row.decided_by)), ("Reviewed", row.decided_at)]
    return facts


def _name(files: Mapping[UUID, File], pk: UUID) -> str:
    return files[pk].name or "No name given" if pk in files else f"{NOT_SEEN} ({pk.hex[:8]})"


def look_rows(looks: Iterable[Look]) -> dict[str, Any]:
    """What the audit says, as a table: who, what, how often, when. A name in a list is no view."""
    listed = [one for one in looks if one.verb not in SHOWN_IN_PASSING][:MOST]
    names = names_of({one.worker for one in listed})
    return {
        "look_columns": ["Who", "What", ("Times", "number"), ("Last", "date")],
        "looks": [
            {"cells": [names.get(one.worker, "Background work"), one.verb, one.times,
                       timezone.localtime(one.last_at)]}
            for one in listed
        ],
    }  # fmt: skip


def finding_rows(desk: Desk, viewer: Viewer) -> list[dict[str, Any]]:
    """Views of the last week that stand out; nobody is shown what is about themselves."""
    files = desk.known(viewer)
    looks = looks_at(things=None, since=timezone.now() - WEEK, by=viewer)
    found = [
        one for one in unusual(
            (Trace(look.thing, look.worker, look.verb, look.last_at, look.times)
             for look in looks), files)
        if one.worker != viewer.worker
    ][:MOST]  # fmt: skip
    names = names_of({one.worker for one in found})
    seen = desk.seen(viewer, [one.file for one in found])
    return [
        {"url": _viewers_url(seen.get(one.file)),
         "cells": [names.get(one.worker, "Background work"), _name(seen, one.file),
                   ", ".join(PATTERN[pattern] for pattern in one.patterns), one.views,
                   timezone.localtime(one.last_at)]}
        for one in found
    ]  # fmt: skip


def _viewers_url(file: File | None) -> str:
    return reverse(f"{file.kind}-viewers", args=[file.id]) if file else ""


def access_part(kind: str) -> Callable[[Any, Viewer, date], Shown]:
    """The part of a file's page about access: steps for this role, a flag while it is open."""

    def read(thing: Any, viewer: Viewer, today: date) -> Shown:
        steps = [
            (label, reverse(f"{kind}-{name}", args=[thing.pk]))
            for label, name, duty in (
                ("Who viewed this file", "viewers", Duty.REVIEW_ACCESS),
                ("Keep a colleague away", "kept-away", Duty.EXCLUDE),
                ("I know this person", "conflict", Duty.OPEN_OUT_OF_TURN),
            )
            if may_do(viewer.role, duty)
        ]
        flags = [("Opened out of turn", "orange")] if thing.pk in viewer.out_of_turn else []
        return Shown(steps=steps, flags=flags)

    return read


def own_openings(desk: Desk, viewer: Viewer) -> list[dict[str, Any]]:
    """What is open to the viewer out of turn now: whose file, until when, and the row."""
    if not viewer.out_of_turn:
        return []
    rows = desk.openings.objects.visible_to(viewer).filter(
        worker=viewer.worker, file__in=viewer.out_of_turn, handed_back_at=None,
        until__gt=timezone.now())
    listed = list(rows.order_by("opened_at", "id"))
    files = desk.seen(viewer, [row.file for row in listed])
    return [
        {"row": row, "name": files[row.file].name, "url": files[row.file].url,
         "until": timezone.localtime(row.until)}
        for row in listed if row.file in files
    ]  # fmt: skip


def today_of(desk: Desk) -> Callable[[Viewer, date, date], list[dict[str, Any]]]:
    """What waits for a review, for whoever reviews; what is open, for whoever opened it."""

    def items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
        own = [
            {"due": today, "what": "Open to you out of turn:", "who": one["name"],
             "url": one["url"], "tag": ("Out of turn", "orange"),
             "note": f"until {one['until']:%H:%M}"}
            for one in own_openings(desk, viewer)
        ]  # fmt: skip
        if not may_do(viewer.role, Duty.REVIEW_ACCESS):
            return own
        rows = desk.openings.objects.visible_to(viewer).filter(verdict="").exclude(
            worker=viewer.worker)
        listed = list(rows.order_by("opened_at", "id")[:MOST])
        names = names_of({row.worker for row in listed}) if listed else {}
        return [*own, *(_review_item(row, names, today) for row in listed)]

    return items


def _review_item(row: Any, names: Mapping[UUID, str], today: date) -> dict[str, Any]:
    opened = timezone.localtime(row.opened_at)
    return {
        "due": min(today, (row.opened_at + REVIEW_WITHIN).date()),
        "what": "A file was opened out of turn by", "who": names.get(row.worker, ""),
        "url": reverse("access-decide", args=[row.pk]), "tag": ("Out of turn", "orange"),
        "note": f"Opened {opened:%-d %B, %H:%M}; to be reviewed within a week",
    }  # fmt: skip
