"""Requests, restrictions, complaints and reports of breaches on the programme side."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from casewall.programme.cases.models import Case
from casewall.programme.notes.actions import write_note
from casewall.programme.notes.rules import NoteKind
from casewall.programme.rights import actions
from casewall.programme.rights.collecting import COLLECTED, LEFT_OUT, models_of_a_case
from casewall.programme.rights.models import (
    AccessItem,
    AccessRequest,
    BreachReport,
    Complaint,
    PersonStatement,
    Restriction,
)
from casewall.programme.rights.rules import (
    About,
    Affected,
    Because,
    Decided,
    From,
    How,
    Identity,
    Mishap,
    Outcome,
    Right,
)
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.programme.conftest import NOW, TODAY, World, day_boxes

Browse = Callable[[Role], Client]
DAY = timedelta(days=1)
MANAGER, FACILITATOR = Role.PROGRAMME_MANAGER, Role.FACILITATOR
NOTE = "Opdigtet: came on time and spoke of the plan."


@pytest.fixture
def case(world: World) -> Case:
    made = world.case()
    write_note(case=made, kind=NoteKind.MEETING, happened_on=TODAY, text=NOTE, by=world.manager)
    return made


def asked(world: World, case: Case, **changed: Any) -> AccessRequest:
    given: dict[str, Any] = {
        "right": Right.ACCESS, "received_on": TODAY, "how": How.LETTER,
        "identity": Identity.KNOWN, "identity_on": TODAY, "language": "da", "by": world.manager,
    }  # fmt: skip
    return actions.take_request(case=case, **{**given, **changed})


def complained(world: World, **changed: Any) -> Complaint:
    given: dict[str, Any] = {
        "about": About.WAITING, "came_from": From.CLIENT, "what": "Opdigtet: waited too long.",
        "received_on": TODAY, "by": world.manager,
    }  # fmt: skip
    return actions.record_complaint(**{**given, **changed})


def test_every_model_of_a_case_is_collected_or_left_out_with_a_reason() -> None:
    known = set(models_of_a_case())
    assert known - set(COLLECTED) - set(LEFT_OUT) == set()
    assert (set(COLLECTED) | set(LEFT_OUT)) - known == set()
    assert all(reason.strip() for reason in LEFT_OUT.values())
    assert not set(COLLECTED) & set(LEFT_OUT)


def test_the_whole_file_is_collected_whoever_takes_the_request_in(
        world: World, case: Case) -> None:
    request = asked(world, case)
    row = actions.collect(request=request, version=1, by=world.manager)
    items = world.rows(AccessItem, request=row)
    assert row.items == len(items)
    kinds = {item.kind for item in items}
    assert {"programme_cases.Client", "programme_cases.Case", "programme_notes.Note"} <= kinds
    (note,) = [item for item in items if item.kind == "programme_notes.Note"]
    held = json.loads(note.content)
    assert ["Text", NOTE] in held["texts"]
    assert note.source == "worker"
    (client,) = [item for item in items if item.kind == "programme_cases.Client"]
    assert json.loads(client.content)["texts"] == []
    (referral,) = [item for item in items if item.kind == "programme_cases.Case"]
    assert referral.source == "referrer"
    with pytest.raises(Refused, match="collected already"):
        actions.collect(request=row, version=row.version, by=world.manager)


def test_nothing_is_collected_before_it_is_known_who_asks(world: World, case: Case) -> None:
    request = asked(world, case, identity=Identity.NOT_YET, identity_on=None)
    with pytest.raises(Refused, match="Check first"):
        actions.collect(request=request, version=1, by=world.manager)
    row = actions.prove_identity(request=request, identity=Identity.DOCUMENT, on=TODAY,
                                 version=1, by=world.manager)
    with pytest.raises(StaleEdit):
        actions.collect(request=row, version=1, by=world.manager)
    actions.collect(request=row, version=row.version, by=world.manager)
    with pytest.raises(Refused, match="for a copy only"):
        actions.collect(request=asked(world, case, right=Right.ERASURE), version=1,
                        by=world.manager)


@pytest.mark.parametrize(("changed", "why"), [
    ({"received_on": TODAY + DAY}, "not come yet"),
    ({"identity_on": TODAY + DAY}, "not come yet"),
    ({"identity_on": None}, "or neither"),
    ({"identity": Identity.NOT_YET}, "or neither"),
])
def test_a_request_that_cannot_be_so_is_refused_in_words(
        world: World, case: Case, changed: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        asked(world, case, **changed)


def test_a_form_sent_twice_is_one(world: World, case: Case) -> None:
    form = uuid4()
    assert asked(world, case, form=form) == asked(world, case, form=form)
    assert complained(world, form=form) == complained(world, form=form)
    request = asked(world, case, form=form)
    said = [actions.add_statement(request=request, about="A note", text="Not so.", form=form,
                                  by=world.manager) for _ in range(2)]
    assert said[0] == said[1]
    assert len(world.rows(PersonStatement)) == 1
    given: dict[str, Any] = {
        "mishap": Mishap.LOST, "near_miss": False, "what": "Opdigtet.", "found_at": NOW,
        "affected": Affected(clients=2), "by": world.manager, "form": form,
    }  # fmt: skip
    assert actions.report_breach(**given) == actions.report_breach(**given)
    assert len(world.rows(BreachReport)) == 1


def test_a_manager_decides_what_is_not_a_copy_with_a_reason(world: World, case: Case) -> None:
    request = asked(world, case, right=Right.OBJECTION)
    with pytest.raises(Refused, match="Say why"):
        actions.decide_request(request=request, decision=Decided.REFUSED, reason=" ", version=1,
                               by=world.manager)
    unproven = asked(world, case, right=Right.ERASURE, identity=Identity.NOT_YET,
                     identity_on=None)
    with pytest.raises(Refused, match="person recorded"):
        actions.decide_request(request=unproven, decision=Decided.REFUSED, reason="x", version=1,
                               by=world.manager)
    row = actions.decide_request(request=request, decision=Decided.PARTLY, reason="Opdigtet.",
                                 version=1, by=world.manager)
    assert (row.state, row.decided_on) == ("decided", TODAY)
    with pytest.raises(Refused, match="has been decided"):
        actions.decide_request(request=row, decision=Decided.GRANTED, reason="x",
                               version=row.version, by=world.manager)
    with pytest.raises(Refused, match="data protection officer"):
        actions.decide_request(request=asked(world, case), decision=Decided.GRANTED, reason="x",
                               version=1, by=world.manager)
    with pytest.raises(Refused, match="has ended"):
        actions.withdraw_request(request=row, version=row.version, by=world.manager)


def test_a_restricted_file_says_so_until_a_manager_lifts_it(world: World, case: Case) -> None:
    row = actions.restrict(case=case, because=Because.ACCURACY, by=world.manager)
    assert actions.restrict(case=case, because=Because.CLAIM, by=world.manager) == row
    with acting(world.manager):
        assert actions.restricted(case, world.manager)
        assert actions.restricted(case.pk, world.manager)
        with pytest.raises(Refused, match="nothing of it is sent"):
            actions.demand_unrestricted(case, world.manager)
    with pytest.raises(Refused, match="Say why"):
        actions.lift_restriction(restriction=row, reason="", version=1, by=world.manager)
    done = actions.lift_restriction(restriction=row, reason="Opdigtet.", version=1,
                                    by=world.manager)
    with pytest.raises(Refused, match="ended already"):
        actions.lift_restriction(restriction=done, reason="x", version=done.version,
                                 by=world.manager)
    with acting(world.manager):
        assert not actions.restricted(case, world.manager)
        actions.demand_unrestricted(case, world.manager)
    assert len(world.rows(Restriction)) == 1


def test_a_complaint_is_acknowledged_answered_and_learned_from(world: World, case: Case) -> None:
    row = complained(world, case=case)
    row = actions.acknowledge_complaint(complaint=row, version=1, by=world.manager)
    with pytest.raises(Refused, match="already"):
        actions.acknowledge_complaint(complaint=row, version=row.version, by=world.manager)
    given: dict[str, Any] = {"outcome": Outcome.UPHELD, "answer": "Opdigtet.", "learning": "",
                             "version": row.version, "by": world.manager}  # fmt: skip
    with pytest.raises(Refused, match="teaches something"):
        actions.answer_complaint(complaint=row, **given)
    with pytest.raises(Refused, match="what was answered"):
        actions.answer_complaint(complaint=row, **{**given, "answer": " "})
    done = actions.answer_complaint(complaint=row, **{**given, "learning": "Opdigtet."})
    with pytest.raises(Refused, match="already"):
        actions.answer_complaint(complaint=done, **{**given, "learning": "x",
                                                    "version": done.version})
    with pytest.raises(Refused, match="words of whoever"):
        complained(world, what=" ")
    with pytest.raises(Refused, match="not come yet"):
        complained(world, received_on=TODAY + DAY)


def test_a_complaint_about_a_worker_is_the_managers(world: World) -> None:
    by = world.staff[FACILITATOR]
    row = complained(world, about=About.WORKER, by=by)
    with pytest.raises(Refused, match="by a manager"):
        actions.answer_complaint(complaint=row, outcome=Outcome.NOT_UPHELD, answer="x",
                                 learning="", version=1, by=by)
    actions.answer_complaint(complaint=row, outcome=Outcome.NOT_UPHELD, answer="x", learning="",
                             version=1, by=world.manager)


@pytest.mark.parametrize(("changed", "why"), [
    ({"what": ""}, "what happened"),
    ({"found_at": NOW + DAY}, "not come yet"),
    ({"happened_on": TODAY + DAY}, "after it was found"),
])
def test_a_breach_that_cannot_be_so_is_refused(
        world: World, changed: dict[str, Any], why: str) -> None:
    given: dict[str, Any] = {
        "mishap": Mishap.LOST, "near_miss": True, "what": "Opdigtet.", "found_at": NOW,
        "affected": Affected(), "by": world.manager,
    }  # fmt: skip
    with pytest.raises(Refused, match=why):
        actions.report_breach(**{**given, **changed})


@pytest.mark.parametrize("role", [Role.REFERRER, Role.PROGRAMME_ADMINISTRATOR])
def test_who_has_no_duty_is_refused(world: World, case: Case, role: Role) -> None:
    by = world.staff[role]
    acts = [
        lambda: asked(world, case, by=by),
        lambda: complained(world, by=by),
        lambda: actions.restrict(case=case, because=Because.CLAIM, by=by),
        lambda: actions.report_breach(mishap=Mishap.LOST, near_miss=True, what="x",
                                      found_at=NOW, affected=Affected(), by=by),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(Refused, match="may not"):
            act()


def test_a_facilitator_neither_decides_nor_lifts(world: World, case: Case) -> None:
    by = world.staff[FACILITATOR]
    request = asked(world, case, right=Right.ERASURE)
    restriction = actions.restrict(case=case, because=Because.CLAIM, by=world.manager)
    with pytest.raises(Refused, match="may not"):
        actions.decide_request(request=request, decision=Decided.GRANTED, reason="x", version=1,
                               by=by)
    with pytest.raises(Refused, match="may not"):
        actions.lift_restriction(restriction=restriction, reason="x", version=1, by=by)


ASK = {"right": "access", "how": "letter", "identity": "known", "language": "da", "asks": "",
       **day_boxes("received_on", TODAY), **day_boxes("identity_on", TODAY)}
COMPLAINT = {"came_from": "client", "about": "waiting", "what": "Opdigtet.",
             **day_boxes("received_on", TODAY)}
BREACH = {"mishap": "lost", "near_miss": "no", "what": "Opdigtet.", "found_time": "09:30",
          "happened_on_day": "", **day_boxes("found_on", TODAY)}


def form_of(browser: Client, url: str) -> dict[str, str]:
    """The hidden fields of a form, as a page sends them."""
    text = browser.get(url).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(form_id|version)" value="([^"]*)"', text))


def test_the_way_of_a_request_through_its_pages(
        world: World, case: Case, browse: Browse) -> None:
    manager = browse(MANAGER)
    url = f"/cases/{case.pk}/right/"
    typed = {**form_of(manager, url), **ASK, "identity": "not_yet"}
    wrong = manager.post(url, typed)
    assert wrong.status_code == 422
    assert b"or neither of them" in wrong.content
    for name in ("day", "month", "year"):
        typed[f"identity_on_{name}"] = ""
    assert manager.post(url, typed).status_code == 302
    assert manager.post(url, typed).status_code == 302
    (row,) = world.rows(AccessRequest)
    page = f"/rights/{row.pk}/"
    assert b"Make sure who asks" in manager.get(page).content
    manager.post(page + "identity/", {"version": "1", "identity": "document",
                                      **day_boxes("on", TODAY)})
    assert b"Collect the file" in manager.get(page).content
    assert b"Collect the file for a copy" in manager.get("/").content
    manager.post(page + "collect/", {"version": "2"})
    answer = manager.post(page + "collect/", {"version": "2"}, follow=True)
    assert b"Somebody else changed this" in answer.content
    text = manager.get(page).content
    assert b"28 March 2036" in text
    assert b"With the data protection officer" in text
    said = manager.post(page + "statement/", {**form_of(manager, page + "statement/"),
                        "about": "The note", "text": "It was not so."}, follow=True)  # fmt: skip
    assert b"It was not so." in said.content
    shown = manager.get(f"/cases/{case.pk}/?show=rights").content
    assert b"It was not so." in shown
    assert b"A copy of what is recorded" in shown
    manager.post(page + "withdraw/", {"version": "x"})
    manager.post(page + "withdraw/", {"version": str(world.rows(AccessRequest)[0].version)})
    assert b"Withdrawn" in manager.get(page).content


def test_restricting_deciding_and_complaining_by_the_pages(
        world: World, case: Case, browse: Browse) -> None:
    manager = browse(MANAGER)
    manager.post(f"/cases/{case.pk}/restrict/", {"because": "accuracy"})
    assert b"File restricted" in manager.get(f"/cases/{case.pk}/").content
    (restriction,) = world.rows(Restriction)
    stale = manager.post(f"/restrictions/{restriction.pk}/lift/", {"reason": "x", "version": "7"})
    assert stale.status_code == 422
    assert b'value="1"' in stale.content
    manager.post(f"/restrictions/{restriction.pk}/lift/", {"reason": "x", "version": "1"})
    assert b"File restricted" not in manager.get(f"/cases/{case.pk}/").content
    request = asked(world, case, right=Right.ERASURE)
    assert manager.get(f"/rights/{request.pk}/decide/").status_code == 200
    manager.post(f"/rights/{request.pk}/decide/", {"decision": "granted", "reason": "Opdigtet.",
                                                   "version": "1"})
    assert b"Granted" in manager.get(f"/rights/{request.pk}/").content
    for url in ("/complaints/new/", f"/cases/{case.pk}/complaint/"):
        assert manager.post(url, {**form_of(manager, url), **COMPLAINT}).status_code == 302
    first, second = world.rows(Complaint)
    assert {first.case_id, second.case_id} == {None, case.pk}
    assert b"Acknowledge a complaint" in manager.get("/").content
    manager.post(f"/complaints/{first.pk}/acknowledge/", {"version": "1"})
    url = f"/complaints/{first.pk}/answer/"
    assert manager.get(url).status_code == 200
    manager.post(url, {"outcome": "not_upheld", "answer": "Opdigtet svar.", "version": "2"})
    assert "Opdigtet svar." in manager.get(f"/complaints/{first.pk}/").content.decode()
    assert b"Not upheld" in manager.get("/complaints/").content
    url = "/breaches/new/"
    assert manager.post(url, {**form_of(manager, url), **BREACH}).status_code == 302
    assert manager.post(url, {**BREACH, "found_time": "morning"}).status_code == 422
    (report,) = world.rows(BreachReport)
    assert timezone.localtime(report.found_at).hour == 9
    assert b"Opdigtet." in manager.get(f"/breaches/{report.pk}/").content
    assert b"Lost" in manager.get("/breaches/").content


@pytest.mark.parametrize("role", [r for r in Role if SIDE_OF_ROLE[r] is Side.PROGRAMME
                                  and r is not Role.PROGRAMME_SYSTEM])
def test_every_page_as_every_role(world: World, case: Case, browse: Browse, role: Role) -> None:
    request = asked(world, case)
    restriction = actions.restrict(case=case, because=Because.CLAIM, by=world.manager)
    complaint = complained(world, case=case)
    report = actions.report_breach(mishap=Mishap.LOST, near_miss=True, what="x", found_at=NOW,
                                   affected=Affected(), by=world.manager)
    browser, manages = browse(role), role is MANAGER
    sees = role in (MANAGER, Role.ASSESSOR)
    works = role not in (Role.REFERRER, Role.PROGRAMME_ADMINISTRATOR)
    expected = {
        f"/cases/{case.pk}/right/": sees, f"/cases/{case.pk}/restrict/": sees,
        f"/cases/{case.pk}/complaint/": sees, f"/rights/{request.pk}/": sees,
        f"/rights/{request.pk}/identity/": sees, f"/rights/{request.pk}/statement/": sees,
        f"/rights/{request.pk}/decide/": manages, f"/restrictions/{restriction.pk}/lift/": manages,
        "/complaints/": works, "/complaints/new/": works, f"/complaints/{complaint.pk}/": manages,
        f"/complaints/{complaint.pk}/answer/": manages, "/breaches/": works,
        "/breaches/new/": works, f"/breaches/{report.pk}/": manages,
    }  # fmt: skip
    for url, may in expected.items():
        assert (browser.get(url).status_code == 200) is may, (role, url)
    for url in (f"/rights/{request.pk}/collect/", f"/rights/{request.pk}/withdraw/",
                f"/complaints/{complaint.pk}/acknowledge/"):
        assert browser.get(url).status_code in (404, 405, 403)
        assert (browser.post(url, {"version": "0"}).status_code == 302) is (
            manages or (sees and "complaints" not in url))
