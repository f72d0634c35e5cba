"""A table of figures as a workbook: the figures, their definitions, and what the table is.

Numbers are numbers, with n and N in columns of their own; texts are texts, also where they begin
like a formula. Nothing in the file says who made it, on which machine or when: it is the same in
every byte for the same table.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from casewall.outcomes.cards import Pack
from casewall.outcomes.figures import PERCENT, STATEMENT, Figure
from casewall.outcomes.suppress import Released
from casewall.reporting.render import About, Table, opened
from casewall.vault.clean import neutralise, proved

FIGURES, DEFINITIONS, ANALYSES, ABOUT = "Figures", "Definitions", "Analyses", "About"

COLUMNS: tuple[tuple[str, int], ...] = (
    ("Figure", 44),
    ("Printed", 14),
    ("Value", 11),
    ("Unit", 16),
    ("n", 10),
    ("N", 10),
    ("95% interval from", 11),
    ("95% interval to", 11),
    ("Missing", 10),
    ("Answered, %", 11),
    ("Bound: none of the silent", 12),
    ("Bound: all of the silent", 12),
    ("Who says so", 12),
    ("Note", 60),
    ("Id", 30),
)
"""Heading and width, in letters, of each column of the sheet of figures."""

HOW_TO_READ = (
    ("n", "how many have the fact; for a mean change, those who answered both times; for a cost, "
          "the money"),
    ("N", "of how many; empty where a count has no denominator"),
    ("95% interval", "where the value of a large group like this one may well lie"),
    ("Missing", "persons of the denominator of whom the fact is not known; never counted as zero"),
    ("Bounds", "the share if none, or if all, of the silent had the fact"),
    ("Printed", "what a published report printed, where there is one"),
    ("0–7", "a number from 0 to 7 that is hidden, so that nobody can be recognised"),
)

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties"/>'
)
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST = 32_767
"""The letters that a cell holds."""

_HEAD = PatternFill("solid", fgColor="F6E7F1")
_LINE = Border(bottom=Side(style="thin", color="D8D1C4"))
_TOP = Alignment(vertical="top", wrap_text=True)


def as_xlsx(table: Table, *, pack: Pack, title: str, about: About | None = None,
            release: bool = False, analyses: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """The workbook; a sheet of analyses only where there are any. Raises `ReleaseError` as
    the other ways of writing a table do."""
    figures, rule = opened(table, release)
    book = Workbook()
    sheet = book.active
    sheet.title = FIGURES
    _rows(sheet, [tuple(heading for heading, _ in COLUMNS), *(_row(one) for one in figures)])
    _set_up(sheet, [width for _, width in COLUMNS], title)
    _defined(book.create_sheet(DEFINITIONS), figures, pack, title)
    if analyses:
        _analysed(book.create_sheet(ANALYSES), analyses, title)
    lines = [("", title), ("Use", rule), *(about or {}).items(),
             ("Released", "yes" if isinstance(table, Released) else "no"),
             ("How to read", ""), *HOW_TO_READ]
    explained = book.create_sheet(ABOUT)
    _rows(explained, [("About this table", ""), *lines])
    _set_up(explained, [26, 90], title)
    return _clean(book)


def _row(figure: Figure) -> tuple[object, ...]:
    low, high = figure.interval or (None, None)
    none, every = figure.bounds or (None, None)
    unit = {PERCENT: "%", STATEMENT: "figure without denominator"}.get(figure.unit, figure.unit)
    return (figure.label, figure.printed, figure.value, unit, figure.numerator,
            figure.denominator, low, high, figure.missing, figure.response_rate, none, every,
            figure.source, figure.note, figure.id)


def _defined(sheet: Worksheet, figures: Sequence[Figure], pack: Pack, title: str) -> None:
    """What each figure of the table counts, in words, from its card."""
    cards = {(card.pack, card.id): card for card in pack.cards}
    rows: list[tuple[object, ...]] = [
        ("Figure", "Why", "Numerator", "Denominator", "Counts", "Counting date", "Period",
         "Left out", "Whole definition", "Card version", "Id")]
    for figure in figures:
        card = cards.get((figure.pack, figure.id))
        if card is None:
            rows.append((figure.label, *[None] * 7, figure.definition, None, figure.id))
            continue
        of = card.denominator.says if card.denominator else "none"
        rows.append((figure.label, card.why, card.numerator.says, of, card.unit.replace("_", " "),
                     card.counting_date.replace("_", " "), card.period, card.exclusions,
                     figure.definition, card.version, figure.id))
    _rows(sheet, rows)
    _set_up(sheet, [44, 44, 36, 36, 12, 16, 36, 36, 60, 10, 30], title)


def _analysed(sheet: Worksheet, analyses: Sequence[Mapping[str, Any]], title: str) -> None:
    """The analyses under one another: heading, question, table, and what must stand beside it."""
    rows: list[tuple[object, ...]] = [("Analyses", "each with its question and its warnings")]
    for told in analyses:
        rows += [(), (told["heading"], told["says"]), tuple(told["columns"]),
                 *(tuple(row) for row in told["rows"]),
                 *(("Note", sentence) for sentence in told["warnings"])]
    _rows(sheet, rows)
    _set_up(sheet, [44, 60, *[16] * 8], title)


def _rows(sheet: Worksheet, rows: Sequence[Sequence[object]]) -> None:
    for down, row in enumerate(rows, 1):
        for across, value in enumerate(row, 1):
            cell = sheet.cell(down, across)
            if isinstance(value, str):
                # Set as text outright: openpyxl takes what begins with "=" for a formula.
                cell.value = _NOT_IN_XML.sub("\ufffd", neutralise(value))[:_LONGEST]
                cell.data_type = "s"
            elif value is not None:
                cell.value = value
                cell.number_format = "#,##0" if isinstance(value, int) else "#,##0.##"
                if isinstance(value, float) and value.is_integer():
                    cell.number_format = "#,##0"
            cell.alignment = _TOP
            cell.border = _LINE
            if down == 1:
                cell.font, cell.fill = Font(bold=True), _HEAD
            elif across == 1:
                cell.font = Font(bold=True)


def _set_up(sheet: Worksheet, widths: Sequence[int], title: str) -> None:
    """Column widths, a heading that stays, and paper: A4 across, one page wide, heading on each."""
    for across, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(across)].width = width
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    # An ampersand begins a code of the header.
    sheet.oddHeader.left.text = title.replace("&", "&&")[:120]
    sheet.oddFooter.right.text = "&P / &N"


def _clean(book: Workbook) -> bytes:
    """The file without who, where and when."""
    written, clean = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(clean, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, _CORE if name == "docProps/core.xml" else old.read(name))
    return proved(clean.getvalue(), "xlsx")
