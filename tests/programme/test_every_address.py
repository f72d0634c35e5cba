"""Every address of the programme site × every role: who is answered, who is refused, what changes.

The addresses come from the site itself; one that is not in `PAGES` fails the first test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.test import Client

from casewall.config.embedded import Cluster
from casewall.drafts.actions import Place
from casewall.drafts.forms import DraftOfForm
from casewall.programme.notes.models import ProgrammeDraft
from casewall.programme.reports.actions import approve_document
from casewall.programme.reports.rules import Kind
from casewall.wall.duties import DUTIES, Duty
from casewall.wall.sides import Role
from tests.people import signed_in
from tests.programme.conftest import TODAY, Browse, World
from tests.programme.crowd import ADDRESSES, ELSEWHERE, Crowd, every_pattern, patterns
from tests.programme.reports.conftest import Papers
from tests.programme.reports.test_documents import written
from tests.programme.test_seeing import ABSENT, PROGRAMME_ROLES

EVERYBODY = frozenset(PROGRAMME_ROLES)
WORK = EVERYBODY - {Role.REFERRER, Role.PROGRAMME_ADMINISTRATOR}
GROUPS = frozenset({Role.PROGRAMME_MANAGER, Role.FACILITATOR})
MANAGER = frozenset({Role.PROGRAMME_MANAGER})
SEES = {
    "case": EVERYBODY - {Role.PROGRAMME_ADMINISTRATOR},
    "report": EVERYBODY - {Role.PROGRAMME_ADMINISTRATOR},
    **dict.fromkeys(("group", "session", "coming", "alone", "visitor", "place"), GROUPS),
    **dict.fromkeys(
        ("task", "release", "act", "course", "review", "follow_up", "onward", "safeguarding",
         "note", "locked_note", "draft_document", "checked_document", "incident",
         "incidentreview", "proceeding", "courtday", "custodyspan"), WORK),
    "agreement": WORK,
    "waiting": EVERYBODY - {Role.PROGRAMME_ADMINISTRATOR, Role.FACILITATOR},
    **dict.fromkeys(("room", "template", "closedweeks"), WORK),
}
"""Who sees each record of `Crowd`: a client in the facilitator's group, not yet started, whom
the referrer referred. The administrator is a member of no compartment and sees no record."""


@dataclass(frozen=True, slots=True)
class Page:
    """`duty` is asked of whoever sees; `methods` are what the address takes, beside HEAD."""

    duty: Duty | None = None
    methods: str = "GET POST"


def _each(names: str, duty: Duty | None = None, methods: str = "GET POST") -> dict[str, Page]:
    return dict.fromkeys(names.split(), Page(duty, methods))


PAGES: dict[str, Page] = {
    **_each("search"),
    **_each("today cases case templates template groups group courses acts document"
            " document_file drafts note agreement_copy", methods="GET"),
    **_each("stay"),
    **_each("draft_save draft_throw_away", methods="POST"),
    **_each("case_contact case_declare case_availability needs_state violence_state family_state"
            " child_declare circumstances_state", Duty.RECORD_CONTACT),
    **_each("task_done", Duty.RECORD_CONTACT, "POST"),
    **_each("case_book case_decide case_eligibility", Duty.ASSESS),
    **_each("case_move case_exit case_pause case_resume", Duty.MOVE_CASE),
    **_each("case_reopen", Duty.REOPEN),
    **_each("case_correct", Duty.MOVE_CASE),
    **_each("case_referrer course_extend course_break course_level review_sign", Duty.SIGN_OFF),
    **_each("case_sign", Duty.SIGN_AGREEMENT),
    **_each("case_release release_withdraw", Duty.RELEASE),
    **_each("agreement_texts", Duty.EDIT_TEXTS, "GET"),
    **_each("agreement_text letterhead letter_template", Duty.EDIT_TEXTS),
    **_each("letter_templates letter_template_file", Duty.EDIT_TEXTS, "GET"),
    **_each("case_place case_enrol case_sit_in group_new group_add group_further group_end"
            " group_facilitators session_move rooms room_close place_end closed"
            " closed_weeks", Duty.RUN_GROUP),
    **_each("group_place", Duty.RUN_GROUP, "POST"),
    **_each("case_apart", Duty.KEEP_APART, "GET"),
    **_each("apart_add apart_end", Duty.KEEP_APART, "POST"),
    **_each("acts_accept acts_accept_register", Duty.ACT_ON_ABSENCE, "POST"),
    **_each("act_done act_dismiss", Duty.ACT_ON_ABSENCE),
    **_each("course_review course_resume follow_up", Duty.REVIEW_COURSE),
    **_each("register session_cancel session_record session_visitors", Duty.RECORD_ATTENDANCE),
    **_each("visitor_signed", Duty.RECORD_ATTENDANCE, "POST"),
    **_each("case_session one_to_one_time", Duty.HOLD_SESSION),
    **_each("onward_new safeguarding_new onward_settle safeguarding_settle", Duty.REFER_ON),
    **_each("note_new note_edit note_correct", Duty.WRITE_NOTE),
    **_each("chronology", Duty.WRITE_NOTE, "GET"),
    **_each("measures-due", Duty.RECORD_MEASURE, "GET"),
    **_each("measures_again", Duty.SIGN_OFF, "POST"),
    **_each("measure_choose measure_record measure_silence", Duty.RECORD_MEASURE),
    **_each("incident proceeding", methods="GET"),
    **_each("incident_take_back", Duty.RECORD_INCIDENT, "POST"),
    **_each("incident_review", Duty.SIGN_OFF),
    **_each("incident_new incident_correct proceeding_new proceeding_change court_day_new"
            " court_day_settle custody_new custody_change asked_new", Duty.RECORD_INCIDENT),
    **_each("notes_waiting", Duty.APPROVE_NOTE),
    **_each("document_new document_edit document_withdraw", Duty.WRITE_DOCUMENT),
    **_each("document_for_act document_anew", Duty.WRITE_DOCUMENT, "POST"),
    **_each("document_check", Duty.ISSUE_DOCUMENT),
    **_each("document_issue", Duty.ISSUE_DOCUMENT, "POST"),
}


def test_every_address_says_who_is_answered() -> None:
    assert set(patterns()) == set(PAGES) == set(ADDRESSES)


def test_every_other_address_is_asked_by_a_test_of_its_own() -> None:
    root = Path(__file__).resolve().parents[2]
    for name, one in every_pattern().items():
        for module, files in ELSEWHERE.items():
            if one.callback.__module__.startswith(module):
                text = "".join((root / file).read_text(encoding="utf-8") for file in files)
                words = [part for part in str(one.pattern).split("/")
                         if part and not part.startswith("<")]
                assert name in text or all(f"{word}/" in text for word in words), name


@pytest.fixture
def crowd(world: World) -> Crowd:
    made = Crowd(world)
    made.grow(2)
    return made


def expected(name: str, role: Role, method: str) -> tuple[int, ...]:
    """The answers that are right, for a record that is there."""
    page = PAGES[name]
    if method not in page.methods:
        return (405,)
    kinds = [value for key, value in ADDRESSES[name].items()
             if key.endswith("pk") or value in SEES]
    lacks_duty = page.duty is not None and page.duty not in DUTIES[role]
    seen = [role in SEES.get(kind, EVERYBODY) for kind in kinds]
    if not all(seen):
        # Where the first of two records is seen, the duty may be asked before the second.
        return (403, 404) if lacks_duty and seen[0] else (404,)
    return (403,) if lacks_duty else ()


REACHED = (200, 302, 422)
OTHERWISE = {
    # A list of what one sees oneself; a note is asked for by what is sent.
    ("notes_waiting", "POST"): (404,),
    ("stay", "POST"): (200,),
    ("draft_save", "POST"): (400,),
    ("draft_throw_away", "POST"): (404,),
}
"""What an address answers that was sent nothing."""


@pytest.mark.parametrize("role", PROGRAMME_ROLES)
def test_each_role_is_answered_what_it_sees_and_may_do(
        role: Role, crowd: Crowd, browse: Browse) -> None:
    browser, wrong = browse(role), {}
    for name in PAGES:
        for method in ("GET", "POST"):
            answer = browser.generic(method, crowd.address(name))
            right = expected(name, role, method) or OTHERWISE.get((name, method), REACHED)
            if answer.status_code not in right:
                wrong[f"{method} {name}"] = (answer.status_code, right)
    assert wrong == {}


@pytest.mark.parametrize("role", PROGRAMME_ROLES)
def test_what_is_not_there_is_never_answered(role: Role, crowd: Crowd, browse: Browse) -> None:
    browser, wrong = browse(role), {}
    for name in [name for name, arguments in ADDRESSES.items() if "pk" in arguments]:
        for method in PAGES[name].methods.split():
            status = browser.generic(method, crowd.address(name, absent=ABSENT)).status_code
            if status != 404:
                wrong[f"{method} {name}"] = status
    assert wrong == {}


@pytest.mark.parametrize("who", ["manager", "facilitator"])
def test_what_belongs_to_others_answers_like_what_is_not_there(
        who: str, elsewhere: dict[str, Any], crowd: Crowd) -> None:
    browser, wrong = signed_in(elsewhere[who]), []
    shared = {"room", "template", "closedweeks"} if who == "facilitator" else set()
    for name, arguments in ADDRESSES.items():
        if "pk" not in arguments or arguments["pk"] in shared:
            continue
        for method in PAGES[name].methods.split():
            hidden, absent = (browser.generic(method, crowd.address(name, absent=pk))
                              for pk in (None, ABSENT))
            if (hidden.status_code, hidden.content) != (404, absent.content):
                wrong.append((method, name, hidden.status_code, absent.status_code))
    assert wrong == []


def test_nobody_reaches_anything_without_signing_in(crowd: Crowd) -> None:
    for name, page in PAGES.items():
        for method in page.methods.split():
            answer = Client().generic(method, crowd.address(name))
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/accounts/login/"), name


UNCOUNTED = {"audit_entry", "django_session", "django_migrations", "casewall_cache",
             "staff_worker"}
"""What looking at a page writes: the audit, the own session, when somebody was there."""


def stored(var: Path, side: str = "programme") -> dict[str, Any]:
    """A fingerprint of every table of a side; row policies hide rows from owners."""
    url = Cluster(var / side).superuser_url(f"casewall_{side}")
    with psycopg.connect(url) as connection:
        names = [name for name, in connection.execute(
            "select tablename from pg_tables where schemaname = 'public'").fetchall()]
        return {name: connection.execute(
            f"select count(*), md5(string_agg(row::text, '' order by row::text))"
            f" from {name} as row").fetchone() for name in names if name not in UNCOUNTED}


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The tables that are not as they were."""
    return [name for name in before if before[name] != after[name]]


