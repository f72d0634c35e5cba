"""Writing to a partner, being stopped, going on with a reason: as pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import uuid4

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casewall.safety.partners.rules import Channel
from casewall.safety.sending.rules import Act, State
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import Staff, add_colleague, signed_in
from tests.safety.pages.conftest import PHONE, TODAY
from tests.safety.sending.conftest import NUMBER, Desk, Recording
from tests.safety.typed import keep_typed

Browser = Callable[[Role], Client]
WORKER, MANAGER = Role.PARTNER_WORKER, Role.SAFETY_MANAGER
ROLES = [
    role for role in Role if SIDE_OF_ROLE[role] is Side.SAFETY and role is not Role.SAFETY_SYSTEM
]


def chosen(act: str = "text", step: str = "look", **more: str) -> dict[str, str]:
    return {"act": act, "template": "please_call", "language": "en", "number": NUMBER,
            "form_id": str(uuid4()), "step": step, **more}


def hidden_of(text: str) -> dict[str, str]:
    """What the page's forms would send again."""
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def text_of(answer: object) -> str:
    return unescape(answer.content.decode())  # type: ignore[attr-defined]


def test_a_message_is_looked_at_and_sent_in_four_clicks(browser: Browser, desk: Desk) -> None:
    desk.plan(Channel.TEXT, call_as="Kim", code_word="solsort")
    worker, here = browser(WORKER), reverse("write-to-partner", args=[desk.file.pk])
    assert here in text_of(worker.get(reverse("partner", args=[desk.file.pk])))
    form = text_of(worker.get(here))
    assert "Text message: safe now" in form
    assert "E-mail: not safe now" in form
    looked = worker.post(here, chosen())
    assert (looked.status_code, "this is what anybody could see" in text_of(looked)) == (200, True)
    assert f"Please call Kim on {NUMBER}" in text_of(looked)
    sent = worker.post(here, {**hidden_of(text_of(looked)), "step": "send"}, follow=True)
    assert "waits to be sent" in text_of(sent)
    assert "Goes with the next round" in text_of(sent)
    again = worker.post(here, {**hidden_of(text_of(looked)), "step": "send"}, follow=True)
    assert text_of(again).count("Take it back") == text_of(sent).count("Take it back") == 1
    assert NUMBER in text_of(worker.get(here))


def test_an_unsafe_text_is_stopped_with_reason_and_safe_ways_and_goes_on_only_with_a_reason(
    staff: Staff, browser: Browser, desk: Desk
) -> None:
    desk.plan(Channel.CALL)
    worker, here = browser(WORKER), reverse("write-to-partner", args=[desk.file.pk])
    stopped = worker.post(here, chosen())
    page = text_of(stopped)
    assert stopped.status_code == 422
    assert "moj-interruption-card" in page
    assert "the partner has not confirmed that this is safe" in page
    assert "Safe instead: Call, now." in page
    asks = worker.post(here, hidden_of(page))
    assert asks.status_code == 200
    assert "Why do you go on all the same?" in text_of(asks)
    assert keep_typed(worker, asks.content.decode(), override_reason="Half a rea") == 200
    assert "Half a rea" in text_of(worker.post(here, hidden_of(page)))
    kept = hidden_of(text_of(asks))
    without = worker.post(here, {**kept, "step": "send", "override_reason": ""})
    assert (without.status_code, "Write why you go on" in text_of(without)) == (422, True)
    done = worker.post(
        here, {**kept, "step": "send", "override_reason": "In danger now."}, follow=True)
    assert "waits to be sent" in text_of(done)
    assert "Half a rea" not in text_of(worker.post(here, hidden_of(page)))
    home = text_of(browser(MANAGER).get(reverse("today")))
    assert "Read why somebody went on" in home
    listed = text_of(browser(MANAGER).get(reverse("overrides")))
    assert "In danger now." in listed
    [key] = re.findall(r"/overrides/([0-9a-f-]{36})/", listed)
    read = browser(MANAGER).post(reverse("read-override", args=[key]), follow=True)
    assert "None waits for you." in text_of(read)
    assert "Read why somebody" not in text_of(browser(MANAGER).get(reverse("today")))


