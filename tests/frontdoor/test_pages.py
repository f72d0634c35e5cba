"""The public pages: one answer for everyone, nothing lost, nothing remembered."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from casewall.frontdoor.views import offered
from casewall.vault.boxes import seal
from tests.people import Staff

PAGES = ["/", "/yourself/", "/work/", "/message/", "/received/", "/closed/"]
FORMS = pytest.mark.parametrize("kind", ["yourself", "work", "message"])
DOORS = {"yourself": "programme_door", "work": "safety_door", "message": "safety_door"}
SIDES = {kind: door.removesuffix("_door") for kind, door in DOORS.items()}


@pytest.fixture
def forms(self_form: dict[str, str], work_form: dict[str, str], message_form: dict[str, str]
          ) -> dict[str, dict[str, str]]:
    return {"yourself": self_form, "work": work_form, "message": message_form}


def whole(response: Any) -> tuple[int, bytes, list[tuple[str, str]], str]:
    """Everything that reaches the browser."""
    return (response.status_code, response.content, sorted(response.items()),
            response.cookies.output())


@pytest.mark.parametrize("page", PAGES)
def test_each_page_answers_and_leaves_no_cookie(door: Client, page: str) -> None:
    response = door.get(page)
    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    assert door.head(page).status_code == 200
    title = re.search(rb"<title>(.*?)</title>", response.content)
    assert title
    assert not re.search(rb"(?i)violence|abuse|partner|client|casewall", title[1])


@pytest.mark.parametrize("page", ["/", "/yourself/", "/work/", "/message/",
                                  "/received/"])
def test_each_page_says_whom_to_call_in_danger(door: Client, page: str) -> None:
    assert b'call <strong dir="ltr">112</strong>' in door.get(page).content


def test_the_number_to_call_is_that_of_every_service_on_offer(door: Client) -> None:
    with override_settings(CASEWALL_DOOR_SERVICES=["intervention-centre", "dvip"]):
        assert b">112 or 999<" in door.get("/").content


@pytest.mark.parametrize("codes", [[], ["nowhere"], [""]])
def test_a_service_without_a_definition_is_a_mistake_of_the_set_up(codes: list[str]) -> None:
    with override_settings(CASEWALL_DOOR_SERVICES=codes), \
            pytest.raises(LookupError, match="CASEWALL_DOOR_SERVICES names"):
        offered()


def test_every_form_gets_one_and_the_same_answer(door: Client, forms, staff: Staff) -> None:
    answers = [whole(door.post(f"/{kind}/", posted)) for kind, posted in forms.items()]
    assert answers[0] == answers[1] == answers[2]
    status, content, headers, cookies = answers[0]
    assert (status, content, cookies) == (302, b"", "")
    assert ("Location", "/received/") in headers


@FORMS
def test_a_known_person_and_an_unknown_one_get_the_same_bytes(
        door: Client, forms, staff: Staff, kind: str) -> None:
    unknown = whole(door.post(f"/{kind}/", forms[kind]))
    again = whole(door.post(f"/{kind}/", {**forms[kind], "form_id": str(uuid4())}))
    twice = whole(door.post(f"/{kind}/", forms[kind]))
    assert unknown == again == twice


@FORMS
def test_a_form_makes_one_statement_and_reads_nothing(
        door: Client, forms, staff: Staff, kind: str) -> None:
    alias = DOORS[kind]
    others = {"programme_door", "safety_door", "programme", "safety"} - {alias}
    connections[alias].ensure_connection()
    with CaptureQueriesContext(connections[alias]) as asked:
        door.post(f"/{kind}/", forms[kind])
        assert all(connections[other].connection is None or not connections[other].queries
                   for other in others)
    assert [query["sql"].split("(")[0] for query in asked] == ["select app.door_append"]


@FORMS
def test_what_was_typed_stands_there_again_beside_what_is_wrong(
        door: Client, forms, kind: str) -> None:
    response = door.post(f"/{kind}/", {
        **forms[kind], "given_name": "", "referrer_name": "", "sender_name": ""})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error:" in page
    assert 'href="#id_' in page
    typed = ("20 00 00 01", "Opdigtet", "1988")
    for value in (forms[kind]["form_id"], *(("0a1B 2c3d",) if kind == "message" else typed)):
        assert value in page
    assert {"yourself": "I want it to stop.", "work": "WORD-THAT-STAYS-UP",
            "message": "WORD-OF-THE-REFERRER"}[kind] in page


@FORMS
def test_out_of_reach_keeps_everything_and_says_so(
        door: Client, forms, kind: str, tmp_path: Path, staff: Staff) -> None:
    alias = DOORS[kind]
    kept = connections.settings[alias]
    connections[alias].close()
    connections.settings[alias] = {**kept, "HOST": str(tmp_path)}
    del connections[alias]
    try:
        response = door.post(f"/{kind}/", forms[kind])
    finally:
        connections.settings[alias] = kept
        del connections[alias]
    page = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "Everything that you typed is still below." in page
    assert ("WORD-OF-THE-REFERRER" if kind == "message" else "Opdigtet") in page
    assert f'name="form_id" value="{forms[kind]["form_id"]}"' in page
    assert door.post(f"/{kind}/", forms[kind]).status_code == 302


def test_what_the_log_says_of_a_fault_holds_nothing_that_was_typed(
        door: Client, forms, caplog, tmp_path: Path, staff: Staff, monkeypatch) -> None:
    monkeypatch.setattr("casewall.frontdoor.actions.seal", lambda *given: b"\xff" * (2 ** 20))
    kept = connections.settings["safety_door"]
    connections["safety_door"].close()
    connections.settings["safety_door"] = {**kept, "HOST": str(tmp_path)}
    del connections["safety_door"]
    try:
        door.post("/work/", forms["work"])
    finally:
        connections.settings["safety_door"] = kept
        del connections["safety_door"]
    assert "The safety inbox could not be reached." in caplog.text
    for word in ("Aksel", "Benedikte", "WORD", "0800-77"):
        assert word not in caplog.text


@FORMS
def test_a_form_without_a_number_or_with_a_strange_one_is_taken(
        door: Client, forms, kind: str, staff: Staff, owner_urls: dict[str, str]) -> None:
    for number in ("", "not a number", "x" * 5000):
        assert door.post(f"/{kind}/", {**forms[kind], "form_id": number}).status_code == 302
    assert entries(owner_urls, SIDES[kind]) == 3


@FORMS
def test_each_form_that_is_opened_has_a_number_of_its_own(door: Client, kind: str) -> None:
    found = [re.search(r'name="form_id" value="(.*?)"', door.get(f"/{kind}/").content.decode())[1]
             for _ in range(2)]
    assert UUID(found[0]) != UUID(found[1])


def test_the_box_that_the_client_may_read_is_told_apart_from_the_notes(door: Client) -> None:
    page = door.get("/work/").content.decode()
    assert "For the client&#x27;s file; the client may read it" in page
    assert "The client never reads them." in page
    assert page.index("client_text") < page.index("partner_given_name") < page.index("id_notes")


def test_browsers_are_asked_to_remember_nothing(door: Client) -> None:
    for page, least in (("/yourself/", 6), ("/work/", 6), ("/message/", 4)):
        drawn = door.get(page).content.decode()
        boxes = re.findall(r"<(?:textarea|input type=\"(?:text|tel|email)\")[^>]*>", drawn)
        assert len(boxes) >= least
        assert '<form method="post" novalidate autocomplete="off">' in drawn


@pytest.mark.parametrize(("given", "shown"), [
    ("0a1b2c3d", "0a1b2c3d"), ("0A1B%202C3D", "0a1b2c3d"), ("0a1b2c3", ""), ("<b>hello</b>", ""),
    ("0a1b2c3g", ""), ("", "")])
def test_a_link_fills_in_the_reference_and_nothing_else(
        door: Client, given: str, shown: str) -> None:
    page = door.get(f"/message/?reference={given}&text=WORD&sender_name=WORD").content.decode()
    box = re.search(r'<input[^>]*name="reference"[^>]*>', page)[0]
    assert (f'value="{shown}"' in box) is bool(shown)
    assert ("value=" in box) is bool(shown)
    assert "WORD" not in page
    assert "<b>hello" not in page


def test_the_box_that_lets_the_client_read_is_not_ticked(door: Client) -> None:
    box = re.search(r'<input[^>]*name="may_read"[^>]*>', door.get("/message/").content.decode())[0]
    assert "checked" not in box


@pytest.mark.parametrize("verb", ["put", "delete", "patch", "options"])
def test_other_verbs_are_refused(door: Client, verb: str) -> None:
    assert getattr(door, verb)("/work/").status_code == 405


def test_a_page_that_is_not_there_looks_like_any_other(door: Client) -> None:
    assert door.get("/absent/").content == door.get("/work/4f1d/").content
    assert door.get("/absent/").status_code == 404


def test_a_form_that_is_far_too_large_is_refused(door: Client, work_form: dict[str, str]) -> None:
    door.raise_request_exception = False
    assert door.post("/work/", {**work_form, "notes": "x" * 3_000_000}).status_code == 400


def entries(owner_urls: dict[str, str], side: str) -> int:
    table = {"programme": "programme_referrals_doorentry", "safety": "safety_intake_doorentry"}
    with psycopg.connect(owner_urls[side]) as owner:
        owner.execute(f"alter table {table[side]} no force row level security")
        count = owner.execute(f"select count(*) from {table[side]}").fetchone()[0]
        owner.rollback()
    return count


def test_sealing_needs_no_key_that_opens(door_settings: dict[str, Any]) -> None:
    from casewall.config.sites import front_door

    assert not hasattr(front_door, "CASEWALL_SEAL_SECRETS")
    assert seal({"a": 1}, front_door.CASEWALL_SEAL_PUBLIC["safety"])
