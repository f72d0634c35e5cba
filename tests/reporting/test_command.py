"""`casewall report`, `casewall extract`, `casewall figures-for-site`, as somebody types them."""

from __future__ import annotations

import csv
import io
import json
import stat
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings

from casewall.config.cli import run_as
from casewall.outcomes.figures import KEYS
from casewall.reporting.command import extract, figures_for_site, report
from casewall.reporting.packs import make_pack
from casewall.reporting.parquet import read_extract
from casewall.reporting.report import FORMATS
from casewall.reporting.snapshots import snapshot_of
from casewall.services.load import shipped
from tests.people import SERVICE, Staff
from tests.reporting.people import PLANTED, small_cohort

PERIOD = ["--from", "2013-01-01", "--to", "2015-04-30"]


@pytest.fixture
def entered(staff: Staff) -> Staff:
    small_cohort(staff)
    return staff


@pytest.fixture
def printed(capfdbinary):
    """Run a command; its exit code, its output and what it complained of."""
    def run(verb, *arguments: str) -> tuple[int, bytes, str]:
        code = verb([*arguments])
        out, err = capfdbinary.readouterr()
        return code, out, err.decode()
    return run


def test_a_pack_is_marked_internal_unless_it_is_released(entered: Staff, printed) -> None:
    code, out, err = printed(report, SERVICE)
    assert (code, err) == (0, "")
    text = " ".join(out.decode().split())
    assert "Internal: not under disclosure control, not for release." in text
    assert "Service: Kystland Intervention Centre Period: 2013-01-01 to 2015-04-30" in text
    assert "Declined or not reached Printed 18; Computed 33.3%" in text
    assert "1 withdrawn referrals of clients; 1 withdrawn referrals of partners." in text


def test_a_released_pack_hides_small_counts_everywhere(entered: Staff, printed) -> None:
    code, out, _ = printed(report, SERVICE, "--release", "--format", "json")
    whole = json.loads(out)
    assert (code, whole["released"]) == (0, True)
    assert whole["about"]["Left out"] == "0–7 withdrawn referrals."
    by_id = {figure["id"]: figure for figure in whole["figures"]}
    assert by_id["referred"]["numerator"] == "0–7"
    assert by_id["declined"]["value"] is None
    assert all(figure["suppressed"] for figure in whole["figures"])


def test_json_holds_every_key_of_every_figure(entered: Staff, printed) -> None:
    _, out, _ = printed(report, SERVICE, *PERIOD, "--format", "json")
    figures = json.loads(out)["figures"]
    assert all(tuple(figure) == KEYS for figure in figures)
    assert {figure["pack"] for figure in figures} == {SERVICE}


def test_csv_opens_in_a_spreadsheet_and_calculates_nothing(entered: Staff, printed) -> None:
    _, out, _ = printed(report, SERVICE, "--format", "csv")
    rows = list(csv.reader(io.StringIO(out.decode("utf-8-sig"), newline="")))
    assert rows[0][:3] == ["pack", "id", "label"]
    for row in rows[1:]:
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert not cell.startswith("-") or float(cell) <= 0


def test_html_is_one_file_that_fetches_nothing(entered: Staff, printed) -> None:
    _, out, _ = printed(report, SERVICE, "--format", "html")
    page = out.decode()
    assert page.startswith("<!DOCTYPE html>")
    assert "default-src 'none'" in page
    for word in ("http://", "https://", "url(", "<script", "<link", "@import", "src="):
        assert word not in page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not any(word in page for word in PLANTED)


def test_published_ends_with_the_prints_that_are_inconsistent(entered: Staff, printed) -> None:
    code, out, err = printed(report, "published")
    assert (code, err) == (0, "")
    table, _, listed = out.decode().partition("Prints that are inconsistent")
    assert "Intervention Centre: Declined or not reached" in table
    said = " ".join(listed.split())
    assert "73/392 is 18.6%, printed 18%: truncated; rounded it is 19%." in said
    assert "23/30 (76.7%) and 20/26 (76.9%) both print 77%" in said


@pytest.mark.parametrize("form", FORMATS)
def test_published_and_a_pack_are_written_in_every_format(
        entered: Staff, printed, tmp_path: Path, form: str) -> None:
    for name in ("published", SERVICE):
        place = tmp_path / f"{name}.{form}"
        assert printed(report, name, "--format", form, "-o", str(place))[0] == 0
        assert place.stat().st_size > 1000
    code, out, _ = printed(report, SERVICE, "--format", form)
    begins = {"xlsx": b"PK", "pdf": b"%PDF", "html": b"<!DOCTYPE", "json": b"{"}.get(form, b"")
    assert (code, out.startswith(begins)) == (0, True)