def test_a_letter_to_an_unconfirmed_address_offers_no_way_to_go_on(
    browser: Browser, desk: Desk
) -> None:
    here = reverse("write-to-partner", args=[desk.file.pk])
    for step in ("look", "go_on", "send"):
        stopped = browser(WORKER).post(
            here, chosen("letter", step, override_reason="It matters."))
        assert stopped.status_code == 422
        assert "No reason can override this." in text_of(stopped)
        assert "Go on all the same" not in text_of(stopped)
    shown = browser(WORKER).post(here, hidden_of(text_of(stopped)))
    assert (shown.status_code, "Number to call back" in text_of(shown)) == (200, True)


def test_a_letter_is_printed_once_and_posted(browser: Browser, desk: Desk) -> None:
    desk.plan(Channel.LETTER, call_as="Kim")
    worker, here = browser(WORKER), reverse("write-to-partner", args=[desk.file.pk])
    page = worker.post(here, chosen("letter", "send"), follow=True)
    assert "Print the letter" in text_of(page)
    where = page.redirect_chain[-1][0]
    printed = worker.post(f"{where}print/")
    assert printed["Content-Type"] == "application/pdf"
    assert printed["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert printed.content.startswith(b"%PDF")
    assert "printed before" in text_of(worker.post(f"{where}print/", follow=True))
    assert "It was posted" in text_of(worker.get(where))
    assert "The file says that it went." in text_of(worker.post(f"{where}posted/", follow=True))


def test_a_call_shows_the_number_once_and_keeps_that_it_did(browser: Browser, desk: Desk) -> None:
    desk.plan(Channel.CALL, code_word="solsort")
    here = reverse("write-to-partner", args=[desk.file.pk])
    called = browser(WORKER).post(here, {"act": "call", "step": "look", "form_id": str(uuid4())})
    assert PHONE in text_of(called)
    assert "Leave no message." in text_of(called)
    assert "solsort" in text_of(called)
    seen = text_of(browser(MANAGER).get(
        reverse("partner", args=[desk.file.pk]) + "?show=details"))
    assert "To contact" in seen
    assert "Invented partner worker" in seen


def test_what_is_wrong_is_said_where_it_is_and_nothing_chosen_is_lost(
    browser: Browser, desk: Desk
) -> None:
    here = reverse("write-to-partner", args=[desk.file.pk])
    for wrong, says in [
        ({"act": ""}, "Choose how to reach the partner."),
        ({"template": ""}, "Choose a message."),
        ({"language": ""}, "Choose a language."),
        ({"number": "ring the shelter"}, "Write a phone number with digits only."),
        ({"act": "calendar"}, "Say on which day the entry stands."),
        ({"act": "calendar", "entry_on_day": "1", "entry_on_month": "1", "entry_on_year": "2036",
          "entry_time": "9"}, "still to come"),
    ]:
        answer = browser(WORKER).post(here, {**chosen(), **wrong})
        assert answer.status_code == 422
        assert says in text_of(answer)
        assert "form_id" in text_of(answer)
    assert "ring the shelter" in text_of(browser(WORKER).post(
        here, chosen(number="ring the shelter")))


def test_a_name_that_tells_who_we_are_is_said_before_anything_goes(
    browser: Browser, desk: Desk
) -> None:
    desk.plan(Channel.TEXT, call_as="the shelter")
    for step in ("look", "send"):
        answer = browser(WORKER).post(
            reverse("write-to-partner", args=[desk.file.pk]), chosen(step=step))
        assert answer.status_code == 422
        assert "can tell somebody else who writes" in text_of(answer)


def test_still_safe_is_one_click_on_the_page_of_the_file(browser: Browser, desk: Desk) -> None:
    desk.plan(Channel.CALL, confirmed_on=TODAY - timedelta(days=20))
    here = reverse("still-safe", args=[desk.file.pk, "call"])
    assert here in text_of(browser(WORKER).get(reverse("partner", args=[desk.file.pk])))
    assert "Confirmed as still safe today" in text_of(browser(WORKER).post(here, follow=True))
    unsafe = reverse("still-safe", args=[desk.file.pk, "text"])
    assert "Fill in its plan first" in text_of(browser(WORKER).post(unsafe, follow=True))
    assert browser(WORKER).post(
        reverse("still-safe", args=[desk.file.pk, "pigeon"])).status_code == 404


def test_a_message_that_waits_is_taken_back(browser: Browser, desk: Desk) -> None:
    desk.plan(Channel.TEXT)
    message = desk.write()
    here = reverse("recall-message", args=[desk.file.pk, message.pk])
    assert "It was taken back" in text_of(browser(WORKER).post(here, follow=True))
    assert desk.now(message).state == State.RECALLED
    posted = browser(WORKER).post(
        reverse("message-posted", args=[desk.file.pk, message.pk]), follow=True)
    assert "cannot become sent" in text_of(posted)


def test_pages_are_there_for_their_roles_and_not_there_for_the_others(
    staff: Staff, browser: Browser, desk: Desk, owner_urls: dict[str, str]
) -> None:
    desk.plan(Channel.TEXT)
    message = desk.write()
    file = desk.file.pk
    gets = {
        reverse("write-to-partner", args=[file]): {WORKER, MANAGER},
        reverse("message-to-partner", args=[file, message.pk]): {WORKER, MANAGER},
        reverse("overrides"): {MANAGER, Role.COORDINATOR},
    }
    posts = {
        reverse("write-to-partner", args=[file]): ({WORKER, MANAGER}, 422),
        reverse("still-safe", args=[file, "text"]): ({WORKER, MANAGER}, 302),
        reverse("print-letter-to-partner", args=[file, message.pk]): ({WORKER, MANAGER}, 302),
        reverse("message-posted", args=[file, message.pk]): ({WORKER, MANAGER}, 302),
        reverse("recall-message", args=[file, message.pk]): ({WORKER, MANAGER}, 302),
        reverse("read-override", args=[uuid4()]): (set(), 404),
    }
    for role in ROLES:
        for where, there_for in gets.items():
            expected = 200 if role in there_for else 404
            assert browser(role).get(where).status_code == expected, (role, where)
        for where, (there_for, answer) in posts.items():
            expected = answer if role in there_for else 404
            assert browser(role).post(where).status_code == expected, (role, where)
    email = f"{uuid4()}@example.invalid"
    colleague = signed_in(add_colleague(owner_urls, WORKER, "lyngholm-shelter", email))
    for where in (*gets, *posts):
        assert colleague.post(where).status_code in (404, 405)
        assert colleague.get(where).status_code in (404, 405)


def test_a_file_with_many_messages_asks_as_little_as_one_with_few(
    browser: Browser, desk: Desk
) -> None:
    def queries(file: object) -> int:
        worker = browser(MANAGER)
        with CaptureQueriesContext(connections["safety"]) as asked:
            page = reverse("partner", args=[file]) + "?show=messages"
            assert worker.get(page).status_code == 200
            assert worker.get(reverse("today")).status_code == 200
        return len(asked)

    desk.plan(Channel.TEXT)
    desk.plan(Channel.LETTER)
    desk.write()
    desk.write(Act.LETTER)
    before = queries(desk.file.pk)
    for _ in range(8):
        desk.write()
        desk.write(Act.LETTER)
    assert queries(desk.file.pk) == before


def test_a_message_that_went_out_counts_in_the_proof_of_effort(
    browser: Browser, desk: Desk, posting: Recording
) -> None:
    desk.plan(Channel.TEXT)
    desk.write()
    proof = reverse("attempts", args=[desk.file.pk])
    assert "Message sent" not in text_of(browser(WORKER).get(proof))
    assert desk.send(posting).sent == 1
    shown = text_of(browser(WORKER).get(proof))
    assert "1 attempt to reach the partner, on 11 March 2036: text 1." in shown
    assert "Message sent" in shown
