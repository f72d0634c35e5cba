"""A scorer that cannot be right is refused with file and key, before it scores anybody."""

import pytest

from casewall.measures.definitions import DefinitionError, built
from casewall.measures.scoring import score
from tests.measures.forms import choice, integer, pair

ITEMS = (choice("a", 0, 4), choice("b", 0, 4), choice("c", 0, 1), integer("d", 0, 28))
SUB = {
    "code": "one",
    "words": {"en": "one"},
    "items": ["a", "b"],
    "method": "sum",
    "missing": {"rule": "none"},
    "from": 0,
    "to": 8,
}
BAND = {"code": "all", "words": {"en": "all"}, "from": 0, "to": 8}


def made(**scoring):
    """Items a and b, 0 to 4 each, summed, unless the test writes otherwise."""
    written = {"items": ["a", "b"], "score_to": 8, **scoring}
    questions, scored = pair(*ITEMS, **written)
    kept = {key: value for key, value in scored.items() if value is not ...}
    return built("mine", questions, kept)


def test_the_sound_scorer_is_read():
    definition = made(subscales=[SUB], bands=[BAND])
    assert definition.scorer.items == ("a", "b")
    assert score(definition, {"a": "4", "b": "3"}).value == 7


WRONG = [
    ({"kind": "median"}, "kind: 'median' is not one of mean_stretched, sum"),
    ({"rule": ...}, "rule: a text is needed"),
    ({"higher_is": "neither"}, "higher_is: 'neither' is not one of better, worse"),
    ({"items": ["z"]}, "items: there is no question z"),
    ({"items": []}, "items: questions are needed, each once"),
    ({"items": ["a", "a"]}, "items: questions are needed, each once"),
    ({"items": ["a", "b"], "not_scored": ["b"]}, "items: b has no numbers"),
    ({"missing": ...}, "missing, rule: a text is needed"),
    ({"missing": {"rule": "zero"}}, "missing, rule: 'zero' is not one of none, prorate"),
    ({"missing": {"rule": "minimum", "minimum": 1}}, "rule: 'minimum' is not one of none"),
    ({"missing": {"rule": "prorate", "minimum": 3}}, "missing, minimum: it must be from 1 to 2"),
    ({"missing": {"rule": "prorate", "minimum": 1}}, "missing, source: a text is needed"),
    ({"kind": "mean_stretched", "missing": ...}, "minimum_answered: a whole number is needed"),
    (
        {"kind": "mean_stretched", "missing": ..., "minimum_answered": 3},
        "minimum_answered: it must be from 1 to 2",
    ),
    ({"score_to": 9}, "score_to: the questions add up to 0 to 8"),
    ({"score_from": 1}, "score_from: the questions add up to 0 to 8"),
    ({"score_from": 8}, "score_to: it must be above score_from"),
    ({"lowest": 0, "highest": 5}, "lowest: the numbers of a do not run from it to highest"),
    ({"lowest": 4, "highest": 4}, "highest: it must be above lowest"),
    ({"lowest": 0}, "highest: a whole number is needed"),
    ({"kind": "count_yes"}, "items: a is not a question of yes and no"),
    ({"kind": "sum_of_subscales"}, "subscales: a sum of subscales needs some"),
    (
        {"kind": "sum_of_subscales", "subscales": [SUB], "score_to": 9},
        "score_to: the subscales add up to 0 to 8",
    ),
    ({"subscales": [{**SUB, "to": 9}]}, "subscales 1, to: the questions add up to 0 to 8"),
    ({"subscales": [{**SUB, "to": 0}]}, "subscales 1, to: it must be above from"),
    ({"subscales": [{**SUB, "method": "best"}]}, "subscales 1, method: 'best' is not one of"),
    ({"subscales": [{**SUB, "words": "one"}]}, "subscales 1, words: texts by language are needed"),
    ({"subscales": [{**SUB, "words": {"en": " "}}]}, "words: texts by language are needed"),
    ({"subscales": [{**SUB, "items": ["z"]}]}, "subscales 1, items: there is no question z"),
    ({"subscales": [SUB, SUB]}, "subscales: two of them have the same code"),
    ({"subscales": "one"}, "subscales: a list of objects is needed"),
    ({"bands": [{**BAND, "to": 7}]}, "bands: they end at 7 and the score at 8"),
    ({"bands": [{**BAND, "from": 1}]}, "bands: all does not begin where the one before ends"),
    ({"bands": [BAND, {**BAND, "sex": "male"}]}, "bands: they are for everybody, or each is for"),
    ({"bands": [{**BAND, "sex": "any"}]}, "bands 1, sex: 'any' is not one of male, female"),
    ({"cuts": [{"source": "x"}]}, "cuts 1, at_least: either at_least or at_most is needed"),
    ({"cuts": [{"at_least": 1, "at_most": 2, "source": "x"}]}, "either at_least or at_most"),
    ({"cuts": [{"at_least": 1}]}, "cuts 1, source: a text is needed"),
    ({"cuts": [{"at_least": 1, "source": "x"}] * 2}, "cuts: one cut-off for everybody, or one"),
    (
        {"cuts": [{"at_least": 1, "source": "x"}, {"at_least": 1, "source": "x", "sex": "male"}]},
        "cuts: one cut-off for everybody",
    ),
    ({"change": {"source": "x", "sd": 2}}, "change, reliability: a number above zero is needed"),
    ({"change": {"source": "x", "reliability": 0.9}}, "change, sd: a number above zero"),
    ({"change": {"source": "x", "reliability": 1, "sd": 2}}, "change, reliability: it must be be"),
    ({"change": {"threshold": 0, "source": "x"}}, "change, threshold: a number above zero"),
    ({"change": {"threshold": True, "source": "x"}}, "change, threshold: a number above zero"),
    ({"change": {"threshold": 5}}, "change, source: a text is needed"),
    ({"off_counts": {"source": "x"}}, "off_counts, number: a whole number is needed"),
    ({"off_counts": {"number": 0}}, "off_counts, source: a text is needed"),
    ({"judgement": "upward"}, "judgement: only a checklist can be raised by judgement"),
    ({"kind": "count_yes", "judgement": "down"}, "judgement: 'down' is not one of upward"),
    ({"escalations": [{"item": "z"}]}, "escalations 1, item: there is no question z"),
    ({"kind": "ratings", "score_from": ..., "subscales": [SUB]}, "its ratings are never added up"),
    ({"kind": "ratings"}, "score_from: This tool is a structured judgement: its ratings"),
    ({"kind": "days", "bands": [BAND]}, "bands: Days are shown for each substance"),
    ({"kind": "profile", "cuts": [{"at_least": 1, "source": "x"}]}, "cuts: This measure is a prof"),
]


