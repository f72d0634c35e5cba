"""What leaves is clean: planted leaks of every kind are found, and clean files pass."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import docx
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from PIL import Image
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from casewall.programme.reports.paper import set_on_paper
from casewall.programme.reports.word import Block, Told
from casewall.vault.clean import ENDINGS, Unclean, cleaned, findings, neutralise, proved, restore
from casewall.vault.clean.archives import archived

TOLD = Told(("Head",), (Block("heading", "Heading", 1), Block("paragraph", "A text.")), ("Foot",))


def paper() -> bytes:
    return set_on_paper(TOLD, title="Title", agency="Agency", language="en")


def rewritten(change: object = None, **metadata: str) -> bytes:
    """The paper as another program writes it, with something planted."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper()))
    writer.add_metadata({f"/{key}": value for key, value in metadata.items()})
    if change:
        change(writer)  # type: ignore[operator]
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def test_a_paper_of_ours_is_clean() -> None:
    assert proved(paper(), "pdf") == paper()


def _script(writer: pypdf.PdfWriter) -> None:
    act = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"),
                            NameObject("/JS"): TextStringObject("app.alert(1)")})  # fmt: skip
    writer.root_object[NameObject("/OpenAction")] = act


def _remark(writer: pypdf.PdfWriter) -> None:
    writer.add_annotation(0, FreeText(text="her address", rect=(1, 1, 50, 50)))


PLANTED: dict[str, Callable[[], bytes]] = {
    "it is no PDF": lambda: b"no paper",
    "an earlier version": lambda: paper() + b"\n1 0 obj<<>>endobj\nstartxref\n0\n%%EOF\n",
    "bytes after its end": lambda: paper() + b"her address",
    "the metadata Producer": lambda: rewritten(Producer="A program"),
    "the metadata Keywords": lambda: rewritten(Keywords="her name"),
    "the metadata ModDate": lambda: rewritten(ModDate="D:20260101"),
    "the program that made it": lambda: rewritten(Creator="Her laptop"),
    "a script or an action": lambda: rewritten(_script),
    "another file inside it": lambda: rewritten(lambda w: w.add_attachment("a.txt", b"x")),
    "comments": lambda: rewritten(_remark),
    "the metadata xmp:CreateDate": lambda: paper().replace(
        b"<dc:format>", b"<xmp:CreateDate>x</xmp:CreateDate><dc:format>"
    ),
}


@pytest.mark.parametrize("says", PLANTED)
def test_what_a_paper_hides_is_found(says: str) -> None:
    content = PLANTED[says]()
    assert says in findings(content, "pdf")
    with pytest.raises(Unclean, match="more than it"):
        proved(content, "pdf")


def book(change: object = None) -> bytes:
    """A workbook, written as ours are: without who, where and when."""
    made = Workbook()
    made.active["A1"] = "Figure"
    if change:
        change(made)  # type: ignore[operator]
    held = io.BytesIO()
    made.save(held)
    with zipfile.ZipFile(held) as old:
        return archived({
            name: b"<cp:coreProperties/>" if name == "docProps/core.xml" else old.read(name)
            for name in old.namelist()
        })  # fmt: skip


def _with(act: object) -> object:
    def change(made: Workbook) -> None:
        sheet = made.active
        match act:
            case "sheet":
                made.create_sheet("All").sheet_state = "veryHidden"
            case "column":
                sheet["B1"] = "x"
                sheet.column_dimensions["B"].hidden = True
            case "formula":
                sheet["B1"] = "=1+1"
            case "comment":
                sheet["A1"].comment = Comment("her address", "A worker")
            case "text":
                sheet["B1"].value, sheet["B1"].data_type = "@SUM(1)", "s"

    return change


@pytest.mark.parametrize(
    ("act", "says"),
    [
        ("sheet", "a hidden sheet"),
        ("column", "hidden rows or columns"),
        ("formula", "a formula"),
        ("comment", "the part xl/comments"),
        ("text", "begins like a formula"),
    ],
)
def test_what_a_workbook_hides_is_found(act: str, says: str) -> None:
    assert not findings(book(), "xlsx")
    assert any(says in one for one in findings(book(_with(act)), "xlsx"))


def test_a_workbook_tells_nothing_of_who_wrote_it_and_when() -> None:
    made = Workbook()
    made.properties.creator, made.properties.keywords = "A worker", "her name"
    held = io.BytesIO()
    made.save(held)
    found = findings(held.getvalue(), "xlsx")
    assert "the time or the machine of writing" in found
    assert "the metadata keywords" in found
    assert findings(b"PK no archive", "xlsx") == ("it cannot be unpacked",)
    assert findings(archived({"a.xml": b""}), "xlsx") == ("it is no workbook",)


def word(**parts: bytes) -> bytes:
    """A Word file as python-docx writes it, with parts changed or added by their name."""
    made = docx.Document()
    made.add_paragraph("A text.")
    held = io.BytesIO()
    made.save(held)
    with zipfile.ZipFile(held) as old:
        whole = {name: old.read(name) for name in old.namelist()}
    return archived({**whole, **parts})


