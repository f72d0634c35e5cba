"""The PDF of a pack: tagged, whole, and with every n/N in its text."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from casewall.outcomes.cards import load_pack
from casewall.outcomes.suppress import ReleaseError, suppress
from casewall.reporting.document import CannotSet, as_pdf, told
from casewall.reporting.render import as_html_context
from tests.reporting.drawn import FIGURES, FLOWS, FLOWS_OUT, NAME, SERIES, SERIES_OUT

CARDS = load_pack(NAME)
SETTINGS = {"pack": CARDS, "title": CARDS.title, "about": {"Service": "#strong[*An* invented]"}}


@pytest.fixture(scope="module")
def exact() -> PdfReader:
    return PdfReader(io.BytesIO(as_pdf(FIGURES, **SETTINGS, flows=FLOWS, series=SERIES)))


@pytest.fixture(scope="module")
def text(exact: PdfReader) -> str:
    return text_of(exact)


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def tags(reader: PdfReader) -> dict[str, int]:
    """How often each tag stands in the tree of the document's structure."""
    found: dict[str, int] = {}
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        here = waiting.pop().get_object()
        if isinstance(here, list):
            waiting += here
        elif isinstance(here, dict):
            if "/S" in here:
                found[here["/S"]] = found.get(here["/S"], 0) + 1
                if here["/S"] == "/Figure":
                    assert here["/Alt"]
            if "/K" in here and not isinstance(here["/K"].get_object(), int):
                waiting.append(here["/K"])
    return found


def test_the_pdf_says_that_it_is_accessible(exact: PdfReader) -> None:
    root = exact.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert exact.metadata.title == CARDS.title
    assert exact.metadata.author is None
    assert exact.metadata.creation_date is None


def test_tables_have_heads_and_every_chart_has_words(exact: PdfReader) -> None:
    found = tags(exact)
    drawn = len(told(FIGURES, **SETTINGS, flows=FLOWS, series=SERIES)["charts"])
    assert drawn > 6
    assert found["/Figure"] == drawn
    assert found["/Table"] == drawn + 2
    assert found["/TH"] > 0
    assert found["/H1"] == 1


def test_every_figure_stands_in_the_text_with_n_of_n_and_definition(
    exact: PdfReader, text: str
) -> None:
    for row in as_html_context(FIGURES, title="T")["rows"]:
        assert row["n_of_n"] in text
        assert " ".join(row["label"].split()) in text
        assert " ".join(row["definition"].split()[:6]) in text
    assert "Internal: not under disclosure control" in text
    assert f"1 / {len(exact.pages)}" in text


def test_nothing_that_is_written_is_markup(text: str) -> None:
    assert "#strong[*An* invented]" in text


def test_the_head_of_the_table_stands_on_every_page_of_it(exact: PdfReader) -> None:
    wide = [page for page in exact.pages if page.mediabox.width > page.mediabox.height]
    assert len(wide) > 1
    assert all("95% interval" in page.extract_text() for page in wide)


def test_a_release_shows_hidden_cells_and_takes_no_raw_figures() -> None:
    released = as_pdf(suppress(FIGURES), **SETTINGS, release=True, flows=FLOWS_OUT,
                      series=SERIES_OUT)
    text = text_of(PdfReader(io.BytesIO(released)))
    assert "Counts of 0–7 are hidden" in text
    assert "0–7/210" in text
    assert "73/392" not in text
    with pytest.raises(ReleaseError):
        as_pdf(FIGURES, **SETTINGS, release=True)


def test_a_letter_that_no_font_has_is_said() -> None:
    odd = replace(FIGURES[0], label="\U0001f9ff\U00013000")
    with pytest.raises(CannotSet, match="The PDF cannot be made"):
        as_pdf([odd], **SETTINGS)


def test_no_charts_are_no_empty_headings() -> None:
    text = text_of(PdfReader(io.BytesIO(as_pdf(FIGURES[:1], **SETTINGS))))
    assert "Charts" not in text
