"""The pages of who does what to whom: neutral until signed off, there for their roles only."""

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
from django.urls import NoReverseMatch, reverse

from casewall.safety.partners.actions import take_file
from casewall.safety.roles import actions
from casewall.safety.roles.models import RoleAssessment, RoleIncident
from casewall.safety.roles.rules import Outcome, State
from casewall.safety.roles.words import words_of
from casewall.wall.context import acting
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import Staff, site_settings
from tests.safety.pages.conftest import Invented, new_file
from tests.safety.roles.conftest import (
    COORDINATOR,
    INCIDENT,
    MANAGER,
    SECRET,
    WORKER,
    Begin,
    working_of,
)

Browser = Callable[[Role], Client]
ROLES = [
    role for role in Role if SIDE_OF_ROLE[role] is Side.SAFETY and role is not Role.SAFETY_SYSTEM
]
ROLE_WORDS = re.compile(r"perpetrator|victim|offender|abuser|violent resistance|mutual", re.I)


def main(answer: HttpResponse) -> str:
    """What the page itself says, without the frame that every page has."""
    text = answer.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def hidden(answer: HttpResponse) -> dict[str, str]:
    found = re.findall(
        r'type="hidden" name="(form_id|version|seen_wording)" value="([^"]*)"', main(answer)
    )
    return dict(found)


def incident(**changed: Any) -> dict[str, Any]:
    return {
        "form_id": str(uuid4()),
        "done_by": "a",
        "acts": ["threats"],
        "what": "Opdigtet: A shouted from the street.",
        "setting": "answered",
        "how_often": "once",
        "consequences": ["not_known"],
        "fear": "not_known",
        "injury": "none",
        "source": "police",
        **changed,
    }


def addresses(assessment: RoleAssessment) -> dict[str, str]:
    names = ("roles", "roles-incident", "roles-conclude", "roles-sign")
    return {name: reverse(name, args=[assessment.pk]) for name in names}


