"""Definitions load whole or not at all, and say which file and key is wrong."""

import copy
import json
import re

import pytest

from casewall.measures import definitions
from casewall.measures.definitions import (
    DEFINITIONS,
    DefinitionError,
    load,
    loaded_folder,
    names_for,
    read,
    scales_of,
    versions,
)
from casewall.measures.kinds import WITHOUT_TOTAL

SCALES = ("empowerment", "freedom", "safety")
OWN = [name for name in definitions.names() if load(name).licence == "Apache-2.0"]
STRUCTURE = (
    "core-10",
    "dudit",
    "impact-client",
    "impact-partner",
    "judgement-15",
    "judgement-24",
    "risk-checklist-24",
)


@pytest.fixture
def pair():
    """The shipped safety measure as two objects that a test may spoil."""
    texts = (DEFINITIONS / f"safety{suffix}.json" for suffix in ("", ".scoring"))
    return [copy.deepcopy(json.loads(text.read_text(encoding="utf-8"))) for text in texts]


def read_pair(folder, pair):
    for suffix, written in zip(("", ".scoring"), pair, strict=True):
        (folder / f"safety{suffix}.json").write_text(json.dumps(written), encoding="utf-8")
    return read(folder, "safety")


@pytest.mark.parametrize("name", SCALES)
def test_the_scales_of_partners_are_short_in_three_languages_and_free(name):
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


@pytest.mark.parametrize("name", OWN)
def test_every_language_says_who_translated_when_and_that_nobody_validated_it(name):
    definition = load(name)
    assert set(definition.translations) == set(definition.languages)
    for one in definition.translations.values():
        assert one.translator.startswith("Casewall")
        assert (one.version, one.dated.year) == ("1.0.0", 2026)
        assert one.validated is False


@pytest.mark.parametrize("name", SCALES)
def test_every_arabic_text_is_written_in_arabic_letters(name):
    definition = load(name)
    texts = [definition.titles["ar"], definition.introductions["ar"]]
    for item in definition.items:
        texts += [item.texts["ar"], *(option.texts["ar"] for option in item.options)]
    for text in texts:
        assert re.search("[\u0621-\u064a]", text), text
        assert not re.search("[a-zA-Z]", text), text


SEXED = {
    "en": {"he", "she", "his", "her", "him", "husband", "wife"},
    "da": {"han", "hun", "hans", "hendes", "ham", "hende", "mand", "kone"},
}


@pytest.mark.parametrize("name", OWN)
def test_no_question_assumes_anyones_sex(name):
    for item in load(name).items:
        for language, sexed in SEXED.items():
            texts = [item.texts[language], *(option.texts[language] for option in item.options)]
            words = set(re.findall(r"\w+", " ".join(texts).lower()))
            assert not words & sexed


@pytest.mark.parametrize("name", OWN)
def test_own_wording_is_in_english_and_danish_and_says_that_nobody_validated_it(name):
    definition = load(name)
    assert {"en", "da"} <= set(definition.languages)
    assert "not a validated instrument" in definition.wording
    assert definition.has_text
    for item in definition.items:
        assert set(definition.languages) == set(item.texts)
        assert item.texts["da"] != item.texts["en"]


@pytest.mark.parametrize("name", STRUCTURE)
def test_wording_that_belongs_to_somebody_else_is_not_shipped(name):
    definition = load(name)
    assert definition.structure
    assert not definition.has_text
    assert "belongs to" in definition.licence
    assert "is not part of this file" in definition.acknowledgement
    written = json.loads((DEFINITIONS / f"{name}.json").read_text("utf-8"))
    rows = [item for page in written["item"] for item in page.get("item", [page])]
    for row in rows[1:]:
        assert "text" not in row
        assert all("display" not in o["valueCoding"] for o in row.get("answerOption", []))
    assert definition.items[0].asked("en") == "Question 1 (its wording is with the licensee)"


@pytest.mark.parametrize("name", ["audit", "audit-c", "phq-9", "phq-2", "gad-7"])
def test_free_instruments_are_shipped_with_their_acknowledgement(name):
    definition = load(name)
    assert definition.has_text
    assert "Apache" not in definition.licence
    owner = "World Health Organization" if name.startswith("audit") else "Pfizer"
    assert owner in definition.acknowledgement
    assert definition.items[0].options[0].said("en") == definition.items[0].options[0].texts["en"]
    assert definition.items[0].options[0].said("da") == "0"


def test_the_measures_are_found_by_who_may_answer_them():
    assert scales_of("partner") == SCALES
    assert names_for("referrer") == ("feedback-referrer",)
    assert "use-days" not in names_for("partner")
    assert "phq-9" in names_for("client")
    assert names_for("child") == ()
    assert load("phq-9").answered_by == "client"


