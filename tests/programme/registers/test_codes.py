"""Registers of a group whose template brings the codes of a national system and its modules."""

from __future__ import annotations

import pytest
from django.test import Client

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.curriculum.actions import install_templates
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups.models import Attendance, Session
from casewall.programme.groups.rules import Line, Mark
from casewall.programme.registers import actions
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import Browse, World
from tests.programme.registers.boxes import boxes_of

CODES = next(programme.attendance_codes for service in shipped().values()
             for programme in service.programmes if programme.attendance_codes)


@pytest.fixture
def facilitator(browse: Browse) -> Client:
    return browse(Role.FACILITATOR)


@pytest.fixture
def coded(world: World) -> tuple[Session, list[Case]]:
    """Today's session of a group of three that follows a template with 19 codes."""
    service = shipped()[SERVICE]
    first, *others = service.programmes
    changed = first.model_copy(update={"version": 2, "attendance_codes": CODES})
    install_templates(service=service.model_copy(update={"programmes": (changed, *others)}),
                      by=world.system)
    group = world.group()
    cases = [world.case(name, "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
             for name in ("Anders", "Bo", "Carsten")]
    for case in cases:
        world.member(group, case)
    with acting(world.manager):
        group.template = TemplateVersion.objects.visible_to(world.manager).get(
            code=first.id, version=2)
        group.save()
    return world.rows(Session, group=group, number=1)[0], cases


def reasons(world: World) -> dict[str, tuple[str, bool, bool]]:
    return {row.case.client.given_name: (row.reason, row.attended, row.complied)
            for row in _with_clients(world)}


def _with_clients(world: World) -> list[Attendance]:
    with acting(world.manager):
        return list(Attendance.objects.visible_to(world.manager).select_related("case__client"))


def test_a_reason_is_one_of_the_templates_and_agrees_with_the_mark(
        facilitator: Client, world: World, coded: tuple[Session, list[Case]]) -> None:
    session, (one, two, three) = coded
    address = f"/sessions/{session.pk}/register/"
    page = facilitator.get(address).content.decode()
    assert page.count("<option") == 3 * (1 + len(CODES))
    typed = {**boxes_of(page), f"outcome-{one.pk}": "absent_accepted", f"reason-{one.pk}": "AAME",
             f"outcome-{two.pk}": "absent_not_accepted", f"outcome-{three.pk}": "attended"}
    wrong = facilitator.post(address, {**typed, f"reason-{three.pk}": "UAAB"})
    assert wrong.status_code == 422
    assert "Carsten Opdigtet: The reason UAAB says “absent, not accepted”" in wrong.content.decode()
    assert boxes_of(wrong.content.decode())[f"reason-{one.pk}"] == "AAME", "nothing typed is lost"
    assert world.rows(Attendance) == []
    unknown = facilitator.post(address, {**typed, f"reason-{three.pk}": "XXXX"})
    assert "Carsten Opdigtet: choose one of the reasons" in unknown.content.decode()
    assert facilitator.post(address, typed).status_code == 302
    assert reasons(world) == {"Anders": ("AAME", False, True), "Bo": ("UAAB", False, False),
                              "Carsten": ("", True, True)}
    # Only one code says “absent, not accepted”; it goes with its mark.
    again = boxes_of(facilitator.get(address).content.decode())
    assert again[f"reason-{two.pk}"] == "UAAB"
    assert facilitator.post(address, {**again, f"outcome-{two.pk}": "late"}).status_code == 302
    assert reasons(world)["Bo"] == ("", True, True)


def test_an_action_refuses_what_the_form_refuses(world: World, coded: tuple[Session, list[Case]]
                                                 ) -> None:
    session, (one, _, _) = coded
    for line, sentence in ((Line(Mark.ATTENDED, reason="AAME"), "Anders Opdigtet: The reason AAME"),
                           (Line(Mark.LATE, 121), "121 minutes missed are more"),
                           (Line(Mark.LATE, -1), "longer than the session")):
        with pytest.raises(Refused, match=sentence):
            actions.record_register(session=session, marks={one.pk: line}, by=world.manager)
    assert world.rows(Attendance) == []


def test_the_module_delivered_is_one_of_the_template(
        facilitator: Client, world: World, coded: tuple[Session, list[Case]]) -> None:
    session, (one, _, _) = coded
    actions.record_register(session=session, marks={one.pk: (Mark.ATTENDED, 0)}, by=world.manager)
    address = f"/sessions/{session.pk}/record/"
    page = facilitator.get(address).content.decode()
    modules = shipped()[SERVICE].programmes[0].modules
    assert all(f'value="{module.id}"' in page for module in modules)
    assert facilitator.post(address, {**boxes_of(page), "delivered": "cookery"}).status_code == 422
    assert facilitator.post(address, {**boxes_of(page), "delivered": modules[-1].id}
                            ).status_code == 302
    assert world.rows(Session, pk=session.pk)[0].delivered == modules[-1].id
