"""Kept away, opened out of turn, who looked: the acts and the pages of the programme side."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import time_machine
from django.db import Error, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casewall.programme.access import actions
from casewall.programme.access.looking import DESK, file_of
from casewall.programme.access.models import Exclusion, OutOfTurn
from casewall.programme.access.rules import OPEN_FOR, Verdict, Why
from casewall.programme.cases.models import Case
from casewall.programme.cases.models import Client as Person
from casewall.programme.cases.rules import Stage
from casewall.programme.groups.models import GroupMember, Session
from casewall.staff.access import with_access
from casewall.staff.cluster import keep_account, looks_at
from casewall.staff.models import Worker
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side, Viewer
from tests.people import add_colleague, signed_in
from tests.programme.conftest import NOW, Browse, World
from tests.wall.sql import look_as, role

FACILITATOR, MANAGER, ASSESSOR = Role.FACILITATOR, Role.PROGRAMME_MANAGER, Role.ASSESSOR
ROLES = [role for role in Role if SIDE_OF_ROLE[role] is Side.PROGRAMME]
WHY = "The colleague is a brother of the client."
URGENT = "The client called in danger and the worker is away."
ABSENT = UUID("00000000-0000-4000-8000-00000000dead")


@pytest.fixture
def second(owner_urls: dict[str, str], world: World) -> Worker:
    """Another manager of the same agency: somebody who can let the first one back."""
    return add_colleague(owner_urls, MANAGER, "vesterlo-treatment", f"{uuid4()}@example.invalid")


@pytest.fixture
def case(world: World) -> Case:
    """A client in the facilitator's group, of an unusual name."""
    case = world.case("Bertram", "Opspind", stage=Stage.AGREEMENT_SIGNED,
                      phone="+4522334455", born_on="1985-03-27")
    world.member(world.group(), case)
    return world.again(case)


@pytest.fixture
def far(world: World) -> Case:
    """A client whom the facilitator does not work with."""
    return world.case("Torkild", "Fantasi", phone="+4599887766")


def now(viewer: Viewer) -> Viewer:
    """The viewer as the next request has it."""
    with acting(viewer):
        return with_access(viewer)


def keep(world: World, case: Case, colleague: Worker, **changed: Any) -> list[Any]:
    given = {"model": Exclusion, "file": file_of(case), "people": file_of(case).people,
             "colleague": colleague, "why": Why.RELATIVE, "reason": WHY, "at": NOW,
             "by": world.manager}
    return actions.keep_away(**{**given, **changed})


def opened(world: World, case: Case, role: Role = FACILITATOR, **changed: Any) -> Any:
    given = {"model": OutOfTurn, "file": file_of(case), "reason": URGENT, "seen_already": False,
             "at": NOW, "by": world.staff[role]}
    return actions.open_out_of_turn(**{**given, **changed})


def cases_of(viewer: Viewer) -> set[UUID]:
    with acting(viewer):
        return set(Case.objects.visible_to(viewer).values_list("pk", flat=True))


# --- kept away ----------------------------------------------------------------------------------


def test_for_whoever_is_kept_away_the_client_is_not_there(
    world: World, case: Case, far: Case, second: Worker, browse: Browse
) -> None:
    manager, facilitator = world.staff.workers[MANAGER], world.staff.workers[FACILITATOR]
    keep(world, case, facilitator)
    keep(world, case, manager, by=second.as_viewer())
    for who in (FACILITATOR, MANAGER):
        viewer, browser = now(world.staff[who]), browse(who)
        assert case.pk in cases_of(world.staff[who])
        assert case.pk not in cases_of(viewer)
        with acting(viewer):
            assert not GroupMember.objects.visible_to(viewer).filter(case=case).exists()
            assert not Person.objects.visible_to(viewer).filter(pk=case.client_id).exists()
        for page in ("/", "/cases/", "/search/?q=Opspind", "/search/?q=22334455"):
            text = browser.get(page).content.decode()
            assert "Opspind" not in text.replace("q=Opspind", "").replace('value="Opspind"', "")
            assert str(case.pk) not in text
        for end in ("", "?show=attendance", "incident/", "note/", "viewers/", "kept-away/",
                    "conflict/"):
            hidden = browser.get(f"/cases/{case.pk}/{end}")
            absent = browser.get(f"/cases/{ABSENT}/{end}")
            assert (hidden.status_code, hidden.content) == (404, absent.content), end
    assert far.pk in cases_of(now(world.manager))


