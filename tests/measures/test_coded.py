"""Codes that figures count one by one, and nothing that anybody wrote in words."""

from __future__ import annotations

from casewall.measures.definitions import load
from casewall.measures.scoring import NOT_ASKED, coded


def test_only_measures_that_figures_count_leave_codes() -> None:
    assert coded(load("phq-9"), {"phq-9-1": "1"}) == {}
    answers = {"feedback-partner-safer": "yes", "feedback-partner-supported": "prefer-not-to-say"}
    assert coded(load("feedback-partner"), answers) == answers


def test_what_was_not_asked_or_left_empty_has_no_code() -> None:
    answers = {"feedback-partner-safer": NOT_ASKED, "feedback-partner-supported": None}
    assert coded(load("feedback-partner"), answers) == {}


def test_every_counted_measure_says_so_in_its_scoring() -> None:
    from casewall.measures.definitions import names

    counted = {name for name in names() if load(name).counted}
    wanted = ("feedback-client", "feedback-partner", "feedback-referrer", "abuse-used")
    assert counted >= set(wanted)
    assert not counted & {"phq-9", "audit", "core-10", "judgement-24"}
