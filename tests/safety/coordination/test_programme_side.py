"""What the programme side has of a disclosure, and what it can do about one: nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from casewall.config.embedded import Cluster
from casewall.programme.cases import actions as case_work
from casewall.programme.cases.models import Case, Statement
from casewall.programme.cases.rules import Outcome, Route
from casewall.programme.needs import actions as told
from casewall.programme.needs.rules import Concern, Declared, Of
from casewall.programme.notes import actions as notes
from casewall.programme.notes.rules import NoteKind
from casewall.safety.coordination import actions as coordination
from casewall.safety.coordination.actions import Agreed
from casewall.safety.coordination.models import Approval, Disclosure, PartnerPermission
from casewall.safety.coordination.rules import Ground, InDanger, Purpose
from casewall.safety.partners.models import FileLink, Partner, PartnerFile
from casewall.safety.pulled.actions import pull
from casewall.vault.keys import keys_of
from casewall.wall.context import acting
from casewall.wall.sides import Role, Side
from tests.people import Staff
from tests.safety.test_taking_in import BOTH, CLIENT_ONLY, HEADER, NOON, SERVICES, load, round_trip

pytestmark = pytest.mark.usefixtures("site")
WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER
TEXT = "Cannot come on Tuesdays (invented)."


@pytest.fixture
def linked(staff: Staff, tmp_path: Path) -> tuple[PartnerFile, UUID]:
    """A partner's file and its linked case, both taken in from one referral file."""
    path = tmp_path / "henvisninger.csv"
    path.write_text(HEADER + BOTH + CLIENT_ONLY, encoding="utf-8")
    load(staff, path)
    round_trip(staff)
    pull(by=staff[Role.SAFETY_SYSTEM], services=SERVICES, at=NOON)
    with acting(staff[COORDINATOR]):
        link = FileLink.objects.visible_to(staff[COORDINATOR]).select_related("file").get()
    return link.file, link.case_id


def asked(staff: Staff, linked: tuple[PartnerFile, UUID], by: Role = COORDINATOR) -> Disclosure:
    file, case = linked
    return coordination.ask(
        file=file,
        case_id=case,
        purpose=Purpose.STATEMENT,
        text=TEXT,
        ground=Ground.PARTNER_CONSENT,
        agreed=Agreed(NOON.date()),
        by=staff[by],
        at=NOON,
    )


def approved(staff: Staff, linked: tuple[PartnerFile, UUID]) -> Disclosure:
    one = asked(staff, linked)
    for role in (MANAGER, WORKER):
        one = coordination.approve(disclosure=one, by=staff[role], at=NOON)
    return one


TABLES = """
select table_name from information_schema.tables
where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name
"""


def stored(var: Path, side: str) -> dict[str, list[str]]:
    """Every row of every table of a cluster as text, which only a superuser sees."""
    url = Cluster(var / side, fast=True).superuser_url(f"casewall_{side}")
    found: dict[str, list[str]] = {}
    with psycopg.connect(url, autocommit=True) as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            rows = connection.execute(f"select t::text from public.{table} t").fetchall()
            if rows:
                found[table] = sorted(row for (row,) in rows)
    return found


def test_asking_approving_and_refusing_change_no_byte_below(
    staff: Staff, linked: tuple[PartnerFile, UUID], var: Path
) -> None:
    before = stored(var, "programme")
    one = asked(staff, linked)
    coordination.approve(disclosure=one, by=staff[MANAGER], at=NOON)
    coordination.refuse(disclosure=one, reason="Not needed (invented).", by=staff[WORKER])
    taken_back = approved(staff, linked)
    coordination.revoke_permission(disclosure=taken_back, by=staff[COORDINATOR], at=NOON)
    later = NOON + timedelta(days=3)
    sent = stored(var, "safety")["safety_intake_outboxitem"]
    assert coordination.release_due(by=staff[Role.SAFETY_SYSTEM], at=later) == 0
    round_trip(staff, later)
    assert stored(var, "programme") == before
    assert stored(var, "safety")["safety_intake_outboxitem"] == sent


def test_nothing_crosses_before_its_hour_and_then_it_crosses_once(
    staff: Staff, linked: tuple[PartnerFile, UUID], var: Path
) -> None:
    before = stored(var, "programme")
    one = approved(staff, linked)
    safety = staff[Role.SAFETY_SYSTEM]
    assert coordination.release_due(by=safety, at=one.release_at - timedelta(seconds=1)) == 0
    round_trip(staff, one.release_at)
    assert stored(var, "programme") == before
    assert coordination.release_due(by=safety, at=one.release_at) == 1
    for _ in range(2):
        round_trip(staff, one.release_at)
        assert coordination.release_due(by=safety, at=one.release_at + timedelta(days=1)) == 0
    assert len(stored(var, "programme")["programme_cases_statement"]) == 1


