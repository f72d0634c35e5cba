"""MATAC: nominating, deciding, scoring, tactics, actions, reviews and the discharge."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, locked, unchanged
from casewall.safety.conferences.criteria import matac_of
from casewall.safety.conferences.models import (
    HarmScore,
    Nomination,
    TacticUse,
    TaskingAction,
    TaskingReview,
)
from casewall.safety.conferences.tasking import (
    Discharge,
    Harm,
    State,
    Tactic,
    Trend,
    harm_fits,
    may_decide,
    may_discharge,
    may_work,
    review_on,
    score,
    trend,
)
from casewall.safety.meetings.actions import owner_known
from casewall.safety.meetings.rules import owner_fits
from casewall.safety.pulled.models import PulledCase
from casewall.safety.support.actions.keeping import not_ahead
from casewall.services.schema import Matac
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

OPEN = (State.NOMINATED, State.ACCEPTED)


def table_of(service: str) -> Matac:
    """The table of a service. Raises `Refused` where its definition has none."""
    table = matac_of(service)
    if table is None:
        raise Refused("The definition of this service has no table for a tasking meeting.")
    return table


def nominate(
    *, case: PulledCase, nominated_by: str, reason: str, by: Viewer, form: UUID | None = None
) -> Nomination:
    """Nominate a client for the tasking meeting. One is open at a time."""
    require(by, Duty.REFER_CONFERENCE)
    if not reason.strip() or not nominated_by.strip():
        raise Refused("Write who nominates, and why.")
    with acting(by):
        found = PulledCase.objects.visible_to(by).get(pk=case.pk)
        table_of(found.service)
        own = id_of_form(found.pk, form, "nomination")
        known = known_row(Nomination, own, by)
        if known is not None:
            return known
        row = Nomination(
            id=own, compartment=found.compartment, case_id=found.pk, service=found.service,
            nominated_on=timezone.localdate(), nominated_by=nominated_by, reason=reason,
            worker=by.worker,
        )  # fmt: skip
        try:
            with transaction.atomic(using=by.side.value):
                row.save(force_insert=True)
        except IntegrityError:
            # It may be another worker's, which is not shown: coordination joins the two.
            raise Refused(
                "This client is nominated already. Tell coordination what you know besides."
            ) from None
        record(by=by, verb="nominated", kind="pulledcase", object_id=found.pk)
        return row


def decide_nomination(
    *, nomination: Nomination, accept: bool, because: str, version: int, by: Viewer
) -> Nomination:
    """Accept a nomination, or not, with the reason. An accepted one has its first review day."""
    require(by, Duty.KEEP_CONFERENCE)
    with acting(by):
        row: Nomination = locked(nomination, by)
        wanted = State.ACCEPTED if accept else State.NOT_ACCEPTED
        if row.state == wanted and row.decided_because == because:
            return row
        demand(may_decide(State(row.state), because))
        unchanged(row, version)
        today = timezone.localdate()
        row.state, row.decided_because, row.decided_on = wanted, because, today
        row.review_on = review_on(today, table_of(row.service)) if accept else None
        row.version += 1
        row.save()
        record(by=by, verb="accepted" if accept else "did not accept", thing=row)
        return row


def _worked_on(nomination: Nomination, by: Viewer) -> Nomination:
    row: Nomination = locked(nomination, by)
    demand(may_work(State(row.state)))
    return row


def keep_profile(*, nomination: Nomination, text: str, version: int, by: Viewer) -> Nomination:
    """Keep what is known of the client's ways of causing harm, and of what helps."""
    require(by, Duty.KEEP_CONFERENCE)
    with acting(by):
        row = _worked_on(nomination, by)
        if (row.profile or "") == text:
            return row
        unchanged(row, version)
        row.profile, row.version = text or None, row.version + 1
        row.save()
        record(by=by, verb="kept the profile of", thing=row)
        return row


def score_nomination(
    *, nomination: Nomination, harm: Harm, on: date, by: Viewer, form: UUID | None = None
) -> HarmScore:
    """Score by the service's table, as one more row of the history. The rule does the sum."""
    require(by, Duty.KEEP_CONFERENCE)
    not_ahead(on)
    demand(harm_fits(harm, on))
    with acting(by):
        row: Nomination = locked(nomination, by)
        if row.state not in OPEN:
            raise Refused("This nomination has ended: it is not scored any more.")
        own = id_of_form(row.pk, form, "score")
        known = known_row(HarmScore, own, by)
        if known is not None:
            return known
        found = score(harm, table_of(row.service), on)
        made = HarmScore(
            id=own, compartment=row.compartment, nomination=row, scored_on=on,
            last_on=harm.last_on, incidents=harm.incidents, gravest=harm.gravest,
            victims=harm.victims, recency_points=found.recency, frequency_points=found.frequency,
            gravity_points=found.gravity, victims_points=found.victims, total=found.total,
            scores_version=found.version, scored_at=timezone.now(), worker=by.worker,
        )  # fmt: skip
        made.save(force_insert=True)
        record(by=by, verb="scored", thing=row)
        return made


