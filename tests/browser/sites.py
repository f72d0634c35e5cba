"""The sites as they run for people: confined processes, each with its own environment only."""

from __future__ import annotations

import http.client
import os
import socket
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path

from casewall.config.cli import ROOT, environment_of
from casewall.config.serve import Child, collect_static

STARTS_WITHIN = 60.0
STOPS_WITHIN = 10.0


def surroundings() -> dict[str, str]:
    """What a site is started from: nothing of the tests' own settings.

    Coverage is measured where views are tested; a site under measurement is half as fast.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CASEWALL_", "COVERAGE", "COV_", "DJANGO_", "PYTEST"))
    }
    return {**kept, "CASEWALL_FAST": "1"}


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sites:
    """Addresses of the sites; each is started when it is first asked for, and stopped at the end
    by its own number."""

    def __init__(self, var: Path):
        self.var = var
        self._stack = ExitStack()
        self._addresses: dict[str, str] = {}

    def __enter__(self) -> Sites:
        collect_static(self.var)
        return self

    def __exit__(self, *args: object) -> None:
        self._stack.close()

    def __getitem__(self, site: str) -> str:
        if site not in self._addresses:
            self._addresses[site] = self._start(site)
        return self._addresses[site]

    def _start(self, site: str) -> str:
        port, own = free_port(), self.var / "site" / site
        child = Child(
            site,
            self._command(site, port),
            self._environment(site),
            own,
            own.parent / f"{site}-site.log",
        )
        child.start()
        self._stack.callback(_stop, child)
        _wait_for(port, child)
        return f"http://127.0.0.1:{port}"

    def _environment(self, site: str) -> dict[str, str]:
        return {
            **environment_of(site, self.var, surroundings()),
            "CASEWALL_STATIC_ROOT": str(self.var / "site" / site / "static"),
            "PYTHONPATH": str(ROOT),
        }

    def _command(self, site: str, port: int) -> list[str]:
        confined = [sys.executable, "-m", "casewall.config.confine", "--site", site]
        confined += ["--var", str(self.var), "--no-connect"]
        if site == "safety":
            reports = self.var / "safety" / "reports"
            reports.mkdir(mode=0o700, exist_ok=True)
            confined += ["--read", str(reports)]
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        server += ["--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-ws"]
        return [*confined, "--", *server, "casewall.config.wsgi:application"]


def _wait_for(port: int, child: Child) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert child.ended() is None, f"{child.title} did not start:\n{child.last_words()}"
        if _answers(port):
            return
        time.sleep(0.1)
    raise TimeoutError(f"{child.title} is silent:\n{child.last_words()}")


def _answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/closed/")
            with connection.getresponse() as answer:
                return answer.status == 200
        except OSError:
            return False


def _stop(child: Child) -> None:
    child.ask_to_stop()
    child.wait(time.monotonic() + STOPS_WITHIN)
