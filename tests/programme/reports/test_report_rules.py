"""The allow-list and the rules of a document, as tables."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime, timedelta

import pytest

from casewall.programme.agreements.rules import Scope
from casewall.programme.courses.rules import ActKind
from casewall.programme.reports.rules import (
    BASIS_WORDS,
    FIELD_WORDS,
    FOLLOWS,
    FOR_ACT,
    KIND_WORDS,
    LISTS,
    NEEDS,
    PURPOSE_OF,
    PURPOSE_WORDS,
    RELEASED_AS,
    SCOPE_WORDS,
    TO_THE_CLIENT,
    Basis,
    DocumentFacts,
    Kind,
    Purpose,
    State,
    clean,
    default_language,
    facts_of,
    file_stem,
    frozen,
    may_become,
    may_check,
    may_go_now,
    may_go_out,
    missing,
    parts_of,
    plain,
    repeated,
    thawed,
    trial_facts,
)

ALLOWED = {
    "client_name", "reference", "service", "agency", "letterhead", "recipient", "today", "worker",
    "purpose", "basis", "own_words", "meeting_date", "meeting_time", "meeting_place", "stage",
    "referred_on", "assessed_on", "agreed_on", "started_on", "completed_on", "exited_on",
    "decision", "decided_on", "programme", "course_state", "group_starts_on", "group_time",
    "missed_on", "next_session_on", "period_from", "period_to", "sessions_offered",
    "sessions_attended", "hours_attended", "absences_accepted", "absences_not_accepted",
    "sessions", "modules", "stages", "acts", "risk_level", "risk_signed_on", "risk_version",
    "risk_review_on", "risk_assessor", "risk_signer", "risk_reasoning", "risk_recommendations",
    "risk_limits", "risk_violence", "risk_substances", "risk_attitudes", "risk_children",
    "risk_strengths", "risk_sources", "risk_missing", "risk_ratings", "risk_tools",
    "commissioned_by", "commissioned_on",
}
"""What a document may say. A new field is a reviewed change of this list."""


def test_the_allow_list_is_the_one_that_was_agreed_and_every_field_is_explained() -> None:
    assert {field.name for field in fields(DocumentFacts)} == ALLOWED
    assert set(FIELD_WORDS) == ALLOWED
    assert set(LISTS) == {"sessions", "modules", "stages", "acts", "risk_sources", "risk_missing",
                          "risk_ratings", "risk_tools"}
    assert parts_of("sessions") == {"date", "module", "mark", "minutes"}
    assert parts_of("acts") == {"name", "date"}
    assert parts_of("client_name") == frozenset()


def test_nothing_of_others_and_no_address_has_a_field() -> None:
    # The report on risk has fields of its own: the findings of the signed assessment, in which
    # no child is named and a partner is no source.
    others = [name for name in ALLOWED if not name.startswith("risk_")]
    words = {word for name in others for word in name.split("_")}
    assert {name for name in ALLOWED - set(others) if "partner" in name} == set()
    assert not words & {"address", "phone", "email", "partner", "partners", "child", "children",
                        "note", "notes", "statement", "risk", "born", "reason"}


def test_every_kind_and_every_word_has_its_entry() -> None:
    assert set(KIND_WORDS) == set(NEEDS) == set(PURPOSE_OF) == set(Kind)
    assert set(RELEASED_AS) == set(Kind) - TO_THE_CLIENT
    assert set(RELEASED_AS.values()) == set(SCOPE_WORDS) <= set(Scope)
    assert set(BASIS_WORDS) == set(Basis)
    assert set(PURPOSE_WORDS) == set(Purpose)
    assert set(FOR_ACT) <= set(ActKind)
    assert all(name in ALLOWED for needs in NEEDS.values() for name, _ in needs)


@pytest.mark.parametrize(("given", "sentence"), [
    ({"address": "x"}, "may not hold “address”"),
    ({"client_name": None}, "“client_name” of a document must be text"),
    ({"sessions": [{"remark": "x"}]}, "“sessions” of a document may not hold “remark”"),
])
def test_a_fact_outside_the_list_is_refused_by_name(given: dict[str, object], sentence: str
                                                    ) -> None:
    with pytest.raises(ValueError, match=sentence):
        facts_of(given)


def test_facts_are_kept_as_they_were_and_cannot_be_changed() -> None:
    facts = facts_of({"client_name": "Ænders Opdigtet", "acts": [{"name": "Letter"}]})
    assert thawed(frozen(facts)) == facts
    assert plain(facts)["acts"] == [{"name": "Letter", "date": ""}]
    with pytest.raises(FrozenInstanceError):
        facts.client_name = "Other"  # type: ignore[misc]
    with pytest.raises(ValueError, match="may not hold “statement”"):
        thawed('{"statement": "x"}')


@pytest.mark.parametrize(("typed", "kept"), [
    (" one\r\ntwo\rthree ", "one\ntwo\nthree"),
    ("a\x00b\x07c\x0bd\te", "abcde"),
    ("\u202eevil\u2066", "evil"),
    ("سامي", "سامي"),
    ("Zoë 🙂", "Zoë 🙂"),
    ("\ud800x", "x"),
])
def test_text_is_cleaned_of_what_a_reader_cannot_see(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("kind", list(Kind))
def test_a_kind_says_what_it_lacks_and_nothing_once_it_has_it(kind: Kind) -> None:
    assert missing(kind, DocumentFacts()) == [sentence for _, sentence in NEEDS[kind]]
    assert missing(kind, trial_facts()) == []


MOVES = {(now, to): to in nexts for now, nexts in FOLLOWS.items() for to in State}


@pytest.mark.parametrize(("now", "to"), list(MOVES))
def test_a_document_changes_its_state_as_the_table_says(now: State, to: State) -> None:
    decision = may_become(now, to)
    assert decision.allowed is MOVES[now, to]
    assert decision.reason.endswith(".")


@pytest.mark.parametrize(("now", "to", "sentence"), [
    (State.ISSUED, State.DRAFT, "has been issued and cannot be changed"),
    (State.WITHDRAWN, State.ISSUED, "has been withdrawn"),
    (State.DRAFT, State.ISSUED, "Somebody else must check"),
    (State.DRAFT, State.DRAFT, "draft cannot become draft"),
])
def test_a_refused_change_says_why(now: State, to: State, sentence: str) -> None:
    assert sentence in may_become(now, to).reason


@pytest.mark.parametrize(("kind", "basis", "scope", "allowed", "words"), [
    (Kind.CERTIFICATE, None, None, True, "to the client"),
    (Kind.ATTENDANCE_REPORT, None, None, False, "name the release"),
    (Kind.ATTENDANCE_REPORT, Basis.RELEASE, None, False, "no release that holds"),
    (Kind.ATTENDANCE_REPORT, Basis.RELEASE, frozenset({"progress"}), False, "“attendance”"),
    (Kind.ATTENDANCE_REPORT, Basis.RELEASE, frozenset({"attendance"}), True, "release"),
    (Kind.EXIT_NOTICE, Basis.COURT, None, True, "court"),
])
def test_nothing_goes_outside_without_a_ground(
        kind: Kind, basis: Basis | None, scope: frozenset[str] | None, allowed: bool, words: str
) -> None:
    decision = may_go_out(kind, basis, scope)
    assert decision.allowed is allowed
    assert words in decision.reason


@pytest.mark.parametrize(("is_writer", "nothing", "allowed"), [
    (True, True, False), (False, None, False), (False, False, False), (False, True, True)])
def test_a_check_is_done_by_another_person_who_found_nothing_of_others(
        is_writer: bool, nothing: bool | None, allowed: bool) -> None:
    assert may_check(is_writer, nothing).allowed is allowed


REGISTERED = datetime(2036, 3, 4, 20, tzinfo=UTC)


@pytest.mark.parametrize(("kind", "registered_at", "hours", "allowed"), [
    (Kind.MISSED_SESSION, REGISTERED, 47, False),
    (Kind.ABSENCE_NOTICE, REGISTERED, 47, False),
    (Kind.MISSED_SESSION, REGISTERED, 48, True),
    (Kind.MISSED_SESSION, None, 0, True),
    (Kind.INVITATION, REGISTERED, 0, True),
])
def test_what_follows_an_absence_waits_for_the_same_time_after_every_register(
        kind: Kind, registered_at: datetime | None, hours: int, allowed: bool) -> None:
    now = REGISTERED + timedelta(hours=hours)
    decision = may_go_now(kind, registered_at, timedelta(hours=48), now)
    assert decision.allowed is allowed
    if not allowed:
        assert "48 hours after the register" in decision.reason
        assert "6 March 2036, 20:00" in decision.reason


@pytest.mark.parametrize(("client", "service", "offered", "chosen"), [
    ("da", ("en",), ("da", "en"), "da"),
    ("ar", ("da",), ("da", "en"), "da"),
    ("", ("pl",), ("da", "en"), "en"),
    ("", (), ("da",), "da"),
])
def test_the_language_is_the_clients_where_there_is_a_text(
        client: str, service: tuple[str, ...], offered: tuple[str, ...], chosen: str) -> None:
    assert default_language(client, service, offered) == chosen


TOLD = "Opdigtet: was seen with a knife in the kitchen on Monday"


@pytest.mark.parametrize(("text", "statements", "found"), [
    ("", [TOLD], ""),
    ("A text of its own words only.", [TOLD], ""),
    ("She WAS seen, with a knife in the kitchen!", [TOLD], "WAS seen with a knife in"),
    ("was seen with a knife", [TOLD], ""),
    ("Do not place together, ever", ["do not place together"], "Do not place together"),
    ("High", ["High"], ""),
    ("it is high", ["it is high"], ""),
    ("x", [], ""),
])
def test_words_of_a_statement_are_found_in_a_text(
        text: str, statements: list[str], found: str) -> None:
    assert repeated(text, statements) == found


def test_the_name_of_a_file_is_nobodys_name() -> None:
    assert file_stem(Kind.ATTENDANCE_REPORT, "0a1b2c3d", 2) == "attendance-report-0a1b2c3d-2"
