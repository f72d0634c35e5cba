"""What a score says beside its number: alerts, escalations, judgement, conditions, refusals."""

import pytest

from casewall.measures.definitions import built, load
from casewall.measures.scoring import (
    AnswerError,
    NoTotalError,
    applies,
    band_words,
    check,
    escalations,
    judged,
    raised_alerts,
    score,
    switched_off,
    total,
)
from tests.measures.forms import choice, integer, pair

PREFER = "prefer-not-to-say"


def filled(name, given):
    return dict(zip(load(name).link_ids, given, strict=False))


def test_prefer_not_to_say_not_asked_and_missing_are_three_things():
    answers = {"safety-1": "4", "safety-2": PREFER, "safety-3": "not-asked"}
    found = score(load("safety"), answers)
    assert (found.answered, found.prefer_not_to_say, found.not_asked, found.missing) == (1, 1, 1, 1)
    assert (found.value, found.items) == (None, 4)
    assert found.reason == "No score: 1 of 4 questions have a number, and at least 3 are needed."
    assert (found.measure_version, found.scorer_version) == ("1.0.0", "1.0.0")


def test_a_refused_answer_is_not_scored_as_zero():
    three = score(load("safety"), filled("safety", ["4", "4", "0", PREFER]))
    assert (three.value, three.answered) == (100.0, 3)


def test_anybody_may_prefer_not_to_say_even_where_the_form_has_no_such_box():
    found = score(load("phq-2"), {"phq-2-1": "3", "phq-2-2": PREFER})
    assert (found.value, found.prefer_not_to_say) == (None, 1)


def test_an_unknown_question_answer_or_time_point_is_refused():
    definition = load("safety")
    with pytest.raises(AnswerError, match="safety has no question freedom-1"):
        check(definition, {"freedom-1": "1"})
    with pytest.raises(AnswerError, match="safety-1: '5' is not one of 0, 1, 2, 3, 4"):
        score(definition, {"safety-1": "5"})
    with pytest.raises(AnswerError, match="'soon' is not one of first_contact, before"):
        score(definition, {}, wave="soon")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("29", "use-days-alcohol: 29 is not from 0 to 28"),
        ("-1", "use-days-alcohol: -1 is not from 0 to 28"),
        ("2.5", "use-days-alcohol: '2.5' is not a whole number"),
        ("many", "use-days-alcohol: 'many' is not a whole number"),
        ("٣", "is not a whole number"),
        ("1e3", "is not a whole number"),
        ("-", "is not a whole number"),
        ("9" * 5000, "is not a whole number"),
        (" 3", "is not a whole number"),
    ],
)
def test_a_number_out_of_range_or_not_a_number_is_refused(code, sentence):
    with pytest.raises(AnswerError) as refusal:
        score(load("use-days"), {"use-days-alcohol": code})
    assert sentence in str(refusal.value)


# answers to "afraid" and "worried", and the questions that raise an alert
ALERTS = [
    ("4", "0", ["safety-3"]),
    ("3", "3", ["safety-3", "safety-4"]),
    ("2", "2", []),
    (PREFER, None, []),
]


@pytest.mark.parametrize(("afraid", "worried", "raised"), ALERTS)
def test_fear_raises_an_alert_before_and_without_a_score(afraid, worried, raised):
    answers = {"safety-3": afraid, "safety-4": worried}
    found = raised_alerts(load("safety"), answers)
    assert [alert.link_id for alert in found] == raised
    assert all(alert.task for alert in found)
    assert score(load("safety"), answers).value is None


def test_one_answer_about_self_harm_is_an_alert_without_any_other_answer():
    [alert] = raised_alerts(load("phq-9"), {"phq-9-9": "1"})
    assert "speak with the person today" in alert.task
    assert raised_alerts(load("phq-9"), {"phq-9-9": "0"}) == ()


def test_signs_of_dependence_escalate_whatever_the_sum():
    low = {f"audit-{number}": "0" for number in range(1, 11)}
    assert escalations(load("audit"), {**low, "audit-6": "2"})[0].link_id == "audit-6"
    assert escalations(load("audit"), {**low, "audit-9": "2"}) == ()
    assert escalations(load("audit"), {**low, "audit-9": "4"})[0].link_id == "audit-9"
    assert score(load("audit"), {**low, "audit-6": "2"}).band == "low"
    assert raised_alerts(load("audit"), {**low, "audit-6": "2"}) == ()


