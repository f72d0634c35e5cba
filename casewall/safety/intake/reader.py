"""A referral file: from bytes to a table, or one sentence on why not.

The content decides what a file is, not its name. Nothing of a file is kept on disk or written to a
log; 100,000 rows stream through in bounded memory.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import BinaryIO

from . import delimited, workbook
from .table import Cell, Fault, Row, Rows, Table, Unreadable, column_letter

__all__ = ["Cell", "Fault", "Row", "Rows", "Table", "Unreadable", "column_letter", "read_table"]

_AS_TABLE = "send a CSV file, or a spreadsheet saved as .xlsx"
# Only signatures that no CSV header can begin with.
_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file (7z)"),
    (b"Rar!", "a compressed file (RAR)"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"PAR1", "a Parquet file"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HEAD = 512
_LOOKED_THROUGH = 8_000_000  # bytes of an old Office file searched for the mark of encryption

Opener = Callable[[], AbstractContextManager[BinaryIO]]
Reading = Callable[[BinaryIO], Iterator[Row]]


def read_table(source: Path | BinaryIO, *, name: str, sheet: str | int | None = None) -> Table:
    """Read a referral file in CSV (comma, semicolon, tab or bar) or XLSX.

    `name` is what the person calls the file; every sentence begins with it. `sheet` is a title or
    a place (1 is the first) in a workbook. An open stream is read from its start and left open; it
    must stay open while rows are read.

    Raises `Unreadable` for anything that is not such a table, is unsafe to open, is empty or has
    only a header; reading `Table.rows` may raise it too (see `Rows`). No other exception.
    """
    opener = _opener(source, name)
    with opener() as stream:
        size, head = _head(stream)
        if size == 0:
            raise Unreadable(f"{name} is empty.")
        _refuse_kinds(stream, name, head)
        if head.startswith(b"PK"):
            chosen = workbook.choose_sheet(stream, name, sheet)
            reading, notes = _xlsx(chosen, name), chosen.notes
        else:
            if size > delimited.MAX_BYTES:
                limit = delimited.MAX_BYTES // 1_000_000
                raise Unreadable(f"{name} is larger than {limit} MB. Split the file.")
            dialect = delimited.settle(stream, name)
            reading, notes = _csv(dialect, name), dialect.notes
        headers = _headers(reading(stream), name)
    return Table(headers=headers, rows=Rows(lambda: _below(opener, reading)), notes=notes)


def _xlsx(chosen: workbook.Sheet, name: str) -> Reading:
    return lambda stream: workbook.read_rows(stream, chosen, name)


def _csv(dialect: delimited.Dialect, name: str) -> Reading:
    return lambda stream: delimited.read_rows(stream, dialect, name)


def _opener(source: Path | BinaryIO, name: str) -> Opener:
    if isinstance(source, Path):
        return lambda: _open_path(source, name)
    if source.seekable():
        return lambda: nullcontext(source)
    # A pipe can be read once, so it is held in memory; never in a file, where it could stay.
    held = io.BytesIO(source.read(delimited.MAX_BYTES + 1))
    return lambda: nullcontext(held)


def _open_path(path: Path, name: str) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as wrong:
        raise Unreadable(f"{name} cannot be opened: {wrong.strerror}.") from wrong


def _head(stream: BinaryIO) -> tuple[int, bytes]:
    size = stream.seek(0, 2)
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    return size, head


def _refuse_kinds(stream: BinaryIO, name: str, head: bytes) -> None:
    for signature, called in _SIGNATURES:
        if head.startswith(signature):
            raise Unreadable(f"{name} is {called}, not a table; {_AS_TABLE}.")
    if head.startswith(_OLD_OFFICE):
        if _ENCRYPTED in stream.read(_LOOKED_THROUGH):
            raise Unreadable(
                f"{name} is locked with a password; save it without one, as .xlsx or .csv."
            )
        raise Unreadable(f"{name} is in an old Office format (.xls); save it as .xlsx or .csv.")
    if name.lower().endswith((".xlsm", ".xltm", ".xlam")):
        raise Unreadable(f"{name} is a file for macros; save it as .xlsx without macros, or .csv.")
    opening = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if opening == b"<":
        raise Unreadable(f"{name} is a web page or XML, not a table; {_AS_TABLE}.")
    if opening == b"{":
        raise Unreadable(f"{name} is JSON, not a table; {_AS_TABLE}.")


def _headers(rows: Iterator[Row], name: str) -> list[str]:
    """The header's texts; refuses an empty table, a spoiled header, and a header without rows."""
    with closing(rows):  # type: ignore[type-var]
        header = next(rows, None)
        if header is None:
            raise Unreadable(f"{name} is empty: it has no row with content.")
        for column, sentence in header.faults:
            raise Unreadable(
                f"{name}, row {header.number} (the header), column {column}: {sentence}."
            )
        for cell in header.cells:
            if cell.kind == "formula":
                raise Unreadable(
                    f"{name}, row {header.number} (the header), column {cell.column_letter}: "
                    "a formula stands where a header should."
                )
        if next(rows, None) is None:
            raise Unreadable(f"{name} has a header but no rows below it.")
    return [cell.text for cell in header.cells]


def _below(opener: Opener, reading: Reading) -> Iterator[Row]:
    with opener() as stream:
        rows = reading(stream)
        with closing(rows):  # type: ignore[type-var]
            next(rows, None)
            yield from rows
