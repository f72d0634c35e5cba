"""Living how partners are reached and met, who did what, and what is told at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from casewall.measures.definitions import load as load_measure
from casewall.safety.asking.actions import ask_on_device
from casewall.safety.asking.rules import Device
from casewall.safety.bookings import actions as bookings
from casewall.safety.bookings.models import Booking, Room
from casewall.safety.bookings.rules import Channel as By
from casewall.safety.bookings.rules import Kind, Where
from casewall.safety.coordination import actions as coordination
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import Ground, InDanger, Purpose, Review
from casewall.safety.details.actions import ask_change, confirm_change
from casewall.safety.details.rules import Detail, Source, State, Way
from casewall.safety.partners import actions as partners
from casewall.safety.partners.models import Partner, SafeContact, ScaleAnswer
from casewall.safety.partners.rules import Channel, Days, Wave
from casewall.safety.roles import actions as roles
from casewall.safety.roles import rules as asked_of_roles
from casewall.safety.roles.models import RoleAssessment, RoleWorking
from casewall.safety.sending.actions import write_message
from casewall.safety.sending.rules import Act
from casewall.synthetic import texts
from casewall.synthetic.desk import Desk
from casewall.synthetic.lands import LANDS
from casewall.synthetic.partners import SCALES
from casewall.synthetic.people import People
from casewall.synthetic.words import HOUSES
from casewall.wall.context import acting

SAFE = "safety_partners.safecontact."
ROLES = "safety_roles."
OWN_HOUSE = "Orchard House"
ROOMS = (("Blue room", OWN_HOUSE), ("Corner room", HOUSES[0]))
"""Rooms of this side; the second lies in a house in which clients are seen too."""


def reach(desk: Desk) -> None:
    """Safe contact by text message, a message that waits, and appointments."""
    with acting(desk.by):
        phone = Partner.objects.visible_to(desk.by).get(pk=desk.file.partner_id).phone
    if desk.place % 2 == 0:
        _safe_by_text(desk)
        if phone and desk.place % 4 == 0:
            _write(desk, "message", None)
    _meets(desk)


def live_together(desks: Sequence[Desk]) -> None:
    """What is done once in a service, on the first file that it fits."""
    if not desks:
        return
    with acting(desks[0].team.manager):
        rows = Partner.objects.visible_to(desks[0].team.manager)
        people = rows.in_bulk([desk.file.partner_id for desk in desks])
    reachable = [desk for desk in desks if people[desk.file.partner_id].phone]
    for desk in [one for one in reachable if one.place % 2][:1]:
        _write(desk, "override", desk.text("safety_sending.override.reason"))
    _moves(desks[0])
    _asks(desks)
    _who_did_what(desks[0], signed=True)
    for desk in desks[1:2]:
        _who_did_what(desk, signed=False)
    linked = [(desk, desk.case_id) for desk in desks if desk.case_id is not None]
    for desk, case_id in linked[:1]:
        _with_permission(desk, case_id)
    for desk, case_id in linked[-1:]:
        _at_once(desk, case_id)


# --- sending ---------------------------------------------------------------------------------


def _safe_by_text(desk: Desk) -> None:
    """Text messages are safe at weekends only, so that a message waits for the next one."""
    with acting(desk.by):
        plans = SafeContact.objects.visible_to(desk.by)
        if plans.filter(file=desk.file, channel=Channel.TEXT, days=Days.WEEKENDS).exists():
            return
    record = ["support", desk.who]
    call_as = texts.CALL_AS[desk.place % len(texts.CALL_AS)]
    code_word = texts.CODE_WORD[desk.place % len(texts.CODE_WORD)]
    partners.set_safe_contact(
        file=desk.file,
        channel=Channel.TEXT,
        is_safe=True,
        confirmed_on=desk.last,
        review_on=desk.today + timedelta(days=21),
        from_time=time(10),
        to_time=time(12),
        days=Days.WEEKENDS,
        call_as=f"{call_as} {desk.canaries.of(SAFE + 'call_as', record)}",
        code_word=f"{code_word} {desk.canaries.of(SAFE + 'code_word', record)}",
        note=desk.canaries.note(SAFE + "note", texts.SAFE_CONTACT[1], record),
        by=desk.by,
    )


def _language(desk: Desk) -> str:
    return "da" if desk.service.languages[0] == "da" else "en"


def _write(desk: Desk, what: str, reason: str | None) -> None:
    """A neutral message. Nothing is sent here: the round of the site does that."""
    write_message(
        file=desk.file,
        act=Act.TEXT,
        template="please_call",
        language=_language(desk),
        number=LANDS[desk.service.country].phone(desk.who + 400),
        at=desk.at(desk.last, "14:30"),
        override_reason=reason,
        by=desk.by,
        id=desk.form(what),
    )


def _moves(desk: Desk) -> None:
    """A new address that the partner has confirmed; the second check waits."""
    people = People(desk.random, place=LANDS[desk.service.country])
    word = desk.canaries.of("safety_details.detailchange.new_value", [desk.who])
    at = desk.at(desk.last, "11:15")
    change = ask_change(
        file=desk.file,
        detail=Detail.ADDRESS,
        value=f"{people.address()} ({word})",
        source=Source.PARTNER,
        reason=desk.text("safety_details.detailchange.reason"),
        at=at,
        by=desk.by,
        id=desk.form("address"),
    )
    if change.state == State.ASKED:
        confirm_change(
            change=change,
            way=Way.IN_PERSON,
            code_word_given=False,
            version=change.version,
            at=at + timedelta(minutes=5),
            by=desk.by,
        )


ASKED_AT = (Wave.BEFORE, Wave.AFTER, Wave.FOLLOW_UP)
"""The times at which the invented partners are asked."""


def _asks(desks: Sequence[Desk]) -> None:
    """A code for questions on the own telephone, for the first time that is not answered yet."""
    for desk in desks:
        language = desk.service.languages[0]
        known = all(language in load_measure(scale).languages for scale in SCALES)
        with acting(desk.by):
            rows = ScaleAnswer.objects.visible_to(desk.by).filter(file=desk.file)
            answered = set(rows.exclude(answered_on=None).values_list("wave", flat=True))
        wave = next((one for one in ASKED_AT if one not in answered), None)
        if wave is not None:
            ask_on_device(
                file=desk.file,
                wave=wave,
                measures=SCALES,
                language=language if known else "en",
                device=Device.OWN_DEVICE,
                form=desk.form("code"),
                at=desk.at(desk.last, "15:30"),
                by=desk.by,
            )
            return


# --- appointments ----------------------------------------------------------------------------


def _room(desk: Desk, place: int) -> Room:
    name, building = ROOMS[place]
    manager = desk.team.manager
    with acting(manager):
        rows = Room.objects.visible_to(manager)
        known: Room | None = rows.filter(
            compartment=desk.file.compartment, name=name, building=building
        ).first()
    return known or bookings.add_room(
        name=name, building=building, compartment=desk.file.compartment, by=manager
    )


def _book(desk: Desk, slot: bookings.Slot, kind: Kind, at: datetime, what: str) -> Booking | None:
    """Book an hour, or the next one that is free and keeps the parties apart."""
    hours = [slot.starts_at]
    for again in range(2):
        try:
            return bookings.book(
                whom=bookings.one_partner(desk.file),
                kind=kind,
                slot=bookings.Slot(
                    starts_at=hours[0],
                    minutes=slot.minutes,
                    channel=slot.channel,
                    where=slot.where,
                    room=slot.room,
                    elsewhere=slot.elsewhere,
                ),
                at=at,
                by=desk.by,
                id=desk.form(what),
            )
        except bookings.Taken as taken:
            hours = list(taken.free)
            if again or not hours:
                return None
    return None


def _meets(desk: Desk) -> None:
    """An appointment next week; for some of them one that was held, or one elsewhere."""
    rooms = [_room(desk, place) for place in range(len(ROOMS))]
    written = desk.at(desk.last, "16:00")
    clock = f"{9 + desk.place % 6:02d}:00"
    if desk.place % 4 == 1:
        slot = bookings.Slot(
            starts_at=desk.at(desk.ahead(7), clock),
            minutes=60,
            channel=By.IN_PERSON,
            where=Where.ELSEWHERE,
            elsewhere=desk.text("safety_bookings.booking.elsewhere"),
        )
    elif desk.place % 4 == 3:
        slot = bookings.Slot(starts_at=desk.at(desk.ahead(7), clock), minutes=30, channel=By.PHONE)
    else:
        slot = bookings.Slot(
            starts_at=desk.at(desk.ahead(7 + desk.place % 3), clock),
            minutes=60,
            channel=By.IN_PERSON,
            where=Where.ROOM,
            room=rooms[0],
        )
    _book(desk, slot, Kind.SUPPORT, written, "appointment")
    if desk.place % 3:
        return
    held = bookings.Slot(
        starts_at=desk.at(desk.day(0.7), clock),
        minutes=60,
        channel=By.IN_PERSON,
        where=Where.ROOM,
        room=rooms[0],
    )
    before = held.starts_at - timedelta(days=3)
    booking = _book(desk, held, Kind.SAFETY_PLANNING, before, "held")
    if booking is not None and booking.is_live:
        bookings.say_held(
            booking=booking,
            held=True,
            at=max(written, booking.starts_at + timedelta(hours=1)),
            by=desk.by,
        )


# --- who does what to whom ---------------------------------------------------------------------


def _who_did_what(desk: Desk, *, signed: bool) -> None:
    """An assessment that is returned once and signed off, or one that waits for it."""
    by = desk.by
    with acting(by):
        if RoleAssessment.objects.visible_to(by).filter(file=desk.file).exists():
            return
    made = roles.begin_assessment(
        file=desk.file,
        case_id=desk.case_id,
        why=desk.text(ROLES + "roleworking.why"),
        by=by,
        id=desk.form("roles"),
    )
    _incidents(desk, made)
    with acting(by):
        row = RoleWorking.objects.visible_to(by).get(assessment=made)
    roles.write_working(
        assessment=made,
        version=row.version,
        signs_a=[asked_of_roles.Sign.DETAILED, asked_of_roles.Sign.TAKES_BLAME],
        signs_b=[],
        note=desk.text(ROLES + "roleworking.note"),
        proposed_a=asked_of_roles.Outcome.VIOLENT_RESISTANCE,
        proposed_b=asked_of_roles.Outcome.PRIMARY_PERPETRATOR,
        grounds=desk.text(ROLES + "roleworking.grounds"),
        by=by,
    )
    made = roles.ask_for_sign_off(assessment=made, by=by)
    if not signed:
        return
    signer = desk.team.coordinator
    comment = desk.text(ROLES + "roleworking.comment")
    made = roles.return_assessment(
        assessment=made, version=made.version, comment=comment, by=signer
    )
    made = roles.ask_for_sign_off(assessment=made, by=by)
    roles.sign_off(assessment=made, version=made.version, by=signer)


def _incidents(desk: Desk, made: RoleAssessment) -> None:
    rules = asked_of_roles
    roles.add_incident(
        assessment=made,
        done_by=rules.Person.B,
        acts=[rules.Act.CONTROL, rules.Act.THREATS],
        what=desk.text(ROLES + "roleincident.what"),
        setting=rules.Setting.BEGAN_IT,
        how_often=rules.HowOften.SEVERAL_TIMES,
        happened=desk.text(ROLES + "roleincident.happened"),
        consequences=[rules.Consequence.CHANGED_HABITS],
        fear=rules.Fear.STRONG,
        injury=rules.Injury.NONE,
        source=rules.Source.PERSON_A,
        by=desk.by,
        id=desk.form("incident 1"),
    )
    roles.add_incident(
        assessment=made,
        done_by=rules.Person.A,
        acts=[rules.Act.PHYSICAL],
        what=desk.text(ROLES + "roleincident.what"),
        setting=rules.Setting.PROTECTED,
        how_often=rules.HowOften.ONCE,
        happened_on=desk.day(0),
        consequences=[rules.Consequence.NONE],
        fear=rules.Fear.NONE,
        injury=rules.Injury.NONE,
        source=rules.Source.POLICE,
        by=desk.by,
        id=desk.form("incident 2"),
    )


# --- what is told to the programme side --------------------------------------------------------


def _with_permission(desk: Desk, case_id: UUID) -> None:
    """A disclosure that the partner has agreed to, word for word; it waits for approvers."""
    coordination.ask(
        file=desk.file,
        case_id=case_id,
        purpose=Purpose.STATEMENT,
        text=desk.text("safety_coordination.partnerpermission.words"),
        ground=Ground.PARTNER_CONSENT,
        agreed=coordination.Agreed(on=desk.last, own_words=True),
        at=desk.at(desk.last, "13:45"),
        by=desk.by,
        id=desk.form("permission to tell"),
    )


def _at_once(desk: Desk, case_id: UUID) -> None:
    """Something that was released at once by the manager, and looked at again by coordination."""
    made: Disclosure = coordination.release_at_once(
        file=desk.file,
        case_id=case_id,
        purpose=Purpose.PLACEMENT,
        text=texts.RELEASED_AT_ONCE,
        in_danger=InDanger.PARTNER,
        danger=desk.text("safety_coordination.disclosure.danger"),
        at=desk.at(desk.last, "09:20"),
        by=desk.team.manager,
        id=desk.form("at once"),
    )
    if made.review == Review.WAITING:
        coordination.review_release(
            disclosure=made,
            uphold=True,
            note=desk.text("safety_coordination.disclosure.review_note"),
            at=desk.at(desk.last, "12:10"),
            by=desk.team.coordinator,
        )
