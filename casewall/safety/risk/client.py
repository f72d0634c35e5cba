"""What the programme side recorded of a client, as it was pulled: with or without a partner's file.

It is half of every joint picture, and the whole of what is known where no partner's file is linked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.programme.incidents.rules import Form, Kind, Sign, Source
from casewall.programme.incidents.shown import severity_words, until_words, when_words
from casewall.programme.incidents.words import listed, words_of
from casewall.safety.pulled.models import (
    PulledAttendance,
    PulledCase,
    PulledIncident,
    PulledProceeding,
    PulledRisk,
)
from casewall.safety.pulled.rules import is_absence
from casewall.safety.risk.rules import trend
from casewall.safety.risk.words import day
from casewall.wall.sides import Viewer

SHOWN = 12
OWN_LEVEL = {"low": "Low", "medium": "Medium", "high": "High", "very_high": "Very high"}
Rows = list[tuple[str, Any]]


@dataclass(slots=True)
class OfClient:
    """Everything of one case that was pulled and tells of risk."""

    case: PulledCase | None
    assessments: list[PulledRisk]
    marks: list[PulledAttendance]
    theirs: list[PulledIncident]
    their_courts: list[PulledProceeding]


def of_client(case_id: UUID | None, viewer: Viewer) -> dict[str, Any]:
    """The fields of `OfClient`, read in five queries."""

    def seen(model: Any, *order: str) -> list[Any]:
        rows = model.objects.visible_to(viewer).filter(case_id=case_id)
        return list(rows.order_by(*order, "id"))

    return {
        "case": PulledCase.objects.visible_to(viewer).filter(pk=case_id).first(),
        "assessments": seen(PulledRisk, "-source_version"),
        "marks": seen(PulledAttendance, "held_on"),
        "theirs": _standing(seen(PulledIncident, "-happened_on")),
        "their_courts": seen(PulledProceeding, "-began_on"),
    }


def shown_of_client(read: OfClient) -> dict[str, Any]:
    """The client's half of a picture, as pages show it."""
    return {
        "client": _client_rows(read),
        "client_as_of": _as_of(read),
        "attendance": trend([not is_absence(mark.outcome) for mark in read.marks]),
        "marks": _marks(read.marks[-SHOWN:]),
        "incident_columns": ["What", "When", "How grave", "Who says so", "Known to"],
        "court_columns": ["What", ("Since", "date"), "Until", "Who says so", "Known to"],
    }


def _standing(rows: Iterable[PulledIncident]) -> list[PulledIncident]:
    known = list(rows)
    corrected = {row.corrects_id for row in known if row.corrects_id}
    return [row for row in known if row.pk not in corrected and not row.taken_back]


def _client_rows(read: OfClient) -> Rows:
    case, own = read.case, next((one for one in read.assessments if one.signed_on), None)
    drafted = next((one for one in read.assessments if not one.signed_on), None)
    rows: Rows = []
    if own is not None and own.signed_on:
        level = OWN_LEVEL.get(own.level, own.level)
        rows.append(("The programme's own level", f"{level}, signed {day(own.signed_on)}"))
        if own.review_on:
            rows.append(("It looks again on", day(own.review_on)))
    else:
        rows.append(("The programme's own level", "none signed yet"))
    if drafted is not None:
        rows.append(("Being written", f"version {drafted.source_version}"))
    if case is not None:
        stage = case.stage.replace("_", " ").capitalize()
        rows.append(("Stage", f"{stage}, since {day(case.stage_on)}"))
        if case.exit_reason:
            rows.append(("Left because", case.exit_reason.replace("_", " ")))
    return rows


def _as_of(read: OfClient) -> datetime | None:
    moments = [
        row.as_of
        for row in (read.case, *read.assessments, *read.marks, *read.theirs, *read.their_courts)
        if row is not None
    ]
    return max(moments, default=None)


def _marks(marks: list[PulledAttendance]) -> list[tuple[str, tuple[str, str]]]:
    return [
        (
            day(mark.held_on),
            (
                mark.outcome.replace("_", " ").capitalize(),
                "red" if is_absence(mark.outcome) else "grey",
            ),
        )
        for mark in reversed(marks)
    ]


def incidents(hers: Iterable[Any], theirs: Iterable[Any]) -> list[dict[str, Any]]:
    """Incidents of both sides, the latest first. One that both know may stand here twice."""
    rows = [
        *((row, "Safety side", reverse("suffered", args=[row.pk])) for row in hers),
        *((row, "Programme", "") for row in theirs),
    ]
    rows.sort(key=lambda one: (one[0].happened_on, str(one[0].pk)), reverse=True)
    return [
        {
            **({"url": url} if url else {}),
            "cells": [
                _what(row),
                when_words(row),
                severity_words(row),
                words_of(Source, row.source),
                side,
            ],
        }
        for row, side, url in rows[:SHOWN]
    ]


def _what(row: Any) -> str:
    signs = f" – {listed(Sign, row.signs)}" if row.signs else ""
    return f"{listed(Form, row.forms)}{signs}"


def courts(hers: Iterable[Any], theirs: Iterable[Any]) -> list[dict[str, Any]]:
    """Proceedings and orders of both sides, the latest first."""
    rows = [
        *((row, "Safety side", reverse("file-proceeding", args=[row.pk])) for row in hers),
        *((row, "Programme", "") for row in theirs),
    ]
    rows.sort(key=lambda one: (one[0].began_on, str(one[0].pk)), reverse=True)
    return [
        {
            **({"url": url} if url else {}),
            "cells": [
                words_of(Kind, row.kind),
                row.began_on,
                until_words(row),
                words_of(Source, row.source),
                side,
            ],
        }
        for row, side, url in rows[:SHOWN]
    ]
