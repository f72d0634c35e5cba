"""The extract as files: typed, whole or absent, the same when read back, and without a name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from casewall.outcomes.extract import ExtractError
from casewall.reporting.command import extract as extract_command
from casewall.reporting.extract import Snapshot
from casewall.reporting.parquet import (
    MANIFEST,
    FolderInTheWay,
    read_extract,
    schema,
    write_extract,
)
from tests.people import Staff
from tests.reporting.people import PLANTED, small_cohort
from tests.spec.cohort import published_cohort, random_extracts

PUBLISHED = Snapshot(published_cohort(), {"withdrawn_clients": 2})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_extract(PUBLISHED, tmp_path / "extract")
    return tmp_path / "extract"


def test_what_is_written_is_what_is_read(folder: Path) -> None:
    assert read_extract(folder) == PUBLISHED.extract


@given(made=random_extracts())
@hypothesis_settings(max_examples=20, deadline=None,
                     suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_extract_comes_back_as_it_was(tmp_path: Path, made) -> None:
    place = tmp_path / str(len(list(tmp_path.iterdir())))
    write_extract(Snapshot(made, {}), place)
    assert read_extract(place) == made


def test_columns_are_typed_and_say_what_may_be_absent(folder: Path) -> None:
    persons = pq.read_schema(folder / "persons.parquet")
    assert persons.equals(schema("persons"))
    assert (str(persons.field("referred_on").type), str(persons.field("key").type)) == (
        "date32[day]", "string")
    assert persons.field("started_on").nullable
    assert not persons.field("contact").nullable
    assert str(schema("scales").field("score").type) == "double"
    assert str(schema("costs").field("included").type) == "bool"


def test_the_manifest_says_as_of_when_how_many_and_what_is_left_out(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    assert (manifest["version"], manifest["as_of"], manifest["invented"]) == (2, "2015-06-01", True)
    assert manifest["counts"]["persons"] == 392
    assert manifest["left_out"] == {"withdrawn_clients": 2}
    assert sorted(path.name for path in folder.iterdir()) == sorted([MANIFEST, *manifest["sha256"]])


def test_a_folder_that_holds_something_is_never_written_into(folder: Path) -> None:
    with pytest.raises(FolderInTheWay, match="exists already; name a new folder"):
        write_extract(PUBLISHED, folder)
    assert read_extract(folder) == PUBLISHED.extract


def test_a_failed_extract_leaves_nothing_behind(tmp_path: Path) -> None:
    wrong = replace(PUBLISHED.extract.persons[0], referred_on="not a day")
    with pytest.raises(TypeError):
        write_extract(Snapshot(replace(PUBLISHED.extract, persons=(wrong,)), {}), tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_extract_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ExtractError, match=r"it has no manifest\.json"):
        read_extract(tmp_path)
    (folder / "links.parquet").write_bytes(b"changed")
    with pytest.raises(ExtractError, match=r"links\.parquet is not the file"):
        read_extract(folder)
    (folder / "persons.parquet").unlink()
    with pytest.raises(ExtractError, match=r"persons\.parquet is missing"):
        read_extract(folder)


@pytest.mark.parametrize(("text", "why"), [("{", "cannot be read"), ("[]", "not of version 2"),
                                           ('{"version": 9}', "not of version 2"),
                                           ('{"version": 2}', "not of version 2")])
def test_a_manifest_that_cannot_be_used_is_refused(folder: Path, text: str, why: str) -> None:
    (folder / MANIFEST).write_text(text)
    with pytest.raises(ExtractError, match=why):
        read_extract(folder)


def test_no_byte_of_an_extract_holds_a_name_a_contact_or_a_canary(
        staff: Staff, tmp_path: Path, capsys) -> None:
    cohort = small_cohort(staff)
    place = tmp_path / "extract"
    assert extract_command(["-o", str(place), "--service", "intervention-centre"]) == 0
    assert "6 persons, 1 links" in capsys.readouterr().out
    found = b"".join(path.read_bytes() for path in sorted(place.iterdir()))
    # Compressed pages hide words from a plain scan, so the values are looked through as well.
    values = repr([pq.read_table(path).to_pylist() for path in sorted(place.glob("*.parquet"))])
    identifiers = [record.pk for record in [*cohort.cases, *cohort.files]]
    identifiers += [case.client_id for case in cohort.cases]
    identifiers += [file.partner_id for file in cohort.files]
    for word in [*PLANTED, *map(str, identifiers), *(i.hex for i in identifiers)]:
        assert word not in values
        assert word.encode() not in found
    for identifier in identifiers:
        assert identifier.bytes not in found
    assert read_extract(place).period_from == date(2013, 1, 1)
