"""The written report on risk, the commissions that ask for it, and how useful it was."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from casewall.programme.cases.actions import keep_statement
from casewall.programme.cases.models import Case
from casewall.programme.reports import actions as documents
from casewall.programme.reports.models import Document
from casewall.programme.reports.rendering import file_of
from casewall.programme.reports.rules import Basis, Kind, Purpose
from casewall.programme.risk.commissions import actions
from casewall.programme.risk.commissions.reading import listed, response, today_commissions
from casewall.programme.risk.models import Commission, ReportFeedback
from casewall.programme.risk.rules import Level
from casewall.programme.risk.terms.rules import By, CommissionState, Terms, Usefulness
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role, Viewer
from tests.programme.conftest import TODAY
from tests.programme.reports.conftest import CANARY, Papers
from tests.programme.reports.word_files import all_text
from tests.programme.risk.conftest import Risk

DAY = timedelta(days=1)
TERMS = Terms(By.COURT, "Opdigtet ret", "C-12", 125_000, "EUR", TODAY - DAY, TODAY + 20 * DAY)


def referred(risk: Risk) -> Case:
    """The case as a referral of the invented referrer."""
    with acting(risk.manager):
        Case.objects.visible_to(risk.manager).filter(pk=risk.case.pk).update(
            referrer_worker=risk.world.staff[Role.REFERRER].worker,
            referrer_agency="Invented municipality")
    return risk.world.again(risk.case)


def written(risk: Risk, language: str = "en", **entries: Any) -> Document:
    """A draft of the report by the assessor, on the ground of a court's order unless said."""
    usual = documents.default_entries(case=risk.case, kind=Kind.RISK_REPORT, on=TODAY,
                                      by=risk.assessor)
    given = {"basis": Basis.COURT, "recipient": usual.recipient or "Opdigtet ret", **entries}
    return documents.write_document(
        case=risk.case, kind=Kind.RISK_REPORT, language=language, on=TODAY, by=risk.assessor,
        entries=replace(usual, **given))


def issued(risk: Risk, document: Document) -> Document:
    checked = documents.approve_document(document=document, version=document.version,
                                         nothing_from_others=True, by=risk.manager)
    return documents.issue_document(document=checked, version=checked.version, on=TODAY,
                                    by=risk.manager)


def content(document: Document, ending: str, viewer: Viewer) -> bytes:
    with acting(viewer):
        found = file_of(document, ending, viewer)
    assert found is not None
    return found


def commissioned(risk: Risk, **changes: Any) -> Commission:
    return actions.open_commission(case=risk.case, terms=replace(TERMS, **changes),
                                   by=risk.assessor)


def tags(node: object) -> Iterator[str]:
    """Every kind of tag in the tree of a PDF."""
    found = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(found, list):
        for one in found:
            yield from tags(one)
    elif isinstance(found, dict):
        if "/S" in found:
            yield str(found["/S"])
        if "/K" in found:
            yield from tags(found["/K"])


def test_there_is_no_report_without_a_signed_assessment(risk: Risk) -> None:
    risk.waiting()
    with pytest.raises(Refused, match="No risk assessment of this case has been signed"):
        written(risk)


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("judged to be high", "Source missing", "Police records", "Opdigtet: no reply",
            "Opdigtet: weekly contact", "Opdigtet: health care did not answer.", "4 June 2036",
            "They are not added up", "Opdigtet: the text about attitudes.")),
    ("da", ("vurderes som høj", "Kilde, der mangler", "Politiets oplysninger",
            "De lægges ikke sammen", "4. juni 2036")),
])
def test_the_report_says_findings_sources_gaps_recommendations_and_limits(
        risk: Risk, language: str, words: tuple[str, ...]) -> None:
    risk.signed()
    document = written(risk, language, recipient="Opdigtet ret", own_words="Opdigtet: eget ord.")
    told = document.content
    assert (told.risk_version, len(told.risk_ratings)) == ("1", 29)
    assert [row.name for row in told.risk_sources] == [
        "The client" if language == "en" else "Klienten"]
    assert len(told.risk_missing) == 6
    paper = content(document, "pdf", risk.manager)
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages
                              ).split())
    word = all_text(content(document, "docx", risk.manager))
    for one in (*words, "Opdigtet: eget ord."):
        assert one in text
        assert one in word


