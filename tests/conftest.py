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

import hypothesis
import psycopg
import pytest

from casewall.config.cli import run_as
from casewall.config.clusters import SIDES, open_clusters, role_url, site_environment
from casewall.config.embedded import Cluster
from tests.template import copied

# How long an example takes is the machine's affair: no test fails by the clock.
hypothesis.settings.register_profile(
    "casewall", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("casewall")

_VAR = Path(tempfile.mkdtemp(prefix="casewall-tests-"))
_STACK = ExitStack()


def _start() -> None:
    for name in [n for n in os.environ if n.startswith("CASEWALL_") and n != "CASEWALL_CHROMIUM"]:
        del os.environ[name]
    os.environ["CASEWALL_FAST"] = "1"
    copied(_VAR, _migrated)
    os.environ["CASEWALL_VAR"] = str(_VAR)
    _STACK.enter_context(open_clusters(_VAR, fast=True))
    environment: dict[str, str] = {}
    for site in ("programme", "safety", "front_door", "reporting", "owner"):
        environment.update(site_environment(site, _VAR, {}))  # type: ignore[arg-type]
    os.environ.update({k: v for k, v in environment.items() if "OWNER" not in k})
    os.environ["DJANGO_SETTINGS_MODULE"] = "casewall.config.sites.tests"
    import django

    django.setup()


def _migrated(var: Path) -> None:
    """Clusters that are up to date, stopped."""
    os.environ["CASEWALL_VAR"] = str(var)
    with open_clusters(var, fast=True):
        if run_as("owner", ["migrate"], quiet=True) != 0:
            raise RuntimeError("The test clusters could not be migrated; see above.")


def _stop() -> None:
    from django.db import connections

    connections.close_all()
    _STACK.close()
    shutil.rmtree(_VAR, ignore_errors=True)


_start()
atexit.register(_stop)

from tests.emptying import cleared, close_connections  # noqa: E402
from tests.people import Staff, install_staff  # noqa: E402

LONG = ("test_worlds.py", "test_demo.py", "test_every_page.py", "test_sign_in.py", "test_drafts.py")
"""Files of minutes. They begin first, so that no process ends alone with one of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, whatever the shuffle says; within a file the shuffle holds."""
    items.sort(key=lambda item: item.path.name not in LONG)


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
    made = install_staff(owner_urls)
    for side, url in owner_urls.items():
        with psycopg.connect(url, autocommit=True) as connection:
            for table, key in _STAFF.items():
                rows = connection.execute(f"select {key} from {table}")
                _AT_FIRST[side, table] = [row[0] for row in rows]
    return made


_STAFF = {
    "staff_membership": "worker_id || ' in ' || compartment_id",
    "staff_worker": "id",
    "staff_compartment": "number",
    "staff_agency": "code",
    "staff_service": "code",
}
"""In the order in which rows can be taken away, each with what it is known by."""
_AT_FIRST: dict[tuple[str, str], list[object]] = {}


@pytest.fixture
def clean() -> Iterator[None]:
    """Empty tables after the test, on both sides."""
    yield
    cleared(Cluster(_VAR / side).superuser_url(SIDES[side].dbname) for side in SIDES)


@pytest.fixture(scope="module", autouse=True)
def staff_as_at_first(owner_urls: dict[str, str]) -> Iterator[None]:
    """Take away the colleagues and the agencies that a module's tests have added."""
    yield
    close_connections()
    for side, url in owner_urls.items() if _AT_FIRST else ():
        with psycopg.connect(url, autocommit=True) as connection:
            for table, key in _STAFF.items():
                connection.execute(
                    f"delete from {table} where {key} <> all(%s)", [_AT_FIRST[side, table]]
                )


@pytest.fixture
def staff(staff_once: Staff, clean: None) -> Staff:
    """Workers of both sides; whatever the test writes is emptied afterwards."""
    return staff_once
