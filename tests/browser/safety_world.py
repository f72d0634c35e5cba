"""What a partner's file can hold beside contacts and scales, as the actions of each app make it.

On one invented partner's file: support, a child, messages, a change of details, appointments, a
code for questions, an assessment of roles. A second file has an assessment that is still open.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import timezone

from casewall.programme.needs.actions import declare_child
from casewall.programme.needs.rules import Lives
from casewall.safety.asking.actions import ask_on_device
from casewall.safety.asking.rules import Device
from casewall.safety.bookings import actions as bookings
from casewall.safety.bookings.rules import Channel as Way
from casewall.safety.bookings.rules import Kind
from casewall.safety.children import actions as children
from casewall.safety.children import rules as of_children
from casewall.safety.children.models import ChildAdult
from casewall.safety.coordination.actions import release_at_once
from casewall.safety.coordination.rules import InDanger, Purpose
from casewall.safety.details.actions import ask_change
from casewall.safety.details.rules import Detail
from casewall.safety.details.rules import Source as Told
from casewall.safety.intake.messages import keep_message, message_from
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.rules import Channel, Present, Wave
from casewall.safety.roles import actions as roles
from casewall.safety.roles import rules as of_roles
from casewall.safety.sending.actions import write_message
from casewall.safety.sending.rules import Act
from casewall.safety.support import actions as support
from casewall.safety.support import rules as of_support
from casewall.services.load import shipped
from casewall.wall.sides import Role
from tests.people import SERVICE

if TYPE_CHECKING:
    from casewall.programme.cases.models import Case
    from tests.browser.world import World

HELPS_CHILDREN = "dvip"
"""The service whose definition has work with children; the world's own service has none."""


def stated_child(world: World, case: Case) -> None:
    """A child as the client stated it, for the safety side to pull."""
    world.names |= {"Stella", "Påstået"}
    declare_child(
        case=case,
        name="Stella Påstået",
        born_on=world.ago(2500),
        lives=Lives.WITH_OTHER_PARENT,
        sees_client=True,
        stated_by="client",
        stated_on=world.ago(30),
        by=world.staff[Role.PROGRAMME_MANAGER],
    )


def worked_on(world: World, file: PartnerFile, second: PartnerFile, case: Case) -> None:
    """Fill the file, which is the partner worker's own and linked to the case."""
    _supported(world, file)
    _met_in_a_group(world, file)
    _with_a_child(world, file)
    _written_to(world, file)
    _booked(world, file)
    _assessed(world, file, second)
    ask_on_device(
        file=file,
        wave=Wave.AFTER,
        measures=["freedom"],
        language="da",
        device=Device.AGENCY_TABLET,
        form=uuid4(),
        at=timezone.now(),
        by=world.staff[Role.PARTNER_WORKER],
    )
    release_at_once(
        file=file,
        case_id=case.pk,
        purpose=Purpose.SAFEGUARDING,
        text="Invented words that could not wait.",
        in_danger=InDanger.CHILD,
        danger="An invented danger.",
        by=world.staff[Role.COORDINATOR],
        at=timezone.now(),
    )
    _message_of_a_referrer(world, case)


