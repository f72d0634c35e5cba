"""`casewall restore DIR --side S`: one side, into an empty database, with the ledger honoured.

What was deleted after the backup was made is deleted again before anything is served: the ledger
of deletions is read from everywhere it is kept (beside the database, in every backup of the side
that can be found, in the restored tables) and is never rolled back.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import UUID

import psycopg
from psycopg import sql

from casewall.config.backup import (
    FORMAT,
    LEDGER_FILE,
    PARTS,
    BackupError,
    made_backups,
    rows_of,
    run_alone,
    server_words,
)
from casewall.config.binaries import binaries
from casewall.config.cli import var_folder
from casewall.config.clusters import SIDES, open_clusters
from casewall.vault.archive import open_bytes, opened_stream
from casewall.vault.cipher import Unreadable

DRAFTS = {"programme": "programme_notes_programmedraft", "safety": "safety_support_safetydraft"}
"""Unsaved forms. They cannot be read here, so all go where anything is deleted again."""


def restore(arguments: list[str]) -> int:
    """`casewall restore DIR --side S [--ledger FILE]`."""
    parser = argparse.ArgumentParser(prog="casewall restore")
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder of one backup")
    parser.add_argument("--side", choices=list(SIDES), required=True)
    parser.add_argument("--ledger", type=Path, metavar="FILE", help="a copy of the ledger")
    options = parser.parse_args(arguments)
    words = [str(options.folder.absolute())]
    if options.ledger:
        words.append(str(options.ledger.absolute()))
    var = var_folder().absolute()
    with open_clusters(var, fast=os.environ.get("CASEWALL_FAST") == "1"):
        return run_alone("restore", options.side, var, words)


def main(arguments: list[str], environ: Mapping[str, str] = os.environ) -> int:
    """`python -m casewall.config.restore SIDE DIR [LEDGER]`: the child process of one side."""
    side, folder, *ledger = arguments
    name = f"CASEWALL_{side.upper()}"
    _prepare(side, bytes.fromhex(environ[f"{name}_INDEX_KEY"]))
    try:
        said = put_back(
            side,
            Path(folder),
            url=environ[f"{name}_BACKUP_URL"],
            secret=bytes.fromhex(environ[f"{name}_BACKUP_SECRET"]),
            var=Path(environ["CASEWALL_VAR"]),
            ledgers=[Path(one) for one in ledger],
        )
    except (BackupError, Unreadable, ValueError, OSError, psycopg.Error) as problem:
        first = str(problem).strip().partition("\n")[0]
        print(f"The {side} side was not restored. {first}", file=sys.stderr)
        return 1
    print(said)
    return 0


def _prepare(side: str, index_key: bytes) -> None:
    """What comparing identifiers with the ledger needs: the side's index key and no other."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(CASEWALL_FIELD_KEYS={side: (b"", index_key)})


def put_back(
    side: str, folder: Path, *, url: str, secret: bytes, var: Path, ledgers: Iterable[Path] = ()
) -> str:
    """Restore one backup of one side and delete again what the ledger says. Returns sentences.

    Raises `BackupError` where the backup is damaged or of the other side or the database is not
    empty, `Unreadable` where the key does not open it, `ValueError` where a ledger was changed.
    """
    facts = checked(side, folder)
    closed = {name: folder / f"{name}.sealed" for name in PARTS}
    manifest = json.loads(open_bytes(closed["manifest"].read_bytes(), secret,
                                     what=f"{side} manifest"))
    lines = list(_lines(side, folder, secret, var, ledgers))
    with closing(psycopg.connect(url)) as connection:
        if rows_of(connection):
            raise BackupError("The database is not empty: restore into a new one.")
    _load(side, closed["database"], url, secret)
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        found = rows_of(connection)
        if found != manifest["rows"]:
            wrong = sorted(set(found.items()) ^ set(manifest["rows"].items()))
            raise BackupError(f"The rows are not those of the backup: {wrong[0][0]}.")
        again = honour(side, connection, lines, var)
    rows = sum(manifest["rows"].values())
    return (
        f"The {side} side is as it was at {facts['made_at']}: {len(found)} tables, {rows:,} rows, "
        f"every checksum and every count the same. {again} that had been deleted since "
        f"{'was' if again == 1 else 'were'} deleted again. "
        "Now run `casewall migrate`, which lets the sites in."
    )


