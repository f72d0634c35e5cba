"""What a draft holds, and what becomes of it when two tabs write the same one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casewall.drafts.rules import (
    OLDER_KEPT,
    Older,
    Written,
    is_within,
    length_of,
    only_named,
    pairs_of,
    written_over,
)

FIRST = "He said that he had slept badly since Tuesday."


def typed(text: str, tab: str = "a", turn: int = 1, at: str = "2036-03-04T12:00:00") -> Written:
    fields = (("form_id", tab), ("text", text))
    return Written("A note", "/cases/1/notes/new/", fields, at, ("form_id",), tab, turn)


def test_content_comes_back_as_it_was_stored() -> None:
    content = replace(typed("Text"), older=(Older("2036-03-04T11:00:00", (("text", "x"),)),))
    assert Written.from_json(content.as_json()) == content


@pytest.mark.parametrize(
    "wrong", ["text", {"a": "b"}, ["ab"], [["a"]], [["a", 1]], [["a", "b", 1]]]
)
def test_boxes_that_are_not_pairs_of_texts_are_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="box"):
        pairs_of(wrong)


def test_only_boxes_that_the_form_named_are_kept() -> None:
    sent = [("text", "x"), ("csrfmiddlewaretoken", "secret"), ("password", "secret")]
    assert only_named(sent, {"text"}) == (("text", "x"),)
    assert length_of((("text", "four"), ("a", ""))) == 9


def test_a_first_save_is_the_draft() -> None:
    assert written_over(None, typed("x"), seen=True) == typed("x")


def test_a_later_turn_of_the_same_tab_replaces_the_text() -> None:
    after = written_over(typed("old"), typed("new", turn=2), seen=False)
    assert after == typed("new", turn=2)


@pytest.mark.parametrize("turn", [1, 2])
def test_a_turn_that_arrives_late_changes_nothing(turn: int) -> None:
    assert written_over(typed("new", turn=2), typed("old", turn=turn), seen=True) is None


def test_a_tab_that_saw_the_text_goes_on_with_it() -> None:
    after = written_over(typed(FIRST), typed("Something else", tab="b"), seen=True)
    assert after is not None
    assert after.older == ()


def test_a_text_that_another_tab_did_not_see_is_kept_beside_the_newer_one() -> None:
    after = written_over(typed(FIRST), typed("Something else", tab="b"), seen=False)
    assert after is not None
    assert after.fields[1] == ("text", "Something else")
    assert after.older == (Older("2036-03-04T12:00:00", typed(FIRST).fields),)


def test_two_tabs_that_write_in_turns_keep_one_text_of_each() -> None:
    stored = typed(FIRST)
    for turn in range(1, 6):
        other = typed("Something else entirely, " + "and more " * turn, tab="b", turn=turn)
        stored = written_over(stored, other, seen=False) or stored
        mine = typed(FIRST + " More." * turn, turn=turn + 1)
        stored = written_over(stored, mine, seen=False) or stored
    assert [dict(one.fields)["text"][:9] for one in stored.older] == ["Something"]
    assert dict(stored.fields)["text"].startswith(FIRST)


def test_no_more_than_a_few_older_texts_are_kept() -> None:
    stored = typed("zero")
    for number in range(OLDER_KEPT + 3):
        new = typed(f"other {number}", tab=f"tab {number}")
        stored = written_over(stored, new, seen=False) or stored
    assert len(stored.older) == OLDER_KEPT
    assert dict(stored.older[0].fields)["text"] == f"other {OLDER_KEPT + 1}"


@pytest.mark.parametrize(
    ("older", "newer", "within"),
    [
        ((("text", ""),), (), True),
        ((("text", "short"),), (("text", "short"),), True),
        ((("day", "1"),), (("day", "12"),), False),
        ((("text", FIRST + " "),), (("text", "Before. " + FIRST + " After."),), True),
        ((("text", FIRST),), (("text", FIRST[:-2]),), False),
        ((("text", FIRST),), (("other", FIRST),), False),
        ((("form_id", "1"), ("text", "a")), (("form_id", "2"), ("text", "a")), True),
    ],
)
def test_an_older_text_is_within_a_newer_one(older: object, newer: object, within: bool) -> None:
    assert is_within(older, newer, ["form_id"]) is within  # type: ignore[arg-type]
