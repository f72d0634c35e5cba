"""The rules of the review, of what is found again in a partner's file, and of breaches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.programme.rights.flags import Persons, Sign
from casewall.safety.rights.purposes import purposes
from casewall.safety.rights.reply import Allowed, day_in_words, languages, told, wording
from casewall.safety.rights.rules import (
    Answer,
    Ground,
    Known,
    Origin,
    Questions,
    Review,
    Risk,
    Verdict,
    authority_due,
    breach_decision_fits,
    digits_of,
    extract_fits,
    hours_in_words,
    is_in_partner_file,
    may_batch,
    may_release,
    proposed,
    review_fits,
    settled,
    waits_for,
)

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
SIGNS: list[tuple[Sign, ...]] = [(), (Sign.RELATION,), (Sign.PARTNER_ORIGIN,)]
NOW = datetime(2036, 3, 4, 12, tzinfo=UTC)


def test_every_answer_to_the_three_questions_for_every_origin_and_sign() -> None:
    for origin, signs, answers, reason in product(
        Origin, SIGNS, product(Answer, repeat=3), ("", "because")
    ):
        questions = Questions(*answers)
        fits = bool(review_fits(origin, signs, questions, Verdict.INCLUDE, ground=None,
                                reason=reason))  # fmt: skip
        partners = origin is Origin.PARTNER_FILE or Sign.PARTNER_ORIGIN in signs
        if partners:
            carried = questions.consented is Answer.YES
        else:
            carried = not signs or Answer.YES in answers or questions.without is Answer.NOBODY
        assert fits is (carried and (not signs or bool(reason)))


def test_what_is_withheld_has_a_ground() -> None:
    no = Questions(Answer.NO, Answer.NO, Answer.NO)
    for ground in (None, *Ground):
        fits = review_fits(Origin.PROGRAMME, (), no, Verdict.WITHHOLD, ground=ground, reason="")
        assert bool(fits) is (ground is not None)


def test_a_sign_proposes_to_withhold() -> None:
    for origin, signs in product(Origin, SIGNS):
        plain = not signs and origin is not Origin.PARTNER_FILE
        assert proposed(origin, signs) is (Verdict.INCLUDE if plain else Verdict.WITHHOLD)
        assert may_batch(origin, signs, Verdict.INCLUDE) is plain
        partners = origin is Origin.PARTNER_FILE or Sign.PARTNER_ORIGIN in signs
        assert may_batch(origin, signs, Verdict.WITHHOLD) is partners
        assert not may_batch(origin, signs, Verdict.EXTRACT)


REVIEWS = st.lists(
    st.builds(Review, st.sampled_from([ONE, TWO, THREE]), st.sampled_from(list(Verdict)),
              st.sampled_from(["", "x"]), st.sampled_from(SIGNS)),
    max_size=6,
)  # fmt: skip


@given(REVIEWS, st.sampled_from(SIGNS))
def test_nothing_is_settled_without_two_people_who_agree(
        reviews: list[Review], signs: tuple[Sign, ...]) -> None:
    decided = settled(signs, reviews)
    if decided is not None:
        last = {one.worker: one for one in reviews}
        assert len(last) >= 2
        assert {(one.verdict, one.extract) for one in last.values()} == {
            (decided.verdict, decided.extract)
        }
        if decided.verdict is not Verdict.WITHHOLD:
            assert all(one.signs == signs for one in last.values())


def test_two_who_agree_settle_and_a_later_sign_asks_anew() -> None:
    both = [Review(ONE, Verdict.INCLUDE), Review(TWO, Verdict.INCLUDE)]
    assert settled((), both)
    assert settled((Sign.QUOTE,), both) is None
    assert settled((), both[:1]) is None
    assert settled((), [*both, Review(ONE, Verdict.WITHHOLD)]) is None
    out = [Review(ONE, Verdict.WITHHOLD), Review(TWO, Verdict.WITHHOLD)]
    assert settled((Sign.QUOTE,), out)


def test_the_reply_never_waits_for_a_partners_file() -> None:
    decided = Review(ONE, Verdict.WITHHOLD)
    for origin in Origin:
        assert waits_for(origin, None) is (origin is not Origin.PARTNER_FILE)
        assert not waits_for(origin, decided)
    day = date(2036, 3, 28)
    assert may_release(day, day, 0)
    assert not may_release(day - timedelta(days=1), day, 0)
    assert "1 record still waits" in may_release(day, day, 1).reason
    assert "2 records still wait" in may_release(day, day, 2).reason


def test_an_extract_adds_nothing_and_shows_nobody() -> None:
    record = "Mette rang. The plan was kept and the diary filled in."
    nobody = Persons()
    assert extract_fits(record, "The plan was kept.", nobody)
    assert not extract_fits(record, " ", nobody)
    assert "promise" in extract_fits(record, "The promise was kept.", nobody).reason
    assert "maybe name" in extract_fits(record, "The plan: Mette.", nobody).reason


@pytest.mark.parametrize(("text", "found"), [
    ("hos Mette i går", True), ("mettes bil", True), ("ring 22 33 44 55", True),
    ("ring 0045-2233-4455 nu", True), ("x@example.invalid", True), ("ved Nyvej 4 i aftes", True),
    ("Kept the plan in week 12.", False), ("12 34 56 78", False), ("", False),
])
def test_what_a_linked_file_holds_is_found_again(text: str, found: bool) -> None:
    known = Known(frozenset({"mette"}), frozenset({"334455"}),
                  frozenset({"x@example.invalid", "nyvej 4"}))
    assert is_in_partner_file(text, known) is found
    assert not is_in_partner_file(text, Known())


def test_endings_of_numbers() -> None:
    assert digits_of("+45 22 33 44 55") == "334455"
    assert digits_of("12345") == digits_of(None) == ""


def test_the_72_hours_to_the_hour() -> None:
    assert authority_due(NOW) - NOW == timedelta(hours=72)
    for hours, words in ((0, "72 hours left"), (71, "1 hour left"), (72, "0 hours left"),
                         (73, "1 hour late"), (80, "8 hours late")):
        assert hours_in_words(NOW, NOW + timedelta(hours=hours)) == words


def test_a_risk_is_told_to_the_authority_and_a_high_one_to_the_people() -> None:
    for risk, authority, people, reason in product(Risk, (True, False), (True, False),
                                                   ("", "because")):
        fits = bool(breach_decision_fits(risk, authority, people, reason))
        assert fits is (
            bool(reason) and risk is not Risk.NOT_YET
            and (authority or risk is Risk.UNLIKELY)
            and (people or risk is not Risk.HIGH)
        )


def test_the_reply_has_the_same_words_around_whatever_it_holds() -> None:
    given = {"name": "Anders Opdigtet", "received_on": date(2036, 3, 4),
             "release_on": date(2036, 3, 28)}  # fmt: skip
    some = [Allowed("2036-03-04", "A note", '{"facts": [["Kind", "meeting"]], "texts": []}'),
            Allowed("", "A note", "", "Kept the plan."),
            Allowed("2036-03-05", "Empty", '{"facts": [], "texts": []}')]  # fmt: skip
    for language in (*languages(), "ar"):
        empty, full = (told(records, language=language, **given) for records in ([], some))
        words = wording(language)
        assert empty.blocks[:-1] == full.blocks[: len(empty.blocks) - 1]
        assert words["nothing"] in empty.text()
        assert words["standing"] in full.text()
        assert words["nothing"] not in full.text()
        assert all(line in empty.text() for line in words["recipients"])
        assert told(some[::-1], language=language, **given) == full
    assert set(wording("en")) == set(wording("da"))
    assert wording("ar") == wording("en")
    assert day_in_words(date(2036, 3, 4), "da") == "4. marts 2036"
    assert "Kept the plan." in full.text()
    assert str(uuid4()) not in full.text()


def test_every_purpose_has_a_basis_and_a_condition() -> None:
    register = purposes()
    assert len({one.code for one in register}) == len(register) >= 8
    assert all(one.basis and one.condition and one.whose for one in register)
