"""Word files: filling a template with the facts of a document, and reading back what it says.

What was filled in is read back as blocks, and the preview and the PDF are made of those: all
three say the same, whichever template the agency uses.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from casewall.programme.reports.checking import NotATemplate
from casewall.programme.reports.rules import FIELD_WORDS, LISTS, DocumentFacts, parts_of, plain
from casewall.vault.clean import cleaned

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Not,
)


class FieldsOnly(SandboxedEnvironment):
    """Renders fields, loops over lists and conditions; compiles nothing else.

    The check of an uploaded file reads what a person would see. This one reads what is about to
    run, after every rewriting, and refuses whatever the first did not foresee.
    """

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        _refuse_others(parsed, {})
        return parsed


def _refuse_others(node: nodes.Node, rows: dict[str, str]) -> None:
    """Raise `NotATemplate` for a node that is not on the list; `rows` are the open loops."""
    if not isinstance(node, _ALLOWED) or not _is_known(node, rows):
        raise NotATemplate(
            "The template holds something other than fields, “for” and “if” "
            f"({type(node).__name__.lower()})."
        )
    if isinstance(node, nodes.For):
        rows = {**rows, node.target.name: node.iter.name}  # type: ignore[attr-defined]
    for child in node.iter_child_nodes():
        _refuse_others(child, rows)


def _is_known(node: nodes.Node, rows: dict[str, str]) -> bool:
    match node:
        case nodes.Name():
            return node.name in FIELD_WORDS or node.name in rows
        case nodes.Getattr():
            return (
                isinstance(node.node, nodes.Name)
                and node.node.name in rows
                and node.attr in parts_of(rows[node.node.name])
            )
        case nodes.For():
            return (
                isinstance(node.target, nodes.Name)
                and isinstance(node.iter, nodes.Name)
                and node.iter.name in LISTS
                and not node.recursive
                and node.test is None
                and not rows
            )
        case _:
            return True


def fill(
    template: bytes, facts: DocumentFacts, *, title: str, made_at: datetime, banner: str = ""
) -> bytes:
    """The Word file: the template with these facts, and a banner above it where there is one.

    Raises `NotATemplate` where the template asks for anything outside the allow-list.
    """
    filled = DocxTemplate(io.BytesIO(template))
    filled.init_docx()
    for name in (
        "author",
        "comments",
        "identifier",
        "subject",
        "title",
        "keywords",
        "last_modified_by",
        "category",
    ):
        setattr(filled.docx.core_properties, name, "")
    try:
        filled.render(plain(facts), FieldsOnly(), autoescape=True)
    except TemplateError as problem:
        raise NotATemplate(f"The template cannot be filled in: {problem}.") from problem
    held = io.BytesIO()
    filled.save(held)
    return _finished(held.getvalue(), title, facts.agency, made_at, banner)


def _finished(content: bytes, title: str, agency: str, made_at: datetime, banner: str) -> bytes:
    made = docx.Document(io.BytesIO(content))
    properties = made.core_properties
    properties.title, properties.author = title, agency[:255]
    properties.created = properties.modified = made_at.replace(tzinfo=None, microsecond=0)
    if banner:
        first = made.element.body.find(qn("w:p"))
        paragraph = made.add_paragraph()
        run = paragraph.add_run(banner)
        run.bold, run.font.color.rgb = True, RGBColor(0xA0, 0x10, 0x10)
        if first is not None:
            made.element.body.insert(0, paragraph._p)
    for root in _roots(made):
        for run in list(root.iter(qn("w:r"))):
            _mark_direction(run)
    held = io.BytesIO()
    made.save(held)
    return cleaned(held.getvalue(), "docx")


def _roots(made: Any) -> Iterator[Any]:
    yield made.element.body
    for section in made.sections:
        yield section.header._element
        yield section.footer._element


_RTL = ("R", "AL")


def runs_by_direction(text: str) -> list[tuple[str, bool]]:
    """A text in stretches of one direction: (stretch, whether it is read from right to left).

    A stretch from right to left begins and ends with a letter of such a script; spaces and
    digits between two of them belong to it.
    """
    strong = [index for index, one in enumerate(text) if unicodedata.bidirectional(one) in _RTL]
    if not strong:
        return [(text, False)] if text else []
    found: list[tuple[str, bool]] = []
    start = at = 0
    while at < len(text):
        if unicodedata.bidirectional(text[at]) not in _RTL:
            at += 1
            continue
        if at > start:
            found.append((text[start:at], False))
        end = at + 1
        for further in range(at + 1, len(text)):
            kind = unicodedata.bidirectional(text[further])
            if kind in _RTL:
                end = further + 1
            elif kind == "L":
                break
        # Vowel signs stand after their letter.
        while end < len(text) and unicodedata.bidirectional(text[end]) == "NSM":
            end += 1
        found.append((text[at:end], True))
        start = at = end
    return [*found, (text[start:], False)] if start < len(text) else found


def _mark_direction(run: Any) -> None:
    """Tell Word which letters of a run are read from right to left, so that it sets them so."""
    texts = run.findall(qn("w:t"))
    if len(texts) != 1 or len([one for one in run if one.tag != qn("w:rPr")]) != 1:
        for text in texts:
            if any(is_rtl for _, is_rtl in runs_by_direction(text.text or "")):
                _split_out(run)
                return
        return
    stretches = runs_by_direction(texts[0].text or "")
    if not any(is_rtl for _, is_rtl in stretches):
        return
    place = run
    for stretch, is_rtl in stretches:
        made = deepcopy(run)
        text = made.find(qn("w:t"))
        text.text = stretch
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        if is_rtl:
            properties = made.get_or_add_rPr()
            if properties.find(qn("w:rtl")) is None:
                properties.append(OxmlElement("w:rtl"))
        place.addnext(made)
        place = made
    run.getparent().remove(run)


def _split_out(run: Any) -> None:
    """Give each piece of a run (text, line break) a run of its own, and mark those."""
    place, made_runs = run, []
    for piece in [one for one in run if one.tag != qn("w:rPr")]:
        made = deepcopy(run)
        for one in list(made):
            if one.tag != qn("w:rPr"):
                made.remove(one)
        made.append(deepcopy(piece))
        place.addnext(made)
        place = made
        made_runs.append(made)
    run.getparent().remove(run)
    for made in made_runs:
        if made.findall(qn("w:t")):
            _mark_direction(made)


# --- reading back --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a filled document: `heading`, `paragraph`, `item` or `table`.

    `text` may hold line breaks; `level` is that of a heading; `rows` are those of a table, its
    head first; `align` is `left`, `center` or `right`; a `strong` block is bold
    throughout; before one with a `gap` there is room for a signature or a breath.
    """

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    align: str = "left"
    strong: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a filled document says: its head, its blocks, its foot."""

    head: tuple[str, ...]
    blocks: tuple[Block, ...]
    foot: tuple[str, ...]

    def text(self) -> str:
        """All of it as lines of plain text."""
        lines = [*self.head]
        for block in self.blocks:
            lines += [" | ".join(row) for row in block.rows] or [block.text]
        return "\n".join([*lines, *self.foot])


def told_by(content: bytes) -> Told:
    """What a Word file says, in the order of reading."""
    made = docx.Document(io.BytesIO(content))
    blocks = list(_blocks(made, made.element.body))
    head: list[str] = []
    foot: list[str] = []
    for section in made.sections:
        for part, lines in ((section.header, head), (section.footer, foot)):
            for line in _lines(part._element):
                if line not in lines:
                    lines.append(line)
    return Told(tuple(head), _levelled(blocks), tuple(foot))


def _lines(root: Any) -> Iterator[str]:
    """The lines of a header or a footer; numbers of pages are set anew by whoever prints."""
    for paragraph in root.iter(qn("w:p")):
        codes = "".join(
            [one.text or "" for one in paragraph.iter(qn("w:instrText"))]
            + [one.get(qn("w:instr"), "") for one in paragraph.iter(qn("w:fldSimple"))]
        )
        if not re.search(r"\b(PAGE|NUMPAGES|SECTIONPAGES)\b", codes):
            yield from (line for line in _text(paragraph).split("\n") if line.strip())


def _text(paragraph: Any) -> str:
    pieces = []
    for one in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:cr"), qn("w:tab")):
        if one.tag == qn("w:t"):
            pieces.append(one.text or "")
        elif one.tag == qn("w:tab"):
            # The places of tabs are described with the same word, and are no text.
            pieces.append(" " if one.getparent().tag == qn("w:r") else "")
        else:
            pieces.append("\n")
    return "".join(pieces)


def _blocks(made: Any, root: Any) -> Iterator[Block]:
    for one in root:
        if one.tag == qn("w:p"):
            block = _block(made, one)
            if block.text.strip():
                yield block
        elif one.tag == qn("w:tbl"):
            rows = [
                tuple(
                    " ".join(_text(p) for p in cell.iter(qn("w:p"))).strip()
                    for cell in row.iter(qn("w:tc"))
                )
                for row in one.iter(qn("w:tr"))
            ]
            width = max((len(row) for row in rows), default=0)
            yield Block("table", rows=tuple(row + ("",) * (width - len(row)) for row in rows))
        elif one.tag == qn("w:sdt"):
            content = one.find(qn("w:sdtContent"))
            if content is not None:
                yield from _blocks(made, content)


_A_LINE = 240
"""Twentieths of a point: from this much on, the room above a paragraph is meant to be seen."""


def _block(made: Any, paragraph: Any) -> Block:
    style = _style_name(made, paragraph)
    text = _text(paragraph).strip()
    bold = [
        run.find(f"{qn('w:rPr')}/{qn('w:b')}") is not None
        for run in paragraph.iter(qn("w:r"))
        if _text(run).strip()
    ]
    aligned = paragraph.find(f"{qn('w:pPr')}/{qn('w:jc')}")
    align = {"center": "center", "right": "right", "end": "right"}.get(
        aligned.get(qn("w:val")) if aligned is not None else "", "left"
    )
    spaced = paragraph.find(f"{qn('w:pPr')}/{qn('w:spacing')}")
    before = spaced.get(qn("w:before"), "0") if spaced is not None else "0"
    gap = before.isdigit() and int(before) >= _A_LINE
    heading = re.fullmatch(r"(?:heading|overskrift) ?(\d)", style)
    if heading or style in ("title", "titel"):
        return Block("heading", text, level=int(heading[1]) if heading else 1, align=align)
    if (
        style.startswith(("list", "opstilling"))
        or paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
    ):
        return Block("item", text, align=align)
    return Block("paragraph", text, align=align, strong=bool(bold) and all(bold), gap=gap)


def _style_name(made: Any, paragraph: Any) -> str:
    named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    if named is None:
        return ""
    wanted = named.get(qn("w:val"))
    return next(
        (style.name.lower() for style in made.styles if style.style_id == wanted and style.name),
        str(wanted).lower(),
    )


def _levelled(blocks: list[Block]) -> tuple[Block, ...]:
    """Headings that begin at one and skip no level, as whoever reads by ear needs them."""
    made, last = [], 0
    for block in blocks:
        if block.kind == "heading":
            last = min(block.level, last + 1)
            made.append(Block("heading", block.text, level=last, align=block.align))
        else:
            made.append(block)
    return tuple(made)