@pytest.mark.parametrize("role", PROGRAMME_ROLES)
def test_looking_changes_nothing(role: Role, crowd: Crowd, browse: Browse,
                                 var: Path) -> None:
    browser, before = browse(role), stored(var)
    for name in PAGES:
        address = crowd.address(name)
        for method in ("GET", "HEAD"):
            browser.generic(method, address)
    assert changed(before, stored(var)) == []


@pytest.mark.parametrize("role", [Role.REFERRER, Role.PROGRAMME_ADMINISTRATOR])
def test_who_has_no_duty_changes_nothing_whatever_is_sent(
        role: Role, crowd: Crowd, browse: Browse, var: Path) -> None:
    browser, before = browse(role), stored(var)
    sent = {"version": "1", "form_id": str(uuid4()), "from": TODAY.isoformat(), "seen": "1",
            "at_once": "1", "note": str(crowd.records["note"]), "reason": "x", "text": "x"}
    for name, page in PAGES.items():
        if page.duty is not Duty.EDIT_TEXTS:
            browser.post(crowd.address(name), sent)
    assert changed(before, stored(var)) == []


ONCE = re.compile(r'<input[^>]*name="(?:[0-9a-f]{8}-)?(form_id|version|seen|shown[^"]*)"')
SAME_AGAIN = {
    "group_end": "a group that has ended is refused",
    "group_further": "the schedule is planned until a day, and is planned already",
    "room_close": "a room that is closed is not found",
    "rooms": "a name is given once",
    "closed_weeks": "what is taken back stays taken back",
    "place_end": "a place that has ended ends on the day that was said last",
    "session_cancel": "a session that is cancelled is refused",
    "case_enrol": "one open course of a programme",
    "case_sit_in": "one place that makes up for a session",
    "letter_template": "the newest file counts",
    "stay": "says only that somebody is there",
    "search": "asks and changes nothing",
    "measure_choose": "leads to the form of a questionnaire and stores nothing",
}
"""Forms that carry no mark of their own, and why sending them twice is sending them once."""


