"""What left is called back where the file that it is about is deleted."""

from __future__ import annotations

from uuid import uuid4

from django.utils import timezone

from casewall.safety.retention.files import DESK
from casewall.safety.sharing.actions.exports import keep_export
from casewall.safety.sharing.deleted import BECAUSE, recall_deleted
from casewall.safety.sharing.models import Export, SafetyReport
from casewall.safety.sharing.rules import Exported
from casewall.wall.context import acting
from tests.safety.children.conftest import Family


def test_exports_of_what_is_gone_are_recalled_once_and_no_others(
    family: Family, report: SafetyReport
) -> None:
    manager = family.viewers["manager"]
    with acting(manager):
        gone, stays = (
            keep_export(kind=Exported.REPORT, thing=report, recipient="Court", by=manager)
            for _ in range(2)
        )
        stays.thing = uuid4()
        stays.save()
    with acting(manager):
        for _ in range(2):
            recall_deleted("partner_file", uuid4(), {report.pk}, manager, timezone.now())
        rows = {row.pk: row for row in Export.objects.visible_to(manager)}
    assert rows[gone.pk].recalled_because == BECAUSE
    assert rows[gone.pk].version == gone.version + 1
    assert rows[stays.pk].recalled_on is None


def test_a_deletion_on_this_side_tells_of_it() -> None:
    assert DESK.on_deleted["sharing"] is recall_deleted
