"""One partner's support, told in the order in which it happens, beside the client's programme."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from casewall.programme.agreements.actions import sign_agreement
from casewall.programme.cases import actions as case_work
from casewall.programme.cases.models import Case, Statement
from casewall.programme.cases.rules import Outcome as ClientOutcome
from casewall.programme.cases.rules import Route, Suitability
from casewall.programme.groups import actions as group_work
from casewall.programme.groups.models import Session
from casewall.programme.groups.planning.actions import add_room as add_programme_room
from casewall.programme.groups.rules import Mark
from casewall.programme.referrals.actions import apply_arrivals
from casewall.programme.referrals.models import BridgeItem
from casewall.programme.registers.actions import record_register
from casewall.safety.bookings import actions as bookings
from casewall.safety.bookings.actions import Slot, Taken, one_partner
from casewall.safety.bookings.models import Booking
from casewall.safety.bookings.rules import Channel as Way
from casewall.safety.bookings.rules import Kind, State, Where
from casewall.safety.coordination import actions as disclosures
from casewall.safety.coordination.actions import Agreed
from casewall.safety.coordination.rules import Ground, Purpose
from casewall.safety.intake.actions import load_file
from casewall.safety.intake.outbox import send_outbox
from casewall.safety.partners import actions as support
from casewall.safety.partners.models import PartnerFile, PartnerTask
from casewall.safety.partners.rules import Channel, Contact, Outcome
from casewall.safety.pulled.actions import pull
from casewall.safety.sending.actions import Outgoing, Stopped, send_due, write_message
from casewall.safety.sending.models import Message
from casewall.safety.sending.rules import Act
from casewall.services.load import shipped
from casewall.staff.actions import compartment_for
from casewall.wall.context import acting, on_side
from casewall.wall.sides import Role, Side
from tests.people import SERVICE, Staff, add_colleague

CENTRE = shipped()[SERVICE]
SERVICES = {SERVICE: CENTRE}
ZONE = ZoneInfo(CENTRE.time_zone)
# Ahead of the clock of the database, which believes a context only until its expiry.
DAY = date(2036, 3, 3)
HOUSE = "The yellow house"
WORDS = "She wishes to be told before anybody writes to the home address"

POLICE_FILE = """\
Sagsnr;Henvisningsdato;Udøver fornavn;Udøver efternavn;Udøver fødselsdato;Udøver køn;\
Udøver telefon;Partner fornavn;Partner efternavn;Partner telefon;Partner køn
0800-1;02.03.2036;Aksel;Opdigtet;17.05.1988;mand;20 00 00 01;Benedikte;Fiktivsen;20 00 00 02;kvinde
"""


@dataclass
class Out:
    """The way out of the house; keeps what went."""

    went: list[Outgoing] = field(default_factory=list)

    def can(self, act: Act) -> bool:
        return act is Act.TEXT

    def post(self, outgoing: Outgoing) -> None:
        self.went.append(outgoing)


class Story:
    """The people, the clock, and what each sees."""

    def __init__(self, staff: Staff, clock: Any):
        self.staff, self.clock = staff, clock
        self.worker, self.manager = staff[Role.PARTNER_WORKER], staff[Role.PROGRAMME_MANAGER]
        self.assessor, self.facilitator = staff[Role.ASSESSOR], staff[Role.FACILITATOR]
        self.coordinator = staff[Role.COORDINATOR]
        self.safety, self.programme = staff[Role.SAFETY_SYSTEM], staff[Role.PROGRAMME_SYSTEM]

    def at(self, day: int, hour: int = 12) -> datetime:
        """Go on to an hour of a day, counted from the referral."""
        moment = datetime.combine(DAY + timedelta(days=day), time(hour), ZONE)
        self.clock.move_to(moment)
        return moment

    def pull(self, day: int, hour: int = 22) -> None:
        pull(by=self.safety, services=SERVICES, at=self.at(day, hour))

    def waits(self) -> list[str]:
        """What waits on the worker's day."""
        with acting(self.worker):
            rows = PartnerTask.objects.visible_to(self.worker).filter(done_on=None)
            return sorted(rows.values_list("kind", flat=True))

    def done(self) -> None:
        """Everything that waits has been done."""
        with acting(self.worker):
            waiting = list(PartnerTask.objects.visible_to(self.worker).filter(done_on=None))
        for task in waiting:
            support.finish_task(task=task, on=DAY, by=self.worker)

    def statements(self) -> list[str]:
        """What the programme side has been told."""
        with acting(self.manager):
            rows = Statement.objects.visible_to(self.manager)
            return [row.text for row in rows]

    def file(self) -> PartnerFile:
        with acting(self.worker):
            return PartnerFile.objects.visible_to(self.worker).select_related("partner").get()