def test_a_form_carries_what_makes_it_count_once(crowd: Crowd, browse: Browse) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)
    bare, seen = set(), set()
    for name, page in PAGES.items():
        if page.methods != "GET POST":
            continue
        answer = browser.get(crowd.address(name))
        if answer.status_code == 200:
            seen.add(name)
            if not ONCE.search(answer.content.decode()):
                bare.add(name)
    assert bare <= set(SAME_AGAIN), bare - set(SAME_AGAIN)
    assert set(SAME_AGAIN) <= seen
    assert len(seen) > 40


def _throw_away(crowd: Crowd) -> dict[str, str]:
    viewer = crowd.by
    draft = crowd.world.rows(ProgrammeDraft)[0]
    place = Place(draft.key, draft.compartment, "/", "Invented")
    return {"draft": DraftOfForm(place, (), (), viewer).token}


def _next_week() -> str:
    return (TODAY + timedelta(days=7)).isoformat()


OF_DOCUMENTS = ("document_issue", "document_anew", "document_for_act")
"""Buttons that need a document which says something: tested below, and with the documents. To
score again needs a scorer of another version: tested with the measures."""


@pytest.mark.parametrize("name", [
    name for name, page in PAGES.items()
    if page.methods == "POST" and name not in ("draft_save", "measures_again", *OF_DOCUMENTS)])
