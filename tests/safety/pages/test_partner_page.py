"""The partner's page: what is safe comes first, and contact details only when asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from html import unescape
from uuid import uuid4

import psycopg
import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casewall.safety.coordination.actions import ask
from casewall.safety.coordination.rules import Ground, Purpose
from casewall.safety.partners.actions import (
    add_task,
    note_not_answered,
    record_contact,
    record_scale,
    set_safe_contact,
)
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import CAVEAT, Channel, NotAnswered, Outcome, Wave
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import Staff, add_colleague, signed_in
from tests.safety.pages.conftest import ADDRESS, PHONE, TODAY, Invented, new_file

Browser = Callable[[Role], Client]
WORKER = Role.PARTNER_WORKER


def page_of(browser: Browser, world: Invented, role: Role = WORKER, show: str = "") -> str:
    address = reverse("partner", args=[world.file.pk])
    return browser(role).get(address + (f"?show={show}" if show else "")).content.decode()


def safe_call(staff: Staff, world: Invented, **more: object) -> None:
    set_safe_contact(
        file=world.file,
        channel=Channel.CALL,
        is_safe=True,
        confirmed_on=TODAY,
        review_on=TODAY + timedelta(days=14),
        by=staff[WORKER],
        **more,
    )


def test_without_a_plan_no_way_of_contact_is_called_safe(browser: Browser, world: Invented) -> None:
    shown = page_of(browser, world)
    assert "No way of contact is confirmed safe now." in shown
    assert "Safe now" not in shown


def test_safe_contact_stands_before_everything_that_happened(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    safe_call(staff, world, from_time=time(9), to_time=time(12), code_word="blå cykel")
    shown = page_of(browser, world)
    assert shown.index("Safe now") < shown.index("What happened")
    assert "blå cykel" in shown


def test_outside_its_hours_a_safe_channel_is_not_safe_now(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    safe_call(staff, world, from_time=time(20), to_time=time(21))
    shown = page_of(browser, world)
    assert "Call is safe only from 20:00 to 21:00." in shown
    assert "No way of contact is confirmed safe now." in shown


def test_phone_and_address_are_on_no_page_before_somebody_asks(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    for role in (WORKER, Role.COORDINATOR, Role.SAFETY_MANAGER):
        for address in (
            reverse("partner", args=[world.file.pk]),
            reverse("partners"),
            reverse("today"),
            reverse("search") + "?q=Opdigtet",
        ):
            shown = browser(role).get(address).content.decode()
            assert PHONE not in shown
            assert ADDRESS not in shown


def test_revealing_shows_them_once_and_keeps_the_purpose_in_the_audit(
    browser: Browser, world: Invented, owner_urls: dict[str, str], staff: Staff
) -> None:
    answer = browser(WORKER).post(
        reverse("reveal-details", args=[world.file.pk]), {"purpose": "to_contact"}
    )
    shown = answer.content.decode()
    assert PHONE in shown
    assert ADDRESS in shown
    assert answer["Cache-Control"] == "no-store"
    with psycopg.connect(owner_urls["safety"]) as connection:
        entries = connection.execute(
            "select worker, object_id, purpose from audit_entry "
            "where verb = 'revealed contact details of'"
        ).fetchall()
    assert entries == [(staff[WORKER].worker, world.file.pk, "to_contact")]
    assert PHONE not in page_of(browser, world)


def test_revealing_without_a_purpose_shows_nothing_and_says_what_is_missing(
    browser: Browser, world: Invented, owner_urls: dict[str, str]
) -> None:
    answer = browser(WORKER).post(reverse("reveal-details", args=[world.file.pk]), {})
    assert answer.status_code == 422
    assert PHONE not in answer.content.decode()
    assert "Why do you need them?" in answer.content.decode()
    with psycopg.connect(owner_urls["safety"]) as connection:
        count = connection.execute(
            "select count(*) from audit_entry where verb = 'revealed contact details of'"
        ).fetchone()
    assert count == (0,)


def test_the_coordinator_cannot_reveal(browser: Browser, world: Invented) -> None:
    answer = browser(Role.COORDINATOR).post(
        reverse("reveal-details", args=[world.file.pk]), {"purpose": "to_contact"}
    )
    assert answer.status_code == 404


def test_pulled_facts_carry_their_moment_and_the_fixed_caveat(
    browser: Browser, world: Invented
) -> None:
    shown = page_of(browser, world)
    assert "Opdigtet Klient" in shown
    assert "Absent not accepted, 11 March 2036" in shown
    assert "As recorded by the programme side," in shown
    assert CAVEAT in shown


def test_scales_show_their_answers_their_silence_and_their_gaps(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    record_scale(
        file=world.file,
        measure="safety",
        wave=Wave.BEFORE,
        answered_on=TODAY,
        answers={
            "safety-1": "4",
            "safety-2": "4",
            "safety-3": "0",
            "safety-4": "prefer-not-to-say",
        },
        mode="telephone",
        language="en",
        by=staff[WORKER],
    )
    note_not_answered(
        file=world.file,
        measure="freedom",
        wave=Wave.BEFORE,
        reason=NotAnswered.PREFERRED_NOT_TO,
        by=staff[WORKER],
    )
    shown = page_of(browser, world, show="measures")
    assert "100 of 100 (3 of 4 answered)" in shown
    assert "Preferred not to" in shown
    assert "Not due yet" in shown
    assert "Silence is never counted as safety." in shown


def test_a_scale_falls_due_after_the_first_word_with_the_partner(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    assert "Feeling safe, before" not in page_of(browser, world)
    record_contact(
        file=world.file,
        tried_at=timezone.now() - timedelta(days=2),
        channel=Channel.CALL,
        outcome=Outcome.SPOKE,
        by=staff[WORKER],
    )
    assert "Feeling safe, before" in page_of(browser, world)
    assert "9 March 2036, by 8 April 2036" in page_of(browser, world, show="measures")
    today = browser(WORKER).get("/").content.decode()
    assert "Before: Being able to decide and to cope, Room to decide" in today


def test_the_worker_takes_a_free_file_and_nobody_takes_it_from_them(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    take = reverse("take-file", args=[world.free.pk])
    assert browser(WORKER).post(take).status_code == 302
    taken = browser(Role.SAFETY_MANAGER).post(take, follow=True).content.decode()
    assert "This file has a worker already." in taken


def test_a_task_is_finished_once_and_stays_finished(
    staff: Staff, browser: Browser, world: Invented, owner_urls: dict[str, str]
) -> None:
    task = add_task(file=world.file, kind="tell_absent", due_on=TODAY, by=staff[WORKER])
    assert "absent without an accepted reason" in browser(WORKER).get("/").content.decode()
    for _ in range(2):
        answer = browser(WORKER).post(reverse("finish-task", args=[world.file.pk, task.pk]))
        assert answer.status_code == 302
    assert "absent without an accepted reason" not in browser(WORKER).get("/").content.decode()
    elsewhere = reverse("finish-task", args=[world.free.pk, task.pk])
    assert browser(WORKER).post(elsewhere).status_code == 404
    with psycopg.connect(owner_urls["safety"]) as connection:
        done = connection.execute("select count(*) from audit_entry where verb = 'finished'")
        assert done.fetchone() == (1,)


PLACES = ["partner", "partners", "today", "disclosures", "search"]


@pytest.mark.parametrize("role", [WORKER, Role.SAFETY_MANAGER])
@pytest.mark.parametrize("place", PLACES)
def test_a_page_asks_the_database_equally_often_however_much_there_is(
    staff: Staff, browser: Browser, world: Invented, place: str, role: Role
) -> None:
    address = reverse(place, args=[world.file.pk] if place == "partner" else [])
    address += "?q=Opdigtet" if place == "search" else ""
    _more(staff, world, 1)
    browser(role).get(address)
    few = _queries(browser(role), address)
    _more(staff, world, 6)
    assert _queries(browser(role), address) == few


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connections["safety"]) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def _more(staff: Staff, world: Invented, times: int) -> None:
    """More of everything: files, attempts, tasks, scales, disclosures."""
    by = staff[WORKER]
    for number in range(times):
        other = new_file(staff, "Opdigtet", f"Navn{number}")
        for file in (world.file, other):
            record_contact(
                file=file,
                tried_at=timezone.now() - timedelta(hours=1),
                channel=Channel.CALL,
                outcome=Outcome.NO_ANSWER,
                by=by,
            )
            add_task(file=file, kind="tell_absent", due_on=TODAY, by=by)
        ask(
            file=world.file,
            case_id=world.case_id,
            purpose=Purpose.STATEMENT,
            text="Opdigtet.",
            ground=Ground.PARTNER_CONSENT,
            by=by,
            at=timezone.now(),
            id=uuid4(),
        )


def listed(client: Client, query: str = "") -> tuple[list[str], str | None, str | None]:
    """The files on a page of the list, and the addresses of the neighbouring pages."""
    shown = client.get(reverse("partners") + query).content.decode()
    files = re.findall(r'<th scope="row"[^>]*><a [^>]*href="/partners/([^/]+)/"', shown)
    return files, *(_rel(shown, name) for name in ("prev", "next"))


def _rel(shown: str, name: str) -> str | None:
    match = re.search(rf'rel="{name}" href="([^"]+)"', shown)
    return unescape(match[1]) if match else None


def test_the_list_goes_on_page_by_page_and_back(staff: Staff, browser: Browser) -> None:
    made = [
        new_file(staff, "Opdigtet", f"Nummer{n}", referred_on=TODAY - timedelta(days=n // 4))
        for n in range(60)
    ]
    client = browser(WORKER)
    first, before, after = listed(client)
    assert before is None
    second, _, last_page = listed(client, after or "")
    third, back, end = listed(client, last_page or "")
    assert end is None
    assert [len(first), len(second), len(third)] == [25, 25, 10]
    assert set(first + second + third) == {str(file.pk) for file in made}
    again, to_first, _ = listed(client, back or "")
    assert again == second
    assert listed(client, to_first or "")[0] == first
    assert listed(client, "?after=nonsense")[0] == first


def test_the_list_is_filtered_by_contact_status_each_status_by_itself(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    expected = {"not_tried": {str(world.file.pk), str(world.free.pk)}}
    for outcome, status in [
        (Outcome.NO_ANSWER, "not_reached"),
        (Outcome.DECLINED, "declined"),
        (Outcome.SPOKE, "engaged"),
        (Outcome.UNSAFE_TO_CONTACT, "unsafe"),
    ]:
        file = new_file(staff, "Opdigtet", outcome.value)
        record_contact(
            file=file,
            channel=Channel.CALL,
            outcome=outcome,
            by=staff[WORKER],
            tried_at=timezone.now() - timedelta(hours=1),
        )
        expected[status] = {str(file.pk)}
    for status, files in expected.items():
        assert set(listed(browser(WORKER), f"?contact={status}")[0]) == files
    assert listed(browser(WORKER), "?whose=mine")[0] == [str(world.file.pk)]
    assert str(world.file.pk) not in listed(browser(WORKER), "?whose=unallocated")[0]


def test_a_person_is_found_by_name_spelling_phone_and_date_of_birth(
    browser: Browser, world: Invented
) -> None:
    for text in ("soerensen", "OPDIGTET Sorensen", "22 33 44 55", "+45 22334455", "27.3.1985"):
        answer = browser(WORKER).get(reverse("search"), {"q": text})
        assert "Opdigtet Sørensen" in answer.content.decode(), text
    for text in ("Sør", "opdigtet jensen", "28.3.1985", "   "):
        answer = browser(WORKER).get(reverse("search"), {"q": text})
        assert "Opdigtet Sørensen" not in answer.content.decode(), text


def test_another_worker_s_partner_is_not_found(
    owner_urls: dict[str, str], browser: Browser, world: Invented
) -> None:
    other = signed_in(
        add_colleague(owner_urls, WORKER, "lyngholm-shelter", f"{uuid4()}@example.invalid")
    )
    shown = other.get(reverse("search"), {"q": "Sørensen"}).content.decode()
    assert "No partner is found under exactly these words." in shown


def test_the_referrer_s_note_is_read_with_the_contact_details_only(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    with acting(staff[WORKER]):
        file = PartnerFile.objects.visible_to(staff[WORKER]).get(pk=world.file.pk)
        file.note = "The referrer gave +4599887766 as a safe phone."
        file.save()
    assert "99887766" not in page_of(browser, world)
    shown = (
        browser(WORKER)
        .post(reverse("reveal-details", args=[world.file.pk]), {"purpose": "safeguarding"})
        .content.decode()
    )
    assert "99887766" in shown


def test_a_dangerous_answer_stands_first_in_red(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    record_scale(
        file=world.file,
        measure="safety",
        wave=Wave.BEFORE,
        answered_on=TODAY,
        answers={"safety-3": "4"},
        mode="telephone",
        language="en",
        by=staff[WORKER],
    )
    assert "A sign of danger" in page_of(browser, world)
    first = browser(WORKER).get("/").content.decode()
    assert reverse("danger-signals", "casewall.config.urls.safety") in first or "/danger/" in first


def test_a_closed_or_withdrawn_file_says_so_and_leaves_the_list(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    with acting(staff[WORKER]):
        file = PartnerFile.objects.visible_to(staff[WORKER]).get(pk=world.file.pk)
        file.closed_on = file.withdrawn_on = TODAY
        file.save()
    shown = page_of(browser, world)
    assert "Closed" in shown
    assert "Referral withdrawn" in shown
    assert "Record a contact" not in shown
    assert str(world.file.pk) not in listed(browser(WORKER))[0]
    assert str(world.file.pk) in listed(browser(WORKER), "?closed=on")[0]


def test_whether_a_message_may_be_left_stands_beside_the_channel(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    safe_call(staff, world)
    assert "Leave no message." in page_of(browser, world)
    safe_call(staff, world, voicemail=True, call_as="Opdigtet bibliotek")
    assert "A message may be left. Name to use: Opdigtet bibliotek." in page_of(browser, world)
