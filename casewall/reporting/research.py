"""The research export: one row a person and one a fact, labelled, without a day or a free text.

Whoever analyses needs to know what a variable means, in which order things happened and who
belongs to whom; nobody needs the day. So every date becomes days since the person was first
referred, couples carry a pair number of their own, and a codebook in words and in rows stands
beside the data. Pseudonyms are made anew for each export: two exports cannot be joined.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin

import pyarrow as pa
import pyarrow.parquet as pq

from casewall.outcomes.extract import TABLES, Extract
from casewall.outcomes.suppress import Cell
from casewall.reporting.extract import Snapshot
from casewall.reporting.labels import LEFT_OUT, VALUES, VARIABLES, label_of
from casewall.reporting.parquet import FolderInTheWay
from casewall.vault.clean import neutralise, proved

VERSION = 1
MANIFEST = "manifest.json"
CODEBOOK = ("codebook.md", "codebook.csv")
PAIRS = "pairs"
OF_PERSONS = (
    "persons",
    "scales",
    "answers",
    "incidents",
    "followed",
    "custody",
    "attendance",
    "treatments",
    "hearings",
    "children",
)
"""The tables of an export. Costs, contracts and activities are of no person."""
NOTHING_BEFORE = 0
_KEYS = ("key", "client_key", "partner_key", "adult_key", "child_key", "about_key")
_OUT = {
    **{table: {"service"} for table in OF_PERSONS},
    "answers": {"not_answered_reason"},
    "scales": {"not_answered_reason"},
}
"""Columns that an export leaves out: the service stands in the manifest, and reasons may be in
a worker's own words."""

Row = dict[str, Any]


def write_research(
    snapshot: Snapshot, folder: Path, *, clients_only: bool = False
) -> dict[str, Any]:
    """Write the export into a new folder, whole or not at all; returns its manifest.

    With `clients_only` there are rows of clients alone, and of partners totals under disclosure
    control, where the partner side may give no more. Raises `FolderInTheWay`, and OSError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInTheWay(f"{folder} exists already; name a new folder.")
    if folder.parent.exists() and not folder.parent.is_dir():
        raise FolderInTheWay(f"{folder.parent} is a file, so no folder can be made in it.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        manifest = _write(snapshot.extract, beside, clients_only)
        beside.replace(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return manifest


def research_rows(
    extract: Extract, *, clients_only: bool = False, rename: Callable[[str], str] | None = None
) -> dict[str, list[Row]]:
    """The rows of every table of the export, in an order that tells nothing.

    `rename` gives each pseudonym of the extract its new one; it is drawn at random where none is
    given.
    """
    new = rename or _new_names()
    starts = _starts(extract)
    found: dict[str, list[Row]] = {}
    for table in OF_PERSONS:
        rows = [
            _row(table, one, starts, new)
            for one in getattr(extract, table)
            if not (clients_only and _is_of_partner(one))
        ]
        found[table] = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, default=str))
    found[PAIRS] = [] if clients_only else _pairs(extract, new)
    return found


def _new_names() -> Callable[[str], str]:
    salt = secrets.token_bytes(32)
    return lambda key: hashlib.blake2s(key.encode(), key=salt, digest_size=10).hexdigest()


def _starts(extract: Extract) -> dict[tuple[str, str], date]:
    """The first referral of each person: day 0 of everything that is told of that person."""
    found: dict[tuple[str, str], date] = {}
    for one in extract.persons:
        known = found.get((one.role, one.key))
        found[one.role, one.key] = min(known, one.referred_on) if known else one.referred_on
    return found


def _is_of_partner(row: Any) -> bool:
    return "partner" in (
        getattr(row, "role", ""),
        getattr(row, "source", ""),
        getattr(row, "adult_role", ""),
    )


def _whose(row: Any) -> tuple[str, str]:
    """Role and key of the person whose day 0 counts for the row."""
    if getattr(row, "about_key", None):
        return "client", row.about_key
    if hasattr(row, "client_key"):
        return "client", row.client_key
    if hasattr(row, "adult_key"):
        return row.adult_role, row.adult_key
    return getattr(row, "role", None) or row.source, row.key


def _row(
    table: str, one: Any, starts: Mapping[tuple[str, str], date], new: Callable[[str], str]
) -> Row:
    start = starts.get(_whose(one))
    found: Row = {}
    for field in fields(one):
        value = getattr(one, field.name)
        if field.name in _OUT.get(table, ()):
            continue
        if field.name in _KEYS:
            found[field.name] = None if value is None else new(value)
        elif _kind(field.type) is date:
            found[day_name(field.name)] = (
                None if value is None or start is None else (value - start).days
            )
        else:
            found[field.name] = value
    return found


def _pairs(extract: Extract, new: Callable[[str], str]) -> list[Row]:
    pairs = [
        {"pair_key": new(f"{one.client_key}+{one.partner_key}"), "client_key": new(one.client_key),
         "partner_key": new(one.partner_key)} for one in extract.links
    ]  # fmt: skip
    return sorted(pairs, key=lambda row: row["pair_key"])


def day_name(name: str) -> str:
    """The name of a date's column once it holds days: `started_on` is `started_day`."""
    return f"{name.removesuffix('_on')}_day"


