"""What becomes of this side's copies of a case that the programme has deleted.

The programme says so in its ledger, as a keyed hash; that a case is merely missing from the views
says nothing, since a cluster that was restored or stands still misses cases too.

The copies support the partner's files that are linked to the case. Where none of those is open,
every copy goes. Where one is open, who the client is, where the case stood and that a child was
referred stay, since somebody's safety may hang on it; the rest goes at once, and these go in the
first round after the last of those files has closed. Nothing here is told to the programme.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connections

from casewall.audit.actions import record
from casewall.programme.retention.hashes import hash_of
from casewall.programme.retention.rules import Kind
from casewall.safety.partners.models import FileLink
from casewall.safety.pulled.models import PulledCase
from casewall.safety.retention.flows import FlowDeletion
from casewall.wall.context import acting
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Side, Viewer


def forget_deleted(*, by: Viewer) -> int:
    """Let the copies of deleted cases go; returns of how many cases something was deleted.

    Must run as the system account, after the pull. Run again it changes nothing.
    """
    require(by, Duty.PULL)
    with acting(by):
        deleted = {
            row.file_hash
            for row in FlowDeletion.objects.for_system("pull").filter(
                kind=Kind.CASE, done_at__isnull=False)
        }
        if not deleted:
            return 0
        known = PulledCase.objects.for_system("pull").values_list("id", flat=True)
        gone = [case for case in known if hash_of(case, Side.PROGRAMME) in deleted]
        return sum(_forget(case, by) for case in sorted(gone, key=str))


def _forget(case: UUID, by: Viewer) -> int:
    """Delete the copies of one case, all or all but the least; 0 where that was done before."""
    wholly = not _supports_open_file(case)
    with connections[Side.SAFETY.value].cursor() as cursor:
        cursor.execute("select app.forget_case(%s, %s)", [case, wholly])
        rows = list(cursor.fetchone()[0])
    if rows:
        record(by=by, verb="forgot a deleted case", kind="pulledcase", object_id=case,
               purpose="whole" if wholly else "least kept")
    return 1 if rows else 0


def _supports_open_file(case: UUID) -> bool:
    links = FileLink.objects.for_system("retention").filter(
        case_id=case, ended_on=None, file__closed_on=None, file__withdrawn_on=None)
    return bool(links.exists())

