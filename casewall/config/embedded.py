"""A private PostgreSQL cluster that needs no administrator, for demonstration and tests.

One folder (the *home*) holds one cluster::

    home/ (0700)   data/          PostgreSQL's own files
                   run/ (0700)    the socket; nothing listens on a network port
                   super.pw       the superuser's password (0600)
                   start.lock     held while somebody starts or stops the server
                   users.lock     held, shared, by every process that uses the server
                   socket, log    where the socket is; what the server said

The locks are kernel locks, so a process that dies without a word gives them back. The last
process to leave stops the server. Real installations give URLs instead and never come here.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import signal
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import psycopg

from casewall.config.binaries import (
    MAPPED_USER,
    EmbeddedError,
    binaries,
    last_words,
    mapping_works,
    ordinary_account,
    run_bare,
    server_version,
)

__all__ = ["SUPERUSER", "Cluster", "EmbeddedError", "connection_url", "write_private"]

SUPERUSER = "postgres"
# The kernel allows 107 bytes on Linux and 103 on macOS for the path of a socket.
LONGEST_SOCKET_PATH = 100
PLAIN_PATH = re.compile(r"[A-Za-z0-9_./+-]+")
START_SECONDS = 300  # a long crash recovery is not a failure
STOP_SECONDS = 60
LARGEST_LOG = 10_000_000

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "128MB",
    # In the home and not in the machine's shared folder, which a container may lack and which
    # every process of the account may read.
    "dynamic_shared_memory_type": "mmap",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    # Statements, parameters and the details of an error can hold a person's name.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """One embedded cluster, shared by every process that starts it.

    Args:
        home: the folder that holds it; made with mode 0700 on the first start.
        port: names the socket file only; nothing listens on the network.
        settings: PostgreSQL settings that win over this module's own.
        fast: for tests; a crash of the machine may then lose the cluster.
    """

    def __init__(
        self,
        home: Path,
        *,
        port: int = 5432,
        settings: Mapping[str, str] | None = None,
        fast: bool = False,
    ) -> None:
        self.home = Path(home).resolve()
        self.port = port
        self._settings = SETTINGS | (FAST_SETTINGS if fast else {}) | dict(settings or {})
        self._users: int | None = None
        self._pid_of_user = 0

    def __enter__(self) -> Cluster:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def socket_dir(self) -> Path:
        """Folder of the socket: ``run/``, or a short private folder if that path is too long."""
        recorded = self.home / "socket"
        return Path(recorded.read_text()) if recorded.is_file() else self._choose_socket_dir()

    def superuser_url(self, dbname: str = "postgres") -> str:
        """URL of the superuser. For making roles and databases; no site process gets it."""
        password = (self.home / "super.pw").read_text()
        return connection_url(SUPERUSER, password, dbname, self.socket_dir, self.port)

    def start(self) -> None:
        """Make the cluster if there is none, start its server if it is down, and stay a user.

        Raises:
            EmbeddedError: with the reason in one sentence, and the server's last words.
        """
        if sys.platform == "win32":
            raise EmbeddedError("The embedded server does not run on Windows: give URLs instead.")
        self._make_home()
        with self._locked():
            already_user = self._users is not None
            if not already_user:
                self._join()
            try:
                self._create()
                if not self._answers():
                    self._stop_silent_server()
                    self._launch()
            except BaseException:
                if not already_user:
                    self._leave()
                raise

    def stop(self) -> None:
        """Stop being a user; the last one stops the server. Calling it twice is harmless."""
        if self._users is None:
            return
        if self._pid_of_user != os.getpid():  # a forked child: the lock is its parent's too
            self._leave()
            return
        with self._locked():
            self._leave()
            if self._alone():
                self._shut_down()

    def stop_if_unused(self) -> bool:
        """Stop a server that a killed process left behind. False while somebody uses it."""
        if not (self.home / "start.lock").exists():
            return True
        with self._locked():
            if not self._alone():
                return False
            self._shut_down()
            return True

    # --- who uses it ---------------------------------------------------------------------

    def _make_home(self) -> None:
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            owner = self.home.stat().st_uid
            if os.geteuid() not in (0, owner):
                raise PermissionError
            self.home.chmod(0o700)
        except PermissionError:
            raise EmbeddedError(
                f"The database folder {self.home} belongs to another account: run this as that"
                " account, or delete the folder to begin anew."
            ) from None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = self._open_lock("start.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _open_lock(self, name: str) -> int:
        path = self.home / name
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._give_to_owner(path)
        return descriptor

    def _join(self) -> None:
        descriptor = self._open_lock("users.lock")
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        self._users, self._pid_of_user = descriptor, os.getpid()

    def _leave(self) -> None:
        # Closing, not unlocking: a forked child that still runs stays a user.
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def _alone(self) -> bool:
        descriptor = self._open_lock("users.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
        return True

    # --- making it -----------------------------------------------------------------------

    @property
    def _files(self) -> Path:
        return self.home / "data"

    def _create(self) -> None:
        if (self._files / "PG_VERSION").is_file():
            return
        _, version = server_version(binaries())
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        password_file = self.home / "super.pw"
        password_file.unlink(missing_ok=True)
        prefix, identity = self._identity()
        write_private(password_file, secrets.token_urlsafe(32))
        self._give_to_owner(password_file)
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale"]
            if version >= 17
            else ["--locale=C.UTF-8"]
        )
        arguments = [
            f"--pgdata={fresh}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--data-checksums",
            "--no-sync",
            *locale,
        ]
        made = run_bare([*prefix, str(binaries() / "initdb"), *arguments], identity)
        if made.returncode:
            raise EmbeddedError(
                f"The database in {self.home} could not be made. {last_words(made)}"
            )
        # Whoever reads a half-made cluster has read data.new, never data.
        fresh.rename(self._files)

    def _identity(self) -> tuple[list[str], dict[str, Any]]:
        """How to run a program that refuses root: (words before it, arguments of ``run``)."""
        if os.geteuid() != 0:
            return [], {}
        home = self.home.stat()
        if home.st_uid == 0:
            if mapping_works():
                return MAPPED_USER, {}
            if self._files.exists():
                raise EmbeddedError(
                    f"PostgreSQL refuses to run as root, and {self.home} belongs to root: run"
                    " this as an ordinary user, or where user namespaces are allowed."
                )
            for path in (self.home, *self.home.iterdir()):
                os.chown(path, 1, 1)
            home = self.home.stat()
        if found := ordinary_account(home.st_uid, home.st_gid, self.home):
            return found
        raise EmbeddedError(
            "PostgreSQL refuses to run as root, and the ordinary account with the number"
            f" {home.st_uid} cannot reach {self.home} or {binaries()}: move the checkout to"
            " a folder that everybody may enter, or run this as an ordinary user."
        )

    def _give_to_owner(self, path: Path) -> None:
        if os.geteuid() == 0 and (home := self.home.stat()).st_uid != 0:
            os.chown(path, home.st_uid, home.st_gid)

    # --- running it ----------------------------------------------------------------------

    def _launch(self) -> None:
        name, version = server_version(binaries())
        made_by = (self._files / "PG_VERSION").read_text().strip()
        if made_by != str(version):
            raise EmbeddedError(
                f"The database in {self.home} was made by PostgreSQL {made_by}, and {name} cannot"
                " read it: point LOCALDB_BIN at the older version, take a backup, and restore it."
            )
        if not (self.home / "super.pw").is_file():
            raise EmbeddedError(f"The password file super.pw is missing from {self.home}.")
        prefix, identity = self._identity()
        sockets = self._prepare_socket_dir()
        self._clear_stale_locks(sockets)
        self._configure(sockets)
        log = self.home / "log"
        if log.is_file() and log.stat().st_size > LARGEST_LOG:
            log.replace(self.home / "log.old")
        log.touch(mode=0o600)
        self._give_to_owner(log)
        words = [f"--pgdata={self._files}", f"--log={log}", f"--timeout={START_SECONDS}", "--wait"]
        began = log.stat().st_size
        started = run_bare([*prefix, str(binaries() / "pg_ctl"), "start", *words], identity)
        if started.returncode or not self._answers():
            said = log.read_text(errors="replace")[began:].strip().splitlines()[-5:]
            reason = " | ".join(said) or last_words(started)
            raise EmbeddedError(f"The database in {self.home} did not start. {reason}")

    def _configure(self, sockets: Path) -> None:
        chosen = self._settings | {
            "unix_socket_directories": str(sockets),
            "port": str(self.port),
        }
        lines = [f"{name} = {_quoted(value)}" for name, value in sorted(chosen.items())]
        for path, text in (
            (self._files / "postgresql.conf", "\n".join(lines)),
            (
                self._files / "pg_hba.conf",
                "local all all scram-sha-256\nlocal replication all scram-sha-256",
            ),
        ):
            write_private(path, text + "\n")
            self._give_to_owner(path)

    def _choose_socket_dir(self) -> Path:
        inside = self.home / "run"
        path = f"{inside}/.s.PGSQL.{self.port}.lock"
        if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(path):
            return inside
        key = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        owner = self.home.stat().st_uid if self.home.exists() else os.geteuid()
        if runtime and Path(runtime).is_dir() and Path(runtime).stat().st_uid == owner:
            return Path(runtime) / f"casewall-{key}"
        return Path(tempfile.gettempdir()) / f"casewall-{owner}-{key}"

    def _prepare_socket_dir(self) -> Path:
        folder = self._choose_socket_dir()
        folder.mkdir(mode=0o700, exist_ok=True)
        self._give_to_owner(folder)
        found = folder.lstat()
        # In a shared temporary folder somebody else may have taken the name first.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.home.stat().st_uid:
            raise EmbeddedError(f"The folder {folder} is not ours, so no socket is put into it.")
        folder.chmod(0o700)
        write_private(self.home / "socket", str(folder))
        self._give_to_owner(self.home / "socket")
        return folder

    def _answers(self) -> bool:
        if self._postmaster() is None:
            return False
        try:
            psycopg.connect(self.superuser_url(), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            if "starting up" not in str(error):
                return False
            return self._wait(self._accepts, START_SECONDS)
        return True

    def _accepts(self) -> bool:
        try:
            psycopg.connect(self.superuser_url(), connect_timeout=10).close()
        except psycopg.OperationalError:
            return False
        return True

    def _postmaster(self) -> int | None:
        """Number of the running server of *this* folder; a number that was reused is not it."""
        try:
            pid = int((self._files / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return pid if self._works_here(pid) else None

    def _works_here(self, pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/cwd").samefile(self._files)
        except PermissionError:
            # In a container root may not see where another account's process is, but what it is.
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                return os.fsencode(self._files) in words
            return False
        except OSError:
            if Path("/proc/self/cwd").exists():
                return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True

    def _clear_stale_locks(self, sockets: Path) -> None:
        """After a killed server: wait for its children, then forget its number.

        PostgreSQL refuses to start while the number in its lock files belongs to any process of
        the same account, which after a restart of a container it often does, and which a killed
        server that nobody has collected yet still does.
        """
        if not Path("/proc/self/cwd").exists():
            return
        if self._wait(lambda: not any(self._works_here(pid) for pid in _pids()), 30):
            (self._files / "postmaster.pid").unlink(missing_ok=True)
            (sockets / f".s.PGSQL.{self.port}.lock").unlink(missing_ok=True)

    def _stop_silent_server(self) -> None:
        if self._postmaster() is None:
            return
        self._leave()
        alone = self._alone()
        self._join()
        if not alone:
            raise EmbeddedError(
                f"The database in {self.home} runs but does not answer at {self.socket_dir}; stop"
                " the other commands that use it and try again."
            )
        self._shut_down()

    def _shut_down(self) -> None:
        for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 10)):
            pid = self._postmaster()
            if pid is None:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
            if self._wait(lambda: self._postmaster() is None, seconds):
                return
        raise EmbeddedError(f"The server of {self.home} does not stop.")

    @staticmethod
    def _wait(reached: Callable[[], bool], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True


def connection_url(role: str, password: str, dbname: str, socket_dir: Path, port: int) -> str:
    """URL that psycopg and Django's settings read; the socket's folder is its ``host``."""
    return (
        f"postgresql://{quote(role, safe='')}:{quote(password, safe='')}@/{quote(dbname, safe='')}"
        f"?host={quote(str(socket_dir), safe='/')}&port={port}"
    )


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def main(arguments: list[str]) -> int:
    """``python -m casewall.config.embedded stop HOME…``: stop servers that nobody uses."""
    if arguments[:1] != ["stop"]:
        sys.stderr.write(f"{main.__doc__}\n")
        return 2
    in_use = [home for home in arguments[1:] if not Cluster(Path(home)).stop_if_unused()]
    for home in in_use:
        sys.stderr.write(f"The database in {home} is in use: stop the running command first.\n")
    return 1 if in_use else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