def _supported(world: World, file: PartnerFile) -> None:
    """A support period with its plans, a session, an interpreter, other help, a permission."""
    by, today = world.staff[Role.PARTNER_WORKER], world.today
    later = today + timedelta(days=60)
    support.begin_support(file=file, on=world.ago(30), by=by)
    support.state_needs(
        file=file,
        levels={
            of_support.Area.HOUSING: of_support.Level.SERIOUS,
            of_support.Area.MONEY: of_support.Level.SOME,
        },
        on=world.ago(30),
        by=by,
        note="An invented note.",
    )
    support.state_expectation(
        file=file,
        hope=of_support.Hope.SOME_CHANGE,
        caveat_told=True,
        on=world.ago(30),
        by=by,
        own_words="Invented words.",
    )
    support.write_support_plan(
        file=file,
        goals="An invented goal.",
        written_on=world.ago(29),
        review_on=later,
        seen=0,
        by=by,
    )
    for what, due in [("Ask the invented bank.", today), ("Change the invented lock.", None)]:
        support.add_step(file=file, what=what, who=of_support.Doer.BOTH, due_on=due, by=by)
    plan = support.write_safety_plan(
        file=file,
        words={"signs": "Invented signs.", "places": "With an invented neighbour."},
        agreed=True,
        written_on=world.ago(29),
        review_on=later,
        seen=0,
        by=by,
    )
    support.hand_over(plan=plan, how=of_support.Handing.READ_OUT, by=by)
    facts = support.SessionFacts(
        began_at=world.moment(20),
        kind=of_support.SessionKind.SUPPORT,
        came=of_support.Came.HELD,
        minutes=50,
        channel=Channel.IN_PERSON,
        present=Present.NOBODY,
        topics=(of_support.Topic.SAFETY, of_support.Topic.MONEY),
        note="An invented note.",
    )
    support.record_session(file=file, facts=facts, by=by)
    support.record_interpreter(
        file=file,
        used_on=world.ago(20),
        language="Arabic",
        who=of_support.Interpreting.AGENCY,
        agency="Invented interpreters",
        minutes=50,
        by=by,
    )
    support.refer_on(
        file=file,
        kind=support.kinds_of_help(SERVICE)[0],
        agency="Invented advice centre",
        made_on=world.ago(10),
        consent_on=world.ago(10),
        by=by,
    )
    support.give_permission(
        file=file,
        information="That the partner is supported.",
        to_whom="Invented housing office",
        purpose="A new flat.",
        in_writing=True,
        given_on=world.ago(10),
        by=by,
    )


def _met_in_a_group(world: World, file: PartnerFile) -> None:
    """A support group with a meeting that was held and one that is planned."""
    by = world.staff[Role.PARTNER_WORKER]
    group = support.open_group(
        name="Tuesday circle",
        service=SERVICE,
        compartment=file.compartment,
        begins_on=world.ago(20),
        by=by,
    )
    support.add_member(group=group, file=file, on=world.ago(20), by=by)
    held = support.plan_meeting(group=group, begins_at=world.moment(7), minutes=120, by=by)
    soon = world.moment(-7)
    online = bookings.Slot(starts_at=soon, minutes=120, channel=Way.VIDEO)
    support.plan_meeting(group=group, begins_at=soon, minutes=120, slot=online, by=by)
    support.mark_meeting(meeting=held, marks={file.pk: of_support.Marked.CAME}, seen={}, by=by)


def _with_a_child(world: World, file: PartnerFile) -> None:
    """A child of the partner's with a children's worker, a goal, a group and a referral."""
    by, works = world.staff[Role.PARTNER_WORKER], world.staff[Role.CHILDRENS_WORKER]
    world.names |= {"Lærke", "Eventyrlig"}
    child = children.record_child(
        person=children.Person(
            given_name="Lærke", family_name="Eventyrlig", born_on=world.ago(3000)
        ),
        service=SERVICE,
        compartment=file.compartment,
        on=world.ago(20),
        by=by,
        file=file,
        relationship=of_children.Relationship.PARENT,
    )
    world.child = child.pk
    asked = children.ask_support(child=child, on=world.ago(20), by=by, service=HELPS_CHILDREN)
    asked = children.take_child(support=asked, by=works)
    (link,) = world.stored(Role.PARTNER_WORKER, ChildAdult, child=child)
    children.state_arrangement(
        link=link,
        answers=[(of_children.Of.RESPONSIBILITY, "yes")],
        since=world.ago(20),
        by=by,
    )
    children.record_consent(
        support=asked,
        consent_by=of_children.ConsentBy.ADULT,
        adult=link,
        said=of_children.Consent.GIVEN,
        said_on=world.ago(19),
        by=works,
    )
    begun = children.begin_work(support=asked, on=world.ago(19), by=works)
    children.set_goal(support=begun, goal="An invented goal.", on=world.ago(19), by=works)
    group = children.open_group(
        name="Wednesday circle",
        service=HELPS_CHILDREN,
        compartment=file.compartment,
        begins_on=world.ago(18),
        by=works,
    )
    children.join_group(group=group, support=begun, on=world.ago(18), by=works)
    children.hold_session(
        kind=of_children.Work.GROUP,
        held_on=world.ago(10),
        minutes=60,
        came={begun: of_children.Came.ATTENDED},
        by=works,
        group=group,
    )
    children.refer_child(
        child=child,
        concern=of_children.Concern.SEES_VIOLENCE,
        threshold=of_children.Threshold.CHILD_IN_NEED,
        made_to="Invented town",
        made_on=world.ago(5),
        reason="An invented reason.",
        consented=True,
        by=by,
        on_file=file,
    )


