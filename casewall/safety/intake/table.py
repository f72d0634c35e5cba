"""What a referral file is once it has been read: a header and rows of cells, as text.

Pure shapes, shared by the readers of CSV and of XLSX. Numbers and letters are those that a person
sees in the spreadsheet: row 1 is the first line of the sheet, column A its first column.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

__all__ = [
    "MAX_CELL",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "MAX_SHEET_ROWS",
    "Cell",
    "Fault",
    "Row",
    "Rows",
    "Table",
    "Unreadable",
    "column_letter",
    "faults_of",
    "kind_of_text",
]

MAX_ROWS = 100_000  # rows with content, the header not counted
MAX_SHEET_ROWS = 1_048_576  # what a spreadsheet can hold; blank rows beyond it are an attack
MAX_COLUMNS = 200
MAX_CELL = 1_048_576  # characters

Kind = Literal["empty", "text", "number", "date", "boolean", "formula", "error"]


class Unreadable(ValueError):
    """The file cannot be taken as a table of referrals; the text says what and where."""


class Cell(NamedTuple):
    """One cell: its text exactly as written, what kind of content it is, and its column letter.

    A date cell reads YYYY-MM-DD (with Thh:mm:ss where it has a time), a whole number has no
    decimal point, a boolean reads "yes" or "no", a formula reads as its own text.
    """

    text: str
    kind: Kind
    column_letter: str


class Fault(NamedTuple):
    """What is wrong with a row as a row; `column_letter` is "" where no one column is to blame."""

    column_letter: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the spreadsheet, as many cells as the header, and its faults."""

    number: int
    cells: tuple[Cell, ...]
    faults: tuple[Fault, ...] = ()


class Rows:
    """The rows of a file below its header. Each `iter()` reads the file again from the start.

    Reading may raise `Unreadable` at any row (a damaged file, more than 100,000 rows), so go
    through all rows once before anything is stored.
    """

    def __init__(self, start: Callable[[], Iterator[Row]]) -> None:
        self._start = start

    def __iter__(self) -> Iterator[Row]:
        return self._start()


@dataclass(frozen=True, slots=True)
class Table:
    """A referral file that was read: headers left to right, rows, and notes for the person.

    `notes` are sentences on choices made while reading: the encoding, a sheet not read.
    """

    headers: list[str]
    rows: Rows
    notes: tuple[str, ...] = ()


def _letters() -> tuple[str, ...]:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return (*alphabet, *(a + b for a in alphabet for b in alphabet))


_LETTERS = _letters()


def column_letter(index: int) -> str:
    """The letter of a column counted from 0: 0 is A, 26 is AA. Known up to ZZ."""
    return _LETTERS[index]


# "+45 12 34 56 78" is a phone; "+1+cmd" is not. Digits of any script count.
_PHONE = re.compile(r"\+[\s(]*\d[\d\s().\-/]*")
_NEGATIVE = re.compile(r"-\s?\d[\d.,\s]*%?")
_DASH = re.compile(r"-+\s*")


def kind_of_text(text: str) -> Kind:
    """Whether text is empty, plain, or would be taken for a formula by a spreadsheet.

    A spreadsheet computes a cell that begins with = + @ or -, also after a tab or line break or
    in full-width letters (OWASP, "CSV injection"); what we store may be exported again. A phone
    that begins with +, a negative number and a dash for "nothing" are plain.
    """
    bare = text.strip()
    if not bare:
        return "empty"
    first = unicodedata.normalize("NFKC", bare[0])[0]
    if first in "=@":
        return "formula"
    if first == "+" and not _PHONE.fullmatch(bare):
        return "formula"
    if first == "-" and not (_NEGATIVE.fullmatch(bare) or _DASH.fullmatch(bare)):
        return "formula"
    if text[0] in "\t\r":
        return "formula"
    return "text"


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def faults_of(cells: tuple[Cell, ...]) -> tuple[Fault, ...]:
    """Cells that no record can hold: too long, or with control characters in them."""
    faults = []
    for cell in cells:
        if len(cell.text) > MAX_CELL:
            faults.append(
                Fault(
                    cell.column_letter,
                    f"the cell holds {len(cell.text):,} characters; at most {MAX_CELL:,} are read",
                )
            )
        elif _CONTROL.search(cell.text):
            faults.append(
                Fault(
                    cell.column_letter,
                    "the cell holds control characters that no keyboard writes "
                    "(for instance a NUL byte); type the text again",
                )
            )
    return tuple(faults)
