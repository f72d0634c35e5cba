"""Every page of requests, complaints and breaches, as people use them and as each role."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from casewall.programme.rights.rules import About, Affected, Because, From, Mishap, Right
from casewall.safety.rights import actions
from casewall.safety.rights.models import Breach, Complaint, FileRestriction, RightsCase
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.programme.conftest import NOW, TODAY, day_boxes
from tests.safety.rights.conftest import (
    DPO,
    HER_NOTE,
    MANAGER,
    OWN_NOTE,
    WORKER,
    Browser,
    Rights,
    rows,
)
from tests.safety.rights.test_own_files import asked
from tests.safety.rights.test_reviews import RELEASE, item_with

ROLES = [r for r in Role if SIDE_OF_ROLE[r] is Side.SAFETY and r is not Role.SAFETY_SYSTEM]
PLAIN = {"without": "nobody", "consented": "nobody", "reasonable": "yes", "verdict": "include",
         "ground": "", "extract": "", "reason": ""}  # fmt: skip


def hidden(browser: Client, url: str) -> dict[str, str]:
    """The hidden fields of a form, as a page sends them."""
    text = browser.get(url).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(form_id|version)" value="([^"]*)"', text))


def test_a_review_from_the_list_to_the_reply(world: Rights, browser: Browser) -> None:
    request = world.collected(world.case())
    dpo = browser(DPO)
    page = f"/rights/{request.pk}/"
    assert b"Anders Opdigtet" in dpo.get("/rights/").content
    assert b"never earlier" in dpo.get(page).content
    assert OWN_NOTE.encode() not in dpo.get(f"{page}records/?show=plain").content
    own, hers = (item_with(world, request, text) for text in (OWN_NOTE, HER_NOTE))
    text = dpo.get(f"/rights/records/{hers.pk}/").content.decode()
    assert "A word that may be a name" in text
    assert HER_NOTE in text
    url = f"/rights/records/{hers.pk}/"
    refused = dpo.post(url, {**PLAIN, "without": "no", "consented": "no", "reasonable": "no"})
    assert refused.status_code == 422
    assert b"not reasonable" in refused.content
    assert dpo.post(url, {**PLAIN, "verdict": "withhold"}).status_code == 422
    for role in (DPO, MANAGER):
        reviewer = browser(role)
        reviewer.post(f"/rights/records/{own.pk}/", PLAIN)
        reviewer.post(f"{page}confirm/", {"verdict": "include"})
    assert b"Two people have decided the same" in dpo.get(f"/rights/records/{own.pk}/").content
    world.decide_all(request)
    assert dpo.get(f"{page}reply.pdf").content.startswith(b"%PDF")
    early = dpo.post(f"{page}send/", {"route": "letter", **hidden(dpo, f"{page}send/")})
    assert early.status_code == 422
    assert b"never sent earlier" in early.content
    with time_machine.travel(NOW + (RELEASE - TODAY), tick=False):
        dpo = browser(DPO)
        dpo.post(f"{page}send/", {"route": "letter", **hidden(dpo, f"{page}send/")})
        assert b"Answered" in dpo.get(page).content
        assert dpo.get(f"{page}reply.pdf").content.startswith(b"%PDF")
        assert dpo.post(f"/rights/records/{own.pk}/", PLAIN).status_code == 404


def test_extending_and_adding_by_hand(world: Rights, browser: Browser) -> None:
    request = world.collected(world.case())
    dpo, page = browser(DPO), f"/rights/{request.pk}/"
    assert dpo.post(f"{page}by-hand/", {"text": " "}).status_code == 422
    dpo.post(f"{page}by-hand/", {"text": "Opdigtet: a paper.", "on_day": "", "on_month": "",
                                 "on_year": ""})
    assert b"Added by hand" in dpo.get(f"{page}records/?show=all").content
    assert dpo.post(f"{page}extend/", {"because": "size", "version": "99"}).status_code == 422
    dpo.post(f"{page}extend/", {"because": "size", **hidden(dpo, f"{page}extend/")})
    assert b"27 May 2036" in dpo.get(page).content or b"May 2036" in dpo.get(page).content


def test_a_partner_asks_is_gathered_and_answered_by_a_safe_way_only(
        world: Rights, browser: Browser) -> None:
    file = world.file("Mette", "Opdigtet", phone="+4522334455")
    worker, dpo = browser(WORKER), browser(DPO)
    url = f"/partners/{file.pk}/right/"
    typed = {"right": "access", "how": "in_person", "identity": "known", "language": "en",
             "asks": "", **day_boxes("received_on", TODAY), **day_boxes("identity_on", TODAY),
             **hidden(worker, url)}  # fmt: skip
    assert worker.post(url, typed).status_code == 302
    assert worker.post(url, typed).status_code == 302
    (row,) = rows(RightsCase, world.dpo)
    page = f"/rights/{row.pk}/"
    assert worker.get(page).status_code == 200
    assert b"Gather the file" not in worker.get(page).content
    dpo.post(f"{page}gather/", {"version": "1"})
    assert b"Who you are" in dpo.get(f"{page}records/?show=all").content


def test_restriction_statement_and_complaint_of_a_partners_file(
        world: Rights, browser: Browser) -> None:
    file = world.file()
    worker, manager = browser(WORKER), browser(MANAGER)
    worker.post(f"/partners/{file.pk}/restrict/", {"because": "accuracy"})
    assert b"File restricted" in worker.get(f"/partners/{file.pk}/").content
    (row,) = rows(FileRestriction, world.by)
    assert worker.get(f"/file-restrictions/{row.pk}/lift/").status_code == 404
    manager.post(f"/file-restrictions/{row.pk}/lift/", {"reason": "Opdigtet.", "version": "1"})
    assert b"File restricted" not in worker.get(f"/partners/{file.pk}/").content
    url = f"/partners/{file.pk}/statement/"
    worker.post(url, {**hidden(worker, url), "about": "A note", "text": "Not like that."})
    assert b"Not like that." in worker.get(f"/partners/{file.pk}/?show=rights").content
    url = f"/partners/{file.pk}/complaint/"
    worker.post(url, {**hidden(worker, url), "came_from": "partner", "about": "waiting",
                      "what": "Opdigtet.", **day_boxes("received_on", TODAY)})
    (complaint,) = rows(Complaint, world.manager)
    assert b"Acknowledge a complaint" in manager.get("/").content
    manager.post(f"/complaints/{complaint.pk}/acknowledge/", {"version": "1"})
    manager.post(f"/complaints/{complaint.pk}/answer/", {
        "outcome": "partly", "answer": "Opdigtet svar.", "learning": "Opdigtet.", "version": "2"})
    assert b"Upheld in part" in manager.get("/complaints/").content


def test_a_breach_by_its_pages_within_the_hours(world: Rights, browser: Browser) -> None:
    worker, dpo = browser(WORKER), browser(DPO)
    worker.post("/breaches/new/", {
        **hidden(worker, "/breaches/new/"), "mishap": "unsafe_contact", "near_miss": "no",
        "what": "Opdigtet.", "found_time": "09:00", "partners": "1",
        **day_boxes("found_on", TODAY)})  # fmt: skip
    (row,) = rows(Breach, world.dpo)
    page = f"/breaches/{row.pk}/"
    assert b"69 hours left" in dpo.get("/rights/").content
    assert b"Judge the risk" not in worker.get(page).content
    moment = {**day_boxes("on", TODAY), "clock": "11:00"}
    judged: dict[str, Any] = {"risk": "high", "tell_authority": "no", "tell_persons": "yes",
                              "reason": "Opdigtet."}  # fmt: skip
    dpo.post(f"{page}contain/", {"how": "Opdigtet.", "partners": "1", **moment, "version": "1"})
    assert dpo.post(f"{page}judge/", {**judged, "version": "2"}).status_code == 422
    dpo.post(f"{page}judge/", {**judged, "tell_authority": "yes", "version": "2"})
    assert dpo.post(f"{page}close/", {"learned": "x", "version": "3"}).status_code == 422
    dpo.post(f"{page}authority/", {**moment, "late_because": "", "version": "3"})
    dpo.post(f"{page}persons/", {**moment, "version": "4"})
    dpo.post(f"{page}close/", {"learned": "Opdigtet.", "version": "5"})
    assert b"closed on 4 March 2036" in dpo.get("/breaches/").content


@pytest.mark.parametrize("role", ROLES)
def test_every_page_as_every_role(world: Rights, browser: Browser, role: Role) -> None:
    case = world.case()
    file = world.linked_file(case)
    request = world.collected(case)
    (item, *_) = world.items(request)
    own = asked(world, file, right=Right.ERASURE)
    restriction = actions.restrict(file=file, because=Because.CLAIM, by=world.by)
    complaint = actions.record_complaint(about=About.OTHER, came_from=From.PARTNER, what="x",
                                         received_on=TODAY, by=world.by)
    breach = actions.report_breach(mishap=Mishap.LOST, near_miss=True, what="x", found_at=NOW,
                                   affected=Affected(), by=world.by)
    works = role not in (Role.EVALUATOR, Role.SAFETY_ADMINISTRATOR)
    reviews, manages = role in (DPO, MANAGER), role is MANAGER
    files = role in (WORKER, MANAGER, Role.COORDINATOR)
    complains = works and role is not DPO
    page, b = f"/rights/{request.pk}/", f"/breaches/{breach.pk}/"
    expected = {
        "/rights/": works, "/rights/worker/": reviews, page: reviews,
        f"{page}extend/": reviews, f"{page}by-hand/": reviews, f"{page}records/": reviews,
        f"{page}reply.pdf": reviews, f"{page}send/": reviews, f"/rights/{own.pk}/decide/": reviews,
        f"/rights/{own.pk}/": reviews or role is WORKER,
        f"/rights/{own.pk}/identity/": reviews or role is WORKER,
        f"/rights/records/{item.pk}/": reviews, "/purposes/": reviews,
        f"/partners/{file.pk}/right/": files, f"/partners/{file.pk}/restrict/": files,
        f"/partners/{file.pk}/statement/": files, f"/partners/{file.pk}/complaint/": files,
        f"/file-restrictions/{restriction.pk}/lift/": manages,
        "/complaints/": complains, "/complaints/new/": complains,
        f"/complaints/{complaint.pk}/": manages or role is WORKER,
        f"/complaints/{complaint.pk}/answer/": manages or role is WORKER,
        "/breaches/": works, "/breaches/new/": works,
        b: reviews or role is WORKER, f"{b}contain/": role is DPO, f"{b}judge/": role is DPO,
        f"{b}authority/": role is DPO, f"{b}persons/": role is DPO, f"{b}close/": role is DPO,
    }  # fmt: skip
    client = browser(role)
    for url, may in expected.items():
        assert client.get(url).status_code == (200 if may else 404), (role, url)
    for url in (f"{page}confirm/", f"{page}gather/"):
        assert client.get(url).status_code == 405
        assert client.post(url, {"version": "0"}).status_code == (302 if reviews else 404)
