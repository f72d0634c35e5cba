"""Worlds: pairs of clusters that begin as copies of each other and are then told different things
on the safety side only."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from casewall.config.binaries import binaries
from casewall.config.cli import environment_of
from casewall.config.clusters import open_clusters, role_url
from casewall.config.embedded import Cluster

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))
# Vacuum runs when it likes and would make the same rows lie in another order.
STILL = {"autovacuum": "off"}

CLIENTS = [
    ("Aksel", "Opdigtet"),
    ("Bertil", "Tænktsen"),
    ("Carlo", "Fiktivholm"),
    ("Ditte", "Påfundsen"),
    ("Egon", "Drømmegaard"),
    ("يوسف", "المخترع"),
]
HEADER = (
    "Sagsnr;Henvisningsdato;Udøver fornavn;Udøver efternavn;Udøver fødselsdato;"
    "Udøver køn;Udøver telefon;Partner fornavn;Partner efternavn;Partner telefon;"
    "Partner køn;Bemærkninger\n"
)


@dataclass(frozen=True)
class World:
    """What is true on the safety side of a world. `secrets` are words only that side knows."""

    name: str
    partners: int = 0
    alone: int = 0
    refusals: bool = False
    disclosure: str = ""
    secrets: list[str] = field(default_factory=list)

    @property
    def terms(self) -> list[str]:
        """Every secret word of this world."""
        return self.secrets


def _words(stem: str, count: int) -> list[str]:
    return [f"{stem}{n:03d}ukendt" for n in range(count)]


QUIET = World("quiet")
QUIET_AGAIN = World("quiet-again")
TALKS = World("talks", partners=6, refusals=True, secrets=_words("korvel", 40))
CROWD = World("crowd", partners=4, alone=40, refusals=True, secrets=_words("havblik", 60))
DISCLOSES = World(
    "discloses",
    partners=6,
    disclosure="Do not place together with E. D.",
    secrets=_words("korvel", 40),
)


def referral_file(world: World, folder: Path, number: int) -> Path:
    """The police file of a world: the same clients everywhere, the partners of this world."""
    lines = [HEADER]
    for n, (given, family) in enumerate(CLIENTS):
        family = family if number == 1 else f"{family}to"
        partner = ";;;;"
        if n < world.partners:
            word = world.secrets[(n + number) % len(world.secrets)]
            partner = f"{word};{word}sen;2100{number:02d}{n:02d};kvinde;Hun nævnte {word}"
        lines.append(
            f"07-{number}{n};01.03.2026;{given};{family};1{n}.05.198{number};mand;"
            f"2000{number:02d}{n:02d};{partner}\n"
        )
    path = folder / f"henvisninger-{number}.csv"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def partner_only_file(world: World, folder: Path) -> Path:
    """A file that names no client at all, for worlds in which partners are referred alone."""
    lines = [HEADER]
    for n in range(world.alone):
        word = world.secrets[n % len(world.secrets)]
        lines.append(f"09-{n};01.03.2026;;;;;;{word};{word}dal{n};2200{n:04d};kvinde;\n")
    path = folder / f"{world.secrets[0]}.csv"
    path.write_text("".join(lines), encoding="utf-8")
    return path


class Actor:
    """A site process of a world."""

    def __init__(self, side: str, var: Path):
        environment = {
            **environment_of(side, var, {"PATH": os.environ["PATH"]}),
            "PYTHONPATH": str(ROOT),
            "PYTHONHASHSEED": "0",
            "CASEWALL_STATIC_ROOT": str(var.parent / "static"),
        }
        for name, value in os.environ.items():
            if name.startswith("COV"):
                environment[name] = value
        self.environment = environment
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.wall.actor", side],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer() == "ready"

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the site process ended"
        return json.loads(line)

    def __call__(self, do: str, at: datetime, **details: Any) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, "at": at.isoformat(), **details}) + "\n")
        self.process.stdin.flush()
        answer = self._answer()
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def close(self) -> None:
        """End the process and wait for it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)
        if self.process.stdout is not None:
            self.process.stdout.close()


