"""Signing in at the agency's own issuer: who is let in, and what is not believed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.db import Error
from django.test import Client, override_settings

from casewall.staff import accounts
from casewall.staff.cluster import bind_account
from casewall.staff.issuers import Issuer, IssuersError, is_safe, read_issuers
from casewall.staff.models import AgencySubject, Worker
from casewall.wall.context import acting, on_side
from casewall.wall.decide import Refused
from casewall.wall.sides import Role, Side
from tests.people import signed_in
from tests.staff.conftest import code_for, give_second_factor
from tests.staff.issuer import CLIENT, SECRET, AgencyIssuer, running

BACK, AGAIN = "/accounts/agency/back/", "/accounts/2fa/reauthenticate/"
SUBJECT = "7f3a|Subject of the invented facilitator"
OLD = 3600


@pytest.fixture(scope="module")
def issuer() -> Iterator[AgencyIssuer]:
    with running() as found:
        yield found


class Site:
    """The programme site with an issuer for the facilitator's agency, to which she is bound."""

    def __init__(self, issuer: AgencyIssuer, staff: Any):
        self.issuer, self.staff = issuer, staff
        self.worker: Worker = staff.workers[Role.FACILITATOR]
        self.agency = str(self.worker.agency_id)
        self.start = f"/accounts/agency/{self.agency}/"

    def begun(self, client: Client, then: str = "") -> str:
        answer = client.get(self.start, {"next": then} if then else {})
        assert answer.status_code == 302
        return str(answer.headers["Location"])

    def back(self, client: Client, came: dict[str, str]) -> Any:
        return client.get(BACK, came)

    def through(self, subject: str = SUBJECT, then: str = "", **changes: Any) -> tuple[Client, Any]:
        client = Client()
        came = self.issuer.signs_in(self.begun(client, then), subject, **changes)
        return client, self.back(client, came)


@pytest.fixture
def site(issuer: AgencyIssuer, site_of: Any, staff: Any) -> Iterator[Site]:
    found = Site(issuer, staff)
    issuer.says_it_is, issuer.algorithm, issuer.signs_with = issuer.address, "ES256", issuer.key
    known = Issuer(found.agency, "Vesterlo", issuer.address, CLIENT, SECRET, frozenset({"mfa"}))
    with site_of(Side.PROGRAMME), override_settings(CASEWALL_ISSUERS={found.agency: known}):
        accounts.bind(worker=found.worker, issuer=issuer.address, subject=SUBJECT,
                      by=staff[Role.PROGRAMME_ADMINISTRATOR])
        yield found
        accounts.bind(worker=found.worker, issuer=issuer.address, subject="",
                      by=staff[Role.PROGRAMME_ADMINISTRATOR])


def nobody(client: Client, answer: Any) -> bool:
    assert answer.status_code == 403
    assert b"This did not sign you in" in answer.content
    return "_auth_user_id" not in client.session


def test_the_sign_in_page_offers_the_agency_and_its_second_factor_counts_where_it_is_named(
    site: Site
) -> None:
    assert f'href="{site.start}"'.encode() in Client().get("/accounts/login/").content
    client, answer = site.through(then="/cases/", amr=["pwd", "mfa"])
    assert answer.headers["Location"] == "/cases/"
    assert client.get("/").status_code == 200
    assert not Authenticator.objects.exists()


def test_a_new_session_begins_and_nothing_of_the_sign_in_is_kept(site: Site) -> None:
    client = Client()
    came = site.issuer.signs_in(site.begun(client), SUBJECT, amr=["mfa"])
    before = client.session.session_key
    site.back(client, came)
    assert client.session.session_key not in (None, before)
    assert "agency_sign_in" not in client.session


@pytest.mark.parametrize("said", [{}, {"amr": ["pwd"]}, {"amr": "mfa"}, {"acr": "1"}])
def test_without_a_second_factor_that_counts_the_own_one_is_asked_for(
    said: dict[str, Any], site: Site
) -> None:
    secret = give_second_factor(site.worker)
    client, _ = site.through(**said)
    asks = client.get("/cases/").headers["Location"]
    assert asks == f"{AGAIN}?next=%2Fcases%2F"
    assert client.post(asks, {"code": code_for(secret)}).headers["Location"] == "/cases/"
    assert client.get("/cases/").status_code == 200


def test_whoever_has_none_sets_one_up_first(site: Site) -> None:
    client, _ = site.through(amr=["pwd"])
    assert client.get("/cases/").headers["Location"] == "/accounts/2fa/totp/activate/"


NOW = int(time.time())
NOT_BELIEVED: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://other.example.invalid"},
    "another audience": {"aud": "somebody-else"},
    "several audiences and nobody named": {"aud": [CLIENT, "somebody-else"]},
    "given to another party": {"azp": "somebody-else"},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "expired": {"exp": NOW - OLD},
    "no end": {"exp": None},
    "issued long ago": {"iat": NOW - OLD},
    "issued in the future": {"iat": NOW + OLD},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is too long": {"sub": "x" * 256},
}


