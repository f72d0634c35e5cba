"""Signs of danger: kept the moment they come in, and acted on by somebody who says so."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.children.models import ChildAdult
from casewall.safety.partners.actions import raise_danger
from casewall.safety.partners.danger import Danger, HeardBy, Raised, in_words
from casewall.safety.partners.models import PartnerFile, PartnerTask
from casewall.safety.risk.actions.triggers import due_now
from casewall.safety.risk.models import DangerSignal, JointRisk, RiskTrigger
from casewall.safety.risk.rules import Fact, Of, may_settle, triggers_of
from casewall.safety.support.actions.keeping import locked_file
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer


def keep_signal(*, raised: Raised, by: Viewer) -> None:
    """Keep a sign of danger, and make the review of every picture that it is about due today.

    Heard from whatever act keeps the answer, the note or the incident; in its transaction, and
    under its duty.
    """
    now = timezone.now()
    with acting(by):
        signal = DangerSignal(
            id=new_id(),
            compartment=raised.compartment,
            file_id=raised.file_id,
            child_id=raised.child_id,
            task_id=raised.task_id,
            heard_by=raised.heard_by,
            source_id=raised.source_id,
            signs=",".join(raised.signs),
            words=raised.words,
            raised_on=raised.on,
            raised_at=now,
            worker=by.worker,
        )
        signal.save(force_insert=True)
        _trigger(signal, raised, by)


def _trigger(signal: DangerSignal, raised: Raised, by: Viewer) -> None:
    """Where whoever raises it sees no picture yet, the next pull begins one and finds the sign."""
    files = [raised.file_id]
    if raised.child_id is not None:
        links = ChildAdult.objects.visible_to(by).filter(child_id=raised.child_id, ended_on=None)
        files = list(links.exclude(file=None).values_list("file_id", flat=True))
    today = timezone.localdate()
    fact = Fact(Of.SIGNAL, signal.pk, today, tuple(raised.signs))
    risks = JointRisk.objects.visible_to(by).select_for_update(of=("self",))
    for risk in risks.filter(file__in=files).order_by("id"):
        for one in triggers_of([fact], today, today):
            RiskTrigger(
                id=one.id_for(risk.pk),
                compartment=risk.compartment,
                file_id=risk.file_id,
                risk=risk,
                trigger=one.trigger,
                about_on=one.on,
                fact_id=one.fact,
                noted_at=signal.raised_at,
            ).save(force_insert=True)
            due_now(risk=risk, trigger=one.trigger, today=today)


def raise_by_hand(
    *, file: PartnerFile, signs: Collection[Danger], by: Viewer, form: UUID | None = None
) -> PartnerTask:
    """Keep signs that a worker saw or heard without writing another record. Twice is once."""
    require(by, Duty.RECORD_SUFFERED)
    if not signs:
        raise Refused("Choose at least one sign of danger.")
    with acting(by):
        file = locked_file(file, by)
        own = id_of_form(file.pk, form, "danger")
        known = DangerSignal.objects.visible_to(by).filter(source_id=own).first()
        if known is not None and known.task_id is not None:
            task: PartnerTask = PartnerTask.objects.visible_to(by).get(pk=known.task_id)
            return task
        return raise_danger(
            file=file,
            heard_by=HeardBy.WORKER,
            source_id=own,
            signs=signs,
            words=f"A worker heard or saw: {in_words(signs).lower()}.",
            on=timezone.localdate(),
            by=by,
        )


def acknowledge(*, signal: DangerSignal, done: str, by: Viewer) -> DangerSignal:
    """Say what was done about a sign of danger. Its task is done by it; twice is once.

    Raises `Refused` where nothing is said.
    """
    require(by, Duty.RECORD_SUFFERED)
    demand(may_settle(done))
    with acting(by):
        rows = DangerSignal.objects.visible_to(by).select_for_update(of=("self",))
        signal = rows.get(pk=signal.pk)
        if signal.acknowledged_at is not None and signal.done:
            return signal
        signal.acknowledged_at, signal.acknowledged_by = timezone.now(), by.worker
        signal.done = done.strip()
        signal.save(update_fields=["acknowledged_at", "acknowledged_by", "done"])
        tasks = PartnerTask.objects.visible_to(by).filter(pk=signal.task_id, done_on=None)
        for task in tasks:
            task.done_on, task.done_by = timezone.localdate(), by.worker
            task.save(update_fields=["done_on", "done_by"])
        record(by=by, verb="acted on a sign of danger in", thing=signal)
        return signal


def task_was_done(*, task: UUID, by: Viewer) -> None:
    """Note that the task about a sign was marked done without a word; the words can follow."""
    with acting(by):
        rows = DangerSignal.objects.visible_to(by).filter(task_id=task, acknowledged_at=None)
        for signal in rows:
            signal.acknowledged_at, signal.acknowledged_by = timezone.now(), by.worker
            signal.save(update_fields=["acknowledged_at", "acknowledged_by"])
