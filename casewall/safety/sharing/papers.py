"""The files of a report: PDF and Word, both made of the same blocks, and both proved clean."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from casewall.programme.reports.paper import set_on_paper
from casewall.programme.reports.word import Block, Told
from casewall.vault.clean import cleaned

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_LOCALE = {"en": "en-GB", "da": "da-DK"}
_ALIGNED = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_DARK = RGBColor(0x1A, 0x1A, 0x1A)


def files_of(told: Told, *, title: str, agency: str, language: str, made_at: datetime
             ) -> dict[str, bytes]:  # fmt: skip
    """The PDF and the Word file of a text. Raises `NoPaper` for letters that no font has."""
    return {
        "pdf": set_on_paper(told, title=title, agency=agency, language=language),
        "docx": as_word(told, title=title, agency=agency, language=language, made_at=made_at),
    }


def as_word(told: Told, *, title: str, agency: str, language: str, made_at: datetime) -> bytes:
    """The Word file: headings as headings, tables with a head row, the language of the text."""
    made = docx.Document()
    _lay_out(made, _LOCALE.get(language, language))
    section = made.sections[0]
    _line(section.header.paragraphs[0], " · ".join(told.head))
    _line(section.footer.paragraphs[0], " · ".join(told.foot))
    for block in told.blocks:
        _put(made, block)
    properties = made.core_properties
    for name in ("comments", "identifier", "subject", "keywords", "last_modified_by", "category"):
        setattr(properties, name, "")
    properties.title, properties.author = title, agency[:255]
    properties.created = properties.modified = made_at.replace(tzinfo=None, microsecond=0)
    held = io.BytesIO()
    made.save(held)
    return cleaned(held.getvalue(), "docx")


def _lay_out(made: Any, locale: str) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2)
    for name, size in (("Normal", 11), ("Heading 1", 18), ("Heading 2", 13), ("List Bullet", 11)):
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), _DARK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), "Calibri")
        for theme in ("asciiTheme", "hAnsiTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), locale)
    made.styles["Normal"].element.get_or_add_rPr().append(language)


def _line(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(9), RGBColor(0x40, 0x40, 0x40)


def _put(made: Any, block: Block) -> None:
    if block.kind == "table":
        _table(made, block.rows)
        return
    style = {"heading": f"Heading {block.level}", "item": "List Bullet"}.get(block.kind)
    paragraph = made.add_paragraph(block.text, style=style)
    if block.align in _ALIGNED:
        paragraph.alignment = _ALIGNED[block.align]
    for run in paragraph.runs:
        run.bold = True if block.strong else None


def _table(made: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    table = made.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for number, row in enumerate(rows):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.font.size, run.bold = Pt(10), number == 0
    head = table.rows[0]._tr.get_or_add_trPr()
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head.append(repeated)
    made.add_paragraph()