def test_the_way_from_the_file_to_the_signed_conclusion_by_its_pages(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    worker, coordinator = browser(WORKER), browser(COORDINATOR)
    section = reverse("partner", args=[world.file.pk]) + "?show=roles"
    first = reverse("roles-begin", args=[world.file.pk])
    assert first in main(worker.get(section))
    page = worker.get(first)
    sent = {**hidden(page), "case_id": str(world.case_id)}
    begun = worker.post(first, sent)
    page = worker.get(begun.headers["Location"])
    assert "Opdigtet Sørensen" in main(page)
    assert "Opdigtet Klient" in main(page)
    pk = begun.headers["Location"].strip("/").rpartition("/")[2]
    write = reverse("roles-incident", args=[pk])
    assert worker.post(write, incident()).status_code == 302
    assert worker.post(write, incident(done_by="b", fear="for_life")).status_code == 302
    grid = main(worker.get(begun.headers["Location"]))
    assert grid.index("What Person A did to Person B") < grid.index("Answered what the other did")
    assert grid.index("What Person B did to Person A") < grid.index("Feared for life")
    conclude = reverse("roles-conclude", args=[pk])
    told = {"note": "Opdigtet.", "signs_a": ["afraid"], "grounds": "Opdigtet.",
            "proposed_a": "violent_resistance", "proposed_b": "primary_perpetrator"}  # fmt: skip
    assert worker.post(conclude, {**hidden(worker.get(conclude)), **told}).status_code == 302
    assert worker.post(reverse("roles-ask", args=[pk])).status_code == 302
    sign = reverse("roles-sign", args=[pk])
    assert sign in main(coordinator.get("/"))
    assert sign in main(coordinator.get(reverse("partner", args=[world.file.pk])))
    assert sign not in main(worker.get("/"))
    shown = coordinator.get(sign)
    assert "Violent resistance" in main(shown)
    assert coordinator.post(sign, {**hidden(shown), "sign": "yes"}).status_code == 302
    said = main(worker.get(reverse("partner", args=[world.file.pk])))
    assert "Violent resistance" in said
    assert "Primary perpetrator" in said
    assert "Roles are being looked at" not in said


def test_no_page_says_who_is_what_before_the_sign_off(
    staff: Staff, browser: Browser, world: Invented, begin: Begin
) -> None:
    waiting = begin(waits=True, case_id=world.case_id)
    file = reverse("partner", args=[world.file.pk])
    for role in (WORKER, COORDINATOR, MANAGER):
        one = addresses(waiting)["roles"]
        for address in (one, f"{file}?show=roles", file):
            answer = browser(role).get(address)
            assert answer.status_code == 200
            assert ROLE_WORDS.findall(main(answer)) == []
    said = re.sub(r"/partners/\S+|Invented partner worker", "", main(browser(WORKER).get(one)))
    assert not re.search("partner|client", said, re.I)
    actions.sign_off(assessment=waiting, version=waiting.version, by=staff[MANAGER])
    said = main(browser(WORKER).get(f"{file}?show=roles"))
    assert words_of(Outcome, "primary_victim") in said


@pytest.mark.parametrize("role", ROLES)
def test_each_page_is_there_for_its_roles_and_not_there_for_the_others(
    browser: Browser, world: Invented, begin: Begin, role: Role
) -> None:
    waiting = begin(waits=True)
    there = role in (WORKER, COORDINATOR, MANAGER)
    own = addresses(waiting)
    codes = {name: browser(role).get(address).status_code for name, address in own.items()}
    to_sign = 200 if role in (COORDINATOR, MANAGER) else 302
    expected = {"roles": 200, "roles-incident": 302, "roles-conclude": 302, "roles-sign": to_sign}
    assert codes == (expected if there else dict.fromkeys(own, 404))
    begins = browser(role).get(reverse("roles-begin", args=[world.file.pk]))
    assert begins.status_code == (200 if there else 404)
    posts = [*own.values(), reverse("roles-ask", args=[waiting.pk]),
             reverse("roles-aside", args=[waiting.pk]),
             reverse("roles-strike", args=[waiting.pk, uuid4()])]  # fmt: skip
    if not there:
        assert {browser(role).post(address).status_code for address in posts} <= {404, 405}


def test_once_signed_off_the_material_is_not_there_for_who_did_not_take_part(
    staff: Staff, browser: Browser, world: Invented, begin: Begin
) -> None:
    waiting = begin(waits=True)
    assert SECRET in main(browser(COORDINATOR).get(addresses(waiting)["roles"]))
    actions.sign_off(assessment=waiting, version=waiting.version, by=staff[MANAGER])
    hidden_page = browser(COORDINATOR).get(addresses(waiting)["roles"])
    absent = browser(COORDINATOR).get(reverse("roles", args=[uuid4()]))
    assert (hidden_page.status_code, absent.status_code) == (404, 404)
    assert hidden_page.content == absent.content
    section = main(
        browser(COORDINATOR).get(reverse("partner", args=[world.file.pk]) + "?show=roles")
    )
    assert "Primary victim" in section
    assert SECRET not in section
    assert addresses(waiting)["roles"] not in section


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"done_by": ""}, "Who did it? Choose one answer."),
        ({"acts": []}, "What was done? Choose at least one answer."),
        ({"what": " "}, "In words: write it in words."),
        ({"consequences": ["none", "police"]}, "stand alone"),
        (
            {"happened_on_day": "12", "happened_on_month": "3", "happened_on_year": "2036"},
            "12 March 2036 has not come yet.",
        ),
        ({"happened_on_day": "12"}, "Enter a month and a year"),
        ({"source": "gossip"}, "Select a valid choice"),
    ],
)
def test_bad_input_says_what_and_keeps_what_was_typed(
    staff: Staff, browser: Browser, begin: Begin, changed: dict[str, Any], says: str
) -> None:
    made = begin()
    answer = browser(WORKER).post(
        addresses(made)["roles-incident"], incident(happened="In June", **changed)
    )
    assert answer.status_code == 422
    assert says in main(answer)
    assert 'value="In June"' in main(answer)
    with acting(staff[MANAGER]):
        assert not RoleIncident.objects.visible_to(staff[MANAGER]).exists()


def test_the_same_form_twice_is_one_incident_and_a_blaming_phrase_is_asked_about_once(
    staff: Staff, browser: Browser, begin: Begin
) -> None:
    made, what = begin(), "Police note: she provoked him, and he lost control."
    address, sent = addresses(made)["roles-incident"], incident(what=what)
    answer = browser(WORKER).post(address, sent)
    assert answer.status_code == 422
    assert all(words in main(answer) for words in ("she provoked", "Save as it is", what))
    sent = {**sent, **hidden(answer)}
    for _ in range(2):
        assert browser(WORKER).post(address, sent).status_code == 302
    with acting(staff[MANAGER]):
        rows = RoleIncident.objects.visible_to(staff[MANAGER])
        assert [row.what for row in rows] == [what]