def test_the_register_leaves_the_client_out_and_somebody_else_marks(
    world: World, case: Case, browse: Browse
) -> None:
    other = world.case("Anders", "Opdigtet", stage=Stage.AGREEMENT_SIGNED)
    with acting(world.manager):
        session = Session.objects.visible_to(world.manager).order_by("held_on").first()
        group = session.group
    world.member(group, other)
    keep(world, case, world.staff.workers[FACILITATOR])
    page = browse(FACILITATOR).get(f"/sessions/{session.pk}/register/").content.decode()
    assert "Anders" in page
    assert "Bertram" not in page
    assert str(case.pk) not in page
    assert "Bertram" in browse(MANAGER).get(f"/sessions/{session.pk}/register/").content.decode()


def test_a_later_case_of_the_same_client_is_not_there_either(world: World, case: Case) -> None:
    keep(world, case, world.staff.workers[FACILITATOR])
    with acting(world.manager):
        later = world.again(case)
        later.pk, later.referral_id, later.worker = uuid4(), uuid4(), world.staff[
            FACILITATOR].worker
        later.save(force_insert=True)
    assert later.pk in cases_of(world.staff[FACILITATOR])
    assert later.pk not in cases_of(now(world.staff[FACILITATOR]))


def test_nobody_kept_away_means_the_same_query_and_one_query_more_for_a_request(
    world: World, case: Case
) -> None:
    by = world.staff[FACILITATOR]
    with acting(by), CaptureQueriesContext(connections["programme"]) as asked:
        viewer = with_access(by)
        list(Case.objects.visible_to(viewer))
        list(Case.objects.visible_to(by))
    assert viewer == by
    _, with_it, without = [query["sql"] for query in asked]
    assert with_it == without


def test_the_page_keeps_away_lets_back_and_keeps_both_on_record(
    world: World, case: Case, browse: Browse, second: Worker
) -> None:
    browser, worker = browse(MANAGER), world.staff.workers[FACILITATOR]
    address = f"/cases/{case.pk}/kept-away/"
    form = {"colleague": str(worker.pk), "why": "relative", "reason": WHY,
            "form_id": str(uuid4())}
    for changed, sentence in (({"reason": "no"}, "few words"), ({"colleague": ""}, "Choose"),
                              ({"why": ""}, "Choose"), ({"reason": ""}, "Write the reason")):
        answer = browser.post(address, {**form, **changed})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    for _ in range(2):
        assert browser.post(address, form).status_code == 302
    (row,) = world.rows(Exclusion)
    assert (row.worker, row.declared, row.reason, row.person) == (
        worker.pk, False, WHY, case.client_id)
    again = browser.post(address, {**form, "form_id": str(uuid4())})
    assert "already" in again.content.decode()
    assert WHY in browser.get(address).content.decode()
    end = f"/access/kept-away/{row.pk}/end/"
    assert browser.post(end, {"reason": "x"}).status_code == 422
    assert browser.post(end, {"reason": "It was another person of the same name."}
                        ).status_code == 302
    assert browser.get(end).status_code == 404
    (row,) = world.rows(Exclusion)
    assert row.ended_by == world.manager.worker
    assert case.pk in cases_of(now(world.staff[FACILITATOR]))
    with pytest.raises(actions.StaleEdit):
        actions.let_back(exclusion=row, reason="Once more, for no reason.", at=NOW,
                         by=world.manager)


def test_the_last_who_could_let_a_colleague_back_is_not_kept_away(
    world: World, case: Case, second: Worker, browse: Browse
) -> None:
    by = second.as_viewer()
    managers = Worker.objects.filter(
        role=MANAGER, membership__compartment_id=case.compartment).exclude(pk=second.pk)
    for manager in managers:
        keep(world, case, manager, by=by)
    with pytest.raises(Refused, match="Nobody else could"):
        actions.declare_conflict(model=Exclusion, file=file_of(case), why=Why.FRIEND,
                                 reason=None, at=NOW, by=by)
    # Whoever is kept away sees no exclusion, so cannot let herself back.
    viewer = now(world.manager)
    with acting(viewer):
        assert not Exclusion.objects.visible_to(viewer).exists()
    assert "Opspind" not in browse(MANAGER).get("/access/review/").content.decode()
    assert "Opspind" in signed_in(second).get("/access/review/").content.decode()


