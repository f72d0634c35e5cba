"""A site loads the instruments that it holds a licence for; nothing else gets in, or changes."""

import copy
import json
from pathlib import Path

import pytest

from casewall.measures.definitions import (
    DEFINITIONS,
    DefinitionError,
    load,
    names,
    names_for,
    versions,
)
from casewall.measures.loading import LARGEST, checked, load_into
from casewall.measures.scoring import score
from tests.measures.forms import choice, pair

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "instruments"


@pytest.fixture
def written(tmp_path):
    """Writes a pair of files into a folder and gives the path of the questions."""

    def write(questions, scoring, stem="anything"):
        folder = tmp_path / "given"
        folder.mkdir(exist_ok=True)
        path = folder / f"{stem}.json"
        path.write_text(json.dumps(questions), encoding="utf-8")
        beside = folder / f"{stem}.scoring.json"
        beside.write_text(json.dumps(scoring), encoding="utf-8")
        return path

    return write


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "measures"


def own(version="1.0.0", **scoring):
    questions, scored = pair(choice("a", 0, 4), choice("b", 0, 4), **{"score_to": 8} | scoring)
    questions["version"] = scored["version"] = version
    return questions, scored


def test_a_loaded_measure_is_found_beside_the_shipped_ones(written, folder):
    found = load_into(folder, written(*own()))
    assert (found.new, found.definition.name) == (True, "mine")
    assert found.folder == folder / "mine" / "1.0.0"
    assert "mine" in names(folder)
    assert "mine" not in names()
    assert "mine" in names_for("client", folder)
    definition = load("mine", folder=folder)
    assert score(definition, {"a": "4", "b": "1"}).value == 5
    assert load("safety", folder=folder) == load("safety")


def test_nothing_is_kept_of_a_file_that_is_wrong(written, folder):
    with pytest.raises(DefinitionError, match=r"anything\.scoring\.json, score_to: the questions"):
        load_into(folder, written(*own(score_to=9)))
    assert not folder.exists()
    assert names(folder) == names()


def test_the_same_file_twice_is_one_measure(written, folder):
    assert load_into(folder, written(*own())).new
    assert not load_into(folder, written(*own())).new


def test_a_published_version_is_never_edited(written, folder):
    load_into(folder, written(*own()))
    before = (folder / "mine" / "1.0.0" / "mine.json").read_bytes()
    questions, scoring = own()
    questions["item"][1]["text"] = "What else of a?"
    with pytest.raises(DefinitionError, match="a published version is never edited, so give"):
        load_into(folder, written(questions, scoring))
    assert (folder / "mine" / "1.0.0" / "mine.json").read_bytes() == before


def test_a_newer_version_succeeds_and_the_older_one_stays(written, folder):
    for version in ("1.9.0", "1.10.0", "1.2.0"):
        load_into(folder, written(*own(version)))
    assert versions("mine", folder) == ("1.10.0", "1.9.0", "1.2.0")
    assert load("mine", folder=folder).version == "1.10.0"
    assert load("mine", "1.2.0", folder).version == "1.2.0"
    with pytest.raises(DefinitionError, match=r"mine has no version 3; there are 1\.10\.0, 1\.9"):
        load("mine", "3", folder)


def test_what_else_lies_in_the_folder_is_no_measure(written, folder):
    load_into(folder, written(*own()))
    (folder / "notes.txt").write_text("nothing", encoding="utf-8")
    (folder / "Not-A-Name").mkdir()
    (folder / "empty").mkdir()
    (folder / "mine" / "draft").mkdir()
    assert set(names(folder)) - set(names()) == {"mine"}
    assert versions("mine", folder) == ("1.0.0",)


def test_a_licence_is_required(written, folder):
    questions, scoring = own()
    for licence in (None, " "):
        with pytest.raises(DefinitionError, match=r"licence: a text is needed: whose the instrum"):
            load_into(folder, written(questions, {**scoring, "licence": licence}))
    del questions["copyright"]
    with pytest.raises(DefinitionError, match=r"anything\.json, copyright: a text is needed"):
        load_into(folder, written(questions, scoring))


@pytest.mark.parametrize("name", ["../up", "Mine", "x" * 41, "", 3, None])
def test_a_name_that_is_no_name_is_refused(written, folder, name):
    questions, scoring = own()
    questions["id"] = scoring["measure"] = name
    with pytest.raises(DefinitionError, match="is no name: small letters, digits and hyphens"):
        load_into(folder, written(questions, scoring))


