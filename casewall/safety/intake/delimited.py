"""Text tables (CSV): which encoding, which separator, which cells.

Nothing is guessed in silence: a choice that could be wrong is put into the table's notes, and a
choice that cannot be made is refused.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .table import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Fault,
    Row,
    Unreadable,
    column_letter,
    faults_of,
    kind_of_text,
)

__all__ = ["Dialect", "read_rows", "settle"]

MAX_BYTES = 200_000_000
_CHUNK = 1 << 18
_MAX_LINE = 8 * MAX_CELL
_SAMPLE_CHARACTERS = 1 << 16
_SAMPLE_RECORDS = 50
_SEPARATORS = (";", ",", "\t", "|")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Western European text has a lone accented letter here and there; three or more such bytes in a
# row are another alphabet (Arabic in Windows-1256, Cyrillic) that would come out as nonsense.
_FOREIGN = re.compile(rb"[\xc0-\xff]{3,}")
_WESTERN = re.compile(rb"[\xc0-\xff]")
_UNUSED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text table is to be read."""

    encoding: str
    separator: str
    skipped_lines: int  # 1 where the first line is Excel's "sep=;", which no person sees
    notes: tuple[str, ...]


def settle(stream: BinaryIO, name: str) -> Dialect:
    """Find the encoding and the separator of a text table. Raises `Unreadable`."""
    encoding, notes = _encoding(stream, name)
    sample = _sample(stream, encoding, name)
    declared = re.match(r"sep=([;,\t|])\r?\n", sample)
    if declared:
        return Dialect(encoding, declared[1], 1, notes)
    return Dialect(encoding, _separator(sample), 0, notes)


def _encoding(stream: BinaryIO, name: str) -> tuple[str, tuple[str, ...]]:
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            _decode_whole(stream, encoding, name)
            return encoding, ()
    if b"\x00" in head:
        raise Unreadable(
            f"{name} is not a text table that can be read: it begins with NUL bytes. "
            "If it is a spreadsheet, save it as .xlsx or as CSV in UTF-8."
        )
    try:
        _decode_whole(stream, "utf-8", name)
    except UnicodeDecodeError:
        return _western(stream, name)
    return "utf-8", ()


def _decode_whole(stream: BinaryIO, encoding: str, name: str) -> None:
    """Decode all of it, keeping nothing, so that no wrong byte turns up half-way through."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as wrong:
        if encoding == "utf-8":
            raise
        raise Unreadable(
            f"{name} says that it is {encoding.upper().removesuffix('-SIG')} but holds bytes "
            "that are not; save it again as CSV in UTF-8."
        ) from wrong


def _western(stream: BinaryIO, name: str) -> tuple[str, tuple[str, ...]]:
    """Latin-1 or Windows-1252, which differ only in bytes 80 to 9F; other alphabets are refused."""
    accented = foreign = 0
    windows = False
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        accented += len(_WESTERN.findall(chunk))
        foreign += sum(len(run) for run in _FOREIGN.findall(chunk))
        if _UNUSED_1252.search(chunk):
            raise Unreadable(
                f"{name} is not UTF-8, nor is it Latin-1 or Windows-1252; "
                "save it as CSV in UTF-8, or as .xlsx."
            )
        windows = windows or any(0x80 <= byte <= 0x9F for byte in set(chunk))
    if foreign * 4 > accented:
        raise Unreadable(
            f"{name} is not UTF-8, and its letters are not Western European; which alphabet "
            "it is cannot be told. Save it as CSV in UTF-8, or as .xlsx."
        )
    encoding, called = ("cp1252", "Windows-1252") if windows else ("latin-1", "Latin-1")
    note = (
        f"{name} is not UTF-8; it was read as {called}. "
        "Look at the names: if letters are wrong, save it as CSV in UTF-8."
    )
    return encoding, (note,)


def _sample(stream: BinaryIO, encoding: str, name: str) -> str:
    """The first characters, cut at the last full line where there is one."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    text = decoder.decode(stream.read(_SAMPLE_CHARACTERS))
    odd = sum(1 for letter in text if letter < " " and letter not in "\t\r\n")
    # A stray control character spoils one cell; many of them are not text at all.
    if odd * 100 > len(text):
        raise Unreadable(
            f"{name} is not a table: it holds binary content. "
            "Send a CSV file, or a spreadsheet saved as .xlsx."
        )
    cut = max(text.rfind("\n"), text.rfind("\r"))
    return text[: cut + 1] if cut > 0 else text


