"""The recall of a document that was issued: whoever received it is told, and that is kept."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from casewall.audit.actions import record
from casewall.programme.reports.models import Document, RecipientTold
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer


def tell_recipient(*, document: Document, whom: str, on: date, by: Viewer) -> RecipientTold:
    """Keep who was told that a document is recalled, and when. The first telling stands."""
    require(by, Duty.ISSUE_DOCUMENT)
    if not whom.strip():
        raise Refused("Write who was told.")
    if on > timezone.localdate():
        raise Refused(f"{on:%-d %B %Y} has not come yet.")
    with acting(by):
        rows = Document.objects.visible_to(by).select_for_update(of=("self",))
        row = rows.get(pk=document.pk)
        known: RecipientTold | None = (
            RecipientTold.objects.visible_to(by).filter(document=row).first()
        )
        if known is not None:
            return known
        if row.issued_on is None or row.withdrawn_on is None:
            raise Refused("Only a document that was issued and then withdrawn is recalled.")
        made = RecipientTold(compartment=row.compartment, document=row, whom=whom.strip(),
                             told_on=on, worker=by.worker)  # fmt: skip
        made.save(force_insert=True)
        record(by=by, verb="told the recipient of a recall of", thing=row)
        return made
