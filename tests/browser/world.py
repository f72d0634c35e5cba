"""A small invented world for the browser: every stage, every kind of page, as the actions make it.

Clocks are real here, since the sites are processes of their own; days count from today.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from casewall.programme.agreements.actions import sign_agreement
from casewall.programme.cases import actions as on_cases
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import ExitReason, Outcome, Route, Stage, Suitability
from casewall.programme.groups import actions as on_groups
from casewall.programme.groups.models import Group, Session
from casewall.programme.groups.planning.closing import actions as closing
from casewall.programme.groups.rules import Mark
from casewall.programme.referrals.actions import apply_arrivals
from casewall.programme.registers.actions import cancel_session, record_register
from casewall.safety.coordination import actions as on_disclosures
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import Ground, Purpose, next_release
from casewall.safety.intake.actions import load_file
from casewall.safety.intake.outbox import send_outbox
from casewall.safety.partners import actions as support
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Channel, NotAnswered, Wave
from casewall.safety.partners.rules import Outcome as Reached
from casewall.safety.pulled.actions import pull
from casewall.services.load import shipped
from casewall.staff.actions import compartment_for
from casewall.wall.context import acting
from casewall.wall.sides import Role, Side
from tests.browser.safety_world import stated_child, worked_on
from tests.browser.shared_world import worked_on_together
from tests.people import SERVICE, Staff

SERVICES = {SERVICE: shipped()[SERVICE]}
REFERRALS = Path(__file__).parents[2] / "examples" / "referrals" / "police-referrals-invented.csv"

GROUP_OF_TWELVE = [
    ("Aksel", "Opdigtet"),
    ("Bertil", "Tænktsen"),
    ("Carlo", "Fiktivholm"),
    ("Ditte", "Påfundsen"),
    ("Egon", "Drømmegaard"),
    ("Frode", "Udtænkt"),
    ("Gerda", "Sagnlund"),
    ("Holger", "Eventyr"),
    ("Ivar", "Skrøneby"),
    ("Jytte", "Digtersen"),
    ("يوسف", "المخترع"),
    ("Knud", "Fabelsen"),
]
"""The clients of the group whose register is marked; invented."""
PHONE, ADDRESS, CODE_WORD = "+4520000012", "Opdigtet Vej 1", "blå cykel"


@dataclass
class World:
    """What a test may want to name."""

    staff: Staff
    cases: dict[Stage, Case] = field(default_factory=dict)
    register: UUID | None = None
    register_without_script: UUID | None = None
    group: UUID | None = None
    file: UUID | None = None
    second_file: UUID | None = None
    child: UUID | None = None
    names: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        return timezone.localdate()

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def moment(self, days: int, hour: int = 10) -> datetime:
        return timezone.make_aware(datetime.combine(self.ago(days), time(hour)))

    def stored(self, role: Role, model: Any, **having: Any) -> list[Any]:
        """Rows as a worker of this role sees them, looked up outside the sites."""
        viewer = self.staff[role]
        with acting(viewer):
            return list(model.objects.visible_to(viewer).filter(**having))


def families(world: World, role: Role) -> list[str]:
    """Family names of the clients that a worker of this role sees."""
    viewer = world.staff[role]
    with acting(viewer):
        rows = Case.objects.visible_to(viewer).select_related("client")
        return [case.client.family_name for case in rows]


def furnished(staff: Staff) -> World:
    """Make the world, on both sides, and let the safety side pull."""
    world = World(staff)
    _cases(world)
    _groups(world)
    _intake(world)
    _partner(world)
    return world


# --- the programme side ---------------------------------------------------------------------------


def new_case(world: World, given: str, family: str, *, referred: int = 60, **slots: Any) -> Case:
    """An invented client and case, referred so many days ago."""
    world.names |= {given, family}
    return on_cases.open_case(
        slots={
            "id": str(uuid4()),
            "received_on": world.ago(referred).isoformat(),
            "route": "police",
            "given_name": given,
            "family_name": family,
            **slots,
        },
        service=SERVICE,
        prefix="+45",
        by=world.staff[Role.PROGRAMME_SYSTEM],
        compartment=compartment_for(side=Side.PROGRAMME, service=SERVICE),
    )


def ready(
    world: World, given: str, family: str, until: Stage = Stage.AGREEMENT_SIGNED, **slots: Any
) -> Case:
    """A case brought to a stage at most as far as the signed agreement."""
    by, case = world.staff[Role.PROGRAMME_MANAGER], new_case(world, given, family, **slots)
    path = [Stage.CONTACTED, Stage.ASSESSMENT_BOOKED, Stage.SUITABLE, Stage.AGREEMENT_SIGNED]
    for step in path[: path.index(until) + 1]:
        match step:
            case Stage.CONTACTED:
                on_cases.record_contact(
                    case=case,
                    tried_at=world.moment(58),
                    route=Route.PHONE,
                    outcome=Outcome.SPOKE,
                    by=by,
                    note="An invented note.",
                )
            case Stage.ASSESSMENT_BOOKED:
                booked = on_cases.book_assessment(
                    case=case, booked_for=world.moment(50), on=world.ago(57), by=by
                )
            case Stage.SUITABLE:
                on_cases.decide_suitability(
                    assessment=booked, held_on=world.ago(50), decision=Suitability.SUITABLE, by=by
                )
            case _:
                sign_agreement(
                    case=case, signed_on=world.ago(45), text_version="1", language="da", by=by
                )
    return again(world, case)


def again(world: World, case: Case) -> Case:
    """The case as it is stored now."""
    return world.stored(Role.PROGRAMME_MANAGER, Case, pk=case.pk)[0]


def _cases(world: World) -> None:
    """A case at every stage, and what can hang on one."""
    by, system = world.staff[Role.PROGRAMME_MANAGER], world.staff[Role.PROGRAMME_SYSTEM]
    made = world.cases
    made[Stage.REFERRED] = new_case(
        world,
        "Malthe",
        "Nyhenvist",
        referred=5,
        phone="+4520000011",
        born_on="1985-03-27",
        email="invented@example.org",
        address="Opdigtet Gade 2",
        language="da",
        text_for_file="The referrer wrote this for the file.",
        referrer_worker=str(world.staff[Role.REFERRER].worker),
    )
    for stage, given in [
        (Stage.CONTACTED, "Nanna"),
        (Stage.ASSESSMENT_BOOKED, "Oluf"),
        (Stage.SUITABLE, "Palle"),
        (Stage.AGREEMENT_SIGNED, "Rigmor"),
    ]:
        made[stage] = ready(world, given, "Undervejs", stage)
    made[Stage.EXITED] = new_case(world, "Svend", "Afsluttet")
    on_cases.move_case(
        case=made[Stage.EXITED],
        to=Stage.EXITED,
        on=world.ago(10),
        reason=ExitReason.DECLINED,
        by=by,
    )
    made[Stage.WITHDRAWN] = new_case(world, "Tove", "Tilbagekaldt")
    on_cases.withdraw_case(referral=made[Stage.WITHDRAWN].referral_id, on=world.today, by=system)
    on_cases.declare_partner(
        case=made[Stage.CONTACTED],
        name="Signe Opfundet",
        relation="former",
        by=by,
        contact_details=PHONE,
        stated_by="client",
        stated_on=world.ago(20),
    )
    on_cases.add_task(
        case=made[Stage.CONTACTED], kind="referral_withdrawn", by=by, due_on=world.ago(1)
    )
    told = uuid4()
    for item, text in [(uuid4(), "Cannot be placed together with H. E."), (told, "Taken back.")]:
        on_cases.keep_statement(
            case=made[Stage.CONTACTED],
            item=item,
            purpose="placement",
            text=text,
            on=world.ago(3),
            by=system,
        )
    on_cases.recall_statement(item=told, on=world.ago(1), by=system)


def _group(world: World, name: str, starts: int, sessions: int, begins: int = 18) -> Group:
    return on_groups.plan_group(
        name=name,
        service=SERVICE,
        component="counselling-group",
        starts_on=world.ago(starts),
        begins_at=time(begins),
        minutes=120,
        sessions=sessions,
        facilitators=[world.staff[Role.FACILITATOR].worker],
        compartment=compartment_for(side=Side.PROGRAMME, service=SERVICE),
        by=world.staff[Role.PROGRAMME_MANAGER],
    )


def _groups(world: World) -> None:
    """A group of twelve with a session today, and one whose register is half marked."""
    by, marks_by = world.staff[Role.PROGRAMME_MANAGER], world.staff[Role.FACILITATOR]
    twelve = _group(world, "Today group", 14, 4)
    other = _group(world, "Small group", 21, 5, begins=15)
    clients = [ready(world, given, family) for given, family in GROUP_OF_TWELVE]
    for case in clients:
        on_groups.place_in_group(group=twelve, case=case, joined_on=twelve.starts_on, by=by)
    for case in (world.cases[Stage.AGREEMENT_SIGNED], clients[0]):
        on_groups.place_in_group(group=other, case=case, joined_on=other.starts_on, by=by)
    world.cases[Stage.AGREEMENT_SIGNED] = ready(world, "Villy", "Venter")
    sessions = world.stored(Role.FACILITATOR, Session, group=twelve)
    by_number = {session.number: session for session in sessions}
    world.group, world.register = twelve.pk, by_number[3].pk
    world.register_without_script = by_number[2].pk
    first = {case.pk: (Mark.ATTENDED, 0) for case in clients}
    first[clients[3].pk] = (Mark.ABSENT_NOT_ACCEPTED, 0)
    first[clients[4].pk] = (Mark.LATE, 20)
    record_register(session=by_number[1], marks=first, by=marks_by)
    small = {s.number: s for s in world.stored(Role.FACILITATOR, Session, group=other)}
    record_register(
        session=small[1], marks={clients[0].pk: (Mark.ATTENDED, 0)}, by=marks_by
    )
    cancel_session(session=small[2], by=marks_by)
    closing.close_service(
        compartment=twelve.compartment,
        first_on=world.ago(-300),
        last_on=world.ago(-307),
        reason="Summer holiday",
        by=by,
    )
    world.cases[Stage.STARTED] = again(world, clients[0])
    stated_child(world, world.cases[Stage.STARTED])


# --- the safety side ------------------------------------------------------------------------------


def _intake(world: World) -> None:
    """A police file, sent down, taken in, and everything pulled."""
    system = world.staff[Role.SAFETY_SYSTEM]
    load_file(
        source=REFERRALS,
        name="invented.csv",
        service=SERVICES[SERVICE],
        by=world.staff[Role.COORDINATOR],
        at=timezone.now(),
    )
    send_outbox(by=system)
    apply_arrivals(by=world.staff[Role.PROGRAMME_SYSTEM], services=SERVICES, on=world.today)
    pulled(world)
    for file in world.stored(Role.COORDINATOR, PartnerFile):
        world.names |= set(_name_of(world, file).split())


def pulled(world: World) -> None:
    """Let the safety side pull."""
    pull(by=world.staff[Role.SAFETY_SYSTEM], services=SERVICES, at=timezone.now())


def _name_of(world: World, file: PartnerFile) -> str:
    viewer = world.staff[Role.COORDINATOR]
    with acting(viewer):
        rows = PartnerFile.objects.visible_to(viewer).select_related("partner")
        return rows.get(pk=file.pk).partner.full_name


def new_file(world: World, given: str, family: str, referred: int = 40, **part: str) -> PartnerFile:
    """An invented partner's file in the shelter organisation's compartment."""
    world.names |= {given, family}
    return support.open_file(
        part={"given_name": given, "family_name": family, **part},
        service=SERVICE,
        route="police",
        referred_on=world.ago(referred),
        prefix="+45",
        contact_due_days=0,
        compartment=compartment_for(side=Side.SAFETY, service=SERVICE, agency="lyngholm-shelter"),
        by=world.staff[Role.COORDINATOR],
    )


def _partner(world: World) -> None:
    """A partner who is in touch, linked to a case, with scales, tasks and disclosures."""
    worker, coordinator = world.staff[Role.PARTNER_WORKER], world.staff[Role.COORDINATOR]
    file = new_file(
        world,
        "Benedikte",
        "Fiktivsen",
        phone=PHONE,
        address=ADDRESS,
        email="invented.partner@example.org",
        born_on="1985-03-27",
    )
    world.file = file.pk
    support.take_file(file=file, by=worker)
    for days, outcome in [(39, Reached.NO_ANSWER), (38, Reached.SPOKE)]:
        support.record_contact(
            file=file,
            tried_at=world.moment(days),
            channel=Channel.CALL,
            outcome=outcome,
            by=worker,
            note="An invented note.",
        )
    support.set_safe_contact(
        file=file,
        channel=Channel.CALL,
        is_safe=True,
        confirmed_on=world.ago(5),
        review_on=world.today + timedelta(days=60),
        code_word=CODE_WORD,
        call_as="the library",
        voicemail=False,
        by=worker,
    )
    support.record_scale(
        file=file,
        measure="safety",
        wave=Wave.BEFORE,
        answered_on=world.ago(30),
        answers={f"safety-{n}": "1" for n in range(1, 5)},
        mode="telephone",
        language="en",
        by=worker,
    )
    support.note_not_answered(
        file=file, measure="freedom", wave=Wave.BEFORE, reason=NotAnswered.NOT_REACHED, by=worker
    )
    support.add_task(
        file=file,
        kind="answer_signals_danger",
        due_on=world.today,
        by=worker,
        note="An invented task.",
    )
    case = world.cases[Stage.STARTED]
    support.link_file(file=file, case_id=case.pk, origin="search", on=world.today, by=coordinator)
    new_file(world, "Opfundne", "Ledig", referred=3, phone="+4520000013")
    second = support.take_file(file=new_file(world, "Sidsel", "Opdigtholm"), by=worker)
    world.second_file = second.pk
    closed = new_file(world, "Rosa", "Afrundet")
    support.take_file(file=closed, by=worker)
    support.close_file(file=closed, on=world.today, by=worker)
    _disclosures(world, file, case.pk)
    worked_on(world, file, second, case)
    worked_on_together(world, file, second, case)


def _disclosures(world: World, file: PartnerFile, case: UUID) -> None:
    """One disclosure in each state."""
    asks, approves = world.staff[Role.COORDINATOR], world.staff[Role.SAFETY_MANAGER]
    also, system = world.staff[Role.PARTNER_WORKER], world.staff[Role.SAFETY_SYSTEM]
    earlier = timezone.now() - timedelta(days=2)

    def asked(purpose: Purpose) -> Disclosure:
        return on_disclosures.ask(
            file=file,
            case_id=case,
            purpose=purpose,
            text="Invented words that cross.",
            ground=Ground.PARTNER_CONSENT,
            by=asks,
            at=earlier,
        )

    def approved(purpose: Purpose) -> Disclosure:
        one = asked(purpose)
        on_disclosures.approve(disclosure=one, by=approves, at=earlier)
        return on_disclosures.approve(disclosure=one, by=also, at=earlier)

    asked(Purpose.STATEMENT)
    on_disclosures.refuse(
        disclosure=asked(Purpose.RISK_LEVEL), by=approves, reason="She has changed her mind."
    )
    released, recalled = approved(Purpose.PLACEMENT), approved(Purpose.MEETING_ACTION)
    assert released.release_at == next_release(timezone.localtime(earlier))
    on_disclosures.release_due(by=system, at=timezone.now())
    on_disclosures.recall(disclosure=recalled, by=approves, at=timezone.now())
    approved(Purpose.SAFEGUARDING)
    send_outbox(by=system)
