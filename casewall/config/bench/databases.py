"""Throwaway databases: one filled for each size, and copies without policies or encryption.

All lie in one programme cluster, so that every variant is answered by the same server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from psycopg import sql

from casewall.config.bench.names import MEASURED
from casewall.config.cli import environment_of
from casewall.config.clusters import SIDES, clean_environment, ensure_roles, role_url, side_keys
from casewall.config.embedded import Cluster
from casewall.vault.cipher import unlock

SIDE: Final = "programme"
EMPTY = SIDES[SIDE].dbname
"""The database that is migrated and holds the accounts; the others are made from it."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the pages about one thing show, the same at every size as far as possible."""

    case: UUID
    session: UUID


def environment(var: Path, static: Path, dbname: str = EMPTY) -> dict[str, str]:
    """The environment of a programme site on one of these databases."""
    return {
        **environment_of(SIDE, var, clean_environment()),
        "CASEWALL_STATIC_ROOT": str(static),
        "CASEWALL_PROGRAMME_APP_URL": role_url(SIDE, "APP", var, dbname=dbname),
    }


def copy(cluster: Cluster, var: Path, *, of: str, to: str) -> None:
    """Make the database `to` as an equal of `of`, open to the same roles."""
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(to), sql.Identifier(SIDES[SIDE].roles["OWNER"]), sql.Identifier(of)
            )
        )
    ensure_roles(cluster.superuser_url(), SIDE, var, dbname=to)


def _walled_tables(connection: psycopg.Connection[Any]) -> list[str]:
    rows = connection.execute(
        "select relname from pg_class where relrowsecurity and relkind = 'r' order by relname"
    )
    return [row[0] for row in rows]


def take_policies_off(var: Path, dbname: str) -> int:
    """Disable the row policies of a copy, as its owner. Returns of how many tables."""
    with psycopg.connect(role_url(SIDE, "OWNER", var, dbname=dbname)) as connection:
        tables = _walled_tables(connection)
        for table in tables:
            connection.execute(
                sql.SQL("alter table {} disable row level security").format(sql.Identifier(table))
            )
        return len(tables)


def take_encryption_off(var: Path, dbname: str) -> int:
    """Write the clear text over every encrypted value of a copy. Returns how many there were.

    The policies stay: they are lifted for the owner alone, and only while it writes.
    """
    key = bytes.fromhex(side_keys(SIDE, var)["FIELD_KEY"])
    done = 0
    url = role_url(SIDE, "OWNER", var, dbname=dbname)
    with psycopg.connect(url, autocommit=True) as connection:
        for table in _walled_tables(connection):
            force = sql.SQL("alter table {} {} force row level security")
            connection.execute(force.format(sql.Identifier(table), sql.SQL("no")))
            for column in _encrypted_columns(connection, table):
                with connection.transaction():
                    done += _clear(connection, table, column, key)
            connection.execute(force.format(sql.Identifier(table), sql.SQL("")))
    return done


def _encrypted_columns(connection: psycopg.Connection[Any], table: str) -> list[str]:
    # Inboxes keep sealed payloads, which no page opens.
    rows = connection.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and atttypid = 'bytea'::regtype and attname not in ('payload', 'sealed')",
        [table],
    )
    return [row[0] for row in rows]


def _clear(connection: psycopg.Connection[Any], table: str, column: str, key: bytes) -> int:
    names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
    rows = connection.execute(
        sql.SQL("select id, {column} from {table} where {column} is not null").format(**names)
    ).fetchall()
    places = [
        (unlock(value, key=key, place=f"{table}.{column}:{row}").encode(), row)
        for row, value in rows
    ]
    connection.execute("create temporary table clear (id uuid, value bytea) on commit drop")
    with connection.cursor() as cursor:
        with cursor.copy("copy clear (value, id) from stdin") as stream:
            for place in places:
                stream.write_row(place)
        cursor.execute(
            sql.SQL(
                "update {table} set {column} = clear.value from clear where clear.id = {table}.id"
            ).format(**names)
        )
    return len(places)


def tidy(cluster: Cluster, dbname: str) -> None:
    """Leave every database in the same state: compact, and with fresh statistics."""
    with psycopg.connect(cluster.superuser_url(dbname), autocommit=True) as connection:
        connection.execute("vacuum (full, analyze)")
        connection.execute("vacuum (analyze)")


_TARGET_CASE = """
select c.id from programme_cases_case c
left join (select case_id, count(*) as n from programme_groups_attendance group by 1) a
  on a.case_id = c.id
left join (select case_id, count(*) as n from programme_cases_contactattempt group by 1) t
  on t.case_id = c.id
left join (select case_id, count(*) as n from programme_cases_stagemove group by 1) m
  on m.case_id = c.id
join (select client_id from programme_cases_clienttoken where kind = 'phone') p
  on p.client_id = c.client_id
order by abs(coalesce(a.n, 0) - 20) + abs(coalesce(t.n, 0) - 2) + abs(coalesce(m.n, 0) - 9), c.id
limit 1"""

_TARGET_SESSION = """
select s.id from programme_groups_session s join programme_groups_group g on g.id = s.group_id
where g.name = %s and s.number = 10"""


def target(cluster: Cluster, dbname: str) -> Target:
    """A case with about 20 marks, 2 attempts at contact and 9 stages, and the register of 12."""
    with psycopg.connect(cluster.superuser_url(dbname)) as connection:
        case = connection.execute(_TARGET_CASE).fetchone()
        session = connection.execute(_TARGET_SESSION, [MEASURED]).fetchone()
    if case is None or session is None:
        raise LookupError(f"{dbname} holds no case with a phone, or no group to be measured.")
    return Target(case[0], session[0])


def server_version(cluster: Cluster) -> str:
    """The version of the database server."""
    parts = urlsplit(cluster.superuser_url())
    with psycopg.connect(parts.geturl()) as connection:
        row = connection.execute("show server_version").fetchone()
    return str(row[0]) if row else ""


def tokens_of(cluster: Cluster, dbname: str, case: UUID) -> Mapping[str, list[UUID]]:
    """The blind index of a case's client, by kind."""
    found: dict[str, list[UUID]] = {}
    with psycopg.connect(cluster.superuser_url(dbname)) as connection:
        rows = connection.execute(
            "select t.kind, t.token from programme_cases_clienttoken t"
            " join programme_cases_case c on c.client_id = t.client_id where c.id = %s"
            " order by t.token",
            [case],
        )
        for kind, token in rows:
            found.setdefault(kind, []).append(token)
    return found
