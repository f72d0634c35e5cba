"""A file of ledger lines: every row is a line or a sentence, and one bad row loads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from casewall.safety.costs.rules import HEADERS, CostEntry, line_of
from casewall.safety.intake.reader import Unreadable, read_table

MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: lines, or sentences that say row and column."""

    lines: tuple[CostEntry, ...]
    problems: tuple[str, ...]


def read_lines(stream: BinaryIO, name: str) -> Reading:
    """Read a CSV or XLSX file. Never raises: what cannot be read is a problem in words."""
    try:
        return _read(stream, name)
    except Unreadable as problem:
        return Reading((), (str(problem),))


def _read(stream: BinaryIO, name: str) -> Reading:
    table = read_table(stream, name=name)
    at: dict[str, int] = {}
    problems = []
    for number, header in enumerate(table.headers):
        column = HEADERS.get(" ".join(header.lower().replace("_", " ").split()))
        if column is None:
            problems.append(f"{name}, row 1: “{header}” is no column of a ledger.")
        elif column in at:
            problems.append(f"{name}, row 1: the column “{header}” stands twice.")
        else:
            at[column] = number
    for header, column in HEADERS.items():
        if column not in at and column != "note":
            problems.append(f"{name}, row 1: the column “{header}” is missing.")
    if problems:
        return Reading((), tuple(problems))
    lines = []
    for row in table.rows:
        if len(lines) + len(problems) >= MOST_ROWS:
            problems.append(f"{name} has more than {MOST_ROWS} rows. Split the file.")
            break
        faults = [f"{name}, row {row.number}: {sentence}." for _, sentence in row.faults]
        formulas = [cell.column_letter for cell in row.cells if cell.kind == "formula"]
        if formulas:
            faults.append(
                f"{name}, row {row.number}, column {formulas[0]}: a formula stands "
                "there; save the file with its values."
            )
        found = (
            faults[0]
            if faults
            else line_of({column: row.cells[number].text for column, number in at.items()})
        )
        if isinstance(found, str):
            problems.append(found if faults else f"{name}, row {row.number}, {found}")
        else:
            lines.append(found)
    return Reading(tuple(lines), tuple(problems))
