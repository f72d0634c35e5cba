"""Writes of closing a partner's file and of opening it again."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.safety.partners.actions import close_file, reopen_file
from casewall.safety.partners.models import PartnerFile
from casewall.safety.support.actions.keeping import locked_file
from casewall.safety.support.closing.rules import may_close, may_open_again
from casewall.safety.support.models import SupportPeriod
from casewall.safety.support.rules import CloseReason, OpenReason
from casewall.safety.support.standing import FileStanding
from casewall.wall.context import acting
from casewall.wall.decide import StaleEdit, demand
from casewall.wall.duties import Duty, require
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

CHANGED = (
    "Somebody else closed or opened this file while the page was open. Look at the file as it "
    "stands now; what you typed is below."
)


def close_with_reason(
    *,
    file: PartnerFile,
    on: date,
    reason: CloseReason,
    by: Viewer,
    note: str = "",
    form: UUID | None = None,
) -> FileStanding:
    """Close a file on a day, for a reason. The same `form` sent twice is one.

    Raises `Refused` while support goes on, for a day before the last contact, and for another
    reason without a note; `StaleEdit` where the file was closed meanwhile.
    """
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        file = locked_file(file, by)
        own = id_of_form(file.pk, form, "closing")
        known = FileStanding.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        if file.closed_on is not None:
            raise StaleEdit(CHANGED)
        going_on = SupportPeriod.objects.visible_to(by).filter(file=file, ended_on=None)
        demand(
            may_close(
                on,
                today=timezone.localdate(),
                reason=reason,
                note=note,
                last_contact_on=file.last_contact_on,
                supported_since=going_on.values_list("began_on", flat=True).first(),
            )
        )
        close_file(file=file, on=on, by=by)
        return _kept(own, file, on, note, by, closed_because=reason)


def open_again(
    *,
    file: PartnerFile,
    on: date,
    reason: OpenReason,
    by: Viewer,
    note: str = "",
    form: UUID | None = None,
) -> FileStanding:
    """Open a closed file again, for a reason. The same `form` sent twice is one.

    Raises `Refused` for a day before it was closed, and `StaleEdit` where it is open already.
    """
    require(by, Duty.SUPPORT_PARTNER)
    with acting(by):
        file = locked_file(file, by)
        own = id_of_form(file.pk, form, "opening")
        known = FileStanding.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        if file.closed_on is None:
            raise StaleEdit(CHANGED)
        demand(
            may_open_again(
                on, today=timezone.localdate(), reason=reason, note=note, closed_on=file.closed_on
            )
        )
        reopen_file(file=file, on=on, by=by)
        return _kept(own, file, on, note, by, opened_because=reason)


def _kept(
    own: UUID, file: PartnerFile, on: date, note: str, by: Viewer, **because: str
) -> FileStanding:
    row = FileStanding(
        id=own,
        compartment=file.compartment,
        file=file,
        on_day=on,
        note=note.strip() or None,
        worker=by.worker,
        recorded_at=timezone.now(),
        **because,
    )
    row.save(force_insert=True)
    return row
