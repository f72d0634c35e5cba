"""Giving a code for questions on a device, and keeping what comes back. No person is real."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from casewall.measures.scoring import AnswerError
from casewall.safety.asking import rules
from casewall.safety.asking.actions import Made, ask_on_device, close_asking, keep_answers
from casewall.safety.asking.arriving import take_answers
from casewall.safety.asking.models import AnsweredPage, Asking, Slot
from casewall.safety.asking.reading import asking_part, today_ended
from casewall.safety.asking.rules import Device, SlotState, Standing
from casewall.safety.intake.kinds import take_for
from casewall.safety.partners.actions import note_not_answered, record_scale, take_file
from casewall.safety.partners.models import PartnerFile, PartnerTask, ScaleAnswer
from casewall.safety.partners.rules import NotAnswered, Wave
from casewall.vault import codes
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import Staff, add_colleague, signed_in, site_settings
from tests.wall.rows import a_file

WORKER, MANAGER, SYSTEM = Role.PARTNER_WORKER, Role.SAFETY_MANAGER, Role.SAFETY_SYSTEM
SAFETY_ROLES = [r for r in Role if SIDE_OF_ROLE[r] is Side.SAFETY and r is not SYSTEM]
MAY_ASK = {WORKER, MANAGER}
DANGEROUS = {"safety-1": "1", "safety-3": "4", "safety-4": "3"}
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def file(staff: Staff) -> PartnerFile:
    return take_file(file=a_file(staff), by=staff[WORKER])


def made_for(staff: Staff, file: PartnerFile, by: Role = WORKER, **more: Any) -> Made:
    asked = {"wave": Wave.BEFORE, "measures": ["freedom", "safety"], "language": "ar",
             "device": Device.AGENCY_TABLET, "form": uuid4(), "at": timezone.now()}
    return ask_on_device(file=file, **{**asked, **more}, by=staff[by])


def rows(staff: Staff, model: Any, **which: Any) -> list[Any]:
    viewer = staff[MANAGER]
    with acting(viewer):
        return list(model.objects.visible_to(viewer).filter(**which))


def slot_of(staff: Staff, made: Made) -> Slot:
    return rows(staff, Slot, pk=made.asking.slot_id)[0]


def keep(staff: Staff, made: Made, page: int = 2, answers: Any = DANGEROUS, **more: Any) -> str:
    return keep_answers(slot=more.get("slot", made.asking.slot_id), page=page, answers=answers,
                        answered_at=timezone.now(), by=staff[more.get("by", SYSTEM)])


# --- rules ----------------------------------------------------------------------------------------


@given(st.sampled_from(SlotState), st.integers(-100, 100))
def test_a_code_opens_something_only_while_it_waits_or_was_begun_in_time(
    state: SlotState, hours: int
) -> None:
    stands = rules.standing(state, rules.ends_at(NOON), NOON + timedelta(hours=hours))
    living = state in (SlotState.WAITING, SlotState.OPEN) and hours < 72
    assert (stands in (Standing.WAITING, Standing.BEGUN)) == living
    assert (stands is Standing.FINISHED) == (state is SlotState.FINISHED)
    assert (stands is Standing.CLOSED) == (state is SlotState.CLOSED)


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True))
def test_a_form_names_its_measures_page_by_page(measures: list[str]) -> None:
    form = rules.form_of(measures)
    assert rules.measures_of(form) == tuple(measures)
    assert [rules.measure_on(form, n) for n in range(len(measures) + 2)] == [None, *measures, None]


# --- codes ----------------------------------------------------------------------------------------


def test_a_code_has_at_least_49_bits_and_no_look_alikes() -> None:
    assert len(codes.ALPHABET) ** codes.LENGTH >= 2**49
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET)
    assert not set(codes.ALPHABET) & set("01ILOU")


@given(st.uuids())
def test_a_form_makes_one_code_which_reads_the_same_however_it_is_typed(form: UUID) -> None:
    code = codes.new_code(secret="s", form=form)
    assert re.fullmatch(f"[{codes.ALPHABET}]{{{codes.LENGTH}}}", code)
    assert codes.new_code(secret="s", form=form) == code != codes.new_code(secret="t", form=form)
    assert codes.plain(f" {codes.in_groups(code.lower())}-") == code


def test_a_fingerprint_depends_on_the_code_and_on_the_installation() -> None:
    key = codes.door_key_of(settings.CASEWALL_SEAL_SECRETS["safety"])
    assert key == settings.CASEWALL_SEAL_PUBLIC["safety"]
    found = {codes.fingerprint(code, door_key=one) for code in ("A2", "A3") for one in (key, b"o")}
    assert len(found) == 4
    assert codes.fingerprint("a-2", door_key=key) in found


# --- giving a code --------------------------------------------------------------------------------


def test_a_code_makes_a_slot_that_names_nobody(staff: Staff, file: PartnerFile) -> None:
    made = made_for(staff, file)
    slot = slot_of(staff, made)
    assert (slot.form, slot.language, slot.next_page, slot.state) == (
        "freedom+safety", "ar", 0, "waiting")
    assert slot.ends_at - made.asking.made_at == timedelta(hours=72)
    assert {f.name for f in Slot._meta.local_fields if f.is_relation} == set()
    assert str(file.pk) not in repr(slot.__dict__)


def test_the_same_form_twice_is_one_code(staff: Staff, file: PartnerFile) -> None:
    form = uuid4()
    first, second = made_for(staff, file, form=form), made_for(staff, file, form=form)
    assert (first.code, first.asking.pk) == (second.code, second.asking.pk)
    assert len(rows(staff, Asking)) == 1


def test_a_new_code_for_the_same_time_closes_the_earlier_one(
    staff: Staff, file: PartnerFile
) -> None:
    first, other, second = (made_for(staff, file), made_for(staff, file, wave=Wave.AFTER),
                            made_for(staff, file))
    assert [slot_of(staff, one).state for one in (first, other, second)] == [
        "closed", "waiting", "waiting"]


def test_closing_twice_is_once_and_a_finished_form_stays_finished(
    staff: Staff, file: PartnerFile
) -> None:
    made = made_for(staff, file)
    for _ in range(2):
        close_asking(asking=made.asking, at=timezone.now(), by=staff[WORKER])
    [asking] = rows(staff, Asking)
    assert (slot_of(staff, made).state, asking.closed_by) == ("closed", staff[WORKER].worker)


@pytest.mark.parametrize("role", SAFETY_ROLES)
def test_who_may_give_and_close_a_code(staff: Staff, file: PartnerFile, role: Role) -> None:
    made = made_for(staff, file)
    if role in MAY_ASK:
        made_for(staff, file, by=role)
        close_asking(asking=made.asking, at=timezone.now(), by=staff[role])
        return
    with pytest.raises(Refused, match=r"may not record a partner's answers\.$"):
        made_for(staff, file, by=role)
    with pytest.raises(Refused, match=r"may not record a partner's answers\.$"):
        close_asking(asking=made.asking, at=timezone.now(), by=staff[role])


@pytest.mark.parametrize(("more", "sentence"), [
    ({"measures": []}, r"^Choose what to ask\.$"),
    ({"language": "xx"}, r"^“Room to decide over everyday life” does not exist in this language"),
])
def test_what_cannot_be_asked_is_said(
    staff: Staff, file: PartnerFile, more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        made_for(staff, file, **more)


def test_what_was_answered_is_not_asked_again(staff: Staff, file: PartnerFile) -> None:
    record_scale(file=file, measure="safety", wave=Wave.BEFORE, answered_on=timezone.localdate(),
                 answers={}, mode="telephone", language="en", by=staff[WORKER])
    with pytest.raises(Refused, match=r"^“Feeling safe” has been answered for this time already"):
        made_for(staff, file)
    made_for(staff, file, measures=["freedom"])


# --- what comes back ------------------------------------------------------------------------------


def test_a_page_becomes_an_answer_row_with_its_translation_and_two_tasks(
    staff: Staff, file: PartnerFile
) -> None:
    made = made_for(staff, file)
    assert [keep(staff, made), keep(staff, made)] == ["loaded", "known"]
    [row], [page] = rows(staff, ScaleAnswer), rows(staff, AnsweredPage)
    assert (row.measure, row.language, row.mode, row.answered_items, row.pk) == (
        "safety", "ar", "alone_on_a_screen", 3, page.scale)
    assert (page.measure_version, page.language, page.translation_version) == (
        "1.0.0", "ar", "1.0.0")
    assert json.loads(page.answers) == {**DANGEROUS, "safety-2": None}
    assert [t.kind for t in rows(staff, PartnerTask)] == ["answer_signals_danger"] * 2


def test_what_a_worker_recorded_meanwhile_is_never_overwritten_and_danger_is_told_all_the_same(
    staff: Staff, file: PartnerFile
) -> None:
    made = made_for(staff, file)
    note_not_answered(file=file, measure="freedom", wave=Wave.BEFORE,
                      reason=NotAnswered.NOT_REACHED, by=staff[WORKER])
    kept = record_scale(
        file=file, measure="safety", wave=Wave.BEFORE, answered_on=timezone.localdate(),
        answers={"safety-1": "4"}, mode="telephone", language="en", by=staff[WORKER])
    assert [keep(staff, made), keep(staff, made, 1, {"freedom-1": "2"})] == ["loaded", "loaded"]
    found = {row.measure: row for row in rows(staff, ScaleAnswer)}
    assert (found["safety"].answers, found["safety"].mode) == (kept.answers, "telephone")
    assert (found["freedom"].answered_items, found["freedom"].not_answered) == (1, "")
    assert rows(staff, AnsweredPage, measure="safety")[0].scale is None
    assert sorted(t.kind for t in rows(staff, PartnerTask)) == [
        "answer_signals_danger", "answer_signals_danger", "answers_came_twice"]


def test_answers_that_lead_nowhere_stay_in_the_inbox(staff: Staff, file: PartnerFile) -> None:
    made = made_for(staff, file)
    assert keep(staff, made, slot=uuid4()) == "refused"
    assert keep(staff, made, page=9) == keep(staff, made, page=0) == "refused"
    with pytest.raises(AnswerError):
        keep(staff, made, answers={"safety-1": "9"})
    with pytest.raises(Refused, match=r"may not take in referrals\.$"):
        keep(staff, made, by=WORKER)
    assert rows(staff, AnsweredPage) == rows(staff, PartnerTask) == []


@pytest.mark.parametrize(("changed", "problem"), [
    ({"answers": ["4"]}, TypeError), ({"answers": {"safety-1": 4}}, TypeError),
    ({"answered_at": "2026-03-02T12:00:00"}, ValueError),
    ({"answered_at": "2999-03-02T12:00:00+00:00"}, ValueError),
    ({"slot": "x"}, ValueError), ({"page": "two"}, ValueError)])
def test_what_is_not_as_the_form_sends_it_is_refused(
    staff: Staff, file: PartnerFile, changed: dict[str, Any], problem: type[Exception]
) -> None:
    made, now = made_for(staff, file), timezone.now()
    told = {"slot": str(made.asking.slot_id), "page": 2, "answers": {},
            "answered_at": now.isoformat()}
    assert take_for({"asked": {}}) is take_answers
    with pytest.raises(problem):
        take_answers({"asked": {**told, **changed}}, uuid4(), now, staff[SYSTEM])
    assert take_answers({"asked": told}, uuid4(), now, staff[SYSTEM]) == "loaded"


# --- who sees it ----------------------------------------------------------------------------------


def test_a_colleague_sees_nothing_of_it(
    staff: Staff, file: PartnerFile, owner_urls: dict[str, str], site: None
) -> None:
    made = made_for(staff, file)
    keep(staff, made)
    colleague = add_colleague(owner_urls, WORKER, "lyngholm-shelter", f"{uuid4()}@example.invalid")
    place = reverse("ask-on-device", args=[file.pk])
    assert signed_in(colleague).get(place).status_code == 404
    viewer = colleague.as_viewer()
    with acting(viewer):
        for model in (Slot, Asking, AnsweredPage):
            assert not model.objects.visible_to(viewer).exists()


def test_the_section_of_the_file_says_where_each_code_stands(
    staff: Staff, file: PartnerFile, site: None
) -> None:
    made = made_for(staff, file)
    keep(staff, made)
    with acting(staff[WORKER]):
        shown = asking_part(file, staff[WORKER], timezone.localdate())
        [one] = shown.in_section()["askings"]
    assert (one["heading"], one["tag"]) == ("Before, Arabic", ("Not used yet", "grey"))
    assert ("Pages taken in", "1 of 2") in one["rows"]
    assert shown.waits_for == []
    assert [label for label, _ in shown.steps] == ["Give a code for questions on a device"]
    with acting(staff[Role.COORDINATOR]):
        seen = asking_part(file, staff[Role.COORDINATOR], timezone.localdate())
        assert (seen.steps, seen.in_section()["may_ask"]) == ([], False)


def test_a_code_that_ended_unanswered_waits_for_the_worker_until_silence_is_explained(
    staff: Staff, file: PartnerFile, site: None
) -> None:
    long_ago = timezone.now() - timedelta(hours=80)
    made_for(staff, file, at=long_ago, measures=["safety"])
    made_for(staff, file, wave=Wave.AFTER)
    today, viewer = timezone.localdate(), staff[WORKER]
    with acting(viewer):
        [waits] = asking_part(file, viewer, today).waits_for
        [item] = today_ended(viewer, today, today)
        assert waits["what"] == item["what"]
        assert waits["due"] == timezone.localdate(long_ago + timedelta(hours=72))
        assert item["who"] == "Benedikte Fiktivsen"
    with acting(staff[Role.COORDINATOR]):
        assert today_ended(staff[Role.COORDINATOR], today, today) == []
        assert asking_part(file, staff[Role.COORDINATOR], today).waits_for == []
    note_not_answered(file=file, measure="safety", wave=Wave.BEFORE,
                      reason=NotAnswered.NOT_REACHED, by=viewer)
    with acting(viewer):
        assert asking_part(file, viewer, today).waits_for == []
        assert today_ended(viewer, today, today) == []


# --- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path) -> Iterator[None]:
    with site_settings(Side.SAFETY), override_settings(
            STATIC_ROOT=tmp_path, ALLOWED_HOSTS=["testserver"],
            CASEWALL_FRONT_DOOR_URL="https://door.example.invalid"):
        yield


def sent(**changed: Any) -> dict[str, Any]:
    return {"form_id": str(uuid4()), "wave": "before", "measures": ["safety"], "language": "da",
            "device": "own_device", **changed}


@pytest.mark.parametrize("role", SAFETY_ROLES)
def test_the_pages_are_there_for_those_who_record_answers(
    staff: Staff, file: PartnerFile, site: None, role: Role
) -> None:
    browser = signed_in(staff.workers[role])
    made = made_for(staff, file)
    place = reverse("ask-on-device", args=[file.pk])
    shut = reverse("close-asking", args=[file.pk, made.asking.pk])
    expected = (200, 200, 302) if role in MAY_ASK else (404, 404, 404)
    assert (browser.get(place).status_code, browser.post(place, sent(wave="after")).status_code,
            browser.post(shut).status_code) == expected
    assert browser.get(shut).status_code == 405
    assert browser.post(reverse("close-asking", args=[file.pk, uuid4()])).status_code == 404


def test_the_code_is_shown_once_with_the_address(
    staff: Staff, file: PartnerFile, site: None
) -> None:
    browser = signed_in(staff.workers[WORKER])
    place, form = reverse("ask-on-device", args=[file.pk]), sent()
    first, again = browser.post(place, form), browser.post(place, form)
    code = re.search(r'dir="ltr" aria-labelledby="code-heading">([^<]+)<', first.content.decode())
    assert code is not None
    assert codes.plain(code[1]) in first.content.decode()
    assert f"https://door.example.invalid/form/#{codes.plain(code[1])}" in first.content.decode()
    assert code[1] in again.content.decode()
    assert len(rows(staff, Asking)) == 1
    shown = browser.get(reverse("partner", args=[file.pk]) + "?show=device").content.decode()
    assert code[1] not in shown
    assert codes.plain(code[1]) not in shown


def test_bad_input_is_said_and_nothing_typed_is_lost(
    staff: Staff, file: PartnerFile, site: None
) -> None:
    browser = signed_in(staff.workers[WORKER])
    place = reverse("ask-on-device", args=[file.pk])
    answer = browser.post(place, sent(measures=[]))
    assert answer.status_code == 422
    assert "Choose at least one." in answer.content.decode()
    record_scale(file=file, measure="safety", wave=Wave.BEFORE, answered_on=timezone.localdate(),
                 answers={}, mode="telephone", language="en", by=staff[WORKER])
    answer = browser.post(place, sent())
    assert answer.status_code == 422
    assert "has been answered for this time already" in answer.content.decode()
    assert re.search(r'name="language" value="da"[^>]*checked', answer.content.decode())
    first = browser.get(place).content.decode()
    assert re.search(r'value="freedom"[^>]*checked', first)
    assert not re.search(r'value="safety"[^>]*checked', first)
