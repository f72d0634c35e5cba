"""`casewall demo` and `casewall code`: everything with invented people, on this machine only.

Each step runs in the process that may do it: migrations and accounts as the owner, each script
in the process of its own side. This process starts them one after another and holds both
scripts only as long as it takes to write them down.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import hmac
import json
import os
import shutil
import struct
import sys
import time
from base64 import b32decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from casewall.config import serve
from casewall.config.cli import run_as, var_folder
from casewall.config.clusters import open_clusters, sides_to_start
from casewall.config.demo_steps import DemoRefused, Step, do_together, say
from casewall.config.embedded import Cluster
from casewall.services.load import shipped
from casewall.synthetic.accounts import draw_up, keep, kept
from casewall.synthetic.script import write_private, write_script
from casewall.synthetic.write import demonstration
from casewall.wall.sides import Side

SERVICE = "intervention-centre"
SEED = "casewall"
MARK = "demo.json"
"""In the folder of the state: what the demonstration made, and whether it was finished."""

LIVING_DAYS = 7
"""So many days back the workers' notices are still waiting."""


def demo(arguments: list[str]) -> int:
    """`casewall demo [--no-serve]`: make it once, say what there is, and serve the sites.

    Every other option is one of `casewall serve`.
    """
    parser = argparse.ArgumentParser(
        prog="casewall demo",
        parents=[serve.parser()],
        add_help=False,
        description="Casewall with invented people, on this machine.",
    )
    parser.add_argument("--no-serve", action="store_true", help="make it, but start no site")
    parser.add_argument(
        "--people", type=int, default=CASELOAD, metavar="N", help="persons of the caseload"
    )
    parser.add_argument("--no-cohort", action="store_true", help="without the published cohort")
    options = parser.parse_args(arguments)
    var = var_folder().absolute()
    os.environ["CASEWALL_VAR"], os.environ["CASEWALL_DEMO"] = str(var), "1"
    try:
        with _only_one(var):
            if not options.no_serve:
                serve.ports_of(options)
            made = make(var, people=options.people, cohort=not options.no_cohort)
            print(signs_in(var))
            print(f"\n{made}", flush=True)
            if options.no_serve:
                print("Start the sites with:  ./do casewall serve")
                return 0
            return serve.run(options)
    except (DemoRefused, serve.CannotServe) as problem:
        print(problem, file=sys.stderr)
        return 1


CASELOAD = 300
"""Persons of the present-day caseload beside the published cohort."""

ELSEWHERE = 0.7
"""The share of that number in each of the other services."""


# --- making it -----------------------------------------------------------------------------------


def make(
    var: Path,
    *,
    people: int = CASELOAD,
    cohort: bool = True,
    environ: Mapping[str, str] = os.environ,
) -> str:
    """Make the demonstration unless it is there; returns a sentence on what was done.

    Raises `DemoRefused` where real servers are configured or the databases hold something else.
    """
    if len(sides_to_start(environ)) < 2:
        raise DemoRefused(
            "The environment names database servers. The demonstration uses embedded databases "
            "only, so that invented people never stand beside real ones."
        )
    mark = read_mark(var)
    if mark.get("finished_at"):
        with open_clusters(var, environ=environ, fast=environ.get("CASEWALL_FAST") == "1"):
            _table()
        return (
            f"This is the demonstration that was made on {mark['finished_at'][:16]}; nothing was "
            "added. For a fresh one: ./do clean, then ./do demo."
        )
    if mark:
        _throw_away(var)
    elif any((var / side / "keys.json").exists() for side in ("programme", "safety")):
        raise DemoRefused(
            f"{var} holds databases that the demonstration did not make. Set CASEWALL_VAR to "
            "another folder, or remove them with ./do clean."
        )
    started = time.monotonic()
    write_private(var / MARK, json.dumps({"started_at": _now().isoformat()}))
    with open_clusters(var, environ=environ, fast=environ.get("CASEWALL_FAST") == "1"):
        _make_all(var, people, cohort)
    seconds = round(time.monotonic() - started)
    write_private(
        var / MARK,
        json.dumps(
            {"finished_at": _now().isoformat(), "seconds": seconds, "seed": SEED, "people": people}
        ),
    )
    return f"Made in {seconds} seconds. Every person in it is invented."


