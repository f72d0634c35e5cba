"""Pages and saves need the same queries for ten rows and a hundred; for a thousand at night."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casewall.programme.cases.models import Case
from casewall.programme.cases.models import Client as CaseClient
from casewall.programme.cases.rules import Stage
from casewall.programme.groups.models import Attendance, GroupMember, Session
from casewall.programme.groups.rules import Mark, SessionState
from casewall.programme.registers import actions
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import SERVICE
from tests.programme.conftest import TODAY, Browse, World
from tests.programme.registers.boxes import boxes_of

MARKS = ("attended", "late", "absent_accepted")
each_time = pytest.mark.parametrize("sizes", [
    pytest.param((10, 30, 100), id="10, 30 and 100"),
    pytest.param((10, 100, 1000), id="10, 100 and 1000", marks=pytest.mark.slow)])


@pytest.fixture
def manager(browse: Browse) -> Client:
    return browse(Role.PROGRAMME_MANAGER)


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connections["programme"]) as context:
        assert browser.get(address).status_code == 200
    return len(context)


def invented_members(world: World, session: Session, number: int) -> list[Case]:
    """So many started clients with a place, in one insert each."""
    by, fields = world.manager, {"compartment": world.compartment()}
    with acting(by):
        clients = CaseClient.objects.visible_to(by).bulk_create(
            CaseClient(given_name=f"Number{n}", family_name="Digt", **fields)
            for n in range(number))
        cases = Case.objects.visible_to(by).bulk_create(
            Case(client=client, service=SERVICE, referral_id=uuid4(), route="police",
                 referred_on=TODAY - timedelta(days=40), stage=Stage.STARTED, stage_on=TODAY,
                 **fields) for client in clients)
        GroupMember.objects.visible_to(by).bulk_create(
            GroupMember(group_id=session.group_id, case=case, joined_on=session.held_on, **fields)
            for case in cases)
    return list(cases)


def invented_sessions(world: World, case: Case, number: int, **more: Any) -> None:
    """So many sessions alone with this client, one a day."""
    by = world.manager
    with acting(by):
        Session.objects.visible_to(by).bulk_create(
            Session(compartment=case.compartment, case=case, kind="one_to_one", number=n + 1,
                    held_on=TODAY - timedelta(days=n), begins_at=time(9), minutes=60, component="x",
                    worker=world.staff[Role.PROGRAMME_MANAGER].worker, **more)
            for n in range(number))


@each_time
def test_a_register_its_record_and_its_save(
    sizes: tuple[int, ...], manager: Client, world: World
) -> None:
    first = world.group("Morning group", sessions=1)
    counts: dict[str, set[int]] = {"register": set(), "record": set(), "save": set()}
    session = world.rows(Session, group=first)[0]
    done = 0
    for size, mark in zip(sizes, MARKS, strict=True):
        invented_members(world, session, size - done)
        done = size
        register = f"/sessions/{session.pk}/register/"
        counts["register"].add(queries(manager, register))
        boxes = boxes_of(manager.get(register).content.decode())
        marks = {name.replace("shown-", "outcome-"): mark for name in boxes
                 if name.startswith("shown-")}
        assert len(marks) == size
        with CaptureQueriesContext(connections["programme"]) as context:
            saved = actions.record_register(
                session=session, by=world.manager,
                marks={key: (Mark(mark), 0) for key in world_cases(world, session)})
        assert saved.state == SessionState.HELD
        if size > 10:  # the first save has nothing to change
            counts["save"].add(len(context))
        counts["record"].add(queries(manager, f"/sessions/{session.pk}/record/"))
    assert {name: len(found) for name, found in counts.items()} == dict.fromkeys(counts, 1), counts
    assert len(world.rows(Attendance, outcome=mark)) == sizes[-1]


def world_cases(world: World, session: Session) -> list[Any]:
    return [row.case_id for row in world.rows(GroupMember, group=session.group_id)]


@pytest.mark.parametrize("path", ["/", "/cases/{case}/", "/cases/{case}/?show=sessions",
                                  "/cases/{case}/session/", "/cases/{case}/catch-up/"])
@each_time
def test_pages_with_sessions_alone(
    path: str, sizes: tuple[int, ...], manager: Client, world: World
) -> None:
    case = world.case(stage=Stage.AGREEMENT_SIGNED)
    address, found, done = path.format(case=case.pk), [], 0
    for size in sizes:
        invented_sessions(world, case, size - done)
        marked(world, case)
        done = size
        found.append(queries(manager, address))
    assert len(set(found)) == 1, found


def marked(world: World, case: Case) -> None:
    """Every second session was missed; the others stay planned."""
    by = world.manager
    rows = world.rows(Session, case=case, number__in=range(0, 2000, 2), state="planned")
    with acting(by):
        Session.objects.visible_to(by).filter(pk__in=[row.pk for row in rows]).update(state="held")
        Attendance.objects.visible_to(by).bulk_create(
            Attendance(compartment=case.compartment, session=row, case=case, attended=False,
                       outcome=Mark.ABSENT_ACCEPTED, complied=True, minutes_attended=0,
                       worker=by.worker, recorded_at=timezone.now()) for row in rows)
