"""The command: throwaway clusters, the comparison of every page, and a long referral file."""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from base64 import b32encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

from casewall.config.bench import databases, referrals, table
from casewall.config.bench.databases import EMPTY, SIDE, Target
from casewall.config.bench.floor import Floor
from casewall.config.bench.names import OWN_FACILITATOR, SERVICE
from casewall.config.bench.rounds import Comparison, compare
from casewall.config.cli import ROOT
from casewall.config.clusters import open_clusters, role_url
from casewall.config.embedded import Cluster
from casewall.services.load import shipped
from casewall.synthetic.accounts import Account, draw_up, keep
from casewall.wall.sides import Role, Side

OPENINGS = 5
"""Openings of a page in one turn, of which the median counts."""
FLOOR_OPENINGS = 15
LEAST_PEOPLE = 30
"""Fewer do not fill a page of the case list."""
ALL_OFF = ("wall", "encryption")


def _sizes(text: str) -> list[int]:
    words = text.split(",")
    if not all(word.strip().isdecimal() for word in words) or min(map(int, words)) < LEAST_PEOPLE:
        raise argparse.ArgumentTypeError(
            f"write numbers of {LEAST_PEOPLE} or more with commas between them: 1000,10000"
        )
    return sorted(set(map(int, words)))


def bench(arguments: list[str]) -> int:
    """`casewall bench`: measure, print the tables, and write the JSON where it is asked for."""
    parser = argparse.ArgumentParser(
        prog="casewall bench",
        description="Times pages and a long referral file, in throwaway databases.",
    )
    parser.add_argument(
        "--people",
        type=_sizes,
        default=[1000, 10_000],
        help="clients in each database, with commas between them",
    )
    parser.add_argument("--rounds", type=int, default=9, help="calm rounds of each page")
    parser.add_argument(
        "--rows",
        type=int,
        default=10_000,
        help="two-party rows of the referral file; 0 leaves it out",
    )
    parser.add_argument("-o", "--output", type=Path, help="write everything as JSON")
    options = parser.parse_args(arguments)
    if options.rounds < 1 or options.rows < 0:
        print("Rounds must be 1 or more, rows 0 or more.", file=sys.stderr)
        return 1
    try:
        result = measure(options.people, options.rounds, options.rows)
    except (RuntimeError, LookupError) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(table.whole(result))
    if options.output:
        path = Path(os.environ.get("CASEWALL_CWD", ".")) / options.output
        path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(f"\nWritten to {path}.")
    return 0


def measure(
    people: list[int], rounds: int, rows: int, *, openings: int = OPENINGS
) -> dict[str, Any]:
    """Everything that the command prints, as JSON has it. Removes what it made."""
    began, load = monotonic(), os.getloadavg()[0]
    folder = Path(tempfile.mkdtemp(prefix="casewall-bench-"))
    try:
        with open_clusters(folder / "var", environ={}) as clusters:
            run = _Run(folder, clusters[SIDE], people, rounds, openings)
            run.set_up()
            run.fill()
            pages, least = run.pages()
            today = datetime.now().astimezone().date()
            _say("Loading a referral file" if rows else "")
            loaded = referrals.measure(run.var, folder, rows, today) if rows else []
            version = databases.server_version(clusters[SIDE])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "people": people,
        "pages": pages,
        "referrals": loaded,
        "canary": least,
        "commit": _commit(),
        "seconds": monotonic() - began,
        "versions": _versions(version),
        "machine": {
            "cores": os.cpu_count(),
            "load": [load, os.getloadavg()[0]],
            "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        },
    }


def _say(what: str) -> None:
    if what:
        print(f"{datetime.now().astimezone():%H:%M:%S}  {what} …", file=sys.stderr, flush=True)


def _versions(server: str) -> dict[str, str]:
    known = {name: importlib.metadata.version(name) for name in ("django", "psycopg")}
    return {
        "Python": platform.python_version(),
        "Django": known["django"],
        "psycopg": known["psycopg"],
        "PostgreSQL": server,
    }


