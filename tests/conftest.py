"""Both real clusters for a test run, and people to look with.

The clusters are started once, before any test is collected, since models need settings. Tests
work as the sites' own database roles on committed rows; `clean` empties the tables afterwards.
Nothing here needs the tests to run in a certain order.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from casewall.config.cli import run_as
from casewall.config.clusters import open_clusters, role_url, site_environment

_VAR = Path(tempfile.mkdtemp(prefix="casewall-tests-"))
_STACK = ExitStack()


def _start() -> None:
    for name in [n for n in os.environ if n.startswith("CASEWALL_") and n != "CASEWALL_CHROMIUM"]:
        del os.environ[name]
    os.environ["CASEWALL_VAR"] = str(_VAR)
    os.environ["CASEWALL_FAST"] = "1"
    _STACK.enter_context(open_clusters(_VAR, fast=True))
    environment: dict[str, str] = {}
    for site in ("programme", "safety", "front_door", "reporting", "owner"):
        environment.update(site_environment(site, _VAR, {}))  # type: ignore[arg-type]
    if run_as("owner", ["migrate"], quiet=True) != 0:
        raise RuntimeError("The test clusters could not be migrated; see above.")
    os.environ.update({k: v for k, v in environment.items() if "OWNER" not in k})
    os.environ["DJANGO_SETTINGS_MODULE"] = "casewall.config.sites.tests"
    import django

    django.setup()


def _stop() -> None:
    from django.db import connections

    connections.close_all()
    _STACK.close()
    shutil.rmtree(_VAR, ignore_errors=True)


_start()
atexit.register(_stop)

from tests.people import Staff, install_staff  # noqa: E402


@pytest.fixture(scope="session")
def var() -> Path:
    """The folder of the clusters of this run."""
    return _VAR


@pytest.fixture(scope="session")
def owner_urls() -> dict[str, str]:
    """URLs of the owners, for looking at and emptying tables from outside the product."""
    return {side: role_url(side, "OWNER", _VAR) for side in ("programme", "safety")}  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def staff_once(owner_urls: dict[str, str]) -> Staff:
    """The Danish service and one invented worker of each role, made once."""
    return install_staff(owner_urls)


_KEEP = ("staff_", "django_migrations", "django_content_type", "auth_", "casewall_cache")


@pytest.fixture
def clean(owner_urls: dict[str, str]) -> Iterator[None]:
    """Empty tables after the test, on both sides."""
    yield
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
    for url in owner_urls.values():
        with psycopg.connect(url, autocommit=True) as connection:
            names = [
                row[0]
                for row in connection.execute(
                    "select tablename from pg_tables where schemaname = 'public'"
                )
            ]
            tables = [n for n in names if not n.startswith(_KEEP)]
            connection.execute(f"truncate {', '.join(tables)} cascade")


@pytest.fixture
def staff(staff_once: Staff, clean: None) -> Staff:
    """Workers of both sides; whatever the test writes is emptied afterwards."""
    return staff_once
