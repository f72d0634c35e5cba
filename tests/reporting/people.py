"""A handful of invented people on both sides, entered through the product's own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from casewall.programme.agreements.actions import sign_agreement
from casewall.programme.cases import actions as case_work
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import ExitReason, Stage, Suitability
from casewall.programme.cases.rules import Outcome as ClientOutcome
from casewall.programme.cases.rules import Route as ContactRoute
from casewall.programme.groups import actions as group_work
from casewall.programme.groups.models import Session
from casewall.programme.groups.rules import Mark
from casewall.programme.registers.actions import record_register
from casewall.safety.partners import actions as support
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Channel, NotAnswered, Outcome, Wave
from casewall.staff.actions import compartment_for
from casewall.wall.context import acting
from casewall.wall.sides import Role, Side
from tests.people import SERVICE, Staff

REFERRED_ON = date(2014, 1, 6)
NOON = datetime(2014, 1, 8, 12, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))
PLANTED = ("Aksel", "Opdigtet", "Benedikte", "Fiktivsen", "20000001", "20000002", "aksel@",
           "Opfundet Alle", "CANARYPROGRAMME", "CANARYSAFETY")
"""Words that stand in names, contact details and notes, and nowhere in an extract."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Four cases and four files; one of each is withdrawn. `files[0]` and `cases[0]` are linked."""

    cases: list[Case]
    files: list[PartnerFile]


def open_case(staff: Staff, *, sex: str = "male", route: str = "police",
              referred_on: date = REFERRED_ON) -> Case:
    slots = {"id": str(uuid4()), "given_name": "Aksel", "family_name": "Opdigtet",
             "born_on": "1988-05-17", "sex": sex, "phone": "+4520000001",
             "email": "aksel@example.invalid", "address": "Opfundet Alle 1", "language": "da",
             "consent": "yes", "route": route, "referrer_agency": "", "text": "CANARYPROGRAMME",
             "received_on": referred_on.isoformat()}
    return case_work.open_case(
        slots=slots, service=SERVICE, prefix="+45", by=staff[Role.PROGRAMME_SYSTEM],
        compartment=compartment_for(side=Side.PROGRAMME, service=SERVICE))


def open_file(staff: Staff, *, sex: str = "female", referred_on: date = REFERRED_ON
              ) -> PartnerFile:
    part = {"given_name": "Benedikte", "family_name": "Fiktivsen", "sex": sex,
            "phone": "+4520000002", "born_on": None, "email": "", "address": "Opfundet Alle 2",
            "language": "da"}
    return support.open_file(
        part=part, service=SERVICE, route="police", referred_on=referred_on, prefix="+45",
        contact_due_days=5, by=staff[Role.COORDINATOR],
        compartment=compartment_for(side=Side.SAFETY, service=SERVICE,
                                    agency="lyngholm-shelter"))


def reach_client(staff: Staff, case: Case, outcome: ClientOutcome, after: int = 0) -> None:
    case_work.record_contact(case=case, tried_at=NOON + timedelta(days=after), outcome=outcome,
                             route=ContactRoute.PHONE, note="CANARYPROGRAMME",
                             by=staff[Role.PROGRAMME_MANAGER])


def reach_partner(staff: Staff, file: PartnerFile, outcome: Outcome, after: int = 0) -> None:
    support.record_contact(file=file, tried_at=NOON + timedelta(days=after),
                           channel=Channel.CALL, outcome=outcome, note="CANARYSAFETY",
                           by=staff[Role.PARTNER_WORKER])


def answer_safety(staff: Staff, file: PartnerFile, wave: Wave, level: int, on: date) -> None:
    """Answer all four items alike, at 25 points of the scale for each level from 0 to 4."""
    turned = 4 - level  # the last two items ask about fear
    support.record_scale(
        file=file, measure="safety", wave=wave, answered_on=on, mode="telephone", language="da",
        answers={f"safety-{n}": str(level if n <= 2 else turned) for n in range(1, 5)},
        by=staff[Role.PARTNER_WORKER])


def start(staff: Staff, case: Case) -> UUID:
    """Assess, sign and place in a group; returns the group. Two sessions are marked."""
    assessor, manager = staff[Role.ASSESSOR], staff[Role.PROGRAMME_MANAGER]
    day = NOON.date()
    booked = case_work.book_assessment(case=case, booked_for=NOON + timedelta(days=5), on=day,
                                       by=assessor)
    case_work.decide_suitability(assessment=booked, held_on=day + timedelta(days=5),
                                 decision=Suitability.SUITABLE, by=assessor)
    sign_agreement(case=case, signed_on=day + timedelta(days=6), text_version="1",
                             language="da", by=assessor)
    with acting(manager):
        case = Case.objects.visible_to(manager).get(pk=case.pk)
    facilitator = staff[Role.FACILITATOR]
    group = group_work.plan_group(
        name="CANARYPROGRAMME group", service=SERVICE, component="counselling-group",
        starts_on=day + timedelta(days=12), begins_at=time(18), minutes=120, sessions=2,
        facilitators=[facilitator.worker], by=manager,
        compartment=compartment_for(side=Side.PROGRAMME, service=SERVICE))
    group_work.place_in_group(group=group, case=case, joined_on=day + timedelta(days=12),
                              by=manager)
    with acting(facilitator):
        first, second = Session.objects.visible_to(facilitator).order_by("number")
    record_register(session=first, marks={case.pk: (Mark.LATE, 30)}, by=facilitator)
    record_register(session=second, by=facilitator,
                    marks={case.pk: (Mark.ABSENT_NOT_ACCEPTED, 0)})
    return group.pk


def small_cohort(staff: Staff) -> Cohort:
    """A client who started, one who declined, one not tried and one withdrawn; a partner who
    engaged and answered, one unsafe to reach, one not reached and one withdrawn."""
    cases = [open_case(staff), open_case(staff, sex="female"), open_case(staff, sex="unknown"),
             open_case(staff)]
    files = [open_file(staff), open_file(staff, sex="male"), open_file(staff), open_file(staff)]
    reach_client(staff, cases[0], ClientOutcome.SPOKE)
    start(staff, cases[0])
    reach_client(staff, cases[1], ClientOutcome.DECLINED)
    case_work.move_case(case=cases[1], to=Stage.EXITED, reason=ExitReason.DECLINED,
                        on=date(2014, 1, 9), by=staff[Role.ASSESSOR])
    case_work.withdraw_case(referral=cases[3].referral_id, on=date(2014, 1, 7),
                            by=staff[Role.PROGRAMME_SYSTEM])
    reach_partner(staff, files[0], Outcome.SPOKE)
    reach_partner(staff, files[1], Outcome.UNSAFE_TO_CONTACT)
    reach_partner(staff, files[2], Outcome.NO_ANSWER)
    support.withdraw_file(file=files[3], on=date(2014, 1, 7), by=staff[Role.COORDINATOR])
    support.link_file(file=files[0], case_id=cases[0].pk, origin="referral", on=NOON.date(),
                      by=staff[Role.COORDINATOR])
    answer_safety(staff, files[0], Wave.BEFORE, 1, date(2014, 1, 10))
    answer_safety(staff, files[0], Wave.AFTER, 3, date(2014, 6, 10))
    support.note_not_answered(file=files[0], measure="freedom", wave=Wave.BEFORE,
                              reason=NotAnswered.UNSAFE_TO_ASK, by=staff[Role.PARTNER_WORKER])
    return Cohort(cases, files)
