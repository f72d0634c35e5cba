"""Signing in: two factors, every time, and no way round the second."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import get_resolver

from casewall.staff.models import Worker
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import PASSWORD
from tests.staff.conftest import (
    SECRET_IN_SESSION,
    code_for,
    give_second_factor,
    with_password,
)

SET_UP = "/accounts/2fa/totp/activate/"
ENTER_CODE = "/accounts/2fa/authenticate/"
ASK_AGAIN = "/accounts/2fa/reauthenticate/?next=%2F"
PAGES = ("/", "/cases/", "/groups/", "/search/?q=a", "/accounts/password/change/",
         "/accounts/2fa/recovery-codes/", "/accounts/2fa/totp/deactivate/")


def leads_to(client: Client, page: str) -> str:
    """Where a page sends the browser; "" where it answers."""
    answer = client.get(page)
    assert answer.status_code in (200, 302), page
    return answer.headers.get("Location", "")


def set_up(client: Client) -> str:
    """Set up a second factor as the page asks for it; the secret is returned."""
    asked = leads_to(client, SET_UP)
    assert asked.startswith("/accounts/reauthenticate/")
    assert client.post(asked, {"password": PASSWORD}).headers["Location"] == SET_UP
    assert leads_to(client, SET_UP) == ""
    secret = client.session[SECRET_IN_SESSION]
    assert client.post(SET_UP, {"code": code_for(secret)}).status_code == 302
    return str(secret)


def signed_in_fully(worker: Worker, secret: str) -> Client:
    client, answer = with_password(worker)
    assert answer.headers["Location"] == ENTER_CODE
    answer = client.post(ENTER_CODE, {"code": code_for(secret)})
    assert answer.headers["Location"] == "/"
    return client


def test_a_worker_sets_up_the_second_factor_before_anything_else(site_of: Any, staff: Any) -> None:
    with site_of(Side.PROGRAMME):
        client, answer = with_password(staff.workers[Role.FACILITATOR])
        assert answer.headers["Location"] == "/"
        assert {leads_to(client, page) for page in PAGES} == {SET_UP}
        secret = set_up(client)
        kept = {one.type: one.data for one in Authenticator.objects.all()}
        assert set(kept) == {"totp", "recovery_codes"}
        assert secret not in str(kept)
        # The new factor is asked for once, which shows that the app is set up well.
        assert leads_to(client, "/") == ASK_AGAIN
        assert client.post(ASK_AGAIN, {"code": code_for(secret)}).headers["Location"] == "/"
        assert leads_to(client, "/") == ""
        assert leads_to(client, "/accounts/2fa/recovery-codes/") == ""


def test_a_wrong_code_sets_up_nothing(site_of: Any, staff: Any) -> None:
    with site_of(Side.PROGRAMME):
        client, _ = with_password(staff.workers[Role.FACILITATOR])
        client.post(leads_to(client, SET_UP), {"password": PASSWORD})
        client.get(SET_UP)
        code = code_for(client.session[SECRET_IN_SESSION])
        wrong = client.post(SET_UP, {"code": f"{(int(code) + 1) % 1000000:06}"})
        assert wrong.status_code == 200
        assert not Authenticator.objects.exists()
        assert leads_to(client, "/") == SET_UP


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.COORDINATOR])
def test_signing_in_takes_a_password_and_a_code(role: Role, site_of: Any, staff: Any) -> None:
    worker = staff.workers[role]
    with site_of(SIDE_OF_ROLE[role]):
        secret = give_second_factor(worker)
        client, answer = with_password(worker)
        assert answer.headers["Location"] == ENTER_CODE
        assert leads_to(client, "/").startswith("/accounts/login/")
        wrong = client.post(ENTER_CODE, {"code": "000000"})
        assert wrong.status_code == 200
        assert leads_to(client, "/").startswith("/accounts/login/")
        answer = client.post(ENTER_CODE, {"code": code_for(secret)})
        assert answer.headers["Location"] == "/"
        assert leads_to(client, "/") == ""
        assert client.session["second_factor"] is True


def test_a_session_from_before_the_second_factor_is_asked_for_it(site_of: Any, staff: Any) -> None:
    """Somebody who knows the password waits, signed in, for the worker to set the factor up."""
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        waiting, _ = with_password(worker)
        own, _ = with_password(worker)
        secret = set_up(own)
        for page in PAGES:
            assert leads_to(waiting, page).startswith("/accounts/2fa/reauthenticate/?next="), page
        assert leads_to(waiting, SET_UP).startswith("/accounts/2fa/reauthenticate/?next=")
        assert waiting.post(ASK_AGAIN, {"code": "000000"}).status_code == 200
        assert leads_to(waiting, "/") == ASK_AGAIN
        # The password, asked for again, is not a second factor.
        again = waiting.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert again.headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
        assert leads_to(waiting, "/") == ASK_AGAIN
        assert own.post(ASK_AGAIN, {"code": code_for(secret)}).headers["Location"] == "/"


def test_whoever_removes_the_second_factor_sets_up_another(site_of: Any, staff: Any) -> None:
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        client = signed_in_fully(worker, give_second_factor(worker))
        asked = leads_to(client, "/accounts/2fa/totp/deactivate/")
        assert client.post(asked, {"password": PASSWORD}).status_code == 302
        assert leads_to(client, "/") == ""
        assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
        assert not Authenticator.objects.exists()
        assert leads_to(client, "/") == SET_UP


def test_a_removal_that_is_refused_changes_nothing(site_of: Any, staff: Any) -> None:
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        client = signed_in_fully(worker, give_second_factor(worker))
        answer = client.post("/accounts/2fa/totp/deactivate/")
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
        assert Authenticator.objects.exists()
        assert leads_to(client, "/") == ""


def test_signing_in_begins_a_new_session_and_signing_out_ends_it(
    site_of: Any, staff: Any
) -> None:
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        client = Client()
        client.get("/accounts/login/")
        client.cookies["programme_session"] = "a" * 32
        _, answer = with_password(worker, client)
        assert answer.cookies["programme_session"].value != "a" * 32
        client = signed_in_fully(worker, give_second_factor(worker))
        kept = client.cookies["programme_session"].value
        client.post("/accounts/logout/")
        client.cookies["programme_session"] = kept
        assert leads_to(client, "/").startswith("/accounts/login/")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    site_of: Any, staff: Any
) -> None:
    def answer(login: str) -> bytes:
        page = Client().post("/accounts/login/", {"login": login, "password": "not the one at all"})
        text = page.content.replace(login.encode(), b"")
        return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", text)

    with site_of(Side.PROGRAMME):
        known = answer(staff.workers[Role.FACILITATOR].email)
        assert known == answer("nobody@example.invalid")
        assert known == answer(staff.workers[Role.COORDINATOR].email)


def test_nobody_signs_in_on_the_other_site(site_of: Any, staff: Any) -> None:
    for side, role in ((Side.PROGRAMME, Role.COORDINATOR), (Side.SAFETY, Role.FACILITATOR)):
        with site_of(side):
            client, answer = with_password(staff.workers[role])
            assert answer.status_code == 200
            assert leads_to(client, "/").startswith("/accounts/login/")


def test_nobody_signs_up(site_of: Any) -> None:
    with site_of(Side.PROGRAMME):
        before = Worker.objects.count()
        Client().post("/accounts/signup/", {"email": "new@example.invalid", "password1": PASSWORD})
        assert Worker.objects.count() == before


def test_the_background_account_has_no_password_to_sign_in_with(site_of: Any) -> None:
    for side in Side:
        with site_of(side):
            system = Worker.objects.get(email=f"system@{side.value}.invalid")
            assert not system.has_usable_password()
            _, answer = with_password(system)
            assert answer.status_code == 200


OPEN = {"account_login", "account_logout", "account_signup", "account_inactive",
        "account_reset_password", "account_reset_password_done",
        "account_reset_password_from_key", "account_reset_password_from_key_done",
        "account_confirm_email", "account_email_verification_sent", "mfa_authenticate",
        "mfa_trust", "account_confirm_login_code", "account_login_by_code", "leave", "closed",
        "first_password", "account_by_agency", "account_by_agency_back"}
"""Pages that answer somebody who is not signed in, and the way out that every page has. All
others lead to the sign-in page."""


@pytest.mark.parametrize("side", Side)
def test_every_page_but_those_of_signing_in_wants_a_worker(side: Side, site_of: Any) -> None:
    with site_of(side):
        tried = 0
        for pattern, name in _patterns(get_resolver()):
            if name in OPEN:
                continue
            page = re.sub(r"<int:[^>]*>", "7", "/" + pattern)
            page = re.sub(r"<slug:[^>]*>", "word", page)
            page = re.sub(r"<[^>]*>", str(uuid4()), page)
            answer = Client().get(page)
            assert answer.status_code == 302, (page, answer.status_code)
            assert answer.headers["Location"].startswith("/accounts/login/"), page
            tried += 1
        assert tried > 10


def _patterns(resolver: Any, before: str = "") -> Any:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).removeprefix("^").removesuffix("$")
        if hasattr(entry, "url_patterns"):
            yield from _patterns(entry, route)
        else:
            yield route, entry.name
