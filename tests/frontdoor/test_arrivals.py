"""From the public form to the side that it was sealed for, and to no other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.conf import settings
from django.test import Client

from casewall.frontdoor import rules
from casewall.programme.cases.models import Case
from casewall.programme.referrals.actions import apply_arrivals
from casewall.programme.referrals.models import DoorEntry as ProgrammeEntry
from casewall.safety.intake.actions import take_in_forms
from casewall.safety.intake.models import DoorEntry as SafetyEntry
from casewall.safety.intake.models import IntakeReferral, ReferrerMessage
from casewall.safety.intake.outbox import send_outbox
from casewall.safety.partners.models import PartnerFile
from casewall.services.load import shipped
from casewall.vault.boxes import open_box
from casewall.vault.cipher import Unreadable
from casewall.wall.context import acting
from casewall.wall.sides import Role, Side
from tests.people import SERVICE, Staff

SERVICES = {SERVICE: shipped()[SERVICE]}
NOON = datetime.now(ZoneInfo("Europe/Copenhagen")).replace(hour=12, minute=0)
"""Of today, since the day on which an item was made is of the database's own clock."""


def sealed(staff: Staff, side: Side) -> list[bytes]:
    model, role = {Side.PROGRAMME: (ProgrammeEntry, Role.PROGRAMME_SYSTEM),
                   Side.SAFETY: (SafetyEntry, Role.SAFETY_SYSTEM)}[side]
    with acting(staff[role]):
        return [bytes(entry.sealed) for entry in model.objects.visible_to(staff[role])]


def arrive(staff: Staff) -> list[Case]:
    apply_arrivals(by=staff[Role.PROGRAMME_SYSTEM], services=SERVICES, on=NOON.date())
    manager = staff[Role.PROGRAMME_MANAGER]
    with acting(manager):
        return list(Case.objects.visible_to(manager).select_related("client"))


def take_in(staff: Staff) -> list[IntakeReferral]:
    take_in_forms(by=staff[Role.SAFETY_SYSTEM], services=SERVICES, at=NOON)
    coordinator = staff[Role.COORDINATOR]
    with acting(coordinator):
        return list(IntakeReferral.objects.visible_to(coordinator))


def test_a_self_referral_becomes_a_case_on_the_programme_side_only(
        door: Client, staff: Staff, self_form: dict[str, str]) -> None:
    door.post("/yourself/", self_form)
    assert take_in(staff) == []
    [case] = arrive(staff)
    client = case.client
    assert (client.full_name, client.phone, client.born_on, client.sex, client.language) == (
        "Aksel Opdigtet", "+4520000001", "1988-05-17", "male", "Dansk")
    assert (case.route, case.service) == ("self", SERVICE)
    assert case.text_for_file == "I shouted and I broke a door.\nI want it to stop."
    assert sealed(staff, Side.SAFETY) == []


def test_a_professionals_referral_is_split_on_the_safety_side(
        door: Client, staff: Staff, work_form: dict[str, str]) -> None:
    door.post("/work/", work_form)
    assert arrive(staff) == []
    [referral] = take_in(staff)
    assert (referral.reference, referral.children) == ("0800-77", "2")
    assert "WORD-THAT-STAYS-UP" in (referral.circumstances or "")
    worker = staff[Role.PARTNER_WORKER]
    with acting(worker):
        file = PartnerFile.objects.visible_to(worker).select_related("partner").get()
    assert (file.partner.full_name, file.relation) == ("Benedikte Fiktivsen", "former")
    assert "before 15.00" in (file.note or "")

    send_outbox(by=staff[Role.SAFETY_SYSTEM])
    [case] = arrive(staff)
    assert case.client.full_name == "Aksel Opdigtet"
    assert case.text_for_file == "WORD-FOR-THE-CLIENT"
    assert case.referrer_agency == "Fjordby Politikreds"
    assert case.referrer_worker == staff[Role.REFERRER].worker


@pytest.mark.parametrize(("route", "email"), [
    ("other_agency", "referrer@example.invalid"), ("marac", "referrer@example.invalid"),
    ("police", "nobody@example.invalid"), ("police", "")])
def test_a_referral_without_a_referrer_who_may_be_told_is_nobodys(
        door: Client, staff: Staff, work_form: dict[str, str], route: str, email: str) -> None:
    assert door.post("/work/", {**work_form, "route": route, "referrer_email": email}
                     ).status_code == 302
    take_in(staff)
    send_outbox(by=staff[Role.SAFETY_SYSTEM])
    [case] = arrive(staff)
    assert case.referrer_worker is None


