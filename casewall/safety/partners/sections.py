"""Two sections of a partner's file: how hard somebody tried, and what the partner was told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from casewall.safety.partners.models import PartnerContact, PartnerFile, ThingTold
from casewall.safety.partners.parts import Shown
from casewall.safety.partners.rules import (
    TOLD_VERSION,
    Attempt,
    Channel,
    Outcome,
    Told,
    effort,
)
from casewall.safety.partners.words import (
    TOLD,
    effort_in_words,
    in_words,
    outcome_in_words,
)
from casewall.safety.reading import names_of
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that went out to a partner: an attempt that has had no answer by itself."""

    channel: Channel
    at: datetime
    words: str
    worker: UUID


_SENT: dict[str, Callable[[PartnerFile, Viewer], Iterable[Sent]]] = {}


def count_as_attempts(name: str, read: Callable[[PartnerFile, Viewer], Iterable[Sent]]) -> None:
    """Say who knows what went out to a partner; it counts in the proof of effort."""
    _SENT[name] = read


def attempts_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """“Attempts to reach”: the proof of effort, also where nobody was reached."""
    page = reverse("attempts", args=[file.pk])
    return Shown(
        template="partners/parts/attempts.html",
        context=lambda: {**tried(file, viewer, today), "print_url": page},
        steps=[("Attempts to reach, to print", page)],
    )


def tried(file: PartnerFile, viewer: Viewer, today: date) -> dict[str, Any]:
    """The attempts of a file, newest first, and the summary of them in words."""
    rows = list(
        PartnerContact.objects.visible_to(viewer)
        .filter(file=file)
        .defer("note")
        .order_by("-tried_at", "id")
    )
    sent = [one for read in _SENT.values() for one in read(file, viewer)]
    names = names_of([*(row.worker for row in rows), *(one.worker for one in sent)])
    made = [
        Attempt(timezone.localdate(row.tried_at), Channel(row.channel), Outcome(row.outcome))
        for row in rows
    ]
    made += [
        Attempt(timezone.localdate(one.at), one.channel, Outcome.NO_ANSWER) for one in sent
    ]
    summary = effort(made, file.contact_by, today)
    lines = [
        (row.tried_at, row.channel, outcome_in_words(row.outcome), row.worker, row.confirmed_safe)
        for row in rows
    ] + [(one.at, one.channel, one.words, one.worker, False) for one in sent]
    return {
        "effort": effort_in_words(summary),
        "attempt_columns": ["Way", "When", "What came of it", "Worker", "Confirmed safe"],
        "attempts": [
            {
                "cells": [
                    in_words(channel),
                    f"{timezone.localtime(at):%-d %B %Y, %H:%M}",
                    outcome,
                    names.get(worker, ""),
                    "yes" if confirmed else "no",
                ]
            }
            for at, channel, outcome, worker, confirmed in sorted(
                lines, key=lambda line: line[0], reverse=True
            )
        ],
    }


def told_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """“What was told”: the checklist, and an entry of the timeline for each time."""
    rows = list(
        ThingTold.objects.visible_to(viewer).filter(file=file).order_by("told_on", "worker", "id")
    )
    done = {row.item for row in rows}
    may = bool(may_do(viewer.role, Duty.SUPPORT_PARTNER))
    page = reverse("told", args=[file.pk])
    return Shown(
        template="partners/parts/told.html",
        context=lambda: {"told": checklist(rows), "told_url": page if may else ""},
        entries=[_entry(list(group)) for _, group in groupby(rows, _occasion)],
        steps=[("Record what the partner was told", page)] if may else [],
        details=[("Told so far", f"{len(done)} of {len(Told)} things")],
        flags=(
            []
            if Told.NO_GUARANTEE in done or not file.is_open
            else [("Not told yet that completion guarantees nothing", "yellow")]
        ),
    )


def _occasion(row: ThingTold) -> tuple[date, Any, Any]:
    return row.told_on, row.worker, row.contact_id


def _entry(rows: list[ThingTold]) -> dict[str, Any]:
    items = [item for item in Told if item in {row.item for row in rows}]
    return {
        "title": "Told the partner",
        "when": rows[0].told_on,
        "by": rows[0].worker,
        "text": "\n".join(f"{TOLD[item]}." for item in items),
    }


def checklist(rows: list[ThingTold]) -> list[dict[str, Any]]:
    """Every thing to tell with whether and when it was told, the latest time each."""
    names = names_of(row.worker for row in rows)
    latest = {row.item: row for row in rows}
    shown = []
    for item in Told:
        row = latest.get(item.value)
        shown.append(
            {
                "label": TOLD[item],
                "done": row is not None,
                "when": row.told_on if row else None,
                "by": names.get(row.worker, "") if row else "",
                "older": bool(row and row.list_version != TOLD_VERSION),
                "version": row.list_version if row else TOLD_VERSION,
            }
        )
    return shown
