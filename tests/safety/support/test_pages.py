"""The pages of support: for whom they are, what they keep when refused, and what paper says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casewall.safety.partners.rules import CAVEAT, Channel, Present
from casewall.safety.support import actions
from casewall.safety.support.actions import SessionFacts
from casewall.safety.support.models import (
    GroupAttendance,
    PartnerCircumstances,
    SafetyDraft,
    SupportPeriod,
    SupportPlan,
    SupportSession,
)
from casewall.safety.support.rules import Area, Came, Doer, Hope, Interpreting, Level, SessionKind
from casewall.wall.context import acting
from casewall.wall.sides import Role, Viewer
from tests.people import SERVICE, Staff
from tests.safety.pages.conftest import TODAY, Invented, new_file

Browser = Callable[[Role], Client]
WORKER = Role.PARTNER_WORKER
LATER = TODAY + timedelta(days=28)
EARLIER = TODAY - timedelta(days=40)


def boxes(**days: date) -> dict[str, str]:
    """Days as their three boxes are posted."""
    return {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in days.items()
        for part in ("day", "month", "year")
    }


def session_boxes(**other: str) -> dict[str, Any]:
    return {
        "form_id": str(uuid4()), "kind": "support", "came": "held", "channel": "in_person",
        "began": "09:30", "minutes": "50", "present": "nobody", "topics": ["safety"],
        "note": "Opdigtet samtale.", **boxes(held_on=TODAY), **other,
    }  # fmt: skip


@dataclass
class Full:
    """One file with one of everything, and a group with a meeting that was held."""

    ids: dict[str, Any]

    @classmethod
    def of(cls, file: Any, by: Viewer) -> Full:
        facts = SessionFacts(
            timezone.now() - timedelta(hours=2), SessionKind.SUPPORT, Came.HELD, 50,
            Channel.IN_PERSON, Present.NOBODY, (), "Opdigtet samtale.",
        )  # fmt: skip
        period = actions.begin_support(file=file, on=EARLIER, by=by)
        actions.state_needs(file=file, levels={Area.SAFETY: Level.SERIOUS}, on=TODAY, by=by)
        said = {"written_on": EARLIER, "review_on": TODAY, "seen": 0, "by": by}
        actions.write_support_plan(file=file, goals="Sove trygt.", **said)
        actions.write_safety_plan(file=file, words={"places": "En nabo."}, agreed=True, **said)
        session = actions.record_session(file=file, facts=facts, by=by)
        actions.state_expectation(
            file=file, hope=Hope.SOME_CHANGE, caveat_told=True, on=TODAY, by=by
        )
        actions.record_interpreter(
            file=file, used_on=TODAY, language="ar", who=Interpreting.AGENCY, agency="Tolkehus",
            minutes=50, by=by,
        )  # fmt: skip
        step = actions.add_step(file=file, what="Ringe", who=Doer.WORKER, due_on=TODAY, by=by)
        onward = actions.refer_on(
            file=file, kind="social", agency="Klinik", made_on=EARLIER, consent_on=EARLIER, by=by
        )
        permission = actions.give_permission(
            file=file, information="At vi er flyttet", to_whom="Skolen", purpose="Ny skole",
            in_writing=True, given_on=TODAY, by=by,
        )  # fmt: skip
        group = actions.open_group(
            name="Tirsdag", service=SERVICE, compartment=file.compartment, begins_on=EARLIER, by=by
        )
        place = actions.add_member(group=group, file=file, on=EARLIER, by=by)
        meeting = actions.plan_meeting(
            group=group, begins_at=timezone.now() - timedelta(hours=3), minutes=120, by=by
        )
        return cls(
            {"file": file, "period": period, "session": session, "step": step, "onward": onward,
             "permission": permission, "group": group, "place": place, "meeting": meeting}
        )  # fmt: skip

    def address(self, name: str, kind: str) -> str:
        return reverse(name, args=[self.ids[kind].pk] if kind else [])


@pytest.fixture
def full(world: Invented, staff: Staff) -> Full:
    return Full.of(world.file, staff[WORKER])


FORMS = [
    ("support-needs", "file"), ("support-circumstances", "file"),
    ("support-plan", "file"), ("support-step", "file"),
    ("support-expectation", "file"), ("support-begin", "file"), ("support-extend", "period"),
    ("support-end", "period"), ("safety-plan", "file"), ("safety-plan-copy", "file"),
    ("support-session", "file"), ("support-session-correct", "session"),
    ("support-interpreter", "file"), ("support-referral", "file"),
    ("support-referral-settle", "onward"), ("support-permission", "file"),
    ("support-permission-revoke", "permission"), ("support-group-new", ""),
    ("support-meeting-new", "group"), ("support-member", "group"),
    ("support-group-close", "group"), ("support-place-leave", "place"),
]  # fmt: skip
POSTS = [("support-step-end", "step"), ("support-meeting-cancel", "meeting")]
WORKS = {WORKER, Role.SAFETY_MANAGER}
OTHERS = [
    Role.COORDINATOR,
    Role.CHILDRENS_WORKER,
    Role.DATA_PROTECTION_OFFICER,
    Role.EVALUATOR,
    Role.SAFETY_ADMINISTRATOR,
]


def test_every_form_opens_for_who_works_with_partners_and_is_absent_for_the_rest(
    browser: Browser, full: Full
) -> None:
    for name, kind in FORMS:
        address = full.address(name, kind)
        for role in WORKS:
            answer = browser(role).get(address)
            assert answer.status_code == 200, (name, role)
            assert answer.content.decode().count("<h1") == 1
        for role in OTHERS:
            assert browser(role).get(address).status_code == 404, (name, role)
            assert browser(role).post(address, {}).status_code == 404, (name, role)
    for name, kind in POSTS:
        for role in OTHERS:
            assert browser(role).post(full.address(name, kind)).status_code == 404, (name, role)


def test_an_empty_form_is_shown_again_with_what_is_missing(browser: Browser, full: Full) -> None:
    for name, kind in FORMS:
        answer = browser(WORKER).post(full.address(name, kind), {"note": "Skrevet <b>tekst</b>"})
        assert answer.status_code == 422, name
        shown = answer.content.decode()
        assert "govuk-error-summary" in shown, name
        if 'name="note"' in shown:
            assert "Skrevet &lt;b&gt;tekst" in shown


def test_the_sections_are_seen_by_who_sees_the_file(browser: Browser, full: Full) -> None:
    file = reverse("partner", args=[full.ids["file"].pk])
    for role in (*WORKS, Role.COORDINATOR):
        shown = browser(role).get(f"{file}?show=support").content.decode()
        assert "Sove trygt." in shown
        assert CAVEAT in shown
        assert "Tolkehus" in shown
        works = "Record a session" in shown
        assert works is (role in WORKS)
        plan = browser(role).get(f"{file}?show=safety-plan").content.decode()
        assert "En nabo." in plan
        whole = browser(role).get(file).content.decode()
        assert "Serious need: safety" in whole
        assert "Look at the safety plan again" in whole


def test_a_session_is_recorded_from_its_page_once(
    browser: Browser, world: Invented, staff: Staff
) -> None:
    address, typed = reverse("support-session", args=[world.file.pk]), session_boxes()
    for _ in range(2):
        assert browser(WORKER).post(address, typed).status_code == 302
    with acting(staff[WORKER]):
        assert SupportSession.objects.visible_to(staff[WORKER]).count() == 1
    shown = browser(WORKER).get(reverse("partner", args=[world.file.pk])).content.decode()
    assert "Say when support began" in shown


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"months": "many"}, "whole number"),
        ({"months": "961"}, "look at the number"),
        ({"area": "atlantis"}, "Select a valid choice"),
        ({"area": "", "employment": "", "months": ""}, "nothing to save"),
        (boxes(on=LATER), "has not come yet"),
        ({}, ""),
    ],
)
def test_circumstances_are_kept_as_said_or_refused_with_a_sentence(
    browser: Browser, world: Invented, staff: Staff, wrong: dict[str, str], says: str
) -> None:
    address = reverse("support-circumstances", args=[world.file.pk])
    typed = {"form_id": str(uuid4()), "area": "hejlskov", "employment": "employed",
             "months": "30", **boxes(on=TODAY), **wrong}  # fmt: skip
    for _ in range(2):
        answer = browser(WORKER).post(address, typed)
        assert answer.status_code == (422 if says else 302)
        assert says in unescape(answer.content.decode())
    with acting(staff[WORKER]):
        kept = list(PartnerCircumstances.objects.visible_to(staff[WORKER]))
    assert len(kept) == (0 if says else 1)
    if kept:
        shown = browser(WORKER).get(f"{reverse('partner', args=[world.file.pk])}?show=support")
        assert "2 years and 6 months" in shown.content.decode()
        assert "Hejlskov" in shown.content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"present": "client"}, "for the partner alone"),
        ({"minutes": ""}, "Write how long"),
        ({"came": "did_not_come"}, "has no minutes"),
        ({"minutes": "5000"}, "look at the number"),
        ({"began": "23:59"}, "still to come"),
        (boxes(held_on=LATER), "has not come yet"),
        ({"held_on_day": "31", "held_on_month": "2"}, "There is no day 31"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_typed_is_lost(
    browser: Browser, world: Invented, wrong: dict[str, str], says: str
) -> None:
    address = reverse("support-session", args=[world.file.pk])
    answer = browser(WORKER).post(address, session_boxes(**wrong))
    shown = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert says in shown
    assert "Opdigtet samtale." in shown


def test_a_stale_plan_shows_both_texts_and_can_be_saved_after_both_were_seen(
    browser: Browser, full: Full, staff: Staff
) -> None:
    file = full.ids["file"]
    address = reverse("support-plan", args=[file.pk])
    typed = {
        "form_id": str(uuid4()), "goals": "Mit ønske.", "seen": "1", "note": "",
        **boxes(written_on=TODAY, review_on=LATER),
    }  # fmt: skip
    actions.write_support_plan(
        file=file, goals="Kollegaens ord.", written_on=TODAY, review_on=LATER, seen=1,
        by=staff[Role.SAFETY_MANAGER],
    )  # fmt: skip
    answer = browser(WORKER).post(address, typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Kollegaens ord." in shown
    assert "Mit ønske." in shown
    assert browser(WORKER).post(address, {**typed, "seen": "2"}).status_code == 302
    with acting(staff[WORKER]):
        assert SupportPlan.objects.visible_to(staff[WORKER]).filter(file=file).count() == 3


def test_family_is_refused_as_interpreter_with_a_sentence(browser: Browser, full: Full) -> None:
    answer = browser(WORKER).post(
        full.address("support-interpreter", "file"),
        {"form_id": str(uuid4()), "who": "clients_relative", "agency": "x", "language": "ar",
         "minutes": "50", **boxes(used_on=TODAY)},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "relative of the client must never interpret" in answer.content.decode()


def test_a_plan_is_not_sent_by_a_letter_that_nobody_confirmed(browser: Browser, full: Full) -> None:
    answer = browser(WORKER).post(
        full.address("safety-plan-copy", "file"), {"form_id": str(uuid4()), "how": "letter"}
    )
    assert answer.status_code == 422
    assert "never sent that way" in answer.content.decode()


def test_the_paper_names_nobody_and_says_nothing_of_its_purpose(
    browser: Browser, full: Full
) -> None:
    shown = browser(WORKER).get(full.address("safety-plan-print", "file")).content.decode()
    assert "En nabo." in shown
    assert "<title>Notes</title>" in shown
    paper = shown[shown.index("<main") : shown.index("</main>")].lower()
    for word in ("casewall", "sørensen", "safety", "partner", "violence", "support", "worker"):
        assert word not in paper, word
    assert browser(Role.COORDINATOR).get(
        full.address("safety-plan-print", "file")
    ).status_code == 404  # fmt: skip


def test_paper_without_a_plan_is_absent(browser: Browser, world: Invented) -> None:
    for name in ("safety-plan-print", "safety-plan-copy"):
        answer = browser(WORKER).get(reverse(name, args=[world.free.pk]))
        assert answer.status_code == 404


def test_an_end_that_comes_near_and_overdue_plans_are_on_today(
    browser: Browser, full: Full, staff: Staff
) -> None:
    by = staff[WORKER]
    with acting(by):
        period = SupportPeriod.objects.visible_to(by).get()
        period.planned_end = TODAY + timedelta(days=29)
        period.save()
    shown = browser(WORKER).get(reverse("today")).content.decode()
    assert "Look at the safety plan again" in shown
    assert "Look at the support plan again" in shown
    assert "A step of the support plan" in shown
    assert "Ask what came of a referral elsewhere" in shown
    assert "Support ends on" not in shown
    with acting(by):
        period.planned_end = TODAY + timedelta(days=28)
        period.save()
    shown = browser(WORKER).get(reverse("today")).content.decode()
    assert "Support ends on 8 April 2036" in shown
    assert "Look at the" not in browser(Role.COORDINATOR).get(reverse("today")).content.decode()


def test_a_register_is_marked_and_its_empty_rows_filled_by_one_button(
    browser: Browser, full: Full, staff: Staff
) -> None:
    address = full.address("support-meeting", "meeting")
    assert "Tirsdag" in browser(WORKER).get(address).content.decode()
    assert browser(WORKER).post(address, {"all": "came"}).status_code == 302
    with acting(staff[WORKER]):
        (row,) = GroupAttendance.objects.visible_to(staff[WORKER])
    assert row.marked == "came"
    stale = browser(WORKER).post(address, {f"outcome-{row.file_id}": "no_word"})
    assert stale.status_code == 422
    assert "Somebody else marked this meeting" in stale.content.decode()
    group = browser(Role.COORDINATOR).get(full.address("support-group", "group"))
    assert "1 of 1 marked" in group.content.decode()
    assert browser(Role.COORDINATOR).get(address).status_code == 404


def test_groups_are_opened_filled_and_met_from_their_pages(
    browser: Browser, world: Invented
) -> None:
    client = browser(WORKER)
    place = str(world.file.compartment)
    made = client.post(
        reverse("support-group-new"),
        {"form_id": str(uuid4()), "name": "Onsdag", "compartment": place, **boxes(begins_on=TODAY)},
    )
    assert made.status_code == 302
    group = made["Location"]
    joined = client.post(
        f"{group}member/",
        {"form_id": str(uuid4()), "file": str(world.file.pk), **boxes(on=TODAY)},
    )
    assert joined["Location"] == group
    said = {"form_id": str(uuid4()), "at": "17", "minutes": "90", "topic": "", **boxes(on=TODAY)}
    nowhere = client.post(f"{group}meeting/", said)
    assert nowhere.status_code == 422
    assert "Choose where the group meets" in nowhere.content.decode()
    unnamed = client.post(f"{group}meeting/", {**said, "place": "elsewhere"})
    assert "by the name that everybody knows" in unnamed.content.decode()
    house = {"place": "elsewhere", "elsewhere": "Kulturhuset"}
    met = client.post(f"{group}meeting/", {**said, **house})
    assert met["Location"] == group
    shown = client.get(group).content.decode()
    assert "11 March 2036, 17:00" in shown
    assert "Kulturhuset" in shown
    busy = {**said, "form_id": str(uuid4()), "at": "17.30", **house}
    taken = client.post(f"{group}meeting/", busy)
    assert taken.status_code == 422
    assert "has another appointment then" in taken.content.decode()
    assert "Free: 12 March 2036" in taken.content.decode()
    assert "Sørensen" in shown
    assert "Onsdag" in client.get(reverse("support-groups")).content.decode()


def test_the_caseload_is_the_manager_s_and_shows_both_numbers_of_a_ratio(
    browser: Browser, full: Full
) -> None:
    shown = browser(Role.SAFETY_MANAGER).get(reverse("support-caseload")).content.decode()
    assert "Invented partner worker" in shown
    assert "Nobody&#x27;s yet" in shown
    assert "2.00 for each client (2 ÷ 1)" in shown
    assert "50 min" in shown
    for role in (WORKER, *OTHERS):
        assert browser(role).get(reverse("support-caseload")).status_code == 404


def test_what_was_typed_is_kept_as_a_draft_and_gone_once_saved(
    browser: Browser, world: Invented, staff: Staff
) -> None:
    client, address = browser(WORKER), reverse("support-session", args=[world.file.pk])
    page = client.get(address).content.decode()
    token = unescape(page.split('data-casewall-draft="')[1].split('"')[0])
    saved = client.post(
        reverse("draft_save"),
        {"draft": token, "fields": '[["note", "Halvt skrevet"]]', "base": "0", "tab": "a",
         "turn": "1"},
    )  # fmt: skip
    assert saved.status_code == 200
    assert "Halvt skrevet" in client.get(address).content.decode()
    assert "Halvt skrevet" not in browser(Role.SAFETY_MANAGER).get(address).content.decode()
    assert client.post(address, session_boxes()).status_code == 302
    with acting(staff[WORKER]):
        assert not SafetyDraft.objects.visible_to(staff[WORKER]).exists()


def test_pages_ask_the_database_equally_often_however_much_there_is(
    browser: Browser, full: Full, staff: Staff
) -> None:
    file = reverse("partner", args=[full.ids["file"].pk])
    manager = browser(Role.SAFETY_MANAGER)
    pages = [
        f"{file}?show=support", f"{file}?show=safety-plan", file, reverse("today"),
        reverse("support-groups"), full.address("support-group", "group"),
        reverse("support-caseload"),
    ]  # fmt: skip
    few = [_queries(manager, page) for page in pages]
    for number in range(3):
        Full.of(new_file(staff, "Opdigtet", f"Mange{number}"), staff[WORKER])
    for number in range(3):
        actions.add_step(
            file=full.ids["file"], what=f"{number}", who=Doer.BOTH, due_on=TODAY, by=staff[WORKER]
        )
    assert [_queries(manager, page) for page in pages] == few


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connections["safety"]) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
