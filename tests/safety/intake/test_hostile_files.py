"""Files that are not tables, or are built to do harm: each is one sentence, soon."""

import io
import random
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.safety.intake.headers import match_headers
from casewall.safety.intake.reader import Unreadable, read_table
from casewall.safety.intake.sheets import numbered_rows, shared_strings

ROOT = Path(__file__).parents[3]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def plain_workbook(rows=(("Klient efternavn", "Sagsnr"), ("Opdigtsen", "1"))):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def rebuilt(changes, source=None):
    """The plain workbook with parts replaced (bytes), added, or taken out (None)."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source or plain_workbook())) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        parts = {name: old.read(name) for name in old.namelist()} | changes
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


def sheet(inner, before="", prologue='<?xml version="1.0"?>'):
    return (
        f'{prologue}<worksheet xmlns="{MAIN}">{before}<sheetData>{inner}</sheetData></worksheet>'
    ).encode()


SHEET = "xl/worksheets/sheet1.xml"
HEAD = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Klient efternavn</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>Opdigtsen</t></is></c></row>'
)
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {n} "{f"&{m};" * 10}">' for m, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
OUTSIDE = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
    '2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/{}" Target="https://example.org/x" '
    'TargetMode="External"/></Relationships>'
)


def all_of(content, name="list.csv"):
    """Everything a loader does with bytes: the table, all its rows, the header's fields."""
    table = read_table(io.BytesIO(content), name=name)
    rows = list(table.rows)
    match_headers(table.headers, None)
    return rows


def refusal(content, name="list.csv"):
    begun = time.process_time()  # so that other work on the machine does not count
    with pytest.raises(Unreadable) as refused:
        all_of(content, name)
    assert time.process_time() - begun < 10, "a refusal must not take the time of the whole file"
    sentence = str(refused.value)
    assert name in sentence or "header" in sentence
    assert sentence.endswith((".", "'."))
    return sentence


# --- not a table -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "has no row with content"),
        (b"\n\n  \n\r\n", "has no row with content"),
        (b"Klient efternavn;Sagsnr\n", "has a header but no rows"),
        (b"Foo;Bar\n1;2\n", "No column of the header is known"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "is a picture (PNG)"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "is a picture (JPEG)"),
        (b"GIF89a", "is a picture (GIF)"),
        (b"{\\rtf1 x}", "RTF"),
        (b"\x1f\x8b\x08" + bytes(10), "gzip"),
        (b"\x7fELF" + bytes(10), "is a program"),
        (b"SQLite format 3\x00", "is a database"),
        (b"PAR1xxxx", "is a Parquet file"),
        (b"<html><table><tr><td>A", "is a web page or XML"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?>", "is a web page or XML"),
        (b'{"a": 1}', "is JSON"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(600)
            + "EncryptedPackage".encode("utf-16-le"),
            "locked with a password",
        ),
        ("A;B\n1;2\n".encode("utf-16-le"), "begins with NUL bytes"),
        (b"\xff\xfeA\x00;\x00\x00\xd8A\x00", "says that it is UTF-16 but holds bytes"),
        (b"\xef\xbb\xbfA;B\n\xff;2\n", "says that it is UTF-8 but holds bytes"),
        ("اسم;هاتف\nليلى;1\n".encode("cp1256"), "its letters are not Western European"),
        (b"Navn;By\n\x81\x8d;\xe6\n", "nor is it Latin-1 or Windows-1252"),
        (b"abcd" + bytes(range(1, 9)) * 50, "holds binary content"),
        (b'A;B\n1;2\n"open;3\n4;5\n', "row 3: a quotation mark is opened and not closed"),
        (b'A;B\n1;2\n"' + b"x;y\n" * 600_000, "row 3: a quotation mark is opened"),
        (b'"a"b;c\n1;2\n', "row 1 (the header): the quotation marks do not pair up"),
        (b"=1;c\n1;2\n", "row 1 (the header), column A: a formula stands"),
        (
            b"aaaa\x00a;cccccccccccccccccccccccccccccccc\n" + b"1;2\n" * 50,
            "row 1 (the header), column A: the cell holds control",
        ),
        (b";".join([b"x"] * 201) + b"\n1\n", "has 201 columns"),
        (b"A;B\n1;2\n" + b"x" * 9_000_000, "is longer than"),
    ],
)
def test_what_is_not_a_table_is_refused_in_one_sentence(content, said):
    assert said in refusal(content)


@pytest.mark.parametrize("name", ["a.xlsm", "A.XLTM"])
def test_a_file_for_macros_is_refused_by_its_name(name):
    assert "is a file for macros" in refusal(plain_workbook(), name)