def test_whoever_knows_the_client_says_so_and_sees_the_file_no_more(
    world: World, case: Case, browse: Browse
) -> None:
    browser = browse(FACILITATOR)
    address = f"/cases/{case.pk}/conflict/"
    assert browser.get(address).status_code == 200
    assert browser.post(address, {}).status_code == 422
    assert browser.post(address, {"why": "friend", "form_id": str(uuid4())}).status_code == 302
    assert browser.get(f"/cases/{case.pk}/").status_code == 404
    (row,) = world.rows(Exclusion)
    assert (row.declared, row.worker) == (True, world.staff[FACILITATOR].worker)
    assert "A friend" in browse(MANAGER).get("/access/review/").content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_only_who_has_the_duty_keeps_away_opens_and_reviews(
    role: Role, world: World, case: Case, far: Case
) -> None:
    by = world.staff[role]
    row = opened(world, far)
    away = keep(world, far, world.staff.workers[ASSESSOR])[0]
    acts: dict[Duty, Callable[[], Any]] = {
        Duty.EXCLUDE: lambda: keep(world, case, world.staff.workers[FACILITATOR], by=by),
        Duty.OPEN_OUT_OF_TURN: lambda: opened(world, case, by=by, form=uuid4()),
        Duty.REVIEW_ACCESS: lambda: actions.decide(
            opening=row, verdict=Verdict.JUSTIFIED, note=None, at=NOW, by=by, version=1),
    }
    for duty, act in acts.items():
        if may_do(role, duty):
            act()
        else:
            with pytest.raises(Refused, match="may not"):
                act()
    if not may_do(role, Duty.EXCLUDE):
        with pytest.raises(Refused, match="may not"):
            actions.let_back(exclusion=away, reason=WHY, at=NOW, by=by)


# --- out of turn ----------------------------------------------------------------------------------


def test_a_file_is_open_for_some_hours_and_the_manager_is_told_at_once(
    world: World, far: Case, browse: Browse
) -> None:
    browser, manager = browse(FACILITATOR), browse(MANAGER)
    assert browser.get(f"/cases/{far.pk}/").status_code == 404
    page = browser.post("/access/find/", {"sought": "Torkild Fantasi"}).content.decode()
    assert "There is a file" in page
    assert str(far.pk) not in page
    sent = {"sought": "Torkild Fantasi", "reason": URGENT, "form_id": str(uuid4())}
    short = browser.post("/access/find/", {**sent, "reason": "urgent"})
    assert short.status_code == 422
    assert "few words" in short.content.decode()
    assert not world.rows(OutOfTurn)
    assert browser.post("/access/find/", sent).headers["Location"] == f"/cases/{far.pk}/"
    # The same form again opens nothing more: the file is seen already.
    assert browser.post("/access/find/", sent).headers["Location"] == f"/cases/{far.pk}/"
    page = browser.get(f"/cases/{far.pk}/").content.decode()
    assert "Opened out of turn" in page
    (row,) = world.rows(OutOfTurn)
    today = manager.get("/").content.decode()
    assert "A file was opened out of turn by" in today
    review = manager.get("/access/review/").content.decode()
    assert "Torkild Fantasi" in review
    assert f"/access/openings/{row.pk}/" in review
    with time_machine.travel(NOW + OPEN_FOR + timedelta(minutes=1), tick=False):
        later = signed_in(world.staff.workers[FACILITATOR])
        assert later.get(f"/cases/{far.pk}/").status_code == 404


def test_what_was_opened_can_be_worked_with_and_handed_back(
    world: World, far: Case, browse: Browse
) -> None:
    row = opened(world, far)
    browser = browse(FACILITATOR)
    assert browser.get(f"/cases/{far.pk}/contact/").status_code == 200
    assert browser.post(f"/access/openings/{row.pk}/back/").status_code == 302
    assert browser.get(f"/cases/{far.pk}/").status_code == 404
    assert browse(ASSESSOR).post(f"/access/openings/{row.pk}/back/").status_code == 404
    with pytest.raises(Refused):
        actions.hand_back(opening=row, at=NOW, by=world.manager)


