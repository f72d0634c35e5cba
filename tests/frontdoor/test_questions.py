"""Questions on a device: what is shown, what is sent, what is left behind. No person is real."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from casewall.frontdoor.actions import OutOfReach
from casewall.frontdoor.questions import slots, views
from casewall.measures.definitions import load
from casewall.safety.asking.actions import Made, ask_on_device, close_asking
from casewall.safety.asking.models import Slot
from casewall.safety.asking.rules import Device
from casewall.safety.intake.actions import take_in_forms
from casewall.safety.intake.models import DoorEntry
from casewall.safety.partners.models import PartnerFile, PartnerTask, ScaleAnswer
from casewall.safety.partners.rules import Wave
from casewall.vault.boxes import open_box
from casewall.vault.codes import ALPHABET, LENGTH
from casewall.wall.context import acting
from casewall.wall.sides import Role, Side
from tests.people import Staff
from tests.wall.rows import a_file

Give = Callable[..., Made]


@pytest.fixture
def file(staff: Staff) -> PartnerFile:
    return a_file(staff)


@pytest.fixture
def give(staff: Staff, file: PartnerFile) -> Give:
    """`give(measures=…)` makes a code for the invented partner."""

    def made(**more: Any) -> Made:
        asked = {"wave": Wave.BEFORE, "measures": ["freedom", "safety"], "language": "en",
                 "device": Device.OWN_DEVICE, "form": uuid4(), "at": timezone.now()}
        return ask_on_device(file=file, **{**asked, **more}, by=staff[Role.PARTNER_WORKER])

    return made


def entrance(door: Client) -> str:
    answer = door.get("/form/")
    assert answer.status_code == 302
    return str(answer["Location"])


def enter(door: Client, made: Made) -> HttpResponse:
    """Type the code as somebody writes it down, and follow."""
    typed = f" {made.code[:5].lower()} - {made.code[5:]} "
    answer = door.post(entrance(door), {"code": typed})
    assert (answer.status_code, answer["Location"]) == (302, "/form/now/")
    return door.get("/form/now/")


def send(door: Client, page: int, **more: str) -> HttpResponse:
    return door.post("/form/now/", {"page": str(page), **more})


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def stored(staff: Staff, model: Any, **which: Any) -> list[Any]:
    viewer = staff[Role.SAFETY_MANAGER]
    with acting(viewer):
        return list(model.objects.visible_to(viewer).filter(**which))


def boxes(staff: Staff) -> list[dict[str, Any]]:
    """What lies in the inbox, opened with the safety side's key."""
    system = staff[Role.SAFETY_SYSTEM]
    with acting(system):
        rows = DoorEntry.objects.visible_to(system).filter(applied_on=None)
        return [open_box(r.sealed, settings.CASEWALL_SEAL_SECRETS["safety"]) for r in rows]


def take_in(staff: Staff) -> int:
    return take_in_forms(by=staff[Role.SAFETY_SYSTEM], services={}, at=timezone.now())


def closed(answer: HttpResponse) -> bool:
    return (answer.status_code, answer.get("Location")) == (302, "/closed/")


# --- from the first page to the last --------------------------------------------------------------


def test_answers_go_from_the_device_to_the_file(
    door: Client, staff: Staff, give: Give, file: PartnerFile
) -> None:
    before = enter(door, give(measures=["empowerment"]))
    assert "Before you begin" in text_of(before)
    assert "about 3 minutes" in text_of(before)
    assert send(door, 0)["Location"] == "/form/now/"
    page = text_of(door.get("/form/now/"))
    assert "Page 1 of 1" in page
    sent = {"empowerment-1": "4", "empowerment-2": "prefer-not-to-say", "empowerment-3": "0",
            "empowerment-4": "skip"}
    end = send(door, 1, **sent)
    assert end.status_code == 200
    assert "Your answers have arrived" in text_of(end)
    [box] = boxes(staff)
    assert set(box) == {"asked"}
    assert set(box["asked"]) == {"slot", "page", "answers", "answered_at"}
    assert take_in(staff) == 1
    [row] = stored(staff, ScaleAnswer)
    assert json.loads(row.answers) == {
        "empowerment-1": "4", "empowerment-2": "prefer-not-to-say", "empowerment-3": "0",
        "empowerment-4": None}
    assert (row.file_id, row.wave, row.mode, row.present, row.language, row.answered_items) == (
        file.pk, "before", "alone_on_a_screen", "not_known", "en", 2)
    assert row.worker == staff[Role.PARTNER_WORKER].worker
    assert stored(staff, PartnerTask) == []


