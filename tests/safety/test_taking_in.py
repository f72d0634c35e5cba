"""Referrals into both sides: load, load again, undo, and what crashes in between."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from casewall.config.embedded import Cluster
from casewall.programme.cases import actions as case_work
from casewall.programme.cases.models import Case, Task
from casewall.programme.cases.rules import Outcome as ClientOutcome
from casewall.programme.cases.rules import Route, Stage, Suitability
from casewall.programme.needs import actions as told
from casewall.programme.needs.rules import Concern, Declared, Lives, Of
from casewall.programme.referrals.actions import apply_arrivals
from casewall.programme.referrals.models import BridgeItem
from casewall.safety.intake.actions import load_file, take_in_forms, try_file, undo_file
from casewall.safety.intake.models import (
    DoorEntry,
    HeaderMapping,
    IntakeReferral,
    OutboxItem,
    ReferralFile,
)
from casewall.safety.intake.outbox import draft, send_later, send_outbox
from casewall.safety.intake.table import Unreadable
from casewall.safety.partners import actions as support
from casewall.safety.partners.models import FileLink, PartnerFile, PartnerTask
from casewall.safety.partners.rules import Channel, Outcome
from casewall.safety.pulled.actions import pull
from casewall.safety.pulled.models import CaseToken, PulledCase
from casewall.safety.pulled.reading import stated_and_done
from casewall.services.load import shipped
from casewall.vault.boxes import seal
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import SERVICE, Staff

CENTRE = shipped()[SERVICE]
SERVICES = {SERVICE: CENTRE}
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))
HEADER = (
    "Sagsnr;Henvisningsdato;Udøver fornavn;Udøver efternavn;Udøver fødselsdato;Udøver telefon;"
    "Partner fornavn;Partner efternavn;Partner telefon;Bemærkninger\n"
)
BOTH = "1-1;01.03.2026;Aksel;Opdigtet;17.05.1988;20000001;Benedikte;Fiktivsen;20000002;talte\n"
CLIENT_ONLY = "1-2;01.03.2026;Carlo;Fiktivholm;18.05.1979;20000003;;;;\n"
PARTNER_ONLY = "1-3;01.03.2026;;;;;Ditte;Påfundsen;20000004;\n"


@pytest.fixture
def police(tmp_path: Path) -> Any:
    """Writes a referral file of these rows and gives its path."""

    def write(*rows: str, name: str = "henvisninger.csv", header: str = HEADER) -> Path:
        path = tmp_path / name
        path.write_text(header + "".join(rows), encoding="utf-8")
        return path

    return write


def load(staff: Staff, path: Path, **details: Any) -> Any:
    return load_file(
        source=path, name=path.name, service=CENTRE, by=staff[Role.COORDINATOR], at=NOON, **details
    )


def round_trip(staff: Staff, at: datetime = NOON) -> None:
    send_outbox(by=staff[Role.SAFETY_SYSTEM])
    apply_arrivals(by=staff[Role.PROGRAMME_SYSTEM], services=SERVICES, on=at.date())


def programme_cases(staff: Staff) -> list[Case]:
    by = staff[Role.PROGRAMME_MANAGER]
    with acting(by):
        return list(Case.objects.visible_to(by).select_related("client").order_by("id"))


def rows(staff: Staff, model: Any, role: Role = Role.COORDINATOR) -> list[Any]:
    with acting(staff[role]):
        return list(model.objects.visible_to(staff[role]))


def test_one_and_two_party_rows_are_split(staff: Staff, police: Any) -> None:
    loaded = load(staff, police(BOTH, CLIENT_ONLY, PARTNER_ONLY))
    round_trip(staff)
    assert (loaded.trial.clients, loaded.trial.partners) == (2, 2)
    names = {case.client.full_name for case in programme_cases(staff)}
    assert names == {"Aksel Opdigtet", "Carlo Fiktivholm"}
    assert len(rows(staff, PartnerFile)) == 2
    assert {case.next_action for case in programme_cases(staff)} == {"contact"}


def test_loading_again_changes_nothing(staff: Staff, police: Any) -> None:
    path = police(BOTH, CLIENT_ONLY, PARTNER_ONLY)
    load(staff, path)
    again = load(staff, path)
    round_trip(staff)
    assert (again.trial.loadable, again.trial.known) == (0, 3)
    assert len(programme_cases(staff)) == 2
    assert len(rows(staff, PartnerFile)) == 2
    assert len(rows(staff, OutboxItem)) == 2


def test_a_client_who_comes_again_with_another_partner_gets_no_second_case(
    staff: Staff, police: Any
) -> None:
    load(staff, police(BOTH))
    second = BOTH.replace("Benedikte;Fiktivsen;20000002", "Frida;Drømmeby;20000009")
    load(staff, police(second, name="to.csv"))
    round_trip(staff)
    pull(by=staff[Role.SAFETY_SYSTEM], services=SERVICES, at=NOON)
    [case] = programme_cases(staff)
    assert {link.case_id for link in rows(staff, FileLink)} == {case.pk}
    assert len(rows(staff, FileLink)) == 2


def test_a_trial_stores_nothing(staff: Staff, police: Any) -> None:
    trial = try_file(
        source=police(BOTH),
        name="henvisninger.csv",
        service=CENTRE,
        today=date(2026, 3, 2),
        by=staff[Role.COORDINATOR],
    )
    assert trial.loadable == 1
    for model in (ReferralFile, IntakeReferral, PartnerFile, OutboxItem):
        assert rows(staff, model) == []


def test_undo_withdraws_what_is_untouched_on_both_sides(staff: Staff, police: Any) -> None:
    loaded = load(staff, police(BOTH, CLIENT_ONLY, PARTNER_ONLY))
    round_trip(staff)
    undone = undo_file(file=loaded.file, by=staff[Role.COORDINATOR], at=NOON + timedelta(days=1))
    round_trip(staff, NOON + timedelta(days=1))
    assert (undone.withdrawn, undone.tasks, undone.sent_down) == (2, 0, 2)
    assert {case.stage for case in programme_cases(staff)} == {Stage.WITHDRAWN}
    with pytest.raises(Refused, match="undone already"):
        undo_file(file=loaded.file, by=staff[Role.COORDINATOR], at=NOON)


def test_undo_of_what_has_been_worked_on_becomes_a_task_on_each_side(
    staff: Staff, police: Any
) -> None:
    loaded = load(staff, police(BOTH))
    round_trip(staff)
    [case], [file] = programme_cases(staff), rows(staff, PartnerFile)
    case_work.record_contact(
        case=case,
        tried_at=NOON,
        route=Route.PHONE,
        outcome=ClientOutcome.NO_ANSWER,
        by=staff[Role.PROGRAMME_MANAGER],
    )
    support.record_contact(
        file=file,
        tried_at=NOON,
        channel=Channel.CALL,
        outcome=Outcome.NO_ANSWER,
        by=staff[Role.PARTNER_WORKER],
    )
    undone = undo_file(file=loaded.file, by=staff[Role.COORDINATOR], at=NOON)
    round_trip(staff)
    assert (undone.withdrawn, undone.tasks) == (0, 1)
    [case] = programme_cases(staff)
    assert case.stage == Stage.REFERRED
    with acting(staff[Role.PROGRAMME_MANAGER]):
        assert Task.objects.visible_to(staff[Role.PROGRAMME_MANAGER]).get().kind == (
            "referral_withdrawn"
        )
    assert [task.kind for task in rows(staff, PartnerTask)] == ["referral_withdrawn"]


def test_a_file_can_be_loaded_again_after_it_was_undone(staff: Staff, police: Any) -> None:
    path = police(BOTH)
    undo_file(file=load(staff, path).file, by=staff[Role.COORDINATOR], at=NOON)
    assert load(staff, path).trial.loadable == 1


def test_a_withdrawal_that_overtakes_its_referral_still_withdraws(
    staff: Staff, police: Any
) -> None:
    loaded = load(staff, police(CLIENT_ONLY))
    undo_file(file=loaded.file, by=staff[Role.COORDINATOR], at=NOON)
    round_trip(staff)
    assert [case.stage for case in programme_cases(staff)] == [Stage.WITHDRAWN]


def test_sending_twice_after_a_crash_arrives_once(staff: Staff, police: Any) -> None:
    load(staff, police(BOTH))
    by = staff[Role.SAFETY_SYSTEM]
    with acting(by):
        [item] = OutboxItem.objects.visible_to(by)
        with connections["programme_bridge"].cursor() as cursor:
            cursor.execute(
                "select app.bridge_append(%s, %s, %s)", [item.id, item.kind, bytes(item.payload)]
            )
    round_trip(staff)
    round_trip(staff)
    assert len(programme_cases(staff)) == 1


def test_an_item_that_cannot_be_read_is_marked_and_kept(staff: Staff) -> None:
    with connections["programme_bridge"].cursor() as cursor:
        cursor.execute("select app.bridge_append(%s, %s, %s)", [uuid4(), "recall", b"nonsense"])
    assert apply_arrivals(by=staff[Role.PROGRAMME_SYSTEM], services=SERVICES, on=NOON.date()) == 0
    with acting(staff[Role.PROGRAMME_SYSTEM]):
        item = BridgeItem.objects.visible_to(staff[Role.PROGRAMME_SYSTEM]).get()
    assert item.outcome == "unreadable"


def test_a_kind_that_the_table_does_not_send_down_is_refused_twice(staff: Staff) -> None:
    with pytest.raises(Refused, match="not in the table of flows"):
        draft(item=uuid4(), kind="address", compartment=1, content={}, at=NOON)
    with pytest.raises(Refused, match="flows from"):
        draft(item=uuid4(), kind="attendance", compartment=1, content={}, at=NOON)
    with (
        pytest.raises(Exception, match="this kind does not cross"),
        connections["programme_bridge"].cursor() as cursor,
    ):
        cursor.execute("select app.bridge_append(%s, %s, %s)", [uuid4(), "address", b"x"])


def test_disclosures_and_recalls_for_unknown_cases_change_nothing(staff: Staff) -> None:
    by = staff[Role.SAFETY_SYSTEM]
    with acting(by):
        place = min(by.compartments)
        send_later(
            item=uuid4(),
            kind="disclosure",
            compartment=place,
            at=NOON,
            content={"case": str(uuid4()), "purpose": "statement", "text": "x"},
        )
        send_later(
            item=uuid4(),
            kind="recall",
            compartment=place,
            at=NOON,
            content={"disclosure": str(uuid4())},
        )
    round_trip(staff)
    system = staff[Role.PROGRAMME_SYSTEM]
    with acting(system):
        outcomes = set(BridgeItem.objects.visible_to(system).values_list("outcome", flat=True))
    assert outcomes == {"unknown"}


def test_ambiguous_dates_are_refused_until_the_order_is_said_and_then_remembered(
    staff: Staff, police: Any, owner_urls: dict[str, str]
) -> None:
    row = BOTH.replace("01.03.2026", "2026-03-01").replace("17.05.1988", "04/05/1988")
    settings_free = CENTRE.model_copy(
        update={
            "date_order": None,
            "referral_files": tuple(
                f.model_copy(update={"date_order": None}) for f in CENTRE.referral_files
            ),
        }
    )
    by = staff[Role.COORDINATOR]
    common = {"source": police(row), "name": "f.csv", "service": settings_free, "by": by}
    trial = try_file(**common, today=NOON.date())
    assert any("4 May" in p.sentence and "5 April" in p.sentence for p in trial.problems)
    assert trial.clients == 0
    load_file(**common, at=NOON, date_order="dmy")
    [kept] = rows(staff, HeaderMapping)
    assert kept.date_order == "dmy"
    round_trip(staff)
    assert [case.client.born_on for case in programme_cases(staff)] == ["1988-05-04"]


def test_a_column_that_was_named_once_is_known_for_the_next_file(staff: Staff, police: Any) -> None:
    header = HEADER.replace("Udøver fornavn", "Kolonne X")
    load(staff, police(BOTH, header=header), columns={"Kolonne X": "client_given_name"})
    trial = try_file(
        source=police(CLIENT_ONLY, header=header, name="b.csv"),
        name="b.csv",
        service=CENTRE,
        by=staff[Role.COORDINATOR],
        today=NOON.date(),
    )
    assert trial.headers["Kolonne X"] == "client_given_name"


def test_a_file_without_one_good_row_is_refused_and_nothing_is_stored(
    staff: Staff, police: Any
) -> None:
    with pytest.raises(Refused, match="Row 2, column C"):
        load(staff, police("1;01.03.2026;=1+1;;;;;;;\n"))
    assert rows(staff, ReferralFile) == []


def test_what_is_not_a_table_is_one_sentence(staff: Staff, tmp_path: Path) -> None:
    path = tmp_path / "kort.csv"
    path.write_bytes(b"%PDF-1.7 invented")
    with pytest.raises(Unreadable, match=r"kort\.csv"):
        load(staff, path)


def test_only_those_who_do_intake_may_load(staff: Staff, police: Any) -> None:
    with pytest.raises(Refused, match="may not take in referrals"):
        load_file(
            source=police(BOTH),
            name="x.csv",
            service=CENTRE,
            at=NOON,
            by=staff[Role.PARTNER_WORKER],
        )


def _append(side: str, content: dict[str, Any]) -> None:
    with connections[f"{side}_door"].cursor() as cursor:
        cursor.execute(
            "select app.door_append(%s, %s)",
            [uuid4(), seal(content, settings.CASEWALL_SEAL_PUBLIC[side])],
        )


def test_forms_of_the_front_door_are_taken_in_like_rows(staff: Staff) -> None:
    fields = {
        "client_given_name": "Aksel",
        "client_family_name": "Opdigtet",
        "partner_given_name": "Benedikte",
        "partner_family_name": "Fiktivsen",
        "route": "health",
        "unheard_of": "x",
    }
    _append("safety", {"service": SERVICE, "fields": fields})
    _append("safety", {"service": SERVICE, "fields": fields})
    _append("safety", {"service": "elsewhere", "fields": fields})
    _append("safety", {"service": SERVICE, "fields": {"notes": "nobody is named"}})
    taken = take_in_forms(by=staff[Role.SAFETY_SYSTEM], services=SERVICES, at=NOON)
    round_trip(staff)
    assert taken == 1
    [case] = programme_cases(staff)
    assert case.route == "health"
    system = staff[Role.SAFETY_SYSTEM]
    with acting(system):
        outcomes = sorted(DoorEntry.objects.visible_to(system).values_list("outcome", flat=True))
    assert outcomes == ["known", "loaded", "refused", "unreadable"]


def test_a_self_referral_becomes_a_case_and_nothing_else(staff: Staff) -> None:
    _append(
        "programme",
        {
            "service": SERVICE,
            "slots": {
                "given_name": "Egon",
                "family_name": "Drømmegaard",
                "received_on": "2026-03-01",
            },
        },
    )
    _append("programme", {"service": SERVICE, "slots": {"given_name": "no day"}})
    round_trip(staff)
    [case] = programme_cases(staff)
    assert (case.route, case.client.full_name) == ("self", "Egon Drømmegaard")
    assert rows(staff, IntakeReferral) == []


def test_pulling_again_changes_nothing_and_a_change_comes_with_the_next_pull(
    staff: Staff, police: Any
) -> None:
    load(staff, police(BOTH))
    round_trip(staff)
    by = staff[Role.SAFETY_SYSTEM]
    first = pull(by=by, services=SERVICES, at=NOON)
    second = pull(by=by, services=SERVICES, at=NOON + timedelta(minutes=5))
    assert (first.changed, second.changed) == (1, 0)
    [case] = programme_cases(staff)
    case_work.declare_partner(
        case=case,
        name="En Anden",
        relation="current",
        contact_details="20000011",
        stated_by="client",
        stated_on=NOON.date(),
        by=staff[Role.ASSESSOR],
    )
    case_work.record_contact(
        case=case,
        tried_at=NOON,
        route=Route.PHONE,
        outcome=ClientOutcome.SPOKE,
        by=staff[Role.ASSESSOR],
    )
    third = pull(by=by, services=SERVICES, at=NOON + timedelta(minutes=10))
    assert third.changed == 2
    [pulled] = rows(staff, PulledCase)
    assert (pulled.stage, pulled.name) == (Stage.CONTACTED, "Aksel Opdigtet")
    assert {token.kind for token in rows(staff, CaseToken)} == {"name", "born"}


def test_the_inbox_is_ciphertext(
    staff: Staff, police: Any, owner_urls: dict[str, str], var: Path
) -> None:
    load(staff, police(BOTH))
    send_outbox(by=staff[Role.SAFETY_SYSTEM])
    with psycopg.connect(Cluster(var / "programme").superuser_url("casewall_programme")) as raw:
        payloads = [
            bytes(row[0])
            for row in raw.execute("select payload from programme_referrals_bridgeitem")
        ]
    assert payloads
    assert not any(b"Opdigtet" in payload for payload in payloads)


def test_an_inbox_keeps_nothing_of_what_was_taken_in(staff: Staff, police: Any, var: Path) -> None:
    load(staff, police(BOTH))
    _append(
        "programme",
        {
            "service": SERVICE,
            "slots": {
                "given_name": "Egon",
                "family_name": "Drømmegaard",
                "received_on": "2026-03-01",
            },
        },
    )
    _append("safety", {"service": SERVICE, "fields": {"client_family_name": "Opdigtet"}})
    round_trip(staff)
    take_in_forms(by=staff[Role.SAFETY_SYSTEM], services=SERVICES, at=NOON)
    for side, tables in (
        (
            "programme",
            (
                "payload from programme_referrals_bridgeitem",
                "sealed from programme_referrals_doorentry",
            ),
        ),
        ("safety", ("sealed from safety_intake_doorentry",)),
    ):
        with psycopg.connect(Cluster(var / side).superuser_url(f"casewall_{side}")) as raw:
            for table in tables:
                assert [bytes(row[0]) for row in raw.execute(f"select {table}")] == [b""]


def test_a_refusal_children_and_safeguarding_are_pulled_and_told_once(
    staff: Staff, police: Any
) -> None:
    load(staff, police(BOTH))
    round_trip(staff)
    case, by = programme_cases(staff)[0], staff[Role.PROGRAMME_MANAGER]
    safety = staff[Role.SAFETY_SYSTEM]
    pull(by=safety, services=SERVICES, at=NOON)
    case_work.record_contact(
        case=case, tried_at=NOON, route=Route.PHONE, outcome=ClientOutcome.SPOKE, by=by
    )
    booked = case_work.book_assessment(
        case=case, booked_for=NOON + timedelta(days=2), on=NOON.date(), by=by
    )
    told.declare_child(
        case=case,
        name="Opdigtet Barn",
        born_on=date(2018, 5, 4),
        lives=Lives.SHARED,
        sees_client=None,
        stated_by="client",
        stated_on=NOON.date(),
        by=by,
    )
    told.state_family(
        case=case,
        of=Of.CHILDREN,
        answer=Declared.SOME,
        number=2,
        stated_by="client",
        stated_on=NOON.date(),
        by=by,
    )
    told.refer_safeguarding(
        case=case,
        concern=Concern.CHILD_SEES_VIOLENCE,
        made_to="Kommunen (opdigtet)",
        made_on=NOON.date(),
        reason="Said at the first talk.",
        client_told=True,
        by=by,
    )
    case_work.decide_suitability(
        assessment=booked,
        held_on=NOON.date() + timedelta(days=2),
        decision=Suitability.NOT_SUITABLE,
        by=by,
    )
    for _ in range(2):
        pull(by=safety, services=SERVICES, at=NOON + timedelta(days=3))
    worker = staff[Role.PARTNER_WORKER]
    with acting(worker):
        kinds = sorted(PartnerTask.objects.visible_to(worker).values_list("kind", flat=True))
        rows = stated_and_done([case.pk], worker)[case.pk]
    assert kinds == ["tell_refused", "tell_safeguarding"]
    assert [label for label, _ in rows] == [
        "Assessment",
        "Safeguarding referral",
        "Children, as stated by the client",
        "A child, as stated by the client",
    ]
    assert "Not suitable" in rows[0][1]
    assert rows[2][1] == "2"
    assert "Opdigtet Barn, born 4 May 2018" in rows[3][1]