@pytest.mark.parametrize(("text", "answer"), [
    ("Torkild", "whole name"), ("", "Write whose"), ("Nobody Atall", "No client"),
    ("01.01.1985", "whole name"), ("31.02.1985", "is not a date"), ("x" * 201, "200"),
])  # fmt: skip
def test_a_question_that_would_fish_gets_no_answer(
    text: str, answer: str, world: World, far: Case, browse: Browse
) -> None:
    page = browse(FACILITATOR).post("/access/find/", {"sought": text}).content.decode()
    assert answer in page.replace("&#x27;", "'")
    assert "There is a file" not in page


def test_a_phone_number_is_enough_and_two_clients_need_more(
    world: World, far: Case, browse: Browse
) -> None:
    browser = browse(FACILITATOR)
    assert "There is a file" in browser.post(
        "/access/find/", {"sought": "99 88 77 66"}).content.decode()
    world.case("Torkild", "Fantasi", phone="+4511111111")
    assert "More than one" in browser.post(
        "/access/find/", {"sought": "Torkild Fantasi"}).content.decode()


def test_an_exclusion_wins_over_an_opening(world: World, far: Case, browse: Browse) -> None:
    worker = world.staff.workers[FACILITATOR]
    keep(world, far, worker)
    browser = browse(FACILITATOR)
    absent = browser.post("/access/find/", {"sought": "Nobody Atall"}).content.decode()
    hidden = browser.post("/access/find/", {"sought": "Torkild Fantasi"}).content.decode()
    plain = [text.split("<main")[1].replace(name, "") for text, name in (
        (absent, "Nobody Atall"), (hidden, "Torkild Fantasi"))]
    assert _without_tokens(plain[0]) == _without_tokens(plain[1])
    # Even one that was made before.
    opened(world, far, form=uuid4())
    assert far.pk not in cases_of(now(world.staff[FACILITATOR]))


def _without_tokens(page: str) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", page)


def test_nothing_of_another_agency_is_opened(
    world: World, far: Case, owner_urls: dict[str, str], elsewhere: dict[str, Worker]
) -> None:
    other = add_colleague(owner_urls, FACILITATOR, "elsewhere", f"{uuid4()}@example.invalid")
    page = signed_in(other).post("/access/find/", {"sought": "Torkild Fantasi"})
    assert "No client" in page.content.decode()


def test_a_review_is_by_somebody_else_and_says_what_follows(
    world: World, far: Case, browse: Browse, second: Worker
) -> None:
    own = opened(world, far, by=world.manager)
    assert "somebody else" in browse(MANAGER).get(f"/access/openings/{own.pk}/").content.decode()
    with pytest.raises(Refused, match="Somebody else"):
        actions.decide(opening=own, verdict=Verdict.JUSTIFIED, note=None, at=NOW,
                       by=world.manager, version=1)
    row = opened(world, far)
    browser, address = browse(MANAGER), f"/access/openings/{row.pk}/"
    assert URGENT in browser.get(address).content.decode()
    form = {"version": "1", "verdict": "not_justified"}
    assert "few words" in browser.post(address, form).content.decode()
    assert browser.post(address, {"version": "1"}).status_code == 422
    form["note"] = "The worker was asked, and had no reason."
    assert browser.post(address, form).status_code == 302
    late = browser.post(address, form)
    assert late.status_code == 200
    with pytest.raises(actions.StaleEdit):
        actions.decide(opening=row, verdict=Verdict.JUSTIFIED, note=None, at=NOW,
                       by=second.as_viewer(), version=1)
    assert "Not justified" in browser.get(address).content.decode()
    assert "not justified" in browser.get("/access/review/").content.decode()


# --- who looked -----------------------------------------------------------------------------------


