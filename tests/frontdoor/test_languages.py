"""The public forms in Danish and Arabic: chosen by a link, without a cookie, with no word left."""

from __future__ import annotations

import gettext
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from casewall.frontdoor import rules
from casewall.frontdoor.views import LANGUAGES, PAGES, address
from tests.people import Staff

LOCALE = Path(rules.__file__).parent / "locale"
OTHERS = sorted(set(LANGUAGES) - {"en"})
FORMS = ("yourself", "work", "message")
SAME_EVERYWHERE = {*LANGUAGES.values(), "112", "–", "."}
"""What is not translated: the languages' own names, numbers."""


def catalogue(language: str) -> dict[str, str]:
    """The words of a language as they are written down, by the English ones."""
    text = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', text, re.MULTILINE)
    return {one.replace('\\"', '"'): other.replace('\\"', '"') for one, other in pairs}


def words_of(page: str) -> list[str]:
    """The pieces of text that are read on a page, the title and labels for ears among them."""
    page = re.sub(r"<!--.*?-->|<(script|style)\b.*?</\1>", "", page, flags=re.S)
    spoken = re.findall(r'(?:aria-label|placeholder)="([^"]+)"', page)
    pieces = re.split(r"<[^>]+>", page)
    return [text for text in (" ".join(unescape(one).split()) for one in [*pieces, *spoken])
            if re.search(r"[^\W\d_]", text)]


def left_in_english(door: Client, page: str, language: str, posted: dict[str, str] | None = None
                    ) -> set[str]:
    """The pieces of text that a page has in English too."""
    shown = []
    for code in ("en", language):
        where = address(page, code)
        answer = door.get(where) if posted is None else door.post(where, posted)
        assert answer.status_code == (200 if posted is None else 422)
        shown.append(set(words_of(answer.content.decode())))
    typed = set((posted or {}).values())
    return (shown[0] & shown[1]) - SAME_EVERYWHERE - typed


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_is_written_down_and_the_compiled_file_holds_it(language: str) -> None:
    written = catalogue(language)
    assert written.keys() == catalogue("da").keys()
    assert len(written) > 100
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for english, other in written.items():
        assert compiled.gettext(english) == other != ""
        assert sorted(re.findall(r"%\(\w+\)[ds]|\{\w+\}", english)) == sorted(
            re.findall(r"%\(\w+\)[ds]|\{\w+\}", other)), english


def test_every_choice_of_the_forms_has_its_words() -> None:
    choices = [*rules.SEXES.values(), *rules.ANSWERS.values(), *rules.RELATIONS.values(),
               *rules.ROUTES.values(), rules.CLIENT_TEXT_LABEL]
    assert set(choices) <= catalogue("da").keys()


def test_the_danish_words_assume_nobodys_sex() -> None:
    for word in catalogue("da").values():
        assert not set(re.findall(r"\w+", word.lower())) & {"han", "hun", "hans", "hendes", "ham"}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("page", PAGES)
def test_no_english_is_left_on_a_page(door: Client, page: str, language: str) -> None:
    assert left_in_english(door, page, language) == set()


WRONG: dict[str, list[dict[str, str]]] = {
    "yourself": [{}, {"given_name": "...", "phone": "12", "email": "x", "born_on_day": "31",
                      "born_on_month": "2", "born_on_year": "1985"},
                 {"given_name": "A" * 201, "born_on_day": "1", "born_on_month": "13",
                  "born_on_year": "1985", "sex": "nothing"},
                 {"given_name": "A", "born_on_day": "x", "born_on_month": "1",
                  "born_on_year": "1985"},
                 {"given_name": "A", "born_on_day": "1", "born_on_year": "85"},
                 {"given_name": "A", "born_on_day": "1", "born_on_month": "1",
                  "born_on_year": "2190"},
                 {"given_name": "A", "born_on_day": "1", "born_on_month": "1",
                  "born_on_year": "1901"}],
    "work": [{}, {"referrer_agency": "A", "referrer_name": "B", "route": "police",
                  "children_count": "99", "client_phone": "4"},
             {"referrer_agency": "A", "referrer_name": "B", "route": "police"},
             {"referrer_agency": "A", "referrer_name": "B", "route": "nowhere",
              "children_count": "-1"},
             {"children_count": "x", "client_phone": "+45 20 00 00 01"},
             {"referrer_agency": "A", "referrer_name": "B", "route": "police",
              **{f"{who}_{key}": value for who in ("client", "partner") for key, value in
                 (("given_name", "Ida"), ("born_on_day", "1"), ("born_on_month", "2"),
                  ("born_on_year", "1985"))}}],
    "message": [{}, {"sender_name": "-", "sender_email": "x", "reference": "zz", "text": "T"},
                {"reference": "0" * 41}],
}
"""Forms that go wrong in every way, page by page."""


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("page", FORMS)
def test_no_english_is_left_in_what_goes_wrong(door: Client, page: str, language: str) -> None:
    for posted in WRONG[page]:
        assert left_in_english(door, page, language, posted) == set(), posted


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_its_language_and_leads_to_the_others(door: Client, page: str, language: str
                                                          ) -> None:
    answer = door.get(address(page, language))
    text = answer.content.decode()
    assert f'lang="{"en-gb" if language == "en" else language}"' in text
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in text.split("<head>")[0]
    assert ("casewall.rtl.css" in text) is (language == "ar")
    for code in set(LANGUAGES) - {language}:
        assert f'href="{address(page, code)}" lang="{code}"' in text
    assert not answer.cookies
    # Whatever leads on stays in the language.
    own = re.findall(r'<a class="govuk-link" href="(/[^"]*)">', text)
    prefix = "/" if language == "en" else f"/{language}/"
    assert all(link.startswith(prefix) for link in own)


def test_the_address_alone_says_the_language(door: Client) -> None:
    assert [address("work", code) for code in LANGUAGES] == ["/work/", "/da/work/", "/ar/work/"]
    door.get("/ar/")
    danish = door.get("/da/", headers={"Accept-Language": "ar"}).content.decode()
    assert "Hvad vil du gerne?" in danish
    assert "What would you like to do?" in door.get("/").content.decode()
    assert door.get("/de/").status_code == 404


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_sent_in_a_language_is_received_in_it_and_alike_for_everyone(
        door: Client, self_form: dict[str, Any], work_form: dict[str, Any], language: str,
        staff: Staff) -> None:
    answers = [door.post(address("yourself", language), self_form),
               door.post(address("work", language), work_form),
               door.post(address("yourself", language), self_form)]
    assert {(one.status_code, one.content, one.headers["Location"]) for one in answers} == {
        (302, b"", f"/{language}/received/")}
    assert all(not one.cookies for one in answers)


@pytest.mark.parametrize("language", OTHERS)
def test_what_was_typed_stands_there_again(door: Client, self_form: dict[str, Any], language: str
                                           ) -> None:
    answer = door.post(address("yourself", language), {**self_form, "given_name": ""})
    assert answer.status_code == 422
    for value in (self_form["phone"], self_form["text"], self_form["form_id"]):
        assert value in unescape(answer.content.decode())
