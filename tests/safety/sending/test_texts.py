"""Nothing that a message holds tells who we are (V2)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from casewall.safety.sending.actions import Outgoing
from casewall.safety.sending.adapters import calendar_entry, email_of
from casewall.safety.sending.letters import letter_pdf
from casewall.safety.sending.rules import Act
from casewall.safety.sending.texts import (
    ENTRY_FILE,
    LANGUAGES,
    LETTER_FILE,
    TEMPLATES,
    WITHOUT_NUMBER,
    is_number,
    rendered,
    revealing,
    revealing_words,
    texts_in,
)
from casewall.services.load import shipped

NUMBER = "+45 22 33 44 55"
OWN = [name for service in shipped().values()
       for name in (service.name, *(agency.name for agency in service.agencies))]
EVERY = [(template, language, call_as) for template in TEMPLATES for language in LANGUAGES
         for call_as in ("", "Kim")]
FROM = "Kim <kim@example.invalid>"


def outgoing(act: Act, template: str, language: str, call_as: str, code_word: str = "") -> Outgoing:
    words = rendered(template, language, number=NUMBER, call_as=call_as, code_word=code_word)
    return Outgoing(uuid4(), act, "opdigtet@example.invalid", words,
                    datetime(2036, 3, 11, 9, tzinfo=UTC), "")


@pytest.mark.parametrize(("template", "language", "call_as"), EVERY)
def test_no_text_holds_a_revealing_word_or_a_link(
    template: str, language: str, call_as: str
) -> None:
    made = rendered(template, language, number=NUMBER, call_as=call_as)
    for text in (made.subject, made.entry, made.body, texts_in(language).letter_greeting):
        assert revealing(text, OWN) is None
        assert not re.search(r"http|www|[/@<>{}]", text)
    assert (NUMBER in made.body) is (template not in WITHOUT_NUMBER)
    assert (call_as in made.body) if call_as else "Kim" not in made.body


@pytest.mark.parametrize(("template", "language", "call_as"), EVERY)
def test_an_e_mail_and_its_calendar_entry_tell_nothing_in_any_header(
    template: str, language: str, call_as: str
) -> None:
    sent = email_of(outgoing(Act.CALENDAR, template, language, call_as), FROM).message()
    headers = " ".join(f"{name}: {value}" for name, value in sent.items())
    assert revealing(re.sub(r"Content-\S+|MIME\S+", "", headers), OWN) is None
    assert sent["Message-ID"].endswith("@example.invalid>")
    parts = list(sent.walk())
    assert [part.get_filename() for part in parts if part.get_filename()] == [ENTRY_FILE]
    for part in parts[1:]:
        assert revealing(part.get_payload(decode=True).decode(), OWN) is None


def test_file_names_tell_nothing() -> None:
    assert [revealing(name, OWN) for name in (LETTER_FILE, ENTRY_FILE)] == [None, None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_neutral_and_holds_the_address_in_its_window_only(language: str) -> None:
    words = rendered("please_call", language, number=NUMBER, call_as="Kim", code_word="solsort")
    going = Outgoing(uuid4(), Act.LETTER, "Opdigtet Vej 1\n9999 Opdigtet", words, None,
                     "Opdigtet Sørensen")
    made = PdfReader(BytesIO(letter_pdf(
        going, language=language, signed="Kim", on=datetime(2036, 3, 11, tzinfo=UTC).date())))
    text = "\n".join(page.extract_text() for page in made.pages)
    assert len(made.pages) == 1
    assert text.count("Opdigtet Vej 1") == 1
    assert "solsort" in text
    about = {key: str(value) for key, value in (made.metadata or {}).items()
             if key not in ("/Creator", "/Producer")}
    assert revealing(" ".join([text, *about.values()]), OWN) is None
    assert "/Author" not in about


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_word_is_the_first_thing_to_be_read(language: str) -> None:
    made = rendered("please_call", language, number=NUMBER, call_as="Kim", code_word="solsort")
    assert made.body.startswith("solsort\n")


def test_a_number_keeps_its_plus_in_front_in_a_text_from_right_to_left() -> None:
    assert f"\u200e{NUMBER}\u200e" in rendered("please_call", "ar", number=NUMBER).body


@pytest.mark.parametrize(("text", "word"), [
    ("Ring til krisecentret", "krisecentret"),
    ("Call the SHELTER", "shelter"),
    ("Lyngholm ringer", "lyngholm"),
    ("رسالة من المأوى", "مأوى"),
    ("Ring til Kim", None),
    ("Call your friend", None),
])
def test_a_revealing_word_is_found_in_any_case_and_ending(text: str, word: str | None) -> None:
    assert revealing(text, ["Lyngholm Shelter (invented)"]) == word


def test_every_word_of_the_list_is_found_alone() -> None:
    for words in revealing_words().values():
        assert len(words) > 15
        assert all(revealing(f"x {word}") for word in words)


def test_texts_say_who_wrote_them_when_and_in_which_version() -> None:
    for language in LANGUAGES:
        texts = texts_in(language)
        assert (texts.language, texts.version) == (language, "1")
        assert texts.written_by
        assert texts.written_on.year >= 2026
    with pytest.raises(KeyError):
        texts_in("xx")


@pytest.mark.parametrize(("text", "answer"), [
    ("+45 22 33 44 55", True), ("22334455", True), ("ring 22334455", False), ("", False),
    ("+45 22 33 44 55 shelter", False), ("+", False), ("112", False),
])
def test_a_number_is_a_number_and_nothing_else(text: str, answer: bool) -> None:
    assert is_number(text) is answer


@given(st.text(max_size=30))
def test_a_text_that_passes_as_a_number_holds_no_letter(text: str) -> None:
    if is_number(text):
        assert set(text) <= set("+0123456789 ")


def test_a_calendar_entry_has_no_line_longer_than_the_standard_allows() -> None:
    entry = calendar_entry(
        outgoing(Act.CALENDAR, "please_call", "ar", "Et langt navn, med komma; og mere", "solsort"),
        datetime(2036, 3, 11, 9, tzinfo=UTC))
    assert all(len(line.encode()) <= 75 for line in entry.split("\r\n"))
    assert "ORGANIZER" not in entry
    assert "VALARM" not in entry
    whole = entry.replace("\r\n ", "")
    assert "DTSTART:20360311T090000Z" in whole
    assert "navn\\, med komma\\; og mere" in whole