def _commit() -> str:
    """The commit that is measured, with a plus where the checkout differs from it."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout.strip()

    head = git("rev-parse", "--short", "HEAD")
    return (head + ("+" if git("status", "--porcelain") else "")) if head else "unknown"


@dataclass(slots=True)
class _Run:
    """One measurement, in a folder of its own."""

    folder: Path
    cluster: Cluster
    people: list[int]
    rounds: int
    openings: int

    @property
    def var(self) -> Path:
        return self.folder / "var"

    @property
    def static(self) -> Path:
        return self.folder / "static"

    def _environment(self, dbname: str) -> dict[str, str]:
        return databases.environment(self.var, self.static, dbname)

    def set_up(self) -> None:
        """An empty database with a service and invented workers, and the static files."""
        _say("Setting up throwaway databases")
        self._as_owner("migrate")
        self._as_owner("install-service", SERVICE)
        accounts = draw_up(shipped()[SERVICE])
        accounts[Side.PROGRAMME].append(_own_facilitator(accounts[Side.PROGRAMME]))
        keep(self.var, accounts)
        self._as_owner("accounts")
        _child(["-m", "django", "collectstatic", "--noinput", "-v", "0"], self._environment(EMPTY))

    def _as_owner(self, *words: str) -> None:
        _child(["-m", "casewall", *words], referrals.environment(self.var))

    def fill(self) -> None:
        """A database for each size, and of each a copy without policies; of the largest also a
        copy without encryption."""
        for size in self.people:
            name = f"people_{size}"
            databases.copy(self.cluster, self.var, of=EMPTY, to=name)
            _say(f"Inventing {size:,} clients")
            said = _child(["-m", "casewall.config.bench.fill", str(size)], self._environment(name))
            _say(said.strip())
            databases.tidy(self.cluster, name)
            databases.copy(self.cluster, self.var, of=name, to=f"{name}_wall")
            databases.take_policies_off(self.var, f"{name}_wall")
        most = f"people_{self.people[-1]}"
        databases.copy(self.cluster, self.var, of=most, to=f"{most}_encryption")
        databases.take_encryption_off(self.var, f"{most}_encryption")
        for name in (f"{most}_wall", f"{most}_encryption"):
            databases.tidy(self.cluster, name)

    def pages(self) -> tuple[dict[str, Any], dict[str, float]]:
        """Compare every page; returns the result by page, and the least of each canary."""
        least: dict[str, float] = {}
        with contextlib.ExitStack() as stack:
            targets = {
                size: databases.target(self.cluster, f"people_{size}") for size in self.people
            }
            sites = self._sites(stack, targets)
            floors = {
                size: stack.enter_context(self._floor(size, targets[size])) for size in self.people
            }
            found = {}
            for page in sites[f"{self.people[-1]}"].pages:
                _say(f"Page: {page}")
                found[page] = self._page(page, sites, floors, least)
        return found, least

    def _sites(self, stack: contextlib.ExitStack, targets: dict[int, Target]) -> dict[str, Timed]:
        most, sites = self.people[-1], {}
        for size in self.people:
            sites[f"{size}"] = (f"people_{size}", targets[size], "")
        for off in ALL_OFF:
            sites[f"{off} off"] = (f"people_{most}_{off}", targets[most], off)
        return {
            name: stack.enter_context(_site(self._environment(dbname), target, off))
            for name, (dbname, target, off) in sites.items()
        }

    @contextlib.contextmanager
    def _floor(self, size: int, target: Target) -> Iterator[Floor]:
        tokens = databases.tokens_of(self.cluster, f"people_{size}", target.case)
        url = role_url(SIDE, "APP", self.var, dbname=f"people_{size}_wall")
        with contextlib.closing(Floor(url, target, tokens)) as floor:
            yield floor

    def _page(
        self, page: str, sites: dict[str, Timed], floors: dict[int, Floor], least: dict[str, float]
    ) -> dict[str, Any]:
        looks = {name: site.ask(do="look", page=page) for name, site in sites.items()}
        variants: dict[str, Callable[[], float]] = {
            name: partial(site.seconds, page, self.openings) for name, site in sites.items()
        }
        for size, floor in floors.items():
            variants[f"floor {size}"] = partial(floor.time, page, FLOOR_OPENINGS)
        for warm in variants.values():
            warm()
        most = f"{self.people[-1]}"
        took = compare(variants, lambda: sites[most].ask(do="canary"), self.rounds, least)
        worked = {name: median(site.worked[page]) for name, site in sites.items()}
        return {**_summary(took, looks, self.people), **_work(worked, self.people)}


def _summary(took: Comparison, looks: dict[str, Any], people: list[int]) -> dict[str, Any]:
    least, most = f"{people[0]}", f"{people[-1]}"
    return {
        "ms": {name: [1000 * took.median(name), 1000 * took.minimum(name)] for name in took.times},
        "growth": took.ratio(most, least),
        "over_floor": took.ratio(most, f"floor {most}"),
        "floor_growth": took.ratio(f"floor {most}", f"floor {least}"),
        "wall": took.ratio(most, "wall off"),
        "encryption": took.ratio(most, "encryption off"),
        "queries": {name: look["queries"] for name, look in looks.items()},
        "bytes": {name: look["bytes"] for name, look in looks.items()},
        "decrypted": looks[most]["decrypted"],
        "rounds": took.rounds,
        "discarded": took.discarded,
        "canaries": took.canaries,
    }


def _work(worked: dict[str, float], people: list[int]) -> dict[str, Any]:
    """Processor time of the site's process: steadier than time on a machine that others share."""
    least, most = worked[f"{people[0]}"], worked[f"{people[-1]}"]
    return {
        "work_ms": {name: 1000 * took for name, took in worked.items()},
        "work_growth": most / least,
        "work_wall": most / worked["wall off"],
        "work_encryption": most / worked["encryption off"],
    }


