"""Confines a process to the files that it needs, by the Linux kernel's Landlock.

The programme process runs under the same account as the safety process on a small site and in
the demonstration, so file modes do not keep it out of the other side's folder. This does: the
kernel refuses to open anything outside the given paths, for this process and for every process
that it starts, and nothing can lift it again. It also refuses to look into the memory or the
environment of a process outside (``/proc/…/environ``) and to send it a signal.

Landlock does not hide names, sizes and times from ``stat``, and connecting to a socket stays
possible: there the password decides. Where the two sides must not know each other's pace of
work either, they run on two machines.

    python -m casewall.config.confine --read PATH … --write PATH … -- COMMAND …
    python -m casewall.config.confine --site programme --var VAR -- COMMAND …
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

# The kernel's numbers (include/uapi/linux/landlock.h); the same on every architecture since 5.13.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION = 1
RULE_PATH_BENEATH = 1
NO_NEW_PRIVILEGES = 38

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REFER, TRUNCATE, DEVICE_CONTROL = 1 << 13, 1 << 14, 1 << 15
BASE_RIGHTS = (1 << 13) - 1  # every right that the first version of Landlock knows
MAKE_DEVICES = (1 << 6) | (1 << 11)
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE_CONTROL
READ = EXECUTE | READ_FILE | READ_DIR
CONNECT_TCP = 1 << 1
ABSTRACT_SOCKETS, SIGNALS = 1 << 0, 1 << 1

SYSTEM_READ = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64",
    "/etc/alternatives", "/etc/ca-certificates", "/etc/fonts", "/etc/group", "/etc/host.conf",
    "/etc/hosts", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types", "/etc/nsswitch.conf",
    "/etc/passwd", "/etc/pki", "/etc/resolv.conf", "/etc/services", "/etc/ssl", "/etc/timezone",
    "/dev/urandom", "/dev/random", "/dev/zero",
)  # fmt: skip
# Not /dev/shm: every process of the account leaves things there.
SYSTEM_WRITE = ("/dev/null",)


class _Ruleset(ctypes.Structure):
    _fields_ = [
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    ]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def landlock_version() -> int:
    """Version of Landlock in the running kernel; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_kernel().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ASK_VERSION)))


def confine(
    readable: Iterable[Path], writable: Iterable[Path], *, tcp_connect: bool = True
) -> bool:
    """Let this process open nothing but these paths and what lies below them, for good.

    Args:
        readable: may be read, listed and executed. A path that does not exist is left out.
        writable: may be read and changed as well.
        tcp_connect: False also refuses every outgoing TCP connection (kernels since 6.7).

    Returns:
        False where the kernel has no Landlock; nothing is restricted then.

    Raises:
        RuntimeError: the process has more than one thread; only the calling one would be bound.
        OSError: the kernel refused a step.
    """
    version = landlock_version()
    if not version:
        return False
    if sum(1 for _ in Path("/proc/self/task").iterdir()) > 1:
        raise RuntimeError("A process with several threads cannot confine all of them.")
    handled = BASE_RIGHTS
    for since, right in ((2, REFER), (3, TRUNCATE), (5, DEVICE_CONTROL)):
        handled |= right if version >= since else 0
    rules = _Ruleset(
        files=handled,
        network=CONNECT_TCP if version >= 4 and not tcp_connect else 0,
        scoped=ABSTRACT_SOCKETS | SIGNALS if version >= 6 else 0,
    )
    # An older kernel takes a shorter structure.
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    kernel = _kernel()
    ruleset = _checked(
        kernel.syscall(CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    )
    try:
        for path in readable:
            _allow(kernel, ruleset, path, READ & handled)
        for path in writable:
            _allow(kernel, ruleset, path, handled & ~MAKE_DEVICES)
        zero = ctypes.c_ulong(0)
        _checked(kernel.prctl(NO_NEW_PRIVILEGES, ctypes.c_ulong(1), zero, zero, zero))
        _checked(kernel.syscall(RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)
    return True


def site_paths(site: str, var: Path) -> tuple[list[Path], list[Path]]:
    """What a site process reads (system, Python, code) and writes (its own folder only).

    Its own folder is ``var/site/<site>``; the folders of the clusters, where the keys and the
    passwords are, are in neither list.

    Raises:
        RuntimeError: the state lies inside something that has to be readable, such as ``/usr``.
    """
    checkout = Path(__file__).resolve().parents[2]
    code = [checkout / "casewall"]
    python = [Path(prefix) for prefix in (sys.prefix, sys.base_prefix, sys.base_exec_prefix)]
    readable = [Path(path) for path in SYSTEM_READ] + python + code
    for path in readable:
        if var.resolve().is_relative_to(path.resolve()):
            raise RuntimeError(f"The folder {var} cannot be kept from a site: it is in {path}.")
    return readable, [Path(path) for path in SYSTEM_WRITE] + [_own_folder(site, var)]


def site_places(site: str, var: Path) -> dict[str, str]:
    """Variables that lead a confined site to its own folder, which is made here.

    Python lists a folder before it imports from it. The checkout cannot be listed, since
    ``var/`` is in it, so the code is reached through a link from the site's own folder.
    """
    own = _own_folder(site, var)
    for part in ("tmp", "code"):
        (own / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    link = own / "code" / "casewall"
    package = Path(__file__).resolve().parents[1]
    if not link.is_symlink() or link.readlink() != package:
        link.unlink(missing_ok=True)
        link.symlink_to(package)
    return {"PYTHONPATH": str(link.parent), "PYTHONSAFEPATH": "1", "TMPDIR": str(own / "tmp")}


def _own_folder(site: str, var: Path) -> Path:
    return var.resolve() / "site" / site


def _kernel() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


def _allow(kernel: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        allowed = rights if path.is_dir() else rights & OF_A_FILE
        rule = _PathBeneath(allowed=allowed, folder=folder)
        _checked(kernel.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(folder)


def main(arguments: list[str], environ: Mapping[str, str] = os.environ) -> int:
    """Confine this process, then become the command."""
    parser = argparse.ArgumentParser(prog="python -m casewall.config.confine")
    parser.add_argument("--read", action="append", type=Path, default=[], metavar="PATH")
    parser.add_argument("--write", action="append", type=Path, default=[], metavar="PATH")
    parser.add_argument("--site", help="a site: what it needs is added")
    parser.add_argument("--var", type=Path, help="folder of the state, with --site")
    parser.add_argument("--no-connect", action="store_true", help="refuse outgoing TCP")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)
    readable, writable, places = options.read, options.write, dict(environ)
    if options.site:
        if options.var is None:
            parser.error("--site needs --var")
        places |= site_places(options.site, options.var)
        of_site = site_paths(options.site, options.var)
        readable, writable = readable + of_site[0], writable + of_site[1]
    if not confine(readable, writable, tcp_connect=not options.no_connect):
        print("This kernel has no Landlock: the process is not confined.", file=sys.stderr)
    os.execvpe(options.command[0], options.command, places)  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