def test_a_text_of_more_than_the_allowed_size_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("casewall.safety.intake.delimited.MAX_BYTES", 2_000_000)
    assert "is larger than 2 MB" in refusal(b"A;B\n" + b"1;2\n" * 500_001)


@pytest.mark.parametrize("reading", ["delimited", "workbook"])
def test_rows_beyond_the_limit_are_counted_and_refused(monkeypatch, reading):
    monkeypatch.setattr(f"casewall.safety.intake.{reading}.MAX_ROWS", 3)
    rows = [("Klient efternavn", "Sagsnr"), *[("Opdigtsen", str(n)) for n in range(5)]]
    written = {
        "delimited": "\n".join(";".join(row) for row in rows).encode(),
        "workbook": plain_workbook(rows),
    }
    table = read_table(io.BytesIO(written[reading]), name="list")
    given_out = []
    with pytest.raises(Unreadable, match=r"^list has 5 rows; at most 3 are read .* Split the file"):
        given_out.extend(iter(table.rows))
    assert len(all_of(plain_workbook(rows[:4]))) == 3


# --- workbooks ---------------------------------------------------------------------------------


def test_the_workbook_that_the_others_are_made_from_is_read():
    assert all_of(rebuilt({}), "a.xlsx")[0].cells[0].text == "Opdigtsen"
    assert all_of(rebuilt({SHEET: sheet(HEAD)}), "a.xlsx")[0].cells[0].text == "Opdigtsen"


def bomb(megabytes):
    return rebuilt({SHEET: sheet(HEAD + " " * megabytes * 1_000_000)})


