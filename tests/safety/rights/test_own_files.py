"""Partners, those who speak for a child, and workers ask about their own records."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from casewall.programme.rights.collecting import models_leading_to
from casewall.programme.rights.flags import Sign
from casewall.programme.rights.rules import Decided, How, Identity, Right
from casewall.safety.children.actions.family import Person, record_child
from casewall.safety.children.models import Child
from casewall.safety.partners.models import PartnerFile
from casewall.safety.rights import actions
from casewall.safety.rights.gathering import LEFT_OUT, OF_A_FILE
from casewall.safety.rights.models import RightsCase, RightsItem
from casewall.safety.rights.rules import Route, Verdict
from casewall.wall.decide import Refused
from casewall.wall.sides import Role, Side
from tests.people import SERVICE
from tests.programme.conftest import NOW, TODAY
from tests.safety.rights.conftest import DAY, NAMED, PHONE, Rights, rows
from tests.safety.rights.test_reviews import RELEASE


def asked(world: Rights, file: PartnerFile | None = None, **changed: Any) -> RightsCase:
    given: dict[str, Any] = {
        "right": Right.ACCESS, "received_on": TODAY, "how": How.IN_PERSON,
        "identity": Identity.KNOWN, "identity_on": TODAY, "language": "en", "file": file,
        "by": world.by,
    }  # fmt: skip
    return actions.take_request(**{**given, **changed})


def test_the_models_that_are_left_out_exist_and_have_a_reason() -> None:
    known = models_leading_to(Side.SAFETY, *OF_A_FILE) | models_leading_to(
        Side.SAFETY, "safety_children.Child"
    )
    assert set(LEFT_OUT) <= set(known)
    assert all(LEFT_OUT.values())


def test_a_partners_file_is_gathered_and_the_clients_name_is_a_sign(world: Rights) -> None:
    case = world.case()
    file = world.linked_file(case)
    request = asked(world, file)
    row = actions.gather(request=request, version=1, by=world.dpo)
    items = world.items(row)
    assert {"safety_partners.Partner", "safety_partners.PartnerFile"} <= {i.kind for i in items}
    (own,) = [i for i in items if i.kind == "safety_partners.Partner"]
    assert own.signs == ""
    assert PHONE in own.content
    assert row.name == f"{NAMED} Opdigtet"
    with pytest.raises(Refused, match="gathered already"):
        actions.gather(request=row, version=row.version, by=world.dpo)


def test_a_partners_reply_leaves_only_by_a_way_that_is_confirmed_safe(world: Rights) -> None:
    file = world.file(NAMED, "Opdigtet")
    request = asked(world, file)
    row = actions.gather(request=request, version=1, by=world.dpo)
    world.decide_all(row)
    for item in world.items(row):
        assert world.standing(row).decided[item.pk]
    with time_machine.travel(NOW + (RELEASE - TODAY), tick=False), pytest.raises(
            Refused, match="not safe now"):
        actions.release(request=row, route=Route.LETTER, version=row.version, by=world.dpo)


def test_a_child_is_asked_for_by_somebody_and_nothing_is_plain_for_who_used_violence(
        world: Rights) -> None:
    child = record_child_of(world)
    with pytest.raises(Refused, match="speaks for the child"):
        asked(world, child=child)
    request = asked(world, child=child, speaks="Anders Opdigtet", is_client=True)
    row = actions.gather(request=request, version=1, by=world.dpo)
    items = world.items(row)
    assert items
    assert all(Sign.ABOUT_OTHERS in item.signs.split() for item in items)
    assert actions.confirm_many(request=row, verdict=Verdict.INCLUDE, by=world.dpo) == 0


def record_child_of(world: Rights) -> Child:
    return record_child(
        person=Person("Opdigtet", "Barn", TODAY - timedelta(days=2000)), file=world.file(),
        service=SERVICE, compartment=world.compartment, on=TODAY, by=world.by,
    )  # fmt: skip


def test_a_worker_who_asks_has_records_added_by_hand(world: Rights) -> None:
    with pytest.raises(Refused, match="who asks"):
        asked(world, by=world.dpo)
    request = asked(world, worker_name="Invented worker", by=world.dpo)
    row = actions.gather(request=request, version=1, by=world.dpo)
    with pytest.raises(Refused, match="what the record says"):
        actions.add_by_hand(request=row, text=" ", on=None, by=world.dpo)
    item = actions.add_by_hand(request=row, text="Opdigtet: Mette called.", on=TODAY,
                               by=world.dpo)
    assert Sign.MAYBE_NAME in item.signs.split()
    assert len(rows(RightsItem, world.dpo)) == 1


def test_what_is_not_a_copy_is_decided_with_a_reason_once(world: Rights) -> None:
    request = asked(world, world.file(), right=Right.OBJECTION)
    with pytest.raises(Refused, match="for a copy only"):
        actions.gather(request=request, version=1, by=world.dpo)
    with pytest.raises(Refused, match="Say why"):
        actions.decide_request(request=request, decision=Decided.GRANTED, reason="", version=1,
                               by=world.dpo)
    row = actions.decide_request(request=request, decision=Decided.GRANTED, reason="Opdigtet.",
                                 version=1, by=world.dpo)
    with pytest.raises(Refused, match="ended"):
        actions.decide_request(request=row, decision=Decided.GRANTED, reason="x",
                               version=row.version, by=world.dpo)
    with pytest.raises(Refused, match="record by record"):
        actions.decide_request(request=asked(world, world.file()), decision=Decided.GRANTED,
                               reason="x", version=1, by=world.dpo)


def test_a_request_waits_until_it_is_known_who_asks(world: Rights) -> None:
    request = asked(world, world.file(), identity=Identity.NOT_YET, identity_on=None)
    for act in (
        lambda: actions.gather(request=request, version=1, by=world.dpo),
        lambda: actions.preview(request=request, by=world.dpo),
        lambda: actions.release(request=request, route=Route.LETTER, version=1, by=world.dpo),
    ):
        with pytest.raises(Refused, match="Make sure first"):
            act()
    with pytest.raises(Refused, match="not come yet"):
        actions.prove_identity(request=request, identity=Identity.KNOWN, on=TODAY + DAY,
                               version=1, by=world.by)
    row = actions.prove_identity(request=request, identity=Identity.KNOWN, on=TODAY, version=1,
                                 by=world.by)
    actions.gather(request=row, version=row.version, by=world.dpo)


def test_a_form_sent_twice_is_one_and_a_clients_request_is_kept_below(world: Rights) -> None:
    file, form = world.file(), uuid4()
    assert asked(world, file, form=form) == asked(world, file, form=form)
    assert actions.add_statement(file=file, about="x", text="y", form=form, by=world.by) == (
        actions.add_statement(file=file, about="x", text="y", form=form, by=world.by)
    )
    theirs = world.collected(world.case())
    with pytest.raises(Refused, match="programme side"):
        actions.prove_identity(request=theirs, identity=Identity.KNOWN, on=TODAY,
                               version=theirs.version, by=world.dpo)


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.SAFETY_ADMINISTRATOR])
def test_who_has_no_duty_takes_nothing_in(world: Rights, role: Role) -> None:
    with pytest.raises(Refused, match="may not"):
        asked(world, world.file(), by=world.staff[role])