def _separator(sample: str) -> str:
    """The separator that cuts the sample into the most even table; "," for a single column."""
    best, best_rank = ",", (0.0, 0)
    for separator in _SEPARATORS:
        widths = _widths(sample, separator)
        if not widths or widths[0] < 2:
            continue
        even = sum(width == widths[0] for width in widths) / len(widths)
        rank = (1.0 if even >= 0.5 else even, widths[0])
        if rank > best_rank:
            best, best_rank = separator, rank
    return best


def _widths(sample: str, separator: str) -> list[int]:
    widths = []
    for record in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
        if any(cell.strip() for cell in record):
            widths.append(len(record))
        if len(widths) == _SAMPLE_RECORDS:
            break
    return widths


def _lines(text: io.TextIOWrapper, name: str) -> Iterator[str]:
    number = 0
    while line := text.readline(_MAX_LINE):
        number += 1
        if len(line) == _MAX_LINE:
            raise Unreadable(
                f"{name}, line {number}: the line is longer than {_MAX_LINE:,} characters; "
                "this is not a table of referrals."
            )
        yield line


def _records(stream: BinaryIO, dialect: Dialect, name: str) -> Iterator[tuple[int, list[str], str]]:
    """(row number, cells, fault) of every record, blank ones included."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=dialect.encoding, newline="")
    try:
        lines = _lines(text, name)
        for _ in range(dialect.skipped_lines):
            next(lines)
        csv.field_size_limit(2 * MAX_CELL)
        reader = csv.reader(lines, delimiter=dialect.separator, strict=True)
        number = 0
        while True:
            number += 1
            try:
                yield number, next(reader), ""
            except StopIteration:
                return
            except csv.Error as wrong:
                _refuse_open_quote(wrong, name, number)
                yield number, [], "the quotation marks do not pair up, so its cells are unsure"
    finally:
        # Leave the caller's stream open; where the caller has closed it, there is nothing to leave.
        if not stream.closed:
            text.detach()


def _refuse_open_quote(wrong: csv.Error, name: str, number: int) -> None:
    """A quotation mark that never closes swallows all rows after it; nothing can be trusted."""
    if "unexpected end" in str(wrong) or "field limit" in str(wrong):
        raise Unreadable(
            f"{name}, row {number}: a quotation mark is opened and not closed; "
            "close it or take it out."
        ) from wrong


def read_rows(stream: BinaryIO, dialect: Dialect, name: str) -> Iterator[Row]:
    """All rows with content, the header first. Raises `Unreadable`, also between two rows."""
    width = 0
    seen = -1  # the header does not count
    for number, cells, fault in _records(stream, dialect, name):
        if not fault and not any(cell.strip() for cell in cells):
            continue
        seen += 1
        if seen == 0:
            if fault:
                raise Unreadable(f"{name}, row {number} (the header): {fault}.")
            cells = _header(cells, name)
            width = len(cells)
        if seen > MAX_ROWS:
            continue
        yield _row(number, cells, width, fault)
    if seen > MAX_ROWS:
        raise Unreadable(
            f"{name} has {seen:,} rows; at most {MAX_ROWS:,} are read at a time. Split the file."
        )


def _header(cells: list[str], name: str) -> list[str]:
    while not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise Unreadable(
            f"{name} has {len(cells):,} columns; at most {MAX_COLUMNS} are read. "
            "This may not be a table of referrals."
        )
    return cells


def _row(number: int, texts: list[str], width: int, fault: str) -> Row:
    if fault:
        return Row(number, _empty(width), (Fault("", fault),))
    cells = tuple(
        Cell(text, kind_of_text(text), column_letter(index))
        for index, text in enumerate(texts[:width])
    )
    faults = faults_of(cells)
    # A cell too many or too few moves all that follow it under a wrong header: a partner's
    # telephone would stand under the client's. So the row is not read as if nothing were.
    extra = next((index for index in range(width, len(texts)) if texts[index].strip()), None)
    if extra is not None or len(texts) < width:
        where = column_letter(extra) if extra is not None and extra <= 2 * MAX_COLUMNS else ""
        ragged = f"the row has {len(texts)} cells, but the header has {width}"
        faults = (*faults, Fault(where, ragged))
    return Row(number, cells + _empty(width)[len(cells) :], faults)


def _empty(width: int) -> tuple[Cell, ...]:
    return tuple(Cell("", "empty", column_letter(index)) for index in range(width))