@pytest.mark.parametrize(("scoring", "sentence"), WRONG)
def test_a_wrong_scorer_is_refused_with_file_and_key(scoring, sentence):
    if scoring.get("kind") == "ratings" and scoring.get("subscales"):
        scoring = {**scoring, "score_to": ...}
    with pytest.raises(DefinitionError) as refusal:
        made(**scoring)
    assert sentence in str(refusal.value)
    assert str(refusal.value).startswith("mine.scoring.json, ")


def test_a_question_without_a_range_cannot_be_stretched():
    questions, scoring = pair({"linkId": "a", "type": "integer", "text": "How many?"})
    with pytest.raises(DefinitionError, match="a has no lowest and highest number"):
        built("mine", questions, scoring)


def test_bands_may_be_printed_for_each_sex():
    bands = [
        {**BAND, "code": "few", "to": 1, "sex": "female"},
        {**BAND, "code": "many", "from": 2, "sex": "female"},
        {**BAND, "sex": "male"},
    ]
    definition = made(bands=bands)
    two = {"a": "2", "b": "0"}
    assert score(definition, two, sex="female").band == "many"
    assert score(definition, two, sex="male").band == "all"
    assert score(definition, two).band is None


def test_means_may_need_every_answer():
    definition = made(kind="mean_stretched", score_to=100)
    assert score(definition, {"a": "4"}).value is None
    assert score(definition, {"a": "4", "b": "2"}).value == 75
    half = {"rule": "minimum", "minimum": 1, "source": "the manual"}
    assert score(made(kind="mean_stretched", score_to=100, missing=half), {"a": "4"}).value == 100


def test_reliable_change_is_worked_out_or_taken_as_published():
    computed = made(change={"sd": 10, "reliability": 0.5, "source": "the manual"}).change
    assert computed.least == pytest.approx(19.6)
    assert made(change={"threshold": 6, "source": "the manual"}).change.least == 6


def test_days_are_parts_named_by_substance():
    questions, scoring = pair(integer("mine-gin", 0, 28), kind="days", higher_is="neither")
    definition = built("mine", questions, scoring | {"score_from": None, "score_to": None})
    assert score(definition, {"mine-gin": "7"}).parts == {"gin": 7}
