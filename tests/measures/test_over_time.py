"""One person's answers over the time points, in words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from casewall.measures.definitions import load
from casewall.measures.over_time import (
    Verdict,
    change_words,
    kept_of,
    number,
    parts_in_words,
    score_words,
    time_rows,
    title_of,
    verdict,
)
from casewall.measures.schedule import (
    Appointment,
    Asked,
    Kept,
    State,
    Wave,
    expected,
)

DAY = date(2036, 3, 3)


@dataclass
class Row:
    """A stored answer, as either side has it."""

    wave: str
    measure: str = "phq-9"
    answered_on: date | None = DAY
    score: float | None = None
    parts: dict[str, float | None] = field(default_factory=dict)
    band: str = ""
    answered_items: int = 9
    items: int = 9
    not_answered: str = ""


def test_a_score_stands_with_the_number_of_answers_that_it_rests_on() -> None:
    phq = load("phq-9")
    assert score_words(phq, Row("before", score=12.0)) == "12 of 27 (9 of 9 answered)"
    assert score_words(phq, Row("before", answered_items=3)) == (
        "No score: 3 of 9 questions answered"
    )
    used = score_words(load("abuse-used"), Row("before", answered_items=4, items=20))
    assert used == "4 of 20 answered; this measure has no total"
    assert number(None) == "?"


def test_every_time_of_the_schedule_stands_and_so_does_what_was_answered_outside_it() -> None:
    phq = load("phq-9")
    asked = Asked(
        "phq-9",
        (Appointment(Wave.BEFORE, "began", 0, 10), Appointment(Wave.AFTER, "ended", 0, 10)),
    )
    late = DAY + timedelta(days=30)
    band = phq.scorer.bands[0].code
    rows = [
        Row("before", answered_on=late, score=2.0, band=band),
        Row("middle", answered_on=None, not_answered="not_asked"),
        Row("follow_up", score=3.0),
    ]
    every = expected(asked, {"began": DAY}, kept_of(rows), late)
    shown = time_rows(phq, every, rows, {"not_asked": "Not asked"})
    assert [(one.wave, one.state) for one in shown] == [
        (Wave.BEFORE, State.ANSWERED),
        (Wave.MIDDLE, State.SILENT),
        (Wave.AFTER, State.NOT_DUE),
        (Wave.FOLLOW_UP, State.ANSWERED),
    ]
    assert shown[0].note == "answered after the window"
    assert shown[0].band == phq.scorer.bands[0].texts["en"]
    assert shown[0].due == "3 March 2036, by 13 March 2036"
    assert (shown[1].said, shown[1].due) == ("Not asked", "not in the schedule")
    assert (shown[2].said, shown[2].due) == ("", "no day yet")
    declined = replace(every[1], state=State.SILENT, reason="declined")
    silent = time_rows(phq, [declined], [], {"declined": "Declined contact"})
    assert (silent[0].said, silent[0].state) == ("Declined contact", State.SILENT)
    assert kept_of(rows)[Wave.MIDDLE] == Kept(None, "not_asked")


def test_parts_are_named_and_one_without_enough_answers_has_no_figure() -> None:
    found = parts_in_words(load("abuse-used"), {"abuse-used.control": 40.0, "violence": None})
    assert found == (("control", "40"), ("violence", "no figure"))


@pytest.mark.parametrize(
    ("first", "last", "higher_is", "said"),
    [
        (10, 14, "better", Verdict.WITHIN_NOISE),
        (10, 15, "better", Verdict.BETTER),
        (15, 10, "better", Verdict.WORSE),
        (15, 10, "worse", Verdict.BETTER),
        (10, 15, "worse", Verdict.WORSE),
    ],
)
def test_a_change_counts_from_the_least_reliable_one_on(
    first: float, last: float, higher_is: str, said: Verdict
) -> None:
    assert verdict(first, last, 5, higher_is) is said


def changes(measure: str, first: float, last: float) -> str:
    rows = [Row("after", score=last), Row("before", score=first), Row("middle")]
    return " ".join(change_words(load(measure), rows))


def test_a_change_is_said_with_the_parameters_that_it_is_judged_by() -> None:
    core = changes("core-10", 25, 10)
    assert "From “Before” to “After” the score went from 25 to 10 (−15)." in core
    assert "for the better" in core
    assert "A change does not say what caused it." in core
    change = load("core-10").change
    assert change is not None
    assert change.source.rstrip(".") in core
    assert "may be chance" in changes("core-10", 25, 25)
    assert "(±0)" in changes("core-10", 25, 25)


def test_a_change_with_a_published_threshold_names_it_and_else_the_arithmetic() -> None:
    said = {name: changes(name, 3, 9) for name in ("phq-9", "gad-7", "core-10", "quality-of-life")}
    for name, words in said.items():
        change = load(name).change
        if change is None:
            assert "no published parameters" in words
        elif change.sd is not None:
            assert "√2" in words
        else:
            assert "published threshold" in words
    assert "no published parameters" in said["quality-of-life"]
    assert "(+6)" in said["quality-of-life"]


def test_one_score_is_no_change() -> None:
    assert change_words(load("phq-9"), [Row("before", score=3.0), Row("after")]) == ()


def test_a_title_is_given_in_a_language_or_in_the_first_one() -> None:
    assert title_of(load("safety"), "da") == "Tryghed"
    assert title_of(load("phq-9"), "da") == load("phq-9").titles["en"]
