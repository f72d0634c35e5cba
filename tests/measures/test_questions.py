"""What of a FHIR Questionnaire is read, and what is refused with its place."""

import pytest

from casewall.measures.definitions import DefinitionError, built
from tests.measures.forms import ORDINAL, choice, integer, pair


def read(*items, **scoring):
    questions, scored = pair(*items, **scoring)
    return built("mine", questions, {"kind": "profile", "score_from": None, **scored}
                 | {"kind": "profile", "score_from": None, "score_to": None})  # fmt: skip


def test_yes_and_no_have_their_words_in_each_known_language():
    english = {"translator": "a test", "dated": "2026-11-23", "version": "1", "validated": False}
    one = {"linkId": "a", "type": "boolean", "text": "Really?"}
    questions, scoring = pair(one)
    for row, key in ((questions, "title"), (questions["item"][0], "text"), (one, "text")):
        row[f"_{key}"] = {
            "extension": [
                {
                    "url": "http://hl7.org/fhir/StructureDefinition/translation",
                    "extension": [{"valueCode": "da"}, {"valueString": "på dansk"}],
                }
            ]
        }
    scoring |= {"languages": ["en", "da"], "translations": {"en": english, "da": english}}
    scoring |= {"kind": "count_yes", "score_to": 1}
    [item] = built("mine", questions, scoring).items
    assert [(o.code, o.number, o.texts["da"]) for o in item.options] == [
        ("yes", 1, "Ja"),
        ("no", 0, "Nej"),
    ]


def test_yes_and_no_in_an_unknown_language_must_be_written_as_a_choice():
    questions, scoring = pair({"linkId": "a", "type": "boolean", "text": "Vraiment?"})
    questions["language"] = "fr"
    scoring["languages"], scoring["translations"] = ["fr"], {"fr": scoring["translations"]["en"]}
    with pytest.raises(DefinitionError, match="item 2, type: yes and no are not known in the lan"):
        built("mine", questions, scoring)


def test_numbers_may_stand_at_the_answer_or_at_its_coding_and_end_in_nought():
    one = choice("a", 0, 1)
    option = one["answerOption"][1]
    option["extension"] = option["valueCoding"].pop("extension")
    option["extension"][0]["valueDecimal"] = 1.0
    assert [o.number for o in read(one).items[0].options] == [0, 1]


def test_a_computed_score_in_the_questionnaire_is_left_out():
    total = {"linkId": "t", "type": "integer", "readOnly": True}
    url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
    other = {"linkId": "u", "type": "integer", "extension": [{"url": url}]}
    assert read(choice("a", 0, 1), total, other).link_ids == ("a",)


def test_groups_are_read_one_deep():
    page = {"linkId": "p", "type": "group", "text": "Topic", "item": [choice("a", 0, 1)]}
    definition = read(page, choice("b", 0, 1))
    assert [(item.group, item.number) for item in definition.items] == [("p", 1), ("", 2)]
    assert definition.groups[0].texts == {"en": "Topic"}


def test_texts_and_questions_without_a_score_need_no_numbers():
    plain = choice("b", 0, 1)
    for option in plain["answerOption"]:
        del option["valueCoding"]["extension"]
    definition = read(choice("a", 0, 1), plain, {"linkId": "c", "type": "string", "text": "Why?"},
                      not_scored=["b"])  # fmt: skip
    assert [(item.kind, item.scored) for item in definition.items] == [
        ("choice", True),
        ("choice", False),
        ("text", False),
    ]


def when(**written):
    return {**choice("b", 0, 1), "enableWhen": [{"question": "a", **written}]}


def test_conditions_are_read_with_their_values():
    [*_, item] = read(choice("a", 0, 1), when(operator="=", answerCoding={"code": "1"})).items
    assert (item.conditions[0].operator, item.conditions[0].value) == ("=", "1")
    [*_, item] = read(choice("a", 0, 1), when(operator="=", answerBoolean=True)).items
    assert item.conditions[0].value == "yes"
    [*_, item] = read(choice("a", 0, 1), when(operator="=", answerBoolean=False)).items
    assert item.conditions[0].value == "no"
    [*_, item] = read(choice("a", 0, 1), when(operator="exists", answerBoolean=True)).items
    assert (item.conditions[0].value, item.any_condition) == ("true", False)


LONG = {"linkId": "g", "type": "group", "text": "Inner", "item": [choice("x", 0, 1)]}
BOUND = {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": "0"}
WRONG = [
    ({**choice("a", 0, 1), "repeats": True}, "item 2, repeats: a question with several answers"),
    ({**choice("a", 0, 1), "type": "open-choice"}, "item 2, type: only choice, boolean, integer"),
    ({**choice("a", 0, 1), "item": [choice("b", 0, 1)]}, "item 2, item: only a group may hold"),
    ({**LONG, "item": [LONG]}, "item 2, item 1, type: a group within a group is not read"),
    ({**choice("a", 0, 1), "answerValueSet": "urn:x"}, "answerValueSet: the answers must be writ"),
    ({**integer("a", 0, 1), "extension": [BOUND]}, "item 2, extension: a bound must be a valueInt"),
    ({**choice("a", 0, 1), "answerOption": choice("a", 0, 0)["answerOption"] * 2}, "the same code"),
    (when(operator="=", answerCoding={"code": "1"}), "b depends on a, which is not before it"),
    (when(operator="like", answerCoding={"code": "1"}), "enableWhen 1: a known operator and one"),
    (when(operator="="), "enableWhen 1: a known operator and one answer to compare with"),
]


@pytest.mark.parametrize(("item", "sentence"), WRONG)
def test_what_is_not_read_is_refused_with_its_place(item, sentence):
    with pytest.raises(DefinitionError) as refusal:
        read(item)
    assert sentence in str(refusal.value)
    assert str(refusal.value).startswith("mine.json, ")


def test_an_answer_without_a_number_must_be_listed():
    one = choice("a", 0, 1)
    one["answerOption"].append({"valueCoding": {"code": "unsure", "display": "Not sure"}})
    with pytest.raises(DefinitionError, match="answerOption 3, extension: an answer without a nu"):
        read(one)
    options = read(one, without_number=["unsure"]).items[0].options
    assert options[2].number is None
    assert ORDINAL.endswith("ordinalValue")