def test_an_answer_that_signals_danger_is_told_on_the_page_before_it_is_sent(
    door: Client, staff: Staff, give: Give
) -> None:
    enter(door, give(measures=["safety"]))
    send(door, 0)
    assert "You are told first" in text_of(door.get("/form/now/"))
    told = send(door, 1, **{"safety-1": "2", "safety-3": "4"})
    assert (told.status_code, boxes(staff)) == (200, [])
    assert "The person who supports you will be told" in text_of(told)
    assert "Always" in text_of(told)
    changed = send(door, 1, **{"safety-1": "2", "safety-3": "4", "do": "change"})
    assert (changed.status_code, boxes(staff)) == (200, [])
    assert re.search(r'name="safety-3" type="radio" value="4" checked', text_of(changed))
    end = send(door, 1, **{"safety-1": "2", "safety-3": "4", "do": "told"})
    assert "Thank you" in text_of(end)
    take_in(staff)
    [task] = stored(staff, PartnerTask)
    assert (task.kind, task.due_on) == ("answer_signals_danger", timezone.localdate())


def test_a_form_that_was_left_goes_on_at_the_next_page_with_the_same_code(
    door: Client, staff: Staff, give: Give
) -> None:
    made = give()
    enter(door, made)
    send(door, 0)
    send(door, 1, **{"freedom-1": "3"})
    door.get("/leave/")
    assert closed(door.get("/form/now/"))
    again = text_of(enter(door, made))
    assert "Page 2 of 2" in again
    assert "checked" not in again
    send(door, 2)
    take_in(staff)
    rows = {row.measure: row for row in stored(staff, ScaleAnswer)}
    assert (rows["freedom"].answered_items, rows["safety"].answered_items) == (1, 0)


def test_a_page_that_is_sent_twice_is_one(door: Client, staff: Staff, give: Give) -> None:
    enter(door, give())
    send(door, 0)
    for _ in range(2):
        assert send(door, 1, **{"freedom-1": "3"})["Location"] == "/form/now/"
    assert len(boxes(staff)) == 1
    assert send(door, 7)["Location"] == "/form/now/"


def test_an_answer_that_is_none_of_the_choices_is_said_and_the_rest_stays(
    door: Client, staff: Staff, give: Give
) -> None:
    enter(door, give())
    send(door, 0)
    answer = send(door, 1, **{"freedom-1": "3", "freedom-2": "9"})
    assert answer.status_code == 422
    assert "Choose one of the answers" in text_of(answer)
    assert re.search(r'name="freedom-1" type="radio" value="3" checked', text_of(answer))
    assert boxes(staff) == []


# --- codes ----------------------------------------------------------------------------------------


def test_every_code_that_opens_nothing_gets_the_same_bytes(
    door: Client, staff: Staff, give: Give
) -> None:
    done, ended, shut = give(measures=["empowerment"]), give(wave=Wave.AFTER), give(
        wave=Wave.FOLLOW_UP)
    enter(door, done)
    send(door, 0)
    send(door, 1)
    viewer = staff[Role.PARTNER_WORKER]
    close_asking(asking=shut.asking, at=timezone.now(), by=viewer)
    with acting(viewer):
        slot = Slot.objects.visible_to(viewer).get(pk=ended.asking.slot_id)
        slot.ends_at = timezone.now()
        slot.save()
    codes = [done.code, ended.code, shut.code, ALPHABET[:LENGTH], "", "x" * 5000, "مرحبا", "a\0b"]
    answers = [door.post(entrance(door), {"code": code}) for code in codes]
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert not any(answer.cookies for answer in answers)