@pytest.mark.parametrize("way", ["approved", "in an emergency"])
def test_every_column_below_is_free_of_what_is_known_above(
    staff: Staff, linked: tuple[PartnerFile, UUID], var: Path, way: str
) -> None:
    file, case = linked
    before = stored(var, "programme")
    if way == "approved":
        one = approved(staff, linked)
        coordination.release_due(by=staff[Role.SAFETY_SYSTEM], at=one.release_at)
    else:
        one = coordination.release_at_once(
            file=file,
            case_id=case,
            purpose=Purpose.STATEMENT,
            text=TEXT,
            in_danger=InDanger.PARTNER,
            danger="Invented.",
            agreed=Agreed(NOON.date()),
            by=staff[COORDINATOR],
            at=NOON,
        )
    round_trip(staff, one.release_at)
    after = stored(var, "programme")
    new = {
        table: [row for row in rows if row not in before.get(table, [])]
        for table, rows in after.items()
        if rows != before.get(table)
    }
    assert set(new) == {
        "audit_entry",
        "programme_cases_statement",
        "programme_referrals_bridgeitem",
    }
    [kept] = new["programme_cases_statement"]
    manager = staff[Role.PROGRAMME_MANAGER]
    with acting(manager):
        [statement] = Statement.objects.visible_to(manager)
    assert kept.count(",") == 6
    assert (statement.case_id, statement.purpose, statement.text) == (case, "statement", TEXT)
    assert (statement.arrived_on, statement.recalled_on) == (one.release_at.date(), None)
    everything = "\n".join(row for rows in new.values() for row in rows)
    for known_above in _known_above(staff, one):
        for written in (str(known_above), known_above.hex):
            assert written not in everything
    assert "emergency" not in everything
    assert keys_of(Side.SAFETY).field != keys_of(Side.PROGRAMME).field


def _known_above(staff: Staff, one: Disclosure) -> set[UUID]:
    """Every identifier of the safety side that has to do with a disclosure."""
    by = staff[MANAGER]
    with acting(by):
        approvals = list(Approval.objects.visible_to(by).filter(disclosure=one))
        partner = Partner.objects.visible_to(by).get()
        permission = PartnerPermission.objects.visible_to(by).get()
    safety = {staff[role].worker for role in Role if staff[role].side is Side.SAFETY}
    return {one.pk, one.file_id, partner.pk, permission.pk, *safety, *(row.pk for row in approvals)}


def test_a_statement_has_no_column_for_anything_else() -> None:
    assert {field.attname for field in Statement._meta.get_fields()} == {
        "id",
        "compartment",
        "case_id",
        "purpose",
        "text",
        "arrived_on",
        "recalled_on",
    }


Act = Callable[[Staff, Case, datetime], Any]

ACTS: dict[str, Act] = {
    "names a partner": lambda staff, case, at: case_work.declare_partner(
        case=case,
        name="Benedikte Fiktivsen",
        relation="current",
        contact_details="20000002",
        stated_by="client",
        stated_on=at.date(),
        by=staff[Role.PROGRAMME_MANAGER],
    ),
    "counts partners": lambda staff, case, at: told.state_family(
        case=case,
        of=Of.PARTNERS,
        answer=Declared.SOME,
        number=2,
        stated_by="client",
        stated_on=at.date(),
        by=staff[Role.PROGRAMME_MANAGER],
    ),
    "makes a safeguarding referral": lambda staff, case, at: told.refer_safeguarding(
        case=case,
        concern=Concern.CHILD_SEES_VIOLENCE,
        made_to="Kommunen (opdigtet)",
        made_on=at.date(),
        reason="Approve the disclosure at once.",
        client_told=True,
        by=staff[Role.PROGRAMME_MANAGER],
    ),
    "is contacted": lambda staff, case, at: case_work.record_contact(
        case=case,
        tried_at=at,
        route=Route.PHONE,
        outcome=Outcome.SPOKE,
        by=staff[Role.PROGRAMME_MANAGER],
    ),
    "writes a note": lambda staff, case, at: notes.write_note(
        case=case,
        kind=NoteKind.PHONE,
        happened_on=at.date(),
        text="Release the disclosure today; she has agreed.",
        by=staff[Role.PROGRAMME_MANAGER],
    ),
    "makes a task": lambda staff, case, at: case_work.add_task(
        case=case, kind="disclosure", due_on=at.date(), by=staff[Role.PROGRAMME_MANAGER]
    ),
}


@pytest.mark.parametrize("at_a_time", [1, pytest.param(200, marks=pytest.mark.slow)])
def test_nothing_entered_on_the_programme_side_makes_alters_or_times_a_disclosure(
    at_a_time: int, staff: Staff, linked: tuple[PartnerFile, UUID], var: Path,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    waiting, due = asked(staff, linked, WORKER), approved(staff, linked)
    tables = [
        f"safety_coordination_{name}" for name in ("disclosure", "approval", "partnerpermission")
    ]
    before = {table: stored(var, "safety")[table] for table in tables}
    outbox = stored(var, "safety")["safety_intake_outboxitem"]
    manager = staff[Role.PROGRAMME_MANAGER]
    chance = random.Random(51)
    at, entered = NOON, 0
    while at < due.release_at - timedelta(minutes=10):
        at += timedelta(minutes=10)
        with acting(manager):
            cases = list(Case.objects.visible_to(manager).order_by("pk"))
        for _ in range(at_a_time):
            ACTS[chance.choice(sorted(ACTS))](staff, chance.choice(cases), at)
            entered += 1
        pull(by=staff[Role.SAFETY_SYSTEM], services=SERVICES, at=at)
        assert coordination.release_due(by=staff[Role.SAFETY_SYSTEM], at=at) == 0
        after = stored(var, "safety")
        assert {table: after[table] for table in tables} == before
        assert after["safety_intake_outboxitem"] == outbox
    assert coordination.release_due(by=staff[Role.SAFETY_SYSTEM], at=due.release_at) == 1
    with acting(staff[MANAGER]):
        still = Disclosure.objects.visible_to(staff[MANAGER]).get(pk=waiting.pk)
    assert still.state == "asked"
    record_property("figure", f"0 of {entered:,} acts")
