"""Which case a message is about, and telling the workers of its partners."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from casewall.safety.intake.messages import locked
from casewall.safety.intake.models import ReferrerMessage
from casewall.safety.partners.actions import add_task
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.pulled.models import PulledCase
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer

TASK = "referrer_message"


def case_meant(message: ReferrerMessage, viewer: Viewer) -> PulledCase | None:
    """The case of the service whose identifier begins so, if there is exactly one."""
    first, last = (UUID(message.reference + end * 24) for end in "0f")
    found = list(
        PulledCase.objects.visible_to(viewer).filter(
            service=message.service, id__gte=first, id__lte=last
        )[:2]
    )
    return found[0] if len(found) == 1 else None


def files_of(case: PulledCase, viewer: Viewer) -> list[PartnerFile]:
    """The open partner files that belong to a case."""
    links = FileLink.objects.visible_to(viewer).filter(case_id=case.pk, ended_on=None)
    return list(
        PartnerFile.objects.visible_to(viewer)
        .select_related("partner")
        .filter(id__in=links.values("file_id"), closed_on=None, withdrawn_on=None)
        .order_by("referred_on", "id")
    )


def tell_partner_workers(*, message: ReferrerMessage, by: Viewer, on: date, at: datetime) -> int:
    """Make a task in each open partner file of the case that the message is about, once.

    Returns how many tasks were made. Raises `Refused` where there is no such file.
    """
    require(by, Duty.INTAKE)
    with acting(by):
        message = locked(message, by)
        if message.told_at is not None:
            return 0
        case = case_meant(message, by)
        files = files_of(case, by) if case else []
        if case is None or not files:
            raise Refused("No open partner file belongs to the case of this message.")
        note = f"{message.sender_name}, {message.sender_email}, wrote: {message.text}"
        for file in files:
            add_task(file=file, kind=TASK, due_on=on, by=by, note=note, case_id=case.pk)
        message.told_at = at
        message.save()
        return len(files)