def stating(content, size):
    """`content` with another unpacked size of the sheet in the list of parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        real = archive.getinfo(SHEET).file_size
    changed = content.replace(struct.pack("<L", real), struct.pack("<L", size))
    assert changed != content
    return changed


def overlapping():
    """One packed part listed many times under other names (the "better zip bomb")."""
    content = plain_workbook()
    start = content.index(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    first = content[start : content.index(b"PK\x01\x02", start + 4)]
    name_length = struct.unpack("<H", first[28:30])[0]
    extra = b"".join(
        first[:46] + f"xl/{n:0{name_length - 3}}"[:name_length].encode() + first[46 + name_length :]
        for n in range(600)
    )
    listed = content[start:end] + extra
    count = content[end + 8 : end + 10]
    total = struct.unpack("<H", count)[0] + 600
    tail = b"PK\x05\x06" + bytes(4) + struct.pack("<HHLLH", total, total, len(listed), start, 0)
    return content[:start] + listed + tail


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bomb(2), "unpacks to more than 100 times"),
        (stating(bomb(2), 401_000_000), "would unpack to 401 MB"),
        (stating(bomb(2), 10), "is damaged"),
        (overlapping(), "is an archive of"),
        (rebuilt({"xl/styles.xml": b"<x>" + b" " * 4_100_000 + b"</x>"}), "part (xl/styles.xml)"),
        (rebuilt({"xl/inner.zip": plain_workbook()}), "holds 'xl/inner.zip'"),
        (rebuilt({"xl/media/a.png": plain_workbook()}), "holds 'xl/media/a.png'"),
        (rebuilt({"../../etc/x.xml": b"<x/>"}), "points outside the file"),
        (rebuilt({"/abs.xml": b"<x/>"}), "points outside the file"),
        (rebuilt({"..\\x.xml": b"<x/>"}), "points outside the file"),
        (rebuilt({"payload.exe": b"MZ"}), "holds 'payload.exe'"),
        (rebuilt({"xl/vbaProject.bin": b"x"}), "holds macros"),
        (rebuilt({"xl/macrosheets/sheet1.xml": b"<x/>"}), "holds macros"),
        (rebuilt({"xl/externalLinks/externalLink1.xml": b"<x/>"}), "values from other files"),
        (rebuilt({"xl/connections.xml": b"<x/>"}), "connected to a source outside"),
        (rebuilt({"xl/embeddings/oleObject1.bin": b"x"}), "embedded objects"),
        (rebuilt({"xl/workbook.bin": b"x"}), "binary workbook"),
        (
            rebuilt({"xl/_rels/x.xml.rels": OUTSIDE.format("attachedTemplate").encode()}),
            "points to something outside",
        ),
        (rebuilt({SHEET: sheet(HEAD, prologue=LAUGHS)}), "declares XML entities"),
        (
            rebuilt({"xl/sharedStrings.xml": f"{LAUGHS}<sst>&i;</sst>".encode()}),
            "declares XML entities",
        ),
        (
            rebuilt({SHEET: sheet(HEAD, prologue='<!DOCTYPE x SYSTEM "file:///etc/passwd">')}),
            "declares XML entities",
        ),
        (
            rebuilt({SHEET: sheet(HEAD, prologue=LAUGHS).decode().encode("utf-16")}),
            "declares XML entities",
        ),
        (rebuilt({SHEET: b"not xml"}), "is not XML"),
        (rebuilt({SHEET: b"<!--" + b" " * 70_000 + b"-->"}), "does not begin as XML"),
        (rebuilt({"_rels/.rels": b"<x>"}), "its list of parts is not XML"),
        (rebuilt({SHEET: None}), "is a zip archive but not an .xlsx"),
        (rebuilt({"content.xml": b"<x/>", "mimetype": b"x"}), "is an OpenDocument file"),
        (rebuilt({"EncryptedPackage": b"x"}), "locked with a password"),
        (rebuilt({SHEET: sheet("")}), "has no row with content"),
        (rebuilt({SHEET: sheet(HEAD.split("</row>")[0] + "</row>")}), "a header but no rows"),
        (rebuilt({SHEET: sheet('<row r="1"><c r="IW1"><v>1</v></c></row>')}), "has 257 columns"),
        (rebuilt({SHEET: sheet(HEAD + '<row r="99999999"><c><v>1</v></c></row>')}), "is damaged"),
        (rebuilt({SHEET: sheet(HEAD + HEAD)}), "is damaged"),
        (rebuilt({SHEET: sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')}), "is damaged"),
        (rebuilt({SHEET: sheet(HEAD + '<row r="x"/>')}), "is damaged"),
        (rebuilt({SHEET: sheet(HEAD)[:-30]}), "is damaged"),
        (rebuilt({SHEET: f'<worksheet xmlns="{MAIN}"/>'.encode()}), "has no row with content"),
        (rebuilt({SHEET: sheet('<row r="1"><c r="AAAA1"><v>1</v></c></row>')}), "is damaged"),
        (rebuilt({SHEET: sheet('<row r="1"><c r="é1"><v>1</v></c></row>')}), "is damaged"),
        (rebuilt({SHEET: sheet('<row r="1"><c r="XFE1"><v>1</v></c></row>')}), "is damaged"),
        (rebuilt({SHEET: sheet(HEAD + '<row r="3"><c t="d"><v>x</v></c></row>')}), "is damaged"),
        (rebuilt({SHEET: sheet(HEAD) + b"<!DOCTYPE x>"}), "is damaged"),
        (plain_workbook()[:-40], "is damaged"),
        (plain_workbook()[:2000], "is damaged"),
        (b"PK\x03\x04" + bytes(100), "is damaged"),
        (b"PK", "is damaged"),
    ],
)
def test_a_dangerous_or_damaged_workbook_is_refused_in_one_sentence(content, said):
    assert said in refusal(content, "a.xlsx")


def test_a_workbook_for_macros_is_refused_by_its_content():
    source = plain_workbook()
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        types = archive.read("[Content_Types].xml")
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert plain in types
    content = rebuilt({"[Content_Types].xml": types.replace(plain, macros)})
    assert "is a file with macros" in refusal(content, "a.xlsx")


def test_a_locked_zip_is_refused():
    content = bytearray(plain_workbook())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + offset] |= 1
    assert "locked with a password" in refusal(bytes(content), "a.xlsx")


def test_two_parts_of_one_name_are_refused():
    stream = io.BytesIO(plain_workbook())
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<x/>")
    assert "two parts of one name" in refusal(stream.getvalue(), "a.xlsx")


def test_a_workbook_without_a_visible_sheet_is_refused():
    source = plain_workbook()
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        book = archive.read("xl/workbook.xml")
    hidden = book.replace(b'state="visible"', b'state="hidden"')
    assert hidden != book
    assert "no visible sheet" in refusal(rebuilt({"xl/workbook.xml": hidden}), "a.xlsx")


def test_a_row_of_ten_megabytes_is_refused_before_it_is_complete():
    noise = random.Random(1)  # noise, so that it does not pack like a bomb
    cell = f'<c t="str"><v>{noise.randbytes(5_000_000).hex()}</v></c>'
    content = rebuilt({SHEET: sheet(HEAD + f'<row r="3">{cell}</row>')})
    with pytest.raises(Unreadable, match="more than 8 MB between two rows"):
        all_of(content, "a.xlsx")


def test_hyperlinks_and_pictures_are_no_reason_to_refuse():
    content = rebuilt(
        {
            "xl/worksheets/_rels/sheet1.xml.rels": OUTSIDE.format("hyperlink").encode(),
            "xl/media/logo.png": b"\x89PNG",
            "xl/printerSettings/printerSettings1.bin": b"x",
            "xl/media/": b"",
        }
    )
    assert len(all_of(content, "a.xlsx")) == 1


@pytest.mark.parametrize(
    "act", [shared_strings, lambda xml: list(numbered_rows(xml, [], None, "x"))]
)
def test_the_cells_are_not_read_past_a_document_type_either(act):
    with pytest.raises(ValueError, match="document type"):
        act(io.BytesIO(f"{LAUGHS}<sst>&i;</sst>".encode()))


def with_strings(strings, rows):
    """The plain workbook with shared strings, declared as spreadsheet programs do."""
    with zipfile.ZipFile(io.BytesIO(plain_workbook())) as archive:
        types = archive.read("[Content_Types].xml")
    declared = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
        b'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    return rebuilt(
        {
            "[Content_Types].xml": types.replace(b"</Types>", declared),
            "xl/sharedStrings.xml": strings,
            SHEET: sheet(rows),
        }
    )


@pytest.mark.parametrize("index", ["-1", "1", "x"])
def test_a_shared_string_that_does_not_exist_is_damage(index):
    strings = f'<sst xmlns="{MAIN}"><si><t>Klient efternavn</t></si></sst>'.encode()
    row = f'<row r="1"><c t="s"><v>{index}</v></c></row>'
    assert "is damaged" in refusal(with_strings(strings, row), "a.xlsx")


def test_shared_strings_are_joined_without_phonetic_readings():
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>Klient efternavn</t></si><si><r><t>Op</t></r><r><t>dig'
        "</t></r><rPh sb='0' eb='1'><t>XX</t></rPh></si><si/></sst>"
    ).encode()
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in (1, 2, 3))
    content = with_strings(strings, rows)
    assert [row.cells[0].text for row in all_of(content, "a.xlsx")] == ["Opdig"]


def test_formulas_of_every_kind_are_marked_and_never_worked_out():
    rows = HEAD + "".join(
        f'<row r="{n}"><c r="A{n}">{formula}<v>1</v></c></row>'
        for n, formula in enumerate(
            (
                "<f>1+1</f>",
                '<f t="shared" ref="A4:A5" si="0">B1</f>',
                '<f t="shared" si="0"/>',
                '<f t="array" ref="A1">C1</f>',
                '<f t="dataTable" r1="A1"/>',
            ),
            start=3,
        )
    )
    cells = [row.cells[0] for row in all_of(rebuilt({SHEET: sheet(rows)}), "a.xlsx")][1:]
    assert [(cell.text, cell.kind) for cell in cells] == [
        ("=1+1", "formula"),
        ("=B1", "formula"),
        ("=", "formula"),
        ("=C1", "formula"),
        ("=", "formula"),
    ]


def test_an_impossible_date_is_an_error_cell_and_warns_nobody():
    source = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.active.append(["Klient efternavn"])
    workbook.active.append([9e11])
    workbook.active["A2"].number_format = "yyyy-mm-dd"
    workbook.save(source)
    (row,) = all_of(source.getvalue(), "a.xlsx")
    assert row.cells[0].kind == "error"


# --- size ------------------------------------------------------------------------------------


LOAD = """
import sys
from datetime import date
from pathlib import Path
from casewall.safety.intake.headers import match_headers
from casewall.safety.intake.reader import read_table
from casewall.safety.intake.rules import IntakeSettings, check_rows
table = read_table(Path(sys.argv[1]), name="big")
mapping = match_headers(table.headers, None).mapping
if sys.argv[2] == "check":
    checked = check_rows(table.rows, mapping, IntakeSettings("+45"), date(2026, 6, 1))
    rows = sum(bool(row.client and row.partner) for row in checked)
