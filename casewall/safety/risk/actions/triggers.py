"""Pictures are begun for every linked file, and triggers are found, after each pull and at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.risk.actions.facts import facts_of
from casewall.safety.risk.models import JointRisk, RiskTrigger
from casewall.safety.risk.rules import Found, first_review_by, triggers_of
from casewall.wall.context import acting
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

BATCH = 1000


def look_for_triggers(*, by: Viewer, at: datetime) -> int:
    """Begin pictures that are missing, and make reviews due that a record asks for.

    Runs as the system account after each pull; returns how many triggers are new. The same record
    triggers once in a picture, whatever the pulls.
    """
    require(by, Duty.PULL)
    today = timezone.localdate(at)
    with acting(by):
        _begin_missing(by, today)
        risks = list(
            JointRisk.objects.visible_to(by)
            .filter(file__closed_on=None, file__withdrawn_on=None)
            .order_by("id")
        )
        return keep_found(risks=risks, by=by, at=at)


def keep_found(*, risks: Sequence[JointRisk], by: Viewer, at: datetime) -> int:
    """Keep the triggers that these pictures do not have yet. A part of an act."""
    require_any(by=by)
    today = timezone.localdate(at)
    facts = facts_of(risks, by, today)
    found = {
        one.id_for(risk.pk): (risk, one)
        for risk in risks
        for one in triggers_of(facts.about(risk), risk.begun_on, today)
    }
    rows = RiskTrigger.objects.visible_to(by)
    known: set[UUID] = set()
    ids = list(found)
    for start in range(0, len(ids), BATCH):
        known.update(rows.filter(pk__in=ids[start : start + BATCH]).values_list("pk", flat=True))
    new = {key: pair for key, pair in found.items() if key not in known}
    for key, (risk, one) in sorted(new.items(), key=lambda item: item[1][1]):
        _keep(key, risk, one, at)
    for risk in {risk.pk: risk for risk, _ in new.values()}.values():
        last = max(one for own, one in new.values() if own.pk == risk.pk)
        due_now(risk=risk, trigger=last.trigger, today=today)
    return len(new)


def require_any(*, by: Viewer) -> None:
    """Raise `Refused` unless the viewer keeps joint risk, or is the system that pulls."""
    require(by, Duty.PULL if by.is_system else Duty.JOINT_RISK)


def _keep(key: UUID, risk: JointRisk, one: Found, at: datetime) -> None:
    RiskTrigger(
        id=key,
        compartment=risk.compartment,
        file_id=risk.file_id,
        risk=risk,
        trigger=one.trigger,
        about_on=one.on,
        fact_id=one.fact,
        noted_at=at,
    ).save(force_insert=True)


def due_now(*, risk: JointRisk, trigger: str, today: date) -> None:
    """Make the review of a picture due today, where it was not due already."""
    risk.review_on, risk.due_because = min(risk.review_on, today), trigger
    risk.version += 1
    risk.save(update_fields=["review_on", "due_because", "version"])


def _begin_missing(by: Viewer, today: date) -> None:
    """A picture for each open file and each of its cases, without a level: nobody has judged.

    A file without a case has one of its own, which follows it into its first link.
    """
    files = (
        PartnerFile.objects.visible_to(by)
        .filter(closed_on=None, withdrawn_on=None)
        .only("id", "compartment", "worker", "referred_on")
    )
    cases: dict[UUID, dict[UUID, date]] = {}
    links = FileLink.objects.visible_to(by).filter(ended_on=None)
    for file, case, on in links.values_list("file_id", "case_id", "linked_on"):
        cases.setdefault(file, {})[case] = on
    begun: dict[UUID, dict[UUID | None, JointRisk]] = {}
    for risk in JointRisk.objects.visible_to(by):
        begun.setdefault(risk.file_id, {})[risk.case_id] = risk
    new: list[JointRisk] = []
    for file in files.order_by("id"):
        own, known = begun.get(file.pk, {}), cases.get(file.pk, {})
        wanted: list[tuple[UUID | None, date]] = [
            (case, on) for case, on in known.items() if case not in own
        ]
        alone = own.get(None)
        if alone is not None and wanted:
            alone.case_id = wanted.pop(0)[0]
            alone.save(update_fields=["case_id"])
        if not known and alone is None:
            wanted = [(None, file.referred_on)]
        new += [drafted(file, case, on, today) for case, on in wanted]
    _insert(new)


def _insert(rows: Iterable[JointRisk]) -> None:
    JointRisk.objects.for_system("pull").bulk_create(rows, batch_size=BATCH)


def drafted(file: PartnerFile, case: UUID | None, known_on: date, today: date) -> JointRisk:
    """A picture that nobody has judged yet, due within the days of an intake."""
    return JointRisk(
        id=new_id(),
        compartment=file.compartment,
        file=file,
        case_id=case,
        owner=file.worker,
        begun_on=known_on,
        review_on=max(first_review_by(known_on), today),
    )
