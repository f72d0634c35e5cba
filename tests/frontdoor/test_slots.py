"""What the front door's database role may ask of a slot, and what it learns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.utils import timezone

from casewall.config.clusters import role_url
from casewall.safety.asking.actions import Made, ask_on_device, close_asking
from casewall.safety.asking.models import Slot
from casewall.safety.asking.rules import Device, SlotState
from casewall.safety.intake.models import DoorEntry
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Wave
from casewall.wall.context import acting
from casewall.wall.grants import SLOT_FUNCTIONS
from casewall.wall.sides import Role
from tests.people import Staff
from tests.wall.rows import a_file
from tests.wall.sql import DENIED

TABLES = ("safety_asking_slot", "safety_asking_asking", "safety_asking_answeredpage")


@pytest.fixture
def file(staff: Staff) -> PartnerFile:
    return a_file(staff)


def given(staff: Staff, file: PartnerFile, at: datetime | None = None, **more: Any) -> Made:
    """A code for two questionnaires in Danish."""
    return ask_on_device(
        file=file,
        **{
            "wave": Wave.BEFORE,
            "measures": ["safety", "freedom"],
            "language": "da",
            "device": Device.OWN_DEVICE,
            "form": uuid4(),
            "at": at or timezone.now(),
            **more,
        },
        by=staff[Role.PARTNER_WORKER],
    )


def slot_of(staff: Staff, made: Made) -> Slot:
    viewer = staff[Role.PARTNER_WORKER]
    with acting(viewer):
        found: Slot = Slot.objects.visible_to(viewer).get(pk=made.asking.slot_id)
        return found


@pytest.fixture
def door(var: Path) -> Iterator[psycopg.Connection[Any]]:
    """A connection with the password that the front door holds."""
    with psycopg.connect(role_url("safety", "DOOR", var), autocommit=True) as connection:
        yield connection


def ask(door: psycopg.Connection[Any], call: str, *values: Any) -> list[tuple[Any, ...]]:
    return door.execute(f"select * from app.{call}", values).fetchall()


def entries(staff: Staff) -> list[tuple[UUID, bytes]]:
    system = staff[Role.SAFETY_SYSTEM]
    with acting(system):
        rows = DoorEntry.objects.visible_to(system)
        return [(row.pk, bytes(row.sealed)) for row in rows]


def state_of(door: psycopg.Connection[Any], statement: str) -> str:
    try:
        door.execute(statement)
    except psycopg.Error as error:
        return error.sqlstate or "unknown"
    return "done"


def test_there_are_five_functions_and_no_table(door: psycopg.Connection[Any]) -> None:
    for table in TABLES:
        for statement in ("select 1 from", "delete from", "update"):
            more = " set compartment = 1" if statement == "update" else ""
            assert state_of(door, f"{statement} {table}{more}") == DENIED, (statement, table)
    rows = door.execute(
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n "
        "on n.oid = pronamespace where nspname = 'app' and proname like 'slot%' "
        "and has_function_privilege(current_user, p.oid, 'execute') order by 1"
    ).fetchall()
    assert len(rows) == len(SLOT_FUNCTIONS) == 5


def test_an_open_slot_tells_form_language_and_page_and_nothing_else(
    staff: Staff, file: PartnerFile, door: psycopg.Connection[Any]
) -> None:
    made = given(staff, file)
    slot = slot_of(staff, made)
    cursor = door.execute(
        "select * from app.slot_open(%s, %s, %s)", [slot.code_hash, "visit", "entrance"]
    )
    assert [column.name for column in cursor.description or ()] == [
        "number", "form", "language", "next_page"]
    assert cursor.fetchall() == [(slot.pk, "safety+freedom", "da", 0)]
    assert ask(door, "slot_read(%s)", "visit") == [(slot.pk, "safety+freedom", "da", 0)]
    assert ask(door, "slot_passed(%s)", "entrance") == [(True,)]
    assert ask(door, "slot_passed(%s)", "another") == [(False,)]


def test_nobody_finds_the_code_in_what_is_kept(staff: Staff, file: PartnerFile) -> None:
    made = given(staff, file)
    slot = slot_of(staff, made)
    assert made.code not in repr(slot.__dict__)
    assert made.code not in repr(made.asking.__dict__)
    assert len(slot.code_hash) == 64


def test_unknown_finished_ended_and_closed_codes_open_nothing_alike(
    staff: Staff, file: PartnerFile, door: psycopg.Connection[Any]
) -> None:
    ended = given(staff, file, timezone.now() - timedelta(hours=72), wave=Wave.AFTER)
    assert ask(door, "slot_open(%s, 'a', 'e')", slot_of(staff, ended).code_hash) == []
    closed = given(staff, file)
    close_asking(asking=closed.asking, at=timezone.now(), by=staff[Role.PARTNER_WORKER])
    assert ask(door, "slot_open(%s, 'b', 'e')", slot_of(staff, closed).code_hash) == []
    used = given(staff, file)
    fingerprint = slot_of(staff, used).code_hash
    assert ask(door, "slot_open(%s, 'c', 'e')", fingerprint) != []
    for page, last in ((0, False), (1, False), (2, True)):
        assert ask(door, "slot_step('c', %s, null, null, %s)", page, last) == [(True,)]
    assert slot_of(staff, used).state == SlotState.FINISHED
    assert ask(door, "slot_open(%s, 'd', 'e')", fingerprint) == []
    assert ask(door, "slot_open('nothing', 'd', 'e')") == []
    assert [ask(door, "slot_read(%s)", visit) for visit in "abcd"] == [[], [], [], []]


def test_a_page_goes_in_once_and_only_the_page_that_comes_next(
    staff: Staff, file: PartnerFile, door: psycopg.Connection[Any]
) -> None:
    made = given(staff, file)
    ask(door, "slot_open(%s, 'v', 'e')", slot_of(staff, made).code_hash)
    step = "slot_step('v', %s, %s, %s, false)"
    assert ask(door, step, 1, uuid4(), b"too early") == [(False,)]
    assert ask(door, step, 0, None, None) == [(True,)]
    first = uuid4()
    assert ask(door, step, 1, first, b"box") == [(True,)]
    assert ask(door, step, 1, uuid4(), b"again") == [(False,)]
    assert entries(staff) == [(first, b"box")]


def test_a_second_visit_by_the_same_code_ends_the_first_and_goes_on_where_it_was(
    staff: Staff, file: PartnerFile, door: psycopg.Connection[Any]
) -> None:
    slot = slot_of(staff, given(staff, file))
    ask(door, "slot_open(%s, 'first', 'e')", slot.code_hash)
    ask(door, "slot_step('first', 0, null, null, false)")
    assert ask(door, "slot_open(%s, 'second', 'f')", slot.code_hash)[0][3] == 1
    assert ask(door, "slot_read('first')") == []
    assert ask(door, "slot_step('first', 1, null, null, false)") == [(False,)]
    assert ask(door, "slot_read('second')") != []


def test_a_visit_that_was_left_is_dead_and_the_code_is_not(
    staff: Staff, file: PartnerFile, door: psycopg.Connection[Any]
) -> None:
    slot = slot_of(staff, given(staff, file))
    ask(door, "slot_open(%s, 'v', 'e')", slot.code_hash)
    ask(door, "slot_leave('v')")
    assert ask(door, "slot_read('v')") == []
    assert ask(door, "slot_step('v', 0, null, null, false)") == [(False,)]
    assert ask(door, "slot_open(%s, 'w', 'e')", slot.code_hash) != []


def test_a_visit_that_nobody_touches_for_half_an_hour_is_dead(
    staff: Staff, file: PartnerFile, door: psycopg.Connection[Any]
) -> None:
    made = given(staff, file)
    slot = slot_of(staff, made)
    ask(door, "slot_open(%s, 'v', 'e')", slot.code_hash)
    viewer = staff[Role.PARTNER_WORKER]
    with acting(viewer):
        slot = Slot.objects.visible_to(viewer).get(pk=slot.pk)
        slot.touched_at = timezone.now() - timedelta(minutes=31)
        slot.save(update_fields=["touched_at"])
    assert ask(door, "slot_read('v')") == []
    assert ask(door, "slot_step('v', 0, null, null, false)") == [(False,)]
    assert ask(door, "slot_open(%s, 'w', 'e')", slot.code_hash) != []
