"""Kept away, opened out of turn, who looked: what differs on the safety side."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from casewall.programme.access import actions
from casewall.programme.access.rules import OPEN_FOR, Why
from casewall.safety.access.looking import file_of
from casewall.safety.access.models import Exclusion, OutOfTurn
from casewall.safety.partners.models import FileLink, Partner, PartnerContact, PartnerFile
from casewall.safety.pulled.models import PulledAttendance, PulledCase
from casewall.staff.access import with_access
from casewall.staff.models import Worker
from casewall.wall.context import acting
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side, Viewer
from tests.people import add_colleague, signed_in
from tests.safety.pages.conftest import TODAY, Invented, browser, new_file, site, world

__all__ = ["browser", "site", "world"]

WORKER, MANAGER, COORDINATOR = Role.PARTNER_WORKER, Role.SAFETY_MANAGER, Role.COORDINATOR
ROLES = [role for role in Role
         if SIDE_OF_ROLE[role] is Side.SAFETY and role is not Role.SAFETY_SYSTEM]
WHY = "The colleague is a sister of the partner."
URGENT = "The partner called in danger and the worker is away."
ABSENT = UUID("00000000-0000-4000-8000-00000000dead")
Browser = Callable[[Role], Client]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    moment = datetime.combine(TODAY, time(10, 30), tzinfo=timezone.get_default_timezone())
    with time_machine.travel(moment, tick=True):
        yield


@pytest.fixture
def far(staff: Any, world: Invented, owner_urls: dict[str, str]) -> PartnerFile:
    """A file of a colleague, which the partner worker does not see."""
    other = add_colleague(owner_urls, WORKER, "lyngholm-shelter", f"{uuid4()}@example.invalid")
    file = new_file(staff, "Fjern", "Fantasi", phone="+4599887766")
    with acting(staff[COORDINATOR]):
        file.worker = other.pk
        file.save(update_fields=["worker"])
    return file


def now(viewer: Viewer) -> Viewer:
    with acting(viewer):
        return with_access(viewer)


def keep(staff: Any, file: PartnerFile, colleague: Worker, *, family: bool) -> list[Any]:
    by = staff[MANAGER]
    with acting(by):
        row = PartnerFile.objects.visible_to(by).select_related("partner").get(pk=file.pk)
        given = file_of(row, by)
    return actions.keep_away(
        model=Exclusion, file=given, why=Why.RELATIVE, reason=WHY, at=timezone.now(), by=by,
        people=[*given.people, *(given.others if family else ())], colleague=colleague)


@pytest.mark.parametrize("role", [WORKER, COORDINATOR])
def test_for_whoever_is_kept_away_the_partner_is_not_there(
    role: Role, staff: Any, world: Invented, browser: Browser
) -> None:
    one = browser(role)
    assert one.get(f"/partners/{world.file.pk}/").status_code == 200
    keep(staff, world.file, staff.workers[role], family=False)
    viewer = now(staff[role])
    with acting(viewer):
        for model, path in ((Partner, "files"), (PartnerContact, "file"), (FileLink, "file")):
            assert not model.objects.visible_to(viewer).filter(**{path: world.file.pk}).exists()
    for page in ("/", "/partners/", "/search/?q=S%C3%B8rensen", "/search/?q=22334455"):
        text = one.get(page).content.decode()
        assert str(world.file.pk) not in text, page
    for end in ("", "contact/", "viewers/", "kept-away/", "conflict/", "?show=incidents"):
        hidden = one.get(f"/partners/{world.file.pk}/{end}")
        absent = one.get(f"/partners/{ABSENT}/{end}")
        assert (hidden.status_code, hidden.content) == (404, absent.content), end


def test_the_linked_client_goes_with_the_family_and_stays_without(
    staff: Any, world: Invented, site: None
) -> None:
    for family in (False, True):
        keep(staff, world.file, staff.workers[COORDINATOR], family=family) if not family else (
            keep_case(staff, world))
        viewer = now(staff[COORDINATOR])
        with acting(viewer):
            cases = PulledCase.objects.visible_to(viewer).filter(pk=world.case_id)
            marks = PulledAttendance.objects.visible_to(viewer).filter(case_id=world.case_id)
            assert (cases.exists(), marks.exists()) == (not family, not family)


def keep_case(staff: Any, world: Invented) -> None:
    by = staff[MANAGER]
    with acting(by):
        row = PartnerFile.objects.visible_to(by).select_related("partner").get(pk=world.file.pk)
        given = file_of(row, by)
    assert [one.kind for one in given.others] == ["client"]
    actions.keep_away(
        model=Exclusion, file=given, people=given.others, why=Why.RELATIVE, reason=WHY, by=by,
        colleague=staff.workers[COORDINATOR], at=timezone.now())


def test_the_page_offers_the_linked_client(
    staff: Any, world: Invented, browser: Browser
) -> None:
    one, address = browser(MANAGER), f"/partners/{world.file.pk}/kept-away/"
    page = one.get(address).content.decode()
    assert "Opdigtet Klient" in page
    with acting(staff[MANAGER]):
        case = PulledCase.objects.visible_to(staff[MANAGER]).get(pk=world.case_id)
    form = {"colleague": str(staff.workers[WORKER].pk), "why": "friend", "reason": WHY,
            "others": [str(case.client_id)], "form_id": str(uuid4())}
    assert one.post(address, form).status_code == 302
    with acting(staff[MANAGER]):
        rows = Exclusion.objects.visible_to(staff[MANAGER])
        assert sorted(row.kind for row in rows) == ["client", "partner"]
    assert "Opdigtet Klient" in one.get(address).content.decode()
    assert browser(WORKER).get(f"/partners/{world.file.pk}/").status_code == 404


def test_a_partners_file_is_open_for_some_hours_and_the_manager_is_told(
    staff: Any, far: PartnerFile, browser: Browser
) -> None:
    one = browser(WORKER)
    assert one.get(f"/partners/{far.pk}/").status_code == 404
    sent = {"sought": "Fjern Fantasi", "reason": URGENT, "form_id": str(uuid4())}
    assert one.post("/access/find/", {**sent, "reason": "now"}).status_code == 422
    assert one.post("/access/find/", sent).headers["Location"] == f"/partners/{far.pk}/"
    page = one.get(f"/partners/{far.pk}/").content.decode()
    assert "Opened out of turn" in page
    assert "opened out of turn by" in browser(MANAGER).get("/").content.decode()
    review = browser(MANAGER).get("/access/review/").content.decode()
    assert "Fjern Fantasi" in review
    # Who protects records learns of it too, without the name.
    review = browser(Role.DATA_PROTECTION_OFFICER).get("/access/review/").content.decode()
    assert "Fantasi" not in review
    with time_machine.travel(timezone.now() + OPEN_FOR + timedelta(minutes=1)):
        assert signed_in(staff.workers[WORKER]).get(f"/partners/{far.pk}/").status_code == 404


@pytest.mark.parametrize(("text", "answer"), [
    ("Fjern", "whole name"), ("Nobody Atall", "No partner"), ("99 88 77 66", "There is a file"),
])  # fmt: skip
def test_only_an_exact_question_is_answered(
    text: str, answer: str, far: PartnerFile, browser: Browser
) -> None:
    page = browser(WORKER).post("/access/find/", {"sought": text}).content.decode()
    assert answer in page.replace("&#x27;", "'")


def test_an_exclusion_wins_over_an_opening(
    staff: Any, far: PartnerFile, browser: Browser
) -> None:
    one = browser(WORKER)
    sent = {"sought": "Fjern Fantasi", "reason": URGENT, "form_id": str(uuid4())}
    assert one.post("/access/find/", sent).status_code == 302
    keep(staff, far, staff.workers[WORKER], family=True)
    assert one.get(f"/partners/{far.pk}/").status_code == 404
    assert "No partner" in one.post("/access/find/", sent).content.decode()


def test_a_childrens_worker_opens_a_child_and_no_partner(
    staff: Any, far: PartnerFile, browser: Browser
) -> None:
    page = browser(Role.CHILDRENS_WORKER).post("/access/find/", {"sought": "Fjern Fantasi"})
    assert "There is a file" not in page.content.decode()


def test_a_manager_sees_who_viewed_a_file(staff: Any, world: Invented, browser: Browser) -> None:
    for _ in range(12):
        browser(COORDINATOR).get(f"/partners/{world.file.pk}/")
    manager = browser(MANAGER)
    page = manager.get(f"/partners/{world.file.pk}/viewers/").content.decode()
    assert staff.workers[COORDINATOR].name in page
    assert "many views" in manager.get("/access/review/").content.decode()
    assert f"/partners/{world.file.pk}/viewers/" in manager.get(
        f"/partners/{world.file.pk}/").content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_each_page_is_there_for_whoever_has_the_duty(
    role: Role, staff: Any, world: Invented, far: PartnerFile, browser: Browser
) -> None:
    by = staff[COORDINATOR]
    with acting(by):
        row = PartnerFile.objects.visible_to(by).select_related("partner").get(pk=far.pk)
        given = file_of(row, by)
    opening = actions.open_out_of_turn(model=OutOfTurn, file=given, reason=URGENT, by=by,
                                       seen_already=False, at=timezone.now())
    away = keep(staff, far, staff.workers[WORKER], family=False)[0]
    with acting(staff[role]):
        sees = PartnerFile.objects.visible_to(staff[role]).filter(pk=world.file.pk).exists()
    pages = {
        "/access/find/": (Duty.OPEN_OUT_OF_TURN, True),
        "/access/review/": (Duty.REVIEW_ACCESS, True),
        f"/access/openings/{opening.pk}/": (Duty.REVIEW_ACCESS, True),
        f"/access/kept-away/{away.pk}/end/": (Duty.EXCLUDE, True),
        f"/partners/{world.file.pk}/kept-away/": (Duty.EXCLUDE, sees),
        f"/partners/{world.file.pk}/conflict/": (Duty.OPEN_OUT_OF_TURN, sees),
        f"/partners/{world.file.pk}/viewers/": (Duty.REVIEW_ACCESS, sees),
    }
    for address, (duty, seen) in pages.items():
        may = bool(may_do(role, duty)) and seen
        assert browser(role).get(address).status_code == (200 if may else 404), address
        status = browser(role).post(address, {}).status_code
        assert status in ((422, 405, 200) if may else (404, 405)), address


def test_a_draft_about_a_partner_of_whom_the_worker_is_kept_away_says_nothing(
    staff: Any, world: Invented, browser: Browser
) -> None:
    page = f"/partners/{world.file.pk}/danger/"
    typed = "Opdigtet ord som ingen maa se"
    address = f"/partners/{world.file.pk}/support/needs/"
    one = browser(WORKER)
    told = dict(re.findall(r'data-casewall-draft(-[a-z]+)?="([^"]*)"',
                           one.get(address).content.decode()))
    saved = one.post("/drafts/save/", {
        "draft": told[""], "base": "0", "tab": "a", "turn": "1",
        "fields": json.dumps([["note", typed]])})
    assert saved.status_code == 200, page
    listed = one.get("/drafts/").content.decode()
    name = world.file.partner.full_name
    assert typed in listed
    assert name in listed
    keep(staff, world.file, staff.workers[WORKER], family=False)
    hidden = one.get("/drafts/").content.decode()
    assert typed not in hidden
    assert name not in hidden
    assert str(world.file.pk) not in hidden
    assert "About a record that you do not work with now" in hidden
    token = re.search(r'name="draft" value="([^"]+)"', hidden)
    assert token
    one.post("/drafts/throw-away/", {"list": "yes", "draft": token.group(1)})
    assert "You have no drafts." in one.get("/drafts/").content.decode()
