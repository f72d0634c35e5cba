"""A row that names somebody whom the viewer is kept away from looks absent, in every table.

Each table gets one row that belongs to an invented file, straight into the cluster, so that a
table that is added tomorrow is tried as well. Whoever sees everything of a side sees all of them,
and none any more once kept away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from casewall.config.clusters import SIDES
from casewall.config.embedded import Cluster
from casewall.drafts.models import DraftRecord
from casewall.programme.cases.models import Case, Client
from casewall.programme.courses.models import CriterionRating
from casewall.safety.children.models import Child
from casewall.safety.partners.models import Partner, PartnerFile
from casewall.safety.pulled.models import PulledCase
from casewall.staff.actions import compartment_for
from casewall.wall.away import identifier_paths
from casewall.wall.context import acting
from casewall.wall.grants import models_of
from casewall.wall.models import ArrivalModel
from casewall.wall.sides import Role, Side, Viewer
from tests.people import SERVICE, Staff

SEES_ALL = {Side.PROGRAMME: Role.PROGRAMME_MANAGER, Side.SAFETY: Role.SAFETY_MANAGER}
AGENCY = {Side.PROGRAMME: "vesterlo-treatment", Side.SAFETY: "lyngholm-shelter"}
ROOTS = {Side.PROGRAMME: (Client, Case), Side.SAFETY: (Partner, PartnerFile, Child, PulledCase)}
"""Whom, and which files, an exclusion is about."""
BY_NAME = {
    Side.PROGRAMME: {"case_id": Case, "client_id": Client, "person": Client, "file": Case,
                     "file_id": Case, "person_id": Client},
    Side.SAFETY: {"case_id": PulledCase, "other_case_id": PulledCase, "file_id": PartnerFile,
                  "partner_file_id": PartnerFile, "child_id": Child, "thing_id": PartnerFile,
                  "person": Partner, "person_id": Partner, "file": PartnerFile,
                  "subject_id": PartnerFile},
}  # fmt: skip
"""What a column names that is no relation."""


def tables(side: Side) -> list[Any]:
    return [model for model in models_of(side) if not issubclass(model, ArrivalModel)]


def about_somebody(model: Any, side: Side) -> bool:
    """Whether a row of the model names a file or a person of its side."""
    names = BY_NAME[side]
    return model in ROOTS[side] or any(
        _leads_to(model, path, side) or path.split("__")[-1] in names
        for path in identifier_paths(model))


def _leads_to(model: Any, path: str, side: Side) -> bool:
    for part in path.split("__"):
        field = next(f for f in model._meta.concrete_fields if part in (f.name, f.attname))
        if field.is_relation:
            model = field.related_model
            if model in ROOTS[side]:
                return True
    return False


@pytest.fixture
def filled(staff: Staff, var: Any) -> Iterator[dict[Side, dict[Any, UUID]]]:
    """One row in each table of both sides, all of them about the same people."""
    made = {side: {model: uuid4() for model in tables(side)} for side in Side}
    for side in Side:
        place = compartment_for(side=side, service=SERVICE, agency=AGENCY[side])
        with as_superuser(var, side) as connection:
            for model in tables(side):
                rules = without_rules(connection, model._meta.db_table)
                _insert(connection, model, made[side], side, place, staff[SEES_ALL[side]])
                for name, definition in rules:
                    run(connection, "alter table {} add constraint {} " + definition
                        + " not valid", model._meta.db_table, name)
    yield made
    for side in Side:
        with as_superuser(var, side) as connection:
            for model in tables(side):
                table = model._meta.db_table
                run(connection, "delete from {}", table)
                for name, _ in rules_of(connection, table):
                    run(connection, "alter table {} validate constraint {}", table, name)


@contextmanager
def as_superuser(var: Any, side: Side) -> Iterator[Any]:
    """A connection that no policy and no relation stops."""
    url = Cluster(var / side.value).superuser_url(SIDES[side.value].dbname)
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        yield connection


def run(connection: Any, statement: str, *names: str, values: Any = ()) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)), values)


def rules_of(connection: Any, table: str) -> list[tuple[str, str]]:
    """The rules of a table about the content of its rows."""
    return connection.execute(
        "select conname, replace(pg_get_constraintdef(oid), ' NOT VALID', '') "
        "from pg_constraint where contype = 'c' and conrelid = %s::regclass", [table]).fetchall()


def without_rules(connection: Any, table: str) -> list[tuple[str, str]]:
    """Take the rules away, since the content is no matter here, and return them."""
    found = rules_of(connection, table)
    for name, _ in found:
        run(connection, "alter table {} drop constraint {}", table, name)
    return found


def _insert(connection: Any, model: Any, ids: dict[Any, UUID], side: Side, place: int,
            viewer: Viewer) -> None:
    table = model._meta.db_table
    kinds = dict(connection.execute(
        "select column_name, data_type from information_schema.columns "
        "where table_name = %s and table_schema = 'public'", [table]).fetchall())
    values = {}
    for field in model._meta.concrete_fields:
        if field.primary_key:
            value: Any = ids[model]
        elif field.is_relation:
            value = ids[field.related_model]
        elif field.name in BY_NAME[side] and kinds[field.column] == "uuid":
            value = ids[BY_NAME[side][field.name]]
        elif field.name == "compartment":
            value = place
        elif field.name == "worker" and issubclass(model, DraftRecord):
            value = viewer.worker
        else:
            value = _value(field, kinds[field.column])
        values[field.column] = value
    columns = ", ".join(["{}"] * len(values))
    marks = ", ".join(["%s"] * len(values))
    run(connection, f"insert into {{}} ({columns}) values ({marks})", table, *values,
        values=list(values.values()))


def _value(field: Any, kind: str) -> Any:
    if field.null:
        return None
    plain = {"uuid": uuid4(), "boolean": False, "bytea": b"", "date": "2036-03-04",
             "timestamp with time zone": "2036-03-04T12:00:00Z", "jsonb": "{}", "numeric": 1,
             "time without time zone": "12:00", "double precision": 1}
    if kind in plain:
        return plain[kind]
    return 1 if "int" in kind else "x"


def counts(viewer: Viewer, models: list[Any]) -> dict[Any, int]:
    with acting(viewer):
        return {model: model.objects.visible_to(viewer).count() for model in models}


@pytest.mark.parametrize("side", Side)
def test_nothing_that_names_an_excluded_file_is_seen_in_any_table(
    side: Side, staff: Staff, filled: dict[Side, dict[Any, UUID]]
) -> None:
    viewer, ids = staff[SEES_ALL[side]], filled[side]
    kept_away = replace(viewer, excluded=frozenset(ids[model] for model in ROOTS[side]))
    before, after = counts(viewer, tables(side)), counts(kept_away, tables(side))
    seen = {model for model in before if before[model]}
    assert seen >= set(ROOTS[side])
    assert len(seen) > len(tables(side)) * 2 // 3
    for model in tables(side):
        if about_somebody(model, side) and not issubclass(model, DraftRecord):
            assert after[model] == 0, model._meta.label
    # What is about nobody stays: rooms, texts, templates.
    assert [model for model in seen if after[model]]


@pytest.mark.parametrize("side", Side)
def test_each_kind_of_exclusion_alone_hides_what_belongs_to_it(
    side: Side, staff: Staff, filled: dict[Side, dict[Any, UUID]]
) -> None:
    viewer, ids = staff[SEES_ALL[side]], filled[side]
    for root in ROOTS[side]:
        kept_away = replace(viewer, excluded=frozenset({ids[root]}))
        after = counts(kept_away, tables(side))
        assert after[root] == 0
        for model in tables(side):
            relations = [f for f in model._meta.concrete_fields
                         if f.is_relation and f.related_model is root]
            if relations:
                assert after[model] == 0, (root, model)


def test_the_walk_finds_direct_and_further_identifiers_and_no_worker() -> None:
    paths = identifier_paths(CriterionRating)
    assert {"id", "case_id", "case__client_id", "review__case_id"} <= set(paths)
    assert not [path for path in paths if path.endswith(("worker", "_by"))]


def test_another_identifier_hides_nothing(
    staff: Staff, filled: dict[Side, dict[Any, UUID]]
) -> None:
    for side in Side:
        viewer = staff[SEES_ALL[side]]
        other = replace(viewer, excluded=frozenset({uuid4()}))
        assert counts(viewer, tables(side)) == counts(other, tables(side))