@pytest.fixture
def story(staff: Staff) -> Any:
    with time_machine.travel(datetime.combine(DAY, time(12), ZONE), tick=False) as clock:
        yield Story(staff, clock)


def arrives(story: Story, folder: Path) -> tuple[Case, PartnerFile]:
    """The police refer two people in one row; the row is split."""
    police_file = folder / "henvisninger.csv"
    police_file.write_text(POLICE_FILE, encoding="utf-8")
    load_file(source=police_file, name=police_file.name, service=CENTRE, by=story.coordinator,
              at=story.at(0))
    send_outbox(by=story.safety)
    apply_arrivals(by=story.programme, services=SERVICES, on=DAY)
    story.pull(0)
    with acting(story.assessor):
        case = Case.objects.visible_to(story.assessor).select_related("client").get()
    file = story.file()
    support.take_file(file=file, by=story.worker)
    return case, file


def is_accepted(story: Story, case: Case) -> None:
    """The client is met, assessed, found suitable, and signs."""
    case_work.record_contact(case=case, tried_at=story.at(2, 15), route=Route.PHONE,
                             outcome=ClientOutcome.SPOKE, by=story.assessor)
    booked = case_work.book_assessment(
        case=case, booked_for=story.at(3, 10), on=DAY + timedelta(days=2), by=story.assessor)
    case_work.decide_suitability(
        assessment=booked, held_on=DAY + timedelta(days=3), decision=Suitability.SUITABLE,
        by=story.assessor)
    sign_agreement(case=case, signed_on=DAY + timedelta(days=3), text_version="1", language="da",
                   by=story.assessor)


def group_with_room(story: Story, case: Case) -> list[Session]:
    """A group on Monday afternoons, in a house that both sides know."""
    home = compartment_for(side=Side.PROGRAMME, service=SERVICE)
    room = add_programme_room(name="Blue room", building=HOUSE, chairs=12, compartment=home,
                              by=story.manager)
    group = group_work.plan_group(
        name="Monday group", service=SERVICE, component="counselling-group",
        starts_on=DAY + timedelta(days=14), begins_at=time(14), minutes=120, sessions=6,
        facilitators=[story.facilitator.worker], by=story.manager, compartment=home)
    group_work.place_in_group(group=group, case=case, joined_on=DAY + timedelta(days=14),
                              by=story.manager)
    with acting(story.manager):
        sessions = list(Session.objects.visible_to(story.manager).order_by("number"))
        for session in sessions:
            session.room, session.version = room, session.version + 1
            session.save()
    return sessions


