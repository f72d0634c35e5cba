"""What PostgreSQL itself refuses, to whoever holds the password of a site's database role."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings

from casewall.config.clusters import SIDES
from casewall.safety.partners.models import PartnerFile
from casewall.staff.actions import compartment_for
from casewall.wall.context import CONTEXT_SECONDS, acting, signed_context
from casewall.wall.flows import bridge_kinds, flow_views
from casewall.wall.grants import models_of
from casewall.wall.sides import Role, Side, Viewer
from tests.people import SERVICE, Staff
from tests.wall.rows import a_case, a_file
from tests.wall.sql import DENIED, EVERY_ROLE, look_as, refused, role

TABLES = {side: [model._meta.db_table for model in models_of(side)] for side in Side}
EVERY_TABLE = [(side, table) for side in Side for table in TABLES[side]]


# --- no context, no rows (A6) --------------------------------------------------------------------


@pytest.mark.parametrize("side", Side)
def test_without_a_context_every_table_is_empty_and_nothing_is_an_error(
    side: Side, staff: Staff, var: Path
) -> None:
    a_case(staff)
    a_file(staff)
    with role(var, side, "APP") as app:
        for table in TABLES[side]:
            assert app.execute(f"select count(*) from {table}").fetchone() == (0,), table
        look_as(app, staff[Role.PROGRAMME_MANAGER if side is Side.PROGRAMME
                           else Role.COORDINATOR])
        full = [table for table in TABLES[side]
                if app.execute(f"select count(*) from {table}").fetchone() != (0,)]
    assert len(full) >= 3


def test_a_context_ends_with_its_transaction(staff: Staff, var: Path) -> None:
    a_case(staff)
    with role(var, Side.PROGRAMME, "APP") as app:
        look_as(app, staff[Role.PROGRAMME_MANAGER])
        assert app.execute("select count(*) from programme_cases_case").fetchone() == (1,)
        app.commit()
        assert app.execute("select count(*) from programme_cases_case").fetchone() == (0,)


# --- a context that nobody signed ----------------------------------------------------------------


def forgeries(viewer: Viewer, other: Viewer) -> dict[str, str]:
    """Words that are not what a site signs."""
    key = settings.CASEWALL_CONTEXT_KEYS[viewer.side.value]
    good = signed_context(viewer, key)
    worker, expiry, mac = good.split(".")
    return {
        "another worker under this signature": f"{other.worker}.{expiry}.{mac}",
        "a later expiry under this signature": f"{worker}.{int(expiry) + 1}.{mac}",
        "another key": signed_context(viewer, bytes(32)),
        "the key of the other side": signed_context(
            viewer, settings.CASEWALL_CONTEXT_KEYS[
                "safety" if viewer.side is Side.PROGRAMME else "programme"]),
        "expired": signed_context(viewer, key, now=time.time() - CONTEXT_SECONDS - 1),
        "no signature": f"{worker}.{expiry}",
        "an empty signature": f"{worker}.{expiry}.",
        "a fourth part": f"{good}.x",
        "only a worker": worker,
        "dots": "..",
        "not a worker": f"everybody.{expiry}.{mac}",
        "a quote": "'; select 1; --",
    }


NAMES = list(forgeries(*(Viewer(uuid4(), "", Role.FACILITATOR, ""),) * 2)
             if settings.configured else ())


@pytest.mark.parametrize("forgery", NAMES)
@pytest.mark.parametrize("side", Side)
def test_a_forged_or_expired_context_is_refused(
    side: Side, forgery: str, staff: Staff, var: Path
) -> None:
    viewer, other = ((staff[Role.FACILITATOR], staff[Role.PROGRAMME_MANAGER])
                     if side is Side.PROGRAMME
                     else (staff[Role.PARTNER_WORKER], staff[Role.SAFETY_MANAGER]))
    row = a_case(staff) if side is Side.PROGRAMME else a_file(staff)
    table = row._meta.db_table
    with role(var, side, "APP") as app:
        app.execute("select set_config('app.ctx', %s, true)", [forgeries(viewer, other)[forgery]])
        for statement in ("select app.worker()", "select app.my_compartments()",
                          f"select count(*) from {table}", f"update {table} set version = 9",
                          f"insert into {table} select * from {table}"):
            assert refused(app, statement) == DENIED, statement


def test_a_worker_who_left_sees_nothing_even_with_a_context_from_before(
    staff: Staff, var: Path, owner_urls: dict[str, str]
) -> None:
    a_case(staff)
    manager = staff[Role.PROGRAMME_MANAGER]
    count = "select count(*) from programme_cases_case"
    with psycopg.connect(owner_urls["programme"], autocommit=True) as owner:
        switch = "update staff_worker set is_active = %s where id = %s"
        owner.execute(switch, [False, manager.worker])
        try:
            with role(var, Side.PROGRAMME, "APP") as app:
                look_as(app, manager)
                assert app.execute(count).fetchone() == (0,)
        finally:
            owner.execute(switch, [True, manager.worker])


# --- other people's compartments -----------------------------------------------------------------


@pytest.fixture
def two_files(staff: Staff) -> tuple[PartnerFile, PartnerFile]:
    """A file of the shelter, and one of the coordination office."""
    return a_file(staff), a_file(staff, agency="coordination-office")


def test_a_worker_sees_the_own_agency_only_whatever_is_asked(
    staff: Staff, var: Path, two_files: tuple[PartnerFile, PartnerFile]
) -> None:
    own, foreign = two_files
    assert own.compartment != foreign.compartment
    with role(var, Side.SAFETY, "APP") as app:
        look_as(app, staff[Role.PARTNER_WORKER])
        for table in TABLES[Side.SAFETY]:
            if table == "safety_intake_doorentry":
                continue
            rows = app.execute(f"select distinct compartment from {table}").fetchall()
            assert rows in ([], [(own.compartment,)])
        hidden = "select id from safety_partners_partnerfile where id = %s"
        assert app.execute(hidden, [foreign.pk]).fetchall() == []
        assert app.execute(hidden, [own.pk]).fetchall() == [(own.pk,)]
        look_as(app, staff[Role.COORDINATOR])
        assert app.execute(hidden, [foreign.pk]).fetchall() == [(foreign.pk,)]


def test_nothing_is_written_into_or_moved_to_a_foreign_compartment(
    staff: Staff, var: Path, two_files: tuple[PartnerFile, PartnerFile]
) -> None:
    own, foreign = two_files
    file = "safety_partners_partnerfile"
    with role(var, Side.SAFETY, "APP") as app:
        look_as(app, staff[Role.PARTNER_WORKER])
        task = ("insert into safety_partners_partnertask (id, compartment, file_id, kind, due_on)"
                " values (gen_random_uuid(), %s, %s, 'call', '2026-03-03')")
        assert refused(app, task, own.compartment, own.pk) == ""
        assert refused(app, task, foreign.compartment, own.pk) == DENIED
        assert refused(app, task, foreign.compartment, foreign.pk) == DENIED
        assert refused(app, task, 999, own.pk) == DENIED
        move = f"update {file} set compartment = %s where id = %s"
        assert refused(app, move, foreign.compartment, own.pk) == DENIED
        # A hidden row is not refused: it is not there, like any row that never was.
        for absent in (foreign.pk, uuid4()):
            assert app.execute(move, [own.compartment, absent]).rowcount == 0
            assert app.execute(f"update {file} set note = '' where id = %s",
                               [absent]).rowcount == 0
        upsert = (f"insert into {file} select * from {file} where id = %s on conflict (id) "
                  "do update set compartment = %s")
        assert refused(app, upsert, own.pk, foreign.compartment) == DENIED


def test_only_the_system_account_opens_an_inbox(staff: Staff, var: Path) -> None:
    item = uuid4()
    with psycopg.connect(**_as(var, Side.PROGRAMME, "BRIDGE")) as bridge:
        bridge.execute("select app.bridge_append(%s, 'disclosure', 'x')", [item])
    for person in (Role.PROGRAMME_MANAGER, Role.PROGRAMME_ADMINISTRATOR, Role.FACILITATOR):
        with role(var, Side.PROGRAMME, "APP") as app:
            look_as(app, staff[person])
            assert app.execute("select * from programme_referrals_bridgeitem").fetchall() == []
            done = app.execute("update programme_referrals_bridgeitem set outcome = 'gone'")
            assert done.rowcount == 0
    with role(var, Side.PROGRAMME, "APP") as app:
        look_as(app, staff[Role.PROGRAMME_SYSTEM])
        assert app.execute("select id from programme_referrals_bridgeitem").fetchall() == [(item,)]
        assert refused(app, "update programme_referrals_bridgeitem set kind = 'recall'") == DENIED
        assert refused(app, "insert into programme_referrals_bridgeitem (id, kind, payload, "
                            "outcome) values (gen_random_uuid(), 'disclosure', 'x', '')") == DENIED
        assert refused(app, "delete from programme_referrals_bridgeitem") == DENIED


def _as(var: Path, side: Side, word: str) -> dict[str, Any]:
    from casewall.config.clusters import role_url

    return {"conninfo": role_url(side.value, word, var), "autocommit": True}


def test_the_compartments_of_the_service_are_numbered_on_each_side(staff: Staff) -> None:
    assert compartment_for(side=Side.SAFETY, service=SERVICE, agency="coordination-office") != (
        compartment_for(side=Side.SAFETY, service=SERVICE, agency="lyngholm-shelter"))
    with pytest.raises(LookupError, match="is not set up on the programme side"):
        compartment_for(side=Side.PROGRAMME, service="no-such-service")


# --- ways round ----------------------------------------------------------------------------------

FORBIDDEN = {
    "a temporary table": "create temp table t (x int)",
    "a table": "create table t (x int)",
    "a table in app": "create table app.t (x int)",
    "a schema": "create schema s",
    "a function": "create function f() returns int language sql as 'select 1'",
    "a temporary function": "create function pg_temp.f() returns int language sql as 'select 1'",
    "an extension": "create extension if not exists pg_trgm",
    "a role": "create role somebody superuser",
    "its own attributes": "alter role current_user bypassrls",
    "a database": "create database d",
    "copy to a program": "copy (select 1) to program 'true'",
    "copy from a program": "copy staff_agency from program 'true'",
    "copy to a file": "copy (select 1) to '/tmp/casewall-test'",
    "a server file": "select pg_read_file('/etc/hostname')",
    "a server folder": "select pg_ls_dir('.')",
    "a file as a large object": "select lo_import('/etc/hostname')",
    "the keys of the context": "select * from priv.pads",
    "passwords of roles": "select * from pg_authid",
    "a setting of the server": "alter system set log_statement = 'all'",
    "a superuser's setting": "set session_replication_role = 'replica'",
    "a library": "load 'plpgsql_check'",
    "a comment": "comment on table staff_agency is 'word'",
    "a lock on accounts": "begin; lock table staff_worker in access exclusive mode",
    "maintenance": "reindex table staff_agency",
}


@pytest.mark.parametrize("what", FORBIDDEN)
@pytest.mark.parametrize(("side", "word"), EVERY_ROLE, ids=str)
def test_a_role_is_refused(side: Side, word: str, what: str, var: Path) -> None:
    with psycopg.connect(**_as(var, side, word)) as connection:
        state = _state(connection, FORBIDDEN[what])
    assert state in (DENIED, "58P01" if what == "a library" else DENIED, "3F000")


def _state(connection: psycopg.Connection[Any], statement: str) -> str:
    try:
        connection.execute(statement)
    except psycopg.Error as error:
        return error.sqlstate or "unknown"
    return "done"


@pytest.mark.parametrize(("side", "word"), EVERY_ROLE, ids=str)
def test_a_role_becomes_no_other_role(side: Side, word: str, var: Path) -> None:
    names = SIDES[side.value]
    with psycopg.connect(**_as(var, side, word)) as connection:
        superuser = connection.execute(
            "select rolname from pg_roles where rolsuper limit 1").fetchone()[0]
        others = [*names.roles.values(), *names.locked_roles, superuser]
        for other in others:
            if other == names.roles[word]:
                continue
            assert _state(connection, f'set role "{other}"') == DENIED
            assert _state(connection, f'set session authorization "{other}"') == DENIED
            assert _state(connection, f'grant "{other}" to current_user') in (DENIED, "42601")


@pytest.mark.parametrize(("side", "table"), EVERY_TABLE, ids=str)
def test_no_policy_is_switched_off_or_stepped_over(
    side: Side, table: str, staff: Staff, var: Path
) -> None:
    viewer = staff[Role.PROGRAMME_MANAGER if side is Side.PROGRAMME else Role.COORDINATOR]
    with role(var, side, "APP") as app:
        look_as(app, viewer)
        for statement in (
            f"truncate {table}",
            f"alter table {table} disable row level security",
            f"alter table {table} no force row level security",
            f"drop policy wall on {table}",
            f"create policy more on {table} using (true)",
            f"create index on {table} (id)",
            f"drop table {table}",
            f"alter table {table} owner to current_user",
            f"create rule r as on insert to {table} do also select 1",
            f"create trigger t before insert on {table} execute function app.is_system()",
        ):
            assert refused(app, statement) == DENIED, statement
        with app.transaction(force_rollback=True):
            app.execute("set local row_security = off")
            assert refused(app, f"select count(*) from {table}") == DENIED


# --- the narrow roles at work --------------------------------------------------------------------


def test_the_bridge_takes_a_kind_of_the_table_once_and_tells_nothing(
    staff: Staff, var: Path, owner_urls: dict[str, str]
) -> None:
    first, second = uuid4(), uuid4()
    with psycopg.connect(**_as(var, Side.PROGRAMME, "BRIDGE")) as bridge:
        append = "select app.bridge_append(%s, %s, %s)"
        answers = {bridge.execute(append, [item, kind, text]).fetchone()
                   for item, kind, text in [
                       (first, "disclosure", b"first"), (first, "recall", b"again"),
                       (second, "referral_part", b"other"), (first, "disclosure", b"first")]}
        assert answers == {("",)}
        for kind in ("engagement", "", "DISCLOSURE", "attendance", "referral"):
            assert kind not in bridge_kinds()
            with pytest.raises(psycopg.DataError, match="this kind does not cross"):
                bridge.execute(append, [uuid4(), kind, b"x"])
        for table in TABLES[Side.PROGRAMME]:
            assert _state(bridge, f"select 1 from {table}") == DENIED
            assert _state(bridge, f"insert into {table} default values") == DENIED
        for call in ("app.worker()", "app.my_compartments()", "app.is_system()",
                     "app.door_append(gen_random_uuid(), 'x')"):
            assert _state(bridge, f"select {call}") == DENIED
    with role(var, Side.PROGRAMME, "APP") as app:
        look_as(app, staff[Role.PROGRAMME_SYSTEM])
        rows = app.execute("select id, kind, payload, applied_on, outcome "
                           "from programme_referrals_bridgeitem order by kind").fetchall()
    assert rows == [(first, "disclosure", b"first", None, ""),
                    (second, "referral_part", b"other", None, "")]


@pytest.mark.parametrize(("side", "table"), [
    (Side.PROGRAMME, "programme_referrals_doorentry"), (Side.SAFETY, "safety_intake_doorentry")])
def test_the_door_appends_and_reads_nothing(
    side: Side, table: str, staff: Staff, var: Path
) -> None:
    entry = uuid4()
    with psycopg.connect(**_as(var, side, "DOOR")) as door:
        for sealed in (b"box", b"box that came again"):
            answer = door.execute("select app.door_append(%s, %s)", [entry, sealed]).fetchone()
            assert answer == ("",)
        for name in TABLES[side]:
            assert _state(door, f"select 1 from {name}") == DENIED
            assert _state(door, f"insert into {name} default values") == DENIED
        for call in ("app.worker()", "app.my_compartments()", "app.is_system()"):
            assert _state(door, f"select {call}") == DENIED
    with role(var, side, "APP") as app:
        look_as(app, staff[Role.PROGRAMME_SYSTEM if side is Side.PROGRAMME
                           else Role.SAFETY_SYSTEM])
        assert app.execute(f"select id, sealed from {table}").fetchall() == [(entry, b"box")]


def test_the_flow_role_reads_every_case_and_only_through_the_views(
    staff: Staff, var: Path
) -> None:
    case = a_case(staff)
    with psycopg.connect(**_as(var, Side.PROGRAMME, "FLOW")) as flow:
        seen = flow.execute("select id from flow.flow_case").fetchall()
        assert seen == [(case.pk,)]
        for view in flow_views():
            for statement in (f"insert into flow.{view.name} (id) values (gen_random_uuid())",
                              f"update flow.{view.name} set version = 9",
                              f"delete from flow.{view.name}",
                              f"select compartment from flow.{view.name}",
                              f"select count(*) from public.{view.table}"):
                assert _state(flow, statement) in (DENIED, "42703"), statement
        for table in TABLES[Side.PROGRAMME]:
            assert _state(flow, f"select 1 from public.{table}") == DENIED
        assert _state(flow, "select app.bridge_append(gen_random_uuid(), 'disclosure', 'x')") == (
            DENIED)


@pytest.mark.parametrize(("side", "table", "hidden"), [
    (Side.PROGRAMME, "programme_cases_client", "family_name"),
    (Side.PROGRAMME, "programme_cases_case", "text_for_file"),
    (Side.PROGRAMME, "programme_cases_clienttoken", "token"),
    (Side.SAFETY, "safety_partners_partner", "phone"),
    (Side.SAFETY, "safety_partners_safecontact", "code_word"),
    (Side.SAFETY, "safety_partners_scaleanswer", "answers"),
    (Side.SAFETY, "safety_partners_partnertoken", "token"),
])
def test_the_report_role_counts_people_and_cannot_name_them(
    side: Side, table: str, hidden: str, staff: Staff, var: Path
) -> None:
    a_case(staff)
    a_file(staff)
    with psycopg.connect(**_as(var, side, "REPORT")) as report:
        assert report.execute(f"select count(id) from {table}").fetchone() is not None
        for statement in (f"select {hidden} from {table}", f"select * from {table}",
                          f"select count({hidden}) from {table}",
                          f"select 1 from {table} where {hidden} is not null",
                          f"select {table} from {table}", f"delete from {table}",
                          f"update {table} set {hidden} = {hidden}",
                          f"select id from {table} for update"):
            assert _state(report, statement) == DENIED, statement
        assert _state(report, "select email from staff_worker") == DENIED
        assert _state(report, "select * from audit_entry") == DENIED


# --- the context in Python -----------------------------------------------------------------------


def seen_as(alias: str) -> UUID | None:
    from django.db import connections

    with connections[alias].cursor() as cursor:
        cursor.execute("select app.worker()")
        return cursor.fetchone()[0]


def test_after_a_block_the_outer_worker_looks_again(staff: Staff) -> None:
    outer, inner = staff[Role.FACILITATOR], staff[Role.PROGRAMME_SYSTEM]
    with acting(outer):
        with acting(inner):
            assert seen_as("programme") == inner.worker
        assert seen_as("programme") == outer.worker
        with acting(outer):
            assert seen_as("programme") == outer.worker
        with pytest.raises(ZeroDivisionError), acting(inner):
            raise ZeroDivisionError
        assert seen_as("programme") == outer.worker
    assert seen_as("programme") is None


def test_a_plain_transaction_that_named_nobody_names_nobody_afterwards(staff: Staff) -> None:
    from django.db import transaction

    with transaction.atomic(using="programme"):
        with acting(staff[Role.FACILITATOR]):
            assert seen_as("programme") == staff[Role.FACILITATOR].worker
        assert seen_as("programme") is None


def test_a_block_that_was_told_to_undo_itself_ends_quietly(staff: Staff) -> None:
    from django.db import transaction

    with acting(staff[Role.FACILITATOR]):
        with acting(staff[Role.PROGRAMME_SYSTEM]):
            transaction.set_rollback(True, using="programme")
        assert seen_as("programme") == staff[Role.FACILITATOR].worker
