"""Signs of somebody else: every planted one is found, and what is purely own stays plain."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.programme.rights.flags import (
    SIGN_WORDS,
    Persons,
    Sign,
    Written,
    signs_of,
    words_of_names,
)
from casewall.safety.rights.rules import Origin, Verdict, proposed, settled
from tests.programme.rights.files import OTHERS, OWN, PLANTED, invented_files

FILES = 200


def test_two_hundred_files_with_planted_others(capsys: pytest.CaptureFixture[str]) -> None:
    planted = found = own = plain = released = 0
    for file in invented_files(FILES):
        persons = Persons(own=words_of_names([file.name]), sex="male")
        for record in file.records:
            signs = signs_of(Written(record.source, (record.text,)), persons)
            released += settled(signs, []) is not None
            if record.planted:
                planted, found = planted + 1, found + bool(signs)
                assert proposed(Origin.PROGRAMME, signs) is Verdict.WITHHOLD
            else:
                own, plain = own + 1, plain + (not signs)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{FILES} files: {found} of {planted} planted records flagged, {plain} of {own} "
            f"purely own records unflagged, {released} released by themselves\n"
        )
    assert found == planted > 1000
    assert plain / own >= 0.9
    assert released == 0


@pytest.mark.parametrize(("kind", "sign"), [
    ("relation", Sign.RELATION), ("pronoun", Sign.OTHER_PRONOUN), ("phone", Sign.CONTACT),
    ("mail", Sign.CONTACT), ("birth", Sign.DATE), ("quote", Sign.QUOTE), ("said", Sign.SAID),
    ("support", Sign.PARTNER_SUPPORT), ("initials", Sign.INITIALS), ("address", Sign.ADDRESS),
    ("group", Sign.RELATION), ("name", Sign.MAYBE_NAME),
])
def test_every_kind_has_its_own_sign(kind: str, sign: Sign) -> None:
    for sentence in PLANTED[kind]:
        text = sentence.format(o="Mette", l="mette")
        assert sign in signs_of(Written("worker", (text,)), Persons(sex="male")), text


def test_a_known_name_is_found_however_it_is_written() -> None:
    persons = Persons(named=words_of_names(["Mette Opdigtet"]))
    for text in ("mette kom", "METTE", "mettes cykel", "hos mette"):
        assert Sign.KNOWN_NAME in signs_of(Written("worker", (text,)), persons)
    assert Sign.KNOWN_NAME not in signs_of(Written("worker", ("metted",)), persons)


@pytest.mark.parametrize("text", [
    "Mette igen i dag.", "Louise's bike stood outside.", "Ali.", "Names: Mette.",
    "Kept it; Yasmin.",
    "Xelandra again.", "Xelandra.", "Mettes cykel.",
])
def test_a_name_is_found_at_the_beginning_of_a_sentence_too(text: str) -> None:
    assert Sign.MAYBE_NAME in signs_of(Written("worker", (text,)), Persons())
    plain = Persons(own=frozenset({"mette", "louise", "ali", "yasmin", "xelandra"}))
    assert Sign.MAYBE_NAME not in signs_of(Written("worker", (text,)), plain)


def test_who_said_it_is_a_sign_of_its_own() -> None:
    plain = ("Kept the plan.",)
    assert signs_of(Written("client", plain), Persons()) == ()
    assert signs_of(Written("police", plain), Persons()) == (Sign.OTHER_SOURCE,)
    for source in ("disclosure", "partner", "safety"):
        assert signs_of(Written(source, plain), Persons()) == (Sign.PARTNER_ORIGIN,)
    assert signs_of(Written("client", plain, about_others=True), Persons()) == (Sign.ABOUT_OTHERS,)


def test_the_person_who_asks_is_no_sign() -> None:
    persons = Persons(own=words_of_names(["Anders Opdigtet"]) | {"+45 22 33 44 55"}, sex="male")
    text = "Talked with Anders; Opdigtet's number is +45 22 33 44 55. He came by himself."
    assert signs_of(Written("worker", (text,)), persons) == ()
    assert Sign.CONTACT in signs_of(Written("worker", (text,)), Persons(sex="male"))


def test_words_that_name_no_person_are_given() -> None:
    text = "Went to the Vesterlo office."
    assert Sign.MAYBE_NAME in signs_of(Written("worker", (text,)), Persons())
    plain = Persons(plain=frozenset({"vesterlo"}))
    assert signs_of(Written("worker", (text,)), plain) == ()
    assert signs_of(Written("worker", ("Vesterlo is open.",)), plain) == ()
    assert Sign.MAYBE_NAME in signs_of(Written("worker", ("Yasmin is gone.",)), plain)


@pytest.mark.parametrize(("sex", "she", "he"), [
    ("male", True, False), ("female", False, True), ("unknown", True, True), ("other", True, True),
])
def test_a_pronoun_counts_unless_it_is_that_of_the_person(sex: str, she: bool, he: bool) -> None:
    for text, expected in (("Yes, she did.", she), ("Yes, he did.", he)):
        found = Sign.OTHER_PRONOUN in signs_of(Written("worker", (text,)), Persons(sex=sex))
        assert found is expected


def test_every_sign_has_words_and_short_words_name_nobody() -> None:
    assert set(SIGN_WORDS) == set(Sign)
    assert words_of_names(["Al Bo Cy", None, "Ida-Marie"]) == {"ida", "marie"}


@given(st.lists(st.sampled_from(OWN), max_size=4), st.sampled_from(OTHERS),
       st.sampled_from([s for sentences in PLANTED.values() for s in sentences]))
def test_what_stands_around_never_hides_a_sign(around: list[str], other: str, planted: str) -> None:
    sentence = planted.format(o=other, l=other.lower())
    alone = set(signs_of(Written("worker", (sentence,)), Persons(sex="male")))
    text = " ".join([*around, sentence])
    assert alone <= set(signs_of(Written("worker", (text,)), Persons(sex="male")))


@given(st.text(max_size=200), st.sampled_from(["worker", "police", "partner"]))
def test_any_text_is_looked_through_and_signs_come_in_order(text: str, source: str) -> None:
    signs = signs_of(Written(source, (text,)), Persons())
    assert list(signs) == [sign for sign in Sign if sign in signs]
