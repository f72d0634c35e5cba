"""The reference page of indicators is what the cards and the spec tables say."""

import runpy
import sys
from pathlib import Path

import pytest

from casewall.outcomes.cards import load_pack, pack_names
from casewall.outcomes.docs import main, markdown
from casewall.outcomes.kinds import KINDS
from tests.spec.spec_tables import FOLDER, cases

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "indicators.md"


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == markdown(FOLDER), (
        "write it again: python -m casewall.outcomes.docs tests/spec/tables "
        "docs/reference/indicators.md"
    )


def test_every_kind_every_spec_table_and_every_card_stands_on_the_page():
    page = markdown(FOLDER)
    assert all(f"### `{kind}`" in page for kind in KINDS)
    assert all(case.name.partition(": ")[2] in page for case in cases())
    for name in pack_names():
        assert all(f"(`{card.id}`, version" in page for card in load_pack(name).cards)


def test_without_the_tables_the_kinds_still_stand(tmp_path):
    assert "### `median_days`" in markdown(tmp_path)


def test_the_command_writes_the_page(tmp_path, capsys):
    page = tmp_path / "indicators.md"
    assert main([str(FOLDER), str(page)]) == 0
    assert page.read_text(encoding="utf-8") == markdown(FOLDER)
    assert main([]) == 2
    assert "Name the folder" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["median", "delta method", "Wilson"])
def test_a_word_of_statistics_is_explained_where_it_stands(word):
    said = [kind.means for kind in KINDS.values() if word in kind.means]
    assert said
    assert all(len(one) > 80 for one in said)


def test_the_module_is_a_command(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    monkeypatch.setattr(sys, "argv", ["docs", str(FOLDER), str(page)])
    monkeypatch.delitem(sys.modules, "casewall.outcomes.docs")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("casewall.outcomes.docs", run_name="__main__")
    assert ended.value.code == 0
    assert page.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
