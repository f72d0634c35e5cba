"""Replays migrations in a new database, in a process of the owner, and tells what they made.

    python -m tests.config.replay SIDE [APP …]     (all apps where none is named)
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db import connections  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from casewall.config.first_tables import make_first_tables  # noqa: E402
from casewall.wall.context import on_side  # noqa: E402
from casewall.wall.sides import Side  # noqa: E402
from tests.config.catalogue import tables_of  # noqa: E402

side, *apps = sys.argv[1:]
with on_side(Side(side)):
    executor = MigrationExecutor(connections[side])
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate([leaf for leaf in leaves if not apps or leaf[0] in apps])
    told = {
        "tables": sorted(tables_of(connections[side])),
        "left alone": not make_first_tables(connections[side], Side(side)),
    }
    json.dump(told, sys.stdout)
