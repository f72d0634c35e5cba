"""A partner's answers to measures, and the silence where there are none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.measures.definitions import Definition
from casewall.measures.definitions import load as load_measure
from casewall.measures.scoring import AnswerError, check, derived, raised_alerts
from casewall.safety.partners.actions.files import locked_file
from casewall.safety.partners.actions.tasks import raise_danger
from casewall.safety.partners.danger import HeardBy, sign_of_answer
from casewall.safety.partners.models import (
    EarlierScaleAnswer,
    Partner,
    PartnerFile,
    ScaleAnswer,
)
from casewall.safety.partners.rules import NotAnswered, Wave
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

ANSWERED = "This scale has been answered for this time already."
CHANGED_MEANWHILE = (
    "Somebody else recorded this scale for this time while the page was open. Look at both before "
    "you save. What you typed is below."
)


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
    version: int = 0,
) -> ScaleAnswer:
    """Keep raw answers and derive the score. Missing is never zero.

    An answer that signals danger becomes a task for that day, before anything is worked out. A
    time is answered once; `version`, that of the record when the page was shown, corrects the
    answers that are there, and what stood before stays. The same answers by the same worker twice
    are one submission.
    """
    require(by, Duty.RECORD_SCALES)
    definition = load_measure(measure)
    check(definition, answers)
    written = json.dumps(dict(answers), sort_keys=True)
    with acting(by):
        file = locked_file(file, by)
        row = _scale_row(file, measure, wave, by, id)
        if row.answered_on is not None:
            if (row.answers, row.answered_on, row.worker) == (written, answered_on, by.worker):
                return row
            if not version:
                raise Refused(ANSWERED)
        if version and row.version != version:
            raise StaleEdit(CHANGED_MEANWHILE)
        _warn(file, row, definition, answers, answered_on, by)
        if row.answered_on is not None:
            _keep_earlier(row, "corrected", by)
        row.answers, row.answered_on, row.due_on = written, answered_on, due_on or row.due_on
        row.mode, row.language, row.present = mode, language, present
        row.not_answered, row.worker = "", by.worker
        derive(row, definition, sex_of(file, definition, by))
        row.version += 1
        row.save()
        record(by=by, verb="recorded answers of", thing=file)
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
            raise Refused(ANSWERED)
        row.not_answered, row.due_on, row.worker = reason, due_on or row.due_on, by.worker
        row.measure_version = load_measure(measure).version
        row.version += 1
        row.save()
        record(by=by, verb="noted silence of", thing=file)
        return row


def score_again(*, by: Viewer, measure: str) -> int:
    """Work out again every score of a measure that rests on another version of its scorer.

    Raw answers and the earlier score stay. Answers that the measure no longer knows keep the
    score that they have. Returns how many scores were worked out again.
    """
    require(by, Duty.RELEASE_FIGURES)
    definition = load_measure(measure)
    done = 0
    with acting(by):
        rows = (
            ScaleAnswer.objects.visible_to(by)
            .select_for_update(of=("self",))
            .select_related("file__partner")
            .filter(measure=measure, answers__isnull=False)
            .exclude(scorer_version=definition.scorer_version)
        )
        for row in rows:
            try:
                check(definition, json.loads(row.answers))
            except AnswerError:
                continue
            _keep_earlier(row, "scored_again", by)
            derive(row, definition, row.file.partner.sex)
            row.version += 1
            row.save()
            done += 1
        if done:
            record(by=by, verb=f"scored {done} answers of {measure} again", kind="measure")
    return done


def sex_of(file: PartnerFile, definition: Definition, by: Viewer) -> str:
    """The partner's recorded sex where a band of this measure was published by sex; else empty."""
    by_sex = any(one.sex for one in (*definition.scorer.bands, *definition.scorer.cuts))
    if not by_sex:
        return ""
    found = Partner.objects.visible_to(by).filter(pk=file.partner_id)
    return found.values_list("sex", flat=True).first() or ""


def derive(row: ScaleAnswer, definition: Definition, sex: str) -> None:
    """Score, parts and band from the raw answers; a band by sex needs a known sex."""
    kept = derived(definition, json.loads(row.answers), sex=sex, wave=row.wave)
    for column, value in kept.items():
        setattr(row, column, value)
    row.recall = definition.recall


def _keep_earlier(row: ScaleAnswer, why: str, by: Viewer) -> None:
    """Keep what stands in an answer now, before it changes."""
    EarlierScaleAnswer(
        compartment=row.compartment,
        file_id=row.file_id,
        answer=row,
        why=why,
        answered_on=row.answered_on,
        answers=row.answers,
        score=row.score,
        parts=row.parts,
        band=row.band,
        measure_version=row.measure_version,
        scorer_version=row.scorer_version,
        recorded_by=row.worker,
        replaced_at=timezone.now(),
        worker=by.worker,
    ).save(force_insert=True)


def _warn(
    file: PartnerFile,
    row: ScaleAnswer,
    definition: Definition,
    answers: Mapping[str, str | None],
    on: date,
    by: Viewer,
) -> None:
    """A task for each answer that signals danger; one that a correction repeats has its task."""
    known = set()
    if row.answers:
        known = {alert.link_id for alert in raised_alerts(definition, json.loads(row.answers))}
    for alert in raised_alerts(definition, answers):
        if alert.link_id not in known:
            raise_danger(
                file=file,
                heard_by=HeardBy.ANSWER,
                source_id=row.pk,
                signs=[sign_of_answer(alert.link_id)],
                words=alert.task,
                on=on,
                by=by,
            )


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
        id=new or new_id(),
        compartment=file.compartment,
        file=file,
        measure=measure,
        wave=wave,
        version=0,
    )
