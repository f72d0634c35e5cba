"""The ledger of what left this side: kept, recalled, and whether the recipient was told."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.audit.rows import known_row, locked
from casewall.safety.sharing.models import Export
from casewall.safety.sharing.rules import Exported, may_recall
from casewall.wall.context import acting
from casewall.wall.decide import Refused, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form, new_id
from casewall.wall.sides import Viewer


def keep_export(
    *, kind: Exported, thing: Any, recipient: str, by: Viewer, ending: str = "",
    content: bytes = b"",
) -> Export:  # fmt: skip
    """Keep that a record left as a file. Called within the act that lets it leave."""
    row = Export(
        id=new_id(), compartment=thing.compartment, kind=kind, thing=thing.pk, ending=ending,
        digest=hashlib.sha256(content).hexdigest() if content else "", recipient=recipient,
        worker=by.worker, made_on=timezone.localdate(),
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def record_given(
    *,
    name: str,
    digest: str,
    compartment: int,
    recipient: str,
    on: date,
    by: Viewer,
    form: UUID | None = None,
) -> Export:
    """Keep to whom a kept release of figures was given: `name` and `digest` are those of it."""
    require(by, Duty.RELEASE_FIGURES)
    if not recipient.strip():
        raise Refused("Write to whom it was given.")
    if on > timezone.localdate():
        raise Refused(f"{on:%-d %B %Y} has not come yet.")
    with acting(by):
        own = id_of_form(by.worker, form, "given")
        known = known_row(Export, own, by)
        if known is not None:
            return known
        row = Export(
            id=own, compartment=compartment, kind=Exported.RELEASE, name=name, ending="json",
            digest=digest, recipient=recipient.strip(), worker=by.worker, made_on=on,
        )  # fmt: skip
        row.save(force_insert=True)
        record(by=by, verb="gave away", thing=row)
        return row


def _may_take_back(by: Viewer) -> None:
    require(by, Duty.CHECK_REPORT)


def recall_export(*, export: Export, reason: str, version: int, by: Viewer) -> Export:
    """Take back something that left. It stays in the ledger; telling the recipient is a task."""
    _may_take_back(by)
    with acting(by):
        row = locked(export, by)
        if row.recalled_on is not None and row.recalled_because == reason.strip():
            return row
        row = locked(export, by, version)
        demand(may_recall(row.recalled_on, reason))
        take_back(row=row, reason=reason, by=by)
        return row


def take_back(*, row: Export, reason: str, by: Viewer) -> None:
    """Mark a locked row as recalled."""
    row.recalled_on, row.recalled_because = timezone.localdate(), reason.strip()
    row.recalled_by = by.worker
    row.version += 1
    row.save()
    record(by=by, verb="recalled", thing=row)


def recall_all_of(thing: Any, reason: str, by: Viewer) -> int:
    """Recall every export of a record that has not been recalled; returns how many."""
    rows = Export.objects.visible_to(by).filter(thing=thing.pk, recalled_on=None)
    found = list(rows.select_for_update(of=("self",)))
    for row in found:
        take_back(row=row, reason=reason, by=by)
    return len(found)


def tell_of_export(*, export: Export, whom: str, on: date, by: Viewer) -> Export:
    """Keep who was told of a recall, and when. The first telling stands."""
    _may_take_back(by)
    if not whom.strip():
        raise Refused("Write who was told.")
    if on > timezone.localdate():
        raise Refused(f"{on:%-d %B %Y} has not come yet.")
    with acting(by):
        row = locked(export, by)
        if row.recalled_on is None:
            raise Refused("This has not been recalled.")
        if row.told_on is None:
            row.told_on, row.told_whom = on, whom.strip()
            row.version += 1
            row.save()
            record(by=by, verb="told the recipient of a recall", thing=row)
        return row