@pytest.mark.parametrize("wrong", NOT_BELIEVED)
def test_a_statement_that_is_not_for_this_sign_in_is_not_believed(wrong: str, site: Site) -> None:
    assert nobody(*site.through(amr=["mfa"], **NOT_BELIEVED[wrong]))


@pytest.mark.parametrize("algorithm", ["none", "HS256", "stranger"])
def test_a_signature_of_anybody_else_is_not_believed(algorithm: str, site: Site) -> None:
    if algorithm == "stranger":
        site.issuer.signs_with = site.issuer.stranger
    else:
        site.issuer.algorithm = algorithm
    assert nobody(*site.through(amr=["mfa"]))


def test_an_issuer_that_calls_itself_otherwise_is_not_asked(site: Site) -> None:
    site.issuer.says_it_is = "https://other.example.invalid"
    client = Client()
    assert nobody(client, client.get(site.start))


def test_what_came_back_counts_once_and_in_the_browser_that_asked(site: Site) -> None:
    first, thief = Client(), Client()
    came = site.issuer.signs_in(site.begun(first), SUBJECT)
    assert nobody(thief, site.back(thief, came))
    site.begun(thief)
    assert nobody(thief, site.back(thief, came))
    assert site.back(first, came).status_code == 302
    first.post("/accounts/logout/")
    assert nobody(first, site.back(first, came))
    site.begun(first)
    assert nobody(first, site.back(first, came))


@pytest.mark.parametrize("change", [
    {"state": "another"}, {"state": ""}, {"iss": "https://other.example.invalid"},
    {"code": ""}, {"code": "made up"}])
def test_an_answer_that_was_changed_on_the_way_is_not_believed(
    change: dict[str, str], site: Site
) -> None:
    client = Client()
    came = site.issuer.signs_in(site.begun(client), SUBJECT)
    assert nobody(client, site.back(client, {**came, **change}))


def test_a_sign_in_that_was_begun_too_long_ago_is_over(site: Site) -> None:
    client = Client()
    came = site.issuer.signs_in(site.begun(client), SUBJECT)
    session = client.session
    session["agency_sign_in"] = {**session["agency_sign_in"], "at": int(time.time()) - OLD}
    session.save()
    assert nobody(client, site.back(client, came))


def test_an_unknown_subject_makes_no_account_and_every_refusal_is_one(
    site: Site, owner: Any
) -> None:
    before = Worker.objects.count()
    unknown = site.through("somebody new", email=site.worker.email, email_verified=True)
    assert nobody(*unknown)
    assert Worker.objects.count() == before
    told = {unknown[1].content, site.through(amr=["mfa"], nonce="x")[1].content}
    for change in ("is_active = false", "until = '2020-01-01'", "agency_id = null"):
        owner.execute(f"update staff_worker set {change} where id = %s", [site.worker.pk])
        try:
            client, answer = site.through(amr=["mfa"])
            assert nobody(client, answer), change
            told.add(answer.content)
        finally:
            owner.execute("update staff_worker set is_active = true, until = null, agency_id = %s "
                          "where id = %s", [site.agency, site.worker.pk])
    assert len(told) == 1


def test_nobody_else_s_session_is_taken_over(site: Site) -> None:
    client = signed_in(site.staff.workers[Role.PROGRAMME_MANAGER])
    came = site.issuer.signs_in(site.begun(client), SUBJECT, amr=["mfa"])
    assert site.back(client, came).status_code == 403
    assert client.session["_auth_user_id"] == str(site.staff.workers[Role.PROGRAMME_MANAGER].pk)


def test_a_way_back_leads_nowhere_else(site: Site) -> None:
    for then in ("https://evil.example.invalid/", "//evil.example.invalid", "javascript:alert(1)"):
        assert site.through(then=then, amr=["mfa"])[1].headers["Location"] == "/"


def old(client: Client) -> None:
    session = client.session
    for one in session["account_authentication_methods"]:
        one["at"] -= OLD
    session["begun_at"] -= OLD
    session.save()


def test_a_second_factor_of_long_ago_is_given_anew_at_the_agency(site: Site) -> None:
    """Setting one up here instead would let whoever finds the page open choose it."""
    client, _ = site.through(amr=["mfa"])
    old(client)
    for page in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"):
        asks = client.get(page).headers["Location"]
        assert urlsplit(asks).path == site.start, page
        begun = site.begun(client, page)
        assert parse_qs(urlsplit(begun).query)["prompt"] == ["login"]
        stale = site.issuer.signs_in(begun, SUBJECT, amr=["mfa"], auth_time=NOW - OLD)
        assert site.back(client, stale).status_code == 403
    asks = client.get("/accounts/2fa/webauthn/add/").headers["Location"]
    address = client.get(asks).headers["Location"]
    back = site.back(client, site.issuer.signs_in(address, SUBJECT, amr=["mfa"]))
    assert back.headers["Location"] == "/accounts/2fa/webauthn/add/"
    assert client.get("/accounts/2fa/webauthn/add/").headers.get("Location", "") != site.start


