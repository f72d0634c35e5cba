"""One family's way through Casewall, told in the order in which it happens."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from casewall.programme.agreements.actions import sign_agreement
from casewall.programme.cases import actions as case_work
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Outcome as ClientOutcome
from casewall.programme.cases.rules import Route, Stage, Suitability
from casewall.programme.groups import actions as group_work
from casewall.programme.groups.models import Session
from casewall.programme.groups.rules import Mark
from casewall.programme.referrals.actions import apply_arrivals
from casewall.programme.registers.actions import record_register
from casewall.safety.intake.actions import load_file
from casewall.safety.intake.outbox import send_outbox
from casewall.safety.partners import actions as support
from casewall.safety.partners.models import FileLink, PartnerFile, PartnerTask
from casewall.safety.partners.rules import Channel, Outcome, Wave
from casewall.safety.pulled.actions import pull
from casewall.safety.pulled.models import PulledAttendance, PulledCase
from casewall.services.load import shipped
from casewall.staff.actions import compartment_for
from casewall.wall.context import acting
from casewall.wall.sides import Role, Side
from tests.people import SERVICE, Staff

CENTRE = shipped()[SERVICE]
SERVICES = {SERVICE: CENTRE}
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))
DAY = NOON.date()

POLICE_FILE = """\
Sagsnr;Henvisningsdato;Udøver fornavn;Udøver efternavn;Udøver fødselsdato;Udøver køn;\
Udøver telefon;Partner fornavn;Partner efternavn;Partner telefon;Partner køn
0800-1;01.03.2026;Aksel;Opdigtet;17.05.1988;mand;20 00 00 01;Benedikte;Fiktivsen;20 00 00 02;kvinde
"""


def test_one_family(staff: Staff, tmp_path: Path) -> None:
    police_file = tmp_path / "henvisninger.csv"
    police_file.write_text(POLICE_FILE, encoding="utf-8")
    coordinator, worker = staff[Role.COORDINATOR], staff[Role.PARTNER_WORKER]
    assessor, manager = staff[Role.ASSESSOR], staff[Role.PROGRAMME_MANAGER]
    facilitator = staff[Role.FACILITATOR]
    safety, programme = staff[Role.SAFETY_SYSTEM], staff[Role.PROGRAMME_SYSTEM]

    # The police refer two people in one row. It is split: two files, on two sides of a wall.
    load_file(source=police_file, name=police_file.name, service=CENTRE, by=coordinator, at=NOON)
    send_outbox(by=safety)
    apply_arrivals(by=programme, services=SERVICES, on=DAY)
    with acting(assessor):
        case = Case.objects.visible_to(assessor).select_related("client").get()
    assert case.client.full_name == "Aksel Opdigtet"
    with acting(worker):
        file = PartnerFile.objects.visible_to(worker).select_related("partner").get()
    assert file.partner.full_name == "Benedikte Fiktivsen"

    # She is reached on the second attempt, and says which channel is safe.
    support.take_file(file=file, by=worker)
    support.record_contact(
        file=file,
        tried_at=NOON + timedelta(days=1),
        channel=Channel.CALL,
        outcome=Outcome.NO_ANSWER,
        by=worker,
    )
    support.record_contact(
        file=file,
        tried_at=NOON + timedelta(days=3),
        channel=Channel.CALL,
        outcome=Outcome.SPOKE,
        still_safe=True,
        by=worker,
    )
    support.record_scale(
        file=file,
        measure="safety",
        wave=Wave.BEFORE,
        answered_on=DAY,
        answers={f"safety-{n}": "1" for n in range(1, 5)},
        mode="phone",
        language="en",
        by=worker,
    )

    # He is met, assessed, found suitable, and signs. He misses the second session.
    case_work.record_contact(
        case=case,
        tried_at=NOON + timedelta(days=1),
        route=Route.PHONE,
        outcome=ClientOutcome.SPOKE,
        by=assessor,
    )
    assessment = case_work.book_assessment(
        case=case, booked_for=NOON + timedelta(days=7), on=DAY + timedelta(days=2), by=assessor
    )
    case_work.decide_suitability(
        assessment=assessment,
        held_on=DAY + timedelta(days=7),
        decision=Suitability.SUITABLE,
        by=assessor,
    )
    sign_agreement(
        case=case, signed_on=DAY + timedelta(days=9), text_version="1", language="da", by=assessor
    )
    with acting(manager):
        case = Case.objects.visible_to(manager).get(pk=case.pk)
    group = group_work.plan_group(
        name="Monday group",
        service=SERVICE,
        component="counselling-group",
        starts_on=DAY + timedelta(days=14),
        begins_at=time(18),
        minutes=120,
        sessions=12,
        facilitators=[facilitator.worker],
        by=manager,
        compartment=compartment_for(side=Side.PROGRAMME, service=SERVICE),
    )
    group_work.place_in_group(
        group=group, case=case, joined_on=DAY + timedelta(days=14), by=manager
    )
    with acting(facilitator):
        first, second = Session.objects.visible_to(facilitator).order_by("number")[:2]
    record_register(session=first, marks={case.pk: (Mark.ATTENDED, 0)}, by=facilitator)
    record_register(
        session=second, marks={case.pk: (Mark.ABSENT_NOT_ACCEPTED, 0)}, by=facilitator
    )
    with acting(facilitator):
        assert Case.objects.visible_to(facilitator).get().stage == Stage.STARTED

    # The safety side pulls. The two files are linked there, and only there; her worker is told.
    pull(by=safety, services=SERVICES, at=NOON + timedelta(days=21))
    with acting(worker):
        link = FileLink.objects.visible_to(worker).get()
        assert link.case_id == case.pk
        assert PulledCase.objects.visible_to(worker).get().stage == Stage.STARTED
        assert PulledAttendance.objects.visible_to(worker).count() == 2
        kinds = set(PartnerTask.objects.visible_to(worker).values_list("kind", flat=True))
    assert kinds == {"tell_started", "tell_absent"}
    assert date(2026, 3, 1) == file.referred_on
