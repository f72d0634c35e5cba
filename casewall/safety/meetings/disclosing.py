"""The one way of an extract for the client's file out of this side: a request for a disclosure.

The request is coordination's own, with its check of shared words and its two approvers. Here it
is only filled in: the words of the extract, the case, and the purpose.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from casewall.safety.coordination.rules import Purpose
from casewall.safety.meetings.models import Extract
from casewall.safety.meetings.rules import For
from casewall.safety.partners.models import PartnerFile
from casewall.wall.ids import id_of_form
from casewall.wall.sides import Viewer


def disclosure_of(extract: Extract) -> UUID:
    """The identifier of the request made with an extract: asked for twice, it is one request."""
    return id_of_form(extract.pk, extract.pk, "disclosure")


def prefilled(value: str, file: PartnerFile, viewer: Viewer) -> dict[str, Any]:
    """What the form of a request holds for an extract of this file; nothing for any other."""
    try:
        pk = UUID(value)
    except ValueError:
        return {}
    rows = Extract.objects.visible_to(viewer).filter(item__file=file, whom=For.CLIENT)
    extract = rows.filter(pk=pk).first()
    if extract is None:
        return {}
    return {
        "form_id": disclosure_of(extract),
        "case_id": str(extract.case_id),
        "purpose": Purpose.MEETING_ACTION.value,
        "text": extract.text,
    }
