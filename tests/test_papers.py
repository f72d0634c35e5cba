"""Every kind of document that leaves as a PDF can be read by ear (PDF/UA-1), in the right order."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from casewall.outcomes.cards import load_pack
from casewall.programme.reports.paper import set_on_paper
from casewall.programme.reports.rules import Kind, trial_facts
from casewall.programme.reports.texts import LANGUAGES, shipped_template
from casewall.programme.reports.word import Told, fill, told_by
from casewall.programme.reports.words import title_of
from casewall.reporting.document import as_pdf
from casewall.safety.rights import reply
from casewall.safety.sending.letters import letter_pdf
from casewall.safety.sending.texts import LANGUAGES as OF_LETTERS
from casewall.safety.sharing.content import ReportContent, ReportPart
from casewall.safety.sharing.papers import files_of
from casewall.safety.sharing.rules import Section
from casewall.vault.clean import findings
from tests.ears import Heard, bare, faults_in
from tests.reporting.drawn import FIGURES, FLOWS, NAME, SERIES

NOW = datetime(2036, 6, 4, 12, tzinfo=UTC)
MAKES_PDF = {
    "casewall/programme/reports/paper.py",
    "casewall/programme/reports/rendering.py",
    "casewall/reporting/document.py",
    "casewall/safety/rights/reply.py",
    "casewall/safety/sending/letters.py",
    "casewall/safety/sharing/papers.py",
}
"""Where PDFs are made: the kinds below are all that these make."""


def programme(kind: Kind, language: str) -> tuple[bytes, Told]:
    title = title_of(kind, language)
    told = told_by(fill(shipped_template(kind, language), trial_facts(), title=title, made_at=NOW))
    return set_on_paper(told, title=title, agency="Invented", language=language), told


def given(language: str) -> tuple[bytes, Told]:
    """The reply to a request for one's own records."""
    held = json.dumps({"facts": [["Day", "4 June"]], "texts": [["Text", "Invented words."]]})
    told = reply.told([reply.Allowed("2036-01-02", "Note", held)], name="Invented",
                      language=language, received_on=date(2036, 1, 1),
                      release_on=date(2036, 2, 1))  # fmt: skip
    return reply.as_pdf(told, agency="Invented", language=language), told


def of_safety(language: str) -> tuple[bytes, Told]:
    """A report of the safety side, with a table, words and a list."""
    content = ReportContent(
        title="Invented report", named="A. I.", agency="Invented", recipient="Invented court",
        purpose="P", basis="B", written_by="W", day="4 June 2036", parts=(
            ReportPart(key=Section.ORDERS, columns=("What", "From"),
                       rows=(("Order", "1 May"), ("Hearing", "2 May"))),
            ReportPart(key=Section.ASSESSMENT, words="First part.\n\nSecond part.")),
    )  # fmt: skip
    told = content.told()
    files = files_of(told, title=content.title, agency="Invented", language=language, made_at=NOW)
    return files["pdf"], told


def letter(language: str) -> tuple[bytes, None]:
    to = SimpleNamespace(to_name="Invented Name", address="Invented Street 1\n8000 Invented",
                         words=SimpleNamespace(body="Please ring the number that you know."))
    made = letter_pdf(to, language=language, signed="Maria", on=date(2036, 1, 1))  # type: ignore[arg-type]
    return made, None


def pack() -> tuple[bytes, None]:
    card = load_pack(NAME)
    return as_pdf(FIGURES, pack=card, title=card.title, about={"Service": "Invented"},
                  flows=FLOWS, series=SERIES), None  # fmt: skip


Made = Callable[[], tuple[bytes, Told | None]]
KINDS: dict[str, Made] = {
    **{f"{kind} in {one}": lambda kind=kind, one=one: programme(kind, one)
       for kind in Kind for one in LANGUAGES},
    **{f"reply in {one}": lambda one=one: given(one) for one in reply.languages()},
    **{f"safety report in {one}": lambda one=one: of_safety(one) for one in ("en", "da")},
    **{f"letter in {one}": lambda one=one: letter(one) for one in OF_LETTERS},
    "pack": pack,
}  # fmt: skip
made = cache(lambda name: KINDS[name]())
heard_of = cache(lambda name: Heard(made(name)[0]))


