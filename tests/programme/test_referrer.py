"""What another agency sees on the programme site: its own referrals, and nothing of the work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from casewall.programme.cases import actions
from casewall.programme.cases.models import Case, OfACase
from casewall.programme.cases.rules import ExitReason, Outcome, Route, Stage
from casewall.programme.groups.models import Attendance, Session
from casewall.programme.groups.rules import Mark
from casewall.programme.referrals.for_referrers import MARK_WORDS, STATUS, next_appointment
from casewall.staff.models import Worker
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.ids import new_id
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side
from tests.people import Staff, add_colleague
from tests.programme.conftest import NOW, TODAY, Browse, World

ABSENT = UUID("00000000-0000-4000-8000-00000000dead")
EMAIL = "referrer@example.invalid"
SECRETS = ("in confidence", "Said at assessment", "Cannot be placed", "another town")


@pytest.fixture(scope="module")
def others(staff_once: Staff, owner_urls: dict[str, str]) -> dict[str, Worker]:
    """A referrer of the same agency, and one whose account is closed."""
    made = {
        name: add_colleague(owner_urls, Role.REFERRER, "fjordby-police", f"{name}@example.invalid")
        for name in ("second.referrer", "former.referrer")
    }
    from casewall.wall.context import on_side
    from tests.people import _as_owner

    with _as_owner(owner_urls), on_side(Side.PROGRAMME):
        Worker.objects.filter(pk=made["former.referrer"].pk).update(is_active=False)
    return made


@pytest.fixture
def own(world: World) -> Case:
    """A referral of the referrer, with everything that must not be seen of it."""
    case = world.case("Erik", "Digt", stage=Stage.AGREEMENT_SIGNED, referrer_email=EMAIL.upper(),
                      referrer_agency="Fjordby Politikreds", text="Words for the file")
    actions.record_contact(case=case, tried_at=NOW, route=Route.PHONE, outcome=Outcome.SPOKE,
                           by=world.manager, note="Said in confidence")
    actions.declare_partner(case=case, name="Frida Fund", relation="current",
                            contact_details="+4520000009", stated_by="client", stated_on=TODAY,
                            by=world.manager)
    actions.keep_statement(case=case, item=uuid4(), purpose="placement",
                           text="Cannot be placed with somebody", on=TODAY, by=world.system)
    return case


@pytest.fixture
def foreign(world: World) -> Case:
    """Somebody else's referral."""
    return world.case("Gorm", "Løgn", stage=Stage.AGREEMENT_SIGNED)


@pytest.fixture
def browser(browse: Browse) -> Client:
    return browse(Role.REFERRER)


def text_of(response: object) -> str:
    """A page without the token of the sign-out button, which is always new."""
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


# --- whose referral it is ---------------------------------------------------------------------


def test_a_referral_belongs_to_the_account_with_the_referrers_e_mail(
        own: Case, world: World, others: dict[str, Worker]) -> None:
    assert own.referrer_worker == world.staff[Role.REFERRER].worker
    nobody = ["", "unknown@example.invalid", "facilitator@example.invalid",
              "former.referrer@example.invalid"]
    for email in nobody:
        assert world.case(referrer_email=email).referrer_worker is None, email
    assert world.case().referrer_worker is None
    second = world.case(referrer_email=" second.referrer@example.invalid ")
    assert second.referrer_worker == others["second.referrer"].pk


def test_a_batch_of_any_size_is_asked_for_in_one_query(world: World) -> None:
    for size in (1, 400):
        slots = [{"referrer_email": EMAIL}] + [
            {"referrer_email": f"x{i}@example.invalid"} for i in range(size)] + [{}, None, {
                "referrer_email": 7}]
        with CaptureQueriesContext(connections["programme"]) as asked, acting(world.system):
            found = actions.known_referrers(slots)
        assert len([q for q in asked if "staff_worker" in q["sql"]]) == 1
        assert found == {(EMAIL, world.compartment()): world.staff[Role.REFERRER].worker}


def test_an_account_without_the_compartment_of_a_case_is_not_given_it(world: World) -> None:
    case = actions.draft_case(
        slots={"id": str(uuid4()), "received_on": "2036-03-01", "route": "police",
               "referrer_email": EMAIL},
        service="another", compartment=-1, prefix="+45", by=world.system,
        referrers={(EMAIL, world.compartment()): uuid4()}).case
    assert case.referrer_worker is None


