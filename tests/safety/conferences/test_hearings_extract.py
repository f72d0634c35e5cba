"""What the packs read of hearings: the days, whose, and by which meeting; never a word."""

from __future__ import annotations

from casewall.safety.conferences.models import Hearing
from tests.reporting.test_extract import snapshot


def test_a_case_that_was_heard_is_in_the_extract_and_no_word_of_it(heard: Hearing) -> None:
    extract = snapshot().extract
    found = [(one.role, one.forum, one.heard_on) for one in extract.hearings]
    assert found == [("partner", "marac", heard.heard_on)]
    [hearing] = extract.hearings
    assert hearing.key in {person.key for person in extract.persons if person.role == "partner"}
    assert hearing.route
    assert heard.summary is None or heard.summary not in str(extract)


def test_a_case_that_is_only_listed_has_not_been_heard(listed: Hearing) -> None:
    assert listed.heard_on is None
    assert snapshot().extract.hearings == ()
