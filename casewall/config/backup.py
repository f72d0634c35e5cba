"""`casewall backup`: each side by itself, in a process that holds nothing of the other.

    DIR/safety/20260302T023000Z/   backup.json      side, moment, size and checksum of each part
                                   database.sealed  what pg_dump wrote, encrypted
                                   manifest.sealed  rows of each table, encrypted
                                   ledger.sealed    the ledger of deletions, encrypted

The process holds the public half of the side's backup key: it can close a backup and never open
one. Sessions, the cache and the pads of the context key are left out; they are made anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from casewall.config.binaries import binaries
from casewall.config.cli import var_folder
from casewall.config.clusters import SIDES, clean_environment, open_clusters, site_environment
from casewall.vault.archive import close_bytes, close_stream

FORMAT = 1
STAMP = "%Y%m%dT%H%M%SZ"
LEFT_OUT = ("priv.pads", "public.django_session", "public.casewall_cache")
PARTS = ("database", "manifest", "ledger")
LEDGER_FILE = "deletions.jsonl"


class BackupError(RuntimeError):
    """A backup could not be made or used; the message is one plain sentence."""


def backup(arguments: list[str]) -> int:
    """`casewall backup -o DIR [--side S] [--keep-days N]`."""
    parser = argparse.ArgumentParser(prog="casewall backup")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--side", choices=list(SIDES), help="one side only")
    parser.add_argument("--keep-days", type=int, metavar="N", help="delete older backups")
    options = parser.parse_args(arguments)
    sides = [options.side] if options.side else list(SIDES)
    if options.keep_days is not None and options.keep_days < 1:
        print("Backups are kept for a day at the least.", file=sys.stderr)
        return 1
    var = var_folder().absolute()
    with open_clusters(var, fast=os.environ.get("CASEWALL_FAST") == "1"):
        codes = [run_alone("backup", side, var, [str(options.output.absolute()),
                                                 *_keep(options.keep_days)]) for side in sides]
    return max(codes)


def _keep(days: int | None) -> list[str]:
    return [] if days is None else [str(days)]


def run_alone(work: str, side: str, var: Path, words: list[str]) -> int:
    """Run `backup` or `restore` of a side in a process that is given that side's secrets only."""
    given = site_environment(f"{work}_{side}", var)  # type: ignore[arg-type]
    kept = {name: os.environ[name] for name in ("LOCALDB_BIN",) if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", f"casewall.config.{work}", side, *words],
        env={**clean_environment(), **given, **kept, "CASEWALL_VAR": str(var)},
        cwd=Path(__file__).resolve().parents[2],
        check=False,
    )
    return done.returncode


def main(arguments: list[str], environ: Mapping[str, str] = os.environ) -> int:
    """`python -m casewall.config.backup SIDE DIR [DAYS]`: the child process of one side."""
    side, folder, *days = arguments
    try:
        made = make(
            side,
            Path(folder),
            url=environ[f"CASEWALL_{side.upper()}_BACKUP_URL"],
            public=bytes.fromhex(environ[f"CASEWALL_{side.upper()}_BACKUP_PUBLIC"]),
            var=Path(environ["CASEWALL_VAR"]),
        )
    except (BackupError, OSError, psycopg.Error) as problem:
        said = str(problem).strip().partition("\n")[0]
        print(f"No backup of the {side} side was made. {said}", file=sys.stderr)
        return 1
    print(f"The {side} side is backed up in {made}.")
    if days:
        for old in forget_old(made.parent, timedelta(days=int(days[0]))):
            print(f"Deleted the backup {old.name}: it is older than {days[0]} days.")
    return 0


def make(side: str, folder: Path, *, url: str, public: bytes, var: Path) -> Path:
    """Make one backup of one side; returns its folder, which appears whole or not at all.

    Raises `BackupError` where `pg_dump` failed.
    """
    at = datetime.now(UTC)
    done = folder / side / at.strftime(STAMP)
    half = done.with_name(done.name + ".part")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700, parents=True)
    try:
        with closing(psycopg.connect(url)) as connection:
            connection.execute("set transaction isolation level repeatable read, read only")
            (snapshot,) = connection.execute("select pg_export_snapshot()").fetchone() or ("",)
            manifest = {"side": side, "rows": rows_of(connection),
                        "server": connection.info.server_version}
            _dump(url, snapshot, half / "database.sealed", public, side)
        _write(half / "manifest.sealed", json.dumps(manifest).encode(), public, side)
        beside = var / "site" / side / LEDGER_FILE
        _write(half / "ledger.sealed", beside.read_bytes() if beside.exists() else b"", public,
               side)
        (half / "backup.json").write_text(json.dumps(_facts(side, at, half), indent=1) + "\n")
        half.rename(done)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    _note(var, side, at, done)
    return done


