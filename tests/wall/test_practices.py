"""Every good practice has a rule that exists, a test that exists, and a page that says so."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from pkgutil import resolve_name

import pytest

from casewall.config.wall import PRACTICE_PAGE, practice_page
from casewall.wall.practices import PRACTICES, Practice

TESTS = Path(__file__).resolve().parents[1]
NAMED = [(one.name, rule) for one in PRACTICES for rule in one.rules]
PROVEN = sorted({test for one in PRACTICES for test in one.tests})
OF_THE_LIST = ("confidential", "expectations", "couple", "manipulation", "blaming", "Specialist")


@cache
def names_in(path: Path) -> set[str]:
    """The names of the tests of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("practice", "rule"), NAMED)
def test_every_rule_is_there(practice: str, rule: str) -> None:
    module, _, name = rule.removeprefix("casewall.").rpartition(".")
    assert module, practice
    assert resolve_name(rule) is not None
    assert name


@pytest.mark.parametrize("test", PROVEN)
def test_every_test_is_there(test: str) -> None:
    path, _, name = test.partition("::")
    assert name.startswith("test_")
    assert name in names_in(TESTS / path)


def test_the_page_is_not_stale_and_has_every_point_of_the_list() -> None:
    page = practice_page()
    assert PRACTICE_PAGE.read_text(encoding="utf-8") == page
    assert all(word in page for word in OF_THE_LIST)
    assert page.count("\n| ") == len(PRACTICES) + 2


def test_a_practice_without_a_rule_or_a_test_is_none() -> None:
    assert all(isinstance(one, Practice) and one.rules and one.tests for one in PRACTICES)
    with pytest.raises(AttributeError):
        resolve_name("casewall.pages.wording.gone")