def checked(side: str, folder: Path) -> dict[str, Any]:
    """The facts of a backup, its parts compared with their checksums."""
    try:
        facts: dict[str, Any] = json.loads((folder / "backup.json").read_text())
        parts = {name: facts["parts"][name]["sha256"] for name in PARTS}
    except (OSError, ValueError, KeyError):
        raise BackupError(f"{folder} is not the folder of a backup.") from None
    if facts.get("format") != FORMAT:
        raise BackupError(f"{folder} was made by another version of Casewall.")
    if facts.get("side") != side:
        raise BackupError(f"This is a backup of the {facts.get('side')} side.")
    for name, right in parts.items():
        with (folder / f"{name}.sealed").open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != right:
                raise BackupError(f"The file {name}.sealed was changed or is cut off.")
    return facts


def _load(side: str, path: Path, url: str, secret: bytes) -> None:
    where, environment = server_words(url)
    command = [str(binaries() / "pg_restore"), *where, "--single-transaction", "--exit-on-error",
               "--no-password"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE,
                          stderr=subprocess.PIPE) as loading, path.open("rb") as closed:
        into = cast(BinaryIO, loading.stdin)
        try:
            for piece in opened_stream(closed, secret, what=f"{side} database"):
                into.write(piece)
            into.close()
        except BrokenPipeError:
            pass  # it ended before it had read everything, and says why
        except BaseException:
            loading.kill()
            raise
        said = cast(BinaryIO, loading.stderr).read().decode(errors="replace").strip()
    if loading.returncode:
        raise BackupError(f"pg_restore failed: {said.splitlines()[-1] if said else 'no reason'}")


# --- the ledger ----------------------------------------------------------------------------------


def _lines(
    side: str, folder: Path, secret: bytes, var: Path, ledgers: Iterable[Path]
) -> Iterable[str]:
    """Every line of the ledger that can be found: beside the database, in the backups, given."""
    for backup in {*made_backups(folder.parent), folder}:
        closed = (backup / "ledger.sealed").read_bytes()
        yield from open_bytes(closed, secret, what=f"{side} ledger").decode().splitlines()
    for path in (var / "site" / side / LEDGER_FILE, *ledgers):
        if path.exists():
            yield from path.read_text(encoding="utf-8").splitlines()


def honour(
    side: str, connection: psycopg.Connection[Any], lines: Iterable[str], var: Path
) -> int:
    """Delete again what the ledger says was deleted, and bring the ledger up to date.

    Returns how many files were deleted. Raises `ValueError` where a line was changed, and
    `BackupError` where anything of a deleted file is still there afterwards.
    """
    from casewall.programme.retention.ledger import read_lines
    from casewall.wall.erasing import LEDGER
    from casewall.wall.sides import Side

    own = Side(side)
    known = read_lines(lines, own)
    table = LEDGER[own]
    with connection.transaction():
        for values in known:
            _keep_line(connection, table, values)
        hashes = {(kind, number) for kind, number in connection.execute(
            sql.SQL("select kind, file_hash from {} where done_at is not null").format(
                sql.Identifier(table)))}
        again = sum(_erase(connection, own, kind, file)
                    for kind, file in _to_delete(connection, own, hashes))
        if again:
            connection.execute(sql.SQL("delete from {}").format(sql.Identifier(DRAFTS[side])))
        if left := list(_to_delete(connection, own, hashes)):
            raise BackupError(f"{len(left)} deleted files would still be there.")
    _write_ledger(var / "site" / side / LEDGER_FILE, lines)
    return again


def _keep_line(
    connection: psycopg.Connection[Any], table: str, values: dict[str, Any]
) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, values))
    places = sql.SQL(", ").join(sql.Placeholder() * len(values))
    new = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in values)
    connection.execute(
        sql.SQL("insert into {} ({}) values ({}) on conflict (id) do update set {}, "
                "file_id = null").format(sql.Identifier(table), columns, places, new),
        list(values.values()))


def _to_delete(
    connection: psycopg.Connection[Any], side: Any, hashes: set[tuple[str, UUID]]
) -> Iterable[tuple[str, UUID]]:
    from casewall.programme.retention.hashes import hash_of
    from casewall.wall.erasing import ROOTS

    for root in ROOTS[side]:
        table = root.model.lower().replace(".", "_")
        rows = connection.execute(
            sql.SQL("select id from {}").format(sql.Identifier(table))).fetchall()
        for (file,) in rows:
            if (root.kind, hash_of(file, side)) in hashes:
                yield root.kind, file


def _erase(connection: psycopg.Connection[Any], side: Any, kind: str, file: UUID) -> int:
    connection.execute(
        sql.SQL("select app.{}(%s)").format(sql.Identifier(f"erase_{kind}")), [file])
    return 1


def _write_ledger(path: Path, lines: Iterable[str]) -> None:
    kept = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
    path.chmod(0o600)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
