"""Loading a long referral file: time and memory of each command on the way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from casewall.config.bench.names import SEED, SERVICE
from casewall.config.cli import ROOT
from casewall.config.clusters import clean_environment
from casewall.services.load import shipped
from casewall.synthetic.canary import Canaries
from casewall.synthetic.families import Family, families
from casewall.synthetic.people import People
from casewall.synthetic.write import police_file

WEEKS = 104


def _couples(today: date) -> Iterator[Family]:
    """Invented families of a client and one partner."""
    inventor = People(Random(f"{SEED}:couples"))  # noqa: S311  # seeded
    for part in count(1):
        for family in families(
            f"{SEED}:couples:{part}",
            people=2000,
            first=today - timedelta(weeks=WEEKS),
            last=today - timedelta(days=1),
            inventor=inventor,
            first_number=part * 10_000,
        ):
            if family.client is not None and len(family.partners) == 1:
                yield family


def write_file(path: Path, rows: int, today: date) -> None:
    """A police list of so many rows, each of which names two parties."""
    made = [family for family, _ in zip(_couples(today), range(rows), strict=False)]
    path.write_text(police_file(made, shipped()[SERVICE], Canaries(SEED)), encoding="utf-8")


def environment(var: Path) -> dict[str, str]:
    """The environment of somebody who types a command, with the throwaway clusters in `var`."""
    return {**clean_environment(), "CASEWALL_VAR": str(var)}


def run(words: list[str], var: Path) -> dict[str, Any]:
    """Run one command as it is typed. Returns seconds, peak memory in bytes, and its last line.

    Memory is the most that any process of the command had resident at once, as the kernel counted
    it; the database server is not among them.
    """
    before = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "casewall", *words],
        env=environment(var),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101  # for the type checker
    with process.stdout as stream:
        said = stream.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    took = perf_counter() - before
    if process.returncode != 0:
        raise RuntimeError(f"“casewall {' '.join(words)}” did not succeed: {said[-500:]}")
    lines = said.strip().splitlines()
    return {
        "command": words[0],
        "seconds": took,
        "peak_bytes": used.ru_maxrss * 1024,
        "said": lines[-1] if lines else "",
    }


def measure(var: Path, folder: Path, rows: int, today: date) -> list[dict[str, Any]]:
    """Load a file, take it in on the programme side, and pull it twice."""
    file = folder / f"{rows}-two-party-rows.csv"
    write_file(file, rows, today)
    steps = [
        ("refer", ["refer", str(file), "--service", SERVICE]),
        ("refer again (all known)", ["refer", str(file), "--service", SERVICE]),
        ("arrivals", ["arrivals"]),
        ("pull", ["pull"]),
        ("pull again (nothing new)", ["pull"]),
    ]
    return [{"step": name, "rows": rows, **run(words, var)} for name, words in steps]
