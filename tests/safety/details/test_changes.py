"""How a partner can be found changes only by asking, the partner's word and a second check."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casewall.safety.details import actions
from casewall.safety.details.models import DetailChange, FormerDetail
from casewall.safety.details.rules import Detail, Source, State, Way
from casewall.safety.finding import find_files, wanted
from casewall.safety.intake.actions import load_file
from casewall.safety.partners.models import FileLink, Partner, SafeContact
from casewall.safety.partners.rules import Channel
from casewall.safety.pulled.actions import pull
from casewall.safety.sending.actions import print_letter
from casewall.safety.sending.actions.writing import TAKE_BACK
from casewall.safety.sending.rules import Act
from casewall.safety.sending.rules import State as Sending
from casewall.services.load import shipped
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import SERVICE, Staff, add_colleague, signed_in
from tests.safety.pages.conftest import ADDRESS, PHONE, stated_partner
from tests.safety.sending.conftest import Desk, Recording

WORKER, MANAGER = Role.PARTNER_WORKER, Role.SAFETY_MANAGER
NEW = "+45 99 88 77 66"
Browser = Callable[[Role], Client]


def asked(desk: Desk, detail: Detail = Detail.PHONE, value: str = NEW, **more: object
          ) -> DetailChange:
    given = {"source": Source.PARTNER, "at": timezone.now(), "by": desk.staff[WORKER], **more}
    return actions.ask_change(file=desk.file, detail=detail, value=value, **given)  # type: ignore[arg-type]


def confirmed(desk: Desk, change: DetailChange, way: Way = Way.IN_PERSON, *,
              code_word: bool = False, **more: object) -> DetailChange:
    given = {"version": change.version, "at": timezone.now(), "by": desk.staff[WORKER], **more}
    return actions.confirm_change(
        change=change, way=way, code_word_given=code_word, **given)  # type: ignore[arg-type]


def checked(desk: Desk, change: DetailChange, **more: object) -> DetailChange:
    given = {"version": change.version, "at": timezone.now(), "by": desk.staff[MANAGER], **more}
    return actions.check_change(change=change, **given)  # type: ignore[arg-type]


def details_of(desk: Desk) -> tuple[str | None, str | None, str | None]:
    by = desk.staff[MANAGER]
    with acting(by):
        one = Partner.objects.visible_to(by).get(pk=desk.file.partner_id)
        return one.phone, one.email, one.address


def test_nothing_changes_before_the_second_check_and_everything_with_it(
    desk: Desk, posting: Recording
) -> None:
    desk.plan(Channel.TEXT, voicemail=True)
    desk.plan(Channel.CALL)
    waiting = desk.write()
    change = asked(desk)
    assert details_of(desk) == (PHONE, None, ADDRESS)
    change = confirmed(desk, change)
    assert details_of(desk) == (PHONE, None, ADDRESS)
    assert checked(desk, change).state == State.DONE
    assert details_of(desk) == (NEW, None, ADDRESS)
    assert desk.now(waiting).state == Sending.RECALLED
    assert desk.send(posting).sent == 0
    by = desk.staff[MANAGER]
    with acting(by):
        [former] = FormerDetail.objects.visible_to(by).filter(file=desk.file)
        assert (former.detail, former.value) == ("phone", PHONE)
        plans = SafeContact.objects.visible_to(by).filter(file=desk.file)
        assert {(p.channel, p.is_safe, p.confirmed_on, p.voicemail) for p in plans} == {
            ("text", False, None, False), ("call", False, None, False)}
    assert desk.tasks() == [actions.ASK_AGAIN]


def test_a_new_number_is_found_and_the_old_one_is_not(desk: Desk) -> None:
    checked(desk, confirmed(desk, asked(desk)))
    by = desk.staff[MANAGER]
    with acting(by):
        for number, times in ((NEW, 1), (PHONE, 0)):
            assert len(find_files(wanted(number, by), by)) == times


def test_a_letter_that_is_printed_but_not_posted_is_taken_back_by_a_task(desk: Desk) -> None:
    desk.plan(Channel.LETTER)
    waits, printed = desk.write(Act.LETTER), desk.write(Act.LETTER)
    print_letter(message=printed, at=timezone.now(), by=desk.staff[WORKER])
    checked(desk, confirmed(desk, asked(desk, Detail.ADDRESS, "Ny Opdigtet Vej 2")))
    assert desk.now(waits).state == Sending.RECALLED
    assert desk.now(printed).state == Sending.DOUBTFUL
    assert desk.tasks() == sorted([actions.ASK_AGAIN, TAKE_BACK])


def test_taking_a_detail_away_leaves_nothing_to_ask_about(desk: Desk) -> None:
    checked(desk, confirmed(desk, asked(desk, value="")))
    assert details_of(desk) == (None, None, ADDRESS)
    assert desk.tasks() == []


def test_the_second_check_is_somebody_else_s(desk: Desk) -> None:
    change = confirmed(desk, asked(desk), by=desk.staff[MANAGER])
    for by in (WORKER, MANAGER):
        with pytest.raises(Refused, match="Somebody else has to check"):
            checked(desk, change, by=desk.staff[by])
    assert details_of(desk) == (PHONE, None, ADDRESS)


def test_a_change_is_not_checked_before_the_partner_has_confirmed_it(desk: Desk) -> None:
    change = asked(desk)
    with pytest.raises(Refused, match="that the partner has confirmed"):
        checked(desk, change)


def test_a_confirmation_needs_a_safe_way_and_the_agreed_code_word(desk: Desk) -> None:
    change = asked(desk)
    with pytest.raises(Refused, match="not confirmed safe"):
        confirmed(desk, change, Way.CALL)
    with pytest.raises(Refused, match="Anybody can ring"):
        confirmed(desk, change, Way.RANG_US)
    desk.plan(Channel.CALL, code_word="solsort")
    with pytest.raises(Refused, match="Without it nobody knows who answered"):
        confirmed(desk, change, Way.CALL)
    with pytest.raises(Refused, match="Without it nobody knows who answered"):
        confirmed(desk, change, Way.RANG_US)
    done = confirmed(desk, change, Way.RANG_US, code_word=True)
    assert (done.state, done.way) == (State.CONFIRMED, "rang_us")
    with pytest.raises(Refused, match="before"):
        confirmed(desk, done)


def test_one_change_at_a_time_and_the_same_form_is_once(desk: Desk) -> None:
    key = uuid4()
    first = asked(desk, id=key)
    assert asked(desk, id=key).pk == first.pk
    with pytest.raises(Refused, match="waits already"):
        asked(desk, value="+45 11 11 11 11")
    for _ in range(2):
        dropped = actions.drop_change(
            change=first, version=first.version, at=timezone.now(), by=desk.staff[WORKER])
    assert dropped.state == State.DROPPED
    again = asked(desk, value="+45 11 11 11 11")
    done = checked(desk, confirmed(desk, again))
    with pytest.raises(Refused, match="has been made"):
        actions.drop_change(
            change=done, version=done.version, at=timezone.now(), by=desk.staff[WORKER])


def test_what_is_no_change_or_no_number_is_refused_with_a_sentence(desk: Desk) -> None:
    with pytest.raises(Refused, match="nothing to change"):
        asked(desk, value=PHONE)
    with pytest.raises(Refused, match="digits only"):
        asked(desk, value="at her mother's")
    other = asked(desk)
    with pytest.raises(StaleEdit, match="meanwhile"):
        confirmed(desk, other, version=other.version + 1)
    with pytest.raises(StaleEdit, match="meanwhile"):
        checked(desk, other, version=other.version + 1)


def test_only_those_whose_duty_it_is_change_details(desk: Desk) -> None:
    change = asked(desk)
    for role in [role for role in Role if SIDE_OF_ROLE[role] is Side.SAFETY]:
        if may_do(role, Duty.CHANGE_DETAILS):
            continue
        with pytest.raises(Refused, match="may not change how"):
            asked(desk, by=desk.staff[role])
        for step in (confirmed, checked):
            with pytest.raises(Refused, match="may not change how"):
                step(desk, change, by=desk.staff[role])
        with pytest.raises(Refused, match="may not change how"):
            actions.drop_change(
                change=change, version=change.version, at=timezone.now(), by=desk.staff[role])


# --- nothing else changes them -------------------------------------------------------------------

HEADER = (
    "Sagsnr;Henvisningsdato;Udøver fornavn;Udøver efternavn;Udøver fødselsdato;Udøver telefon;"
    "Partner fornavn;Partner efternavn;Partner telefon;Bemærkninger\n"
)
ROW = "1-{number};01.03.2036;Aksel;Opdigtet;17.05.1988;20000001;Benedikte;Fiktivsen;{phone};\n"


def stored(staff: Staff) -> dict[object, dict[str, object]]:
    """Every byte of the contact details that this side holds, by partner."""
    by = staff[MANAGER]
    with acting(by):
        rows = Partner.objects.visible_to(by).values("id", "phone", "email", "address", "version")
        return {
            row["id"]: {name: bytes(value) if isinstance(value, (bytes, memoryview)) else value
                        for name, value in row.items()}
            for row in rows
        }


def test_what_a_client_states_leaves_every_byte_of_the_details_as_it_was(desk: Desk) -> None:
    by = desk.staff[MANAGER]
    with acting(by):
        link = FileLink.objects.visible_to(by).get(file=desk.file)
    before = stored(desk.staff)
    assert before[desk.file.partner_id]["phone"]
    stated_partner(desk.staff, link.case_id, "Opdigtet Sørensen", contact="+45 66 66 66 66")
    services = {SERVICE: shipped()[SERVICE]}
    pull(by=desk.staff[Role.SAFETY_SYSTEM], services=services, at=timezone.now())
    assert stored(desk.staff) == before


def test_a_second_referral_file_leaves_every_byte_of_the_details_as_it_was(
    staff: Staff, tmp_path: Path
) -> None:
    def load(number: int, phone: str) -> None:
        path = tmp_path / f"{number}.csv"
        path.write_text(HEADER + ROW.format(number=number, phone=phone), encoding="utf-8")
        load_file(source=path, name=path.name, service=shipped()[SERVICE],
                  by=staff[Role.COORDINATOR], at=timezone.now())

    load(1, "20000002")
    before = stored(staff)
    assert len(before) == 1
    load(2, "20000009")
    after = stored(staff)
    assert {key: after[key] for key in before} == before


# --- pages ---------------------------------------------------------------------------------------


def text_of(answer: object) -> str:
    return unescape(answer.content.decode())  # type: ignore[attr-defined]


def test_a_change_goes_through_the_pages_and_shows_who_looked(browser: Browser, desk: Desk) -> None:
    file = desk.file.pk
    typed = {"detail": "phone", "value": NEW, "source": "partner", "form_id": str(uuid4())}
    page = browser(WORKER).post(reverse("change-details", args=[file]), typed, follow=True)
    where = page.redirect_chain[-1][0]
    assert PHONE in text_of(page)
    assert NEW in text_of(page)
    refused = browser(WORKER).post(where, {"way": "call", "version": "1"})
    assert refused.status_code == 422
    assert "not confirmed safe" in text_of(refused)
    done = browser(WORKER).post(where, {"way": "in_person", "version": "1"}, follow=True)
    assert "Somebody else has to check" in text_of(done)
    assert "I have checked it" not in text_of(done)
    assert "Second check: a new phone number" in text_of(browser(MANAGER).get(reverse("today")))
    assert "I have checked it" in text_of(browser(MANAGER).get(where))
    stale = browser(MANAGER).post(f"{where}check/", {"version": "1"}, follow=True)
    assert "meanwhile" in text_of(stale)
    made = text_of(browser(MANAGER).post(f"{where}check/", {"version": "2"}, follow=True))
    assert "no way of contact that it belonged to is confirmed safe" in made
    assert "Phone number, until 11 March 2036" in made
    assert "To correct them" in made
    assert NEW not in made
    mine = text_of(browser(WORKER).get(reverse("partner", args=[file]) + "?show=details"))
    assert "Who looked at them" not in mine
    assert NEW not in text_of(browser(WORKER).get(where))


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browser: Browser, desk: Desk) -> None:
    here = reverse("change-details", args=[desk.file.pk])
    for typed, says in [
        ({}, "Choose what changes."),
        ({"detail": "phone", "value": "at her mother's", "source": "partner",
          "form_id": str(uuid4())}, "digits only"),
        ({"detail": "phone", "value": PHONE, "source": "partner", "form_id": str(uuid4())},
         "nothing to change"),
    ]:
        answer = browser(WORKER).post(here, typed)
        assert (answer.status_code, says in text_of(answer)) == (422, True)
        assert typed.get("value", "") in text_of(answer)
    change = asked(desk)
    bare = reverse("drop-detail-change", args=[desk.file.pk, change.pk])
    assert "out of date" in text_of(browser(WORKER).post(bare, follow=True))
    dropped = browser(WORKER).post(bare, {"version": "1"}, follow=True)
    assert "Nothing has changed." in text_of(dropped)


def test_pages_are_there_for_their_roles_and_not_there_for_the_others(
    browser: Browser, desk: Desk, owner_urls: dict[str, str]
) -> None:
    change = asked(desk)
    ids = [desk.file.pk, change.pk]
    gets = [reverse("change-details", args=ids[:1]), reverse("detail-change", args=ids)]
    posts = [reverse("check-detail-change", args=ids), reverse("drop-detail-change", args=ids)]
    for role in [r for r in Role if SIDE_OF_ROLE[r] is Side.SAFETY and r is not Role.SAFETY_SYSTEM]:
        is_theirs = role in (WORKER, MANAGER)
        for where in gets:
            assert browser(role).get(where).status_code == (200 if is_theirs else 404)
            assert browser(role).post(where).status_code == (422 if is_theirs else 404)
        for where in posts:
            assert browser(role).post(where).status_code == (302 if is_theirs else 404)
    colleague = signed_in(add_colleague(
        owner_urls, WORKER, "lyngholm-shelter", f"{uuid4()}@example.invalid"))
    assert {colleague.post(where).status_code for where in (*gets, *posts)} == {404}


def test_many_changes_ask_as_little_as_few(browser: Browser, desk: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connections["safety"]) as seen:
            page = reverse("partner", args=[desk.file.pk]) + "?show=details"
            assert browser(MANAGER).get(page).status_code == 200
            assert browser(MANAGER).get(reverse("today")).status_code == 200
        return len(seen)

    checked(desk, confirmed(desk, asked(desk)))
    asked(desk, Detail.EMAIL, "a@example.invalid")
    queries()
    before = queries()
    for number in range(5):
        checked(desk, confirmed(desk, asked(desk, value=f"+45 11 11 11 1{number}")))
    asked(desk)
    assert queries() == before
