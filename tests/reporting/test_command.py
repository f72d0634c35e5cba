"""`casewall report`, `casewall extract`, `casewall figures-for-site`, as somebody types them."""

from __future__ import annotations

import csv
import io
import json
import stat
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test import override_settings

from casewall.config.cli import run_as
from casewall.outcomes.figures import KEYS
from casewall.reporting.command import extract, figures_for_site, report
from casewall.reporting.packs import CannotReport, make_pack, make_published, snapshot_of
from casewall.reporting.parquet import read_extract
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


def test_published_shows_printed_beside_computed_and_is_not_suppressed(
        entered: Staff, printed) -> None:
    code, out, _ = printed(report, "published", "--format", "json")
    figures = {figure["id"]: figure for figure in json.loads(out)["figures"]}
    assert code == 0
    row = figures["declined-or-not-reached"]
    assert (row["printed"], row["numerator"], row["denominator"], row["value"]) == (18, 2, 6, 33.3)
    assert row["interval"] == [9.7, 70.0]
    assert "Printed as a count: 73; these records differ." in row["note"]
    assert all(figure["printed"] is not None for figure in figures.values())
    assert not any(figure["suppressed"] for figure in figures.values())
    for form in ("text", "csv", "html"):
        assert printed(report, "published", "--format", form)[0] == 0


def test_published_is_refused_where_somebody_is_not_invented(
        entered: Staff, owner_urls: dict[str, str], printed) -> None:
    mark = "update staff_worker set invented = %s where role = 'coordinator'"
    with psycopg.connect(owner_urls["safety"], autocommit=True) as owner:
        owner.execute(mark, [False])
        try:
            code, out, err = printed(report, "published")
        finally:
            owner.execute(mark, [True])
    assert (code, out) == (1, b"")
    assert err == "The people of intervention-centre are not invented; suppress the table.\n"


@pytest.mark.parametrize(("arguments", "sentence"), [
    (["nothing"], "There is no pack “nothing”. Known: intervention-centre, published."),
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
    ([SERVICE, "--format", "xlsx"],
     "The format xlsx is not available yet; there are text, json, csv, html."),
    ([SERVICE, "--format", "pdf"],
     "The format pdf is not available yet; there are text, json, csv, html."),
    (["published", "--to", "2015-01-01"],
     "The published figures have their own services and periods; leave --service, --from and "
     "--to out."),
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
        assert printed(figures_for_site)[0] == 0
        assert printed(figures_for_site)[0] == 0
    [path] = folder.iterdir()
    whole = json.loads(path.read_text())
    assert path.name == "intervention-centre.json"
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


def test_a_pack_that_no_service_is_named_like_asks_for_one(monkeypatch) -> None:
    monkeypatch.setattr("casewall.reporting.packs.pack_names", lambda: ("quarterly",))
    monkeypatch.setattr("casewall.reporting.packs.load_pack", lambda name: None)
    with pytest.raises(CannotReport, match="fits several services"):
        make_pack("quarterly", service=None, as_of=date(2016, 1, 1))


def test_the_command_runs_in_a_process_with_reporting_credentials_only(
        entered: Staff, tmp_path: Path) -> None:
    place = tmp_path / "out.json"
    assert run_as("reporting", ["report", SERVICE, "--format", "json", "-o", str(place)],
                  quiet=True) == 0
    here = make_pack(SERVICE, service=None, as_of=date(2016, 1, 1))
    assert json.loads(place.read_text())["figures"][1]["value"] == here.table[1].value
    assert len(make_published(as_of=date(2016, 1, 1)).table.figures) == 12
    assert settings.CASEWALL_EXTRACT_KEY
