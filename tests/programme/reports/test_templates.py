"""What a Word template may hold, hostile files, and what comes out of a good one."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from casewall.programme.reports import checking
from casewall.programme.reports.checking import LARGEST, NotATemplate, check_template
from casewall.programme.reports.paper import NoPaper, pictures_of, set_on_paper
from casewall.programme.reports.rules import FIELD_WORDS, Kind, facts_of, trial_facts
from casewall.programme.reports.texts import LANGUAGES, paragraphs_of, shipped_template
from casewall.programme.reports.word import Block, Told, fill, runs_by_direction, told_by
from casewall.programme.reports.words import TITLES, title_of, worded
from tests.programme.reports.word_files import all_text, changed, in_body, word_file

NOW = datetime(2036, 3, 4, 12, tzinfo=UTC)
KINDS = [(kind, language) for kind in Kind for language in LANGUAGES]


def filled(*paragraphs: str, **facts: object) -> Told:
    return told_by(fill(word_file(*paragraphs), facts_of(facts), title="Trial", made_at=NOW))


@pytest.mark.parametrize(("kind", "language"), KINDS)
def test_a_shipped_text_is_a_template_and_says_everything_in_word_and_on_paper(
        kind: Kind, language: str) -> None:
    template = shipped_template(kind, language)
    asked = " ".join(tag.text for tag in check_template(template))
    began = time.process_time()
    word = fill(template, trial_facts(), title=title_of(kind, language), made_at=NOW)
    told = told_by(word)
    pdf = set_on_paper(told, title=title_of(kind, language), agency="Invented", language=language)
    assert time.process_time() - began < 1
    shown = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    # A certificate names the service where there is no programme to name.
    for name in set(re.findall(r"{{ (\w+) }}", asked)) - (
            {"service"} if kind is Kind.CERTIFICATE else set()):
        assert f"[{FIELD_WORDS[name]}]" in told.text()
        assert FIELD_WORDS[name].split()[-1] in shown
    assert "{" not in told.text()
    assert told.blocks[2 if kind is not Kind.CERTIFICATE else 0].kind == "heading"


def test_every_kind_has_a_title_and_a_text_in_each_language() -> None:
    assert set(TITLES) == set(LANGUAGES)
    assert all(set(titles) == set(Kind) for titles in TITLES.values())
    with pytest.raises(KeyError):
        paragraphs_of(Kind.INVITATION, "fr")
    assert worded("mark", "late", "fr") == worded("mark", "late", "en")
    assert worded("mark", "not_known_code", "da") == "not known code"
    assert worded("mark", "", "da") == ""


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("nobody's safety", "anybody's safety", "no assessment of risk")),
    ("da", ("ingens sikkerhed", "nogens sikkerhed", "ikke en vurdering af risiko")),
])
def test_certificate_report_and_notice_of_completion_promise_nothing_about_safety(
        language: str, words: tuple[str, ...]) -> None:
    for kind in (Kind.CERTIFICATE, Kind.ATTENDANCE_REPORT, Kind.COMPLETION_NOTICE):
        text = " ".join(paragraphs_of(kind, language))
        assert words[0] in text or words[1] in text
        assert words[2] in text


@pytest.mark.parametrize(("paragraph", "sentence"), [
    ("Dear {{ client_address }}", "In the text, paragraph 2 there is the field “{{ client_address"
                                  " }}”"),
    ("{{ statement }}", "the field “{{ statement }}”"),
    ("{{ client_name.__class__ }}", "client_name.__class__"),
    ("{{ client_name|upper }}", "A template may hold fields"),
    ("{{ ''.join(['a']) }}", "A template may hold fields"),
    ("{{ cycler }}", "the field “{{ cycler }}”"),
    ("{{ self }}", "the field “{{ self }}”"),
    ("{% for x in range(10000000) %}{% endfor %}", "A template may hold fields"),
    ("{% for row in notes %}{% endfor %}", "goes over “notes”, which is no list"),
    ("{% for agency in acts %}{% endfor %}", "are called “agency”, which is a field"),
    ("{% for a in acts %}{% for b in acts %}{% endfor %}{% endfor %}", "inside another one"),
    ("{% for row in acts %}{{ row.remark }}{% endfor %}", "a row of “acts” holds: date, name"),
    ("{{ row.name }}", "the field “{{ row.name }}”"),
    ("{{ sessions }}", "which is a list: write it with “for”"),
    ("{% include 'x' %}", "A template may hold fields"),
    ("{% set x = 1 %}", "A template may hold fields"),
    ("{# secret #}", "A template may hold fields"),
    ("{{r client_name }}", "A template may hold fields"),
    ("{% if agency %} x", "The “if” in the text, paragraph 2 is never ended"),
    ("{% endfor %}", "no “for” is open"),
    ("{% else %}", "no “if” is open"),
    ("{{ client_name", "a field is begun and not ended"),
    ("client_name }}", "a field is begun and not ended"),
    ("{% vm %}", "A template may hold fields"),
    ("{% cellbg agency %}", "A template may hold fields"),
])
def test_a_template_that_asks_for_anything_else_is_refused_with_what_and_where(
        paragraph: str, sentence: str) -> None:
    with pytest.raises(NotATemplate) as refused:
        check_template(word_file("Dear {{ client_name }}", paragraph))
    assert sentence in str(refused.value)


@pytest.mark.parametrize("paragraph", [
    "{{ client_name.__class__ }}", "{{ statement }}", "{{ client_name|upper }}",
    "{% for x in range(3) %}{% endfor %}", "{% set x = 1 %}", "{{ 7 * 7 }}", "{{ row.name }}",
    "{% for row in acts recursive %}{{ loop(row) }}{% endfor %}",
    "{% for row in acts if row.name %}{% endfor %}", "{{ client_name ~ agency }}",
    "{{ lipsum }}", "{% if 1 %}{% endif %}", "{% raw %}x{% endraw %}{{ agency() }}",
    "{% for row in client_name %}{% endfor %}",
])
def test_the_second_lock_refuses_to_run_what_the_first_would_have_missed(paragraph: str) -> None:
    with pytest.raises(NotATemplate):
        fill(word_file(paragraph), trial_facts(), title="Trial", made_at=NOW)


def test_a_tag_split_between_runs_and_in_the_header_is_found() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph()
    for piece in ("{", "{ client", "_name", " }", "}"):
        paragraph.add_run(piece).bold = piece == "_name"
    held = io.BytesIO()
    made.save(held)
    assert [tag.text for tag in check_template(held.getvalue())] == ["{{ client_name }}"]
    with pytest.raises(NotATemplate, match="In the header, paragraph 1"):
        check_template(word_file("x", header="{{ risk }}"))


REL = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def with_relation(kind: bytes, target: bytes) -> bytes:
    return changed(word_file("x"), edit={"word/_rels/document.xml.rels": lambda blob: blob.replace(
        b"</Relationships>", b'<Relationship Id="rId99" Type="' + REL + kind + b'" Target="'
        + target + b'" TargetMode="External"/></Relationships>')})


def hostile() -> Iterator[tuple[str, bytes, str]]:
    """A name, the file, and a piece of the sentence that refuses it."""
    good = word_file("x")
    yield "empty", b"", "not a Word document"
    yield "an old Word file", b"\xd0\xcf\x11\xe0" + b"x" * 500, "not a Word document"
    yield "a damaged archive", good[: len(good) // 2], "damaged"
    yield "another archive", changed(good, edit={
        "[Content_Types].xml": lambda blob: blob.replace(b"wordprocessingml.document.main", b"x")
    }), "not a Word document"
    yield "too large", b"PK\x03\x04" + b"x" * LARGEST, "are the most"
    yield "macros", changed(good, add={"word/vbaProject.bin": b"x"}), "macros"
    yield "macro type", changed(good, edit={"[Content_Types].xml": lambda blob: blob.replace(
        b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
        b"vnd.ms-word.document.macroEnabled.main")}), "without macros"
    yield "embedded", changed(good, add={"word/embeddings/a.bin": b"x"}), "another file"
    yield "active", changed(good, add={"word/activeX/activeX1.xml": b"<a/>"}), "active control"
    yield "comments", changed(good, add={"word/comments.xml": b"<a/>"}), "comments"
    yield "a bomb", changed(good, add={"word/media/a.png": b"\0" * 20_000_000}), "larger unpacked"
    yield "a bomb of text", changed(good, add={"word/b.xml": b" " * 3_000_000}), "larger unpacked"
    yield "many parts", changed(good, add={f"word/{n}.xml": b"<a/>" for n in range(400)}), "parts"
    yield "an entity bomb", changed(good, edit={"word/document.xml": lambda blob: blob.replace(
        b"<w:document", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document', 1)}), "cannot be read"
    yield "broken", changed(good, edit={"word/document.xml": lambda blob: blob[:-9]}), "read"
    yield "attached template", with_relation(b"attachedTemplate", b"https://example.invalid/a"
                                             ), "outside itself"
    yield "linked picture", with_relation(b"image", b"https://example.invalid/a.png"), "outside"
    yield "a script link", with_relation(b"hyperlink", b"javascript:alert(1)"), "outside"
    bodies = {
        "<w:p><w:ins><w:r><w:t>x</w:t></w:r></w:ins></w:p>": "tracked changes",
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r></w:p>": "hidden text",
        "<w:p><w:r><w:txbxContent/></w:r></w:p>": "a text box",
        "<w:altChunk/>": "another file",
        "<w:p><w:r><w:object/></w:r></w:p>": "an object",
        "<w:p><w:r><w:instrText>DDEAUTO c:\\x</w:instrText></w:r></w:p>": "field code",
        '<w:p><w:fldSimple w:instr=" INCLUDETEXT x "/></w:p>': "field code",
        "<w:p><w:r><w:instrText>{{ statement }}</w:instrText></w:r></w:p>": "no text",
        '<w:p><w:bookmarkStart w:name="{{ statement }}"/></w:p>': "no text",
        "<w:p>{{ statement }}</w:p>": "no text",
        "<w:p><w:r/>{% set x = 1 %}</w:p>": "no text",
    }
    for xml, piece in bodies.items():
        yield xml, changed(good, edit={"word/document.xml": in_body(xml)}), piece


@pytest.mark.parametrize(("content", "sentence"), [(c, s) for _, c, s in hostile()],
                         ids=[name[:50] for name, _, _ in hostile()])
def test_a_hostile_file_is_refused_with_a_sentence_and_soon(content: bytes, sentence: str) -> None:
    began = time.process_time()
    with pytest.raises(NotATemplate) as refused:
        check_template(content)
    assert sentence in str(refused.value)
    assert time.process_time() - began < 1


def test_a_locked_or_doubled_archive_and_too_many_fields_are_refused(
        monkeypatch: pytest.MonkeyPatch) -> None:
    locked = bytearray(word_file("x"))
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    with pytest.raises(NotATemplate, match="password"):
        check_template(bytes(locked))
    with pytest.warns(UserWarning, match="Duplicate name"):
        doubled = changed(word_file("x"), add={"word/document.xml": b"<a/>"})
    with pytest.raises(NotATemplate, match="same part twice"):
        check_template(doubled)
    monkeypatch.setattr(checking, "MOST_TAGS", 2)
    with pytest.raises(NotATemplate, match="holds 3 fields; 2 are the most"):
        check_template(word_file("{{ agency }}{{ agency }}{{ agency }}"))


def test_a_link_to_a_page_and_a_page_number_are_allowed() -> None:
    check_template(with_relation(b"hyperlink", b"https://example.invalid/"))
    good = changed(word_file("{{ agency }}"), edit={"word/document.xml": in_body(
        "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>")})
    assert [tag.text for tag in check_template(good)] == ["{{ agency }}"]


def test_what_people_write_is_text_and_never_markup() -> None:
    words = "{{ recipient }} <w:p/> & {% for %} #let x = 1; $x$ *b* \\ `raw`\nsecond line"
    told = filled("{{ own_words }}", own_words=words, recipient="SECRET")
    assert told.blocks == (Block("paragraph", words),)
    pdf = set_on_paper(told, title="Trial", agency="A", language="en")
    shown = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "#let x = 1; $x$ *b*" in shown
    assert "SECRET" not in shown


def test_loops_conditions_headings_lists_and_tables_come_out_in_the_order_of_reading() -> None:
    made = docx.Document()
    made.add_heading("Second", 2)
    made.add_paragraph("{%p if agency %}")
    made.add_paragraph("{{ agency }}", style="List Bullet")
    made.add_paragraph("{%p else %}")
    made.add_paragraph("nobody")
    made.add_paragraph("{%p endif %}")
    made.add_heading("Deep", 4)
    made.add_paragraph("").add_run("{{ worker }}").bold = True
    held = io.BytesIO()
    made.save(held)
    check_template(held.getvalue())
    told = told_by(fill(held.getvalue(), facts_of({"agency": "A", "worker": "W"}), title="T",
                        made_at=NOW))
    assert [(one.kind, one.text, one.level, one.strong) for one in told.blocks] == [
        ("heading", "Second", 1, False), ("item", "A", 0, False), ("heading", "Deep", 2, False),
        ("paragraph", "W", 0, True)]
    without = told_by(fill(held.getvalue(), facts_of({}), title="T", made_at=NOW))
    assert [one.text for one in without.blocks] == ["Second", "nobody", "Deep"]


ARABIC = "سامي المخترع"


def test_an_arabic_name_is_marked_for_word_and_stands_on_paper_in_its_letters() -> None:
    template = shipped_template(Kind.CERTIFICATE, "da")
    word = fill(template, facts_of({"client_name": ARABIC, "completed_on": "i dag",
                                    "own_words": f"linje\n{ARABIC} (x)"}),
                title="T", made_at=NOW)
    made = docx.Document(io.BytesIO(word))
    marked = [run.find(qn("w:t")).text for run in made.element.body.iter(qn("w:r"))
              if run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None]
    assert marked == [ARABIC]
    told = told_by(word)
    assert told.blocks[1].text == ARABIC
    pdf = set_on_paper(told, title="T", agency="A", language="da")
    reader = PdfReader(io.BytesIO(pdf))
    faces = {str(font["/BaseFont"]) for page in reader.pages
             for font in (one.get_object() for one in page["/Resources"]["/Font"].values())}
    assert any("NotoSansArabic" in face for face in faces)
    assert set("سامي") <= set(reader.pages[0].extract_text())


@pytest.mark.parametrize(("text", "stretches"), [
    ("", []),
    ("Anders", [("Anders", False)]),
    ("سامي", [("سامي", True)]),
    ("Til: سامي المخترع (x)", [("Til: ", False), ("سامي المخترع", True), (" (x)", False)]),
    ("سامي 12 المخترع!", [("سامي 12 المخترع", True), ("!", False)]),
    ("سَ", [("سَ", True)]),
])
def test_a_text_is_cut_into_stretches_of_one_direction(
        text: str, stretches: list[tuple[str, bool]]) -> None:
    assert runs_by_direction(text) == stretches


def test_a_name_beside_a_line_break_is_marked_as_well() -> None:
    word = fill(word_file("{{ own_words }}"), facts_of({"own_words": f"a\n{ARABIC}"}), title="T",
                made_at=NOW)
    assert "<w:rtl/>" in all_text(word)
    assert told_by(word).blocks == (Block("paragraph", f"a\n{ARABIC}"),)


def test_the_pdf_is_tagged_names_its_language_and_title_and_can_be_read() -> None:
    word = fill(shipped_template(Kind.ATTENDANCE_REPORT, "da"), trial_facts(), title="Rapport",
                made_at=NOW)
    pdf = set_on_paper(told_by(word), title="Rapport", agency="Invented", language="da")
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "da"
    assert reader.metadata is not None
    assert reader.metadata.title == "Rapport"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    kinds = set(tags(root["/StructTreeRoot"]["/K"]))
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/L", "/LI"} <= kinds


def tags(node: object) -> Iterator[str]:
    """Every kind of tag in the tree of a PDF."""
    found = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(found, list):
        for one in found:
            yield from tags(one)
    elif isinstance(found, dict):
        if "/S" in found:
            yield str(found["/S"])
        if "/K" in found:
            yield from tags(found["/K"])


def test_the_same_text_makes_the_same_paper_and_a_picture() -> None:
    told = Told(("Head",), (Block("heading", "One", 1), Block("paragraph", "x")), ("Foot",))
    papers = {set_on_paper(told, title="T", agency="A", language="en") for _ in range(2)}
    assert len(papers) == 1
    [picture] = pictures_of(told, title="T", agency="A", language="en")
    assert picture.startswith(b"\x89PNG")


def test_a_letter_that_no_font_has_is_said() -> None:
    told = Told((), (Block("paragraph", "\U00012000"),), ())
    with pytest.raises(NoPaper, match="The PDF cannot be made"):
        set_on_paper(told, title="T", agency="A", language="en")


def test_a_word_file_carries_no_author_of_its_template() -> None:
    made = docx.Document(io.BytesIO(word_file("{{ agency }}")))
    made.core_properties.author = made.core_properties.last_modified_by = "Somebody Else"
    held = io.BytesIO()
    made.save(held)
    word = fill(held.getvalue(), facts_of({"agency": "A & B"}), title="T", made_at=NOW)
    assert "Somebody Else" not in all_text(word)
    assert docx.Document(io.BytesIO(word)).core_properties.author == "A & B"
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        assert archive.testzip() is None
