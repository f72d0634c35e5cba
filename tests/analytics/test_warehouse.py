"""An extract as tables of DuckDB: the same columns as in its files, and no way out."""

import duckdb
import pytest

from casewall.analytics.warehouse import Warehouse, columns
from casewall.outcomes.extract import TABLES
from casewall.reporting.parquet import schema
from tests.spec.cohort import client, extract, partner


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_columns_of_its_file(table):
    assert columns(TABLES[table]) == schema(table)


def test_rows_come_out_as_they_went_in():
    people = extract(persons=[client("a", children=2), partner("a")])
    with Warehouse(people) as warehouse:
        found = warehouse.rows("select role, key, children from persons order by role")
        assert found == [("client", "a", 2), ("partner", "a", None)]
        assert warehouse.one("select count(*) from persons where role = ?", "client") == 1


@pytest.mark.parametrize(
    "reach", ["from read_csv('/etc/hostname')", "attach '/tmp/x.db'", "install httpfs"]
)
def test_the_warehouse_reaches_no_file_and_no_network(reach):
    with Warehouse(extract()) as warehouse, pytest.raises(duckdb.Error):
        warehouse.rows(reach)


def test_it_is_closed_after_use():
    with Warehouse(extract()) as warehouse:
        pass
    with pytest.raises(duckdb.Error):
        warehouse.rows("select 1")
