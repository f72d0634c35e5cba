"""R12, O3, X10: a backup is restored into an empty cluster, opens with one key only, and what was
deleted since is deleted again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps

from casewall.config import backup, restore
from casewall.config.clusters import SIDES, ensure_roles, side_keys
from casewall.config.embedded import Cluster
from casewall.programme.retention.hashes import hash_of
from casewall.programme.retention.ledger import COLUMNS, line_of, read_lines
from casewall.staff.actions import compartment_for
from casewall.wall.erasing import LEDGER, ROOTS
from casewall.wall.sides import Side
from tests.filling import Filler, every_row, ghosts
from tests.people import SERVICE, Staff

AGENCY = {"programme": "vesterlo-treatment", "safety": "lyngholm-shelter"}


def beyond(var: Path, side: str) -> psycopg.Connection[Any]:
    """A connection that no row policy holds back."""
    url = Cluster(var / side).superuser_url(SIDES[side].dbname)
    return psycopg.connect(url, autocommit=True)


def backed_up(side: str, var: Path, folder: Path) -> Path:
    return backup.make(
        side, folder, url=Cluster(var / side).superuser_url(SIDES[side].dbname),
        public=bytes.fromhex(side_keys(side, var)["BACKUP_PUBLIC"]), var=folder / "notes")


def two_files(side: str, var: Path) -> tuple[Any, dict[Any, Any], dict[Any, Any]]:
    """Two filled files of the side's first kind."""
    root = ROOTS[Side(side)][0]
    with beyond(var, side) as connection:
        where = compartment_for(side=Side(side), service=SERVICE, agency=AGENCY[side])
        filler = Filler(Side(side), connection, where)
        return root, filler.file(root), filler.file(root)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Any]:
    """An empty cluster of a side with its roles, on another machine as it were."""
    started: list[Cluster] = []

    def of(side: str) -> tuple[Path, str]:
        home = tmp_path / "elsewhere"
        cluster = Cluster(home / side, fast=True)
        cluster.start()
        started.append(cluster)
        ensure_roles(cluster.superuser_url(), side, home)  # type: ignore[arg-type]
        return home, cluster.superuser_url(SIDES[side].dbname)

    yield of
    for cluster in started:
        cluster.stop()


class Row:
    """A row of the ledger as a deletion writes it."""

    def __init__(self, **values: Any):
        self.__dict__.update(values)


def ledger_line(side: str, kind: str, file: Any) -> str:
    from uuid import uuid4

    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    values = dict.fromkeys(COLUMNS) | {
        "id": uuid4(), "compartment": 1, "service": SERVICE, "kind": kind,
        "file_hash": hash_of(file, Side(side)), "ground": "request", "keeps_figures": False,
        "decided_by": uuid4(), "decided_at": now, "approved_by": uuid4(), "approved_at": now,
        "done_at": now}
    return line_of(Row(**values), Side(side))


@pytest.mark.parametrize("side", ["programme", "safety"])
def test_a_restored_side_holds_everything_but_what_was_deleted_since(
    side: str, staff: Staff, var: Path, tmp_path: Path, elsewhere: Any
) -> None:
    root, kept, deleted = two_files(side, var)
    folder = backed_up(side, var, tmp_path / "backups")
    with beyond(var, side) as connection:
        before = every_row(connection)
    file = deleted[apps.get_model(root.model)]
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_text(ledger_line(side, root.kind, file) + "\n")
    home, url = elsewhere(side)
    said = restore.put_back(
        side, folder, url=url, var=home, ledgers=[ledger],
        secret=bytes.fromhex(side_keys(side, var)["BACKUP_SECRET"]))
    assert "1 that had been deleted since was deleted again." in said
    with psycopg.connect(url) as connection:
        after = every_row(connection)
    gone = {str(one) for one in deleted.values()}
    assert ghosts(after, gone) == []
    for table, rows in before.items():
        for one, text in rows.items():
            if one in {str(each) for each in kept.values()}:
                assert after[table][one] == text
    assert len(after[LEDGER[Side(side)]]) == 1
    beside = (home / "site" / side / backup.LEDGER_FILE).read_text().splitlines()
    assert len(read_lines(beside, Side(side))) == 1


