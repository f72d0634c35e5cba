"""R20: erasing either file leaves the other untouched, at every stage of his and state of hers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casewall.programme.retention import actions
from casewall.programme.retention.desk import Desk
from casewall.programme.retention.files import DESK as BELOW
from casewall.programme.retention.rules import Ground, Kind
from casewall.safety.partners import actions as support
from casewall.safety.partners.models import PartnerFile
from casewall.safety.pulled.models import PulledCase, PulledDeclaration
from casewall.safety.retention.files import DESK as ABOVE
from casewall.safety.retention.forgetting import forget_deleted
from casewall.staff.models import Worker
from casewall.wall.context import acting, on_side
from casewall.wall.sides import SIDE_OF_ROLE, Role, Viewer
from tests.people import Staff, add_colleague
from tests.safety.pulled.test_notices import (
    DAY,
    HERS,
    HIS,
    NOON,
    _everything,
    _families,
    _put,
    declare,
    move_all,
    programme_cases,
    pull,
)


@pytest.fixture(scope="module")
def seconds(staff_once: Staff, owner_urls: dict[str, str]) -> tuple[Worker, Worker]:
    """A second manager on each side."""
    return (
        add_colleague(owner_urls, Role.PROGRAMME_MANAGER, "vesterlo-treatment",
                      "second.below@example.invalid"),
        add_colleague(owner_urls, Role.SAFETY_MANAGER, "coordination-office",
                      "second.above@example.invalid"),
    )


def viewer_of(worker: Worker) -> Viewer:
    """The colleague as somebody who looks."""
    with on_side(SIDE_OF_ROLE[Role(worker.role)]):
        return worker.as_viewer()


def erase(desk: Desk, kind: Kind, file: Any, one: Viewer, other: Viewer) -> None:
    """Delete a file as two people do, as an error: that ground asks for no end."""
    with acting(one):
        facts = desk.one(kind, file, one)
    assert facts is not None
    row = actions.decide(desk=desk, file=facts, ground=Ground.ERROR, by=one)
    assert actions.approve(desk=desk, deletion=row, by=other)


def copied(staff: Staff) -> tuple[set[str], int]:
    """The names of the clients who are still copied above, and how many statements are."""
    by = staff[Role.SAFETY_SYSTEM]
    with acting(by):
        names = {case.name.split()[0] for case in PulledCase.objects.visible_to(by)}
        return names, PulledDeclaration.objects.visible_to(by).count()


def test_erasing_either_file_leaves_the_other_in_every_state(
    staff: Staff, seconds: tuple[Worker, Worker], tmp_path: Path, var: Path
) -> None:
    families = _families(staff, tmp_path)
    cases = {case.client.given_name: case for case in programme_cases(staff)}
    by = staff[Role.COORDINATOR]
    with acting(by):
        files = {f.partner.given_name: f for f in
                 PartnerFile.objects.visible_to(by).select_related("partner")}
    for (_stage, state), (_his, hers) in families.items():
        if state != "none":
            _put(staff, files[hers], state)
    declare(staff, next(iter(cases.values())), "Opdigtet")
    for stage in HIS:
        his = [cases[families[stage, state][0]] for state in HERS]
        move_all(var, his, stage, DAY, "moved" if stage == "exited" else "")
    pull(staff)

    # Hers: half of them are erased, of each stage and state one; not a byte changes below.
    below = _everything(var, "programme")
    manager, other = staff[Role.SAFETY_MANAGER], viewer_of(seconds[1])
    for (_stage, state), (_his, hers) in families.items():
        if state != "none" and _stage in HIS[::2]:
            erase(ABOVE, Kind.PARTNER_FILE, files[hers].pk, manager, other)
    pull(staff, NOON + timedelta(hours=1))
    assert _everything(var, "programme") == below

    # His: every one is erased; what is hers stays as it is.
    shared = ("audit_", "safety_pulled_", "safety_partners_partnertask", "safety_intake_",
              "django_", "casewall_cache")
    above = _everything(var, "safety", but=shared)
    manager, other = staff[Role.PROGRAMME_MANAGER], viewer_of(seconds[0])
    for case in cases.values():
        erase(BELOW, Kind.CASE, case.pk, manager, other)
    assert programme_cases(staff) == []
    pull(staff, NOON + timedelta(hours=2))
    system = staff[Role.SAFETY_SYSTEM]
    assert forget_deleted(by=system) >= len(cases) - len(HIS)
    assert _everything(var, "safety", but=shared) == above
    names, statements = copied(staff)
    assert statements == 0
    assert names == {
        families[stage, state][0] for stage in HIS[1::2] for state in ("open", "declined")}

    # The least goes too once the last open file has closed; run again, nothing is left to do.
    for (stage, state), (_his, hers) in families.items():
        if stage in HIS[1::2] and state in ("open", "declined"):
            support.close_file(file=files[hers], on=DAY, by=staff[Role.SAFETY_MANAGER])
    assert forget_deleted(by=system) == len(names)
    assert copied(staff) == (set(), 0)
    assert forget_deleted(by=system) == 0
    pull(staff, NOON + timedelta(hours=3))
    assert copied(staff) == (set(), 0)


def test_a_case_that_is_only_missing_is_left_alone(
    staff: Staff, tmp_path: Path, var: Path, owner_urls: dict[str, str]
) -> None:
    from tests.emptying import empty

    _families(staff, tmp_path)
    pull(staff)
    before = copied(staff)
    empty([owner_urls["programme"]])
    pull(staff, NOON + timedelta(days=1))
    assert forget_deleted(by=staff[Role.SAFETY_SYSTEM]) == 0
    assert copied(staff) == before
