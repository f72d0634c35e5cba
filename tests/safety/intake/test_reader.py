"""Files that are tables: what is read, and what a row is called. All people are invented."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from casewall.safety.intake.headers import match_headers
from casewall.safety.intake.reader import Unreadable, read_table
from casewall.safety.intake.rules import IntakeSettings, check_rows
from casewall.safety.intake.table import Cell, Fault

EXAMPLES = Path(__file__).parents[3] / "examples" / "referrals"
TODAY = date(2026, 6, 1)
HALF_PAST_TEN = datetime(2026, 3, 4, 10, 30)  # noqa: DTZ001 — spreadsheets have no zones

WITHOUT_ACCOUNTS = "referrer_email"
"""The examples are of an agency whose workers have no accounts here."""


def table_of(content, name="referrals.csv", sheet=None):
    if isinstance(content, str):
        content = content.encode()
    return read_table(io.BytesIO(content), name=name, sheet=sheet)


def texts(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def workbook_bytes(workbook):
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def workbook_of(*rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    return workbook


# --- CSV -----------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator):
    table = table_of(separator.join(["Navn", "Tlf"]) + "\r\n" + separator.join(["Bo", "1"]))
    assert table.headers == ["Navn", "Tlf"]
    assert texts(table) == [["Bo", "1"]]


def test_the_separator_is_the_one_that_makes_the_most_even_table():
    table = table_of("Navn;Adresse, by;Note\nBo;Gade 1, Fjordby;a|b\nIb;Vej 2, Vesterlo, x;c\n")
    assert table.headers == ["Navn", "Adresse, by", "Note"]
    uneven = table_of("a,b\n1\n2\n3;4\n5\n6\n")
    assert uneven.headers == ["a", "b"]


def test_a_separator_that_the_file_declares_holds_and_is_no_row():
    table = table_of("sep=|\nA;x|B\n1;2|3\n")
    assert table.headers == ["A;x", "B"]
    assert [row.number for row in table.rows] == [2]


def test_a_table_of_one_column_is_a_table():
    assert texts(table_of("Navn\nBo\n")) == [["Bo"]]


def test_quoted_cells_keep_separators_quotes_and_line_breaks():
    table = table_of('Navn;Note\n"Bo ""B""; jun.";"en\nto"\nIb;tre\n')
    assert texts(table) == [['Bo "B"; jun.', "en\nto"], ["Ib", "tre"]]
    assert [row.number for row in table.rows] == [2, 3]


def test_a_row_is_called_what_a_spreadsheet_calls_it():
    table = table_of("\n\nA;B\n1;2\n;\n\n3;4\n")
    assert table.headers == ["A", "B"]
    assert [row.number for row in table.rows] == [4, 7]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(ending):
    assert texts(table_of(ending.join(["A,B", "1,2", "3,4"]))) == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_with_a_mark_or_in_utf_8_is_read_without_a_word(encoding):
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    table = table_of(f"{mark}Navn;عربي\nÅse Sørensen;ليلى\n".encode(encoding))
    assert table.headers == ["Navn", "عربي"]
    assert texts(table) == [["Åse Sørensen", "ليلى"]]
    assert table.notes == ()


@pytest.mark.parametrize(
    ("encoding", "name", "called"),
    [("latin-1", "Åse Sørensen", "Latin-1"), ("cp1252", "Åse O’Brien", "Windows-1252")],
)
def test_western_files_are_read_and_the_choice_is_told(encoding, name, called):
    table = table_of(f"Navn;By\n{name};Ærø\n".encode(encoding), name="liste.csv")
    assert texts(table) == [[name, "Ærø"]]
    assert table.notes == (
        f"liste.csv is not UTF-8; it was read as {called}. "
        "Look at the names: if letters are wrong, save it as CSV in UTF-8.",
    )


def test_wrong_letters_far_into_the_file_are_found_before_the_first_row():
    content = b"A;B\n" + b"x;y\n" * 100_000 + "æ;ø\n".encode("latin-1")
    assert "read as Latin-1" in table_of(content).notes[0]


def test_cells_that_begin_like_formulas_are_marked_and_phones_are_not():
    cells = [
        "=1+1",
        "@sum",
        "+1+cmd|x",
        "-2+3",
        "\t=1",
        " =1",
        "＝1",
        '"\r1"',
        "+45 12 34 56 78",
        "+(45)12345678",
        "-5",
        "-5,50",
        "-",
        "a=b",
        "٥",
        "",
    ]
    table = table_of("A;B\n" + "".join(f"{cell};x\n" for cell in cells))
    kinds = [row.cells[0].kind for row in table.rows]
    assert kinds == ["formula"] * 8 + ["text"] * 7 + ["empty"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("1;2;3;4", Fault("D", "the row has 4 cells, but the header has 3")),
        ("1;2", Fault("", "the row has 2 cells, but the header has 3")),
        ('"1"x;2;3', Fault("", "the quotation marks do not pair up, so its cells are unsure")),
    ],
)
def test_a_row_that_does_not_fit_the_header_says_so_and_the_next_is_read(line, fault):
    bad, good = table_of(f"A;B;C\n{line}\na;b;c\n").rows
    assert bad.faults == (fault,)
    assert len(bad.cells) == 3
    assert (good.number, good.faults) == (3, ())


def test_empty_cells_beyond_the_header_are_no_fault():
    (row,) = table_of("A;B;;\n1;2;;\n").rows
    assert row.faults == ()
    assert len(row.cells) == 2


@pytest.mark.parametrize(
    ("cell", "said"), [("a\x00b", "control characters"), ("x" * 1_048_577, "1,048,577 characters")]
)
def test_a_cell_that_no_record_can_hold_says_so(cell, said):
    bad, good, *_ = table_of(f"A;B\nok;{cell}\n1;2\n" + "x;y\n" * 100).rows
    assert bad.faults[0].column_letter == "B"
    assert said in bad.faults[0].sentence
    assert good.faults == ()


# --- XLSX ----------------------------------------------------------------------------------


def test_cells_of_a_workbook_become_the_text_that_a_person_means():
    workbook = workbook_of(
        ["A", "B", "C", "D", "E", "F", "G", "H", "I"],
        [
            "Åse",
            12345678,
            12345678.0,
            1.5,
            True,
            False,
            date(2026, 3, 4),
            HALF_PAST_TEN,
            time(9, 5),
        ],
        [None, "ليلى", "=A2", "=SUM(B2:C2)", "#N/A", timedelta(hours=30), "+45 1", "@x"],
    )
    workbook.active["B3"].value = "ليلى"
    first, second = table_of(workbook_bytes(workbook), "a.xlsx").rows
    assert [(cell.text, cell.kind) for cell in first.cells] == [
        ("Åse", "text"),
        ("12345678", "number"),
        ("12345678", "number"),
        ("1.5", "number"),
        ("yes", "boolean"),
        ("no", "boolean"),
        ("2026-03-04", "date"),
        ("2026-03-04T10:30:00", "date"),
        ("09:05:00", "text"),
    ]
    assert [(cell.text, cell.kind) for cell in second.cells[:5]] == [
        ("", "empty"),
        ("ليلى", "text"),
        ("=A2", "formula"),
        ("=SUM(B2:C2)", "formula"),
        ("#N/A", "error"),
    ]
    assert [cell.kind for cell in second.cells[6:]] == ["text", "formula", "empty"]
    assert first.cells[8] == Cell("09:05:00", "text", "I")


def test_rows_of_a_workbook_are_called_what_the_spreadsheet_calls_them():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet["B3"], sheet["D3"] = "Navn", "Tlf"
    sheet["B7"], sheet["D9"] = "Bo", 1
    table = table_of(workbook_bytes(workbook), "a.xlsx")
    assert table.headers == ["", "Navn", "", "Tlf"]
    assert [row.number for row in table.rows] == [7, 9]
    assert texts(table) == [["", "Bo", "", ""], ["", "", "", "1"]]


def test_a_cell_beyond_the_header_is_a_fault_of_its_row():
    (row,) = table_of(workbook_bytes(workbook_of(["A", "B"], [1, 2, None, 3])), "a.xlsx").rows
    assert row.faults == (Fault("D", "the row has 4 cells, the header has 2"),)


def test_the_first_visible_sheet_is_read_and_the_others_are_told():
    workbook = workbook_of(["Hidden"], [1])
    workbook.active.sheet_state = "hidden"
    for title in ("Henvisninger", "Andet"):
        sheet = workbook.create_sheet(title)
        sheet.append([title])
        sheet.append([2])
    content = workbook_bytes(workbook)
    table = table_of(content, "a.xlsx")
    assert table.headers == ["Henvisninger"]
    assert table.notes == ("The sheet 'Henvisninger' is read; not read: 'Sheet', 'Andet'.",)
    assert table_of(content, "a.xlsx", sheet="Andet").headers == ["Andet"]
    assert table_of(content, "a.xlsx", sheet=1).headers == ["Hidden"]
    with pytest.raises(Unreadable, match="no sheet 'Fjern'; it has 'Sheet', 'Henvisninger'"):
        table_of(content, "a.xlsx", sheet="Fjern")


def test_a_sheet_that_is_only_a_chart_is_passed_over():
    workbook = workbook_of(["A"], [1])
    workbook.create_chartsheet("Kurve", 0)
    assert table_of(workbook_bytes(workbook), "a.xlsx").headers == ["A"]


def test_the_content_decides_and_not_the_name():
    content = workbook_bytes(workbook_of(["A", "B"], [1, 2]))
    assert texts(table_of(content, "a.csv")) == [["1", "2"]]
    assert texts(table_of("A;B\n1;2\n", "a.xlsx")) == [["1", "2"]]


def test_dates_in_words_texts_of_formulas_and_cells_without_a_place_are_read():
    rows = (
        '<row><c t="str"><v>A</v></c><c t="inlineStr"><is><r><t>B</t></r><r><t>b</t></r>'
        '<rPh sb="0" eb="1"><t>X</t></rPh></is></c><c t="inlineStr"/></row>'
        '<row><c t="d"><v>2026-03-04</v></c><c t="d"><v>2026-03-04T10:30:00</v></c></row>'
        '<row><c t="z"><v>odd</v></c><c><v/></c></row>'
        "<row><c><v>1.2345678E7</v></c><c><v>1E400</v></c></row>"
    )
    table = table_of(with_sheet(rows), "a.xlsx")
    assert table.headers == ["A", "Bb"]
    assert texts(table) == [["2026-03-04", "2026-03-04T10:30:00"], ["odd", ""], ["12345678", "inf"]]


def with_sheet(rows):
    """A workbook whose sheet is written by hand, as some programs write it."""
    source, made = io.BytesIO(workbook_bytes(workbook_of(["A"]))), io.BytesIO()
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    written = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, written if "sheet1" in name else old.read(name))
    return made.getvalue()


# --- sources -------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_rows_can_be_gone_through_again(suffix):
    table = read_table(EXAMPLES / f"police-referrals-invented.{suffix}", name="x")
    assert len(list(table.rows)) == len(list(table.rows)) == 25
    begun = iter(table.rows)
    assert next(begun).number == 2
    del begun


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_open_stream_stays_open_and_may_be_closed_in_the_middle(suffix):
    with (EXAMPLES / f"police-referrals-invented.{suffix}").open("rb") as stream:
        table = read_table(stream, name="x")
        assert len(list(table.rows)) == 25
        assert not stream.closed
        begun = iter(table.rows)
        next(begun)
    del begun


def test_a_pipe_is_read_as_well():
    class Pipe(io.RawIOBase):
        def __init__(self, content):
            self.rest = content

        def readable(self):
            return True

        def readinto(self, buffer):
            part, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
            buffer[: len(part)] = part
            return len(part)

    table = read_table(Pipe(b"A;B\n1;2\n"), name="x.csv")
    assert texts(table) == texts(table) == [["1", "2"]]


def test_a_path_that_cannot_be_opened_is_a_sentence(tmp_path):
    with pytest.raises(Unreadable, match=r"x.csv cannot be opened: No such file"):
        read_table(tmp_path / "x.csv", name="x.csv")
    with pytest.raises(Unreadable, match=r"x.csv cannot be opened: Is a directory"):
        read_table(tmp_path, name="x.csv")


def test_a_file_that_has_gone_when_its_rows_are_read_is_a_sentence(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("A;B\n1;2\n")
    table = read_table(path, name="x.csv")
    path.unlink()
    with pytest.raises(Unreadable, match="cannot be opened"):
        list(table.rows)


# --- the shipped examples --------------------------------------------------------------------


def checked_example(suffix):
    table = read_table(EXAMPLES / f"police-referrals-invented.{suffix}", name="x")
    match = match_headers(table.headers, None)
    assert (match.unmatched, match.missing, table.notes) == ([], [WITHOUT_ACCOUNTS], ())
    return list(check_rows(table.rows, match.mapping, IntakeSettings("+45"), TODAY))


def test_the_shipped_examples_load_without_a_problem_and_are_equal():
    from_csv, from_xlsx = checked_example("csv"), checked_example("xlsx")
    assert from_csv == from_xlsx
    assert [checked.problems for checked in from_csv] == [()] * 25
    both = sum(bool(checked.client and checked.partner) for checked in from_csv)
    only_client = sum(bool(checked.client and not checked.partner) for checked in from_csv)
    assert (both, only_client) == (19, 4)


def test_the_shipped_examples_use_only_numbers_kept_for_drama():
    for checked in checked_example("csv"):
        for part in (checked.client, checked.partner):
            if part is not None:
                assert part.person.phone.startswith("+447700900")
                assert part.person.email.endswith(("", "@example.org"))
