"""Flags of other parts stand in the header of a case, whichever section or form is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casewall.programme.cases.parts import parts_for
from casewall.programme.cases.rules import Stage
from casewall.programme.cases.views import SECTIONS
from casewall.programme.courses.models import Act, Course
from casewall.programme.curriculum.actions import install_templates
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups.models import Session
from casewall.programme.incidents.models import CustodySpan, Incident, IncidentReview
from casewall.programme.needs.models import Need
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import NOW, TODAY, Browse, World

FLAGS = ("Serious need: housing", "An act on absence is proposed", "On a break",
         "Sign of danger: no decision yet", "In custody since 1 March 2036")  # fmt: skip


def flagged(world: World):
    """A case about which every part has something to say."""
    case = world.case("Anders", stage=Stage.AGREEMENT_SIGNED)
    install_templates(service=shipped()[SERVICE], by=world.system)
    [version] = world.rows(TemplateVersion, code="counselling-course")
    group = world.group()
    worker = world.manager.worker
    common = {"compartment": case.compartment, "case": case}
    told = {**common, "worker": worker, "source": "police", "recorded_at": NOW}
    course = Course(**common, template=version, state="on_break", enrolled_on=TODAY)
    incident = Incident(**told, forms="physical", happened_on=TODAY, told_on=TODAY)
    [session] = world.rows(Session, group=group, number=1)
    rows = [
        course,
        Act(**common, course=course, session=session, step="first", kind="call",
            proposed_at=NOW, due_at=NOW),
        Need(**common, worker=worker, kind="housing", level="serious", stated_by="client",
             stated_on=TODAY, recorded_at=NOW),
        incident,
        IncidentReview(**common, incident=incident, danger=True, re_offence=False, due_on=TODAY),
        CustodySpan(**told, first_on=TODAY - timedelta(days=3), why="remand"),
    ]  # fmt: skip
    with acting(world.manager):
        for row in rows:
            row.save(force_insert=True)
    return case


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.ASSESSOR])
def test_every_section_and_form_of_a_case_shows_its_flags(
    role: Role, world: World, browse: Browse
) -> None:
    case, browser = flagged(world), browse(role)
    labelled = [part.key for part in parts_for(refers=False) if part.label]
    for show in ("", *(key for key in SECTIONS if key), *labelled):
        page = browser.get(f"/cases/{case.pk}/", {"show": show}).content.decode()
        for flag in FLAGS:
            assert page.count(flag) >= 1, (show, flag)
    form = browser.get(f"/cases/{case.pk}/contact/").content.decode()
    assert [flag for flag in FLAGS if flag not in form] == []


def test_a_case_without_anything_has_no_such_flag(world: World, browse: Browse) -> None:
    case = world.case("Bo")
    page = browse(Role.PROGRAMME_MANAGER).get(f"/cases/{case.pk}/?show=contacts").content.decode()
    assert [flag for flag in FLAGS if flag in page] == []
