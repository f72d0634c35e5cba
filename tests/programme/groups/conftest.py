"""The Danish counselling course installed, and groups planned from it."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

import pytest

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.curriculum.actions import install_templates
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups import actions
from casewall.programme.groups.models import Group, GroupMember, Room, Session
from casewall.programme.groups.planning.actions import GroupPlan, add_room
from casewall.programme.groups.planning.rules import Entry
from casewall.services.load import shipped
from casewall.services.schema import Service
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import TODAY, World

COMPONENT = "counselling-group"


def definition(*, number: int = 2, **changes: Any) -> Service:
    """The service with other contents of its group component, as version `number`."""
    service = shipped()[SERVICE]
    components = tuple(one.model_copy(update=changes) if one.id == COMPONENT else one
                       for one in service.components)
    programmes = tuple(one.model_copy(update={"version": number}) for one in service.programmes)
    return service.model_copy(update={"components": components, "programmes": programmes})


class Planner:
    """Plans groups as a manager does."""

    def __init__(self, world: World):
        self.world = world
        self.by = world.manager

    def install(self, service: Service) -> TemplateVersion:
        """Install a definition; the newest version of its course."""
        install_templates(service=service, by=self.world.system)
        return self.template()

    def template(self) -> TemplateVersion:
        rows = self.world.rows(TemplateVersion, code="counselling-course", retired_on=None)
        return rows[0]

    def group(self, name: str = "Tuesday group", *, sessions: int | None = None,
              facilitators: list[UUID] | None = None, room: Room | None = None,
              form: UUID | None = None, **plan: Any) -> Group:
        """A closed group that begins today unless told otherwise, led by the facilitator."""
        values = {"name": name, "starts_on": TODAY, "begins_at": time(17, 30),
                  "entry": Entry.CLOSED, **plan}
        leading = [self.world.staff[Role.FACILITATOR].worker] if facilitators is None \
            else facilitators
        return actions.plan_from_template(
            template=self.template(), component=COMPONENT, plan=GroupPlan(**values),
            facilitators=leading, room=room, form=form, by=self.by)

    def sessions(self, group: Group) -> list[Session]:
        rows = self.world.rows(Session, group=group)
        return sorted(rows, key=lambda row: row.number)

    def room(self, name: str = "Room 2") -> Room:
        return add_room(name=name, chairs=12, compartment=self.world.compartment(), by=self.by)

    def signed(self, given: str = "Anders", **more: Any) -> Case:
        """A client who has signed the agreement and waits."""
        return self.world.case(given, "Opdigtet", stage=Stage.AGREEMENT_SIGNED, **more)

    def place(self, group: Group, case: Case, joined_on: date = TODAY, **more: Any) -> GroupMember:
        return actions.place_in_group(group=group, case=case, joined_on=joined_on, by=self.by,
                                      **more)

    def again(self, group: Group) -> Group:
        with acting(self.by):
            return Group.objects.visible_to(self.by).get(pk=group.pk)


@pytest.fixture
def planner(world: World) -> Planner:
    """Plans groups of the counselling course."""
    made = Planner(world)
    install_templates(service=shipped()[SERVICE], by=world.system)
    return made
