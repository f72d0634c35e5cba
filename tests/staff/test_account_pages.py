"""The administrator keeps accounts; nobody else does, and no page of it shows a case."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.mfa.utils import is_mfa_enabled
from django.db import Error
from django.test import Client, override_settings
from django.utils import timezone

from casewall.staff import accounts
from casewall.staff.accounts import FIRST_LINK, NEXT_LINK, Account
from casewall.staff.actions import compartment_for
from casewall.staff.cluster import keep_account
from casewall.staff.models import Worker
from casewall.staff.step_up import TYPING
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Role, Side
from tests.people import PASSWORD, SERVICE, add_colleague, signed_in
from tests.staff.conftest import code_for, give_second_factor

ADMINISTRATOR = {Side.PROGRAMME: Role.PROGRAMME_ADMINISTRATOR,
                 Side.SAFETY: Role.SAFETY_ADMINISTRATOR}
AGENCY = {Side.PROGRAMME: "vesterlo-treatment", Side.SAFETY: "lyngholm-shelter"}
WORKING = {Side.PROGRAMME: Role.FACILITATOR, Side.SAFETY: Role.PARTNER_WORKER}
PEOPLE = [role for role in Role if role not in SYSTEM_ROLES]
LONG = "four invented words together"


def form_of(side: Side, **changed: Any) -> dict[str, Any]:
    return {"name": "Invented Sessional", "email": f"{uuid4().hex[:8]}@example.invalid",
            "role": WORKING[side].value, "agency": AGENCY[side], "active": "on",
            "places": [compartment_for(side=side, service=SERVICE, agency=AGENCY[side])],
            "until": "", "form_id": str(uuid4()), **changed}


def link_in(page: str) -> str:
    found = re.search(r'http://testserver(/accounts/first/[^<\s"]+)', page)
    assert found
    return found.group(1)


@pytest.mark.parametrize("side", Side)
def test_a_sessional_worker_is_added_for_a_while_and_signs_in_by_a_link_that_works_once(
    side: Side, site_of: Any, staff: Any
) -> None:
    with site_of(side):
        browser = signed_in(staff.workers[ADMINISTRATOR[side]])
        last = timezone.localdate() + timedelta(days=30)
        form = form_of(side, until=f"{last:%d.%m.%Y}")
        page = browser.post("/accounts/people/new/", form).content.decode()
        made = Worker.objects.get(email=form["email"])
        assert (made.until, made.invented, made.has_usable_password()) == (last, True, False)
        assert accounts.places_of(made) == set(form["places"])
        # The same form again makes nobody more.
        browser.post("/accounts/people/new/", form)
        assert Worker.objects.filter(name="Invented Sessional", email=form["email"]).count() == 1
        link, guest = link_in(page), Client()
        assert guest.get(link).status_code == 200
        assert guest.post(link, {"password": "short", "again": "short"}).status_code == 422
        assert guest.post(link, {"password": LONG, "again": f"{LONG}x"}).status_code == 422
        assert guest.post(link, {"password": LONG, "again": LONG}).status_code == 302
        gone = Client().get(link)
        assert gone.status_code == 404
        never = Client().get("/accounts/first/made-up/")
        assert (never.status_code, never.content) == (404, gone.content)
        answer = guest.post("/accounts/login/", {"login": form["email"], "password": LONG})
        assert answer.status_code == 302
        assert guest.get("/").headers["Location"].endswith("/2fa/totp/activate/")


@pytest.mark.parametrize("side", Side)
def test_a_link_grows_old(side: Side, site_of: Any, staff: Any, owner_urls: Any) -> None:
    worker = add_colleague(owner_urls, WORKING[side], AGENCY[side], f"{uuid4()}@example.invalid")
    with site_of(side):
        accounts.reset_sign_in(worker=worker, by=staff[ADMINISTRATOR[side]])
        for login, lasts in ((None, FIRST_LINK), (timezone.now(), NEXT_LINK)):
            worker.last_login = login
            worker.save(update_fields=["last_login"])
            word = accounts.first_link(worker)
            assert accounts.worker_of_link(word) == worker
            with time_machine.travel(timezone.now() + lasts + timedelta(seconds=5)):
                assert accounts.worker_of_link(word) is None


@pytest.mark.parametrize("side", Side)
def test_whoever_is_disabled_or_past_the_last_day_is_out_on_the_next_request(
    side: Side, site_of: Any, staff: Any, owner_urls: Any
) -> None:
    worker = add_colleague(owner_urls, WORKING[side], AGENCY[side], f"{uuid4()}@example.invalid")
    with site_of(side):
        browser = signed_in(staff.workers[ADMINISTRATOR[side]])
        address = f"/accounts/people/{worker.pk}/"
        yesterday = f"{timezone.localdate() - timedelta(days=1):%d.%m.%Y}"
        form = form_of(side, email=worker.email, name=worker.name)
        for changed in ({"active": ""}, {"until": yesterday}):
            two = [signed_in(worker), signed_in(worker)]
            assert {one.get("/").status_code for one in two} == {200}
            sent = {name: value for name, value in {**form, **changed}.items() if value != ""}
            assert browser.post(address, sent).status_code == 302
            for one in two:
                assert one.get("/").headers["Location"].startswith("/accounts/login/")
            assert browser.post(address, form).status_code == 302


@pytest.mark.parametrize("side", Side)
def test_a_reset_takes_password_second_factor_and_every_session(
    side: Side, site_of: Any, staff: Any, owner_urls: Any
) -> None:
    worker = add_colleague(owner_urls, WORKING[side], AGENCY[side], f"{uuid4()}@example.invalid")
    with site_of(side):
        give_second_factor(worker)
        session = signed_in(worker)
        assert session.get("/").status_code == 200
        browser = signed_in(staff.workers[ADMINISTRATOR[side]])
        page = browser.post(f"/accounts/people/{worker.pk}/reset/").content.decode()
        assert "15 minutes" in page or "24 hours" in page
        assert session.get("/").headers["Location"].startswith("/accounts/login/")
        worker.refresh_from_db()
        assert not worker.has_usable_password()
        assert not is_mfa_enabled(worker)
        old = Client().post("/accounts/login/", {"login": worker.email, "password": PASSWORD})
        assert old.status_code == 200


@pytest.mark.parametrize("role", PEOPLE)
def test_only_the_administrator_has_the_pages(role: Role, site_of: Any, staff: Any) -> None:
    side = SIDE_OF_ROLE[role]
    with site_of(side):
        browser, other = signed_in(staff.workers[role]), staff.workers[WORKING[side]]
        may = role is ADMINISTRATOR[side]
        for address in ("/accounts/people/", "/accounts/people/new/",
                        f"/accounts/people/{other.pk}/"):
            assert browser.get(address).status_code == (200 if may else 404), address
        if not may:
            assert browser.post("/accounts/people/new/", form_of(side)).status_code == 404
            assert browser.post(f"/accounts/people/{other.pk}/reset/").status_code == 404


@pytest.mark.parametrize("role", PEOPLE)
def test_the_database_lets_nobody_else_keep_an_account(role: Role, site_of: Any, staff: Any
                                                       ) -> None:
    side, by = SIDE_OF_ROLE[role], staff[role]
    sent: dict[str, Any] = {
        "worker": uuid4(), "email": f"{uuid4()}@example.invalid", "name": "X", "active": True,
        "agency": AGENCY[side], "until": None, "compartments": [], "by": by}
    with site_of(side):
        if role is not ADMINISTRATOR[side]:
            with pytest.raises(Error, match="only an administrator"), acting(by):
                keep_account(role=WORKING[side].value, **sent)
            return
        system = next(one for one in SYSTEM_ROLES if SIDE_OF_ROLE[one] is side)
        for wrong in ({"role": system.value}, {"worker": by.worker},
                      {"worker": staff[system].worker}):
            with pytest.raises(Error, match="cannot be kept"), acting(by):
                keep_account(**{"role": WORKING[side].value, **sent, **wrong})


@pytest.mark.parametrize("side", Side)
def test_what_makes_no_sense_is_said_and_nothing_typed_is_lost(
    side: Side, site_of: Any, staff: Any
) -> None:
    other = ADMINISTRATOR[Side.SAFETY if side is Side.PROGRAMME else Side.PROGRAMME]
    by, worker = staff[ADMINISTRATOR[side]], staff.workers[WORKING[side]]
    with site_of(side):
        browser = signed_in(staff.workers[ADMINISTRATOR[side]])
        for changed, sentence in (
            ({"email": "nonsense"}, "Write an e-mail address"),
            ({"email": worker.email.upper()}, "Another account has"),
            ({"name": ""}, "Write the name"), ({"role": other.value}, "Select a valid"),
            ({"agency": "nowhere"}, "Select a valid"), ({"until": "soon"}, "Write the last day"),
        ):
            answer = browser.post("/accounts/people/new/", form_of(side, **changed))
            page = answer.content.decode()
            assert answer.status_code == 422, changed
            assert sentence in page, changed
            assert "name" in changed or "Invented Sessional" in page
        given = {"email": "x@example.invalid", "name": "X", "role": WORKING[side],
                 "agency": AGENCY[side], "compartments": frozenset()}
        for wrong, who in (({"role": other}, None), ({"agency": "nowhere"}, None),
                           ({"compartments": frozenset({10_000})}, None),
                           ({}, staff.workers[ADMINISTRATOR[side]])):
            with pytest.raises(Refused):
                accounts.keep(account=Account(**{**given, **wrong}), worker=who, by=by)
        with pytest.raises(Refused):
            accounts.reset_sign_in(worker=staff.workers[ADMINISTRATOR[side]], by=by)


def test_a_second_factor_of_long_ago_is_asked_for_again_before_an_account_is_changed(
    site_of: Any, staff: Any, owner_urls: Any
) -> None:
    worker = add_colleague(owner_urls, Role.PROGRAMME_ADMINISTRATOR, "vesterlo-treatment",
                           f"{uuid4()}@example.invalid")
    with site_of(Side.PROGRAMME), override_settings(CASEWALL_IDLE_SECONDS=7200):
        secret = give_second_factor(worker)
        browser = Client()
        browser.post("/accounts/login/", {"login": worker.email, "password": PASSWORD})
        browser.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
        address = "/accounts/people/new/"
        assert browser.get(address).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            # A form that was opened in time may still be sent; a new one asks for the code.
            assert browser.post(address, {}).status_code == 422
            asked = browser.get(address)
            assert asked.headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
            assert browser.get("/accounts/people/").status_code == 200
            code = {"code": code_for(secret)}
            back = browser.post(asked.headers["Location"], code)
            assert back.headers["Location"] == address
            assert browser.get(address).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(minutes=33, seconds=TYPING)):
            assert browser.post(address, {}).status_code == 302
