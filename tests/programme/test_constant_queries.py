"""Every page with rows needs the same number of queries for 10, for 100 and for 1,000 rows.

The addresses come from the site itself: a page that is missing here fails the first test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewall.programme.cases.models import Case
from casewall.programme.cases.once import one_page
from casewall.programme.cases.parts import heads_of, parts_for
from casewall.programme.cases.views import NEWEST, SECTIONS
from casewall.wall.context import acting
from casewall.wall.sides import Role, Viewer
from tests.programme.conftest import Browse, World
from tests.programme.crowd import ADDRESSES, TODAY, Crowd, patterns

SIZES = (10, 100, 1000)
ROLES = (Role.PROGRAMME_MANAGER, Role.FACILITATOR, Role.REFERRER)
MOST_FOR_A_CASE = 50
"""Queries of the page of a case with all its parts, signing in and the audit included: what it
needs, counted. A part that reads what another has read goes above it; see `cases/once.py`."""

NO_PAGE = {
    "task_done", "group_place", "apart_add", "apart_end", "acts_accept", "acts_accept_register",
    "visitor_signed", "draft_save", "draft_throw_away", "document_for_act", "document_issue",
    "document_anew", "document_file", "letter_template_file", "measures_again",
    "incident_take_back",
}
"""Addresses that only take what is sent, or give a file."""

LISTS = {
    "today", "cases", "search", "groups", "group", "rooms", "courses", "acts", "templates",
    "template", "notes_waiting", "drafts", "agreement_texts", "agreement_text",
    "letter_templates", "register", "session_record", "session_visitors", "case", "case_apart",
    "case_place", "case_session", "case_sit_in", "chronology", "group_new", "note",
    "measures-due", "measure_choose", "incident", "proceeding", "closed", "closed_weeks",
}
"""Pages with rows on them, asked at every size."""

FORMS = {
    "stay", "case_contact", "case_book", "case_move", "case_exit", "case_pause", "case_resume",
    "case_reopen", "case_correct", "case_declare", "case_referrer", "case_eligibility",
    "case_decide", "case_sign", "case_release", "case_availability", "case_enrol", "needs_state",
    "violence_state", "circumstances_state", "family_state", "child_declare", "onward_new",
    "safeguarding_new",
    "note_new", "group_add", "group_further", "group_facilitators", "group_end", "session_cancel",
    "session_move",
    "one_to_one_time", "agreement_copy", "release_withdraw", "room_close", "place_end",
    "act_done", "act_dismiss", "course_review", "course_extend", "course_break",
    "course_resume", "course_level", "review_sign", "follow_up", "onward_settle",
    "safeguarding_settle", "note_edit", "note_correct", "document_new", "document",
    "document_edit", "document_check", "document_withdraw", "letterhead", "letter_template",
    "measure_record", "measure_silence", "incident_new", "incident_correct", "incident_review",
    "proceeding_new", "proceeding_change", "court_day_new", "court_day_settle", "custody_new",
    "custody_change", "asked_new",
}
"""Pages about one record: asked for 10 and for 100 rows of everything around it."""

QUERIES = {
    "search": ["?q=Digt"],
    "groups": ["", "?show=ended"],
    "group": ["?waiting=all", ""],
    "case_apart": ["?q=Digt", ""],
    "acts": ["", "?session={session}"],
    "notes_waiting": ["", "?after=2030-01-01T00:00:00%2B00:00_{case}"],
    "cases": ["", "?due=now", "?after=2036-03-01_{case}", "?before=2030-01-01_{case}"],
    "chronology": ["", "?kind=contacts", "?kind=notes", "?kind=part-course"],
}
"""Lists of the same address; the first one is asked for at every size."""


def test_every_address_is_a_list_a_form_or_no_page() -> None:
    assert set(patterns()) == set(ADDRESSES) == LISTS | FORMS | NO_PAGE
    assert len(LISTS) + len(FORMS) + len(NO_PAGE) == len(ADDRESSES)


def addresses(crowd: Crowd, names: set[str], viewer: Viewer, *, few: bool) -> Iterator[str]:
    """The addresses of these pages, a case with each of its sections.

    `few`: of pages that read the same whatever they show, one; and for anybody but the manager
    the page of a case with all its parts stands for its sections.
    """
    for name in sorted(names):
        queries = QUERIES.get(name, [""])
        if name == "case":
            parts = parts_for(refers=viewer.role is Role.REFERRER)
            own = [key for key in SECTIONS if not few or not key]
            queries = [f"?show={key}" for key in [*own, *(one.key for one in parts if one.label)]]
        if few and (name != "case" or viewer.role is Role.FACILITATOR):
            queries = queries[:1]
        for query in queries:
            yield crowd.address(name, query=query.format(**crowd.records))


def queries(browser: Client, address: str) -> int | None:
    """How many queries a page needs; None where this worker has no such page."""
    with CaptureQueriesContext(connections["programme"]) as context:
        answer = browser.get(address)
    assert answer.status_code in (200, 302, 403, 404), (address, answer.status_code)
    return len(context) if answer.status_code == 200 else None


def asked(role: Role, size: int, *, at_night: bool) -> set[str]:
    """The pages that a role is asked for at a size: every list, and at night forms of the manager.

    At the largest size a facilitator is asked for the busiest ones; the manager reads them all.
    """
    if role is Role.REFERRER:
        return {"cases", "search", "case"}
    if role is Role.PROGRAMME_MANAGER:
        return LISTS | FORMS if at_night and size < SIZES[-1] else LISTS
    return {"today", "cases", "groups", "case"} if size == SIZES[-1] else LISTS


@pytest.mark.parametrize("sizes", [
    pytest.param(SIZES[:2], id="10 and 100"),
    pytest.param(SIZES, id="10, 100 and 1000", marks=pytest.mark.slow)])
def test_every_page_needs_the_same_queries_for_10_100_and_1000_rows(
        sizes: tuple[int, ...], world: World, browse: Browse) -> None:
    crowd, found = Crowd(world), defaultdict(list)
    browsers, at_night = {role: browse(role) for role in ROLES}, sizes == SIZES
    for size in sizes:
        crowd.grow(size)
        for role, browser in browsers.items():
            if size == sizes[0]:
                browser.get(crowd.address("case"))  # what a process reads once
            largest = size == SIZES[-1]
            pages = asked(role, size, at_night=at_night)
            for address in addresses(crowd, pages, world.staff[role], few=largest):
                found[role, address].append(queries(browser, address))
    assert {page: counts for page, counts in found.items() if len(set(counts)) > 1} == {}
    shown = [page for page, counts in found.items() if counts[0] is not None]
    assert len(shown) > (110 if at_night else 70)
    everything = crowd.address("case", query="?show=")
    assert max(found[role, everything][0] for role in ROLES) == MOST_FOR_A_CASE


def test_the_header_of_a_case_says_the_same_on_every_page(world: World) -> None:
    """A page that has read a part takes its flags from there; every other page asks for them."""
    crowd, told = Crowd(world), []
    crowd.grow(2)
    for viewer in (world.manager, world.staff[Role.FACILITATOR]):
        with acting(viewer):
            case = Case.objects.visible_to(viewer).get(pk=crowd.records["case"])
            parts = parts_for(refers=False)
            asked = [part.head(case, viewer, TODAY) for part in parts if part.head]
            one_page(case)
            read = {part.key: part.read(case, viewer, TODAY) for part in parts}
            assert [read[part.key].head for part in parts if part.head] == asked
            assert heads_of(case, viewer, TODAY, read) == [flag for one in asked for flag in one]
            assert not any(read[part.key].head for part in parts if not part.head)
            told.append([len(one) for one in asked])
    assert told == [[2, 2, 1, 2]] * 2


def test_a_case_shows_its_newest_entries_and_leads_to_the_others(
        world: World, browse: Browse) -> None:
    crowd, browser = Crowd(world), browse(Role.PROGRAMME_MANAGER)
    crowd.grow(10)
    page = browser.get(crowd.address("case")).content.decode()
    assert page.count("moj-timeline__item") == NEWEST
    assert "earlier entries are not shown here" in page
    assert crowd.address("chronology") in page
    part = browser.get(crowd.address("case", query="?show=contacts")).content.decode()
    assert part.count("moj-timeline__item") == 10
    assert "not shown here" not in part
