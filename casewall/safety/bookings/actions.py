"""Every write to appointments and rooms of this side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from casewall.audit.actions import record
from casewall.safety.bookings.following import tell_followers
from casewall.safety.bookings.models import Booking, BookingPlace, Room, zone_here
from casewall.safety.bookings.rules import (
    LIVE,
    Channel,
    Kind,
    Meeting,
    State,
    Where,
    free_hours,
    is_possible,
    may_book,
    place_fits,
)
from casewall.safety.bookings.separation import (
    ChildSeen,
    around,
    children_seen,
    groups_seen,
    keep_parties_apart,
    members_of,
)
from casewall.safety.partners.models import PartnerFile
from casewall.staff.models import Worker
from casewall.wall.context import acting
from casewall.wall.decide import Decision, Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer

STALE = (
    "Somebody else changed this appointment while you had it open. Look at how it stands now "
    "before you save."
)


class Taken(Refused):
    """The hour or the place is not free. `free` are the next hours that are."""

    def __init__(self, sentence: str, free: Sequence[datetime] = ()):
        super().__init__(sentence)
        self.free = tuple(free)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When and where: what a worker decides about an appointment."""

    starts_at: datetime
    minutes: int
    channel: Channel
    where: str = ""
    room: Room | None = None
    elsewhere: str = ""

    @property
    def meeting(self) -> Meeting:
        """The slot as the guard sees it."""
        place = self.room.building if self.room else self.elsewhere
        return Meeting(self.starts_at, self.minutes, self.channel, place)


def slot_at(
    place: str, rooms: Mapping[str, Room], *, starts_at: datetime, minutes: int, elsewhere: str
) -> Slot:
    """The slot of a place as forms offer it: a channel, the key of a room, or a kind of place."""
    is_remote, room = place in (Channel.PHONE, Channel.VIDEO), rooms.get(place)
    return Slot(
        starts_at=starts_at,
        minutes=minutes,
        channel=Channel(place) if is_remote else Channel.IN_PERSON,
        where="" if is_remote else Where.ROOM if room else place,
        room=room,
        elsewhere=elsewhere if place == Where.ELSEWHERE else "",
    )


def slot_of(booking: Booking) -> Slot:
    """When and where an appointment is."""
    return Slot(
        starts_at=booking.starts_at,
        minutes=booking.minutes,
        channel=Channel(booking.channel),
        where=booking.place,
        room=booking.room,
        elsewhere=booking.elsewhere or "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Whom an appointment is for. There is no way to say a client."""

    service: str
    compartment: int
    files: tuple[PartnerFile, ...] = ()
    child_id: UUID | None = None
    child_group_id: UUID | None = None
    cases: frozenset[UUID] = field(default_factory=frozenset)
    kept_from: frozenset[UUID] = field(default_factory=frozenset)
    is_group: bool = False

    @property
    def all_files(self) -> set[UUID]:
        """The files of everybody who is expected, and of a child's partners."""
        return {file.pk for file in self.files} | self.kept_from


def one_partner(file: PartnerFile) -> Whom:
    """An appointment with one partner."""
    return Whom(service=file.service, compartment=file.compartment, files=(file,))


def one_child(child_id: UUID, child: ChildSeen) -> Whom:
    """An appointment with one child, kept apart from the same clients as its partners are."""
    return Whom(
        service=child.service,
        compartment=child.compartment,
        child_id=child_id,
        cases=child.cases,
        kept_from=child.files,
    )


def children_together(group_id: UUID, group: ChildSeen) -> Whom:
    """A meeting of a group of children, kept apart from the clients in all their lives."""
    return Whom(
        service=group.service,
        compartment=group.compartment,
        child_group_id=group_id,
        cases=group.cases,
        kept_from=group.files,
    )


def partners_together(files: Collection[PartnerFile]) -> Whom:
    """A group of partners. Raises `Refused` where there are fewer than two, or of two services."""
    asked = tuple({file.pk: file for file in files}.values())
    if len(asked) < 2:
        raise Refused("A group has two partners or more: choose another one.")
    if len({file.compartment for file in asked}) > 1:
        raise Refused("Partners of two services or agencies cannot be in one group.")
    return Whom(
        service=asked[0].service, compartment=asked[0].compartment, files=asked, is_group=True
    )


def support_group(service: str, compartment: int, files: Collection[PartnerFile]) -> Whom:
    """A meeting of a standing group of partners, whoever is in it now; it may still be nobody."""
    return Whom(service=service, compartment=compartment, files=tuple(files), is_group=True)


def book(
    *,
    whom: Whom,
    kind: Kind,
    slot: Slot,
    at: datetime,
    by: Viewer,
    worker: UUID | None = None,
    id: UUID | None = None,
) -> Booking:
    """Make an appointment. The same `id` twice is the same appointment.

    Raises `Taken`, with the next free hours, where the parties could meet or somebody is busy;
    `Refused` where it would hold both parties, where it makes no sense, or for a closed file.
    """
    require(by, Duty.BOOK)
    _refuse_nonsense(whom, kind, slot, at, by)
    known = _known(id, whom, by)
    if known is not None:
        return known
    keep_parties_apart(files=whom.files, cases=whom.cases, by=by)
    worker = worker or by.worker
    taken: Taken | None = None
    with acting(by):
        _lock(worker, slot.room, by)
        known = _known(id, whom, by)
        if known is not None:
            return known
        taken = _taken(whom, slot, worker, at)
        if taken is None:
            return _stored(whom, kind, slot, worker, by, id)
        _note_blocked(whom, by)
    raise taken


def _known(id: UUID | None, whom: Whom, by: Viewer) -> Booking | None:
    with acting(by):
        known = Booking.objects.visible_to(by).filter(pk=id).first() if id else None
        if known is not None and known.file_id not in {None, *(f.pk for f in whom.files)}:
            raise Refused("This form was sent from another file. Load the page again.")
        return known


def _refuse_nonsense(whom: Whom, kind: Kind, slot: Slot, at: datetime, by: Viewer) -> None:
    if whom.compartment not in by.compartments:
        raise Refused("This appointment would belong to a service in which you do not work.")
    if any(not file.is_open for file in whom.files):
        raise Refused("A file is closed. Open support again before you book an appointment.")
    if (kind is Kind.GROUP) != whom.is_group or (
        kind is Kind.CHILD and whom.child_id is None
    ) or (kind is Kind.CHILD_GROUP) != (whom.child_group_id is not None):
        raise Refused("This kind of appointment does not fit whom it is for.")
    if whom.child_id is not None and kind is not Kind.CHILD:
        raise Refused("An appointment with a child is of the kind “child”.")
    for decision in (is_possible(slot, at), _place_said(slot)):
        if not decision:
            raise Refused(decision.reason)


def _place_said(slot: Slot) -> Decision:
    return place_fits(
        slot.channel, slot.where, has_room=slot.room is not None, elsewhere=slot.elsewhere
    )


def _lock(worker: UUID, room: Room | None, by: Viewer) -> None:
    """Hold the worker and the room: of two who book the same hour at once one must wait."""
    list(Worker.objects.select_for_update().filter(pk=worker))
    if room is not None:
        list(Room.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=room.pk))


