"""What a partner's file shows of being closed and opened again."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.support.closing.rules import CLOSE_WORDS, OPEN_WORDS
from casewall.safety.support.rules import CloseReason, OpenReason
from casewall.safety.support.standing import FileStanding
from casewall.safety.support.versions import works_with
from casewall.wall.sides import Viewer


def closing_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """The timeline's entries, and the step that can be taken now. One query."""
    rows = FileStanding.objects.visible_to(viewer).filter(file=file)
    return Shown(
        entries=[
            {
                "title": _title(row),
                "when": row.on_day,
                "by": row.worker,
                "text": row.note or "",
                "label": ("File", "grey"),
            }
            for row in rows.order_by("-on_day", "-recorded_at")
        ],
        steps=_steps(file) if works_with(file, viewer) else [],
    )


def _title(row: FileStanding) -> str:
    if row.closed_because:
        return f"File closed: {CLOSE_WORDS[CloseReason(row.closed_because)].lower()}"
    return f"File opened again: {OPEN_WORDS[OpenReason(row.opened_because)].lower()}"


def _steps(file: PartnerFile) -> list[tuple[str, str]]:
    if file.withdrawn_on is not None:
        return []
    if file.closed_on is None:
        return [("Close the file", reverse("close-file", args=[file.pk]))]
    return [("Open the file again, with the reason", reverse("open-file-again", args=[file.pk]))]
