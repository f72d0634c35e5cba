"""Referrers' messages on the safety site: settled by a person, and nothing goes down by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casewall.safety.coordination.models import Disclosure
from casewall.safety.intake.messages import asked_from, keep_message, message_from, settle
from casewall.safety.intake.models import MessageState, OutboxItem, ReferrerMessage
from casewall.safety.messages.actions import case_meant, tell_partner_workers
from casewall.safety.partners.actions import close_file
from casewall.safety.partners.models import PartnerTask
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import SERVICE, Staff, signed_in
from tests.safety.pages.conftest import TODAY, Invented, pulled_case
from tests.safety.pages.test_recording import rows

Browser = Callable[[Role], Client]
COORDINATOR, MANAGER = Role.COORDINATOR, Role.SAFETY_MANAGER
WORDS = "Opdigtet: the client has a new job."


def content(**changes: Any) -> dict[str, Any]:
    """What the front door seals."""
    return {
        "service": SERVICE,
        "message": {
            "sender_name": "Invented Officer",
            "sender_email": "officer@example.invalid",
            "reference": "0a1b2c3d",
            "text": WORDS,
            "may_read": False,
            "received_at": "2036-03-11T08:15:00+01:00",
            **changes,
        },
    }


def arrive(staff: Staff, **changes: Any) -> ReferrerMessage:
    """A message as the background work takes it in."""
    message = message_from(content(**changes), id=uuid4(), service=shipped()[SERVICE])
    assert keep_message(message=message, by=staff[Role.SAFETY_SYSTEM]) == "loaded"
    return message


def about(world: Invented) -> str:
    return world.case_id.hex[:8]


def page(browser: Browser, message: ReferrerMessage, role: Role = COORDINATOR) -> str:
    return browser(role).get(reverse("referrer-message", args=[message.pk])).content.decode()


def again(staff: Staff, message: ReferrerMessage) -> ReferrerMessage:
    (found,) = [one for one in rows(staff, ReferrerMessage) if one.pk == message.pk]
    return found


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": "0a1b2c3"},
        {"reference": "0A1B2C3D"},
        {"text": " "},
        {"text": "x" * 5_001},
        {"sender_name": ""},
        {"sender_email": "x" * 255},
        {"received_at": "yesterday"},
        {"received_at": "2036-03-11T08:15:00"},
    ],
)
def test_what_the_form_does_not_send_is_no_message(staff: Staff, changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        message_from(content(**changes), id=uuid4(), service=shipped()[SERVICE])
    with pytest.raises(KeyError):
        message_from({"message": {}}, id=uuid4(), service=shipped()[SERVICE])


def test_the_same_entry_twice_is_one_message(staff: Staff) -> None:
    made = [message_from(content(), id=UUID(int=7), service=shipped()[SERVICE]) for _ in range(2)]
    by = staff[Role.SAFETY_SYSTEM]
    assert [keep_message(message=one, by=by) for one in made] == ["loaded", "known"]
    assert len(rows(staff, ReferrerMessage)) == 1


def test_new_messages_are_on_the_first_page_and_in_the_list_of_coordination(
    staff: Staff, browser: Browser
) -> None:
    assert "New messages from referrers" not in browser(COORDINATOR).get("/").content.decode()
    message = arrive(staff)
    address = reverse("referrer-message", args=[message.pk])
    for role in (COORDINATOR, MANAGER):
        for where in ("/", reverse("referrer-messages")):
            shown = browser(role).get(where).content.decode()
            assert address in shown
            assert "Invented Officer" in shown
            assert WORDS not in shown
    settle(message=message, state=MessageState.KEPT, by=staff[COORDINATOR], at=timezone.now())
    assert address not in browser(COORDINATOR).get("/").content.decode()
    assert address in browser(COORDINATOR).get(reverse("referrer-messages")).content.decode()
    assert (
        reverse("referrer-messages")
        in browser(COORDINATOR).get(reverse("referrals")).content.decode()
    )


@pytest.mark.parametrize(
    "role",
    [
        Role.PARTNER_WORKER,
        Role.EVALUATOR,
        Role.CHILDRENS_WORKER,
        Role.SAFETY_ADMINISTRATOR,
        Role.DATA_PROTECTION_OFFICER,
    ],
)
def test_nobody_else_sees_a_message(staff: Staff, browser: Browser, role: Role) -> None:
    message = arrive(staff)
    other = signed_in(staff.workers[role])
    assert other.get(reverse("referrer-messages")).status_code == 404
    for name in ("referrer-message", "keep-referrer-message", "tell-referrer-message"):
        for pk in (message.pk, uuid4()):
            send = other.get if name == "referrer-message" else other.post
            assert send(reverse(name, args=[pk])).status_code == 404
    with acting(staff[role]):
        assert asked_from(str(message.pk), staff[role]) is None
    assert again(staff, message).state == "new"


def test_a_page_shows_the_one_case_that_the_reference_names(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    shown = page(browser, arrive(staff, reference=about(world)))
    assert WORDS in shown
    assert "Opdigtet Klient" in shown
    assert reverse("partner", args=[world.file.pk]) in shown
    none = page(browser, arrive(staff, reference="00000000"))
    assert "Opdigtet Klient" not in none
    assert "No case of this service, or more than one, has this reference." in none
    assert "Ask that it goes down" not in none
    twin = UUID(about(world) + "0" * 24)
    with acting(staff[Role.SAFETY_SYSTEM]):
        case = pulled_case(staff, "Opdigtet Tvilling")
        case.pk, case.referral_id = twin, uuid4()
        case.save(force_insert=True)
    two = page(browser, arrive(staff, reference=about(world)))
    assert "No case of this service, or more than one" in two
    assert "Tvilling" not in two


def test_kept_here_is_kept_and_tells_who(staff: Staff, browser: Browser) -> None:
    message = arrive(staff)
    for _ in range(2):
        answer = browser(COORDINATOR).post(
            reverse("keep-referrer-message", args=[message.pk]), follow=True
        )
        assert "Kept here. Nothing of it goes down." in answer.content.decode()
    kept = again(staff, message)
    assert (kept.state, kept.settled_by) == ("kept", staff[COORDINATOR].worker)
    shown = page(browser, message)
    assert "Invented coordinator" in shown
    assert "Keep here</button>" not in shown
    assert rows(staff, OutboxItem) == []


def test_asking_opens_the_disclosure_request_with_the_words_to_edit(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    message = arrive(staff, reference=about(world), may_read=True)
    address = f"{reverse('ask-disclosure', args=[world.file.pk])}?message={message.pk}"
    assert address in page(browser, message)
    form = browser(COORDINATOR).get(address).content.decode()
    assert WORDS in form
    assert again(staff, message).state == "new"
    posted = {
        "form_id": str(uuid4()),
        "case_id": str(world.case_id),
        "purpose": "statement",
        "text": "The client works on Tuesdays.",
        "ground": "recorded_override",
        "override_reason": "The referrer wrote it for the file.",
        "other_sources": "1",
    }
    refused = browser(COORDINATOR).post(address, posted)
    assert refused.status_code == 422
    assert again(staff, message).state == "new"
    for _ in range(2):
        assert (
            browser(COORDINATOR).post(address, {**posted, "other_sources": "3"}).status_code == 302
        )
    (asked,) = rows(staff, Disclosure)
    assert asked.text == "The client works on Tuesdays."
    assert again(staff, message).state == "passed"
    assert rows(staff, OutboxItem) == []
    late = browser(COORDINATOR).post(
        reverse("keep-referrer-message", args=[message.pk]), follow=True
    )
    assert "It was asked already that this message goes down." in late.content.decode()
    assert "Ask that it goes down</a>" not in page(browser, message)


def test_words_that_are_not_for_the_client_are_not_put_into_the_box(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    message = arrive(staff, reference=about(world))
    assert "Ask the sender before any word of it goes down." in page(browser, message)
    address = f"{reverse('ask-disclosure', args=[world.file.pk])}?message={message.pk}"
    form = browser(COORDINATOR).get(address).content.decode()
    assert WORDS not in form
    plain = browser(COORDINATOR).get(address.partition("?")[0])
    strange = browser(COORDINATOR).get(address.partition("?")[0] + "?message=strange")
    assert (plain.status_code, strange.status_code) == (200, 200)


def test_a_partner_worker_gets_nothing_of_a_message_by_its_address(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    message = arrive(staff, reference=about(world), may_read=True)
    address = f"{reverse('ask-disclosure', args=[world.file.pk])}?message={message.pk}"
    assert WORDS not in browser(Role.PARTNER_WORKER).get(address).content.decode()


def test_partner_workers_are_told_once_when_coordination_says_so(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    message = arrive(staff, reference=about(world))
    assert rows(staff, PartnerTask) == []
    address = reverse("tell-referrer-message", args=[message.pk])
    assert "The message is a task in 1 partner file." in (
        browser(COORDINATOR).post(address, follow=True).content.decode()
    )
    browser(MANAGER).post(address)
    (task,) = rows(staff, PartnerTask)
    assert (task.kind, task.file_id, task.case_id, task.due_on) == (
        "referrer_message",
        world.file.pk,
        world.case_id,
        TODAY,
    )
    assert WORDS in task.note
    assert WORDS in browser(Role.PARTNER_WORKER).get("/").content.decode()
    assert "Tell the partner" not in page(browser, message)
    assert again(staff, message).state == "new"


def test_nobody_is_told_where_no_open_file_belongs_to_the_case(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    close_file(file=world.file, on=TODAY, by=staff[MANAGER])
    for reference in (about(world), "00000000"):
        message = arrive(staff, reference=reference)
        assert "Tell the partner" not in page(browser, message)
        with pytest.raises(Refused, match="No open partner file"):
            tell_partner_workers(
                message=message, by=staff[COORDINATOR], on=TODAY, at=timezone.now()
            )
    with pytest.raises(Refused):
        settle(
            message=message,
            state=MessageState.KEPT,
            by=staff[Role.PARTNER_WORKER],
            at=timezone.now(),
        )


def test_a_case_of_another_service_is_not_the_one_that_is_meant(
    staff: Staff, world: Invented
) -> None:
    message = arrive(staff, reference=about(world))
    message.service = "dvip"
    with acting(staff[COORDINATOR]):
        assert case_meant(message, staff[COORDINATOR]) is None


def test_the_list_holds_one_number_of_queries_and_turns_pages(
    staff: Staff, browser: Browser
) -> None:
    def listed(query: str = "") -> tuple[int, str]:
        with CaptureQueriesContext(connections["safety"]) as asked:
            shown = browser(COORDINATOR).get(reverse("referrer-messages") + query)
        return len(asked), shown.content.decode()

    arrive(staff)
    listed()
    before, _ = listed()
    first = datetime.fromisoformat("2036-03-10T12:00:00+01:00")
    for number in range(30):
        arrive(staff, received_at=(first - timedelta(days=number)).isoformat())
    after, shown = listed()
    assert after == before
    assert shown.count("/referrals/messages/") >= 25
    assert "after=2036-" in shown


def test_a_message_is_unreadable_in_the_table_and_every_look_is_in_the_audit(
    staff: Staff, browser: Browser, owner_urls: dict[str, str]
) -> None:
    message = arrive(staff)
    page(browser, message)
    with psycopg.connect(owner_urls["safety"]) as owner:
        table = "safety_intake_referrermessage"
        owner.execute(f"alter table {table} no force row level security")
        row = str(owner.execute(f"select t::text from {table} t").fetchone())
        verbs = [
            one[0]
            for one in owner.execute(
                "select verb from audit_entry where object_id = %s", [message.pk]
            )
        ]
        owner.rollback()
    for word in ("Opdigtet", "Officer", "officer@"):
        assert word not in row
    assert sorted(verbs) == ["took in", "viewed"]
