"""The register of breaches and near misses: reported, contained, judged, told, closed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import changed, locked
from casewall.programme.rights.fits import breach_fits
from casewall.programme.rights.rules import Affected, Mishap
from casewall.safety.rights.models import Breach
from casewall.safety.rights.rules import Risk, authority_due, breach_decision_fits
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer


def report_breach(
    *,
    mishap: Mishap,
    near_miss: bool,
    what: str,
    found_at: datetime,
    affected: Affected,
    by: Viewer,
    happened_on: date | None = None,
    form: UUID | None = None,
) -> Breach:
    """Report a breach or a near miss: it is on the data protection officer's day at once.

    The same form twice is one report.
    """
    require(by, Duty.REPORT_BREACH)
    breach_fits(what, found_at, happened_on)
    with acting(by):
        own = id_of_form(by.worker, form, "breach")
        known: Breach | None = Breach.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = Breach(
            id=own, compartment=min(by.compartments), service=min(by.services), mishap=mishap,
            near_miss=near_miss, what=what.strip(), happened_on=happened_on, found_at=found_at,
            clients=affected.clients, partners=affected.partners, children=affected.children,
            workers=affected.workers, reported_by=by.worker, reported_at=timezone.now(),
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="reported", thing=row)
        return row


def contain_breach(
    *, breach: Breach, how: str, at: datetime, affected: Affected, version: int, by: Viewer
) -> Breach:
    """Say how the harm was stopped, and whose data it concerns as far as that is known now."""
    require(by, Duty.HANDLE_BREACH)
    if not how.strip():
        raise Refused("Say what was done to stop the harm.")
    with acting(by):
        row = _open(breach, version, by)
        _not_ahead(at)
        if at < row.found_at:
            raise Refused("It cannot have been contained before it was found.")
        row.contained_at, row.contained_how = at, how.strip()
        row.clients, row.partners = affected.clients, affected.partners
        row.children, row.workers = affected.children, affected.workers
        return changed(row, "contained", by)


def decide_breach(
    *,
    breach: Breach,
    risk: Risk,
    tell_authority: bool,
    tell_persons: bool,
    reason: str,
    version: int,
    by: Viewer,
) -> Breach:
    """Judge the risk, and decide whether the authority and the persons are told, with reason."""
    require(by, Duty.HANDLE_BREACH)
    demand(breach_decision_fits(risk, tell_authority, tell_persons, reason))
    with acting(by):
        row = _open(breach, version, by)
        row.risk, row.tell_authority, row.tell_persons = risk, tell_authority, tell_persons
        row.reason, row.decided_at, row.decided_by = reason.strip(), timezone.now(), by.worker
        return changed(row, "decided", by)


def told_authority(
    *, breach: Breach, at: datetime, late_because: str, version: int, by: Viewer
) -> Breach:
    """Say when the authority was told. After 72 hours the reason for the delay is needed."""
    require(by, Duty.HANDLE_BREACH)
    with acting(by):
        row = _open(breach, version, by)
        _not_ahead(at)
        if row.tell_authority is None:
            raise Refused("Decide first whether the authority is told.")
        if at > authority_due(row.found_at) and not late_because.strip():
            raise Refused("More than 72 hours have passed: say why it took longer.")
        row.authority_told_at, row.late_because = at, late_because.strip() or None
        return changed(row, "told the authority of", by)


def told_persons(*, breach: Breach, at: datetime, version: int, by: Viewer) -> Breach:
    """Say when the persons concerned had been told, each by a safe way."""
    require(by, Duty.HANDLE_BREACH)
    with acting(by):
        row = _open(breach, version, by)
        _not_ahead(at)
        if row.tell_persons is None:
            raise Refused("Decide first whether the persons are told.")
        row.persons_told_at = at
        return changed(row, "told the persons of", by)


def close_breach(*, breach: Breach, learned: str, version: int, by: Viewer) -> Breach:
    """Close a breach with what is done differently, once all that was decided is done."""
    require(by, Duty.HANDLE_BREACH)
    if not learned.strip():
        raise Refused("Say what was learned, and what is done differently.")
    with acting(by):
        row = _open(breach, version, by)
        if row.risk == Risk.NOT_YET:
            raise Refused("Judge the risk first.")
        if row.tell_authority and row.authority_told_at is None:
            raise Refused("It was decided that the authority is told, and it has not been told.")
        if row.tell_persons and row.persons_told_at is None:
            raise Refused("It was decided that the persons are told, and they have not been told.")
        row.learned, row.closed_on = learned.strip(), timezone.localdate()
        return changed(row, "closed", by)


def _open(breach: Breach, version: int, by: Viewer) -> Breach:
    row: Breach = locked(breach, by, version)
    if row.closed_on is not None:
        raise Refused("This breach was closed.")
    return row


def _not_ahead(at: datetime) -> None:
    if at > timezone.now():
        raise Refused("That moment has not come yet.")