def rows_of(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows of each table that a backup holds."""
    found = connection.execute(
        "select schemaname, tablename from pg_tables where schemaname not in "
        "('pg_catalog', 'information_schema') order by 1, 2").fetchall()
    tables = [(schema, table) for schema, table in found if f"{schema}.{table}" not in LEFT_OUT]
    counts = {}
    for schema, table in tables:
        row = connection.execute(
            sql.SQL("select count(*) from {}.{}").format(
                sql.Identifier(schema), sql.Identifier(table))).fetchone()
        counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counts


def server_words(url: str) -> tuple[list[str], dict[str, str]]:
    """How PostgreSQL's programs reach a server: arguments, and the password in the environment,
    since arguments can be read by everybody on the machine."""
    parts = urlsplit(url)
    bare = parts._replace(netloc=(parts.netloc.rpartition("@")[0].partition(":")[0] + "@"
                                  + parts.netloc.rpartition("@")[2]))
    environment = {"PGPASSWORD": unquote(parts.password or ""), "LC_ALL": "C",
                   "PATH": os.environ.get("PATH", "")}
    return ["--dbname", bare.geturl()], environment


def _dump(url: str, snapshot: str, path: Path, public: bytes, side: str) -> None:
    where, environment = server_words(url)
    command = [str(binaries() / "pg_dump"), *where, "--format=custom", f"--snapshot={snapshot}",
               "--no-password", *(f"--exclude-table-data={table}" for table in LEFT_OUT)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as dumping, path.open("wb") as closed:
        close_stream(cast(BinaryIO, dumping.stdout), closed, public, what=f"{side} database")
        said = cast(BinaryIO, dumping.stderr).read().decode(errors="replace").strip()
    if dumping.returncode:
        raise BackupError(f"pg_dump failed: {said.splitlines()[-1] if said else 'no reason given'}")


def _write(path: Path, clear: bytes, public: bytes, side: str) -> None:
    path.write_bytes(close_bytes(clear, public, what=f"{side} {path.stem}"))


def _facts(side: str, at: datetime, folder: Path) -> dict[str, Any]:
    parts = {}
    for name in PARTS:
        path = folder / f"{name}.sealed"
        with path.open("rb") as stream:
            parts[name] = {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(),
                           "bytes": path.stat().st_size}
    return {"format": FORMAT, "side": side, "made_at": at.isoformat(), "parts": parts}


def _note(var: Path, side: str, at: datetime, done: Path) -> None:
    """Remember on this machine when the last backup was made, for `casewall check`."""
    own = var / "site" / side
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    note = {"made_at": at.isoformat(), "folder": str(done)}
    (own / "last_backup.json").write_text(json.dumps(note) + "\n")


def last_backup(var: Path, side: str, now: datetime | None = None) -> str:
    """When a side was last backed up on this machine, in a sentence."""
    path = var / "site" / side / "last_backup.json"
    if not path.exists():
        return f"The {side} side was never backed up on this machine."
    made = datetime.fromisoformat(json.loads(path.read_text())["made_at"])
    hours = int(((now or datetime.now(UTC)) - made).total_seconds() // 3600)
    return f"The {side} side was last backed up {hours} hour{'' if hours == 1 else 's'} ago."


def forget_old(folder: Path, older: timedelta, now: datetime | None = None) -> Iterable[Path]:
    """Delete backups of a side that are older, so that what was erased leaves them too.

    The newest one stays, whatever its age.
    """
    before = (now or datetime.now(UTC)) - older
    for path in made_backups(folder)[:-1]:
        if datetime.strptime(path.name, STAMP).replace(tzinfo=UTC) < before:
            shutil.rmtree(path)
            yield path


def made_backups(folder: Path) -> list[Path]:
    """The whole backups in the folder of a side, the oldest first."""
    return sorted(p.parent for p in folder.glob("*/backup.json") if _is_stamp(p.parent.name))


def _is_stamp(name: str) -> bool:
    try:
        datetime.strptime(name, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
