"""An extract as tables of an in-memory DuckDB database."""

# ruff: noqa: S608 - values are always marks; the names in the text are of this package.

from dataclasses import fields
from datetime import date
from types import TracebackType
from typing import Any, get_args

import duckdb
import pyarrow as pa

from casewall.outcomes.extract import AT_THE_CENTRE, FURTHEST_LAST, TABLES, Extract, to_rows

_TYPES = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    date: pa.date32(),
}

_AROUND = f"""
create view referrals as
    select *, list_position({list(FURTHEST_LAST)}, contact) as furthest from persons;
create table linked as
    select 'client' as role, client_key as key, 'partner' as other_role, partner_key as other_key
    from links
    union all
    select 'partner', partner_key, 'client', client_key from links;
create table at_the_centre as
    select distinct l.role, l.key from linked l
    join persons o on o.role = l.other_role and o.key = l.other_key
    where o.contact = '{AT_THE_CENTRE}';
create table minutes as
    select client_key, sum(minutes_attended)::bigint as attended from attendance group by all;
"""


class Warehouse:
    """The tables of an extract in DuckDB, for as long as the ``with`` block lasts.

    Beside the tables of the extract there are ``referrals`` (persons with the rank of their
    contact), ``linked`` and ``at_the_centre`` (who is linked to whom), and ``minutes`` attended
    by client. The database has no access to files or to the network.
    """

    def __init__(self, extract: Extract) -> None:
        self.extract = extract
        self._database = duckdb.connect(
            ":memory:", config={"enable_external_access": "false", "threads": "1"}
        )
        rows = to_rows(extract)
        for table, row_type in TABLES.items():
            arrow = pa.Table.from_pylist(rows[table], schema=columns(row_type))
            self._database.register("incoming", arrow)
            self._database.execute(f'create table "{table}" as select * from incoming')
            self._database.unregister("incoming")
        self._database.execute(_AROUND)

    def __enter__(self) -> "Warehouse":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def do(self, sql: str, values: list[Any]) -> None:
        """Run a statement whose marks ``?`` stand for the values."""
        self._database.execute(sql, values)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._database.execute(sql, list(values)).fetchall()

    def one(self, sql: str, *values: Any) -> Any:
        """The single value of a query that has one row and one column."""
        [[value]] = self.rows(sql, *values)
        return value


def columns(row_type: type) -> pa.Schema:
    """The columns of a table of the extract, in DuckDB's and Parquet's types."""
    return pa.schema([_column(field.name, field.type) for field in fields(row_type)])


def _column(name: str, kind: Any) -> pa.Field:
    """A closed list of texts is a text; a type that may be absent is nullable."""
    parts = get_args(kind)
    if parts:
        kind = str if isinstance(parts[0], str) else parts[0]
    return pa.field(name, _TYPES[kind], nullable=type(None) in parts)
