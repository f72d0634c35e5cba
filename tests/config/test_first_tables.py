"""A new database gets the same tables at once as by replaying every migration."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import migrations, models

from casewall.config.cli import environment_of
from casewall.config.clusters import ensure_roles, role_url
from casewall.config.embedded import Cluster
from casewall.config.first_tables import only_tables
from casewall.wall.sides import Side
from tests.config.catalogue import tables_of

NOT_BY_MIGRATIONS = "casewall_cache"


def replayed(var: Path, side: Side, *apps: str) -> set[str]:
    """What the catalogue says after a replay in a database of its own."""
    dbname = f"replayed_{side}"
    superuser = Cluster(var / side).superuser_url()
    ensure_roles(superuser, side.value, var, dbname=dbname)
    url = role_url(side.value, "OWNER", var, dbname=dbname)
    owner = {f"CASEWALL_{side.upper()}_OWNER_URL": url}
    try:
        told = subprocess.run(
            [sys.executable, "-m", "tests.config.replay", side, *apps],
            env={**environment_of("owner", var, {}), **owner, "PYTHONPATH": str(ROOT)},
            check=True, capture_output=True, text=True, cwd=ROOT,
        )  # fmt: skip
    finally:
        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute(f'drop database "{dbname}" with (force)')
    said = json.loads(told.stdout)
    assert said["left alone"]  # what has tables is left to the migrations
    return set(said["tables"])


ROOT = Path(__file__).resolve().parents[2]


def at_once(owner_urls: dict[str, str], side: Side) -> set[str]:
    """What it says in the clusters of this run, which were made at once."""
    with psycopg.connect(owner_urls[side]) as connection:
        return {word for word in tables_of(connection) if NOT_BY_MIGRATIONS not in word}


@pytest.mark.clusters
def test_the_tables_of_cases_are_those_of_a_replay(var: Path, owner_urls: dict[str, str]) -> None:
    replay = replayed(var, Side.PROGRAMME, "programme_cases")
    assert any(word.startswith("programme_cases_stagemove ") for word in replay)
    assert replay <= at_once(owner_urls, Side.PROGRAMME)


@pytest.mark.slow
@pytest.mark.clusters
@pytest.mark.parametrize("side", list(Side))
def test_every_table_is_that_of_a_replay(
    var: Path, owner_urls: dict[str, str], side: Side
) -> None:
    assert replayed(var, side) == at_once(owner_urls, side)


def test_only_what_the_last_state_tells_is_made_at_once() -> None:
    migration = migrations.Migration("0002", "programme_cases")
    migration.operations = [migrations.CreateModel("One", [("id", models.IntegerField())])]
    assert only_tables(migration)
    for more in (
        migrations.RunPython(migrations.RunPython.noop),
        migrations.RunSQL("select 1"),
        migrations.SeparateDatabaseAndState(),
    ):
        migration.operations = [more]
        assert not only_tables(migration)
