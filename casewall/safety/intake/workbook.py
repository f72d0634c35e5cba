"""XLSX workbooks, row by row.

openpyxl reads the list of sheets and the styles (which numbers are dates), `sheets` the cells.
`archive.inspect` has refused every dangerous file before either is reached.
"""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.xml.constants import SHARED_STRINGS

from . import archive as archives
from .sheets import Placed, Styles, numbered_rows, shared_strings
from .table import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Fault,
    Row,
    Unreadable,
    column_letter,
    faults_of,
)

__all__ = ["Sheet", "choose_sheet", "read_rows"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which sheet of the workbook is read, and what to tell the person."""

    part: str
    title: str
    notes: tuple[str, ...]


class _Workbook(ExcelReader):
    """The parts of a workbook that its cells cannot be read without."""

    def __init__(self, stream: BinaryIO, *, with_strings: bool) -> None:
        super().__init__(stream, read_only=True, keep_links=False)
        self.with_strings = with_strings
        self.sheets: list[tuple[str, str, str]] = []  # title, state, part

    def read(self) -> None:
        self.read_manifest()
        if self.with_strings:
            self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        for sheet, relation in self.parser.find_sheets():
            if "worksheet" in relation.Type and relation.target in self.valid_files:
                self.sheets.append((sheet.name, sheet.state, relation.target))

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName.lstrip("/")) as stream:
                self.shared_strings = shared_strings(stream)

    @property
    def styles(self) -> Styles:
        book = self.wb
        return Styles(frozenset(book._date_formats), frozenset(book._timedelta_formats), book.epoch)


@contextmanager
def _opened(stream: BinaryIO, name: str, *, with_strings: bool) -> Iterator[_Workbook]:
    """The workbook, inspected. Every failure of zipfile or openpyxl becomes `Unreadable`.

    Both raise almost any exception on a damaged file (KeyError, TypeError, struct.error …); the
    list is not documented, so all are taken to mean what they mean: this is not a sound workbook.
    """
    try:
        stream.seek(0)
        with zipfile.ZipFile(stream) as listed:
            archives.inspect(listed, name)
        stream.seek(0)
        workbook = _Workbook(stream, with_strings=with_strings)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                workbook.read()
            yield workbook
        finally:
            workbook.archive.close()
    except Unreadable:
        raise
    except Exception as wrong:  # noqa: BLE001 — see the docstring
        raise Unreadable(
            f"{name} is damaged or not a workbook as spreadsheet programs write it "
            f"({type(wrong).__name__}); open it, save it as .xlsx or .csv, and send that."
        ) from None  # openpyxl's messages quote cells, which must not reach a log


def choose_sheet(stream: BinaryIO, name: str, wanted: str | int | None) -> Sheet:
    """The sheet to read: the one `wanted` by title or by place (1 is the first), else the first
    visible one. Raises `Unreadable`, naming the sheets there are."""
    with _opened(stream, name, with_strings=False) as workbook:
        sheets = workbook.sheets
        titles = ", ".join(repr(title) for title, _, _ in sheets)
        if wanted is None:
            visible = [sheet for sheet in sheets if sheet[1] == "visible"]
            if not visible:
                raise Unreadable(f"{name} has no visible sheet.")
            title, _, part = visible[0]
            others = ", ".join(repr(other) for other, _, _ in sheets if other != title)
            notes = (f"The sheet {title!r} is read; not read: {others}.",) if others else ()
            return Sheet(part, title, notes)
        for place, (title, _, part) in enumerate(sheets, start=1):
            if wanted in (title, place):
                return Sheet(part, title, ())
        raise Unreadable(f"{name} has no sheet {wanted!r}; it has {titles}.")


def read_rows(stream: BinaryIO, sheet: Sheet, name: str) -> Iterator[Row]:
    """All rows with content, the header first. Raises `Unreadable`, also between two rows."""
    with (
        _opened(stream, name, with_strings=True) as workbook,
        workbook.archive.open(sheet.part) as part,
    ):
        width = 0
        seen = -1  # the header does not count
        strings = workbook.shared_strings
        for number, placed in numbered_rows(part, strings, workbook.styles, name):
            if not placed:
                continue
            seen += 1
            if seen == 0:
                width = _width(placed, name)
            if seen <= MAX_ROWS:
                yield _row(number, placed, width)
    if seen > MAX_ROWS:
        raise Unreadable(
            f"{name} has {seen:,} rows; at most {MAX_ROWS:,} are read at a time. Split the file."
        )


def _width(header: Placed, name: str) -> int:
    width = max(header) + 1
    if width > MAX_COLUMNS:
        raise Unreadable(
            f"{name} has {width:,} columns; at most {MAX_COLUMNS} are read. "
            "This may not be a table of referrals."
        )
    return width


def _row(number: int, placed: Placed, width: int) -> Row:
    cells = tuple(
        Cell(*placed.get(index, ("", "empty")), column_letter(index)) for index in range(width)
    )
    faults = faults_of(cells)
    last = max(placed)
    if last >= width:
        where = column_letter(last) if last <= 2 * MAX_COLUMNS else ""
        faults = (*faults, Fault(where, f"the row has {last + 1} cells, the header has {width}"))
    return Row(number, cells, faults)
