"""W9: whatever a programme process holds or can read opens nothing on the safety cluster."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from casewall.config.cli import environment_of
from casewall.config.clusters import SAFETY_ROLES, role_passwords
from casewall.config.confine import landlock_version
from casewall.config.embedded import Cluster

pytestmark = pytest.mark.clusters
ROOT = Path(__file__).resolve().parents[2]

COLLECT = r"""
import json, os, re, sys
from pathlib import Path
token = re.compile(r"[A-Za-z0-9_\-+/=.]{16,200}")
found, read, refused = set(), 0, 0
for value in os.environ.values():
    found.add(value)
    found.update(token.findall(value))
    found.update(re.findall(r"://[^:/]+:([^@]+)@", value))
def unlisted(problem):
    global refused
    refused += 1
for top in sys.argv[1:]:
    for folder, _, names in os.walk(top, followlinks=True, onerror=unlisted):
        if any(part in folder for part in ("/data/", "/.git", "node_modules", "/tests")):
            continue
        for name in names:
            path = Path(folder, name)
            try:
                if path.stat().st_size > 200_000:
                    continue
                text = path.read_bytes().decode("utf-8", "replace")
            except OSError:
                refused += 1
                continue
            read += 1
            if path.suffix in (".json", ".pw", ".env", ".txt", ".toml", ".conf", ".log", ""):
                found.update(token.findall(text))
print(json.dumps({"found": sorted(found), "read": read, "refused": refused}))
"""


def _collected(site: str, var: Path, *, confined: bool) -> dict[str, object]:
    command = [
        sys.executable,
        "-c",
        COLLECT,
        str(var),
        str(var / "safety"),
        str(var / "programme"),
        str(ROOT / "casewall"),
        str(ROOT / "docs"),
        str(Path.home() / ".config"),
        "/etc",
    ]
    if confined:
        command = [
            sys.executable,
            "-m",
            "casewall.config.confine",
            "--site",
            site,
            "--var",
            str(var),
            "--",
            *command,
        ]
    environment = {
        **environment_of(site, var, {"PATH": os.environ["PATH"]}),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return json.loads(done.stdout)


def _opens(var: Path, role: str, password: str) -> bool:
    cluster = Cluster(var / "safety")
    try:
        psycopg.connect(
            host=str(cluster.socket_dir),
            port=cluster.port,
            user=role,
            password=password,
            dbname="casewall_safety",
            connect_timeout=5,
        ).close()
    except (psycopg.OperationalError, UnicodeEncodeError, ValueError):
        return False
    return True


def _that_open(var: Path, words: list[str]) -> list[tuple[str, str]]:
    roles = [*SAFETY_ROLES.values(), "postgres"]
    passwords = set(role_passwords("safety", var).values())
    passwords.add((var / "safety" / "super.pw").read_text().strip())
    # Trying a word against every role costs a key derivation, so words that are nobody's
    # password here are tried against one role; those that are, against all.
    hits = []
    for n, word in enumerate(words):
        tried = roles if word in passwords else [roles[n % len(roles)]]
        hits += [(role, word) for role in tried if _opens(var, role, word)]
    return hits


def test_every_credential_of_the_programme_process_is_refused_by_the_safety_cluster(
    var: Path,
) -> None:
    environment = environment_of("programme", var, {"PATH": os.environ["PATH"]})
    assert not any("SAFETY" in name for name in environment)
    held = _collected("programme", var, confined=landlock_version() > 0)
    words = [str(word) for word in held["found"]]  # type: ignore[attr-defined]
    assert any("prog_app" in word for word in words)
    if landlock_version() > 0:
        assert int(str(held["refused"])) > 0
    secrets = {*role_passwords("safety", var).values()}
    assert not secrets & set(words), "a safety password can be read by the programme process"
    plausible = [word for word in words if 16 <= len(word) <= 64]
    assert len(plausible) > 5
    assert _that_open(var, plausible[:600]) == []


def test_the_probe_has_teeth_where_the_process_is_the_safety_site(var: Path) -> None:
    held = _collected("safety", var, confined=False)
    words = [str(word) for word in held["found"]]  # type: ignore[attr-defined]
    hits = _that_open(var, [w for w in words if w in role_passwords("safety", var).values()])
    assert ("safe_app", role_passwords("safety", var)["safe_app"]) in hits


def test_no_role_of_the_programme_cluster_exists_on_the_safety_cluster(var: Path) -> None:
    cluster = Cluster(var / "safety")
    with psycopg.connect(cluster.superuser_url("casewall_safety")) as connection:
        roles = {row[0] for row in connection.execute("select rolname from pg_roles")}
    assert not [role for role in roles if role.startswith("prog")]
    assert {"safe_app", "safe_owner"} <= roles


def test_the_programme_password_of_every_role_is_refused_on_the_other_socket(var: Path) -> None:
    for password in role_passwords("programme", var).values():
        assert _that_open(var, [password]) == []