def _kind(kind: Any) -> Any:
    parts = get_args(kind)
    if get_origin(kind) is None or not parts:
        return kind
    return (
        str
        if isinstance(parts[0], str)
        else next((_kind(part) for part in parts if part is not type(None)), str)
    )


def _columns(table: str) -> dict[str, Any]:
    """Column → type, of a table of the export."""
    if table == PAIRS:
        return dict.fromkeys(("pair_key", "client_key", "partner_key"), str)
    found = {}
    for field in fields(TABLES[table]):
        if field.name not in _OUT.get(table, ()):
            kind = _kind(field.type)
            found[day_name(field.name) if kind is date else field.name] = (
                int if kind is date else kind
            )
    return found


_ARROW = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}


def _write(extract: Extract, folder: Path, clients_only: bool) -> dict[str, Any]:
    rows = research_rows(extract, clients_only=clients_only)
    written: dict[str, bytes] = {}
    for table, whole in rows.items():
        columns = _columns(table)
        schema = pa.schema(
            [
                pa.field(name, _ARROW[kind], metadata=_metadata(table, name))
                for name, kind in columns.items()
            ]
        )
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(whole, schema=schema), sink, compression="zstd")
        written[f"{table}.parquet"] = sink.getvalue()
        written[f"{table}.csv"] = _csv(columns, whole)
    book = codebook()
    written[CODEBOOK[0]] = _as_markdown(book, clients_only).encode()
    written[CODEBOOK[1]] = _csv(("table", "variable", "label", "values"), book)
    for name, content in written.items():
        (folder / name).write_bytes(content)
    manifest = {
        "version": VERSION,
        "service": extract.service,
        "as_of": extract.as_of.isoformat(),
        "invented": extract.invented,
        "clients_only": clients_only,
        "counts": {table: len(whole) for table, whole in rows.items()},
        "partner_totals": _totals(extract) if clients_only else None,
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in written.items()},
    }
    (folder / MANIFEST).write_text(
        json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return manifest


def _totals(extract: Extract) -> dict[str, int | str]:
    """How many partners there are by contact, under disclosure control: totals and no rows."""
    partners = {one.key: one.contact for one in extract.persons if one.role == "partner"}
    found: dict[str, int | str] = {"partners": Cell(len(partners)).shown}
    for contact in VALUES["contact"]:
        found[contact] = Cell(sum(1 for one in partners.values() if one == contact)).shown
    return found


def _metadata(table: str, name: str) -> dict[str, str]:
    values = VALUES.get(name)
    return {
        "label": label_of(table, name),
        **({"values": json.dumps(values, ensure_ascii=False)} if values else {}),
    }


def _csv(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    names = list(columns)
    sink = io.StringIO(newline="")
    writer = csv.writer(sink)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_plain(row.get(name)) for name in names])
    return proved(sink.getvalue().encode("utf-8"), "csv")


def _plain(value: Any) -> Any:
    """A value as CSV has it: absent is empty, true is 1, and no spreadsheet computes a text."""
    if isinstance(value, bool):
        return int(value)
    return neutralise(value) if isinstance(value, str) else value


def codebook() -> list[dict[str, str]]:
    """Every variable of every table: its label, and what its values mean."""
    return [
        {"table": table, "variable": name, "label": label_of(table, name),
         "values": "; ".join(f"{code} = {says}" for code, says in VALUES.get(name, {}).items())}
        for table in (*OF_PERSONS, PAIRS) for name in _columns(table)
    ]  # fmt: skip


def _as_markdown(book: list[dict[str, str]], clients_only: bool) -> str:
    lines = ["# Codebook", "", *LEFT_OUT, ""]
    if clients_only:
        lines += [
            "Rows of clients only. Of partners the manifest has totals: counts of 0 to 7 "
            "are hidden, others are rounded to 5.",
            "",
        ]
    table = ""
    for row in book:
        if row["table"] != table:
            table = row["table"]
            lines += [
                "",
                f"## {table}",
                "",
                VARIABLES[table][""],
                "",
                "| variable | label | values |",
                "|---|---|---|",
            ]
        lines.append(f"| `{row['variable']}` | {row['label']} | {row['values']} |")
    return "\n".join(lines) + "\n"
