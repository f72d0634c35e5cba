"""Who sees which page of the programme site."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.test import Client

from casewall.programme.cases import actions
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import ExitReason, Outcome, Route, Stage
from casewall.programme.groups.models import Session
from casewall.staff.models import Worker
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import signed_in
from tests.programme.conftest import NOW, TODAY, Browse, World

ABSENT = UUID("00000000-0000-4000-8000-00000000dead")
PROGRAMME_ROLES = [Role.FACILITATOR, Role.ASSESSOR, Role.PROGRAMME_MANAGER, Role.REFERRER,
                   Role.PROGRAMME_ADMINISTRATOR]


@pytest.fixture
def family(world: World) -> dict[str, Case]:
    """Cases in every situation: in the facilitator's group, waiting, started, ended, referred."""
    cases = {
        "in_group": world.case("Anders", "Opdigtet", stage=Stage.AGREEMENT_SIGNED),
        "waiting": world.case("Bo", "Fiktiv", stage=Stage.AGREEMENT_SIGNED),
        "started": world.case("Carsten", "Skrøne", stage=Stage.AGREEMENT_SIGNED),
        "referred": world.case("Dennis", "Eksempel"),
        "own": world.case("Erik", "Digt", stage=Stage.CONTACTED),
    }
    world.member(world.group(), cases["in_group"])
    actions.move_case(case=cases["started"], to=Stage.STARTED, on=TODAY, by=world.manager)
    with acting(world.manager):
        own = world.again(cases["own"])
        own.referrer_worker = world.staff[Role.REFERRER].worker
        own.save()
    return cases


SEEN = {
    Role.FACILITATOR: {"in_group"},
    Role.ASSESSOR: {"in_group", "waiting", "referred", "own"},
    Role.PROGRAMME_MANAGER: {"in_group", "waiting", "started", "referred", "own"},
    Role.REFERRER: {"own"},
    Role.PROGRAMME_ADMINISTRATOR: set(),
}


@pytest.mark.parametrize("role", PROGRAMME_ROLES)
def test_list_search_and_case_page_agree_on_what_a_role_sees(
        role: Role, family: dict[str, Case], browse: Browse) -> None:
    browser = browse(role)
    listed = browser.get("/cases/").content.decode()
    for name, case in family.items():
        is_seen = name in SEEN[role]
        address = f"/cases/{case.pk}/"
        assert (address in listed) is is_seen, name
        assert browser.get(address).status_code == (200 if is_seen else 404), name
        found = browser.get("/search/", {"q": case.client.given_name}).content.decode()
        assert (address in found) is is_seen, name


@pytest.mark.parametrize("role", PROGRAMME_ROLES)
def test_home_counts_only_what_the_role_sees(role: Role, family: dict[str, Case], browse: Browse
                                             ) -> None:
    response = browse(role).get("/")
    if role is Role.REFERRER:
        assert response.headers["Location"] == "/cases/"
        return
    page = response.content.decode()
    for name, case in family.items():
        assert f"/cases/{case.pk}/" not in page or name in SEEN[role]
    shown = sum(f"/cases/{case.pk}/" in page for case in family.values())
    assert shown == {Role.FACILITATOR: 1, Role.ASSESSOR: 4, Role.PROGRAMME_MANAGER: 4,
                     Role.PROGRAMME_ADMINISTRATOR: 0}[role]


STEPS = ["contact", "assessment", "suitability", "agreement", "move", "exit", "partner", "place"]


@pytest.mark.parametrize("role", PROGRAMME_ROLES)
def test_a_form_below_a_case_needs_seeing_and_a_duty(role: Role, family: dict[str, Case],
                                                     browse: Browse) -> None:
    browser = browse(role)
    may = {
        Role.FACILITATOR: {"contact", "move", "exit", "partner"},
        Role.ASSESSOR: {*STEPS} - {"place"},
        Role.PROGRAMME_MANAGER: {*STEPS},
        Role.REFERRER: set(),
        Role.PROGRAMME_ADMINISTRATOR: set(),
    }[role]
    for name, case in family.items():
        for step in STEPS:
            status = browser.post(f"/cases/{case.pk}/{step}/").status_code
            expected = 404 if name not in SEEN[role] else 422 if step in may else 403
            assert status == expected, (name, step)


@pytest.mark.parametrize("role", PROGRAMME_ROLES)
def test_groups_and_registers_are_for_those_who_run_or_plan_them(
        role: Role, family: dict[str, Case], world: World, browse: Browse) -> None:
    browser = browse(role)
    session = world.rows(Session, number=1)[0]
    sees = role in (Role.FACILITATOR, Role.PROGRAMME_MANAGER)
    for address in (f"/groups/{session.group_id}/", f"/sessions/{session.pk}/register/",
                    f"/sessions/{session.pk}/cancel/"):
        assert browser.get(address).status_code == (200 if sees else 404), address
    assert (f"/groups/{session.group_id}/" in browser.get("/groups/").content.decode()) is sees
    plans = role is Role.PROGRAMME_MANAGER
    assert browser.get("/groups/new/").status_code == (200 if plans else 403)


