"""A working day on the safety site, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from casewall.config.cli import run_as
from casewall.programme.cases import actions as on_cases
from casewall.programme.cases.rules import Outcome, Route
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import State
from casewall.safety.intake.models import IntakeReferral, ReferralFile
from casewall.safety.partners.models import (
    FileLink,
    PartnerContact,
    PartnerFile,
    PartnerTask,
    SafeContact,
    ScaleAnswer,
)
from casewall.safety.partners.rules import NotAnswered
from casewall.services.load import shipped
from casewall.wall.sides import Role
from tests.browser.chromium import NARROW, Clicks, accessibility_faults, press
from tests.browser.conftest import Open
from tests.browser.world import ADDRESS, CODE_WORD, World, new_case, new_file, pulled
from tests.people import SERVICE

POLICE_FILE = """\
Sagsnr;Henvisningsdato;Udøver fornavn;Udøver efternavn;Udøver fødselsdato;Udøver køn;\
Udøver telefon;Partner fornavn;Partner efternavn;Partner telefon;Partner køn
0900-1;{day};Opfunden;Prøvemand;17.05.1988;mand;20 00 00 21;Opfunden;Prøvekvinde;20 00 00 22;kvinde
0900-2;{day};Anden;Prøvemand;17.13.1988;mand;20 00 00 23;Anden;Prøvekvinde;20 00 00 24;kvinde
"""


def main_of(page: Any) -> str:
    """The words of a page's main part."""
    return str(page.locator("main").inner_text())


def test_a_contact_and_whether_it_is_still_safe_take_few_clicks(
    open_as: Open, world: World
) -> None:
    page = open_as(Role.PARTNER_WORKER, f"/partners/{world.file}/")
    assert "Safe now: call." in main_of(page)
    assert CODE_WORD in main_of(page)
    clicks = Clicks(page)
    clicks.through(page.get_by_role("link", name="Record a contact"))
    clicks.on(page.locator("[name=channel][value=call]"))
    clicks.on(page.locator("[name=outcome][value=spoke]"))
    clicks.on(page.locator("[name=still_safe][value=yes]"))
    page.get_by_label("At what time?").fill("00:01")
    page.get_by_label("Note").fill("An invented call.")
    clicks.through(page.get_by_role("button", name="Save the contact"))
    assert "The contact has been recorded." in main_of(page)
    assert clicks.count == 5
    attempts = world.stored(Role.PARTNER_WORKER, PartnerContact, file=world.file)
    [attempt] = [one for one in attempts if one.note == "An invented call."]
    assert attempt.confirmed_safe
    [plan] = world.stored(Role.PARTNER_WORKER, SafeContact, file=world.file, channel="call")
    assert plan.confirmed_on == world.today


def test_a_way_of_contact_that_nobody_confirmed_is_stopped_and_asked_about(
    open_as: Open, world: World
) -> None:
    file = new_file(world, "Stop", "Opfindsen")
    page = open_as(Role.PARTNER_WORKER, f"/partners/{file.pk}/contact/")
    page.locator("[name=channel][value=text]").check()
    page.locator("[name=outcome][value=no_answer]").check()
    page.locator("[name=still_safe][value=not_asked]").check()
    page.get_by_label("At what time?").fill("00:01")
    press(page, "Save the contact")
    assert page.locator("h1").inner_text() == "Text is not confirmed safe"
    assert "No other way of contact is confirmed safe now." in main_of(page)
    assert accessibility_faults(page) == []
    assert world.stored(Role.PARTNER_WORKER, PartnerContact, file=file.pk) == []
    press(page, "It has happened: record it")
    [attempt] = world.stored(Role.PARTNER_WORKER, PartnerContact, file=file.pk)
    assert not attempt.confirmed_safe


def test_contact_details_are_shown_once_and_for_a_purpose(open_as: Open, world: World) -> None:
    page = open_as(Role.PARTNER_WORKER, f"/partners/{world.file}/")
    assert ADDRESS not in page.content()
    page.get_by_label("Why do you need them?").select_option(index=1)
    press(page, "Show phone, e-mail and address")
    assert ADDRESS in main_of(page)
    assert accessibility_faults(page) == []
    press(page, "Back to the file", role="link")
    assert ADDRESS not in page.content()