def test_the_other_side_s_key_and_a_changed_part_restore_nothing(
    staff: Staff, var: Path, tmp_path: Path, elsewhere: Any
) -> None:
    two_files("safety", var)
    folder = backed_up("safety", var, tmp_path / "backups")
    assert not any(word in path.read_bytes() for path in folder.glob("*.sealed")
                   for word in (b"partner", b"PGDMP"))
    home, url = elsewhere("safety")
    other = bytes.fromhex(side_keys("programme", var)["BACKUP_SECRET"])
    with pytest.raises(restore.Unreadable, match="another one"):
        restore.put_back("safety", folder, url=url, var=home, secret=other)
    own = bytes.fromhex(side_keys("safety", var)["BACKUP_SECRET"])
    with pytest.raises(restore.BackupError, match="of the safety side"):
        restore.put_back("programme", folder, url=url, var=home, secret=own)
    dump = folder / "database.sealed"
    dump.write_bytes(dump.read_bytes()[:-1])
    with pytest.raises(restore.BackupError, match="changed or is cut off"):
        restore.put_back("safety", folder, url=url, var=home, secret=own)
    with psycopg.connect(url) as connection:
        assert every_row(connection) == {}


def test_nothing_is_restored_over_what_is_there_or_from_a_forged_ledger(
    staff: Staff, var: Path, tmp_path: Path, elsewhere: Any
) -> None:
    folder = backed_up("programme", var, tmp_path / "backups")
    own = bytes.fromhex(side_keys("programme", var)["BACKUP_SECRET"])
    full = Cluster(var / "programme").superuser_url(SIDES["programme"].dbname)
    with pytest.raises(restore.BackupError, match="not empty"):
        restore.put_back("programme", folder, url=full, var=tmp_path, secret=own)
    line = json.loads(ledger_line("programme", "case", "x"))
    forged = tmp_path / "forged.jsonl"
    forged.write_text(json.dumps({**line, "kind": "child"}) + "\n")
    home, url = elsewhere("programme")
    with pytest.raises(ValueError, match="Line 1 of the ledger"):
        restore.put_back("programme", folder, url=url, var=home, secret=own, ledgers=[forged])


def test_a_dump_that_fails_leaves_no_backup_behind(
    staff: Staff, var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "LEFT_OUT", ("public.[",))
    with pytest.raises(backup.BackupError, match="pg_dump failed"):
        backed_up("programme", var, tmp_path / "backups")
    assert list((tmp_path / "backups" / "programme").iterdir()) == []


def test_old_backups_go_but_never_the_newest(tmp_path: Path) -> None:
    for day in (1, 2, 20):
        made = tmp_path / f"202603{day:02}T020000Z"
        made.mkdir()
        (made / "backup.json").write_text("{}")
    (tmp_path / "notes").mkdir()
    now = datetime(2026, 3, 21, tzinfo=UTC)
    gone = backup.forget_old(tmp_path, timedelta(days=19), now)
    assert [path.name[:8] for path in gone] == ["20260301"]
    assert [p.name[:8] for p in backup.forget_old(tmp_path, timedelta(0), now)] == ["20260302"]
    assert [path.name[:8] for path in backup.made_backups(tmp_path)] == ["20260320"]


def test_the_commands_run_in_processes_that_hold_one_side_only(
    staff: Staff, var: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    two_files("programme", var)
    assert backup.backup(["-o", str(tmp_path), "--side", "programme", "--keep-days", "30"]) == 0
    assert "The programme side is backed up" in capfd.readouterr().out
    folder = backup.made_backups(tmp_path / "programme")[0]
    assert restore.restore([str(folder), "--side", "programme"]) == 1
    assert "not empty" in capfd.readouterr().err
    assert backup.backup(["-o", str(tmp_path), "--keep-days", "0"]) == 1
    shutil.rmtree(folder)
    assert restore.restore([str(folder), "--side", "programme"]) == 1
    assert "is not the folder of a backup" in capfd.readouterr().err


def test_when_a_side_was_last_backed_up_is_said_in_words(tmp_path: Path) -> None:
    assert backup.last_backup(tmp_path, "safety") == \
        "The safety side was never backed up on this machine."
    note = tmp_path / "site" / "safety" / "last_backup.json"
    note.parent.mkdir(parents=True)
    note.write_text(json.dumps({"made_at": "2026-03-02T12:00:00+00:00"}))
    for hours, words in ((1, "1 hour ago"), (30, "30 hours ago")):
        now = datetime(2026, 3, 2, 12, tzinfo=UTC) + timedelta(hours=hours)
        assert words in backup.last_backup(tmp_path, "safety", now)