def test_a_manager_says_whose_referral_it_is(
        foreign: Case, world: World, browse: Browse, browser: Client,
        others: dict[str, Worker]) -> None:
    manager = browse(Role.PROGRAMME_MANAGER)
    address = reverse("case_referrer", args=[foreign.pk])
    assert address in manager.get(f"/cases/{foreign.pk}/").content.decode()
    shown = manager.get(address).content.decode()
    assert "Invented referrer, Fjordby Politikreds" in shown
    assert str(others["second.referrer"].pk) in shown
    assert str(others["former.referrer"].pk) not in shown
    assert browser.get(f"/cases/{foreign.pk}/").status_code == 404

    whose = str(world.staff[Role.REFERRER].worker)
    for _ in range(2):
        assert manager.post(address, {"referrer": whose, "seen": ""}).status_code == 302
    assert browser.get(f"/cases/{foreign.pk}/").status_code == 200
    assert "Invented referrer" in manager.get(f"/cases/{foreign.pk}/").content.decode()

    stale = manager.post(address, {"referrer": "", "seen": str(uuid4())})
    assert stale.status_code == 422
    assert "Somebody else said meanwhile" in stale.content.decode()
    wrong = manager.post(address, {"referrer": str(uuid4()), "seen": whose})
    assert (wrong.status_code, "Choose one of the list." in wrong.content.decode()) == (422, True)
    assert manager.post(address, {"referrer": "", "seen": whose}).status_code == 302
    assert browser.get(f"/cases/{foreign.pk}/").status_code == 404


def test_only_an_active_referrer_of_the_service_can_be_named(
        foreign: Case, world: World, others: dict[str, Worker], browse: Browse) -> None:
    for worker in (others["former.referrer"].pk, world.staff[Role.FACILITATOR].worker, uuid4()):
        with pytest.raises(Refused, match="not one of a referrer"):
            actions.name_referrer(case=foreign, referrer=worker, seen=None, by=world.manager)
    for role in (Role.FACILITATOR, Role.ASSESSOR, Role.REFERRER):
        with pytest.raises(Refused):
            actions.name_referrer(case=foreign, referrer=None, seen=None, by=world.staff[role])
    address = reverse("case_referrer", args=[foreign.pk])
    assert browse(Role.ASSESSOR).get(address).status_code == 403
    assert browse(Role.PROGRAMME_ADMINISTRATOR).get(address).status_code == 404


