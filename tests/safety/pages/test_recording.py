"""Recording attempts, plans and answers: good input, bad input, twice the same, and stale."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casewall.safety.partners.actions import record_scale, set_safe_contact
from casewall.safety.partners.forms import HourField
from casewall.safety.partners.models import (
    PartnerContact,
    PartnerFile,
    PartnerTask,
    SafeContact,
    ScaleAnswer,
)
from casewall.safety.partners.rules import Channel, Wave
from casewall.wall.context import acting
from casewall.wall.sides import Role
from tests.people import Staff
from tests.safety.pages.conftest import TODAY, Invented

Browser = Callable[[Role], Client]
WORKER = Role.PARTNER_WORKER


def rows(staff: Staff, model: type, **which: object) -> list:
    """What is stored, as the safety manager sees it."""
    viewer = staff[Role.SAFETY_MANAGER]
    with acting(viewer):
        return list(model.objects.visible_to(viewer).filter(**which))


def day(name: str, on: object = TODAY) -> dict[str, str]:
    return {
        f"{name}_day": str(on.day),
        f"{name}_month": str(on.month),
        f"{name}_year": str(on.year),
    }


def attempt(**changed: str) -> dict[str, str]:
    return {
        "form_id": str(uuid4()),
        "channel": "call",
        "outcome": "spoke",
        "still_safe": "not_asked",
        **day("tried_on"),
        "tried_time": "09:30",
        "note": "",
        **changed,
    }


def post(browser: Browser, name: str, world: Invented, *more: str, **data: str) -> HttpResponse:
    return browser(WORKER).post(reverse(name, args=[world.file.pk, *more]), data)


def make_safe(
    staff: Staff, world: Invented, channel: Channel = Channel.CALL, **more: object
) -> SafeContact:
    return set_safe_contact(
        file=world.file,
        channel=channel,
        is_safe=True,
        confirmed_on=TODAY,
        review_on=TODAY + timedelta(days=9),
        by=staff[WORKER],
        **more,
    )


def test_the_form_offers_today_and_now_and_an_identifier_of_its_own(
    browser: Browser, world: Invented
) -> None:
    address = reverse("record-contact", args=[world.file.pk])
    shown = [browser(WORKER).get(address).content.decode() for _ in range(2)]
    ids = {re.search(r'name="form_id" value="([^"]+)"', text)[1] for text in shown}
    assert len({UUID(one) for one in ids}) == 2
    assert 'value="11"' in shown[0]
    assert 'value="10:30"' in shown[0]


def test_an_attempt_through_a_safe_channel_is_recorded_at_once(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    make_safe(staff, world)
    answer = post(browser, "record-contact", world, **attempt(note="Opdigtet note."))
    assert answer.status_code == 302
    (one,) = rows(staff, PartnerContact)
    assert (one.outcome, one.confirmed_safe, one.note) == ("spoke", True, "Opdigtet note.")
    (file,) = rows(staff, PartnerFile, pk=world.file.pk)
    assert (file.contact, file.last_contact_on, file.next_action_on) == ("engaged", TODAY, None)


def test_an_unsafe_channel_stops_with_its_reason_and_the_safe_ways(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    make_safe(staff, world, Channel.EMAIL)
    answer = post(browser, "record-contact", world, **attempt(channel="text", note="Opdigtet."))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Text is not confirmed safe" in shown
    assert "Safe now: email." in shown
    assert "Opdigtet." in shown
    assert rows(staff, PartnerContact) == []


def test_an_attempt_that_happened_is_kept_and_says_that_it_was_not_confirmed_safe(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    typed = attempt(channel="text", note="Opdigtet note.")
    shown = post(browser, "record-contact", world, **typed).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', shown))
    assert {name: hidden[name] for name in typed} == typed
    hidden.pop("csrfmiddlewaretoken", None)
    assert post(browser, "record-contact", world, **hidden).status_code == 302
    (one,) = rows(staff, PartnerContact)
    assert (one.channel, one.confirmed_safe, one.note) == ("text", False, "Opdigtet note.")
    page = browser(WORKER).get(reverse("partner", args=[world.file.pk])).content.decode()
    assert "This way of contact was not confirmed safe at the time." in page
    home = browser(Role.SAFETY_MANAGER).get("/").content.decode()
    assert "Contacts that were not confirmed safe" in home


def test_that_it_was_unsafe_to_try_needs_no_safe_channel(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    answer = post(browser, "record-contact", world, **attempt(outcome="unsafe_to_contact"))
    assert answer.status_code == 302
    (file,) = rows(staff, PartnerFile, pk=world.file.pk)
    assert (file.contact, file.next_action_on) == ("unsafe", None)


def test_sent_twice_is_recorded_once(staff: Staff, browser: Browser, world: Invented) -> None:
    make_safe(staff, world)
    typed = attempt()
    for _ in range(2):
        assert post(browser, "record-contact", world, **typed).status_code == 302
    assert [str(one.pk) for one in rows(staff, PartnerContact)] == [typed["form_id"]]
    (file,) = rows(staff, PartnerFile, pk=world.file.pk)
    assert file.version == world.file.version + 2  # taken, then contacted once


@pytest.mark.parametrize(("said", "is_safe"), [("yes", True), ("no", False), ("not_asked", True)])
def test_still_safe_confirms_takes_away_or_leaves_the_plan(
    staff: Staff, browser: Browser, world: Invented, said: str, is_safe: bool
) -> None:
    make_safe(staff, world)
    post(browser, "record-contact", world, **attempt(still_safe=said))
    (plan,) = rows(staff, SafeContact)
    assert plan.is_safe is is_safe


BAD_ATTEMPTS = [
    ({"channel": "pigeon"}, "How did you try?"),
    ({"outcome": ""}, "What came of it?"),
    ({"still_safe": ""}, "Is this way of contact still safe?"),
    ({"tried_on_day": "31", "tried_on_month": "2"}, "There is no day 31 in month 2 of 2036."),
    ({"tried_on_year": "2037"}, "This day is in the future."),
    ({"tried_time": "half nine"}, "Write a time such as 09:30."),
    ({"tried_time": "23:59"}, "This time is still to come today."),
    ({"form_id": ""}, "form_id"),
]


@pytest.mark.parametrize(("changed", "sentence"), BAD_ATTEMPTS)
def test_a_bad_attempt_gets_a_sentence_and_keeps_the_note(
    staff: Staff, browser: Browser, world: Invented, changed: dict[str, str], sentence: str
) -> None:
    answer = post(
        browser, "record-contact", world, **attempt(**{"note": "Behold denne note.", **changed})
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in shown
    assert "Behold denne note." in shown
    assert rows(staff, PartnerContact) == []


def plan(**changed: str) -> dict[str, str]:
    return {
        "is_safe": "yes",
        "safe_for": "partner_only",
        "days": "every_day",
        **day("confirmed_on"),
        **day("review_on", TODAY + timedelta(days=14)),
        "from_time": "9",
        "to_time": "12.30",
        "voicemail": "on",
        "call_as": "Opdigtet bibliotek",
        "code_word": "blå cykel",
        "note": "",
        "version": "0",
        **changed,
    }


def test_a_plan_is_saved_as_typed(staff: Staff, browser: Browser, world: Invented) -> None:
    assert post(browser, "safe-contact", world, "call", **plan()).status_code == 302
    (one,) = rows(staff, SafeContact)
    assert (one.is_safe, one.from_time, one.to_time, one.voicemail, one.code_word) == (
        True,
        time(9),
        time(12, 30),
        True,
        "blå cykel",
    )
    again = browser(WORKER).get(reverse("safe-contact", args=[world.file.pk, "call"]))
    assert "blå cykel" in again.content.decode()
    assert 'value="12:30"' in again.content.decode()


def test_a_channel_that_does_not_exist_is_not_there(browser: Browser, world: Invented) -> None:
    address = reverse("safe-contact", args=[world.file.pk, "pigeon"])
    assert browser(WORKER).get(address).status_code == 404


BAD_PLANS = [
    (plan(to_time=""), "Safe hours need both a beginning and an end."),
    (plan(from_time="13"), "Safe hours must end after they begin."),
    (plan(**day("review_on", TODAY)), "The review must come after the day of the confirmation."),
    (plan(**day("confirmed_on", TODAY + timedelta(days=1))), "This day is in the future."),
    (
        plan(confirmed_on_day="", confirmed_on_month="", confirmed_on_year=""),
        "Say on which day it was confirmed that this is safe.",
    ),
]


@pytest.mark.parametrize(("typed", "sentence"), BAD_PLANS)
def test_a_bad_plan_gets_a_sentence_and_keeps_what_was_typed(
    staff: Staff, browser: Browser, world: Invented, typed: dict[str, str], sentence: str
) -> None:
    answer = post(browser, "safe-contact", world, "call", **typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "blå cykel" in answer.content.decode()
    assert rows(staff, SafeContact) == []


def test_a_stale_plan_shows_both_texts_and_is_saved_only_when_asked_again(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    make_safe(staff, world, code_word="grøn kedel")
    answer = post(browser, "safe-contact", world, "call", **plan())
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed this plan" in shown
    assert "grøn kedel" in shown
    assert "blå cykel" in shown
    assert rows(staff, SafeContact)[0].code_word == "grøn kedel"
    version = re.search(r'name="version" value="(\d+)"', shown)[1]
    assert post(browser, "safe-contact", world, "call", **plan(version=version)).status_code == 302
    assert rows(staff, SafeContact)[0].code_word == "blå cykel"


def answers(**changed: str) -> dict[str, str]:
    return {
        "form_id": str(uuid4()),
        "wave": "before",
        **day("answered_on"),
        "mode": "telephone",
        "present": "nobody",
        "language": "da",
        "safety-1": "4",
        "safety-2": "4",
        "safety-3": "0",
        "safety-4": "prefer-not-to-say",
        **changed,
    }


def test_answers_are_kept_raw_and_scored_and_the_rest_stays_apart(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    assert post(browser, "scale", world, "safety", **answers()).status_code == 302
    (one,) = rows(staff, ScaleAnswer)
    assert (one.score, one.answered_items, one.items, one.language) == (100.0, 3, 4, "da")
    assert '"safety-4": "prefer-not-to-say"' in one.answers


def test_a_question_that_was_left_out_is_missing_and_never_zero(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    post(browser, "scale", world, "safety", **answers(**{"safety-1": "", "safety-2": "not-asked"}))
    (one,) = rows(staff, ScaleAnswer)
    assert (one.score, one.answered_items) == (None, 1)
    assert '"safety-1": null' in one.answers
    assert '"safety-2": "not-asked"' in one.answers


def test_the_wording_is_danish_when_asked_for(browser: Browser, world: Invented) -> None:
    address = reverse("scale", args=[world.file.pk, "safety"])
    assert "Jeg følte mig tryg" in browser(WORKER).get(address + "?language=da").content.decode()
    assert "I felt safe" in browser(WORKER).get(address + "?language=xx").content.decode()


def test_the_same_answers_twice_are_one_and_others_are_refused(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    typed = answers(**{"safety-3": "4"})
    for _ in range(2):
        assert post(browser, "scale", world, "safety", **typed).status_code == 302
    assert len(rows(staff, PartnerTask)) == 1
    other = post(browser, "scale", world, "safety", **answers(**{"safety-1": "0"}))
    assert other.status_code == 422
    assert "This scale has been answered for this time already." in other.content.decode()
    assert rows(staff, ScaleAnswer)[0].answered_items == 3


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"wave": ""}, "For which time?"),
        ({"mode": "fax"}, "How was it answered?"),
        ({"present": ""}, "Who else was there?"),
        ({"safety-1": "9"}, "I felt safe"),
        (day("answered_on", TODAY + timedelta(days=1)), "This day is in the future."),
    ],
)
def test_bad_answers_get_a_sentence(
    staff: Staff, browser: Browser, world: Invented, changed: dict[str, str], sentence: str
) -> None:
    answer = post(browser, "scale", world, "safety", **answers(language="en", **changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert rows(staff, ScaleAnswer) == []


def test_the_next_open_time_is_chosen(staff: Staff, browser: Browser, world: Invented) -> None:
    record_scale(
        file=world.file,
        measure="safety",
        wave=Wave.BEFORE,
        answered_on=TODAY,
        answers={"safety-1": "1"},
        mode="telephone",
        language="en",
        by=staff[WORKER],
    )
    address = reverse("scale", args=[world.file.pk, "safety"])
    shown = browser(WORKER).get(address).content.decode()
    assert re.search(r'name="wave" value="after"[^>]* checked', shown)


def test_silence_is_kept_with_its_reason_and_an_answer_later_replaces_it(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    said = {"form_id": str(uuid4()), "wave": "before", "reason": "preferred_not_to"}
    assert post(browser, "scale-silence", world, "safety", **said).status_code == 302
    (one,) = rows(staff, ScaleAnswer)
    assert (one.not_answered, one.answered_on) == ("preferred_not_to", None)
    assert post(browser, "scale", world, "safety", **answers()).status_code == 302
    (one,) = rows(staff, ScaleAnswer)
    assert (one.not_answered, one.answered_on) == ("", TODAY)
    late = post(browser, "scale-silence", world, "safety", **said)
    assert late.status_code == 422
    assert "answered for this time already" in late.content.decode()
    assert post(browser, "scale-silence", world, "safety").status_code == 422


def test_a_measure_that_partners_do_not_answer_is_not_there(
    browser: Browser, world: Invented
) -> None:
    for name in ("scale", "scale-silence"):
        address = reverse(name, args=[world.file.pk, "happiness"])
        assert browser(WORKER).get(address).status_code == 404


def test_a_worker_cannot_write_to_a_colleague_s_file_by_its_address(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    with acting(staff[Role.SAFETY_MANAGER]):
        file = PartnerFile.objects.visible_to(staff[Role.SAFETY_MANAGER]).get(pk=world.file.pk)
        file.worker = uuid4()
        file.save()
    assert post(browser, "record-contact", world, **attempt()).status_code == 404
    assert post(browser, "safe-contact", world, "call", **plan()).status_code == 404
    assert post(browser, "scale", world, "safety", **answers()).status_code == 404
    assert rows(staff, PartnerContact) == rows(staff, SafeContact) == rows(staff, ScaleAnswer) == []


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9", time(9)),
        ("13", time(13)),
        ("930", time(9, 30)),
        ("0930", time(9, 30)),
        ("9.30", time(9, 30)),
        ("23:59", time(23, 59)),
        (" ", None),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, read: time | None) -> None:
    assert HourField(required=False).clean(typed) == read


@pytest.mark.parametrize("typed", ["24", "9:3", "12:60", "noon", "1:2:3", "-1"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"Write a time such as 09:30\."):
        HourField(required=False).clean(typed)


def test_a_form_that_was_sent_from_another_file_is_refused(
    staff: Staff, browser: Browser, world: Invented
) -> None:
    make_safe(staff, world)
    typed = attempt()
    assert post(browser, "record-contact", world, **typed).status_code == 302
    elsewhere = reverse("record-contact", args=[world.free.pk])
    answer = browser(WORKER).post(elsewhere, {**typed, "happened": "yes"})
    assert answer.status_code == 422
    assert "This form was sent from another file." in answer.content.decode()
    assert len(rows(staff, PartnerContact)) == 1
