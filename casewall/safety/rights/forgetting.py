"""What a deletion leaves of copies that were gathered for a review: nothing that can be read.

`forget` fits `casewall.safety.retention.telling.on_deleted`.
"""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from casewall.audit.actions import record
from casewall.programme.rights.flags import Sign
from casewall.safety.rights.models import RightsItem
from casewall.staff.models import system_viewer
from casewall.wall.context import acting
from casewall.wall.sides import Role, Viewer

EMPTIED = json.dumps({"facts": [], "texts": []})
BATCH = 500


def forget(kind: str, file_id: UUID, rows: set[UUID], by: Viewer, at: datetime) -> None:
    """Empty the copies of records that are gone, in the reviews of other people's requests."""
    system, gone = system_viewer(Role.SAFETY_SYSTEM), sorted(rows, key=str)
    with acting(system):
        for start in range(0, len(gone), BATCH):
            copies = RightsItem.objects.visible_to(system).filter(
                record_id__in=gone[start : start + BATCH]
            )
            for item in copies:
                item.content, item.signs = EMPTIED, Sign.PARTNER_ORIGIN.value
                item.save(force_update=True)
                record(by=system, verb="emptied a copy in a review", thing=item)
