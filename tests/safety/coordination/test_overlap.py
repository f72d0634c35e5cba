"""Words in a row that a text shares with partner material. Everything said here is invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casewall.safety.coordination.overlap import LEAST, as_written, shared_runs, words_of

KNOWN = "He said: “I don't sleep—the café’s NAÏVE keeper follows me home.” It is Søren's."


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("the CAFES naive keeper FOLLOWS", ("the CAFES naive keeper FOLLOWS",)),
        ("I dont sleep, the cafe's", ("I dont sleep the cafe's",)),
        ("Then it is: Sorens", ()),
        ("keeper follows me home it is sorens", ("keeper follows me home it is sorens",)),
        ("the naive café’s keeper follows", ()),
        ("the café’s naïve keeper ... walks", ()),
        ("", ()),
        ("the café’s naïve keeper", ()),
    ],
)
def test_case_accents_and_punctuation_are_folded_and_the_order_is_kept(
    text: str, shared: tuple[str, ...]
) -> None:
    assert shared_runs(text, [KNOWN]) == shared


def test_an_accent_written_apart_and_letters_without_one_are_the_same_words() -> None:
    assert words_of("Cafe\u0301 Søren ʼs Łódź æble بــيت") == words_of(
        "café Soren s Lodz aeble بيت"
    )
    assert as_written("½ ' x") == [("12", "½"), ("x", "x")]


def test_parts_that_touch_are_one_and_parts_apart_are_two() -> None:
    material = ["one two three four five six", "ten eleven twelve thirteen fourteen"]
    text = "One two three four five six, and ten eleven twelve thirteen fourteen."
    assert shared_runs(text, material) == (
        "One two three four five six",
        "ten eleven twelve thirteen fourteen",
    )


def test_words_of_two_texts_never_join() -> None:
    assert shared_runs("one two three four five", ["one two three", "four five"]) == ()


WORD = st.text("abcdæøåéĐßبت", min_size=1, max_size=3)
WORDS = st.lists(WORD, min_size=0, max_size=12)
MARKS = st.sampled_from([" ", ", ", " – ", "… ", "\n", " (", "\u200b "])


def _longest_in_common(one: list[str], other: list[str]) -> int:
    """Slow and obvious: the longest row of words that stands in both."""
    best = 0
    for start in range(len(one)):
        for stop in range(start + 1, len(one) + 1):
            row = one[start:stop]
            if any(other[at : at + len(row)] == row for at in range(len(other))):
                best = max(best, stop - start)
    return best


@given(before=WORDS, shared=st.lists(WORD, min_size=5, max_size=9), after=WORDS, mark=MARKS)
def test_five_words_in_a_row_are_always_found(
    before: list[str], shared: list[str], after: list[str], mark: str
) -> None:
    material = " ".join(["zz", *shared, "zz"])
    text = mark.join([*before, *(word.upper() for word in shared), *after])
    assert shared_runs(text, [material])


@given(text=st.lists(WORD, max_size=14), material=st.lists(WORD, max_size=14))
@example(text=["a"] * 5, material=["a"] * 5)
@example(text=["a"] * 5, material=["a"] * 4)
def test_a_text_is_stopped_exactly_where_five_words_in_a_row_are_shared(
    text: list[str], material: list[str]
) -> None:
    stopped = shared_runs(" ".join(text), [" ".join(material)]) != ()
    folded = [word for one in text for word in words_of(one)]
    known = [word for one in material for word in words_of(one)]
    assert stopped is (_longest_in_common(folded, known) >= LEAST)


@given(st.text(max_size=200))
def test_any_text_at_all_is_read_and_written_words_fold_to_the_folded_ones(text: str) -> None:
    assert [folded for folded, _ in as_written(text)] == words_of(text)


def test_much_material_takes_no_noticeable_time() -> None:
    material = " ".join(f"word{number % 977}" for number in range(26_000))
    assert len(material) > 190_000
    began = time.process_time()
    assert shared_runs("word3 word4 word5 word6 word7 and nothing else", [material])
    assert time.process_time() - began < 1
