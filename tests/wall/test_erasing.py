"""Erasing by the database: nobody deletes without two people, and nothing beyond the own side."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from casewall.programme.retention.models import Deletion as OfACase
from casewall.safety.retention.models import Deletion as OfAFile
from casewall.wall import erasing
from casewall.wall.erasing import ERASER, LEDGER, ROOTS, tables_erased_from
from casewall.wall.grants import PREFIX, models_of, statements
from casewall.wall.sides import Role, Side
from tests.people import Staff
from tests.wall.rows import a_case, a_file
from tests.wall.sql import DENIED, EVERY_ROLE, look_as, refused, role

MANAGER = {Side.PROGRAMME: Role.PROGRAMME_MANAGER, Side.SAFETY: Role.SAFETY_MANAGER}
KIND = {Side.PROGRAMME: "case", Side.SAFETY: "partner_file"}
FUNCTIONS = {side: [*(f"erase_{root.kind}" for root in ROOTS[side]), "carry_out"] for side in Side}


def made(side: Side, staff: Staff) -> Any:
    return a_case(staff) if side is Side.PROGRAMME else a_file(staff)


def decided(connection: Any, side: Side, file: Any, by: Any, **columns: Any) -> Any:
    """A row of the ledger as somebody who holds the password of the site could write it."""
    values = {
        "id": uuid4(), "compartment": file.compartment, "service": "intervention-centre",
        "kind": KIND[side], "file_id": file.pk, "file_hash": uuid4(), "ground": "error",
        "keeps_figures": False, "decided_by": uuid4(), "decided_at": "2026-03-02",
        "approved_by": by.worker, "approved_at": "2026-03-02", **columns}
    names = ", ".join(values)
    connection.execute(f"insert into {LEDGER[side]} ({names}) values "
                       f"({', '.join(['%s'] * len(values))})", list(values.values()))
    return values["id"]


@pytest.mark.parametrize("side", Side)
def test_the_site_carries_out_what_two_people_have_decided_and_nothing_else(
    side: Side, staff: Staff, var: Path
) -> None:
    file, manager = made(side, staff), staff[MANAGER[side]]
    wrong: list[dict[str, Any]] = [
        {"decided_by": manager.worker}, {"approved_by": uuid4()}, {"approved_by": None},
        {"file_id": None}, {"done_at": "2026-03-02"}, {"refused_at": "2026-03-02"},
        {"file_id": uuid4()}]
    with role(var, side, "APP") as connection:
        look_as(connection, manager)
        for columns in wrong:
            row = decided(connection, side, file, manager, **columns)
            assert refused(connection, "select app.carry_out(%s)", row) == DENIED, columns
            connection.execute(f"update {LEDGER[side]} set file_id = null where id = %s", [row])
        assert refused(connection, "select app.carry_out(%s)", uuid4()) == DENIED
        row = decided(connection, side, file, manager)
        answer = connection.execute("select app.carry_out(%s)", [row]).fetchone()
        assert answer is not None
        assert file.pk in answer[0]
        left = connection.execute(
            f"select file_id, done_at is not null from {LEDGER[side]} where id = %s",
            [row]).fetchone()
        assert left == (None, True)
        assert refused(connection, "select app.carry_out(%s)", row) == DENIED


@pytest.mark.parametrize("side", Side)
def test_what_is_held_is_not_carried_out(side: Side, staff: Staff, var: Path) -> None:
    file, manager = made(side, staff), staff[MANAGER[side]]
    with role(var, side, "APP") as connection:
        look_as(connection, manager)
        row = decided(connection, side, file, manager)
        connection.execute(
            f"insert into {side.value}_retention_legalhold (id, compartment, kind, file_id, ground,"
            " reason, held_by, held_at, review_on, version) values (gen_random_uuid(), %s, %s, %s,"
            " 'risk', '', gen_random_uuid(), now(), '2036-01-01', 1)",
            [file.compartment, KIND[side], file.pk])
        assert refused(connection, "select app.carry_out(%s)", row) == DENIED


@pytest.mark.parametrize(("side", "word"), EVERY_ROLE)
def test_no_role_erases_without_the_ledger(
    side: Side, word: str, staff: Staff, var: Path
) -> None:
    with role(var, side, word) as connection:
        for root in ROOTS[side]:
            assert refused(connection, f"select app.erase_{root.kind}(%s)", uuid4()) == DENIED
        if word != "APP":
            assert refused(connection, "select app.carry_out(%s)", uuid4()) == DENIED
        assert refused(connection, f"set role {ERASER[side]}") == DENIED


def test_only_the_background_work_forgets_a_case(staff: Staff, var: Path) -> None:
    with role(var, Side.SAFETY, "APP") as connection:
        look_as(connection, staff[Role.SAFETY_MANAGER])
        assert refused(connection, "select app.forget_case(%s, true)", uuid4()) == DENIED
        look_as(connection, staff[Role.SAFETY_SYSTEM])
        assert connection.execute("select app.forget_case(%s, true)", [uuid4()]).fetchone() == \
            ([],)


@pytest.mark.parametrize("side", Side)
def test_the_eraser_owns_its_functions_and_nothing_else(
    side: Side, owner_urls: dict[str, str]
) -> None:
    with psycopg.connect(owner_urls[side.value]) as connection:
        owned = connection.execute(
            "select proname from pg_proc where proowner = %s::regrole order by 1",
            [ERASER[side]]).fetchall()
        tables = connection.execute("select relname from pg_class where relowner = %s::regrole",
                                    [ERASER[side]]).fetchall()
        rights = connection.execute(
            "select distinct c.relname from pg_class c, aclexplode(c.relacl) a where "
            "a.grantee = %s::regrole", [ERASER[side]]).fetchall()
        may_not = connection.execute(
            "select c.relname from pg_class c, aclexplode(c.relacl) a where a.grantee = "
            "%s::regrole and a.privilege_type not in ('SELECT', 'DELETE', 'UPDATE')",
            [ERASER[side]]).fetchall()
    extra = ["forget_case"] if side is Side.SAFETY else []
    assert [name for (name,) in owned] == sorted([*FUNCTIONS[side], *extra])
    assert (tables, may_not) == ([], [])
    assert {name for (name,) in rights} == tables_erased_from(side)


@pytest.mark.parametrize("side", Side)
def test_each_side_s_functions_name_tables_of_that_side_only(side: Side) -> None:
    own = {model._meta.db_table for model in models_of(side)}
    text = statements(side).partition("-- erasing a file")[2]
    named = set(re.findall(r"public\.(\w+)", text))
    assert named
    assert named <= own
    assert tables_erased_from(side) <= own
    assert f"{PREFIX[side]}_app;" in text


def test_the_ledger_keeps_no_identifier_of_a_person_and_no_words() -> None:
    for model in (OfACase, OfAFile):
        assert not [field.name for field in model._meta.local_fields
                    if getattr(field, "is_encrypted", False)]
    assert set(LEDGER.values()) == {OfACase._meta.db_table, OfAFile._meta.db_table}
    assert erasing.ALWAYS_KEPT
