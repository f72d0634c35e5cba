"""The forms below a case: what they do, and what they answer to bad input."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from casewall.programme.agreements.models import Agreement
from casewall.programme.cases import actions
from casewall.programme.cases.models import (
    Assessment,
    Case,
    ContactAttempt,
    DeclaredPartner,
    Task,
)
from casewall.programme.cases.rules import Outcome, Route, Stage
from casewall.wall.sides import Role
from tests.programme.conftest import NOW, TODAY, Browse, World, day_boxes


@pytest.fixture
def manager(browse: Browse) -> Client:
    return browse(Role.PROGRAMME_MANAGER)


def send(browser: Client, case: Case, step: str, **typed: Any) -> Any:
    return browser.post(f"/cases/{case.pk}/{step}/", {"seen": case.stage, **typed})


def contact_boxes(**changed: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), "route": "phone", "outcome": "spoke",
            **day_boxes("tried_on", TODAY), "tried_time": "10:30", "note": "Will come", **changed}


def test_a_contact_is_saved_and_the_case_follows(manager: Client, world: World) -> None:
    case = world.case()
    response = send(manager, case, "contact", **contact_boxes())
    assert response.headers["Location"] == f"/cases/{case.pk}/"
    attempt, = world.rows(ContactAttempt, case=case)
    assert (attempt.outcome, attempt.note) == ("spoke", "Will come")
    assert attempt.tried_at == NOW.replace(hour=10, minute=30)
    assert world.again(case).stage == Stage.CONTACTED
    page = manager.get(f"/cases/{case.pk}/").content.decode()
    assert "The contact has been saved." in page
    assert "Phone: spoke with the client" in page
    assert "Will come" in page


def test_a_contact_sent_twice_is_one_contact(manager: Client, world: World) -> None:
    case, other = world.case(), world.case("Bo", "Fiktiv")
    typed = contact_boxes()
    for _ in range(2):
        assert send(manager, case, "contact", **typed).status_code == 302
    assert len(world.rows(ContactAttempt, case=case)) == 1
    # The number of a form belongs to its case: with another case it makes another record.
    send(manager, other, "contact", **typed)
    assert len(world.rows(ContactAttempt, case=other)) == 1


@pytest.mark.parametrize(("changed", "sentence"), [
    (day_boxes("tried_on", TODAY + timedelta(days=1)), "5 March 2036 has not come yet."),
    ({"tried_time": "12:01"}, "That time has not come yet."),
    ({"tried_time": "25:00"}, "Write the time as hours and minutes"),
    ({"outcome": ""}, "What came of it"),
    ({"outcome": "sang"}, "sang"),
    ({"tried_on_day": "31", "tried_on_month": "2"}, "There is no day 31 in month 2 of 2036."),
    (day_boxes("tried_on", TODAY - timedelta(days=41)), "nobody can have tried before that"),
    ({"note": "x" * 4001}, "4000"),
    ({"form_id": "mine"}, "Number of the form"),
])
def test_a_wrong_contact_says_what_is_wrong_and_keeps_what_was_typed(
        changed: dict[str, str], sentence: str, manager: Client, world: World) -> None:
    case = world.case()
    response = send(manager, case, "contact", **contact_boxes(**{"note": "Typed text", **changed}))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert changed.get("note", "Typed text") in page
    assert world.rows(ContactAttempt) == []


def test_a_time_that_the_clocks_skip_is_refused(manager: Client, world: World) -> None:
    case = world.case(referred_on=TODAY.replace(year=2034))
    skipped = day_boxes("tried_on", TODAY.replace(year=2035, month=3, day=25))
    response = send(manager, case, "contact", **contact_boxes(**skipped, tried_time="02:30"))
    assert response.status_code == 422
    assert "the clocks change" in response.content.decode()


def test_the_way_to_the_start_through_the_forms(manager: Client, world: World) -> None:
    case = world.case(stage=Stage.CONTACTED)
    day = day_boxes("on", TODAY)
    assert send(manager, case, "assessment", **day, **day_boxes("day", TODAY), clock="9.15",
                note="Room 2").status_code == 302
    case = world.again(case)
    assert (case.stage, case.next_action_on) == (Stage.ASSESSMENT_BOOKED, TODAY)
    assert "Room 2" in manager.get(f"/cases/{case.pk}/suitability/").content.decode()
    assert send(manager, case, "suitability", **day_boxes("held_on", TODAY),
                decision="suitable").status_code == 302
    case = world.again(case)
    assert case.stage == Stage.SUITABLE
    assert world.rows(Assessment)[0].note == "Room 2"
    assert send(manager, case, "agreement", **day_boxes("signed_on", TODAY), text_version="1",
                language="da", limits_explained="on", how="paper", filed="Cabinet 2",
                printed_version="3b").status_code == 302
    case = world.again(case)
    assert case.stage == Stage.AGREEMENT_SIGNED
    assert world.rows(Agreement)[0].text_version == "3b"
    group = world.group()
    assert send(manager, case, "place", group=str(group.pk), form_id=str(uuid4()),
                **day_boxes("joined_on", TODAY)).status_code == 302
    case = world.again(case)
    assert (case.next_action, case.next_action_on) == ("first_session", TODAY)
    page = manager.get(f"/cases/{case.pk}/").content.decode()
    for line in ("Assessment held: suitable", "Text version 3b, in Danish", "Tuesday group"):
        assert line in page


def test_not_suitable_ends_the_case_and_an_assessor_is_led_to_the_list(
        browse: Browse, world: World) -> None:
    case = world.case(stage=Stage.ASSESSMENT_BOOKED)
    response = send(browse(Role.ASSESSOR), case, "suitability", **day_boxes("held_on", TODAY),
                    decision="not_suitable", reasons=["denies"], note="Denies everything")
    assert response.headers["Location"] == "/cases/"
    case = world.again(case)
    assert (case.stage, case.exit_reason) == (Stage.EXITED, "unsuitable")


def test_an_exit_needs_a_reason_and_shows_it(manager: Client, world: World) -> None:
    case = world.case()
    assert send(manager, case, "exit", **day_boxes("on", TODAY)).status_code == 422
    assert send(manager, case, "exit", **day_boxes("on", TODAY), reason="custody",
                note="Until summer").status_code == 302
    case = world.again(case)
    assert (case.stage, case.exit_reason, case.next_action) == (Stage.EXITED, "custody", "")
    page = manager.get(f"/cases/{case.pk}/").content.decode()
    assert "In custody" in page
    assert "Until summer" in page
    assert "End the case" not in page
    assert "Reopen the case" in page


def test_a_form_shown_before_the_case_moved_changes_nothing(manager: Client, world: World) -> None:
    case = world.case(stage=Stage.AGREEMENT_SIGNED)
    typed = {**day_boxes("on", TODAY), "to": "waiting", "note": "No place before May"}
    assert send(manager, case, "move", **typed).status_code == 302
    again = send(manager, case, "move", **typed)
    page = again.content.decode()
    assert again.status_code == 422
    assert "the case became “waiting” (it was “agreement signed”)" in page
    assert "it was saved the first time" in page
    assert "No place before May" in page
    stale = send(manager, case, "exit", **day_boxes("on", TODAY), reason="moved", note="Kept")
    assert stale.status_code == 422
    assert "Kept" in stale.content.decode()
    assert world.again(case).stage == Stage.WAITING
    # The form now shows where the case stands, so that saving once more is a decision.
    assert 'name="seen" value="waiting"' in stale.content.decode()
    assert send(manager, world.again(case), "exit", **day_boxes("on", TODAY),
                reason="moved").status_code == 302


def test_a_day_before_the_stage_began_is_refused_with_a_sentence(
        manager: Client, world: World) -> None:
    case = world.case(stage=Stage.CONTACTED)
    early = day_boxes("on", TODAY - timedelta(days=60))
    response = send(manager, case, "exit", **early, reason="moved")
    assert response.status_code == 422
    assert "a move cannot be dated before that" in response.content.decode()


def test_a_step_that_does_not_fit_the_stage_leads_back_with_a_sentence(
        manager: Client, world: World) -> None:
    case = world.case()
    response = manager.get(f"/cases/{case.pk}/agreement/", follow=True)
    assert response.redirect_chain == [(f"/cases/{case.pk}/", 302)]
    assert "cannot be done with a case that is “referred”" in response.content.decode()
    response = send(manager, case, "agreement", **day_boxes("signed_on", TODAY),
                    text_version="1", language="da", limits_explained="on", how="typed",
                    typed_name="Anders Opdigtet")
    assert response.status_code == 422
    assert "“referred” cannot become “agreement signed”" in response.content.decode()


@pytest.mark.parametrize(("changed", "sentence"), [
    (day_boxes("day", TODAY.replace(year=2056)), "more than a year away"),
    (day_boxes("day", TODAY.replace(year=2026)), "an assessment comes after that"),
    ({"clock": ""}, "Time of the assessment"),
])
def test_a_wrong_booking_says_what_is_wrong(changed: dict[str, str], sentence: str,
                                            manager: Client, world: World) -> None:
    case = world.case(stage=Stage.CONTACTED)
    typed = {**day_boxes("on", TODAY), **day_boxes("day", TODAY), "clock": "10:00", **changed}
    response = send(manager, case, "assessment", **typed)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert world.rows(Assessment) == []


def test_a_decision_without_a_booking_is_refused(manager: Client, world: World) -> None:
    case = world.case(stage=Stage.CONTACTED)
    actions.move_case(case=case, to=Stage.ASSESSMENT_BOOKED, on=TODAY, by=world.manager)
    response = send(manager, world.again(case), "suitability", **day_boxes("held_on", TODAY),
                    decision="suitable")
    assert response.status_code == 422
    assert "No assessment of this case is booked" in response.content.decode()


def test_a_partner_is_kept_as_stated_once(manager: Client, world: World) -> None:
    case = world.case()
    typed = {"form_id": str(uuid4()), "stated_by": "client", "relation": "former",
             "name": "Q. Invented", "contact_details": "", **day_boxes("stated_on", TODAY)}
    for _ in range(2):
        assert send(manager, case, "partner", **typed).status_code == 302
    row, = world.rows(DeclaredPartner, case=case)
    assert (row.name, row.relation, row.contact_details) == ("Q. Invented", "former", None)
    page = manager.get(f"/cases/{case.pk}/?show=partners").content.decode()
    for line in ("As stated by the client or the referrer; nothing is checked.", "Q. Invented",
                 "Stated by the client on 4 March 2036", "Former partner"):
        assert line in page


def test_a_task_is_done_once_and_leaves_the_page(manager: Client, world: World) -> None:
    case = world.case()
    task = actions.add_task(case=case, kind="referral_withdrawn", due_on=TODAY, by=world.system)
    assert "taken back" in manager.get("/").content.decode()
    for _ in range(2):
        assert manager.post(f"/tasks/{task.pk}/done/").status_code == 302
    assert world.rows(Task)[0].done_on == TODAY
    assert "taken back" not in manager.get("/").content.decode()
    assert manager.get(f"/tasks/{task.pk}/done/").status_code == 405


def test_every_form_has_the_hidden_number_that_makes_two_submits_one(
        manager: Client, world: World) -> None:
    case = world.case()
    numbers = set()
    for step in ("contact", "contact", "partner"):
        page = manager.get(f"/cases/{case.pk}/{step}/").content.decode()
        numbers.add(re.search(r'name="form_id" value="([0-9a-f-]{36})"', page).group(1))  # type: ignore[union-attr]
    assert len(numbers) == 3


def test_a_late_contact_counts_from_the_day_on_which_it_was_tried(
        manager: Client, world: World) -> None:
    case = world.case()
    actions.record_contact(case=case, tried_at=NOW, route=Route.PHONE, outcome=Outcome.NO_ANSWER,
                           by=world.manager)
    case = world.again(case)
    assert (case.next_action, case.next_action_on) == ("contact_again", TODAY + timedelta(days=3))
    page = manager.get("/").content.decode()
    assert "Try to reach again" in page
    assert "Last tried on 4 March 2036" in page
