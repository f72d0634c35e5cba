"""What the catalogue of a database says about its tables, as plain words that can be compared."""

from __future__ import annotations

from typing import Any

_WORDS = (
    """select concat_ws(' ', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
              a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid))
       from pg_attribute a join pg_class c on c.oid = a.attrelid
       left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0
         and not a.attisdropped""",
    """select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
       from pg_constraint where connamespace = 'public'::regnamespace""",
    "select indexdef from pg_indexes where schemaname = 'public'",
    "select concat_ws(' ', sequencename, data_type) from pg_sequences where schemaname = 'public'",
    "select concat_ws(' ', 'migration', app, name) from django_migrations",
)


def tables_of(connection: Any) -> set[str]:
    """Columns in their order, constraints, indexes, sequences and the applied migrations."""
    found: set[str] = set()
    for words in _WORDS:
        with connection.cursor() as cursor:
            cursor.execute(words)
            found |= {row[0] for row in cursor.fetchall()}
    return found