def trend_of(nomination: Nomination, by: Viewer) -> Trend:
    """What the scores of a nomination say, in their order."""
    rows = HarmScore.objects.visible_to(by).filter(nomination=nomination)
    ordered = rows.order_by("scored_on", "scored_at").values_list("total", "scores_version")
    return trend(list(ordered))


def use_tactic(
    *, nomination: Nomination, tactic: Tactic, note: str, by: Viewer, form: UUID | None = None
) -> TacticUse:
    """Begin to use a tactic, with what is done."""
    require(by, Duty.KEEP_CONFERENCE)
    if not note.strip():
        raise Refused("Write what is done.")
    with acting(by):
        row = _worked_on(nomination, by)
        own = id_of_form(row.pk, form, "tactic")
        known = known_row(TacticUse, own, by)
        if known is not None:
            return known
        made = TacticUse(
            id=own, compartment=row.compartment, nomination=row, tactic=tactic,
            from_on=timezone.localdate(), note=note, worker=by.worker,
        )  # fmt: skip
        made.save(force_insert=True)
        record(by=by, verb=f"chose {tactic.value} for", thing=row)
        return made


def end_tactic(*, use: TacticUse, by: Viewer) -> TacticUse:
    """Say that a tactic is not used any more."""
    require(by, Duty.KEEP_CONFERENCE)
    with acting(by):
        row: TacticUse = locked(use, by)
        if row.ended_on is None:
            row.ended_on, row.version = timezone.localdate(), row.version + 1
            row.save()
            record(by=by, verb="ended a tactic of", thing=row.nomination)
        return row


def add_tasking_action(
    *,
    nomination: Nomination,
    what: str,
    owner: UUID | None,
    agency: str,
    due_on: date,
    by: Viewer,
    form: UUID | None = None,
) -> TaskingAction:
    """Write down what an agency, or a worker of this side, is to do about a nominated client."""
    require(by, Duty.KEEP_CONFERENCE)
    if not what.strip():
        raise Refused("Write what is to be done.")
    demand(owner_fits(owner, agency))
    with acting(by):
        row = _worked_on(nomination, by)
        own = id_of_form(row.pk, form, "action")
        known = known_row(TaskingAction, own, by)
        if known is not None:
            return known
        owner_known(owner, row.compartment, by)
        made = TaskingAction(
            id=own, compartment=row.compartment, nomination=row, what=what, owner=owner,
            agency=agency or None, due_on=due_on, worker=by.worker,
        )  # fmt: skip
        made.save(force_insert=True)
        record(by=by, verb="gave out an action about", thing=row)
        return made


def review_nomination(
    *, nomination: Nomination, note: str, by: Viewer, form: UUID | None = None
) -> TaskingReview:
    """Keep a review; the next one is due by the clock of the service."""
    require(by, Duty.KEEP_CONFERENCE)
    if not note.strip():
        raise Refused("Write what you found.")
    with acting(by):
        row = _worked_on(nomination, by)
        own = id_of_form(row.pk, form, "review")
        known = known_row(TaskingReview, own, by)
        if known is not None:
            return known
        today = timezone.localdate()
        row.review_on = review_on(today, table_of(row.service))
        row.version += 1
        row.save()
        made = TaskingReview(
            id=own, compartment=row.compartment, nomination=row, reviewed_on=today, note=note,
            next_on=row.review_on, worker=by.worker,
        )  # fmt: skip
        made.save(force_insert=True)
        record(by=by, verb="reviewed", thing=row)
        return made


def discharge_nomination(
    *, nomination: Nomination, because: Discharge, note: str, version: int, by: Viewer
) -> Nomination:
    """End a nomination with its reason. That the score fell must stand in the scores."""
    require(by, Duty.KEEP_CONFERENCE)
    with acting(by):
        row: Nomination = locked(nomination, by)
        if row.state == State.DISCHARGED and row.discharge == because:
            return row
        demand(may_discharge(State(row.state), because, trend_of(row, by), note))
        unchanged(row, version)
        row.state, row.discharge, row.discharge_note = State.DISCHARGED, because, note
        row.discharged_on, row.review_on = timezone.localdate(), None
        row.version += 1
        row.save()
        record(by=by, verb="discharged", thing=row)
        return row
