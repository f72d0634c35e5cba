"""Pages of questions and the words round them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.frontdoor.questions import rules
from casewall.frontdoor.questions.texts import languages, texts_in
from casewall.measures.definitions import load

SAFETY = load("safety")
CODES = ["0", "1", "2", "3", "4", "prefer-not-to-say"]


@given(st.dictionaries(st.sampled_from([*SAFETY.link_ids, "other"]), st.sampled_from(
    [*CODES, "skip", "", "9"])))
def test_a_page_never_forces_and_never_invents_an_answer(sent: dict[str, str]) -> None:
    page = rules.filled(SAFETY, sent)
    assert set(page.answers) == set(SAFETY.link_ids)
    for name in SAFETY.link_ids:
        code = sent.get(name, "")
        assert page.answers[name] == (code if code in CODES else None)
        assert (name in page.wrong) == (code == "9")


def test_prefer_not_to_say_is_an_answer_and_a_skipped_question_is_none() -> None:
    page = rules.filled(SAFETY, {"safety-1": "prefer-not-to-say", "safety-2": "skip"})
    assert (page.answers["safety-1"], page.answers["safety-2"]) == ("prefer-not-to-say", None)
    first, second, *_ = rules.questions(SAFETY, "en", "Skip", page)
    assert [c.code for c in first.choices if c.chosen] == ["prefer-not-to-say"]
    assert [c.text for c in second.choices if c.chosen] == ["Skip"]


def test_a_fresh_page_has_nothing_chosen() -> None:
    for question in rules.questions(SAFETY, "da", "Spring over"):
        assert not any(choice.chosen for choice in question.choices)
        assert not question.wrong


@given(st.dictionaries(st.sampled_from(SAFETY.link_ids), st.sampled_from([*CODES, None])))
def test_what_is_told_is_exactly_what_alerts(answers: dict[str, str | None]) -> None:
    told = rules.dangers(SAFETY, "ar", answers)
    high = [n for n in ("safety-3", "safety-4") if answers.get(n) in ("3", "4")]
    texts = {item.link_id: item.texts["ar"] for item in SAFETY.items}
    assert [question for question, _ in told] == [texts[name] for name in high]


def test_a_form_is_its_measures_in_order() -> None:
    assert rules.measures_of("safety+freedom") == ("safety", "freedom")
    assert [rules.minutes_for(pages) for pages in (1, 3)] == [3, 5]


def test_what_is_sealed_names_nobody() -> None:
    told = rules.content(slot="s", page=1, answers={"safety-1": None}, answered_at="2026-03-01")
    assert told == {"asked": {"slot": "s", "page": 1, "answers": {"safety-1": None},
                              "answered_at": "2026-03-01"}}


# --- words ----------------------------------------------------------------------------------------


def test_every_language_of_the_measures_has_the_words_round_them() -> None:
    assert set(languages()) == set(SAFETY.languages) == {"en", "da", "ar"}
    with pytest.raises(KeyError):
        texts_in("xx")


@pytest.mark.parametrize("language", languages())
def test_every_language_has_all_words_and_says_whose_they_are(language: str) -> None:
    english, texts = texts_in("en"), texts_in(language)
    assert list(texts.words) == list(english.words)
    assert len(texts.words["safety_points"]) == len(english.words["safety_points"])
    assert texts.language == language
    assert texts.direction == ("rtl" if language == "ar" else "ltr")
    assert texts.translator.startswith("Casewall")
    assert (texts.version, texts.dated.year, texts.validated) == ("1.0.0", 2026, False)
    for key, word in texts.words.items():
        pattern = r"\{(\w+)\}"
        assert re.findall(pattern, str(word)) == re.findall(pattern, str(english.words[key])), key


@pytest.mark.parametrize("language", ["en", "da"])
def test_the_words_assume_nobodys_sex(language: str) -> None:
    for word in texts_in(language).words.values():
        found = set(re.findall(r"\w+", str(word).lower()))
        assert not found & {"he", "she", "his", "her", "him", "han", "hun", "hans", "hendes"}
