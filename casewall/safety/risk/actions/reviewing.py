"""Looking at the whole picture together: the level, why, the plan, and when again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.children.models import ChildAdult
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.risk.actions.triggers import drafted, due_now, keep_found
from casewall.safety.risk.models import DangerSignal, JointRisk, RiskReview, RiskTrigger
from casewall.safety.risk.rules import (
    Judged,
    Level,
    Occasion,
    SourceOf,
    Trigger,
    may_judge,
    may_review_on,
    next_review,
)
from casewall.safety.support.actions.keeping import locked_file, not_ahead
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

CHANGED = (
    "Somebody else judged this risk while you had the page open. What you typed is below and "
    "nothing was overwritten: look at both before you save."
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said in one review. `review_on` None: three months on; `owner` None: as before."""

    level: Level
    occasion: Occasion
    reasons: str
    plan: str = ""
    changed: str = ""
    sources: Collection[SourceOf] = ()
    owner: UUID | None = None
    review_on: date | None = None


def picture_of(*, file: PartnerFile, case_id: UUID | None, by: Viewer) -> JointRisk:
    """The joint risk of a file and one of its cases; begun without a level where there is none.

    Raises `Refused` for a case that the file is not linked to. A part of an act, below the lock
    of the file.
    """
    require(by, Duty.JOINT_RISK)
    rows = JointRisk.objects.visible_to(by).select_for_update(of=("self",)).filter(file=file)
    risk: JointRisk | None = rows.filter(case_id=case_id).first()
    if risk is not None:
        return risk
    known_on = file.referred_on
    if case_id is not None:
        links = FileLink.objects.visible_to(by).filter(file=file, case_id=case_id, ended_on=None)
        link = links.first()
        if link is None:
            raise Refused("This file does not belong to that case.")
        known_on = link.linked_on
    risk = drafted(file, case_id, known_on, timezone.localdate())
    risk.save(force_insert=True)
    return risk


def review_risk(
    *,
    file: PartnerFile,
    case_id: UUID | None,
    said: Judgement,
    on: date,
    version: int,
    by: Viewer,
    form: UUID | None = None,
) -> RiskReview:
    """Judge the risk of a file and one of its cases. What was open is answered by it.

    `version` is that of the picture as it was shown, 0 where it had not been begun. The same form
    twice is one review. Raises `Refused` with a sentence where the judgement is not whole,
    `StaleEdit` where somebody judged it meanwhile.
    """
    require(by, Duty.JOINT_RISK)
    not_ahead(on)
    with acting(by):
        file = locked_file(file, by)
        own = id_of_form(file.pk, form, "risk review")
        known: RiskReview | None = RiskReview.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        risk = picture_of(file=file, case_id=case_id, by=by)
        if version and risk.version != version:
            raise StaleEdit(CHANGED)
        if not version and risk.level:
            raise StaleEdit(CHANGED)
        _demand(risk, said, on, by)
        keep_found(risks=[risk], by=by, at=timezone.now())
        review = _kept(own, risk, said, on, by)
        _answer(risk, review, by)
        risk.level, risk.owner = said.level, said.owner or risk.owner or file.worker or by.worker
        risk.reviewed_on, risk.review_on = on, review.review_on
        risk.due_because = ""
        risk.version += 1
        risk.save()
        record(by=by, verb="judged the risk of", thing=file)
        return review


def _demand(risk: JointRisk, said: Judgement, on: date, by: Viewer) -> None:
    if risk.reviewed_on is not None and on < risk.reviewed_on:
        raise Refused(
            f"The last review was on {risk.reviewed_on:%-d %B %Y}; this one cannot lie before it."
        )
    demand(may_review_on(on, said.review_on))
    demand(
        may_judge(
            Judged(
                before=risk.level,
                level=said.level,
                reasons=said.reasons,
                plan=said.plan,
                changed=said.changed,
                open_signals=signals_open(risk, by),
            )
        )
    )


def signals_open(risk: JointRisk, by: Viewer) -> int:
    """How many signs of danger about this file, or its children, nobody has acted on."""
    children = ChildAdult.objects.visible_to(by).filter(file=risk.file_id, ended_on=None)
    rows = DangerSignal.objects.visible_to(by).filter(acknowledged_at=None)
    count: int = rows.filter(
        Q(file=risk.file_id) | Q(child__in=children.values("child_id"))
    ).count()
    return count


def _kept(own: UUID, risk: JointRisk, said: Judgement, on: date, by: Viewer) -> RiskReview:
    review = RiskReview(
        id=own,
        compartment=risk.compartment,
        file_id=risk.file_id,
        risk=risk,
        reviewed_on=on,
        before=risk.level,
        level=said.level,
        occasion=said.occasion,
        sources=",".join(one for one in SourceOf if one in said.sources),
        reasons=said.reasons,
        plan=said.plan or None,
        changed=said.changed or None,
        review_on=next_review(on, said.review_on),
        recorded_at=timezone.now(),
        worker=by.worker,
    )
    review.save(force_insert=True)
    return review


def _answer(risk: JointRisk, review: RiskReview, by: Viewer) -> None:
    rows = RiskTrigger.objects.visible_to(by).select_for_update(of=("self",))
    for trigger in rows.filter(risk=risk, answered_by=None):
        trigger.answered_by = review
        trigger.save(update_fields=["answered_by"])


def note_trigger(
    *,
    file: PartnerFile,
    case_id: UUID | None,
    trigger: Trigger,
    on: date,
    note: str | None,
    by: Viewer,
    form: UUID | None = None,
) -> RiskTrigger:
    """Write down what makes a review due at once. The same form twice is one trigger."""
    require(by, Duty.JOINT_RISK)
    with acting(by):
        file = locked_file(file, by)
        own = id_of_form(file.pk, form, "risk trigger")
        known: RiskTrigger | None = RiskTrigger.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        risk = picture_of(file=file, case_id=case_id, by=by)
        row = RiskTrigger(
            id=own,
            compartment=risk.compartment,
            file_id=risk.file_id,
            risk=risk,
            trigger=trigger,
            about_on=on,
            note=note or None,
            noted_at=timezone.now(),
            worker=by.worker,
        )
        row.save(force_insert=True)
        due_now(risk=risk, trigger=trigger, today=timezone.localdate())
        record(by=by, verb="wrote down what raises the risk of", thing=file)
        return row
