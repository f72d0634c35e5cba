"""`casewall serve`: all sites of this machine, each a process of its own, until Ctrl-C.

Each process gets its own variables and nothing else (`clusters.GIVEN`), and can open its own
folder and the code, and nothing else (`confine`). Two more processes do each side's background
work at a fixed cadence.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from casewall.config.cli import ROOT, environment_of, run_as, var_folder
from casewall.config.clusters import open_clusters, sides_to_start
from casewall.wall.cadence import Stop

HOST = "127.0.0.1"
STARTING_SECONDS = 90
STOPPING_SECONDS = 15
QUICK_SECONDS = 20
MOST_QUICK_ENDS = 3
"""A process that ended so often soon after its start is not started again."""

RUN_AS = "CASEWALL_RUN_AS"


class CannotServe(RuntimeError):
    """The sites cannot be started; the message says why in a sentence."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site that serves pages: its name, what people call it, where it listens by default."""

    name: str
    title: str
    port: int


SITES = (
    Site("programme", "Programme site", 8001),
    Site("safety", "Safety site", 8002),
    Site("front_door", "Front door", 8003),
)


@dataclass(slots=True)
class Child:
    """A process that is kept running."""

    title: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    quick_ends: int = field(default=0)

    def start(self) -> None:
        """Start it, away from the terminal's Ctrl-C: it is stopped by its own number only."""
        with self.log.open("ab") as log:
            self.log.chmod(0o600)
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                cwd=self.folder,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def ended(self) -> int | None:
        """The exit code, or None while it runs."""
        return self.process.poll() if self.process else None

    def ask_to_stop(self) -> None:
        """Ask it to end."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Wait for its end; at `until` (monotonic) end it and the workers that it started."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.end_workers()

    def end_workers(self) -> None:
        """End what it started and left behind: a worker of its own would keep the port."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)  # its session is its own

    def last_words(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-8:])


def parser() -> argparse.ArgumentParser:
    """The options, which `demo` takes as well."""
    found = argparse.ArgumentParser(
        prog="casewall serve", description="All sites on this machine, until Ctrl-C."
    )
    for site in SITES:
        found.add_argument(
            f"--{site.name.replace('_', '-')}-port",
            type=int,
            default=site.port,
            metavar="N",
            help=f"where the {site.title.lower()} listens ({site.port})",
        )
    found.add_argument(
        "--every",
        type=int,
        metavar="SECONDS",
        help="the cadence of the background work "
        "(CASEWALL_PULL_SECONDS, or 300; 30 in a demonstration)",
    )
    return found


def ports_of(options: argparse.Namespace) -> dict[str, int]:
    """The port of each site. Raises `CannotServe` where one is taken or named twice."""
    ports = {site.name: getattr(options, f"{site.name}_port") for site in SITES}
    if len(set(ports.values())) < len(ports):
        raise CannotServe("Two sites cannot listen at the same port.")
    for name, port in ports.items():
        if not _is_free(port):
            raise CannotServe(
                f"Port {port} on {HOST} is taken. Choose another one with "
                f"--{name.replace('_', '-')}-port N."
            )
    return ports


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return False
    return True


def serve(arguments: list[str]) -> int:
    """`casewall serve`."""
    try:
        return run(parser().parse_args(arguments))
    except CannotServe as problem:
        print(problem, file=sys.stderr)
        return 1


def run(options: argparse.Namespace) -> int:
    """Start everything, say where it is, and keep it running until asked to stop.

    Raises `CannotServe` where that is not possible.
    """
    var = var_folder().absolute()
    os.environ["CASEWALL_VAR"] = str(var)
    is_demo = (var / "demo.json").exists()
    if is_demo:
        os.environ["CASEWALL_DEMO"] = "1"
    every = options.every or int(
        os.environ.get("CASEWALL_PULL_SECONDS", "30" if is_demo else "300")
    )
    stop, ports = Stop(), ports_of(options)
    with open_clusters(var, fast=os.environ.get("CASEWALL_FAST") == "1"):
        if not is_demo and sides_to_start(os.environ) and run_as("owner", ["migrate"]) != 0:
            raise CannotServe("The databases could not be brought up to date; see above.")
        stop.listen()
        return _keep_running(var, ports, every, stop)


def _keep_running(var: Path, ports: Mapping[str, int], every: int, stop: Stop) -> int:
    collect_static(var)
    children = list(_children(var, ports, every))
    try:
        for child in children:
            child.start()
        _wait_for_answers(children, ports, stop)
        if not stop.within(0):
            _say_where(ports, var)
        while not stop.within(1):
            _start_again(children)
        print("Stopping …", flush=True)
        return 0
    finally:
        for child in children:
            child.ask_to_stop()
        until = time.monotonic() + STOPPING_SECONDS
        for child in children:
            child.wait(until)


def _children(var: Path, ports: Mapping[str, int], every: int) -> Iterator[Child]:
    for site in SITES:
        server = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            HOST,
            "--port",
            str(ports[site.name]),
            "--workers",
            "1",
            "--blocking-threads",
            "4",
            "--no-ws",
            "--log-level",
            "warning",
            "casewall.config.wsgi:application",
        ]
        yield _child(site.title, site.name, var, server, _address_known_to(site.name, ports))
    for title, name, verb in (
        ("Taking in what arrives", "programme", "arrivals"),
        ("Pulling programme facts", "safety", "pull"),
        ("Sending messages to partners", "safety", "send-messages"),
    ):
        work = [sys.executable, "-m", "casewall", verb, "--every", str(every)]
        yield _child(title, name, var, work, {RUN_AS: name})


