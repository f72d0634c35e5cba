"""What of the joint picture of risk brings a case on the agenda of a meeting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from casewall.safety.meetings.rules import About, Fact, Reason
from casewall.safety.partners.models import PartnerFile
from casewall.safety.risk.reading import changes_since, overdue_reviews
from casewall.wall.sides import Viewer

CHANGES = frozenset({"level_raised", "level_lowered", "danger", "trigger"})
"""What of the joint picture brings a case on the agenda; a review without a change does not."""


def risk_facts(viewer: Viewer, service: str, since: date, today: date) -> Iterator[Fact]:
    """What changed in the joint picture, and reviews of it that are overdue, with the level now."""
    changes, late = changes_since(viewer, since), overdue_reviews(viewer, today)
    wanted = {one.file_id for one in (*changes, *late)}
    own = PartnerFile.objects.visible_to(viewer).filter(service=service, id__in=wanted)
    here = set(own.values_list("id", flat=True))
    for change in changes:
        if change.file_id in here and change.kind in CHANGES:
            reason = Reason.DANGER if change.kind == "danger" else Reason.RISK_CHANGED
            yield Fact(About(file=change.file_id), reason, change.when, change.level)
    for one in late:
        if one.file_id in here:
            yield Fact(About(file=one.file_id), Reason.REVIEW_OVERDUE, one.due_on, one.level)