def test_a_word_file_is_cleaned_without_a_word_being_changed() -> None:
    dirty = word(**{
        "docProps/custom.xml": b"<x>her name</x>", "word/people.xml": b"<x/>",
        "customXml/item9.xml": b"<x>her address</x>",
    })  # fmt: skip
    found = findings(dirty, "docx")
    assert {"the part docProps/custom.xml", "the part word/people.xml",
            "marks of who edited which part"} <= set(found)  # fmt: skip
    clean = cleaned(dirty, "docx")
    assert not findings(clean, "docx")
    assert [one.text for one in docx.Document(io.BytesIO(clean)).paragraphs] == ["A text."]
    assert b"her " not in b"".join(zipfile.ZipFile(io.BytesIO(clean)).read(name)
                                   for name in zipfile.ZipFile(io.BytesIO(clean)).namelist())
    assert cleaned(clean, "docx") == clean


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<w:ins w:author='x'><w:r/></w:ins>", "tracked changes"),
        (b"<w:del ><w:r/></w:del>", "tracked changes"),
        (b"<w:rPr><w:vanish/></w:rPr>", "hidden text"),
        (b"<w:commentReference w:id='1'/>", "comments"),
    ],
)
def test_a_word_file_that_would_say_something_else_without_it_is_refused(
    body: bytes, says: str
) -> None:
    with zipfile.ZipFile(io.BytesIO(word())) as made:
        document = made.read("word/document.xml")
    changed = document.replace(b"<w:sectPr", b"<w:p>" + body + b"</w:p><w:sectPr", 1)
    with pytest.raises(Unclean, match=says):
        cleaned(word(**{"word/document.xml": changed}), "docx")
    with pytest.raises(Unclean, match="cannot be unpacked"):
        cleaned(b"PK", "docx")


def photograph(kind: str) -> bytes:
    """A picture with a place, a comment and a thumbnail in it."""
    held, exif = io.BytesIO(), Image.Exif()
    exif[0x010F], exif[0x9286] = "A phone", "her street"
    image = Image.effect_noise((32, 32), 40).convert("RGB")
    image.save(held, kind, exif=exif, comment=b"her street", icc_profile=b"x" * 40)
    return held.getvalue()


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpeg"), ("PNG", "png")])
def test_a_photograph_loses_its_place_and_nothing_that_is_seen(kind: str, ending: str) -> None:
    taken = photograph(kind)
    assert findings(taken, ending)
    clean = cleaned(taken, ending)
    assert not findings(clean, ending)
    assert b"her street" not in clean
    before, after = (Image.open(io.BytesIO(one)) for one in (taken, clean))
    assert before.tobytes() == after.tobytes()
    assert findings(taken[:40], ending)
    assert findings(clean + b"her street", ending) == ("bytes after the picture",) or findings(
        clean + b"her street", ending
    )
    for broken in (b"", b"no picture", clean[:-6], clean[:30]):
        assert findings(broken, ending)


def test_a_chunk_that_draws_nothing_is_found() -> None:
    clean = cleaned(photograph("PNG"), "png")
    chunk = struct.pack(">I", 3) + b"tEXtabc" + struct.pack(">I", zlib.crc32(b"tEXtabc"))
    assert findings(clean[:-12] + chunk + clean[-12:], "png") == ("the chunk tEXt",)


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("<p>Text</p><!-- her address -->", "a comment"),
        ("<script>1</script>", "a script"),
        ('<a onclick="x()">x</a>', "a script"),
        ('<img src="https://example.invalid/x.png">', "something fetched from elsewhere"),
        ('<meta name="author" content="x">', "who or what made it"),
        ("<svg><metadata>x</metadata></svg>", "metadata of a drawing"),
        ('<p style="display: none">x</p>', "hidden text"),
    ],
)
def test_what_a_page_hides_is_found(page: str, says: str) -> None:
    assert says in findings(page.encode(), "html")
    assert not findings(b"<p>Text</p>", "svg")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", " =", "\ufeff="])
def test_a_cell_that_a_spreadsheet_would_calculate_is_found_and_neutralised(start: str) -> None:
    held = io.StringIO(newline="")
    csv.writer(held).writerows([["Head", "-3.5%"], ["x", f"{start}SUM(1)"]])
    assert findings(held.getvalue().encode(), "csv") == ("a formula in row 2, column 2",)
    held = io.StringIO(newline="")
    csv.writer(held).writerow([neutralise(f"{start}SUM(1)")])
    assert not findings(held.getvalue().encode(), "csv")


@given(st.text())
def test_neutralising_can_always_be_undone(text: str) -> None:
    assert restore(neutralise(text)) == text
    held = io.StringIO(newline="")
    csv.writer(held).writerow(["x", neutralise(text.replace("\0", ""))])
    encoded = held.getvalue().encode("utf-8", "replace")
    assert not findings(encoded, "csv")


def test_other_bytes_and_endings_are_refused() -> None:
    assert findings(b"\xff\xfe", "csv") == ("text that is not UTF-8",)
    assert "a zero byte" in findings(b"a\0b", "csv")
    for act in (findings, proved, cleaned):
        with pytest.raises(ValueError, match="exe"):
            act(b"", "exe")
    with pytest.raises(ValueError, match="written clean"):
        cleaned(b"", "pdf")
    assert {"csv", "docx", "html", "jpeg", "pdf", "png", "svg", "xlsx"} <= ENDINGS
