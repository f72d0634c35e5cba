"""What the reporting role may read: coded columns, and nothing that is about a person."""

from __future__ import annotations

import os

import psycopg
import pytest
from django.apps import apps

from casewall.wall.grants import REPORT_RIGHTS, models_of
from casewall.wall.labels import REPORTABLE
from casewall.wall.models import ArrivalModel
from casewall.wall.sides import Side
from tests.people import Staff
from tests.reporting.people import small_cohort

SIDES = pytest.mark.parametrize("side", list(Side))
SHARED_ALLOWED = {("staff_service", "code"), ("staff_worker", "role"), ("staff_worker", "invented")}


def connect(side: Side) -> psycopg.Connection:
    return psycopg.connect(os.environ[f"CASEWALL_{side.upper()}_REPORT_URL"], autocommit=True)


def may_read(connection: psycopg.Connection, table: str, column: str) -> bool:
    try:
        connection.execute(f'select "{column}" from {table} limit 1')
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


@SIDES
def test_every_column_is_readable_exactly_as_its_label_says(side: Side) -> None:
    with connect(side) as connection:
        for model in models_of(side):
            labels, arrival = model.labels(), issubclass(model, ArrivalModel)
            for field in model._meta.local_fields:
                allowed = labels[field.name] in REPORTABLE and not arrival
                found = may_read(connection, model._meta.db_table, field.column)
                assert found is allowed, f"{model._meta.db_table}.{field.column}"


@SIDES
def test_of_shared_tables_only_the_listed_columns_are_readable(side: Side) -> None:
    assert set(REPORT_RIGHTS) == {table for table, _ in SHARED_ALLOWED}
    with connect(side) as connection:
        for label in ("staff", "audit", "sessions", "account", "mfa", "auth", "contenttypes"):
            for model in apps.get_app_config(label).get_models(include_auto_created=True):
                for field in model._meta.local_fields:
                    pair = (model._meta.db_table, field.column)
                    assert may_read(connection, *pair) is (pair in SHARED_ALLOWED), pair


@SIDES
def test_reporting_sees_rows_of_every_compartment_and_changes_none(
        side: Side, staff: Staff) -> None:
    small_cohort(staff)
    table = {Side.PROGRAMME: "programme_cases_case", Side.SAFETY: "safety_partners_partnerfile"}
    with connect(side) as connection:
        assert connection.execute(f"select count(id) from {table[side]}").fetchone() == (4,)
        for statement in (f"update {table[side]} set contact = 'engaged'",
                          f"delete from {table[side]}",
                          f"insert into {table[side]} (id) values (gen_random_uuid())",
                          "create table public.taken as select 1",
                          "select app.door_append(gen_random_uuid(), '')",
                          "select inner_pad from priv.pads"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
