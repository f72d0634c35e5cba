"""The extract as a folder of Parquet files with a manifest, and back.

A folder appears whole or not at all: it is written beside its place and then renamed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from casewall.outcomes.extract import TABLES, Extract, ExtractError, from_rows, to_rows
from casewall.reporting.extract import Snapshot

VERSION = 2
MANIFEST = "manifest.json"

_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(),
          date: pa.date32()}


class FolderInTheWay(ValueError):
    """Something stands where the extract should go; says where."""


def schema(table: str) -> pa.Schema:
    """The columns of a table of the extract: their types, and whether a value may be absent."""
    return pa.schema([_column(field.name, field.type) for field in fields(TABLES[table])])


def _column(name: str, kind: Any) -> pa.Field:
    parts = get_args(kind)
    is_optional = type(None) in parts
    if parts:  # a closed list of texts, or a type that may be absent
        kind = str if isinstance(parts[0], str) else parts[0]
    return pa.field(name, _TYPES[kind], nullable=is_optional)


def write_extract(snapshot: Snapshot, folder: Path) -> dict[str, Any]:
    """Write every table and `manifest.json` into a new folder; returns the manifest.

    Raises `FolderInTheWay` where the folder exists and is not empty, and OSError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInTheWay(f"{folder} exists already; name a new folder.")
    if folder.parent.exists() and not folder.parent.is_dir():
        raise FolderInTheWay(f"{folder.parent} is a file, so no folder can be made in it.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        manifest = _write(snapshot, beside)
        beside.replace(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return manifest


def _write(snapshot: Snapshot, folder: Path) -> dict[str, Any]:
    rows = to_rows(snapshot.extract)
    digests = {}
    for table in TABLES:
        path = folder / f"{table}.parquet"
        pq.write_table(pa.Table.from_pylist(rows[table], schema=schema(table)), path,
                       compression="zstd")
        digests[path.name] = _digest(path)
    heading = {name: value.isoformat() if isinstance(value, date) else value
               for name, value in rows["extract"][0].items()}
    manifest = {
        "version": VERSION,
        **heading,
        "counts": {table: len(rows[table]) for table in TABLES},
        "left_out": snapshot.left_out,
        "sha256": digests,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def read_extract(folder: Path) -> Extract:
    """The extract in a folder, checked row by row.

    Raises `ExtractError`, saying which file and why, for a folder that is no extract, a file that
    is missing or was changed, or a row that does not fit.
    """
    manifest = _manifest(folder)
    rows: dict[str, Any] = {"extract": [{
        name: manifest.get(name)
        for name in ("service", "as_of", "period_from", "period_to", "invented")}]}
    for table in TABLES:
        path = folder / f"{table}.parquet"
        if not path.is_file():
            raise ExtractError(f"{path.name} is missing from {folder}")
        if _digest(path) != manifest["sha256"].get(path.name):
            raise ExtractError(f"{path.name} is not the file that {MANIFEST} was written with")
        rows[table] = pq.read_table(path).to_pylist()
    return from_rows(rows)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ExtractError(f"{folder} is not an extract: it has no {MANIFEST}") from None
    except ValueError as problem:
        raise ExtractError(f"{MANIFEST} in {folder} cannot be read: {problem}") from problem
    if not isinstance(manifest, dict) or manifest.get("version") != VERSION \
            or not isinstance(manifest.get("sha256"), dict):
        raise ExtractError(f"{MANIFEST} in {folder} is not of version {VERSION}")
    return manifest


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
