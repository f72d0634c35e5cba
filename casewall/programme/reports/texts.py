"""The texts that come with Casewall, as Word templates that an agency can go on from.

A text is a file of paragraphs with an empty line between them. The first characters say more:
`# ` and `## ` begin a heading; a line `? field` above a paragraph keeps the paragraph where the
field holds something (`? not field`: where it holds nothing); `- list | text` writes a line for
each row; `| list | Head = part | …` writes a table.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from casewall.programme.reports.rules import Kind

FOLDER = Path(__file__).parent / "texts"
LANGUAGES: dict[str, str] = {"da": "Danish", "en": "English"}
"""Languages in which every kind of document has a text."""

FRAME: dict[str, dict[str, str]] = {
    "da": {
        "to": "Til",
        "reference": "Vores reference",
        "regards": "Venlig hilsen",
        "locale": "da-DK",
        "draft": "Kladde: ikke gennemgået, må ikke sendes",
    },
    "en": {
        "to": "To",
        "reference": "Our reference",
        "regards": "Yours sincerely",
        "locale": "en-GB",
        "draft": "Draft: not checked, not to be sent",
    },
}
"""What stands around every text, in its language."""


def paragraphs_of(kind: Kind, language: str) -> list[str]:
    """The paragraphs of a text, each with its marks. Raises `KeyError` for another language."""
    if language not in LANGUAGES:
        raise KeyError(language)
    text = (FOLDER / language / f"{kind}.txt").read_text(encoding="utf-8")
    return [one.strip() for one in text.split("\n\n") if one.strip()]


@cache
def shipped_template(kind: Kind, language: str) -> bytes:
    """The Word template of a kind of document, with its fields in it."""
    made = docx.Document()
    _lay_out(made, FRAME[language]["locale"])
    is_letter = kind is not Kind.CERTIFICATE
    _frame_top(made, FRAME[language], is_letter)
    for paragraph in paragraphs_of(kind, language):
        _write(made, paragraph)
    _frame_end(made, FRAME[language], is_letter)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _lay_out(made: Any, locale: str) -> None:
    """A4, a face that Word has, dark headings, and the language of the text."""
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2)
    for name, size in (("Normal", 11), ("Title", 18), ("Heading 1", 18), ("Heading 2", 13)):
        style = made.styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        style.font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for face in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{face}"), None)
        fonts.set(qn("w:cs"), "Arial")
    made.styles["Normal"].paragraph_format.space_after = Pt(8)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), locale)
    language.set(qn("w:bidi"), "ar-SA")
    made.styles["Normal"].element.get_or_add_rPr().append(language)
    for name in ("author", "comments", "title"):
        setattr(made.core_properties, name, "")


def _frame_top(made: Any, words: dict[str, str], is_letter: bool) -> None:
    made.sections[0].header.paragraphs[0].text = "{{ letterhead }}"
    made.sections[0].footer.paragraphs[0].text = words["reference"] + ": {{ reference }}"
    if is_letter:
        made.add_paragraph(words["to"] + ": {{ recipient }}")
        made.add_paragraph("{{ today }}")


def _frame_end(made: Any, words: dict[str, str], is_letter: bool) -> None:
    made.add_paragraph(
        words["regards"] if is_letter else "{{ today }}"
    ).paragraph_format.space_before = Pt(18)
    made.add_paragraph("{{ worker }}").paragraph_format.space_after = Pt(0)
    made.add_paragraph("{{ agency }}")


def _write(made: Any, paragraph: str) -> None:
    """One paragraph of a text, with the condition that stands above it."""
    condition = ""
    if paragraph.startswith("? "):
        first, _, paragraph = paragraph.partition("\n")
        condition = first[2:]
        made.add_paragraph(f"{{%p if {condition} %}}")
    mark, _, rest = paragraph.partition(" ")
    if mark in ("#", "##"):
        made.add_heading(rest, len(mark))
    elif mark == "-":
        name, _, line = rest.partition(" | ")
        made.add_paragraph(f"{{%p for row in {name} %}}")
        made.add_paragraph(line, style="List Bullet")
        made.add_paragraph("{%p endfor %}")
    elif mark == "|":
        _write_table(made, rest)
    else:
        made.add_paragraph(paragraph)
    if condition:
        made.add_paragraph("{%p endif %}")


def _write_table(made: Any, rest: str) -> None:
    name, *columns = rest.split(" | ")
    heads = [column.split(" = ") for column in columns]
    table = made.add_table(rows=4, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    for place, (head, part) in enumerate(heads):
        table.rows[0].cells[place].paragraphs[0].add_run(head).bold = True
        table.rows[2].cells[place].text = f"{{{{ row.{part} }}}}"
    table.rows[1].cells[0].text = f"{{%tr for row in {name} %}}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    # The first row is repeated on every page, and tells a reader aloud what the columns are.
    head_row = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(head_row)
    made.add_paragraph().paragraph_format.space_after = Pt(0)
