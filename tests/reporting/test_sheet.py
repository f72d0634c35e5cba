"""The workbook of a pack: typed, explained, clean."""

import io
import zipfile
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from casewall.outcomes.cards import load_pack
from casewall.outcomes.suppress import ReleaseError, suppress
from casewall.reporting.render import INTERNAL
from casewall.reporting.sheet import COLUMNS, as_xlsx
from tests.reporting.drawn import EXTRACT, FIGURES, NAME

CARDS = load_pack(NAME)
HEADINGS = [heading for heading, _ in COLUMNS]


def book_of(table=FIGURES, *, cards=CARDS, **settings):
    written = as_xlsx(table, pack=cards, title="T & <b>", about={"Service": "=1+1"}, **settings)
    return load_workbook(io.BytesIO(written)), written


def rows_of(sheet):
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_every_figure_is_a_row_with_typed_numbers():
    book, _ = book_of()
    rows = {row["Id"]: row for row in rows_of(book["Figures"])}
    assert len(rows) == len(FIGURES)
    for figure in FIGURES:
        row = rows[figure.id]
        assert (row["n"], row["N"], row["Value"]) == (
            figure.numerator, figure.denominator, figure.value)
        assert (row["95% interval from"], row["95% interval to"]) == (
            figure.interval or (None, None))
        assert row["Missing"] == figure.missing
        assert row["Printed"] == figure.printed


def test_every_figure_is_defined_from_its_card():
    rows = rows_of(book_of()[0]["Definitions"])
    assert [row["Id"] for row in rows] == [figure.id for figure in FIGURES]
    assert all(row["Why"] and row["Numerator"] and row["Denominator"] for row in rows)
    bare = rows_of(book_of(cards=replace(CARDS, cards=()))[0]["Definitions"])
    assert [row["Whole definition"] for row in bare] == [one.definition for one in FIGURES]


def test_the_sheet_about_says_what_the_table_is():
    told = {row["About this table"]: row for row in rows_of(book_of()[0]["About"])}
    assert list(told["Use"].values())[1] == INTERNAL
    assert list(told["Released"].values())[1] == "no"
    released = book_of(suppress(FIGURES), release=True)[0]["About"]
    assert "Counts of 0–7 are hidden" in [row[1].value for row in released.rows][2]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝"])
def test_nothing_is_a_formula(start):
    book, written = book_of([replace(FIGURES[0], label=f"{start}HYPERLINK(1)\x01",
                                     note=f"{start}2")])
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    first = book["Figures"]["A2"].value
    assert first == f"'{start}HYPERLINK(1)\ufffd"
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist())


def test_the_file_says_nothing_of_who_and_when_and_hides_nothing():
    book, written = book_of()
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 3
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
        core = parts.read("docProps/core.xml").decode()
        assert not any("comments" in name or "vba" in name for name in parts.namelist())
    assert "creator" not in core
    assert "modified" not in core
    assert written == book_of()[1]


def test_the_sheets_are_set_up_for_paper_and_screen():
    for sheet in book_of()[0]:
        assert sheet.freeze_panes == "B2"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.oddHeader.left.text == "T && <b>"
        assert sheet.column_dimensions["A"].width > 20


def test_hidden_cells_are_texts_and_a_release_takes_no_raw_figures():
    rows = {row["Id"]: row for row in rows_of(book_of(suppress(FIGURES), release=True)[0]
                                              ["Figures"])}
    assert rows["partners-men"]["n"] == "0–7"
    assert rows["partners-men"]["Value"] is None
    assert EXTRACT.invented
    with pytest.raises(ReleaseError):
        book_of(FIGURES, release=True)
