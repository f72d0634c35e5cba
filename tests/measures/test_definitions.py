"""Definitions load whole or not at all, and say which file and key is wrong."""

import copy
import json
import re

import pytest

from casewall.measures import definitions
from casewall.measures.definitions import DEFINITIONS, DefinitionError, load, read


@pytest.fixture
def pair():
    """The shipped safety measure as two objects that a test may spoil."""
    texts = (DEFINITIONS / f"safety{suffix}.json" for suffix in ("", ".scoring"))
    return [copy.deepcopy(json.loads(text.read_text(encoding="utf-8"))) for text in texts]


def read_pair(folder, pair):
    for suffix, written in zip(("", ".scoring"), pair, strict=True):
        (folder / f"safety{suffix}.json").write_text(json.dumps(written), encoding="utf-8")
    return read(folder, "safety")


@pytest.mark.parametrize("name", definitions.names())
def test_the_shipped_measures_are_short_in_three_languages_and_free(name):
    definition = load(name)
    assert len(definition.items) == 4
    assert any(item.reversed for item in definition.items)
    assert definition.recall == "the last four weeks"
    assert definition.licence == "Apache-2.0"
    assert "not a validated instrument" in definition.wording
    assert definition.answered_by == "partner"
    assert definition.languages == ("en", "da", "ar")
    assert set(definition.titles) == set(definition.introductions) == {"en", "da", "ar"}
    assert "last four weeks" in definition.introductions["en"]
    assert "sidste fire uger" in definition.introductions["da"]
    for item in definition.items:
        assert set(item.texts) == {"en", "da", "ar"}
        assert [option.code for option in item.options] == [*"01234", "prefer-not-to-say"]


@pytest.mark.parametrize("name", definitions.names())
def test_every_language_says_who_translated_when_and_that_nobody_validated_it(name):
    definition = load(name)
    assert set(definition.translations) == set(definition.languages)
    for one in definition.translations.values():
        assert one.translator.startswith("Casewall")
        assert (one.version, one.dated.year) == ("1.0.0", 2026)
        assert one.validated is False


@pytest.mark.parametrize("name", definitions.names())
def test_every_arabic_text_is_written_in_arabic_letters(name):
    definition = load(name)
    texts = [definition.titles["ar"], definition.introductions["ar"]]
    for item in definition.items:
        texts += [item.texts["ar"], *(option.texts["ar"] for option in item.options)]
    for text in texts:
        assert re.search("[\u0621-\u064a]", text), text
        assert not re.search("[a-zA-Z]", text), text


@pytest.mark.parametrize("name", definitions.names())
def test_no_question_assumes_anyones_sex(name):
    for item in load(name).items:
        for text in item.texts.values():
            words = set(re.findall(r"\w+", text.lower()))
            assert not words & {"he", "she", "his", "her", "him", "han", "hun", "hans", "hendes"}


def test_the_three_measures_are_those_of_the_published_table():
    assert definitions.names() == ("empowerment", "freedom", "safety")


def test_an_unknown_measure_is_refused():
    with pytest.raises(DefinitionError, match="no measure called joy; there are empowerment"):
        load("joy")


def test_a_missing_or_unreadable_file_is_refused_by_name(tmp_path):
    with pytest.raises(DefinitionError, match=r"safety\.json: the file is missing"):
        read(tmp_path, "safety")
    (tmp_path / "safety.json").write_text("{", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"safety\.json: not readable as JSON"):
        read(tmp_path, "safety")
    (tmp_path / "safety.json").write_text("[]", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"safety\.json: an object is needed"):
        read(tmp_path, "safety")


def test_what_is_shipped_reads_the_same_from_elsewhere(tmp_path, pair):
    assert read_pair(tmp_path, pair) == load("safety")


def test_a_measure_without_alerts_or_other_extensions_is_read(tmp_path, pair):
    pair[1]["alerts"] = []
    pair[0]["item"][1]["_text"]["extension"].append({"url": "urn:other"})
    pair[0]["item"][1]["answerOption"][0]["valueCoding"]["extension"].append({"url": "urn:other"})
    assert read_pair(tmp_path, pair).alerts == ()


