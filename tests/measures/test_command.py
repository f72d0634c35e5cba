"""`casewall measures`: what a person reads, and the exit code that a script reads."""

import json

import pytest

from casewall.measures.command import measures
from tests.measures.forms import choice, pair


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with the two files of a measure, as the folder in which the command is typed."""
    questions, scoring = pair(choice("a", 0, 4), choice("b", 0, 4), score_to=8)
    (tmp_path / "form.json").write_text(json.dumps(questions), encoding="utf-8")
    (tmp_path / "form.scoring.json").write_text(json.dumps(scoring), encoding="utf-8")
    monkeypatch.setenv("CASEWALL_CWD", str(tmp_path))
    monkeypatch.setenv("CASEWALL_MEASURES_DIR", str(tmp_path / "kept"))
    return tmp_path


def test_the_list_names_every_measure_and_says_where_wording_is_missing(here, capsys):
    assert measures(["list"]) == 0
    said = capsys.readouterr().out
    assert "phq-9" in said
    assert "Distress (CORE-10) (wording is with the licensee)" in said


def test_one_measure_is_shown_with_questions_answers_and_rule(here, capsys):
    assert measures(["show", "gad-7"]) == 0
    said = capsys.readouterr().out
    assert "1. Feeling nervous, anxious or on edge [gad-7-1] Not at all = 0 / Several days" in said
    assert "No score with any item missing." in said
    assert measures(["show", "use-days"]) == 0
    assert "[use-days-alcohol] a number from 0 to 28" in capsys.readouterr().out


def test_an_unknown_measure_is_a_sentence_and_exit_code_1(here, capsys):
    assert measures(["show", "joy"]) == 1
    assert "there is no measure called joy" in capsys.readouterr().err


def test_a_file_is_checked_and_nothing_is_kept(here, capsys):
    assert measures(["check", "form.json"]) == 0
    assert capsys.readouterr().out.endswith("Nothing is wrong with it.\n")
    assert not (here / "kept").exists()


def test_a_file_is_loaded_shown_and_loaded_again_without_harm(here, capsys):
    assert measures(["load", "form.json", "--scoring", "form.scoring.json"]) == 0
    assert "mine 1.0.0 is loaded: 2 questions, in " in capsys.readouterr().out
    assert measures(["load", "form.json"]) == 0
    assert "was loaded before; nothing has changed" in capsys.readouterr().out
    assert measures(["show", "mine", "--version", "1.0.0"]) == 0
    assert "Invented for a test" in capsys.readouterr().out


def test_a_wrong_file_is_a_sentence_with_file_and_key(here, capsys):
    (here / "form.scoring.json").write_text("{}", encoding="utf-8")
    assert measures(["load", "form.json"]) == 1
    assert "form.scoring.json, licence: a text is needed" in capsys.readouterr().err


def test_the_reference_page_is_printed(here, capsys):
    assert measures(["describe"]) == 0
    assert capsys.readouterr().out.startswith("# Measures\n")


def test_a_structure_is_copied_filled_in_and_loaded(here, capsys):
    assert measures(["copy", "core-10", "ours"]) == 0
    assert "core-10.json and core-10.scoring.json are in" in capsys.readouterr().out
    assert measures(["check", "ours/core-10.json"]) == 1
    assert "1.0.0 is the shipped structure" in capsys.readouterr().err
    for path in (here / "ours").iterdir():
        written = json.loads(path.read_text("utf-8")) | {"version": "2024.1"}
        path.write_text(json.dumps(written), encoding="utf-8")
    assert measures(["load", "ours/core-10.json"]) == 0
    assert "core-10 2024.1 is loaded" in capsys.readouterr().out


def test_nothing_is_overwritten_and_only_what_is_shipped_is_copied(here, capsys):
    assert measures(["copy", "phq-2", "."]) == 0
    assert measures(["copy", "phq-2", "."]) == 1
    assert "phq-2.json: there is a file of that name in" in capsys.readouterr().err
    assert measures(["copy", "joy", "."]) == 1
    assert "joy is not shipped; there are abuse-experienced" in capsys.readouterr().err
