"""Releases: frozen, kept for good, audited with all earlier ones, and leading back to cases."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from casewall.outcomes.cards import Pack, load_pack
from casewall.outcomes.extract import Extract
from casewall.outcomes.flow_audit import Joined, Row, join_flows
from casewall.outcomes.releases import LEDGER, every_release, kept_releases, records_path
from casewall.outcomes.suppress import Cell, ReleaseError
from casewall.reporting.extract import Snapshot
from casewall.reporting.releases import Kept, keep_release
from casewall.services.load import shipped
from tests.spec.cohort import client, extract, partner

SERVICE = shipped()["intervention-centre"]
WHOLE = load_pack("intervention-centre")
PACK = Pack(WHOLE.name, WHOLE.title, WHOLE.version,
            tuple(card for card in WHOLE.cards if card.kind in ("count", "share"))[:9])
JULY, OCTOBER = date(2014, 8, 1), date(2014, 11, 1)


def people(count: int, first: int = 0, on: date = JULY, **more: object) -> list[object]:
    """Clients and partners in turn; every fifth has declined."""
    return [
        (client if n % 2 else partner)(f"k{n}", referred_on=on,
                                       contact="engaged" if n % 5 else "declined", **more)
        for n in range(first, first + count)
    ]


def snapshot(persons: list[object], last: date = date(2014, 9, 30),
             as_of: date = date(2014, 12, 31)) -> Snapshot:
    whole: Extract = extract(persons=persons, period_from=date(2013, 1, 1), period_to=last,
                             as_of=as_of)
    return Snapshot(whole, {})


def keep(folder: Path, persons: list[object], quarter: str = "2014Q3", **more: object) -> Kept:
    last = {"2014Q3": date(2014, 9, 30), "2014Q4": date(2014, 12, 31)}[quarter]
    taken = snapshot(persons, last, date(2015, 1, 15))
    return keep_release(folder=folder, pack=PACK, snapshot=taken, service=SERVICE,
                        quarter=quarter, **{"identifiers": {}, **more})


def test_a_release_is_kept_with_its_hash_and_cannot_be_written_again(tmp_path: Path) -> None:
    kept = keep(tmp_path, people(80))
    assert kept.path == (tmp_path / "releases/intervention-centre/intervention-centre/2014Q3"
                         / "1.json")
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o400
    [found] = kept_releases(tmp_path, SERVICE.id, PACK.name)
    assert (found.version, found.quarter, found.sha256) == (1, "2014Q3", kept.sha256)
    assert [row["suppressed"] for row in found.figures] == [True] * 9
    assert len(found.people) == 80
    with pytest.raises(FileExistsError):
        kept.path.open("x")


def test_a_release_holds_no_pseudonym_and_its_records_lie_beside_it(tmp_path: Path) -> None:
    kept = keep(tmp_path, people(80), identifiers={"client:k1": ["case-1"], "other": ["x"]})
    assert "k1" not in kept.path.read_text()
    records = json.loads(records_path(kept.path).read_text())
    assert records["identifiers"]["client:k1"] == ["case-1"]
    assert "other" not in records["identifiers"]
    assert any("client:k1" in who for who in records["members"][PACK.cards[0].id].values())


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    kept = keep(tmp_path, people(80))
    for path in (kept.path, records_path(kept.path)):
        before = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(before.replace(b"80", b"85").replace(b"k1", b"k2"))
        with pytest.raises(ReleaseError, match="is not the file that was kept"):
            kept_releases(tmp_path, SERVICE.id, PACK.name)
        path.write_bytes(before)
    kept.path.unlink()
    with pytest.raises(ReleaseError, match="cannot be read: No such file"):
        every_release(tmp_path)


def test_the_next_release_follows_the_last_one(tmp_path: Path) -> None:
    first = keep(tmp_path, people(80))
    second = keep(tmp_path, people(80) + people(60, 80, OCTOBER), "2014Q4")
    assert json.loads(second.path.read_text())["follows"] == first.sha256
    assert json.loads(first.path.read_text())["follows"] is None
    assert [one.quarter for one in every_release(tmp_path)] == ["2014Q3", "2014Q4"]
    assert len((second.path.parents[1] / LEDGER).read_text().splitlines()) == 2


def test_fewer_than_ten_new_people_are_not_released(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="Fewer than ten people are new, so nothing"):
        keep(tmp_path, people(9))
    keep(tmp_path, people(80))
    with pytest.raises(ReleaseError, match="Fewer than ten people are new since the last"):
        keep(tmp_path, people(80) + people(9, 80, OCTOBER), "2014Q4")
    assert len(every_release(tmp_path)) == 1


def test_a_figure_of_which_few_people_are_new_is_held_back(tmp_path: Path) -> None:
    keep(tmp_path, people(80))
    more = [client(f"n{n}", referred_on=OCTOBER, contact="engaged") for n in range(40)]
    more += [partner(f"m{n}", referred_on=OCTOBER) for n in range(5)]
    kept = keep(tmp_path, people(80) + more, "2014Q4")
    assert kept.held_back
    held = [row for row in kept.table.figures if row.note and row.note.startswith("Held back")]
    said = {text.partition(":")[0] for text in kept.held_back}
    assert {row.label for row in held} == said - {"Flow of clients", "Flow of partners"}
    assert all((row.numerator, row.denominator, row.value) == (None,) * 3 for row in held)
    assert len(held) < len(kept.table.figures)


def test_a_flow_leaves_with_the_figures_and_not_beside_one_that_a_few_people_differ_from(
    tmp_path: Path,
) -> None:
    first = keep(tmp_path, people(80))
    assert [flow["role"] for flow in first.flows] == ["client", "partner"]
    assert all(flow["released"] for flow in first.flows)
    more = [client(f"n{n}", referred_on=OCTOBER, contact="engaged") for n in range(40)]
    more += [partner(f"m{n}", referred_on=OCTOBER) for n in range(5)]
    second = keep(tmp_path, people(80) + more, "2014Q4")
    assert [flow["role"] for flow in second.flows] == ["client"]
    assert [text for text in second.held_back if text.startswith("Flow of partners: left out")]
    kept = kept_releases(tmp_path, SERVICE.id, PACK.name)
    assert [[flow["role"] for flow in one.flows] for one in kept] == [["client", "partner"],
                                                                      ["client"]]
    assert kept[0].shown("flow of partner: referred", "numerator") == 40
    assert len(kept[0].members["flow of partner: referred"]["numerator"]) == 40
    assert "k1" not in second.path.read_text()


def test_a_flow_that_would_tell_a_hidden_figure_is_left_out() -> None:
    """Four hidden groups of 7 each: their sum of 28 is shown as 30, which could be no less."""
    groups = {"women": ("female", "engaged"), "men": ("male", "engaged"),
              "not reached": ("male", "not_reached"), "declined": ("male", "declined")}
    made = {name: [client(f"{name}{n}", sex=sex, contact=contact) for n in range(7)]
            for name, (sex, contact) in groups.items()}
    taken = snapshot([one for group in made.values() for one in group]).extract
    who = {name: frozenset(f"client:{one.key}" for one in group) for name, group in made.items()}
    nobody: frozenset[str] = frozenset()

    def joined(**shown: frozenset[str]) -> Joined:
        members = {name: {"numerator": of, "denominator": nobody, "missing": nobody}
                   for name, of in shown.items()}
        rows = [Row(name, Cell(len(of)).shown) for name, of in shown.items()]
        return join_flows(taken, rows, members, [])

    others = who["not reached"] | who["declined"]
    assert [flow.role for flow in joined(others=others).flows] == ["client", "partner"]
    found = joined(others=others, women=who["women"], men=who["men"])
    assert [flow.role for flow in found.flows] == ["partner"]
    assert [text.partition(":")[0] for text in found.left_out] == ["Flow of clients"]
    assert not any(name.startswith("flow of client") for name in found.members)


def test_a_revision_says_what_changed(tmp_path: Path) -> None:
    keep(tmp_path, people(80))
    kept = keep(tmp_path, people(80) + people(30, 80))
    assert kept.version == 2
    assert any("was 80" in text and "is 110" in text for text in kept.revisions)
    found = kept_releases(tmp_path, SERVICE.id, PACK.name)[-1]
    assert found.revisions == kept.revisions


def test_a_revision_of_few_records_waits_for_the_next_quarter(tmp_path: Path) -> None:
    keep(tmp_path, people(80))
    with pytest.raises(ReleaseError, match="records of fewer than ten people have changed"):
        keep(tmp_path, people(81))
    with pytest.raises(ReleaseError, match="Nothing has changed since version 1 of 2014Q3"):
        keep(tmp_path, people(80))


@pytest.mark.parametrize(
    ("quarter", "last", "as_of", "sentence"),
    [
        ("2014Q3", date(2014, 9, 30), date(2014, 9, 30), "a quarter is released when it is over"),
        ("2014Q3", date(2014, 8, 31), date(2014, 12, 31), "The extract ends on 2014-08-31"),
        ("2014-Q3", date(2014, 9, 30), date(2014, 12, 31), "write it as 2026Q3"),
    ],
)
def test_an_extract_of_another_time_is_refused(
    tmp_path: Path, quarter: str, last: date, as_of: date, sentence: str
) -> None:
    with pytest.raises(ReleaseError, match=sentence):
        keep_release(folder=tmp_path, pack=PACK, snapshot=snapshot(people(80), last, as_of),
                     service=SERVICE, quarter=quarter, identifiers={})
    assert every_release(tmp_path) == []


def test_a_part_of_a_quarter_is_refused(tmp_path: Path) -> None:
    taken = snapshot(people(80))
    late = Snapshot(replace(taken.extract, period_from=date(2014, 7, 2)), {})
    with pytest.raises(ReleaseError, match="a part of the quarter would be missing"):
        keep_release(folder=tmp_path, pack=PACK, snapshot=late, service=SERVICE,
                     quarter="2014Q3", identifiers={})