def build_template(folder: Path, install: Any) -> Path:
    """Two migrated clusters with the service and its workers, stopped: what every world copies."""
    var = folder / "template"
    with open_clusters(var, environ={}, fast=True):
        environment = {**os.environ, "CASEWALL_VAR": str(var)}
        for name in list(environment):
            if name.startswith("CASEWALL_") and name not in ("CASEWALL_VAR", "CASEWALL_FAST"):
                del environment[name]
        subprocess.run(
            [sys.executable, "-m", "casewall", "migrate"],
            check=True,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        site = {
            **environment_of("programme", var, {"PATH": os.environ["PATH"]}),
            "CASEWALL_STATIC_ROOT": str(folder / "static"),
        }
        subprocess.run(
            [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity=0"],
            check=True,
            cwd=ROOT,
            env=site,
        )
        install({side: role_url(side, "OWNER", var) for side in ("programme", "safety")})  # type: ignore[arg-type]
    return var


@contextmanager
def opened(world: World, template: Path, folder: Path) -> Iterator[Path]:
    """A copy of the template, running."""
    var = folder / world.name
    shutil.copytree(template, var, ignore=shutil.ignore_patterns("run", "*.sock*"))
    with ExitStack() as stack:
        for side in ("programme", "safety"):
            stack.enter_context(Cluster(var / side, fast=True, settings=STILL))
        yield var


@dataclass
class Outcome:
    """What the programme side of a world ended with."""

    dump: bytes
    crawl: bytes
    requests: int
    secrets: list[str]
    probes: dict[str, Any]
    partner_ids: list[str]


def live(world: World, var: Path, folder: Path, terms: list[str], probe: Any) -> Outcome:
    """Run the fixed story. The programme is told the same in every world."""
    with closing(Actor("programme", var)) as programme, closing(Actor("safety", var)) as safety:
        crawl, requests, probes, ids = _story(world, var, folder, terms, probe, programme, safety)
    probes.update(probe(var, at_work=False))
    return Outcome(dump_of(var), crawl.read_bytes(), requests, world.secrets, probes, ids)


def _story(
    world: World,
    var: Path,
    folder: Path,
    terms: list[str],
    probe: Any,
    programme: Actor,
    safety: Actor,
) -> tuple[Path, int, dict[str, Any], list[str]]:
    day = timedelta(days=1)
    crawl = folder / f"{world.name}.crawl"
    files = [referral_file(world, var, n) for n in (1, 2)]
    safety("load", START, file=str(files[0]))
    programme("arrivals", START)
    _talk(world, safety, START + day, "before")
    programme("contact", START + day)
    safety("pull", START + day)
    _talk(world, safety, START + 2 * day, "after")
    programme("assess", START + 2 * day)
    second = safety("load", START + 2 * day, file=str(files[1]))
    safety("pull", START + 2 * day)
    programme("arrivals", START + 2 * day)
    if world.alone:
        alone = safety("load", START + 3 * day, file=str(partner_only_file(world, var)))
        safety("undo", START + 3 * day, file=alone)
    if world.refusals:
        safety("refuse", START + 3 * day, words=world.secrets)
    if world.disclosure:
        safety("disclose", START + 3 * day, text=world.disclosure)
    if world.partners:
        assert safety("work", START + 3 * day, words=world.secrets) > 0
    programme("group", START + 3 * day)
    safety("undo", START + 4 * day, file=second)
    safety("pull", START + 4 * day)
    programme("arrivals", START + 4 * day)
    _talk(world, safety, START + 4 * day, "follow_up")
    programme("contact", START + 5 * day)
    safety("pull", START + 5 * day)
    requests = programme("crawl", START + 6 * day, terms=terms, into=str(crawl))
    probes = probe(var, at_work=True)
    ids = safety("partner_ids", START + 6 * day)
    return crawl, requests, probes, ids


def _talk(world: World, safety: Actor, at: datetime, wave: str) -> None:
    if world.partners:
        safety("support", at, words=world.secrets, wave=wave)


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
