"""Every write to an assessment of who does what to whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import locked
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.partners.rules import add_working_days
from casewall.safety.roles.models import RoleAssessment, RoleIncident, RoleWorking
from casewall.safety.roles.rules import (
    SIGN_OFF_DAYS,
    UNDER_WAY,
    Act,
    Consequence,
    Fear,
    HowOften,
    Injury,
    Outcome,
    Person,
    Setting,
    Sign,
    Source,
    State,
    fits,
    is_whole,
    may_ask,
    may_set_aside,
    may_sign,
    may_write,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Role, Viewer


def begin_assessment(
    *,
    file: PartnerFile,
    by: Viewer,
    case_id: UUID | None = None,
    why: str | None = None,
    id: UUID | None = None,
) -> RoleAssessment:
    """Begin an assessment on a file, or a new one that may correct an earlier conclusion.

    `case_id` is a case that the file is linked to, where Person B is its client. Nothing of an
    earlier assessment is copied, so that a later author learns nothing by writing. The same `id`
    twice is the same assessment. Raises `Refused` while another one is under way.
    """
    require(by, Duty.ASSESS_ROLES)
    with acting(by):
        file = PartnerFile.objects.visible_to(by).select_for_update(of=("self",)).get(pk=file.pk)
        earlier = list(RoleAssessment.objects.visible_to(by).filter(file=file).order_by("number"))
        for one in earlier:
            if one.pk == id:
                return one
            if State(one.state) in UNDER_WAY:
                raise Refused("An assessment of this file is under way: finish that one first.")
        if any(one.state == State.CONCLUDED for one in earlier) and not (why or "").strip():
            raise Refused("The roles were concluded before. Say why they are looked at again.")
        links = FileLink.objects.visible_to(by).filter(file=file, case_id=case_id, ended_on=None)
        if case_id is not None and not links.exists():
            raise Refused("This file is not linked to that case.")
        made = RoleAssessment(
            id=id or new_id(),
            compartment=file.compartment,
            file=file,
            number=len(earlier) + 1,
            case_id=case_id,
            author=by.worker,
            begun_at=timezone.now(),
        )
        made.save(force_insert=True)
        RoleWorking(compartment=file.compartment, assessment=made, why=why or None).save(
            force_insert=True
        )
        record(by=by, verb="began", thing=made)
        return made


def _writable(assessment: RoleAssessment, by: Viewer) -> RoleAssessment:
    assessment = locked(assessment, by)
    demand(may_write(State(assessment.state), assessment.author == by.worker))
    return assessment


def add_incident(
    *,
    assessment: RoleAssessment,
    done_by: Person,
    acts: Iterable[Act],
    what: str,
    setting: Setting,
    how_often: HowOften,
    consequences: Iterable[Consequence],
    fear: Fear,
    injury: Injury,
    source: Source,
    by: Viewer,
    happened_on: date | None = None,
    happened: str | None = None,
    id: UUID | None = None,
) -> RoleIncident:
    """Write one row of the grid. The same `id` twice is the same row.

    `happened` says in words when it was, where no day is known.
    """
    require(by, Duty.ASSESS_ROLES)
    acts, consequences = list(acts), list(consequences)
    demand(is_whole(acts, consequences, what, happened_on, timezone.localdate()))
    with acting(by):
        assessment = _writable(assessment, by)
        known = RoleIncident.objects.visible_to(by).filter(pk=id).first() if id else None
        if known is not None:
            return known
        incident = RoleIncident(
            id=id or new_id(),
            compartment=assessment.compartment,
            assessment=assessment,
            done_by=done_by,
            acts=",".join(acts),
            what=what,
            setting=setting,
            how_often=how_often,
            happened_on=happened_on,
            happened=happened or None,
            consequences=",".join(consequences),
            fear=fear,
            injury=injury,
            source=source,
        )
        incident.save(force_insert=True)
        record(by=by, verb="wrote an incident in", thing=assessment)
        return incident


def strike_incident(*, incident: RoleIncident, by: Viewer) -> RoleIncident:
    """Strike a row out; it stays readable, crossed out."""
    require(by, Duty.ASSESS_ROLES)
    with acting(by):
        row = RoleIncident.objects.visible_to(by).select_related("assessment").get(pk=incident.pk)
        assessment = _writable(row.assessment, by)
        if row.struck_on is None:
            row.struck_on = timezone.localdate()
            row.save()
            record(by=by, verb="struck an incident in", thing=assessment)
        return row


def write_working(
    *,
    assessment: RoleAssessment,
    version: int,
    signs_a: Iterable[Sign],
    signs_b: Iterable[Sign],
    note: str | None,
    proposed_a: Outcome | None,
    proposed_b: Outcome | None,
    grounds: str | None,
    by: Viewer,
) -> RoleWorking:
    """Write the signs, the notes and what is proposed. Raises `StaleEdit` past `version`."""
    require(by, Duty.ASSESS_ROLES)
    if proposed_a is not None and proposed_b is not None:
        demand(fits(proposed_a, proposed_b))
    with acting(by):
        assessment = _writable(assessment, by)
        row = RoleWorking.objects.visible_to(by).get(assessment=assessment)
        kept = {
            "signs_a": ",".join(signs_a),
            "signs_b": ",".join(signs_b),
            "note": note or None,
            "proposed_a": proposed_a or "",
            "proposed_b": proposed_b or "",
            "grounds": grounds or None,
        }
        if row.version == version + 1 and all(getattr(row, k) == v for k, v in kept.items()):
            return row
        if row.version != version:
            raise StaleEdit(
                "This was changed in another tab while the page was open. What you typed is "
                "below, and what is stored beside it; nothing was overwritten."
            )
        for name, value in kept.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        record(by=by, verb="wrote in", thing=assessment)
        return row


def ask_for_sign_off(*, assessment: RoleAssessment, by: Viewer) -> RoleAssessment:
    """Put the proposed conclusion to a second worker."""
    require(by, Duty.ASSESS_ROLES)
    with acting(by):
        assessment = locked(assessment, by)
        if assessment.state == State.WAITING and assessment.author == by.worker:
            return assessment
        demand(may_write(State(assessment.state), assessment.author == by.worker))
        row = RoleWorking.objects.visible_to(by).get(assessment=assessment)
        incidents = RoleIncident.objects.visible_to(by).filter(
            assessment=assessment, struck_on=None
        )
        demand(may_ask(incidents.count(), _outcome(row.proposed_a), _outcome(row.proposed_b)))
        assessment.state, assessment.asked_on = State.WAITING, timezone.localdate()
        assessment.due_on = add_working_days(assessment.asked_on, SIGN_OFF_DAYS)
        assessment.version += 1
        assessment.save()
        record(by=by, verb="asked for the sign-off of", thing=assessment)
        return assessment


def _outcome(code: str) -> Outcome | None:
    return Outcome(code) if code else None


def _to_decide(assessment: RoleAssessment, version: int, by: Viewer) -> RoleAssessment:
    if by.role not in (Role.COORDINATOR, Role.SAFETY_MANAGER):
        raise Refused("A coordinator or a safety manager signs an assessment off.")
    assessment = locked(assessment, by)
    demand(may_sign(State(assessment.state), assessment.author == by.worker))
    if assessment.version != version:
        raise StaleEdit("This assessment was changed while the page was open. Read it again.")
    return assessment


def sign_off(*, assessment: RoleAssessment, version: int, by: Viewer) -> RoleAssessment:
    """Sign the proposed conclusion off; whoever sees the file now sees what it concludes."""
    require(by, Duty.ASSESS_ROLES)
    with acting(by):
        assessment = _to_decide(assessment, version, by)
        row = RoleWorking.objects.visible_to(by).get(assessment=assessment)
        assessment.concluded_a, assessment.concluded_b = row.proposed_a, row.proposed_b
        assessment.state, assessment.signer = State.CONCLUDED, by.worker
        assessment.finished_at = timezone.now()
        assessment.version += 1
        assessment.save()
        record(by=by, verb="signed off", thing=assessment)
        return assessment


def return_assessment(
    *, assessment: RoleAssessment, version: int, comment: str, by: Viewer
) -> RoleAssessment:
    """Give an assessment back to its author, with what is missing."""
    require(by, Duty.ASSESS_ROLES)
    if not comment.strip():
        raise Refused("Say to the author what is missing.")
    with acting(by):
        assessment = _to_decide(assessment, version, by)
        row = RoleWorking.objects.visible_to(by).get(assessment=assessment)
        row.comment = comment
        row.save()
        record(by=by, verb="returned", thing=assessment)
        assessment.state, assessment.due_on = State.OPEN, None
        assessment.version += 1
        assessment.save()
        return assessment


def set_aside(*, assessment: RoleAssessment, by: Viewer) -> RoleAssessment:
    """End an assessment without a conclusion. What was written stays, for those who saw it."""
    require(by, Duty.ASSESS_ROLES)
    with acting(by):
        assessment = locked(assessment, by)
        if assessment.state == State.SET_ASIDE:
            return assessment
        is_author = assessment.author == by.worker
        manages = by.role is Role.SAFETY_MANAGER
        demand(may_set_aside(State(assessment.state), is_author, manages))
        assessment.state, assessment.finished_at = State.SET_ASIDE, timezone.now()
        assessment.due_on = None
        assessment.version += 1
        assessment.save()
        record(by=by, verb="set aside", thing=assessment)
        return assessment
