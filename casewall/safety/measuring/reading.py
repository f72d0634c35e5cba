"""What is shown of partners' answers: the section of a file, what is due, and the chart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.measures.definitions import Definition, DefinitionError
from casewall.measures.definitions import load as load_measure
from casewall.measures.over_time import change_words, score_words, time_rows, title_of
from casewall.measures.schedule import WAVE_WORDS, Expected, Wave
from casewall.measures.scoring import AnswerError, raised_alerts
from casewall.pages.parts import Shown
from casewall.programme.measuring.showing import (
    TIME_COLUMNS,
    course_chart,
    time_cells,
    title,
)
from casewall.safety.measuring.asked import (
    REASON_WORDS,
    AskedFile,
    asked_files,
    measures_here,
    missing_here,
)
from casewall.safety.partners.models import PartnerFile, ScaleAnswer
from casewall.safety.partners.rules import Contact
from casewall.safety.partners.words import in_words
from casewall.safety.reading import names_of
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

SHOWN = 25


def measures_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """The section “Measures” of a file: every time point, the change, and what is due."""
    [found] = asked_files([file], viewer, today, answers=True)
    may = bool(may_do(viewer.role, Duty.RECORD_SCALES))
    asks = may and found.is_asked
    return Shown(
        entries=[
            _entry(row)
            for rows in found.rows.values()
            for row in rows
            if row.answered_on is not None
        ],
        waits_for=[_waits(file, one) for one in found.to_ask()] if asks else [],
        steps=[("Record another questionnaire", reverse("choose-scale", args=[file.pk]))]
        if may
        else [],
        template="measuring/part.html",
        context=lambda: {
            "measures": _panels(found, may),
            "measure_columns": TIME_COLUMNS,
            "measures_missing": missing_here(file.service),
            "may_measure": may,
        },
    )


def _entry(row: ScaleAnswer) -> dict[str, Any]:
    with_others = "" if row.present == "nobody" else f" Present: {in_words(row.present)}."
    try:
        definition = load_measure(row.measure)
    except DefinitionError:
        said, name = f"{row.answered_items} of {row.items} answered", row.measure
    else:
        said, name = score_words(definition, row), title_of(definition)
    return {
        "title": f"{name}, {WAVE_WORDS[Wave(row.wave)].lower()}",
        "when": row.answered_on,
        "by": row.worker,
        "text": f"{said}. {in_words(row.mode)}.{with_others}",
    }


def _waits(file: PartnerFile, one: Expected) -> dict[str, Any]:
    return {
        "what": f"{title(one.measure)}, {WAVE_WORDS[one.wave].lower()}",
        "due": one.until,
        "url": f"{reverse('scale', args=[file.pk, one.measure])}?wave={one.wave.value}",
    }


def _panels(found: AskedFile, may: bool) -> list[dict[str, Any]]:
    workers = names_of(row.worker for rows in found.rows.values() for row in rows)
    order = [*found.every, *(name for name in found.rows if name not in found.every)]
    here = set(measures_here())
    return [_panel(found, load_measure(name), may, workers) for name in order if name in here]


def _panel(
    found: AskedFile, definition: Definition, may: bool, workers: Mapping[UUID, str]
) -> dict[str, Any]:
    rows = found.rows.get(definition.name, [])
    stored = {Wave(row.wave): row for row in rows}
    shown = time_rows(definition, found.every.get(definition.name, ()), rows, REASON_WORDS)
    times = []
    for one in shown:
        row = stored.get(one.wave)
        address = reverse("scale", args=[found.file.pk, definition.name])
        times.append(
            time_cells(
                one,
                _how(row, workers) if row is not None else "",
                _dangers(definition, row),
                f"{address}?wave={one.wave.value}" if may else "",
            )
        )
    direction = {"better": "Higher is better.", "worse": "Higher is worse."}
    return {
        "title": title_of(definition),
        "caption": f"{title_of(definition)}, by time",
        "direction": direction.get(definition.higher_is, ""),
        "times": times,
        "change": change_words(definition, rows),
        "chart": course_chart(definition, stored),
    }


def _how(row: ScaleAnswer, workers: Mapping[UUID, str]) -> str:
    parts = []
    if row.answered_on is not None:
        parts += [f"{row.answered_on:%-d %B %Y}", in_words(row.mode).lower()]
        if row.present != "nobody":
            parts.append(f"present: {in_words(row.present).lower()}")
    parts.append(workers.get(row.worker, ""))
    return ", ".join(part for part in parts if part)


def _dangers(definition: Definition, row: ScaleAnswer | None) -> list[str]:
    if row is None or not row.answers:
        return []
    try:
        return [alert.task for alert in raised_alerts(definition, json.loads(row.answers))]
    except AnswerError:
        return []


def measures_due(viewer: Viewer, day: date) -> list[dict[str, Any]]:
    """Times at which the worker's own partners should be asked, one item for each file and time.

    Five queries, however many files there are.
    """
    files = (
        PartnerFile.objects.visible_to(viewer)
        .select_related("partner")
        .filter(worker=viewer.worker, contact=Contact.ENGAGED, withdrawn_on=None)
    )
    due = [item for found in asked_files(files, viewer, day) for item in _due_items(found, day)]
    return sorted(due, key=lambda one: one["due"])[:SHOWN]


def _due_items(found: AskedFile, day: date) -> list[dict[str, Any]]:
    by_time: dict[tuple[Wave, date], list[Expected]] = {}
    for one in found.to_ask():
        if one.due_on is not None:
            by_time.setdefault((one.wave, one.due_on), []).append(one)
    return [
        {
            "due": min(day, points[0].until or day),
            "what": f"{WAVE_WORDS[wave]}: {', '.join(title(one.measure) for one in points)}",
            "who": found.file.partner.full_name,
            "url": f"{reverse('partner', args=[found.file.pk])}?show=measures",
            "note": f"Best asked by {points[0].until:%-d %B %Y}",
        }
        for (wave, _), points in by_time.items()
    ]