def test_how_a_channel_may_be_used_is_set_and_shown(open_as: Open, world: World) -> None:
    file = new_file(world, "Plan", "Opfindsen")
    page = open_as(Role.PARTNER_WORKER, f"/partners/{file.pk}/safe-contact/email/", width=NARROW)
    page.locator("[name=is_safe][value=yes]").check()
    page.get_by_label("Code word").fill("rød dør")
    press(page, "Save")
    assert "Safe now: email." in main_of(page)
    assert "rød dør" in main_of(page)
    assert accessibility_faults(page) == []


def test_a_scale_is_asked_and_silence_is_written_down_without_script(
    open_as: Open, world: World
) -> None:
    file = new_file(world, "Skala", "Opfindsen")
    page = open_as(Role.PARTNER_WORKER, f"/partners/{file.pk}/scales/empowerment/", script=False)
    page.locator("[name=wave][value=before]").check()
    page.locator("[name=mode][value=telephone]").check()
    questions = page.locator("section fieldset")
    for number in range(questions.count() - 1):
        questions.nth(number).locator("input").first.check()
    press(page, "Save the answers")
    page.goto(f"/partners/{file.pk}/scales/freedom/silence/")
    page.locator("[name=wave][value=before]").check()
    page.locator(f"[name=reason][value={NotAnswered.NOT_REACHED}]").check()
    press(page, "Save")
    rows = {
        row.measure: row for row in world.stored(Role.PARTNER_WORKER, ScaleAnswer, file=file.pk)
    }
    assert rows["empowerment"].answered_items == rows["empowerment"].items - 1
    assert rows["freedom"].not_answered == NotAnswered.NOT_REACHED


def test_a_file_is_taken_and_its_task_done(open_as: Open, world: World) -> None:
    file = new_file(world, "Ledig", "Opfindsen")
    page = open_as(Role.PARTNER_WORKER, f"/partners/{file.pk}/")
    press(page, "Take this file")
    assert "This file is yours." in main_of(page)
    [stored] = world.stored(Role.PARTNER_WORKER, PartnerFile, pk=file.pk)
    assert stored.worker == world.staff[Role.PARTNER_WORKER].worker
    [task] = world.stored(Role.PARTNER_WORKER, PartnerTask, file=world.file, done_on=None)[:1]
    page.goto(f"/partners/{world.file}/")
    with page.expect_navigation():
        page.locator(f"form[action$='/tasks/{task.pk}/'] button").click()
    assert "The task is done." in main_of(page)


def test_a_coordinator_tries_a_file_reads_what_is_wrong_loads_the_rest_and_undoes_it(
    open_as: Open, world: World
) -> None:
    page = open_as(Role.COORDINATOR)
    press(page, "Referrals", role="link")
    press(page, "Load a referral file", role="link")
    page.get_by_label("Referral file").set_input_files(
        {
            "name": "politi.csv",
            "mimeType": "text/csv",
            "buffer": POLICE_FILE.format(day=f"{world.ago(2):%d.%m.%Y}").encode(),
        }
    )
    press(page, "Try it")
    assert "Nothing has been stored yet." in main_of(page)
    wrong = page.locator("table tbody tr").first.inner_text()
    assert "3" in wrong
    assert "17.13.1988" in wrong
    assert accessibility_faults(page) == []
    assert len(world.stored(Role.COORDINATOR, ReferralFile)) == 1  # the one of the world
    press(page, "Try again")
    with page.expect_navigation():
        page.locator("form[action$='/load/'] button").click()
    assert "of politi.csv were loaded." in main_of(page)
    [file] = [
        one for one in world.stored(Role.COORDINATOR, ReferralFile) if one.name == "politi.csv"
    ]
    loaded = world.stored(Role.COORDINATOR, IntakeReferral, file=file)
    assert {"0900-1"} <= {one.reference for one in loaded}
    press(page, "Undo this file", role="link")
    assert accessibility_faults(page) == []
    press(page, "Yes, undo the whole file")
    assert "Undone: " in main_of(page)
    assert all(
        one.withdrawn_on for one in world.stored(Role.COORDINATOR, IntakeReferral, file=file)
    )


def test_what_is_not_a_table_is_refused_with_a_sentence(open_as: Open) -> None:
    page = open_as(Role.COORDINATOR, "/referrals/upload/")
    page.get_by_label("Referral file").set_input_files(
        {"name": "billede.csv", "mimeType": "text/csv", "buffer": b"\x89PNG\r\n\x1a\n" * 40}
    )
    press(page, "Try it")
    assert page.title().startswith("Error: ")
    assert page.locator(".govuk-error-summary li").count() == 1


