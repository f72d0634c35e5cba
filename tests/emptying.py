"""Emptying the tables of both clusters after a test.

`cleared` takes the rows away and leaves the files of the tables as they are, which takes a
hundredth of the time: after each test. `empty` truncates: before whatever compares bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from django.db import connections

KEPT = ("staff_", "django_migrations", "django_content_type", "auth_", "casewall_cache")

_FILLED = """
select string_agg(quote_ident(relname), ', ') from pg_class
where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0
    and not relname like any (%s)
"""
"""The tables that have held a row since they were last emptied: most tests fill a few of many.

By their size, since row security hides every row from the owner too.
"""


def close_connections() -> None:
    """Close what this process holds open, so that no lock stands in the way."""
    for connection in connections.all(initialized_only=True):
        connection.close()


def cleared(urls: Iterable[str], kept: tuple[str, ...] = KEPT) -> None:
    """Delete the rows of all tables but those whose name begins with one of `kept`.

    Args:
        urls: of superusers, whom no row policy, trigger or reference holds back.
    """
    close_connections()
    but = [name.replace("_", r"\_") + "%" for name in kept]
    for url in urls:
        with psycopg.connect(url, autocommit=True) as connection:
            (filled,) = connection.execute(_FILLED, [but]).fetchone() or ("",)
            if filled:
                # Autovacuum gives the room of the rows back meanwhile.
                deletes = "; ".join(f"delete from {table}" for table in filled.split(", "))
                connection.execute(f"set session_replication_role = replica; {deletes}")


def empty(urls: Iterable[str], kept: tuple[str, ...] = KEPT) -> None:
    """Empty all tables but those whose name begins with one of `kept`."""
    close_connections()
    but = [name.replace("_", r"\_") + "%" for name in kept]
    for url in urls:
        with psycopg.connect(url, autocommit=True) as connection:
            (filled,) = connection.execute(_FILLED, [but]).fetchone() or ("",)
            if filled:
                connection.execute(f"truncate {filled} cascade")
