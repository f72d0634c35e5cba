"""The research export: labelled, in days, in pairs, without a date, a text or a known key."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pyarrow.parquet as pq
import pytest

from casewall.outcomes import tables
from casewall.outcomes.extract import Extract
from casewall.reporting.extract import Snapshot
from casewall.reporting.labels import VALUES, VARIABLES
from casewall.reporting.parquet import FolderInTheWay
from casewall.reporting.research import codebook, research_rows, write_research
from tests.spec.cohort import client, published_cohort

WRITTEN = "In a worker's own words"


def cohort() -> Extract:
    """The published cohort with a row in every table that is of a person."""
    made, day = published_cohort(), date(2014, 3, 1)
    either = {"key": "p1", "role": "partner", "side": "safety", "source": "partner"}
    return replace(
        made,
        answers=(tables.Answer(key="p1", side="safety", source="partner", measure="m", item="i",
                               wave="after", code="yes", answered_on=day,
                               not_answered_reason=WRITTEN),
                 tables.Answer(key="r1", side="programme", source="referrer", measure="m",
                               item="i", wave="after", code=None, about_key="c1",
                               answered_on=day)),
        incidents=(tables.Incident(**either, form="threats", happened_on=date(2013, 12, 22)),
                   tables.Incident(key="c1", role="client", side="programme", source="police",
                                   form="physical", happened_on=day)),
        followed=(tables.Followed(**either, first_on=day, last_on=day + timedelta(days=9)),),
        custody=(tables.Custody(client_key="c1", first_on=day),),
        attendance=(tables.Attendance(client_key="c1", session_on=day, status="attended",
                                      minutes_planned=120, minutes_attended=90),),
        treatments=(tables.Treatment(client_key="c1", kind="substance", started_on=day),),
        hearings=(tables.Hearing(key="p1", role="partner", forum="marac", heard_on=day),),
        children=(tables.ChildLink(child_key="k1", adult_role="partner", adult_key="p1"),
                  tables.ChildLink(child_key="k1", adult_role="client", adult_key="c1")),
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_research(Snapshot(cohort(), {}), tmp_path / "export")
    return tmp_path / "export"


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / f"{table}.parquet").to_pylist()
    return found


def test_days_are_counted_from_the_first_referral() -> None:
    made = research_rows(cohort(), rename=str.upper)
    started = [row for row in made["persons"] if row["key"] == "C1"]
    assert started[0]["referred_day"] == 0
    assert started[0]["started_day"] == 31
    assert [row["happened_day"] for row in made["incidents"]] == [59, -10]
    assert made["custody"][0] == {"client_key": "C1", "first_day": 59, "last_day": None}
    [about] = [row for row in made["answers"] if row["about_key"] == "C1"]
    assert (about["answered_day"], about["code"]) == (59, None)
    again = replace(cohort(), persons=(*cohort().persons,
                                       client("c1", referred_on=date(2014, 1, 11))))
    both = [row["referred_day"] for row in research_rows(again, rename=str.upper)["persons"]
            if row["key"] == "C1"]
    assert both == [0, 10]


def test_a_day_of_somebody_who_is_not_in_the_extract_is_absent() -> None:
    lone = replace(cohort(), persons=())
    assert {row["first_day"] for row in research_rows(lone)["followed"]} == {None}


def test_couples_have_a_key_of_their_own(folder: Path) -> None:
    pairs = rows(folder, "pairs")
    assert len(pairs) == len({row["pair_key"] for row in pairs}) == 105
    persons = {row["key"] for row in rows(folder, "persons")}
    assert {row[name] for row in pairs for name in ("client_key", "partner_key")} <= persons


def test_no_file_holds_a_date_a_text_or_a_key_of_the_extract(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        content = path.read_text()
        assert WRITTEN not in content
        assert not re.search(r"\d{4}-\d{2}-\d{2}", content), path.name
        assert not re.search(r"(^|,)[cpu]\d+(,|$)", content, re.M), path.name
    for table in VARIABLES:
        kinds = {str(field.type) for field in pq.read_schema(folder / f"{table}.parquet")}
        assert kinds <= {"string", "int64", "double", "bool"}
        assert WRITTEN not in repr(rows(folder, table))


def test_two_exports_cannot_be_joined(folder: Path, tmp_path: Path) -> None:
    write_research(Snapshot(cohort(), {}), tmp_path / "other")
    keys = [{row["key"] for row in rows(place, "persons")}
            for place in (folder, tmp_path / "other")]
    assert not keys[0] & keys[1]


def test_the_csv_holds_what_the_parquet_holds(folder: Path) -> None:
    for table in VARIABLES:
        with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as stream:
            found = list(csv.DictReader(stream))
        assert found == [{name: "" if value is None else str(value)
                          for name, value in row.items()} for row in rows(folder, table)]


def test_every_variable_is_labelled_in_the_file_and_in_the_codebook(folder: Path) -> None:
    book = {(row["table"], row["variable"]): row for row in codebook()}
    for table in VARIABLES:
        for field in pq.read_schema(folder / f"{table}.parquet"):
            assert field.metadata[b"label"].decode() == book[table, field.name]["label"]
            assert book[table, field.name]["label"] in (folder / "codebook.md").read_text()
    wave = pq.read_schema(folder / "scales.parquet").field("wave")
    assert json.loads(wave.metadata[b"values"])["before"] == "T1, before the programme"


def test_every_code_of_a_closed_list_has_its_meaning() -> None:
    lists = {"sex": tables.Sex, "contact": tables.Contact, "wave": tables.Wave,
             "form": tables.Form, "forum": tables.Forum, "side": tables.Side,
             "role": tables.Role, "adult_role": tables.Role, "source": tables.Witness}
    for name, kind in lists.items():
        assert set(VALUES[name]) == set(get_args(kind)), name


def test_where_the_partner_side_gives_totals_alone_no_row_is_a_partners(tmp_path: Path) -> None:
    manifest = write_research(Snapshot(cohort(), {}), tmp_path / "x", clients_only=True)
    assert {row["role"] for row in rows(tmp_path / "x", "persons")} == {"client"}
    for table in ("scales", "followed", "hearings", "pairs"):
        assert rows(tmp_path / "x", table) == []
    assert [row["adult_role"] for row in rows(tmp_path / "x", "children")] == ["client"]
    assert [row["source"] for row in rows(tmp_path / "x", "incidents")] == ["police"]
    assert manifest["partner_totals"] == {
        "partners": 245, "engaged": 210, "not_reached": 30, "declined": "0–7",
        "unsafe": "0–7", "not_tried": "0–7",
    }  # fmt: skip
    assert "Rows of clients only" in (tmp_path / "x" / "codebook.md").read_text()


def test_an_export_is_whole_or_not_there(folder: Path, tmp_path: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    names = {path.name for path in folder.iterdir()}
    assert names == {"manifest.json", *manifest["sha256"]}
    assert manifest["counts"]["persons"] == 392
    with pytest.raises(FolderInTheWay, match="name a new folder"):
        write_research(Snapshot(cohort(), {}), folder)
    with pytest.raises(FolderInTheWay, match="is a file"):
        write_research(Snapshot(cohort(), {}), folder / "manifest.json" / "x")


def test_no_cell_of_a_csv_is_computed_by_a_spreadsheet(tmp_path: Path) -> None:
    made = replace(cohort(), persons=(client("c1", area="=1+1"),))
    write_research(Snapshot(made, {}), tmp_path / "x")
    assert "'=1+1" in (tmp_path / "x" / "persons.csv").read_text()
