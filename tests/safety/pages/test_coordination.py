"""Links, disclosures and figures: who decides, and what exactly crosses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from casewall.programme.rights.rules import Affected, How, Identity, Mishap, Right
from casewall.safety.coordination.actions import ask, release_due
from casewall.safety.coordination.models import Approval, Disclosure
from casewall.safety.coordination.rules import Ground, Purpose
from casewall.safety.intake.models import OutboxItem
from casewall.safety.partners.models import FileLink
from casewall.safety.rights import actions as rights
from casewall.staff.step_up import fresh_for
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import Staff, add_colleague, signed_in
from tests.safety.pages.conftest import PHONE, Invented, pulled_case, stated_partner
from tests.safety.pages.test_recording import day, rows

Browser = Callable[[Role], Client]
WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER
TEXT = "Cannot be placed in the Tuesday group."


def asked(staff: Staff, world: Invented, by: Role = COORDINATOR) -> Disclosure:
    return ask(
        file=world.file,
        case_id=world.case_id,
        purpose=Purpose.PLACEMENT,
        text=TEXT,
        ground=Ground.PARTNER_CONSENT,
        other_sources=2,
        by=staff[by],
        at=timezone.now(),
    )


def post(browser: Browser, role: Role, name: str, pk: object, **data: str) -> HttpResponse:
    return browser(role).post(reverse(name, args=[pk]), data, follow=True)


# --- links ---------------------------------------------------------------------------------


def test_a_statement_of_the_same_name_or_phone_is_only_suggested(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    named, phoned, other = (
        pulled_case(staff, f"Opdigtet {word}") for word in ("Navn", "Telefon", "Anden")
    )
    stated_partner(staff, named.pk, "Sørensen, Opdigtet")
    stated_partner(staff, phoned.pk, None, PHONE)
    stated_partner(staff, other.pk, "Opdigtet Sørensdatter", "+45 99 88 77 66")
    shown = browser(COORDINATOR).get(reverse("link-file", args=[world.file.pk])).content.decode()
    assert "Opdigtet Navn" in shown
    assert "A partner of exactly this name was stated in this case." in shown
    assert "A partner with the same phone number was stated in this case." in shown
    assert "Opdigtet Anden" not in shown
    assert [link.case_id for link in rows(staff, FileLink)] == [world.case_id]


def test_linking_is_a_person_s_decision_and_twice_is_once(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    case = pulled_case(staff, "Opdigtet Navn")
    for _ in range(2):
        answer = post(
            browser,
            COORDINATOR,
            "link-file",
            world.free.pk,
            case_id=str(case.pk),
            origin="declaration",
        )
        assert "The programme side is not told." in answer.content.decode()
    assert [link.case_id for link in rows(staff, FileLink, file=world.free)] == [case.pk]
    assert rows(staff, OutboxItem) == []


def test_a_case_that_is_not_there_cannot_be_linked(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    unknown = post(
        browser, COORDINATOR, "link-file", world.free.pk, case_id=str(uuid4()), origin="search"
    )
    assert unknown.status_code == 404
    bad = post(browser, COORDINATOR, "link-file", world.free.pk, case_id="x", origin="search")
    assert bad.status_code == 422
    assert "Choose a case from the list." in bad.content.decode()


def test_a_case_is_found_by_the_client_s_name_for_linking(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    from casewall.safety.pulled.models import CaseToken
    from casewall.vault.blind import person_tokens
    from casewall.wall.sides import Side

    case = pulled_case(staff, "Påfundet Klientsen")
    with acting(staff[Role.SAFETY_SYSTEM]):
        CaseToken.objects.for_system("tokens").bulk_create(
            CaseToken(compartment=case.compartment, case=case, token=token, kind=kind)
            for token, kind in person_tokens(Side.SAFETY, names=[case.name]).items()
        )
    address = reverse("link-file", args=[world.free.pk]) + "?q=klientsen"
    assert "Påfundet Klientsen" in browser(COORDINATOR).get(address).content.decode()
    address = reverse("search") + "?q=klientsen"
    shown = browser(COORDINATOR).get(address).content.decode()
    assert "Påfundet Klientsen" in shown
    assert reverse("client-risk", args=[case.pk]) in shown
    assert "Påfundet Klientsen" not in browser(WORKER).get(address).content.decode()


def test_new_files_and_statements_without_a_link_wait_for_the_coordinator(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    stated_partner(staff, pulled_case(staff, "Opdigtet Navn").pk, "Ny Påstået")
    stated_partner(staff, world.case_id, "Alleredekendt Påstået")
    shown = browser(COORDINATOR).get("/").content.decode()
    assert "Påfundet Ålborg" in shown.split("New files without a case")[1]
    assert "Opdigtet Sørensen" not in shown.split("New files without a case")[1]
    assert "Ny Påstået" in shown
    assert "Alleredekendt" not in shown


# --- disclosures -----------------------------------------------------------------------------


def form(world: Invented, **changed: str) -> dict[str, str]:
    return {
        "form_id": str(uuid4()),
        "case_id": str(world.case_id),
        "purpose": "placement",
        "text": TEXT,
        "ground": "partner_consent",
        **day("agreed_on"),
        "override_reason": "",
        "other_sources": "2",
        **changed,
    }


def test_asking_puts_exactly_the_text_to_the_approvers_and_twice_is_once(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    typed = form(world)
    for _ in range(2):
        answer = post(browser, WORKER, "ask-disclosure", world.file.pk, **typed)
        assert "Nothing has crossed yet." in answer.content.decode()
    (one,) = rows(staff, Disclosure)
    assert (one.text, one.state, str(one.pk)) == (TEXT, "asked", typed["form_id"])
    assert rows(staff, OutboxItem) == []


BAD = [
    ({"text": ""}, "The words that cross"),
    ({"text": "x" * 501}, "Keep to 500 characters; this has 501."),
    ({"purpose": "curiosity"}, "For what purpose?"),
    ({"ground": "recorded_override"}, "An override of the partner&#x27;s wish needs its reason."),
    (
        {"ground": "recorded_override", "override_reason": "Opdigtet", "other_sources": "1"},
        "Fewer than two other sources could have produced this",
    ),
    ({"other_sources": "-1"}, "How many sources"),
    ({"case_id": str(uuid4())}, "About which case?"),
    ({"agreed_on_day": ""}, "Enter"),
    (
        {"agreed_on_day": "", "agreed_on_month": "", "agreed_on_year": ""},
        "Write the day on which the partner agreed.",
    ),
    ({"agreed_on_year": "2037"}, "cannot be in the future"),
]


@pytest.mark.parametrize(("changed", "sentence"), BAD)
def test_a_bad_request_gets_a_sentence_and_keeps_the_text(
    staff: Staff, browser: Browser, world: Invented, changed: dict[str, str], sentence: str
) -> None:
    answer = post(browser, WORKER, "ask-disclosure", world.file.pk, **form(world, **changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert changed.get("text", TEXT) in answer.content.decode()
    assert rows(staff, Disclosure) == []


def test_a_file_without_a_case_has_nothing_to_disclose_about(
    browser: Browser, world: Invented
) -> None:
    address = reverse("ask-disclosure", args=[world.free.pk])
    assert "No case is linked" in browser(WORKER).get(address).content.decode()


def test_two_approvers_are_needed_and_one_is_from_partner_support(
    staff: Staff, browser: Browser, world: Invented, owner_urls: dict[str, str]
) -> None:
    asker = add_colleague(
        owner_urls, COORDINATOR, "coordination-office", f"{uuid4()}@example.invalid"
    )
    one = ask(
        file=world.file,
        case_id=world.case_id,
        purpose=Purpose.PLACEMENT,
        text=TEXT,
        ground=Ground.PARTNER_CONSENT,
        by=asker.as_viewer(),
        at=timezone.now(),
    )
    card = browser(COORDINATOR).get(reverse("disclosure", args=[one.pk])).content.decode()
    assert f"These words cross, and nothing else: “{TEXT}”" in card
    first = post(browser, COORDINATOR, "approve-disclosure", one.pk).content.decode()
    assert "One more is needed." in first
    again = post(browser, COORDINATOR, "approve-disclosure", one.pk).content.decode()
    assert "You have approved this already." in again
    alike = post(browser, MANAGER, "approve-disclosure", one.pk).content.decode()
    assert "One of the two approvers must be from partner support." in alike
    assert rows(staff, Disclosure)[0].state == "asked"
    last = post(browser, WORKER, "approve-disclosure", one.pk).content.decode()
    assert "It is released at the next fixed hour." in last
    (done,) = rows(staff, Disclosure)
    assert (done.state, timezone.localtime(done.release_at).hour) == ("approved", 15)
    assert len(rows(staff, Approval)) == 2


def test_whoever_asks_cannot_approve(staff: Staff, browser: Browser, world: Invented) -> None:
    one = asked(staff, world)
    shown = browser(COORDINATOR).get(reverse("disclosure", args=[one.pk])).content.decode()
    assert "Whoever asks for a disclosure cannot approve it." in shown
    assert "Yes, approve" not in shown
    refused = post(browser, COORDINATOR, "approve-disclosure", one.pk).content.decode()
    assert "Whoever asks for a disclosure cannot approve it." in refused
    assert rows(staff, Approval) == []


def test_it_waits_on_the_home_page_of_those_who_can_approve(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    one = asked(staff, world)
    address = reverse("disclosure", args=[one.pk])
    assert address in browser(WORKER).get("/").content.decode()
    assert address not in browser(COORDINATOR).get("/").content.decode()
    assert address in browser(COORDINATOR).get(reverse("disclosures")).content.decode()


def test_a_refusal_needs_its_reason_and_sends_nothing_down(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    one = asked(staff, world)
    empty = post(browser, WORKER, "refuse-disclosure", one.pk, reason=" ")
    assert empty.status_code == 422
    assert rows(staff, Disclosure)[0].state == "asked"
    post(browser, WORKER, "refuse-disclosure", one.pk, reason="Opdigtet grund.")
    assert rows(staff, Disclosure)[0].state == "refused"
    again = post(browser, MANAGER, "refuse-disclosure", one.pk, reason="En til.")
    assert again.status_code == 422
    assert "This disclosure is refused already." in again.content.decode()
    assert "Opdigtet grund." in again.content.decode()
    assert rows(staff, OutboxItem) == []


def test_a_released_disclosure_is_recalled_and_no_other(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    one = asked(staff, world)
    early = post(browser, MANAGER, "recall-disclosure", one.pk).content.decode()
    assert "Only a released disclosure can be recalled; this one is asked." in early
    post(browser, MANAGER, "approve-disclosure", one.pk)
    post(browser, WORKER, "approve-disclosure", one.pk)
    release_due(by=staff[Role.SAFETY_SYSTEM], at=timezone.now() + timedelta(days=1))
    shown = browser(MANAGER).get(reverse("disclosure", args=[one.pk])).content.decode()
    assert "Yes, recall" in shown
    post(browser, MANAGER, "recall-disclosure", one.pk)
    assert rows(staff, Disclosure)[0].state == "recalled"
    assert sorted(item.kind for item in rows(staff, OutboxItem)) == ["disclosure", "recall"]


@pytest.mark.parametrize(
    "role",
    [
        Role.EVALUATOR,
        Role.CHILDRENS_WORKER,
        Role.SAFETY_ADMINISTRATOR,
        Role.DATA_PROTECTION_OFFICER,
    ],
)
@pytest.mark.parametrize(
    "name", ["disclosure", "approve-disclosure", "refuse-disclosure", "recall-disclosure"]
)
def test_others_find_no_disclosure_by_its_address(
    staff: Staff, browser: Browser, world: Invented, role: Role, name: str
) -> None:
    address = reverse(name, args=[asked(staff, world).pk])
    answer = browser(role).get(address) if name == "disclosure" else browser(role).post(address)
    assert answer.status_code == 404
    assert rows(staff, Disclosure)[0].state == "asked"


def test_a_disclosure_of_another_agency_s_partner_is_not_there(
    staff: Staff, browser: Browser, world: Invented, owner_urls: dict[str, str]
) -> None:
    other = signed_in(
        add_colleague(owner_urls, WORKER, "coordination-office", f"{uuid4()}@example.invalid")
    )
    assert other.get(reverse("disclosure", args=[asked(staff, world).pk])).status_code == 404


# --- figures ---------------------------------------------------------------------------------


@pytest.fixture
def reports(tmp_path: Path) -> Iterator[Path]:
    with override_settings(CASEWALL_REPORTS_DIR=str(tmp_path)):
        yield tmp_path / "intervention-centre.json"


FIGURE = {
    "pack": "intervention-centre",
    "id": "x",
    "label": "Declined or not reached",
    "numerator": 73,
    "denominator": 392,
    "value": 18.622448979,
    "unit": "percent",
    "interval": [15.1, 22.8],
    "missing": 0,
    "response_rate": None,
    "source": "worker",
    "bounds": None,
    "suppressed": False,
    "definition": "Of persons referred.",
    "printed": 18,
    "note": "The print truncates.",
}


def test_figures_stand_with_their_denominators_and_are_drawn(
    browser: Browser, world: Invented, reports: Path
) -> None:
    withheld = {
        **FIGURE,
        "id": "y",
        "label": "Held back",
        "numerator": "0–7",
        "denominator": "0–7",
        "value": None,
        "interval": None,
        "suppressed": True,
    }
    reports.write_text(
        json.dumps(
            {
                "title": "Opdigtet rapport",
                "about": {"service": "demo"},
                "rule": "Inside only.",
                "figures": [FIGURE, withheld],
            }
        )
    )
    shown = browser(COORDINATOR).get(reverse("figures")).content.decode()
    for words in (
        "Opdigtet rapport",
        "18.6%",
        "73/392",
        "15.1 to 22.8%",
        "<svg",
        "not shown: too few people",
        "Inside only.",
    ):
        assert words in shown
    assert "Sørensen" not in shown


@pytest.mark.parametrize("released", [None, {"figures": 3}, {"rule": "Rounded.", "figures": []}])
def test_an_evaluator_sees_what_was_released_and_nothing_exact(
    browser: Browser, world: Invented, reports: Path, released: dict[str, object] | None
) -> None:
    rounded = {**FIGURE, "value": 20.0, "numerator": 75, "denominator": 390, "interval": None}
    if released and released["figures"] == []:
        released = {**released, "figures": [rounded]}
    reports.write_text(json.dumps({"figures": [FIGURE], "released": released}))
    shown = browser(Role.EVALUATOR).get(reverse("figures")).content.decode()
    assert "73/392" not in shown
    assert ("75/390" in shown) is (released is not None and released["figures"] == [rounded])


def test_without_a_report_the_page_says_how_one_is_made(
    browser: Browser, world: Invented, reports: Path
) -> None:
    assert "No report yet" in browser(COORDINATOR).get(reverse("figures")).content.decode()


def test_without_a_folder_there_is_no_report(browser: Browser, world: Invented) -> None:
    with override_settings(CASEWALL_REPORTS_DIR=None):
        assert "No report yet" in browser(COORDINATOR).get(reverse("figures")).content.decode()


@pytest.mark.parametrize("content", ["{", "[]", '{"figures": 3}'])
def test_a_broken_report_says_so(
    browser: Browser, world: Invented, reports: Path, content: str
) -> None:
    reports.write_text(content)
    shown = browser(COORDINATOR).get(reverse("figures")).content.decode()
    assert "The latest report" in shown
    assert "Make it anew." in shown


def test_a_report_of_counts_alone_has_no_drawing(
    browser: Browser, world: Invented, reports: Path
) -> None:
    count = {**FIGURE, "unit": "persons", "value": 392, "numerator": None}
    reports.write_text(json.dumps({"figures": [count]}))
    shown = browser(COORDINATOR).get(reverse("figures")).content.decode()
    assert "392 persons" in shown
    assert "<svg" not in shown


def test_the_second_approver_s_code_must_be_fresh_and_nothing_is_done_before(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    one = asked(staff, world)
    address = reverse("disclosure", args=[one.pk])
    urgent = reverse("emergency-disclosure", args=[world.file.pk])
    worker, office = browser(WORKER), browser(COORDINATOR)
    assert worker.get(address).status_code == office.get(urgent).status_code == 200
    later = timezone.now() + timedelta(seconds=fresh_for() + 60)
    with time_machine.travel(later):
        assert worker.get(address).status_code == 200  # reading needs no new code
        sent = worker.post(reverse("approve-disclosure", args=[one.pk]))
        assert sent.headers["Location"] == (
            f"{reverse('mfa_reauthenticate')}?{urlencode({'next': address})}")
        assert rows(staff, Approval) == []
        assert "Nothing has been done yet" in worker.get(address).content.decode()
        asks = office.get(urgent)
        assert asks.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert post(browser, WORKER, "approve-disclosure", one.pk).status_code == 200
    assert len(rows(staff, Approval)) == 1


def test_a_data_protection_officer_s_first_page_holds_what_waits(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    officer = Role.DATA_PROTECTION_OFFICER
    assert "Nobody is waiting for you." in browser(officer).get("/").content.decode()
    waits = rights.take_request(
        right=Right.ACCESS, received_on=timezone.localdate(), how=How.IN_PERSON,
        identity=Identity.KNOWN, identity_on=timezone.localdate(), language="en",
        file=world.file, by=staff[WORKER])
    breach = rights.report_breach(
        mishap=Mishap.LOST, found_at=timezone.now(), what="Invented.", near_miss=False,
        affected=Affected(), by=staff[WORKER])
    page = browser(officer).get("/").content.decode()
    assert reverse("rights-request", args=[waits.pk]) in page
    assert reverse("breach", args=[breach.pk]) in page
    assert reverse("partner", args=[world.file.pk]) not in page
