"""Every write about exclusions and openings out of turn; the safety side uses the same acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from casewall.audit.actions import record
from casewall.programme.access.records import KeptAway, OpenedOutOfTurn
from casewall.programme.access.rules import (
    OPEN_FOR,
    Verdict,
    Why,
    may_declare,
    may_keep_away,
    may_open,
    may_review,
    reason_fits,
)
from casewall.staff.models import Membership, Worker
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit, demand
from casewall.wall.duties import DUTIES, Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a worker may be kept away from: `kind` says whose identifier it is."""

    kind: str
    id: UUID
    words: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A case, a partner's file or a child's record, as far as access to it goes.

    `people` are whom an exclusion from the file is about, the first of them first; `others` may be
    added to it (a linked client, children). `url` is the file's page.
    """

    kind: str
    id: UUID
    compartment: int
    name: str
    url: str
    people: tuple[Person, ...]
    others: tuple[Person, ...] = ()
    closed_on: date | None = None
    thing: Any = None


def who_could_let_back(
    model: type[KeptAway], person: UUID, compartment: int, without: UUID
) -> int:
    """How many active workers with the duty to exclude would still see the person's file."""
    roles = [role.value for role, duties in DUTIES.items() if Duty.EXCLUDE in duties]
    members = Membership.objects.filter(
        compartment_id=compartment, worker__is_active=True, worker__role__in=roles)
    away = model.objects.for_system("membership").filter(person=person, ended_at=None)
    kept = {without, *away.values_list("worker", flat=True)}
    return members.exclude(worker_id__in=kept).count()


def keep_away(
    *, model: type[KeptAway], file: File, people: Iterable[Person], colleague: Worker, why: Why,
    reason: str, at: datetime, by: Viewer, form: UUID | None = None,
) -> list[KeptAway]:
    """Keep a colleague away from people and everything that names them, from the next request on.

    The same form twice is one act. Raises `Refused` where it is no colleague of the file's
    agencies, where the reason says nothing, or where nobody could let the colleague back.
    """
    require(by, Duty.EXCLUDE)
    demand(reason_fits(reason))
    with acting(by):
        if not Membership.objects.filter(
            worker=colleague, compartment_id=file.compartment, worker__is_active=True
        ).exists():
            raise Refused("This worker has no account with which the file could be seen.")
        return [
            row for one in people
            if (row := _keep(model, file, one, colleague.pk, why, reason, at, by, form))
        ]  # fmt: skip


def declare_conflict(
    *, model: type[KeptAway], file: File, why: Why, reason: str | None, at: datetime, by: Viewer,
    form: UUID | None = None,
) -> list[KeptAway]:
    """Say that one knows the person: the file is out of one's own sight from the next request on.

    Whoever sees a file may say so. Raises `Refused` where nobody else could look after it.
    """
    with acting(by):
        return [
            row for one in file.people
            if (row := _keep(model, file, one, by.worker, why, reason, at, by, form))
        ]  # fmt: skip


def _keep(
    model: type[KeptAway], file: File, person: Person, worker: UUID, why: Why,
    reason: str | None, at: datetime, by: Viewer, form: UUID | None,
) -> KeptAway | None:
    rows = model.objects.for_system("membership").filter(person=person.id, worker=worker)
    number = id_of_form(person.id, form, str(worker))
    if rows.filter(pk=number).exists():
        return None
    already = rows.filter(ended_at=None).exists()
    if already and person is not file.people[0]:
        return None
    left = who_could_let_back(model, person.id, file.compartment, worker)
    own = worker == by.worker
    demand(may_declare(already=already, left=left) if own else
           may_keep_away(colleague=worker, by=by.worker, already=already, left=left))
    row = model(
        id=number, compartment=file.compartment, kind=person.kind, person=person.id,
        worker=worker, why=why, reason=reason or None, declared=own, begun_at=at,
        begun_by=by.worker,
    )
    row.save(force_insert=True)
    verb = "declared a conflict about" if own else "kept a colleague away from"
    record(by=by, verb=verb, kind=person.kind, object_id=person.id)
    return row


def let_back(*, exclusion: KeptAway, reason: str, at: datetime, by: Viewer) -> KeptAway:
    """End an exclusion; it stays on record. Raises `Refused` where it has ended already."""
    require(by, Duty.EXCLUDE)
    demand(reason_fits(reason))
    with acting(by):
        row = _again(exclusion, by)
        if row.ended_at is not None:
            raise StaleEdit("Somebody has ended this exclusion already.")
        row.ended_at, row.ended_by, row.end_reason = at, by.worker, reason
        row.save(update_fields=["ended_at", "ended_by", "end_reason"])
        record(by=by, verb="let a colleague back to", kind=row.kind, object_id=row.person)
    return row


def open_out_of_turn(
    *, model: type[OpenedOutOfTurn], file: File, reason: str, seen_already: bool, at: datetime,
    by: Viewer, form: UUID | None = None,
) -> OpenedOutOfTurn:
    """Open a file that is not own work for `OPEN_FOR`; whoever reviews is told by the same act.

    The same form twice opens it once. Raises `Refused` without a reason that says something.
    """
    require(by, Duty.OPEN_OUT_OF_TURN)
    number = id_of_form(file.id, form, str(by.worker))
    with acting(by):
        before = model.objects.visible_to(by).filter(pk=number).first()
        if before is not None:
            return before
        demand(may_open(reason=reason, seen_already=seen_already))
        row = model(
            id=number, compartment=file.compartment, kind=file.kind, file=file.id,
            worker=by.worker, reason=reason, opened_at=at, until=at + OPEN_FOR,
        )
        row.save(force_insert=True)
        record(by=by, verb="opened out of turn", kind=file.kind, object_id=file.id)
    return row


def hand_back(*, opening: OpenedOutOfTurn, at: datetime, by: Viewer) -> OpenedOutOfTurn:
    """End an opening before its time; only whoever opened it does."""
    require(by, Duty.OPEN_OUT_OF_TURN)
    with acting(by):
        row = _again(opening, by)
        if row.worker != by.worker:
            raise Refused("Only whoever opened the file hands it back.")
        if row.handed_back_at is None and at < row.until:
            row.handed_back_at = at
            row.save(update_fields=["handed_back_at"])
            record(by=by, verb="handed back", kind=row.kind, object_id=row.file)
    return row


def decide(
    *, opening: OpenedOutOfTurn, verdict: Verdict, note: str | None, at: datetime, by: Viewer,
    version: int,
) -> OpenedOutOfTurn:
    """Say whether an opening was justified; what was not needs a note of what follows.

    Raises `Refused` for one's own opening, and `StaleEdit` where somebody was first.
    """
    require(by, Duty.REVIEW_ACCESS)
    with acting(by):
        row = _again(opening, by)
        if row.version != version:
            raise StaleEdit("Somebody else has reviewed this while the page was open.")
        demand(may_review(opened_by=row.worker, by=by.worker, decided=bool(row.verdict)))
        if verdict is Verdict.NOT_JUSTIFIED:
            demand(reason_fits(note or ""))
        row.verdict, row.note = verdict, note or None
        row.decided_at, row.decided_by, row.version = at, by.worker, version + 1
        row.save(update_fields=["verdict", "note", "decided_at", "decided_by", "version"])
        record(by=by, verb="reviewed an opening of", kind=row.kind, object_id=row.file)
    return row


def _again(row: Any, by: Viewer) -> Any:
    """The row as it is now, locked. Raises `Refused` where `by` does not see it."""
    found = type(row).objects.visible_to(by).select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise Refused("There is no such record.")
    return found
