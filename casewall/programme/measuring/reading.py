"""What is shown of the answers of clients and referrers, in a fixed number of queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.measures.definitions import Definition, DefinitionError, names
from casewall.measures.definitions import load as load_measure
from casewall.measures.over_time import change_words, kept_of, time_rows, title_of
from casewall.measures.schedule import (
    TO_ASK,
    WAVE_WORDS,
    Asked,
    Expected,
    State,
    Wave,
    asked_of,
    expected,
    not_installed,
)
from casewall.measures.scoring import AnswerError, raised_alerts
from casewall.programme.cases.lists import names_of
from casewall.programme.cases.models import Case, StageMove
from casewall.programme.cases.once import moves_of, once
from casewall.programme.cases.parts import Shown
from casewall.programme.cases.rules import Stage, standing
from casewall.programme.measuring.models import MeasureAnswer
from casewall.programme.measuring.rules import (
    MODE_WORDS,
    NOT_ANSWERED_WORDS,
    PRESENT_WORDS,
    SOURCE_WORDS,
    Mode,
    NotAnswered,
    Present,
    Source,
    events_of,
    source_of,
)
from casewall.programme.measuring.showing import (
    TIME_COLUMNS,
    course_chart,
    time_cells,
    title,
)
from casewall.services.load import shipped
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Role, Viewer

REASONS = {one.value: NOT_ANSWERED_WORDS[one] for one in NotAnswered}
TODAY_SHOWN = 25
NO_ANSWERS = (Stage.WITHDRAWN,)
"""Stages of a case of which nobody is asked anything any more."""


def asked_here(service: str) -> tuple[Asked, ...]:
    """What a service asks of clients, referrers and workers about a case of this side."""
    definition, installed = shipped().get(service), names()
    return tuple(
        one
        for source in Source
        for one in asked_of(definition, source.value, installed)
        if source_of(load_measure(one.measure)) is source
    )


def missing_here(service: str) -> tuple[str, ...]:
    """Measures that a service asks on this side and that are not on this machine."""
    definition, installed = shipped().get(service), names()
    return tuple(n for one in Source for n in not_installed(definition, one.value, installed))


def held_moves(cases: Iterable[Case], viewer: Viewer) -> dict[UUID, list[StageMove]]:
    """The moves that hold, by case, in one query."""
    found: dict[UUID, list[StageMove]] = defaultdict(list)
    rows = StageMove.objects.visible_to(viewer).filter(case__in=[case.pk for case in cases])
    for move in rows.defer("note", "to_whom"):
        found[move.case_id].append(move)
    return {case: standing(moves) for case, moves in found.items()}


@dataclass(slots=True)
class Measured:
    """One case with what is asked of it and what came."""

    case: Case
    every: dict[str, tuple[Expected, ...]]
    rows: dict[str, list[MeasureAnswer]]

    @classmethod
    def of(
        cls, case: Case, moves: Iterable[StageMove], rows: Iterable[MeasureAnswer], today: date
    ) -> Measured:
        """Work out every time point of every measure."""
        by_measure: dict[str, list[MeasureAnswer]] = defaultdict(list)
        for row in rows:
            by_measure[row.measure].append(row)
        events = events_of(case.referred_on, Stage(case.stage), moves)
        asked = () if Stage(case.stage) in NO_ANSWERS else asked_here(case.service)
        every = {
            one.measure: expected(one, events, kept_of(by_measure[one.measure]), today)
            for one in asked
        }
        return cls(case, every, dict(by_measure))

    def to_ask(self) -> list[Expected]:
        """The time points that somebody should ask about now, the earliest first."""
        found = [one for every in self.every.values() for one in every if one.state in TO_ASK]
        return sorted(found, key=lambda one: (one.due_on or date.max, one.measure))

    def one(self, measure: str, wave: Wave) -> Expected | None:
        """One time point of one measure, where the schedule has it."""
        return next((one for one in self.every.get(measure, ()) if one.wave is wave), None)


def measured(cases: Iterable[Case], viewer: Viewer, today: date) -> list[Measured]:
    """Many cases at once, in two queries; the raw answers are not read."""
    listed = list(cases)
    moves = held_moves(listed, viewer)
    rows: dict[UUID, list[MeasureAnswer]] = defaultdict(list)
    for row in (
        MeasureAnswer.objects.visible_to(viewer)
        .filter(case__in=[case.pk for case in listed])
        .defer("answers")
    ):
        rows[row.case_id].append(row)
    return [Measured.of(case, moves.get(case.pk, []), rows[case.pk], today) for case in listed]


def of_case(case: Case, viewer: Viewer, today: date) -> Measured:
    """One case with its raw answers, in two queries."""
    rows = list(MeasureAnswer.objects.visible_to(viewer).filter(case=case).order_by("id"))
    return Measured.of(case, standing(once(moves_of, case, viewer)), rows, today)


def measures_part(case: Case, viewer: Viewer, today: date) -> Shown:
    """The section “Measures”: every time point with its state, and the change over time."""
    found = of_case(case, viewer, today)
    may = bool(may_do(viewer.role, Duty.RECORD_MEASURE))
    rows = [row for listed in found.rows.values() for row in listed]
    return Shown(
        entries=[_entry(row) for row in rows if row.answered_on is not None],
        waits_for=[_waits(case, one) for one in found.to_ask()] if may else [],
        steps=[("Record another questionnaire", reverse("measure_choose", args=[case.pk]))]
        if may
        else [],
        template="programme/measures.html",
        context=lambda: {
            "measures": _panels(found, may),
            "measure_columns": TIME_COLUMNS,
            "measures_missing": missing_here(case.service),
            "may_measure": may,
            "measure_choose": reverse("measure_choose", args=[case.pk]),
            "measures_due": reverse("measures-due"),
        },
    )


def _entry(row: MeasureAnswer) -> dict[str, Any]:
    mode = MODE_WORDS[Mode(row.mode)]
    return {
        "title": f"{title(row.measure)}, {WAVE_WORDS[Wave(row.wave)].lower()}",
        "when": row.answered_on,
        "by": row.worker,
        "text": f"{row.answered_items} of {row.items} questions answered. {mode}.",
        "label": ("Measure", "teal"),
    }


def _waits(case: Case, one: Expected) -> dict[str, Any]:
    return {
        "what": f"{title(one.measure)}, {WAVE_WORDS[one.wave].lower()}",
        "due": one.until,
        "url": reverse("measure_record", args=[case.pk, one.measure, one.wave.value]),
    }


def _panels(found: Measured, may: bool) -> list[dict[str, Any]]:
    """One panel for each measure that is asked or was answered, with names in one query."""
    listed = [row for rows in found.rows.values() for row in rows]
    workers = names_of(row.worker for row in listed)
    order = [*found.every, *(name for name in found.rows if name not in found.every)]
    panels = []
    for name in order:
        try:
            definition = load_measure(name)
        except DefinitionError:
            continue
        panels.append(_panel(found, definition, may, workers))
    return panels


def _panel(
    found: Measured, definition: Definition, may: bool, workers: Mapping[UUID, str]
) -> dict[str, Any]:
    rows = found.rows.get(definition.name, [])
    stored = {Wave(row.wave): row for row in rows}
    shown = time_rows(definition, found.every.get(definition.name, ()), rows, REASONS)
    source = source_of(definition)
    times = []
    for one in shown:
        row = stored.get(one.wave)
        at = [found.case.pk, definition.name, one.wave.value]
        times.append(
            time_cells(
                one,
                _how(row, workers) if row is not None else "",
                _dangers(definition, row),
                reverse("measure_record", args=at) if may else "",
            )
        )
    return {
        "title": title_of(definition),
        "caption": f"{title_of(definition)}, by time",
        "source": SOURCE_WORDS[source] if source else "",
        "direction": {"better": "Higher is better.", "worse": "Higher is worse."}.get(
            definition.higher_is, ""
        ),
        "times": times,
        "change": change_words(definition, rows),
        "chart": course_chart(definition, stored),
    }


def _how(row: MeasureAnswer, workers: Mapping[UUID, str]) -> str:
    parts = []
    if row.answered_on is not None:
        parts.append(f"{row.answered_on:%-d %B %Y}")
        parts.append(MODE_WORDS[Mode(row.mode)].lower())
        if row.present != Present.NOBODY:
            parts.append(f"present: {PRESENT_WORDS[Present(row.present)].lower()}")
    parts.append(workers.get(row.worker, ""))
    return ", ".join(part for part in parts if part)


def _dangers(definition: Definition, row: MeasureAnswer | None) -> list[str]:
    """What an answer warned of, in the words of the measure."""
    if row is None or not row.answers:
        return []
    try:
        return [alert.task for alert in raised_alerts(definition, json.loads(row.answers))]
    except AnswerError:
        return []


def asked_cases(viewer: Viewer) -> Any:
    """The cases that this viewer sees and of which something may be due."""
    rows = Case.objects.visible_to(viewer).select_related("client")
    return rows.exclude(stage__in=[stage.value for stage in NO_ANSWERS])


def today_due(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """Measures that are due in the worker's own cases; a manager sees those in own hands here.

    Three queries, however many cases there are. All of the service stand in the list of measures
    that are due.
    """
    if not may_do(viewer.role, Duty.RECORD_MEASURE):
        return []
    rows = asked_cases(viewer)
    if viewer.role is Role.PROGRAMME_MANAGER:
        rows = rows.filter(worker=viewer.worker)
    items = [
        {
            "due": min(today, one.until or today),
            "what": f"{title(one.measure)}, {WAVE_WORDS[one.wave].lower()}:",
            "who": found.case.client.full_name,
            "url": reverse("measure_record", args=[found.case.pk, one.measure, one.wave.value]),
            "tag": ("Late", "orange") if one.state is State.LATE else ("Measure", "teal"),
        }
        for found in measured(rows, viewer, today)
        for one in found.to_ask()
    ]
    return sorted(items, key=lambda item: item["due"])[:TODAY_SHOWN]
