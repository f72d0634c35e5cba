"""Phrases that blame a victim or shame a client are found as written, and never block a form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from casewall.pages.wording import WHO, PointedOut, WordingForm, lists, pointed_out


def phrases() -> Iterator[tuple[str, str]]:
    """Every phrase of every list, as somebody would write it."""
    for language, one in lists().items():
        for entry in one["entries"]:
            for phrase in entry["phrases"]:
                who = one["who"] if WHO in phrase else [""]
                for name in who:
                    yield language, phrase.replace(WHO, name).removesuffix("*")


EVERY = sorted(set(phrases()))


def found(text: str, language: str = "") -> list[str]:
    return [one.phrase for one in pointed_out(text, language)]


@pytest.mark.parametrize("language", sorted(lists()))
def test_every_phrase_of_a_list_is_found_in_a_sentence(language: str) -> None:
    assert sorted(lists()) == ["da", "en"]
    for phrase in (phrase for of, phrase in EVERY if of == language):
        (one,) = pointed_out(f"Talt om i dag: {phrase.upper()}, said again.", language)
        assert one.phrase == phrase.upper()
        assert one.why
        assert one.instead


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("The worker said that she provoked him.", ["she provoked"]),
        ("SHE\n  provoked, he says", ["SHE provoked"]),
        ("The client claims that it was an accident.", ["The client claims"]),
        ("Et voldeligt forhold; hun provokerede.", ["voldeligt forhold", "hun provokerede"]),
        ("She provoked. Later: she PROVOKED.", ["She provoked"]),
        ("He won’t engage, and she overreacted.", ["won’t engage", "overreacted"]),
        ("He hit her with the flat hand; she fell and feared for her life.", []),
        ("The insurance claims were sent.", []),
        ("She provokedly", []),
        ("provoked", []),
        ("Overreaching", []),
        ("he", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_pointed_out(text: str, phrases: list[str]) -> None:
    assert found(text) == phrases


def test_a_language_looks_at_its_own_list_and_an_unknown_one_at_all() -> None:
    text = "She provoked; hun provokerede."
    assert found(text, "en") == ["She provoked"]
    assert found(text, "da") == ["hun provokerede"]
    assert found(text, "ar") == found(text) == ["She provoked", "hun provokerede"]


@given(text=st.text(max_size=200), phrase=st.sampled_from(EVERY), after=st.text(max_size=50))
def test_what_is_found_stands_in_the_text_whatever_else_is_in_it(
    text: str, phrase: tuple[str, str], after: str
) -> None:
    whole = f"{text} | {phrase[1]} | {after}"
    plain = " ".join(whole.split())
    shown = found(whole)
    assert shown
    assert all(one in plain for one in shown)
    assert len({one.casefold() for one in shown}) == len(shown)


@given(case=st.lists(st.booleans(), min_size=11, max_size=11))
def test_capitals_make_no_difference(case: list[bool]) -> None:
    mixed = "".join(c.upper() if up else c for c, up in zip("she claimed", case, strict=True))
    assert found(f"Today {mixed} it.") == [mixed]


class Noted(WordingForm):
    """A form of this test."""

    watched = ("text", "more")
    text = forms.CharField()
    more = forms.CharField(required=False)


def sent(**typed: str) -> Noted:
    data = QueryDict(mutable=True)
    data.update(typed)
    form = Noted(data)
    assert form.is_valid()
    return form


def test_a_form_asks_once_and_then_saves() -> None:
    first = sent(text="She provoked him.", more="He lost control")
    assert first.asks_about_wording()
    assert [one.phrase for one in first.wording] == ["She provoked", "lost control"]
    assert first["text"].value() == "She provoked him."
    seen = str(first["seen_wording"].value())
    again = sent(text="She provoked him.", more="He lost control", seen_wording=seen)
    assert not again.asks_about_wording()
    assert again.wording == []
    fewer = sent(text="She provoked him.", seen_wording=seen)
    assert not fewer.asks_about_wording()


def test_a_new_phrase_is_pointed_out_as_well() -> None:
    seen = "she provoked"
    form = sent(text="She provoked him. She alleged it.", seen_wording=seen)
    assert form.asks_about_wording()
    assert str(form["seen_wording"].value()).split("|") == ["she provoked", "she alleged"]


def test_a_form_without_such_a_phrase_is_saved_at_once() -> None:
    assert not sent(text="He hit her.").asks_about_wording()


def test_the_boxes_say_to_the_script_that_they_are_watched_and_the_lists_are_whole() -> None:
    form = Noted()
    assert "data-casewall-wording" in str(form["text"])
    assert "data-casewall-wording" not in str(form["seen_wording"])
    assert json.loads(form.wording_lists()) == list(lists().values())


def test_a_list_holds_whole_words_and_says_each_thing_once() -> None:
    for one in lists().values():
        written = [phrase for entry in one["entries"] for phrase in entry["phrases"]]
        assert len(set(written)) == len(written)
        for phrase in written:
            assert re.fullmatch(r"(\{who\} )?[^\W\d_][\w' -]*\*?", phrase), phrase


def test_a_phrase_is_found_as_typed_with_reason_and_other_words() -> None:
    (one,) = pointed_out("Only a domestic dispute.", "en")
    assert one == PointedOut("domestic dispute", one.why, one.instead)
    assert "Write who did what to whom" in one.instead
