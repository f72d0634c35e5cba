"""The facts of a score as the records of linked files have them."""

from __future__ import annotations

from datetime import date

from casewall.programme.incidents.shown import newest
from casewall.safety.conferences.criteria import matac_of
from casewall.safety.conferences.models import Nomination
from casewall.safety.conferences.rules import months_before
from casewall.safety.conferences.tasking import Harm
from casewall.safety.incidents.models import SufferedIncident
from casewall.safety.partners.models import FileLink
from casewall.wall.sides import Viewer

DEFAULT_MONTHS = 24


def harm_known(nomination: Nomination, viewer: Viewer, today: date) -> Harm:
    """Recency, frequency, gravity and victims in the period of the service's table.

    One partner counts once, however many files there are. What nobody wrote down is not in it.
    """
    table = matac_of(nomination.service)
    since = months_before(today, table.months if table else DEFAULT_MONTHS)
    links = FileLink.objects.visible_to(viewer).filter(case_id=nomination.case_id, ended_on=None)
    rows = SufferedIncident.objects.visible_to(viewer).filter(file_id__in=links.values("file_id"))
    standing = [
        row
        for row in newest(rows.select_related("file").defer("what"))
        if not row.taken_back and since < row.happened_on <= today
    ]
    return Harm(
        last_on=max((row.happened_on for row in standing), default=None),
        incidents=len(standing),
        gravest=max((row.severity or 0 for row in standing), default=0),
        victims=len({row.file.partner_id for row in standing}),
    )
