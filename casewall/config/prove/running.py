"""The processes and clusters of a world."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from casewall.config.binaries import binaries
from casewall.config.cli import environment_of
from casewall.config.clusters import clean_environment, open_clusters
from casewall.config.embedded import Cluster
from casewall.config.prove.worlds import World

ROOT = Path(__file__).resolve().parents[3]
# Vacuum runs when it likes and would make the same rows lie in another order.
STILL = {"autovacuum": "off"}


class ActorFailed(RuntimeError):
    """A site process could not do what it was told; holds what it said."""


class Actor:
    """A site process of a world. `smuggled` variables are what no real one is given."""

    def __init__(self, side: str, var: Path, smuggled: Mapping[str, str] | None = None):
        environment = {**_site(side, var, {}), **(smuggled or {})}
        for name, value in os.environ.items():
            if name.startswith("COV"):
                environment[name] = value
        # Log lines are compared with the pages; on the terminal they would bury what was found.
        self.said = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        self.process = subprocess.Popen(
            [sys.executable, "-m", "casewall.config.prove.actor", side],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
            text=True,
        )
        if self._answer() != "ready":
            raise ActorFailed(f"The {side} process did not start.")

    def _answer(self) -> Any:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise ActorFailed(f"The site process has ended: {self._last_words()}")
        return json.loads(line)

    def _last_words(self) -> str:
        self.said.seek(0)
        lines = self.said.read().split("\n")
        return next((line for line in reversed(lines) if line.strip()), "it said nothing")

    def __call__(self, do: str, at: datetime, **details: Any) -> Any:
        command = json.dumps({"do": do, "at": at.isoformat(), **details})
        if self.process.stdin:
            self.process.stdin.write(f"{command}\n")
            self.process.stdin.flush()
        answer = self._answer()
        if "error" in answer:
            raise ActorFailed(answer["error"])
        return answer["answer"]

    def close(self) -> None:
        """End the process and wait for it."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(timeout=30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.said.close()


def build_template(folder: Path) -> Path:
    """Two migrated clusters with the service and its workers, stopped: what every world copies."""
    var = folder / "template"
    with open_clusters(var, environ={}, fast=True):
        environment = {**clean_environment(), "CASEWALL_VAR": str(var), "CASEWALL_FAST": "1"}
        _ran([sys.executable, "-m", "casewall", "migrate"], environment)
        _ran([sys.executable, "-m", "casewall.config.prove.people"],
             _site("owner", var, {"CASEWALL_FAST": "1"}))
        _ran([sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity=0"],
             _site("programme", var, {}))
    return var


def _site(site: str, var: Path, more: Mapping[str, str]) -> dict[str, str]:
    return {
        **environment_of(site, var, {"PATH": os.environ["PATH"], **more}),
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "CASEWALL_STATIC_ROOT": str(var.parent / "static"),
    }


def _ran(command: list[str], environment: Mapping[str, str]) -> None:
    subprocess.run(command, check=True, cwd=ROOT, env=dict(environment),
                   stdout=subprocess.DEVNULL)


@contextmanager
def opened(world: World, template: Path, folder: Path) -> Iterator[Path]:
    """A copy of the template, running."""
    var = folder / world.name
    shutil.copytree(template, var, ignore=shutil.ignore_patterns("run", "*.sock*"))
    with ExitStack() as stack:
        for side in ("programme", "safety"):
            stack.enter_context(Cluster(var / side, fast=True, settings=STILL))
        yield var


def dump_of(var: Path) -> bytes:
    """The programme database as `pg_dump` writes it."""
    cluster = Cluster(var / "programme", fast=True, settings=STILL)
    command = [str(binaries() / "pg_dump"), "--dbname", cluster.superuser_url("casewall_programme")]
    if (
        b"--restrict-key"
        in subprocess.run([command[0], "--help"], capture_output=True, check=True).stdout
    ):
        command.append("--restrict-key=worlds")
    return subprocess.run(command, capture_output=True, check=True).stdout
