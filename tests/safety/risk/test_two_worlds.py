"""The programme side stores and shows the same, whatever is judged together of a client's risk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import time_machine

from casewall.config.prove.running import dump_of
from casewall.programme.cases.models import Case
from casewall.safety.partners.danger import Danger
from casewall.safety.partners.models import PartnerFile
from casewall.safety.risk import actions
from casewall.safety.risk.models import JointRisk, RiskTrigger
from casewall.safety.risk.rules import Level, Occasion, Trigger
from casewall.wall.sides import Role
from tests.emptying import empty
from tests.people import Staff
from tests.programme.conftest import NOW, TODAY
from tests.safety.bookings.conftest import Hers
from tests.safety.incidents.conftest import rows
from tests.safety.incidents.test_two_worlds import LISTED, known, repeatable, seen

__all__ = ["repeatable"]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def judged(world: Hers, file: PartnerFile, case: Case) -> None:
    """Everything that the safety side does about one risk."""
    by = world.by
    actions.raise_by_hand(file=file, signs=list(Danger), by=by)
    actions.note_trigger(file=file, case_id=case.pk, trigger=Trigger.SEPARATION, on=TODAY,
                         note="Opdigtet.", by=by)  # fmt: skip
    (risk,) = rows(JointRisk, by, file=file)
    actions.review_risk(
        file=file, case_id=case.pk, on=TODAY, version=risk.version, by=by,
        said=actions.Judgement(level=Level.VERY_HIGH, occasion=Occasion.TRIGGER,
                               reasons="Opdigtet.", plan="Opdigtet."),
    )  # fmt: skip
    actions.add_action(risk=risk, what="Opdigtet.", owner=by.worker, agency="", due_on=TODAY,
                       by=by)  # fmt: skip


def lived(
    staff: Staff, var: Path, folder: Path, rng: Random, *, with_hers: bool
) -> tuple[list[bytes], list[bytes]]:
    """One world: the pages of the programme side, and what it stores."""
    rng.seed("the same beginning")
    world = Hers(staff)
    case = world.client()
    file = world.file()
    world.linked(file, case.pk)
    world.pull()
    if with_hers:
        judged(world, file, case)
    rng.seed("what the programme draws")
    known(world, case)
    rng.seed("what the pages draw")
    world.pull(NOW + timedelta(minutes=1))
    rng.seed("and afterwards")
    pages = seen(world, case, folder)
    return pages, sorted(LISTED.sub(b"", dump_of(var)).splitlines())


def test_the_programme_side_is_the_same_in_every_byte(
    staff: Staff, var: Path, tmp_path: Path, repeatable: Random, owner_urls: dict[str, str]
) -> None:
    empty(owner_urls.values())
    alone = lived(staff, var, tmp_path, repeatable, with_hers=False)
    empty(owner_urls.values())
    beside = lived(staff, var, tmp_path, repeatable, with_hers=True)
    assert alone[0] == beside[0]
    assert alone[1] == beside[1]
    assert not any(b"cw-above" in page for page in beside[0])
    found = {one.trigger for one in rows(RiskTrigger, staff[Role.PARTNER_WORKER])}
    assert {"separation", "disclosure"} <= found
