"""The catalogue of tests: each test that it names is there; what is read is what a run wrote."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from casewall.config import wall
from casewall.config.prove import catalogue
from casewall.config.prove.catalogue import Claim, Ran, claims, reached, results_of

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "reference" / "tests.md"
RESULTS = """<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="tests.wall.test_x" name="test_one[a]"><properties>
<property name="figure" value="0 of 10 bytes"/><property name="other" value="no"/>
</properties></testcase>
<testcase classname="tests.wall.test_x" name="test_one[b]"><failure>no</failure></testcase>
<testcase classname="tests.wall.test_x" name="test_only"><skipped/></testcase>
<testcase classname="tests.wall.test_xy" name="test_one"/>
</testsuite></testsuites>"""


@cache
def names_in(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("claim", "test"), [(one.id, test) for one in claims()
                                             for test in one.by])
def test_every_test_that_is_named_is_there(claim: str, test: str) -> None:
    path, _, name = test.partition("::")
    assert (TESTS / path).is_file(), claim
    assert not name or name in names_in(TESTS / path), claim


def test_a_line_has_tests_or_says_what_is_open() -> None:
    assert len(claims()) >= 60
    assert [one.id for one in claims() if not one.by and not one.open] == []


def test_what_a_run_reached_is_counted_with_its_figures(tmp_path: Path) -> None:
    path = tmp_path / "results.xml"
    path.write_text(RESULTS)
    ran = results_of(path)
    assert ran[0] == Ran("wall/test_x.py::test_one[a]", "passed", "0 of 10 bytes")
    whole = Claim("Z1", "it", "all", ("wall/test_x.py",))
    assert reached(whole, ran) == "1 of 2 tests; 0 of 10 bytes; 1 skipped"
    assert reached(Claim("Z2", "it", "all", ("wall/test_x.py::test_one",)), ran) == (
        "1 of 2 tests; 0 of 10 bytes")
    assert reached(Claim("Z3", "it", "all", ("wall/test_gone.py",)), ran) == "not in this run"
    assert reached(Claim("Z4", "it", "all", open="not run"), ran) == "–"


@pytest.mark.parametrize(("text", "sentence"), [
    ("<testsuites/>", "holds no test"), ("no xml", "cannot be read as the results of a run")])
def test_what_is_not_the_results_of_a_run_is_refused_in_a_sentence(
    text: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "results.xml"
    path.write_text(text)
    assert wall.wall(["tests", str(path)]) == 2
    assert sentence in capsys.readouterr().err
    assert wall.wall(["tests", str(tmp_path / "gone.xml")]) == 2


def test_the_page_is_written_with_the_figures_of_a_proof(tmp_path: Path) -> None:
    results, proof, page = (tmp_path / name for name in ("r.xml", "p.json", "page.md"))
    results.write_text(RESULTS)
    proof.write_text('{"worlds": 3, "differing_bytes": 0, "missed": []}')
    assert wall.wall(["tests", str(results), "--proof", str(proof), "-o", str(page)]) == 0
    assert "- differing bytes: 0\n" in page.read_text()
    assert page.read_text().count("\n| ") == len(claims()) + 1


def test_the_kept_page_has_every_line_of_the_catalogue() -> None:
    kept = PAGE.read_text(encoding="utf-8")
    for one in catalogue.claims():
        assert f"| {one.id} | {one.says} | {one.aim} |" in kept, one.id