def test_nobody_can_refer_himself_in_the_name_of_a_referrer(
        staff: Staff, self_form: dict[str, str], door: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rules.self_referral

    def named(*given: Any, **more: Any) -> dict[str, Any]:
        content = made(*given, **more)
        content["slots"]["referrer_email"] = "referrer@example.invalid"
        return content

    monkeypatch.setattr(rules, "self_referral", named)
    door.post("/yourself/", self_form)
    [case] = arrive(staff)
    assert case.referrer_worker is None


def test_a_message_comes_to_the_safety_side_and_leaves_the_programme_side_as_it_was(
        door: Client, staff: Staff, work_form: dict[str, str], message_form: dict[str, str],
        owner_urls: dict[str, str]) -> None:
    door.post("/work/", work_form)
    take_in(staff)
    send_outbox(by=staff[Role.SAFETY_SYSTEM])
    [case] = arrive(staff)
    before = everything(owner_urls["programme"])
    for _ in range(2):
        door.post("/message/", {**message_form, "reference": case.pk.hex[:8], "may_read": "on"})
    take_in(staff)
    send_outbox(by=staff[Role.SAFETY_SYSTEM])
    apply_arrivals(by=staff[Role.PROGRAMME_SYSTEM], services=SERVICES, on=NOON.date())
    assert everything(owner_urls["programme"]) == before
    coordinator = staff[Role.COORDINATOR]
    with acting(coordinator):
        [message] = ReferrerMessage.objects.visible_to(coordinator)
    assert (message.reference, message.service, message.state, message.may_read) == (
        case.pk.hex[:8], SERVICE, "new", True)
    assert message.text == "WORD-OF-THE-REFERRER\nOn two lines."
    assert (message.sender_name, message.sender_email) == (
        "Invented Officer", "referrer@example.invalid")
    with acting(staff[Role.SAFETY_SYSTEM]):
        kept = SafetyEntry.objects.visible_to(staff[Role.SAFETY_SYSTEM])
        assert {(bytes(one.sealed), one.outcome) for one in kept} == {(b"", "loaded")}


def everything(url: str) -> dict[str, list[Any]]:
    """Every row of every table of a side, its times of change included."""
    with psycopg.connect(url) as owner:
        tables = [row[0] for row in owner.execute(
            "select tablename from pg_tables where schemaname = 'public'")]
        found = {}
        for table in tables:
            owner.execute(f"alter table {table} no force row level security")
            found[table] = sorted(map(str, owner.execute(
                f"select xmin, t.* from {table} t").fetchall()))
        owner.rollback()
    return found


def test_sending_a_form_twice_is_one_and_changing_it_is_another(
        door: Client, staff: Staff, self_form: dict[str, str], work_form: dict[str, str]) -> None:
    for _ in range(2):
        door.post("/yourself/", self_form)
        door.post("/work/", work_form)
    assert (len(sealed(staff, Side.PROGRAMME)), len(sealed(staff, Side.SAFETY))) == (1, 1)
    door.post("/yourself/", {**self_form, "given_name": "Birk"})
    door.post("/work/", {**work_form, "client_given_name": "Birk"})
    assert (len(sealed(staff, Side.PROGRAMME)), len(sealed(staff, Side.SAFETY))) == (2, 2)


def test_what_is_sealed_opens_with_its_own_sides_key_and_with_no_other(
        door: Client, staff: Staff, self_form: dict[str, str], work_form: dict[str, str]) -> None:
    door.post("/yourself/", self_form)
    door.post("/work/", work_form)
    keys = settings.CASEWALL_SEAL_SECRETS
    for side, word in ((Side.PROGRAMME, b"Opdigtet"), (Side.SAFETY, b"Fiktivsen")):
        [box] = sealed(staff, side)
        assert word not in box
        assert open_box(box, keys[side])["service"] == SERVICE
        other = Side.SAFETY if side is Side.PROGRAMME else Side.PROGRAMME
        with pytest.raises(Unreadable):
            open_box(box, keys[other])


@pytest.fixture(params=["PROGRAMME", "SAFETY"])
def door_role(request: pytest.FixtureRequest, staff: Staff) -> Iterator[psycopg.Connection]:
    url = os.environ[f"CASEWALL_{request.param}_DOOR_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def test_the_doors_role_can_append_and_do_nothing_else(door_role: psycopg.Connection) -> None:
    role = door_role.execute("select current_user").fetchone()[0]
    rights = door_role.execute("""
        select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and (
            c.relkind = 'S' and has_sequence_privilege(c.oid, 'usage, select, update')
            or c.relkind in ('r', 'v', 'm', 'p') and (
                has_table_privilege(c.oid, 'select, insert, update, delete, truncate, trigger')
                or has_any_column_privilege(c.oid, 'select, insert, update')))""").fetchall()
    assert rights == []
    functions = door_role.execute(
        "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname in ('app', 'priv', 'flow', 'public')"
        " and has_schema_privilege(n.oid, 'usage')"
        " and has_function_privilege(p.oid, 'execute')").fetchall()
    assert [name for name, in functions if name.startswith(("door", "bridge", "my_", "is_"))] == [
        "door_append"]
    tables = {"prog_door": "programme_referrals_doorentry", "safe_door": "safety_intake_doorentry"}
    for statement in (f"select * from {tables[role]}", "select id from staff_worker",
                      "create table public.mine as select 1", "set role prog_owner",
                      "set role safe_owner", f"set role {role}_owner",
                      "select app.my_compartments()"):
        with pytest.raises(psycopg.Error):
            door_role.execute(statement)


def test_appending_the_same_identifier_again_changes_nothing_and_says_nothing(
        door_role: psycopg.Connection) -> None:
    append = "select app.door_append('4f1d8a0e-2b1c-4c8e-9d6f-0a5b7c3e2d11', %s)"
    first = door_role.execute(append, [b"one"])
    second = door_role.execute(append, [b"two"])
    assert first.fetchall() == second.fetchall()
    assert first.statusmessage == second.statusmessage