def test_no_pdf_is_made_anywhere_else() -> None:
    root = Path(__file__).resolve().parents[1]
    found = {str(path.relative_to(root)) for path in (root / "casewall").rglob("*.py")
             if re.search(r"typst\.compile\(|\bset_on_paper\(", path.read_text(encoding="utf-8"))}
    assert found == MAKES_PDF


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_document_can_be_read_by_ear(name: str) -> None:
    content, told = made(name)
    heard = heard_of(name)
    assert faults_in(heard) == []
    assert findings(content, "pdf") == ()
    assert len(heard.text()) > 60
    if told is not None:
        said = [piece for block in told.blocks
                for piece in ([cell for row in block.rows for cell in row] or [block.text])]
        order = bare("".join([*told.head, *said]))
        assert _without_marks(heard) == order


def _without_marks(heard: Heard) -> str:
    """What is read aloud but the dots and numbers before the items of a list."""
    return bare("".join(text for tag, text in heard.read if tag != "/Lbl"))


def test_a_pack_is_heard_in_its_order() -> None:
    text = heard_of("pack").text()
    places = [text.index(bare(one)) for one in (
        "Every share stands with its count", "Charts", "What it counts", "Numbers of the charts")]
    assert places == sorted(places)


# --- a check that finds nothing may be deaf -------------------------------------------------------


def spoiled(content: bytes, spoil: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    spoil(writer)
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def _without(key: str) -> Callable[[PdfWriter], None]:
    return lambda writer: writer.root_object.__delitem__(NameObject(key))


def _tags(kind: str, change: Callable[[Any], None]) -> Callable[[PdfWriter], None]:
    def spoil(writer: PdfWriter) -> None:
        found = [one for one in writer._objects if isinstance(one, dict) and one.get("/S") == kind]
        assert found
        for one in found:
            change(one)

    return spoil


def _renamed(to: str) -> Callable[[Any], None]:
    return lambda tag: tag.update({NameObject("/S"): NameObject(to)})


def _fonts(key: str) -> Callable[[PdfWriter], None]:
    def spoil(writer: PdfWriter) -> None:
        for one in writer._objects:
            for name in [name for name in one if name.startswith(key)] if isinstance(
                    one, dict) else ():
                del one[NameObject(name)]

    return spoil


def _page(old: bytes, new: bytes) -> Callable[[PdfWriter], None]:
    def spoil(writer: PdfWriter) -> None:
        page = writer.pages[0]
        held = page.get_contents().get_data()  # type: ignore[union-attr]
        assert re.search(old, held)
        stream = DecodedStreamObject()
        stream.set_data(re.sub(old, new, held))
        page[NameObject("/Contents")] = writer._add_object(stream)

    return spoil


SPOILED: dict[str, tuple[Callable[[PdfWriter], None], str]] = {
    "no tags": (_without("/StructTreeRoot"), "01-005"),
    "not marked": (_without("/MarkInfo"), "01-007"),
    "no language": (_without("/Lang"), "11-006"),
    "no title shown": (_without("/ViewerPreferences"), "07-001"),
    "no metadata": (_without("/Metadata"), "06-004"),
    "charts without words": (_tags("/Figure", lambda tag: tag.pop("/Alt")), "13-004"),
    "tables without heads": (_tags("/TH", _renamed("/TD")), "15-003 a table"),
    "heads of nothing": (_tags("/TH", lambda tag: tag.pop("/A")), "15-003 a head"),
    "cells outside rows": (_tags("/TR", _renamed("/Sect")), "09-004"),
    "levels skipped": (_tags("/H2", _renamed("/H5")), "14-003"),
    "a tag that is none": (_tags("/H2", _renamed("/Headline")), "02-001"),
    "fonts not embedded": (_fonts("/FontFile"), "31-009"),
    "letters without meaning": (_fonts("/ToUnicode"), "31-027"),
    "text in no tag": (_page(rb"/\w+ ?<<\s*/MCID \d+\s*>>\s*BDC", b"/Span BMC"), "01-003"),
    "tags of nothing": (_page(rb"/MCID 0\b", b"/MCID 9999"), "01-006"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_each_fault_is_found(name: str) -> None:
    spoil, fault = SPOILED[name]
    content, _ = made("pack" if fault == "13-004" else "risk_report in en")
    found = faults_in(Heard(spoiled(content, spoil)))
    assert any(one.startswith(fault) for one in found), found


def test_another_order_of_reading_is_heard() -> None:
    def turned(writer: PdfWriter) -> None:
        [top] = [one for one in writer._objects
                 if isinstance(one, dict) and one.get("/S") == "/Document"]
        top[NameObject("/K")].insert(2, top["/K"].pop())

    content, _ = made("risk_report in en")
    changed = Heard(spoiled(content, turned))
    assert faults_in(changed) == []
    assert changed.text() != heard_of("risk_report in en").text()