def test_a_structured_judgement_has_ratings_and_asking_for_a_total_gets_a_sentence():
    definition = load("judgement-24")
    answers = {"judgement-24-1-recent": "present", "judgement-24-1-past": "no-information"}
    found = score(definition, answers)
    assert found.ratings["judgement-24-1-recent"] == "present"
    assert found.ratings["judgement-24-2-recent"] is None
    assert len(found.ratings) == 51
    assert found.parts == {}
    with pytest.raises(NoTotalError, match="Structured judgement, 24 factors: This tool is a"):
        total(definition, answers)


def test_the_words_of_a_band_are_in_the_language_or_in_english():
    assert band_words(load("audit"), "harmful") == "harmful use"
    assert band_words(load("audit"), "harmful", "da") == "skadeligt forbrug"
    assert band_words(load("core-10"), "mild", "da") == "mild distress"
    assert band_words(load("core-10"), None) == ""


CHECKLIST = "risk-checklist-24"


def checklist(yes, no):
    return score(load(CHECKLIST), filled(CHECKLIST, ["yes"] * yes + ["no"] * no))


def test_judgement_raises_a_checklist_with_a_reason_and_never_lowers_it():
    definition = load(CHECKLIST)
    low, high = checklist(5, 19), checklist(14, 10)
    assert judged(definition, low).high is False
    raised = judged(definition, low, high=True, reason=" Separated last week. ")
    assert (raised.high, raised.by, raised.reason) == (True, "judgement", "Separated last week.")
    kept = judged(definition, high, high=False, reason="I know better")
    assert (kept.high, kept.by) == (True, "threshold")
    assert "never lower" in kept.reason
    assert judged(definition, high).reason == ""


def test_a_judgement_without_a_reason_or_without_a_rule_is_refused():
    with pytest.raises(AnswerError, match="needs its reason in words"):
        judged(load(CHECKLIST), checklist(5, 19), high=True, reason=" ")
    with pytest.raises(AnswerError, match="phq-9 says nothing about overriding"):
        judged(load("phq-9"), score(load("phq-9"), {}), high=True, reason="x")


def test_a_checklist_with_gaps_is_high_low_or_uncertain():
    definition = load(CHECKLIST)
    assert judged(definition, checklist(14, 0)).high is True
    assert judged(definition, checklist(2, 20)).high is False
    uncertain = judged(definition, checklist(10, 5))
    assert (uncertain.high, uncertain.by) == (None, "")


def test_a_question_is_shown_when_its_conditions_hold():
    definition = load("audit")
    fourth = definition.items[3]
    assert not applies(definition, fourth, {})
    assert not applies(definition, fourth, {"audit-1": "0"})
    assert applies(definition, fourth, {"audit-1": "1", "audit-2": "0", "audit-3": "1"})
    assert applies(definition, fourth, {"audit-1": "1", "audit-2": "1"})
    assert not applies(definition, fourth, {"audit-1": "1", "audit-2": "0", "audit-3": "0"})
    assert applies(definition, definition.items[8], {})


def test_a_missing_answer_switches_nothing_off():
    assert switched_off(load("audit"), {}) == frozenset()
    assert switched_off(load("audit"), {"audit-1": PREFER}) == frozenset()
    assert switched_off(load("audit"), {"audit-1": "1", "audit-2": "0"}) == frozenset()
    assert len(switched_off(load("audit"), {"audit-1": "0"})) == 7


def test_what_was_answered_all_the_same_is_counted_as_answered():
    given = dict.fromkeys(load("audit-c").link_ids, "0") | {"audit-c-2": "3"}
    found = score(load("audit-c"), given, sex="male")
    assert (found.value, found.answered, found.not_applicable) == (3, 3, 0)


def test_a_question_of_another_time_point_does_not_apply():
    definition = load("impact-partner")
    changed = definition.items[-4]
    assert changed.waves == ("middle", "after", "follow_up")
    assert not applies(definition, changed, {}, "before")
    assert applies(definition, changed, {}, "after")
    assert applies(definition, changed, {})


