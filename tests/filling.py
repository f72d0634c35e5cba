"""One invented row in every table that belongs to a file, whatever tables there are today.

The erasure is made from the relations of the tables, so it is tested on all of them: whoever adds
a table gets its rows tested without writing a line here.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

from casewall.wall.erasing import LEDGER, Root, _named, _tables_of, plan_of
from casewall.wall.sides import Side

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
SPECIAL: dict[str, list[dict[str, Any]]] = {
    "programme_cases.Case": [{"stage": "closed", "exit_reason": ""}],
    "safety_children.ChildAdult": [{"kind": "partner", "case_id": None},
                                   {"kind": "other", "case_id": None}],
    "safety_children.ChildSession": [{"kind": "one_to_one", "group_id": None}],
    "safety_meetings.AgendaItem": [{"case_id": None}, {"file_id": None}],
    "safety_meetings.Extract": [{"whom": "child", "case_id": None},
                                {"whom": "partner", "case_id": None, "child_id": None}],
}
"""Columns that a rule of the table ties to each other: the ways that are tried in turn."""


class Filler:
    """Fills the tables of one side through a connection that no row policy holds back."""

    def __init__(self, side: Side, connection: psycopg.Connection[Any], compartment: int):
        self.side, self.connection, self.compartment = side, connection, compartment
        self.skipped: set[str] = set()
        self._outside: dict[Any, UUID] = {}

    def file(self, root: Root) -> dict[Any, UUID]:
        """A file of this kind with a row in every table that belongs to it: model → identifier."""
        top = apps.get_model(root.model)
        tables = {m._meta.db_table: m for m in _tables_of(self.side)}
        plan = plan_of(self.side, root)
        order = [tables[one.table] for one in (*plan.holder, *plan.doomed)]
        order = list(dict.fromkeys(order))
        made = {model: uuid4() for model in order}
        person = made.get(top._meta.get_field(root.holder).related_model) if root.holder else None
        named = {model: {f.column: made[top] for f in _named(model, root.named)}
                 | {f.column: person for f in _named(model, root.person) if person}
                 for model in order}
        for model in _parents_first(order):
            if not self._insert(model, made[model], made, named[model]):
                self.skipped.add(model._meta.db_table)
                del made[model]
        return made

    def lone(self, model: Any) -> UUID | None:
        """A row of its own, with what it belongs to: its identifier, none where it cannot be."""
        own = uuid4()
        return own if self._insert(model, own, {}, {}) else None

    def _insert(
        self, model: Any, own: UUID, made: dict[Any, UUID], fixed: dict[str, Any]
    ) -> bool:
        values: dict[str, Any] = {}
        for field in model._meta.local_fields:
            if field.primary_key:
                values[field.column] = own
            elif field.is_relation:
                values[field.column] = self._related(field, own, made)
            else:
                values[field.column] = self._value(field)
        ways = SPECIAL.get(model._meta.label, [{}])
        return any(self._stored(model, values | fixed | way) for way in ways)

    def _stored(self, model: Any, values: dict[str, Any]) -> bool:
        statement = sql.SQL("insert into {} ({}) values ({})").format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join([sql.Placeholder()] * len(values)),
        )
        try:
            with self.connection.transaction():
                self.connection.execute(statement, list(values.values()))
        except psycopg.IntegrityError:
            return False
        return True

    def _related(self, field: Any, own: UUID, made: dict[Any, UUID]) -> UUID | None:
        to = field.related_model
        if to is field.model:
            return None
        if to in made:
            return made[to]
        if field.null:
            return None
        if to not in self._outside:
            self._outside[to] = uuid4()
            self._insert(to, self._outside[to], {}, {})
        return self._outside[to]

    def _value(self, field: Any) -> Any:
        if field.column == "compartment":
            return self.compartment
        match field:
            case models.UUIDField():
                return uuid4()
            case models.BinaryField():
                return b"\x01sealed"
            case models.CharField() | models.TextField():
                return uuid4().hex[: field.max_length or 20]
            case models.BooleanField():
                return False
            case models.DateTimeField():
                return NOW
            case models.DateField():
                return date(2026, 1, 2)
            case models.TimeField():
                return time(9)
            case models.JSONField():
                return json.dumps({})
            case models.DecimalField():
                return Decimal(1)
            case _:
                return 1


def _parents_first(models_made: list[Any]) -> list[Any]:
    order: list[Any] = []

    def add(model: Any) -> None:
        if model in order:
            return
        for field in model._meta.local_fields:
            to = field.related_model if field.is_relation else None
            if to is not None and to is not model and to in models_made:
                add(to)
        order.append(model)

    for model in models_made:
        add(model)
    return order


def every_row(connection: psycopg.Connection[Any]) -> dict[str, dict[str, str]]:
    """Table → identifier → the whole row as text, of everything that is stored."""
    found: dict[str, dict[str, str]] = {}
    tables = connection.execute(
        "select tablename from pg_tables where schemaname = 'public' and tablename not like "
        "'django%%' and tablename <> 'casewall_cache' order by 1").fetchall()
    for (table,) in tables:
        rows = connection.execute(
            sql.SQL("select t.* from {} t").format(sql.Identifier(table))).fetchall()
        if rows:
            found[table] = {str(row[0]): repr(row) for row in rows}
    return found


def ghosts(rows: dict[str, dict[str, str]], gone: set[str]) -> list[tuple[str, str]]:
    """Where an identifier of something erased still stands, the audit and the ledger aside."""
    kept = {"audit_entry", *LEDGER.values()}
    return sorted({(table, one) for table, stored in rows.items() if table not in kept
                   for text in stored.values() for one in gone if one in text})
