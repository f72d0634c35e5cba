"""What the sign-in tells to whoever guesses, and what no address of a site takes or leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import get_resolver

from casewall.pages.middleware import CONTENT_SECURITY_POLICY, HEADERS
from casewall.staff import accounts
from casewall.staff.models import Worker
from casewall.wall.context import acting
from casewall.wall.sides import Role, Side
from tests.people import PASSWORD, signed_in
from tests.staff.conftest import give_second_factor, with_password
from tests.staff.test_sign_in import _patterns, signed_in_fully

LOGIN, CHANGE = "/accounts/login/", "/accounts/password/change/"
FIFTEEN = "plum-kite-7-fog"
WRONG = "not the one at all"


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that a password is hashed: what signing in costs, by the count."""
    done: list[int] = []
    before = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        done.append(1)
        return str(before(self, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done


def tried(login: str, password: str, work: list[int]) -> tuple[int, int, str]:
    """How often a password was hashed for a try, and the status and the text of the answer."""
    work.clear()
    answer = Client().post(LOGIN, {"login": login, "password": password})
    text = answer.content.decode().replace(login, "")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return len(work), answer.status_code, text


@pytest.mark.parametrize("side", Side)
def test_an_unknown_account_costs_the_same_work_and_gets_the_same_answer(
    side: Side, site_of: Any, staff: Any, owner_urls: dict[str, str], work: list[int]
) -> None:
    role, other = ((Role.FACILITATOR, Role.COORDINATOR) if side is Side.PROGRAMME
                   else (Role.COORDINATOR, Role.FACILITATOR))
    worker = staff.workers[role]
    change = "update staff_worker set is_active = %s, password = %s where id = %s"
    with site_of(side), psycopg.connect(owner_urls[side.value], autocommit=True) as owner:
        known = tried(worker.email, WRONG, work)
        assert known[0] == 1
        assert tried("nobody@example.invalid", WRONG, work) == known
        assert tried(staff.workers[other].email, WRONG, work) == known
        kept = Worker.objects.get(pk=worker.pk).password
        try:
            owner.execute(change, [False, kept, worker.pk])
            assert tried(worker.email, WRONG, work) == known
            # Only whoever knows the password is told that the account is closed.
            assert tried(worker.email, PASSWORD, work)[:2] == (1, 302)
            cache.clear()
            owner.execute(change, [True, "!no password", worker.pk])
            assert tried(worker.email, WRONG, work) == known
            assert tried(worker.email, PASSWORD, work) == known
        finally:
            owner.execute(change, [True, kept, worker.pk])


def test_an_unknown_account_is_held_after_as_many_tries_as_a_known_one(
    site_of: Any, staff: Any, work: list[int]
) -> None:
    with site_of(Side.PROGRAMME):
        told = []
        for login in (staff.workers[Role.FACILITATOR].email, "nobody@example.invalid"):
            cache.clear()
            told.append([tried(login, WRONG, work) for _try in range(7)])
        assert told[0] == told[1]
        assert told[0][0] != told[0][-1]


def test_fourteen_characters_are_too_few_wherever_a_password_is_set(
    site_of: Any, staff: Any
) -> None:
    short, good = FIFTEEN[:14], FIFTEEN
    assert len(good) == 15
    worker = staff.workers[Role.FACILITATOR]
    with site_of(Side.PROGRAMME):
        before = worker.password
        client = signed_in(worker)
        for password, status in ((short, 200), (good, 302)):
            answer = client.post(CHANGE, {"oldpassword": PASSWORD, "password1": password,
                                          "password2": password})
            assert answer.status_code == status, password
        by = staff[Role.PROGRAMME_ADMINISTRATOR]
        try:
            reset = Worker.objects.get(pk=worker.pk)  # the one that tests share stays as it is
            accounts.reset_sign_in(worker=reset, by=by)
            link = f"/accounts/first/{accounts.first_link(reset)}/"
            for password, status in ((short, 422), (good, 302)):
                sent = {"password": password, "again": password}
                assert Client().post(link, sent).status_code == status, password
        finally:
            with acting(by):
                Worker.objects.filter(pk=worker.pk).update(password=before)


def test_a_new_password_ends_every_other_session(site_of: Any, staff: Any) -> None:
    worker = staff.workers[Role.ASSESSOR]
    with site_of(Side.PROGRAMME):
        before = worker.password
        here = signed_in_fully(worker, give_second_factor(worker))
        there = signed_in(worker)
        assert there.get("/").status_code == 200
        new = {"oldpassword": PASSWORD, "password1": FIFTEEN, "password2": FIFTEEN}
        try:
            session = here.session.session_key
            assert here.post(CHANGE, new).status_code == 302
            assert here.session.session_key != session
            assert here.get("/").status_code == 200
            assert there.get("/").headers["Location"].startswith(LOGIN)
        finally:
            with acting(staff[Role.ASSESSOR]):
                Worker.objects.filter(pk=worker.pk).update(password=before)


# --- every address -------------------------------------------------------------------------------


def addresses() -> Iterator[str]:
    for pattern, _name in _patterns(get_resolver()):
        page = re.sub(r"<int:[^>]*>", "7", "/" + pattern)
        page = re.sub(r"<slug:[^>]*>", "word", page)
        yield re.sub(r"<[^>]*>", str(uuid4()), page)


def assert_strict(answer: Any, page: str) -> None:
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, page
    assert answer.headers["Cache-Control"] == "no-store", page


@pytest.mark.parametrize("side", Side)
def test_every_address_refuses_a_form_of_another_page_and_carries_the_headers(
    side: Side, site_of: Any, staff: Any, record_property: Any
) -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    with site_of(side):
        stranger, seen = Client(enforce_csrf_checks=True), 0
        for page in (*addresses(), "/no-such-page/"):
            answer = stranger.post(page, {"x": "y"})
            assert answer.status_code == (404 if page == "/no-such-page/" else 403), page
            assert_strict(answer, page)
            assert_strict(stranger.get(page), page)
            seen += 1
        client, _ = with_password(staff.workers[
            Role.FACILITATOR if side is Side.PROGRAMME else Role.COORDINATOR])
        assert_strict(client.get("/"), "/")
        assert seen > 50
    record_property("figure", f"{seen} addresses of the {side} site")


def test_every_address_of_the_front_door_carries_the_headers(tmp_path: Any) -> None:
    front = {"CASEWALL_SIDE": "front_door", "ROOT_URLCONF": "casewall.config.urls.front_door",
             "STATIC_ROOT": tmp_path, "ALLOWED_HOSTS": ["testserver"],
             "MIDDLEWARE": ["casewall.pages.middleware.SecurityHeaders",
                            "django.middleware.csrf.CsrfViewMiddleware"]}
    with override_settings(**front):
        client = Client(enforce_csrf_checks=True)
        pages = [page for page in addresses() if "style" not in page]
        assert len(pages) > 5
        for page in (*pages, "/no-such-page/"):
            assert_strict(client.get(page), page)
