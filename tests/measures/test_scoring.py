"""Golden vectors of the three partner scales, worked out by hand, and what must always hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.measures import definitions
from casewall.measures.scoring import AnswerError, check, raised_alerts, score

PREFER = "prefer-not-to-say"

# measure, answers 1 to 4 as given (None: nothing written), score from 0 to 100
GOLDEN = [
    # freedom: 3 and 4 are turned
    ("freedom", ["4", "4", "0", "0"], 100.0),
    ("freedom", ["0", "0", "4", "4"], 0.0),
    ("freedom", ["2", "2", "2", "2"], 50.0),
    ("freedom", ["0", "0", "0", "0"], 50.0),
    ("freedom", ["3", "1", "2", "4"], 37.5),
    # safety: 3 and 4 are turned
    ("safety", ["4", "3", "1", "0"], 87.5),
    ("safety", ["1", "2", "3", "4"], 25.0),
    ("safety", ["4", "3", "1", None], 100 * 10 / 12),
    # empowerment: 3 is turned
    ("empowerment", ["4", "4", "0", "4"], 100.0),
    ("empowerment", ["4", "4", "4", "4"], 75.0),
    ("empowerment", ["1", "0", "3", "2"], 25.0),
    ("empowerment", [None, "4", "0", "4"], 100.0),
    # fewer than three answers: no score, whatever stands in their place
    ("freedom", ["4", "4", None, None], None),
    ("safety", ["4", "4", PREFER, "not-asked"], None),
    ("empowerment", [None, None, None, None], None),
]


def filled(name, given):
    return {f"{name}-{number}": code for number, code in enumerate(given, 1)}


@pytest.mark.parametrize(("name", "given", "expected"), GOLDEN)
def test_golden_vectors(name, given, expected):
    found = score(definitions.load(name), filled(name, given))
    assert found.value == (None if expected is None else pytest.approx(expected))
    assert found.items == 4
    assert found.scorer_version == "1.0.0"
    assert found.measure_version == "1.0.0"


def test_prefer_not_to_say_not_asked_and_missing_are_three_things():
    answers = {"safety-1": "4", "safety-2": PREFER, "safety-3": "not-asked"}
    found = score(definitions.load("safety"), answers)
    assert (found.answered, found.prefer_not_to_say, found.not_asked, found.missing) == (1, 1, 1, 1)
    assert found.value is None


def test_a_refused_answer_is_not_scored_as_zero():
    definition = definitions.load("safety")
    three = score(definition, filled("safety", ["4", "4", "0", PREFER]))
    assert (three.value, three.answered) == (100.0, 3)


def test_an_unknown_question_or_answer_is_refused():
    definition = definitions.load("safety")
    with pytest.raises(AnswerError, match="safety has no question freedom-1"):
        check(definition, {"freedom-1": "1"})
    with pytest.raises(AnswerError, match="safety-1: '5' is not one of 0, 1, 2, 3, 4"):
        score(definition, {"safety-1": "5"})


# answers to "afraid" and "worried", and the questions that raise an alert
ALERTS = [
    ("4", "0", ["safety-3"]),
    ("3", "3", ["safety-3", "safety-4"]),
    ("2", "2", []),
    (PREFER, None, []),
]


@pytest.mark.parametrize(("afraid", "worried", "raised"), ALERTS)
def test_fear_raises_an_alert_before_and_without_a_score(afraid, worried, raised):
    definition = definitions.load("safety")
    answers = {"safety-3": afraid, "safety-4": worried}
    found = raised_alerts(definition, answers)
    assert [alert.link_id for alert in found] == raised
    assert all(alert.task for alert in found)
    assert score(definition, answers).value is None


codes = st.sampled_from(["0", "1", "2", "3", "4", PREFER, "not-asked", None])
names = st.sampled_from(definitions.names())


@given(names, st.tuples(codes, codes, codes, codes))
def test_every_item_is_accounted_for_and_every_score_in_its_range(name, given_codes):
    found = score(definitions.load(name), filled(name, given_codes))
    counted = found.answered + found.prefer_not_to_say + found.not_asked + found.missing
    assert counted == found.items
    assert (found.value is None) == (found.answered < 3)
    assert found.value is None or 0 <= found.value <= 100


@given(names, st.lists(st.integers(0, 4), min_size=4, max_size=4), st.integers(0, 3))
def test_turning_every_answer_over_turns_the_score_over(name, numbers, changed):
    definition = definitions.load(name)
    found = score(definition, filled(name, map(str, numbers))).value
    turned = score(definition, filled(name, [str(4 - n) for n in numbers])).value
    assert turned == pytest.approx(100 - found)
    better = list(numbers)
    step = -1 if definition.items[changed].reversed else 1
    better[changed] = min(4, max(0, better[changed] + step))
    assert score(definition, filled(name, map(str, better))).value >= found
