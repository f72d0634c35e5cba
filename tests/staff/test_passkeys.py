"""Passkeys: set up, used as the second factor, used again for dangerous acts, and removed."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.test import Client

from casewall.staff.models import Worker
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import PASSWORD
from tests.staff.conftest import code_for, give_second_factor
from tests.staff.security_key import ORIGIN, SecurityKey, asked

ADD, INDEX = "/accounts/2fa/webauthn/add/", "/accounts/2fa/"
ENTER, AGAIN = "/accounts/2fa/authenticate/", "/accounts/2fa/reauthenticate/"
BY_KEY = "/accounts/2fa/webauthn/reauthenticate/"
REFUSED = b"This passkey was not accepted"


def browser() -> Client:
    """Passkeys belong to a host name, so this browser calls the site by one."""
    return Client(SERVER_NAME="localhost")


def password_given(worker: Worker, client: Client | None = None) -> Client:
    client = client or browser()
    client.post("/accounts/login/", {"login": worker.email, "password": PASSWORD})
    return client


def confirmed(client: Client) -> Client:
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302
    return client


def set_up(client: Client, name: str = "On my key ring") -> SecurityKey:
    key = SecurityKey()
    page = client.get(ADD)
    assert page.status_code == 200
    answer = client.post(ADD, {"name": name, "credential": key.made(asked(page.content))})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return key


def by_key(client: Client, key: SecurityKey, **how: Any) -> Any:
    return client.post(ENTER, {"credential": key.used(asked(client.get(ENTER).content), **how)})


def with_key(worker: Worker) -> tuple[Client, SecurityKey]:
    """A browser that has set up a passkey and confirmed it; the worker has no other factor."""
    client = confirmed(password_given(worker))
    key = set_up(client)
    assert client.get("/").headers["Location"] == f"{AGAIN}?next=%2F"
    sent = {"credential": key.used(asked(client.get(AGAIN).content)), "next": "/"}
    assert client.post(BY_KEY, sent).headers["Location"] == "/"
    return client, key


def count() -> int:
    return Authenticator.objects.filter(type="webauthn").count()


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.COORDINATOR])
def test_a_passkey_is_set_up_first_and_is_the_second_step_from_then_on(
    role: Role, site_of: Any, staff: Any
) -> None:
    worker = staff.workers[role]
    with site_of(SIDE_OF_ROLE[role]):
        first, key = with_key(worker)
        assert first.get("/").status_code == 200
        assert Authenticator.objects.filter(type="recovery_codes").exists()
        client = password_given(worker)
        assert client.get("/").headers["Location"].startswith("/accounts/login/")
        before = client.session.session_key
        assert by_key(client, key).headers["Location"] == "/"
        assert client.session.session_key != before
        assert client.get("/").status_code == 200
        assert client.session["second_factor"] is True


def test_the_password_alone_adds_no_passkey_to_an_account_that_has_a_factor(
    site_of: Any, staff: Any
) -> None:
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        early = confirmed(password_given(worker))
        give_second_factor(worker)
        for page in (ADD, INDEX):
            assert early.get(page).headers["Location"].startswith(f"{AGAIN}?next=")
        early.post(ADD, {"credential": "{}"})
        assert count() == 0


def test_a_passkey_beside_the_app_and_either_signs_in(site_of: Any, staff: Any) -> None:
    worker = staff.workers[Role.ASSESSOR]
    with site_of(Side.PROGRAMME):
        secret = give_second_factor(worker)
        client = password_given(worker)
        client.post(ENTER, {"code": code_for(secret)})
        key = set_up(confirmed(client))
        assert b"On my key ring" in client.get(INDEX).content
        assert by_key(password_given(worker), key).headers["Location"] == "/"
        page = password_given(worker).get(ENTER).content
        assert b'name="code"' in page
        assert b'name="credential"' in page


WRONG: dict[str, dict[str, Any]] = {
    "another site's address": {"origin": "https://programme.example.invalid"},
    "another port of the same host": {"origin": f"{ORIGIN}:8002"},
    "a name below the host": {"origin": "https://evil.localhost", "host": "localhost"},
    "the host without its port's scheme": {"origin": "https://localhost"},
    "a frame in another page": {"crossOrigin": True},
    "another challenge": {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    "another kind of answer": {"type": "webauthn.create"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_another_page_got_from_the_key_opens_nothing(
    wrong: str, site_of: Any, staff: Any
) -> None:
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        _, key = with_key(worker)
        client = password_given(worker)
        assert REFUSED in by_key(client, key, **WRONG[wrong]).content
        assert client.get("/").headers["Location"].startswith("/accounts/login/")
        assert by_key(client, key).headers["Location"] == "/"


def test_an_answer_counts_once_and_only_for_the_session_that_asked(
    site_of: Any, staff: Any
) -> None:
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        _, key = with_key(worker)
        asking, other = password_given(worker), password_given(worker)
        said = key.used(asked(asking.get(ENTER).content))
        other.get(ENTER)
        assert REFUSED in other.post(ENTER, {"credential": said}).content
        assert asking.post(ENTER, {"credential": said}).status_code == 302
        asking.post("/accounts/logout/")
        again = password_given(worker, asking)
        assert REFUSED in again.post(ENTER, {"credential": said}).content


def test_somebody_else_s_passkey_opens_nothing(site_of: Any, staff: Any) -> None:
    with site_of(Side.PROGRAMME):
        _, theirs = with_key(staff.workers[Role.ASSESSOR])
        mine, _ = with_key(staff.workers[Role.FACILITATOR])
        mine.post("/accounts/logout/")
        client = password_given(staff.workers[Role.FACILITATOR], mine)
        assert REFUSED in by_key(client, theirs).content


def test_a_passkey_of_one_site_is_unknown_on_the_other(site_of: Any, staff: Any) -> None:
    with site_of(Side.SAFETY):
        _, key = with_key(staff.workers[Role.COORDINATOR])
        assert count() == 1
    with site_of(Side.PROGRAMME):
        assert count() == 0
        _, own = with_key(staff.workers[Role.FACILITATOR])
        client = password_given(staff.workers[Role.FACILITATOR])
        assert asked(client.get(ENTER).content)["allowCredentials"][0]["id"] == json.loads(
            own.used({"challenge": "AA"}))["id"]
        assert REFUSED in by_key(client, key).content


BROKEN = ["", "x", "null", "[]", "7", "{}", '{"response": null}', '{"response": {}}',
          '{"id": 1, "response": {"clientDataJSON": "!"}}',
          '{"response": {"clientDataJSON": "e30"}}',
          '{"response": {"clientDataJSON": "W10"}}',
          '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": '
          '"eyJvcmlnaW4iOiJodHRwOi8vbG9jYWxob3N0In0", "attestationObject": "oA", '
          '"authenticatorData": "AA", "signature": "AA"}}']


def test_an_answer_that_no_key_has_given_is_refused_in_words(site_of: Any, staff: Any) -> None:
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        client, key = with_key(worker)
        confirmed(client)
        for broken in BROKEN:
            cache.clear()  # five wrong answers would be enough for a while
            assert client.post(ADD, {"name": "x", "credential": broken}).status_code == 200, broken
            answer = client.post(BY_KEY, {"credential": broken, "next": "/drafts/"})
            assert answer.headers["Location"] == f"{AGAIN}?next=%2Fdrafts%2F", broken
        assert count() == 1
        cache.clear()
        entering = password_given(worker)
        for broken in BROKEN[:4]:
            assert entering.post(ENTER, {"credential": broken}).status_code == 200, broken
        assert by_key(entering, key).status_code == 302


def test_guessing_with_passkeys_is_as_slow_as_with_codes(site_of: Any, staff: Any) -> None:
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        _, key = with_key(worker)
        client = password_given(worker)
        for _try in range(5):
            assert REFUSED in by_key(client, SecurityKey()).content
        late = by_key(client, key)
        assert late.status_code == 200
        assert b"Too many" in late.content


def test_the_only_second_factor_is_not_removed_and_one_of_two_is(
    site_of: Any, staff: Any
) -> None:
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        client, _key = with_key(worker)
        confirmed(client)
        only = Authenticator.objects.get(type="webauthn").pk
        page = f"/accounts/2fa/webauthn/keys/{only}/remove/"
        assert client.get(page).status_code == 200
        assert client.post(page).headers["Location"] == INDEX
        assert b"your only second step" in client.get(INDEX).content
        assert count() == 1
        kept = set_up(client, name="In the drawer")
        assert client.post(page).headers["Location"] == INDEX
        assert count() == 1
        assert client.get("/").status_code == 200
        assert by_key(password_given(worker), kept).status_code == 302


def test_nobody_removes_or_renames_a_passkey_of_somebody_else(site_of: Any, staff: Any) -> None:
    with site_of(Side.PROGRAMME):
        with_key(staff.workers[Role.ASSESSOR])
        theirs = Authenticator.objects.get(type="webauthn").pk
        client, _ = with_key(staff.workers[Role.FACILITATOR])
        confirmed(client)
        for act in ("remove", "edit"):
            page = f"/accounts/2fa/webauthn/keys/{theirs}/{act}/"
            assert client.get(page).status_code == 404
            assert client.post(page, {"name": "mine"}).status_code == 404
        assert Authenticator.objects.filter(pk=theirs).exists()


def test_a_dangerous_act_asks_for_the_passkey_again(site_of: Any, staff: Any) -> None:
    worker = staff.workers[Role.PROGRAMME_ADMINISTRATOR]
    with site_of(Side.PROGRAMME):
        client, key = with_key(worker)
        session = client.session
        for one in session["account_authentication_methods"]:
            one["at"] = time.time() - 3600
        session.save()
        asks = client.get("/accounts/people/new/")
        assert asks.headers["Location"].startswith(AGAIN)
        page = client.get(asks.headers["Location"])
        sent = {"credential": key.used(asked(page.content)), "next": "/accounts/people/new/"}
        assert client.post(BY_KEY, sent).headers["Location"] == "/accounts/people/new/"
        assert client.get("/accounts/people/new/").status_code == 200


def test_whoever_has_nothing_but_a_passkey_is_asked_for_it_and_for_no_code(
    site_of: Any, staff: Any
) -> None:
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        client, key = with_key(worker)
        Authenticator.objects.filter(type="recovery_codes").delete()
        assert b'name="code"' not in client.get(AGAIN).content
        assert b'name="code"' not in password_given(worker).get(ENTER).content
        RecoveryCodes.activate(worker)
        assert b'name="code"' in client.get(AGAIN).content
        assert by_key(password_given(worker), key).status_code == 302


def test_a_name_is_shown_as_it_was_typed_and_is_never_markup(site_of: Any, staff: Any) -> None:
    with site_of(Side.PROGRAMME):
        client, _ = with_key(staff.workers[Role.FACILITATOR])
        set_up(confirmed(client), name="<img src=x onerror=alert(1)>")
        page = client.get(INDEX).content
        assert b"<img src=x" not in page
        assert b"&lt;img src=x onerror=alert(1)&gt;" in page