def test_a_terminal_is_not_given_a_sheet(entered: Staff, printed, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    code, out, err = printed(report, SERVICE, "--format", "xlsx")
    assert (code, out, err) == (1, b"", "A terminal cannot show xlsx; name a file with -o.\n")


def test_a_quarter_has_three_months_and_the_printed_one_is_named(entered: Staff, printed) -> None:
    code, out, _ = printed(report, SERVICE, "--quarter", "2014Q1", "--format", "json")
    about = json.loads(out)["about"]
    assert (code, about["Period"]) == (0, "2014-01-01 to 2014-03-31")
    assert about["Quarter"].startswith("2014Q1. A quarter has three months.")
    assert "January to April 2022, has four" in about["Quarter"]


def test_a_quarter_with_too_few_new_people_is_not_kept(
        entered: Staff, printed, tmp_path: Path) -> None:
    with override_settings(CASEWALL_REPORTS_DIR=tmp_path):
        code, out, err = printed(report, SERVICE, "--release", "--keep", "--quarter", "2014Q1")
    assert (code, out) == (1, b"")
    assert err.count("\n") == 1
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.parametrize(("arguments", "sentence"), [
    (["nothing"], "There is no pack “nothing”. Known: costs, dvip, impact, intervention-centre, "
     "marac, mirabal, repeat-victimisation, substance-pilot, throughput, wwp-model, your-choice, "
     "published."),
    (["throughput"], "The pack throughput fits several services; say which with --service."),
    ([SERVICE, "--quarter", "2014Q5"],
     "“2014Q5” is not a quarter; write it as 2026Q3."),
    ([SERVICE, "--quarter", "2014Q1", "--to", "2014-01-01"],
     "A quarter has its own days; leave --from and --to out."),
    ([SERVICE, "--keep", "--quarter", "2014Q1"],
     "What is kept is a release of a quarter: write --release and --quarter with --keep."),
    (["published", "--release", "--keep", "--quarter", "2014Q1"],
     "The published figures are invented and not kept; leave --keep out."),
    ([SERVICE, "--from", "31-01-2014"],
     "--from '31-01-2014' is not a day; write it as 2014-01-31."),
    ([SERVICE, "--to", "2014-02-30"], "--to '2014-02-30' is not a day; write it as 2014-01-31."),
    ([SERVICE, "--from", "2015-01-02", "--to", "2015-01-01"],
     "The period ends on 2015-01-01, before it begins on 2015-01-02."),
    ([SERVICE, "--service", "nowhere"], "There is no service “nowhere”. Known: dvip, "
     "intervention-centre, substance-pilot, wwp-model, your-choice."),
    ([SERVICE, "--service", "dvip"],
     "The definition of dvip says no first day; write --from."),
    ([SERVICE, "--service", "dvip", "--from", "2014-01-01"],
     "The service “dvip” is not set up here. Set up: intervention-centre."),
    (["published", "--to", "2015-01-01"],
     "The published figures have their own services and periods; leave --service, --from, --to, "
     "--quarter and --analyses out."),
    ([SERVICE, "-o", "/absent/folder/table.txt"],
     "/absent/folder/table.txt cannot be written: No such file or directory."),
])
def test_what_cannot_be_done_is_said_in_one_sentence(
        staff: Staff, printed, arguments: list[str], sentence: str) -> None:
    assert printed(report, *arguments) == (1, b"", f"{sentence}\n")


def test_a_file_is_written_whole_where_the_caller_stands(
        entered: Staff, printed, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("CASEWALL_CWD", str(tmp_path))
    place = tmp_path / "table.json"
    place.write_text("an older report")
    place.chmod(0o644)
    code, out, _ = printed(report, SERVICE, "--format", "json", "-o", "table.json")
    assert (code, out.decode()) == (0, f"Wrote {place}.\n")
    assert json.loads(place.read_text())["figures"]
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["table.json"]
    (tmp_path / "folder").mkdir()
    code, _, err = printed(report, SERVICE, "-o", "folder")
    assert (code, err) == (1, f"{tmp_path / 'folder'} cannot be written: Is a directory.\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "table.json"]


def test_without_a_service_every_one_gets_a_folder(entered: Staff, printed, tmp_path: Path
                                                   ) -> None:
    code, out, _ = printed(extract, "-o", str(tmp_path / "all"))
    assert code == 0
    assert "Left out: 1 withdrawn referrals of clients" in out.decode()
    found = read_extract(tmp_path / "all" / SERVICE)
    assert (found.service, len(found.persons), found.invented) == (SERVICE, 6, True)
    code, _, err = printed(extract, "-o", str(tmp_path / "all"))
    assert code == 1
    assert err.endswith("exists already; name a new folder.\n")


def test_an_export_for_research_has_a_codebook(entered: Staff, printed, tmp_path: Path) -> None:
    place = tmp_path / "research"
    code, out, err = printed(extract, "--research", "-o", str(place), "--service", SERVICE)
    assert (code, err) == (0, "")
    assert out.decode().startswith(f"{place}: ")
    assert any("codebook" in path.name for path in place.iterdir())
    code, _, err = printed(extract, "--clients-only", "-o", str(tmp_path / "x"))
    assert (code, err) == (
        1, "--clients-only is for the export for research: write --research too.\n")


def test_an_extract_that_cannot_be_written_says_where(staff: Staff, printed, tmp_path: Path
                                                      ) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = printed(extract, "-o", str(tmp_path / "file" / "x"), "--service", SERVICE)
    assert (code, err) == (
        1, f"{tmp_path / 'file'} is a file, so no folder can be made in it.\n")
    place = tmp_path / ("x" * 300)
    code, _, err = printed(extract, "-o", str(place), "--service", SERVICE)
    assert (code, err) == (1, f"{place} cannot be written: File name too long.\n")


def test_where_nothing_is_set_up_there_is_nothing_to_extract(
        staff: Staff, printed, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("casewall.reporting.command.installed_services", list)
    code, _, err = printed(extract, "-o", str(tmp_path / "x"))
    assert (code, err) == (1, "No service is set up here, so there is nothing to extract.\n")


def test_databases_out_of_reach_are_said_so(staff: Staff, printed, tmp_path: Path) -> None:
    alias = "safety_report"
    kept = connections.settings[alias]
    connections[alias].close()
    connections.settings[alias] = {**kept, "HOST": str(tmp_path)}
    del connections[alias]
    try:
        code, _, err = printed(report, SERVICE)
    finally:
        connections.settings[alias] = kept
        del connections[alias]
    assert code == 1
    assert err.startswith("The databases could not be read: ")
    assert err.count("\n") == 1


def test_the_safety_site_gets_exact_and_released_figures_in_a_private_folder(
        entered: Staff, printed, tmp_path: Path) -> None:
    folder = tmp_path / "safety" / "reports"
    with override_settings(CASEWALL_REPORTS_DIR=folder):
        for _ in range(2):
            code, _, err = printed(figures_for_site)
            assert (code, err) == (0, "")
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["intervention-centre-costs.json", "intervention-centre-impact.json",
                     "intervention-centre-marac.json", "intervention-centre-mirabal.json",
                     "intervention-centre-repeat-victimisation.json",
                     "intervention-centre-throughput.json", "intervention-centre.json"]
    path = folder / "intervention-centre.json"
    whole = json.loads(path.read_text())
    assert [flow["role"] for flow in whole["flows"]] == ["client", "partner"]
    assert {"kind"} <= set(whole["series"][0])
    assert set(whole["released"]) == {"rule", "about", "figures", "flows", "series"}
    assert (whole["period_from"], whole["period_to"]) == ("2013-01-01", "2015-04-30")
    assert date.fromisoformat(whole["as_of"])
    assert whole["figures"][0]["numerator"] == 6
    assert whole["released"]["figures"][0]["numerator"] == "0–7"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_period_that_the_definition_leaves_open_ends_today(staff: Staff) -> None:
    ran = shipped()[SERVICE].period.model_copy(update={"ended_on": None})
    service = shipped()[SERVICE].model_copy(update={"period": ran})
    found = snapshot_of(service, as_of=date(2016, 1, 1)).extract
    assert found.period_to == date(2016, 1, 1)
    assert any(cost.included for cost in found.costs)


def test_the_command_runs_in_a_process_with_reporting_credentials_only(
        entered: Staff, tmp_path: Path) -> None:
    place = tmp_path / "out.json"
    assert run_as("reporting", ["report", SERVICE, "--format", "json", "-o", str(place)],
                  quiet=True) == 0
    here = make_pack(SERVICE, service=None, as_of=date(2016, 1, 1))
    assert json.loads(place.read_text())["figures"][1]["value"] == here.table[1].value
    assert settings.CASEWALL_EXTRACT_KEY
