"""An invented partner, the linked client on the programme side, and a room on each side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import Stage
from casewall.programme.groups import actions as on_groups
from casewall.programme.groups.models import Group
from casewall.programme.groups.models import Room as TheirRoom
from casewall.programme.groups.planning.actions import add_room as add_their_room
from casewall.safety.bookings import actions
from casewall.safety.bookings.models import Booking, Room
from casewall.safety.bookings.rules import Channel, Kind
from casewall.safety.partners.actions import link_file, open_file, take_file
from casewall.safety.partners.models import PartnerFile
from casewall.safety.pulled.actions import pull
from casewall.services.load import shipped
from casewall.staff.actions import compartment_for
from casewall.wall.context import acting
from casewall.wall.ids import new_id
from casewall.wall.sides import Role, Side, Viewer
from tests.people import SERVICE, Staff
from tests.programme.conftest import NOW, TODAY, World

SERVICES = {SERVICE: shipped()[SERVICE]}
ZONE = timezone.get_default_timezone()
MONDAY = TODAY + timedelta(days=6)
HOUSE = "Møllehuset"
BORN = "1985-03-27"


def at(clock: str, day: date = MONDAY) -> datetime:
    """A moment of a day on the clock on the wall."""
    return datetime.combine(day, time.fromisoformat(clock), ZONE)


class Hers:
    """Books as the partner worker does; plans as the programme does."""

    def __init__(self, staff: Staff):
        self.staff = staff
        self.programme = World(staff)
        self.by = staff[Role.PARTNER_WORKER]
        self.manager = staff[Role.SAFETY_MANAGER]
        self.compartment = compartment_for(
            side=Side.SAFETY, service=SERVICE, agency="lyngholm-shelter"
        )

    def file(self, given: str = "Opdigtet", family: str = "Sørensen", **part: str) -> PartnerFile:
        file = open_file(
            part={"given_name": given, "family_name": family, **part},
            service=SERVICE,
            route="police",
            referred_on=TODAY,
            prefix="+45",
            contact_due_days=0,
            compartment=self.compartment,
            by=self.staff[Role.COORDINATOR],
        )
        return take_file(file=file, by=self.by)

    def linked(self, file: PartnerFile, case: UUID) -> None:
        link_file(
            file=file, case_id=case, origin="search", on=TODAY, by=self.staff[Role.COORDINATOR]
        )

    def client(self, given: str = "Anders", **slots: Any) -> Case:
        slots.setdefault("id", str(new_id()))
        return self.programme.case(given, "Opdigtet", stage=Stage.AGREEMENT_SIGNED, **slots)

    def their_room(self, name: str = "Sal 1", building: str = HOUSE) -> TheirRoom:
        return add_their_room(
            name=name,
            building=building,
            chairs=12,
            compartment=self.programme.compartment(),
            by=self.programme.manager,
        )

    def group(self, case: Case, clock: str = "10:00", **more: Any) -> Group:
        """A group of three Mondays in which the client has a place."""
        group = on_groups.plan_group(
            name=f"Group at {clock}",
            service=SERVICE,
            component="counselling-group",
            starts_on=MONDAY,
            begins_at=time.fromisoformat(clock),
            minutes=120,
            sessions=3,
            facilitators=[],
            compartment=self.programme.compartment(),
            by=self.programme.manager,
            **more,
        )
        self.programme.member(group, case)
        return group

    def pull(self, at: datetime = NOW) -> None:
        pull(by=self.staff[Role.SAFETY_SYSTEM], services=SERVICES, at=at)

    def room(self, name: str = "Stue", building: str = HOUSE) -> Room:
        return actions.add_room(
            name=name, building=building, compartment=self.compartment, by=self.manager
        )

    def slot(self, clock: str, place: Room | str = "phone", **more: Any) -> actions.Slot:
        """An hour of the Monday; `place` is a room, home, phone, or a place elsewhere."""
        details: dict[str, Any] = {"starts_at": at(clock), "minutes": 60, **more}
        match place:
            case Room():
                details |= {"channel": Channel.IN_PERSON, "where": "room", "room": place}
            case "phone" | "video":
                details |= {"channel": Channel(place)}
            case "home":
                details |= {"channel": Channel.IN_PERSON, "where": "home"}
            case _:
                details |= {
                    "channel": Channel.IN_PERSON, "where": "elsewhere", "elsewhere": place
                }  # fmt: skip
        return actions.Slot(**details)

    def book(
        self,
        file: PartnerFile,
        clock: str,
        place: Room | str = "phone",
        by: Viewer | None = None,
        kind: Kind = Kind.SUPPORT,
        id: UUID | None = None,
        worker: UUID | None = None,
        **more: Any,
    ) -> Booking:
        return actions.book(
            whom=actions.one_partner(file),
            kind=kind,
            slot=self.slot(clock, place, **more),
            at=NOW,
            by=by or self.by,
            id=id,
            worker=worker,
        )

    def rows(self, model: Any, by: Viewer | None = None, **having: Any) -> list[Any]:
        by = by or self.by
        with acting(by):
            return list(model.objects.visible_to(by).filter(**having))

    def again(self, booking: Booking) -> Booking:
        with acting(self.by):
            rows = Booking.objects.visible_to(self.by).select_related("room")
            found: Booking = rows.get(pk=booking.pk)
        return found


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hers(staff: Staff) -> Hers:
    """Nobody and nothing yet."""
    return Hers(staff)


class Linked:
    """A partner of the worker, and the linked client, who has a group on Mondays 10 to 12."""

    def __init__(self, hers: Hers, building: str = HOUSE):
        self.hers = hers
        self.client = hers.client()
        self.file = hers.file(born_on=BORN)
        self.their_room = hers.their_room(building=building)
        self.group = hers.group(self.client, room=self.their_room)
        hers.pull()
        hers.linked(self.file, self.client.pk)
        self.room = hers.room()
        self.other_house = hers.room("Loft", "Havnehuset")


@pytest.fixture
def linked(hers: Hers) -> Linked:
    """The client is expected in the house of the partner's room on Mondays from 10 to 12."""
    return Linked(hers)
