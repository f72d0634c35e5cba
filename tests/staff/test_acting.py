"""Who is looking is settled anew for every request, in one transaction, and never carried over."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections, transaction
from django.test import Client, override_settings

from casewall.wall.context import NoSide, acting, current_side, on_side
from casewall.wall.sides import SIDE_OF_ROLE, Role, Side
from tests.people import signed_in

PEOPLE = [Role.FACILITATOR, Role.ASSESSOR, Role.PROGRAMME_MANAGER, Role.REFERRER,
          Role.PROGRAMME_ADMINISTRATOR]


@pytest.fixture
def site(site_of: Any) -> Iterator[None]:
    """The programme site with the sample pages."""
    with site_of(Side.PROGRAMME), override_settings(ROOT_URLCONF="tests.staff.sample_urls"):
        yield


@pytest.mark.usefixtures("site")
def test_the_request_and_the_database_agree_on_who_is_looking(staff: Any) -> None:
    for role in PEOPLE:
        said = signed_in(staff.workers[role]).get("/who/").json()
        assert said["viewer"] == str(staff[role].worker)
        assert (said["role"], said["name"]) == (role.value, staff[role].name)
        assert said["first"]["worker"] == said["second"]["worker"] == said["viewer"]
        assert said["first"]["compartments"] == sorted(staff[role].compartments)
        assert said["first"]["transaction"] == said["second"]["transaction"]


@pytest.mark.usefixtures("site")
def test_a_page_without_a_worker_has_no_viewer_and_no_context(staff: Any) -> None:
    signed_in(staff.workers[Role.PROGRAMME_MANAGER]).get("/who/")
    said = Client().get("/nobody/").json()
    assert said["viewer"] is False
    assert (said["first"]["worker"], said["first"]["compartments"]) == (None, [])
    assert Client().get("/who/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.usefixtures("site")
def test_a_change_of_an_account_acts_on_the_next_request(staff: Any, owner: Any) -> None:
    worker = staff.workers[Role.FACILITATOR]
    browser = signed_in(worker)
    assert browser.get("/who/").json()["role"] == "facilitator"
    try:
        owner.execute("update staff_worker set role = 'assessor' where id = %s", [worker.pk])
        assert browser.get("/who/").json()["role"] == "assessor"
        owner.execute("delete from staff_membership where worker_id = %s", [worker.pk])
        assert browser.get("/who/").json()["first"]["compartments"] == []
        owner.execute("update staff_worker set is_active = false where id = %s", [worker.pk])
        assert browser.get("/who/").headers["Location"].startswith("/accounts/login/")
    finally:
        owner.execute("update staff_worker set role = 'facilitator', is_active = true "
                      "where id = %s", [worker.pk])
        for number in staff[Role.FACILITATOR].compartments:
            owner.execute("insert into staff_membership (worker_id, compartment_id) "
                          "values (%s, %s) on conflict do nothing", [worker.pk, number])


@pytest.mark.parametrize(("then", "status", "kept"), [
    ("answer", 200, 1), ("redirect", 302, 1), ("mistake", 500, 0), ("absent", 404, 0),
    ("refused", 500, 0), ("template", 500, 0), ("nowhere", 500, 0), ("ask again", 302, 1),
])
@pytest.mark.usefixtures("site")
def test_a_view_that_fails_leaves_nothing_half_written(
    then: str, status: int, kept: int, staff: Any, owner: Any
) -> None:
    browser = signed_in(staff.workers[Role.FACILITATOR])
    browser.raise_request_exception = False
    assert browser.get(f"/writes/{then}/").status_code == status
    ((count,),) = owner.execute("select count(*) from audit_entry where verb = %s",
                                [f"tried {then}"]).fetchall()
    assert count == kept


@pytest.fixture
def pooled() -> Iterator[None]:
    """The programme database through a pool of two connections, as a site has one of six."""
    kept = connections.settings["programme"]
    # Asking for it makes it, where no test of this run has asked before: it cannot be deleted else.
    connections["programme"].close()
    del connections["programme"]
    pool = {"min_size": 1, "max_size": 2, "timeout": 20}
    connections.settings["programme"] = {**kept, "OPTIONS": {**kept["OPTIONS"], "pool": pool}}
    yield
    connections["programme"].close()
    connections["programme"].close_pool()
    del connections["programme"]
    connections.settings["programme"] = kept


@pytest.mark.parametrize("requests", [
    1_000, pytest.param(100_000, marks=pytest.mark.slow)])
@pytest.mark.usefixtures("site", "pooled")
def test_no_context_is_carried_from_one_worker_to_another_through_the_pool(
    requests: int, staff: Any, record_property: Any
) -> None:
    browsers = [(staff[role], signed_in(staff.workers[role])) for role in PEOPLE]
    connections.close_all()

    failing = ("mistake", "absent", "refused", "template", "nowhere")

    def ask(turn: int) -> tuple[bool, int]:
        try:
            if turn % 6 == 5:
                said = Client(raise_request_exception=False).get("/nobody/").json()
                return said["first"]["worker"] is None, said["first"]["server"]
            if turn % 13 == 7:
                # A view that fails is rolled back; what it was must not stay on the connection.
                _, browser = browsers[turn % 5]
                page = Client(raise_request_exception=False)
                page.cookies.update(browser.cookies)
                return page.get(f"/writes/{failing[turn % 5]}/").status_code in (404, 500), 0
            viewer, browser = browsers[turn % 5]
            # A client is told of what failed in another thread's request as well.
            page = Client(raise_request_exception=False)
            page.cookies.update(browser.cookies)
            said = page.get("/who/").json()
            fits = (said["viewer"] == said["first"]["worker"] == said["second"]["worker"]
                    == str(viewer.worker))
            return fits and said["first"]["compartments"] == sorted(viewer.compartments), (
                said["first"]["server"])
        finally:
            connections.close_all()  # as a site does when a request ends

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(requests)))
    assert len({server for _, server in answers if server}) <= 2, "they did share connections"
    wrong = sum(not fits for fits, _ in answers)
    assert wrong == 0
    record_property("figure", f"{wrong} of {requests:,} requests")


def test_a_rolled_back_block_leaves_no_context_on_a_pooled_connection(
    pooled: None, staff: Any
) -> None:
    viewer = staff[Role.PROGRAMME_MANAGER]
    with pytest.raises(ZeroDivisionError), acting(viewer):
        raise ZeroDivisionError
    with connections["programme"].cursor() as cursor:
        cursor.execute("select app.worker(), current_setting('app.ctx', true)")
        assert cursor.fetchone() in ((None, None), (None, ""))


# --- sides and sites -----------------------------------------------------------------------------


def test_a_process_of_both_sides_must_say_which_is_meant() -> None:
    with pytest.raises(NoSide):
        current_side()
    with on_side(Side.SAFETY):
        assert current_side() is Side.SAFETY
        with on_side(Side.PROGRAMME):
            assert current_side() is Side.PROGRAMME
        assert current_side() is Side.SAFETY
    with override_settings(CASEWALL_SIDE="safety"):
        assert current_side() is Side.SAFETY


def test_nothing_is_read_from_the_database_that_nobody_named() -> None:
    with pytest.raises(ImproperlyConfigured), connection.cursor():
        pass
    done: list[str] = []
    with on_side(Side.PROGRAMME), transaction.atomic(using="programme"):
        with transaction.atomic():
            with transaction.atomic():
                transaction.on_commit(lambda: done.append("kept"))
            assert done == []
        assert done == [], "the side's transaction is not committed yet"
    assert done == ["kept"]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    assert connection.get_autocommit()


def site_module(name: str) -> Any:
    return importlib.import_module(f"casewall.config.sites.{name}")


def test_no_two_sites_share_a_cookie_a_key_or_a_secret() -> None:
    names, secrets = [], []
    for name in ("programme", "safety", "front_door"):
        site = site_module(name)
        names += [site.CSRF_COOKIE_NAME, getattr(site, "SESSION_COOKIE_NAME", f"none of {name}")]
        secrets.append(site.SECRET_KEY)
    assert len(set(names)) == 6
    assert "sessionid" not in names
    assert len(set(secrets)) == 3
    programme, safety = site_module("programme"), site_module("safety")
    assert programme.CASEWALL_FIELD_KEYS["programme"] != safety.CASEWALL_FIELD_KEYS["safety"]
    assert programme.CASEWALL_CONTEXT_KEYS["programme"] != safety.CASEWALL_CONTEXT_KEYS["safety"]


HOLDS = {
    # site: databases, field keys, context keys, seal secrets
    "programme": ({"programme"}, {"programme"}, {"programme"}, {"programme"}),
    "safety": ({"safety", "programme_flow", "programme_bridge"}, {"programme", "safety"},
               {"safety"}, {"safety"}),
    "front_door": ({"programme_door", "safety_door"}, set(), set(), set()),
    "reporting": ({"programme_report", "safety_report"}, set(), set(), set()),
    "owner": ({"programme", "safety"}, set(), {"programme", "safety"}, set()),
}


@pytest.mark.parametrize("name", HOLDS)
def test_a_site_holds_these_credentials_and_keys_and_no_others(
    name: str, owner_urls: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for side, url in owner_urls.items():
        monkeypatch.setenv(f"CASEWALL_{side.upper()}_OWNER_URL", url)
    site = site_module(name)
    databases = {alias for alias in site.DATABASES if alias != "default"}
    found = (databases, set(site.CASEWALL_FIELD_KEYS), set(site.CASEWALL_CONTEXT_KEYS),
             set(getattr(site, "CASEWALL_SEAL_SECRETS", {})))
    assert found == HOLDS[name]
    assert site.DATABASES["default"]["ENGINE"] == "casewall.wall.nowhere"


def test_cookies_are_for_the_browser_only_and_for_the_own_site_only() -> None:
    for name in ("programme", "safety", "front_door"):
        site = site_module(name)
        assert site.SESSION_COOKIE_HTTPONLY
        assert site.CSRF_COOKIE_HTTPONLY
        assert site.SESSION_COOKIE_SAMESITE == site.CSRF_COOKIE_SAMESITE == "Lax"
        assert site.SESSION_COOKIE_AGE <= 12 * 3600
    assert settings.ACCOUNT_SESSION_REMEMBER is False


def test_every_role_has_an_account_on_one_site_only(staff: Any) -> None:
    for role, worker in staff.workers.items():
        for side in Side:
            with on_side(side):
                here = type(worker).objects.filter(pk=worker.pk).exists()
            assert here == (side is SIDE_OF_ROLE[role])
    assert all(isinstance(viewer.worker, UUID) for viewer in staff.viewers.values())
