"""X10: an erasure takes every row of a file, in every table there is, and none of another file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps

from casewall.config.clusters import SIDES
from casewall.config.embedded import Cluster
from casewall.staff.actions import compartment_for
from casewall.wall.erasing import ROOTS, Root, _tables_of, plan_of
from casewall.wall.sides import Side
from tests.filling import Filler, every_row, ghosts
from tests.people import SERVICE, Staff

KINDS = [(side, root) for side in Side for root in ROOTS[side]]
AGENCY = {Side.PROGRAMME: "vesterlo-treatment", Side.SAFETY: "lyngholm-shelter"}


@pytest.fixture
def beyond(staff: Staff, var: Path) -> Iterator[Any]:
    """A connection to a side that no row policy holds back, and a filler for it."""
    opened: list[psycopg.Connection[Any]] = []

    def of(side: Side) -> tuple[psycopg.Connection[Any], Filler]:
        url = Cluster(var / side.value).superuser_url(SIDES[side.value].dbname)
        connection = psycopg.connect(url, autocommit=True)
        opened.append(connection)
        where = compartment_for(side=side, service=SERVICE, agency=AGENCY[side])
        return connection, Filler(side, connection, where)

    yield of
    for connection in opened:
        connection.close()


@pytest.mark.parametrize(("side", "root"), KINDS, ids=lambda v: getattr(v, "kind", str(v)))
def test_every_row_of_the_file_goes_and_every_other_stays(
    side: Side, root: Root, beyond: Any
) -> None:
    connection, filler = beyond(side)
    one, other = filler.file(root), filler.file(root)
    before = every_row(connection)
    assert len(one) > 0.9 * (len(one) + len(filler.skipped)), filler.skipped
    row = connection.execute(f"select app.erase_{root.kind}(%s)",
                             [one[apps.get_model(root.model)]]).fetchone()
    after = every_row(connection)
    gone = {str(each) for each in one.values()}
    assert row is not None
    told = {str(each) for each in row[0]}
    assert {(table, each) for table, rows in before.items() for each in rows
            if each in gone - told and not any(table in text for text in root.first)} == set()
    assert ghosts(after, gone) == []
    kept = {str(each) for each in other.values()}
    for table, rows in before.items():
        for identifier, text in rows.items():
            if identifier in kept:
                assert after.get(table, {}).get(identifier) == text, table
    assert kept <= {each for rows in after.values() for each in rows}


@pytest.mark.parametrize(("side", "root"), KINDS, ids=lambda v: getattr(v, "kind", str(v)))
def test_no_table_that_leads_to_the_file_is_left_out(side: Side, root: Root) -> None:
    top, plan = apps.get_model(root.model), plan_of(side, root)
    doomed = {one.table for one in (*plan.doomed, *plan.holder)}
    emptied = {(one.table, one.column) for one in plan.emptied}
    for model in _tables_of(side):
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model is top and model is not top:
                loose = (model._meta.label, field.name) in root.loose
                place = (model._meta.db_table, field.column)
                assert (place in emptied) if loose else (model._meta.db_table in doomed)


def test_a_person_with_another_file_stays(beyond: Any) -> None:
    for side, root in KINDS:
        if not root.holder:
            continue
        connection, filler = beyond(side)
        made = filler.file(root)
        top = apps.get_model(root.model)
        person_model = top._meta.get_field(root.holder).related_model
        second = filler.file(root)
        connection.execute(
            f"update {top._meta.db_table} set {root.holder}_id = %s where id = %s",
            [made[person_model], second[top]])
        connection.execute(f"select app.erase_{root.kind}(%s)", [made[top]])
        table = person_model._meta.db_table
        assert str(made[person_model]) in every_row(connection)[table]
        connection.execute(f"select app.erase_{root.kind}(%s)", [second[top]])
        assert str(made[person_model]) not in every_row(connection).get(table, {})


def test_a_child_of_two_files_stays_with_the_other(beyond: Any) -> None:
    connection, filler = beyond(Side.SAFETY)
    file_root, child_root = ROOTS[Side.SAFETY]
    file, child = filler.file(file_root), filler.file(child_root)
    adult, top = apps.get_model("safety_children.ChildAdult"), apps.get_model(file_root.model)
    referral = apps.get_model("safety_children.ChildSafeguarding")
    connection.execute(f"update {adult._meta.db_table} set on_file_id = %s where id = %s",
                       [file[top], child[adult]])
    connection.execute(f"update {referral._meta.db_table} set on_file_id = %s where id = %s",
                       [file[top], child[referral]])
    connection.execute("select app.erase_partner_file(%s)", [file[top]])
    rows = every_row(connection)
    assert str(child[apps.get_model(child_root.model)]) in rows["safety_children_child"]
    assert str(child[adult]) in rows["safety_children_childadult"]
    assert str(child[referral]) in rows["safety_children_childsafeguarding"]
    assert ghosts(rows, {str(file[top])}) == []
