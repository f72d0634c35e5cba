"""Every import contract bites: each is broken once, on purpose, in a copy of the tree."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINTER = Path(sys.executable).with_name("lint-imports")

# contract, file to which a line is added (made where it is missing), the line
VIOLATIONS = [
    ("floors", "programme/cases/views.py", "from casewall.safety.partners.models import Partner"),
    ("floors", "programme/cases/lists.py", "def f(): import casewall.safety.finding"),
    ("floors", "wall/decide.py", "import casewall.audit.models"),
    ("floors", "outcomes/figures.py", "import casewall.programme.cases.rules"),
    ("floors", "frontdoor/views.py", "import casewall.safety.intake.parts"),
    ("floors", "safety/reading.py", "import casewall.frontdoor.apps"),
    ("floors", "vault/blind.py", "import casewall.staff.models"),
    ("floors", "gossip/__init__.py", ""),
    ("floors", "neighbours.py", "import this"),
    ("safety_is_entered_by_few", "reporting/__init__.py", "import casewall.safety.partners.models"),
    ("safety_is_entered_by_few", "programme/cases/actions.py", "import casewall.safety.visibility"),
    ("programme_is_entered_by_few", "reporting/render.py",
     "import casewall.programme.cases.models"),
    ("programme_is_entered_by_few", "frontdoor/apps.py", "import casewall.programme.cases.rules"),
    ("front_door", "frontdoor/apps.py", "import casewall.staff.models"),
    ("front_door", "frontdoor/apps.py", "import casewall.programme.referrals.models"),
    ("pure", "programme/cases/rules.py", "from django.utils import timezone"),
    ("pure", "safety/partners/rules.py", "def f(): import casewall.wall.sealed"),
    ("pure", "outcomes/reference.py", "import django"),
    ("pure", "measures/scoring.py", "import casewall.vault.fields"),
    ("pure", "services/schema.py", "import django.conf"),
    ("pure", "wall/flows.py", "import casewall.wall.models"),
    ("pure", "vault/names.py", "import psycopg"),
    ("no_connection_of_ones_own", "programme/cases/lists.py", "import psycopg"),
    ("no_connection_of_ones_own", "safety/finding.py", "import sqlite3"),
    ("no_way_out", "programme/cases/views.py", "def f(): from urllib3 import x; import socket"),
    ("no_way_out", "safety/partners/actions/reaching.py", "import smtplib"),
    ("no_way_out", "pages/context.py", "from importlib import import_module"),
    ("one_locksmith", "programme/cases/models.py", "import cryptography.fernet"),
    ("one_locksmith", "frontdoor/apps.py", "import nacl.public"),
    ("inside_an_app", "programme/groups/models.py", "import casewall.programme.groups.views"),
    ("inside_an_app", "programme/cases/rules.py", "import casewall.programme.cases.models"),
    ("inside_an_app", "safety/partners/models.py", "import casewall.safety.partners.actions"),
    ("inside_an_app", "safety/coordination/actions.py",
     "import casewall.safety.coordination.forms"),
    ("no_circles", "programme/cases/actions.py", "import casewall.programme.groups.models"),
    ("no_circles", "safety/partners/models.py", "import casewall.safety.pulled.models"),
    ("records_know_no_page", "programme/groups/actions.py",
     "import casewall.programme.cases.views"),
    ("records_know_no_page", "safety/pulled/models.py", "import casewall.pages.dates"),
]


def contracts() -> set[str]:
    """The names of the contracts in `.importlinter`."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return {s.removeprefix(prefix) for s in parser.sections() if s.startswith(prefix)}


def lint(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items()
                   if not k.startswith(("COV", "CASEWALL", "DJANGO", "PYTHONPATH"))}
    return subprocess.run([str(LINTER), "--no-cache", "--no-logo", *arguments], cwd=tree,
                          env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and its contracts, in which a test may write a forbidden line."""
    copy = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / ".importlinter", copy)
    for source in (ROOT / "casewall").rglob("*.py"):
        target = copy / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    return copy


def test_all_contracts_are_kept(tree: Path) -> None:
    done = lint(tree)
    assert done.returncode == 0, done.stdout


def test_every_contract_has_a_violation_that_must_break_it() -> None:
    assert contracts() == {contract for contract, _, _ in VIOLATIONS}


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS,
                         ids=[f"{c}-{f}" for c, f, _ in VIOLATIONS])
def test_a_violation_breaks_the_contract(tree: Path, contract: str, file: str, line: str) -> None:
    path = tree / "casewall" / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text((before or "") + f"\n{line}\n", encoding="utf-8")
    try:
        done = lint(tree, "--contract", contract)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
    assert done.returncode == 1
    assert "0 kept, 1 broken." in done.stdout
