"""Every write about questions on a device: giving a code, closing it, keeping what came back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from casewall.audit.actions import record
from casewall.measures.definitions import Definition
from casewall.measures.definitions import load as load_measure
from casewall.measures.over_time import title_of
from casewall.measures.scoring import check, raised_alerts
from casewall.safety.asking.models import AnsweredPage, Asking, Slot
from casewall.safety.asking.rules import (
    Device,
    SlotState,
    ends_at,
    form_of,
    id_of_asking,
    measure_on,
)
from casewall.safety.partners.actions import (
    add_task,
    derive,
    locked_file,
    raise_danger,
    sex_of,
)
from casewall.safety.partners.danger import HeardBy, sign_of_answer
from casewall.safety.partners.models import PartnerFile, ScaleAnswer
from casewall.safety.partners.rules import Mode, Present, Wave
from casewall.vault.codes import door_key_of, fingerprint, new_code
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Side, Viewer

TWICE = "answers_came_twice"


@dataclass(frozen=True, slots=True)
class Made:
    """What was asked, and its code: shown now, kept nowhere."""

    asking: Asking
    code: str


def ask_on_device(
    *,
    file: PartnerFile,
    wave: Wave,
    measures: Sequence[str],
    language: str,
    device: Device,
    form: UUID,
    at: datetime,
    by: Viewer,
) -> Made:
    """Make a code that opens these measures for one time, once, for 72 hours.

    Only its fingerprint is kept. A code that this file has for the same time is closed. The same
    `form` sent twice is one asking with the same code. Raises `Refused` for measures that have
    been answered for that time, that do not exist in the language, or for a withdrawn file.
    """
    require(by, Duty.RECORD_SCALES)
    own = id_of_asking(file.pk, form)
    code = new_code(secret=settings.SECRET_KEY, form=form)
    with acting(by):
        file = locked_file(file, by)
        known = Asking.objects.visible_to(by).select_related("slot").filter(pk=own).first()
        if known is not None:
            return Made(known, code)
        _refuse_unless_askable(file, wave, measures, language, by)
        _close_earlier(file, wave, at, by)
        slot = Slot(
            compartment=file.compartment,
            code_hash=fingerprint(code, door_key=_door_key()),
            form=form_of(measures),
            language=language,
            ends_at=ends_at(at),
        )
        slot.save(force_insert=True)
        asking = Asking(
            id=own,
            compartment=file.compartment,
            file=file,
            slot=slot,
            wave=wave,
            device=device,
            made_at=at,
            worker=by.worker,
        )
        asking.save(force_insert=True)
        record(by=by, verb="gave a code for questions of", thing=file)
        return Made(asking, code)


def _door_key() -> bytes:
    return door_key_of(settings.CASEWALL_SEAL_SECRETS[Side.SAFETY])


def _refuse_unless_askable(
    file: PartnerFile, wave: Wave, measures: Sequence[str], language: str, by: Viewer
) -> None:
    if file.withdrawn_on is not None:
        raise Refused("The referral of this file was withdrawn; nobody is asked.")
    if not measures:
        raise Refused("Choose what to ask.")
    answered = set(
        ScaleAnswer.objects.visible_to(by)
        .filter(file=file, wave=wave)
        .exclude(answered_on=None)
        .values_list("measure", flat=True)
    )
    for name in measures:
        definition = load_measure(name)
        if language not in definition.languages:
            raise Refused(f"“{title_of(definition)}” does not exist in this language.")
        if name in answered:
            raise Refused(
                f"“{title_of(definition)}” has been answered for this time already. Leave it "
                "out, or choose another time."
            )


def _close_earlier(file: PartnerFile, wave: Wave, at: datetime, by: Viewer) -> None:
    earlier = Asking.objects.visible_to(by).filter(
        file=file, wave=wave, slot__state__in=[SlotState.WAITING, SlotState.OPEN]
    )
    for asking in earlier.select_related("slot"):
        _close(asking, at, by)


def _close(asking: Asking, at: datetime, by: Viewer) -> None:
    slot = Slot.objects.visible_to(by).select_for_update(of=("self",)).get(pk=asking.slot_id)
    if slot.state in (SlotState.FINISHED, SlotState.CLOSED):
        return
    slot.state, slot.visit_hash = SlotState.CLOSED, None
    slot.save(update_fields=["state", "visit_hash"])
    asking.closed_at, asking.closed_by = at, by.worker
    asking.save(update_fields=["closed_at", "closed_by"])


def close_asking(*, asking: Asking, at: datetime, by: Viewer) -> Asking:
    """Make a code open nothing from now on; a visit that is open ends. Twice is once."""
    require(by, Duty.RECORD_SCALES)
    with acting(by):
        asking = Asking.objects.visible_to(by).select_related("file").get(pk=asking.pk)
        _close(asking, at, by)
        record(by=by, verb="closed the code of", thing=asking.file)
        return asking


def keep_answers(
    *,
    slot: UUID,
    page: int,
    answers: Mapping[str, str | None],
    answered_at: datetime,
    by: Viewer,
) -> str:
    """Keep one page of answers that came from the front door. Returns what became of it.

    `loaded`, `known` where this page arrived before, `refused` where no code leads here. An
    answer that signals danger becomes a task, whatever else. Where somebody recorded the same
    questions for the same time meanwhile, both stay and a task says so. Raises AnswerError (a
    ValueError) for an answer that the measure does not know.
    """
    require(by, Duty.INTAKE)
    with acting(by):
        asking = Asking.objects.visible_to(by).select_related("slot").filter(slot_id=slot).first()
        measure = measure_on(asking.slot.form, page) if asking is not None else None
        if asking is None or measure is None:
            return "refused"
        file = (
            PartnerFile.objects.visible_to(by)
            .select_for_update(of=("self",))
            .get(pk=asking.file_id)
        )
        if AnsweredPage.objects.visible_to(by).filter(asking=asking, page=page).exists():
            return "known"
        definition = load_measure(measure)
        check(definition, answers)
        arrived = _arrived(asking, page, definition, answers, answered_at)
        row = _scale(file, asking, definition, arrived, by)
        arrived.scale = row.pk if row is not None else None
        arrived.save(force_insert=True)
        record(by=by, verb="took in answers of", thing=file)
        _tell_worker(file, definition, answers, arrived, by)
        return "loaded"


def _arrived(
    asking: Asking,
    page: int,
    definition: Definition,
    answers: Mapping[str, str | None],
    answered_at: datetime,
) -> AnsweredPage:
    language = asking.slot.language
    return AnsweredPage(
        id=new_id(),
        compartment=asking.compartment,
        file_id=asking.file_id,
        asking=asking,
        page=page,
        measure=definition.name,
        measure_version=definition.version,
        language=language,
        translation_version=definition.translations[language].version,
        answered_at=answered_at,
        answers=json.dumps({key: answers.get(key) for key in definition.link_ids}, sort_keys=True),
    )


def _scale(
    file: PartnerFile, asking: Asking, definition: Definition, arrived: AnsweredPage, by: Viewer
) -> ScaleAnswer | None:
    """The answer row of this measure and time; None where it has been answered already."""
    row = (
        ScaleAnswer.objects.visible_to(by)
        .select_for_update(of=("self",))
        .filter(file=file, measure=definition.name, wave=asking.wave)
        .first()
    )
    if row is not None and row.answered_on is not None:
        return None
    row = row or ScaleAnswer(
        id=new_id(),
        compartment=file.compartment,
        file=file,
        measure=definition.name,
        wave=asking.wave,
        version=0,
    )
    row.answers, row.answered_on = arrived.answers, timezone.localdate(arrived.answered_at)
    derive(row, definition, sex_of(file, definition, by))
    row.version += 1
    row.mode, row.language = Mode.ALONE_ON_A_SCREEN, arrived.language
    row.present, row.not_answered, row.worker = Present.NOT_KNOWN, "", asking.worker
    row.save()
    return row


def _tell_worker(
    file: PartnerFile,
    definition: Definition,
    answers: Mapping[str, str | None],
    arrived: AnsweredPage,
    by: Viewer,
) -> None:
    due_on = timezone.localdate(arrived.answered_at)
    for alert in raised_alerts(definition, answers):
        raise_danger(
            file=file,
            heard_by=HeardBy.DEVICE,
            source_id=arrived.pk,
            signs=[sign_of_answer(alert.link_id)],
            words=alert.task,
            on=due_on,
            by=by,
        )
    if arrived.scale is None:
        note = (
            f"“{title_of(definition)}” was answered on a device after somebody had recorded "
            "answers for the same time. Both are kept; look at both."
        )
        add_task(file=file, kind=TWICE, due_on=due_on, note=note, by=by)