def _child(
    title: str, site: str, var: Path, command: Sequence[str], more: Mapping[str, str]
) -> Child:
    environment = {
        **environment_of(site, var),
        "CASEWALL_STATIC_ROOT": str(_static(site, var)),
        "PYTHONPATH": str(ROOT),
        **more,
    }
    own = var / "site" / site
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    confined = [sys.executable, "-m", "casewall.config.confine", "--site", site, "--var", str(var)]
    issuers = environment.get(f"CASEWALL_{site.upper()}_ISSUERS")
    if issuers:
        # The site asks its agencies' issuers, so that it must be able to connect.
        confined += ["--read", issuers]
    elif environment.get("CASEWALL_EMBEDDED") == "1":
        confined.append("--no-connect")
    if site == "safety":
        # A place that is not there when a process is confined stays closed to it for good.
        reports = var / "safety" / "reports"
        reports.mkdir(mode=0o700, parents=True, exist_ok=True)
        confined += ["--read", str(reports)]
    log = var / "site" / f"{site}-{_log_name(more, command)}.log"
    return Child(title, [*confined, "--", *command], environment, own, log)


def _log_name(more: Mapping[str, str], command: Sequence[str]) -> str:
    """`site` for a site; for background work its verb, which each process of a site has alone."""
    return command[command.index("casewall") + 1] if RUN_AS in more else "site"


def _address_known_to(site: str, ports: Mapping[str, int]) -> dict[str, str]:
    """The front door's address, for the sites whose pages lead there; what an operator set wins."""
    name = "CASEWALL_FRONT_DOOR_ADDRESS"
    here = f"http://{HOST}:{ports['front_door']}"
    return {name: os.environ.get(name) or here} if site != "front_door" else {}


def _static(site: str, var: Path) -> Path:
    return var / "site" / site / "static"


def collect_static(var: Path) -> None:
    """Collect each site's style sheets, scripts and fonts into its own folder, if they changed.

    Raises `CannotServe` where that fails.
    """
    now = _stamp(ROOT / "casewall")
    collecting: dict[str, subprocess.Popen[bytes]] = {}
    for site in SITES:
        folder = _static(site.name, var)
        stamp = folder.parent / "static.stamp"
        if folder.is_dir() and stamp.exists() and stamp.read_text() == now:
            continue
        environment = environment_of(site.name, var)
        environment |= {"CASEWALL_STATIC_ROOT": str(folder), "PYTHONPATH": str(ROOT)}
        collecting[site.name] = subprocess.Popen(
            [sys.executable, "-m", "django", "collectstatic", "--noinput", "--clear", "-v", "0"],
            env=environment,
        )
    codes = {name: process.wait() for name, process in collecting.items()}
    for name, code in codes.items():
        if code != 0:
            raise CannotServe(f"The {name} site's style sheets could not be collected; see above.")
        (_static(name, var).parent / "static.stamp").write_text(now)


def _stamp(package: Path) -> str:
    """What the static files of the package look like: their names, sizes and times."""
    told = hashlib.sha256()
    for path in sorted(package.glob("**/static/**/*")):
        if path.is_file():
            state = path.stat()
            told.update(f"{path}:{state.st_size}:{state.st_mtime_ns}\n".encode())
    return told.hexdigest()


def _wait_for_answers(children: Iterable[Child], ports: Mapping[str, int], stop: Stop) -> None:
    """Wait until every site answers. Raises `CannotServe` where a process ended or is silent."""
    until = time.monotonic() + STARTING_SECONDS
    waiting = dict(ports)
    while waiting and not stop.within(0.2):
        for child in children:
            if child.ended() is not None:
                raise CannotServe(
                    f"{child.title} ended at once. The end of {child.log}:\n{child.last_words()}"
                )
        waiting = {name: port for name, port in waiting.items() if not _answers(port)}
        if time.monotonic() > until:
            raise CannotServe(
                f"No answer within {STARTING_SECONDS} seconds from: {', '.join(waiting)}."
            )


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def _say_where(ports: Mapping[str, int], var: Path) -> None:
    print("\nThe sites answer at:")
    for site in SITES:
        print(f"  {site.title:<16} http://{HOST}:{ports[site.name]}/")
    print(f"What they report is in {var / 'site'}. Stop everything with Ctrl-C.", flush=True)


def _start_again(children: Iterable[Child]) -> None:
    """Start what has ended. Raises `CannotServe` for what ends again and again."""
    for child in children:
        code = child.ended()
        if code is None:
            continue
        quick = time.monotonic() - child.started_at < QUICK_SECONDS
        child.quick_ends = child.quick_ends + 1 if quick else 0
        if child.quick_ends >= MOST_QUICK_ENDS:
            raise CannotServe(
                f"{child.title} ends again and again. The end of {child.log}:\n{child.last_words()}"
            )
        child.end_workers()
        print(f"{child.title} has ended (code {code}) and is started again.", file=sys.stderr)
        child.start()
