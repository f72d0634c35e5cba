"""Rules of marks: the two axes, minutes, reasons, who stands where two people changed the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from casewall.programme.groups.rules import (
    Line,
    Mark,
    Merge,
    SessionState,
    codes_for,
    may_catch_up,
    may_keep,
    merge,
    settled,
)
from casewall.programme.registers.rules import fingerprint, read_line, written
from casewall.services.load import shipped

LATE, EARLY, CAME = Mark.LATE, Mark.LEFT_EARLY, Mark.ATTENDED


@dataclass(frozen=True)
class Code:
    code: str
    attended: bool
    complied: bool


CODES = (Code("CAME", True, True), Code("SENT", True, False), Code("RUDE", True, False),
         Code("ILL", False, True), Code("WORK", False, True), Code("AWAY", False, False))


@pytest.mark.parametrize(("mark", "attended", "complied"), [
    (Mark.ATTENDED, True, True), (Mark.LATE, True, True), (Mark.LEFT_EARLY, True, True),
    (Mark.NOT_PARTICIPATING, True, False), (Mark.ABSENT_ACCEPTED, False, True),
    (Mark.ABSENT_NOT_ACCEPTED, False, False),
])
def test_attended_and_complied_are_two_axes(mark: Mark, attended: bool, complied: bool) -> None:
    assert Line(mark).axes == (attended, complied)


@pytest.mark.parametrize(("line", "planned", "kept"), [
    (Line(LATE), 120, Line(LATE, 10, 0)),
    (Line(EARLY), 120, Line(EARLY, 0, 10)),
    (Line(LATE), 15, Line(LATE, 7, 0)),
    (Line(LATE, 25), 120, Line(LATE, 25, 0)),
    (Line(LATE, 0), 120, Line(LATE, 0, 0)),
    (Line(LATE, None, 20), 120, Line(LATE, 10, 20)),
    (Line(EARLY, 5), 120, Line(EARLY, 5, 10)),
    (Line(CAME), 120, Line(CAME, 0, 0)),
    (Line(Mark.NOT_PARTICIPATING, 15), 120, Line(Mark.NOT_PARTICIPATING, 15, 0)),
])
def test_minutes_that_nobody_wrote_down_are_the_usual_ones(line: Line, planned: int, kept: Line
                                                           ) -> None:
    assert settled(line, planned) == kept


@pytest.mark.parametrize(("line", "reason"), [
    (Line(Mark.ABSENT_NOT_ACCEPTED), "AWAY"),
    (Line(Mark.ABSENT_ACCEPTED), ""),
    (Line(Mark.ABSENT_ACCEPTED, reason="ILL"), "ILL"),
    (Line(Mark.NOT_PARTICIPATING), ""),
    (Line(CAME), "CAME"),
])
def test_a_reason_that_can_only_be_one_needs_no_choosing(line: Line, reason: str) -> None:
    assert settled(line, 120, CODES).reason == reason
    assert settled(Line(line.mark), 120).reason == ""


def test_the_codes_of_a_mark_agree_with_both_axes() -> None:
    assert [code.code for code in codes_for(Mark.ABSENT_ACCEPTED, CODES)] == ["ILL", "WORK"]
    assert [code.code for code in codes_for(Mark.NOT_PARTICIPATING, CODES)] == ["SENT", "RUDE"]
    assert codes_for(CAME, ()) == []


def test_a_shipped_template_has_national_codes_for_every_mark() -> None:
    with_codes = [programme for service in shipped().values() for programme in service.programmes
                  if programme.attendance_codes]
    assert with_codes
    for programme in with_codes:
        assert len(programme.attendance_codes) == 19
        for mark in Mark:
            assert codes_for(mark, programme.attendance_codes), mark


@pytest.mark.parametrize(("state", "line", "sentence"), [
    (SessionState.CANCELLED, Line(CAME), "This session was cancelled, so nobody is absent"),
    (SessionState.PLANNED, Line(LATE, -1), "longer than the session, which took 120 minutes"),
    (SessionState.PLANNED, Line(EARLY, 0, -1), "longer than the session, which took 120 minutes"),
    (SessionState.HELD, Line(CAME, 5), "“late”, “left early” and “not participating” only"),
    (SessionState.HELD, Line(Mark.ABSENT_ACCEPTED, 0, 5), "“late”, “left early” and"),
    (SessionState.HELD, Line(LATE, 100, 21), "121 minutes missed are more than the session had"),
    (SessionState.HELD, Line(LATE, 60, 60), "missed all 120 minutes was absent"),
    (SessionState.HELD, Line(CAME, reason="NONE"), "“NONE” is not a reason of this programme."),
    (SessionState.HELD, Line(CAME, reason="AWAY"), "AWAY says “absent, not accepted”"),
    (SessionState.HELD, Line(Mark.ABSENT_NOT_ACCEPTED, reason="ILL"),
     "ILL says “absent, accepted”"),
    (SessionState.HELD, Line(Mark.ABSENT_ACCEPTED, reason="SENT"),
     "SENT says “attended, not accepted”"),
])
def test_a_line_that_makes_no_sense_is_refused(state: SessionState, line: Line, sentence: str
                                               ) -> None:
    decision = may_keep(state, line, 120, CODES)
    assert not decision
    assert sentence in decision.reason


@pytest.mark.parametrize("line", [
    Line(CAME), Line(LATE, 10, 20), Line(EARLY, None, 119), Line(Mark.NOT_PARTICIPATING, 30),
    Line(Mark.ABSENT_ACCEPTED, reason="ILL"), Line(Mark.NOT_PARTICIPATING, reason="RUDE"),
    Line(LATE, 5, reason="CAME"),
])
def test_a_line_that_fits_is_kept(line: Line) -> None:
    assert may_keep(SessionState.HELD, line, 120, CODES)


@pytest.mark.parametrize(("shown", "mine", "theirs", "verdict"), [
    (None, "a", None, Merge.MINE),        # nobody else was there
    ("a", "b", "a", Merge.MINE),          # only I changed it
    ("a", "a", "b", Merge.THEIRS),        # only they changed it
    ("a", "a", "a", Merge.THEIRS),        # nobody changed it
    ("a", "b", "b", Merge.THEIRS),        # both to the same
    (None, "b", "b", Merge.THEIRS),       # sent twice
    ("a", "b", "c", Merge.CLASH),         # both, differently
    (None, "b", "c", Merge.CLASH),        # both marked somebody new
])
def test_what_only_one_changed_is_kept(shown: object, mine: object, theirs: object, verdict: Merge
                                       ) -> None:
    assert merge(shown, mine, theirs) is verdict


@pytest.mark.parametrize(("on", "attended", "made_up", "sentence"), [
    (10, True, False, "nothing to make up"),
    (10, False, True, "made up for already"),
    (2, False, False, "The session of 3 March 2036 cannot be made up for before it was missed"),
    (3, False, False, ""),
])
def test_a_session_is_made_up_for_once_and_after_it_was_missed(
        on: int, attended: bool, made_up: bool, sentence: str) -> None:
    decision = may_catch_up(date(2036, 3, 3), date(2036, 3, on), attended, made_up)
    assert bool(decision) is not bool(sentence)
    assert sentence in decision.reason


@pytest.mark.parametrize("line", [None, Line(LATE, 10, 0), Line(EARLY, 0, 5, "A,B"),
                                  Line(CAME, 0, 0)])
def test_a_line_comes_back_from_its_hidden_box(line: Line | None) -> None:
    assert read_line(written(line)) == line


@pytest.mark.parametrize("text", ["", "danced,0,0,", "late", "late,x,0,", "late,0,-1,", "late,0"])
def test_a_hidden_box_with_rubbish_is_as_good_as_empty(text: str) -> None:
    assert read_line(text) is None


def test_a_fingerprint_tells_texts_apart_and_not_how_a_browser_ends_lines() -> None:
    assert fingerprint(("a\r\nb ", None, 3)) == fingerprint(("a\nb", "", "3"))
    assert len({fingerprint(values) for values in ((1, ""), ("", 1), ("1",), ("1 1",))}) == 4
