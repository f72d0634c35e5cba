"""The list of cases, search, and how many queries pages need."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewall.programme.cases.finding import Question, meant_by
from casewall.programme.cases.lists import PAGE
from casewall.programme.cases.rules import Stage
from casewall.programme.groups.models import Session
from casewall.wall.sides import Role
from tests.programme.conftest import TODAY, Browse, World

LINK = re.compile(r'href="(/cases/[0-9a-f-]{36}/)"')


@pytest.fixture
def manager(browse: Browse) -> Client:
    return browse(Role.PROGRAMME_MANAGER)


def queries(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connections["programme"]) as context:
        assert browser.get(address).status_code == 200
    return len(context)


def test_pages_lead_through_every_case_once_and_back(manager: Client, world: World) -> None:
    # Several of a day, so that a page ends among cases of one day.
    made = [world.case(f"Number{n}", "Digt", referred_on=TODAY - timedelta(days=n // 4))
            for n in range(2 * PAGE + 3)]
    seen, address, pages = [], "/cases/", []
    while address:
        page = manager.get(address).content.decode()
        pages.append(LINK.findall(page))
        seen += pages[-1]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = "/cases/" + following.group(1) if following else ""
    assert [len(found) for found in pages] == [PAGE, PAGE, 3]
    assert len(set(seen)) == len(seen) == len(made)
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert back is not None
    page = manager.get("/cases/" + back.group(1)).content.decode()
    assert LINK.findall(page) == pages[1]
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    page = manager.get("/cases/" + back.group(1)).content.decode()  # type: ignore[union-attr]
    assert LINK.findall(page) == pages[0]
    assert 'rel="prev"' not in page
    assert 'rel="next"' in page


def test_filters_narrow_the_list_and_can_be_taken_away(manager: Client, world: World) -> None:
    late = world.case("Late", "Digt")
    fresh = world.case("Fresh", "Digt", referred_on=TODAY)
    booked = world.case("Booked", "Digt", stage=Stage.ASSESSMENT_BOOKED)
    for query, expected in [
        ("", {late, fresh, booked}), ("?stage=referred", {late, fresh}),
        ("?stage=referred&due=now", {late}), ("?due=now", {late, booked}),
        ("?stage=nonsense", {late, fresh, booked}), ("?after=rubbish", {late, fresh, booked}),
        ("?before=2036-01-01_rubbish", {late, fresh, booked}),
    ]:
        page = manager.get("/cases/" + query).content.decode()
        assert set(LINK.findall(page)) == {f"/cases/{case.pk}/" for case in expected}, query
    page = manager.get("/cases/?stage=referred&due=now").content.decode()
    assert 'href="?due=now"' in page
    assert 'href="?stage=referred"' in page
    assert "No case fits" in manager.get("/cases/?stage=closed").content.decode()


@pytest.mark.parametrize("address", ["/cases/", "/", "/search/?q=Digt", "/groups/"])
def test_lists_need_the_same_queries_for_one_case_and_for_many(
        address: str, manager: Client, world: World) -> None:
    group = world.group()
    world.member(group, world.case("One", "Digt", stage=Stage.AGREEMENT_SIGNED))
    world.case("Two", "Digt")
    one = queries(manager, address)
    for n in range(12):
        world.case(f"More{n}", "Digt", stage=Stage.CONTACTED)
    world.member(world.group(f"Group {n}"), world.case("Last", "Digt",
                                                       stage=Stage.AGREEMENT_SIGNED))
    assert queries(manager, address) == one


def test_a_register_needs_the_same_queries_for_one_client_and_for_fifty(
        manager: Client, world: World) -> None:
    group = world.group()
    world.member(group, world.case("One", "Digt", stage=Stage.AGREEMENT_SIGNED))
    session = world.rows(Session, number=1)[0]
    addresses = [f"/sessions/{session.pk}/register/", f"/groups/{group.pk}/"]
    one = [queries(manager, address) for address in addresses]
    for n in range(49):
        world.member(group, world.case(f"More{n}", "Digt", stage=Stage.AGREEMENT_SIGNED))
    assert manager.get(addresses[0]).content.decode().count("data-casewall-person") == 50
    assert [queries(manager, address) for address in addresses] == one


def test_a_case_page_needs_the_same_queries_however_much_happened(
        manager: Client, world: World) -> None:
    quiet = world.case("Quiet", "Digt")
    busy = world.case("Busy", "Digt", stage=Stage.AGREEMENT_SIGNED)
    world.member(world.group(), busy)
    assert queries(manager, f"/cases/{quiet.pk}/") == queries(manager, f"/cases/{busy.pk}/")


@pytest.mark.parametrize(("text", "question"), [
    ("", Question()),
    ("Søren Al-Ṣāliḥ", Question(names=("soren", "al", "salih"))),
    ("27.3.1985", Question(born_on=date(1985, 3, 27))),
    ("27 3 1985", Question(born_on=date(1985, 3, 27))),
    ("1985-03-27 anders", Question(names=("anders",), born_on=date(1985, 3, 27))),
    ("+45 20 30 40 50", Question(phone="+45 20 30 40 50")),
    ("20304050", Question(phone="20304050", reference="20304050")),
    ("Bo 2030 4050", Question(names=("bo",), phone="2030 4050")),
    ("20 79 4600 1234", Question(phone="20 79 4600 1234")),
    ("0A1b2c3d", Question(names=("0a1b2c3d",), reference="0a1b2c3d")),
    ("31/2/1985", Question(problem="“31/2/1985” is not a date: write day, month, year.")),
    ("x" * 201, Question(problem="Search for at most 200 characters.")),
    ("…", Question()),
])
def test_what_a_search_means(text: str, question: Question) -> None:
    assert meant_by(text) == question
    assert meant_by("…").is_empty


@pytest.fixture
def anders(world: World) -> str:
    world.case("Bo", "Sørensen", phone="20 99 99 99", born_on="1985-03-27")
    case = world.case("Anders Emil", "Sørensen", phone="+45 20 30 40 50", born_on="1985-03-28")
    return f"/cases/{case.pk}/"


@pytest.mark.parametrize("text", [
    "Anders", "ANDERS", "emil", "Anders Sørensen", "soerensen anders", "20304050",
    "0045 20 30 40 50", "28.3.1985", "28/03/1985", "1985-03-28", "Sorensen 28 3 1985",
])
def test_a_client_is_found_by_whole_names_phone_or_birth(text: str, anders: str, manager: Client
                                                         ) -> None:
    page = manager.get("/search/", {"q": text}).content.decode()
    assert LINK.findall(page) == [anders]


@pytest.mark.parametrize("text", ["And", "Andersen", "Anders Bo", "2030405", "Anders 27.3.1985",
                                  "29.3.1985", "%", "' or 1=1 --", "…"])
def test_a_part_of_a_name_or_a_word_too_many_finds_nobody(text: str, anders: str, manager: Client
                                                          ) -> None:
    page = manager.get("/search/", {"q": text}).content.decode()
    assert LINK.findall(page) == []
    assert "Nobody found" in page


def test_the_reference_that_people_read_out_finds_the_case(anders: str, manager: Client) -> None:
    reference = anders.split("/")[2][:8]
    assert reference in manager.get(anders).content.decode()
    for text in (reference, reference.upper()):
        assert anders in LINK.findall(manager.get("/search/", {"q": text}).content.decode())


def test_search_says_what_it_searches_and_what_is_wrong(manager: Client) -> None:
    page = manager.get("/search/").content.decode()
    assert "part of a name finds nothing" in page
    assert "Nobody found" not in page
    assert "is not a date" in manager.get("/search/", {"q": "31.2.1985"}).content.decode()