CONDITIONS = [
    # operator, value, answer to the first question, whether the second is asked
    ("=", 3, "3", True),
    ("=", 3, "03", True),
    ("!=", 3, "4", True),
    (">", 3, "3", False),
    (">", 3, "4", True),
    ("<", 3, "2", True),
    (">=", 3, "3", True),
    ("<=", 3, "4", False),
    ("exists", True, "0", True),
    ("exists", True, None, False),
    ("exists", False, None, True),
    ("exists", True, PREFER, False),
    ("=", 3, None, False),
]


@pytest.mark.parametrize(("operator", "value", "given", "asked"), CONDITIONS)
def test_conditions_compare_numbers_as_numbers(operator, value, given, asked):
    key = "answerBoolean" if isinstance(value, bool) else "answerInteger"
    when = [{"question": "a", "operator": operator, key: value}]
    questions, scoring = pair(integer("a", 0, 9), {**choice("b", 0, 1), "enableWhen": when})
    definition = built("mine", questions, scoring)
    assert applies(definition, definition.items[1], {"a": given}) is asked


@pytest.mark.parametrize("given", ["many", "1/0", "1e999999999", "9" * 5000])
def test_words_are_compared_as_words_and_are_not_larger_or_smaller_than_numbers(given):
    for operator, asked in ((">", False), ("=", False), ("!=", True)):
        when = [{"question": "a", "operator": operator, "answerInteger": 3}]
        text = {"linkId": "a", "type": "text", "text": "What?"}
        questions, scoring = pair(text, {**choice("b", 0, 1), "enableWhen": when}, score_to=1)
        definition = built("mine", questions, scoring)
        assert applies(definition, definition.items[1], {"a": given}) is asked


def test_a_decimal_is_read_and_a_text_is_never_scored():
    decimal = {**integer("a", 0, 9), "type": "decimal"}
    questions, scoring = pair(decimal, {"linkId": "b", "type": "text", "text": "Why?"})
    definition = built("mine", questions, {**scoring, "score_to": 9})
    found = score(definition, {"a": "2.5", "b": "3"})
    assert (found.value, found.items, found.answered) == (2.5, 1, 1)
    with pytest.raises(AnswerError, match="'2,5' is not a number"):
        score(definition, {"a": "2,5"})


def test_a_sum_of_subscales_adds_their_sums_and_needs_them_all():
    subscales = [
        {"code": "one", "words": {"en": "one"}, "items": ["a", "b"], "method": "sum",
         "missing": {"rule": "prorate", "minimum": 1, "source": "the manual"}, "from": 0, "to": 4},
        {"code": "two", "words": {"en": "two"}, "items": ["c"], "method": "sum",
         "missing": {"rule": "none"}, "from": 0, "to": 2},
    ]  # fmt: skip
    questions, scoring = pair(choice("a", 0, 2), choice("b", 0, 2), choice("c", 0, 2))
    scoring |= {"kind": "sum_of_subscales", "subscales": subscales, "score_to": 6}
    definition = built("mine", questions, scoring)
    whole = score(definition, {"a": "2", "b": "1", "c": "1"})
    assert (whole.value, whole.parts, whole.prorated) == (4, {"one": 3, "two": 1}, False)
    part = score(definition, {"a": "2", "c": "1"})
    assert (part.value, part.prorated) == (5, True)
    none = score(definition, {"a": "2"})
    assert (none.value, none.parts) == (None, {"one": 4, "two": None})
    assert "0 of 1 questions" in none.reason


def test_a_cut_off_may_lie_at_the_lower_end():
    questions, scoring = pair(choice("a", 0, 4), choice("b", 0, 4))
    scoring |= {"score_to": 8, "higher_is": "better"}
    scoring["cuts"] = [{"at_most": 3, "source": "the manual"}]
    definition = built("mine", questions, scoring)
    assert score(definition, {"a": "1", "b": "2"}).clinical is True
    assert score(definition, {"a": "2", "b": "2"}).clinical is False
    assert score(definition, {"a": "2"}).clinical is None
