"""Documents from draft to issue: what they say, who checks them, who sees them."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from casewall.programme.agreements.actions import withdraw_release
from casewall.programme.agreements.rules import Scope
from casewall.programme.cases.actions import move_case
from casewall.programme.cases.models import Case
from casewall.programme.cases.reasons import ExitReason
from casewall.programme.cases.rules import Stage
from casewall.programme.courses.absence.actions import accept_acts
from casewall.programme.courses.actions import end_course
from casewall.programme.courses.models import Act
from casewall.programme.courses.rules import ActState, CourseState
from casewall.programme.reports import actions
from casewall.programme.reports.facts import Entries
from casewall.programme.reports.lists import (
    documents_part,
    released_to_referrer,
    today_documents,
    waiting_for_check,
)
from casewall.programme.reports.models import Document, IssuedFile, LetterTemplate
from casewall.programme.reports.rendering import file_of, told_of
from casewall.programme.reports.rules import TO_THE_CLIENT, Basis, Kind, State
from casewall.programme.rights.actions import restrict
from casewall.programme.rights.rules import Because
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role
from tests.programme.conftest import NOW, TODAY, Browse, day_boxes
from tests.programme.reports.conftest import CANARY, Papers
from tests.programme.reports.word_files import all_text, word_file

LATER = NOW + timedelta(days=10)


def written(papers: Papers, kind: Kind = Kind.CERTIFICATE, *, case: Case | None = None,
            language: str = "en", **entries: object) -> Document:
    """A draft, written by the facilitator."""
    case = case or papers.case
    usual = actions.default_entries(case=case, kind=kind, on=TODAY, by=papers.facilitator)
    return actions.write_document(
        case=case, kind=kind, language=language, on=TODAY, by=papers.facilitator,
        entries=replace(usual, **entries))  # type: ignore[arg-type]


def issued(papers: Papers, document: Document) -> Document:
    """The document, checked and issued by the manager."""
    checked = actions.approve_document(
        document=document, version=document.version, nothing_from_others=True, by=papers.manager)
    return actions.issue_document(document=checked, version=checked.version, on=TODAY,
                                  by=papers.manager)


def completed(papers: Papers) -> Case:
    """The course of the client completed today."""
    course = papers.delivery.course(papers.case)
    with acting(papers.manager):
        end_course(course=course, state=CourseState.COMPLETED, on=TODAY, by=papers.manager)
    return papers.world.again(papers.case)


def file_bytes(papers: Papers, document: Document, ending: str) -> bytes:
    with acting(papers.manager):
        content = file_of(document, ending, papers.manager)
    assert content is not None
    return content


def paper_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


# --- what a document says ------------------------------------------------------------------------


def test_an_attendance_report_counts_sessions_hours_and_absences(papers: Papers) -> None:
    case = papers.refer(papers.case)
    papers.release(case)
    facts = written(papers, Kind.ATTENDANCE_REPORT, case=case).content
    assert (facts.sessions_offered, facts.sessions_attended) == ("4", "2")
    assert (facts.absences_accepted, facts.absences_not_accepted) == ("1", "1")
    minutes = sum(papers.delivery.sessions[n].minutes for n in (0, 1))
    assert facts.hours_attended == f"{minutes / 60:g}"
    assert [row.mark for row in facts.sessions] == [
        "attended", "attended", "absent, no accepted reason", "absent, reason accepted"]
    assert all(row.module for row in facts.sessions)
    assert facts.modules
    assert facts.recipient == "Invented municipality"
    assert facts.basis == "a release that the client signed"
    assert facts.programme == papers.delivery.version.name
    until = papers.delivery.sessions[0].held_on
    narrow = written(papers, Kind.ATTENDANCE_REPORT, case=case, until=until).content
    assert narrow.sessions_offered == "1"


def test_dates_and_numbers_are_written_as_the_language_writes_them(papers: Papers) -> None:
    case = completed(papers)
    assert written(papers, case=case, language="da").content.today == "4. marts 2036"
    assert written(papers, case=case, language="en").content.today == "4 March 2036"


def test_no_document_holds_a_word_from_outside_the_list(papers: Papers) -> None:
    case = papers.refer(completed(papers))
    papers.release(case)
    papers.plant(case)
    group = papers.world.group(starts_on=TODAY + timedelta(days=7))
    papers.world.member(group, case)
    made = 0
    for kind in Kind:
        if kind in (Kind.EXIT_NOTICE, Kind.RISK_REPORT):
            # Each has a test of its own; a report on risk needs a signed assessment.
            continue
        for language in ("da", "en"):
            document = written(
                papers, kind, case=case, language=language, meeting_on=TODAY, meeting_at=time(9),
                meeting_place="Invented Street 1")
            assert CANARY not in document.facts
            assert CANARY not in all_text(file_bytes(papers, document, "docx"))
            assert CANARY not in paper_text(file_bytes(papers, document, "pdf"))
            made += 1
    assert made == 2 * (len(Kind) - 2)


def test_an_exit_is_told_without_its_reason(papers: Papers) -> None:
    case = papers.refer(papers.case)
    papers.release(case)
    papers.plant(case)
    move_case(case=case, to=Stage.EXITED, on=TODAY, reason=ExitReason.NEW_VIOLENCE, note=CANARY,
              by=papers.manager)
    document = written(papers, Kind.EXIT_NOTICE, case=papers.world.again(case))
    text = paper_text(file_bytes(papers, document, "pdf"))
    assert "4 March 2036" in text
    assert CANARY not in text
    assert "new violence" not in text.lower()


@pytest.mark.parametrize(("kind", "sentence"), [
    (Kind.CERTIFICATE, "The course has not been completed."),
    (Kind.INVITATION, "Say on which day the meeting is. Say at which time the meeting is. "
                      "Say where the meeting is."),
    (Kind.PLACE_OFFERED, "no place in a group that still has a session"),
])
def test_what_would_say_nothing_true_is_refused(papers: Papers, kind: Kind, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        written(papers, kind)


# --- grounds -------------------------------------------------------------------------------------


def test_nothing_goes_to_somebody_outside_without_a_release_or_a_legal_basis(papers: Papers
                                                                             ) -> None:
    case = papers.refer(papers.case)
    with pytest.raises(Refused, match="name the release that the client signed"):
        written(papers, Kind.ATTENDANCE_REPORT, case=case)
    with pytest.raises(Refused, match="no release that holds"):
        written(papers, Kind.ATTENDANCE_REPORT, case=case, basis=Basis.RELEASE, release=uuid4())
    other = papers.release(case, scope=(Scope.TAKING_PART,))
    with pytest.raises(Refused, match="does not cover “attendance”"):
        written(papers, Kind.ATTENDANCE_REPORT, case=case, basis=Basis.RELEASE, release=other.pk)
    by_law = written(papers, Kind.ATTENDANCE_REPORT, case=case, basis=Basis.COURT)
    assert by_law.to_referrer
    elsewhere = written(papers, Kind.ATTENDANCE_REPORT, case=case, basis=Basis.COURT,
                        recipient="Invented court")
    assert not elsewhere.to_referrer
    assert elsewhere.recipient == "Invented court"


def test_a_client_who_was_referred_by_nobody_needs_a_named_recipient(papers: Papers) -> None:
    with pytest.raises(Refused, match="Say to whom it goes"):
        written(papers, Kind.ATTENDANCE_REPORT, basis=Basis.COURT)


def test_nothing_is_issued_from_a_restricted_file(papers: Papers) -> None:
    document = written(papers, Kind.ATTENDANCE_REPORT, basis=Basis.COURT, recipient="A court")
    checked = actions.approve_document(document=document, version=document.version,
                                       nothing_from_others=True, by=papers.manager)
    restrict(case=papers.case, because=Because.ACCURACY, by=papers.manager)
    with pytest.raises(Refused, match="This file is restricted"):
        actions.issue_document(document=checked, version=checked.version, on=TODAY,
                               by=papers.manager)
    assert papers.world.rows(IssuedFile) == []


def test_a_release_withdrawn_after_the_check_stops_the_issue(papers: Papers) -> None:
    case = papers.refer(papers.case)
    release = papers.release(case)
    document = written(papers, Kind.ATTENDANCE_REPORT, case=case)
    checked = actions.approve_document(document=document, version=document.version,
                                       nothing_from_others=True, by=papers.manager)
    withdraw_release(release=release, on=TODAY, by=papers.manager)
    with pytest.raises(Refused, match="no release that holds"):
        actions.issue_document(document=checked, version=checked.version, on=TODAY,
                               by=papers.manager)
    [stored] = papers.world.rows(Document)
    assert stored.state == State.CHECKED
    assert papers.world.rows(IssuedFile) == []


# --- the second person ---------------------------------------------------------------------------


def test_another_person_checks_and_finds_nothing_from_anybody_else(papers: Papers) -> None:
    completed(papers)
    own = actions.write_document(case=papers.case, kind=Kind.CERTIFICATE, language="en",
                                 entries=Entries(), on=TODAY, by=papers.manager)
    with pytest.raises(Refused, match="You wrote this document"):
        actions.approve_document(document=own, version=1, nothing_from_others=True,
                                 by=papers.manager)
    document = written(papers)
    with pytest.raises(Refused, match="may not check and issue"):
        actions.approve_document(document=document, version=1, nothing_from_others=True,
                                 by=papers.facilitator)
    with pytest.raises(Refused, match="may not go out"):
        actions.approve_document(document=document, version=1, nothing_from_others=False,
                                 by=papers.manager)
    with pytest.raises(Refused, match="Somebody else must check"):
        actions.issue_document(document=document, version=1, on=TODAY, by=papers.manager)
    with pytest.raises(StaleEdit):
        actions.approve_document(document=document, version=7, nothing_from_others=True,
                                 by=papers.manager)
    assert issued(papers, document).state == State.ISSUED


def test_the_database_holds_no_document_checked_by_its_writer_or_issued_unchecked(
        papers: Papers) -> None:
    completed(papers)
    document = written(papers)
    for change in ({"checked_by": document.written_by}, {"issued_on": TODAY},
                   {"state": State.ISSUED}):
        with pytest.raises(DatabaseError, match="check constraint"), acting(papers.manager):
            Document.objects.visible_to(papers.manager).filter(pk=document.pk).update(**change)


def test_a_returned_draft_comes_back_to_its_writer_and_waits_again_once_edited(papers: Papers
                                                                               ) -> None:
    completed(papers)
    document = written(papers, own_words="She told me.")
    with pytest.raises(Refused, match="Say what must change"):
        actions.return_document(document=document, note=" ", version=1, by=papers.manager)
    back = actions.return_document(document=document, note="Take the last sentence out.",
                                   version=1, by=papers.manager)
    with acting(papers.manager):
        assert waiting_for_check(papers.manager) == []
    with acting(papers.facilitator):
        [item] = today_documents(papers.facilitator, TODAY, TODAY)
    assert item["what"] == "Change a returned document:"
    with pytest.raises(StaleEdit):
        actions.edit_document(document=back, language="en", entries=Entries(), version=1,
                              on=TODAY, by=papers.facilitator)
    again = actions.edit_document(document=back, language="en", entries=Entries(),
                                  version=back.version, on=TODAY, by=papers.facilitator)
    assert again.returned_note is None
    assert "She told me." not in again.facts
    with acting(papers.manager):
        assert [one.pk for one in waiting_for_check(papers.manager)] == [document.pk]


def test_an_edit_undoes_the_check(papers: Papers) -> None:
    completed(papers)
    document = written(papers)
    checked = actions.approve_document(document=document, version=1, nothing_from_others=True,
                                       by=papers.manager)
    edited = actions.edit_document(
        document=checked, language="da", entries=actions.entries_of(checked),
        version=checked.version, on=TODAY, by=papers.facilitator)
    assert (edited.state, edited.checked_by, edited.checked_text) == (State.DRAFT, None, None)


def test_a_template_changed_after_the_check_stops_the_issue(papers: Papers) -> None:
    case = completed(papers)
    document = written(papers)
    checked = actions.approve_document(document=document, version=1, nothing_from_others=True,
                                       by=papers.manager)
    actions.keep_template(compartment=case.compartment, kind=Kind.CERTIFICATE, language="en",
                          file_name="ours.docx", content=word_file("{{ client_name }} is safe"),
                          by=papers.manager)
    with pytest.raises(Refused, match="changed after the check"):
        actions.issue_document(document=checked, version=checked.version, on=TODAY,
                               by=papers.manager)


# --- issued --------------------------------------------------------------------------------------


def test_an_issued_document_never_changes_and_downloads_are_the_same_bytes(
        papers: Papers, browse: Browse) -> None:
    case = completed(papers)
    document = issued(papers, written(papers))
    browser = browse(Role.FACILITATOR)
    first = {ending: browser.get(f"/documents/{document.pk}/{ending}/").content
             for ending in ("docx", "pdf")}
    assert first["pdf"].startswith(b"%PDF")
    actions.keep_template(compartment=case.compartment, kind=Kind.CERTIFICATE, language="en",
                          file_name="ours.docx", content=word_file("other"), by=papers.manager)
    actions.set_letterhead(compartment=case.compartment, text="Other", version=0,
                           by=papers.manager)
    with time_machine.travel(LATER, tick=False):
        browser = browse(Role.FACILITATOR)
        for ending, content in first.items():
            assert browser.get(f"/documents/{document.pk}/{ending}/").content == content
    with pytest.raises(Refused, match="has been issued and cannot be changed"):
        actions.edit_document(document=document, language="da", entries=Entries(),
                              version=document.version, on=TODAY, by=papers.facilitator)
    with pytest.raises(Refused, match="has been issued and cannot be changed"):
        actions.issue_document(document=document, version=document.version, on=TODAY,
                               by=papers.manager)


def test_the_site_may_not_update_or_delete_an_issued_file(papers: Papers) -> None:
    completed(papers)
    issued(papers, written(papers))
    assert IssuedFile.APP_MAY == ("SELECT", "INSERT")
    with pytest.raises(DatabaseError, match="permission denied"), acting(papers.manager):
        IssuedFile.objects.visible_to(papers.manager).update(ending="pdf")


def test_what_is_stored_is_encrypted(papers: Papers) -> None:
    completed(papers)
    issued(papers, written(papers, own_words="Plain words"))
    with acting(papers.manager), connections["programme"].cursor() as cursor:
        cursor.execute("SELECT facts, entries, recipient, checked_text FROM "
                       "programme_reports_document")
        stored = [bytes(value) for value in cursor.fetchone()]
        cursor.execute("SELECT content FROM programme_reports_issuedfile")
        stored += [bytes(value) for (value,) in cursor.fetchall()]
    assert len(stored) == 6
    assert not [value for value in stored if b"Anders" in value or b"Plain" in value
                or b"UEsDB" in value or b"JVBERi" in value]


def test_a_draft_says_in_both_files_that_it_may_not_be_sent(papers: Papers) -> None:
    completed(papers)
    document = written(papers)
    assert "not checked, not to be sent" in all_text(file_bytes(papers, document, "docx"))
    assert "not checked, not to be sent" in paper_text(file_bytes(papers, document, "pdf"))
    with acting(papers.manager):
        told = told_of(document, papers.manager)
    assert told is not None
    assert "not to be sent" not in told.text()
    assert "not to be sent" not in paper_text(file_bytes(papers, issued(papers, document), "pdf"))


def test_a_new_edition_takes_the_place_of_an_issued_document(papers: Papers) -> None:
    completed(papers)
    document = written(papers)
    with pytest.raises(Refused, match="can still be changed"):
        actions.write_anew(document=document, on=TODAY, by=papers.facilitator)
    first = issued(papers, document)
    second = actions.write_anew(document=first, on=TODAY, by=papers.facilitator)
    assert (second.edition, second.replaces_id, second.state) == (2, first.pk, State.DRAFT)


def test_a_withdrawn_document_keeps_its_files_and_its_reason(papers: Papers) -> None:
    completed(papers)
    document = issued(papers, written(papers))
    with pytest.raises(Refused, match="may not check and issue"):
        actions.withdraw_document(document=document, note="Wrong", version=document.version,
                                  on=TODAY, by=papers.facilitator)
    with pytest.raises(Refused, match="Say why"):
        actions.withdraw_document(document=document, note="", version=document.version,
                                  on=TODAY, by=papers.manager)
    gone = actions.withdraw_document(document=document, note="Wrong", version=document.version,
                                     on=TODAY, by=papers.manager)
    assert file_bytes(papers, gone, "pdf").startswith(b"%PDF")
    draft = written(papers)
    bare = actions.withdraw_document(document=draft, note="Not needed", version=1, on=TODAY,
                                     by=papers.facilitator)
    with acting(papers.manager):
        assert file_of(bare, "pdf", papers.manager) is None
        assert told_of(bare, papers.manager) is None


# --- after an absence ----------------------------------------------------------------------------


def test_an_accepted_act_becomes_its_letter_once_and_goes_when_everybodys_goes(papers: Papers
                                                                               ) -> None:
    [act, *_] = [one for one in papers.delivery.acts(papers.case) if one.kind == "letter"] or [None]
    if act is None:
        papers.delivery.mark(5, {papers.case.pk: "x"})
        papers.delivery.mark(6, {papers.case.pk: "x"})
        [act, *_] = [one for one in papers.delivery.acts(papers.case) if one.kind == "letter"]
    with pytest.raises(Refused, match="Accept the act first"):
        actions.write_for_act(act=act.pk, on=TODAY, language="da", by=papers.facilitator)
    accept_acts(case=papers.case, by=papers.facilitator)
    first = actions.write_for_act(act=act.pk, on=TODAY, language="da", by=papers.facilitator)
    assert actions.write_for_act(act=act.pk, on=TODAY, language="da",
                                 by=papers.facilitator).pk == first.pk
    assert first.kind == Kind.MISSED_SESSION
    with pytest.raises(Refused, match="for everybody alike"):
        issued(papers, first)
    [checked] = papers.world.rows(Document)
    with time_machine.travel(LATER, tick=False):
        actions.issue_document(document=checked, version=checked.version, on=LATER.date(),
                               by=papers.manager)
    [done] = papers.world.rows(Act, pk=act.pk)
    assert done.state == ActState.DONE


# --- who sees what -------------------------------------------------------------------------------


def test_a_referrer_sees_issued_attendance_reports_of_own_referrals_only(
        papers: Papers, browse: Browse) -> None:
    case = papers.refer(completed(papers))
    papers.release(case)
    report = written(papers, Kind.ATTENDANCE_REPORT, case=case)
    others = [issued(papers, written(papers, kind, case=case))
              for kind in (Kind.COMPLETION_NOTICE, Kind.CERTIFICATE)]
    elsewhere = issued(papers, written(papers, Kind.ATTENDANCE_REPORT, case=case,
                                       basis=Basis.COURT, release=None, recipient="A court"))
    referrer, browser = papers.world.staff[Role.REFERRER], browse(Role.REFERRER)
    with acting(referrer):
        assert released_to_referrer(case, referrer) == []
    assert browser.get(f"/documents/{report.pk}/pdf/").status_code == 404
    report = issued(papers, report)
    with acting(referrer):
        assert [one.pk for one in released_to_referrer(case, referrer)] == [report.pk]
    page = browser.get(f"/cases/{case.pk}/?show=documents").content.decode()
    assert str(report.pk) in page
    assert browser.get(f"/documents/{report.pk}/").status_code == 200
    assert browser.get(f"/documents/{report.pk}/pdf/").content.startswith(b"%PDF")
    for hidden in (*others, elsewhere):
        assert str(hidden.pk) not in page
        for place in ("", "pdf/", "docx/", "edit/", "check/", "withdraw/"):
            assert browser.get(f"/documents/{hidden.pk}/{place}").status_code == 404
    assert browser.get(f"/documents/{report.pk}/edit/").status_code == 403
    stranger = papers.delivery.client("Birte")
    papers.release(stranger)
    with acting(papers.manager):
        Case.objects.visible_to(papers.manager).filter(pk=stranger.pk).update(
            referrer_agency="Another municipality")
    foreign = issued(papers, written(papers, Kind.ATTENDANCE_REPORT,
                                     case=papers.world.again(stranger)))
    assert browser.get(f"/documents/{foreign.pk}/pdf/").status_code == 404
    actions.withdraw_document(document=report, note="Wrong", version=report.version, on=TODAY,
                              by=papers.manager)
    assert browser.get(f"/documents/{report.pk}/pdf/").status_code == 404


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.PROGRAMME_ADMINISTRATOR])
def test_whoever_does_not_see_the_case_sees_no_document_of_it(
        papers: Papers, browse: Browse, role: Role) -> None:
    completed(papers)
    document = issued(papers, written(papers))
    browser = browse(role)
    absent = browser.get(f"/documents/{uuid4()}/")
    hidden = browser.get(f"/documents/{document.pk}/")
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
    assert hidden.status_code == 404
    assert browser.get(f"/documents/{document.pk}/pdf/").status_code == 404


# --- pages ---------------------------------------------------------------------------------------


def test_a_word_file_is_three_clicks_from_the_case_and_the_pdf_one_more(
        papers: Papers, browse: Browse) -> None:
    case = completed(papers)
    browser = browse(Role.FACILITATOR)
    section = browser.get(f"/cases/{case.pk}/?show=documents")  # the first click
    [form] = set(re.findall(r'name="form_id" value="([^"]+)"', section.content.decode()))
    sent = {"at_once": "1", "form_id": form}
    address = reverse("document_new", args=[case.pk, Kind.CERTIFICATE])
    shown = browser.post(address, sent, follow=True)  # the second
    again = browser.post(address, sent, follow=True)
    [document] = papers.world.rows(Document)
    assert shown.redirect_chain == again.redirect_chain == [(f"/documents/{document.pk}/", 302)]
    word = browser.get(f"/documents/{document.pk}/docx/")  # the third
    assert word["Content-Disposition"].startswith('attachment; filename="certificate-')
    assert "Anders Opdigtet" in all_text(word.content)
    assert browser.get(f"/documents/{document.pk}/pdf/").content.startswith(b"%PDF")
    assert browser.get(f"/documents/{document.pk}/exe/").status_code == 404


def test_a_form_that_is_refused_keeps_what_was_typed(papers: Papers, browse: Browse) -> None:
    case = papers.refer(papers.case)
    browser = browse(Role.FACILITATOR)
    address = reverse("document_new", args=[case.pk, Kind.ATTENDANCE_REPORT])
    typed = {"form_id": str(uuid4()), "language": "en", "purpose": "reporting", "ground": "",
             "recipient": "", "own_words": "Typed words", **day_boxes("since", TODAY),
             **day_boxes("until", TODAY - timedelta(days=1))}
    answer = browser.post(address, typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "The first day is after the last one." in page
    assert "Typed words" in page
    typed |= day_boxes("since", TODAY - timedelta(days=300))
    answer = browser.post(address, typed)
    assert "name the release" in answer.content.decode()
    assert "Typed words" in answer.content.decode()
    assert browser.post(address, {**typed, "ground": "court"}).status_code == 302
    ahead = {**typed, "ground": "court", **day_boxes("until", TODAY + timedelta(days=1))}
    assert "has not come yet" in browser.post(address, ahead).content.decode()
    assert browser.get(f"/cases/{case.pk}/documents/poem/").status_code == 404


def invitation(papers: Papers, browser: Client) -> Document:
    browser.post(reverse("document_new", args=[papers.case.pk, Kind.INVITATION]), {
        "form_id": str(uuid4()), "language": "en", "meeting_place": "Invented Street 1",
        "meeting_at": "09:30", "own_words": "First", **day_boxes("meeting_on", date(2036, 3, 20))})
    [document] = papers.world.rows(Document)
    found: Document = document
    return found


def test_a_stale_edit_shows_both_texts(papers: Papers, browse: Browse) -> None:
    browser = browse(Role.FACILITATOR)
    document = invitation(papers, browser)
    edit = f"/documents/{document.pk}/edit/"
    assert ">\nFirst</textarea>" in browser.get(edit).content.decode()
    typed = {"form_id": str(uuid4()), "version": "1", "language": "en", "meeting_at": "10:00",
             "meeting_place": "Invented Street 1", **day_boxes("meeting_on", date(2036, 3, 20))}
    assert browser.post(edit, {**typed, "own_words": "Theirs"}).status_code == 302
    answer = browser.post(edit, {**typed, "own_words": "Mine"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Theirs" in page
    assert "Mine" in page
    assert browser.post(edit, {**typed, "own_words": "Both", "version": "2"}).status_code == 302
    [stored] = papers.world.rows(Document)
    assert stored.content.own_words == "Both"
    assert stored.content.meeting_time == "10:00"


def test_the_check_page_shows_the_text_and_asks_whose_words_it_holds(
        papers: Papers, browse: Browse) -> None:
    document = invitation(papers, browse(Role.FACILITATOR))
    manager = browse(Role.PROGRAMME_MANAGER)
    assert "Check a document:" in manager.get("/").content.decode()
    check = f"/documents/{document.pk}/check/"
    page = manager.get(check).content.decode()
    assert "Invented Street 1" in page
    assert "somebody other than the client or the referrer" in page
    assert manager.post(check, {"version": "1", "act": "issue"}).status_code == 422
    answer = manager.post(check, {"version": "1", "act": "issue", "others": "yes"})
    assert "may not go out" in answer.content.decode()
    answer = manager.post(check, {"version": "9", "act": "approve", "others": "no"})
    assert "Somebody changed this document" in answer.content.decode()
    answer = manager.post(check, {"version": "1", "act": "return", "note": "Shorter"}, follow=True)
    assert "returned to its writer" in answer.content.decode()
    assert "Shorter" in browse(Role.FACILITATOR).get(
        f"/documents/{document.pk}/").content.decode()
    answer = manager.post(check, {"version": "2", "act": "approve", "others": "no"}, follow=True)
    assert "It can be issued." in answer.content.decode()
    assert "does not wait for a check" in manager.get(check, follow=True).content.decode()
    answer = manager.post(f"/documents/{document.pk}/issue/", {"version": "3"}, follow=True)
    assert "has been issued" in answer.content.decode()
    answer = manager.post(f"/documents/{document.pk}/issue/", {"version": "x"}, follow=True)
    assert "Somebody changed" in answer.content.decode()
    answer = manager.get(f"/documents/{document.pk}/edit/", follow=True)
    assert "cannot be changed any more" in answer.content.decode()
    answer = manager.post(f"/documents/{document.pk}/anew/", {"form_id": str(uuid4())},
                          follow=True)
    assert "A new edition has been written" in answer.content.decode()
    assert "edition 2" in answer.content.decode()
    gone = manager.post(f"/documents/{document.pk}/withdraw/", {"version": "4", "note": "Wrong"},
                        follow=True)
    assert "has been withdrawn" in gone.content.decode()


def test_a_role_without_the_duty_may_neither_check_nor_issue(papers: Papers, browse: Browse
                                                            ) -> None:
    facilitator = browse(Role.FACILITATOR)
    document = invitation(papers, facilitator)
    assert facilitator.get(f"/documents/{document.pk}/check/").status_code == 403
    assert facilitator.post(f"/documents/{document.pk}/issue/").status_code == 403


def test_the_part_of_the_case_page_takes_the_same_few_queries_for_any_number(papers: Papers
                                                                             ) -> None:
    completed(papers)
    counts = []
    for wanted in (1, 12):
        while len(papers.world.rows(Document)) < wanted:
            issued(papers, written(papers))
        with acting(papers.manager), CaptureQueriesContext(connections["programme"]) as queries:
            shown = documents_part(papers.case, papers.manager, TODAY)
            today_documents(papers.manager, TODAY, TODAY)
        assert len(shown.in_section()["documents"]) == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


# --- the agency's own templates ------------------------------------------------------------------


def test_a_manager_uploads_a_template_tries_it_and_goes_back(papers: Papers, browse: Browse
                                                             ) -> None:
    case = completed(papers)
    manager = browse(Role.PROGRAMME_MANAGER)
    overview = manager.get("/letter-templates/").content.decode()
    assert "Casewall&#x27;s" in overview
    address = reverse("letter_template", args=[case.compartment, Kind.CERTIFICATE, "en"])

    def upload(content: bytes, name: str = "ours.docx") -> str:
        held = io.BytesIO(content)
        held.name = name
        return manager.post(address, {"upload": held}, follow=True).content.decode()

    assert "is not a Word document" in upload(b"%PDF", "ours.pdf")
    assert "not a Word document" in upload(b"%PDF")
    assert "In the text, paragraph 1 there is the field “{{ risk }}”" in upload(
        word_file("{{ risk }}"))
    assert "holds no text" in upload(word_file(" "))
    assert papers.world.rows(LetterTemplate) == []
    page = upload(word_file("Bravo, {{ client_name }}!"))
    assert "Bravo, [the client&#x27;s name]!" in page
    upload(word_file("Well done, {{ client_name }}."))
    assert len(papers.world.rows(LetterTemplate)) == 2
    document = written(papers)
    with acting(papers.manager):
        told = told_of(document, papers.manager)
    assert told is not None
    assert told.text() == "Well done, Anders Opdigtet."
    assert "Well done" in paper_text(file_bytes(papers, document, "pdf"))
    mine = manager.get(f"{address}file/")
    assert "Well done, {{ client_name }}." in all_text(mine.content)
    manager.post(address, {"act": "retire"})
    assert "Certificate of completion" in all_text(manager.get(f"{address}file/").content)
    wrong = reverse("letter_template", args=[case.compartment, Kind.CERTIFICATE, "xx"])
    assert manager.get(wrong).status_code == 404
    assert browse(Role.FACILITATOR).get("/letter-templates/").status_code == 403


def test_a_letterhead_stands_on_what_is_written_afterwards_and_a_stale_one_shows_both(
        papers: Papers, browse: Browse) -> None:
    case = completed(papers)
    manager = browse(Role.PROGRAMME_MANAGER)
    address = reverse("letterhead", args=[case.compartment])
    assert manager.get(address).status_code == 200
    manager.post(address, {"version": "0", "text": "Invented house\nInvented Street 1"})
    answer = manager.post(address, {"version": "0", "text": "Mine"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Invented house" in page
    assert "Mine" in page
    assert written(papers, case=case).content.letterhead == "Invented house\nInvented Street 1"
    assert manager.get(reverse("letterhead", args=[case.compartment + 99])).status_code == 404


def test_every_kind_has_a_page_to_write_it(papers: Papers, browse: Browse) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)
    for kind in Kind:
        page = browser.get(reverse("document_new", args=[papers.case.pk, kind]))
        assert page.status_code == 200
        assert ('name="ground"' in page.content.decode()) is (kind not in TO_THE_CLIENT)
