"""Copies in a review are emptied when the partner's file that they come from is deleted."""

from __future__ import annotations

from casewall.programme.rights.flags import Sign
from casewall.safety.rights.forgetting import EMPTIED, forget
from casewall.safety.rights.rules import Origin
from casewall.wall.context import acting
from tests.programme.conftest import NOW
from tests.safety.rights.conftest import Rights


def test_copies_of_deleted_records_are_emptied_and_no_others(world: Rights) -> None:
    case = world.case()
    file = world.linked_file(case)
    request = world.collected(case)
    hers = world.items(request, origin=Origin.PARTNER_FILE)
    theirs = {item.pk: item.content for item in world.items(request, origin=Origin.PROGRAMME)}
    assert hers
    with acting(world.manager):
        forget("partner", file.pk, {item.record_id for item in hers}, world.manager, NOW)
    for item in world.items(request, origin=Origin.PARTNER_FILE):
        assert (item.content, item.signs) == (EMPTIED, Sign.PARTNER_ORIGIN.value)
    assert {i.pk: i.content for i in world.items(request, origin=Origin.PROGRAMME)} == theirs