def test_a_conclusion_from_two_tabs_shows_both_texts(
    staff: Staff, browser: Browser, begin: Begin
) -> None:
    made = begin()
    conclude = addresses(made)["roles-conclude"]
    first = hidden(browser(WORKER).get(conclude))
    browser(WORKER).post(conclude, {**first, "note": "First."})
    stale = browser(WORKER).post(conclude, {**first, "note": "Second."})
    assert stale.status_code == 422
    assert all(words in main(stale) for words in ("First.", "Second.", "another tab"))
    again = {**hidden(stale), "note": "Both."}
    assert browser(WORKER).post(conclude, again).status_code == 302
    assert working_of(made, staff[WORKER]).note == "Both."
    wrong = {**hidden(browser(WORKER).get(conclude)), "note": "Kept.",
             "proposed_a": "primary_victim", "proposed_b": "primary_victim"}  # fmt: skip
    answer = browser(WORKER).post(conclude, wrong)
    assert answer.status_code == 422
    assert "must be the primary perpetrator" in main(answer)
    assert "Kept." in main(answer)


def test_a_return_needs_its_comment_and_a_second_sign_off_says_so(
    staff: Staff, browser: Browser, begin: Begin
) -> None:
    sign = addresses(begin(waits=True))["roles-sign"]
    shown = hidden(browser(MANAGER).get(sign))
    answer = browser(MANAGER).post(sign, {**shown, "return": "yes", "comment": ""})
    assert answer.status_code == 422
    assert "Say to the author what is missing." in main(answer)
    assert browser(COORDINATOR).post(sign, {**shown, "sign": "yes"}).status_code == 302
    late = browser(MANAGER).post(sign, {**shown, "sign": "yes"})
    assert late.status_code == 422
    assert "does not wait for a sign-off" in main(late)


def test_what_cannot_be_done_now_is_said_on_the_assessment(
    staff: Staff, browser: Browser, begin: Begin
) -> None:
    made = begin()
    row = actions.add_incident(assessment=made, by=staff[WORKER], **INCIDENT)
    worker, one = browser(WORKER), addresses(made)["roles"]
    said = worker.post(reverse("roles-ask", args=[made.pk]), follow=True)
    assert "Write down what you conclude of both people first." in main(said)
    strike = reverse("roles-strike", args=[made.pk, row.pk])
    assert "Struck out on 11 March 2036" in main(worker.post(strike, follow=True))
    said = worker.post(reverse("roles-aside", args=[made.pk]), follow=True)
    assert "set aside without a conclusion" in main(said)
    assert "Write down an incident" not in main(worker.get(one))
    said = worker.get(addresses(made)["roles-incident"], follow=True)
    assert "What turns out otherwise is a new one." in main(said)


def test_a_second_assessment_asks_why(staff: Staff, browser: Browser, world: Invented,
                                      begin: Begin) -> None:  # fmt: skip
    waiting = begin(waits=True)
    address = reverse("roles-begin", args=[world.file.pk])
    form = hidden(browser(WORKER).get(address))
    open_left = browser(WORKER).post(address, form)
    assert "Choose who Person B is." in main(open_left)
    form["case_id"] = "not_linked"
    under_way = browser(WORKER).post(address, form)
    assert under_way.status_code == 422
    assert "is under way: finish that one first" in main(under_way)
    actions.sign_off(assessment=waiting, version=waiting.version, by=staff[MANAGER])
    asked = browser(WORKER).post(address, form)
    assert asked.status_code == 422
    assert "Why the roles are looked at again: write it in words." in main(asked)
    answer = browser(WORKER).post(address, {**form, "why": "Opdigtet."})
    assert answer.status_code == 302
    with acting(staff[MANAGER]):
        rows = RoleAssessment.objects.visible_to(staff[MANAGER]).order_by("number")
        assert [row.state for row in rows] == [State.CONCLUDED, State.OPEN]


def test_a_long_grid_and_a_long_day_cost_no_more_queries(
    staff: Staff, browser: Browser, world: Invented, begin: Begin
) -> None:
    made = begin(ready=True)
    browser(WORKER).get(addresses(made)["roles"])
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connections["safety"]) as asked:
            browser(WORKER).get(addresses(made)["roles"])
        counts.append(len(asked))
        for _ in range(5):
            actions.add_incident(assessment=made, by=staff[WORKER], **INCIDENT)
    assert counts[0] == counts[1]
    browser(MANAGER).get("/")
    days = []
    for family in ("Et", "To"):
        with CaptureQueriesContext(connections["safety"]) as asked:
            browser(MANAGER).get("/")
        days.append(len(asked))
        actions.set_aside(assessment=made, by=staff[MANAGER]) if family == "To" else None
        file = new_file(staff, "Opdigtet", family)
        take_file(file=file, by=staff[WORKER])
    assert days[0] == days[1]


def test_the_programme_site_has_no_such_page(world: Invented, begin: Begin) -> None:
    made = begin()
    with site_settings(Side.PROGRAMME), pytest.raises(NoReverseMatch):
        reverse("roles", args=[made.pk])