def test_a_manager_sees_who_viewed_a_case_and_what_stands_out(
    world: World, case: Case, far: Case, browse: Browse
) -> None:
    browser, manager = browse(ASSESSOR), browse(MANAGER)
    for _ in range(5):
        browser.get(f"/cases/{case.pk}/")
    page = manager.get(f"/cases/{case.pk}/viewers/").content.decode()
    name = world.staff.workers[ASSESSOR].name
    assert name in page
    assert ">5<" in page.replace(" ", "").replace("\n", "")
    assert f"/cases/{case.pk}/viewers/" in manager.get(f"/cases/{case.pk}/").content.decode()
    review = manager.get("/access/review/").content.decode()
    assert "not own work" in review
    assert "Bertram Opspind" in review


@pytest.mark.parametrize("role", ROLES)
def test_the_database_tells_who_looked_to_reviewers_only(
    role: Role, world: World, case: Case, browse: Browse, var: Any
) -> None:
    browse(MANAGER).get(f"/cases/{case.pk}/")
    by = world.staff[role]
    with acting(by):
        found = looks_at(things=[case.pk], since=NOW - timedelta(days=1), by=by)
    assert bool(found) is (role is MANAGER)
    change = {"worker": uuid4(), "email": "x@example.invalid", "name": "X", "agency":
              "vesterlo-treatment", "active": True, "until": None, "compartments": [], "by": by}
    if role is not Role.PROGRAMME_ADMINISTRATOR:
        with pytest.raises(Error, match="administrator"), acting(by):
            keep_account(role="facilitator", **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [role for role in ROLES if role is not Role.PROGRAMME_SYSTEM])
def test_each_page_is_there_for_whoever_has_the_duty(
    role: Role, world: World, case: Case, far: Case, browse: Browse
) -> None:
    row = opened(world, far, by=world.manager)
    away = keep(world, far, world.staff.workers[ASSESSOR])[0]
    browser = browse(role)
    sees = case.pk in cases_of(world.staff[role])
    pages = {
        "/access/find/": (Duty.OPEN_OUT_OF_TURN, True),
        "/access/review/": (Duty.REVIEW_ACCESS, True),
        f"/access/openings/{row.pk}/": (Duty.REVIEW_ACCESS, True),
        f"/access/kept-away/{away.pk}/end/": (Duty.EXCLUDE, True),
        f"/cases/{case.pk}/kept-away/": (Duty.EXCLUDE, sees),
        f"/cases/{case.pk}/conflict/": (Duty.OPEN_OUT_OF_TURN, sees),
        f"/cases/{case.pk}/viewers/": (Duty.REVIEW_ACCESS, sees),
    }
    for address, (duty, seen) in pages.items():
        may = bool(may_do(role, duty)) and seen
        assert browser.get(address).status_code == (200 if may else 404), address
        status = browser.post(address, {}).status_code
        assert status in ((422, 405, 200) if may else (404, 405)), address


def test_the_pages_need_the_same_queries_for_many(
    world: World, case: Case, browse: Browse
) -> None:
    browser = browse(MANAGER)
    counts = []
    for number in range(3):
        other = world.case("Torkild", f"Fantasi{number}")
        for who in (FACILITATOR, ASSESSOR):
            opened(world, other, who, form=uuid4())
        keep(world, other, world.staff.workers[FACILITATOR])
        with CaptureQueriesContext(connections["programme"]) as asked:
            assert browser.get("/access/review/").status_code == 200
        counts.append(len(asked))
    assert counts[0] >= counts[2] - 1
    assert counts[1] == counts[2]


def test_the_desk_finds_nothing_for_another_kind(world: World, case: Case) -> None:
    with acting(world.manager):
        assert DESK.found(world.manager, "child", case.pk) is None


def test_psycopg_itself_cannot_read_the_audit(var: Any, world: World) -> None:
    with role(var, Side.PROGRAMME, "APP") as app:
        look_as(app, world.staff[FACILITATOR])
        assert app.execute("select count(*) from app.audit_looks(null, '2000-01-01')"
                           ).fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("select count(*) from audit_entry")


def test_a_browser_kept_away_meanwhile_loses_the_file_on_the_next_request(
    world: World, case: Case, browse: Browse
) -> None:
    browser: Client = browse(FACILITATOR)
    assert browser.get(f"/cases/{case.pk}/").status_code == 200
    keep(world, case, world.staff.workers[FACILITATOR])
    assert browser.get(f"/cases/{case.pk}/").status_code == 404
