"""Several partners of one client: opening, linking, contact that may return, what was told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casewall.safety.partners import actions as support
from casewall.safety.partners.models import FileLink, PartnerFile, PartnerTask, ThingTold
from casewall.safety.partners.rules import (
    AGAIN,
    CAVEAT,
    Channel,
    Contact,
    Learned,
    Outcome,
    Relation,
    Told,
)
from casewall.safety.pulled.first_contacts import STATED
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import SERVICE, Staff, add_colleague, signed_in
from tests.safety.pages.conftest import TODAY, Invented, new_file, stated_partner

Browser = Callable[[Role], Client]
WORKER, COORDINATOR, MANAGER = Role.PARTNER_WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER
OTHERS = [
    role
    for role in Role
    if SIDE_OF_ROLE[role] is Side.SAFETY
    and role not in (WORKER, COORDINATOR, MANAGER, Role.SAFETY_SYSTEM)
]


def rows(staff: Staff, model: Any, role: Role = COORDINATOR, **which: Any) -> list[Any]:
    with acting(staff[role]):
        return list(model.objects.visible_to(staff[role]).filter(**which).order_by("id"))


def one(staff: Staff, model: Any, pk: UUID) -> Any:
    [row] = rows(staff, model, pk=pk)
    return row


def opened(staff: Staff, role: Role, **more: Any) -> PartnerFile:
    given = {
        "part": {"given_name": "Nyopdigtet", "family_name": "Fiktivsen", "relation": "new"},
        "service": SERVICE,
        "learned": Learned.OWN_CALL,
        "on": TODAY,
        "by": staff[role],
        **more,
    }
    return support.open_by_hand(**given)


# --- acts -----------------------------------------------------------------------------------------


def test_a_file_opened_by_hand_belongs_to_the_worker_or_to_nobody_yet(staff: Staff) -> None:
    own, free = opened(staff, WORKER), opened(staff, COORDINATOR)
    assert (own.worker, free.worker) == (staff[WORKER].worker, None)
    assert (own.route, own.learned, own.contact) == ("self", "own_call", Contact.NOT_TRIED)
    assert own.contact_by == own.next_action_on == date(2036, 3, 18)


def test_opening_twice_is_once_and_needs_a_name_a_service_and_a_duty(staff: Staff) -> None:
    key = uuid4()
    assert opened(staff, WORKER, id=key).pk == opened(staff, WORKER, id=key).pk == key
    assert len(rows(staff, PartnerFile)) == 1
    with pytest.raises(Refused, match="at least one name"):
        opened(staff, WORKER, part={"given_name": ""})
    with pytest.raises(Refused, match="Choose a service"):
        opened(staff, WORKER, service="elsewhere")
    with pytest.raises(Refused, match="do not work with partners of"):
        opened(staff, WORKER, by=replace(staff[WORKER], compartments=frozenset()))
    for role in OTHERS:
        with pytest.raises(Refused, match="may not work with a partner"):
            opened(staff, role)


def contact(staff: Staff, file: PartnerFile, outcome: Outcome, **more: Any) -> PartnerFile:
    support.record_contact(
        file=file,
        tried_at=timezone.now(),
        channel=Channel.CALL,
        outcome=outcome,
        by=staff[WORKER],
        **more,
    )
    return one(staff, PartnerFile, file.pk)


def test_a_partner_who_may_return_is_asked_again_on_the_day_named(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    day = TODAY + timedelta(days=40)
    file = contact(staff, world.file, Outcome.MAY_RETURN, return_on=day)
    assert (file.contact, file.next_action, file.next_action_on) == ("may_return", AGAIN, day)
    file = contact(staff, file, Outcome.NO_ANSWER)
    assert (file.contact, file.next_action_on) == ("may_return", day)
    assert "Ask again, as agreed" not in browser(WORKER).get("/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        client = signed_in(staff.workers[WORKER])
        assert "Ask again, as agreed" in client.get("/").content.decode()
        file = contact(staff, file, Outcome.NO_ANSWER)
        assert (file.next_action, file.next_action_on) == (AGAIN, day + timedelta(days=2))
        file = contact(staff, file, Outcome.SPOKE)
    assert (file.contact, file.next_action, file.next_action_on) == ("engaged", "", None)


def test_a_partner_may_return_at_any_time_after_the_file_was_closed(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    contact(staff, world.file, Outcome.MAY_RETURN)
    support.close_file(file=world.file, on=TODAY, by=staff[WORKER])
    page = reverse("partner", args=[world.file.pk])
    assert "The partner has come back" in browser(WORKER).get(page).content.decode()
    for role in (COORDINATOR, *OTHERS):
        with pytest.raises(Refused, match="may not work with a partner"):
            support.reopen_file(file=world.file, on=TODAY, by=staff[role])
    for _ in range(2):
        answer = browser(WORKER).post(reverse("reopen-file", args=[world.file.pk]))
        assert answer.status_code == 302
    file = one(staff, PartnerFile, world.file.pk)
    assert (file.closed_on, file.reopened_on, file.next_action) == (None, TODAY, "contact")


def test_a_day_to_ask_again_is_refused_where_it_says_nothing(staff: Staff, world: Invented) -> None:
    with pytest.raises(Refused, match="goes with “Declined now"):
        contact(staff, world.file, Outcome.SPOKE, return_on=TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="must come after this contact"):
        contact(staff, world.file, Outcome.MAY_RETURN, return_on=TODAY)
    assert one(staff, PartnerFile, world.file.pk).contact == Contact.NOT_TRIED


def test_what_was_told_is_kept_with_day_worker_and_version(staff: Staff, world: Invented) -> None:
    key, items = uuid4(), [Told.NO_GUARANTEE, Told.LATER]
    for _ in range(2):
        contact(staff, world.file, Outcome.DECLINED, told=items, id=key)
    told = rows(staff, ThingTold)
    assert sorted(row.item for row in told) == ["no_guarantee", "no_now_yes_later"]
    assert {(row.told_on, row.worker, row.list_version, row.contact_id) for row in told} == {
        (TODAY, staff[WORKER].worker, 1, key)
    }
    more = [Told.NO_GUARANTEE, Told.SUPPORT]
    by = staff[WORKER]
    assert support.tell(file=world.file, items=more, on=TODAY, by=by) == [Told.SUPPORT]
    assert support.tell(file=world.file, items=more, on=TODAY, by=by) == []
    with pytest.raises(Refused, match="completion guarantees nothing"):
        support.tell(file=world.file, items=[Told.ATTENDANCE], on=TODAY, by=by)
    with pytest.raises(Refused, match="Nobody was reached"):
        contact(staff, world.file, Outcome.NO_ANSWER, told=items)
    for role in (COORDINATOR, *OTHERS):
        with pytest.raises(Refused, match="may not work with a partner"):
            support.tell(file=world.file, items=items, on=TODAY, by=staff[role])


def test_a_link_is_corrected_ended_and_made_again_as_a_link_of_its_own(
    staff: Staff, world: Invented
) -> None:
    by = staff[COORDINATOR]
    [link] = rows(staff, FileLink)
    again = support.link_file(
        file=world.file, case_id=world.case_id, origin="search", on=TODAY, by=by
    )
    assert again.pk == link.pk
    days = {"from_on": date(2030, 1, 1), "until_on": date(2035, 6, 1)}
    support.correct_link(link=link, relation=Relation.FORMER, by=by, version=1, **days)
    with pytest.raises(StaleEdit, match="look at both"):
        support.correct_link(link=link, relation=Relation.NEW, by=by, version=1, **days)
    with pytest.raises(Refused, match="cannot end before it began"):
        support.correct_link(
            link=link,
            relation=Relation.NEW,
            from_on=days["until_on"],
            until_on=days["from_on"],
            by=by,
        )
    with pytest.raises(Refused, match="after this day"):
        support.end_link(link=link, on=TODAY - timedelta(days=1), by=by)
    for _ in range(2):
        ended = support.end_link(link=link, on=TODAY, by=by)
    assert (ended.ended_on, ended.relation, ended.version) == (TODAY, "former", 3)
    with pytest.raises(Refused, match="was ended"):
        support.correct_link(link=link, relation=Relation.NEW, from_on=None, until_on=None, by=by)
    support.link_file(file=world.file, case_id=world.case_id, origin="search", on=TODAY, by=by)
    assert len(rows(staff, FileLink)) == 2
    for role in (WORKER, *OTHERS):
        with pytest.raises(Refused, match="may not link"):
            support.end_link(link=link, on=TODAY, by=staff[role])


# --- pages ----------------------------------------------------------------------------------------

FORM = {"service": SERVICE, "learned": "own_call", "relation": "new", "language": "Arabic"}


def test_a_worker_opens_a_file_and_is_shown_who_may_be_the_same_person_first(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    page, key = reverse("open-file"), str(uuid4())
    assert "Open a file by hand" in browser(WORKER).get(reverse("partners")).content.decode()
    assert browser(WORKER).get(page).status_code == 200
    typed = {**FORM, "form_id": key, "given_name": "OPDIGTET", "family_name": "Soerensen"}
    asked = browser(WORKER).post(page, typed)
    assert asked.status_code == 422
    shown = asked.content.decode()
    assert "Is it one of these?" in shown
    assert reverse("partner", args=[world.file.pk]) in shown
    assert 'value="OPDIGTET"' in shown
    for _ in range(2):
        saved = browser(WORKER).post(page, {**typed, "somebody_else": "yes"})
        assert saved["Location"] == reverse("partner", args=[key])
    file = one(staff, PartnerFile, UUID(key))
    assert (file.relation, file.learned, file.worker) == (
        "new",
        "own_call",
        staff[WORKER].worker,
    )
    assert len(rows(staff, PartnerFile)) == 3


def test_a_colleague_is_not_told_that_a_file_of_another_worker_exists(
    staff: Staff, site: None, world: Invented, owner_urls: dict[str, str]
) -> None:
    colleague = add_colleague(owner_urls, WORKER, "lyngholm-shelter", "c3@example.invalid")
    typed = {**FORM, "form_id": str(uuid4()), "given_name": "Opdigtet", "family_name": "Sørensen"}
    answer = signed_in(colleague).post(reverse("open-file"), typed)
    assert answer.status_code == 302


def test_bad_input_says_what_and_loses_nothing(browser: Browser, world: Invented) -> None:
    typed = {**FORM, "form_id": str(uuid4()), "language": "Farsi", "learned": ""}
    answer = browser(COORDINATOR).post(reverse("open-file"), typed)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Write at least one name" in shown
    assert 'value="Farsi"' in shown


def _pages(world: Invented, stated: UUID, link: UUID) -> dict[str, list[Any]]:
    file = [world.file.pk]
    return {
        "open-file": [],
        "stated-partner": [stated],
        "told": file,
        "attempts": file,
        "file-link": [*file, link],
        "end-link": [*file, link],
        "reopen-file": file,
    }


THEIRS = {
    "open-file": {WORKER, COORDINATOR, MANAGER},
    "stated-partner": {COORDINATOR, MANAGER},
    "told": {WORKER, MANAGER},
    "attempts": {WORKER, COORDINATOR, MANAGER},
    "file-link": {COORDINATOR, MANAGER},
    "end-link": {COORDINATOR, MANAGER},
    "reopen-file": {WORKER, MANAGER},
}
READ_ONLY, POST_ONLY = {"attempts"}, {"end-link", "reopen-file"}


def test_each_page_is_there_for_those_whose_work_it_is(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    stated = stated_partner(staff, world.case_id, "Frida Opdigtsen", "+4520000099")
    [link] = rows(staff, FileLink)
    for name, given in _pages(world, stated.pk, link.pk).items():
        address = reverse(name, args=given)
        for role in (WORKER, COORDINATOR, MANAGER, *OTHERS):
            theirs = role in THEIRS[name]
            got = browser(role).get(address).status_code
            assert got == (405 if name in POST_ONLY else 200 if theirs else 404), (name, role)
            if name not in READ_ONLY:
                sent = browser(role).post(address, {}).status_code
                assert (sent == 404) is not theirs, (name, role)
    assert browser(COORDINATOR).get(reverse("stated-partner", args=[uuid4()])).status_code == 404


def test_a_stated_partner_becomes_a_file_and_the_stated_phone_is_on_no_page(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    stated = stated_partner(staff, world.case_id, "Frida Opdigtsen", "+4520000099")
    page = reverse("stated-partner", args=[stated.pk])
    shown = browser(COORDINATOR).get(page).content.decode()
    assert "Frida Opdigtsen" in shown
    assert "20000099" not in shown
    wrong = browser(COORDINATOR).post(page, {"act": "leave", "reason": ""})
    assert wrong.status_code == 422
    assert "Say why nobody is contacted" in wrong.content.decode()
    unsaid = browser(COORDINATOR).post(page, {"act": "open", "relation": ""})
    assert unsaid.status_code == 422
    assert "Say what the partner is to the client" in unsaid.content.decode()
    answer = browser(COORDINATOR).post(page, {"act": "open", "relation": "former"})
    [link] = [row for row in rows(staff, FileLink) if row.origin == "declaration"]
    assert answer["Location"] == reverse("partner", args=[link.file_id])
    assert link.relation == Relation.FORMER
    assert "20000099" not in browser(COORDINATOR).get(answer["Location"]).content.decode()
    linked = browser(COORDINATOR).post(page, {"act": "link", "file": str(world.free.pk)})
    assert linked["Location"] == reverse("partner", args=[world.free.pk])
    absent = browser(COORDINATOR).post(page, {"act": "link", "file": str(uuid4())})
    assert "Choose a file from the list" in absent.content.decode()


def test_only_coordination_learns_that_another_partner_of_the_client_has_a_file(
    staff: Staff, browser: Browser, world: Invented, owner_urls: dict[str, str]
) -> None:
    other = new_file(staff, "Nyopdigtet", "Skjultsen")
    support.link_file(
        file=other,
        case_id=world.case_id,
        origin="search",
        on=TODAY,
        relation=Relation.NEW,
        by=staff[COORDINATOR],
    )
    colleague = add_colleague(owner_urls, WORKER, "lyngholm-shelter", "c4@example.invalid")
    support.take_file(file=other, by=colleague.as_viewer())
    page = reverse("partner", args=[world.file.pk])
    for role in (COORDINATOR, MANAGER):
        shown = browser(role).get(page).content.decode()
        assert "Other partners of the same client who have a file: 1" in shown
        assert "Nyopdigtet Skjultsen" in shown
    shown = browser(WORKER).get(page).content.decode()
    assert "Opdigtet Klient" in shown
    assert "Other partners" not in shown
    assert "Skjultsen" not in shown
    for address in ("/", reverse("partners"), reverse("search") + "?q=Skjultsen"):
        assert "Nyopdigtet" not in browser(WORKER).get(address).content.decode()


def test_the_relation_is_corrected_on_its_page_and_both_texts_are_shown_when_stale(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    [link] = rows(staff, FileLink)
    page = reverse("file-link", args=[world.file.pk, link.pk])
    typed = {"relation": "former", "version": "1", "until_on_day": "1", "until_on_month": "3"}
    bad = browser(COORDINATOR).post(page, typed)
    assert bad.status_code == 422
    typed["until_on_year"] = "2036"
    assert browser(COORDINATOR).post(page, typed).status_code == 302
    stale = browser(COORDINATOR).post(page, {**typed, "relation": "current"})
    assert stale.status_code == 422
    assert "Former partner, until 1 March 2036" in stale.content.decode()
    end = reverse("end-link", args=[world.file.pk, link.pk])
    assert browser(COORDINATOR).post(end).status_code == 302
    assert one(staff, FileLink, link.pk).ended_on == TODAY
    assert browser(COORDINATOR).get(page).status_code == 200
    elsewhere = reverse("file-link", args=[world.free.pk, link.pk])
    assert browser(COORDINATOR).get(elsewhere).status_code == 404


def test_the_contact_form_keeps_what_was_told_through_the_question_about_safety(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    page = reverse("record-contact", args=[world.file.pk])
    typed = {
        "form_id": str(uuid4()),
        "channel": "call",
        "outcome": "may_return",
        "still_safe": "not_asked",
        "tried_on_day": "11",
        "tried_on_month": "3",
        "tried_on_year": "2036",
        "tried_time": "09:30",
        "return_on_day": "1",
        "return_on_month": "5",
        "return_on_year": "2036",
        "told": ["threats"],
        "note": "",
    }
    bad = browser(WORKER).post(page, typed)
    assert bad.status_code == 422
    assert "completion guarantees nothing. Say so, and tick it" in bad.content.decode()
    typed["told"] = ["threats", "no_guarantee"]
    asked = browser(WORKER).post(page, typed).content.decode()
    assert asked.count('name="told" value="threats"') >= 1
    assert asked.count('name="told" value="no_guarantee"') >= 1
    assert browser(WORKER).post(page, {**typed, "happened": "yes"}).status_code == 302
    assert sorted(row.item for row in rows(staff, ThingTold)) == ["no_guarantee", "threats"]
    file = one(staff, PartnerFile, world.file.pk)
    assert (file.contact, file.next_action_on) == ("may_return", date(2036, 5, 1))
    shown = browser(WORKER).get(reverse("partner", args=[world.file.pk])).content.decode()
    assert "Contact: declined, may return" in shown
    assert "2 of 10 things" in shown
    told = browser(WORKER).get(reverse("partner", args=[world.file.pk]) + "?show=told")
    assert told.content.decode().count("Not yet") == 8
    proof = browser(WORKER).get(reverse("attempts", args=[world.file.pk])).content.decode()
    assert "1 attempt to reach the partner, on 11 March 2036: call 1." in proof
    assert "Sørensen" not in proof


def test_what_was_told_alone_is_recorded_on_its_page(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    page = reverse("told", args=[world.file.pk])
    day = {"told_on_day": "11", "told_on_month": "3", "told_on_year": "2036"}
    bad = browser(WORKER).post(page, {**day, "told": ["support"]})
    assert bad.status_code == 422
    assert "checked" in bad.content.decode()
    future = browser(WORKER).post(page, {**day, "told_on_year": "2037", "told": ["no_guarantee"]})
    assert "This day is in the future" in future.content.decode()
    assert browser(WORKER).post(page, {**day, "told": ["no_guarantee"]}).status_code == 302
    assert [row.item for row in rows(staff, ThingTold)] == ["no_guarantee"]


def a_notice(staff: Staff, file: PartnerFile, kind: str = "tell_absent", **more: Any) -> None:
    with acting(staff[Role.SAFETY_SYSTEM]):
        PartnerTask(
            compartment=file.compartment,
            file=None if kind == STATED else file,
            kind=kind,
            due_on=TODAY + timedelta(days=1),
            as_of=timezone.now(),
            **more,
        ).save(force_insert=True)


def test_a_missed_session_stands_on_the_workers_day_before_it_is_due(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    yesterday = TODAY - timedelta(days=1)
    a_notice(
        staff,
        world.file,
        due_at=timezone.now() + timedelta(hours=23, minutes=30),
        about_on=yesterday,
    )
    for address in ("/", reverse("partner", args=[world.file.pk])):
        shown = browser(WORKER).get(address).content.decode()
        assert "did not attend yesterday, 10 March 2036: tell the partner before anyone" in shown
        assert "By 12 March 2036, 10:0" in shown
        assert "As the programme side recorded it, 11 March 2036, 10:30" in shown
        assert CAVEAT in shown
    assert "did not attend" not in browser(COORDINATOR).get("/").content.decode()


def test_today_asks_equally_often_however_many_were_stated(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    def more(times: int) -> int:
        for number in range(times):
            row = stated_partner(staff, world.case_id, f"Frida Nr{number}")
            a_notice(staff, world.file, STATED, case_id=world.case_id, fact_id=row.pk)
        with CaptureQueriesContext(connections["safety"]) as queries:
            shown = browser(COORDINATOR).get("/").content.decode()
        assert shown.count(reverse("stated-partner", args=[row.pk])) == 1
        return len(queries)

    more(1)
    assert more(1) == more(5)
    assert "stated on the programme side" not in browser(WORKER).get("/").content.decode()
