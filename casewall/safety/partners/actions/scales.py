"""A partner's answers to scales, and the silence where there are none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from casewall.audit.actions import record
from casewall.measures.definitions import load as load_measure
from casewall.measures.scoring import raised_alerts, score
from casewall.safety.partners.actions.files import locked_file
from casewall.safety.partners.actions.tasks import add_task
from casewall.safety.partners.models import PartnerFile, ScaleAnswer
from casewall.safety.partners.rules import NotAnswered, Wave
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer


def record_scale(
    *,
    file: PartnerFile,
    measure: str,
    wave: Wave,
    answered_on: date,
    answers: Mapping[str, str | None],
    mode: str,
    language: str,
    by: Viewer,
    present: str = "nobody",
    due_on: date | None = None,
    id: UUID | None = None,
) -> ScaleAnswer:
    """Keep raw answers and derive the score. A wave is answered once; missing is never zero.

    An answer that signals danger becomes a task for that day. The same answers by the same
    worker twice are one submission.
    """
    require(by, Duty.RECORD_SCALES)
    definition = load_measure(measure)
    result = score(definition, answers)
    written = json.dumps(dict(answers), sort_keys=True)
    with acting(by):
        file = locked_file(file, by)
        row = _scale_row(file, measure, wave, by, id)
        if row.answered_on is not None:
            if (row.answers, row.answered_on, row.worker) == (written, answered_on, by.worker):
                return row
            raise Refused("This scale has been answered for this time already.")
        row.measure_version, row.answers = definition.version, written
        row.answered_on, row.due_on = answered_on, due_on or row.due_on
        row.score, row.answered_items, row.items = result.value, result.answered, result.items
        row.scorer_version, row.mode, row.language = result.scorer_version, mode, language
        row.present, row.not_answered, row.worker = present, "", by.worker
        row.save()
        record(by=by, verb="recorded answers of", thing=file)
        for alert in raised_alerts(definition, answers):
            add_task(
                file=file, kind="answer_signals_danger", due_on=answered_on, note=alert.task, by=by
            )
        return row


def note_not_answered(
    *,
    file: PartnerFile,
    measure: str,
    wave: Wave,
    reason: NotAnswered,
    by: Viewer,
    due_on: date | None = None,
    id: UUID | None = None,
) -> ScaleAnswer:
    """Keep why a due scale has no answer, so that silence is counted as silence."""
    require(by, Duty.RECORD_SCALES)
    with acting(by):
        file = locked_file(file, by)
        row = _scale_row(file, measure, wave, by, id)
        if row.answered_on is not None:
            raise Refused("This scale has been answered for this time already.")
        row.not_answered, row.due_on, row.worker = reason, due_on or row.due_on, by.worker
        row.measure_version = load_measure(measure).version
        row.save()
        record(by=by, verb="noted silence of", thing=file)
        return row


def _scale_row(
    file: PartnerFile, measure: str, wave: Wave, by: Viewer, new: UUID | None
) -> ScaleAnswer:
    row = (
        ScaleAnswer.objects.visible_to(by)
        .select_for_update(of=("self",))
        .filter(file=file, measure=measure, wave=wave)
        .first()
    )
    return row or ScaleAnswer(
        id=new or new_id(), compartment=file.compartment, file=file, measure=measure, wave=wave
    )
