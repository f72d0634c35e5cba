"""Every write about what clients and referrers answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.measures.definitions import Definition
from casewall.measures.definitions import load as load_measure
from casewall.measures.schedule import Wave
from casewall.measures.scoring import AnswerError, check, derived, raised_alerts
from casewall.programme.cases.actions import add_task
from casewall.programme.cases.models import Case
from casewall.programme.measuring.models import EarlierAnswer, MeasureAnswer
from casewall.programme.measuring.rules import Mode, NotAnswered, Present, Why, source_of
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

DANGER = "answer_signals_danger"
CHANGED_MEANWHILE = (
    "Somebody else recorded this measure for this time while the page was open. Look at both "
    "before you save. What you typed is below."
)


def record_measure(
    *,
    case: Case,
    measure: str,
    wave: Wave,
    answered_on: date,
    answers: Mapping[str, str | None],
    mode: Mode,
    present: Present,
    language: str,
    by: Viewer,
    due_on: date | None = None,
    version: int = 0,
    form: UUID | None = None,
) -> MeasureAnswer:
    """Keep raw answers as the client or the referrer gave them, and derive the score.

    An answer that signals danger becomes a task for that day before anything is worked out.
    `version` is that of the record when the page was shown (0: there was none); answers that are
    there already are corrected by it, and stay readable. The same answers twice are one. Raises
    `Refused` for an answer that the measure does not know or a day before the referral,
    `StaleEdit` where a colleague was quicker.
    """
    require(by, Duty.RECORD_MEASURE)
    definition = load_measure(measure)
    source = source_of(definition)
    _refuse_unfit(case, definition, answered_on, answers)
    if source is None:
        raise Refused(f"“{definition.titles['en']}” is not answered on this side.")
    written = json.dumps(dict(answers), sort_keys=True)
    with acting(by):
        case = _locked(case, by)
        row = _row(case, measure, wave, source, form, by)
        same = (written, answered_on, mode, present, language, by.worker)
        kept = (row.answers, row.answered_on, row.mode, row.present, row.language, row.worker)
        if kept == same:
            return row
        _refuse_stale(row, version)
        _warn(case, row, definition, answers, answered_on, by)
        if row.answered_on is not None:
            _keep_earlier(row, Why.CORRECTED, by)
        row.answers, row.answered_on, row.due_on = written, answered_on, due_on or row.due_on
        row.mode, row.present, row.language = mode, present, language
        row.recall, row.not_answered = definition.recall, ""
        row.recorded_at, row.worker = timezone.now(), by.worker
        _derive(row, definition, case)
        _store(row)
        record(by=by, verb=f"recorded answers ({measure}) of", thing=case)
        return row


def note_silence(
    *,
    case: Case,
    measure: str,
    wave: Wave,
    reason: NotAnswered,
    by: Viewer,
    due_on: date | None = None,
    version: int = 0,
    form: UUID | None = None,
) -> MeasureAnswer:
    """Keep why a due measure has no answer. Answers that came are never overwritten by silence."""
    require(by, Duty.RECORD_MEASURE)
    definition = load_measure(measure)
    source = source_of(definition)
    if source is None:
        raise Refused(f"“{definition.titles['en']}” is not answered on this side.")
    with acting(by):
        case = _locked(case, by)
        row = _row(case, measure, wave, source, form, by)
        if row.answered_on is not None:
            raise Refused("This measure has been answered for this time already.")
        if (row.not_answered, row.worker) == (reason.value, by.worker):
            return row
        _refuse_stale(row, version)
        row.not_answered, row.due_on = reason, due_on or row.due_on
        row.measure_version = definition.version
        row.recorded_at, row.worker = timezone.now(), by.worker
        _store(row)
        record(by=by, verb=f"noted silence ({measure}) of", thing=case)
        return row


def score_again(*, by: Viewer, measure: str) -> int:
    """Work out again every score of a measure that rests on another version of its scorer.

    Raw answers and the earlier score stay. Answers that the measure no longer knows keep the
    score that they have. Returns how many scores were worked out again.
    """
    require(by, Duty.SIGN_OFF)
    definition = load_measure(measure)
    done = 0
    with acting(by):
        rows = (
            MeasureAnswer.objects.visible_to(by)
            .select_for_update(of=("self",))
            .select_related("case__client")
            .filter(measure=measure, answers__isnull=False)
            .exclude(scorer_version=definition.scorer_version)
        )
        for row in rows:
            try:
                check(definition, json.loads(row.answers))
            except AnswerError:
                continue
            _keep_earlier(row, Why.SCORED_AGAIN, by)
            _derive(row, definition, row.case)
            _store(row)
            done += 1
        if done:
            record(by=by, verb=f"scored {done} answers of {measure} again", kind="measure")
    return done


def _refuse_unfit(
    case: Case, definition: Definition, answered_on: date, answers: Mapping[str, str | None]
) -> None:
    if answered_on < case.referred_on:
        raise Refused(
            f"The case was referred on {case.referred_on:%-d %B %Y}; nothing can have been "
            "answered before that."
        )
    try:
        check(definition, answers)
    except AnswerError as problem:
        raise Refused(str(problem)) from problem
    if not any(answers.values()):
        raise Refused("No question is answered. If there is no answer at all, say why instead.")


def _locked(case: Case, by: Viewer) -> Case:
    rows = Case.objects.visible_to(by).select_related("client")
    return rows.select_for_update(of=("self",)).get(pk=case.pk)


def _warn(
    case: Case,
    row: MeasureAnswer,
    definition: Definition,
    answers: Mapping[str, str | None],
    on: date,
    by: Viewer,
) -> None:
    """A task for each answer that signals danger; one that a correction repeats has its task."""
    known = _dangers(definition, json.loads(row.answers)) if row.answers else set()
    for _ in _dangers(definition, answers) - known:
        add_task(case=case, kind=DANGER, due_on=on, by=by)


def _dangers(definition: Definition, answers: Mapping[str, str | None]) -> set[str]:
    try:
        return {alert.link_id for alert in raised_alerts(definition, answers)}
    except AnswerError:
        return set()


def _row(
    case: Case, measure: str, wave: Wave, source: str, form: UUID | None, by: Viewer
) -> MeasureAnswer:
    known = (
        MeasureAnswer.objects.visible_to(by)
        .select_for_update(of=("self",))
        .filter(case=case, measure=measure, wave=wave)
        .first()
    )
    return known or MeasureAnswer(
        id=id_of_form(case.pk, form, f"{measure} {wave}"),
        compartment=case.compartment,
        case=case,
        source=source,
        measure=measure,
        wave=wave,
        version=0,
    )


def _refuse_stale(row: MeasureAnswer, version: int) -> None:
    if row.version != version and not (version == 0 and row.answered_on is None):
        raise StaleEdit(CHANGED_MEANWHILE)


def _derive(row: MeasureAnswer, definition: Definition, case: Case) -> None:
    """Score, parts and band from the raw answers; a band by sex needs a known sex."""
    kept = derived(definition, json.loads(row.answers), sex=case.client.sex, wave=row.wave)
    for column, value in kept.items():
        setattr(row, column, value)


def _keep_earlier(row: MeasureAnswer, why: Why, by: Viewer) -> None:
    EarlierAnswer(
        compartment=row.compartment,
        case_id=row.case_id,
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


def _store(row: MeasureAnswer) -> None:
    is_new = row.version == 0
    row.version += 1
    row.save(force_insert=is_new)
