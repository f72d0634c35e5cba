"""Which partners' files are restricted: kept and read, but not sent and not exported.

Apart from the acts, so that whatever sends can ask here without knowing of requests.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from casewall.safety.partners.models import PartnerFile
from casewall.safety.rights.models import FileRestriction
from casewall.wall.decide import Refused
from casewall.wall.sides import Viewer


def restricted(file: PartnerFile | UUID, by: Viewer) -> bool:
    """Whether a partner's file is restricted: then nothing of it is sent or exported."""
    return bool(restricted_among([file.pk if isinstance(file, PartnerFile) else file], by))


def restricted_among(files: Iterable[UUID], by: Viewer) -> set[UUID]:
    """Those of the files that are restricted, in one query."""
    rows = FileRestriction.objects.visible_to(by).filter(file_id__in=list(files), ended_on=None)
    return set(rows.values_list("file_id", flat=True))


def demand_unrestricted(file: PartnerFile | UUID, by: Viewer) -> None:
    """Raise `Refused` where a partner's file is restricted."""
    if restricted(file, by):
        raise Refused(
            "This file is restricted: it is kept and can be read, but no report of it leaves "
            "until the restriction is lifted."
        )
