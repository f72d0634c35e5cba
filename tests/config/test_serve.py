"""What `casewall serve` says before it starts anything, and how it keeps processes running."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from casewall.config import serve
from casewall.config.clusters import GIVEN


@pytest.fixture
def taken() -> object:
    with socket.socket() as listener:
        listener.bind((serve.HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_named_with_the_option_that_changes_it(
    taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve.serve(["--safety-port", str(taken)]) == 1
    said = capsys.readouterr().err
    assert f"Port {taken} on 127.0.0.1 is taken." in said
    assert "--safety-port N" in said


def test_two_sites_at_one_port_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert serve.serve(["--safety-port", "8001"]) == 1
    assert "Two sites" in capsys.readouterr().err


def test_each_process_is_confined_and_given_its_own_variables_only(var: Path) -> None:
    ports = {site.name: site.port for site in serve.SITES}
    children = list(serve._children(var, ports, 30))
    assert len(children) == 6
    assert len({child.log for child in children}) == len(children)
    for child in children:
        site = child.command[child.command.index("--site") + 1]
        assert "casewall.config.confine" in child.command
        secrets = {
            name
            for name in child.environment
            if name.startswith("CASEWALL_") and name.endswith(("_URL", "_KEY", "_SECRET"))
        }
        assert secrets <= set(GIVEN[site])
        assert child.folder == var / "site" / site


def child(command: Sequence[str], tmp_path: Path) -> serve.Child:
    return serve.Child("Something", command, {}, tmp_path, tmp_path / "log")


def test_a_process_that_ends_is_started_again_but_not_for_ever(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ends = child([sys.executable, "-c", "print('no luck', flush=True)"], tmp_path)
    ends.start()
    for _ in range(serve.MOST_QUICK_ENDS - 1):
        assert ends.process is not None
        ends.process.wait(30)
        serve._start_again([ends])
    assert ends.process is not None
    ends.process.wait(30)
    with pytest.raises(serve.CannotServe, match=r"(?s)again and again.*no luck"):
        serve._start_again([ends])
    assert capsys.readouterr().err.count("is started again") == serve.MOST_QUICK_ENDS - 1


def test_a_process_that_does_not_listen_is_ended_by_force(tmp_path: Path) -> None:
    deaf = child(
        [
            sys.executable,
            "-c",
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
            "print('ready', flush=True); time.sleep(600)",
        ],
        tmp_path,
    )
    deaf.start()
    until = time.monotonic() + 30
    while "ready" not in deaf.log.read_text() and time.monotonic() < until:
        time.sleep(0.05)
    deaf.ask_to_stop()
    deaf.wait(time.monotonic() + 0.3)
    assert deaf.ended() == -9


def test_a_process_that_ends_while_it_starts_is_told_with_its_last_words(tmp_path: Path) -> None:
    ends = child([sys.executable, "-c", "raise SystemExit('the urls are missing')"], tmp_path)
    ends.start()
    with pytest.raises(serve.CannotServe, match=r"(?s)ended at once.*the urls are missing"):
        serve._wait_for_answers([ends], {"programme": 1}, serve.Stop())


def test_workers_that_a_process_left_behind_are_ended_with_it(tmp_path: Path) -> None:
    leaves = child(
        [
            sys.executable,
            "-c",
            "import subprocess, sys;"
            "left = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
            "print(left.pid, flush=True)",
        ],
        tmp_path,
    )
    leaves.start()
    assert leaves.process is not None
    leaves.process.wait(30)
    left = int(leaves.log.read_text())
    assert Path(f"/proc/{left}").exists()
    leaves.end_workers()
    until = time.monotonic() + 30
    while running(left) and time.monotonic() < until:
        time.sleep(0.05)
    assert not running(left)
    leaves.end_workers()


def running(number: int) -> bool:
    """Whether a process runs; one that has ended may still wait to be noticed (Z)."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