def _taken(
    whom: Whom, slot: Slot, worker: UUID, at: datetime, besides: UUID | None = None
) -> Taken | None:
    zone = zone_here(whom.service)
    known = around(
        files=whom.all_files,
        cases=whom.cases,
        worker=worker,
        room=slot.room,
        after=slot.starts_at,
        besides=besides,
    )
    decision = may_book(slot.meeting, known, zone)
    if decision:
        return None
    return Taken(decision.reason, free_hours(slot.meeting, known, zone=zone, after=slot.starts_at))


def _note_blocked(whom: Whom, by: Viewer) -> None:
    for file in whom.files:
        record(by=by, verb="blocked", thing=file, purpose="hour or place")
    for kind, one in (("child", whom.child_id), ("childgroup", whom.child_group_id)):
        if one is not None:
            record(by=by, verb="blocked", kind=kind, object_id=one, purpose="hour or place")


def _stored(
    whom: Whom, kind: Kind, slot: Slot, worker: UUID, by: Viewer, id: UUID | None
) -> Booking:
    booking = Booking(
        id=id or new_id(),
        compartment=whom.compartment,
        file=None if whom.is_group or not whom.files else whom.files[0],
        child_id=whom.child_id,
        child_group_id=whom.child_group_id,
        service=whom.service,
        kind=kind,
        worker=worker,
        booked_by=by.worker,
    )
    _place(booking, slot)
    booking.save(force_insert=True)
    for file in whom.files if whom.is_group else ():
        BookingPlace(compartment=whom.compartment, booking=booking, file=file).save(
            force_insert=True
        )
    record(by=by, verb="booked", thing=booking)
    return booking


def _place(booking: Booking, slot: Slot) -> None:
    booking.starts_at, booking.minutes = slot.starts_at, slot.minutes
    booking.channel, booking.place, booking.room = slot.channel, slot.where, slot.room
    booking.elsewhere = slot.elsewhere.strip() or None


def _locked(booking: Booking, version: int | None, by: Viewer) -> Booking:
    found: Booking = (
        Booking.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related("file", "room")
        .get(pk=booking.pk)
    )
    if version is not None and version != found.version:
        raise StaleEdit(STALE)
    return found