def test_a_partner_is_supported_beside_the_programme(
    story: Story, tmp_path: Path, owner_urls: dict[str, str]
) -> None:
    case, file = arrives(story, tmp_path)
    worker, out = story.worker, Out()

    # Every partner who is named is to be contacted, within the clock of the service.
    clock = CENTRE.clocks.first_contact_working_days
    assert (file.next_action, file.next_action_on) == ("contact", file.contact_by)
    assert file.contact_by is not None
    assert DAY < file.contact_by <= DAY + timedelta(days=2 * clock)

    # A text is stopped: nobody has said that texts are safe. Nothing leaves the house.
    with pytest.raises(Stopped):
        write_message(file=file, act=Act.TEXT, template="please_call", language="da",
                      number="+45 70 00 00 00", at=story.at(1, 9), by=worker)
    assert send_due(posting=out, by=story.safety).sent == 0
    assert out.went == []

    # A call on the number that the police gave is no answer; the second is one. She says that
    # calls are safe in the morning, and that she does not want support now.
    support.record_contact(file=file, tried_at=story.at(1, 10), channel=Channel.CALL,
                           outcome=Outcome.NO_ANSWER, by=worker)
    support.record_contact(file=file, tried_at=story.at(2, 10), channel=Channel.CALL,
                           outcome=Outcome.MAY_RETURN, return_on=DAY + timedelta(days=10),
                           by=worker)
    support.set_safe_contact(file=file, channel=Channel.CALL, is_safe=True,
                             confirmed_on=DAY + timedelta(days=2), review_on=None,
                             from_time=time(9), to_time=time(11), by=worker)
    assert Contact(story.file().contact) is Contact.MAY_RETURN
    story.done()

    # He is accepted. She said no for now, and is told all the same.
    is_accepted(story, case)
    story.pull(3)
    assert "tell_accepted" in story.waits()

    # She returns; texts are safe now too, in the morning, and one neutral text goes, once.
    support.record_contact(file=file, tried_at=story.at(5, 10), channel=Channel.CALL,
                           outcome=Outcome.SPOKE, still_safe=True, by=worker)
    assert Contact(story.file().contact) is Contact.ENGAGED
    support.set_safe_contact(file=file, channel=Channel.TEXT, is_safe=True,
                             confirmed_on=DAY + timedelta(days=5), review_on=None,
                             from_time=time(9), to_time=time(11), by=worker)
    write_message(file=file, act=Act.TEXT, template="please_call", language="da",
                  number="+45 70 00 00 00", at=story.at(5, 15), by=worker)
    assert send_due(posting=out, by=story.safety).sent == 0, "not in the afternoon"
    story.at(6, 9)
    assert send_due(posting=out, by=story.safety).sent == 1
    assert send_due(posting=out, by=story.safety).sent == 0
    assert len(out.went) == 1
    assert "Casewall" not in out.went[0].words.body
    story.done()

    # Her appointment is made first: Monday at two, in a house that the programme uses as well.
    room = bookings.add_room(name="Room one", building=HOUSE, compartment=file.compartment,
                             by=story.staff[Role.SAFETY_MANAGER])
    monday = story.at(14, 14)
    hers = bookings.book(
        whom=one_partner(story.file()), kind=Kind.SUPPORT, at=story.at(7, 10), by=worker,
        slot=Slot(starts_at=monday, minutes=60, channel=Way.IN_PERSON, where=Where.ROOM,
                  room=room))

    # Then the programme plans its group there. It always may. The next pull moves hers.
    sessions = group_with_room(story, case)
    story.pull(8)
    with acting(worker):
        moved = Booking.objects.visible_to(worker).get(pk=hers.pk)
    assert State(moved.state) is State.MOVED
    assert moved.starts_at != monday
    assert any("moved" in kind or "appointment" in kind for kind in story.waits())
    with pytest.raises(Taken):
        bookings.move(booking=moved, at=story.at(8, 11), by=worker,
                      slot=Slot(starts_at=monday, minutes=60, channel=Way.IN_PERSON,
                                where=Where.ROOM, room=room))
    story.done()

    # He comes, and then misses two sessions. Her worker knows before anybody contacts him.
    for number, mark in enumerate((Mark.ATTENDED, Mark.ABSENT_NOT_ACCEPTED,
                                   Mark.ABSENT_NOT_ACCEPTED)):
        day = 14 + 7 * number
        story.at(day, 17)
        record_register(session=sessions[number], marks={case.pk: (mark, 0)},
                        by=story.facilitator)
        story.pull(day, 18)
        told = [kind for kind in story.waits() if kind == "tell_absent"]
        assert len(told) == (1 if mark is Mark.ABSENT_NOT_ACCEPTED else 0)
        story.done()

    # A disclosure, with her permission, crosses once, in its slot.
    asked = disclosures.ask(
        file=story.file(), case_id=case.pk, purpose=Purpose.STATEMENT, text=WORDS,
        ground=Ground.PARTNER_CONSENT, agreed=Agreed(on=DAY + timedelta(days=29), own_words=True),
        by=worker, at=story.at(29, 11))
    disclosures.approve(disclosure=asked, by=story.coordinator, at=story.at(29, 12))
    disclosures.approve(disclosure=asked, by=colleague(owner_urls), at=story.at(29, 13))
    assert story.statements() == []
    assert disclosures.release_due(by=story.safety, at=story.at(29, 14)) == 0
    assert disclosures.release_due(by=story.safety, at=story.at(29, 15)) == 1
    assert disclosures.release_due(by=story.safety, at=story.at(30, 9)) == 0
    send_outbox(by=story.safety)
    apply_arrivals(by=story.programme, services=SERVICES, on=DAY + timedelta(days=30))
    assert story.statements() == [WORDS]

    # Nothing else ever came down: one disclosure, and the client's own part of the referral.
    with acting(story.programme):
        kinds = sorted(
            BridgeItem.objects.visible_to(story.programme).values_list("kind", flat=True))
    assert kinds == ["disclosure", "referral_part"]
    with acting(worker):
        assert Message.objects.visible_to(worker).count() == 1


def colleague(owner_urls: dict[str, str]) -> Any:
    """Another worker of partner support, who approves."""
    made = add_colleague(
        owner_urls, Role.PARTNER_WORKER, "lyngholm-shelter", "second.worker@example.invalid"
    )
    with on_side(Side.SAFETY):
        return made.as_viewer()