def _make_all(var: Path, people: int, cohort: bool) -> None:
    today = _now().date()
    cut = today - timedelta(days=LIVING_DAYS)
    say("Setting up both databases")
    do_together([[_step("owner", "migrate", "--side", side)] for side in Side])
    do_together([[_step("owner", "install-service", *shipped())]])
    say("Making accounts for every role")
    others = [service for service in shipped().values() if service.id != SERVICE]
    keep(var, draw_up(shipped()[SERVICE], *others))
    templates = _step("programme", "install-templates", *shipped())
    do_together([[templates], [_step("owner", "accounts")]])
    say("Inventing people and years of work with them, for five services")
    files = write_everything(var, today, cut, people, cohort)
    try:
        _live(var, files, cut)
    finally:
        for side in ("programme", "safety"):
            shutil.rmtree(var / side / "synthetic", ignore_errors=True)
    do_together([[_step("reporting", "figures-for-site", says="Computing the figures")]])
    _table()


def _live(var: Path, files: dict[str, list[Path]], cut: date) -> None:
    """Load the referral files, live through the years on each side, then through this week.

    The two sides have a lane each: nothing on one waits for the other but the work with partners,
    which pulls what the programme side has recorded about their service before.
    """
    do_together(_referrals(files))
    do_together([[_step("programme", "arrivals", says="Taking in what arrived for the programme")]])
    years: dict[Side, list[Step]] = {side: [] for side in Side}
    weeks: dict[Side, list[Step]] = {side: [] for side in Side}
    pulled = ("--pull-as-of", f"{cut.isoformat()}T06:00:00+01:00")
    for place, service in enumerate(files):
        name = shipped()[service].name
        more = ["--service", service, "--bulk", *(["--second-factors"] if place == 0 else [])]
        clients = str(_script(var, "programme", service, "history"))
        programme = _step("programme", "invent-programme", clients, *more,
                          says=f"Work with clients: {name}")  # fmt: skip
        partners = str(_script(var, "safety", service, "history"))
        years[Side.PROGRAMME].append(programme)
        years[Side.SAFETY].append(
            _step("safety", "invent-safety", partners, *more, *pulled, after=programme,
                  says=f"Work with partners: {name}")
        )  # fmt: skip
        for side in Side:
            week = str(_script(var, side, service, "week"))
            weeks[side].append(
                _step(side, f"invent-{side}", week, "--service", service,
                      says=f"This week on the {side} side: {name}")
            )  # fmt: skip
    do_together(list(years.values()))
    do_together(list(weeks.values()))
    do_together([[_step("safety", "pull", says="Pulling programme facts")]])
    do_together([[_step("programme", "arrivals")]])


def _referrals(files: dict[str, list[Path]]) -> list[list[Step]]:
    """The referral files in two lanes, those of one service in the same."""
    lanes: list[list[Step]] = [[], []]
    for service, some in files.items():
        lane = min(lanes, key=len)
        says = f"Loading referrals to {shipped()[service].name}"
        lane += [_step("safety", "refer", str(file), "--service", service, says=says)
                 for file in some]  # fmt: skip
    return lanes