def whom_of(booking: Booking, by: Viewer) -> Whom:
    """Whom an appointment is for. Members of a group whom `by` does not see count as well."""
    if booking.child_id is not None:
        child = children_seen([booking.child_id], by).get(booking.child_id)
        if child is None:
            raise Refused("You do not see the child of this appointment any more.")
        return one_child(booking.child_id, child)
    if booking.child_group_id is not None:
        group = groups_seen([booking.child_group_id], by).get(booking.child_group_id)
        if group is None:
            raise Refused("You do not see the group of this appointment any more.")
        return children_together(booking.child_group_id, group)
    return Whom(
        service=booking.service,
        compartment=booking.compartment,
        files=(booking.file,) if booking.file else (),
        kept_from=frozenset(members_of([booking])[booking.pk]),
    )


def move(
    *, booking: Booking, slot: Slot, at: datetime, by: Viewer, version: int | None = None
) -> Booking:
    """Move an appointment to another hour or place. Raises as `book` does, and `StaleEdit`.

    Moved to the same hour and place it stays as it is, if it still can: so is one confirmed that
    the guard had moved, or wanted moved.
    """
    require(by, Duty.BOOK)
    for decision in (is_possible(slot, at), _place_said(slot)):
        if not decision:
            raise Refused(decision.reason)
    with acting(by):
        _lock(booking.worker, slot.room, by)
        booking = _locked(booking, version, by)
        if not booking.is_live:
            raise Refused(f"This appointment is {booking.state}, so it cannot be moved.")
        whom = whom_of(booking, by)
        taken = _taken(whom, slot, booking.worker, at, besides=booking.pk)
        if taken is None:
            _place(booking, slot)
            booking.state, booking.moved_from = State.PLANNED, None
            booking.version += 1
            booking.save()
            record(by=by, verb="moved", thing=booking)
            tell_followers(booking, by)
            return booking
        _note_blocked(whom, by)
    raise taken


def cancel(*, booking: Booking, by: Viewer, version: int | None = None) -> Booking:
    """Call an appointment off. Called off twice is called off once."""
    return _ended(booking, State.CANCELLED, by, version)


def say_held(
    *, booking: Booking, held: bool, at: datetime, by: Viewer, version: int | None = None
) -> Booking:
    """Say that an appointment was held, or that the partner did not come. Not before it begins."""
    if booking.starts_at > at:
        raise Refused("This appointment is still to come. Say afterwards whether it was held.")
    return _ended(booking, State.HELD if held else State.MISSED, by, version)


def _ended(booking: Booking, state: State, by: Viewer, version: int | None) -> Booking:
    require(by, Duty.BOOK)
    with acting(by):
        seen = Booking.objects.visible_to(by).get(pk=booking.pk)
        if seen.state == state:
            return seen
        booking = _locked(booking, version, by)
        if booking.state == State.CANCELLED or (
            state is State.CANCELLED and booking.state not in LIVE
        ):
            raise Refused(f"This appointment is {booking.state} already.")
        booking.state, booking.version = state, booking.version + 1
        booking.save()
        record(by=by, verb=f"said {state} of", thing=booking)
        tell_followers(booking, by)
        return booking


def add_room(*, name: str, building: str, compartment: int, by: Viewer) -> Room:
    """Add a room of this side; one that was closed is opened again."""
    require(by, Duty.KEEP_PLACES)
    name, building = " ".join(name.split()), " ".join(building.split())
    if not name or not building:
        raise Refused("A room needs a name, and the building by the name that everybody knows.")
    if compartment not in by.compartments:
        raise Refused("This room would belong to a service in which you do not work.")
    with acting(by):
        room = (
            Room.objects.visible_to(by)
            .select_for_update(of=("self",))
            .filter(compartment=compartment, name=name, building=building)
            .first()
        )
        if room is None:
            room = Room(compartment=compartment, name=name, building=building)
            room.save(force_insert=True)
        elif room.closed_on is None:
            raise Refused(f"There is a room “{name}” in “{building}” already.")
        else:
            room.closed_on, room.version = None, room.version + 1
            room.save()
        record(by=by, verb="added", thing=room)
        return room


def close_room(*, room: Room, on: date, by: Viewer) -> Room:
    """Take a room out of use after a day. Appointments there must be moved first."""
    require(by, Duty.KEEP_PLACES)
    with acting(by):
        room = Room.objects.visible_to(by).select_for_update(of=("self",)).get(pk=room.pk)
        rows = Booking.objects.for_system("overlaps").filter(room=room, state__in=LIVE)
        later = [one for one in rows.order_by("starts_at") if one.local.date() > on]
        if later:
            raise Refused(
                f"{len(later)} appointments are in {room.name} after that day, the next on "
                f"{later[0].local:%-d %B %Y}. Move them first."
            )
        room.closed_on, room.version = on, room.version + 1
        room.save()
        record(by=by, verb="closed", thing=room)
        return room
