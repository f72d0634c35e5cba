"""The tables of a new database, made in one go.

Replaying every migration on an empty database renders each side's models again after each of some
hundreds of operations: most of a minute for tables that the last state describes as well. A new
database therefore gets the tables of the last state and is told that every migration is applied;
`tests/config/test_first_tables.py` compares the catalogue with that of a replay. What the packages
beside Casewall bring is replayed, since their migrations may do more than make tables.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import RunPython, RunSQL, SeparateDatabaseAndState

from casewall.wall.router import SideRouter, side_of_label
from casewall.wall.sides import Side

Plan = list[tuple[Migration, bool]]
MORE_THAN_TABLES = (RunPython, RunSQL, SeparateDatabaseAndState)


def make_first_tables(connection: Any, side: Side) -> bool:
    """Make the tables of a side where its database has none; returns whether it did.

    A database in which a migration of a side's app is applied is left as it is, for Django's own
    `migrate`; so is everything where a migration does more than change tables.
    """
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    if any(side_of_label(app) for app, _ in executor.loader.applied_migrations):
        return False
    plan: Plan = executor.migration_plan(graph.leaf_nodes())
    own = [one for one, _ in plan if side_of_label(one.app_label)]
    if not all(map(only_tables, own)):
        return False
    shared = [one for one in plan if not side_of_label(one[0].app_label)]
    executor.migrate(graph.leaf_nodes(), plan=shared)
    _make(connection, executor, side)
    for migration in own:
        executor.recorder.record_applied(migration.app_label, migration.name)
    return True


def only_tables(migration: Migration) -> bool:
    """Whether the last state says all that the migration does."""
    return not any(isinstance(one, MORE_THAN_TABLES) for one in migration.operations)


def _make(connection: Any, executor: MigrationExecutor, side: Side) -> None:
    leaves = [node for node in executor.loader.graph.leaf_nodes()
              if side_of_label(node[0]) in (None, side)]
    state, router = executor.loader.project_state(leaves), SideRouter()
    with connection.schema_editor() as editor:
        for model in state.apps.get_models():
            label = model._meta.app_label
            made_here = side_of_label(label) and router.allow_migrate(side.value, label)
            if made_here and model._meta.managed:
                editor.create_model(model)
