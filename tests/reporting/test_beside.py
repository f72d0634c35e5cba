"""Analyses beside the figures: in every form of a report, and in no release."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from casewall.outcomes.analyses import analyses_of
from casewall.outcomes.cards import load_pack
from casewall.outcomes.matched import matched
from casewall.reporting.beside import Beside, analyses, kept_beside, read_beside
from casewall.reporting.packs import make_pack
from casewall.reporting.report import Report, as_bytes
from casewall.reporting.snapshots import CannotReport
from tests.reporting.drawn import FIGURES, NAME

PILOT = matched("substance-pilot")
TOLD = analyses_of(PILOT)
REPORT = Report(load_pack(NAME), "T", {}, FIGURES, analyses=TOLD)
HEADINGS = [told["heading"] for told in TOLD]

COMPARATORS = "name,measure,population,source,n,mean,sd,count\n" \
    "Elsewhere,client.violence_months,other_treatment,an invented report,30,12,4,\n"
SAVINGS = """[scenario.a]
persons = "started"
years = 1
[scenario.a.assumption]
"""


def test_each_form_holds_every_analysis_with_its_rows() -> None:
    text = as_bytes(REPORT, "text").decode()
    page = as_bytes(REPORT, "html").decode()
    told = json.loads(as_bytes(REPORT, "json"))["analyses"]
    sheet = load_workbook(io.BytesIO(as_bytes(REPORT, "xlsx")))["Analyses"]
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    pdf = "\n".join(one.extract_text() for one in PdfReader(
        io.BytesIO(as_bytes(REPORT, "pdf"))).pages)
    assert [one["heading"] for one in told] == HEADINGS
    for heading in HEADINGS:
        assert heading in text
        assert heading in page
        assert heading in cells
        assert " ".join(heading.split()) in " ".join(pdf.split())
    assert "Pairs of asked 20 of 30" in " ".join(text.split())
    assert "20 of 30" in cells


def test_a_report_without_analyses_has_no_sign_of_them() -> None:
    bare = Report(load_pack(NAME), "T", {}, FIGURES)
    assert "analyses" not in json.loads(as_bytes(bare, "json"))
    assert "Analyses" not in load_workbook(io.BytesIO(as_bytes(bare, "xlsx"))).sheetnames
    assert 'id="analyses"' not in as_bytes(bare, "html").decode()


def test_no_release_holds_an_analysis() -> None:
    with pytest.raises(CannotReport, match="are in no release"):
        make_pack("costs", service="dvip", as_of=date(2014, 1, 1), release=True, beside=Beside())


def test_what_a_service_keeps_beside_its_reports_is_read(tmp_path: Path) -> None:
    assert kept_beside(tmp_path, "dvip") == Beside()
    (tmp_path / "comparators").mkdir()
    (tmp_path / "savings").mkdir()
    (tmp_path / "comparators" / "dvip.csv").write_text(COMPARATORS, encoding="utf-8")
    (tmp_path / "savings" / "dvip.toml").write_text(SAVINGS, encoding="utf-8")
    kept = kept_beside(tmp_path, "dvip")
    assert [one.name for one in kept.comparators] == ["Elsewhere"]
    ids = [told["id"] for told in analyses(PILOT, kept)]
    assert ids[-2:] == ["others", "saved-a"]
    assert kept_beside(tmp_path, "your-choice") == Beside()


@pytest.mark.parametrize(("name", "text", "says"), [
    ("c.csv", "name\nx\n", "c.csv: The first line lacks the columns"),
    ("c.json", "{", "c.json: The file is not JSON"),
])
def test_a_file_of_others_says_what_is_wrong(tmp_path: Path, name: str, text: str, says: str
                                             ) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CannotReport, match=says):
        read_beside(tmp_path / name, None)


def test_a_file_of_scenarios_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("x = 1", encoding="utf-8")
    with pytest.raises(CannotReport, match=r"s\.toml: scenarios are expected"):
        read_beside(None, tmp_path / "s.toml")
    with pytest.raises(CannotReport, match="cannot be read"):
        read_beside(None, tmp_path / "none.toml")
