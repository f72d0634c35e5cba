"""A placement constraint between two clients: the pair goes down, and nothing with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from casewall.programme.cases.models import Case, Statement
from casewall.programme.groups.actions import kept_from
from casewall.safety.coordination import actions as coordination
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import Ground, Purpose
from casewall.safety.partners.models import FileLink
from casewall.safety.pulled.actions import pull
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import Staff
from tests.safety.test_taking_in import BOTH, CLIENT_ONLY, HEADER, NOON, SERVICES, load, round_trip

SECRET = "She fears him since the spring (invented)."


@pytest.fixture
def linked(staff: Staff, tmp_path: Path) -> tuple[Any, UUID, UUID]:
    """A partner's file, its linked case, and another client's case."""
    path = tmp_path / "henvisninger.csv"
    path.write_text(HEADER + BOTH + CLIENT_ONLY, encoding="utf-8")
    load(staff, path)
    round_trip(staff)
    pull(by=staff[Role.SAFETY_SYSTEM], services=SERVICES, at=NOON)
    worker = staff[Role.PARTNER_WORKER]
    with acting(worker):
        link = FileLink.objects.visible_to(worker).select_related("file").get()
    manager = staff[Role.PROGRAMME_MANAGER]
    with acting(manager):
        other = Case.objects.visible_to(manager).exclude(pk=link.case_id).get()
    return link.file, link.case_id, other.pk


def asked(staff: Staff, linked: tuple[Any, UUID, UUID], **more: Any) -> Disclosure:
    file, case, other = linked
    details = {"purpose": Purpose.PLACEMENT, "other_case_id": other, **more}
    return coordination.ask(
        file=file, case_id=case, text=SECRET, ground=Ground.PARTNER_CONSENT,
        by=staff[Role.PARTNER_WORKER], at=NOON, **details)


def released(staff: Staff, disclosure: Disclosure) -> Disclosure:
    for role in (Role.COORDINATOR, Role.SAFETY_MANAGER):
        by = staff[role]
        disclosure = coordination.approve(disclosure=disclosure, by=by, at=NOON)
    return disclosure


def test_the_pair_goes_down_without_a_word_and_a_recall_ends_it(
    staff: Staff, linked: tuple[Any, UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both approvers must not be the asker, and one is from partner support.
    monkeypatch.setattr(
        "casewall.safety.coordination.rules.PARTNER_SUPPORT", frozenset({Role.SAFETY_MANAGER})
    )
    _, case, other = linked
    disclosure = released(staff, asked(staff, linked))
    safety, programme = staff[Role.SAFETY_SYSTEM], staff[Role.PROGRAMME_SYSTEM]
    later = NOON + timedelta(days=2)
    assert coordination.release_due(by=safety, at=later) == 1
    round_trip(staff, later)
    manager, facilitator = staff[Role.PROGRAMME_MANAGER], staff[Role.FACILITATOR]
    with acting(manager):
        assert kept_from(case, manager) == {other}
        assert kept_from(other, manager) == {case}
        assert not Statement.objects.visible_to(manager).exists()
    with acting(facilitator):
        assert kept_from(case, facilitator) == set()
    with acting(staff[Role.COORDINATOR]):
        disclosure = Disclosure.objects.visible_to(staff[Role.COORDINATOR]).get(pk=disclosure.pk)
    coordination.recall(disclosure=disclosure, by=staff[Role.COORDINATOR], at=later)
    round_trip(staff, later + timedelta(days=1))
    with acting(programme):
        assert kept_from(case, programme) == set()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"purpose": Purpose.STATEMENT}, "Only a placement constraint names another client"),
        ({"other_case_id": "own"}, "name another one"),
    ],
)
def test_what_makes_no_sense_is_refused(
    staff: Staff, linked: tuple[Any, UUID, UUID], more: dict[str, Any], says: str
) -> None:
    if more.get("other_case_id") == "own":
        more = {"other_case_id": linked[1]}
    with pytest.raises(Refused, match=says):
        asked(staff, linked, id=uuid4(), **more)