def test_control_is_kept_apart_from_violence_and_neither_is_a_total():
    for name in ("abuse-used", "abuse-experienced"):
        scorer = load(name).scorer
        assert scorer.kind in WITHOUT_TOTAL
        parts = {
            sub.code: {i.removeprefix(f"{name}-") for i in sub.items} for sub in scorer.subscales
        }
        assert parts["violence"] == {"physical", "sexual", "threats", "stalking"}
        assert parts["control"] == {"psychological", "economic", "control"}


def test_the_two_versions_of_abuse_and_of_the_time_points_ask_the_same():
    for one, other in (("abuse-used", "abuse-experienced"), ("impact-client", "impact-partner")):
        here = [i.removeprefix(one) for i in load(one).link_ids]
        assert here == [i.removeprefix(other) for i in load(other).link_ids]


def test_questions_of_one_topic_share_a_page():
    definition = load("abuse-used")
    assert len(definition.groups) == 8
    assert definition.groups[0].texts["en"] == "Violence against the body"
    assert [item.number for item in definition.items] == list(range(1, 21))
    pages = {group.link_id for group in definition.groups}
    assert {item.group for item in definition.items} == pages


def test_the_parameters_of_reliable_change_are_kept_with_their_source():
    change = load("core-10").change
    assert change.least == pytest.approx(1.96 * 7.7 * 2**0.5 * (1 - 0.9) ** 0.5)
    assert (change.sd, change.reliability) == (7.7, 0.9)
    published = load("phq-9").change
    assert (published.least, published.sd) == (6, None)
    assert "IAPT" in published.source
    assert load("audit").change is None
    assert (load("audit").cuts[0].edge, load("audit").higher_is) == (8, "worse")


def test_numbers_of_answers_and_scores_are_told():
    definition = load("dudit")
    assert (definition.lowest, definition.highest, definition.minimum_answered) == (0, 4, 11)
    assert load("use-days").items[0].span == (0, 28)
    assert load("impact-client").items[-2].span is None


def test_an_unknown_measure_is_refused():
    with pytest.raises(DefinitionError, match="no measure called joy; there are abuse-exper"):
        load("joy")
    with pytest.raises(DefinitionError, match=r"no measure called \.\./safety"):
        load("../safety")


def test_a_version_that_is_not_here_is_refused():
    assert versions("safety") == ("1.0.0",)
    assert load("safety", "1.0.0") is load("safety")
    with pytest.raises(DefinitionError, match=r"safety has no version 9\.0; there are 1\.0\.0"):
        load("safety", "9.0")


def test_the_folder_of_loaded_measures_comes_from_the_environment():
    assert str(loaded_folder({"CASEWALL_MEASURES_DIR": "/m"})) == "/m"
    assert str(loaded_folder({"CASEWALL_VAR": "/v"})) == "/v/measures"
    assert loaded_folder({}).parts[-2:] == ("var", "measures")


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
    (QUESTIONS, "item 0", {"type": "date"}, "item 1, type: only choice, boolean, integer, deci"),
    (QUESTIONS, "item 0", {"type": "group"}, "item 1, text: there is no text in the language en"),
    (QUESTIONS, "version", "newest", "version: numbers with points between them are needed"),
    (QUESTIONS, "copyright", "", "safety.json, copyright: a text is needed"),
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
        "must be prefer-not-to-say or stand in without_number",
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
    (SCORING, "answered_by", "anyone", "answered_by: 'anyone' is not one of partner, client, ref"),
    (SCORING, "higher_is", "nicer", "higher_is: 'nicer' is not one of better, worse"),
    (SCORING, "answered_by", ["anyone"], "answered_by: 'anyone' is not one of partner, client"),
    (SCORING, "answered_by", [], "answered_by: one of partner, client, referrer"),
    (SCORING, "languages", "en", "languages: a list of texts is needed"),
    (SCORING, "translations", None, "translations: each language of the measure is needed"),
    (SCORING, "translations da", None, "translations da, dated: a text is needed"),
    (SCORING, "translations ar dated", "soon", "translations ar, dated: a day is needed"),
    (SCORING, "translations ar validated", "no", "translations ar, validated: true or false"),
    (SCORING, "translations ar translator", "", "translations ar, translator: a text is needed"),
    (SCORING, "translations ar version", 1, "translations ar, version: a text is needed"),
    (SCORING, "structure_only", "yes", "structure_only: true or false is needed"),
    (SCORING, "not_scored", ["safety-9"], "not_scored: there is no question safety-9"),
    (SCORING, "asked_at", {"safety-9": []}, "asked_at: there is no question safety-9"),
    (SCORING, "asked_at", {"safety-1": ["soon"]}, "asked_at, safety-1: 'soon' is not one of"),
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