QUESTIONS, SCORING = 0, 1
# which file, path to the key, what is written, what is said
WRONG = [
    (QUESTIONS, "resourceType", "Patient", "safety.json, resourceType: only a Questionnaire"),
    (QUESTIONS, "id", "freedom", "safety.json, id: 'freedom' is not the name of the file"),
    (QUESTIONS, "version", 1, "safety.json, version: a text is needed"),
    (QUESTIONS, "item", None, "safety.json, item: a list of objects is needed"),
    (QUESTIONS, "item", [1], "safety.json, item: a list of objects is needed"),
    (QUESTIONS, "item 0", {"type": "group"}, "item 1, type: only choice and display are read"),
    (QUESTIONS, "item 1 linkId", "", "item 2, linkId: a text is needed"),
    (QUESTIONS, "item 1 linkId", "safety-2", "item: every question needs a linkId of its own"),
    (QUESTIONS, "item 1 text", None, "item 2, text: there is no text in the language en"),
    (QUESTIONS, "item 1 _text", {}, "item 2, text: there is no text in the language da"),
    (QUESTIONS, "item 1 _text", 3, "item 2, text: a list of objects is needed"),
    (QUESTIONS, "_title extension 0 extension", [{}], "title: there is no text in the language da"),
    (QUESTIONS, "item 1 answerOption", None, "item 2, answerOption: a list of objects"),
    (QUESTIONS, "item 1 answerOption 0", {}, "item 2, answerOption 1, valueCoding: a coding"),
    (
        QUESTIONS,
        "item 1 answerOption 0 valueCoding extension",
        [],
        "an answer without a number must be prefer-not-to-say",
    ),
    (
        QUESTIONS,
        "item 1 answerOption 0 valueCoding extension 0 valueDecimal",
        0.5,
        "0.5 is not a whole number",
    ),
    (
        QUESTIONS,
        "item 1 answerOption 0 valueCoding extension 0 valueDecimal",
        1,
        "safety.scoring.json, lowest: the numbers of safety-1 do not run",
    ),
    (SCORING, "measure", "freedom", "safety.scoring.json, measure: 'freedom' is not the name"),
    (SCORING, "version", "2.0.0", "version: the two files are not of the same version"),
    (SCORING, "licence", " ", "safety.scoring.json, licence: a text is needed"),
    (SCORING, "answered_by", "anyone", "answered_by: 'anyone' is not one of partner, client"),
    (SCORING, "higher_is", "nicer", "higher_is: 'nicer' is not one of better, worse"),
    (SCORING, "languages", "en", "languages: a list of texts is needed"),
    (SCORING, "translations", None, "translations: each language of the measure is needed"),
    (SCORING, "translations da", None, "translations da, dated: a text is needed"),
    (SCORING, "translations ar dated", "soon", "translations ar, dated: a day is needed"),
    (SCORING, "translations ar validated", "no", "translations ar, validated: true or false"),
    (SCORING, "translations ar translator", "", "translations ar, translator: a text is needed"),
    (SCORING, "translations ar version", 1, "translations ar, version: a text is needed"),
    (SCORING, "reversed", [3], "reversed: a list of texts is needed"),
    (SCORING, "reversed", ["safety-9"], "reversed: there is no question safety-9"),
    (SCORING, "minimum_answered", "3", "minimum_answered: a whole number is needed"),
    (SCORING, "minimum_answered", 5, "minimum_answered: it must be from 1 to 4"),
    (SCORING, "highest", 0, "highest: it must be above lowest"),
    (SCORING, "score_to", 0, "score_to: it must be above score_from"),
    (SCORING, "alerts", None, "alerts: a list of objects is needed"),
    (SCORING, "alerts 0 item", "safety-9", "alerts 1, item: there is no question safety-9"),
    (SCORING, "alerts 1 at_least", None, "alerts 2, at_least: a whole number is needed"),
]


@pytest.mark.parametrize(("which", "path", "value", "sentence"), WRONG)
def test_a_wrong_definition_is_refused_with_file_and_key(
    tmp_path, pair, which, path, value, sentence
):
    *steps, last = [int(step) if step.isdigit() else step for step in path.split()]
    place = pair[which]
    for step in steps:
        place = place[step]
    place[last] = value
    with pytest.raises(DefinitionError) as refusal:
        read_pair(tmp_path, pair)
    assert sentence in str(refusal.value)
    assert str(refusal.value).startswith("safety.")


def test_the_recall_window_must_be_told(tmp_path, pair):
    del pair[QUESTIONS]["item"][0]
    with pytest.raises(DefinitionError, match="a display item must tell the recall window"):
        read_pair(tmp_path, pair)
    pair[QUESTIONS]["item"] = []
    pair[SCORING]["reversed"] = []
    with pytest.raises(DefinitionError, match="there must be one"):
        read_pair(tmp_path, pair)