def test_a_disclosure_needs_two_approvers_and_whoever_asks_is_none_of_them(
    open_as: Open, world: World
) -> None:
    asks = open_as(Role.COORDINATOR, f"/partners/{world.file}/disclose/")
    asks.locator("[name=purpose][value=placement]").check()
    asks.locator("[name=ground][value=partner_consent]").check()
    asks.locator("[name=text]").fill("Must not be placed with an invented person.")
    press(asks, "Put it to two approvers")
    assert "Nothing has crossed yet." in main_of(asks)
    [one] = [
        row
        for row in world.stored(Role.COORDINATOR, Disclosure, state=State.ASKED)
        if row.text.startswith("Must not")
    ]
    asks.goto(f"/disclosures/{one.pk}/")
    assert "Whoever asks for a disclosure cannot approve it." in main_of(asks)
    assert asks.get_by_role("button", name="Yes, approve").count() == 0
    for role, answer in [
        (Role.SAFETY_MANAGER, "One more is needed."),
        (Role.PARTNER_WORKER, "released at the next fixed hour"),
    ]:
        page = open_as(role, f"/disclosures/{one.pk}/")
        press(page, "Yes, approve")
        assert answer in main_of(page)
        assert accessibility_faults(page) == []
    [after] = world.stored(Role.COORDINATOR, Disclosure, pk=one.pk)
    assert after.state == State.APPROVED


@pytest.mark.parametrize("words", ["fiktivsen", "Benedikte FIKTIVSEN", "20 00 00 12", "27.3.1985"])
def test_a_partner_is_found_by_name_phone_and_date_of_birth(
    open_as: Open, world: World, words: str
) -> None:
    page = open_as(Role.PARTNER_WORKER)
    page.get_by_role("searchbox").first.fill(words)
    press(page, "Search", within="header ~ div")
    press(page, "Benedikte Fiktivsen", role="link")
    assert "Benedikte Fiktivsen" in page.locator("h1").inner_text()


def test_a_file_is_linked_to_a_case_that_somebody_finds(open_as: Open, world: World) -> None:
    file = new_file(world, "Kobling", "Opfindsen")
    case = new_case(world, "Kobling", "Sagsholm")
    pulled(world)
    page = open_as(Role.COORDINATOR, f"/partners/{file.pk}/link/")
    page.get_by_label("Search for the client by name or date of birth").fill("Sagsholm")
    press(page, "Search", within="main")
    press(page, "Link to this case")
    assert "The programme side is not told." in main_of(page)
    [link] = world.stored(Role.COORDINATOR, FileLink, file=file.pk)
    assert link.case_id == case.pk


def table_of_figures(page: Any) -> dict[str, list[str]]:
    """The rows of the table: label → value, n/N, interval and so on."""
    table = page.locator("table.cw-table--figures")
    heads = [one.inner_text() for one in table.locator("thead th").all()]
    assert heads[:4] == ["Figure", "Value", "n/N", "95% interval"]
    rows = {}
    for row in table.locator("tbody tr").all():
        label, *cells = [one.inner_text() for one in row.locator("th, td").all()]
        rows[label.partition("\n")[0]] = cells
    return rows


def test_the_figures_are_read_with_their_denominators(open_as: Open, world: World) -> None:
    period = shipped()[SERVICE].period
    assert period is not None
    within = (world.today - period.started_on).days
    for family, outcome in [("Talholm", Outcome.DECLINED), ("Talgaard", Outcome.SPOKE)]:
        case = new_case(world, "Opfunden", family, referred=within)
        on_cases.record_contact(
            case=case,
            tried_at=world.moment(within - 1),
            route=Route.PHONE,
            outcome=outcome,
            by=world.staff[Role.PROGRAMME_MANAGER],
        )
    assert run_as("reporting", ["figures-for-site"], quiet=True) == 0
    page = open_as(Role.COORDINATOR, "/figures/")
    rows = table_of_figures(page)
    assert rows["Persons referred"][0] == "2 persons"
    assert rows["Declined or not reached"][:3] == ["50%", "1/2", "9.5 to 90.5%"]
    assert len(rows) > 10
    assert accessibility_faults(page) == []
    # An evaluator has releases only, and two persons are too few for one.
    page = open_as(Role.EVALUATOR)
    assert table_of_figures(page)["Persons referred"][0] == "not shown: too few people"
    assert accessibility_faults(page) == []
