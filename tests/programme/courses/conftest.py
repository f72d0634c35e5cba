"""Invented groups on a programme template, and their registers, for tests of courses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from casewall.programme.cases.actions import move_case
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.courses.actions import after_register, enrol
from casewall.programme.courses.models import Act, Course
from casewall.programme.curriculum.actions import install_templates
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups.models import (
    Attendance,
    Group,
    GroupFacilitator,
    GroupMember,
    Session,
)
from casewall.programme.groups.rules import SessionKind, SessionState
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.sides import Role, Viewer
from tests.people import SERVICE
from tests.programme.conftest import TODAY, World

START = TODAY - timedelta(weeks=30)

SIGNS: dict[str, tuple[str, bool, bool, int]] = {
    "+": ("attended", True, True, 0),
    "l": ("late", True, True, 20),
    "e": ("absent_accepted", False, True, 0),
    "x": ("absent_not_accepted", False, False, 0),
}
"""A mark as a sign: outcome, attended, complied, minutes late."""


class Delivery:
    """A group that delivers the Danish course, with clients enrolled in it."""

    def __init__(self, world: World):
        self.world, self.manager = world, world.manager
        install_templates(service=shipped()[SERVICE], by=world.system)
        [self.version] = world.rows(TemplateVersion, code="counselling-course")
        self.template = self.version.template
        self.group = self._group()
        self.sessions = self._sessions()

    def _add(self, row: object) -> object:
        with acting(self.manager):
            row.save(force_insert=True)  # type: ignore[attr-defined]
        return row

    def _group(self) -> Group:
        group = Group(
            compartment=self.world.compartment(),
            name="Invented group",
            service=SERVICE,
            template=self.version,
            component="counselling-group",
            starts_on=START,
            begins_at=time(18),
            minutes=120,
        )
        self._add(group)
        self._add(
            GroupFacilitator(
                compartment=group.compartment,
                group=group,
                worker=self.world.staff[Role.FACILITATOR].worker,
            )
        )
        return group

    def _sessions(self) -> list[Session]:
        planned = self.template.sessions_of("counselling-group")
        rows = [
            Session(
                compartment=self.group.compartment,
                group=self.group,
                component="counselling-group",
                number=one.number,
                held_on=START + timedelta(weeks=number),
                begins_at=time(18),
                minutes=self.template.minutes_of(one),
                module=one.module,
                title=one.title,
            )
            for number, one in enumerate(planned)
        ]
        with acting(self.manager):
            Session.objects.visible_to(self.manager).bulk_create(rows)
        return rows

    def client(self, name: str = "Anders", *, level: str = "") -> Case:
        """A client with a place in the group, who has begun the programme."""
        case = self.world.case(
            name, "Opdigtet", stage=Stage.AGREEMENT_SIGNED, referred_on=START - timedelta(days=30)
        )
        self._add(
            GroupMember(compartment=case.compartment, group=self.group, case=case, joined_on=START)
        )
        enrol(case=case, template=self.version, level=level, by=self.manager)
        move_case(case=case, to=Stage.STARTED, on=START, by=self.manager)
        return self.world.again(case)

    def mark(self, number: int, marks: Mapping[UUID, str], by: Viewer | None = None) -> Session:
        """Save the register of a session (numbered from 1) and let what follows follow."""
        session = self.sessions[number - 1]
        self.write(session, marks)
        after_register(session=session, cases=list(marks), by=by or self.manager)
        return session

    def write(
        self, session: Session, marks: Mapping[UUID, str], makes_up_for: Session | None = None
    ) -> None:
        """Store marks as a register does."""
        with acting(self.manager):
            rows = Attendance.objects.visible_to(self.manager)
            for case, sign in marks.items():
                outcome, attended, complied, late = SIGNS[sign]
                rows.update_or_create(
                    session=session,
                    case_id=case,
                    defaults={
                        "compartment": session.compartment,
                        "outcome": outcome,
                        "attended": attended,
                        "complied": complied,
                        "minutes_late": late,
                        "minutes_attended": session.minutes - late if attended else 0,
                        "makes_up_for": makes_up_for,
                        "worker": self.manager.worker,
                        "recorded_at": timezone.now(),
                    },
                )
            Session.objects.visible_to(self.manager).filter(pk=session.pk).update(
                state=SessionState.HELD, marked_at=timezone.now()
            )

    def catch_up(self, case: Case, missed: int, on: date) -> Session:
        """A session with one client that makes up for a missed one."""
        session = Session(
            compartment=case.compartment,
            case=case,
            kind=SessionKind.CATCH_UP,
            component="counselling-one-to-one",
            number=1,
            held_on=on,
            begins_at=time(10),
            minutes=60,
            worker=self.manager.worker,
        )
        self._add(session)
        self.write(session, {case.pk: "+"}, makes_up_for=self.sessions[missed - 1])
        after_register(session=session, cases=[case.pk], by=self.manager)
        return session

    def one_to_ones(self, case: Case) -> int:
        """The client attends every planned session with one client; returns how many."""
        planned = self.template.sessions_of("counselling-one-to-one")
        for one in planned:
            session = Session(
                compartment=case.compartment,
                case=case,
                kind=SessionKind.ONE_TO_ONE,
                component=one.component,
                number=one.number,
                held_on=START + timedelta(days=one.number),
                begins_at=time(10),
                minutes=self.template.minutes_of(one),
                module=one.module,
                worker=self.manager.worker,
            )
            self._add(session)
            self.write(session, {case.pk: "+"})
            after_register(session=session, cases=[case.pk], by=self.manager)
        return len(planned)

    def attend(self, case: Case, numbers: Iterable[int]) -> None:
        """The client attends these sessions."""
        for number in numbers:
            self.mark(number, {case.pk: "+"})

    def course(self, case: Case) -> Course:
        """The course of a case as it is stored now."""
        with acting(self.manager):
            return (
                Course.objects.visible_to(self.manager)
                .select_related("template", "case__client")
                .get(case=case)
            )

    def acts(self, case: Case) -> list[Act]:
        """The acts of a case in the order of their sessions."""
        with acting(self.manager):
            return list(
                Act.objects.visible_to(self.manager)
                .filter(case=case)
                .select_related("session", "case__client", "course")
                .order_by("session__held_on", "step", "kind")
            )

    def states(self, case: Case) -> list[tuple[int, str, str]]:
        """The acts of a case as (session, kind, state)."""
        return [(act.session.number, act.kind, act.state) for act in self.acts(case)]


@pytest.fixture
def delivery(world: World) -> Delivery:
    """A group that delivers the Danish course."""
    return Delivery(world)
