"""Holding a file, deciding that it is deleted, and deleting it. The same for both sides."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import DatabaseError, connections
from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.retention.desk import Desk, FileFacts, held_now, row_of, waiting
from casewall.programme.retention.hashes import hash_of
from casewall.programme.retention.ledger import write_later
from casewall.programme.retention.rules import (
    Ground,
    HoldReason,
    Kind,
    keeps_figures,
    why_not_approve,
    why_not_now,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer


def hold(
    *, desk: Desk, file: FileFacts, ground: HoldReason, reason: str, review_on: date,
    by: Viewer, form: UUID | None = None,
) -> Any:
    """Keep a file back from deletion until somebody lifts the hold; sent twice it is one."""
    require(by, Duty.HOLD_RECORDS)
    if not reason.strip():
        raise Refused("Say in words why the file is held.")
    if review_on <= timezone.localdate():
        raise Refused("The hold must be looked at again on a day that is still to come.")
    with acting(by):
        own = id_of_form(file.id, form, "hold")
        known = desk.holds.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        if file.id in held_now(desk, by):
            raise Refused("The file is held already.")
        row = desk.holds(
            id=own, compartment=file.compartment, kind=file.kind, file_id=file.id, ground=ground,
            reason=reason.strip(), held_by=by.worker, held_at=timezone.now(), review_on=review_on,
        )
        row.save(force_insert=True)
        record(by=by, verb="held", kind=file.kind.value, object_id=file.id, purpose=ground)
        return row


def lift(*, desk: Desk, held: Any, because: str, version: int, by: Viewer) -> Any:
    """Lift a hold. Raises `StaleEdit` where somebody has changed it meanwhile."""
    require(by, Duty.HOLD_RECORDS)
    if not because.strip():
        raise Refused("Say in words why the hold is lifted.")
    with acting(by):
        row = desk.holds.objects.visible_to(by).select_for_update().get(pk=held.pk)
        if row.lifted_at is not None:
            return row
        if row.version != version:
            raise StaleEdit("Somebody has changed this hold since you opened the page.")
        row.lifted_by, row.lifted_at = by.worker, timezone.now()
        row.lifted_because, row.version = because.strip(), row.version + 1
        row.save()
        record(by=by, verb="lifted a hold", kind=row.kind, object_id=row.file_id)
        return row


def decide(
    *, desk: Desk, file: FileFacts, ground: Ground, by: Viewer, keeps: bool | None = None,
    form: UUID | None = None,
) -> Any:
    """Decide that a file is deleted. Nothing is deleted before a second person approves it.

    `keeps` says whether coded figures stay; None asks the rule. The records of children that
    belong to no other file are decided with it.
    """
    require(by, Duty.ERASE)
    with acting(by):
        own = id_of_form(file.id, form, "deletion")
        known = desk.deletions.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        today = timezone.localdate()
        standing = row_of(desk, file, by, today).standing
        if refusal := why_not_now(ground, standing, waiting=file.waiting):
            raise Refused(refusal)
        keeps = keeps_figures(ground) if keeps is None else keeps
        row = _decision(desk, file, own, ground, keeps, None, by)
        for child in _children(desk, file, by):
            other = row_of(desk, child, by, today).standing
            if why_not_now(Ground.ERROR, other) is None:
                _decision(desk, child, uuid5(own, str(child.id)), ground, keeps, own, by)
        return row


def _children(desk: Desk, file: FileFacts, by: Viewer) -> Iterable[FileFacts]:
    found = (desk.one(Kind.CHILD, child, by) for child in file.with_children)
    return [facts for facts in found if facts is not None]


def _decision(
    desk: Desk, file: FileFacts, own: UUID, ground: Ground, keeps: bool, with_file: UUID | None,
    by: Viewer,
) -> Any:
    row = desk.deletions(
        id=own, compartment=file.compartment, service=file.service, kind=file.kind,
        file_id=file.id, file_hash=hash_of(file.id, desk.side), ground=ground,
        keeps_figures=keeps, due_on=file.due, decided_by=by.worker, decided_at=timezone.now(),
        with_file=with_file,
    )
    row.save(force_insert=True)
    record(by=by, verb="decided a deletion", kind=file.kind.value, object_id=file.id,
           purpose=ground)
    return row


def refuse(*, desk: Desk, deletion: Any, by: Viewer) -> Any:
    """Do not delete it after all: the file stays as it is."""
    require(by, Duty.ERASE)
    with acting(by):
        row = _locked(desk, deletion.pk, by)
        if row.refused_at is not None:
            return row
        if row.done_at is not None:
            raise Refused("It has been done already, and cannot be taken back.")
        now = timezone.now()
        for one in (row, *_with(desk, row, by)):
            one.refused_by, one.refused_at, one.file_id = by.worker, now, None
            one.save()
            record(by=by, verb="refused a deletion", thing=one)
        return row


def approve(*, desk: Desk, deletion: Any, by: Viewer) -> list[Any]:
    """Approve a deletion and carry it out, in one transaction: afterwards the file is gone.

    Returns the rows of the ledger that were carried out. Sent again it changes nothing.
    """
    require(by, Duty.ERASE)
    with acting(by):
        row = _locked(desk, deletion.pk, by)
        if row.done_at is not None:
            return []
        if row.refused_at is not None:
            raise Refused("It was refused meanwhile, so the file stays.")
        held = held_now(desk, by)
        done = []
        for one in (*_with(desk, row, by), row):
            if refusal := why_not_approve(
                decided_by=one.decided_by, by=by.worker, held=one.file_id in held
            ):
                raise Refused(refusal)
            done.append(_carry_out(desk, one, by))
        return done


def _locked(desk: Desk, pk: UUID, by: Viewer) -> Any:
    return desk.deletions.objects.visible_to(by).select_for_update().get(pk=pk)


def _with(desk: Desk, row: Any, by: Viewer) -> list[Any]:
    rows = waiting(desk.deletions.objects.visible_to(by).select_for_update())
    return list(rows.filter(with_file=row.pk).order_by("id"))


def _carry_out(desk: Desk, row: Any, by: Viewer) -> Any:
    kind, file_id, at = Kind(row.kind), row.file_id, timezone.now()
    facts = desk.one(kind, file_id, by)
    if facts is None:
        raise Refused("There is no such file any more.")
    if refusal := next(iter(facts.waiting), None):
        raise Refused(refusal)
    if row.keeps_figures:
        _keep_figures(desk, facts, by)
    row.approved_by, row.approved_at = by.worker, at
    row.save()
    gone = {file_id, *_erased(desk, row.pk)}
    _throw_drafts_away(desk, gone)
    for key in sorted(desk.on_deleted):
        desk.on_deleted[key](kind.value, file_id, gone, by, at)
    record(by=by, verb="approved a deletion", kind=kind.value, object_id=file_id)
    row.refresh_from_db(from_queryset=desk.deletions.objects.visible_to(by))
    write_later(desk.side, row)
    return row


def _erased(desk: Desk, deletion: UUID) -> list[UUID]:
    try:
        with connections[desk.side.value].cursor() as cursor:
            cursor.execute("select app.carry_out(%s)", [deletion])
            return list(cursor.fetchone()[0])
    except DatabaseError as problem:
        first = str(problem).strip().partition("\n")[0]
        raise Refused(f"The database did not delete the file: {first}.") from problem


def _keep_figures(desk: Desk, facts: FileFacts, by: Viewer) -> None:
    row = desk.remainders(
        id=new_id(), compartment=facts.compartment, service=facts.service, kind=facts.kind,
        **desk.remainder(facts, by),
    )
    row.save(force_insert=True)


def _throw_drafts_away(desk: Desk, gone: set[UUID]) -> None:
    """Unsaved forms about what is gone, whoever typed them. A draft names the page of its form,
    and the page names the record."""
    words = {str(one) for one in gone}
    rows = desk.drafts.objects.for_system("retention")
    found = []
    for draft in rows:
        page = json.loads(draft.content).get("page", "") if draft.content else ""
        if any(part in words for part in page.replace("?", "/").split("/")):
            found.append(draft.pk)
    if found:
        desk.drafts.objects.for_system("retention").filter(id__in=found).delete()


def erased_before(desk: Desk, by: Viewer, at: datetime) -> Any:
    """What was deleted before a moment: the ledger as everybody of oversight may read it."""
    return desk.deletions.objects.visible_to(by).filter(done_at__lte=at).order_by("-done_at")