# --- what is seen -----------------------------------------------------------------------------


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the site below a record, as (shape, name), `{}` for each identifier."""
    for one in resolver.url_patterns:
        shape = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, shape)
        elif isinstance(one, URLPattern) and "<uuid:" in shape:
            yield "/" + re.sub(r"<uuid:\w+>", "{}", shape), one.name or ""


def test_list_search_and_pages_hold_exactly_the_own_referrals(
        own: Case, foreign: Case, browser: Client) -> None:
    listed = browser.get("/cases/").content.decode()
    assert "Your referrals" in listed
    assert f"/cases/{own.pk}/" in listed
    assert str(foreign.pk) not in listed
    assert "Gorm" not in listed
    assert browser.get("/").headers["Location"] == "/cases/"
    for query in ({"due": "now"}, {"stage": "contacted"}, {"before": "2036-03-01_x"}):
        assert "Gorm" not in browser.get("/cases/", query).content.decode()
    for typed, case in (("Erik", own), (own.pk.hex[:8], own), ("Gorm", foreign),
                        (foreign.pk.hex[:8], foreign)):
        found = browser.get("/search/", {"q": typed}).content.decode()
        assert (f"/cases/{case.pk}/" in found) is (case is own)
        assert ("Nobody found" in found) is (case is not own)
        assert "Last contact" not in found


def test_others_and_absent_are_the_same_bytes_at_every_address(
        own: Case, foreign: Case, world: World, browser: Client) -> None:
    world.member(world.group(), foreign)
    session = world.rows(Session, number=1)[0]
    opened = set()
    for shape, name in sorted(set(patterns(get_resolver()))):
        holes = shape.count("{}")
        pk = {"groups": session.group_id, "sessions": session.pk}.get(
            shape.split("/")[1], foreign.pk)
        for send in (browser.get, browser.post):
            hidden, absent = (send(shape.format(*[one] * holes)) for one in (pk, ABSENT))
            # A page that is not for this role at all says so of every identifier.
            assert hidden.status_code in (403, 404, 405), shape
            assert (hidden.status_code, text_of(hidden)) == (
                absent.status_code, text_of(absent)), shape
        if browser.get(shape.format(*[own.pk] * holes)).status_code == 200:
            opened.add(name)
    assert opened == {"case"}


def test_nothing_else_of_the_site_shows_anybody(
        own: Case, foreign: Case, world: World, browser: Client) -> None:
    world.member(world.group("Tuesday group"), foreign)
    for address in ("/groups/", "/groups/new/", "/notes/", "/courses/", "/templates/",
                    "/documents/", "/texts/"):
        page = text_of(browser.get(address))
        for word in ("Gorm", "Tuesday group", "Frida", *SECRETS):
            assert word not in page, (address, word)


def test_the_page_tells_status_attendance_and_nothing_of_the_work(
        own: Case, world: World, browser: Client) -> None:
    mark(world, own, [(Mark.ATTENDED, 120), (Mark.ABSENT_NOT_ACCEPTED, 0)])
    page = browser.get(f"/cases/{own.pk}/").content.decode()
    assert "Agreement signed" in page
    assert own.pk.hex[:8] in page
    assert "1 session attended, 2 hours." in page
    assert "Attended" in page
    for show in ("", "attendance", "documents", "contacts", "partners", "statements", "stages",
                 "notes", "needs", "course", "assessments", "whose", "agreements", "places"):
        page = text_of(browser.get(f"/cases/{own.pk}/", {"show": show}))
        for word in (*SECRETS, "Frida", "+4520000009", "Words for the file", "absent_not",
                     "Invented facilitator", "Invented programme manager", "is late"):
            assert word not in page, (show, word)
    actions.move_case(case=world.again(own), to=Stage.EXITED, on=TODAY, by=world.manager,
                      reason=ExitReason.MOVED, note="Moved to another town")
    page = browser.get(f"/cases/{own.pk}/").content.decode()
    assert "The client left before the end of the programme." in page
    assert "another town" not in page


def mark(world: World, case: Case, marks: list[tuple[Mark, int]]) -> None:
    """Marks in the register of a group that met once a week until this week."""
    weeks = timedelta(weeks=len(marks) - 1)
    group = world.group(starts_on=TODAY - weeks, sessions=len(marks))
    sessions = sorted(world.rows(Session, group=group), key=lambda one: one.number)
    with acting(world.manager):
        for session, (outcome, minutes) in zip(sessions, marks, strict=True):
            Attendance(compartment=case.compartment, case=case, session=session, outcome=outcome,
                       attended=minutes > 0, complied=minutes > 0, minutes_attended=minutes,
                       worker=world.manager.worker, recorded_at=NOW).save(force_insert=True)


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_and_mark_has_plain_words(stage: Stage) -> None:
    word, meaning = STATUS[stage]
    assert "_" not in word + meaning
    assert meaning.endswith(".")
    assert set(MARK_WORDS) == set(Mark)


def test_the_list_and_the_page_have_one_number_of_queries(
        own: Case, world: World, browser: Client) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connections["programme"]) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    addresses = ("/cases/", f"/cases/{own.pk}/")
    queries("/cases/")
    before = [queries(address) for address in addresses]
    for number in range(12):
        world.case(f"Anders{number}", "Opdigtet", referrer_email=EMAIL)
    mark(world, own, [(Mark.LATE, 90)] * 12)
    assert [queries(address) for address in addresses] == before


# --- the next appointment ---------------------------------------------------------------------


def appointment(world: World, case: Case, now: datetime = NOW) -> tuple[str, datetime] | None:
    viewer = world.staff[Role.REFERRER]
    with acting(viewer):
        return next_appointment(Case.objects.visible_to(viewer).get(pk=case.pk), viewer, now)


def test_the_next_appointment_is_the_earliest_of_all_kinds(
        own: Case, world: World, browser: Client) -> None:
    assert appointment(world, own) is None
    assert "None is booked." in browser.get(f"/cases/{own.pk}/").content.decode()
    group = world.group("Tuesday group", starts_on=TODAY - timedelta(days=7), sessions=4)
    world.member(group, own, joined_on=TODAY + timedelta(days=1))
    what, at = appointment(world, own)
    assert (what, at.date(), at.time()) == ("Group session", TODAY + timedelta(days=7), time(18))
    with acting(world.manager):
        Session(id=new_id(), compartment=own.compartment, case=own, kind="one_to_one", number=1,
                held_on=TODAY + timedelta(days=2), begins_at=time(9, 30), minutes=60,
                worker=world.manager.worker).save(force_insert=True)
    what, at = appointment(world, own)
    assert (what, at.date()) == ("One-to-one meeting", TODAY + timedelta(days=2))
    page = text_of(browser.get(f"/cases/{own.pk}/"))
    assert "One-to-one meeting, Thursday 6 March 2036, 09:30" in page
    assert "Tuesday group" not in page


def test_a_cancelled_session_a_place_that_ended_and_an_ended_case_are_no_appointment(
        own: Case, world: World) -> None:
    group = world.group(starts_on=TODAY, sessions=2)
    world.member(group, own)
    with acting(world.manager):
        rows = Session.objects.visible_to(world.manager).filter(group=group)
        rows.filter(number=1).update(state="cancelled")
    assert appointment(world, own)[1].date() == TODAY + timedelta(days=7)
    with acting(world.manager):
        own.groupmembers.visible_to(world.manager).update(left_on=TODAY)
    assert appointment(world, own) is None
    actions.move_case(case=world.again(own), to=Stage.EXITED, on=TODAY, by=world.manager,
                      reason=ExitReason.MOVED)
    assert appointment(world, own) is None


def test_a_booked_assessment_is_an_appointment(world: World) -> None:
    case = world.case("Hugo", "Påhit", stage=Stage.ASSESSMENT_BOOKED, referrer_email=EMAIL,
                      referred_on=TODAY)
    before = datetime.combine(TODAY, time(8), NOW.tzinfo)
    what, at = appointment(world, case, before)
    assert (what, at) == ("Assessment", datetime.combine(TODAY, time(11), NOW.tzinfo))
    assert appointment(world, case, NOW) is None


# --- messages ---------------------------------------------------------------------------------


def test_a_message_begins_with_one_link_that_carries_the_reference(
        own: Case, browser: Client) -> None:
    with override_settings(CASEWALL_FRONT_DOOR_URL="http://127.0.0.1:8003/"):
        page = browser.get(f"/cases/{own.pk}/").content.decode()
    assert f'href="http://127.0.0.1:8003/message/?reference={own.pk.hex[:8]}"' in page
    with override_settings(CASEWALL_FRONT_DOOR_URL=""):
        page = browser.get(f"/cases/{own.pk}/").content.decode()
    assert f"under the reference {own.pk.hex[:8]}" in page


# --- all of the side --------------------------------------------------------------------------

SEEN = {"Case", "Client", "ClientToken", "StageMove", "Attendance", "Document",
        "IssuedFile", "ProgrammeDraft", "ReportFeedback"}
"""Kinds of record of which a referrer may see some: those of own referrals, and what was typed
into own forms. The tokens are keyed hashes by which own referrals are found."""


def test_a_referrer_can_see_these_kinds_of_record_and_no_other(world: World) -> None:
    viewer = world.staff[Role.REFERRER]
    found = set()
    for model in apps.get_models():
        if not issubclass(model, WalledModel) or model.SIDE is not Side.PROGRAMME:
            continue
        rows = model.objects.visible_to(viewer)
        try:
            sql, given = rows.query.get_compiler("programme").as_sql()
        except EmptyResultSet:
            continue
        found.add(model.__name__)
        if issubclass(model, OfACase):
            assert viewer.worker in given, (model, sql)
    assert found <= SEEN, found - SEEN
    assert {"Case", "Client", "StageMove", "Attendance"} <= found
