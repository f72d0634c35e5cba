"""The pages of what leaves this side: for their roles, whole, and in few queries."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casewall.safety.sharing import actions
from casewall.safety.sharing.actions.studies import Text
from casewall.safety.sharing.models import (
    AgencyContact,
    CaseStudy,
    Export,
    ExternalAgency,
    SafetyReport,
    Share,
    SharingAgreement,
    StudyConsent,
)
from casewall.safety.sharing.rules import Exported, Route
from casewall.safety.sharing.studies.rules import Place
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from tests.programme.conftest import day_boxes
from tests.safety.children.conftest import SERVICE, TODAY, Family
from tests.safety.sharing.conftest import DAY, RECIPIENT, Sharing, answers, written
from tests.safety.sharing.test_safety_reports import BOTH, released

Browser = Callable[[str], Client]
COORDINATION = {"coordinator", "manager"}
WORKERS = {"partner", *COORDINATION}
SHARERS = {"children", "colleague", "other", *WORKERS}


def main(answer: HttpResponse) -> str:
    text = answer.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def hidden(answer: HttpResponse, name: str = "version") -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', main(answer))
    assert found
    return found[1]


def once(**typed: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), **typed}


def study(family: Family, **changed: Any) -> CaseStudy:
    text = Text(**{
        "title": "Opdigtet", "text": "Invented words.", "is_quotation": True, "persons": 1,
        "changed": "Everything.", "place": Place.NONE, **changed,
    })  # fmt: skip
    return actions.write_study(text=text, service=SERVICE, compartment=family.file.compartment,
                               by=family["coordinator"])  # fmt: skip


def places(family: Family, agency: ExternalAgency, row: Share, report: SafetyReport
           ) -> list[tuple[str, Any, set[str], str]]:  # fmt: skip
    """(page, its argument, who may, GET or POST or both) of every page of this app."""
    sent = actions.send_message(share=row, route=Route.POST, words="x", sent_on=TODAY,
                                by=family["partner"])  # fmt: skip
    child = family.supported().child
    out = released(
        actions.write_report(written=written(), file=family.file, by=family["partner"]), family
    )
    (export, *_) = family.seen("coordinator", Export)
    text = study(family)
    consent = actions.consent_to_study(study=text, person="A", given_on=TODAY,
                                       expires_on=TODAY + DAY, by=family["coordinator"])
    office = actions.add_contact(agency=agency, name="Desk", phone="+442079461111",
                                 by=family["coordinator"])  # fmt: skip
    return [
        ("agencies", None, SHARERS, "GET"),
        ("agency-new", None, COORDINATION, "BOTH"),
        ("agency", agency.pk, SHARERS, "GET"),
        *((name, agency.pk, COORDINATION, "BOTH")
          for name in ("agency-edit", "agency-contact", "agency-agree")),
        ("agency-contact-end", office.pk, COORDINATION, "POST"),
        ("share-new", family.file.pk, WORKERS, "BOTH"),
        ("share-new-child", child.pk, {"children", *WORKERS}, "BOTH"),
        ("share", row.pk, WORKERS, "GET"),
        *((name, row.pk, WORKERS, "BOTH")
          for name in ("share-recall", "share-told", "share-message")),
        ("message-receipt", sent.pk, WORKERS, "BOTH"),
        ("safety-report-new", family.file.pk, WORKERS, "BOTH"),
        ("safety-report-new-child", child.pk, {"children", *WORKERS}, "BOTH"),
        ("safety-report", report.pk, WORKERS, "GET"),
        ("safety-report-edit", report.pk, WORKERS, "BOTH"),
        ("safety-report-withdraw", report.pk, WORKERS, "BOTH"),
        ("safety-report-check", report.pk, COORDINATION, "BOTH"),
        ("safety-report-return", report.pk, COORDINATION, "BOTH"),
        ("safety-report-release", report.pk, COORDINATION, "POST"),
        ("safety-report-anew", out.pk, WORKERS, "BOTH"),
        ("studies", None, COORDINATION, "GET"),
        ("study-new", None, COORDINATION, "BOTH"),
        ("study", text.pk, COORDINATION, "GET"),
        *((name, text.pk, COORDINATION, "BOTH")
          for name in ("study-edit", "study-consent", "study-publish", "study-recall")),
        ("study-consent-back", consent.pk, COORDINATION, "BOTH"),
        ("study-approve", text.pk, COORDINATION, "POST"),
        ("exports", None, COORDINATION, "GET"),
        ("export", export.pk, COORDINATION, "GET"),
        ("export-recall", export.pk, COORDINATION, "BOTH"),
        ("export-told", export.pk, COORDINATION, "BOTH"),
        ("agency-retire", agency.pk, COORDINATION, "POST"),
    ]  # fmt: skip


def test_every_page_is_there_for_its_roles_and_for_nobody_else(
    family: Family, agency: ExternalAgency, shared: Sharing, report: SafetyReport, browser: Browser
) -> None:
    for name, pk, theirs, how in places(family, agency, shared(), report):
        address = reverse(name, args=[pk] if pk else [])
        for who in family.workers:
            may = who in theirs
            got = browser(who).get(address).status_code
            expected = (200 if may else 404) if how != "POST" else 405
            assert got == expected, (name, who, got)
            sent = browser(who).post(address, {}).status_code
            if how == "GET":
                assert sent == 405, (name, who)
            elif how == "BOTH":
                assert sent == (422 if may else 404), (name, who, sent)
            else:
                assert sent == (302 if may else 404), (name, who, sent)
        assert browser("coordinator").get(
            reverse(name, args=[uuid4()]) if pk else address
        ).status_code in ({404, 405} if pk else {200})


SENT = {
    "person": "Duty desk", "purpose": "safety", "what": "Invented: needs a new lock.",
    "basis": "vital_interests", "condition": "", "consented": "no", "document": "",
    "without_because": "Nobody could be asked.", **day_boxes("shared_on", TODAY),
    **day_boxes("expires_on", TODAY + 90 * DAY),
}  # fmt: skip


def test_a_share_is_written_on_the_page_with_what_is_wrong_said_and_kept(
    family: Family, agency: ExternalAgency, browser: Browser
) -> None:
    address = reverse("share-new", args=[family.file.pk])
    sent = once(**SENT, agency=str(agency.pk))
    wrong = browser("partner").post(address, {**sent, "without_because": ""})
    assert wrong.status_code == 422
    assert "Write why it is shared without consent." in main(wrong)
    assert "Invented: needs a new lock." in main(wrong)
    for _ in range(2):
        assert browser("partner").post(address, sent).status_code == 302
    (row,) = family.seen("partner", Share)
    section = main(browser("partner").get(
        reverse("partner", args=[family.file.pk]) + "?show=shared"))  # fmt: skip
    assert "Invented Housing Office" in section
    page = main(browser("partner").get(reverse("share", args=[row.pk])))
    assert "Nobody could be asked." in page
    recall = reverse("share-recall", args=[row.pk])
    answer = browser("partner").post(recall, once(reason="Wrong person", version="1"))
    assert answer.status_code == 302
    stale = browser("partner").post(recall, once(reason="Another reason", version="1"))
    assert stale.status_code == 422
    assert "Somebody else changed this" in main(stale)
    assert "Invented Housing Office of a recalled share" in main(browser("partner").get("/"))


def test_the_directory_is_kept_on_its_pages(family: Family, browser: Browser) -> None:
    keeper = browser("coordinator")
    page = keeper.get(reverse("agency-new"))
    sent = once(service=SERVICE, name="Invented Court Office", kind="court", area="", note="")
    assert keeper.post(reverse("agency-new"), sent).status_code == 302, main(page)
    (one,) = family.seen("coordinator", ExternalAgency)
    contact = once(name="Desk", role="", phone="", email="", address="")
    wrong = keeper.post(reverse("agency-contact", args=[one.pk]), contact)
    assert "Write a phone number" in main(wrong)
    keeper.post(reverse("agency-contact", args=[one.pk]), {**contact, "phone": "+442079461111"})
    agreed = once(what="Dates", basis="public_task", **day_boxes("first_on", TODAY),
                  **day_boxes("last_on", TODAY + 30 * DAY))  # fmt: skip
    assert keeper.post(reverse("agency-agree", args=[one.pk]), agreed).status_code == 302
    assert len(family.seen("partner", AgencyContact)) == 1
    shown = main(browser("children").get(reverse("agency", args=[one.pk])))
    assert "+442079461111" in shown
    assert "Ends soon" in shown
    assert "Agreement ends soon" in main(keeper.get(reverse("agencies")))
    (agreement,) = family.seen("partner", SharingAgreement)
    keeper.post(reverse("agency-agree-end", args=[agreement.pk]))
    assert "No agreement" in main(keeper.get(reverse("agencies")))


def test_a_report_goes_from_draft_over_the_check_to_its_files(
    family: Family, browser: Browser
) -> None:
    writer, checker = browser("partner"), browser("coordinator")
    sent = once(
        addressed_to="court", recipient=RECIPIENT, asked_by="", title="Report", named="A. I.",
        basis="consent", consented="yes", sections=["support", "assessment"],
        words_assessment="Invented: a careful assessment.", **day_boxes("consent_on", TODAY),
    )  # fmt: skip
    address = reverse("safety-report-new", args=[family.file.pk])
    wrong = writer.post(address, {**sent, "words_assessment": ""})
    assert "has no words yet" in main(wrong)
    assert writer.post(address, sent).status_code == 302
    (report,) = family.seen("partner", SafetyReport)
    page = reverse("safety-report", args=[report.pk])
    assert "Somebody else checks this report" in main(writer.get(page))
    check = reverse("safety-report-check", args=[report.pk])
    shown = checker.get(check)
    assert main(shown).count("Does it tell where somebody lives or can be found?") == 2
    left_open = checker.post(check, once(version="1"))
    assert "Answer all three questions" in main(left_open)
    no = {f"{section}_{asked}": "no" for section, given in answers(BOTH).items() for asked in given}
    lives = checker.post(check, once(version="1", **{**no, "support_lives": "yes"}))
    assert "that never goes out" in main(lives)
    assert checker.post(check, once(version="1", **no)).status_code == 302
    checked = checker.get(page)
    released_ = checker.post(reverse("safety-report-release", args=[report.pk]),
                             {"version": hidden(checked)})  # fmt: skip
    assert released_.status_code == 302
    for ending in ("pdf", "docx"):
        file = reverse("safety-report-file", args=[report.pk, ending])
        assert writer.get(file).content == checker.get(file).content
        assert browser("other").get(file).status_code == 404
    assert writer.get(reverse("safety-report-file", args=[report.pk, "exe"])).status_code == 404
    assert RECIPIENT in main(checker.get(reverse("exports")))


def test_a_text_is_published_with_its_consent_and_taken_back_without(
    family: Family, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = study(family)
    page = reverse("study", args=[text.pk])
    shown = main(browser("manager").get(page))
    assert "0 of 1 persons" in shown
    assert "persons of the records fit" in shown
    with pytest.raises(Refused, match="the age or the place wider"):
        actions.approve_study(study=text, version=1, by=family["manager"])
    monkeypatch.setattr("casewall.safety.sharing.actions.studies.possible_persons",
                        lambda study, by: 40)  # fmt: skip
    with pytest.raises(Refused, match="0 of 1 persons"):
        actions.approve_study(study=text, version=1, by=family["manager"])
    browser("manager").post(reverse("study-consent", args=[text.pk]), once(
        person="A. I.", **day_boxes("given_on", TODAY), **day_boxes("expires_on", TODAY + DAY)
    ))  # fmt: skip
    with pytest.raises(Refused, match="somebody else must approve"):
        actions.approve_study(study=text, version=1, by=family["coordinator"])
    text = actions.approve_study(study=text, version=1, by=family["manager"])
    published = browser("manager").post(reverse("study-publish", args=[text.pk]),
                                        once(where="An invented page", version="2"))  # fmt: skip
    assert published.status_code == 302
    (consent,) = family.seen("manager", StudyConsent)
    browser("coordinator").post(reverse("study-consent-back", args=[consent.pk]),
                                once(**day_boxes("on", TODAY)))  # fmt: skip
    assert "since a consent is gone" in main(browser("manager").get("/"))
    recalled = browser("manager").post(reverse("study-recall", args=[text.pk]),
                                       once(reason="Consent is gone", version="3"))  # fmt: skip
    assert recalled.status_code == 302
    (row,) = family.seen("manager", Export, kind=Exported.CASE_STUDY)
    assert row.recalled_on == TODAY


def test_the_section_and_today_ask_the_same_however_much_was_shared(
    family: Family, agency: ExternalAgency, shared: Sharing, browser: Browser
) -> None:
    address = reverse("partner", args=[family.file.pk]) + "?show=shared"

    def more() -> None:
        row = shared()
        actions.send_message(share=row, route=Route.POST, words="x", sent_on=TODAY - 0 * DAY,
                             by=family["partner"])  # fmt: skip
        actions.write_report(written=written(), file=family.file, by=family["partner"])

    def asked(page: str) -> int:
        with CaptureQueriesContext(connections["safety"]) as queries:
            assert browser("partner").get(page).status_code == 200
        return len(queries)

    more()
    asked(address), asked("/")
    few = asked(address), asked("/")
    for _ in range(3):
        more()
    assert (asked(address), asked("/")) == few
    with acting(family["partner"]):
        assert Share.objects.visible_to(family["partner"]).count() == 4