def test_a_missing_or_huge_file_is_refused(written, folder, tmp_path):
    with pytest.raises(DefinitionError, match=r"none\.scoring\.json: the file is missing"):
        checked(tmp_path / "none.json")
    path = written(*own())
    path.unlink()
    with pytest.raises(DefinitionError, match=r"anything\.json: the file is missing"):
        checked(path)
    with pytest.raises(DefinitionError, match=r"anything\.xlsx: the file is missing"):
        checked(path.with_suffix(".xlsx"))
    path.write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(DefinitionError, match=r"anything\.json: larger than 2,000,000 bytes"):
        load_into(folder, path)


def test_a_shipped_measure_keeps_its_name(written, folder):
    questions, scoring = own()
    questions["id"] = scoring["measure"] = "phq-9"
    with pytest.raises(DefinitionError, match="phq-9 is shipped with its wording"):
        load_into(folder, written(questions, scoring))


def licensed(version="2.0.0"):
    """The shipped structure of DUDIT with invented words in the place of the licensee's."""
    texts = (DEFINITIONS / f"dudit{suffix}.json" for suffix in ("", ".scoring"))
    questions, scoring = (copy.deepcopy(json.loads(text.read_text("utf-8"))) for text in texts)
    for item in questions["item"][1:]:
        item["text"] = f"Invented words for {item['linkId']}"
        for option in item["answerOption"]:
            option["valueCoding"]["display"] = f"Invented answer {option['valueCoding']['code']}"
    del scoring["structure_only"]
    questions["version"] = scoring["version"] = version
    scoring["licence"] = "Invented licence for a test"
    return questions, scoring


def test_the_licensee_puts_the_wording_into_the_shipped_structure(written, folder):
    assert not load("dudit").has_text
    load_into(folder, written(*licensed()))
    definition = load("dudit", folder=folder)
    assert definition.has_text
    assert definition.items[0].asked("en") == "Invented words for dudit-1"
    assert versions("dudit", folder) == ("2.0.0", "1.0.0")
    answers = dict.fromkeys(definition.link_ids, "2")
    assert score(definition, answers, sex="male") != score(load("dudit"), answers, sex="male")
    assert score(definition, answers, sex="male").value == 22
    assert load("dudit", "1.0.0", folder) == load("dudit")


def test_wording_for_another_structure_is_refused(written, folder):
    questions, scoring = licensed("1.0.0")
    with pytest.raises(DefinitionError, match=r"version: 1\.0\.0 is the shipped structure"):
        load_into(folder, written(questions, scoring))
    questions, scoring = licensed()
    scoring["reversed"] = ["dudit-2"]
    with pytest.raises(DefinitionError, match="dudit-2: its answers, its numbers or its turning"):
        load_into(folder, written(questions, scoring))
    questions, scoring = licensed()
    questions["item"].append({"linkId": "dudit-12", "type": "text", "text": "More?"})
    with pytest.raises(DefinitionError, match="there are more questions than in dudit"):
        load_into(folder, written(questions, scoring))


PUBLIC = [
    # file, measure of ours with the same scorer, changes that its scoring needs
    ("jm_audit.json", "audit", {}),
    ("jm_audit-c.json", "audit-c", {}),
]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared instruments are not on this machine")
@pytest.mark.parametrize(("file", "measure", "changes"), PUBLIC)
def test_a_public_questionnaire_is_loaded_and_scores_as_ours(
    written, folder, file, measure, changes
):
    questions = json.loads((SHARED / file).read_text("utf-8"))
    questions |= {"id": "public", "language": "en"}
    scoring = json.loads((DEFINITIONS / f"{measure}.scoring.json").read_text("utf-8"))
    asked = [i["linkId"] for i in questions["item"] if i["type"] == "choice"]
    scoring |= {"measure": "public", "escalations": [], **changes}
    questions["item"] = [
        item for item in questions["item"] if item["type"] in ("choice", "display")
    ]
    definition = load_into(folder, written(questions, scoring)).definition
    assert list(definition.link_ids) == asked
    ours = load(measure)
    for place in (0, -1):
        theirs = {item.link_id: item.options[place].code for item in definition.items}
        mine = {item.link_id: item.options[place].code for item in ours.items}
        assert score(definition, theirs).value == score(ours, mine).value


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared instruments are not on this machine")
@pytest.mark.parametrize("file", ["jm_phq-9.json", "jm_gad-7.json"])
def test_answers_that_stand_elsewhere_are_refused(written, folder, file):
    questions = json.loads((SHARED / file).read_text("utf-8")) | {"id": "public", "language": "en"}
    questions["version"] = "1.0.0"
    _, scoring = own()
    with pytest.raises(DefinitionError, match="answerValueSet: the answers must be written out"):
        load_into(folder, written(questions, {**scoring, "measure": "public"}))