def _own_facilitator(accounts: list[Account]) -> Account:
    """One more facilitator, who runs the group of twelve and no other."""
    like = next(one for one in accounts if one.role == Role.FACILITATOR)
    return replace(
        like,
        email=OWN_FACILITATOR,
        name="Bodil Knirkelev (invented)",
        secret=b32encode(os.urandom(20)).decode(),
    )


def _child(words: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        env=environment,
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"“{' '.join(words)}” did not succeed; the reason stands above.")
    return done.stdout


class Timed:
    """A site in a process of its own that is asked line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.worked: dict[str, list[float]] = {}
        self.pages: list[str] = self._read()["pages"]

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None  # noqa: S101  # for the type checker
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("A site that was being measured stopped; the reason stands above.")
        found: dict[str, Any] = json.loads(line)
        return found

    def ask(self, **wish: Any) -> dict[str, Any]:
        """Send one wish and wait for its answer."""
        assert self.process.stdin is not None  # noqa: S101  # for the type checker
        self.process.stdin.write(json.dumps(wish) + "\n")
        self.process.stdin.flush()
        return self._read()

    def seconds(self, page: str, openings: int) -> float:
        """One turn of a page. What the process itself worked is kept in `worked`."""
        took = self.ask(do="time", page=page, times=openings)
        self.worked.setdefault(page, []).append(took["worked"])
        return float(took["seconds"])


@contextlib.contextmanager
def _site(environment: dict[str, str], target: Target, off: str) -> Iterator[Timed]:
    words = [str(target.case), str(target.session), *([off] if off else [])]
    process = subprocess.Popen(
        [sys.executable, "-m", "casewall.config.bench.pages", *words],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Timed(process)
    finally:
        process.communicate()