def test_the_pdf_is_tagged_for_whoever_reads_by_ear(risk: Risk) -> None:
    risk.signed()
    reader = PdfReader(io.BytesIO(content(written(risk, recipient="Opdigtet ret"), "pdf",
                                          risk.manager)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD"} <= set(tags(root["/StructTreeRoot"]["/K"]))


def test_no_word_of_the_file_but_the_assessment_s_own_stands_in_the_report(risk: Risk) -> None:
    risk.signed()
    before = written(risk, recipient="Opdigtet ret")
    Papers.plant(type("Planter", (), {"manager": risk.manager, "world": risk.world})(), risk.case)
    document = written(risk, recipient="Opdigtet ret")
    assert CANARY not in document.facts
    assert CANARY not in all_text(content(document, "docx", risk.manager))
    # The same in a world with disclosures and in one without.
    assert document.facts == before.facts
    assert content(document, "pdf", risk.manager) == content(before, "pdf", risk.manager)


def test_words_of_a_statement_go_into_no_report(risk: Risk) -> None:
    keep_statement(case=risk.case, item=uuid4(), purpose="statement", on=TODAY,
                   text="Opdigtet: weekly contact; no alcohol before sessions. Somebody said so.",
                   by=risk.world.system)
    risk.signed()
    with pytest.raises(Refused, match="for knowledge only") as refused:
        written(risk, recipient="Opdigtet ret")
    assert "Opdigtet weekly contact no alcohol before" in str(refused.value)


def test_a_commission_fills_in_the_report_and_is_closed_by_its_issue(risk: Risk) -> None:
    risk.signed()
    made = commissioned(risk)
    document = written(risk)
    told = document.content
    assert (told.recipient, told.commissioned_by) == ("Opdigtet ret", "Opdigtet ret")
    assert (document.basis, document.purpose) == (Basis.COURT, Purpose.COURT)
    issued(risk, document)
    row, = risk.world.rows(Commission)
    assert (row.state, row.delivered_on, row.document) == (
        CommissionState.DELIVERED, TODAY, document.pk)
    asked, = risk.world.rows(ReportFeedback)
    assert (asked.commission_id, asked.to_referrer, asked.ask_on) == (
        made.pk, False, TODAY + 14 * DAY)


def test_who_checks_the_report_is_asked_about_partners_and_not_about_the_police(
        risk: Risk, browse: Any) -> None:
    risk.signed()
    document = written(risk)
    browser, address = browse(Role.PROGRAMME_MANAGER), f"/documents/{document.pk}/check/"
    page = browser.get(address).content.decode()
    assert "come from a partner, a former partner or a child" in page
    assert "other than the client or the" not in page
    assert browser.post(address, {"version": "1", "act": "approve"}).status_code == 422
    sent = {"version": "1", "act": "issue", "others": "no"}
    assert browser.post(address, sent).status_code == 302
    assert risk.world.rows(Document)[0].state == "issued"


def test_a_new_edition_keeps_the_commission_delivered_and_asks_about_the_new_one(
        risk: Risk) -> None:
    risk.signed()
    commissioned(risk)
    first = issued(risk, written(risk))
    second = issued(risk, documents.write_anew(document=first, on=TODAY, by=risk.assessor))
    row, = risk.world.rows(Commission)
    assert (row.state, row.document) == (CommissionState.DELIVERED, second.pk)
    assert {one.document: one.void for one in risk.world.rows(ReportFeedback)} == {
        first.pk: True, second.pk: False}


def test_a_withdrawn_report_opens_its_commission_and_asks_nobody(risk: Risk) -> None:
    risk.signed()
    commissioned(risk)
    document = issued(risk, written(risk))
    documents.withdraw_document(document=document, note="Opdigtet", version=document.version,
                                on=TODAY, by=risk.manager)
    row, = risk.world.rows(Commission)
    assert (row.state, row.document, row.delivered_on) == (CommissionState.OPEN, None, None)
    assert risk.world.rows(ReportFeedback)[0].void
    with acting(risk.manager):
        assert response(risk.manager).asked == 0


def test_a_commission_withdrawn_meanwhile_stops_the_issue(risk: Risk) -> None:
    risk.signed()
    row = commissioned(risk)
    document = written(risk)
    actions.withdraw_commission(commission=row, note="Opdigtet", version=1, by=risk.manager)
    with pytest.raises(Refused, match="has been withdrawn"):
        issued(risk, document)
    assert not risk.world.rows(ReportFeedback)


def test_a_commission_is_kept_once_changed_past_no_other_and_withdrawn_with_a_reason(
        risk: Risk) -> None:
    form = uuid4()
    for _ in range(2):
        row = actions.open_commission(case=risk.case, terms=TERMS, form=form, by=risk.assessor)
    assert len(risk.world.rows(Commission)) == 1
    later = replace(TERMS, due_on=TODAY + 30 * DAY, price=None, currency="EUR")
    for _ in range(2):
        row = actions.change_commission(commission=row, terms=later, version=1, by=risk.manager)
    assert (row.version, row.price, row.currency) == (2, None, "")
    with pytest.raises(StaleEdit):
        actions.change_commission(commission=row, terms=TERMS, version=1, by=risk.manager)
    with pytest.raises(StaleEdit):
        actions.withdraw_commission(commission=row, note="Opdigtet", version=1, by=risk.manager)
    with pytest.raises(Refused, match="Say why"):
        actions.withdraw_commission(commission=row, note=" ", version=2, by=risk.manager)
    for _ in range(2):
        actions.withdraw_commission(commission=row, note="Opdigtet", version=2, by=risk.manager)
    with pytest.raises(Refused, match="has been withdrawn"):
        actions.change_commission(commission=row, terms=TERMS, version=3, by=risk.manager)
    with pytest.raises(Refused, match="before it was asked"):
        commissioned(risk, due_on=TODAY - 9 * DAY)


@pytest.mark.parametrize("role", [Role.REFERRER, Role.PROGRAMME_ADMINISTRATOR])
def test_who_does_not_do_the_work_commissions_nothing(risk: Risk, role: Role) -> None:
    row, by = commissioned(risk), risk.world.staff[role]
    for act in (
        lambda: actions.open_commission(case=risk.case, terms=TERMS, by=by),
        lambda: actions.change_commission(commission=row, terms=TERMS, version=1, by=by),
        lambda: actions.withdraw_commission(commission=row, note="x", version=1, by=by),
        lambda: actions.report_issued(case=risk.case, document=uuid4(), commission=None,
                                      to_referrer=False, on=TODAY, by=by),
        lambda: actions.report_withdrawn(document=uuid4(), by=by),
    ):
        with pytest.raises(Refused, match="may not"):
            act()


def test_the_list_has_the_overdue_first_and_today_says_what_is_due(risk: Risk) -> None:
    commissioned(risk, commissioned_by="Later")
    commissioned(risk, commissioned_by="Late", asked_on=TODAY - 30 * DAY, due_on=TODAY - 2 * DAY)
    gone = commissioned(risk, commissioned_by="Gone")
    actions.withdraw_commission(commission=gone, note="Opdigtet", version=1, by=risk.manager)
    with acting(risk.manager):
        rows = listed(risk.manager, TODAY)
        today = today_commissions(risk.manager, TODAY, TODAY + 7 * DAY)
    assert [row["cells"][1] for row in rows] == ["Late", "Later", "Gone"]
    assert rows[0]["cells"][2] == ("2 days late", "red")
    assert [one["what"] for one in today] == ["Deliver a commissioned report:"]


def asked(risk: Risk) -> ReportFeedback:
    """The feedback on a report that was issued to the agency that referred."""
    risk.case = referred(risk)
    risk.signed()
    issued(risk, written(risk, recipient=""))
    found: ReportFeedback = risk.world.rows(ReportFeedback)[0]
    return found


def test_the_referrer_says_once_how_useful_the_report_was(risk: Risk) -> None:
    row, referrer = asked(risk), risk.world.staff[Role.REFERRER]
    assert row.to_referrer
    for _ in range(2):
        said = actions.answer_feedback(feedback=row, usefulness=Usefulness.VERY_USEFUL,
                                       comment="", by=referrer)
    assert (said.told, said.answered_on, said.worker) == ("own_view", TODAY, referrer.worker)
    with pytest.raises(Refused, match="answered already"):
        actions.answer_feedback(feedback=row, usefulness=Usefulness.NOT, comment="",
                                by=risk.manager)
    with acting(risk.manager):
        assert response(risk.manager).words().startswith("1 of 1 readers have answered (100%)")


def test_a_worker_writes_down_an_answer_on_paper_and_others_may_not(risk: Risk) -> None:
    row = asked(risk)
    with pytest.raises(Refused, match="may not"):
        actions.answer_feedback(feedback=row, usefulness=Usefulness.NOT, comment="",
                                by=risk.world.staff[Role.PROGRAMME_ADMINISTRATOR])
    said = actions.answer_feedback(feedback=row, usefulness=Usefulness.A_LITTLE,
                                   comment="Opdigtet", by=risk.assessor)
    assert said.told == "paper"


def test_a_referrer_reads_and_answers_only_what_was_issued_to_it(
        risk: Risk, browse: Any) -> None:
    row = asked(risk)
    elsewhere = issued(risk, written(risk, recipient="Another court"))
    browser = browse(Role.REFERRER)
    page = browser.get(f"/cases/{risk.case.pk}/?show=documents").content.decode()
    assert f"/report-feedback/{row.pk}/" in page
    assert str(elsewhere.pk) not in page
    assert browser.get(f"/documents/{row.document}/pdf/").content.startswith(b"%PDF")
    assert browser.get(f"/documents/{elsewhere.pk}/").status_code == 404
    other, = risk.world.rows(ReportFeedback, document=elsewhere.pk)
    assert browser.get(f"/report-feedback/{other.pk}/").status_code == 404
    address = f"/report-feedback/{row.pk}/"
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"seen": risk.case.stage}).status_code == 422
    sent = {"seen": risk.case.stage, "usefulness": "useful", "comment": "Opdigtet"}
    assert browser.post(address, sent).status_code == 302
    assert browser.get(address).status_code == 302
    again = browser.get(f"/cases/{risk.case.pk}/?show=documents").content.decode()
    assert address not in again
    for hidden in ("risk", ""):
        shown = browser.get(f"/cases/{risk.case.pk}/?show={hidden}").content.decode()
        assert "Risk:" not in shown
        assert Level.HIGH.value not in shown.lower().split()