# --- who binds ------------------------------------------------------------------------------------


def test_an_administrator_binds_an_account_on_a_page(site: Site) -> None:
    client = signed_in(site.staff.workers[Role.PROGRAMME_ADMINISTRATOR])
    worker = Worker.objects.filter(agency_id=site.agency, role="assessor").get()
    page = f"/accounts/people/{worker.pk}/agency/"
    assert page.encode() in client.get(f"/accounts/people/{worker.pk}/").content
    assert client.get(page).status_code == 200
    taken = client.post(page, {"subject": SUBJECT})
    assert taken.status_code == 422
    assert b"Another account is bound to this subject." in taken.content
    assert client.post(page, {"subject": "someone"}).status_code == 302
    assert AgencySubject.objects.get(worker=worker).subject == "someone"
    assert client.post(page, {"subject": ""}).status_code == 302
    assert not AgencySubject.objects.filter(worker=worker).exists()


def test_nobody_else_binds_and_the_database_says_so_too(site: Site) -> None:
    by = site.staff[Role.PROGRAMME_MANAGER]
    page = f"/accounts/people/{site.worker.pk}/agency/"
    assert signed_in(site.staff.workers[Role.PROGRAMME_MANAGER]).get(page).status_code == 404
    with pytest.raises(Refused):
        accounts.bind(worker=site.worker, issuer=site.issuer.address, subject="x", by=by)
    with pytest.raises(Error, match="only an administrator"), acting(by):
        bind_account(worker=site.worker.pk, issuer=site.issuer.address, subject="x", by=by)
    administrator = site.staff[Role.PROGRAMME_ADMINISTRATOR]
    with pytest.raises(Refused):
        accounts.bind(worker=site.staff.workers[Role.PROGRAMME_ADMINISTRATOR], subject="x",
                      issuer=site.issuer.address, by=administrator)
    with pytest.raises(Error, match="cannot be kept here"), acting(administrator):
        bind_account(worker=administrator.worker, issuer="x", subject="x", by=administrator)
    with pytest.raises(Error, match="permission denied"), acting(by):
        AgencySubject.objects.all().delete()


def test_the_other_site_knows_nothing_of_it(site: Site, site_of: Any) -> None:
    with on_side(Side.SAFETY):
        assert not AgencySubject.objects.exists()
    with site_of(Side.SAFETY), override_settings(CASEWALL_ISSUERS={}):
        assert Client().get(site.start).status_code == 404
        assert b"/accounts/agency/" not in Client().get("/accounts/login/").content


# --- what an operator writes ----------------------------------------------------------------------

GOOD = """
[one]
name = "One"
issuer = "https://login.example.invalid"
client_id = "casewall"
client_secret = "word"
second_factor = ["mfa"]
"""


def test_a_file_of_issuers_is_read_by_agency(tmp_path: Path) -> None:
    assert read_issuers("") == {}
    place = tmp_path / "issuers.toml"
    place.write_text(GOOD)
    assert read_issuers(str(place)) == {"one": Issuer(
        "one", "One", "https://login.example.invalid", "casewall", "word", frozenset({"mfa"}))}


@pytest.mark.parametrize(("change", "told"), [
    (("https:", "http:"), "issuer must be an https address"),
    (("https://", "https://you@"), "issuer must be an https address"),
    (("https://login.example.invalid", "https://["), "issuer must be an https address"),
    (('name = "One"', ""), "name is missing"),
    (('"word"', '" "'), "client_secret is missing"),
    (('"casewall"', "7"), "client_id is missing"),
    (('["mfa"]', '"mfa"'), "second_factor must be a list"),
    (('["mfa"]', "[7]"), "second_factor must be a list"),
    (("name =", "nam ="), "nam is not known"),
    (("[one]", "one = 1\n[two]"), "write a table"),
    (("[one]", "[one"), "cannot be read"),
])
def test_what_is_wrong_in_the_file_is_said_with_its_place(
    change: tuple[str, str], told: str, tmp_path: Path
) -> None:
    place = tmp_path / "issuers.toml"
    place.write_text(GOOD.replace(*change))
    with pytest.raises(IssuersError, match=told):
        read_issuers(str(place))
    with pytest.raises(IssuersError, match="cannot be read"):
        read_issuers(str(tmp_path / "nowhere.toml"))


def test_only_this_machine_is_asked_without_tls() -> None:
    assert is_safe("http://127.0.0.1:80/")
    assert is_safe("https://login.example.invalid/x?y=z")
    for address in ("http://login.example.invalid", "file:///etc/passwd", "https://", "gopher://a",
                    "https://a/#b", "https://a:port/"):
        assert not is_safe(address), address