else:
    rows = sum(1 for row in table.rows)
peak = next(line for line in Path("/proc/self/status").read_text().splitlines()
            if line.startswith("VmHWM"))  # ru_maxrss would begin with that of the test process
print(rows, peak.split()[1])
"""

BIG_HEADER = (
    "Sagsnr",
    "Henvisningsdato",
    "Klient efternavn",
    "Klient fornavn",
    "Klient fødselsdato",
    "Klient telefon",
    "Klient adresse",
    "Partner efternavn",
    "Partner fornavn",
    "Partner fødselsdato",
    "Partner telefon",
    "Partner adresse",
    "Antal børn",
    "Bemærkninger",
)


def big_rows(count):
    for n in range(count):
        day = f"{1 + n % 28:02}-{1 + n % 12:02}-{1960 + n % 40}"
        yield (
            f"OP-{n}",
            "13-01-2026",
            f"Opdigtsen{n}",
            "Bo",
            day,
            f"+44 7{n:09}",
            f"Opdigtet Gade {n}",
            f"Eksempelgaard{n}",
            "Anna",
            day,
            f"+44 8{n:09}",
            f"Prøvevej {n}",
            str(n % 4),
            "Opdigtet hændelse.",
        )


def rows_and_megabytes(path, act):
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(path), act],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    rows, kilobytes = map(int, done.stdout.split())
    return rows, kilobytes / 1024


@pytest.fixture(scope="module")
def big_csv(tmp_path_factory):
    path = tmp_path_factory.mktemp("big") / "big.csv"
    lines = (";".join(row) for row in (BIG_HEADER, *big_rows(100_000)))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_hundred_thousand_rows_of_text_are_read_in_bounded_memory(big_csv):
    rows, megabytes = rows_and_megabytes(big_csv, "read")
    assert rows == 100_000
    assert megabytes < 100


@pytest.mark.slow
def test_a_hundred_thousand_rows_of_text_are_checked_in_less_than_500_megabytes(big_csv):
    rows, megabytes = rows_and_megabytes(big_csv, "check")
    assert rows == 100_000
    assert megabytes < 500


@pytest.mark.slow
def test_a_hundred_thousand_rows_of_a_workbook_are_checked_in_less_than_500_megabytes(tmp_path):
    path = tmp_path / "big.xlsx"
    workbook = openpyxl.Workbook(write_only=True)
    big = workbook.create_sheet()
    for row in (BIG_HEADER, *big_rows(100_000)):
        big.append(row)
    workbook.save(path)
    rows, megabytes = rows_and_megabytes(path, "check")
    assert rows == 100_000
    assert megabytes < 500


# --- anything at all -----------------------------------------------------------------------------


def table_or_refusal(content, name="a.csv"):
    try:
        table = read_table(io.BytesIO(content), name=name)
        match_headers(table.headers, None)
        for row in table.rows:
            assert len(row.cells) == len(table.headers)
    except Unreadable:
        return


@given(st.binary(max_size=400))
@settings(max_examples=1000, deadline=None)
def test_any_bytes_are_a_table_or_a_refusal(content):
    table_or_refusal(content)


@given(
    st.text(alphabet=st.sampled_from(' ;,|\t"\n\r=+-@aæ1\x00ع\u2028\u3000'), max_size=80),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(max_examples=1000, deadline=None)
def test_any_text_is_a_table_or_a_refusal(text, encoding):
    table_or_refusal(f"Klient efternavn;B\n{text}".encode(encoding))


@given(st.integers(0, 6000), st.binary(min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_a_workbook_with_any_bytes_overwritten_is_a_table_or_a_refusal(at, noise):
    content = bytearray(plain_workbook())
    at %= len(content)
    content[at : at + len(noise)] = noise
    table_or_refusal(bytes(content), "a.xlsx")


XML = st.recursive(
    st.sampled_from(["", "7", "x", "1e999", "-1", "=1", "\u202e"]),
    lambda inner: st.builds(
        lambda tag, attributes, child: f"<{tag} {attributes}>{child}</{tag}>",
        st.sampled_from(
            [
                "row",
                "c",
                "v",
                "f",
                "is",
                "t",
                "r",
                "sheetData",
                "dimension",
                "conditionalFormatting",
                "mergeCells",
                "hyperlinks",
                "cols",
                "col",
            ]
        ),
        st.sampled_from(
            [
                "",
                'r="1"',
                'r="A1"',
                'r="B0"',
                'r="99"',
                't="s"',
                't="b"',
                't="d"',
                't="e"',
                't="inlineStr"',
                's="1"',
                's="9"',
                't="shared" si="0"',
            ]
        ),
        inner,
    ),
    max_leaves=8,
)


@given(st.lists(XML, max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_workbook_with_any_sheet_is_a_table_or_a_refusal(rows):
    content = rebuilt({SHEET: sheet(HEAD + "".join(rows))}, source=SOURCE)
    table_or_refusal(content, "a.xlsx")


SOURCE = plain_workbook()


def test_a_damaged_stream_inside_the_zip_is_a_refusal():
    content = bytearray(plain_workbook())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        part = archive.getinfo(SHEET)
    begin = part.header_offset + 30 + len(part.filename)
    content[begin : begin + 20] = zlib.compress(b"x" * 50)[:20].ljust(20, b"\xff")
    assert "is damaged" in refusal(bytes(content), "a.xlsx")