@pytest.mark.parametrize("who", ["manager", "facilitator"])
def test_what_belongs_to_others_answers_like_what_is_not_there(
        who: str, elsewhere: dict[str, Worker], family: dict[str, Case], world: World) -> None:
    browser = signed_in(elsewhere[who])
    session = world.rows(Session, number=1)[0]
    case = family["in_group"]
    for shape, pk in [("/cases/{}/", case.pk), ("/cases/{}/contact/", case.pk),
                      ("/cases/{}/exit/", case.pk), ("/groups/{}/", session.group_id),
                      ("/sessions/{}/register/", session.pk), ("/tasks/{}/done/", case.pk),
                      ("/places/{}/end/", case.pk)]:
        for send in (browser.get, browser.post):
            hidden, absent = send(shape.format(pk)), send(shape.format(ABSENT))
            assert (hidden.status_code, hidden.content, dict(hidden.headers)) == (
                absent.status_code, absent.content, dict(absent.headers)), shape
    # Apart from the words themselves and the token of the sign-out button, which is always new.
    token = r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"|[aq]nders'
    searched = [re.sub(token, "", page, flags=re.I)
                for page in (browser.get("/search/", {"q": text}).content.decode()
                             for text in ("Anders", "Qnders"))]
    assert searched[0] == searched[1]
    assert "Nobody found" in searched[0]


def test_nobody_sees_a_page_without_signing_in(world: World) -> None:
    case = world.case()
    for address in ("/", "/cases/", f"/cases/{case.pk}/", f"/cases/{ABSENT}/", "/groups/",
                    "/search/?q=anders"):
        response = Client().get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/accounts/login/")


def test_a_referrer_sees_status_and_attendance_but_not_the_work(
        family: dict[str, Case], world: World, browse: Browse) -> None:
    case = family["own"]
    actions.record_contact(case=case, tried_at=NOW, route=Route.PHONE, outcome=Outcome.SPOKE,
                           by=world.manager, note="Said something in confidence")
    actions.keep_statement(case=case, item=uuid4(), purpose="placement",
                           text="Cannot be placed with somebody", on=TODAY, by=world.system)
    actions.move_case(case=case, to=Stage.EXITED, on=TODAY, reason=ExitReason.MOVED,
                      note="Moved to another town", by=world.manager)
    browser = browse(Role.REFERRER)
    for show in ("", "contacts", "partners", "statements", "attendance"):
        page = browser.get(f"/cases/{case.pk}/", {"show": show}).content.decode()
        assert "Exited" in page
        for kept in ("confidence", "Cannot be placed", "another town", "Statement", "stated"):
            assert kept not in page, show
    assert "another town" in browse(Role.PROGRAMME_MANAGER).get(
        f"/cases/{case.pk}/").content.decode()


def test_reading_is_in_the_audit_and_searching_too_without_the_words(
        family: dict[str, Case], browse: Browse, owner_urls: dict[str, str]) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)
    browser.get(f"/cases/{family['referred'].pk}/")
    browser.get("/cases/")
    browser.get("/search/", {"q": "Dennis"})
    with psycopg.connect(owner_urls["programme"]) as connection:
        entries = connection.execute(
            "select verb, object_id, audit_entry::text from audit_entry"
            " where verb in ('read', 'listed', 'searched')").fetchall()
    assert [thing for verb, thing, _ in entries if verb == "read"] == [family["referred"].pk]
    assert {thing for verb, thing, _ in entries if verb == "listed"} >= {
        case.pk for case in family.values()}
    assert sum(verb == "searched" for verb, _, _ in entries) == 1
    assert not any("ennis" in text for _, _, text in entries)


def test_the_programme_site_never_speaks_of_the_other_side(
        family: dict[str, Case], world: World, browse: Browse) -> None:
    browser = browse(Role.PROGRAMME_MANAGER)
    session = world.rows(Session, number=1)[0]
    pages = ["/", "/cases/", "/groups/", "/groups/new/", "/search/", f"/groups/{session.group_id}/",
             f"/sessions/{session.pk}/register/"]
    pages += [f"/cases/{family['in_group'].pk}/{end}" for end in (
        "", "?show=partners", "?show=contacts", "contact/", "exit/", "partner/", "move/", "place/")]
    for address in pages:
        text = browser.get(address).content.decode().lower()
        for word in ("safety", "victim", "engage", "partner support", "partner worker",
                     "disclos", "joint"):
            assert word not in text, (address, word)


def test_late_actions_come_before_todays(world: World, browse: Browse) -> None:
    late = world.case("Late", "Digt", referred_on=TODAY - timedelta(days=30))
    due = world.case("Due", "Digt", referred_on=TODAY - timedelta(days=2))
    soon = world.case("Soon", "Digt", referred_on=TODAY)
    page = browse(Role.PROGRAMME_MANAGER).get("/").content.decode()
    places = [page.index(f"/cases/{case.pk}/") for case in (late, due, soon)]
    assert places == sorted(places)
    assert "2 wait for you" in page
    assert "1 late" in page
    assert page.index("The next seven days") < places[2]