def write_everything(
    var: Path, today: date, cut: date, people: int, cohort: bool = True
) -> dict[str, list[Path]]:
    """Write the referral files and both scripts of each service, each script in two parts.

    Returns the files by service, in private folders.
    """
    files: dict[str, list[Path]] = {}
    for service in sorted(shipped().values(), key=lambda one: one.id != SERVICE):
        number = people if service.id == SERVICE else round(people * ELSEWHERE)
        made = demonstration(SEED, service, today, people=number, with_cohort=cohort)
        for name, text in made.files.items():
            # A file names both parties: it lies on the safety side, as when it is sent.
            path = var / "safety" / "synthetic" / f"{service.id}-{name}"
            files.setdefault(service.id, []).append(path)
            write_private(path, text)
        for side, script in (("programme", made.programme), ("safety", made.safety)):
            write_script(_script(var, side, service.id, "history"), script.until(cut))
            write_script(_script(var, side, service.id, "week"), script.since(cut))
    return files


def _script(var: Path, side: str, service: str, part: str) -> Path:
    return var / side / "synthetic" / f"{service}-{part}.jsonl"


def _step(site: str, *words: str, says: str = "", after: Step | None = None) -> Step:
    return Step(site, words, says, after)


def _table() -> None:
    """The Danish figures, as anybody can print them again."""
    print(flush=True)
    if run_as("reporting", ["report", SERVICE]) != 0:
        raise DemoRefused("The figures could not be computed; the reason stands above.")


def _now() -> datetime:
    return datetime.now().astimezone()


# --- what is there already -----------------------------------------------------------------------


def read_mark(var: Path) -> dict[str, Any]:
    """What the demonstration noted about itself; nothing where there is none."""
    path = var / MARK
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Two demonstrations at once would load everything twice."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (var / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoRefused("Another demonstration is being made or served here.") from None
        yield


def _throw_away(var: Path) -> None:
    """Remove what an interrupted demonstration left; everything in it is invented."""
    print("An earlier demonstration was interrupted; it is made afresh.")
    for side in ("programme", "safety"):
        if (var / side).exists() and not Cluster(var / side).stop_if_unused():
            raise DemoRefused(
                f"The {side} database of the interrupted demonstration is still in "
                "use. Stop what uses it, or run ./do clean."
            )
    for name in ("programme", "safety", "site", "front_door", "reporting", "reports"):
        shutil.rmtree(var / name, ignore_errors=True)
    (var / MARK).unlink()


# --- signing in ----------------------------------------------------------------------------------


def signs_in(var: Path) -> str:
    """Who can sign in where, in a table for people."""
    lines = [
        "",
        "Sign in with one of these invented accounts. Password of all of them:",
        "",
        f"    {kept(var, Side.PROGRAMME)[0].password}",
        "",
        "The site then asks for a code: `./do code EMAIL` prints the code of the moment.",
        "",
    ]
    for side in Side:
        lines.append(f"  The {side} site")
        accounts = kept(var, side)
        wide = max((len(one.email) for one in accounts), default=0)
        lines += [
            f"    {one.email:<{wide}}  {one.role.replace('_', ' '):<24} {one.sees}"
            for one in accounts
        ]
    return "\n".join(lines)


def code(arguments: list[str]) -> int:
    """`casewall code EMAIL`: the second factor of an invented account, as it is now."""
    parser = argparse.ArgumentParser(prog="casewall code")
    parser.add_argument("email")
    wanted = parser.parse_args(arguments).email.strip().lower()
    var = var_folder()
    if not read_mark(var):
        print(
            "There is no demonstration here. Codes of real accounts are made by their owners' "
            "own devices only.",
            file=sys.stderr,
        )
        return 1
    accounts = [one for side in Side for one in kept(var, side)]
    for one in accounts:
        if one.email == wanted:
            print(time_code(one.secret, time.time()))
            return 0
    known = ", ".join(one.email for one in accounts)
    print(f"{wanted} is no account of this demonstration. There are: {known}.", file=sys.stderr)
    return 1


def time_code(secret: str, moment: float) -> str:
    """Six digits of the half minute of `moment` (seconds since the epoch): RFC 6238, SHA-1."""
    counter = struct.pack(">Q", int(moment) // 30)
    digest = hmac.new(b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