def test_a_button_pressed_twice_is_pressed_once(
        name: str, crowd: Crowd, browse: Browse, var: Path) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)
    sent = {"form_id": str(uuid4()), "version": "1", "from": _next_week(),
            **(_throw_away(crowd) if name == "draft_throw_away" else {})}
    press_twice(browser, crowd.address(name), sent, var)


def press_twice(browser: Client, address: str, sent: dict[str, str], var: Path) -> None:
    """The first press changes something, the second one nothing."""
    before = stored(var)
    assert browser.post(address, sent).status_code == 302
    once = stored(var)
    assert changed(before, once) != [], "the button did nothing at all"
    assert browser.post(address, sent).status_code == 302
    assert changed(once, stored(var)) == []


def test_a_document_is_issued_once_and_written_anew_once(
        world: World, browse: Browse, var: Path) -> None:
    papers, browser = Papers(world), browse(Role.PROGRAMME_MANAGER)
    draft = written(papers, Kind.INVITATION, meeting_on=TODAY, meeting_at=time(9),
                    meeting_place="Invented Street 1")
    checked = approve_document(document=draft, version=draft.version, nothing_from_others=True,
                               by=papers.manager)
    press_twice(browser, f"/documents/{draft.pk}/issue/", {"version": str(checked.version)}, var)
    press_twice(browser, f"/documents/{draft.pk}/anew/", {"form_id": str(uuid4())}, var)


def test_a_pair_is_ended_from_one_of_its_own_cases(
        crowd: Crowd, browse: Browse, var: Path) -> None:
    other: UUID = crowd.records["waiting"]
    browser, before = browse(Role.PROGRAMME_MANAGER), stored(var)
    address = f"/cases/{other}/apart/{crowd.records['pair']}/end/"
    assert browser.post(address).status_code == 404
    assert changed(before, stored(var)) == []
