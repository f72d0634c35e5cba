"""Loading a referral file from the browser: trial, columns, loading, undoing."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casewall.safety.intake.holding import Held, hold, look_at, take
from casewall.safety.intake.models import IntakeReferral, OutboxItem, ReferralFile
from casewall.safety.partners.actions import take_file
from casewall.safety.partners.models import PartnerFile, PartnerTask
from casewall.wall.sides import Role, Side
from tests.people import SERVICE, Staff, signed_in, site_settings
from tests.safety.pages.test_recording import rows

Browser = Callable[[Role], Client]
COORDINATOR = Role.COORDINATOR
HEADER = (
    "Sagsnr;Henvisningsdato;Klient efternavn;Klient fornavn;Partner efternavn;"
    "Partner fornavn;Partner telefon;Ukendt kolonne\n"
)
GOOD = (
    HEADER + "IC-1;04.02.2036;Opdigtet;Anders;Opdigtet;Bente;22334455;x\n"
    "IC-2;31.02.2036;Påfundet;Carl;Påfundet;Dorte;33445566;y\n"
    "IC-3;05.02.2036;Opfundet;Erik;;;;\n"
)


def upload(
    browser: Browser,
    content: str | bytes,
    name: str = "politi.csv",
    role: Role = COORDINATOR,
    **more: str,
) -> HttpResponse:
    body = content.encode() if isinstance(content, str) else content
    return browser(role).post(
        reverse("upload-referrals"),
        {"service": SERVICE, "file": SimpleUploadedFile(name, body), **more},
    )


def key_of(answer: HttpResponse) -> str:
    return re.search(r"/referrals/trial/([0-9a-f-]{36})/", answer.content.decode())[1]


def press_load(browser: Browser, key: str, role: Role = COORDINATOR) -> HttpResponse:
    return browser(role).post(reverse("load-referrals", args=[key]), follow=True)


def loaded_file(staff: Staff, browser: Browser) -> ReferralFile:
    press_load(browser, key_of(upload(browser, GOOD)))
    (file,) = rows(staff, ReferralFile)
    return file


def test_a_trial_says_row_by_row_what_is_wrong_and_stores_nothing(
    staff: Staff, browser: Browser
) -> None:
    shown = upload(browser, GOOD).content.decode()
    assert "Row 3, column B (date of referral): 31.02.2036 is a date that does not exist" in shown
    assert "Load the 2 good rows" in shown
    assert "Ukendt kolonne" in shown
    for model in (ReferralFile, IntakeReferral, PartnerFile, OutboxItem):
        assert rows(staff, model) == []


def test_the_good_rows_are_loaded_and_a_second_press_changes_nothing(
    staff: Staff, browser: Browser
) -> None:
    key = key_of(upload(browser, GOOD))
    assert "2 rows of politi.csv were loaded." in press_load(browser, key).content.decode()
    again = press_load(browser, key).content.decode()
    assert "This trial has ended, or its file was loaded already." in again
    (file,) = rows(staff, ReferralFile)
    assert (file.rows, file.loaded_rows, file.refused_rows) == (3, 2, 1)
    assert len(rows(staff, IntakeReferral)) == 2
    (partner,) = rows(staff, PartnerFile)
    assert partner.contact == "not_tried"
    assert len(rows(staff, OutboxItem)) == 2
    listed = browser(COORDINATOR).get(reverse("referrals")).content.decode()
    assert "IC-1" in listed
    assert reverse("partner", args=[partner.pk]) in listed


def test_the_same_file_again_has_nothing_new(staff: Staff, browser: Browser) -> None:
    loaded_file(staff, browser)
    shown = upload(browser, GOOD).content.decode()
    assert "There is no new row to load." in shown
    assert "Load the" not in shown


def test_a_column_that_was_not_read_can_be_given_its_field(staff: Staff, browser: Browser) -> None:
    first = upload(browser, GOOD)
    answer = browser(COORDINATOR).post(
        reverse("try-referrals", args=[key_of(first)]),
        {"column-0": "referrer_name", "date_order": "dmy"},
    )
    shown = answer.content.decode()
    assert "name of the referrer" in shown
    assert "column-0" not in shown
    press_load(browser, key_of(answer))
    assert len(rows(staff, IntakeReferral)) == 2
    later = upload(browser, GOOD.replace("IC-", "ID-")).content.decode()
    assert "column-0" not in later


def test_a_field_that_does_not_exist_is_refused_and_the_trial_stays(
    browser: Browser, staff: Staff
) -> None:
    first = upload(browser, GOOD)
    answer = browser(COORDINATOR).post(
        reverse("try-referrals", args=[key_of(first)]), {"column-0": "shoe_size"}
    )
    assert answer.status_code == 422
    assert "Load the 2 good rows" in answer.content.decode()
    clash = browser(COORDINATOR).post(
        reverse("try-referrals", args=[key_of(first)]), {"column-0": "partner_phone"}
    )
    assert clash.status_code == 422
    assert "both look like" in clash.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        ("", "tom.csv", "tom.csv is empty."),
        (b"%PDF-1.7 not a table", "brev.pdf", "brev.pdf is a PDF, not a table"),
        (HEADER, "hoved.csv", "hoved.csv has a header but no rows below it."),
        (b"x" * 5_000_001, "stor.csv", "stor.csv is larger than 5 MB."),
    ],
)
def test_what_is_no_referral_file_gets_a_sentence(
    staff: Staff, browser: Browser, content: str | bytes, name: str, sentence: str
) -> None:
    answer = upload(browser, content, name)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert rows(staff, ReferralFile) == []


def test_without_a_file_or_with_another_service_nothing_is_tried(
    staff: Staff, browser: Browser
) -> None:
    nothing = browser(COORDINATOR).post(reverse("upload-referrals"), {"service": SERVICE})
    assert nothing.status_code == 422
    other = upload(browser, GOOD, service="dvip")
    assert other.status_code == 422
    assert "Service" in other.content.decode()


def test_a_trial_belongs_to_the_worker_who_made_it(staff: Staff, browser: Browser) -> None:
    key = key_of(upload(browser, GOOD))
    other = press_load(browser, key, Role.SAFETY_MANAGER).content.decode()
    assert "This trial has ended" in other
    assert rows(staff, ReferralFile) == []
    assert "2 rows" in press_load(browser, key).content.decode()
    gone = browser(COORDINATOR).post(reverse("try-referrals", args=[uuid4()]), follow=True)
    assert "This trial has ended" in gone.content.decode()


def test_a_held_file_is_unreadable_to_others_and_taken_once(staff: Staff) -> None:
    with site_settings(Side.SAFETY):
        by, other = staff[COORDINATOR], staff[Role.SAFETY_MANAGER]
        held = Held.of(b"Opdigtet", name="a.csv", service=SERVICE, date_order="")
        key = hold(held, by)
        assert look_at(key, other) is None
        assert look_at(key, by) == held
        assert take(key, by) == held
        assert take(key, by) is None


def test_undoing_says_first_what_it_does_and_turns_work_into_tasks(
    staff: Staff, browser: Browser
) -> None:
    file = loaded_file(staff, browser)
    (partner,) = rows(staff, PartnerFile)
    take_file(file=partner, by=staff[Role.PARTNER_WORKER])
    address = reverse("undo-referral-file", args=[file.pk])
    assert "A file with work in it stays" in browser(COORDINATOR).get(address).content.decode()
    assert rows(staff, ReferralFile)[0].undone_at is None
    shown = browser(COORDINATOR).post(address, follow=True).content.decode()
    assert "0 partner files were withdrawn, 1 with work in them became tasks" in shown
    assert [task.kind for task in rows(staff, PartnerTask)] == ["referral_withdrawn"]
    assert (
        "This file was undone already."
        in browser(COORDINATOR).post(address, follow=True).content.decode()
    )
    assert (
        "Undo this file"
        not in browser(COORDINATOR).get(reverse("referral-file", args=[file.pk])).content.decode()
    )


def test_a_file_s_page_shows_its_referrals_and_an_unknown_one_is_not_there(
    staff: Staff, browser: Browser
) -> None:
    file = loaded_file(staff, browser)
    shown = browser(COORDINATOR).get(reverse("referral-file", args=[file.pk])).content.decode()
    assert "IC-1" in shown
    assert "IC-3" in shown
    for name in ("referral-file", "undo-referral-file"):
        absent = browser(COORDINATOR).get(reverse(name, args=[uuid4()]))
        assert absent.status_code == 404


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
def test_nobody_else_does_intake(staff: Staff, browser: Browser, role: Role) -> None:
    file = loaded_file(staff, browser)
    other = signed_in(staff.workers[role])
    for name, args in (
        ("upload-referrals", []),
        ("load-referrals", [uuid4()]),
        ("try-referrals", [uuid4()]),
        ("undo-referral-file", [file.pk]),
    ):
        assert other.post(reverse(name, args=args)).status_code == 404
    assert rows(staff, ReferralFile)[0].undone_at is None


def test_a_file_without_one_good_row_is_not_loaded_even_when_asked(
    staff: Staff, browser: Browser
) -> None:
    trial = upload(browser, HEADER + "IC-2;31.02.2036;Påfundet;Carl;;;;\n")
    assert "There is no new row to load." in trial.content.decode()
    shown = press_load(browser, key_of(trial)).content.decode()
    assert "No row of politi.csv can be loaded." in shown
    assert rows(staff, ReferralFile) == []
