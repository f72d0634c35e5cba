"""How a record of support is kept: once, in a file that is seen, with an entry in the audit."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.partners import actions as partners
from casewall.safety.partners.models import PartnerFile
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer

Row = TypeVar("Row", bound=Any)


def not_ahead(day: date) -> None:
    """Raise `Refused` for a day that has not come yet."""
    if day > timezone.localdate():
        raise Refused(f"{day:%-d %B %Y} has not come yet.")


def locked_file(file: PartnerFile, by: Viewer) -> PartnerFile:
    """The file, locked. Raises `Refused` where its referral was withdrawn."""
    found = partners.locked_file(file, by)
    if found.withdrawn_on is not None:
        raise Refused("The referral of this file was withdrawn: nothing can be added to it.")
    return found


def kept(
    *,
    model: type[Row],
    file: PartnerFile,
    form: UUID | None,
    by: Viewer,
    verb: str,
    **fields: Any,
) -> Row:
    """Keep a record of a file once: the same form sent again finds the first one."""
    with acting(by):
        file = locked_file(file, by)
        own = id_of_form(file.pk, form, model._meta.model_name)
        known: Row | None = model.objects.visible_to(by).filter(pk=own).first()
        if known is not None:
            return known
        row = model(id=own, compartment=file.compartment, file=file, worker=by.worker, **fields)
        row.save(force_insert=True)
        record(by=by, verb=verb, thing=file)
        return row