def test_no_cookie_before_the_code_and_one_neutral_cookie_after_it(
    door: Client, give: Give
) -> None:
    door.get(entrance(door))
    assert door.cookies == {}
    enter(door, give())
    [(name, cookie)] = door.cookies.items()
    assert (name, cookie["httponly"], cookie["samesite"]) == ("visit", True, "Strict")
    assert (cookie["max-age"], cookie["expires"], cookie["domain"]) == ("", "", "")


def test_the_page_of_the_code_is_closed_once_it_was_used(door: Client, give: Give) -> None:
    place = entrance(door)
    made = give()
    assert door.get(place).status_code == 200
    door.post(place, {"code": made.code})
    assert door.get(place)["Location"] == "/form/now/"
    door.get("/leave/")
    assert closed(door.get(place))
    assert closed(door.post(place, {"code": made.code}))


@pytest.mark.parametrize("place", ["/form/abc/", "/form/abc.def.ghi/", "/form/now/",
                                   "/form/safety/"])
def test_without_a_visit_every_page_is_closed(door: Client, place: str) -> None:
    assert closed(door.get(place))
    door.cookies["visit"] = "somebody-elses"
    assert closed(door.get(place))


# --- leaving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_leaving_ends_the_visit_on_the_server_and_takes_the_cookie_away(
    door: Client, give: Give, method: str
) -> None:
    enter(door, give())
    token = door.cookies["visit"].value
    assert slots.read_visit(token) is not None
    answer = getattr(door, method)("/leave/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("https://")
    assert answer.cookies["visit"]["max-age"] == 0
    assert answer["Clear-Site-Data"] == '"storage"'
    assert slots.read_visit(token) is None
    door.cookies["visit"] = token
    assert closed(door.get("/form/now/"))
    assert closed(send(door, 0))


def test_leaving_from_anywhere_works_without_a_visit(door: Client) -> None:
    assert door.get("/leave/").status_code == 302


def test_an_idle_page_ends_the_visit_and_shows_that_it_has_closed(
    door: Client, give: Give
) -> None:
    enter(door, give())
    token = door.cookies["visit"].value
    assert door.get("/form/stay/").status_code == 204
    assert closed(door.get("/form/idle/"))
    assert slots.read_visit(token) is None
    assert door.get("/form/stay/").status_code == 404


def test_leaving_gets_away_even_where_the_server_is_ill(
    door: Client, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ill(*_: Any, **__: Any) -> Any:
        raise OutOfReach("The safety inbox could not be reached.")

    enter(door, give())
    monkeypatch.setattr(slots, "leave_visit", ill)
    answer = door.get("/leave/")
    assert (answer.status_code, answer.cookies["visit"]["max-age"]) == (302, 0)


# --- our side is ill ------------------------------------------------------------------------------


def test_nothing_that_was_chosen_is_lost_while_our_side_is_ill(
    door: Client, staff: Staff, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ill(*_: Any, **__: Any) -> Any:
        raise OutOfReach("The safety inbox could not be reached.")

    enter(door, give())
    send(door, 0)
    with monkeypatch.context() as patch:
        patch.setattr(slots, "step", ill)
        answer = send(door, 1, **{"freedom-1": "3"})
        assert answer.status_code == 503
        assert "have not been sent yet" in text_of(answer)
        assert re.search(r'name="freedom-1" type="radio" value="3" checked', text_of(answer))
    with monkeypatch.context() as patch:
        patch.setattr(slots, "read_visit", ill)
        answer = send(door, 1, **{"freedom-1": "3"})
        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert '<input type="hidden" name="freedom-1" value="3">' in text_of(answer)
        assert door.get("/form/now/").status_code == 503
        assert door.get("/form/safety/").status_code == 503
        assert door.get("/form/stay/").status_code == 503
    with monkeypatch.context() as patch:
        patch.setattr(slots, "was_passed", ill)
        answer = door.post(entrance(door), {"code": "SECRET"})
        assert answer.status_code == 503
        assert "SECRET" not in text_of(answer)
    assert boxes(staff) == []
    send(door, 1, **{"freedom-1": "3"})
    assert len(boxes(staff)) == 1


def test_a_database_that_cannot_be_reached_is_said_without_the_drivers_words(
    door: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # This one is there, and does not know the functions.
    monkeypatch.setattr(slots, "ALIAS", "programme_door")
    with pytest.raises(OutOfReach, match=r"^The safety inbox could not be reached\.$"):
        slots.read_visit("token")


# --- what every page carries ----------------------------------------------------------------------


def every_page(door: Client, give: Give, language: str) -> dict[str, HttpResponse]:
    """Each kind of page, in a language."""
    pages = {"code": door.get(entrance(door))}
    pages["wrong code"] = door.post(entrance(door), {"code": "X"})
    pages["before"] = enter(door, give(measures=["safety"], language=language))
    pages["safety"] = door.get("/form/safety/")
    send(door, 0)
    pages["questions"] = door.get("/form/now/")
    pages["told"] = send(door, 1, **{"safety-4": "3"})
    pages["end"] = send(door, 1, **{"safety-4": "3", "do": "told"})
    return pages


@pytest.mark.parametrize("language", ["en", "da", "ar"])
def test_every_page_is_neutral_is_never_stored_and_can_be_left(
    door: Client, give: Give, language: str
) -> None:
    for name, answer in every_page(door, give, language).items():
        text = text_of(answer)
        assert answer["Cache-Control"] == "no-store", name
        assert re.search(r"<title>(Form|Skema|استمارة)</title>", text), name
        assert 'content="no-referrer"' in text, name
        assert text.count('href="/leave/"') >= 2, name
        assert "icon-plain" in text, name
        assert "Referrals" not in text, name
        assert "_blank" not in text, name
        assert "download" not in text, name
        assert not re.search(r"<form(?![^>]*autocomplete=\"off\")", text), name
        assert not re.search(r"\sstyle=|<script(?! src)", text), name
        for word in ("violen", "abuse", "Fiktivsen", "Benedikte", "casewall</"):
            assert word not in text, name


def test_arabic_pages_are_written_from_right_to_left_and_numbers_are_not(
    door: Client, give: Give
) -> None:
    pages = every_page(door, give, "ar")
    for name in ("before", "safety", "questions", "told", "end"):
        text = text_of(pages[name])
        assert '<html lang="ar" dir="rtl"' in text, name
        assert "casewall.rtl.css" in text, name
        assert '<bdi dir="ltr">112</bdi>' in text, name
        words = re.sub(r"<[^>]+>", " ", text.partition('id="main-content"')[2])
        assert set(re.findall(r"[A-Za-z]{3,}", words)) <= {"Shift", "tabindex"}, name
    shown = re.findall(r'name="safety-1" type="radio" value="([^"]+)"', text_of(pages["questions"]))
    assert shown == ["0", "1", "2", "3", "4", "prefer-not-to-say", "skip"]


def test_before_the_code_nobody_learns_what_the_page_is_for(door: Client) -> None:
    text = text_of(door.get(entrance(door)))
    for title in (load(name).titles["en"] for name in ("safety", "freedom", "empowerment")):
        assert title not in text
    assert "answer" not in text.lower()
    assert "112" not in text


def test_the_visit_lives_on_the_safety_side_only(door: Client, staff: Staff, give: Give) -> None:
    enter(door, give())
    send(door, 0)
    send(door, 1)
    from casewall.programme.referrals.models import DoorEntry as ProgrammeEntry

    system = staff[Role.PROGRAMME_SYSTEM]
    with acting(system):
        assert not ProgrammeEntry.objects.visible_to(system).exists()
    assert Side.SAFETY.value in slots.ALIAS
    assert views.COOKIE == "visit"