def _written_to(world: World, file: PartnerFile) -> None:
    """A message that was stopped and sent for a reason, and a change of details that waits."""
    by, at = world.staff[Role.PARTNER_WORKER], timezone.now()
    write_message(
        file=file,
        act=Act.TEXT,
        template="please_call",
        language="en",
        number="+45 70 00 00 00",
        at=at,
        by=by,
        override_reason="An invented reason that could not wait.",
    )
    ask_change(
        file=file,
        detail=Detail.ADDRESS,
        value="Opdigtet Vej 9",
        source=Told.PARTNER,
        at=at,
        by=by,
    )


def _booked(world: World, file: PartnerFile) -> None:
    """A room of this side, and an appointment in it next week."""
    room = bookings.add_room(
        name="Quiet room",
        building="Invented house",
        compartment=file.compartment,
        by=world.staff[Role.SAFETY_MANAGER],
    )
    day = world.today + timedelta(days=9 - world.today.weekday())
    bookings.book(
        whom=bookings.one_partner(file),
        kind=Kind.SUPPORT,
        slot=bookings.Slot(
            starts_at=timezone.make_aware(datetime.combine(day, time(10))),
            minutes=60,
            channel=Way.IN_PERSON,
            where="room",
            room=room,
        ),
        at=timezone.now(),
        by=world.staff[Role.PARTNER_WORKER],
    )


INCIDENT: dict[str, Any] = {
    "done_by": of_roles.Person.B,
    "acts": [of_roles.Act.PHYSICAL],
    "what": "Invented: B pushed A.",
    "setting": of_roles.Setting.BEGAN_IT,
    "how_often": of_roles.HowOften.ONCE,
    "consequences": [of_roles.Consequence.CHANGED_HABITS],
    "fear": of_roles.Fear.STRONG,
    "injury": of_roles.Injury.NONE,
    "source": of_roles.Source.PERSON_A,
    "happened": "Last winter",
}


def _assessed(world: World, file: PartnerFile, second: PartnerFile) -> None:
    """An assessment that waits for its sign-off, and an open one."""
    by = world.staff[Role.PARTNER_WORKER]
    for one in (file, second):
        made = roles.begin_assessment(file=one, by=by)
        roles.add_incident(assessment=made, by=by, **INCIDENT)
        if one is second:
            continue
        roles.write_working(
            assessment=made,
            version=1,
            signs_a=[of_roles.Sign.AFRAID],
            signs_b=[of_roles.Sign.VAGUE],
            note="An invented note.",
            proposed_a=of_roles.Outcome.PRIMARY_VICTIM,
            proposed_b=of_roles.Outcome.PRIMARY_PERPETRATOR,
            grounds="Invented grounds.",
            by=by,
        )
        roles.ask_for_sign_off(assessment=made, by=by)


def _message_of_a_referrer(world: World, case: Case) -> None:
    """What a referrer wrote through the front door."""
    content = {
        "service": SERVICE,
        "message": {
            "sender_name": "Invented Officer",
            "sender_email": "officer@example.invalid",
            "reference": case.pk.hex[:8],
            "text": "Invented words about the client.",
            "may_read": False,
            "received_at": world.moment(1).isoformat(),
        },
    }
    message = message_from(content, id=uuid4(), service=shipped()[SERVICE])
    assert keep_message(message=message, by=world.staff[Role.SAFETY_SYSTEM]) == "loaded"
