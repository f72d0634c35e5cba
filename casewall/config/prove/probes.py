"""What a role of the programme cluster can learn by asking the server about itself (W10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg

from casewall.config.clusters import PROGRAMME_ROLES, role_url

PROBES: dict[str, str] = {
    "databases": "select datname, datconnlimit from pg_database order by 1",
    "database sizes": "select datname, pg_database_size(oid) from pg_database "
    "where has_database_privilege(oid, 'connect') order by 1",
    "roles": "select rolname, rolcanlogin, rolsuper from pg_roles order by 1",
    "relations": "select n.nspname, c.relname, c.relkind, c.reltuples, c.relpages from pg_class c "
    "join pg_namespace n on n.oid = c.relnamespace "
    "where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1, 2",
    "relation sizes": "select relname, pg_relation_size(c.oid) from pg_class c join pg_namespace n "
    "on n.oid = c.relnamespace where n.nspname in ('public', 'flow', 'app') "
    "and relkind in ('r', 'i') order by 1",
    "columns": "select table_schema, table_name, column_name from information_schema.columns "
    "where table_schema in ('public', 'flow') order by 1, 2, 3",
    "functions": "select proname, proargnames::text, prosrc from pg_proc p join pg_namespace n "
    "on n.oid = p.pronamespace where n.nspname = 'app' order by 1",
    "column statistics": "select tablename, attname, null_frac, n_distinct from pg_stats "
    "where schemaname = 'public' order by 1, 2",
    "rows written": "select relname, n_tup_ins, n_tup_upd, n_tup_del, n_live_tup "
    "from pg_stat_all_tables where schemaname in ('public') order by 1",
    "scans": "select relname, seq_scan, idx_scan from pg_stat_all_tables "
    "where schemaname = 'public' order by 1",
    "database activity": "select datname, tup_inserted, tup_updated, tup_deleted, xact_rollback, "
    "conflicts, deadlocks from pg_stat_database order by datid",
    "connections": "select datname, usename, application_name, count(*) from pg_stat_activity "
    "where backend_type = 'client backend' group by 1, 2, 3 order by 1, 2, 3",
    "own and others' queries": "select usename, query from pg_stat_activity "
    "where pid <> pg_backend_pid() and "
    "backend_type = 'client backend' order by 1, 2",
    "locks": "select locktype, mode, granted, count(*) from pg_locks "
    "where pid <> pg_backend_pid() group by 1, 2, 3 order by 1, 2, 3",
    "sequences": "select schemaname, sequencename, last_value from pg_sequences order by 1, 2",
    "settings": "select name, setting from pg_settings where name !~ "
    "'(directory|file|socket|data_|port|tmp|log)' order by 1",
    "extensions": "select extname from pg_extension order by 1",
    "comments": "select objoid::regclass::text, description from pg_description d "
    "join pg_class c on c.oid = d.objoid where c.relnamespace = "
    "'public'::regnamespace order by 1",
}


def _ask(connection: psycopg.Connection[Any], statement: str) -> str:
    try:
        with connection.transaction():
            return repr(connection.execute(statement).fetchall())
    except psycopg.Error as refused:
        return f"refused: {refused.sqlstate}"


AT_WORK = ("connections", "own and others' queries", "locks")
"""Asked while both sites are at work. The server's counters are asked when they have left, since
each session hands its counts in when it likes, at the latest when it ends."""


def probe(var: Path, *, at_work: bool) -> dict[str, str]:
    """The probes as every login role of the programme cluster."""
    found = {}
    for word, role in PROGRAMME_ROLES.items():
        with psycopg.connect(role_url("programme", word, var)) as connection:
            for name, statement in PROBES.items():
                if (name in AT_WORK) is at_work:
                    found[f"{role}: {name}"] = _ask(connection, statement)
    return found
